//! One line of a start-up file: what it gives a meaning to, which file it reads in turn, and what
//! it sets a variable to. Lines are looked at one by one, never run. Pure.

use zeroize::Zeroizing;

use crate::doctor::facts::Defines;
use crate::secret::Secret;

const PROGRAM: &str = "claude";

/// How the names start that matter: one of these is in every line with a meaning.
pub const NAMES: &[&str] = &[PROGRAM, "ANTHROPIC_", "CLAUDE_", "AWS_", "KEYWRIGHT_"];
/// How fish writes down an exported universal variable; a colon stands behind its name.
const UNIVERSAL: &str = "SETUVAR --export ";
/// How a line looks that reads another file.
pub const READS: &[&str] = &["source ", ". ~", ". $", ". /", ". \"", ". '"];

/// What a line gives a meaning to, as far as it matters here.
pub fn meaning(line: &str) -> Vec<(Defines, &str)> {
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
    if let Some(universal) = line.strip_prefix(UNIVERSAL) {
        return universal.split(':').take(1).collect();
    }
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
    NAMES.iter().any(|start| name.starts_with(start))
}

/// The file that a line reads in turn: `. FILE`, `source FILE`, also behind a condition.
pub fn read_in_turn(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let starts_word = |at: usize| at == 0 || line[..at].ends_with([' ', ';', '&', '|', '\t', '{']);
    let found = ["source ", ". "].iter().find_map(|word| {
        line.match_indices(word)
            .map(|(at, _)| (at, &line[at + word.len()..]))
            .find(|(at, _)| starts_word(*at))
    });
    let rest = found?.1.trim_start();
    let path = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.split([' ', ';', '\t', '&', '|', ')']).next()?,
    };
    (!path.is_empty()).then_some(path)
}

/// Whether a line ends the file for a shell that nobody types into: `[ -z "$PS1" ] && return`,
/// the `*) return;;` below `case $- in`, `status is-interactive || exit`.
pub fn leaves(line: &str, above: &[&str]) -> bool {
    let line = line.trim();
    if line.starts_with('#') || !(line.contains("return") || line.contains("exit")) {
        return false;
    }
    let asks = |text: &str| {
        text.contains("$-")
            || text.contains("PS1")
            || text.contains("is-interactive")
            || text.contains("[[ -o interactive")
    };
    let mut words = line.split([' ', ';', '\t']);
    let ends = words.any(|word| word == "return" || word == "exit");
    ends && (asks(line) || above.iter().any(|text| asks(text)))
}

/// A universal variable's value, in which fish escapes what is no letter or digit; `None` for a
/// list, which has control characters between its parts.
fn written_by_fish(text: &str) -> Option<Secret> {
    let mut value = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once("\\x") {
        value.push_str(before);
        let code = u8::from_str_radix(escape.get(..2)?, 16).ok()?;
        value.push((b' '..=b'~').contains(&code).then_some(char::from(code))?);
        rest = &escape[2..];
    }
    value.push_str(rest);
    (!rest.contains('\\')).then(|| Secret::new(value.as_str()))
}

/// What a line sets a variable to, where that is written out; `None` for what the shell would
/// have to work out.
pub fn literal(line: &str, name: &str) -> Option<Secret> {
    let line = line.trim();
    if let Some(universal) = line.strip_prefix(UNIVERSAL) {
        let value = universal.strip_prefix(name)?.strip_prefix(':')?;
        return written_by_fish(value).filter(|value| !value.is_empty());
    }
    let rest = line
        .match_indices(name)
        .map(|(at, _)| (&line[..at], &line[at + name.len()..]))
        .find_map(|(before, rest)| {
            let whole = before.is_empty() || before.ends_with([' ', '\t']);
            let value = rest.strip_prefix('=').or_else(|| {
                let fish = before.starts_with("set ");
                rest.strip_prefix(' ').filter(|_| fish).map(str::trim_start)
            });
            value.filter(|_| whole)
        })?;
    let text = match rest.chars().next()? {
        '\'' => rest[1..].split_once('\'')?.0,
        '"' => {
            let text = rest[1..].split_once('"')?.0;
            return (!text.contains(['$', '`', '\\'])).then(|| Secret::new(text));
        }
        _ => rest.split([' ', ';', '\t', '&', '#']).next()?,
    };
    let quoted = rest.starts_with('\'');
    let plain = quoted || !text.contains(['$', '`', '\\', '"', '\'', '(', '~']);
    (plain && !text.is_empty()).then(|| Secret::new(text))
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
        check(
            "SETUVAR --export AWS_PROFILE:x",
            &[(Variable, "AWS_PROFILE")],
        );
        check("echo ANTHROPIC_API_KEY=x", &[]);
        check("export ANTHROPIC_API_KEY", &[]);
    }

    #[test]
    fn files_read_in_turn() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(read_in_turn(line), expected, "{line}");
        };
        check(". ~/.bashrc", Some("~/.bashrc"));
        check("source \"$HOME/.bashrc\"", Some("$HOME/.bashrc"));
        check("[ -f ~/.bashrc ] && . ~/.bashrc;", Some("~/.bashrc"));
        check("if [ -r x ]; then . 'x'; fi", Some("x"));
        check("echo resource here", None);
        check("ls .", None);
        check("a=1. b", None);
    }

    #[test]
    fn where_a_file_ends_early() {
        let check = |line: &str, before: &str, expected| {
            assert_eq!(leaves(line, &[before]), expected, "{line}");
        };
        check("[ -z \"$PS1\" ] && return", "", true);
        check("*) return;;", "case $- in *i*) ;;", true);
        check("[[ $- != *i* ]] && return", "", true);
        check("status is-interactive || exit", "", true);
        check("return 0", "foo() {", false);
        check("# case $- in return", "", false);
    }

    #[test]
    fn values_that_are_written_out() {
        let check = |line: &str, name: &str, expected: Option<&str>| {
            let found = literal(line, name);
            assert!(found == expected.map(Secret::new), "{line}");
        };
        check("export K=abc", "K", Some("abc"));
        check("export A_K=x K=abc # y", "K", Some("abc"));
        check("K='a b'; export K", "K", Some("a b"));
        check("K=\"a b\"", "K", Some("a b"));
        check("export K=\"$(pass k)\"", "K", None);
        check("export K=$OTHER", "K", None);
        check("export K=`pass`", "K", None);
        check("export K=", "K", None);
        check("set -gx K abc", "K", Some("abc"));
        check("set -gx K 'a b'", "K", Some("a b"));
        check("set -gx K (pass k)", "K", None);
        check("SETUVAR --export K:abc", "K", Some("abc"));
        check("SETUVAR --export K:a\\x2db\\x20", "K", Some("a-b "));
        check("SETUVAR --export K:a\\x1eb", "K", None);
        check("SETUVAR --export K:\\x1d", "K", None);
    }
}
