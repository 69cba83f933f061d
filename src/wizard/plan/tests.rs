//! Plans as tables: what is there, what is wanted, the diff.

use super::*;
use crate::store::SecretSource;

const OLD: &str = "sk-ant-api03-OLDOLDOLDOLDOLDOLDOLDOLD0001";
const NEW: &str = "sk-ant-api03-NEWNEWNEWNEWNEWNEWNEWNEW0002";

fn snapshot(store: Option<&str>, config: Option<&str>, env: Option<&str>) -> Snapshot {
    let state = |name: &str, text: Option<&str>| TargetState {
        path: PathBuf::from(name),
        text: text.map(|text| Zeroizing::new(text.to_owned())),
        mode: if text.is_some() { 0o600 } else { 0 },
    };
    let targets = [
        (Target::Store, state("store", store)),
        (Target::Config, state("config", config)),
        (Target::EnvFile, state("env", env)),
    ];
    Snapshot {
        targets: targets.into(),
    }
}

fn id(text: &str) -> ProfileId {
    ProfileId::parse(text).expect("a profile id")
}

fn put(profile: &str, key: &str) -> Effect {
    Effect::PutCredential {
        profile: id(profile),
        credential: Credential::ApiKey {
            key: SecretSource::Stored(Secret::new(key)),
        },
        base_url: None,
        lifetime: None,
        verified: true,
    }
}

fn write_env(key: &str) -> Effect {
    Effect::WriteEnv {
        name: "ANTHROPIC_API_KEY".to_owned(),
        value: Secret::new(key),
        profile: id("anthropic:default"),
    }
}

/// The diff in one string per line, files by their names.
fn diff(effects: &[Effect], snapshot: &Snapshot) -> Vec<String> {
    let plan = plan(effects, snapshot).expect("a plan");
    let mut lines = Vec::new();
    for change in &plan.changes {
        let mode = change.mode.map_or(String::new(), |(before, after)| {
            format!(" {before:o}->{after:o}")
        });
        lines.push(format!("{}{mode}", change.path.display()));
        for line in &change.lines {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            let (before, after) = (value(&line.before), value(&line.after));
            lines.push(format!("{:?} {}: {before} -> {after}", line.sign, line.key));
        }
    }
    lines
}

fn seen(key: &str) -> String {
    shown(&Secret::new(key))
}

fn stored(key: &str) -> String {
    format!(
        r#"{{"version": 1, "profiles": {{"anthropic:default": {{"type": "api_key", "provider": "anthropic", "key": "{key}", "mine": 1}}}}}}"#
    )
}

#[test]
fn a_first_key() {
    let effects = [
        put("anthropic:default", NEW),
        Effect::SetDefault {
            model: "claude-x".to_owned(),
        },
        write_env(NEW),
    ];
    let new = seen(NEW);
    assert_eq!(
        diff(&effects, &snapshot(None, None, None)),
        [
            "store 0->600".to_owned(),
            format!("Added profiles.anthropic:default: - -> api_key {new}"),
            "config 0->600".to_owned(),
            "Added agents.defaults.model.primary: - -> claude-x".to_owned(),
            "env 0->600".to_owned(),
            format!("Added ANTHROPIC_API_KEY: - -> {new}, managed as anthropic:default"),
        ]
    );
}

#[test]
fn a_replaced_key_takes_its_managed_line_along() {
    let mut file = crate::document::dotenv::DotEnv::parse("OTHER=1\n");
    file.set_managed("ANTHROPIC_API_KEY", &Secret::new(OLD), "anthropic:default")
        .expect("a variable");
    let managed = String::from_utf8(file.render().to_vec()).expect("text");
    let snapshot = snapshot(Some(&stored(OLD)), None, Some(&managed));
    let effects = [put("anthropic:default", NEW)];
    let (old, new) = (seen(OLD), seen(NEW));
    assert_eq!(
        diff(&effects, &snapshot),
        [
            "store".to_owned(),
            format!("Changed profiles.anthropic:default: api_key {old} -> api_key {new}"),
            "env".to_owned(),
            format!("Changed ANTHROPIC_API_KEY: {old} -> {new}"),
        ],
    );
    let written = write(&effects, &snapshot, 1_795_200_000_000).expect("files");
    let text = |target| {
        let found = written.iter().find(|written| written.target == target);
        String::from_utf8(found.expect("written").bytes.to_vec()).expect("text")
    };
    let store = text(Target::Store);
    assert!(store.contains(NEW) && !store.contains(OLD), "{store}");
    assert!(store.contains("\"mine\": 1"), "{store}");
    assert!(store.contains("\"verifiedAt\": 1795200000000"), "{store}");
    let env = text(Target::EnvFile);
    assert!(env.contains(NEW) && !env.contains(OLD), "{env}");
    assert!(env.starts_with("OTHER=1\n"), "{env}");
}

