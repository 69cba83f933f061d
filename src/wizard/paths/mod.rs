//! Every way through a flow, walked by the engine itself with made-up answers and findings.
//!
//! A path visits no step twice. Where values lead to the same place and no condition tells them
//! apart, one stands for all of them; where only a question or an effect depends on a value, one
//! further path shows it. A way back to a step that was passed ends a path of its own, once for
//! each such edge.
//!
//! | file | what |
//! |---|---|
//! | `branching` | the events that can follow, one for each way on |
//! | `samples` | made-up values |
//! | `tested` | which values of which variables the flow's conditions tell apart |
//! | `transcript` | a path as text |

mod branching;
mod samples;
mod tested;
pub mod transcript;

use std::collections::BTreeSet;

use super::engine::{self, Command, Ending, Event, Opening, State};
use super::flow::Flow;
use branching::branches;
use tested::{Tested, Weight};

/// One way through a flow.
#[derive(Clone, Debug)]
pub struct Path {
    /// What happened, step by step.
    pub events: Vec<Happened>,
    pub end: End,
}

/// One event with what led to it.
#[derive(Clone, Debug)]
pub struct Happened {
    /// The step that waited.
    pub step: String,
    /// What was answered or found, in words without a secret.
    pub words: String,
    pub event: Event,
    /// What the engine said and asked before, as transcripts show it.
    pub before: Vec<Command>,
}

/// How a path ends.
#[derive(Clone, Debug)]
pub enum End {
    Ended(Ending),
    /// At a step that was passed already.
    Back(String),
}

/// The flow has more paths than were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Every path of a flow that has passed the other checks.
///
/// # Errors
/// [`TooMany`] where there are more than `limit`.
pub fn enumerate(flow: &Flow, limit: usize) -> Result<Vec<Path>, TooMany> {
    let mut walk = Walk {
        flow,
        tested: Tested::of(flow),
        limit,
        paths: Vec::new(),
        backs: BTreeSet::new(),
        shown: BTreeSet::new(),
    };
    let opened = engine::step(flow, State::new(), Event::Start(Opening::default()));
    walk.go(&opened.0, &opened.1, (&mut Vec::new(), false))?;
    Ok(walk.paths)
}

struct Walk<'a> {
    flow: &'a Flow,
    tested: Tested,
    limit: usize,
    paths: Vec<Path>,
    /// The edges back that have a path already.
    backs: BTreeSet<(String, String)>,
    /// The steps and values that are shown once and have been.
    shown: BTreeSet<(String, String)>,
}

impl Walk<'_> {
    /// Follows every way on; with `alone` only the first one at each step.
    fn go(
        &mut self,
        state: &State,
        commands: &[Command],
        (events, alone): (&mut Vec<Happened>, bool),
    ) -> Result<(), TooMany> {
        let Some(last) = commands.last() else {
            return Ok(());
        };
        if let Command::End(ending) = last {
            return self.end(End::Ended(ending.clone()), events);
        }
        let here = state.at().to_owned();
        for way in branches(self.flow, state, last, &self.tested) {
            let once = way.weight == Weight::Once;
            if once && (alone || !self.shown.insert((here.clone(), way.words.clone()))) {
                continue;
            }
            events.push(Happened {
                step: here.clone(),
                words: way.words,
                event: way.event.clone(),
                before: commands.to_vec(),
            });
            let went = self.take(state, way.event, (events, alone || once))?;
            events.pop();
            if alone && went {
                break;
            }
        }
        Ok(())
    }

    /// Takes one way on; whether it went forward.
    fn take(
        &mut self,
        state: &State,
        event: Event,
        (events, alone): (&mut Vec<Happened>, bool),
    ) -> Result<bool, TooMany> {
        let here = state.at();
        let (next, commands) = engine::step(self.flow, state.clone(), event);
        let refused =
            matches!(commands.last(), Some(Command::Ask(question)) if question.problem.is_some());
        if refused {
            return Ok(false);
        }
        let stays = matches!(commands.last(), Some(Command::End(_) | Command::Commit(_)));
        let passed = here == next.at() || state.trail().any(|step| step == next.at());
        if stays || !passed {
            self.go(&next, &commands, (events, alone))?;
            return Ok(true);
        }
        let edge = (here.to_owned(), next.at().to_owned());
        if self.backs.insert(edge) {
            self.end(End::Back(next.at().to_owned()), events)?;
        }
        Ok(false)
    }

    fn end(&mut self, end: End, events: &[Happened]) -> Result<(), TooMany> {
        if self.paths.len() >= self.limit {
            return Err(TooMany);
        }
        self.paths.push(Path {
            events: events.to_vec(),
            end,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
