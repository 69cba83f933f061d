//! Arguments of `flow`.

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
    /// Print the JSON Schema of flow files, for editors
    Schema,
}
