//! Credentials that compete: the finding shows which one wins.

use serde_json::Value;

use super::{check, examine, machine, private};
use crate::support::machine::key;

const LOGIN: &str = r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-AAAAAAAAAAAA","refreshToken":"sk-ant-ort01-AAAAAAAAAAAA","expiresAt":4100000000000,"refreshTokenExpiresAt":4100000000000,"scopes":["user:inference"],"subscriptionType":"max"}}"#;

#[test]
fn the_table_is_part_of_the_report() {
    let machine = machine("works")
        .with("ANTHROPIC_API_KEY", &key("x"))
        .with("SHELL", "/bin/bash");
    machine.write(".bashrc", "export ANTHROPIC_API_KEY=made-up\n");
    let login = machine.write(".claude/.credentials.json", LOGIN);
    private(&login, 0o600);
    for arguments in [&["--offline"][..], &["--offline", "--only", "ENV-001"]] {
        let (document, text) = examine(&machine, arguments);
        let found = check(&document, "ENV-001");
        assert_eq!(found["status"], "warn", "{}", text.stdout);
        let answer = &found["why"];
        assert_eq!(answer["consumer"], "claude-code");
        assert_eq!(answer["winner"], "ANTHROPIC_API_KEY");
        let own = machine.run(&["why", "claude-code", "--json"]).json();
        assert_eq!(*answer, own["answers"][0], "the same answer as `why`");
        let rows: Vec<&str> = text
            .stdout
            .lines()
            .skip_while(|line| !line.contains("Claude Code takes the first of these"))
            .skip(1)
            .take(3)
            .map(str::trim)
            .collect();
        assert!(rows[0].starts_with("Source"), "{}", text.stdout);
        assert!(rows[1].starts_with("1  ANTHROPIC_API_KEY"), "{rows:?}");
        assert!(rows[1].contains("~/.bashrc:1"), "{rows:?}");
        assert!(rows[1].ends_with("in use"), "{rows:?}");
        assert!(rows[2].starts_with("2  login"), "{rows:?}");
    }
    let arguments = ["doctor", "--offline", "--format", "markdown"];
    let text = machine.run(&arguments).stdout;
    let row = "environment, \\~/.bashrc:1 | in use |";
    assert!(text.contains(row), "{text}");
}

#[test]
fn a_machine_without_a_conflict_has_no_table() {
    let machine = machine("works");
    let (document, text) = examine(&machine, &["--offline"]);
    assert_eq!(check(&document, "ENV-001")["why"], Value::Null);
    assert!(!text.stdout.contains("takes the first"), "{}", text.stdout);
}
