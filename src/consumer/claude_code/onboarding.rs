//! `.claude.json`: whether Claude Code has been set up, which keys it was allowed to use, and whose
//! login it remembers.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::login::Account;
use super::places::Places;
use super::settings::Problem;
use crate::document::selective::{self, Keep, Node};
use crate::secret::Secret;
use crate::system::System;

/// Bytes of the file at most: it remembers every project, and grows to megabytes.
pub const FILE_LIMIT: usize = 64 * 1024 * 1024;
/// Characters at the end of a key by which it is remembered.
const TAIL: usize = 20;

/// What the file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Onboarding {
    pub path: PathBuf,
    /// A file is there, readable or not.
    pub exists: bool,
    /// Why it cannot be understood: Claude Code stops there.
    pub problem: Option<Problem>,
    /// Until this is set, an interactive `claude` asks for a theme and a login even when a token is
    /// in its environment.
    pub completed: bool,
    pub account: Option<Account>,
    /// A Console login made an API key and put it there.
    pub managed_key: bool,
    /// The newest copy that Claude Code made, where the file itself is broken.
    pub backup: Option<PathBuf>,
    approved: Vec<Secret>,
    rejected: Vec<Secret>,
}

/// What the person said when Claude Code asked about an API key of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyAnswer {
    Approved,
    /// An interactive `claude` does not use it; `claude -p` does all the same.
    Rejected,
    /// It will be asked for.
    Unasked,
}

impl Onboarding {
    /// What was said about `key`; it is remembered by its last 20 characters.
    #[must_use]
    pub fn answer(&self, key: &Secret) -> KeyAnswer {
        let among = |tails: &[Secret]| tails.iter().any(|tail| ends_with(key, tail));
        if among(&self.approved) {
            KeyAnswer::Approved
        } else if among(&self.rejected) {
            KeyAnswer::Rejected
        } else {
            KeyAnswer::Unasked
        }
    }
}

fn ends_with(key: &Secret, tail: &Secret) -> bool {
    key.inspect(|key| {
        let start = key
            .char_indices()
            .rev()
            .nth(TAIL - 1)
            .map_or(0, |(at, _)| at);
        tail.inspect(|tail| &key[start..] == tail)
    })
}

/// Reads the file.
#[must_use]
pub fn look(system: &System, places: &Places) -> Onboarding {
    let path = places.state.clone();
    let read = match system.files.read_whole_text(&path, FILE_LIMIT) {
        Ok(None) => Ok(None),
        Ok(Some(text)) => selective::read(&text, keep).map(Some).map_err(Problem::of),
        Err(error) => Err(Problem::unreadable(&error)),
    };
    let exists = !matches!(read, Ok(None));
    let (node, problem) = match read {
        Ok(node) => (node.unwrap_or(Node::Nothing), None),
        Err(problem) => (Node::Nothing, Some(problem)),
    };
    let backup = problem.as_ref().and_then(|_| newest_backup(system, places));
    let keys = |list: &str| {
        let list = node
            .get("customApiKeyResponses")
            .and_then(|all| all.get(list));
        let tails = list.map_or(&[][..], Node::list).iter();
        tails.filter_map(Node::secret).cloned().collect()
    };
    Onboarding {
        path,
        exists,
        problem,
        completed: node.get("hasCompletedOnboarding").and_then(Node::flag) == Some(true),
        account: node.get("oauthAccount").and_then(account),
        managed_key: node.get("primaryApiKey").is_some_and(Node::has_text),
        backup,
        approved: keys("approved"),
        rejected: keys("rejected"),
    }
}

fn keep(path: &[String]) -> Keep {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["hasCompletedOnboarding" | "primaryApiKey" | "customApiKeyResponses" | "oauthAccount"] => {
            Keep::Shape
        }
        ["customApiKeyResponses", "approved" | "rejected"] => Keep::Secret,
        ["oauthAccount", "emailAddress" | "organizationName"] => Keep::Text,
        _ => Keep::Nothing,
    }
}

