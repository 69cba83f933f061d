//! `secrets.providers.<name>`: the places that references lead to. Names and fields are `OpenClaw`'s.

use std::path::PathBuf;
use std::time::Duration;

use super::value::{At, fault};
use crate::document::json5::Problem;
use crate::secret::Secret;

/// A name and what it stands for.
pub type Named = (String, SecretProvider);

/// One place that references lead to.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretProvider {
    /// Variables of the environment.
    Env {
        /// The variables that may be read; `None`: every one.
        allowlist: Option<Vec<String>>,
    },
    File(FileProvider),
    Exec(Box<ExecProvider>),
    Keyring(KeyringProvider),
}

/// A file with one value or with many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProvider {
    /// Absolute, or beginning with `~/`.
    pub path: PathBuf,
    pub mode: FileMode,
    pub timeout: Duration,
    /// Bytes of the whole file at most.
    pub limit: usize,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileMode {
    /// A JSON document; the id is a JSON pointer.
    Json,
    /// The value and nothing else; the id is `value`.
    SingleValue,
}

/// A program that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecProvider {
    /// Absolute.
    pub command: PathBuf,
    pub arguments: Vec<String>,
    /// Variables that it gets; the values may be secrets.
    pub variables: Vec<(String, Secret)>,
    /// Variables of this process that are passed on.
    pub pass: Vec<String>,
    /// The folders that the program may stand in; empty: any.
    pub trusted: Vec<PathBuf>,
    pub timeout: Duration,
    /// Bytes of its answer at most.
    pub limit: usize,
    /// Its answer must be JSON; else all that it prints may be the value.
    pub json_only: bool,
}

/// The keyring of the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyringProvider {
    /// The attribute `service` of the entry; its `account` is the id of the reference.
    pub service: String,
    pub timeout: Duration,
}

/// The time that a file or a program has by default.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The time that a keyring has by default, and at most.
const KEYRING_TIMEOUT: Duration = Duration::from_secs(3);
/// Bytes of a file or of an answer by default.
const LIMIT: usize = 1024 * 1024;

impl FileProvider {
    /// A file that holds one value.
    #[must_use]
    pub const fn single(path: PathBuf) -> Self {
        Self {
            path,
            mode: FileMode::SingleValue,
            timeout: TIMEOUT,
            limit: LIMIT,
        }
    }
}

impl Default for KeyringProvider {
    fn default() -> Self {
        Self {
            service: "keywright".to_owned(),
            timeout: KEYRING_TIMEOUT,
        }
    }
}

impl SecretProvider {
    /// The `source` that it is of.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        match self {
            Self::Env { .. } => "env",
            Self::File(_) => "file",
            Self::Exec(_) => "exec",
            Self::Keyring(_) => "keyring",
        }
    }
}

/// Whether it can be the name of a provider.
#[must_use]
pub fn is_provider_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// Reads them.
pub(super) fn read(root: At<'_>) -> Result<Vec<Named>, Problem> {
    let Some(secrets) = root.field("secrets")? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (name, at) in secrets.fields("providers")? {
        if !is_provider_name(name) {
            return Err(fault(
                at,
                "a provider's name is made of a-z, 0-9, `_` and `-`, and begins with a letter",
            ));
        }
        found.push((name.to_owned(), one(at)?));
    }
    Ok(found)
}

fn one(at: At<'_>) -> Result<SecretProvider, Problem> {
    let source = needed(at, "source")?.text("`source`")?;
    Ok(match source.as_str() {
        "env" => SecretProvider::Env {
            allowlist: at
                .field("allowlist")?
                .map(|_| texts(at, "allowlist"))
                .transpose()?,
        },
        "file" => SecretProvider::File(file(at)?),
        "exec" => SecretProvider::Exec(Box::new(exec(at)?)),
        "keyring" => SecretProvider::Keyring(keyring(at)?),
        _ => {
            let source = needed(at, "source")?;
            return Err(fault(source, "`source` must be env, file, exec or keyring"));
        }
    })
}

fn file(at: At<'_>) -> Result<FileProvider, Problem> {
    let place = needed(at, "path")?;
    let path = place.text("`path`")?;
    if !path.starts_with("~/") && !PathBuf::from(&path).is_absolute() {
        return Err(fault(place, "`path` must be absolute, or begin with ~/"));
    }
    let mode = match at.field("mode")? {
        None => FileMode::Json,
        Some(mode) => match mode.text("`mode`")?.as_str() {
            "json" => FileMode::Json,
            "singleValue" => FileMode::SingleValue,
            _ => return Err(fault(mode, "`mode` must be json or singleValue")),
        },
    };
    Ok(FileProvider {
        path: path.into(),
        mode,
        timeout: timeout(at, TIMEOUT, MOST_TIME)?,
        limit: limit(at, "maxBytes")?,
    })
}

fn exec(at: At<'_>) -> Result<ExecProvider, Problem> {
    let place = needed(at, "command")?;
    let command = PathBuf::from(place.text("`command`")?);
    if !command.is_absolute() {
        return Err(fault(place, "`command` must be an absolute path"));
    }
    let mut variables = Vec::new();
    for (name, value) in at.fields("env")? {
        variables.push((name.to_owned(), Secret::new(value.text("a variable")?)));
    }
    Ok(ExecProvider {
        command,
        arguments: texts(at, "args")?,
        variables,
        pass: texts(at, "passEnv")?,
        trusted: texts(at, "trustedDirs")?
            .into_iter()
            .map(PathBuf::from)
            .collect(),
        timeout: timeout(at, TIMEOUT, MOST_TIME)?,
        limit: limit(at, "maxOutputBytes")?,
        json_only: at
            .field("jsonOnly")?
            .map_or(Ok(true), |flag| flag.flag("jsonOnly"))?,
    })
}

