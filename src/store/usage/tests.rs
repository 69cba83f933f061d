#![expect(
    clippy::disallowed_methods,
    reason = "tests write what a program would read"
)]

use super::*;
use crate::system::Environment;

struct Scratch {
    system: System,
    home: Home,
    agent: Name,
    _folder: tempfile::TempDir,
}

const NOW: i64 = 1_795_255_200_000;

fn scratch() -> Scratch {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let root = folder.path().join("k").display().to_string();
    let variables = [
        ("KEYWRIGHT_HOME", root.as_str()),
        ("KEYWRIGHT_NOW", "2026-11-21T10:00:00Z"),
    ];
    let environment = Environment::of(variables, "/");
    Scratch {
        home: Home::locate(None, &environment).expect("named"),
        system: System::with_environment(environment),
        agent: Name::parse("main").expect("a name"),
        _folder: folder,
    }
}

fn id(text: &str) -> ProfileId {
    ProfileId::parse(text).expect("an id")
}

impl Scratch {
    fn usage(&self) -> Usage {
        Usage::read(&self.system, &self.home)
    }

    fn write(&self, text: &str) {
        std::fs::create_dir_all(self.home.state()).expect("a folder");
        std::fs::write(self.home.usage(), text).expect("a file");
    }

    fn note(&self, name: &str, outcome: Outcome) {
        let outcomes = [(id(name), outcome)];
        note_outcomes(&self.system, &self.home, &self.agent, &outcomes).expect("noted");
    }

    fn pause(&self, name: &str) -> Option<(PauseKind, i64, String)> {
        let pause = self.usage().pause(&self.agent, &id(name), NOW)?;
        Some((pause.kind, pause.until - NOW, pause.reason))
    }
}

#[test]
fn reading_creates_nothing() {
    let scratch = scratch();
    assert_eq!(scratch.usage(), Usage::default());
    let ids = [id("anthropic:a")];
    let none = reset(&scratch.system, &scratch.home, &scratch.agent, &ids).expect("nothing");
    assert!(none.is_empty());
    assert!(!scratch.home.root().exists());
}

#[test]
fn uses_pauses_and_their_end() {
    let scratch = scratch();
    let (a, b) = ("anthropic:a", "anthropic:b");
    note_used(&scratch.system, &scratch.home, &scratch.agent, &[id(a)]).expect("noted");
    let usage = scratch.usage();
    assert_eq!(usage.last_used(&scratch.agent, &id(a)), Some(NOW));
    assert_eq!(usage.last_used(&scratch.agent, &id(b)), None);
    let other = Name::parse("bot").expect("a name");
    assert_eq!(usage.last_used(&other, &id(a)), None);

    let limited = Failure::RateLimit { retry_after: None };
    scratch.note(a, Outcome::Failed(limited));
    scratch.note(a, Outcome::Failed(limited));
    scratch.note(b, Outcome::Failed(Failure::Billing));
    let cooldown = (PauseKind::Cooldown, 60_000, "rate_limit".to_owned());
    assert_eq!(scratch.pause(a), Some(cooldown));
    let disabled = (PauseKind::Disabled, 600_000, "billing".to_owned());
    assert_eq!(scratch.pause(b), Some(disabled));
    let usage = scratch.usage();
    let until = |now| usage.cooldown_until(&scratch.agent, &id(a), now);
    assert_eq!(
        [until(NOW), until(NOW + 60_000)],
        [Some(NOW + 60_000), None]
    );

    scratch.note(a, Outcome::Worked);
    assert_eq!(scratch.pause(a), None);
    let both = [id(a), id(b)];
    let ended = reset(&scratch.system, &scratch.home, &scratch.agent, &both).expect("reset");
    assert_eq!(ended, [id(b)]);
    assert_eq!(scratch.pause(b), None);
    assert_eq!(scratch.usage().last_used(&scratch.agent, &id(a)), Some(NOW));
}

#[test]
fn unknown_fields_survive() {
    let scratch = scratch();
    scratch.write(
        r#"{"version":1,"z":1,"agents":{"x":2,"main":{"anthropic:a":{"y":3,"cooldownUntil":"soon"}}}}"#,
    );
    assert_eq!(scratch.pause("anthropic:a"), None);
    note_used(
        &scratch.system,
        &scratch.home,
        &scratch.agent,
        &[id("anthropic:a")],
    )
    .expect("noted");
    let text = std::fs::read_to_string(scratch.home.usage()).expect("there");
    let found: Value = serde_json::from_str(&text).expect("JSON");
    let expected = json!({"version": 1, "z": 1, "agents": {"x": 2, "main": {"anthropic:a":
        {"y": 3, "cooldownUntil": "soon", "lastUsed": NOW}}}});
    assert_eq!(found, expected);
}

#[test]
fn what_is_broken_is_told_and_begun_anew() {
    for (text, said) in [
        ("{", "is not valid JSON (line 1)"),
        ("[]", "is no JSON object"),
        (r#"{"version":"hunter"}"#, "has a version that is no number"),
    ] {
        let scratch = scratch();
        scratch.write(text);
        let usage = scratch.usage();
        let problem = usage.problem().expect("told");
        assert!(problem.ends_with(said), "{problem}");
        scratch.note("anthropic:a", Outcome::Failed(Failure::Auth));
        assert!(scratch.pause("anthropic:a").is_some());
        assert_eq!(scratch.usage().problem(), None);
    }
}

#[test]
fn a_newer_version_stays() {
    let scratch = scratch();
    let text = r#"{"version":2}"#;
    scratch.write(text);
    assert!(scratch.usage().problem().is_some());
    let ids = [id("anthropic:a")];
    let refused = note_used(&scratch.system, &scratch.home, &scratch.agent, &ids);
    assert_eq!(refused.map_err(|e| e.kind()), Err(Kind::Malformed));
    let after = std::fs::read_to_string(scratch.home.usage()).expect("there");
    assert_eq!(after, text);
}
