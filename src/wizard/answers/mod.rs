//! Answers that are given and not typed: by flag, by answers file, by environment variable, or by
//! a default that is safe. They enter the engine where typed ones do, so a run in CI and a run at
//! a keyboard cannot differ.
//!
//! | file | what |
//! |---|---|
//! | `declared` | which answers a flow takes, and under which names |
//! | `source` | the ways in which a secret is read |
//! | `file` | the answers file |
//! | `missing` | all answers that a run without a terminal lacks |
//! | `template` | an answers file to fill in |

pub mod declared;
pub mod file;
pub mod missing;
pub mod source;
pub mod template;

use std::collections::HashSet;

use crate::error::{Error, Kind, Result};
use crate::system::System;
use crate::wizard::engine::{Answer, OfferedSecret, Options, Question, QuestionKind, Source};
use crate::wizard::flow::{EMBEDDED, Flow};
use crate::wizard::prompter::Reply;
use declared::{Declared, declared};
pub use file::AnswersFile;
use missing::{Knowledge, Known};
pub use source::Way;

/// An answer from the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flagged {
    pub variable: String,
    /// The flag as it was typed, dashes included.
    pub flag: String,
    pub way: Way,
}

/// Everything that was given, ready to be taken by a question.
pub struct Answers<'a> {
    system: &'a System,
    flagged: Vec<Flagged>,
    filed: Vec<(String, Way)>,
    accepted: Vec<String>,
    /// Steps that took a given answer already.
    used: HashSet<String>,
}

impl<'a> Answers<'a> {
    /// Puts together what the command line and the answers file give for a run through `flows`.
    ///
    /// # Errors
    /// `Usage` for a key that no flow knows and for two secrets from one standard input,
    /// `Malformed` for a secret that stands in the file and for a value of the wrong form.
    pub fn new(
        system: &'a System,
        flows: &[Flow],
        flagged: Vec<Flagged>,
        accepted: Vec<String>,
        file: Option<AnswersFile>,
    ) -> Result<Self> {
        let mut answers = Self {
            system,
            flagged,
            filed: Vec::new(),
            accepted,
            used: HashSet::new(),
        };
        if let Some(file) = file {
            answers.accepted.extend(file.accepted.iter().cloned());
            answers.filed = from_file(&file, flows)?;
        }
        answers.only_one_reads_stdin()?;
        Ok(answers)
    }

    fn only_one_reads_stdin(&self) -> Result<()> {
        let flagged = self.flagged.iter().map(|f| (f.flag.as_str(), &f.way));
        let filed = self.filed.iter().map(|(key, way)| (key.as_str(), way));
        let readers: Vec<&str> = flagged
            .chain(filed)
            .filter(|(_, way)| **way == Way::Stdin)
            .map(|(name, _)| name)
            .collect();
        if readers.len() < 2 {
            return Ok(());
        }
        let readers = readers.join(" and ");
        Err(
            Error::usage(format!("{readers} cannot both read standard input"))
                .hint("give one of them as a file, a variable or a descriptor."),
        )
    }

    /// The answer that flags or the answers file give to a question that has not been asked yet.
    ///
    /// # Errors
    /// `Usage` for a value that the question does not have, or what reading a secret says.
    pub fn given(&mut self, question: &Question) -> Result<Option<Reply>> {
        if let QuestionKind::Risk { risk } = &question.kind {
            let source = Source::Flag("--accept-risk".to_owned());
            return Ok(self
                .accepts(risk)
                .then_some(Reply::Answer(Answer::Yes, source)));
        }
        let Some((way, source)) = self.find(&question.variable) else {
            return Ok(None);
        };
        if !self.used.insert(question.step.clone()) {
            return Ok(None);
        }
        let answer = self.read(&way, &source, question)?;
        Ok(Some(Reply::Answer(answer, source)))
    }

