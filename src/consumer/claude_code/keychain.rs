//! The login item of Claude Code in a Mac's Keychain: whether it is there, and nothing of what is in
//! it. `security` is asked without `-w`, so that it neither prompts nor prints a secret.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::places::Places;
use crate::system::processes::Spawn;
use crate::system::{Environment, Platform, System};

/// The item's name, before the hash of a folder that is named.
const SERVICE: &str = "Claude Code-credentials";
/// The account of a user whose name has other characters than these items may have.
const NAMELESS: &str = "claude-code-user";
/// `security` answers within milliseconds, unless somebody has to unlock something.
const TIMEOUT: Duration = Duration::from_secs(5);
/// `errSecItemNotFound`, as `security` passes it on.
const NOT_FOUND: i32 = 44;
/// `errSecInteractionNotAllowed`.
const LOCKED: i32 = 36;

/// What the Keychain says of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    Present,
    Absent,
    /// It may not be asked: locked, or no session at the screen, as over SSH.
    Locked,
    /// `security` is missing, hung or answered with something else.
    Unknown,
}

/// Asks a Mac's Keychain; `None` on any other system.
#[must_use]
pub fn look(system: &System, places: &Places) -> Option<Item> {
    if system.platform != Platform::MacOs {
        return None;
    }
    let found = system.processes.find_all("security", &system.environment);
    let program = found.into_iter().next();
    let program = program.unwrap_or_else(|| PathBuf::from("/usr/bin/security"));
    let service = service(places.keychain_folder.as_deref());
    let account = account(&system.environment);
    let asked = system.processes.run(&Spawn {
        program: &program,
        arguments: &["find-generic-password", "-s", &service, "-a", &account],
        environment: &environment(&system.environment),
        folder: Path::new("/"),
        timeout: TIMEOUT,
        output_limit: 0,
    });
    Some(match asked.ok().and_then(|finished| finished.code) {
        Some(0) => Item::Present,
        Some(NOT_FOUND) => Item::Absent,
        Some(LOCKED) => Item::Locked,
        _ => Item::Unknown,
    })
}

/// The name of the item: that of the default folder, or with the first eight digits of the SHA-256
/// of the folder as it is written. A folder with decomposed letters is hashed as it stands here,
/// and composed there.
#[must_use]
pub fn service(folder: Option<&Path>) -> String {
    let mut name = SERVICE.to_owned();
    if let Some(folder) = folder {
        let text = folder.to_string_lossy();
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        name.push('-');
        for byte in &digest.as_ref()[..4] {
            let _ = write!(name, "{byte:02x}");
        }
    }
    name
}

fn account(environment: &Environment) -> String {
    let fit = |name: &&str| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        name.bytes().all(allowed)
    };
    let name = environment
        .get("USER")
        .or_else(|| environment.get("LOGNAME"));
    name.filter(fit).unwrap_or(NAMELESS).to_owned()
}

/// What `security` needs to find the user's Keychain, and no credential.
fn environment(own: &Environment) -> Environment {
    let mut environment = Environment::default();
    for name in ["PATH", "HOME", "USER", "LOGNAME"] {
        if let Some(value) = own.raw(name) {
            environment.set(name, value);
        }
    }
    environment
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A Mac whose `security` writes down what it is asked and ends with `code`.
    fn mac(folder: &Path, code: &str, variables: &[(&str, &str)]) -> System {
        let program = folder.join("security");
        let script = format!(
            "#!/bin/sh\nfor word; do echo \"$word\"; done >'{}/asked'\nenv >>'{0}/asked'\n{code}\n",
            folder.display()
        );
        std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&program)
            .and_then(|mut file| std::io::Write::write_all(&mut file, script.as_bytes()))
            .expect("a script");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("mode");
        let path = folder.to_str().expect("UTF-8");
        let mut all = vec![("HOME", path), ("PATH", path), ("USER", "u")];
        all.extend(variables);
        let mut system = System::with_environment(Environment::of(all, folder));
        system.platform = Platform::MacOs;
        system
    }

    #[test]
    fn exit_codes_are_told_apart() {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let check = |code: &str, expected: Item| {
            let system = mac(scratch.path(), code, &[]);
            let found = look(&system, &Places::of(&system, None));
            assert_eq!(found, Some(expected), "{code}");
        };
        check("exit 0", Item::Present);
        check("exit 44", Item::Absent);
        check("exit 36", Item::Locked);
        check("exit 1", Item::Unknown);
        check("kill -9 $$", Item::Unknown);
    }

    #[test]
    fn only_metadata_of_the_one_item_is_asked_for() {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let check = |variables: &[(&str, &str)], expected: &str| {
            let system = mac(scratch.path(), "exit 44", variables);
            let found = look(&system, &Places::of(&system, None));
            assert_eq!(found, Some(Item::Absent));
            let asked = system.files.read_text(&scratch.path().join("asked"), 4096);
            let asked = asked.expect("readable").expect("written");
            assert!(asked.starts_with(expected), "{}", asked.as_str());
            assert!(!asked.contains("canary"), "{}", asked.as_str());
        };
        check(
            &[("ANTHROPIC_API_KEY", "canary")],
            "find-generic-password\n-s\nClaude Code-credentials\n-a\nu\n",
        );
        // The hash is that of `printf /x | sha256sum`.
        check(
            &[("CLAUDE_CONFIG_DIR", "/x"), ("USER", "u s")],
            "find-generic-password\n-s\nClaude Code-credentials-b3d1db31\n-a\nclaude-code-user\n",
        );
    }

    #[test]
    fn other_systems_have_none() {
        let system = System::with_environment(Environment::of([("HOME", "/h")], "/"));
        let mut linux = system;
        linux.platform = Platform::Unix;
        assert_eq!(look(&linux, &Places::of(&linux, None)), None);
    }
}
