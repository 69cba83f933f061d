//! Arguments of `onboard`: its own, and those that the flow files declare. A new flow file brings
//! its flags and its section of `--help` with it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, FromArgMatches, value_parser};

use crate::secret::Secret;
use crate::wizard::answers::declared::{Declared, Kind, declared, without_dashes};
use crate::wizard::answers::{Flagged, Way};
use crate::wizard::flow::{self, Flow};

/// Arguments of `onboard`.
#[derive(Debug)]
pub struct Onboard {
    pub own: Own,
    /// Answers, in the order of the flows.
    pub flagged: Vec<Flagged>,
    /// Flags that put a secret on the command line, and the flag that is better.
    pub exposed: Vec<String>,
    /// Options of other programs' wizards that were given, with their dashes.
    pub foreign: Vec<String>,
}

/// Arguments that belong to every flow.
#[derive(Args, Clone, Debug)]
pub struct Own {
    /// Which credential to set up (`keywright flow list`)
    #[arg(long, value_name = "FLOW")]
    pub flow: Option<String>,
    /// The same under OpenClaw's names: apiKey, token, setup-token, anthropic-cli, claude-cli, bedrock
    #[arg(long, value_name = "CHOICE", conflicts_with = "flow")]
    pub auth_choice: Option<String>,
    /// OpenClaw's way to say whose token it is
    #[arg(long, hide = true, value_name = "PROVIDER", value_parser = ["anthropic"])]
    pub token_provider: Option<String>,
    /// Renew the secret of a profile; everything else stays as it is
    #[arg(long, value_name = "PROFILE", conflicts_with_all = ["flow", "auth_choice"])]
    pub reauth: Option<String>,
    /// Go through a profile's answers again, with the present ones offered
    #[arg(long, value_name = "PROFILE", conflicts_with_all = ["flow", "auth_choice", "reauth"])]
    pub reconfigure: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What a profile holds: the secret, or a reference to the place where it is
    #[arg(long, value_name = "MODE", value_parser = ["plaintext", "ref"])]
    pub secret_input_mode: Option<String>,
    /// Save without the request that verifies the credential
    #[arg(long)]
    pub skip_probe: bool,
    /// Make no request at all
    #[arg(long)]
    pub offline: bool,
    /// Let a key go over http to another machine
    #[arg(long)]
    pub allow_insecure_url: bool,
    /// Begin anew, whatever was answered before the last run was left
    #[arg(long, help_heading = "Asking")]
    pub fresh: bool,
    /// Ask in plain lines, without moving the cursor (screen readers, serial consoles)
    #[arg(long, help_heading = "Asking")]
    pub plain: bool,
    /// Never ask: every answer is given or has a safe default
    #[arg(long, help_heading = "Asking", conflicts_with = "interactive")]
    pub non_interactive: bool,
    /// Ask although this looks like CI
    #[arg(long, help_heading = "Asking")]
    pub interactive: bool,
    /// Read answers from a JSON file; secrets only by reference
    #[arg(long, help_heading = "Asking", value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Print an answers file to fill in
    #[arg(long, help_heading = "Asking")]
    pub answers_template: bool,
    /// Accept a risk by its name; a bare one is understood and accepts none
    #[arg(
        long,
        help_heading = "Asking",
        value_name = "ID",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub accept_risk: Vec<String>,
}

/// Options of OpenClaw's and Clawdbot's `onboard` that set up a gateway: without a value.
const FOREIGN_SWITCHES: &[&str] = &[
    "classic",
    "install-daemon",
    "modern",
    "no-install-daemon",
    "reset",
    "skip-bootstrap",
    "skip-channels",
    "skip-daemon",
    "skip-health",
    "skip-hooks",
    "skip-search",
    "skip-skills",
    "skip-ui",
    "tui",
];

/// The same with a value.
const FOREIGN_OPTIONS: &[&str] = &[
    "agent-name",
    "custom-api-key",
    "custom-base-url",
    "custom-compatibility",
    "custom-model-id",
    "custom-provider-id",
    "daemon-runtime",
    "gateway-auth",
    "gateway-bind",
    "gateway-password",
    "gateway-port",
    "gateway-token",
    "gateway-token-ref-env",
    "import-from",
    "import-secrets",
    "import-source",
    "mode",
    "node-manager",
    "remote-token",
    "remote-url",
    "reset-scope",
    "tailscale",
    "workspace",
];

