//! Has `doctor --fix` mend the machine, and takes it back.

use std::collections::BTreeMap;

use serde_json::Value;

use super::build::{Built, build};
use super::description::{Description, Expected};
use super::examine::{Standing, arguments, changes, checks, shown, status, tree};
use crate::support::machine::Ended;

/// Where something was found that the fix can apply: it shows the plan without writing, applies it,
/// finds the machine healthy, and `undo` brings back every byte and mode.
pub fn by_fix(one: &Description, all: &[Description], document: &Value) -> Vec<String> {
    let Some(code) = one.expected.code() else {
        return Vec::new();
    };
    let finding = checks(document).find(|check| check["code"] == code);
    let Some(offered) = finding.and_then(|check| check["finding"]["remedies"].as_array()) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for remedy in offered {
        let manual = remedy["safety"] == "manual";
        let actions = remedy["actions"].as_array().map_or(0, Vec::len);
        if manual == (actions > 0) {
            wrong.push(format!("{} has {actions} actions", remedy["title"]));
        }
    }
    if offered.iter().any(|remedy| remedy["safety"] != "manual") {
        let built = build(one, all);
        wrong.extend(mend(one, &built, code));
    }
    wrong
}

fn mend(one: &Description, built: &Built, code: &str) -> Vec<String> {
    let before = tree(built.machine.folder());
    let mut wrong = Vec::new();
    // What only informs is mended where it is named.
    let named = format!("--fix={code}");
    let fix = match one.expected {
        Expected::Informs(_) => named.as_str(),
        _ => "--fix",
    };
    let planned = run(one, built, &[fix, "--dry-run"], &mut wrong);
    wrong.extend(changes(&before, &tree(built.machine.folder())));
    let applied = run(
        one,
        built,
        &[fix, "--yes", "--include", "consent"],
        &mut wrong,
    );
    for name in ["fixes", "files", "commands"] {
        if planned["plan"][name] != applied["plan"][name] {
            wrong.push(format!("`{name}` is not what --dry-run showed"));
        }
    }
    wrong.extend(judged(one, &applied, code));
    wrong.extend(taken_back(built, &applied, before));
    wrong
}

fn judged(one: &Description, applied: &Value, code: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let report = &applied["report"];
    let bad = ["fail", "warn", "skipped", "broken", "timed_out"];
    if bad.contains(&status(report, code)) {
        wrong.push(format!("--fix leaves {code} {}", status(report, code)));
    }
    for check in checks(report).filter(|check| check["status"] == "fail") {
        wrong.push(format!("after --fix {} fails", check["code"]));
    }
    if applied["verification"].as_array().is_none_or(Vec::is_empty) {
        wrong.push("--fix verifies nothing".to_owned());
    }
    if matches!(one.expected, Expected::Informs(_)) && status(report, code) == "info" {
        wrong.push(format!("--fix leaves {code} informing"));
    }
    let verified = applied["verification"].as_array();
    let verified = verified.into_iter().flatten();
    for one in verified.filter(|one| one["cleared"] != true) {
        wrong.push(format!("--fix did not clear {}", one["code"]));
    }
    match &one.unfixed {
        None => wrong,
        Some(_) if wrong.is_empty() => vec!["--fix mends it after all".to_owned()],
        Some(_) => Vec::new(),
    }
}

/// `undo` brings back every byte and mode.
fn taken_back(built: &Built, applied: &Value, before: BTreeMap<String, Standing>) -> Vec<String> {
    let mut wrong = Vec::new();
    if applied["applied"]["transaction"].is_string() {
        let undone = built.machine.run(&["undo"]);
        if undone.code != 0 {
            wrong.push(format!("undo ends with {undone:?}"));
        }
        let after = tree(built.machine.folder());
        let changed = changes(&without_times(before), &without_times(after));
        wrong.extend(changed.into_iter().map(|what| format!("after undo {what}")));
    }
    wrong
}

fn run(one: &Description, built: &Built, words: &[&str], wrong: &mut Vec<String>) -> Value {
    let mut all = arguments(one, built);
    all.extend(words.iter().map(|word| (*word).to_owned()));
    all.push("--json".to_owned());
    let ended: Ended = built.machine.run(&all);
    for output in [&ended.stdout, &ended.stderr] {
        wrong.extend(shown(one, built, output));
    }
    let document: Value = serde_json::from_str(&ended.stdout).unwrap_or_default();
    if document["report"]["exitCode"] != ended.code {
        wrong.push(format!("{words:?} ends with {ended:?}"));
    }
    let schema = include_str!("../../../docs/schema/doctor-fix.schema.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let invalid = validator.iter_errors(&document);
    wrong.extend(invalid.map(|error| format!("against its schema: {error}")));
    document
}

/// Without what undoing leaves on purpose: times, the journal, and the folders that it stands in.
fn without_times(tree: BTreeMap<String, Standing>) -> BTreeMap<String, Standing> {
    let around = ["/home/.config", "/home/.config/keywright"];
    let plain = tree.into_iter().filter(|(path, standing)| {
        let private = standing.0 & 0o777 == 0o700;
        let around = around.iter().any(|end| path.ends_with(end));
        !(path.contains("/keywright/state") || around && private)
    });
    plain
        .map(|(path, (mode, owner, _, _, size, content))| {
            let folder = mode & 0o170_000 == 0o040_000;
            // How large a folder is depends on what was in it.
            let size = if folder { 0 } else { size };
            (path, (mode, owner, 0, 0, size, content))
        })
        .collect()
}
