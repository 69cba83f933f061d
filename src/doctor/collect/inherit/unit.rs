//! The text of a unit file or drop-in as entries, and the words of a value, as systemd reads them
//! (systemd.syntax(7), systemd.unit(5)). Pure.

use zeroize::Zeroizing;

/// `Name=value` in a section.
pub struct Entry {
    /// The line of the name, from 1.
    pub line: usize,
    pub section: String,
    pub name: String,
    /// Continued lines are joined with one space.
    pub value: Zeroizing<String>,
}

/// The entries of a file, in its order.
#[must_use]
pub fn entries(text: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut section = String::new();
    // The line that it began on, and its parts so far.
    let mut joined: (usize, Vec<&str>) = (1, Vec::new());
    for (index, line) in text.lines().enumerate() {
        // A comment within continued lines is left out of them.
        if line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let (number, parts) = &mut joined;
        if parts.is_empty() {
            *number = index + 1;
        }
        if let Some(part) = continued(line) {
            parts.push(part);
            continue;
        }
        parts.push(line);
        logical(parts, *number, &mut section, &mut found);
        parts.clear();
    }
    let (number, parts) = &joined;
    logical(parts, *number, &mut section, &mut found);
    found
}

/// What stands before a backslash that joins the next line, if an odd number of them ends it.
fn continued(line: &str) -> Option<&str> {
    let backslashes = line.len() - line.trim_end_matches('\\').len();
    (backslashes % 2 == 1).then(|| &line[..line.len() - 1])
}

fn logical(parts: &[&str], number: usize, section: &mut String, found: &mut Vec<Entry>) {
    // One allocation: a buffer that grows leaves copies of a secret behind.
    let line = Zeroizing::new(parts.join(" "));
    let line = line.trim();
    if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
        name.clone_into(section);
    } else if let Some((name, value)) = line.split_once('=') {
        found.push(Entry {
            line: number,
            section: section.clone(),
            name: name.trim_end().to_owned(),
            value: Zeroizing::new(value.trim_start().to_owned()),
        });
    }
}

/// Room for a word; longer ones are no credentials.
const WORD: usize = 4096;

/// The words of a value: split at white space, quotes taken off, C escapes undone. A word that
/// systemd would refuse (an open quotation mark, an unknown escape) ends the list.
#[must_use]
pub fn words(value: &str) -> Vec<Zeroizing<String>> {
    let mut found = Vec::new();
    let mut rest = value.trim_start();
    while !rest.is_empty() {
        let mut word = Zeroizing::new(String::with_capacity(rest.len().min(WORD)));
        let Some(length) = word_at(rest, &mut word) else {
            break;
        };
        found.push(word);
        rest = rest[length..].trim_start();
    }
    found
}

/// Reads the word at the start of `text` and tells the bytes that it takes.
fn word_at(text: &str, word: &mut String) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match quote {
            None if c.is_ascii_whitespace() => return Some(at),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ if c == '\\' => {
                let (value, taken) = escape(&text[at + 1..])?;
                word.push(value);
                for _ in 0..taken {
                    characters.next();
                }
            }
            _ => word.push(c),
        }
    }
    quote.is_none().then_some(text.len())
}

/// The character that an escape stands for, and the characters that it takes after its backslash.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = text.chars().next()?;
    let simple = |value| Some((value, 1));
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
    let long = |length: usize, radix| {
        let value = number(text.get(1..=length)?, radix)?;
        Some((char::from_u32(value).filter(|c| *c != '\0')?, length + 1))
    };
    match c {
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        'f' => simple('\u{c}'),
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        'v' => simple('\u{b}'),
        '\\' | '"' | '\'' => simple(c),
        's' => simple(' '),
        'x' => long(2, 16),
        'u' => long(4, 16),
        'U' => long(8, 16),
        '0'..='7' => {
            let value = number(text.get(..3)?, 8)?;
            Some((char::from_u32(value).filter(|c| *c != '\0')?, 3))
        }
        _ => None,
    }
}

/// What the specifiers of a unit stand for (systemd.unit(5)); `None` for one that cannot be told
/// from its files alone.
pub struct Specifiers<'a> {
    /// `app@work.service`.
    pub unit: &'a str,
    /// The home folder of the manager's user.
    pub home: &'a str,
    /// The manager's runtime folder.
    pub runtime: &'a str,
    /// The manager's configuration folder.
    pub configuration: &'a str,
}

