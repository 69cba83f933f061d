//! What the receipt and the words of the wizard tell to type.

use std::path::Path;

use serde_json::json;

use super::onboard;
use crate::support::keys::key;
use crate::support::machine::Machine;

/// Lines that name one of our commands and would not lead into the sandbox.
fn plain_commands(text: &str) -> Vec<&str> {
    let of_it = |line: &&str| {
        let rest = line.split("`keywright ").skip(1);
        let mut commands = rest.chain(line.trim().strip_prefix("keywright "));
        commands.any(|command| !command.starts_with("--sandbox") && !command.starts_with("sandbox"))
    };
    text.lines().filter(of_it).collect()
}

#[test]
fn words_of_the_sandbox_lead_into_the_sandbox() {
    let machine = Machine::new();
    for (key_of, more) in [
        ("works", &["--offline"][..]),
        ("revoked", &[]),
        ("works-too", &["--skip-probe", "-v"]),
        ("works-too", &["--skip-probe", "-v", "--replace"]),
    ] {
        let ended = onboard(&machine, &key(key_of), more);
        for text in [&ended.stdout, &ended.stderr] {
            assert_eq!(plain_commands(text), Vec::<&str>::new(), "{ended:?}");
        }
        assert!(format!("{ended:?}").contains("keywright --sandbox "));
    }
}

#[cfg(unix)]
#[test]
fn a_receipt_is_short_and_names_the_gateway() {
    let machine = Machine::new();
    let save = |more: &[&str]| {
        let given = [
            "onboard",
            "--non-interactive",
            "--offline",
            "--flow",
            "api-key",
        ];
        let path = machine.write("key", &crate::support::machine::key("x"));
        let path = path.display().to_string();
        let file = ["--replace", "--anthropic-api-key-file", &path];
        let ended = machine.run(&[&given[..], &file, more].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        ended
    };
    let text = save(&["--env-file=yes"]).stdout;
    let short = "stored   ~/.config/keywright/agents/main/auth-profiles.json (mode 0600)";
    assert!(text.contains(short), "{text}");
    assert!(text.contains("services ~/.config/keywright/.env"), "{text}");
    assert!(!text.contains("restart"), "{text}");

    let unit = "[Service]\nExecStart=/usr/bin/openclaw gateway\n";
    machine.write(".config/systemd/user/openclaw-gateway.service", unit);
    machine.write(".config/systemd/user/clawdbot-gateway.service", "");
    machine.write(".config/systemd/user/openclaw-canvas.service", unit);
    std::fs::remove_file(machine.store()).expect("a store");
    let restart = "systemctl --user restart openclaw-gateway.service";
    let text = save(&[]).stdout;
    assert!(text.contains(&format!("\n  {restart}\n")), "{text}");
    assert_eq!(text.matches("systemctl").count(), 1, "{text}");
    std::fs::remove_file(machine.store()).expect("a store");
    let receipt = save(&["--json"]).json();
    assert_eq!(receipt["restart"], json!([restart]));
    assert!(Path::new(receipt["path"].as_str().expect("a path")).is_absolute());
}
