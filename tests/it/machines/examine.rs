//! Runs the doctor on a machine and says what is not as its description has it.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::build::{Built, build};
use super::description::{Description, Expected, Only};
use super::{mended, typed};
use crate::support::machine::{Ended, Machine};

/// Characters of a secret that nobody shows together: more than the four at its end.
const WINDOW: usize = 16;

/// What is wrong; nothing where all is as described, or where the machine is not for this user.
pub fn examine(one: &Description, all: &[Description]) -> Vec<String> {
    let root = rustix::process::geteuid().is_root();
    match one.only {
        Some(Only::Root) if !root => return Vec::new(),
        Some(Only::User) if root => return Vec::new(),
        Some(Only::PrivateGroup) if !has_a_private_group() => return Vec::new(),
        _ => {}
    }
    if one.expected.code().is_some_and(about_all_programs) && shares_a_claude() {
        return Vec::new();
    }
    let examined = catch_unwind(AssertUnwindSafe(|| {
        let built = build(one, all);
        let (mut wrong, document) = look(one, &built);
        if let Some(document) = document {
            wrong.extend(typed::remedies(one, all, &built, &document));
            wrong.extend(mended::by_fix(one, all, &document));
        }
        wrong
    }));
    examined.unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().cloned();
        let text = text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        vec![text.unwrap_or_else(|| "it panicked".to_owned())]
    })
}

/// Nobody else is in the group that new files get.
fn has_a_private_group() -> bool {
    let group = rustix::process::getegid().as_raw().to_string();
    let lines = |path| std::fs::read_to_string(path).unwrap_or_default();
    let groups = lines("/etc/group");
    let mut groups = groups
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>());
    let alone = groups.any(|line| line.get(2) == Some(&group.as_str()) && line.get(3) == Some(&""));
    let users = lines("/etc/passwd");
    let users = users
        .lines()
        .filter(|line| line.split(':').nth(3) == Some(&group));
    alone && users.count() <= 1
}

/// What these codes say depends on every `claude` of the real machine.
fn about_all_programs(code: &str) -> bool {
    ["CLI-001", "CLI-002"].contains(&code)
}

/// A developer's machine may have a `claude` in a place that every machine here shares.
fn shares_a_claude() -> bool {
    let places = [
        "/usr/local/bin/claude",
        "/usr/bin/claude",
        "/opt/homebrew/bin/claude",
    ];
    let mut places = places.iter().map(Path::new);
    places.any(|place| place.symlink_metadata().is_ok())
}

/// The arguments of `doctor` on this machine. Where nothing listens, nobody is asked.
pub fn arguments(one: &Description, built: &Built) -> Vec<String> {
    let mut arguments = vec!["doctor".to_owned()];
    if !built.online {
        arguments.push("--offline".to_owned());
    }
    arguments.extend(one.arguments.iter().cloned());
    arguments
}

fn look(one: &Description, built: &Built) -> (Vec<String>, Option<Value>) {
    let before = tree(built.machine.folder());
    let plain = arguments(one, built);
    let as_json: Vec<String> = plain.iter().cloned().chain(["--json".to_owned()]).collect();
    let json = run(one, &built.machine, &as_json);
    let text = run(one, &built.machine, &plain);
    let mut wrong = changes(&before, &tree(built.machine.folder()));
    if json.code != text.code {
        wrong.push(format!("JSON exits {}, text {}", json.code, text.code));
    }
    for output in [&json.stdout, &json.stderr, &text.stdout, &text.stderr] {
        wrong.extend(shown(one, built, output));
    }
    let Ok(document) = serde_json::from_str::<Value>(&json.stdout) else {
        wrong.push(format!("no document: {json:?}"));
        return (wrong, None);
    };
    let invalid = validator().iter_errors(&document);
    wrong.extend(invalid.map(|error| format!("against its schema: {error}")));
    wrong.extend(judged(one, &document, text.code));
    let said = flat(&text.stdout);
    for phrase in &one.says {
        if !said.contains(&flat(phrase)) {
            wrong.push(format!("`{phrase}` is not said"));
        }
    }
    if one.says.is_empty() && one.expected != Expected::Healthy {
        wrong.push("the description has no `says`".to_owned());
    }
    if !wrong.is_empty() {
        let lines = text.stdout.lines();
        let told = lines.filter(|line| line.starts_with(['✗', '!', ' ', '?']));
        wrong.push(told.collect::<Vec<_>>().join("\n"));
    }
    (wrong, Some(document))
}

fn run(one: &Description, machine: &Machine, arguments: &[String]) -> Ended {
    if !one.terminal {
        return machine.run(arguments);
    }
    let aside = tempfile::tempdir().expect("a scratch folder");
    let file = aside.path().join("stdout");
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ended = machine.terminal_into(&file, &words).end();
    let code = one.exit.unwrap_or(0);
    ended.with_code(code.unsigned_abs());
    Ended {
        code,
        stdout: std::fs::read_to_string(file).expect("what it said"),
        stderr: String::new(),
    }
}

