//! Order and judgement; what the actions do to files is tested through the outside.

use jiff::Timestamp;

use super::choose::{Wanted, findings};
use super::verify::verify;
use super::*;
use crate::doctor::checks;
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::doctor::report::Entry;

fn report(outcomes: Vec<(&str, Outcome)>) -> Report {
    let entry = |(code, outcome)| {
        let check = checks::find(code).expect("a code");
        Entry::new(&check.meta, outcome, 0)
    };
    let entries = outcomes.into_iter().map(entry).collect();
    Report::new(Timestamp::UNIX_EPOCH, 0, entries, false)
}

fn found() -> Finding {
    Finding::new("it", "It is wrong.").remedy(Remedy::manual("Mend it"))
}

#[test]
fn causes_come_first_and_only_what_counts() {
    let report = report(vec![
        ("CLI-001", Outcome::Info(found())),
        ("CLI-003", Outcome::Warn(found())),
        ("CRED-001", Outcome::Fail(found())),
        ("ENV-001", Outcome::Pass),
        ("STORE-001", Outcome::Fail(found())),
        (
            "STORE-009",
            Outcome::Skipped {
                blocked_by: "STORE-001".to_owned(),
            },
        ),
    ]);
    let check = |codes: &[&str], expected: &[&str]| {
        let wanted = Wanted {
            consent: true,
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        };
        let order: Vec<&str> = findings(&report, &wanted)
            .iter()
            .flatten()
            .map(|chosen| chosen.entry.code)
            .collect();
        assert_eq!(order, expected, "{codes:?}");
    };
    check(&[], &["STORE-001", "CRED-001", "CLI-003"]);
    check(&["cli"], &["CLI-003", "CLI-001"]);
    check(&["CLI-001", "store"], &["STORE-001", "CLI-001"]);
    check(&["ENV-001"], &[]);
}

#[test]
fn unknown_is_not_cleared() {
    let before = report(vec![("CRED-001", Outcome::Fail(found()))]);
    let fix = |verify: &[&str]| Fix {
        code: "CRED-001",
        subject: "it".to_owned(),
        summary: "It is wrong.".to_owned(),
        title: "Mend it".to_owned(),
        safety: Safety::Safe,
        verify: verify.iter().map(|code| (*code).to_owned()).collect(),
        undoable: true,
        then: Vec::new(),
    };
    let check = |outcome: Outcome, cleared: bool| {
        let after = report(vec![("CRED-001", outcome)]);
        let verified = verify(&[fix(&["CRED-001"]), fix(&[])], &before, &after);
        let codes: Vec<(&str, bool)> = verified
            .iter()
            .map(|one| (one.code.as_str(), one.cleared))
            .collect();
        assert_eq!(codes, [("CRED-001", cleared)]);
    };
    check(Outcome::Pass, true);
    check(Outcome::Info(found()), true);
    check(Outcome::Warn(found()), false);
    check(Outcome::Fail(found()), false);
    check(Outcome::TimedOut, false);
    let why = "nothing is stored yet".to_owned();
    check(Outcome::NotApplicable { why }, true);
    let elsewhere = verify(&[fix(&["API-001"])], &before, &report(Vec::new()));
    assert!(elsewhere.iter().all(|one| !one.cleared), "not looked at");
}
