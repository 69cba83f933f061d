//! Breaks text between words, so that a narrow terminal does not break it inside of one.

use super::theme::width_of;

/// `text` in lines of at most `width` columns, each after the first indented by `indent`. Words
/// longer than a line stay whole: paths and commands can then be copied. Line breaks of the text
/// stay; escape sequences of colours take no room.
#[must_use]
pub fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            wrapped.push('\n');
            if !line.is_empty() {
                wrapped.push_str(indent);
            }
        }
        wrap_line(line, width, indent, number > 0, &mut wrapped);
    }
    wrapped
}

fn wrap_line(line: &str, width: usize, indent: &str, indented: bool, wrapped: &mut String) {
    let margin = width_of(indent);
    let own = line.len() - line.trim_start_matches(' ').len();
    let mut column = if indented { margin } else { 0 };
    wrapped.push_str(&line[..own]);
    column += own;
    let mut first = true;
    for word in line.split_whitespace() {
        let wide = width_of(word);
        if !first {
            if column + 1 + wide > width {
                wrapped.push('\n');
                wrapped.push_str(indent);
                wrapped.push_str(&line[..own]);
                column = margin + own;
            } else {
                wrapped.push(' ');
                column += 1;
            }
        }
        wrapped.push_str(word);
        column += wide;
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let check = |text: &str, width, indent, expected: &str| {
            assert_eq!(wrap(text, width, indent), expected);
        };
        check("", 10, "", "");
        check("one two three", 80, "  ", "one two three");
        check("one two three", 7, "", "one two\nthree");
        check("one two three", 7, "  ", "one two\n  three");
        check("a\n\nb", 10, "  ", "a\n\n  b");
        check("/a/very/long/path here", 8, "", "/a/very/long/path\nhere");
        check("  - one two three", 9, "", "  - one\n  two\n  three");
        check("漢字 漢字", 8, "", "漢字\n漢字");
        check(
            "\u{1b}[1mone\u{1b}[0m two",
            7,
            "",
            "\u{1b}[1mone\u{1b}[0m two",
        );
    }
}
