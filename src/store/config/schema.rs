//! Every setting that is known, as data, and a document judged by it: what has the wrong form,
//! what nobody reads, what stands in Clawdbot's form. Values are told nowhere.

use jsonc_parser::ast::Value;

use super::forms::NO_VARIABLES;
use super::key::Key;
use super::modes::is_old_login;
use super::value::At;
use crate::store::name::{ProfileId, is_name};

/// What a setting takes.
#[derive(Clone, Copy, Debug)]
enum Takes {
    Text,
    Flag,
    /// A whole number in this range.
    Number(u32, u32),
    One(&'static [&'static str]),
    /// A list of profile ids.
    Profiles,
    /// What other parts of the program look into.
    Anything,
}

/// The settings by their names; `*` stands for any key.
const KNOWN: &[(&[&str], Takes)] = &[
    (&["agents", "defaults", "model", "primary"], Takes::Text),
    (
        &[
            "agents",
            "defaults",
            "models",
            "*",
            "params",
            "cacheControlTtl",
        ],
        Takes::One(&["5m", "1h"]),
    ),
    (&["agents", "*", "inherit"], Takes::Flag),
    (&["auth", "order", "*"], Takes::Profiles),
    (
        &["auth", "profiles", "*", "mode"],
        Takes::One(&["api_key", "token", "oauth", "aws", "aws-sdk"]),
    ),
    (&["auth", "profiles", "*", "provider"], Takes::Text),
    (&["auth", "profiles", "*", "email"], Takes::Text),
    (&["doctor", "ignore"], Takes::Anything),
    (&["env", "vars", "*"], Takes::Text),
    (&["env", "shellEnv", "enabled"], Takes::Flag),
    (&["env", "shellEnv", "timeoutMs"], Takes::Number(1, 600_000)),
    (&["models", "providers", "*"], Takes::Anything),
    (&["secrets", "providers", "*"], Takes::Anything),
];

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It has the wrong form, and does not do what it says.
    Error,
    /// It works, with something to know about it.
    Note,
    /// Nobody reads it.
    Unread,
}

/// A remark on one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub severity: Severity,
    pub key: Key,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// A lowercase fragment that fits behind the key.
    pub what: String,
    /// What the setting should be; `None` where only its owner knows.
    pub right: Option<String>,
}

/// Judges a document.
#[must_use]
pub fn judge(root: At<'_>) -> Vec<Remark> {
    let mut judge = Judge {
        remarks: Vec::new(),
        path: Vec::new(),
    };
    judge.object(root);
    judge.remarks
}

struct Judge {
    remarks: Vec<Remark>,
    path: Vec<String>,
}

impl Judge {
    fn object(&mut self, at: At<'_>) {
        let Some(fields) = at.all_fields() else {
            self.remark(at, Severity::Error, "must be an object in braces");
            return;
        };
        for (name, value) in fields {
            self.path.push(name.to_owned());
            self.value(value);
            self.path.pop();
        }
    }

    fn value(&mut self, at: At<'_>) {
        let names = self.path.clone();
        let path: Vec<&str> = names.iter().map(String::as_str).collect();
        if matches!(at.value(), Value::NullKeyword(_)) {
            return;
        }
        if let Some(what) = old_form(&path, at) {
            self.remark(at, Severity::Note, what);
            return;
        }
        let mut known = KNOWN.iter().filter(|(pattern, _)| fits(pattern, &path));
        if let Some((_, takes)) = known
            .clone()
            .find(|(pattern, _)| pattern.len() == path.len())
        {
            if let Some(what) = wrong(*takes, at) {
                self.remark(at, Severity::Error, &what);
            }
            return;
        }
        if known.any(|(pattern, _)| pattern.len() > path.len()) {
            self.object(at);
            return;
        }
        self.remark(
            at,
            Severity::Unread,
            "is no setting of keywright, and is left alone",
        );
    }

    fn remark(&mut self, at: At<'_>, severity: Severity, what: &str) {
        let (line, column) = at.place();
        self.remarks.push(Remark {
            severity,
            key: Key(self.path.clone()),
            line,
            column,
            what: what.to_owned(),
            right: None,
        });
    }
}

/// As far as both go.
fn fits(pattern: &[&str], path: &[&str]) -> bool {
    let mut pairs = pattern.iter().zip(path);
    pairs.all(|(part, name)| *part == "*" || part == name)
}

/// Whether a setting takes text alone, so that what is typed need not be quoted.
#[must_use]
pub fn takes_text(key: &Key) -> bool {
    let path = key.path();
    let of_key =
        |(pattern, _): &&(&[&str], Takes)| pattern.len() == path.len() && fits(pattern, &path);
    let found = KNOWN.iter().find(of_key);
    key.is_variable()
        || found.is_some_and(|(_, takes)| matches!(takes, Takes::Text | Takes::One(_)))
}

/// Whether somebody reads a setting, or something in it or around it.
#[must_use]
pub fn is_known(key: &Key) -> bool {
    let path = key.path();
    let is_inside = |pattern: &[&str], takes: &Takes| {
        path.len() <= pattern.len() || matches!(takes, Takes::Anything)
    };
    let mut known = KNOWN.iter();
    key.is_variable()
        || known.any(|(pattern, takes)| fits(pattern, &path) && is_inside(pattern, takes))
}

