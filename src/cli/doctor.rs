//! Arguments of `doctor`.

use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;

/// Find out what is wrong, and what to type
#[derive(clap::Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes: 0 healthy, 1 something failed, 3 something could not be determined, 2 only warnings with --strict.\nWithout --fix nothing is written but the file of --bundle, no login is refreshed and, without --probe=paid, no money is spent.\nFindings that `doctor.ignore` in config.json5 names are shown and do not count: `keywright doctor explain STORE-013`."
)]
pub struct Doctor {
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// Run only these checks: codes or categories, separated by commas
    #[arg(long, value_name = "CODE|CATEGORY", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Leave these checks out
    #[arg(long, value_name = "CODE|CATEGORY", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Ask nothing over the network
    #[arg(long)]
    pub offline: bool,
    /// What the question to the provider may cost: `paid` sends one message of one token, which
    /// also tells whether there is credit
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "free",
        conflicts_with = "offline"
    )]
    pub probe: Level,
    /// Try this stored profile too, whichever one is in use; `all` tries every one
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        conflicts_with = "offline"
    )]
    pub probe_profile: Vec<String>,
    /// Examine this service too: the name of a systemd unit of the user or the system, or the label
    /// of a launchd service. Those of OpenClaw, Clawdbot and Claude Code are found by themselves
    #[arg(long, value_name = "UNIT")]
    pub service: Option<String>,
    /// Look deeper by running more: the login shell, once, to see what it really sets,
    /// `crontab -l`, and the programs that print credentials for Claude Code (apiKeyHelper) and for
    /// AWS (`credential_process`)
    #[arg(long)]
    pub deep: bool,
    /// How long before its end a stored credential is warned of [default: 24h]
    #[arg(long, value_name = "DURATION", value_parser = crate::duration::parse)]
    pub warn_within: Option<SignedDuration>,
    /// Exit 2 when there are warnings
    #[arg(long)]
    pub strict: bool,
    /// The longest that all of it may take
    #[arg(long, value_name = "DURATION", default_value = "20s", value_parser = time_limit)]
    pub timeout: Duration,
    /// Try what failed over the network again, until it passes or this time is over
    #[arg(long, value_name = "DURATION", value_parser = time_limit, conflicts_with = "offline")]
    pub wait: Option<Duration>,
    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Judge the facts in this file, a bundle, and read nothing else of this machine
    #[arg(long, value_name = "FILE", conflicts_with_all = ["bundle", "offline", "probe", "probe_profile", "timeout", "wait", "service", "deep"])]
    pub from: Option<PathBuf>,
    /// Also write facts, results and versions to this new file, without secrets and names, to give
    /// to somebody who helps; it must not exist yet
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    #[command(flatten)]
    pub fix: Fix,
}

/// Mending what was found. Fields are those of the command line.
#[derive(clap::Args, Debug)]
pub struct Fix {
    /// Show one plan that mends what can be mended here, ask, carry it out, and look again. With
    /// codes, mend those alone. `keywright undo` takes it back
    #[arg(
        long = "fix",
        value_name = "CODE",
        num_args = 0..,
        require_equals = true,
        value_delimiter = ',',
        help_heading = "Mending",
        conflicts_with_all = ["from", "bundle", "probe"]
    )]
    pub codes: Option<Vec<String>>,
    /// With --fix, stop at the plan
    #[arg(long, requires = "codes", help_heading = "Mending")]
    pub dry_run: bool,
    /// With --fix, ask nothing: apply what touches only keywright's own files
    #[arg(long, short = 'y', requires = "codes", help_heading = "Mending")]
    pub yes: bool,
    /// With --fix --yes, apply too what needs a yes: changes of other programs' files
    #[arg(
        long,
        value_name = "CLASS",
        requires = "codes",
        help_heading = "Mending"
    )]
    pub include: Option<Class>,
}

/// What `--include` adds.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// What reaches beyond keywright's own files, or gives something up
    Consent,
}

impl Doctor {
    /// The report is a JSON document, and so is a failure.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}

/// What the probe may cost.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Free,
    Paid,
}

/// A form of the report. `--json` is short for `--format json`.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
    /// To paste into an issue
    Markdown,
    /// For what shows the results of tests
    Junit,
    /// Annotations of GitHub Actions
    Github,
}

/// What else the doctor does.
#[derive(clap::Subcommand, Debug)]
pub enum Verb {
    /// Explain a code of the report, or an error message as it was printed
    Explain(Explain),
    /// List the checks
    List,
}

/// What to explain.
#[derive(clap::Args, Debug)]
pub struct Explain {
    /// A code such as API-002, or the text of an error message
    #[arg(value_name = "CODE|TEXT", required = true, num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true)]
    pub what: Vec<String>,
}

/// A duration that leaves time for something.
fn time_limit(text: &str) -> Result<Duration, String> {
    let parsed = crate::duration::parse(text)?.unsigned_abs();
    if parsed.is_zero() {
        return Err("it must be longer than nothing".to_owned());
    }
    Ok(parsed)
}
