//! The files of the AWS CLI, read as botocore reads them. Reading alone: nothing is written there.
//!
//! A section is `[name]`, an entry `key = value`. A line that begins further in than the entry above
//! it belongs to that entry, as a value of several lines or as settings below a key without a value,
//! and is left out here. `#` and `;` begin a comment at the start of a line and, as the SDKs have it,
//! in a value after white space. A line that is none of these is a problem, and the rest is read.

use std::fmt;

use zeroize::Zeroizing;

/// A file.
#[derive(Debug, Default)]
pub struct Ini {
    pub sections: Vec<Section>,
    /// Lines that mean nothing, from 1.
    pub strange: Vec<usize>,
}

/// A section. One that stands twice is here twice; the later entry counts.
#[derive(Debug)]
pub struct Section {
    /// What stands between the brackets, with single spaces.
    pub name: String,
    /// From 1.
    pub line: usize,
    entries: Vec<Entry>,
}

struct Entry {
    key: String,
    value: Zeroizing<String>,
}

/// The key alone: a value may be a secret.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)
    }
}

impl Ini {
    /// Reads a file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut reader = Reader::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            reader.line(index + 1, line);
        }
        reader.ini
    }
}

#[derive(Default)]
struct Reader {
    ini: Ini,
    /// How far in the entry above begins.
    entry: Option<usize>,
    /// The section above has no name that can be read: its entries are nobody's.
    nameless: bool,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            return;
        }
        let start = line.len() - line.trim_start().len();
        if self.entry.is_some_and(|entry| start > entry) {
            return;
        }
        if let Some(rest) = trimmed.strip_prefix('[') {
            self.entry = None;
            let name = rest.split_once(']').map(|(name, _)| name);
            self.nameless = name.is_none();
            let Some(name) = name else {
                self.ini.strange.push(number);
                return;
            };
            let words: Vec<&str> = name.split_whitespace().collect();
            self.ini.sections.push(Section {
                name: words.join(" "),
                line: number,
                entries: Vec::new(),
            });
            return;
        }
        self.entry = Some(start);
        let section = self.ini.sections.last_mut().filter(|_| !self.nameless);
        match (trimmed.split_once('='), section) {
            (Some((key, value)), Some(section)) if !key.trim().is_empty() => {
                section.entries.push(Entry {
                    key: key.trim().to_ascii_lowercase(),
                    value: Zeroizing::new(without_comment(value).to_owned()),
                });
            }
            _ => self.ini.strange.push(number),
        }
    }
}

impl Section {
    /// The last value of a key; an empty one is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.entries.iter().rev().find(|entry| entry.key == key)?;
        Some(found.value.as_str()).filter(|value| !value.is_empty())
    }
}

fn without_comment(value: &str) -> &str {
    let comment = value
        .char_indices()
        .zip(value.chars().skip(1))
        .find(|((_, c), next)| c.is_whitespace() && matches!(next, '#' | ';'));
    let end = comment.map_or(value.len(), |((at, _), _)| at);
    value[..end].trim()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn files() {
        let text = "\u{feff}# top\r\n[default]\r\nregion = us-east-1 # here\r\n\
                    [profile  dev]\naws_access_key_id=AKIA\ns3 =\n  max = 1\nsecret = a#b;c\n\
                    nonsense\n[sso-session x]\nregion=\n[broken\n[default]\nregion=eu-west-1\n";
        let ini = Ini::parse(text);
        let names: Vec<_> = ini
            .sections
            .iter()
            .map(|s| (s.name.as_str(), s.line))
            .collect();
        let expected = [
            ("default", 2),
            ("profile dev", 4),
            ("sso-session x", 10),
            ("default", 13),
        ];
        assert_eq!(names, expected);
        assert_eq!(ini.strange, [9, 12]);
        assert_eq!(ini.sections[0].get("region"), Some("us-east-1"));
        assert_eq!(ini.sections[1].get("secret"), Some("a#b;c"));
        assert_eq!(ini.sections[1].get("max"), None);
        assert_eq!(ini.sections[2].get("region"), None);
        assert!(!format!("{ini:?}").contains("a#b"));
    }

    #[test]
    fn what_begins_further_in() {
        let check = |text: &str, expected: &[(&str, &str, Option<&str>)]| {
            let ini = Ini::parse(text);
            for (name, key, value) in expected {
                let section = ini.sections.iter().find(|section| section.name == *name);
                let found = section.expect("a section").get(key);
                assert_eq!(found, *value, "{text}");
            }
        };
        let indented = "[a]\n  x = 1\n  y = 2\nz = 3\n";
        check(
            indented,
            &[
                ("a", "x", Some("1")),
                ("a", "y", Some("2")),
                ("a", "z", Some("3")),
            ],
        );
        check(
            "[a]\n  x = 1\n  [b]\n  y = 2\n",
            &[("a", "x", Some("1")), ("b", "y", Some("2"))],
        );
        check(
            "[a]\nx = 1\n# c\n\n  y = 2\n",
            &[("a", "x", Some("1")), ("a", "y", None)],
        );
        check(
            "[a]\n  s3 =\n    max = 1\n  y = 2\n",
            &[("a", "max", None), ("a", "y", Some("2"))],
        );
    }

    #[test]
    fn entries_below_a_broken_name_are_nobodys() {
        let ini = Ini::parse("[default]\nregion = us-east-1\n[prod\nregion = eu-west-1\n");
        assert_eq!(ini.sections[0].get("region"), Some("us-east-1"));
        assert_eq!(ini.strange, [3, 4]);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(?s).{0,200}") {
            let ini = Ini::parse(&text);
            prop_assert!(ini.sections.len() <= text.lines().count());
        }
    }
}
