//! Code that sets variables, for whoever evaluates it: shells, files of variables, and CI.

use std::fmt::Write;
use std::path::Path;

use zeroize::Zeroizing;

use super::{Changes, Value};
use crate::document::dotenv::quote_text;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::system::Environment;

/// A language that sets variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Sh,
    Bash,
    Zsh,
    Fish,
    /// `NAME=value` lines, as systemd's `EnvironmentFile` and POSIX shells read them.
    Dotenv,
    /// One object; `null` stands for a variable to remove.
    Json,
    /// Lines for the file that `$GITHUB_ENV` names.
    Github,
}

/// The secret and a line break, for a pipe, or for a screen where that was insisted on.
#[must_use]
pub fn bare(secret: &Secret, on_screen: bool) -> Zeroizing<String> {
    let text = if on_screen {
        secret.for_screen()
    } else {
        secret.for_file()
    };
    let mut line = Zeroizing::new(String::with_capacity(text.len() + 1));
    line.push_str(text);
    line.push('\n');
    line
}

impl Shell {
    /// Every language with the name that `--shell` takes.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::Sh, "sh"),
        (Self::Bash, "bash"),
        (Self::Zsh, "zsh"),
        (Self::Fish, "fish"),
        (Self::Dotenv, "dotenv"),
        (Self::Json, "json"),
        (Self::Github, "github"),
    ];

    /// The user's shell: the program that `SHELL` names, `sh` where it is not set.
    ///
    /// # Errors
    /// `Usage` for a shell whose language is none of these.
    pub fn of_user(environment: &Environment) -> Result<Self> {
        let Some(path) = environment.path("SHELL").filter(|_| cfg!(unix)) else {
            return if cfg!(unix) {
                Ok(Self::Sh)
            } else {
                Err(unknown("there is no SHELL to tell the language by"))
            };
        };
        match Path::new(&path).file_name().and_then(|name| name.to_str()) {
            Some("bash") => Ok(Self::Bash),
            Some("zsh") => Ok(Self::Zsh),
            Some("fish") => Ok(Self::Fish),
            Some("sh" | "dash" | "ash" | "ksh" | "mksh" | "busybox") => Ok(Self::Sh),
            _ => Err(unknown("the shell that SHELL names is not known")),
        }
    }

    /// Code that makes the changes: first what is removed, then what is set. Languages that only
    /// set leave the removals out.
    ///
    /// # Errors
    /// `MalformedCredential` for a value with a line break or a NUL.
    pub fn code(self, changes: &Changes) -> Result<Zeroizing<String>> {
        self.code_through(changes, Secret::for_file)
    }

    /// As [`Shell::code`], for a person who insisted on seeing it.
    ///
    /// # Errors
    /// As [`Shell::code`].
    pub fn code_for_screen(self, changes: &Changes) -> Result<Zeroizing<String>> {
        self.code_through(changes, Secret::for_screen)
    }

    fn code_through(
        self,
        changes: &Changes,
        door: fn(&Secret) -> &str,
    ) -> Result<Zeroizing<String>> {
        for (name, value) in &changes.set {
            value.check(name)?;
        }
        let mut code = Zeroizing::new(String::with_capacity(4096));
        if self == Self::Json {
            json(&mut code, changes, door);
            return Ok(code);
        }
        for name in &changes.unset {
            let _ = match self {
                Self::Sh | Self::Bash | Self::Zsh => writeln!(code, "unset {name}"),
                Self::Fish => writeln!(code, "set -e {name}"),
                Self::Dotenv | Self::Json | Self::Github => Ok(()),
            };
        }
        for (name, value) in &changes.set {
            self.set(&mut code, name, value.through(door));
        }
        Ok(code)
    }

    /// Whether it can say that a variable is to be removed.
    #[must_use]
    pub const fn removes(self) -> bool {
        !matches!(self, Self::Dotenv | Self::Github)
    }

    fn set(self, code: &mut String, name: &str, value: &str) {
        let _ = match self {
            Self::Fish => writeln!(code, "set -gx {name} {}", fish(value).as_str()),
            Self::Dotenv => writeln!(code, "{name}={}", quote_text(value).as_str()),
            Self::Github => {
                let end = delimiter(value);
                writeln!(code, "{name}<<{end}\n{value}\n{end}")
            }
            _ => writeln!(code, "export {name}={}", posix(value).as_str()),
        };
    }
}

/// Lines that tell a GitHub runner to blot the secrets out of its log; the runner reads them from
/// stderr too and does not show them.
#[must_use]
pub fn github_masks(changes: &Changes) -> Zeroizing<String> {
    let mut lines = Zeroizing::new(String::with_capacity(1024));
    for (_, value) in &changes.set {
        if let Value::Secret(secret) = value {
            let _ = writeln!(
                lines,
                "::add-mask::{}",
                secret.for_file().replace('%', "%25")
            );
        }
    }
    lines
}

