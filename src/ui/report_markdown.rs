//! The doctor's report as Markdown, to paste into an issue: the verdict, what is wrong with its
//! remedies, and a folded table of every check. Text from outside is escaped character by
//! character, so that it stays text: it cannot begin a heading, a link, a picture or HTML, it
//! leaves its cell of the table, and it calls nobody by name.

use std::fmt::Write;

use super::report_words::{
    Next, abbreviated, counts, headline, look, next, sentence, told, verdict_words,
};
use super::{Ui, escape};
use crate::doctor::report::{Entry, Report};
use crate::doctor::why::Answer;
use crate::doctor::{Finding, Remedy, Step};
use crate::error::Result;

impl Ui {
    /// Writes the report as Markdown. In sentences `home` is written `~`.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn report_markdown(&self, report: &Report, home: Option<&str>) -> Result<()> {
        let page = Page {
            home: home.filter(|home| home.len() > 1),
            text: String::new(),
        };
        self.data(&page.report(report))
    }
}

struct Page<'a> {
    home: Option<&'a str>,
    text: String,
}

impl Page<'_> {
    fn report(mut self, report: &Report) -> String {
        let (_, words) = verdict_words(report);
        let _ = writeln!(
            self.text,
            "## keywright doctor: {}\n\n{} {}\n\n{} {}, {}, exit code {}.",
            report.verdict.id(),
            escaped(&words),
            escaped(&counts(report)),
            report.tool.name,
            report.tool.version,
            report.started_at,
            report.exit_code
        );
        if let Some((label, next)) = next(report) {
            let words = match &next {
                Next::Line(line) => code(&escape::line(line)),
                Next::Words(words) => self.clean(words),
            };
            let _ = writeln!(self.text, "\n{label}: {words}");
        }
        for entry in told(report) {
            self.section(entry);
        }
        self.probes(report);
        self.table(report);
        self.text
    }

    fn section(&mut self, entry: &Entry) {
        let (symbol, word, _) = look(entry.status);
        let title = self.clean(&headline(entry));
        let _ = writeln!(
            self.text,
            "\n### {symbol} {word} {code}: {title}",
            symbol = escaped(symbol),
            code = entry.code
        );
        let reason = entry.reason.as_deref().unwrap_or_default();
        self.paragraph(reason);
        if let Some(finding) = &entry.finding {
            self.finding(finding);
        }
        if let Some(answer) = &entry.why {
            self.sources(answer);
        }
    }

    /// Which credential wins, in the order in which they are taken.
    fn sources(&mut self, answer: &Answer) {
        self.text
            .push_str("\n| source | value | where | status |\n|---|---|---|---|\n");
        for source in &answer.sources {
            let value = source.value.as_deref().unwrap_or("-");
            let parts = [
                source.name.as_str(),
                value,
                source.place.as_str(),
                source.status(),
            ];
            let cells: Vec<String> = parts.iter().map(|text| self.clean(text)).collect();
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        }
    }

    /// Who was asked about which credential.
    fn probes(&mut self, report: &Report) {
        if report.probes.is_empty() {
            return;
        }
        self.text.push_str(
            "\n| asked about | answer | where, when and by which request |\n|---|---|---|\n",
        );
        for probe in &report.probes {
            let answer = probe.circumstances();
            let parts = [probe.profile_id.as_str(), probe.title, answer.as_str()];
            let cells: Vec<String> = parts.iter().map(|text| self.clean(text)).collect();
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        }
    }

    fn finding(&mut self, finding: &Finding) {
        self.paragraph(&finding.detail);
        self.paragraph(&finding.impact);
        if !finding.evidence.is_empty() {
            self.text.push('\n');
        }
        for seen in &finding.evidence {
            let source = escaped(&escape::line(&seen.source));
            let locator = code(&self.short(&seen.locator));
            let _ = writeln!(self.text, "- seen in {source}: {locator}");
        }
        for remedy in &finding.remedies {
            self.remedy(remedy);
        }
        if let Some(docs) = &finding.docs {
            self.paragraph(&format!("More: {docs}"));
        }
    }

    fn remedy(&mut self, remedy: &Remedy) {
        let title = self.clean(remedy.title.trim_end_matches(['.', ':']));
        let _ = writeln!(self.text, "\n**{title}**");
        self.paragraph(&remedy.why);
        let mut lines: Vec<String> = Vec::new();
        for step in &remedy.steps {
            match step {
                Step::Command(line) => lines.push(line.clone()),
                Step::Flow(id) => lines.push(format!("keywright onboard --flow {id}")),
                Step::Url(words) | Step::Edit(words) => {
                    self.commands(&std::mem::take(&mut lines));
                    self.paragraph(words);
                }
            }
        }
        self.commands(&lines);
    }

    /// A block of lines to type, whose fence is longer than any in it.
    fn commands(&mut self, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let lines: Vec<_> = lines.iter().map(|line| escape::line(line)).collect();
        let lines = lines.join("\n");
        let fence = "`".repeat(backticks(&lines).max(2) + 1);
        let _ = writeln!(self.text, "\n{fence}sh\n{lines}\n{fence}");
    }

    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            let text = self.clean(&sentence(text));
            let _ = writeln!(self.text, "\n{text}");
        }
    }

    fn table(&mut self, report: &Report) {
        let count = report.checks.len();
        let _ = writeln!(
            self.text,
            "\n<details><summary>Every check ({count})</summary>\n\n| check | result | what | ms |\n|---|---|---|---|"
        );
        for entry in &report.checks {
            let (_, word, _) = look(entry.status);
            let what = self.clean(&headline(entry));
            let _ = writeln!(
                self.text,
                "| {} | {word} | {what} | {} |",
                entry.code, entry.duration_ms
            );
        }
        self.text.push_str("\n</details>\n");
    }

    fn short(&self, text: &str) -> String {
        let text = self.home.map_or_else(
            || text.to_owned(),
            |home| abbreviated(text, home.trim_end_matches('/')),
        );
        escape::line(&text).into_owned()
    }

    fn clean(&self, text: &str) -> String {
        escaped(&self.short(text))
    }
}

