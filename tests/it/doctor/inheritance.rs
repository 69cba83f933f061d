//! What services get: user units in a scratch home, and files that others may read.

use super::{check, examine, private, status};
use crate::support::machine::{Machine, key};

const UNITS: &str = ".config/systemd/user";
pub const GATEWAY: &str = ".config/systemd/user/openclaw-gateway.service";
pub const START: &str = "[Service]\nExecStart=/usr/bin/node /opt/openclaw/dist/index.js gateway\n";
pub const ONLY: &[&str] = &["--offline", "--only", "ENV-010"];

/// A machine whose shell has a key.
pub fn machine() -> Machine {
    Machine::new()
        .with("SHELL", "/bin/bash")
        .with("ANTHROPIC_API_KEY", &key("aa"))
}

pub fn with_unit(text: &str) -> Machine {
    let machine = machine();
    machine.write(GATEWAY, &format!("{START}{text}"));
    machine
}

fn told(document: &serde_json::Value, code: &str) -> String {
    check(document, code)["finding"].to_string()
}

#[test]
fn nothing_is_said_where_there_is_no_service() {
    let (document, _) = examine(&machine(), ONLY);
    assert_eq!(status(&document, "ENV-010"), "not_applicable");
}

#[test]
fn a_gateway_that_lacks_the_key_gets_it_by_the_remedy() {
    let machine = with_unit("");
    let (document, text) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "warn");
    assert_eq!(
        check(&document, "ENV-010")["finding"]["subject"],
        "openclaw-gateway.service"
    );
    let restart =
        "systemctl --user daemon-reload && systemctl --user restart openclaw-gateway.service";
    assert!(text.stdout.contains(restart), "{}", text.stdout);

    // The second remedy writes the file that OpenClaw reads by itself; it needs no question.
    let remedies = &check(&document, "ENV-010")["finding"]["remedies"];
    let steps = |index: usize| -> Vec<String> {
        let steps = remedies[index]["steps"].as_array().expect("steps");
        let lines = steps.iter().filter_map(|step| step["command"].as_str());
        lines
            .filter(|line| !line.contains("systemctl"))
            .map(str::to_owned)
            .collect()
    };
    apply(&machine, &steps(1));
    let (document, _) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "pass", "{document:#}");

    // The first one makes a drop-in for our own file.
    std::fs::remove_file(machine.home().join(".openclaw/.env")).expect("removed");
    machine.write(
        ".config/keywright/.env",
        &format!("ANTHROPIC_API_KEY={}\n", key("aa")),
    );
    let own = steps(0)
        .into_iter()
        .filter(|line| !line.starts_with("keywright "));
    apply(&machine, &own.collect::<Vec<_>>());
    let (document, _) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "pass", "{document:#}");
}

#[test]
fn the_file_that_the_unit_names_is_filled() {
    let machine = with_unit("EnvironmentFile=-%h/gate way.env\n");
    let (document, text) = examine(&machine, ONLY);
    assert!(text.stdout.contains("is not there"), "{}", text.stdout);
    let steps = &check(&document, "ENV-010")["finding"]["remedies"][0]["steps"];
    let steps = steps.as_array().expect("steps").iter();
    let lines: Vec<String> = steps
        .filter_map(|step| step["command"].as_str())
        .filter(|line| !line.contains("systemctl"))
        .map(str::to_owned)
        .collect();
    apply(&machine, &lines);
    let file = machine.home().join("gate way.env");
    let mode = std::fs::metadata(&file).expect("it is there").permissions();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777,
        0o600
    );
    let (document, _) = examine(&machine, &["--offline", "--only", "ENV-006,ENV-010"]);
    assert_eq!(status(&document, "ENV-010"), "pass", "{document:#}");
    assert_eq!(status(&document, "ENV-006"), "pass", "{document:#}");
}

/// Types lines into the system's shell, as the user would.
fn apply(machine: &Machine, lines: &[String]) {
    assert!(!lines.is_empty());
    let mut shell = machine.command("/bin/sh");
    let ended = shell
        .env("PATH", "/usr/bin:/bin")
        .args(["-ec", &lines.join("\n")])
        .output()
        .expect("sh runs");
    assert!(ended.status.success(), "{lines:?}: {ended:?}");
}

