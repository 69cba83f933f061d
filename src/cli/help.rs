//! `help [TOPIC]`.

/// Explain a command or a topic
#[derive(clap::Args, Debug)]
pub struct Help {
    /// A command, or the topic `exit-codes`
    #[arg(value_name = "TOPIC", num_args = 0..)]
    pub topic: Vec<String>,
}
