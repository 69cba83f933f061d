//! References to programs.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{judged, machine, provide, raw, reference, refused, resolves, secret};
use crate::support::machine::{KEYWRIGHT, Machine};

const ID: &str = "anthropic/api-key";

/// A machine whose profile refers to a program: this script, with these fields of its provider.
fn asking(script: &str, fields: &Value) -> Machine {
    let machine = machine(&reference("exec", "ours", ID));
    let program = machine.program("ask", script);
    let mut provider = json!({"source": "exec", "command": program});
    for (name, value) in fields.as_object().expect("fields") {
        provider[name] = value.clone();
    }
    provide(&machine, &provider);
    machine
}

/// A line of a script that answers with the secret.
fn answer() -> String {
    let answer = json!({"protocolVersion": 1, "values": {ID: secret()}});
    format!("echo '{answer}'")
}

#[test]
fn the_protocol() {
    let machine = asking(
        &format!(
            "/bin/cat >\"$0.request\"; pwd >\"$0.folder\"; echo \"$#:$1\" >\"$0.words\"; {}",
            answer()
        ),
        &json!({"args": ["a b; c"]}),
    );
    resolves(&machine);
    let bin = machine
        .folder()
        .join("bin")
        .canonicalize()
        .expect("a folder");
    let read = |name: &str| std::fs::read_to_string(bin.join(name)).expect(name);
    let request: Value = serde_json::from_str(&read("ask.request")).expect("a request");
    assert_eq!(
        request,
        json!({"protocolVersion": 1, "provider": "ours", "ids": [ID]})
    );
    assert_eq!(read("ask.folder").trim_end(), bin.display().to_string());
    assert_eq!(read("ask.words"), "1:a b; c\n");
    assert_eq!(judged(&machine), (0, "ok".to_owned()));
}

#[test]
fn its_environment_is_its_own() {
    let script = format!("/usr/bin/env >\"$0.variables\"; {}", answer());
    let machine = asking(
        &script,
        &json!({"env": {"ADDED": "yes"}, "passEnv": ["PASSED", "GONE"]}),
    )
    .with("PASSED", "on")
    .with("ANTHROPIC_AUTH_TOKEN", "hunter2");
    resolves(&machine);
    let text = std::fs::read_to_string(machine.folder().join("bin/ask.variables")).expect("it ran");
    // What the shell of the script sets by itself.
    let own = ["PWD", "SHLVL", "_", "OLDPWD"];
    let names = text
        .lines()
        .filter_map(|line| line.split_once('=').map(|(name, _)| name));
    let mut names: Vec<&str> = names.filter(|name| !own.contains(name)).collect();
    names.sort_unstable();
    assert_eq!(names, ["ADDED", "KEYWRIGHT_RESOLVING", "PASSED", "PATH"]);
}

#[test]
fn it_is_asked_only_for_the_value() {
    let script = format!("echo >>\"$0.asked\"; {}", answer());
    let machine = asking(&script, &json!({}));
    let times = || {
        let asked = machine.folder().join("bin/ask.asked");
        std::fs::read_to_string(asked).map_or(0, |text| text.lines().count())
    };
    let check = |line: &[&str], more: usize| {
        let before = times();
        let ended = machine.run(line);
        assert!(ended.code < 2, "{ended:?}");
        assert_eq!(times() - before, more, "{line:?}");
    };
    check(&["models", "status"], 0);
    check(&["models", "status", "--json"], 0);
    check(&["models", "auth", "list"], 0);
    check(&["why", "keywright"], 0);
    check(&["doctor", "--offline"], 0);
    check(&["models", "status", "--check"], 1);
    check(&["env", "--shell", "json"], 1);
    check(&["get", "--raw"], 1);
    check(&["exec", "--", "/bin/true"], 1);
    let text = machine.run(&["models", "status"]).stdout;
    assert!(text.contains("not looked at"), "{text}");
    let text = machine.run(&["why", "keywright"]).stdout;
    assert!(text.contains("not looked at"), "{text}");
    let shown = machine.run(&["models", "status", "--json"]).json();
    let profile = &shown["auth"]["profiles"][0];
    assert_eq!(
        (
            &profile["source"],
            &profile["reasonCode"],
            &profile["masked"]
        ),
        (&json!("ref:exec"), &json!("ok"), &Value::Null)
    );
}

