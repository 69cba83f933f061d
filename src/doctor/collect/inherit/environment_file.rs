//! A file of `EnvironmentFile=` as systemd itself takes it apart (systemd.exec(5)). Unlike a shell
//! and unlike the editor of our own `.env`, it does not know `export`, and a quotation mark that
//! nothing closes takes all that follows. Pure.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A file, taken apart.
#[derive(Default)]
pub struct EnvironmentFile {
    /// In the order of the file; the last one of a name counts.
    pub assignments: Vec<Assignment>,
    /// Lines with `=` whose name is none, from 1, and the last word of what stands for the name.
    pub ignored: Vec<(usize, String)>,
    /// The line, from 1, of a quotation mark that nothing closes.
    pub open_quote: Option<usize>,
}

/// `NAME=value`.
pub struct Assignment {
    /// From 1.
    pub line: usize,
    pub name: String,
    pub value: Secret,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    BeforeKey,
    Key,
    BeforeValue,
    Value,
    ValueEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

struct Reader {
    state: State,
    key: String,
    value: Zeroizing<String>,
    /// Length of the value without the white space at its end, where only that follows so far.
    solid: Option<usize>,
    /// The line of the key.
    started: usize,
    /// The line of the last quotation mark that opened something.
    quote: usize,
    file: EnvironmentFile,
}

/// Takes `text` apart. Nothing is refused: systemd leaves out what it does not understand.
#[must_use]
pub fn parse(text: &str) -> EnvironmentFile {
    let mut reader = Reader {
        state: State::BeforeKey,
        key: String::new(),
        // Full size at once: a buffer that grows leaves copies of a secret behind.
        value: Zeroizing::new(String::with_capacity(text.len())),
        solid: None,
        started: 1,
        quote: 1,
        file: EnvironmentFile::default(),
    };
    let mut line = 1;
    for c in text.chars() {
        reader.take(c, line);
        if c == '\n' {
            line += 1;
        }
    }
    reader.end();
    reader.file
}

impl Reader {
    fn take(&mut self, c: char, line: usize) {
        let newline = matches!(c, '\n' | '\r');
        match self.state {
            State::BeforeKey if matches!(c, '#' | ';') => self.state = State::Comment,
            State::BeforeKey if is_space(c) => {}
            State::BeforeKey => {
                self.state = State::Key;
                self.started = line;
                self.key.push(c);
            }
            State::Key if newline => self.forget(),
            State::Key if c == '=' => self.state = State::BeforeValue,
            State::Key => self.key.push(c),
            State::BeforeValue | State::Value if newline => self.push(),
            State::BeforeValue if c == '\'' => self.open(State::Single, line),
            State::BeforeValue if c == '"' => self.open(State::Double, line),
            State::BeforeValue | State::Value if c == '\\' => {
                self.state = State::ValueEscape;
                self.solid = None;
            }
            State::BeforeValue if is_space(c) => {}
            State::BeforeValue | State::Value => self.bare(c),
            State::ValueEscape => {
                self.state = State::Value;
                // An escaped line break is eaten.
                if !newline {
                    self.value.push(c);
                }
            }
            State::Single if c == '\'' => self.state = State::BeforeValue,
            State::Single => self.value.push(c),
            State::Double if c == '"' => self.state = State::BeforeValue,
            State::Double if c == '\\' => self.state = State::DoubleEscape,
            State::Double => self.value.push(c),
            State::DoubleEscape => {
                self.state = State::Double;
                if !matches!(c, '"' | '\\' | '`' | '$' | '\n') {
                    self.value.push('\\');
                }
                if c != '\n' {
                    self.value.push(c);
                }
            }
            State::Comment if c == '\\' => self.state = State::CommentEscape,
            State::Comment if newline => self.state = State::BeforeKey,
            State::Comment => {}
            State::CommentEscape => self.state = State::Comment,
        }
    }

    fn open(&mut self, state: State, line: usize) {
        self.state = state;
        self.quote = line;
    }

