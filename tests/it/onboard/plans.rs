//! The same answers, typed and given in a file, make the same plan to the byte.

use super::{inside, key, read};
use crate::support::machine::Machine;
use crate::support::pty::{ENTER, UP};
use serde_json::{Value, json};

/// One way through the flows, as a person types it and as a script gives it.
#[derive(Clone)]
struct Path {
    name: String,
    /// What is there already: a profile `default` with this sandbox key.
    stored: Option<&'static str>,
    /// The sandbox key that the environment offers.
    offered: Option<&'static str>,
    flags: Vec<&'static str>,
    /// Each question as plain mode words it, and what is typed.
    typed: Dialogue,
    /// The same for an answers file, without the key.
    given: Value,
    /// The sandbox key that is saved in the end.
    key: &'static str,
}

#[derive(Clone, Copy)]
enum Typed {
    Line(&'static str),
    /// The sandbox key of that name.
    Key(&'static str),
}

use Typed::{Key, Line};

/// Questions, and what is typed at each.
type Dialogue = Vec<(&'static str, Typed)>;

const WAY: (&str, Typed) = ("5. Nothing now", Line("1"));
const PASTE: (&str, Typed) = ("2. No, open the page", Line("1"));
const OPEN: (&str, Typed) = ("2. No, open the page", Line("2"));
const SECRET: &str = "nothing is shown";
const NAME: (&str, Typed) = ("A name for this key", Line(""));
const KEEP: (&str, Typed) = ("1. Leave it as it is", Line("1"));
const NO_FILE: (&str, Typed) = ("background services too?", Line("no"));
const FILE: (&str, Typed) = ("background services too?", Line("yes"));
const LIMITED: &str = "4. Stop, change nothing";
const DOUBT: &str = "3. Save it untested";
const REFUSED: &str = "3. Stop, change nothing";
const OTHER: &str = "2. Replace it";

/// The ways from the key to a tested key: what is typed, what a script says, the key that is
/// kept. The first four go straight on; each of the others takes one edge back.
fn tests() -> Vec<(&'static str, Dialogue, Value, &'static str)> {
    vec![
        ("works", vec![], json!({}), "works"),
        (
            "limited, saved",
            vec![(LIMITED, Line("1"))],
            json!({"after_limit": "save"}),
            "rate-limited",
        ),
        (
            "unsure, saved",
            vec![(DOUBT, Line("3"))],
            json!({"after_doubt": "save"}),
            "server-error",
        ),
        ("offline", vec![], json!({}), "works"),
        (
            "limited, tested again",
            vec![(LIMITED, Line("2")), (LIMITED, Line("1"))],
            json!({"after_limit": "save"}),
            "rate-limited",
        ),
        (
            "limited, another key",
            vec![(LIMITED, Line("3")), (SECRET, Key("works"))],
            json!({}),
            "rate-limited",
        ),
        (
            "refused, another key",
            vec![(REFUSED, Line("1")), (SECRET, Key("works"))],
            json!({}),
            "revoked",
        ),
        (
            "refused, tested again",
            vec![
                (REFUSED, Line("2")),
                (REFUSED, Line("1")),
                (SECRET, Key("works")),
            ],
            json!({}),
            "revoked",
        ),
        (
            "unsure, tested again",
            vec![(DOUBT, Line("1")), (DOUBT, Line("3"))],
            json!({"after_doubt": "save"}),
            "server-error",
        ),
        (
            "unsure, another key",
            vec![(DOUBT, Line("2")), (SECRET, Key("works"))],
            json!({}),
            "server-error",
        ),
    ]
}

/// A way to a name: what is there, what is typed, what a script says.
type Named = (&'static str, Option<&'static str>, Dialogue, Value);

/// The ways to a name: what is there, what is typed, what a script says.
fn names() -> Vec<Named> {
    vec![
        ("a new profile", None, vec![NAME], json!({})),
        ("the same profile", Some("same"), vec![NAME], json!({})),
        (
            "a profile replaced",
            Some("works-too"),
            vec![NAME, (OTHER, Line("2"))],
            json!({"on_existing": "replace"}),
        ),
        (
            "another name",
            Some("works-too"),
            vec![
                NAME,
                (OTHER, Line("1")),
                ("A name for this key", Line("other")),
            ],
            json!({"profile": "other"}),
        ),
    ]
}

/// The ways to the key: a page is opened or not, or the environment offers it.
const KEYS: [&str; 3] = ["pasted", "page opened", "offered"];

/// Every way: each to the key, with each result of the test, with each state of the name. What
/// comes before and after makes no difference to these and takes turns.
fn paths() -> Vec<Path> {
    let mut paths = Vec::new();
    for way in KEYS {
        for (test, tested, said, first) in tests() {
            for (name, stored, named, chosen) in names() {
                let last = tested.iter().rev().find_map(|(_, typed)| match typed {
                    Key(key) => Some(*key),
                    Line(_) => None,
                });
                let key = last.unwrap_or(first);
                let turn = paths.len();
                let mut path = Path {
                    name: format!("{way}; {test}; {name}"),
                    stored: stored.map(|stored| if stored == "same" { key } else { stored }),
                    offered: (way == "offered").then_some(first),
                    flags: Vec::new(),
                    typed: Vec::new(),
                    given: json!({}),
                    key,
                };
                path.begin(turn % 2 == 0, way, first);
                path.typed.extend(tested.iter().copied().chain(named));
                if test == "offline" {
                    path.flags.push("--offline");
                }
                path.finish(turn % 3 == 0);
                path.say(&said);
                path.say(&chosen);
                paths.push(path);
            }
        }
    }
    paths
}

impl Path {
    fn begin(&mut self, from_start: bool, way: &str, key: &'static str) {
        if from_start {
            self.typed.push(WAY);
            self.say(&json!({"way": "api-key"}));
        } else {
            self.flags.extend(["--flow", "api-key"]);
        }
        match way {
            "pasted" => self.typed.extend([PASTE, (SECRET, Key(key))]),
            "page opened" => self.typed.extend([OPEN, (SECRET, Key(key))]),
            _ => self.typed.push((SECRET, Line(""))),
        }
    }

    fn finish(&mut self, file: bool) {
        self.typed.push(KEEP);
        self.typed.push(if file { FILE } else { NO_FILE });
        self.say(&json!({"env_file": if file { "yes" } else { "no" }}));
    }

    fn say(&mut self, answers: &Value) {
        let all = self.given.as_object_mut().expect("an object");
        all.extend(answers.as_object().expect("an object").clone());
    }
}

fn machine(path: &Path) -> Machine {
    let mut machine = Machine::new().with("KEYWRIGHT_NOW", "2026-01-02T03:04:05Z");
    if let Some(stored) = path.stored {
        let arguments = [
            "--sandbox",
            "onboard",
            "--offline",
            "--anthropic-api-key-stdin",
        ];
        let saved = machine.run_with_input(&arguments, key(stored).as_bytes());
        assert_eq!(saved.code, 0, "{saved:?}");
    }
    if let Some(offered) = path.offered {
        machine.set("ANTHROPIC_API_KEY", &key(offered));
    }
    machine
}

fn plain(path: &Path) -> Value {
    let machine = machine(path);
    let file = machine.folder().join("plan.json");
    let fixed = ["--sandbox", "onboard", "--plain", "--dry-run", "--json"];
    let mut screen = machine.terminal_into(&file, &[&fixed, path.flags.as_slice()].concat());
    for (place, (question, typed)) in path.typed.iter().enumerate() {
        let before = path.typed[..=place].iter().filter(|(q, _)| q == question);
        screen.wait_count(question, before.count());
        match typed {
            Line(line) => screen.line(line),
            Key(name) => screen.line(&key(name)),
        };
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
    let arguments = [&fixed, path.flags.as_slice()].concat();
    let ended = machine.run_with_input(&arguments, key(path.key).as_bytes());
    assert_eq!(ended.code, 0, "{}: {ended:?}", path.name);
    plan(&machine, &ended.stdout)
}

/// The document without the machine's own folder.
fn plan(machine: &Machine, text: &str) -> Value {
    let folder = inside(machine).display().to_string();
    serde_json::from_str(&text.replace(&folder, "")).expect("a document")
}

/// Eight at a time: each has a terminal of its own.
#[test]
fn typed_and_given() {
    let paths = paths();
    std::thread::scope(|scope| {
        for lane in 0..8 {
            let paths = paths.iter().skip(lane).step_by(8);
            scope.spawn(move || {
                for path in paths {
                    let (typed, given) = (plain(path), unattended(path));
                    assert_eq!(typed, given, "{}", path.name);
                    let nothing_to_do = path.name.ends_with("the same profile");
                    assert!(nothing_to_do || typed["plan"] != json!([]), "{}", path.name);
                }
            });
        }
    });
    assert_eq!(paths.len(), 3 * 10 * 4);
}

/// A terminal with a moving cursor makes the same plan.
#[test]
fn drawn_and_given() {
    let paths = paths();
    for path in &paths[..2] {
        let machine = machine(path);
        let file = machine.folder().join("plan.json");
        let fixed = ["--sandbox", "onboard", "--dry-run", "--json"];
        let arguments = [&fixed, path.flags.as_slice()].concat();
        let mut screen = machine.terminal_into(&file, &arguments);
        if path.flags.is_empty() {
            screen.wait("> An Anthropic API key").keys(ENTER);
        }
        screen.wait("> Yes, I will paste it").keys(ENTER);
        screen.wait("? Anthropic API key").line(&key(path.key));
        screen.wait("? A name for this key").keys(ENTER);
        screen.wait("Leave it as it is").keys(UP).keys(ENTER);
        let file_too = path.given["env_file"] == "yes";
        screen
            .wait("background services")
            .line(if file_too { "y" } else { "n" });
        screen.end().with_code(0);
        let drawn = plan(&machine, &read(&file));
        assert_eq!(drawn, unattended(path), "{}", path.name);
    }
}
