//! Arguments of `why`.

/// Show which credential a program uses, what stands behind it, and who is billed
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Nothing is started, sent or written: environment, start-up files, settings and the store are read.\nExit codes: 0 answered, also when nothing is found; 65 or 78 when a file of ours cannot be read."
)]
pub struct Why {
    /// The program; when none is named, every one that has something here
    #[arg(value_name = "PROGRAM")]
    pub consumer: Option<Consumer>,
}

/// Whose choice is explained.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consumer {
    /// Claude Code
    ClaudeCode,
    /// The AWS CLI, for Amazon Bedrock
    Aws,
    /// OpenClaw, and Clawdbot
    #[value(alias = "clawdbot", name = "openclaw")]
    OpenClaw,
    /// This program, for each provider
    Keywright,
}