#[test]
fn quoting_is_that_of_systemd() {
    let quoted = |line: &str| {
        let machine = with_unit("EnvironmentFile=%h/gate.env\n");
        machine.write("gate.env", line);
        let (document, _) = examine(&machine, ONLY);
        status(&document, "ENV-010").to_owned()
    };
    let value = key("aa");
    assert_eq!(quoted(&format!("ANTHROPIC_API_KEY={value}\n")), "pass");
    assert_eq!(quoted(&format!("ANTHROPIC_API_KEY = '{value}' \n")), "pass");
    assert_eq!(quoted(&format!("ANTHROPIC_API_KEY=\"{value}\"\n")), "pass");
    assert_eq!(
        quoted(&format!("ANTHROPIC_API_KEY={value} # mine\n")),
        "warn"
    );
    assert_eq!(
        quoted(&format!("export ANTHROPIC_API_KEY={value}\n")),
        "warn"
    );
    assert_eq!(quoted(&format!("#ANTHROPIC_API_KEY={value}\n")), "warn");
}

#[test]
fn what_a_unit_is_told_and_what_it_keeps() {
    let other = key("bb");
    for (text, expected) in [
        (
            format!("Environment=ANTHROPIC_API_KEY={}\n", key("aa")),
            "pass",
        ),
        (
            format!("Environment=\"ANTHROPIC_API_KEY={other}\"\n"),
            "has another",
        ),
        (
            format!(
                "Environment=ANTHROPIC_API_KEY={}\nUnsetEnvironment=ANTHROPIC_API_KEY\n",
                key("aa")
            ),
            "would not see",
        ),
        (
            "EnvironmentFile=/nonexistent/gate.env\n".to_owned(),
            "cannot start",
        ),
        ("LoadCredential=key:/nonexistent/key\n".to_owned(), "pass"),
    ] {
        let (document, _) = examine(&with_unit(&text), ONLY);
        match expected {
            "pass" => assert_eq!(status(&document, "ENV-010"), "pass", "{text}"),
            words => assert!(told(&document, "ENV-010").contains(words), "{document:#}"),
        }
    }
}

#[test]
fn one_service_by_its_name() {
    let machine = machine();
    machine.write(
        &format!("{UNITS}/own@.service"),
        "[Service]\nExecStart=/usr/bin/own\nEnvironmentFile=-%h/%i.env\n",
    );
    machine.write("work.env", &format!("ANTHROPIC_API_KEY={}\n", key("aa")));
    let (document, text) = examine(
        &machine,
        &["--offline", "--only", "ENV-010", "--service", "own@work"],
    );
    assert_eq!(status(&document, "ENV-010"), "info");
    assert!(text.stdout.contains("~/work.env:1"), "{}", text.stdout);
    let (document, _) = examine(
        &machine,
        &[
            "--offline",
            "--only",
            "ENV-010",
            "--service",
            "own@home.service",
        ],
    );
    assert_eq!(status(&document, "ENV-010"), "warn");

    let ended = machine.run(&["doctor", "--offline", "--service", "onw"]);
    assert_eq!(ended.code, 64);
    assert!(ended.stderr.contains(UNITS), "{}", ended.stderr);
    let ended = machine.run(&[
        "doctor",
        "--offline",
        "--service",
        "own@work",
        "--skip",
        "env",
        "--json",
    ]);
    assert_eq!(
        (ended.code, &ended.json()["error"]["code"]),
        (64, &"usage".into())
    );
    for odd in ["../x", "", "a/b"] {
        assert_eq!(
            machine.run(&["doctor", "--offline", "--service", odd]).code,
            64,
            "{odd}"
        );
    }
}

#[test]
fn start_up_files_are_told_from_this_process() {
    let mut machine = Machine::new().with("SHELL", "/bin/bash");
    machine.write(
        ".bashrc",
        &format!(
            "case $- in\n  *i*) ;;\n  *) return;;\nesac\nexport ANTHROPIC_API_KEY={}\n",
            key("bb")
        ),
    );
    let (document, text) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "info");
    assert!(
        text.stdout
            .contains("~/.bashrc:5 sets it for interactive shells;"),
        "{}",
        text.stdout
    );
    machine.set("ANTHROPIC_API_KEY", &key("aa"));
    let (document, _) = examine(&machine, ONLY);
    assert!(
        told(&document, "ENV-010").contains("has another"),
        "{document:#}"
    );
    machine.set("ANTHROPIC_API_KEY", &key("bb"));
    let (document, _) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "not_applicable");
}

