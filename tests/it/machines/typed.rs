//! Types what the doctor says to type, into a shell on the machine that it says it of, and looks
//! again in the same shell.

use std::path::Path;

use keywright::sandbox::keys;
use serde_json::Value;

use super::build::{Built, build};
use super::description::Description;
use super::examine::{arguments, checks, status};
use crate::support::machine::KEYWRIGHT;

/// Programs whose lines can be typed anywhere.
const LOCAL: &[&str] = &[
    "keywright",
    "chmod",
    "mkdir",
    "rm",
    "unset",
    "export",
    "mv",
    "cp",
    "echo",
    "printf",
    "touch",
    "sed",
];
/// What `onboard` is answered with where nobody sits at a terminal.
const KEY: &str = "KEYWRIGHT_TEST_KEY";
const TOKEN: &str = "KEYWRIGHT_TEST_TOKEN";
const SECRET: &str = "KEYWRIGHT_TEST_SECRET";

/// Tries the remedies of the finding. Those that are local commands must all be named in the
/// description; what `--fix` applies is tried elsewhere.
pub fn remedies(
    one: &Description,
    all: &[Description],
    built: &Built,
    document: &Value,
) -> Vec<String> {
    let Some(code) = one.expected.code() else {
        return Vec::new();
    };
    let finding = checks(document).find(|check| check["code"] == code);
    let Some(offered) = finding.and_then(|check| check["finding"]["remedies"].as_array()) else {
        return Vec::new();
    };
    let title = |remedy: &Value| {
        let text = remedy["title"].as_str().unwrap_or_default();
        text.replace(&built.filler.folder, "<folder>")
    };
    let mut wrong = Vec::new();
    let begins = |line: &String| line.split(": ").next().unwrap_or_default().to_owned();
    let excused = |title: &str| {
        one.untried
            .iter()
            .any(|line| title.starts_with(&begins(line)))
    };
    for remedy in offered {
        let title = title(remedy);
        if must_be_tried(remedy) && !one.remedies.contains(&title) && !excused(&title) {
            let lines = commands(remedy);
            wrong.push(format!("`{title}` is not tried: {lines:?}"));
        }
    }
    for wanted in &one.remedies {
        let Some(at) = offered.iter().position(|remedy| title(remedy) == *wanted) else {
            wrong.push(format!("there is no remedy `{wanted}`"));
            continue;
        };
        let lines = commands(&offered[at]);
        if let Err(why) = mends(one, all, code, (&lines, &built.filler.folder)) {
            wrong.push(format!("`{wanted}` does not mend it: {why}"));
        }
    }
    wrong
}

fn commands(remedy: &Value) -> Vec<&str> {
    let steps = remedy["steps"].as_array().into_iter().flatten();
    steps.filter_map(|step| step["command"].as_str()).collect()
}

fn must_be_tried(remedy: &Value) -> bool {
    let lines = commands(remedy);
    let count = remedy["steps"].as_array().map_or(0, Vec::len);
    let local = |line: &&str| LOCAL.contains(&line.split(' ').next().unwrap_or_default());
    !lines.is_empty() && lines.len() == count && lines.iter().all(local)
}

/// Builds the machine anew, types the lines of a remedy, and has the doctor look again. The lines
/// were said of a machine in another folder.
fn mends(
    one: &Description,
    all: &[Description],
    code: &str,
    (lines, folder): (&[&str], &str),
) -> Result<(), String> {
    let mut built = build(one, all);
    let mut words = arguments(one, &built);
    words.push("--json".to_owned());
    let here = |line: &str| answered(&line.replace(folder, &built.filler.folder));
    let mut lines: Vec<String> = lines.iter().map(|line| here(line)).collect();
    lines.extend(one.by_hand.iter().map(|line| built.filler.fill(line)));
    if lines.is_empty() {
        return Err("it has no line to type".to_owned());
    }
    if let Some(line) = lines.iter().find(|line| !stays_here(line, &built)) {
        return Err(format!("`{line}` would reach beyond this machine"));
    }
    let aside = tempfile::tempdir().expect("a scratch folder");
    // As a new shell would, for what a remedy adds to the start-up file.
    let said = aside.path().join("said");
    let script = format!(
        "{{\n{}\n}} >'{}' 2>&1\n[ ! -r ~/.profile ] || . ~/.profile\nexec keywright {}",
        lines.join("\n"),
        said.display(),
        words.join(" ")
    );
    let programs = Path::new(KEYWRIGHT).parent().expect("a folder");
    let own = built.machine.folder().join("bin");
    let path = format!("{}:{}:/usr/bin:/bin", own.display(), programs.display());
    let output = built
        .machine
        .command("/bin/sh")
        .args(["-e", "-c", &script])
        .env("PATH", path)
        .env(KEY, keys::named("works-too").expect("a key").text())
        .env(
            TOKEN,
            keys::named("subscription-works-too")
                .expect("a token")
                .text(),
        )
        .env(
            SECRET,
            keys::identity("aws-works-too")
                .and_then(keys::aws::Identity::secret)
                .expect("a secret"),
        )
        .output()
        .expect("sh runs");
    let said = std::fs::read_to_string(&said).unwrap_or_default();
    let document: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("{lines:?} end with {}: {said}", output.status))?;
    let wrong = checks(&document).filter(|check| {
        let own = check["code"] == code && check["status"] == "warn";
        own || check["status"] == "fail"
    });
    let wrong: Vec<String> = wrong
        .map(|check| format!("{} {}", check["code"], check["finding"]["summary"]))
        .collect();
    let unclear = ["skipped", "broken", "timed_out"].contains(&status(&document, code));
    if wrong.is_empty() && !unclear {
        return Ok(());
    }
    Err(format!("after {lines:?}: {wrong:?}"))
}

/// A line that starts nothing but what is on the machine, and names nothing beyond it.
fn stays_here(line: &str, built: &Built) -> bool {
    let program = line.split(' ').next().unwrap_or_default();
    let own = built.machine.folder().join("bin").join(program).exists();
    let known = own || LOCAL.contains(&program) || program == ":";
    let inside = line.replace(&built.filler.folder, ".");
    let mut words = inside.split(['\'', '"', ' ', '=']);
    // `/…/d` is a pattern of sed.
    known && !words.any(|word| word.starts_with('/') && !word.ends_with("/d"))
}

/// A line of `keywright onboard` with the answers that a person would give.
fn answered(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.first() != Some(&"keywright") || !words.contains(&"onboard") {
        return line.to_owned();
    }
    let flow = words.iter().skip_while(|word| **word != "--flow").nth(1);
    let answers = match flow.copied() {
        Some("setup-token") => {
            format!("--token-env {TOKEN} --accept-risk=subscription-token")
        }
        Some("bedrock") => {
            let id = keys::identity("aws-works-too").and_then(keys::aws::Identity::access_key_id);
            format!(
                "--aws-auth access_keys --access-key-id {} --secret-access-key-env {SECRET} --region us-east-1",
                id.expect("an id")
            )
        }
        _ if words.contains(&"--reauth") => format!("--anthropic-api-key-env {KEY}"),
        _ => {
            let flow = if flow.is_some() {
                ""
            } else {
                "--flow api-key "
            };
            format!("{flow}--anthropic-api-key-env {KEY}")
        }
    };
    let given = |flag: &str| words.contains(&flag);
    let quiet = ["--non-interactive", "--offline", "--replace"];
    let quiet: Vec<&str> = quiet.into_iter().filter(|flag| !given(flag)).collect();
    format!("{line} {} {answers}", quiet.join(" "))
}
