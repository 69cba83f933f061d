//! Runs the programs that print a credential for another one: Claude Code's `apiKeyHelper`, and the
//! `credential_process` of the AWS profile in use. Only `--deep` does it; each is run as its own
//! program would run it, once, with a time limit and an output limit, and of what it prints the
//! shape alone is kept. A helper that a project names is left alone: whoever wrote the project
//! would choose what is run here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::value::describe_secret;
use super::{Request, aws, credentials};
use crate::consumer::aws::{self as consumer, profiles};
use crate::consumer::claude_code::places::Places;
use crate::consumer::claude_code::settings::{self, Layer};
use crate::doctor::facts::{Came, Helper, Helpers};
use crate::document::selective::{self, Keep, Node};
use crate::secret::Secret;
use crate::system::processes::{Finished, Spawn};
use crate::system::{Environment, Platform, System};

/// Claude Code gives a helper as long.
const TIMEOUT: Duration = Duration::from_secs(10);
/// A key has some hundred bytes, credentials of AWS some thousand.
const OUTPUT: usize = 64 * 1024;
/// A longer word is no key.
const LONGEST_KEY: usize = 8 * 1024;
const SHELL: &str = "/bin/sh";

/// What will be run.
#[derive(Default)]
pub struct Plan {
    key: Option<KeyHelper>,
    aws: Option<AwsHelper>,
}

struct KeyHelper {
    path: PathBuf,
    layer: Layer,
    command: Secret,
}

struct AwsHelper {
    profile: String,
    command: String,
    environment: Environment,
}

impl Plan {
    /// What is to be said before it is run, a line for each.
    #[must_use]
    pub fn announcements(&self) -> Vec<String> {
        let of_key = self.key.as_ref().filter(|key| key.is_run()).map(|key| {
            let path = key.path.display();
            format!("Runs the apiKeyHelper of {path} once, to see whether it prints a key.")
        });
        let of_aws = self.aws.as_ref().map(|aws| {
            let name = &aws.profile;
            format!(
                "Runs the credential_process of the AWS profile {name} once, to see whether it prints credentials."
            )
        });
        of_key.into_iter().chain(of_aws).collect()
    }
}

impl KeyHelper {
    fn is_run(&self) -> bool {
        matches!(self.layer, Layer::User | Layer::Managed)
    }
}

/// Looks for what there is to run.
#[must_use]
pub fn plan(system: &System, request: &Request) -> Plan {
    if system.platform == Platform::Windows {
        return Plan::default();
    }
    let places = Places::of(system, None);
    let mut files = settings::look(system, &places).into_iter();
    let key = files.find_map(|file| {
        Some(KeyHelper {
            command: file.helper.filter(|command| !command.is_empty())?,
            path: file.path,
            layer: file.layer,
        })
    });
    // For the name of a profile nobody has to be asked for a secret.
    let request = Request {
        offline: true,
        ..request.clone()
    };
    let sources = credentials::sources(system, request.home.as_deref(), &request.agent).ok();
    let found = aws::collect(system, &request, sources.as_ref());
    let aws = found.profile.and_then(|name| {
        let environment = super::aws_variables::Variables::read(system).overlaid();
        let overlaid = System::with_environment(environment);
        let machine = consumer::look(&overlaid, system.clock.now());
        let (profile, command) = profiles::process(&overlaid, &machine, &name)?;
        Some(AwsHelper {
            profile,
            command,
            environment: overlaid.environment,
        })
    });
    Plan { key, aws }
}

/// Runs them side by side. Only for who asked to look deeper.
#[must_use]
pub fn collect(system: &System, request: &Request) -> Helpers {
    let plan = plan(system, request);
    let limit = TIMEOUT.min(request.timeout * 8 / 10);
    std::thread::scope(|scope| {
        let aws = scope.spawn(|| plan.aws.map(|aws| of_aws(system, aws, limit)));
        Helpers {
            api_key: plan.key.map(|key| of_claude_code(system, &key, limit)),
            aws: aws.join().unwrap_or_default(),
        }
    })
}

fn of_claude_code(system: &System, key: &KeyHelper, limit: Duration) -> Helper {
    let came = if key.is_run() {
        let command = super::value::plain(&key.command);
        run(system, &command, &system.environment, limit, printed_key)
    } else {
        Came::LeftAlone {
            why: "It is named by a project, and what a project names is not run.".to_owned(),
        }
    };
    Helper {
        place: key.path.display().to_string(),
        came,
    }
}

fn of_aws(system: &System, aws: AwsHelper, limit: Duration) -> Helper {
    let now = system.clock.now();
    let judge = |text: &str| printed_credentials(text, now);
    Helper {
        came: run(system, &aws.command, &aws.environment, limit, judge),
        place: aws.profile,
    }
}

