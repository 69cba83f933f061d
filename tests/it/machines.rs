//! Whole machines, broken and healthy: the descriptions in `tests/machines/`, each of which says
//! what stands on a machine and the one thing that `doctor` must find there. The README of that
//! folder says how they are written.

#![cfg(unix)]

mod build;
mod description;
mod examine;
mod fill;
mod mended;
mod typed;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use description::{Description, Expected};

use crate::support::machine::Machine;

/// Codes that no machine here can show, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("CRED-020", "only a Mac has a Keychain"),
    ("CRED-021", "only a Mac has a Keychain"),
];

/// Every description, in the order of their files.
fn descriptions() -> Vec<Description> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machines");
    let mut files: Vec<_> = folder
        .read_dir()
        .expect("tests/machines")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|name| name == "machines"))
        .collect();
    files.sort();
    let mut all = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a description");
        let name = path.file_name().expect("a name").to_string_lossy();
        all.extend(description::read(&name, &text));
    }
    let mut names = BTreeSet::new();
    for one in &all {
        assert!(names.insert(&one.name), "two machines are `{}`", one.name);
    }
    all
}

#[test]
fn each_machine_has_its_one_cause_and_its_remedy() {
    let all = descriptions();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(BTreeMap::new());
    let workers = std::thread::available_parallelism().map_or(4, |count| count.get().max(4));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let problems = examine::examine(one, &all);
                    if !problems.is_empty() {
                        let place = format!("{}: {}", one.place, one.name);
                        wrong
                            .lock()
                            .expect("not poisoned")
                            .insert(place, problems.join("\n"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("not poisoned");
    let words: Vec<String> = wrong
        .iter()
        .map(|(place, problems)| format!("{place}\n{problems}"))
        .collect();
    assert!(words.is_empty(), "\n{}", words.join("\n\n"));
}

#[test]
fn every_code_has_a_machine_and_every_family_enough() {
    let all = descriptions();
    let listed = Machine::new().run(&["doctor", "list", "--json"]).json();
    let listed = listed["checks"].as_array().expect("checks").iter();
    let codes: BTreeSet<&str> = listed.filter_map(|check| check["code"].as_str()).collect();
    let shown: BTreeSet<&str> = all.iter().filter_map(|one| one.expected.code()).collect();
    let elsewhere: BTreeSet<&str> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    let missing: Vec<_> = codes
        .difference(&shown)
        .filter(|code| !elsewhere.contains(*code))
        .collect();
    assert!(missing.is_empty(), "no machine shows {missing:?}");
    let unknown: Vec<_> = shown.union(&elsewhere).copied().collect();
    let unknown: Vec<_> = unknown
        .iter()
        .filter(|code| !codes.contains(*code))
        .collect();
    assert!(unknown.is_empty(), "there is no check {unknown:?}");
    let everybody = || all.iter().filter(|one| one.only.is_none());
    let healthy = everybody().filter(|one| one.expected == Expected::Healthy);
    assert!(healthy.count() >= 15, "too few healthy machines");
    let broken = everybody().filter(|one| one.expected != Expected::Healthy);
    assert!(broken.count() >= 80, "too few broken machines");
}

/// A runner that accepts anything would hide every defect.
#[test]
fn a_wrong_description_is_noticed() {
    let base = "machine m\nprogram claude\n| echo 2.1.329\nenv ANTHROPIC_API_KEY=<key works>\n";
    let tried = |lines: &str| {
        let read = description::read("here", &format!("{base}{lines}"));
        examine::examine(&read[0], &read).join("\n")
    };
    assert_eq!(tried("healthy\n"), "");
    let cases = [
        ("fails STORE-009\nsays x\n", "STORE-009 is pass, not fail"),
        ("unset ANTHROPIC_API_KEY\nhealthy\n", "STORE-009 fails too"),
        ("healthy\nsays bananas\n", "`bananas` is not said"),
        (
            "env ANTHROPIC_API_KEY=\nwarns ENV-005\nsays nothing\n",
            "ENV-005 is info, not warn",
        ),
        (
            "unset ANTHROPIC_API_KEY\nfails STORE-009\nsays usable\n",
            "`Set up a credential` is not tried",
        ),
        (
            "unset ANTHROPIC_API_KEY\nfails STORE-009\nsays usable\nremedy Set up a credential\nhand rm -r .config\n",
            "`Set up a credential` does not mend it",
        ),
        (
            "warns ENV-001\nsays usable\nremedy Sleep\nprogram claude\n| exit 1\n",
            "CLI-003 fails too",
        ),
        (
            "env CLAUDE_CODE_OAUTH_TOKEN=<token subscription-works>\nwarns ENV-001\nalso CLI-020\nsays Keep\nremedy Sleep\n",
            "there is no remedy `Sleep`",
        ),
        (
            "program claude\n| echo 2.1.329; echo x > \"$HOME/made\"\nhealthy\n",
            "made: is new",
        ),
        ("healthy\nsecret ENV-001\n", "a secret is shown"),
    ];
    for (lines, expected) in cases {
        let said = tried(lines);
        assert!(said.contains(expected), "{lines}: {said}");
    }
}