#[test]
fn the_doctor_names_it_and_asks_once() {
    let script = format!("echo >>\"$0.asked\"; {}", answer());
    let machine = asking(&script, &json!({})).with("ANTHROPIC_BASE_URL", "http://127.0.0.1:1");
    let ended = machine.run(&["doctor", "--json"]);
    let program = machine.folder().join("bin/ask");
    let named = format!("Runs `{}` once", program.display());
    assert!(ended.stderr.contains(&named), "{ended:?}");
    let asked = std::fs::read_to_string(machine.folder().join("bin/ask.asked")).expect("it ran");
    assert_eq!(asked.lines().count(), 1, "{asked}");
    let ended = machine.run(&["doctor", "--json", "--offline"]);
    assert!(!ended.stderr.contains("Runs"), "{ended:?}");
}

#[test]
fn answers_that_are_none() {
    let check = |script: &str, why: &str| {
        let machine = asking(script, &json!({}));
        refused(&machine, why);
        assert_eq!(
            judged(&machine),
            (1, "unresolved_ref".to_owned()),
            "{script}"
        );
    };
    check("", "printed nothing");
    check("echo; echo hunter2 >&2", "printed nothing");
    check("echo hunter2", "did not print the JSON object");
    check("echo '[\"hunter2\"]'", "did not print the JSON object");
    check(
        r#"echo '{"protocolVersion":2}'"#,
        "did not answer with protocolVersion 1",
    );
    check(
        r#"echo '{"protocolVersion":1,"values":{}}'"#,
        "has no value for the id",
    );
    let failed =
        json!({"protocolVersion": 1, "errors": {ID: {"code": "NOT_FOUND", "message": "hunter2"}}});
    check(
        &format!("echo '{failed}'"),
        "has no value for the id (NOT_FOUND)",
    );
    check(&format!("{}; exit 3", answer()), "failed with exit code 3");
    check(
        &format!("{}; kill -9 $$", answer()),
        "was ended by a signal",
    );
    check(r"printf '\377'", "did not print text");
}

