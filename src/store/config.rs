//! What the configuration (`config.json5`) says, as far as it is read: unknown fields are left
//! alone. Clawdbot's forms are understood too.

pub mod edit;
pub mod forms;
pub mod key;
pub mod modes;
pub mod providers;
pub mod remarks;
pub mod schema;
pub mod secrets;
mod value;

use std::path::Path;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use zeroize::Zeroizing;

use super::home::Home;
use super::name::{Name, ProfileId, is_name};
use crate::document::json5;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::system::System;
pub use value::At;
use value::fault;

/// A configuration larger than this is something else.
const SIZE_LIMIT: usize = 1024 * 1024;

/// The configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// `agents.defaults.model.primary`, such as `anthropic/claude-sonnet-5`; Clawdbot also writes
    /// it as `agents.defaults.model`.
    pub default_model: Option<String>,
    /// `auth.order.<provider>`.
    pub order: IndexMap<String, Vec<ProfileId>>,
    /// `env.vars`, and Clawdbot's `env: {NAME: value}`. The values may be secrets.
    pub variables: IndexMap<String, Secret>,
    /// `secrets.providers`, in the order of the file.
    pub secrets: Vec<secrets::Named>,
    /// `env.shellEnv`: how long the login shell may take, where it is asked for more variables.
    pub shell_import: Option<Duration>,
    /// `auth.profiles.<id>.mode`.
    pub modes: IndexMap<ProfileId, String>,
    /// `doctor.ignore`.
    pub ignore: Vec<Ignore>,
    /// Agents with `agents.<id>.inherit: false`: they do not use the profiles of `main`.
    pub without_inheritance: Vec<Name>,
    /// `models.providers`, but for those that keywright knows.
    pub providers: IndexMap<String, providers::Provider>,
}

/// A finding that the user does not want to be told of.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ignore {
    pub code: String,
    /// `None`: any subject.
    pub subject: Option<String>,
    pub reason: Option<String>,
    /// From then on it counts again. A bare date is midnight UTC.
    pub until: Option<Timestamp>,
    /// Where it stands in the configuration, from 1.
    pub line: usize,
}

/// Reads the configuration; all defaults when there is none.
///
/// # Errors
/// `Malformed` with line, column and the line without its values; `Permission` or `Io`.
pub fn load(system: &System, home: &Home) -> Result<Config> {
    let path = home.config();
    match text(system, home)? {
        Some(text) => parse(&text, &path),
        None => Ok(Config::default()),
    }
}

/// The text of the configuration, without a byte-order mark; `None` when there is none.
///
/// # Errors
/// `Malformed` for what is no text; `Permission` or `Io`.
pub fn text(system: &System, home: &Home) -> Result<Option<Zeroizing<String>>> {
    system.files.read_text(&home.config(), SIZE_LIMIT)
}

/// Reads the text of a configuration; `path` is for messages.
///
/// # Errors
/// `Malformed` with line, column and the line without its values.
pub fn parse(text: &str, path: &Path) -> Result<Config> {
    read(text).map_err(|problem| malformed(problem, path))
}

/// As [`parse`], with the problem itself.
fn read(text: &str) -> Result<Config, json5::Problem> {
    let (_, text) = json5::without_mark(text);
    let mut config = Config::default();
    if let Some(root) = json5::read(text)? {
        let root = At::new(text, &root);
        agents(&mut config, root)?;
        order(&mut config, root)?;
        modes::read(&mut config, root)?;
        variables(&mut config, root)?;
        shell_import(&mut config, root)?;
        ignore(&mut config, root)?;
        config.secrets = secrets::read(root)?;
        providers::read(&mut config, root)?;
    }
    Ok(config)
}

/// What is wrong with the file, and what to do about it.
#[must_use]
pub fn malformed(problem: json5::Problem, path: &Path) -> Error {
    problem
        .into_error(path)
        .hint("Mend the file in an editor. Nothing was changed.")
}

type Read = Result<(), json5::Problem>;

fn agents(config: &mut Config, root: At<'_>) -> Read {
    for (name, agent) in root.fields("agents")? {
        if name == "defaults" {
            config.default_model = model(agent)?;
        } else if let Some(inherit) = agent.field("inherit")?
            && !inherit.flag("inherit")?
        {
            let name =
                Name::parse(name).map_err(|_| fault(inherit, "no agent can have this name"))?;
            config.without_inheritance.push(name);
        }
    }
    Ok(())
}

fn model(defaults: At<'_>) -> Result<Option<String>, json5::Problem> {
    let Some(model) = defaults.field("model")? else {
        return Ok(None);
    };
    if model.is_text() {
        return model.text("model").map(Some);
    }
    match model.field("primary")? {
        Some(primary) => primary.text("primary").map(Some),
        None => Ok(None),
    }
}

fn order(config: &mut Config, root: At<'_>) -> Read {
    let Some(auth) = root.field("auth")? else {
        return Ok(());
    };
    for (provider, ids) in auth.fields("order")? {
        if !is_name(provider) {
            return Err(fault(
                ids,
                "`auth.order` holds something that is no provider's name",
            ));
        }
        let mut order = Vec::new();
        for id in ids.elements("a provider's order")? {
            let parsed = ProfileId::parse(&id.text("a profile's name")?);
            order.push(parsed.map_err(|_| fault(id, "this is no profile's name"))?);
        }
        config.order.insert(provider.to_owned(), order);
    }
    Ok(())
}