fn run(
    system: &System,
    command: &str,
    environment: &Environment,
    limit: Duration,
    judge: impl Fn(&str) -> Came,
) -> Came {
    let spawn = Spawn {
        program: Path::new(SHELL),
        arguments: &["-c", command],
        environment,
        folder: system.environment.folder(),
        timeout: limit,
        output_limit: OUTPUT,
    };
    let finished = match system.processes.run(&spawn) {
        Ok(finished) => finished,
        Err(error) => return fault(format!("could not be started: {}", error.message())),
    };
    let Finished {
        code,
        timed_out,
        stdout,
        ..
    } = finished;
    let stdout = Zeroizing::new(stdout);
    match (timed_out, code) {
        (true, _) => fault(format!(
            "did not end within {} seconds, or printed without end",
            limit.as_secs()
        )),
        (false, Some(0)) => std::str::from_utf8(&stdout)
            .map_or_else(|_| fault("printed something that is no text"), judge),
        (false, Some(code)) => fault(format!("ended with code {code}")),
        (false, None) => fault("was ended by a signal, or printed without end"),
    }
}

fn fault(why: impl Into<String>) -> Came {
    Came::Fault { why: why.into() }
}

/// One word that can be printed.
fn printed_key(text: &str) -> Came {
    let text = text.trim();
    if text.is_empty() {
        return fault("printed nothing");
    }
    if text.starts_with(['"', '\'']) {
        return fault("printed its key in quotes");
    }
    if text.len() > LONGEST_KEY || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return fault("printed something that is no key: more than one word, or none that can be");
    }
    Came::Credential {
        value: Some(describe_secret(&Secret::new(text))),
    }
}

/// The form that AWS's own programs take: version 1, an id and a secret, and an end for what has
/// one (Sourcing credentials with an external process, AWS SDKs and Tools reference guide).
fn printed_credentials(text: &str, now: jiff::Timestamp) -> Came {
    if text.trim().is_empty() {
        return fault("printed nothing");
    }
    let keep = |path: &[String]| match path {
        [name] if name == "Expiration" => Keep::Text,
        _ => Keep::Shape,
    };
    let Ok(node) = selective::read(text, keep) else {
        return fault("printed no JSON");
    };
    if node.get("Version") != Some(&Node::Number(1.0)) {
        return fault("printed no `Version` 1");
    }
    for name in ["AccessKeyId", "SecretAccessKey"] {
        if !node.get(name).is_some_and(Node::has_text) {
            return fault(format!("printed no `{name}`"));
        }
    }
    let end = node.get("Expiration").and_then(Node::text);
    match end.map(str::parse::<jiff::Timestamp>) {
        Some(Err(_)) => fault("printed an `Expiration` that is no time"),
        Some(Ok(end)) if end <= now => fault(format!("printed credentials that ended at {end:.0}")),
        _ => Came::Credential { value: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(came: Came) -> String {
        match came {
            Came::Credential { value } => value.map_or_else(|| "good".to_owned(), |v| v.masked),
            Came::Fault { why } | Came::LeftAlone { why } => why,
        }
    }

    #[test]
    fn keys() {
        let check = |text: &str, expected: &str| {
            let found = words(printed_key(text));
            assert!(found.starts_with(expected), "{found}");
        };
        check("sk-ant-api03-AAAABBBBCCCCDDDDEEEE\n", "sk-ant-api03-");
        check("", "printed nothing");
        check(" \n", "printed nothing");
        check("no key\n", "printed something that is no key");
        check("\"sk-ant-api03-A\"", "printed its key in quotes");
        check("schlüssel", "printed something that is no key");
        check(&"x".repeat(9000), "printed something that is no key");
    }

    #[test]
    fn credentials() {
        let now = "2026-11-20T12:00:00Z".parse().expect("a time");
        let check = |text: &str, expected: &str| {
            assert_eq!(words(printed_credentials(text, now)), expected, "{text}");
        };
        let with = |rest: &str| {
            format!(r#"{{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"{rest}}}"#)
        };
        check(&with(""), "good");
        check(&with(r#","Expiration":"2026-11-20T13:00:00Z""#), "good");
        check(
            &with(r#","Expiration":"2026-11-20T11:00:00Z""#),
            "printed credentials that ended at 2026-11-20T11:00:00Z",
        );
        check(
            &with(r#","Expiration":"soon""#),
            "printed an `Expiration` that is no time",
        );
        check("", "printed nothing");
        check("AKIA", "printed no JSON");
        check("{}", "printed no `Version` 1");
        check(r#"{"Version":1}"#, "printed no `AccessKeyId`");
        check(
            r#"{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":""}"#,
            "printed no `SecretAccessKey`",
        );
    }
}