    /// As [`Answers::given`], and then what the environment and the flow itself give where nobody
    /// can be asked.
    ///
    /// # Errors
    /// As [`Answers::given`].
    pub fn given_or_default(&mut self, question: &Question) -> Result<Option<Reply>> {
        if let Some(reply) = self.given(question)? {
            return Ok(Some(reply));
        }
        for name in &question.inputs.env {
            if self.system.environment.get(name).is_some() {
                let source = Source::Environment(name.clone());
                let way = match question.kind {
                    QuestionKind::Secret { .. } => Way::Environment(name.clone()),
                    _ => Way::Text(
                        self.system
                            .environment
                            .get(name)
                            .unwrap_or_default()
                            .to_owned(),
                    ),
                };
                let answer = self.read(&way, &source, question)?;
                return Ok(Some(Reply::Answer(answer, source)));
            }
        }
        let answer = match &question.kind {
            QuestionKind::Choose(options) => options
                .unattended
                .clone()
                .map(|value| chosen(options, value)),
            QuestionKind::Ask {
                default: Some(default),
                safe_default: true,
                ..
            } => Some(Answer::Text(default.text.clone())),
            QuestionKind::Confirm { unattended, .. } => unattended.map(yes_or_no),
            // What was merely found is not taken, what lies at a place that was named is.
            QuestionKind::Secret {
                offer: Some(OfferedSecret { place: None, .. }),
                ..
            } => Some(Answer::TakeOffered),
            _ => None,
        };
        Ok(answer.map(|answer| Reply::Answer(answer, Source::Default)))
    }

    /// The failure of a run that lacks the answer to `question`: it names everything that lacks.
    #[must_use]
    pub fn lacking(&self, flow: &Flow, question: &Question) -> Error {
        let knowledge = Given {
            answers: self,
            flow,
        };
        let mut missing = missing::from_step(flow, &question.step, &knowledge);
        let ours = EMBEDDED.iter().any(|(id, _)| *id == flow.id);
        let file = if ours {
            format!(
                "`keywright onboard --flow {} --answers-template` for a file to fill in",
                flow.id
            )
        } else {
            // `flow run` has no flags of the flow.
            for missing in &mut missing {
                "--answers FILE".clone_into(&mut missing.flag);
            }
            "give --answers FILE".to_owned()
        };
        let message = match missing.len() {
            1 => "one answer is missing and there is nobody to ask".to_owned(),
            count => format!("{count} answers are missing and there is nobody to ask"),
        };
        Error::new(Kind::MissingAnswers, message)
            .missing(missing)
            .hint(format!("run it in a terminal to be asked, or {file}."))
    }

    fn accepts(&self, risk: &str) -> bool {
        self.accepted.iter().any(|accepted| accepted == risk)
    }

    fn find(&self, variable: &str) -> Option<(Way, Source)> {
        let flagged = self.flagged.iter().find(|f| f.variable == variable);
        if let Some(Flagged { flag, way, .. }) = flagged {
            return Some((way.clone(), Source::Flag(flag.clone())));
        }
        let (_, way) = self.filed.iter().find(|(key, _)| key == variable)?;
        Some((way.clone(), Source::AnswersFile))
    }

    fn read(&self, way: &Way, source: &Source, question: &Question) -> Result<Answer> {
        if let QuestionKind::Secret { .. } = question.kind {
            return Ok(Answer::Secret(way.read_secret(self.system)?));
        }
        let Way::Text(text) = way else {
            return Err(Error::usage(format!(
                "`{}` is no secret: give it as it is",
                question.variable
            )));
        };
        let refused = |accepts: String| {
            let place = place(source, &question.variable);
            Error::usage(format!("{place} takes {accepts}"))
        };
        match &question.kind {
            QuestionKind::Choose(options) => {
                let known = options.options.iter().find(|option| option.value == *text);
                match known.map(|option| option.disabled.as_deref()) {
                    Some(Some(reason)) => {
                        let place = place(source, &question.variable);
                        let message = format!("{place} cannot be {text} here: {reason}");
                        let hint = format!("it takes {} here.", values(options));
                        Err(Error::usage(message).hint(hint))
                    }
                    None if options.other.is_none() => Err(refused(values(options))),
                    _ => Ok(chosen(options, text.clone())),
                }
            }
            QuestionKind::Confirm { .. } => match text.as_str() {
                "yes" => Ok(Answer::Yes),
                "no" => Ok(Answer::No),
                _ => Err(refused("yes or no".to_owned())),
            },
            _ => Ok(Answer::Text(text.clone())),
        }
    }
}