#[test]
fn a_login_shell_runs_only_when_it_may() {
    let machine = machine();
    let mark = machine.home().join("ran");
    let shell = machine.program(
        "bash",
        &format!("echo noise\n: > {}\nexport ANTHROPIC_API_KEY={}\nshift; shift; PATH=/usr/bin:/bin; eval \"$1\"", mark.display(), key("bb")),
    );
    let mut machine = machine;
    machine.set("SHELL", &shell.display().to_string());
    let listed = machine.home().join("listed");
    machine.program("crontab", &format!(": > {}", listed.display()));
    let (_, _) = examine(&machine, ONLY);
    assert!(!mark.exists() && !listed.exists());
    let ended = machine.run(&[
        "doctor",
        "--offline",
        "--deep",
        "--only",
        "ENV-010",
        "--json",
    ]);
    assert!(mark.exists());
    assert!(
        ended.stderr.contains("Runs `") && ended.stderr.contains("once"),
        "{}",
        ended.stderr
    );
    assert!(
        told(&ended.json(), "ENV-010").contains("A login shell sets another"),
        "{ended:?}"
    );
    assert!(!ended.stdout.contains("AAAAAAAA"));
}

#[test]
fn a_file_that_others_may_read() {
    let machine = machine();
    let only = ["--offline", "--only", "ENV-006"];
    let env = machine.write(
        ".openclaw/.env",
        &format!("ANTHROPIC_API_KEY={}\n", key("aa")),
    );
    private(&env, 0o600);
    let (document, _) = examine(&machine, &only);
    assert_eq!(status(&document, "ENV-006"), "pass");
    private(&env, 0o644);
    for folder in env.ancestors().skip(1).take(3) {
        private(folder, 0o755);
    }
    let open = std::env::temp_dir();
    let open = open.ancestors().all(|folder| {
        use std::os::unix::fs::PermissionsExt;
        folder
            .metadata()
            .is_ok_and(|found| found.permissions().mode() & 0o001 != 0)
    });
    let (document, text) = examine(&machine, &only);
    assert_eq!(
        status(&document, "ENV-006"),
        if open { "warn" } else { "pass" }
    );
    if open {
        assert!(
            text.stdout.contains("~/.openclaw/.env:1"),
            "{}",
            text.stdout
        );
        let command = format!("chmod 600 {}", env.display());
        assert!(text.stdout.contains(&command), "{}", text.stdout);
        apply(&machine, &[command]);
        let (document, _) = examine(&machine, &only);
        assert_eq!(status(&document, "ENV-006"), "pass");
    }
}

#[test]
fn the_user_manager_is_asked_for_names() {
    let machine = with_unit("").with("XDG_RUNTIME_DIR", "/nonexistent");
    let (document, _) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "warn");
    machine.program(
        "systemctl",
        &format!("echo \"$@\"; echo ANTHROPIC_API_KEY={}", key("cc")),
    );
    let (document, _) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "pass", "{document:#}");
    // One that hangs or floods costs two seconds at most, and nothing is known then.
    machine.program("systemctl", "while :; do echo AWS_PROFILE=x; done");
    let started = std::time::Instant::now();
    let ended = machine.run(&["doctor", "--offline", "--only", "ENV-010"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(started.elapsed().as_secs() < 6, "{:?}", started.elapsed());
}

#[test]
fn a_cron_job_of_the_user() {
    let machine = machine().with("SHELL", "/bin/none");
    machine.program("crontab", "echo '0 5 * * * claude -p hello'");
    let deep = [
        "doctor",
        "--offline",
        "--deep",
        "--only",
        "ENV-010",
        "--json",
    ];
    let told_of = told(&machine.run(&deep).json(), "ENV-010");
    assert!(told_of.contains("crontab:1"), "{told_of}");
    machine.program(
        "crontab",
        "echo '0 5 * * * keywright exec -- claude -p hello'",
    );
    assert_eq!(status(&machine.run(&deep).json(), "ENV-010"), "pass");
}

#[test]
fn a_profile_of_its_own_is_enough() {
    let machine = with_unit("");
    let database = format!(
        "SQLite format 3\0\u{1}{{\"anthropic:default\":{{\"key\":\"{}\"}}}}",
        key("dd")
    );
    machine.write(".openclaw/state/openclaw.sqlite", &database);
    let (document, _) = examine(&machine, ONLY);
    assert_eq!(status(&document, "ENV-010"), "pass", "{document:#}");
}