/// Text of one line that means nothing but itself.
fn escaped(text: &str) -> String {
    let mut clean = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let start = clean.is_empty();
        let only_digits = !start && clean.chars().all(|c| c.is_ascii_digit());
        match c {
            // Within a word it means nothing.
            '_' if before.is_alphanumeric() && rest.peek().is_some_and(|c| c.is_alphanumeric()) => {
                clean.push('_');
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => {
                clean.push('\\');
                clean.push(c);
            }
            '#' if rest.peek().is_some_and(char::is_ascii_digit) => clean.push_str("\\#<!-- -->"),
            '#' => clean.push_str("\\#"),
            // The start of a list, a rule or the underline of a heading.
            '-' | '+' | '=' if start => {
                clean.push('\\');
                clean.push(c);
            }
            '.' | ')' if only_digits && rest.peek().is_none_or(|c| *c == ' ') => {
                clean.push('\\');
                clean.push(c);
            }
            // No backslash keeps a name behind it from being called; a comment in between does.
            '@' if !before.is_alphanumeric() => clean.push_str("@<!-- -->"),
            c => clean.push(c),
        }
        before = c;
    }
    clean
}

/// Text of one line as code, between more backticks than it has in a row.
fn code(text: &str) -> String {
    let fence = "`".repeat(backticks(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The longest row of backticks.
fn backticks(text: &str) -> usize {
    let rows = text.split(|c| c != '`').map(str::len);
    rows.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("plain, with (parentheses).", "plain, with (parentheses).");
        check("![x](http://e)", "!\\[x\\](http://e)");
        check("API_KEY is _not_ here", "API_KEY is \\_not\\_ here");
        check("<img src=x> &lt;", "\\<img src=x\\> \\&lt;");
        check("a | b\\| c", "a \\| b\\\\\\| c");
        check("# head", "\\# head");
        check("see #12", "see \\#<!-- -->12");
        check("- item", "\\- item");
        check("12. item", "12\\. item");
        check("2.1.329 is old", "2.1.329 is old");
        check("ask @octocat, u@h", "ask @<!-- -->octocat, u@h");
        check("```sh", "\\`\\`\\`sh");
    }

    #[test]
    fn code_is_closed_by_its_own_fence() {
        let check = |text: &str, expected: &str| assert_eq!(code(text), expected);
        check("~/x:3", "`~/x:3`");
        check("a`b``c", "```a`b``c```");
        check("`x", "`` `x ``");
    }
}
