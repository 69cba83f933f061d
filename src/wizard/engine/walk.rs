//! Going from step to step until somebody or something is needed.

use super::accept::{self, Accepted};
use super::message::{self, Answer, Command, Committed, Detection, Ending, Mode, Probing, Review};
use super::progress::progress;
use super::question;
use super::state::{Answered, Passed, State, Waits};
use super::value::{Source, Value};
use crate::wizard::catalog;
use crate::wizard::flow::{Detect, Flow, Handoff, Probe, Step};
use crate::wizard::plan;
use crate::wizard::text::Text;

/// One call of the engine: the state as it becomes, and the commands so far.
pub(super) struct Walk<'a> {
    pub flow: &'a Flow,
    pub state: State,
    pub commands: Vec<Command>,
}

impl<'a> Walk<'a> {
    pub fn new(flow: &'a Flow, state: State) -> Self {
        Self {
            flow,
            state,
            commands: Vec::new(),
        }
    }

    /// Goes to a step, and on from there while nobody is needed.
    pub fn enter(&mut self, id: &str) {
        let mut next = Some(id.to_owned());
        while let Some(id) = next {
            let Some(step) = self.flow.step(&id) else {
                return;
            };
            self.loop_back(step);
            step.id.clone_into(&mut self.state.at);
            self.state.problem = None;
            self.state.typed = None;
            next = self.visit(step);
        }
    }

    /// Does what the step is for, and gives the next one if there is nothing to wait for.
    fn visit(&mut self, step: &'a Step) -> Option<String> {
        if let Some(note) = &step.note {
            if note.risk.is_some() && !self.state.accepted.contains(&step.id) {
                self.ask(step);
                return None;
            }
            if note.risk.is_none() {
                let lines = self.render(&note.text);
                self.commands.push(Command::Say(lines));
            }
            return self.pass(step, note.risk.is_some());
        }
        if let Some(variable) = step.asks_for() {
            self.answer_without_asking(step, variable);
            let known = self.state.answers.get(variable).filter(|a| a.fresh);
            let good = known.and_then(|a| accept::still_good(step, &self.state, &a.value));
            if let Some(good) = good {
                let mut asked = !question::silent(step, &self.state);
                if let Some(known) = self.state.answers.get_mut(variable) {
                    known.value = good;
                    // What no person was asked for is no place to go back to.
                    asked &= known.source == Source::Prompt;
                }
                return self.pass(step, asked);
            }
            self.ask(step);
            return None;
        }
        if let Some(outcome) = self.state.ran.get(&step.id) {
            let outcome = outcome.clone();
            return self.pass_with(step, &outcome);
        }
        self.act(step);
        None
    }

    fn act(&mut self, step: &Step) {
        if let Some(detect) = &step.detect {
            self.detect(detect);
        } else if let Some(probe) = &step.probe {
            self.probe(step, probe);
        } else if let Some(handoff) = &step.handoff {
            self.handoff(handoff);
        } else if step.commit.is_some() {
            self.review(step);
        } else if let Some(done) = &step.done
            && let Some(outcome) = catalog::outcome(&done.outcome)
        {
            let text = done.text.as_ref().map(|text| self.render(text));
            let next = done
                .next
                .iter()
                .flat_map(|line| self.render(&Text::line(line)));
            let ending = Ending {
                outcome,
                text: text.unwrap_or_default(),
                flow: done.flow.clone(),
                next: next.collect(),
            };
            self.end(ending);
        }
    }

    fn detect(&mut self, detect: &Detect) {
        if let Some(what) = catalog::detector(&detect.what) {
            let given = self.state.given(detect.with.as_ref());
            self.commands
                .push(Command::Detect(Detection { what, given }));
            self.state.waits = Waits::Detector;
        }
    }

    fn probe(&mut self, step: &Step, probe: &Probe) {
        if let Some(what) = catalog::probe(&probe.what) {
            let probing = Probing {
                what,
                text: probe.text.clone(),
                given: self.state.given(probe.with.as_ref()),
                attempt: self.state.repeats(&step.id) + 1,
            };
            self.commands.push(Command::Probe(probing));
            self.state.waits = Waits::Probe;
        }
    }