    fn bare(&mut self, c: char) {
        self.state = State::Value;
        if !is_space(c) {
            self.solid = None;
        } else if self.solid.is_none() {
            self.solid = Some(self.value.len());
        }
        self.value.push(c);
    }

    fn forget(&mut self) {
        self.state = State::BeforeKey;
        self.key.clear();
        self.value.clear();
        self.solid = None;
    }

    fn push(&mut self) {
        if self.state == State::Value
            && let Some(length) = self.solid
        {
            self.value.truncate(length);
        }
        let name = self.key.trim_end_matches(is_space);
        if is_variable(name) {
            self.file.assignments.push(Assignment {
                line: self.started,
                name: name.to_owned(),
                value: Secret::new(self.value.as_str()),
            });
        } else {
            let word = name.rsplit(is_space).next().unwrap_or_default();
            self.file.ignored.push((self.started, word.to_owned()));
        }
        self.forget();
    }

    fn end(&mut self) {
        if matches!(
            self.state,
            State::Single | State::Double | State::DoubleEscape
        ) {
            self.file.open_quote = Some(self.quote);
        }
        if !matches!(
            self.state,
            State::BeforeKey | State::Key | State::Comment | State::CommentEscape
        ) {
            self.push();
        }
    }
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Whether `name` can be a variable.
#[must_use]
pub fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let check = |text: &str, expected: &[(usize, &str, &str)]| {
            let file = parse(text);
            let found: Vec<_> = file
                .assignments
                .iter()
                .map(|a| (a.line, a.name.as_str(), a.value.fingerprint()))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(line, name, value)| (*line, *name, Secret::new(*value).fingerprint()))
                .collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("A=b", &[(1, "A", "b")]);
        check("A=b\n", &[(1, "A", "b")]);
        check("\n\n A = b c \t\nB=", &[(3, "A", "b c"), (4, "B", "")]);
        check("A=\"b c\"", &[(1, "A", "b c")]);
        check("A='b \"c\" $d \\'", &[(1, "A", "b \"c\" $d \\")]);
        check("A=\"b \\\"c\\\" \\$d \\x\"", &[(1, "A", "b \"c\" $d \\x")]);
        check("A='b'c", &[(1, "A", "bc")]);
        check("A='b' 'c'", &[(1, "A", "bc")]);
        check("A=b'c'", &[(1, "A", "b'c'")]);
        check("A=b \"c\"", &[(1, "A", "b \"c\"")]);
        check("A=b # c", &[(1, "A", "b # c")]);
        check("A=b\\ ", &[(1, "A", "b ")]);
        check("A=b\\\nc", &[(1, "A", "bc")]);
        check("A=\"b\\\nc\"", &[(1, "A", "bc")]);
        check("A=\"b\nc\"\nB=d", &[(1, "A", "b\nc"), (3, "B", "d")]);
        check("# A=b\n; B=c\nC=d", &[(3, "C", "d")]);
        check("# A=b \\\nB=c\nC=d", &[(3, "C", "d")]);
        check("A\nB=c", &[(2, "B", "c")]);
        check("A=b\r\nB=c\r\n", &[(1, "A", "b"), (2, "B", "c")]);
        check("A=$B ${C}", &[(1, "A", "$B ${C}")]);
        check("A=b\\\\c", &[(1, "A", "b\\c")]);
        check("1A=b\nA-B=c\n=d", &[]);
    }

    #[test]
    fn what_systemd_does_not_take() {
        let file = parse("export ANTHROPIC_API_KEY=x\nset -gx=1\nA=b");
        let expected = [(1, "ANTHROPIC_API_KEY".to_owned()), (2, "-gx".to_owned())];
        assert_eq!(file.ignored, expected);
        assert_eq!(file.assignments.len(), 1);
        let file = parse("A=b\nB='c\nC=d\n");
        assert_eq!((file.open_quote, file.assignments.len()), (Some(2), 2));
        assert_eq!(parse("A='b'\n").open_quote, None);
    }
}
