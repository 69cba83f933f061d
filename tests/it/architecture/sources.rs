//! The sources of the crate, without their comments and tests, and how to look for words in them.

use std::path::PathBuf;

/// A source file without its comments and its tests.
pub struct Source {
    /// Below the root of the crate, with `/`.
    pub path: String,
    pub code: String,
    /// As it is.
    pub text: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

pub fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec!["src".to_owned(), "tests/it".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).expect("a folder of the crate") {
            let entry = entry.expect("an entry");
            let path = format!("{folder}/{}", entry.file_name().display());
            if entry.file_type().expect("its type").is_dir() {
                folders.push(path);
            } else if std::path::Path::new(&path)
                .extension()
                .is_some_and(|e| e == "rs")
            {
                found.push(source(&path, &read(&path)));
            }
        }
    }
    found
}

pub fn source(path: &str, text: &str) -> Source {
    let is_test =
        |line: &str| line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test");
    let code: Vec<&str> = text
        .lines()
        .take_while(|line| !is_test(line) && !path.ends_with("tests.rs"))
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.split_once(" // ").map_or(line, |(code, _)| code))
        .collect();
    Source {
        path: path.to_owned(),
        code: code.join("\n"),
        text: text.to_owned(),
    }
}

pub fn word(text: &str) -> String {
    let end = |c: char| !c.is_alphanumeric() && c != '_';
    text.split(end).next().unwrap_or_default().to_owned()
}

/// Whether `token` stands in `code` as a whole word or path.
pub fn has_word(code: &str, token: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(token).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + token.len()..].chars().next();
        let starts = token.starts_with('.') || !before.is_some_and(|c| part(c) || c == ':');
        let ends = token.ends_with(':') || !after.is_some_and(part);
        starts && ends
    })
}
