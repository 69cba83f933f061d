//! What a command over SSH gets besides what its shell reads: `~/.ssh/environment` where sshd is
//! told to read it, and what the client may send along (`sshd_config(5)`).

use std::path::{Path, PathBuf};

use super::environment_file;
use super::settings::{Place, Settings};
use crate::doctor::facts::{Origin, Ssh};
use crate::system::System;

const LIMIT: usize = 256 * 1024;
const CONFIGURATION: &str = "/etc/ssh/sshd_config";
/// Read before the rest of the configuration, as Debian and others include it at its top.
const FOLDER: &str = "/etc/ssh/sshd_config.d";

/// As far as the configuration may be read.
pub fn ssh(system: &System) -> Ssh {
    let mut files: Vec<PathBuf> = Vec::new();
    let names = system.files.list(&system.at(Path::new(FOLDER)));
    for name in names.unwrap_or_default() {
        files.push(Path::new(FOLDER).join(name));
    }
    files.push(PathBuf::from(CONFIGURATION));
    let mut permits = None;
    let mut ssh = Ssh::default();
    for path in files {
        if let Ok(Some(text)) = system.files.read_text(&system.at(&path), LIMIT) {
            // The first value of a keyword counts; AcceptEnv adds up.
            permits = permits.or(configuration(&text, &mut ssh.accepts));
        }
    }
    let home = system.environment.home();
    if let Some(home) = home.filter(|_| permits == Some(true)) {
        let path = home.join(".ssh/environment");
        if let Ok(Some(text)) = system.files.read_text(&path, LIMIT) {
            ssh.settings = variables(&path, &text).effective;
        }
    }
    ssh
}

/// Whether users may have an environment file, and the patterns of names that may be sent.
fn configuration(text: &str, accepts: &mut Vec<String>) -> Option<bool> {
    let mut permits = None;
    for line in text.lines() {
        let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
        let keyword = words.next().unwrap_or_default().to_ascii_lowercase();
        match keyword.as_str() {
            // What stands behind it is for some connections alone.
            "match" => break,
            "acceptenv" => accepts.extend(words.map(str::to_owned)),
            "permituserenvironment" => {
                permits = permits.or(words.next().map(|word| word != "no"));
            }
            _ => {}
        }
    }
    permits
}

/// `NAME=value` without quotes.
fn variables(path: &Path, text: &str) -> Settings {
    let mut settings = Settings::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let pair = line.split_once('=').filter(|_| !line.starts_with('#'));
        if let Some((name, value)) = pair.filter(|(name, _)| environment_file::is_variable(name)) {
            let place = Place {
                origin: Origin::System,
                place: &format!("{}:{}", path.display(), index + 1),
            };
            settings.put(name, &crate::secret::Secret::new(value), &place);
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations() {
        let check = |text: &str, expected: Option<bool>, names: &[&str]| {
            let mut accepts = Vec::new();
            assert_eq!(configuration(text, &mut accepts), expected, "{text}");
            assert_eq!(accepts, names, "{text}");
        };
        check("", None, &[]);
        check(
            "#PermitUserEnvironment yes\nAcceptEnv LANG LC_*",
            None,
            &["LANG", "LC_*"],
        );
        check(
            "permituserenvironment=no\nPermitUserEnvironment yes",
            Some(false),
            &[],
        );
        check(
            "PermitUserEnvironment ANTHROPIC_*\nacceptenv A\n",
            Some(true),
            &["A"],
        );
        check("Match User x\n  PermitUserEnvironment yes", None, &[]);
    }

    #[test]
    fn files_of_variables() {
        let found = variables(
            Path::new("/e"),
            "# x\nAWS_PROFILE=\"a b\"\nexport AWS_REGION=x\n",
        );
        assert_eq!(found.effective.len(), 1);
        assert_eq!(found.effective[0].place, "/e:2");
        assert_eq!(found.effective[0].value.as_ref().map(|v| v.length), Some(5));
    }
}