    fn handoff(&mut self, handoff: &Handoff) {
        if let Some(program) = catalog::program(&handoff.program) {
            let text = handoff.text.as_ref().map(|text| self.render(text));
            self.commands.push(Command::Handoff(message::Handoff {
                program,
                link: handoff.link.as_deref().and_then(catalog::link),
                text: text.unwrap_or_default(),
                given: self.state.given(handoff.with.as_ref()),
            }));
            self.state.waits = Waits::Handoff;
        }
    }

    fn review(&mut self, step: &Step) {
        let Some(commit) = &step.commit else { return };
        let review = Review {
            step: step.id.clone(),
            text: self.render(&commit.text),
            progress: progress(self.flow, &self.state),
            effects: plan::resolve(self.flow, &commit.effects, &self.state),
            answers: question::answered(self.flow, &self.state),
            changed: self.state.changed,
        };
        self.commands.push(Command::Review(review));
        self.state.waits = Waits::Review;
    }

    /// The user said yes to the review.
    pub fn commit(&mut self) {
        let step = self.flow.step(&self.state.at);
        let Some(commit) = step.and_then(|step| step.commit.as_ref()) else {
            return;
        };
        let effects = plan::resolve(self.flow, &commit.effects, &self.state);
        self.commands.push(Command::Commit(effects));
        self.state.waits = Waits::Commit;
    }

    pub fn committed(&mut self, how: Committed) {
        let Some(step) = self.flow.step(&self.state.at) else {
            return;
        };
        self.state.changed = how == Committed::Changed;
        if self.state.changed {
            return self.review(step);
        }
        let outcome = match how {
            Committed::Unchanged => "unchanged",
            _ => "saved",
        };
        if let Some(next) = self.pass_with(step, outcome) {
            self.enter(&next);
        }
    }

    /// A detector, probe or handoff is through.
    pub fn ran(&mut self, outcome: &str, found: Vec<(String, Value)>) {
        let Some(step) = self.flow.step(&self.state.at) else {
            return;
        };
        let sets = step.sets();
        for (name, value) in found {
            if sets.iter().any(|set| set.variable == name) {
                self.state.facts.insert(name, (step.id.clone(), value));
            }
        }
        *self.state.repeats.entry(step.id.clone()).or_default() += 1;
        self.state.ran.insert(step.id.clone(), outcome.to_owned());
        if let Some(next) = self.pass_with(step, outcome) {
            self.enter(&next);
        }
    }

    /// Somebody answered the question at hand.
    pub fn answer(&mut self, answer: Answer, source: Source) {
        let Some(step) = self.flow.step(&self.state.at) else {
            return;
        };
        *self.state.repeats.entry(step.id.clone()).or_default() += 1;
        match accept::accept(step, &self.state, answer) {
            Accepted::Risk => {
                self.state.accepted.insert(step.id.clone());
            }
            Accepted::NoRisk => return self.leave(),
            Accepted::Value {
                value,
                source: found,
                warning,
            } => {
                self.commands
                    .extend(warning.map(|words| Command::Say(vec![words])));
                self.keep(step, value, found.unwrap_or(source));
            }
            Accepted::Kept => {
                if let Some(known) = step
                    .asks_for()
                    .and_then(|name| self.state.answers.get_mut(name))
                {
                    known.fresh = true;
                }
            }
            Accepted::Refused { problem, typed } => {
                self.state.problem = Some(problem);
                self.state.typed = typed;
                return self.ask(step);
            }
        }
        if let Some(next) = self.pass(step, !question::silent(step, &self.state)) {
            self.enter(&next);
        }
    }

    fn keep(&mut self, step: &Step, value: Value, source: Source) {
        let Some(variable) = step.asks_for() else {
            return;
        };
        let old = self.state.answers.get(variable).map(|a| &a.value);
        let changed = old.is_some_and(|old| *old != value);
        let answered = Answered {
            step: step.id.clone(),
            value,
            source,
            fresh: true,
        };
        self.state.answers.insert(variable.to_owned(), answered);
        if changed {
            self.state.invalidate(self.flow, variable);
        }
    }

