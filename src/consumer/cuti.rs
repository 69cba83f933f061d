//! cuti's Claude accounts: one folder each, with `.api_keys.json` and perhaps a copy of a login.
//! Its files are read, and nothing is written.
//!
//! Four forms of a Bedrock entry exist: with `auth_method` and a bearer token, with `auth_method`
//! and an access key, the documented one with `model_id` and no `auth_method`, and the shortest
//! that cuti reads. Measured with cuti 0.1.73.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::claude_code::login;
use super::kept::{Holdings, Kept, Place, Value, What};
use crate::document::selective::{self, Keep, Node};
use crate::provider::bedrock::shape::{self, Form};
use crate::secret::Secret;
use crate::system::System;
use crate::system::files::EntryKind;

const LOGIN: &str = ".credentials.json";
const FILE_LIMIT: usize = 1024 * 1024;
/// cuti empties a file before it writes it: a reader that comes in between looks again.
const LOOKS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(20);

/// What cuti keeps; in `from`, which is its folder or that of its accounts, instead of `~/.cuti`.
#[must_use]
pub fn kept(system: &System, from: Option<&Path>, now: Timestamp) -> Holdings {
    let own = || Some(system.environment.home()?.join(".cuti"));
    let Some(folder) = from.map(Path::to_path_buf).or_else(own) else {
        return Holdings::default();
    };
    let inner = folder.join("claude-accounts");
    let accounts = if is_there(system, &inner) {
        inner
    } else {
        folder.clone()
    };
    let mut holdings = Holdings {
        is_there: is_there(system, &accounts),
        folder,
        ..Holdings::default()
    };
    let names = match system.files.list(&accounts) {
        Ok(names) => names,
        Err(error) => {
            holdings.leave_out(Place::file(&accounts), error.message());
            return holdings;
        }
    };
    let listed = read(system, &accounts.join("accounts.json"), &mut holdings);
    let active = listed.get("active").and_then(Node::text).map(str::to_owned);
    let is_folder = |name: &String| {
        let entry = system.files.followed_entry(&accounts.join(name));
        matches!(entry, Ok(Some(entry)) if entry.kind == EntryKind::Folder)
    };
    for name in names.into_iter().filter(is_folder) {
        let account = Account {
            folder: accounts.join(&name),
            is_active: active.as_deref() == Some(&name),
            name,
        };
        account.add(system, (&accounts, now), &mut holdings);
    }
    holdings
}

struct Account {
    name: String,
    folder: PathBuf,
    is_active: bool,
}

impl Account {
    fn add(&self, system: &System, (accounts, now): (&Path, Timestamp), holdings: &mut Holdings) {
        let path = self.folder.join(".api_keys.json");
        let keys = read(system, &path, holdings);
        for (provider, entry) in keys.fields() {
            let place = Place::key(&path, provider);
            match what(provider, entry) {
                Ok(what) => {
                    let created = entry.get("created").and_then(Node::text);
                    let kept = Kept::new((provider, &self.name), what, place);
                    holdings.credentials.push(Kept {
                        name: self.name.clone(),
                        created: created.and_then(moment),
                        ..kept
                    });
                }
                Err(why) if why == MODEL_IN_ITS_PLACE => holdings.leave_out_with(
                    place,
                    why,
                    "`keywright onboard --flow bedrock` takes the access key again.",
                ),
                Err(why) => holdings.leave_out(place, why),
            }
        }
        if !is_there(system, &self.folder.join(LOGIN)) {
            return;
        }
        let (folder, remark) = self.login_folder(system, accounts);
        let login = login::look(system, Some(&folder), now);
        let place = Place::file(&login.path);
        if !login.standing.is_usable() {
            let why = format!("the login cannot be used: {}", login.words(now).title);
            let advice = "`claude auth login` makes a new one.";
            return holdings.leave_out_with(place, why, advice);
        }
        let beside = keys.get("anthropic").is_some();
        let provider = if beside { "claude-cli" } else { "anthropic" };
        let what = What::Login {
            config_dir: Some(folder),
        };
        holdings.credentials.push(Kept {
            name: self.name.clone(),
            provider: "anthropic".to_owned(),
            remarks: vec![remark.to_owned()],
            ..Kept::new((provider, &self.name), what, place)
        });
    }

