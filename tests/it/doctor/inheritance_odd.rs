//! Services and files that are odd, or full of secrets.

use super::inheritance::{GATEWAY, START, machine, with_unit};
use super::{examine, status};
use crate::support::machine::Machine;

/// A machine with a different secret in each of sixteen places.
fn seeded() -> Machine {
    let canary = |number: usize| format!("sk-ant-api03-CANARY{number:02}{}", "z".repeat(80));
    let machine = Machine::new()
        .with("SHELL", "/bin/bash")
        .with("ANTHROPIC_API_KEY", &canary(0));
    let unit = format!(
        "{START}Environment=ANTHROPIC_API_KEY={}\nEnvironment=ANTHROPIC_API_KEY={}\nSetCredential=key:{}\nSetCredential={}\nExecStart=\nExecStart=/usr/bin/env ANTHROPIC_AUTH_TOKEN={} openclaw\nEnvironmentFile=-%h/{}\nEnvironmentFile=%h/e.env\nUnsetEnvironment=ANTHROPIC_AUTH_TOKEN={}\n",
        canary(1),
        canary(2),
        canary(3),
        canary(4),
        canary(5),
        "missing.env",
        canary(6),
    );
    machine.write(GATEWAY, &unit);
    machine.write(
        "e.env",
        &format!(
            "export ANTHROPIC_API_KEY={}\n{}\nAWS_SECRET_ACCESS_KEY='{}\n",
            canary(7),
            canary(8),
            canary(9)
        ),
    );
    machine.write(
        ".openclaw/.env",
        &format!("ANTHROPIC_API_KEY={}\n", canary(10)),
    );
    machine.write(
        ".openclaw/openclaw.json",
        &format!("{{env: {{vars: {{ANTHROPIC_API_KEY: '{}'}}}}}}", canary(11)),
    );
    machine.write(
        ".bashrc",
        &format!("export ANTHROPIC_API_KEY={}; {}\n", canary(12), canary(13)),
    );
    machine.program(
        "crontab",
        &format!(
            "echo '* * * * * ANTHROPIC_API_KEY={} claude -p {}'",
            canary(14),
            canary(15)
        ),
    );
    machine
}

#[test]
fn no_place_gives_its_secret_away() {
    let machine = seeded();
    for arguments in [
        &["--json"][..],
        &[],
        &["--json", "--deep", "--service", "openclaw-gateway"],
    ] {
        let start = ["doctor", "--offline", "--only", "ENV-006,ENV-010"];
        let arguments: Vec<&str> = start.iter().chain(arguments).copied().collect();
        let ended = machine.run(&arguments);
        assert!(
            ended.stdout.contains("openclaw-gateway.service"),
            "{ended:?}"
        );
        assert!(
            !ended.stdout.contains("CANARY") && !ended.stderr.contains("CANARY"),
            "{ended:?}"
        );
    }
}

#[test]
fn a_bundle_tells_the_same() {
    let machine = seeded();
    let path = machine.folder().join("bundle.json");
    let path = path.to_str().expect("text");
    let wanted = ["doctor", "--offline", "--only", "ENV-006,ENV-010", "--json"];
    let wrote = [
        &wanted[..],
        &["--service", "openclaw-gateway", "--bundle", path],
    ]
    .concat();
    let ended = machine.run(&wrote);
    let text = std::fs::read_to_string(path).unwrap_or_else(|_| panic!("no bundle: {ended:?}"));
    assert!(text.contains("openclaw-gateway.service") && !text.contains("CANARY"));
    let again = machine.run(&["doctor", "--from", path, "--json"]);
    for code in ["ENV-006", "ENV-010"] {
        let (first, second) = (ended.json(), again.json());
        assert_eq!(status(&first, code), status(&second, code), "{code}");
    }
    let both = machine.run(&["doctor", "--from", path, "--service", "openclaw-gateway"]);
    assert_eq!(both.code, 64, "{both:?}");
}

#[test]
fn odd_files_do_no_harm() {
    let machine = machine();
    std::fs::create_dir_all(machine.home().join(GATEWAY)).expect("a folder in its place");
    let (document, _) = examine(&machine, &["--offline", "--only", "env"]);
    assert_eq!(status(&document, "ENV-010"), "not_applicable");
    let machine =
        with_unit("Environment=\"ANTHROPIC_API_KEY=\nEnvironmentFile=-%h/pipe\nnonsense\n[[[\n");
    let pipe = machine.home().join("pipe");
    let made = std::process::Command::new("/usr/bin/mkfifo")
        .arg(&pipe)
        .status();
    if made.is_ok_and(|status| status.success()) {
        let ended = machine.run(&["doctor", "--offline", "--only", "ENV-010"]);
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    let machine = with_unit("EnvironmentFile=%h/\u{1b}[31mred.env\n");
    let ended = machine.run(&["doctor", "--offline", "--only", "ENV-010"]);
    assert!(!ended.stdout.contains('\u{1b}'), "{}", ended.stdout);
}
