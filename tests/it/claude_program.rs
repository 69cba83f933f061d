//! A token tried by programs named `claude` that are not what they should be: each is a script, run
//! as the product runs the real one.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use keywright::Secret;
use keywright::probe::claude_code::{self, LoginTrial, Trial};
use keywright::provider::anthropic::endpoint::Endpoint;
use keywright::provider::{Reason, Verdict};
use keywright::system::{Environment, System};

use crate::support::machine::{KEYWRIGHT, Machine};

const WORKS: &str =
    r#"echo '{"type":"result","subtype":"success","is_error":false,"result":"OK"}'"#;

fn token() -> String {
    format!("sk-ant-oat01-{:A<95}", "TEST")
}

/// A machine with the system's own programs in reach, behind its own.
fn machine() -> Machine {
    let mut machine = Machine::new();
    let own = machine.folder().join("bin");
    machine.set("PATH", &format!("{}:/usr/bin:/bin", own.display()));
    machine
}

fn system(machine: &Machine) -> System {
    let variables = machine.variables().iter().cloned();
    System::with_environment(Environment::of(variables, machine.home()))
}

fn try_at(machine: &Machine, url: &str, timeout: Duration) -> Verdict {
    let trial = Trial {
        token: Secret::new(token()),
        endpoint: Endpoint::parse(url).expect("a base URL"),
        timeout,
    };
    claude_code::run(&system(machine), &trial)
}

fn tried(machine: &Machine) -> Verdict {
    try_at(
        machine,
        "https://api.anthropic.com",
        Duration::from_secs(20),
    )
}

/// What a script does, and what that is taken for.
fn check(script: &str, expected: Reason, message: Option<&str>) {
    let machine = machine();
    machine.program("claude", script);
    let verdict = tried(&machine);
    assert_eq!(verdict.reason, expected, "{script}: {verdict:?}");
    assert_eq!(verdict.message.as_deref(), message, "{script}");
    assert_nothing_left(&machine);
}