fn variables(config: &mut Config, root: At<'_>) -> Read {
    let mut set = |name: &str, value: At<'_>| -> Read {
        let value = Secret::new(value.text("a variable")?);
        config.variables.insert(name.to_owned(), value);
        Ok(())
    };
    for (name, value) in root.fields("env")? {
        match name {
            "vars" => {}
            // What is not ours to know beside them: `shellEnv` and the like.
            _ if !value.is_text() => {}
            name => set(name, value)?,
        }
    }
    if let Some(env) = root.field("env")? {
        for (name, value) in env.fields("vars")? {
            set(name, value)?;
        }
    }
    Ok(())
}

/// As long as OpenClaw gives a shell.
const SHELL_PATIENCE: u32 = 15_000;

fn shell_import(config: &mut Config, root: At<'_>) -> Read {
    let Some(env) = root.field("env")? else {
        return Ok(());
    };
    let Some(shell) = env.field("shellEnv")? else {
        return Ok(());
    };
    let limit = match shell.field("timeoutMs")? {
        Some(limit) => limit.number("timeoutMs")?,
        None => SHELL_PATIENCE,
    };
    if let Some(enabled) = shell.field("enabled")?
        && enabled.flag("enabled")?
    {
        config.shell_import = Some(Duration::from_millis(limit.into()));
    }
    Ok(())
}

fn ignore(config: &mut Config, root: At<'_>) -> Read {
    let Some(doctor) = root.field("doctor")? else {
        return Ok(());
    };
    let Some(list) = doctor.field("ignore")? else {
        return Ok(());
    };
    for entry in list.elements("`doctor.ignore`")? {
        let text = |name: &str| match entry.field(name)? {
            Some(value) => value.text(name).map(Some),
            None => Ok(None),
        };
        let code = text("code")?
            .ok_or_else(|| fault(entry, "an entry of `doctor.ignore` has no `code`"))?;
        let until = match entry.field("until")? {
            Some(value) => Some(moment(&value.text("until")?).ok_or_else(|| {
                fault(
                    value,
                    "`until` must be a date such as 2027-01-31, or an RFC 3339 time",
                )
            })?),
            None => None,
        };
        config.ignore.push(Ignore {
            code,
            subject: text("subject")?,
            reason: text("reason")?,
            until,
            line: entry.line(),
        });
    }
    Ok(())
}

fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn read_text(text: &str) -> Result<Config> {
        parse(text, Path::new("config.json5"))
    }

    #[test]
    fn everything() {
        let config = read_text(
            r#"{ // ours
              agents: { defaults: { model: { primary: "anthropic/a" } }, bot: { inherit: false } },
              auth: { order: { anthropic: ["anthropic:work"] }, profiles: { x: { mode: "token" } } },
              env: { vars: { A: "1" }, B: "2", shellEnv: { enabled: true } },
              doctor: { ignore: [{ code: "ENV-001", until: "2027-01-31" }] },
              future: 1,
            }"#,
        )
        .expect("read");
        assert_eq!(config.default_model.as_deref(), Some("anthropic/a"));
        assert_eq!(config.order["anthropic"][0].as_str(), "anthropic:work");
        let names: Vec<_> = config.variables.keys().collect();
        assert_eq!(names, ["B", "A"]);
        assert_eq!(config.without_inheritance[0].as_str(), "bot");
        let until = config.ignore[0].until.expect("a time");
        assert_eq!(until.to_string(), "2027-01-31T00:00:00Z");
        assert_eq!(config.ignore[0].line, 5);
    }

    #[test]
    fn short_forms() {
        assert_eq!(read_text("").expect("empty"), Config::default());
        assert_eq!(read_text("\u{feff}{}").expect("a mark"), Config::default());
        let short = read_text("{agents: {defaults: {model: 'm'}}}").expect("read");
        assert_eq!(short.default_model.as_deref(), Some("m"));
    }

    #[test]
    fn refusals() {
        let check = |text: &str, place: &str| {
            let error = read_text(text).expect_err(text);
            assert_eq!(error.kind(), Kind::Malformed);
            assert!(
                error
                    .message()
                    .starts_with(&format!("config.json5:{place}: ")),
                "{error}"
            );
            let shown = format!("{error}{:?}", error.snippet_text());
            assert!(!shown.contains("hunter"), "{shown}");
        };
        check("[]", "1:1");
        check("{\n env: { vars: { A: 1 } } }", "2:20");
        check("{ env: { vars: 'hunter' } }", "1:16");
        check("{ env: { vars: { A: 'hunter' B: 'hunter' } } }", "1:29");
        check("{ auth: { order: { anthropic: ['hunter'] } } }", "1:32");
        check("{ auth: { order: { anthropic: 'hunter' } } }", "1:31");
        check("{ doctor: { ignore: [{}] } }", "1:22");
        check(
            "{ doctor: { ignore: [{code: 'x', until: 'hunter'}] } }",
            "1:41",
        );
        check("{ agents: { a: { inherit: 'hunter' } } }", "1:27");
        check("\u{feff}{ a: 1, a: 2 }", "1:9");
    }
}
