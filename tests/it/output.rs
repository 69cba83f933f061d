//! What leaves the program: failing writes, closed pipes, colours, errors as JSON, and names from
//! outside on the screen.

use crate::support::machine::{KEYWRIGHT, Machine};

/// Commands that report and need nothing to be there.
const REPORTS: &[&[&str]] = &[
    &["--version"],
    &["--help"],
    &["help"],
    &["help", "exit-codes"],
    &["help", "exec"],
    &["env", "--shell", "sh", "--unset"],
];

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_74() {
    for arguments in REPORTS {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("the full device");
        let output = Machine::new()
            .command(KEYWRIGHT)
            .args(*arguments)
            .stdout(full)
            .output()
            .expect("keywright starts");
        assert_eq!(output.status.code(), Some(74), "{arguments:?}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in REPORTS {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = Machine::new()
            .command(KEYWRIGHT)
            .args(*arguments)
            .stdout(writer)
            .output()
            .expect("keywright starts");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {output:?}");
    }
}

#[test]
fn one_rule_decides_about_colour() {
    let check = |variables: &[(&str, &str)], flags: &[&str], expected: bool| {
        let mut machine = Machine::new();
        for (name, value) in variables {
            machine.set(name, value);
        }
        let mut arguments = flags.to_vec();
        arguments.extend(["help", "exec"]);
        let ended = machine.run(&arguments);
        assert_eq!(ended.code, 0, "{ended:?}");
        let colored = ended.stdout.contains('\u{1b}');
        assert_eq!(colored, expected, "{variables:?} {flags:?}");
    };
    check(&[], &[], false);
    check(&[("FORCE_COLOR", "1")], &[], true);
    check(&[("FORCE_COLOR", "0")], &[], false);
    check(&[("CLICOLOR_FORCE", "1")], &[], true);
    check(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false);
    check(&[("NO_COLOR", "1")], &["--color", "always"], true);
    check(&[("FORCE_COLOR", "1")], &["--color=never"], false);
}

#[test]
fn an_error_is_the_same_in_json() {
    let machine = Machine::new();
    let cases: &[(&[&str], &str)] = &[
        (&["nonsense"], "usage"),
        (&["help", "nonsense"], "usage"),
        (&["exec"], "usage"),
        (&["exec", "--", "true"], "usage"),
        (&["env", "--shell", "nonsense"], "usage"),
        (&["env", "--unset"], "usage"),
    ];
    for (arguments, code) in cases {
        let mut arguments = arguments.to_vec();
        arguments.insert(0, "--json");
        let ended = machine.run(&arguments);
        assert_eq!(ended.code, 64, "{arguments:?}: {ended:?}");
        let document = ended.json();
        assert_eq!(document["schemaVersion"], 1);
        assert_eq!(document["error"]["code"], *code, "{arguments:?}");
        assert!(document["error"]["message"].is_string());
        for key in ["hint", "requestId", "path", "missing"] {
            assert!(document["error"].get(key).is_some(), "{key}: {document}");
        }
    }
}

#[test]
fn hostile_names_are_shown_harmless() {
    let machine = Machine::new();
    let hostile = "\u{1b}]0;owned\u{7}\u{202e}x\r\n::error::y";
    let cases: &[&[&str]] = &[
        &["help", hostile],
        &[hostile],
        &["--agent", hostile, "env"],
        &["env", "--profile", hostile],
        &["exec", "--profile", hostile, "--", "true"],
    ];
    for arguments in cases {
        let ended = machine.run(arguments);
        assert_eq!(ended.code, 64, "{arguments:?}: {ended:?}");
        let harmful = |c: char| c != '\n' && c.is_control() || c == '\u{202e}';
        assert!(!ended.stderr.contains(harmful), "{:?}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{:?}", ended.stdout);
        let injected = ended.stderr.lines().any(|line| line.starts_with("::"));
        assert!(!injected, "{:?}", ended.stderr);
    }
}

/// The help of every command says what the command is for, in the words of the list above it.
#[test]
fn help_says_what_a_command_is_for() {
    let machine = Machine::new();
    let mut seen = 0;
    let mut below = vec![Vec::<String>::new()];
    while let Some(path) = below.pop() {
        let ended = machine.run(&[path.as_slice(), &["--help".to_owned()]].concat());
        assert_eq!(ended.code, 0, "{path:?}");
        let first = ended.stdout.lines().next().unwrap_or_default();
        assert!(
            !first.is_empty() && !first.contains("rguments of"),
            "{path:?}: {first}"
        );
        seen += 1;
        let listed = ended.stdout.split("Commands:\n").nth(1).unwrap_or_default();
        for line in listed.lines().take_while(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix("  ").filter(|l| !l.starts_with(' ')) {
                let name = name.split(' ').next().unwrap_or_default();
                if name != "help" || path.is_empty() {
                    below.push([path.clone(), vec![name.to_owned()]].concat());
                }
            }
        }
    }
    assert!(seen > 15, "only {seen} commands");
}

#[test]
fn a_time_that_is_none_is_refused() {
    let check = |value: &str, code: i32| {
        let machine = Machine::new().with("KEYWRIGHT_NOW", value);
        let ended = machine.run(&["history"]);
        assert_eq!(ended.code, code, "{value} {ended:?}");
        assert_eq!(ended.stderr.contains("KEYWRIGHT_NOW"), code != 0);
    };
    check("", 0);
    check("2026-11-20T12:00:00Z", 0);
    check("tomorrow", 64);
    check("2026-11-20", 64);
}
