//! The same answers, typed and given in a file, make the same plan to the byte.

use super::{inside, key, read};
use crate::support::machine::Machine;
use crate::support::pty::{ENTER, UP};
use serde_json::{Value, json};

/// One way through the flow.
struct Path {
    /// What is there already: a profile `default` with another key.
    occupied: bool,
    /// The name of the sandbox key.
    key: &'static str,
    flags: &'static [&'static str],
    /// Each question as plain mode words it, and the line that is typed.
    typed: &'static [(&'static str, &'static str)],
    /// The same for an answers file, without the key.
    given: Value,
}

/// Questions that the usual way ends with.
const KEEP: (&str, &str) = ("1. Leave it as it is", "1");
const HAIKU: (&str, &str) = ("claude-haiku-4-5-20251001", "5");
const NO_FILE: (&str, &str) = ("background services too?", "no");
const FILE: (&str, &str) = ("background services too?", "yes");
const NAME: &str = "A name for this key";
const HAVE: (&str, &str) = ("2. No, open the page", "1");

#[expect(clippy::too_many_lines, reason = "a table")]
fn paths() -> Vec<Path> {
    let path = |occupied, key, flags, typed, given| Path {
        occupied,
        key,
        flags,
        typed,
        given,
    };
    let api_key: &[&str] = &["--flow", "api-key"];
    let offline: &[&str] = &["--flow", "api-key", "--offline"];
    vec![
        path(
            false,
            "works",
            api_key,
            &[HAVE, ("key", ""), (NAME, ""), KEEP, NO_FILE],
            json!({}),
        ),
        path(
            false,
            "works",
            &[],
            &[
                ("2. Nothing now", "1"),
                HAVE,
                ("key", ""),
                (NAME, ""),
                KEEP,
                NO_FILE,
            ],
            json!({"way": "api-key"}),
        ),
        path(
            false,
            "works",
            api_key,
            &[
                ("2. No, open the page", "2"),
                ("key", ""),
                (NAME, "x"),
                HAIKU,
                FILE,
            ],
            json!({"have_key": "open", "profile": "x", "model": "claude-haiku-4-5-20251001", "env_file": "yes"}),
        ),
        path(
            false,
            "works",
            api_key,
            &[
                HAVE,
                ("key", ""),
                (NAME, "anthropic:y"),
                ("Another one", "7"),
                ("Model id", "other-1"),
                FILE,
            ],
            json!({"profile": "y", "model": "other-1", "env_file": true}),
        ),
        path(
            false,
            "rate-limited",
            api_key,
            &[
                HAVE,
                ("key", ""),
                ("4. Stop, change nothing", "1"),
                (NAME, ""),
                KEEP,
                NO_FILE,
            ],
            json!({"after_limit": "save"}),
        ),
        path(
            false,
            "server-error",
            api_key,
            &[
                HAVE,
                ("key", ""),
                ("3. Save it untested", "3"),
                (NAME, ""),
                KEEP,
                NO_FILE,
            ],
            json!({"after_doubt": "save"}),
        ),
        path(
            false,
            "revoked",
            offline,
            &[HAVE, ("key", ""), (NAME, ""), KEEP, FILE],
            json!({"env_file": "yes"}),
        ),
        path(
            true,
            "works",
            api_key,
            &[
                HAVE,
                ("key", ""),
                (NAME, ""),
                ("2. Replace it", "2"),
                KEEP,
                NO_FILE,
            ],
            json!({"on_existing": "replace"}),
        ),
    ]
}

fn machine(path: &Path) -> Machine {
    let machine = Machine::new().with("KEYWRIGHT_NOW", "2026-01-02T03:04:05Z");
    if path.occupied {
        let arguments = [
            "--sandbox",
            "onboard",
            "--offline",
            "--anthropic-api-key-stdin",
        ];
        let saved = machine.run_with_input(&arguments, key("works-too").as_bytes());
        assert_eq!(saved.code, 0, "{saved:?}");
    }
    machine
}

fn plain(path: &Path) -> Value {
    let machine = machine(path);
    let file = machine.folder().join("plan.json");
    let fixed = ["--sandbox", "onboard", "--plain", "--dry-run", "--json"];
    let mut screen = machine.terminal_into(&file, &[&fixed, path.flags].concat());
    for (question, line) in path.typed {
        if *question == "key" {
            screen.wait("nothing is shown").line(&key(path.key));
        } else {
            screen.wait(question).line(line);
        }
    }
    screen.end().with_code(0);
    plan(&machine, &read(&file))
}

fn unattended(path: &Path) -> Value {
    let machine = machine(path);
    let mut answers = path.given.clone();
    answers["key"] = json!({"stdin": true});
    machine.write("answers.json", &answers.to_string());
    let fixed = [
        "--sandbox",
        "onboard",
        "--dry-run",
        "--json",
        "--answers",
        "answers.json",
    ];
    let arguments = [&fixed, path.flags].concat();
    let ended = machine.run_with_input(&arguments, key(path.key).as_bytes());
    assert_eq!(ended.code, 0, "{ended:?}");
    plan(&machine, &ended.stdout)
}

/// The document without the machine's own folder.
fn plan(machine: &Machine, text: &str) -> Value {
    let folder = inside(machine).display().to_string();
    serde_json::from_str(&text.replace(&folder, "")).expect("a document")
}

#[test]
fn typed_and_given() {
    std::thread::scope(|scope| {
        for path in paths() {
            scope.spawn(move || {
                let (typed, given) = (plain(&path), unattended(&path));
                assert_eq!(typed, given, "{}", path.given);
                assert_ne!(typed["plan"], json!([]), "{}", path.given);
            });
        }
    });
}

/// A terminal with a moving cursor makes the same plan.
#[test]
fn drawn_and_given() {
    let paths = paths();
    for path in &paths[..2] {
        let machine = machine(path);
        let file = machine.folder().join("plan.json");
        let fixed = ["--sandbox", "onboard", "--dry-run", "--json"];
        let mut screen = machine.terminal_into(&file, &[&fixed, path.flags].concat());
        if path.flags.is_empty() {
            screen.wait("> An Anthropic API key").keys(ENTER);
        }
        screen.wait("> Yes, I will paste it").keys(ENTER);
        screen.wait("? Anthropic API key").line(&key(path.key));
        screen.wait("? A name for this key").keys(ENTER);
        screen.wait("Leave it as it is").keys(UP).keys(ENTER);
        screen.wait("background services").keys(ENTER);
        screen.end().with_code(0);
        let drawn = plan(&machine, &read(&file));
        assert_eq!(drawn, unattended(path), "{}", path.given);
    }
}
