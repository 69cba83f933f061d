//! The wizard's front end for a person: turns the engine's questions into what a [`Keyboard`] can
//! ask. Says the same in the terminal and in plain mode.

use super::keyboard::{Choice, Given, Keyboard, Line};
use super::progress::Spinner;
use super::wrap::wrap;
use super::{Role, Theme, escape, plan};
use crate::error::Result;
use crate::system::Terminal;
use crate::system::terminal::DEFAULT_WIDTH;
use crate::wizard::answers::Answers;
use crate::wizard::catalog::Validator;
use crate::wizard::engine::{
    Answer, AnsweredQuestion, Default, KnownSecret, OfferedSecret, Options, Other, Progress,
    Question, QuestionKind, Review, Source,
};
use crate::wizard::plan::Plan;
use crate::wizard::prompter::{Prompter, Reply};

/// A person in front of a keyboard, with what the command line answered already.
pub struct Attended<'a, K> {
    keyboard: K,
    answers: Answers<'a>,
    theme: Theme,
    terminal: Terminal,
    /// Something moves while the person waits; plain mode has a line instead.
    spins: bool,
    spinner: Option<Spinner>,
}

impl<'a, K: Keyboard> Attended<'a, K> {
    /// A front end that asks for what `answers` does not hold.
    pub const fn new(
        keyboard: K,
        answers: Answers<'a>,
        theme: Theme,
        terminal: Terminal,
        spins: bool,
    ) -> Self {
        Self {
            keyboard,
            answers,
            theme,
            terminal,
            spins,
            spinner: None,
        }
    }

    fn width(&self) -> usize {
        usize::from(self.terminal.width().unwrap_or(DEFAULT_WIDTH)).saturating_sub(1)
    }

    fn show(&mut self, role: Option<Role>, text: &str) {
        let wrapped = wrap(text, self.width(), "");
        let painted: Vec<String> = wrapped
            .lines()
            .map(|line| role.map_or_else(|| line.to_owned(), |role| self.theme.paint(role, line)))
            .collect();
        self.keyboard.show(&painted.join("\n"));
    }

    /// Everything above the prompt; gives the prompt's own line.
    fn introduce(&mut self, question: &Question) -> String {
        self.heading(question.progress);
        let mut lines: Vec<String> = clean(&question.text);
        let prompt = match question.kind {
            // Several lines before a list tell what happened; the list needs a question.
            QuestionKind::Choose(_) if lines.len() > 1 => "What now?".to_owned(),
            _ => lines.pop().unwrap_or_default(),
        };
        for line in lines.into_iter().filter(|line| !line.is_empty()) {
            self.show(None, &line);
        }
        for line in clean(&question.help) {
            self.show(Some(Role::Dim), &line);
        }
        if let Some(problem) = &question.problem {
            let problem = escape::line(problem).into_owned();
            self.show(Some(Role::Warning), &format!("! {problem}"));
        }
        prompt
    }

    fn heading(&mut self, progress: Progress) {
        let Progress { step, of } = progress;
        self.keyboard.show("");
        // A flow of one question is only the way to the next one.
        if of > 1 {
            self.show(Some(Role::Dim), &format!("Step {step} of {of}"));
        }
    }

    fn choose(&mut self, prompt: &str, options: &Options) -> Result<Given<Answer>> {
        let mut choices: Vec<Choice> = options
            .options
            .iter()
            .map(|option| Choice {
                label: clean_line(&option.label),
                recommended: option.recommended,
                detail: option.detail.as_deref().map(clean_line),
                refused: option.disabled.as_deref().map(clean_line),
            })
            .collect();
        choices.extend(
            options
                .other
                .iter()
                .map(|other| Choice::new(clean_line(&other.label))),
        );
        let mut start = options.default;
        loop {
            let index = match self.keyboard.choose(prompt, &choices, start)? {
                Given::Answer(index) => index,
                Given::Back => return Ok(Given::Back),
                Given::Cancel => return Ok(Given::Cancel),
            };
            if let Some(option) = options.options.get(index) {
                return Ok(Given::Answer(Answer::Choice(option.value.clone())));
            }
            let Some(other) = &options.other else {
                return Ok(Given::Back);
            };
            match self.type_other(other)? {
                Given::Back => start = index,
                given => return Ok(given),
            }
        }
    }

    fn type_other(&mut self, other: &Other) -> Result<Given<Answer>> {
        let typed = other.typed.as_deref().unwrap_or_default();
        let text = self.type_line(&clean_line(&other.text), other.validator, None, typed)?;
        Ok(text.map(Answer::Text))
    }

    fn type_line(
        &mut self,
        prompt: &str,
        validator: &'static Validator,
        default: Option<&str>,
        typed: &str,
    ) -> Result<Given<String>> {
        let check = |text: &str| (validator.check)(text.trim()).err();
        let hide = |text: &str| validator.hides(text);
        let line = Line {
            prompt,
            default,
            typed,
            check: &check,
            hide: &hide,
        };
        Ok(self
            .keyboard
            .line(&line)?
            .map(|text| text.trim().to_owned()))
    }

    fn ask_text(
        &mut self,
        prompt: &str,
        validator: &'static Validator,
        default: Option<&Default>,
    ) -> Result<Given<Answer>> {
        // What was typed before is edited; what was found is offered, with where it was found.
        let (default, typed) = match default {
            Some(Default { text, from: None }) => (None, text.as_str()),
            Some(Default {
                text,
                from: Some(from),
            }) => {
                if from != "default" {
                    let from = format!(
                        "Enter takes {}, {}.",
                        escape::line(text),
                        escape::line(from)
                    );
                    self.show(Some(Role::Dim), &from);
                }
                (Some(text.as_str()), "")
            }
            None => (None, ""),
        };
        let given = self.type_line(prompt, validator, default, typed)?;
        Ok(given.map(Answer::Text))
    }