    /// When only the secret is renewed, the other questions answer themselves where they can.
    fn answer_without_asking(&mut self, step: &Step, variable: &str) {
        let known = self.state.answers.get(variable);
        if !matches!(self.state.mode, Mode::Reauth(_)) || known.is_some() {
            return;
        }
        let choose = step.choose.as_ref().and_then(|c| c.reauth.clone());
        let confirm = step.confirm.as_ref().and_then(|c| c.reauth);
        let ask = step.ask.as_ref().filter(|ask| ask.safe_default);
        let ask = ask.and_then(|ask| question::ask_default(ask, &self.state));
        let text = choose
            .or_else(|| confirm.map(|answer| answer.as_str().to_owned()))
            .or_else(|| ask.map(|default| default.text));
        if let Some(text) = text {
            self.keep(step, Value::Text(text), Source::Default);
        }
    }

    fn pass(&mut self, step: &Step, asked: bool) -> Option<String> {
        self.passed(step, asked);
        question::next(step, &self.state)
    }

    fn pass_with(&mut self, step: &Step, outcome: &str) -> Option<String> {
        self.passed(step, false);
        let on = step.on.as_ref().and_then(|on| on.target(outcome));
        on.map(str::to_owned)
            .or_else(|| question::next(step, &self.state))
    }

    fn passed(&mut self, step: &Step, asked: bool) {
        self.state.waits = Waits::Start;
        self.state.trail.push(Passed {
            step: step.id.clone(),
            asked,
        });
    }

    /// An edge to a step that was passed is a loop: that step does its work again, and so does the
    /// last question on the way, since its old answer would only loop once more. A program that a
    /// person was handed to starts again as well: nobody signs in by having failed to.
    fn loop_back(&mut self, step: &Step) {
        let Some(index) = self.state.trail.iter().position(|p| p.step == step.id) else {
            return;
        };
        let looped = self.state.trail.split_off(index);
        let last_asked = looped.iter().rfind(|passed| passed.asked);
        let last_asked = last_asked.and_then(|passed| self.flow.step(&passed.step));
        for again in [Some(step), last_asked].into_iter().flatten() {
            for gone in self.state.reopen(again) {
                self.state.invalidate(self.flow, &gone);
            }
        }
        for passed in &looped {
            let step = self.flow.step(&passed.step);
            if step.is_some_and(|step| step.handoff.is_some()) {
                self.state.ran.remove(&passed.step);
            }
        }
    }

    /// To the last question, over everything that ran by itself.
    pub fn back(&mut self) {
        let Some(index) = self.state.trail.iter().rposition(|p| p.asked) else {
            return self.leave();
        };
        self.return_to(index);
    }

    /// From the review to one of the questions.
    pub fn jump(&mut self, step: &str) {
        let found = self
            .state
            .trail
            .iter()
            .position(|p| p.asked && p.step == step);
        match found {
            Some(index) => self.return_to(index),
            None => self.ask_again(),
        }
    }

    fn return_to(&mut self, index: usize) {
        let passed = self.state.trail.split_off(index);
        self.state.changed = false;
        let step = passed.first().and_then(|p| self.flow.step(&p.step));
        if let Some(step) = step {
            step.id.clone_into(&mut self.state.at);
            self.state.problem = None;
            self.state.typed = None;
            self.state.accepted.remove(&step.id);
            self.ask(step);
        }
    }

    /// Asks whether to leave.
    pub fn leave(&mut self) {
        let progress = progress(self.flow, &self.state);
        let leave = question::leave(self.flow, &self.state.at, progress);
        self.commands.push(Command::Ask(leave));
        self.state.waits = Waits::Leave;
    }

    /// The question at hand once more.
    pub fn ask_again(&mut self) {
        if let Some(step) = self.flow.step(&self.state.at) {
            if step.commit.is_some() {
                self.review(step);
            } else if question::asks(step) {
                self.ask(step);
            }
        }
    }

    fn ask(&mut self, step: &Step) {
        let question = question::question(self.flow, step, &self.state);
        self.commands.extend(question.map(Command::Ask));
        self.state.waits = Waits::Answer;
    }

    pub fn end(&mut self, ending: Ending) {
        self.commands.push(Command::End(ending));
        self.state.waits = Waits::Over;
    }

    fn render(&self, text: &Text) -> Vec<String> {
        question::render(text, &self.state)
    }
}
