//! What this machine keeps secret, read once more for the sake of a bundle: a bundle is made of
//! facts that hold no secret, and these values are what a last look at it is for. Nothing of this
//! is ever written.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::names::Names;
use super::shapes::{self, Kind, is_reference};
use crate::consumer::aws;
use crate::consumer::claude_code::places::Places;
use crate::secret::Secret;
use crate::store;
use crate::system::System;
use crate::system::files::EntryKind;

/// Files with secrets are small; nothing that a collector reads is larger.
const LIMIT: usize = 4 * 1024 * 1024;
/// More files than the doctor ever looks at.
const MOST_FILES: usize = 2000;
/// With so many values, random ones are not learned any more.
const MOST_RANDOM: usize = 4000;
const START_UP: &[&str] = &[
    ".profile",
    ".bash_profile",
    ".bash_login",
    ".bashrc",
    ".bash_aliases",
    ".zshenv",
    ".zprofile",
    ".zshrc",
    ".zlogin",
    ".config/fish/config.fish",
    ".netrc",
];

/// The values that must not leave this machine: of the environment, of the files that programs
/// keep credentials in, and of every file that the facts name.
#[must_use]
pub fn values(system: &System, home: Option<&Path>, facts: &Value) -> Vec<Secret> {
    let mut found = BTreeSet::new();
    for (name, value) in system.environment.iter() {
        let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
        assigned(&mut found, &name, &value);
        tokens(&mut found, &value);
    }
    for path in files(system, home, facts) {
        // What cannot be read did not get into the facts either.
        if let Ok(Some(bytes)) = system.files.read(&path, LIMIT) {
            of_file(&mut found, &String::from_utf8_lossy(&bytes));
        }
    }
    found.into_iter().map(Secret::new).collect()
}

/// The names of this machine's user and of itself.
#[must_use]
pub fn names(system: &System) -> Names {
    let environment = &system.environment;
    let get = |name: &&str| environment.get(name).map(str::to_owned);
    let home = environment.home().map(|home| home.display().to_string());
    let mut users: Vec<String> = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .filter_map(get)
        .collect();
    let last = home
        .as_deref()
        .and_then(|home| home.trim_end_matches('/').rsplit('/').next());
    users.extend(last.map(str::to_owned));
    let mut hosts: Vec<String> = ["HOSTNAME", "HOST", "COMPUTERNAME"]
        .iter()
        .filter_map(get)
        .collect();
    for file in ["/proc/sys/kernel/hostname", "/etc/hostname"] {
        if let Ok(Some(name)) = system.files.read_text(Path::new(file), 1024) {
            hosts.push(name.trim().to_owned());
        }
    }
    let short: Vec<String> = hosts
        .iter()
        .filter_map(|host| Some(host.split_once('.')?.0.to_owned()))
        .collect();
    hosts.extend(short);
    users.sort_by_key(|name| std::cmp::Reverse(name.len()));
    hosts.sort_by_key(|name| std::cmp::Reverse(name.len()));
    users.dedup();
    hosts.dedup();
    Names::new(home.as_deref(), users, hosts)
}

/// The files of ours, of Claude Code and of AWS, the start-up files, and those that the facts name.
fn files(system: &System, home: Option<&Path>, facts: &Value) -> BTreeSet<PathBuf> {
    let environment = &system.environment;
    let claude = Places::of(system, None);
    let aws = aws::Places::of(environment);
    let mut files: Vec<PathBuf> = vec![
        claude.credentials,
        claude.state,
        claude.settings,
        claude.managed_settings,
    ];
    files.extend(claude.project_settings);
    files.extend([aws.config, aws.credentials].into_iter().flatten());
    if let Some(home) = environment.home() {
        files.extend(START_UP.iter().map(|name| home.join(name)));
        files.push(home.join(".claude/.credentials.json"));
    }
    named(facts, &mut files);
    let ours = store::Home::locate(home, environment).ok();
    let ours = ours.map(|home| home.root().to_path_buf());
    let folders = [ours, Some(claude.backups), claude.anthropic, aws.sso_cache];
    for folder in folders.into_iter().flatten() {
        below(system, &folder, 4, &mut files);
    }
    let regular = |path: &PathBuf| {
        let entry = system.files.followed_entry(path);
        matches!(entry, Ok(Some(entry)) if entry.kind == EntryKind::File)
    };
    files.into_iter().filter(regular).take(MOST_FILES).collect()
}

/// Every file below a folder, as deep as ours are.
fn below(system: &System, folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for name in system.files.list(folder).unwrap_or_default() {
        let path = folder.join(name);
        let entry = system.files.entry(&path);
        let folder = matches!(entry, Ok(Some(entry)) if entry.kind == EntryKind::Folder);
        if folder && depth > 0 && files.len() < MOST_FILES {
            below(system, &path, depth - 1, files);
        } else if !folder {
            files.push(path);
        }
    }
}

/// Every path in the facts, with or without a line behind it.
fn named(facts: &Value, files: &mut Vec<PathBuf>) {
    match facts {
        Value::String(text) if text.starts_with('/') || text.contains(":\\") => {
            let path = text.trim_end_matches(|c: char| c.is_ascii_digit());
            files.extend(path.strip_suffix(':').map(PathBuf::from));
            files.push(PathBuf::from(text));
        }
        Value::Array(all) => all.iter().for_each(|value| named(value, files)),
        Value::Object(all) => all.values().for_each(|value| named(value, files)),
        _ => {}
    }
}

