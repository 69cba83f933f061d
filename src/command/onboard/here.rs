//! Commands of ours in the wizard's words, as they must be typed to reach the place of this run:
//! in the sandbox, or with the home and agent that were named.

use super::Run;
use super::report::for_here;
use crate::error::{Error, Result};
use crate::wizard::engine::{Question, QuestionKind, Review};
use crate::wizard::plan::Plan;
use crate::wizard::prompter::{Prompter, Reply};

/// How a command of ours begins in words.
const PLAIN: &str = "`keywright ";
/// This one is about the sandbox itself, wherever it is typed.
const OF_THE_SANDBOX: &str = "sandbox ";

/// A front end that says them so.
pub struct Here<'a> {
    front: &'a mut dyn Prompter,
    begin: String,
}

impl<'a> Here<'a> {
    pub fn new(front: &'a mut dyn Prompter, run: &Run<'_>) -> Self {
        let begin = beginning(run);
        Self { front, begin }
    }

    fn all(&self, lines: &mut [String]) {
        for line in lines {
            *line = put(line, &self.begin);
        }
    }
}

impl Prompter for Here<'_> {
    fn ask(&mut self, question: &Question) -> Result<Reply> {
        if self.begin == PLAIN {
            return self.front.ask(question);
        }
        let mut question = question.clone();
        self.all(&mut question.text);
        self.all(&mut question.help);
        self.all(question.problem.as_mut_slice());
        if let QuestionKind::Choose(options) = &mut question.kind {
            for option in &mut options.options {
                self.all(std::slice::from_mut(&mut option.label));
                self.all(option.detail.as_mut_slice());
                self.all(option.disabled.as_mut_slice());
            }
        }
        self.front.ask(&question)
    }

    fn review(&mut self, review: &Review, plan: &Plan) -> Result<Reply> {
        let mut review = review.clone();
        self.all(&mut review.text);
        self.front.review(&review, plan)
    }

    fn say(&mut self, lines: &[String]) {
        let mut lines = lines.to_vec();
        self.all(&mut lines);
        self.front.say(&lines);
    }

    fn begin(&mut self, text: &str) {
        self.front.begin(&put(text, &self.begin));
    }

    fn end(&mut self) {
        self.front.end();
    }
}

/// A sentence whose commands lead to the place of this run.
pub fn words(run: &Run<'_>, text: &str) -> String {
    put(text, &beginning(run))
}

/// The same for the hint of a failure.
pub fn failure(run: &Run<'_>, error: Error) -> Error {
    match error.hint_text().map(|hint| words(run, hint)) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn beginning(run: &Run<'_>) -> String {
    format!("`{}", for_here(run, "keywright "))
}

fn put(text: &str, begin: &str) -> String {
    let mut parts = text.split(PLAIN);
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let own = part.starts_with(OF_THE_SANDBOX) || part.starts_with("--");
        said.push_str(if own { PLAIN } else { begin });
        said.push_str(part);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_in_words() {
        let check = |text: &str, expected: &str| {
            assert_eq!(put(text, "`keywright --sandbox "), expected);
        };
        check(
            "no command of keywright here",
            "no command of keywright here",
        );
        check(
            "`keywright doctor` tests it",
            "`keywright --sandbox doctor` tests it",
        );
        check(
            "`keywright history`, then `keywright undo`",
            "`keywright --sandbox history`, then `keywright --sandbox undo`",
        );
        check(
            "`keywright sandbox keys` lists",
            "`keywright sandbox keys` lists",
        );
        check("`keywright --sandbox env`", "`keywright --sandbox env`");
        check("`claude` and `keywright`", "`claude` and `keywright`");
    }
}
