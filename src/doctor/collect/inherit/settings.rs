//! The variables of something that is started, put together in the order in which its manager
//! does: what comes later wins, and what lost is kept for the report.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use crate::doctor::collect::environment;
use crate::doctor::collect::value::{describe_secret, plain};
use crate::doctor::facts::{Origin, Setting};
use crate::secret::Secret;

/// Variables that say where a program looks for more, and are no secrets.
const SIGNPOSTS: &[&str] = &[
    "HOME",
    "OPENCLAW_LOAD_SHELL_ENV",
    "OPENCLAW_STATE_DIR",
    "CLAWDBOT_STATE_DIR",
];

/// Nobody has more; what is beyond is left out.
const MOST: usize = 200;

/// Where a variable was set.
pub struct Place<'a> {
    pub origin: Origin,
    pub place: &'a str,
}

#[derive(Default)]
pub struct Settings {
    pub effective: Vec<Setting>,
    pub overridden: Vec<Setting>,
    /// Values of [`SIGNPOSTS`].
    pub signposts: BTreeMap<String, String>,
}

impl Settings {
    /// Sets a variable, if it is one that matters.
    pub fn put(&mut self, name: &str, value: &Secret, place: &Place<'_>) {
        if SIGNPOSTS.contains(&name) {
            self.signposts.insert(name.to_owned(), plain(value));
        }
        if environment::relevant(name) {
            self.replace(setting(name, value, place));
        }
    }

    /// A variable of which only the name is known.
    pub fn put_name(&mut self, name: &str, place: &str) {
        if environment::relevant(name) {
            self.replace(Setting {
                name: name.to_owned(),
                value: None,
                origin: Origin::Manager,
                place: place.to_owned(),
            });
        }
    }

    /// Sets a variable that nothing has set so far.
    pub fn fill(&mut self, name: &str, value: &Secret, place: &Place<'_>) {
        let full = self.effective.len().max(self.overridden.len()) >= MOST;
        if full || !environment::relevant(name) {
            return;
        }
        if self.effective.iter().any(|known| known.name == name) {
            self.overridden.push(setting(name, value, place));
        } else {
            self.effective.push(setting(name, value, place));
        }
    }

    /// Takes a variable away; with a value, only when it has that one.
    pub fn unset(&mut self, name: &str, value: Option<&Secret>, place: &str) {
        let described = value.map(describe_secret);
        let taken: Vec<Setting> = self
            .effective
            .extract_if(.., |known| {
                known.name == name && (described.is_none() || known.value == described)
            })
            .collect();
        for known in taken {
            self.overridden.push(known);
            self.overridden.push(Setting {
                name: name.to_owned(),
                value: None,
                origin: Origin::Removed,
                place: place.to_owned(),
            });
        }
    }

    fn replace(&mut self, setting: Setting) {
        let room = self.effective.len() < MOST;
        let known = self.effective.iter_mut();
        match known.into_iter().find(|known| known.name == setting.name) {
            Some(known) => {
                let lost = std::mem::replace(known, setting);
                if self.overridden.len() < MOST {
                    self.overridden.push(lost);
                }
            }
            None if room => self.effective.push(setting),
            None => {}
        }
    }
}

/// A variable, described.
pub fn setting(name: &str, value: &Secret, place: &Place<'_>) -> Setting {
    Setting {
        name: name.to_owned(),
        value: (!value.is_empty()).then(|| describe_secret(value)),
        origin: place.origin,
        place: place.place.to_owned(),
    }
}

/// The relevant variables of a block `NAME=value`, each ended by a zero, as `/proc` and `env -0`
/// give it.
pub fn of_block(block: &[u8], origin: Origin, place: &str) -> Vec<Setting> {
    let mut found = Settings::default();
    for entry in block.split(|byte| *byte == 0) {
        let Ok(text) = str::from_utf8(entry) else {
            continue;
        };
        if let Some((name, value)) = text.split_once('=') {
            found.put(name, &Secret::new(value), &Place { origin, place });
        }
    }
    found.effective
}

/// Whether a word of a command names this program: by itself or in a path.
pub fn names_program(word: &str, program: &str) -> bool {
    let word = word.trim_matches(|c: char| "\"'();&|`$".contains(c));
    word.split(['/', '\\']).any(|part| {
        let stem = part.split(['.', '@']).next().unwrap_or(part);
        stem == program
            || stem
                .strip_prefix(program)
                .is_some_and(|r| r.starts_with('-'))
    })
}

/// Whether a path is that of a shell.
pub fn is_shell(word: &str) -> bool {
    let name = OsStr::new(word.rsplit('/').next().unwrap_or(word));
    ["sh", "bash", "zsh", "fish", "dash"]
        .iter()
        .any(|shell| name == OsStr::new(shell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_wins() {
        let mut settings = Settings::default();
        let unit = Place {
            origin: Origin::Definition,
            place: "u:1",
        };
        let file = Place {
            origin: Origin::EnvironmentFile,
            place: "f:1",
        };
        let key = |text: &str| Secret::new(text.repeat(30));
        settings.put("PATH", &key("a"), &unit);
        settings.put("HOME", &Secret::new("/h"), &unit);
        settings.put("ANTHROPIC_API_KEY", &key("a"), &unit);
        settings.put("ANTHROPIC_API_KEY", &key("b"), &file);
        settings.fill("ANTHROPIC_API_KEY", &key("c"), &file);
        settings.put_name("AWS_PROFILE", "manager");
        let names: Vec<_> = settings
            .effective
            .iter()
            .map(|s| (s.name.as_str(), s.place.as_str()))
            .collect();
        assert_eq!(
            names,
            [("ANTHROPIC_API_KEY", "f:1"), ("AWS_PROFILE", "manager")]
        );
        assert_eq!(settings.overridden.len(), 2);
        assert_eq!(settings.signposts["HOME"], "/h");
        settings.unset("ANTHROPIC_API_KEY", Some(&key("a")), "u:9");
        assert_eq!(settings.effective.len(), 2);
        settings.unset("ANTHROPIC_API_KEY", Some(&key("b")), "u:9");
        assert_eq!(settings.effective.len(), 1);
        assert_eq!(
            settings.overridden.last().map(|s| s.origin),
            Some(Origin::Removed)
        );
    }

    #[test]
    fn programs() {
        let check = |word, program, expected| {
            assert_eq!(names_program(word, program), expected, "{word}");
        };
        check("/usr/bin/claude", "claude", true);
        check("claude;", "claude", true);
        check("/lib/node_modules/openclaw/dist/index.js", "openclaw", true);
        check("openclaw-gateway.service", "openclaw", true);
        check("openclaw@work.service", "openclaw", true);
        check("claudette", "claude", false);
        check("--config=claude", "claude", false);
    }

    #[test]
    fn blocks() {
        let found = of_block(
            b"A=b\0AWS_PROFILE=x\0ANTHROPIC_API_KEY=\0\xff=y\0",
            Origin::Process,
            "p",
        );
        let names: Vec<_> = found
            .iter()
            .map(|s| (s.name.as_str(), s.is_set()))
            .collect();
        assert_eq!(names, [("AWS_PROFILE", true), ("ANTHROPIC_API_KEY", false)]);
    }
}
