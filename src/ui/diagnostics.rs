//! Defects of a flow file as text: the line, a caret, and what to write instead. The only user of
//! annotate-snippets.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Theme, escape};
use crate::provider::paste::looks_like_secret;
use crate::wizard::flow::Diagnostic;

/// One defect with the lines around it. `name` is the file as the user knows it.
#[must_use]
pub fn render(name: &str, text: &str, defect: &Diagnostic, theme: Theme) -> String {
    let name = escape::line(name);
    let message = escape::line(&defect.message);
    let (text, span) = visible(text, defect);
    let title = Level::ERROR.primary_title(message).id(defect.code);
    let shown = text.lines().nth(defect.line - 1).unwrap_or_default();
    if looks_like_secret(shown) {
        // Any file can be given, also one that holds secrets.
        let place = format!("{name}:{}:{}", defect.line, defect.column);
        return format!(
            "error[{}]: {} ({place})",
            defect.code,
            escape::line(&defect.message)
        );
    }
    let snippet = Snippet::source(text)
        .path(name)
        .annotation(AnnotationKind::Primary.span(span));
    let mut report = vec![title.element(snippet)];
    if let Some(help) = &defect.help {
        let help = escape::line(help).into_owned();
        report.push(Group::with_title(Level::HELP.secondary_title(help)));
    }
    let renderer = if theme.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&report)
}

/// The file made harmless for a terminal, character for character, and the defect's first line in
/// it: a span over half of the file says less than its beginning.
fn visible(text: &str, defect: &Diagnostic) -> (String, std::ops::Range<usize>) {
    let mut clean = String::with_capacity(text.len());
    let mut span = defect.span.clone();
    let end = text[span.start..]
        .find('\n')
        .map_or(text.len(), |newline| span.start + newline);
    span.end = span.end.min(end).max(span.start);
    let mut moved = span.clone();
    for (at, c) in text.char_indices() {
        if at == span.start {
            moved.start = clean.len();
        }
        if at == span.end {
            moved.end = clean.len();
        }
        if matches!(c, '\n' | '\t') {
            clean.push(c);
        } else if c != '\r' {
            clean.push_str(&escape::line(c.encode_utf8(&mut [0; 4])));
        }
    }
    if span.start >= text.len() {
        moved.start = clean.len();
    }
    if span.end >= text.len() {
        moved.end = clean.len();
    }
    (clean, moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::verify::verify;

    #[test]
    fn a_defect_shows_its_line() {
        let text =
            "{\n  \"version\": 1,\n  \"id\": \"x\",\n  \"titel\": \"y\",\n  \"steps\": []\n}\n";
        let verified = verify(text, &[]);
        let shown = render("x.json", text, &verified.defects[0], Theme { color: false });
        let expected = [
            "error[FLOW-002]: `titel` is no field here",
            " --> x.json:4:3",
            "  |",
            "4 |   \"titel\": \"y\",",
            "  |   ^^^^^^^",
            "  |",
            "help: did you mean `title`?",
        ];
        assert_eq!(
            shown.lines().map(str::trim_end).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_line_with_a_secret_is_not_shown() {
        let key = format!("sk-ant-api03-{:B<93}AA", "");
        for text in [
            format!("{{ \"version\": \"{key}\" }}"),
            format!("{{ \"{key}\": 1 }}"),
            format!("key: {key}"),
        ] {
            for defect in &verify(&text, &[]).defects {
                let shown = render("x.json", &text, defect, Theme { color: false });
                assert!(!shown.contains("BBBB"), "{shown}");
                assert!(shown.contains("x.json:1:"), "{shown}");
            }
        }
    }

    #[test]
    fn nothing_of_the_file_reaches_the_terminal_raw() {
        let text = "{ \"\u{1b}[2J\": 1 }";
        let verified = verify(text, &[]);
        let shown = render(
            "\u{1b}c",
            text,
            &verified.defects[0],
            Theme { color: false },
        );
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }
}
