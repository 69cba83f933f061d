//! Answers that are given and not typed: by flag, by answers file, by environment variable, or by
//! a default that is safe. They enter the engine where typed ones do, so a run in CI and a run at
//! a keyboard cannot differ.
//!
//! | file | what |
//! |---|---|
//! | `declared` | which answers a flow takes, and under which names |
//! | `source` | the ways in which a secret is read |
//! | `plain` | answers that are no secrets |
//! | `referred` | secrets that stay where they are |
//! | `file` | the answers file |
//! | `missing` | all answers that a run without a terminal lacks |
//! | `template` | an answers file to fill in |

pub mod declared;
pub mod file;
pub mod missing;
mod plain;
mod referred;
pub mod source;
pub mod template;

use std::collections::HashSet;

use crate::error::{Error, Kind, Result};
use crate::store::reference::Reach;
use crate::system::System;
use crate::wizard::engine::{Answer, OfferedSecret, Question, QuestionKind, Source};
use crate::wizard::flow::{EMBEDDED, Flow};
use crate::wizard::prompter::Reply;
use declared::{Declared, declared};
pub use file::AnswersFile;
use missing::{Knowledge, Known};
pub use source::Way;

/// Asks whether services get a file with the secret itself.
const ENV_FILE: &str = "env_file";

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
    /// Profiles refer to secrets, and this is what following a reference takes.
    reach: Option<Reach>,
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
            reach: None,
        };
        if let Some(file) = file {
            answers.accepted.extend(file.accepted.iter().cloned());
            answers.filed = from_file(&file, flows)?;
        }
        answers.only_one_reads_stdin()?;
        Ok(answers)
    }

    /// Leaves secrets where they are: profiles get references to them.
    #[must_use]
    pub fn referring(mut self, reach: Reach) -> Self {
        self.reach = Some(reach);
        self
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

    /// The answer that flags or the answers file give to a question that has not been asked yet; a
    /// secret that stays where it is may be in one of the variables of the question too.
    ///
    /// # Errors
    /// `Usage` for a value that the question does not have, or what reading a secret says.
    pub fn given(&mut self, question: &Question) -> Result<Option<Reply>> {
        let is_secret = matches!(question.kind, QuestionKind::Secret { .. });
        let again = self.used.contains(&question.step);
        let reply = self.given_by_name(question)?;
        if reply.is_some() || self.reach.is_none() || !is_secret {
            return Ok(reply);
        }
        if let Some(problem) = &question.problem {
            return Err(refused_secret(problem));
        }
        let found = if again {
            None
        } else {
            self.in_environment(question)?
        };
        self.used.insert(question.step.clone());
        found.map_or_else(
            || Err(referred::nothing_named(question)),
            |reply| Ok(Some(reply)),
        )
    }

    fn given_by_name(&mut self, question: &Question) -> Result<Option<Reply>> {
        if self.reach.is_some() && question.variable == ENV_FILE {
            let wanted = self
                .find(ENV_FILE)
                .is_some_and(|(way, _)| way == Way::Text("yes".to_owned()));
            if wanted {
                return Err(referred::no_copy());
            }
            return Ok(Some(Reply::Answer(Answer::No, Source::Default)));
        }
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
        self.read(&way, source, question).map(Some)
    }

    /// As [`Answers::given`], and then what the environment and the flow itself give where nobody
    /// can be asked.
    ///
    /// # Errors
    /// As [`Answers::given`].
    pub fn given_or_default(&mut self, question: &Question) -> Result<Option<Reply>> {
        if let Some(reply) = self.given_by_name(question)? {
            return Ok(Some(reply));
        }
        if let Some(reply) = self.in_environment(question)? {
            return Ok(Some(reply));
        }
        let answer = match &question.kind {
            QuestionKind::Choose(options) => options
                .unattended
                .clone()
                .map(|value| plain::chosen(options, value)),
            QuestionKind::Ask {
                default: Some(default),
                safe_default: true,
                ..
            } => Some(Answer::Text(default.text.clone())),
            QuestionKind::Confirm { unattended, .. } => unattended.map(plain::yes_or_no),
            // What was found elsewhere has no place that a profile could name.
            QuestionKind::Secret { offer: Some(_), .. } if self.reach.is_some() => {
                return Err(referred::nothing_named(question));
            }
            // What was merely found is not taken, what lies at a place that was named is.
            QuestionKind::Secret {
                offer: Some(OfferedSecret { place: None, .. }),
                ..
            } => Some(Answer::TakeOffered),
            _ => None,
        };
        Ok(answer.map(|answer| Reply::Answer(answer, Source::Default)))
    }

    /// What the first variable that is set gives.
    fn in_environment(&self, question: &Question) -> Result<Option<Reply>> {
        let environment = &self.system.environment;
        let set = |name: &&String| environment.get(name).is_some();
        let Some(name) = question.inputs.env.iter().find(set) else {
            return Ok(None);
        };
        let way = match question.kind {
            QuestionKind::Secret { .. } => Way::Environment(name.clone()),
            _ => Way::Text(environment.get(name).unwrap_or_default().to_owned()),
        };
        self.read(&way, Source::Environment(name.clone()), question)
            .map(Some)
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

    fn read(&self, way: &Way, source: Source, question: &Question) -> Result<Reply> {
        let QuestionKind::Secret { shape, .. } = &question.kind else {
            let answer = plain::read(way, &source, question)?;
            return Ok(Reply::Answer(answer, source));
        };
        let (secret, source) = match &self.reach {
            Some(reach) => {
                let (secret, place) = referred::read(way, shape.id, reach, self.system)?;
                (secret, Source::Place(place))
            }
            None => (way.read_secret(self.system)?, source),
        };
        Ok(Reply::Answer(Answer::Secret(secret), source))
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