fn assert_nothing_left(machine: &Machine) {
    let left: Vec<_> = std::fs::read_dir(machine.home())
        .expect("a home")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_programs_say() {
    check(WORKS, Reason::Works, None);
    let refused = r#"echo '{"type":"result","subtype":"success","is_error":true,"api_error_status":401,"result":"Failed to authenticate. API Error: 401 Invalid bearer token"}'; exit 1"#;
    let message = "Failed to authenticate. API Error: 401 Invalid bearer token";
    check(refused, Reason::InvalidBearer, Some(message));
    check(
        "echo Claude, at your service",
        Reason::ProgramUnknown,
        Some("Claude, at your service"),
    );
    check("true", Reason::ProgramUnknown, None);
    check(
        "echo 'unknown option' >&2; exit 2",
        Reason::ProgramCrashed,
        Some("unknown option"),
    );
    check("kill -SEGV $$", Reason::ProgramCrashed, None);
    check("cat", Reason::ProgramUnknown, None);
}

#[test]
fn a_token_that_is_repeated_is_not_told() {
    check(
        "echo \"no good: $CLAUDE_CODE_OAUTH_TOKEN\" >&2; exit 1",
        Reason::ProgramCrashed,
        Some("no good: [removed]"),
    );
}

#[test]
fn a_program_that_hangs_is_ended_with_its_children() {
    let machine = machine();
    let alive = machine.folder().join("alive");
    machine.program(
        "claude",
        &format!("(sleep 3; touch '{}') & sleep 60", alive.display()),
    );
    let started = Instant::now();
    let verdict = try_at(
        &machine,
        "https://api.anthropic.com",
        Duration::from_millis(500),
    );
    assert_eq!(verdict.reason, Reason::ProgramHung);
    assert!(started.elapsed() < Duration::from_secs(3), "{verdict:?}");
    std::thread::sleep(Duration::from_secs(4).saturating_sub(started.elapsed()));
    assert!(!alive.exists(), "a child lived on");
    assert_nothing_left(&machine);
}

#[test]
fn megabytes_are_not_kept() {
    check(
        "head -c 5000000 /dev/zero | tr '\\0' y",
        Reason::ProgramFlooded,
        Some(&format!("{}…", "y".repeat(299))),
    );
    let machine = machine();
    machine.program("claude", "exec tr '\\0' y </dev/zero");
    let started = Instant::now();
    let verdict = try_at(
        &machine,
        "https://api.anthropic.com",
        Duration::from_mins(1),
    );
    assert_eq!(verdict.reason, Reason::ProgramFlooded);
    // It is not left to print until its time is over.
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn programs_that_cannot_be_started() {
    let missing = machine();
    if !Path::new("/usr/bin/claude").exists() && !Path::new("/bin/claude").exists() {
        assert_eq!(tried(&missing).reason, Reason::ProgramMissing);
    }
    let check = |make: &dyn Fn(&Path), words: &str| {
        let machine = machine();
        let path = machine.program("claude", "true");
        make(&path);
        let verdict = tried(&machine);
        assert_eq!(verdict.reason, Reason::ProgramUnusable, "{words}");
        let message = verdict.message.unwrap_or_default();
        assert!(message.contains(words), "{message}");
        assert_nothing_left(&machine);
    };
    check(
        &|path| std::fs::write(path, "#!/nonexistent/sh\n").expect("a script"),
        "interpreter that does not exist",
    );
    if !Path::new("/usr/bin/claude").exists() && !Path::new("/bin/claude").exists() {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        check(
            &|path| std::fs::set_permissions(path, mode.clone()).expect("mode"),
            "may not be executed",
        );
        check(
            &|path| {
                std::fs::remove_file(path).expect("removed");
                std::os::unix::fs::symlink("nowhere", path).expect("a link");
            },
            "leads nowhere",
        );
    }
}

/// What the program saw, one `name: value` a line.
fn seen(machine: &Machine, try_it: impl FnOnce() -> Verdict) -> String {
    let log = machine.folder().join("seen");
    let mut script = String::new();
    for line in [
        "echo \"arguments: $*\"",
        "echo \"folder: $PWD $(ls -A)\"",
        "echo \"home: $HOME $(ls -A \"$HOME\")\"",
        "echo \"config: $CLAUDE_CONFIG_DIR $(ls -A \"$CLAUDE_CONFIG_DIR\")\"",
        "echo \"mode: $(stat -c %a \"$PWD/..\")\"",
        "env",
    ] {
        let _ = writeln!(script, "{line} >>'{}'", log.display());
    }
    machine.program("claude", &format!("{script}{WORKS}"));
    let verdict = try_it();
    assert_eq!(verdict.reason, Reason::Works, "{verdict:?}");
    std::fs::read_to_string(log).expect("it ran")
}

fn line<'a>(seen: &'a str, name: &str) -> Option<&'a str> {
    seen.lines().find_map(|line| line.strip_prefix(name))
}

#[test]
fn it_sees_the_token_and_an_empty_world() {
    let machine = machine()
        .with("ANTHROPIC_API_KEY", "canary")
        .with("ANTHROPIC_BASE_URL", "https://evil.example")
        .with("AWS_SECRET_ACCESS_KEY", "canary")
        .with("CLAUDE_CODE_USE_BEDROCK", "1")
        .with("NODE_OPTIONS", "--require canary")
        .with("HTTPS_PROXY", "http://proxy.example:3128")
        .with("NODE_EXTRA_CA_CERTS", "/ca.pem");
    machine.write(".mcp.json", "{}");
    machine.write(".claude/settings.json", "{}");
    let seen = seen(&machine, || tried(&machine));
    let token = token();
    assert_eq!(
        line(&seen, "CLAUDE_CODE_OAUTH_TOKEN="),
        Some(token.as_str())
    );
    assert!(
        !line(&seen, "arguments: ")
            .unwrap_or_default()
            .contains("sk-ant"),
        "{seen}"
    );
    assert!(!seen.contains("canary") && !seen.contains("evil"), "{seen}");
    assert_eq!(line(&seen, "CLAUDE_CODE_USE_BEDROCK="), None);
    assert_eq!(
        line(&seen, "HTTPS_PROXY="),
        Some("http://proxy.example:3128")
    );
    assert_eq!(line(&seen, "NODE_EXTRA_CA_CERTS="), Some("/ca.pem"));
    assert_eq!(line(&seen, "DISABLE_AUTOUPDATER="), Some("1"));
    assert_eq!(line(&seen, "mode: "), Some("700"));
    for (name, end) in [
        ("folder: ", "/work "),
        ("home: ", "/home "),
        ("config: ", "/config "),
    ] {
        let value = line(&seen, name).unwrap_or_default();
        assert!(value.ends_with(end), "{name}{value}");
        let path = Path::new(value.trim_end());
        assert_ne!(path, machine.home());
        assert!(!path.exists(), "{value} is still there");
    }
}

