//! Takes one line out of a start-up file. A line in a wrong place breaks every new shell, so that
//! only a line is taken that stands by itself and does nothing but define the name. Pure.

use zeroize::Zeroizing;

use crate::doctor::collect::start_up::line::meaning;

/// The text without the line, counted from 1, that defines `name` and does nothing else; `None` when
/// the line is another one, does more, or may be all that a block of the shell holds.
pub fn without(text: &str, number: usize, name: &str) -> Option<Zeroizing<String>> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let index = number.checked_sub(1)?;
    let line = lines.get(index)?.trim_end_matches(['\r', '\n']);
    let defined = meaning(line);
    let only = defined.len() == 1 && defined[0].1 == name;
    let mut above = lines[..index].iter().rev();
    let above = above.find(|line| !words(line).is_empty());
    // The number sign may stand in a text.
    let goes_on = |line: &&str| goes_on(line.trim()) || goes_on(words(line));
    if !only || !is_simple(line) || above.is_some_and(goes_on) {
        return None;
    }
    let mut rest = Zeroizing::new(String::with_capacity(text.len()));
    for (at, line) in lines.iter().enumerate() {
        if at != index {
            rest.push_str(line);
        }
    }
    Some(rest)
}

/// One command, not indented, whose quotation marks are all closed.
fn is_simple(line: &str) -> bool {
    let mut quote = None;
    let mut characters = line.chars();
    if characters.clone().next().is_none_or(char::is_whitespace) {
        return false;
    }
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, ';' | '&' | '|' | '<' | '>' | '(' | ')' | '{' | '}' | '`') => return false,
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            // In double quotes a command can stand, too.
            (Some('"'), '`' | '$') => return false,
            (None | Some('"'), '\\') if characters.next().is_none() => return false,
            _ => {}
        }
    }
    quote.is_none()
}

/// The line up to what may be a comment.
fn words(line: &str) -> &str {
    let line = line.trim();
    let comment = line.char_indices().find(|(at, character)| {
        let before = line[..*at].chars().next_back();
        *character == '#' && before.is_none_or(char::is_whitespace)
    });
    let end = comment.map_or(line.len(), |(at, _)| at);
    line[..end].trim_end()
}

/// What follows this line may belong to it: a block that would be empty, or one long command.
fn goes_on(line: &str) -> bool {
    let ends = ["\\", "{", "(", "&&", "||", "|", ";;"];
    let words = ["then", "else", "do", "begin", "in"];
    let last = line.rsplit([' ', '\t', ';']).next().unwrap_or_default();
    let starts = ["if ", "for ", "while ", "switch ", "case ", "function "];
    ends.iter().any(|end| line.ends_with(end))
        || line.ends_with(')')
        || words.contains(&last)
        || starts.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_by_itself() {
        let check = |text: &str, number: usize, expected: Option<&str>| {
            let rest = without(text, number, "claude");
            assert_eq!(rest.as_deref().map(String::as_str), expected, "{text}");
        };
        let text = "a=1\r\nalias claude='~/x; y'\r\nb=2";
        check(text, 2, Some("a=1\r\nb=2"));
        check(text, 1, None);
        check(text, 0, None);
        check(text, 9, None);
        check("alias claude=/opt/claude\n", 1, Some(""));
        check("alias claude=\"/opt/my claude\" # mine", 1, Some(""));
        check("alias cloud=/opt/claude\n", 1, None);
        check("  alias claude=/opt/claude\n", 1, None);
        check("if true; then\nalias claude=/opt/x\nfi\n", 2, None);
        let nothing_else = "if true; then # mine\n\n  # only this\nalias claude=/opt/x\nfi\n";
        check(nothing_else, 4, None);
        check(
            "elif [ \"$x\" ]; then # b\nalias claude=/opt/x\nfi\n",
            2,
            None,
        );
        check("else # \"b\"\nalias claude=/opt/x\nfi\n", 2, None);
        check("# if\nalias claude=/opt/x\n", 2, Some("# if\n"));
        check("if true\nalias claude=/opt/x\nend\n", 2, None);
        check("case $x in\na)\n\nalias claude=/opt/x\n;;\nesac\n", 4, None);
        check("f() {\nalias claude=/opt/x\n}\n", 2, None);
        check("echo a \\\nalias claude=/opt/x\n", 2, None);
        check("alias claude=/opt/x; echo hi\n", 1, None);
        check("alias claude=/opt/x && echo hi\n", 1, None);
        check("alias claude='/opt/x\n--y'\n", 1, None);
        check("alias claude=\"$(which x)\"\n", 1, None);
        check("alias claude=/opt/x \\\n", 1, None);
        check("claude() { /opt/x; }\n", 1, None);
        let two = "export ANTHROPIC_API_KEY=a AWS_PROFILE=b\n";
        assert!(without(two, 1, "ANTHROPIC_API_KEY").is_none());
        let one = "export ANTHROPIC_API_KEY='a'\n";
        assert!(without(one, 1, "ANTHROPIC_API_KEY").is_some());
    }
}
