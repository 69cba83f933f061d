//! The loop around the engine: does what its commands say, and tells it what came of that. The
//! only part of the wizard that acts, and it acts through the system, a front end and the store.

pub mod handoff;
mod probes;

use crate::error::{Error, Kind, Result};
use crate::provider::Verdict;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::paste::{self, Note};
use crate::secret::Secret;
use crate::store::Receipt;
use crate::system::signals;
use crate::wizard::answers::refused_secret;
use crate::wizard::catalog::{Destination, Looks, Opens};
use crate::wizard::detect::{Admit, Place, detect};
use crate::wizard::engine::{
    self, Answer, Command, Committed, Ending, Event, Handoff, Opening, Probing, Question,
    QuestionKind, Review, Source, State, Value,
};
use crate::wizard::flow::Flow;
use crate::wizard::plan::{self, Effect, Plan};
use crate::wizard::prompter::{Prompter, Reply};
use crate::wizard::targets;

/// What the run may do.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Stop at the plan.
    pub dry_run: bool,
    /// Make no request; `--offline` says the same and more.
    pub skip_probe: bool,
    /// Let a key go over http to another machine.
    pub insecure: bool,
    /// A person is there: a refused secret is asked for again, and pages may be opened.
    pub attended: bool,
    /// Which secrets may be used here at all.
    pub admit: Admit<'a>,
    /// Told where the run stands after each answer that a person gave.
    pub answered: &'a dyn Fn(&Flow, &State),
}

/// How a run through one flow went.
pub enum Finished {
    /// The flow came to an end.
    Ended(Box<Report>),
    /// `--dry-run`: what would be done.
    Planned(Plan),
}

/// What a flow came to.
pub struct Report {
    pub ending: Ending,
    /// What the last probe found.
    pub verdict: Option<Verdict>,
    /// What the plan was, carried out or found to be so already; empty when it did not come to one.
    pub effects: Vec<Effect>,
    /// What the store did, when it had something to do.
    pub receipt: Option<Receipt>,
    /// Every answer, for a flow that goes on from here and for the receipt. Holds secrets.
    pub answers: Vec<(String, Value, Source)>,
}

/// Runs `flow` to its end.
///
/// # Errors
/// What the front end or the store says; nothing was changed then, unless the error says so.
pub fn drive(
    flow: &Flow,
    opening: Opening,
    prompter: &mut dyn Prompter,
    place: Place<'_>,
    options: Options<'_>,
) -> Result<Finished> {
    let mut run = Run {
        prompter,
        place,
        options,
        verdict: None,
        effects: Vec::new(),
        receipt: None,
        seen: None,
    };
    let mut state = State::new();
    let mut event = Event::Start(opening);
    loop {
        let answered = matches!(event, Event::Answer(_, Source::Prompt));
        let (next, commands) = engine::step(flow, state, event);
        state = next;
        if answered {
            (run.options.answered)(flow, &state);
        }
        match run.perform(commands)? {
            Step::Goes(happened) => event = happened,
            Step::Plans(plan) => return Ok(Finished::Planned(plan)),
            Step::Ends(ending) => {
                return Ok(Finished::Ended(Box::new(Report {
                    ending,
                    verdict: run.verdict,
                    effects: run.effects,
                    receipt: run.receipt,
                    answers: state.answers(),
                })));
            }
        }
    }
}

/// What came of a list of commands.
enum Step {
    Goes(Event),
    Plans(Plan),
    Ends(Ending),
}

struct Run<'a> {
    prompter: &'a mut dyn Prompter,
    place: Place<'a>,
    options: Options<'a>,
    verdict: Option<Verdict>,
    effects: Vec<Effect>,
    receipt: Option<Receipt>,
    /// The targets as the plan under review saw them.
    seen: Option<targets::Seen>,
}