fn keyring(at: At<'_>) -> Result<KeyringProvider, Problem> {
    let mut provider = KeyringProvider::default();
    if let Some(service) = at.field("service")? {
        provider.service = service.text("`service`")?;
    }
    provider.timeout = timeout(at, KEYRING_TIMEOUT, KEYRING_TIMEOUT)?;
    Ok(provider)
}

/// The longest that a file or a program may be waited for.
const MOST_TIME: Duration = Duration::from_mins(2);
/// The largest file or answer that can be allowed.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

fn needed<'a>(at: At<'a>, name: &str) -> Result<At<'a>, Problem> {
    at.field(name)?
        .ok_or_else(|| fault(at, format!("`{name}` is missing here")))
}

fn texts(at: At<'_>, name: &str) -> Result<Vec<String>, Problem> {
    let Some(list) = at.field(name)? else {
        return Ok(Vec::new());
    };
    let elements = list.elements(&format!("`{name}`"))?.into_iter();
    elements
        .map(|element| element.text(&format!("each of `{name}`")))
        .collect()
}

fn timeout(at: At<'_>, default: Duration, most: Duration) -> Result<Duration, Problem> {
    let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
    let given = at.field("timeoutMs")?;
    let given = given
        .map(|value| value.whole("timeoutMs", most))
        .transpose()?;
    Ok(given.map_or(default, Duration::from_millis))
}

fn limit(at: At<'_>, name: &str) -> Result<usize, Problem> {
    let given = at.field(name)?;
    let given = given
        .map(|value| value.whole(name, MOST_BYTES))
        .transpose()?;
    Ok(given.map_or(LIMIT, |bytes| usize::try_from(bytes).unwrap_or(LIMIT)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::parse;
    use super::*;

    fn read(text: &str) -> Vec<Named> {
        parse(text, Path::new("config.json5")).expect(text).secrets
    }

    #[test]
    fn every_source() {
        let found = read(
            r"{ secrets: { providers: {
                some: { source: 'env', allowlist: ['A', 'B'] },
                all: { source: 'env' },
                one: { source: 'file', path: '/k', mode: 'singleValue', timeoutMs: 10, maxBytes: 20 },
                many: { source: 'file', path: '~/keys.json' },
                ask: { source: 'exec', command: '/bin/ask', args: ['-x'], env: { A: 'b' }, passEnv: ['HOME'], trustedDirs: ['/bin'], jsonOnly: false, timeoutMs: 7, maxOutputBytes: 9 },
                ring: { source: 'keyring', service: 's' },
            } } }",
        );
        let names: Vec<_> = found
            .iter()
            .map(|(name, p)| (name.as_str(), p.source()))
            .collect();
        let expected = [
            ("some", "env"),
            ("all", "env"),
            ("one", "file"),
            ("many", "file"),
            ("ask", "exec"),
            ("ring", "keyring"),
        ];
        assert_eq!(names, expected);
        let SecretProvider::File(one) = &found[2].1 else {
            panic!("a file")
        };
        assert_eq!(
            (one.mode, one.timeout.as_millis(), one.limit),
            (FileMode::SingleValue, 10, 20)
        );
        let SecretProvider::File(many) = &found[3].1 else {
            panic!("a file")
        };
        assert_eq!(
            (many.mode, many.timeout, many.limit),
            (FileMode::Json, TIMEOUT, LIMIT)
        );
        let SecretProvider::Exec(ask) = &found[4].1 else {
            panic!("a program")
        };
        assert_eq!(
            (ask.limit, ask.timeout.as_millis(), ask.json_only),
            (9, 7, false)
        );
        assert_eq!(ask.variables, [("A".to_owned(), Secret::new("b"))]);
    }

    #[test]
    fn refusals() {
        let check = |provider: &str, column: usize, what: &str| {
            let text = format!("{{secrets:{{providers:{{{provider}}}}}}}");
            let error = parse(&text, Path::new("c")).expect_err(&text);
            let place = format!("c:1:{}: ", column + 21);
            assert!(error.message().starts_with(&place), "{error}");
            assert!(error.message().contains(what), "{error}");
            assert!(
                !format!("{error}{:?}", error.snippet_text()).contains("hunter"),
                "{error}"
            );
        };
        check("A:{source:'env'}", 3, "name is made of");
        check("a:1", 3, "object");
        check("a:{}", 3, "`source` is missing");
        check("a:{source:'hunter'}", 11, "env, file, exec or keyring");
        check("a:{source:'env',allowlist:'hunter'}", 27, "list");
        check("a:{source:'file'}", 3, "`path` is missing");
        check("a:{source:'file',path:'hunter'}", 23, "absolute");
        check(
            "a:{source:'file',path:'/k',mode:'hunter'}",
            33,
            "singleValue",
        );
        check(
            "a:{source:'file',path:'/k',maxBytes:9999999}",
            37,
            "from 1 to 8388608",
        );
        check(
            "a:{source:'file',path:'/k',timeoutMs:0}",
            38,
            "from 1 to 120000",
        );
        check("a:{source:'file',path:'/k',timeoutMs:'1'}", 38, "from 1 to");
        check("a:{source:'exec',command:'hunter'}", 26, "absolute path");
        check("a:{source:'exec',command:'/x',args:[1]}", 37, "text");
        check("a:{source:'keyring',timeoutMs:3001}", 31, "from 1 to 3000");
    }
}
