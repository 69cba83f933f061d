//! What can be asked of a person at a keyboard, whichever way it is drawn: `prompt` draws with
//! cursor movement, `plain` writes one line per question.

use crate::error::Result;
use crate::secret::Secret;

/// What a person did with a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given<T> {
    Answer(T),
    /// Esc, or `<` in plain mode: the question before.
    Back,
    /// Ctrl-C or a closed input.
    Cancel,
}

impl<T> Given<T> {
    /// The same deed with the answer seen differently.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Given<U> {
        match self {
            Self::Answer(value) => Given::Answer(change(value)),
            Self::Back => Given::Back,
            Self::Cancel => Given::Cancel,
        }
    }
}

/// One line of a list. The texts are clean already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub label: String,
    pub recommended: bool,
    /// Shown below or behind the label.
    pub detail: Option<String>,
    /// Why it cannot be chosen now.
    pub refused: Option<String>,
}

impl Choice {
    /// A line that needs no more words.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            recommended: false,
            detail: None,
            refused: None,
        }
    }
}

/// Why an answer is not taken, in words; `None` takes it.
pub type Check<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A line of text to ask for.
pub struct Line<'a> {
    pub prompt: &'a str,
    /// What an empty line stands for.
    pub default: Option<&'a str>,
    /// What stands there already, to be edited.
    pub typed: &'a str,
    /// Asks again with the reason until it takes the answer.
    pub check: Check<'a>,
    /// What looks like a secret is taken off the screen at once; the caller refuses it.
    pub hide: &'a dyn Fn(&str) -> bool,
}

/// One of the two ways to ask.
pub trait Keyboard {
    /// The index of one of `choices`.
    ///
    /// # Errors
    /// `Io` when the terminal fails.
    fn choose(&mut self, prompt: &str, choices: &[Choice], start: usize) -> Result<Given<usize>>;

    /// A line of text.
    ///
    /// # Errors
    /// `Io` when the terminal fails.
    fn line(&mut self, line: &Line<'_>) -> Result<Given<String>>;

    /// A text that is not shown. Everything that arrives within a moment of Enter belongs to it,
    /// line breaks kept: a key copied from a wrapped line arrives in pieces, and no piece may
    /// answer the next question.
    ///
    /// # Errors
    /// `Io` when the terminal fails.
    fn secret(&mut self, prompt: &str, help: Option<&str>) -> Result<Given<Secret>>;

    /// Yes or no.
    ///
    /// # Errors
    /// `Io` when the terminal fails.
    fn confirm(&mut self, prompt: &str, default: Option<bool>) -> Result<Given<bool>>;

    /// Shows text that is not a question; it is wrapped already.
    fn show(&mut self, text: &str);
}

/// `y`, `yes`, `n`, `no` in any case; everything else is no answer.
#[must_use]
pub fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "y" | "yes" => Some(true),
        "n" | "no" => Some(false),
        _ => None,
    }
}