impl Run<'_> {
    fn perform(&mut self, commands: Vec<Command>) -> Result<Step> {
        for command in commands {
            let event = match command {
                Command::Say(lines) => {
                    self.prompter.say(&lines);
                    continue;
                }
                Command::Ask(question) => self.ask(question)?,
                Command::Detect(detection) => {
                    Event::Detected(detect(self.place, &detection, self.options.admit)?)
                }
                Command::Probe(probing) => self.probe(&probing),
                Command::Handoff(handoff) => self.hand_off(&handoff)?,
                Command::Review(review) => return self.review(&review),
                Command::Commit(effects) => self.commit(effects)?,
                Command::End(ending) => return Ok(Step::Ends(ending)),
            };
            return Ok(Step::Goes(event));
        }
        // The engine always waits for something or ends; this keeps a defect from looping.
        Err(Error::new(Kind::Io, "the wizard came to no end"))
    }

    fn ask(&mut self, question: Question) -> Result<Event> {
        let mut question = question;
        loop {
            let (secret, source) = match self.prompter.ask(&question)? {
                Reply::Answer(Answer::Secret(secret), source) => (secret, source),
                Reply::Answer(Answer::Text(text), source) => {
                    match self.address(&text, &question) {
                        Ok(()) => return Ok(Event::Answer(Answer::Text(text), source)),
                        Err(error) if !self.options.attended => return Err(error),
                        Err(error) => question.problem = Some(told(&error)),
                    }
                    continue;
                }
                other => return Ok(event_of(other)),
            };
            let secret = self.clean(&secret);
            match self.admit(&secret, &question) {
                Ok(()) => return Ok(Event::Answer(Answer::Secret(secret), source)),
                Err(error) if !self.options.attended => return Err(error),
                Err(error) => question.problem = Some(told(&error)),
            }
        }
    }

    /// An address that a key may go to: without encryption only when that was asked for.
    fn address(&self, text: &str, question: &Question) -> Result<()> {
        let is_address = matches!(
            &question.kind,
            QuestionKind::Ask { validator, .. } if validator.id == "base-url"
        );
        match Endpoint::parse(text) {
            Ok(endpoint)
                if is_address
                    && !(endpoint.is_https()
                        || endpoint.is_loopback()
                        || self.options.insecure) =>
            {
                let message = "a key is not sent over http to another machine";
                Err(Error::usage(message).hint("Use https, or allow it with --allow-insecure-url."))
            }
            _ => Ok(()),
        }
    }

    /// Whether the secret may be used here. A likely mistake is named rather than the rule.
    fn admit(&self, secret: &Secret, question: &Question) -> Result<()> {
        (self.options.admit)(secret).map_err(|error| match &question.kind {
            QuestionKind::Secret { shape, .. } => {
                match (shape.check)(secret, Destination::Provider) {
                    Looks::Wrong(problem) => refused_secret(&problem),
                    _ => error,
                }
            }
            _ => error,
        })
    }

    /// The secret as it was meant, and a word about what was taken off.
    fn clean(&mut self, secret: &Secret) -> Secret {
        let pasted = paste::clean(secret);
        if !pasted.notes.is_empty() {
            let notes: Vec<String> = pasted.notes.iter().map(Note::words).collect();
            self.prompter
                .say(&[format!("From what you gave: {}.", notes.join(", "))]);
        }
        pasted.secret
    }

    fn review(&mut self, review: &Review) -> Result<Step> {
        let seen = targets::look(self.place)?;
        let plan = plan::plan(&review.effects, &seen.snapshot)?;
        if self.options.dry_run {
            return Ok(Step::Plans(plan));
        }
        if plan.is_empty() {
            self.effects.clone_from(&review.effects);
            return Ok(Step::Goes(Event::Committed(Committed::Unchanged)));
        }
        self.seen = Some(seen);
        Ok(Step::Goes(event_of(self.prompter.review(review, &plan)?)))
    }

    fn commit(&mut self, effects: Vec<Effect>) -> Result<Event> {
        let seen = match self.seen.take() {
            Some(seen) => seen,
            None => targets::look(self.place)?,
        };
        let mut hold = signals::hold();
        match targets::commit(self.place, &effects, &seen) {
            Ok(receipt) if receipt.transaction.is_none() => {
                self.effects = effects;
                Ok(Event::Committed(Committed::Unchanged))
            }
            Ok(receipt) => {
                hold.saved("What you decided was saved before that.");
                self.effects = effects;
                self.receipt = Some(receipt);
                Ok(Event::Committed(Committed::Done))
            }
            Err(error) if error.kind() == Kind::Conflict => {
                Ok(Event::Committed(Committed::Changed))
            }
            Err(error) => Err(error),
        }
    }

    fn probe(&mut self, probing: &Probing) -> Event {
        let skipped = self.options.skip_probe;
        let limits = probes::Limits {
            insecure: self.options.insecure,
        };
        let probed = if skipped {
            probes::skipped()
        } else {
            self.prompter.begin(&probing.text);
            let probed = probes::run(self.place, probing, limits);
            self.prompter.end();
            probed
        };
        if probed.verdict.is_some() {
            self.verdict = probed.verdict;
        }
        Event::Probed {
            outcome: probed.outcome.to_owned(),
            found: probed.found,
        }
    }

    fn hand_off(&mut self, handoff: &Handoff) -> Result<Event> {
        if !handoff.text.is_empty() {
            self.prompter.say(&handoff.text);
        }
        let outcome = match handoff.program.opens {
            _ if self.options.attended => handoff::run(self.place.system, handoff)?,
            Opens::Page => "unavailable",
            Opens::Terminal { words, .. } => {
                let program = words.join(" ");
                let message = format!("`{program}` needs somebody at a terminal");
                return Err(Error::usage(message)
                    .hint("run it where a person answers, or choose another way."));
            }
        };
        Ok(Event::HandedOff {
            outcome: outcome.to_owned(),
        })
    }
}

fn event_of(reply: Reply) -> Event {
    match reply {
        Reply::Answer(answer, source) => Event::Answer(answer, source),
        Reply::Back => Event::Back,
        Reply::Jump(step) => Event::Jump(step),
        Reply::Cancel => Event::Cancel,
    }
}

/// An error as one sentence beside a question.
fn told(error: &Error) -> String {
    match error.hint_text() {
        Some(hint) => format!("{error}. {hint}"),
        None => error.to_string(),
    }
}
