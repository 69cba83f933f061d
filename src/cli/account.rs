//! Arguments of `account`: cuti's verbs and flags.

use super::env::Env as ShellEnv;
use super::secret_input::secret_input;

/// Keep credentials as named accounts, and switch between them
#[derive(clap::Args, Debug)]
#[command(
    after_help = "keywright account add-api-key work      asks for the key and saves it as anthropic:work\nkeywright account use work              exec, env and status take that account from now on\nkeywright exec --account work -- claude takes it once\nkeywright account new me --claude-login gives an account a Claude login of its own"
)]
pub struct Account {
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do with accounts.
#[derive(clap::Subcommand, Debug)]
pub enum Verb {
    /// Save an API key or AWS keys in an account
    AddApiKey(Box<AddApiKey>),
    /// Show a key of an account, masked
    ShowApiKey(ShowApiKey),
    /// List the providers that an account has keys for
    ListApiKeys(Named),
    /// Remove one key of an account
    DeleteApiKey(DeleteApiKey),
    /// List the accounts
    List(List),
    /// Show everything that is known about an account
    Info(Named),
    /// Use an account before every other credential
    Use(Use),
    /// Show which account is active
    Current,
    /// Make an account with a Claude login of its own
    New(New),
    /// Make an account of the Claude login that is there
    Save(Save),
    /// Remove an account
    Delete(Delete),
    /// Show the variables of an account, or print shell code that sets them
    Env(Box<Env>),
}

/// One account.
#[derive(clap::Args, Debug)]
pub struct Named {
    /// The account, such as work
    pub account: String,
}

/// Save an API key or AWS keys in an account
#[derive(clap::Args, Debug)]
#[command(
    after_help = "The key is asked for when no flag gives it, and its form is looked at; --verify tries it before it is saved.\nFor Bedrock it is a Bedrock API key alone, or --region, --access-key and --secret-key with, as in cuti, the model id as --api-key.\nExit codes: 0 saved or there already, 1 another key is there or it was refused, 3 --verify got no answer, 64 something is missing, 65 it cannot be such a key."
)]
pub struct AddApiKey {
    /// The account, such as work; it is made when it does not exist
    pub account: String,
    /// Whose key it is
    #[arg(short, long, default_value = "anthropic")]
    pub provider: String,
    #[command(flatten)]
    pub api_key: ApiKey,
    /// Where the key is sent, when that is not the provider's own host
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Try the key before it is saved
    #[arg(long)]
    pub verify: bool,
    /// Replace another key that is there
    #[arg(long)]
    pub replace: bool,
    /// The AWS region
    #[arg(short, long, help_heading = "Bedrock")]
    pub region: Option<String>,
    /// The id of an AWS access key; with it --api-key is a model id, as in cuti
    #[arg(long, value_name = "ID", help_heading = "Bedrock")]
    pub access_key: Option<String>,
    #[command(flatten)]
    pub secret_key: SecretKey,
    /// The model that is used when none is named
    #[arg(long, value_name = "ID", help_heading = "Bedrock")]
    pub model: Option<String>,
    /// The key is a Bedrock API key
    #[arg(long, conflicts_with = "access_keys", help_heading = "Bedrock")]
    pub bearer: bool,
    /// The key is an AWS access key with its secret
    #[arg(long, help_heading = "Bedrock")]
    pub access_keys: bool,
}

secret_input!(ApiKey "api-key" "the key", short 'k');
secret_input!(SecretKey "secret-key" "the secret of the access key", heading "Bedrock");

/// Show a key of an account, masked
#[derive(clap::Args, Debug)]
pub struct ShowApiKey {
    /// The account, such as work
    pub account: String,
    /// Whose key
    #[arg(short, long, default_value = "anthropic")]
    pub provider: String,
    /// Show the secret itself
    #[arg(long)]
    pub show_secret: bool,
}

/// Remove one key of an account
#[derive(clap::Args, Debug)]
pub struct DeleteApiKey {
    /// The account, such as work
    pub account: String,
    /// Whose key
    #[arg(short, long)]
    pub provider: String,
    /// Do not ask
    #[arg(short, long)]
    pub force: bool,
}

/// List the accounts
#[derive(clap::Args, Debug)]
pub struct List {
    /// cuti's copies of former accounts; here `history` has them
    #[arg(long, hide = true)]
    pub backups: bool,
}

/// Use an account before every other credential
#[derive(clap::Args, Debug)]
pub struct Use {
    /// The account, such as work
    #[arg(required_unless_present = "none")]
    pub account: Option<String>,
    /// End the active account: the order of the profiles decides again
    #[arg(long, conflicts_with = "account")]
    pub none: bool,
}

/// Make an account with a Claude login of its own
#[derive(clap::Args, Debug)]
pub struct New {
    /// The account, such as work
    pub account: String,
    /// Give it a Claude Code folder of its own, and sign in there
    #[arg(long)]
    pub claude_login: bool,
}

/// Make an account of the Claude login that is there
#[derive(clap::Args, Debug)]
pub struct Save {
    /// The account, such as work
    #[arg(required_unless_present = "name")]
    pub account: Option<String>,
    /// The same, as cuti has it
    #[arg(short, long, conflicts_with = "account")]
    pub name: Option<String>,
    /// Replace the login that the account has
    #[arg(short, long)]
    pub force: bool,
}

/// Remove an account
#[derive(clap::Args, Debug)]
pub struct Delete {
    /// The account, such as work
    pub account: String,
    /// Do not ask
    #[arg(short, long)]
    pub force: bool,
    /// Remove its own Claude Code folder too, with everything in it
    #[arg(long)]
    pub claude_login: bool,
}

/// Show the variables of an account, or print shell code that sets them
#[derive(clap::Args, Debug)]
pub struct Env {
    /// The account; the active one when none is named
    pub account: Option<String>,
    /// Print shell code that sets the variables
    #[arg(short, long)]
    pub export: bool,
    /// Print shell code that removes every credential variable
    #[arg(short, long, conflicts_with_all = ["export", "account"])]
    pub unset: bool,
    /// cuti's file with the secrets in it; `--export` gives its content
    #[arg(short, long, hide = true)]
    pub save: bool,
    /// Whose language to print (default: that of the shell in SHELL)
    #[arg(long, value_name = "SHELL")]
    pub shell: Option<crate::consumer::shells::Shell>,
    /// Print even on a terminal, where the secret can be seen
    #[arg(short, long)]
    pub force: bool,
    /// Accept a named risk; subscription-token-elsewhere hands a subscription to other programs
    #[arg(long, value_name = "RISK")]
    pub accept_risk: Vec<String>,
}

impl Env {
    /// The same as a command line of `env`.
    #[must_use]
    pub fn as_env(&self, account: Option<&str>) -> ShellEnv {
        ShellEnv {
            which: super::Which {
                profile: None,
                account: account.map(str::to_owned),
                accept_risk: self.accept_risk.clone(),
            },
            shell: self.shell,
            unset: self.unset,
            force: self.force,
        }
    }
}