    /// cuti works with a copy of the active account's login, so the one in the account's own folder
    /// may have ended.
    fn login_folder(&self, system: &System, accounts: &Path) -> (PathBuf, &'static str) {
        let worked_with = accounts.with_file_name("claude-linux");
        if self.is_active && is_there(system, &worked_with.join(LOGIN)) {
            let remark = "The login is used in the folder where cuti works with it.";
            return (worked_with, remark);
        }
        let remark = "The login is a copy that cuti made: it ends when another copy of it is used.";
        (self.folder.clone(), remark)
    }
}

fn is_there(system: &System, path: &Path) -> bool {
    matches!(system.files.followed_entry(path), Ok(Some(_)))
}

const MODEL_IN_ITS_PLACE: &str = "a model's id stands where the Bedrock API key belongs: cuti dropped the access key that came with it";

fn what(provider: &str, entry: &Node) -> Result<What, &'static str> {
    if !entry.is_object() {
        return Err("this is no entry of a provider");
    }
    let text = |name: &str| {
        let found = entry.get(name)?.text()?;
        (!found.is_empty()).then(|| found.to_owned())
    };
    let secret = |name: &str| entry.get(name)?.secret().cloned();
    if provider != "bedrock" {
        let key = secret("api_key").ok_or("it holds no key")?;
        return Ok(What::ApiKey(Value::Plain(key)));
    }
    let bearer = secret("bearer_token");
    let region = text("region");
    let with_keys = match text("auth_method").as_deref() {
        Some("access_keys") => true,
        Some("bearer_token") => false,
        _ => bearer.is_none(),
    };
    if with_keys {
        let id = text("access_key_id").ok_or("it holds no access_key_id")?;
        let secret = secret("secret_access_key").ok_or("it holds no secret_access_key")?;
        return Ok(What::AwsKeys {
            id,
            secret: Value::Plain(secret),
            session: None,
            region,
            model: text("model_id"),
        });
    }
    let bearer = bearer.ok_or("it holds no bearer_token")?;
    if is_model(&bearer) {
        return Err(MODEL_IN_ITS_PLACE);
    }
    Ok(What::AwsBearer {
        value: Value::Plain(bearer),
        region,
    })
}

/// The id of a model, such as `anthropic.claude-…` or `us.anthropic.claude-…`.
fn is_model(bearer: &Secret) -> bool {
    shape::bedrock_key(bearer) == Form::NotABedrockKey
        && bearer.inspect(|text| text.contains("anthropic.") || text.starts_with("arn:aws"))
}

/// As Python writes it: usually without a zone, which is taken for UTC.
fn moment(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    let time: DateTime = text.parse().ok()?;
    let time = time.to_zoned(TimeZone::UTC).ok()?;
    Some(time.timestamp().as_millisecond())
}

/// A file of cuti's; nothing where there is none or it makes no sense, which is told.
fn read(system: &System, path: &Path, holdings: &mut Holdings) -> Node {
    let found = patiently(|| match system.files.read_text(path, FILE_LIMIT) {
        Ok(Some(text)) => selective::read(&text, keep).map(Ok),
        Ok(None) => Ok(Ok(Node::Nothing)),
        Err(error) => Ok(Err(error)),
    });
    match found {
        Ok(Ok(node)) if node.is_object() || node == Node::Nothing => return node,
        Ok(Ok(_)) => holdings.leave_out(Place::file(path), "this is no JSON object"),
        Ok(Err(error)) => holdings.leave_out(Place::file(path), error.message()),
        Err(problem) => {
            holdings.leave_out(Place::line(path, problem.line), problem.what);
        }
    }
    Node::Nothing
}

