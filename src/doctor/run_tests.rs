//! The runner over a registry made for it.

use super::*;
use crate::doctor::check::{CheckMeta, Explanation};
use crate::doctor::facts::{Probe, ProbeState};
use crate::doctor::finding::Finding;
use crate::doctor::report::Status;
use crate::provider::verdict::{Reason, Verdict};

fn finding() -> Finding {
    Finding {
        subject: "s".to_owned(),
        summary: "s".to_owned(),
        detail: String::new(),
        impact: String::new(),
        evidence: Vec::new(),
        remedies: Vec::new(),
        docs: None,
    }
}

fn fails(_: &Facts) -> Outcome {
    Outcome::Fail(finding())
}

fn passes(_: &Facts) -> Outcome {
    Outcome::Pass
}

fn panics(_: &Facts) -> Outcome {
    panic!("as a defect would")
}

const fn check(
    code: &'static str,
    category: Category,
    needs: &'static [&'static str],
    facts: &'static [Area],
    run: fn(&Facts) -> Outcome,
) -> Check {
    Check {
        meta: CheckMeta {
            code,
            id: code,
            title: code,
            category,
            needs,
            facts,
        },
        explanation: Explanation {
            meaning: "",
            detection: "",
            mending: "",
            false_positives: "",
        },
        run,
    }
}

static ROOT: Check = check("CLI-001", Category::Cli, &[], &[Area::Claude], fails);
static CHILD: Check = check(
    "CLI-002",
    Category::Cli,
    &["CLI-001"],
    &[Area::Claude],
    passes,
);
static GRANDCHILD: Check = check("CLI-003", Category::Cli, &["CLI-002"], &[], passes);
static PANICS: Check = check("ENV-001", Category::Env, &[], &[Area::Environment], panics);
static AFTER_PANIC: Check = check("ENV-002", Category::Env, &["ENV-001"], &[], passes);
static FINE: Check = check("TTY-001", Category::Tty, &[], &[Area::Terminal], passes);
static API: Check = check(
    "API-001",
    Category::Api,
    &["TTY-001"],
    &[Area::Probe],
    passes,
);
static REFUSED: Check = check("API-002", Category::Api, &[], &[Area::Probe], fails);
static REGISTRY: &[&Check] = &[
    &API,
    &REFUSED,
    &ROOT,
    &CHILD,
    &GRANDCHILD,
    &PANICS,
    &AFTER_PANIC,
    &FINE,
];

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

fn judged(facts: &Facts, only: &[&str]) -> Vec<(&'static str, Status, Option<String>)> {
    Selection::new(REGISTRY, &words(only), &[])
        .expect("known words")
        .judge(facts, &BTreeMap::new())
        .into_iter()
        .map(|entry| (entry.code, entry.status, entry.blocked_by))
        .collect()
}

#[test]
fn dependants_name_the_root_cause() {
    let by = |code: &str| Some(code.to_owned());
    assert_eq!(
        judged(&Facts::default(), &["cli", "env", "tty"]),
        [
            ("CLI-001", Status::Fail, None),
            ("CLI-002", Status::Skipped, by("CLI-001")),
            ("CLI-003", Status::Skipped, by("CLI-001")),
            ("TTY-001", Status::Pass, None),
            ("ENV-001", Status::Broken, None),
            ("ENV-002", Status::Skipped, by("ENV-001")),
        ]
    );
}

#[test]
fn a_root_cause_that_was_not_chosen_is_shown_all_the_same() {
    let skipped = ("CLI-003", Status::Skipped, Some("CLI-001".to_owned()));
    let root = ("CLI-001", Status::Fail, None);
    assert_eq!(
        judged(&Facts::default(), &["cli-003"]),
        [root, skipped.clone()]
    );
    let selection = Selection::new(REGISTRY, &words(&["cli-003"]), &words(&["CLI-001"]));
    let entries = selection
        .expect("known words")
        .judge(&Facts::default(), &BTreeMap::new());
    assert_eq!(entries.len(), 1, "skipped by name: {entries:?}");
}

#[test]
fn a_lost_area_is_not_healthy() {
    let lose = |lost: Lost| Facts {
        lost: BTreeMap::from([(Area::Terminal, lost)]),
        ..Facts::default()
    };
    assert_eq!(
        judged(&lose(Lost::TimedOut), &["TTY-001"]),
        [("TTY-001", Status::TimedOut, None)]
    );
    assert_eq!(
        judged(&lose(Lost::Broken("b".to_owned())), &["TTY-001"]),
        [("TTY-001", Status::Broken, None)]
    );
}

#[test]
fn one_verdict_one_code() {
    let facts = |reason| Facts {
        probe: Probe {
            state: ProbeState::Asked(Box::new(Verdict::of(reason, "h"))),
            ..Probe::default()
        },
        ..Facts::default()
    };
    assert_eq!(
        judged(&facts(Reason::InvalidKey), &["api"]),
        [
            ("API-001", Status::Skipped, Some("API-002".to_owned())),
            ("API-002", Status::Fail, None),
        ]
    );
    assert_eq!(
        judged(&facts(Reason::Works), &["API-001"]),
        [("API-001", Status::Pass, None)]
    );
}

#[test]
fn areas_follow_the_needs() {
    let areas = |only: &[&str], skip: &[&str]| {
        Selection::new(REGISTRY, &words(only), &words(skip))
            .expect("known words")
            .areas()
    };
    assert_eq!(areas(&["CLI-003"], &[]), BTreeSet::from([Area::Claude]));
    assert_eq!(
        areas(&["API-001"], &[]),
        BTreeSet::from([
            Area::Terminal,
            Area::Probe,
            Area::Environment,
            Area::Home,
            Area::Credentials,
            Area::Endpoint,
            Area::ClaudeCode,
            Area::Aws,
        ])
    );
    assert!(!areas(&[], &["api"]).contains(&Area::Probe));
}

#[test]
fn unknown_words_get_the_nearest() {
    let hint = |word: &str| {
        let error = Selection::new(REGISTRY, &words(&[word]), &[])
            .err()
            .expect("refused");
        assert_eq!(error.exit().code(), 64);
        error.hint_text().expect("a hint").to_owned()
    };
    assert_eq!(hint("API-02"), "Did you mean `API-002`?");
    assert_eq!(hint("CLI001"), "Did you mean `CLI-001`?");
    assert_eq!(hint("evn"), "Did you mean `env`?");
    assert!(hint("something").contains("doctor list"));
    let nothing = Selection::new(REGISTRY, &words(&["cli"]), &words(&["CLI"]));
    assert!(nothing.is_err());
}

#[test]
fn the_registry_is_a_graph_without_cycles() {
    let registry = crate::doctor::checks::ALL;
    let find = |code: &str| registry.iter().find(|check| check.meta.code == code);
    let mut codes = BTreeSet::new();
    for check in registry {
        assert!(codes.insert(check.meta.code), "{} twice", check.meta.code);
        assert!(
            check
                .meta
                .code
                .to_ascii_lowercase()
                .starts_with(check.meta.category.id()),
            "{} is not of its category",
            check.meta.code
        );
        for need in check.meta.needs {
            assert!(find(need).is_some(), "{} needs {need}", check.meta.code);
        }
        let mut open = check.meta.needs.to_vec();
        for _ in 0..1000 {
            let Some(code) = open.pop() else { break };
            assert_ne!(code, check.meta.code, "{code} needs itself");
            open.extend(find(code).into_iter().flat_map(|check| check.meta.needs));
        }
        assert!(open.is_empty(), "a cycle behind {}", check.meta.code);
    }
}