/// Adds the arguments; called only when `onboard` is the command.
#[must_use]
pub fn arguments(command: clap::Command) -> clap::Command {
    let about = command.get_about().cloned().unwrap_or_default();
    let mut command = Own::augment_args(command).about(about);
    let mut known = BTreeSet::new();
    for flow in flows() {
        for declared in declared(&flow) {
            command = add(command, &declared, &flow.title, &mut known);
        }
    }
    let switches = FOREIGN_SWITCHES.iter().map(|name| {
        Arg::new(*name)
            .long(*name)
            .hide(true)
            .action(ArgAction::SetTrue)
    });
    let options = FOREIGN_OPTIONS.iter().map(|name| {
        Arg::new(*name)
            .long(*name)
            .hide(true)
            .num_args(0..=1)
            .action(ArgAction::Append)
    });
    command.args(switches).args(options)
}

/// Every flow of the program.
fn flows() -> Vec<Flow> {
    let ids = flow::EMBEDDED.iter();
    ids.filter_map(|(id, _)| flow::embedded(id)).collect()
}

/// Adds the flags of one answer, once however often it is asked for.
fn add(
    command: clap::Command,
    declared: &Declared<'_>,
    heading: &str,
    known: &mut BTreeSet<String>,
) -> clap::Command {
    let mut command = command;
    if let Kind::Choose { options, .. } = declared.kind {
        for option in options {
            let flag = option.flag.as_deref().map(without_dashes);
            let Some(flag) = flag.filter(|flag| known.insert((*flag).to_owned())) else {
                continue;
            };
            let help = option.help.clone().unwrap_or_else(|| option.label.clone());
            let argument = Arg::new(flag.to_owned())
                .long(flag.to_owned())
                .action(ArgAction::SetTrue);
            command = command.arg(argument.help(help).help_heading(heading.to_owned()));
        }
    }
    let Some((inputs, flag)) = declared.inputs.zip(declared.flag()) else {
        return command;
    };
    if !known.insert(flag.to_owned()) {
        return command;
    }
    let help = inputs
        .help
        .clone()
        .unwrap_or_else(|| declared.question.join(" "));
    let argument = Arg::new(flag.to_owned())
        .long(flag.to_owned())
        .aliases(declared.aliases().map(str::to_owned).collect::<Vec<_>>())
        .help_heading(heading.to_owned())
        .value_name(
            inputs
                .value_name
                .clone()
                .unwrap_or_else(|| "VALUE".to_owned()),
        );
    match declared.kind {
        Kind::Secret { .. } => add_secret(command, flag, argument, &help, declared),
        Kind::YesNo { .. } => command.arg(
            argument
                .help(help)
                .value_name("yes|no")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("yes")
                .value_parser(PossibleValuesParser::new(["yes", "no"])),
        ),
        Kind::Choose {
            options,
            open: false,
            ..
        } => command.arg(argument.help(help).value_parser(PossibleValuesParser::new(
            options.iter().map(|option| option.value.clone()),
        ))),
        Kind::Choose { .. } | Kind::Text { .. } => command.arg(argument.help(help)),
    }
}

/// The six ways to give a secret, of which one can be taken.
fn add_secret(
    command: clap::Command,
    flag: &str,
    value: Arg,
    help: &str,
    declared: &Declared<'_>,
) -> clap::Command {
    let heading = value.get_help_heading().unwrap_or_default().to_owned();
    let way = |suffix: &str, help: String| {
        let name = format!("{flag}-{suffix}");
        let aliases = declared.aliases().map(|alias| format!("{alias}-{suffix}"));
        Arg::new(name.clone())
            .long(name)
            .aliases(aliases.collect::<Vec<_>>())
            .help(help)
            .help_heading(heading.clone())
    };
    let ways = [
        way("stdin", format!("{help}, from standard input")).action(ArgAction::SetTrue),
        way("file", format!("{help}, from a file"))
            .value_name("PATH")
            .value_parser(value_parser!(PathBuf)),
        way("env", format!("{help}, from an environment variable")).value_name("NAME"),
        way("fd", format!("{help}, from an open descriptor"))
            .value_name("N")
            .value_parser(value_parser!(u32)),
        way(
            "keyring",
            format!("{help}, from the keyring of the desktop"),
        )
        .value_name("ID"),
        value
            .help(format!(
                "{help}; other users can see it here, so prefer --{flag}-stdin"
            ))
            .value_parser(|text: &str| Ok::<_, std::convert::Infallible>(Secret::new(text))),
    ];
    let ids: Vec<clap::Id> = ways.iter().map(|way| way.get_id().clone()).collect();
    let group = ArgGroup::new(format!("{flag}-ways"))
        .args(ids)
        .multiple(false);
    command.args(ways).group(group)
}

