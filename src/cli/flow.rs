//! Arguments of `flow`.

use super::onboard::Own;

/// List, show and check the wizard's flow files
#[derive(clap::Args, Debug)]
pub struct Flow {
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do with flows.
#[derive(clap::Subcommand, Debug)]
pub enum Verb {
    /// List the flows that keywright has
    List,
    /// Show the steps of a flow
    Show {
        /// The flow's name, or the path of a flow file
        #[arg(value_name = "FLOW|FILE")]
        flow: String,
    },
    /// Look for mistakes in flow files
    Check {
        /// Names of flows or paths of flow files (default: all flows that keywright has)
        #[arg(value_name = "FLOW|FILE")]
        flows: Vec<String>,
    },
    /// Draw a flow
    Graph {
        /// The flow's name, or the path of a flow file
        #[arg(value_name = "FLOW|FILE", default_value = "start")]
        flow: String,
        /// The language of the drawing
        #[arg(long, value_name = "FORMAT", default_value = "mermaid", value_parser = ["mermaid", "dot"])]
        format: String,
    },
    /// Run a flow file of your own; a flow decides where a secret goes, so it takes --trust
    Run {
        /// The path of a flow file
        #[arg(value_name = "FILE")]
        file: String,
        /// You know what this file does with secrets
        #[arg(long)]
        trust: bool,
        #[command(flatten)]
        own: Box<Own>,
    },
    /// Print the JSON Schema of flow files, for editors
    Schema,
}
