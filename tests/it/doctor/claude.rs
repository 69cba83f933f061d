//! The `claude` programs of a machine.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{VERSION, check, examine, failed, machine, private, status, store};
use crate::support::machine::{Machine, key};

#[test]
fn two_programs_are_both_named() {
    let machine = machine("works");
    let second = machine.write(".local/bin/claude", &format!("#!/bin/sh\n{VERSION}\n"));
    private(&second, 0o755);
    let (document, _) = examine(&machine, &["--offline", "--only", "cli"]);
    assert_eq!(status(&document, "CLI-002"), "warn");
    let text = check(&document, "CLI-002").to_string();
    let first = machine.folder().join("bin/claude");
    for path in [&first, &second] {
        assert!(text.contains(&path.display().to_string()), "{text}");
    }
}

#[test]
fn the_same_program_twice_is_one() {
    let machine = machine("works");
    let folder = machine.home().join(".local/bin");
    std::fs::create_dir_all(&folder).expect("a folder");
    let program = machine.folder().join("bin/claude");
    std::os::unix::fs::symlink(program, folder.join("claude")).expect("a link");
    let (document, _) = examine(&machine, &["--offline", "--only", "cli"]);
    let text = check(&document, "CLI-002").to_string();
    assert!(!text.contains(".local/bin/claude"), "{text}");
}

#[test]
fn no_claude() {
    let machine = Machine::new();
    store(&machine, &key("x"));
    let (document, text) = examine(&machine, &["--offline", "--only", "cli"]);
    // A developer's machine may have one in a usual place that PATH does not name.
    assert_ne!(status(&document, "CLI-001"), "pass");
    assert_eq!(text.code, i32::from(!failed(&document).is_empty()));
}

#[test]
fn a_link_that_leads_nowhere_is_no_installation() {
    let machine = Machine::new();
    let folder = machine.home().join(".local/bin");
    std::fs::create_dir_all(&folder).expect("a folder");
    let link = folder.join("claude");
    std::os::unix::fs::symlink("claude", &link).expect("a circle");
    let (document, text) = examine(&machine, &["--offline", "--only", "CLI-001"]);
    let subject = &check(&document, "CLI-001")["finding"]["subject"];
    assert_ne!(subject, &link.display().to_string(), "{text:?}");
}

#[test]
fn a_claude_that_hangs_is_ended() {
    let machine = machine("works");
    let pid = machine.folder().join("pid");
    machine.program(
        "claude",
        &format!("echo $$ > '{}'\nexec sleep 600", pid.display()),
    );
    let started = Instant::now();
    let ended = machine.run(&[
        "doctor",
        "--offline",
        "--only",
        "cli",
        "--timeout",
        "1s",
        "--json",
    ]);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_ne!(ended.code, 0, "{ended:?}");
    let document = ended.json();
    assert!(
        ["fail", "timed_out"].contains(&status(&document, "CLI-003")),
        "{document:#}"
    );
    let pid = std::fs::read_to_string(pid).expect("it ran");
    assert!(
        !Path::new(&format!("/proc/{}", pid.trim())).exists(),
        "it still runs"
    );
}

#[test]
fn what_claude_says_cannot_reach_the_terminal() {
    let machine = machine("works");
    machine.program(
        "claude",
        "printf 'bad \\033[31m\\033]0;title\\007 thing\\n' >&2; exit 3",
    );
    let (document, text) = examine(&machine, &["--offline", "--only", "cli"]);
    assert_eq!(status(&document, "CLI-003"), "fail");
    assert!(text.stdout.contains("\\u{1b}"), "{}", text.stdout);
}

#[test]
fn credentials_are_not_handed_to_claude() {
    let seen = |name: &str| format!("echo \"{name}=${name}\" >> \"$HOME/seen\"");
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("x"));
    let names = ["ANTHROPIC_API_KEY", "HOME", "CLAUDE_CONFIG_DIR"];
    let lines: Vec<String> = names.iter().map(|name| seen(name)).collect();
    machine.program("claude", &format!("{}\n{VERSION}", lines.join("\n")));
    let _ = machine.run(&["doctor", "--offline", "--only", "cli"]);
    let home = machine.home().display().to_string();
    let seen = std::fs::read_to_string(machine.home().join("seen")).expect("it ran");
    assert_eq!(
        seen,
        format!("ANTHROPIC_API_KEY=\nHOME={home}\nCLAUDE_CONFIG_DIR={home}/.claude\n")
    );
}
