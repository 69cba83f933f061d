//! Each rule as a function from sources to what is wrong with them.

use std::collections::BTreeSet;
use std::path::Path;

use super::sources::{Source, has_word, root, word};
use super::tables::{ANYTHING, DIRECTION, DOORS, EDGES, IMPURE, LONGEST, PURE};

pub fn direction(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|s| s.path.starts_with("src/")) {
        let folder = top(&source.path);
        let Some((_, allowed)) = DIRECTION.iter().find(|(name, _)| *name == folder) else {
            wrong.push(format!(
                "{}: `{folder}` has no place in the picture",
                source.path
            ));
            continue;
        };
        for name in names(source) {
            if name != folder && !allowed.contains(&name.as_str()) && *allowed != ANYTHING {
                wrong.push(format!("{}: may not name `{name}`", source.path));
            }
        }
    }
    wrong
}

/// The crate's own top modules that a source names.
fn names(source: &Source) -> BTreeSet<String> {
    let depth = source.path.matches('/').count() - usize::from(source.path.ends_with("/mod.rs"));
    let roots = [
        "crate::".to_owned(),
        format!(" {}", "super::".repeat(depth)),
    ];
    let code = source.code.replace(['(', '<', '&', '{', ','], " ");
    let mut found = BTreeSet::new();
    for root in &roots {
        let spaced = if root.starts_with(' ') {
            &code
        } else {
            &source.code
        };
        for (at, _) in spaced.match_indices(root.as_str()) {
            let rest = &spaced[at + root.len()..];
            if let Some(list) = rest.strip_prefix('{') {
                found.extend(first_level(list));
            } else {
                found.insert(word(rest));
            }
        }
    }
    found
        .into_iter()
        .filter_map(|name| module_of(&name))
        .collect()
}

/// The first words of the entries of a `use crate::{…}` list.
fn first_level(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut entries = vec![String::new()];
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => entries.push(String::new()),
            c => entries.last_mut().expect("never empty").push(c),
        }
    }
    entries.iter().map(|entry| word(entry.trim())).collect()
}

/// What the crate's root re-exports belongs to a module; other capitals are macros or constants.
fn module_of(name: &str) -> Option<String> {
    Some(match name {
        "Error" | "Kind" | "Result" => "error".to_owned(),
        "Exit" => "exit".to_owned(),
        "Secret" => "secret".to_owned(),
        "System" => "system".to_owned(),
        other if other.starts_with(|c: char| c.is_ascii_lowercase()) && other != "super" => {
            other.to_owned()
        }
        _ => return None,
    })
}

/// `src/store/home.rs` belongs to `store`, `src/probe.rs` to `probe`.
fn top(path: &str) -> &str {
    let below = path.trim_start_matches("src/");
    below
        .split('/')
        .next()
        .unwrap_or(below)
        .trim_end_matches(".rs")
}

pub fn purity(sources: &[Source]) -> Vec<String> {
    let pure = |source: &&Source| PURE.iter().any(|place| source.path.starts_with(place));
    let mut wrong = Vec::new();
    for source in sources.iter().filter(pure) {
        for token in IMPURE.iter().filter(|token| has_word(&source.code, token)) {
            wrong.push(format!("{}: `{token}`", source.path));
        }
    }
    wrong
}

pub fn edges(sources: &[Source]) -> Vec<String> {
    only_in(sources, EDGES, |code, name| {
        has_word(code, &format!("{name}::"))
    })
}

pub fn doors(sources: &[Source]) -> Vec<String> {
    let outside: Vec<&Source> = sources
        .iter()
        .filter(|s| s.path.starts_with("src/") && s.path != "src/secret.rs")
        .collect();
    only_in(outside, DOORS, |code, name| {
        has_word(code, &format!(".{name}")) || has_word(code, &format!("Secret::{name}"))
    })
}

fn only_in<'a>(
    sources: impl IntoIterator<Item = &'a Source>,
    table: &[(&str, &[&str])],
    names: impl Fn(&str, &str) -> bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources.into_iter().filter(|s| s.path.starts_with("src/")) {
        for (name, places) in table {
            let allowed = places.iter().any(|place| source.path.starts_with(place));
            if !allowed && names(&source.code, name) {
                wrong.push(format!("{}: `{name}`", source.path));
            }
        }
    }
    wrong
}

pub fn short(sources: &[Source]) -> Vec<String> {
    let long = sources.iter().filter(|s| s.text.lines().count() > LONGEST);
    long.map(|s| format!("{}: {} lines", s.path, s.text.lines().count()))
        .collect()
}

/// A file that no `mod` names is not compiled and rots.
pub fn modules(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        let path = Path::new(&source.path);
        let stem = path
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        if ["src/main.rs", "src/lib.rs", "tests/it/main.rs"].contains(&source.path.as_str()) {
            continue;
        }
        let folder = path.parent().unwrap_or(path);
        let (home, name) = if stem == "mod" {
            (folder.parent().unwrap_or(folder), folder.file_name())
        } else {
            (folder, path.file_stem())
        };
        let name = name.and_then(|n| n.to_str()).unwrap_or_default();
        let parents = ["mod.rs", "lib.rs", "main.rs"].map(|file| home.join(file));
        let beside = home.with_extension("rs");
        let by_path = format!("path = \"{name}.rs\"");
        let listed = parents
            .iter()
            .chain([&beside])
            .any(|parent| lists(parent, name))
            || sources.iter().any(|other| other.text.contains(&by_path));
        if !listed {
            wrong.push(format!("{}: no `mod {name}`", source.path));
        }
    }
    wrong
}

/// Whether a file declares the module, by itself or by a `path`. A macro may not: the formatter
/// would not find the file.
fn lists(parent: &Path, name: &str) -> bool {
    let text = std::fs::read_to_string(root().join(parent)).unwrap_or_default();
    has_word(&text, &format!("mod {name}"))
        || text
            .lines()
            .any(|line| line.contains(&format!("/{name}.rs\")")))
}