/// A secret that was refused, with the engine's sentences: the first says what it is, the rest
/// what to do.
#[must_use]
pub fn refused_secret(sentences: &str) -> Error {
    let sentences = sentences.trim_end_matches('.');
    let (what, remedy) = sentences.split_once(". ").unwrap_or((sentences, ""));
    let what = match what.split_once(' ') {
        Some((first @ ("This" | "It" | "The" | "There" | "Nothing"), rest)) => {
            format!("{} {rest}", first.to_lowercase())
        }
        _ => what.to_owned(),
    };
    let error = Error::new(Kind::MalformedCredential, what);
    if remedy.is_empty() {
        return error;
    }
    error.hint(format!("{remedy}."))
}

/// Where a value came from, as the subject of a sentence.
fn place(source: &Source, variable: &str) -> String {
    match source {
        Source::Flag(flag) => flag.clone(),
        Source::Environment(name) => name.clone(),
        _ => format!("\"{variable}\" in the answers file"),
    }
}

/// What can be chosen now.
fn values(options: &Options) -> String {
    let open = options.options.iter().filter(|o| o.disabled.is_none());
    let values: Vec<&str> = open.map(|option| option.value.as_str()).collect();
    format!("one of {}", values.join(", "))
}

fn chosen(options: &Options, value: String) -> Answer {
    if options.options.iter().any(|option| option.value == value) {
        Answer::Choice(value)
    } else {
        Answer::Text(value)
    }
}

const fn yes_or_no(yes: bool) -> Answer {
    if yes { Answer::Yes } else { Answer::No }
}

/// The answers of a file, each checked against what the flows take.
fn from_file(file: &AnswersFile, flows: &[Flow]) -> Result<Vec<(String, Way)>> {
    let known: Vec<Declared<'_>> = flows.iter().flat_map(declared).collect();
    let mut answers = Vec::new();
    for (key, value) in &file.answers {
        let declared = known
            .iter()
            .find(|declared| declared.variable == key)
            .ok_or_else(|| unknown_key(key, &known, file))?;
        let malformed = |what: &str| {
            let shown = file.path.display();
            Error::new(
                Kind::Malformed,
                format!("\"{key}\" in the answers file {shown} {what}"),
            )
            .path(&file.path)
        };
        let way = if let declared::Kind::Secret { .. } = declared.kind {
            file::secret_reference(value).map_err(malformed)?
        } else {
            let text = file::plain_text(value);
            Way::Text(text.ok_or_else(|| malformed("must be a text"))?)
        };
        answers.push((key.clone(), way));
    }
    Ok(answers)
}

/// The key may be a secret that somebody put in the wrong place: it is shown only when it looks
/// like a name.
fn unknown_key(key: &str, known: &[Declared<'_>], file: &AnswersFile) -> Error {
    let shown = file.path.display();
    let names = known.iter().map(|declared| declared.variable);
    let names = names.chain(["flow", "acceptRisk"]);
    let likeness = |name: &str| strsim::jaro_winkler(&key.to_lowercase(), name);
    let nearest = names
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match nearest {
        Some((_, name)) => format!("did you mean \"{name}\"?"),
        None => "`keywright onboard --flow FLOW --answers-template` prints all keys.".to_owned(),
    };
    let is_name = key.len() <= 40 && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let key = if is_name {
        format!("\"{key}\"")
    } else {
        "a key".to_owned()
    };
    Error::usage(format!("{key} in the answers file {shown} is not known"))
        .path(&file.path)
        .hint(hint)
}

/// What the answers at hand tell the search for missing ones.
struct Given<'a> {
    answers: &'a Answers<'a>,
    flow: &'a Flow,
}

impl Knowledge for Given<'_> {
    fn of(&self, variable: &str) -> Known {
        match self.answers.find(variable) {
            Some((Way::Text(text), _)) => return Known::Text(text),
            Some(_) => return Known::Set,
            None => {}
        }
        let asked = |declared: &Declared<'_>| declared.variable == variable;
        let Some(declared) = declared(self.flow).find(asked) else {
            return Known::No;
        };
        let environment = &self.answers.system.environment;
        if declared
            .environment()
            .iter()
            .any(|name| environment.get(name).is_some())
        {
            return Known::Set;
        }
        match declared.kind {
            declared::Kind::Choose {
                unattended: Some(value),
                ..
            }
            | declared::Kind::YesNo {
                unattended: Some(value),
            } => Known::Text(value.to_owned()),
            declared::Kind::Text { optional: true, .. } => Known::Set,
            _ => Known::No,
        }
    }

    fn accepted(&self, risk: &str) -> bool {
        self.answers.accepts(risk)
    }
}