    fn ask_secret(
        &mut self,
        prompt: &str,
        kept: Option<&KnownSecret>,
        offer: Option<&OfferedSecret>,
    ) -> Result<Given<Answer>> {
        let (help, empty) = match (kept, offer) {
            (Some(kept), _) => (
                Some(format!("Enter keeps {}", kept.mask)),
                Some(Answer::Keep),
            ),
            (None, Some(offer)) => {
                let place = offer
                    .place
                    .as_deref()
                    .map(|place| format!(" from {}", escape::line(place)));
                let help = format!(
                    "Enter takes {}{}",
                    offer.secret.mask,
                    place.unwrap_or_default()
                );
                (Some(help), Some(Answer::TakeOffered))
            }
            (None, None) => (None, None),
        };
        let given = self.keyboard.secret(prompt, help.as_deref())?;
        Ok(given.map(|secret| match empty {
            Some(empty) if secret.inspect(|text| text.trim().is_empty()) => empty,
            _ => Answer::Secret(secret),
        }))
    }

    /// The way from the review back to one of the questions.
    fn jump(&mut self, answers: &[AnsweredQuestion]) -> Result<Option<Reply>> {
        let choices: Vec<Choice> = answers
            .iter()
            .map(|answer| {
                Choice::new(format!(
                    "{}: {}",
                    escape::line(&answer.label),
                    escape::line(&answer.value)
                ))
            })
            .collect();
        Ok(
            match self
                .keyboard
                .choose("Which answer do you want to change?", &choices, 0)?
            {
                Given::Answer(index) => answers
                    .get(index)
                    .map(|answer| Reply::Jump(answer.step.clone())),
                Given::Back => None,
                Given::Cancel => Some(Reply::Cancel),
            },
        )
    }
}

impl<K: Keyboard> Prompter for Attended<'_, K> {
    fn ask(&mut self, question: &Question) -> Result<Reply> {
        if question.problem.is_none()
            && let Some(reply) = self.answers.given(question)?
        {
            return Ok(reply);
        }
        if question.silent
            && let QuestionKind::Ask {
                default: Some(known),
                ..
            } = &question.kind
        {
            return Ok(Reply::Answer(
                Answer::Text(known.text.clone()),
                Source::Default,
            ));
        }
        let prompt = self.introduce(question);
        let given = match &question.kind {
            QuestionKind::Choose(options) => self.choose(&prompt, options)?,
            QuestionKind::Ask {
                validator, default, ..
            } => self.ask_text(&prompt, validator, default.as_ref())?,
            QuestionKind::Secret { kept, offer, .. } => {
                self.ask_secret(&prompt, kept.as_ref(), offer.as_ref())?
            }
            QuestionKind::Confirm { default, .. } => {
                self.keyboard.confirm(&prompt, *default)?.map(yes_or_no)
            }
            QuestionKind::Risk { .. } => self.keyboard.confirm(&prompt, None)?.map(yes_or_no),
            QuestionKind::Leave => self.keyboard.confirm(&prompt, Some(false))?.map(yes_or_no),
        };
        Ok(reply(given))
    }

    fn review(&mut self, review: &Review, plan: &Plan) -> Result<Reply> {
        self.heading(review.progress);
        if review.changed {
            let changed = "! A file was changed by another program meanwhile. Nothing was written; this is the plan for what is there now.";
            self.show(Some(Role::Warning), changed);
        }
        for line in clean(&review.text) {
            self.show(None, &line);
        }
        let diff = plan::text(plan, self.theme);
        let lines: Vec<String> = diff
            .lines()
            .map(|line| wrap(line, self.width(), "    "))
            .collect();
        self.keyboard.show(&lines.join("\n"));
        let choices = [
            Choice::new("Save"),
            Choice::new("Change an answer"),
            Choice::new("Leave without saving"),
        ];
        let mut start = 0;
        loop {
            match self.keyboard.choose("Save it?", &choices, start)? {
                Given::Answer(0) => return Ok(Reply::Answer(Answer::Yes, Source::Prompt)),
                Given::Answer(1) => match self.jump(&review.answers)? {
                    Some(reply) => return Ok(reply),
                    None => start = 1,
                },
                Given::Answer(_) => return Ok(Reply::Answer(Answer::No, Source::Prompt)),
                Given::Back => return Ok(Reply::Back),
                Given::Cancel => return Ok(Reply::Cancel),
            }
        }
    }

    fn say(&mut self, lines: &[String]) {
        self.keyboard.show("");
        for line in clean(lines) {
            self.show(None, &line);
        }
    }

    fn begin(&mut self, text: &str) {
        let text = clean_line(text);
        if self.spins {
            self.spinner = Some(Spinner::start(&text));
        } else {
            self.show(None, &text);
        }
    }

    fn end(&mut self) {
        self.spinner = None;
    }
}

fn reply(given: Given<Answer>) -> Reply {
    match given {
        Given::Answer(answer) => Reply::Answer(answer, Source::Prompt),
        Given::Back => Reply::Back,
        Given::Cancel => Reply::Cancel,
    }
}

const fn yes_or_no(yes: bool) -> Answer {
    if yes { Answer::Yes } else { Answer::No }
}

fn clean(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| clean_line(line)).collect()
}

fn clean_line(line: &str) -> String {
    escape::line(line).into_owned()
}
