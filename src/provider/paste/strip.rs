//! The single steps of cleaning a paste. Each tells what it did.

use zeroize::Zeroizing;

use super::Note;
use crate::secret::Secret;

const QUOTES: &[char] = &[
    '"', '\'', '`', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}', '\u{201c}', '\u{201d}',
    '\u{201e}', '\u{201f}', '«', '»', '‹', '›',
];
/// The start and end of a bracketed paste, whole and with the escape character swallowed.
const PASTE_CODES: &[&str] = &[
    "\u{1b}[200~",
    "\u{1b}[201~",
    "^[[200~",
    "^[[201~",
    "[200~",
    "[201~",
];
const COMMANDS: &[&str] = &[
    "export ",
    "set -gx ",
    "set -x ",
    "set ",
    "setx ",
    "setenv ",
    "declare -x ",
    "env ",
    "$env:",
    "$Env:",
];
const HEADERS: &[&str] = &[
    "x-api-key",
    "authorization",
    "proxy-authorization",
    "api-key",
];

fn note(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

pub(super) fn paste_codes(text: &str, notes: &mut Vec<Note>) -> Zeroizing<String> {
    let mut clean = Zeroizing::new(text.to_owned());
    for code in PASTE_CODES {
        if clean.contains(code) {
            clean = Zeroizing::new(clean.replace(code, ""));
            note(notes, Note::RemovedPasteCodes);
        }
    }
    clean
}

pub(super) fn invisible(text: &str, notes: &mut Vec<Note>) -> Zeroizing<String> {
    let hidden = |c: char| {
        matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    // A byte-order mark at the start is how some editors save, not a mistake in the key.
    let text = text.trim_start_matches('\u{feff}');
    let count = text.chars().filter(|c| hidden(*c)).count();
    if count > 0 {
        note(notes, Note::RemovedInvisible { count });
    }
    Zeroizing::new(text.chars().filter(|c| !hidden(*c)).collect())
}

/// Takes off, again and again, what stands around a value in shells, headers and lists.
pub(super) fn surroundings<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    let mut text = text.trim();
    loop {
        let before = text;
        text = prompt(text);
        text = header(text, notes);
        text = assignment(text, notes);
        text = trailing(text, notes);
        text = quotes(text, notes);
        if text == before {
            return text;
        }
    }
}

/// `$ ` or `> ` copied along with a command.
fn prompt(text: &str) -> &str {
    ["$ ", "> ", "% ", "# "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .map_or(text, str::trim_start)
}

fn header<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    let rest = strip_word(text, "bearer")
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .or_else(|| {
            text.strip_prefix("-H ")
                .or_else(|| text.strip_prefix("--header "))
        })
        .or_else(|| {
            HEADERS
                .iter()
                .filter_map(|name| strip_word(text, name))
                .find_map(|rest| {
                    rest.trim_start_matches(QUOTES)
                        .trim_start()
                        .strip_prefix(':')
                })
        });
    match rest.map(str::trim_start) {
        Some(rest) if !rest.is_empty() => {
            note(notes, Note::RemovedHeader);
            rest
        }
        _ => text,
    }
}

/// `text` without `word` at its start, whatever its case.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.get(..word.len())?;
    start
        .eq_ignore_ascii_case(word)
        .then(|| &text[word.len()..])
}

fn assignment<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    let command = COMMANDS.iter().find_map(|word| text.strip_prefix(word));
    let named = command
        .unwrap_or(text)
        .trim_start()
        .trim_start_matches(QUOTES);
    let name = named
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(named.len());
    let after = named[name..].trim_start_matches(QUOTES);
    let value = match after.trim_start().strip_prefix(['=', ':']) {
        Some(value) => value.trim_start(),
        // fish, csh and setx separate the two by a space.
        None if command.is_some() && after.starts_with(' ') => after.trim_start(),
        None => return text,
    };
    let is_name = name > 0 && !named.starts_with(|c: char| c.is_ascii_digit());
    // A base64 value ends with `=`: then nothing but `=` follows.
    if !is_name || value.trim_matches('=').is_empty() {
        return text;
    }
    note(notes, Note::RemovedAssignment);
    match value.find(" #") {
        Some(at) if !value[..at].trim().is_empty() => {
            note(notes, Note::RemovedComment);
            value[..at].trim_end()
        }
        _ => value,
    }
}

fn trailing<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    let rest = text.trim_end_matches([';', ',', '\\']).trim_end();
    if rest.len() < text.len() && !rest.is_empty() {
        note(notes, Note::RemovedTrailing);
        return rest;
    }
    text
}

fn quotes<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    let rest = text.trim_matches(QUOTES).trim();
    if rest.len() < text.len() && !rest.is_empty() {
        note(notes, Note::RemovedQuotes);
        return rest;
    }
    text
}

/// Puts the lines together and drops white space; a `\` at the end of a line was the shell's.
pub(super) fn join(text: &str, notes: &mut Vec<Note>) -> Secret {
    let lines: Vec<&str> = text
        .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let mut joined = Zeroizing::new(String::with_capacity(text.len()));
    let mut inner = 0;
    for (index, line) in lines.iter().enumerate() {
        let wrapped = index + 1 < lines.len();
        let line = if wrapped {
            line.trim_end_matches('\\').trim_end()
        } else {
            line
        };
        inner += line.chars().filter(|c| c.is_whitespace()).count();
        joined.extend(line.chars().filter(|c| !c.is_whitespace()));
    }
    if lines.len() > 1 {
        note(
            notes,
            Note::JoinedLines {
                lines: lines.len(),
                characters: joined.chars().count(),
            },
        );
    }
    if inner > 0 {
        note(notes, Note::RemovedWhiteSpace { count: inner });
    }
    Secret::new(joined.as_str())
}