fn unknown(why: &str) -> Error {
    let names: Vec<&str> = Shell::ALL.iter().map(|(_, name)| *name).collect();
    Error::usage(why).hint(format!("Name one with --shell: {}.", names.join(", ")))
}

fn json(code: &mut String, changes: &Changes, door: fn(&Secret) -> &str) {
    let mut separator = "{";
    for name in &changes.unset {
        let _ = write!(code, "{separator}\n  \"{name}\": null");
        separator = ",";
    }
    for (name, value) in &changes.set {
        let quoted = Zeroizing::new(serde_json::Value::from(value.through(door)).to_string());
        let _ = write!(code, "{separator}\n  \"{name}\": {}", quoted.as_str());
        separator = ",";
    }
    code.push_str(if changes.set.is_empty() && changes.unset.is_empty() {
        "{}\n"
    } else {
        "\n}\n"
    });
}

/// A word of sh, bash and zsh. A value with a NUL was refused before.
fn posix(value: &str) -> Zeroizing<String> {
    Zeroizing::new(
        shlex::try_quote(value)
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default(),
    )
}

/// fish knows two escapes between single quotes: for the backslash and for the quote.
fn fish(value: &str) -> Zeroizing<String> {
    let escaped = value.replace('\\', "\\\\").replace('\'', "\\'");
    Zeroizing::new(format!("'{escaped}'"))
}

/// A line that the value is not.
fn delimiter(value: &str) -> String {
    let mut delimiter = "KEYWRIGHT".to_owned();
    while value.contains(&delimiter) {
        delimiter.push('_');
    }
    delimiter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn changes(value: &str) -> Changes {
        Changes {
            unset: vec!["OLD"],
            set: vec![("NEW", Value::Secret(Secret::new(value)))],
        }
    }

    #[test]
    fn every_language() {
        let check = |shell: Shell, value: &str, expected: &str| {
            let code = shell.code(&changes(value)).expect("a fit value");
            assert_eq!(code.as_str(), expected, "{shell:?} {value}");
        };
        check(Shell::Sh, "sk-1", "unset OLD\nexport NEW=sk-1\n");
        check(Shell::Zsh, "a b", "unset OLD\nexport NEW='a b'\n");
        check(
            Shell::Fish,
            r"it's \",
            "set -e OLD\nset -gx NEW 'it\\'s \\\\'\n",
        );
        check(Shell::Dotenv, "sk-1", "NEW=sk-1\n");
        check(
            Shell::Dotenv,
            r#"a $b `c` "d" \"#,
            "NEW=\"a \\$b \\`c\\` \\\"d\\\" \\\\\"\n",
        );
        check(
            Shell::Json,
            "a\"b",
            "{\n  \"OLD\": null,\n  \"NEW\": \"a\\\"b\"\n}\n",
        );
        check(Shell::Github, "v", "NEW<<KEYWRIGHT\nv\nKEYWRIGHT\n");
        check(
            Shell::Github,
            "KEYWRIGHT",
            "NEW<<KEYWRIGHT_\nKEYWRIGHT\nKEYWRIGHT_\n",
        );
        let empty = Changes {
            unset: Vec::new(),
            set: Vec::new(),
        };
        let code = Shell::Json.code(&empty).expect("nothing to refuse");
        assert_eq!(code.as_str(), "{}\n");
    }

    #[test]
    fn a_value_of_several_lines_is_refused() {
        for (shell, _) in Shell::ALL {
            for bad in ["a\nb", "a\rb", "a\0b"] {
                let error = shell.code(&changes(bad)).expect_err("unfit");
                assert_eq!(error.kind(), Kind::MalformedCredential);
                assert!(!error.to_string().contains(bad));
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_users_shell() {
        let check = |value: Option<&str>, expected: Option<Shell>| {
            let environment = Environment::of(value.map(|v| ("SHELL", v)), "/");
            assert_eq!(Shell::of_user(&environment).ok(), expected, "{value:?}");
        };
        check(Some("/bin/bash"), Some(Shell::Bash));
        check(Some("/usr/bin/zsh"), Some(Shell::Zsh));
        check(Some("fish"), Some(Shell::Fish));
        check(Some("/bin/dash"), Some(Shell::Sh));
        check(None, Some(Shell::Sh));
        check(Some(""), Some(Shell::Sh));
        check(Some("/usr/bin/nu"), None);
        check(Some("/bin/tcsh"), None);
    }

    #[test]
    fn masks_hold_the_secrets_alone() {
        let mut both = changes("se%cret");
        both.set.push(("URL", Value::Plain("https://x".to_owned())));
        assert_eq!(github_masks(&both).as_str(), "::add-mask::se%25cret\n");
    }
}