/// Looks until there is sense in it, a few times.
fn patiently<T, E>(mut look: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    let mut found = look();
    for _ in 1..LOOKS {
        if found.is_ok() {
            break;
        }
        std::thread::sleep(PAUSE);
        found = look();
    }
    found
}

fn keep(names: &[String]) -> Keep {
    match names.last().map(String::as_str) {
        Some("api_key" | "bearer_token" | "secret_access_key") => Keep::Secret,
        Some("region" | "access_key_id" | "model_id" | "auth_method" | "created" | "active") => {
            Keep::Text
        }
        _ => Keep::Shape,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(provider: &str, text: &str) -> Result<What, &'static str> {
        let node = selective::read(text, keep).expect("JSON");
        what(provider, &node)
    }

    #[test]
    fn every_form_of_an_entry() {
        let keys = |text: &str, model: Option<&str>| match entry("bedrock", text) {
            Ok(What::AwsKeys {
                id, model: found, ..
            }) => {
                assert_eq!(
                    (id.as_str(), found.as_deref()),
                    ("AKIAMADEUP", model),
                    "{text}"
                );
            }
            other => panic!("{text}: {other:?}"),
        };
        let pair = r#""access_key_id": "AKIAMADEUP", "secret_access_key": "madeup""#;
        keys(
            &format!("{{{pair}, \"auth_method\": \"access_keys\"}}"),
            None,
        );
        keys(
            &format!("{{{pair}, \"model_id\": \"anthropic.claude-x\"}}"),
            Some("anthropic.claude-x"),
        );
        keys(&format!("{{{pair}}}"), None);
        let bearer = entry(
            "bedrock",
            r#"{"bearer_token": "ABSKmadeup", "region": "us-east-1", "auth_method": "bearer_token"}"#,
        );
        assert!(matches!(
            bearer,
            Ok(What::AwsBearer {
                region: Some(_),
                ..
            })
        ));
        assert!(matches!(
            entry("bedrock", r#"{"bearer_token": "ABSKmadeup"}"#),
            Ok(What::AwsBearer { region: None, .. })
        ));
        assert!(matches!(
            entry("anthropic", r#"{"api_key": "sk-ant-api03-madeup"}"#),
            Ok(What::ApiKey(_))
        ));
    }

    #[test]
    fn what_cannot_be_taken() {
        let check = |provider: &str, text: &str, expected: &str| {
            assert_eq!(entry(provider, text), Err(expected), "{text}");
        };
        check("anthropic", "\"sk\"", "this is no entry of a provider");
        check("anthropic", r#"{"api_key": null}"#, "it holds no key");
        check("bedrock", "{}", "it holds no access_key_id");
        check(
            "bedrock",
            r#"{"bearer_token": "anthropic.claude-3-5-sonnet-20241022-v2:0", "auth_method": "bearer_token"}"#,
            MODEL_IN_ITS_PLACE,
        );
    }

    #[test]
    fn a_file_that_is_just_being_written_is_looked_at_again() {
        let check = |bad: u32, expected: Result<u32, u32>, count: u32| {
            let mut looks = 0;
            let found = patiently(|| {
                looks += 1;
                if looks > bad { Ok(looks) } else { Err(looks) }
            });
            assert_eq!((found, looks), (expected, count), "{bad}");
        };
        check(0, Ok(1), 1);
        check(2, Ok(3), 3);
        check(100, Err(LOOKS), LOOKS);
    }

    #[test]
    fn times_of_python() {
        assert_eq!(
            moment("2025-10-01T00:31:34.953588"),
            Some(1_759_278_694_953)
        );
        assert_eq!(moment("2025-10-01T00:31:34Z"), Some(1_759_278_694_000));
        assert_eq!(moment("unknown"), None);
    }
}
