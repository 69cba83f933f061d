//! Arguments of `models auth`.

use super::secret_input::secret_input;

/// Save, list, order and remove credentials
#[derive(clap::Args, Debug)]
pub struct Auth {
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do with credentials.
#[derive(clap::Subcommand, Debug)]
pub enum Verb {
    /// Make a subscription token with `claude setup-token`, and save it
    SetupToken(SetupToken),
    /// Save a token that was made elsewhere, from the keyboard or a pipe
    PasteToken(PasteToken),
    /// Save an API key, from the keyboard or a pipe
    PasteApiKey(PasteApiKey),
    /// List the saved credentials
    List(List),
    /// Show all that is known about one credential, its secret masked
    Show(One),
    /// Remove credentials, with their lines in .env and their places in the order
    #[command(visible_alias = "logout")]
    Remove(Remove),
    /// Make the account of a credential the active one
    Activate(One),
    /// Look again at logins of Claude Code that are saved by reference; tokens are never copied
    Sync(Sync),
    /// End a cooldown, so that the credential is used again
    Reset(One),
    /// Which credential of a provider is tried first
    Order(Order),
}

/// Where a saved credential goes.
#[derive(clap::Args, Debug)]
pub struct Place {
    /// Whose credential it is (default: that of --profile-id, else anthropic)
    #[arg(long, value_name = "PROVIDER")]
    pub provider: Option<String>,
    /// The name to save it under, such as work or anthropic:work
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub profile_id: Option<String>,
    /// Replace the credential of a profile that exists
    #[arg(long)]
    pub replace: bool,
    /// Try it first, and save it only when it is accepted
    #[arg(long)]
    pub verify: bool,
}

/// What a subscription token needs beside.
#[derive(clap::Args, Debug)]
pub struct Lasting {
    /// How long it is still valid (assumed for a setup token: 365d)
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub expires_in: Option<String>,
    /// Accept a risk by its name: subscription-token
    #[arg(
        long,
        value_name = "ID",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub accept_risk: Vec<String>,
}

#[derive(clap::Args, Debug)]
pub struct SetupToken {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub lasting: Lasting,
    /// OpenClaw's way to skip a question; a risk is accepted by its name all the same
    #[arg(long, hide = true)]
    pub yes: bool,
}

secret_input!(TokenInput "token" "the token");
secret_input!(KeyInput "api-key" "the key");

#[derive(clap::Args, Debug)]
pub struct PasteToken {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub lasting: Lasting,
    #[command(flatten)]
    pub input: TokenInput,
}

#[derive(clap::Args, Debug)]
pub struct PasteApiKey {
    #[command(flatten)]
    pub place: Place,
    /// The address that the key is for, where that is not the provider's own
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Also write it to a .env for background services: keywright's own, OpenClaw's or Clawdbot's
    #[arg(long, value_name = "WHOSE", value_parser = ["keywright", "openclaw", "clawdbot"])]
    pub write_env: Vec<String>,
    #[command(flatten)]
    pub input: KeyInput,
}

#[derive(clap::Args, Debug)]
pub struct List {
    /// Only those of one provider
    #[arg(long, value_name = "PROVIDER")]
    pub provider: Option<String>,
}

/// One credential.
#[derive(clap::Args, Debug)]
pub struct One {
    /// The profile, such as anthropic:default
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: String,
}

#[derive(clap::Args, Debug)]
pub struct Remove {
    /// The profiles, such as anthropic:default
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    /// Forget it for good: `undo` cannot bring it or any earlier change back
    #[arg(long)]
    pub purge: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(clap::Args, Debug)]
pub struct Sync {
    /// The profile of one login (default: all of them)
    #[arg(value_name = "ID")]
    pub id: Option<String>,
}

#[derive(clap::Args, Debug)]
pub struct Order {
    #[command(subcommand)]
    pub verb: OrderVerb,
}

/// What to do with the order of a provider's credentials.
#[derive(clap::Subcommand, Debug)]
pub enum OrderVerb {
    /// Show the order, and where it comes from
    Get(OrderOf),
    /// Try these, in this order, and leave all others out
    Set(OrderSet),
    /// Go back to the order of the configuration, or of the names
    Clear(OrderOf),
}

#[derive(clap::Args, Debug)]
pub struct OrderOf {
    /// Whose credentials
    #[arg(long, value_name = "PROVIDER")]
    pub provider: String,
}

#[derive(clap::Args, Debug)]
pub struct OrderSet {
    /// Whose credentials
    #[arg(long, value_name = "PROVIDER")]
    pub provider: String,
    /// The profiles, the first to try first
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
}