#[test]
fn nothing_to_do() {
    let config = "{ agents: { defaults: { model: { primary: 'claude-x' } } } } // mine";
    let snapshot = snapshot(Some(&stored(NEW)), Some(config), None);
    let effects = [
        put("anthropic:default", NEW),
        Effect::SetDefault {
            model: "claude-x".to_owned(),
        },
    ];
    let plan = plan(&effects, &snapshot).expect("a plan");
    assert!(plan.is_empty(), "{plan:?}");
    assert!(write(&effects, &snapshot, 1).expect("files").is_empty());
}

#[test]
fn removal_order_and_mode() {
    let mut open = snapshot(Some(&stored(OLD)), Some("{}"), None);
    let old = seen(OLD);
    let remove = Effect::RemoveCredential {
        profile: id("anthropic:default"),
    };
    assert_eq!(
        diff(&[remove], &open),
        [
            "store".to_owned(),
            format!("Removed profiles.anthropic:default: api_key {old} -> -"),
        ]
    );
    let order = [
        put("anthropic:work", NEW),
        Effect::SetOrder {
            profile: id("anthropic:work"),
        },
    ];
    assert_eq!(
        diff(&order, &open)[2],
        "Added order.anthropic: - -> anthropic:work, anthropic:default"
    );
    if let Some(config) = open.targets.get_mut(&Target::Config) {
        config.mode = 0o644;
    }
    let mode = [Effect::SetMode {
        target: Target::Config,
    }];
    assert_eq!(diff(&mode, &open), ["config 644->600"]);
    let written = write(&mode, &open, 1).expect("files");
    assert_eq!(written[0].bytes.as_slice(), b"{}");
}

#[test]
fn a_plan_shows_no_secret() {
    let snapshot = snapshot(Some(&stored(OLD)), None, None);
    let plan = plan(&[put("anthropic:default", NEW), write_env(NEW)], &snapshot).expect("a plan");
    let shown = format!("{plan:?} {snapshot:?}");
    for secret in [OLD, NEW] {
        assert!(!shown.contains(&secret[13..]), "{shown}");
    }
}

#[test]
fn a_target_that_cannot_be_understood_stops_everything() {
    let model = Effect::SetDefault {
        model: "a".to_owned(),
    };
    let effects = [put("anthropic:default", NEW), model];
    for (store, config) in [(Some("{"), None), (None, Some("{ a: }"))] {
        let snapshot = snapshot(store, config, None);
        assert!(plan(&effects, &snapshot).is_err());
    }
    // Only what is written must be understood.
    let broken = snapshot(None, Some("{ a: }"), None);
    let plan = plan(&effects[..1], &broken).expect("a plan");
    assert_eq!(plan.changes.len(), 1);
}

#[test]
fn old_forms_of_the_configuration_go_with_a_change() {
    let old = "{ agents: { defaults: { model: 'a' } }, env: { A: 'x' } }";
    let model = |name: &str| {
        [Effect::SetDefault {
            model: name.to_owned(),
        }]
    };
    let snapshot = snapshot(None, Some(old), None);
    assert!(plan(&model("a"), &snapshot).expect("a plan").is_empty());
    let lines = diff(&model("b"), &snapshot);
    assert_eq!(lines[1], "Changed agents.defaults.model.primary: a -> b");
    assert_eq!(lines[2], "Changed env.A: Clawdbot's form -> the usual form");
}
