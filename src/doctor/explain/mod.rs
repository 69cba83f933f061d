//! `doctor explain`: what a code means, and what an error message means that somebody pasted. Pure
//! look-ups in the registry and in the message tables; nothing is guessed.

mod messages;
#[cfg(test)]
mod page;
mod pattern;

use super::check::Check;
use super::checks;
use crate::provider::words::{self, Action};
use crate::provider::{Reason, Verdict};
use messages::{Means, Message, TABLES};

/// Where a pasted message is taken to come from, for the words about it.
const HOST: &str = "api.anthropic.com";

/// What is known about what was asked.
#[derive(Clone, Debug)]
pub enum Explained {
    /// A code of the registry.
    Code(&'static Check),
    /// A known message.
    Message(Known),
}

/// An error message that was recognized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The message as it is usually worded; `*` stands for what varies.
    pub pattern: &'static str,
    /// The code of the check that looks for the cause, when there is such a check.
    pub code: Option<&'static str>,
    /// What it means, in full sentences.
    pub meaning: String,
    /// What to do, in full sentences.
    pub remedy: String,
}

/// Looks up a code or a pasted message. `None`: not known, and the caller says so.
#[must_use]
pub fn explain(query: &str) -> Option<Explained> {
    if let Some(check) = checks::find(query) {
        return Some(Explained::Code(check));
    }
    message(query).map(Explained::Message)
}

/// The most specific message that the text contains.
#[must_use]
pub fn message(text: &str) -> Option<Known> {
    let words = pattern::words(text);
    let mut best: Option<(usize, &'static str, &'static Message)> = None;
    for message in TABLES.iter().copied().flatten() {
        for pattern in message.patterns {
            let weight = pattern::matched(pattern, &words);
            if let Some(weight) = weight
                && best.is_none_or(|(most, ..)| weight > most)
            {
                best = Some((weight, pattern, message));
            }
        }
    }
    best.map(|(_, pattern, message)| known(pattern, message))
}

fn known(pattern: &'static str, message: &Message) -> Known {
    let (code, meaning, remedy) = match message.means {
        Means::Reason(reason) => in_the_providers_words(reason),
        Means::Told(told) => (told.code, told.meaning.to_owned(), told.remedy.to_owned()),
    };
    Known {
        pattern,
        code: code.filter(|code| checks::find(code).is_some()),
        meaning,
        remedy,
    }
}

fn in_the_providers_words(reason: Reason) -> (Option<&'static str>, String, String) {
    let words = words::of(&Verdict::of(reason, HOST));
    let advice: Vec<String> = words
        .advice
        .iter()
        .map(|advice| match &advice.action {
            Some(Action::Command(line)) => format!("{} Type `{line}`.", advice.text),
            Some(Action::Url(url)) => format!("{} See {url}.", advice.text),
            None => advice.text.clone(),
        })
        .collect();
    let meaning = format!("{} {}", words.summary, words.why);
    (Some(reason.code()), meaning, advice.join(" "))
}

#[cfg(test)]
mod tests;
