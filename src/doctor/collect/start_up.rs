//! The start-up files of the user's shell: which give the name `claude` another meaning, and which
//! set a credential. Read line by line, never run, so what stands behind a condition is seen too.

use std::path::{Path, PathBuf};

use crate::doctor::facts::{Defines, Definition, Shell, StartUp};
use crate::system::System;

const PROGRAM: &str = "claude";
/// Larger ones are not written by hand.
const LIMIT: usize = 512 * 1024;

const BASH: &[&str] = &[
    ".bash_profile",
    ".bash_login",
    ".profile",
    ".bashrc",
    ".bash_aliases",
];
const ZSH: &[&str] = &[".zshenv", ".zprofile", ".zshrc", ".zlogin"];
const FISH: &[&str] = &[
    ".config/fish/config.fish",
    ".config/fish/functions/claude.fish",
];
const OTHER: &[&str] = &[".profile"];

/// Reads the files of `shell`; those of every shell when it is not known.
#[must_use]
pub fn collect(system: &System, shell: Shell) -> StartUp {
    let Some(home) = system.environment.home() else {
        return StartUp::default();
    };
    let zsh = system.environment.path("ZDOTDIR");
    let zsh = zsh.unwrap_or_else(|| home.clone());
    let in_home = |names: &[&str]| -> Vec<PathBuf> { below(&home, names) };
    let files = match shell {
        Shell::Bash => in_home(BASH),
        Shell::Zsh => below(&zsh, ZSH),
        Shell::Fish => in_home(FISH),
        Shell::PowerShell => Vec::new(),
        Shell::Other => {
            let mut files = in_home(BASH);
            files.extend(below(&zsh, ZSH));
            files.extend(in_home(FISH));
            files
        }
    };
    let login = in_home(OTHER).into_iter();
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut found = StartUp::default();
    for path in files.into_iter().chain(login) {
        if seen.contains(&path) {
            continue;
        }
        if let Ok(Some(text)) = system.files.read_text(&path, LIMIT) {
            found.definitions.extend(scan(&path, &text));
        }
        seen.push(path);
    }
    found
}

fn below(folder: &Path, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| folder.join(name)).collect()
}

fn scan(path: &Path, text: &str) -> Vec<Definition> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        for (what, name) in meaning(line) {
            found.push(Definition {
                file: path.display().to_string(),
                line: index + 1,
                what,
                name: name.to_owned(),
            });
        }
    }
    found
}

/// What a line gives a meaning to, as far as it matters here.
fn meaning(line: &str) -> Vec<(Defines, &str)> {
    if line.starts_with('#') || !(line.contains(PROGRAM) || line.contains('_')) {
        return Vec::new();
    }
    if defines_alias(line) {
        return vec![(Defines::Alias, PROGRAM)];
    }
    if defines_function(line) {
        return vec![(Defines::Function, PROGRAM)];
    }
    variables(line)
        .into_iter()
        .filter(|name| matters(name))
        .map(|name| (Defines::Variable, name))
        .collect()
}

/// `alias claude=…` and fish's `alias claude …`; options for the same program hide nothing.
fn defines_alias(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("alias ") else {
        return false;
    };
    let rest = rest.trim_start().trim_start_matches("-g ").trim_start();
    let Some(rest) = rest.strip_prefix(PROGRAM) else {
        return false;
    };
    let Some(body) = rest.strip_prefix(['=', ' ']) else {
        return false;
    };
    let body = body.trim_start_matches(['"', '\'', ' ', '\\']);
    let body = body.strip_prefix("command ").unwrap_or(body);
    let first = body.split([' ', '"', '\'', ';']).next();
    first != Some(PROGRAM)
}

/// `claude() {`, `function claude`.
fn defines_function(line: &str) -> bool {
    if let Some(rest) = line.strip_prefix("function ") {
        let name = rest.trim_start().split([' ', '(', '{', ';']).next();
        return name == Some(PROGRAM);
    }
    line.strip_prefix(PROGRAM)
        .is_some_and(|rest| rest.trim_start().starts_with("()"))
}

/// The names that a line sets for programs started later.
fn variables(line: &str) -> Vec<&str> {
    if let Some(rest) = line.strip_prefix("set ") {
        let mut words = rest.split_whitespace();
        let exported = words
            .by_ref()
            .take_while(|word| word.starts_with('-'))
            .any(|option| option.contains('x') || option == "--export");
        // The option loop has swallowed the name.
        let name = rest.split_whitespace().find(|word| !word.starts_with('-'));
        return name.filter(|_| exported).into_iter().collect();
    }
    let starts = ["export ", "declare -x ", "typeset -x "];
    let exported = starts.iter().find_map(|start| line.strip_prefix(start));
    let words = exported.unwrap_or(line).split_whitespace();
    let assigned = words.filter_map(|word| word.split_once('=').map(|(name, _)| name));
    if exported.is_some() {
        return assigned.collect();
    }
    // Without `export` only an assignment that is the whole line counts: it is exported elsewhere.
    let whole = |name: &&str| line.starts_with(*name);
    assigned.take(1).filter(whole).collect()
}

/// Credentials, and what chooses between them.
fn matters(name: &str) -> bool {
    let starts = ["ANTHROPIC_", "CLAUDE_", "AWS_", "KEYWRIGHT_"];
    starts.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lines_mean() {
        let check = |line: &str, expected: &[(Defines, &str)]| {
            assert_eq!(meaning(line), expected, "{line}");
        };
        use Defines::{Alias, Function, Variable};
        check("alias claude=~/.claude/local/claude", &[(Alias, "claude")]);
        check("alias claude='npx claude'", &[(Alias, "claude")]);
        check("alias claude \"node cli.js\"", &[(Alias, "claude")]);
        check(
            "alias claude='ANTHROPIC_API_KEY=x claude'",
            &[(Alias, "claude")],
        );
        check("alias claude='claude --model opus'", &[]);
        check("alias claude='command claude'", &[]);
        check("alias claudes=x", &[]);
        check("# alias claude=x", &[]);
        check("claude() {", &[(Function, "claude")]);
        check("claude () { x; }", &[(Function, "claude")]);
        check("function claude", &[(Function, "claude")]);
        check("function claude() {", &[(Function, "claude")]);
        check("function claude_code {", &[]);
        check("claude --version", &[]);
        check(
            "export ANTHROPIC_API_KEY=sk",
            &[(Variable, "ANTHROPIC_API_KEY")],
        );
        check(
            "export AWS_PROFILE=a AWS_REGION=b EDITOR_X=c",
            &[(Variable, "AWS_PROFILE"), (Variable, "AWS_REGION")],
        );
        check(
            "ANTHROPIC_API_KEY=\"$(pass show key)\"",
            &[(Variable, "ANTHROPIC_API_KEY")],
        );
        check(
            "set -gx CLAUDE_CODE_USE_BEDROCK 1",
            &[(Variable, "CLAUDE_CODE_USE_BEDROCK")],
        );
        check("set -g CLAUDE_CODE_USE_BEDROCK 1", &[]);
        check("set -u", &[]);
        check("echo ANTHROPIC_API_KEY=x", &[]);
        check("export ANTHROPIC_API_KEY", &[]);
    }
}