impl Specifiers<'_> {
    /// The text with every specifier replaced.
    #[must_use]
    pub fn expand(&self, text: &str) -> Option<Zeroizing<String>> {
        let mut whole = Zeroizing::new(String::with_capacity(text.len() + 256));
        let mut characters = text.chars();
        while let Some(c) = characters.next() {
            if c != '%' {
                whole.push(c);
                continue;
            }
            let (stem, instance) = split(self.unit);
            let prefix = stem.split('@').next().unwrap_or(stem);
            match characters.next() {
                Some('%') => whole.push('%'),
                Some('h') => whole.push_str(self.home),
                Some('t') => whole.push_str(self.runtime),
                Some('E') => whole.push_str(self.configuration),
                Some('n') => whole.push_str(self.unit),
                Some('N') => whole.push_str(stem),
                Some('p' | 'P') => whole.push_str(prefix),
                Some('i' | 'I') => whole.push_str(instance),
                // systemd keeps a percent sign at the end.
                None => whole.push('%'),
                Some(_) => return None,
            }
        }
        Some(whole)
    }
}

/// `app@work` and `work` of `app@work.service`.
fn split(unit: &str) -> (&str, &str) {
    let stem = unit.rsplit_once('.').map_or(unit, |(stem, _)| stem);
    (
        stem,
        stem.split_once('@').map_or("", |(_, instance)| instance),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let check = |text: &str, expected: &[(usize, &str, &str, &str)]| {
            let found = entries(text);
            let found: Vec<_> = found
                .iter()
                .map(|e| {
                    (
                        e.line,
                        e.section.as_str(),
                        e.name.as_str(),
                        e.value.as_str(),
                    )
                })
                .collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("[Service]\nA=b", &[(2, "Service", "A", "b")]);
        check("[Service]\n A = b ", &[(2, "Service", "A", "b")]);
        check("# [X]\n;A=b\nA=", &[(3, "", "A", "")]);
        check(
            "A=b \\\n  c\nB=d",
            &[(1, "", "A", "b    c"), (3, "", "B", "d")],
        );
        check("A=b \\\n# not this\n; nor this\nc", &[(1, "", "A", "b  c")]);
        check("A=b\\\\\nB=c", &[(1, "", "A", "b\\\\"), (2, "", "B", "c")]);
        check("A=b \\", &[(1, "", "A", "b")]);
        check("A=\"b=c\"", &[(1, "", "A", "\"b=c\"")]);
        check(
            "nonsense\n[Install]\r\nA=b\r\n",
            &[(3, "Install", "A", "b")],
        );
    }

    #[test]
    fn words_of_values() {
        let check = |text: &str, expected: &[&str]| {
            let found = words(text);
            let found: Vec<_> = found.iter().map(|word| word.as_str()).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("", &[]);
        check("A=b C=d", &["A=b", "C=d"]);
        check("\"A=b c\" 'D=e f'", &["A=b c", "D=e f"]);
        check("A=\"b c\"d E=f", &["A=b cd", "E=f"]);
        check("A=b\\x41\\n\\s\\101", &["A=bA\n A"]);
        check("'A=\"'", &["A=\""]);
        check("\"A=\\\"b\\\"\"", &["A=\"b\""]);
        check("A=\\u20ac", &["A=€"]);
        check("A=$B", &["A=$B"]);
        check("A=b \"C=d", &["A=b"]);
        check("A=b C=\\q D=e", &["A=b"]);
        check("A=\\", &[]);
    }

    #[test]
    fn specifiers() {
        let specifiers = Specifiers {
            unit: "app@work.service",
            home: "/home/u",
            runtime: "/run/user/1000",
            configuration: "/home/u/.config",
        };
        let check = |text: &str, expected: Option<&str>| {
            let found = specifiers.expand(text);
            assert_eq!(found.as_ref().map(|text| text.as_str()), expected, "{text}");
        };
        check("%h/.env", Some("/home/u/.env"));
        check(
            "%E/%p-%i %n %N",
            Some("/home/u/.config/app-work app@work.service app@work"),
        );
        check("%t 100%%", Some("/run/user/1000 100%"));
        check("100%", Some("100%"));
        check("%m", None);
    }
}