impl Own {
    /// Whether profiles refer to secrets instead of holding them; `None` where nobody said so.
    #[must_use]
    pub fn refers(&self) -> Option<bool> {
        Some(self.secret_input_mode.as_deref()? == "ref")
    }
}

impl Onboard {
    /// Reads what was parsed.
    ///
    /// # Errors
    /// clap's own error.
    pub fn from_matches(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let own = Own::from_arg_matches(matches)?;
        let mut onboard = Self {
            own,
            flagged: Vec::new(),
            exposed: Vec::new(),
            foreign: Vec::new(),
        };
        let mut known = BTreeSet::new();
        for flow in flows() {
            for declared in declared(&flow) {
                // A variable of one flow may have a flag where that of another has none.
                let count = onboard.flagged.len();
                if !known.contains(declared.variable) {
                    onboard.take(&declared, matches);
                }
                if onboard.flagged.len() > count {
                    known.insert(declared.variable.to_owned());
                }
            }
        }
        let given = |name: &&&str| {
            matches.value_source(name) == Some(clap::parser::ValueSource::CommandLine)
        };
        let foreign = FOREIGN_SWITCHES.iter().chain(FOREIGN_OPTIONS).filter(given);
        onboard.foreign = foreign.map(|name| format!("--{name}")).collect();
        Ok(onboard)
    }

    fn take(&mut self, declared: &Declared<'_>, matches: &ArgMatches) {
        if let Kind::Choose { options, .. } = declared.kind {
            for option in options {
                let flag = option.flag.as_deref().map(without_dashes);
                if let Some(flag) = flag.filter(|flag| matches.get_flag(flag)) {
                    self.push(declared, flag, Way::Text(option.value.clone()));
                }
            }
        }
        let Some(flag) = declared.flag() else {
            return;
        };
        if let Kind::Secret { .. } = declared.kind {
            self.take_secret(declared, flag, matches);
        } else if let Some(text) = matches.get_one::<String>(flag) {
            self.push(declared, flag, Way::Text(text.clone()));
        }
    }

    fn take_secret(&mut self, declared: &Declared<'_>, flag: &str, matches: &ArgMatches) {
        let name = |suffix: &str| format!("{flag}-{suffix}");
        if let Some(secret) = matches.get_one::<Secret>(flag) {
            if secret.inspect(|text| text == "-") {
                self.push(declared, flag, Way::Stdin);
            } else {
                self.exposed.push(flag.to_owned());
                self.push(declared, flag, Way::Value(secret.clone()));
            }
        } else if matches.get_flag(&name("stdin")) {
            self.push(declared, &name("stdin"), Way::Stdin);
        } else if let Some(path) = matches.get_one::<PathBuf>(&name("file")) {
            self.push(declared, &name("file"), Way::File(path.clone()));
        } else if let Some(variable) = matches.get_one::<String>(&name("env")) {
            self.push(declared, &name("env"), Way::Environment(variable.clone()));
        } else if let Some(number) = matches.get_one::<u32>(&name("fd")) {
            self.push(declared, &name("fd"), Way::Descriptor(*number));
        } else if let Some(id) = matches.get_one::<String>(&name("keyring")) {
            self.push(declared, &name("keyring"), Way::Keyring(id.clone()));
        }
    }

    fn push(&mut self, declared: &Declared<'_>, flag: &str, way: Way) {
        self.flagged.push(Flagged {
            variable: declared.variable.to_owned(),
            flag: format!("--{flag}"),
            way,
        });
    }
}