/// The verdict against the description.
fn judged(one: &Description, document: &Value, code: i32) -> Vec<String> {
    let mut wrong = Vec::new();
    let failed = matches!(one.expected, Expected::Fails(_));
    let exit = one.exit.unwrap_or(i32::from(failed));
    if code != exit || document["exitCode"] != exit {
        wrong.push(format!("it exits {code}, not {exit}"));
    }
    if let Some(expected) = one.expected.code() {
        let status = status(document, expected);
        if status != one.expected.status() {
            let wanted = one.expected.status();
            wrong.push(format!("{expected} is {status}, not {wanted}"));
        }
    }
    let expected = one.expected.code();
    for check in checks(document) {
        let code = check["code"].as_str().unwrap_or_default();
        let status = check["status"].as_str().unwrap_or_default();
        let known = Some(code) == expected
            || one.also.iter().any(|also| also == code)
            || (status == "warn" && about_all_programs(code) && shares_a_claude());
        if !known && ["fail", "warn", "broken", "timed_out"].contains(&status) {
            let verb = status.trim_end_matches('s');
            wrong.push(format!("{code} {verb}s too"));
        }
    }
    wrong
}

pub fn checks(document: &Value) -> impl Iterator<Item = &Value> {
    document["checks"].as_array().into_iter().flatten()
}

pub fn status<'a>(document: &'a Value, code: &str) -> &'a str {
    let found = checks(document).find(|check| check["code"] == code);
    found
        .and_then(|check| check["status"].as_str())
        .unwrap_or("not there")
}

/// Secrets of the description in what was said, whole or in part, and escape sequences.
pub fn shown(one: &Description, built: &Built, output: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let secrets = &built.filler.secrets;
    let parts = secrets.iter().flat_map(|secret| {
        let hidden = hidden(secret);
        let count = hidden.len().saturating_sub(WINDOW) + 1;
        // Words are the names of the sandbox's keys, which reports have for their own reasons.
        let telling = |part: &&str| part.contains(|c: char| !c.is_ascii_lowercase() && c != '-');
        (0..count)
            .filter_map(move |at| hidden.get(at..at + WINDOW))
            .filter(telling)
    });
    let encoded: Vec<String> = secrets
        .iter()
        .map(|secret| STANDARD.encode(secret))
        .collect();
    let listed = one.secrets.iter().chain(&encoded).map(String::as_str);
    if let Some(part) = parts.chain(listed).find(|part| output.contains(part)) {
        wrong.push(format!("a secret is shown: {part}"));
    }
    if output.contains('\u{1b}') {
        wrong.push("an escape sequence is shown".to_owned());
    }
    wrong
}

/// A secret without its public beginning.
fn hidden(secret: &str) -> &str {
    let public = ["sk-ant-", "bedrock-api-key-", "ABSK"];
    let Some(start) = public.iter().find(|start| secret.starts_with(**start)) else {
        return secret;
    };
    let rest = &secret[start.len()..];
    // `api03-`, `oat01-`, …
    let kind = rest.split_once('-').filter(|(kind, _)| kind.len() <= 8);
    kind.map_or(rest, |(_, rest)| rest)
}

/// What stands somewhere: mode, owner, time, and what is in it or where it leads.
pub type Standing = (u32, u32, i64, i64, u64, Vec<u8>);

/// Everything below a folder.
pub fn tree(folder: &Path) -> BTreeMap<String, Standing> {
    const LARGE: u64 = 16 * 1024 * 1024;
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        let meta = path.symlink_metadata().expect("metadata");
        let content = if meta.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten();
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
            Vec::new()
        } else if meta.is_symlink() {
            let target = std::fs::read_link(&path).expect("a target");
            target.into_os_string().into_encoded_bytes()
        } else if meta.is_file() && meta.len() < LARGE {
            std::fs::read(&path).unwrap_or_default()
        } else {
            Vec::new()
        };
        let standing = (
            meta.mode(),
            meta.uid(),
            meta.mtime(),
            meta.mtime_nsec(),
            meta.len(),
            content,
        );
        found.insert(path.display().to_string(), standing);
    }
    found
}

/// What was made, changed or removed.
pub fn changes(
    before: &BTreeMap<String, Standing>,
    after: &BTreeMap<String, Standing>,
) -> Vec<String> {
    let new = after.keys().filter(|path| !before.contains_key(*path));
    let new = new.map(|path| format!("{path}: is new"));
    let other = before
        .iter()
        .filter_map(|(path, was)| match after.get(path) {
            None => Some(format!("{path}: is gone")),
            Some(is) if is != was => Some(format!("{path}: is changed")),
            Some(_) => None,
        });
    new.chain(other).collect()
}

fn validator() -> &'static jsonschema::Validator {
    static VALIDATOR: OnceLock<jsonschema::Validator> = OnceLock::new();
    VALIDATOR.get_or_init(|| {
        let schema = include_str!("../../../docs/schema/doctor.schema.json");
        let schema = serde_json::from_str(schema).expect("the schema is JSON");
        jsonschema::validator_for(&schema).expect("a schema")
    })
}

/// Words with one space between them.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