#[test]
fn an_address_of_this_machine_is_named_and_not_asked_for_through_a_proxy() {
    let machine = machine()
        .with("HTTPS_PROXY", "http://proxy.example:3128")
        .with("http_proxy", "http://proxy.example:3128");
    let seen = seen(&machine, || {
        try_at(&machine, "http://127.0.0.1:9", Duration::from_secs(20))
    });
    assert_eq!(
        line(&seen, "ANTHROPIC_BASE_URL="),
        Some("http://127.0.0.1:9")
    );
    assert!(!seen.contains("proxy.example"), "{seen}");
}

#[test]
fn a_login_is_used_where_it_is_and_nothing_else_is() {
    let machine = machine()
        .with("CLAUDE_CODE_OAUTH_TOKEN", "canary")
        .with("CLAUDE_CONFIG_DIR", "/canary");
    let check = |config_dir: Option<&str>| {
        let seen = seen(&machine, || {
            let trial = LoginTrial {
                config_dir: config_dir.map(Into::into),
                endpoint: Endpoint::anthropic(),
                timeout: Duration::from_secs(20),
            };
            claude_code::run_login(&system(&machine), &trial)
        });
        let home = machine.home().display().to_string();
        assert_eq!(line(&seen, "HOME="), Some(home.as_str()));
        assert_eq!(line(&seen, "CLAUDE_CONFIG_DIR="), config_dir);
        assert!(!seen.contains("canary"), "{seen}");
        let arguments = line(&seen, "arguments: ").unwrap_or_default();
        assert!(arguments.ends_with("--setting-sources project --no-session-persistence"));
        std::fs::remove_file(machine.folder().join("seen")).expect("removed");
    };
    check(None);
    check(Some("/account/claude"));
    assert_nothing_left(&machine);
}

#[test]
fn whoever_leaves_takes_the_program_along() {
    let machine = machine();
    let log = machine.folder().join("number");
    machine.program(
        "claude",
        &format!(
            "echo $$ >'{0}.new'; mv '{0}.new' '{0}'; sleep 60",
            log.display()
        ),
    );
    let mut run = machine
        .command(KEYWRIGHT)
        .args(["doctor", "--offline", "--timeout", "60s"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("keywright starts");
    let deadline = Instant::now() + Duration::from_secs(20);
    let number = loop {
        if let Ok(number) = std::fs::read_to_string(&log) {
            break number;
        }
        assert!(Instant::now() < deadline, "the program was not started");
        std::thread::sleep(Duration::from_millis(20));
    };
    let signal = |signal: &str, number: &str| {
        let script = format!("kill -{signal} {number} 2>/dev/null");
        let mut shell = machine.command("/bin/sh");
        shell.args(["-c", &script]).status().expect("sh").success()
    };
    assert!(signal("INT", &run.id().to_string()));
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    // Whoever reaps it needs a moment.
    while signal("0", number.trim()) {
        let state = std::fs::read_to_string(format!("/proc/{}/stat", number.trim()));
        if state.is_ok_and(|state| state.contains(") Z ")) {
            break;
        }
        assert!(Instant::now() < deadline, "the program lives on");
        std::thread::sleep(Duration::from_millis(20));
    }
}