#[test]
fn limits_of_output() {
    let two = "/bin/dd if=/dev/zero bs=1048576 count=2 2>/dev/null";
    refused(&asking(two, &json!({})), "printed more than 1048576 bytes");
    refused(
        &asking(&answer(), &json!({"maxOutputBytes": 20})),
        "printed more than 20 bytes",
    );
    let endless = asking("exec /bin/cat /dev/zero", &json!({"timeoutMs": 60_000}));
    let started = Instant::now();
    refused(&endless, "printed more than 1048576 bytes");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn limits_of_time() {
    let started = Instant::now();
    let machine = asking("exec /bin/sleep 60", &json!({"timeoutMs": 200}));
    refused(&machine, "did not answer within 200 ms");
    // Who ignores the polite signals is ended all the same.
    let deaf = asking(
        "trap '' TERM INT HUP; while :; do /bin/sleep 60; done",
        &json!({"timeoutMs": 200}),
    );
    refused(&deaf, "did not answer within 200 ms");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_of_it_is_left_running() {
    let script = format!("/bin/sleep 300 & echo $! >\"$0.pid\"; {}", answer());
    let machine = asking(&script, &json!({}));
    let started = Instant::now();
    resolves(&machine);
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "it did not wait for the child"
    );
    let pid = std::fs::read_to_string(machine.folder().join("bin/ask.pid")).expect("it ran");
    // One that has ended and that nobody asked for yet has no words any more.
    let words = format!("/proc/{}/cmdline", pid.trim());
    let runs = || std::fs::read(&words).is_ok_and(|words| words.starts_with(b"/bin/sleep"));
    let end = Instant::now() + Duration::from_secs(10);
    while runs() {
        assert!(Instant::now() < end, "{pid} still runs");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whoever has had enough of waiting ends the program too, which has a process group of its own.
#[cfg(target_os = "linux")]
#[test]
fn whoever_interrupts_leaves_nothing_running() {
    use rustix::process::{Pid, Signal, kill_process};
    for (signal, code, arguments) in [
        (Signal::INT, 130, &["models", "status", "--check"][..]),
        (Signal::TERM, 143, &["get", "--raw"]),
        (Signal::HUP, 129, &["exec", "--", "/bin/true"]),
    ] {
        let script = "echo $$ >\"$0.new\"; /bin/mv \"$0.new\" \"$0.pid\"; exec /bin/sleep 300";
        let machine = asking(script, &json!({"timeoutMs": 120_000}));
        let mut run = machine
            .command(KEYWRIGHT)
            .args(arguments)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("keywright starts");
        let end = Instant::now() + Duration::from_secs(30);
        let pid = loop {
            if let Ok(pid) = std::fs::read_to_string(machine.folder().join("bin/ask.pid")) {
                break pid;
            }
            assert!(Instant::now() < end, "it was not asked");
            std::thread::sleep(Duration::from_millis(10));
        };
        kill_process(Pid::from_child(&run), signal).expect("it runs");
        assert_eq!(run.wait().expect("it ends").code(), Some(code));
        let words = format!("/proc/{}/cmdline", pid.trim());
        while std::fs::read(&words).is_ok_and(|words| words.starts_with(b"/bin/sleep")) {
            assert!(Instant::now() < end, "{pid} still runs");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn a_program_that_prints_the_value_itself() {
    let script = format!("echo '{}'", secret());
    resolves(&asking(&script, &json!({"jsonOnly": false})));
    resolves(&asking(&answer(), &json!({"jsonOnly": false})));
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn a_program_that_others_can_change() {
    let check = |name: &str, bits: u32, why: Option<&str>| {
        let machine = asking(&answer(), &json!({}));
        let path = machine.folder().join(name);
        mode(&path, bits);
        match why {
            Some(why) => {
                refused(&machine, why);
                refused(&machine, "`chmod go-w ");
            }
            None => resolves(&machine),
        }
    };
    check("bin/ask", 0o700, None);
    check("bin/ask", 0o777, Some("others can change"));
    check("bin/ask", 0o775, Some("others can change"));
    check("bin", 0o777, Some("others can change"));
    check("bin", 0o1777, None);
}

/// A link on the way, in a folder where others can put another one in its place.
#[test]
fn a_way_that_others_can_change() {
    let machine = asking(&answer(), &json!({}));
    let folder = machine.folder().canonicalize().expect("a folder");
    std::fs::create_dir(folder.join("open")).expect("a folder");
    let link = |to: &str, at: &str| {
        std::os::unix::fs::symlink(to, folder.join(at)).expect("a link");
        folder.join(at)
    };
    link("../bin/ask", "open/second");
    link("../bin", "open/folder");
    link("circle", "bin/circle");
    for command in [
        link("../open/second", "bin/first"),
        link("open/folder", "bin-of-ours").join("ask"),
    ] {
        provide(&machine, &json!({"source": "exec", "command": command}));
        mode(&folder.join("open"), 0o755);
        resolves(&machine);
        mode(&folder.join("open"), 0o777);
        refused(&machine, "others can change");
        refused(&machine, "/open` mends it");
    }
    let circle = folder.join("bin/circle");
    provide(&machine, &json!({"source": "exec", "command": circle}));
    refused(&machine, "is not there");
}

#[test]
fn a_program_that_cannot_be_one() {
    let machine = asking(&answer(), &json!({}));
    let program = machine.folder().join("bin/ask");
    mode(&program, 0o600);
    refused(&machine, "cannot be executed");
    std::fs::remove_file(&program).expect("removed");
    refused(&machine, "is not there");
    std::fs::create_dir(&program).expect("a folder");
    refused(&machine, "cannot be executed");
    let machine = asking(&answer(), &json!({"trustedDirs": ["/nonexistent"]}));
    refused(&machine, "is in none of the folders of trustedDirs");
    let bin = machine.folder().join("bin");
    provide(
        &machine,
        &json!({"source": "exec", "command": bin.join("ask"), "trustedDirs": [bin]}),
    );
    resolves(&machine);
}

#[test]
fn a_reference_to_itself() {
    let machine = machine(&reference("exec", "ours", ID));
    provide(
        &machine,
        &json!({"source": "exec", "command": KEYWRIGHT, "args": ["get", "--raw"]}),
    );
    refused(&machine, "is keywright itself");
    // Around a corner it ends after one turn.
    let script = format!("HOME='{{home}}' exec '{KEYWRIGHT}' get --raw 2>\"$0.said\"");
    let machine = asking("", &json!({}));
    let home = machine.home().display().to_string();
    machine.program("ask", &script.replace("{home}", &home));
    let started = Instant::now();
    refused(&machine, "failed with exit code 1");
    assert!(started.elapsed() < Duration::from_secs(30));
    let said = std::fs::read_to_string(machine.folder().join("bin/ask.said")).expect("it ran");
    assert!(said.contains("cannot ask for another one"), "{said}");
}

#[test]
fn nothing_takes_its_place() {
    let machine = asking("exit 1", &json!({})).with("ANTHROPIC_API_KEY", &secret());
    refused(&machine, "failed with exit code 1");
    let ended = raw(&machine);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{ended:?}");
    assert_eq!(judged(&machine).0, 1);
}

#[test]
fn ids() {
    for id in ["../x", "a b", "", "a/../b"] {
        let machine = machine(&reference("exec", "ours", id));
        let program = machine.program("ask", "echo >\"$0.asked\"");
        provide(&machine, &json!({"source": "exec", "command": program}));
        refused(&machine, "cannot be an id");
        assert!(!machine.folder().join("bin/ask.asked").exists());
    }
}