/// What stands for a secret in the text of a file, whatever its format is: what is assigned to a
/// name that speaks of one, and what looks like one.
fn of_file(found: &mut BTreeSet<String>, text: &str) {
    if text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE KEY") {
        return;
    }
    for line in text.lines() {
        tokens(found, line);
        // Of the formats with a name in front, in which a value may have anything in it.
        let plain = |name: &&str| !name.contains(['"', '\'', '{', '[', ',', '#']);
        if let Some((name, value)) = line.split_once(['=', ':']).filter(|(name, _)| plain(name)) {
            assigned(found, name, value);
        }
    }
    let mut before: Option<(&str, usize)> = None;
    for word in pieces(text) {
        let value = &text[word.clone()];
        if let Some((name, end)) = before {
            let between = &text[end..word.start];
            let variable = name.contains('_') && !name.contains(|c: char| c.is_ascii_lowercase());
            // fish's `set -gx NAME value`, and the lines of a netrc file.
            let beside = (variable || name == "password") && !between.contains('\n');
            if between.contains(['=', ':']) || beside {
                assigned(found, name, value);
            }
        }
        before = Some((value, word.end));
    }
}

/// The words of a text; one in quotes is one word.
fn pieces(text: &str) -> Vec<Range<usize>> {
    const BETWEEN: &[char] = &['=', ':', ',', ';', '{', '}', '[', ']', '(', ')', '"', '\''];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        if matches!(c, '"' | '\'') {
            let end = closing(text, next, c);
            found.push(next..end);
            at = (end + 1).min(text.len());
        } else if c.is_whitespace() || BETWEEN.contains(&c) {
            at = next;
        } else {
            // A colon or an equals sign inside of a value is a part of it.
            let stop = |c: char| c.is_whitespace() || BETWEEN[2..].contains(&c);
            let rest = &text[at..];
            let long = at + rest.find(stop).unwrap_or(rest.len());
            let short = at
                + rest
                    .find(|c| stop(c) || matches!(c, '=' | ':'))
                    .unwrap_or(rest.len());
            found.push(at..short);
            if short < long {
                found.push((short + 1).min(long)..long);
            }
            at = long.max(next);
        }
    }
    found.retain(|range| !range.is_empty());
    found
}

/// Where a quotation ends; at the end of the line when it is not closed.
fn closing(text: &str, from: usize, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text[from..].char_indices() {
        if c == '\n' || (c == quote && !escaped) {
            return from + at;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// A value that a name says is secret.
fn assigned(found: &mut BTreeSet<String>, name: &str, value: &str) {
    let value = value.trim().trim_matches(['"', '\'']);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let number = digits == value.len();
    // A word without a digit may as well be one of ours, unless it is long.
    let telling = (digits > 0 && value.len() >= 6) || value.len() >= 16;
    if says_secret(name) && telling && !number && !is_reference(value) && !value.contains("://") {
        found.insert(value.to_owned());
    }
}

/// A name that speaks of a secret, and not of where one comes from.
fn says_secret(name: &str) -> bool {
    const SECRET: &[&str] = &[
        "key",
        "token",
        "secret",
        "passw",
        "passphrase",
        "authorization",
        "bearer",
        "cookie",
        "pwd",
    ];
    const PLACE: &[&str] = &[
        "helper", "file", "path", "oldpwd", "keyboard", "keymap", "_ttl", "url", "source",
    ];
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    has(SECRET) && !has(PLACE) && name != "pwd"
}

/// What looks like a secret, whatever it is called.
fn tokens(found: &mut BTreeSet<String>, value: &str) {
    for (range, kind) in shapes::find(value) {
        let text = &value[range];
        match kind {
            Kind::UrlUser => {
                let parts = text.split(':').filter(|part| part.len() >= 6);
                let decoded = |part: &str| {
                    let plain = url::form_urlencoded::parse(part.as_bytes()).next();
                    plain.map(|(plain, _)| plain.into_owned())
                };
                found.extend(parts.clone().filter_map(decoded));
                found.extend(parts.map(str::to_owned));
            }
            // What looks like that is removed wherever it stands; a file may be full of it.
            Kind::Random if text.len() > 1024 || found.len() > MOST_RANDOM => {}
            // A value by its name is a matter of `assigned`.
            Kind::Email | Kind::Assigned => {}
            _ => {
                found.insert(text.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        of_file(&mut found, text);
        found.into_iter().collect()
    }

    #[test]
    fn values_of_files_of_any_format() {
        let check = |text: &str, expected: &[&str]| assert_eq!(secrets(text), expected, "{text}");
        check("export MY_TOKEN=canary-1; x", &["canary-1", "canary-1; x"]);
        check("export MY_TOKEN='canary 1'\n", &["canary 1"]);
        check("set -gx MY_TOKEN canary-1", &["canary-1"]);
        check("machine h password canary1 login ann", &["canary1"]);
        check(
            "{\"accessToken\":\"canary-1\",\"expiresAt\":123456789}",
            &["canary-1"],
        );
        check("{\"accessToken\": \"canary-1", &["canary-1"]);
        check("a_secret_key = canary/1+x=", &["canary/1+x", "canary/1+x="]);
        check("password: open = sesame 1", &["open = sesame 1"]);
        check("x = sk-ant-api03-abcdef", &["sk-ant-api03-abcdef"]);
        check("proxy: http://ann:opensesame@h:1", &["opensesame"]);
        check("apiKeyHelper: '/bin/helper1'", &[]);
        check("the token is authentication_error", &[]);
        check("\"tokens\": 123456, model: claude-sonnet-4", &[]);
        check("TOKEN_FILE=abcdef12 API_KEY=$OTHER_KEY_12", &[]);
        check("", &[]);
    }
}
