//! The files of the AWS CLI, read as botocore reads them. Reading alone: nothing is written there.
//!
//! A section is `[name]`, an entry `key = value`; indented lines below a key without a value are
//! its own entries and are left out here. `#` and `;` begin a comment at the start of a line, and
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
        let mut ini = Self::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            ini.line(index + 1, line);
        }
        ini
    }

    fn line(&mut self, number: usize, line: &str) {
        let indented = line.starts_with([' ', '\t']);
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            return;
        }
        if let Some(rest) = trimmed.strip_prefix('[') {
            let Some((name, _)) = rest.split_once(']') else {
                self.strange.push(number);
                return;
            };
            let words: Vec<&str> = name.split_whitespace().collect();
            self.sections.push(Section {
                name: words.join(" "),
                line: number,
                entries: Vec::new(),
            });
            return;
        }
        if indented {
            // An entry of the key above, or the rest of its value.
            return;
        }
        match (trimmed.split_once('='), self.sections.last_mut()) {
            (Some((key, value)), Some(section)) if !key.trim().is_empty() => {
                section.entries.push(Entry {
                    key: key.trim().to_ascii_lowercase(),
                    value: Zeroizing::new(without_comment(value).to_owned()),
                });
            }
            _ => self.strange.push(number),
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

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(?s).{0,200}") {
            let ini = Ini::parse(&text);
            prop_assert!(ini.sections.len() <= text.lines().count());
        }
    }
}
