//! "Step n of m", true for the path taken: what is behind counts as it was, what is ahead as it is
//! usually done.

use std::collections::BTreeMap;

use super::message::Progress;
use super::state::State;
use super::value::Value;
use super::{options, question};
use crate::wizard::catalog::{self, Domain};
use crate::wizard::flow::{Flow, Step};

/// Where the step at hand stands.
pub(super) fn progress(flow: &Flow, state: &State) -> Progress {
    let behind = state.trail.iter().filter(|passed| passed.asked).count();
    let ahead = Ahead::new(state).count(flow, &state.at);
    Progress {
        step: behind + 1,
        of: behind + ahead.max(1),
    }
}

/// A walk along the usual path.
struct Ahead<'a> {
    state: &'a State,
    /// Answers that are taken for granted.
    assumed: BTreeMap<String, Value>,
}

impl<'a> Ahead<'a> {
    fn new(state: &'a State) -> Self {
        Self {
            state,
            assumed: BTreeMap::new(),
        }
    }

    /// The questions from `id` on, this one and the review included.
    fn count(mut self, flow: &Flow, id: &str) -> usize {
        let mut visited = Vec::new();
        let mut count = 0;
        let mut next = Some(id.to_owned());
        while let Some(step) = next.as_deref().and_then(|id| flow.step(id)) {
            if visited.contains(&&step.id) || self.state.passed(&step.id) {
                break;
            }
            visited.push(&step.id);
            if step.commit.is_some() || (question::asks(step) && self.will_ask(step, id)) {
                count += 1;
            }
            self.assume(step);
            next = self.next(step);
        }
        count
    }

    fn will_ask(&self, step: &Step, at: &str) -> bool {
        let when = step.ask.as_ref().and_then(|ask| ask.ask_when.as_ref());
        step.id == at || when.is_none_or(|condition| condition.holds(&|name| self.value(name)))
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let known = self.state.value(name).or_else(|| self.assumed.get(name));
        known.or_else(|| {
            let (_, value) = self.state.facts.get(name)?;
            Some(value)
        })
    }

    fn assume(&mut self, step: &Step) {
        self.assume_found(step);
        let Some(variable) = step.asks_for() else {
            return;
        };
        let known = self.state.answers.get(variable).map(|a| a.value.clone());
        let default = step.choose.as_ref().and_then(|choose| {
            let options = options::options(choose, self.state)?;
            let option = options.options.get(options.default)?;
            Some(Value::text(&option.value))
        });
        let confirm = step.confirm.as_ref().and_then(|confirm| confirm.default);
        let confirm = confirm.map(|answer| Value::text(answer.as_str()));
        if let Some(value) = known.or(default).or(confirm) {
            self.assumed.insert(variable.to_owned(), value);
        }
    }

    /// What a detector that has not run finds usually: the first of its values, and a secret.
    fn assume_found(&mut self, step: &Step) {
        let detector = step.detect.as_ref();
        let detector = detector.filter(|_| !self.state.ran.contains_key(&step.id));
        let facts = detector.and_then(|detect| catalog::detector(&detect.what));
        for fact in facts.into_iter().flat_map(|detector| detector.sets) {
            let usual = match fact.domain {
                Domain::Values(values) => values.first().copied(),
                Domain::Secret => Some("found"),
                Domain::Text | Domain::List => None,
            };
            let usual = usual.map(Value::text);
            self.assumed
                .extend(usual.map(|usual| (fact.name.to_owned(), usual)));
        }
    }

    fn next(&self, step: &Step) -> Option<String> {
        if let Some(on) = &step.on {
            let ran = self.state.ran.get(&step.id);
            let target = ran.and_then(|outcome| on.target(outcome));
            let usual = on.0.first().map(|(_, to)| to.as_str());
            return target.or(usual).map(str::to_owned);
        }
        let holds = |branch: &&crate::wizard::flow::Branch| {
            branch
                .when
                .as_ref()
                .is_none_or(|condition| condition.holds(&|name| self.value(name)))
        };
        let branch = step.branch.iter().flatten().find(holds);
        branch.map(|b| b.to.clone()).or_else(|| step.to.clone())
    }
}