fn account(node: &Node) -> Option<Account> {
    let text = |name: &str| {
        let text = node.get(name).and_then(Node::text);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let account = Account {
        email: text("emailAddress"),
        organization: text("organizationName"),
    };
    (account != Account::default()).then_some(account)
}

/// `.claude.json.backup.<milliseconds>`; a copy of the broken file itself is no help.
fn newest_backup(system: &System, places: &Places) -> Option<PathBuf> {
    let names = system.files.list(&places.backups).ok()?;
    let time = |name: &String| {
        let rest = name.strip_prefix(".claude.json.backup.")?;
        rest.parse::<u64>().ok()
    };
    let newest = names
        .into_iter()
        .filter_map(|name| Some((time(&name)?, name)));
    newest.max().map(|(_, name)| places.backups.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::Environment;

    fn look_at(text: Option<&str>) -> Onboarding {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let system = System::with_environment(Environment::of([("HOME", scratch.path())], "/"));
        let places = Places::of(&system, None);
        if let Some(text) = text {
            std::fs::create_dir_all(&places.backups).expect("folders");
            for name in [
                ".claude.json.backup.9",
                ".claude.json.backup.10",
                ".claude.json.corrupted.99",
            ] {
                put(&places.backups.join(name), "{}");
            }
            put(&places.state, text);
        }
        look(&system, &places)
    }

    fn put(path: &std::path::Path, text: &str) {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .expect("a file");
        std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
    }

    #[test]
    fn what_it_says() {
        let found = look_at(Some(
            r#"{"hasCompletedOnboarding": true, "projects": {"/p": {"history": [1]}},
            "primaryApiKey": "sk-ant-api03-canary",
            "oauthAccount": {"emailAddress": "user@example.com", "organizationName": "Example", "accountUuid": "u"}}"#,
        ));
        assert!(found.exists && found.completed && found.managed_key);
        assert_eq!((found.problem.clone(), found.backup.clone()), (None, None));
        let account = found.account.clone().expect("an account");
        assert_eq!(account.email.as_deref(), Some("user@example.com"));
        assert_eq!(account.organization.as_deref(), Some("Example"));
        assert!(!format!("{found:?}").contains("canary"));
    }

    #[test]
    fn little_or_nothing() {
        for text in [
            None,
            Some("{}"),
            Some("[]"),
            Some(r#"{"hasCompletedOnboarding": "yes", "oauthAccount": {}}"#),
        ] {
            let found = look_at(text);
            assert_eq!(found.exists, text.is_some());
            assert!(!found.completed && !found.managed_key && found.account.is_none());
            assert_eq!(found.problem, None, "{text:?}");
        }
    }

    #[test]
    fn a_broken_file_names_the_newest_copy() {
        let found = look_at(Some("{\"a\": 1,\n  oops"));
        assert_eq!(found.problem.expect("a problem").position, Some((2, 3)));
        let backup = found.backup.expect("a copy");
        assert!(
            backup.ends_with(".claude.json.backup.10"),
            "{}",
            backup.display()
        );
    }

    #[test]
    fn keys_are_known_by_their_ends() {
        let found = look_at(Some(
            r#"{"customApiKeyResponses": {"approved": ["01234567890123456789"], "rejected": ["a1234567890123456789", "short"]}}"#,
        ));
        let check =
            |key: &str, expected| assert_eq!(found.answer(&Secret::new(key)), expected, "{key}");
        check("sk-ant-api03-01234567890123456789", KeyAnswer::Approved);
        check("sk-ant-api03-a1234567890123456789", KeyAnswer::Rejected);
        check("sk-ant-api03-b1234567890123456789", KeyAnswer::Unasked);
        check("short", KeyAnswer::Rejected);
        check("", KeyAnswer::Unasked);
    }
}
