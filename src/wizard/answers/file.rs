//! An answers file: one JSON object, a key per flow variable. It may be kept and shared, so it
//! holds no secret, only where to read one.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::source::Way;
use crate::error::{Error, Kind, Result};
use crate::provider::paste::looks_like_secret;
use crate::system::System;

const TEMPLATE: &str = "`keywright onboard --flow FLOW --answers-template` prints one to fill in.";

/// Bytes read of an answers file at most.
const LIMIT: usize = 1 << 20;

/// What a file says, before anybody knows which flow it is for.
#[derive(Debug)]
pub struct AnswersFile {
    pub path: PathBuf,
    pub flow: Option<String>,
    /// Risks that the file accepts by their id.
    pub accepted: Vec<String>,
    /// Profiles refer to the secrets instead of holding them.
    pub refers: Option<bool>,
    /// Key and value in the order of the file.
    pub answers: Vec<(String, Value)>,
}

/// An object that refuses to hold a key twice.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries: Vec<(String, Value)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if entries.iter().any(|(known, _)| *known == key) {
                        return Err(serde::de::Error::custom("duplicate key"));
                    }
                    entries.push((key, value));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl AnswersFile {
    /// Reads a file.
    ///
    /// # Errors
    /// `NotFound`, `Malformed` (no JSON object, a key twice), `Permission` or `Io`. Nothing of the
    /// file is quoted: it may hold a secret all the same.
    pub fn read(path: &Path, system: &System) -> Result<Self> {
        let pasted = looks_like_secret(&path.to_string_lossy());
        let path = system.environment.folder().join(path);
        let shown = path.display();
        let text = system.files.read_text(&path, LIMIT)?.ok_or_else(|| {
            if pasted {
                return Error::usage("--answers takes the path of a file, not a secret");
            }
            Error::new(Kind::NotFound, format!("there is no answers file {shown}"))
                .path(&path)
                .hint(TEMPLATE)
        })?;
        let malformed = |what: String| {
            Error::new(Kind::Malformed, format!("the answers file {shown} {what}"))
                .path(&path)
                .hint(TEMPLATE)
        };
        let Object(entries) = serde_json::from_str(&text).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Data => "is not one JSON object with each key once",
                serde_json::error::Category::Eof => "ends before its JSON object does",
                _ => "is not JSON",
            };
            let (line, column) = (error.line(), error.column());
            malformed(format!("{what}: line {line}, column {column}"))
        })?;
        Self::sort(path.clone(), entries).map_err(malformed)
    }

    fn sort(path: PathBuf, entries: Vec<(String, Value)>) -> Result<Self, String> {
        let mut file = Self {
            path,
            flow: None,
            accepted: Vec::new(),
            refers: None,
            answers: Vec::new(),
        };
        for (key, value) in entries {
            match (key.as_str(), &value) {
                ("flow", Value::String(id)) => file.flow = Some(id.clone()),
                ("flow", _) => return Err("must have a text for \"flow\"".to_owned()),
                ("acceptRisk", value) => {
                    file.accepted =
                        texts(value).ok_or("must have a list of risk names for \"acceptRisk\"")?;
                }
                ("secretInputMode", Value::String(mode)) if mode == "ref" => {
                    file.refers = Some(true);
                }
                ("secretInputMode", Value::String(mode)) if mode == "plaintext" => {
                    file.refers = Some(false);
                }
                ("secretInputMode", _) => {
                    return Err("must have plaintext or ref for \"secretInputMode\"".to_owned());
                }
                _ => file.answers.push((key, value)),
            }
        }
        Ok(file)
    }
}

/// A list of texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?.iter();
    items.map(|item| Some(item.as_str()?.to_owned())).collect()
}

/// Where the file says that a secret is.
///
/// # Errors
/// Why not, as the end of a sentence that begins with the key; what stands there is not repeated.
pub fn secret_reference(value: &Value) -> Result<Way, &'static str> {
    const WANTED: &str = "must be exactly one of {\"env\": \"NAME\"}, {\"file\": \"PATH\"}, {\"fd\": 3}, {\"keyring\": \"ID\"}, {\"stdin\": true} or {\"command\": [\"PROGRAM\", \"ARGUMENT\"]}";
    let object = match value {
        Value::Object(object) => object,
        Value::String(_) => {
            return Err(
                "holds the secret itself; write where to read it instead, such as {\"env\": \"NAME\"} or {\"file\": \"PATH\"}",
            );
        }
        _ => return Err(WANTED),
    };
    let mut entries = object.iter();
    let (Some((key, value)), None) = (entries.next(), entries.next()) else {
        return Err(WANTED);
    };
    let way = match key.as_str() {
        "env" => value.as_str().map(|name| Way::Environment(name.to_owned())),
        "file" => value.as_str().map(|path| Way::File(path.into())),
        "fd" => value
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .map(Way::Descriptor),
        "keyring" => value.as_str().map(|id| Way::Keyring(id.to_owned())),
        "stdin" => value.as_bool().filter(|yes| *yes).map(|_| Way::Stdin),
        "command" => texts(value)
            .filter(|words| !words.is_empty())
            .map(Way::Command),
        _ => None,
    };
    way.ok_or(WANTED)
}

/// A value that is no secret, as text: yes and no may be written as JSON has them.
#[must_use]
pub fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references() {
        let check = |value: Value, expected: Option<Way>| {
            assert_eq!(secret_reference(&value).ok(), expected, "{value}");
        };
        check(json!({"env": "K"}), Some(Way::Environment("K".into())));
        check(json!({"file": "/k"}), Some(Way::File("/k".into())));
        check(json!({"fd": 3}), Some(Way::Descriptor(3)));
        check(json!({"keyring": "K"}), Some(Way::Keyring("K".into())));
        check(json!({"stdin": true}), Some(Way::Stdin));
        let command = Way::Command(vec!["pass".into(), "show".into()]);
        check(json!({"command": ["pass", "show"]}), Some(command));
        check(json!("sk-ant-api03-x"), None);
        check(json!({"env": "K", "file": "/k"}), None);
        check(json!({"stdin": false}), None);
        check(json!({"fd": -1}), None);
        check(json!({"command": []}), None);
        check(json!({"command": "pass"}), None);
        check(json!({"value": "x"}), None);
        check(json!({}), None);
        check(json!(null), None);
    }

    #[test]
    fn a_literal_secret_is_not_repeated() {
        let told = secret_reference(&json!("sk-ant-api03-canary")).expect_err("refused");
        assert!(!told.contains("canary"));
    }

    #[test]
    fn a_key_twice_is_refused() {
        assert!(serde_json::from_str::<Object>(r#"{"a": 1, "a": 2}"#).is_err());
        assert!(serde_json::from_str::<Object>(r#"{"a": 1, "b": 2}"#).is_ok());
    }
}
