//! Stories in a terminal: the files in `tests/stories/`, each of which says in plain lines what is
//! typed and what must be on the screen. [`read`] says which lines there are.

use std::path::Path;

use crate::support::keys;
use crate::support::machine::Machine;
use crate::support::pty::{CONTROL_C, CONTROL_D, DOWN, ENTER, ESCAPE, Pty, UP};

/// One line of a story.
enum Line {
    /// `see TEXT`: it is on the screen, or comes within a while.
    See(String),
    /// `not TEXT`: it is not on the screen.
    Not(String),
    /// `type TEXT`: characters.
    Type(String),
    /// `press KEY`: Enter, Esc, Up, Down, Ctrl-C, Ctrl-D.
    Press(&'static str),
    /// `paste TEXT`: as a terminal with bracketed paste does.
    Paste(String),
    /// `wrapped COLUMNS TEXT`: pasted with a line break after so many characters.
    Wrapped(usize, String),
    /// `end CODE`: the program ends with this code, and the terminal is as it was.
    End(u32),
    /// `says TEXT`, after the end: it is on the last screen.
    Says(String),
    /// `never TEXT`, after the end: it was never drawn, not for a moment.
    Never(String),
    /// `stored TEXT`, after the end: it stands in the store.
    Stored(String),
    /// `nothing stored`, after the end: there is no store.
    NothingStored,
    /// `again`, after the end: the same command once more on the same machine.
    Again,
}

struct Story {
    /// `run WORDS`: the command line, without the program.
    words: Vec<String>,
    /// `at COLUMNSxROWS`, once or more: the terminals it is told in.
    sizes: Vec<(u16, u16)>,
    lines: Vec<Line>,
}

/// Reads a story. `#` begins a comment; `{works}` stands for the sandbox's key, token or secret of
/// that name.
fn read(text: &str) -> Story {
    let mut story = Story {
        words: Vec::new(),
        sizes: Vec::new(),
        lines: Vec::new(),
    };
    let told = text.lines().map(str::trim);
    for line in told.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = filled(rest.trim());
        story.lines.push(match verb {
            "run" => {
                story.words = rest.split_whitespace().map(str::to_owned).collect();
                continue;
            }
            "at" => {
                let (columns, rows) = rest.split_once('x').expect("COLUMNSxROWS");
                let number = |text: &str| text.parse().expect("a number");
                story.sizes.push((number(columns), number(rows)));
                continue;
            }
            "see" => Line::See(rest),
            "not" => Line::Not(rest),
            "type" => Line::Type(rest),
            "press" => Line::Press(key(&rest)),
            "paste" => Line::Paste(rest),
            "wrapped" => {
                let (columns, text) = rest.split_once(' ').expect("COLUMNS TEXT");
                Line::Wrapped(columns.parse().expect("a number"), text.to_owned())
            }
            "end" => Line::End(rest.parse().expect("an exit code")),
            "says" => Line::Says(rest),
            "never" => Line::Never(rest),
            "stored" => Line::Stored(rest),
            "nothing" => Line::NothingStored,
            "again" => Line::Again,
            other => panic!("there is no `{other}` in stories"),
        });
    }
    assert!(!story.words.is_empty() && !story.sizes.is_empty(), "{text}");
    story
}

fn key(name: &str) -> &'static str {
    match name {
        "Enter" => ENTER,
        "Esc" => ESCAPE,
        "Up" => UP,
        "Down" => DOWN,
        "Ctrl-C" => CONTROL_C,
        "Ctrl-D" => CONTROL_D,
        other => panic!("there is no key `{other}` in stories"),
    }
}

/// `{token:works}`, `{id:works}`, `{secret:works}`, `{session:works}`, `{bearer:works}` or, for an
/// API key, `{works}`.
fn filled(text: &str) -> String {
    let Some((before, rest)) = text.split_once('{') else {
        return text.to_owned();
    };
    let (name, after) = rest.split_once('}').expect("a closing brace");
    let (kind, name) = name.split_once(':').unwrap_or(("key", name));
    let found = match kind {
        "key" => keys::key(name),
        "token" => keys::token(name),
        "id" => keys::identity(name, "accessKeyId"),
        "secret" => keys::identity(name, "secretAccessKey"),
        "session" => keys::identity(name, "sessionToken"),
        "bearer" => keys::identity(name, "bearerToken"),
        other => panic!("the sandbox has no `{other}`"),
    };
    format!("{before}{found}{}", filled(after))
}

fn tell(story: &Story, (columns, rows): (u16, u16)) {
    let machine = Machine::new();
    let words: Vec<&str> = story.words.iter().map(String::as_str).collect();
    let mut screen: Pty = machine.terminal(columns, rows, &words);
    let mut left = None;
    for line in &story.lines {
        match line {
            Line::See(text) => drop(screen.wait(text)),
            Line::Not(text) => drop(screen.lacks(text)),
            Line::Type(text) => drop(screen.keys(text)),
            Line::Press(key) => drop(screen.keys(key).settle()),
            Line::Paste(text) => drop(screen.paste(text).settle()),
            Line::Wrapped(at, text) => {
                let (head, tail) = text.split_at(*at);
                screen.paste(&format!("{head}\r\n{tail}")).settle();
            }
            Line::End(code) => {
                let ended = screen.end();
                ended.with_code(*code);
                left = Some(ended);
            }
            Line::Says(text) => drop(left.as_ref().expect("the end").says(text)),
            Line::Never(text) => drop(left.as_ref().expect("the end").never_drew(text)),
            Line::Stored(text) => {
                let stored = stored(&machine).expect("a store");
                assert!(stored.contains(text.as_str()), "{text:?}: {stored}");
            }
            Line::NothingStored => assert_eq!(stored(&machine), None),
            Line::Again => screen = machine.terminal(columns, rows, &words),
        }
    }
    assert!(left.is_some(), "a story has an end");
}

/// The store that the sandbox of this machine wrote, if it did.
fn stored(machine: &Machine) -> Option<String> {
    let path = ".cache/keywright/sandbox/keywright/agents/main/auth-profiles.json";
    std::fs::read_to_string(machine.home().join(path)).ok()
}

#[test]
fn every_story_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let files = std::fs::read_dir(folder).expect("the stories");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    assert!(paths.len() >= 8, "{paths:?}");
    std::thread::scope(|scope| {
        for path in &paths {
            scope.spawn(move || {
                let text = std::fs::read_to_string(path).expect("a story");
                let story = read(&text);
                for size in &story.sizes {
                    println!("{} at {size:?}", path.display());
                    tell(&story, *size);
                }
            });
        }
    });
}
