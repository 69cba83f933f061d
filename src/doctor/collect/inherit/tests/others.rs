//! Jobs, property lists, and files that hold secrets.

use std::path::Path;

use super::{Machine, UNIT};
use crate::doctor::facts::{Program, Readers};
use crate::system::Platform;

#[test]
fn cron_jobs() {
    let machine = Machine::new(&[
        (
            "etc/cron.d/claude",
            "ANTHROPIC_API_KEY=abc\n5 * * * * u cd /x; claude -p hi\nAWS_PROFILE=late\n6 * * * * u backup\n7 * * * * u bash -lc 'openclaw run'\n",
        ),
        (
            "var/spool/cron/crontabs/u",
            "@daily AWS_PROFILE=x keywright exec -- claude -p\n",
        ),
        ("etc/environment", "CLAUDE_CONFIG_DIR=/c\n"),
    ]);
    let found = machine.look(None).services;
    let told: Vec<_> = found
        .iter()
        .map(|s| {
            (
                s.name.as_str(),
                s.program,
                s.settings.len(),
                s.asks_login_shell,
                s.asks_keywright,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/etc/cron.d/claude:2", Program::Claude, 2, false, false),
            ("/etc/cron.d/claude:5", Program::OpenClaw, 3, true, false),
            (
                "/var/spool/cron/crontabs/u:1",
                Program::Claude,
                2,
                false,
                true
            ),
        ]
    );
}

#[test]
fn services_of_launchd() {
    let list = "<plist><dict><key>Label</key><string>ai.openclaw.gateway</string><key>EnvironmentVariables</key><dict><key>ANTHROPIC_API_KEY</key><string>abc</string></dict></dict></plist>";
    let mut machine = Machine::new(&[
        ("home/Library/LaunchAgents/ai.openclaw.gateway.plist", list),
        (
            "home/Library/LaunchAgents/com.example.plist",
            "<plist><dict></dict></plist>",
        ),
        ("Library/LaunchDaemons/com.claude.helper.plist", "bplist00"),
        (UNIT, "[Service]\n"),
    ]);
    machine.platform = Platform::MacOs;
    let found = machine.look(None).services;
    let told: Vec<_> = found
        .iter()
        .map(|s| {
            (
                s.name.as_str(),
                s.program,
                s.settings.len(),
                s.problems.len(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ai.openclaw.gateway", Program::OpenClaw, 1, 0),
            ("com.claude.helper", Program::Claude, 0, 1),
        ]
    );
    let found = machine.look(Some("com.example")).services;
    assert!(found.iter().any(|service| service.asked));
    assert!(super::super::service(&machine.system(), "com.none").is_err());
}

#[cfg(unix)]
#[test]
fn files_that_others_read() {
    use std::os::unix::fs::PermissionsExt;
    let key = format!("sk-ant-api03-{}", "A".repeat(95));
    let machine = Machine::new(&[
        ("home/.bashrc", &format!("export ANTHROPIC_API_KEY={key}\n")),
        ("home/.openclaw/.env", &format!("ANTHROPIC_API_KEY={key}\n")),
        (
            "home/.env",
            "ANTHROPIC_API_KEY=your-key-here-0000000000\nAWS_PROFILE=x\n",
        ),
        ("home/.git", "gitdir: ../repository\n"),
        ("repository/index", "no index"),
    ]);
    let mode = |path: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(machine.path(path), permissions).expect("mode");
    };
    mode("home/.bashrc", 0o644);
    mode("home/.openclaw/.env", 0o600);
    let readers = |machine: &Machine| -> Vec<_> {
        let found = machine.look(None).holders;
        found
            .iter()
            .map(|h| (machine.short(&h.path), h.readable_by, h.tracked))
            .collect()
    };
    // The scratch folder itself lets nobody through.
    mode("", 0o700);
    let expected = |of_bashrc| {
        [
            ("home/.bashrc".to_owned(), of_bashrc, None),
            ("home/.openclaw/.env".to_owned(), Readers::Nobody, None),
        ]
    };
    assert_eq!(readers(&machine), expected(Readers::Nobody));
    mode("", 0o755);
    mode("home", 0o755);
    // Where scratch folders are private, nobody gets that far.
    let above = machine.folder.path().ancestors().skip(1);
    let open = above
        .map(|folder| folder.metadata().expect("metadata").permissions().mode())
        .all(|mode| mode & 0o001 != 0);
    let everyone = if open {
        Readers::Everyone
    } else {
        Readers::Nobody
    };
    assert_eq!(readers(&machine), expected(everyone));
    let found = machine.look(None).holders;
    let text = serde_json::to_string(&found).expect("facts serialize");
    assert!(!text.contains("AAAAA"), "{text}");
    assert!(
        found[0]
            .work_tree
            .as_deref()
            .is_some_and(|tree| Path::new(tree) == machine.path("home"))
    );
}