/// Clawdbot's forms: they are understood.
fn old_form(path: &[&str], at: At<'_>) -> Option<&'static str> {
    match path {
        ["env", name] if !NO_VARIABLES.contains(name) && at.is_text() => Some(
            "is Clawdbot's form of a variable: it is understood, and moved to env.vars by the next command that writes this file",
        ),
        ["agents", "defaults", "model"] if at.is_text() => Some(
            "is Clawdbot's form of model.primary: it is understood, and rewritten by the next command that writes this file",
        ),
        ["auth", "profiles", id, "mode"] => {
            let mode = at.text("mode").ok()?;
            is_old_login(id, &mode).then_some(
                "is Clawdbot's mode of a Claude Code login: it is understood, and becomes \"oauth\" by the next command that writes this file",
            )
        }
        _ => None,
    }
}

/// Why a value cannot be what the setting takes.
fn wrong(takes: Takes, at: At<'_>) -> Option<String> {
    const NO_LIST: &str = "must be a list of profile ids";
    match takes {
        Takes::Anything => None,
        Takes::Text => (!at.is_text()).then(|| "must be text in quotes".to_owned()),
        Takes::Flag => {
            let is_flag = matches!(at.value(), Value::BooleanLit(_));
            (!is_flag).then(|| "must be true or false".to_owned())
        }
        Takes::Number(least, most) => {
            let number = match at.value() {
                Value::NumberLit(number) => number.value.parse::<u32>().ok(),
                _ => None,
            };
            let fits = number.is_some_and(|number| (least..=most).contains(&number));
            (!fits).then(|| format!("must be a whole number from {least} to {most}"))
        }
        Takes::One(values) => {
            let text = at.text("value").unwrap_or_default();
            let fits = values.contains(&text.as_str());
            (!fits).then(|| format!("must be one of \"{}\"", values.join("\", \"")))
        }
        Takes::Profiles => {
            let is_id = |id: &At<'_>| id.text("id").is_ok_and(|id| ProfileId::parse(&id).is_ok());
            let ids = at.elements("order").ok();
            let fits = ids.is_some_and(|ids| ids.iter().all(is_id));
            (!fits).then(|| NO_LIST.to_owned())
        }
    }
}

/// Whether a model is named with its provider, or alone.
#[must_use]
pub fn provider_of(model: &str) -> Option<&str> {
    let (provider, rest) = model.split_once('/')?;
    (is_name(provider) && !rest.is_empty()).then_some(provider)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json5;

    fn check(text: &str, expected: &[(Severity, &str, usize)]) {
        let root = json5::read(text).expect("JSON5").expect("a document");
        let remarks = judge(At::new(text, &root));
        let found: Vec<_> = remarks
            .iter()
            .map(|remark| (remark.severity, remark.key.to_string(), remark.column))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(severity, key, column)| (*severity, (*key).to_owned(), *column))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn settings_are_judged_where_they_stand() {
        let (error, note) = (Severity::Error, Severity::Note);
        check("{}", &[]);
        check(
            "{agents: {defaults: {model: {primary: 'a'}}, bot: {inherit: false}}}",
            &[],
        );
        check(
            "{env: {vars: {A: 'x'}, shellEnv: {enabled: true, timeoutMs: 5000}}}",
            &[],
        );
        check("{auth: {order: {anthropic: ['anthropic:a']}}}", &[]);
        check(
            "{models: {providers: {acme: {baseUrl: 1}}}, doctor: {ignore: []}}",
            &[],
        );
        check(
            "{auth: {order: {anthropic: ['x']}}}",
            &[(error, "auth.order.anthropic", 28)],
        );
        check(
            "{auth: {order: {anthropic: 'x'}}}",
            &[(error, "auth.order.anthropic", 28)],
        );
        check(
            "{env: {shellEnv: {enabled: 1}}}",
            &[(error, "env.shellEnv.enabled", 28)],
        );
        check(
            "{env: {shellEnv: {timeoutMs: -1}}}",
            &[(error, "env.shellEnv.timeoutMs", 30)],
        );
        check("{agents: 1}", &[(error, "agents", 10)]);
        check("{agents: null}", &[]);
        check("{gateway: {}}", &[(Severity::Unread, "gateway", 11)]);
        check("{env: {A: 'x'}}", &[(note, "env.A", 11)]);
        check(
            "{agents: {defaults: {model: 'x'}}}",
            &[(note, "agents.defaults.model", 29)],
        );
        check(
            "{agents: {defaults: {models: {m: {params: {cacheControlTtl: '2h'}}}}}}",
            &[(error, "agents.defaults.models.m.params.cacheControlTtl", 61)],
        );
        check(
            "{auth: {profiles: {'anthropic:claude-cli': {mode: 'token'}, b: {mode: 'x'}}}}",
            &[
                (note, "auth.profiles.anthropic:claude-cli.mode", 51),
                (error, "auth.profiles.b.mode", 71),
            ],
        );
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads the documents")]
    fn every_setting_has_its_line_in_the_documents() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
        let page = std::fs::read_to_string(page).expect("the page");
        for (pattern, _) in KNOWN {
            let name = format!("`{}`", pattern.join("."));
            assert!(
                page.contains(&name),
                "{name} is not in docs/configuration.md"
            );
        }
    }

    #[test]
    fn what_nobody_reads_is_told() {
        let check = |text: &str, expected| {
            assert_eq!(
                is_known(&Key::parse(text).expect("a key")),
                expected,
                "{text}"
            );
        };
        check("env.vars.A", true);
        check("env.A", true);
        check("agents.defaults", true);
        check("models.providers.acme.baseUrl", true);
        check("agents.defaults.model.primray", false);
        check("auth.order.anthropic.x", false);
        check("gateway", false);
    }

    #[test]
    fn text_needs_no_quotes() {
        let check = |text: &str, expected| {
            assert_eq!(
                takes_text(&Key::parse(text).expect("a key")),
                expected,
                "{text}"
            );
        };
        check("env.vars.A", true);
        check("env.A", true);
        check("agents.defaults.model.primary", true);
        check("env.shellEnv.enabled", false);
        check("x.y", false);
    }
}
