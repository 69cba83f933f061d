//! Reads descriptions of machines: one directive in a line, `#` begins a comment, a line that
//! begins with `|` goes on with the file or program above it.

/// One machine and what must be found on it.
#[derive(Clone, Debug)]
pub struct Description {
    pub name: String,
    /// `FILE:LINE`.
    pub place: String,
    pub steps: Vec<Step>,
    /// Further arguments of `doctor`.
    pub arguments: Vec<String>,
    /// `doctor` runs in a terminal of 80 columns.
    pub terminal: bool,
    pub only: Option<Only>,
    pub expected: Expected,
    /// Further codes that may warn.
    pub also: Vec<String>,
    /// What the exit code must be where it is not that of the expected outcome.
    pub exit: Option<i32>,
    pub says: Vec<String>,
    /// Texts that must not be shown, besides the secrets that the description names.
    pub secrets: Vec<String>,
    /// Titles of remedies that mend it.
    pub remedies: Vec<String>,
    /// Lines that do what a remedy says in words.
    pub by_hand: Vec<String>,
    /// Titles of remedies that cannot be typed here, and why.
    pub untried: Vec<String>,
    /// Why `--fix` does not mend all of it.
    pub unfixed: Option<String>,
}

/// For whom a machine can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    Root,
    User,
    /// Whose group has nobody else in it.
    PrivateGroup,
}

/// The one finding that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Fails(String),
    Warns(String),
    Informs(String),
    Healthy,
}

impl Expected {
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Fails(code) | Self::Warns(code) | Self::Informs(code) => Some(code),
            Self::Healthy => None,
        }
    }

    /// The status of the code in the report.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Fails(_) => "fail",
            Self::Warns(_) => "warn",
            Self::Informs(_) => "info",
            Self::Healthy => "pass",
        }
    }
}

/// One thing that is done to build a machine. Paths are below the home folder; texts still hold
/// their `<…>`.
#[derive(Clone, Debug)]
pub enum Step {
    From(String),
    Env(String, String),
    Unset(String),
    Program(String, String),
    File {
        path: String,
        mode: u32,
        text: String,
    },
    Folder(String, u32),
    Link(String, String),
    HardLink(String, String),
    Fifo(String),
    /// A file of that many bytes that takes no room.
    Sparse(String, u64),
    Mode(String, u32),
    Owner(String, u32),
    Remove(String),
    Move(String, String),
    /// What listens, in words, and a body.
    Server(String, String),
    Proxy(String),
}

/// Reads the machines of a file.
pub fn read(file: &str, text: &str) -> Vec<Description> {
    let mut all: Vec<Description> = Vec::new();
    let mut open: Option<&mut String> = None;
    for (index, line) in text.lines().enumerate() {
        let place = format!("{file}:{}", index + 1);
        let line = line.trim_start();
        if let Some(more) = line.strip_prefix('|') {
            let body = open
                .as_mut()
                .unwrap_or_else(|| panic!("{place}: nothing to go on with"));
            body.push_str(more.strip_prefix(' ').unwrap_or(more));
            body.push('\n');
            continue;
        }
        open = None;
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        if verb == "machine" {
            all.push(named(rest, place));
            continue;
        }
        let one = all
            .last_mut()
            .unwrap_or_else(|| panic!("{place}: no machine yet"));
        if let Some(step) = step(verb, rest) {
            one.steps.push(step);
            open = one.steps.last_mut().and_then(body);
        } else if !expectation(one, verb, rest) {
            panic!("{place}: there is no `{verb}` in descriptions");
        }
    }
    all
}

fn named(name: &str, place: String) -> Description {
    Description {
        name: name.to_owned(),
        place,
        steps: Vec::new(),
        arguments: Vec::new(),
        terminal: false,
        only: None,
        expected: Expected::Healthy,
        also: Vec::new(),
        exit: None,
        says: Vec::new(),
        secrets: Vec::new(),
        remedies: Vec::new(),
        by_hand: Vec::new(),
        untried: Vec::new(),
        unfixed: None,
    }
}

fn body(step: &mut Step) -> Option<&mut String> {
    match step {
        Step::Program(_, text) | Step::File { text, .. } | Step::Server(_, text) => Some(text),
        _ => None,
    }
}

fn step(verb: &str, rest: &str) -> Option<Step> {
    let two = || {
        let (one, other) = rest.rsplit_once(' ').unwrap_or((rest, ""));
        (one.to_owned(), other.to_owned())
    };
    let pair = || {
        let (one, other) = rest.split_once(" -> ").expect("PATH -> PATH");
        (one.to_owned(), other.to_owned())
    };
    Some(match verb {
        "from" => Step::From(rest.to_owned()),
        "env" => {
            let (name, value) = rest.split_once('=').expect("NAME=VALUE");
            Step::Env(name.to_owned(), value.to_owned())
        }
        "unset" => Step::Unset(rest.to_owned()),
        "program" => Step::Program(rest.to_owned(), String::new()),
        "file" => {
            let (path, mode) = with_mode(rest, 0o644);
            Step::File {
                path,
                mode,
                text: String::new(),
            }
        }
        "folder" => {
            let (path, mode) = with_mode(rest, 0o755);
            Step::Folder(path, mode)
        }
        "link" => {
            let (path, target) = pair();
            Step::Link(path, target)
        }
        "hardlink" => {
            let (path, target) = pair();
            Step::HardLink(path, target)
        }
        "fifo" => Step::Fifo(rest.to_owned()),
        "sparse" => {
            let (path, size) = two();
            Step::Sparse(path, size.parse().expect("a number of bytes"))
        }
        "mode" => {
            let (path, mode) = two();
            Step::Mode(path, octal(&mode).expect("a mode"))
        }
        "owner" => {
            let (path, user) = two();
            Step::Owner(path, user.parse().expect("a user's number"))
        }
        "remove" => Step::Remove(rest.to_owned()),
        "move" => {
            let (path, target) = pair();
            Step::Move(path, target)
        }
        "server" => Step::Server(rest.to_owned(), String::new()),
        "proxy" => Step::Proxy(rest.to_owned()),
        _ => return None,
    })
}

/// A path, and a mode after it where one is given.
fn with_mode(rest: &str, usual: u32) -> (String, u32) {
    let given = rest
        .rsplit_once(' ')
        .and_then(|(path, mode)| Some((path.to_owned(), octal(mode)?)));
    given.unwrap_or_else(|| (rest.to_owned(), usual))
}

fn octal(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 8).ok()
}

/// Takes a line about what must be found.
fn expectation(one: &mut Description, verb: &str, rest: &str) -> bool {
    let text = rest.to_owned();
    match verb {
        "fails" => one.expected = Expected::Fails(text),
        "warns" => one.expected = Expected::Warns(text),
        "informs" => one.expected = Expected::Informs(text),
        "healthy" => one.expected = Expected::Healthy,
        "also" => one.also.push(text),
        "exit" => one.exit = Some(rest.parse().expect("an exit code")),
        "says" => one.says.push(text),
        "secret" => one.secrets.push(text),
        "remedy" => one.remedies.push(text),
        "hand" => one.by_hand.push(text),
        "untried" => one.untried.push(text),
        "unfixed" => one.unfixed = Some(text),
        "with" => one
            .arguments
            .extend(rest.split_whitespace().map(str::to_owned)),
        "terminal" => one.terminal = true,
        "as" => {
            one.only = Some(match rest {
                "root" => Only::Root,
                "user" => Only::User,
                "private group" => Only::PrivateGroup,
                other => panic!("there is no `as {other}`"),
            });
        }
        _ => return false,
    }
    true
}
