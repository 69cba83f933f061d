//! All answers that a run without a terminal lacks, found by walking the flow on from the first
//! one. What depends on an unknown answer is listed too, with the condition in words.

use std::collections::HashSet;

use super::declared::{Declared, of_step};
use crate::error::Missing;
use crate::wizard::condition::Condition;
use crate::wizard::flow::{Flow, Step};

/// What is known of a variable without asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It will have this text.
    Text(String),
    /// It will be set to something.
    Set,
    /// Nothing.
    No,
}

/// What the walk must know of the answers at hand.
pub trait Knowledge {
    /// What is known of a variable.
    fn of(&self, variable: &str) -> Known;

    /// Whether the risk of this id has been accepted.
    fn accepted(&self, risk: &str) -> bool;
}

/// Every answer that is missing from `first` on, that step's own included.
pub fn from_step(flow: &Flow, first: &str, knowledge: &dyn Knowledge) -> Vec<Missing> {
    let mut walk = Walk {
        flow,
        knowledge,
        seen: HashSet::new(),
        missing: Vec::new(),
    };
    walk.visit(first, &[]);
    walk.missing.into_iter().map(Found::told).collect()
}

struct Walk<'a> {
    flow: &'a Flow,
    knowledge: &'a dyn Knowledge,
    /// Steps, each under the conditions it was reached by.
    seen: HashSet<(&'a str, Vec<String>)>,
    missing: Vec<Found>,
}

struct Found {
    missing: Missing,
    /// Under which conditions it is asked for; `None` where there are several ways to it.
    conditions: Option<Vec<String>>,
}

impl Found {
    fn told(self) -> Missing {
        let conditions = self.conditions.unwrap_or_default().join(" and ");
        let because = match conditions.as_str() {
            "" => self.missing.because,
            conditions => format!("{}, when {conditions}", self.missing.because),
        };
        Missing {
            because,
            ..self.missing
        }
    }
}

impl<'a> Walk<'a> {
    fn visit(&mut self, id: &str, conditions: &[String]) {
        let flow = self.flow;
        let Some(step) = flow.steps.iter().find(|step| step.id == id) else {
            return;
        };
        if !self.seen.insert((&step.id, conditions.to_vec())) {
            return;
        }
        if let Some(missing) = self.missing_at(step, conditions) {
            self.note(missing, conditions);
        }
        for (next, own) in self.next(step) {
            let mut conditions = conditions.to_vec();
            conditions.extend(own.filter(|own| !conditions.contains(own)));
            self.visit(next, &conditions);
        }
    }

    fn missing_at(&self, step: &Step, conditions: &[String]) -> Option<Missing> {
        if let Some(risk) = step.note.as_ref().and_then(|note| note.risk.as_deref()) {
            return (!self.knowledge.accepted(risk)).then(|| risk_not_accepted(risk));
        }
        // A secret that is found at the place that was named is not asked for.
        let offer = step
            .secret
            .as_ref()
            .and_then(|secret| secret.offer.as_ref());
        if offer.is_some_and(|offer| conditions.contains(&format!("{offer} is set"))) {
            return None;
        }
        let declared = of_step(step)?;
        let lacks = !declared.is_optional() && self.knowledge.of(declared.variable) == Known::No;
        lacks.then(|| missing(&declared))
    }

    fn note(&mut self, missing: Missing, conditions: &[String]) {
        let known = self
            .missing
            .iter_mut()
            .find(|found| found.missing.variable == missing.variable);
        match known {
            Some(found) if found.conditions.as_deref() != Some(conditions) => {
                found.conditions = None;
            }
            Some(_) => {}
            None => self.missing.push(Found {
                missing,
                conditions: Some(conditions.to_vec()),
            }),
        }
    }

    /// Where it can go on, each with its condition where that is open.
    fn next(&self, step: &'a Step) -> Vec<(&'a str, Option<String>)> {
        if let Some(on) = &step.on {
            return on
                .0
                .first()
                .map(|(_, to)| (to.as_str(), None))
                .into_iter()
                .collect();
        }
        let mut next = Vec::new();
        for branch in step.branch.iter().flatten() {
            match branch.when.as_ref().map(|when| (when, self.holds(when))) {
                None | Some((_, Some(true))) => {
                    next.push((branch.to.as_str(), None));
                    return next;
                }
                Some((_, Some(false))) => {}
                Some((when, None)) => next.push((branch.to.as_str(), Some(words(when)))),
            }
        }
        next.extend(step.to.as_deref().map(|to| (to, None)));
        next
    }

    /// Whether a condition holds; `None` when that depends on what is not known.
    fn holds(&self, condition: &Condition) -> Option<bool> {
        let of = |variable: &str| self.knowledge.of(variable);
        if let Some(is) = &condition.is {
            return equals(&of(&is.variable), std::slice::from_ref(&is.value));
        }
        if let Some(one_of) = &condition.one_of {
            return equals(&of(&one_of.variable), &one_of.values);
        }
        if let Some(variable) = &condition.empty {
            return is_set(&of(variable)).map(|set| !set);
        }
        if let Some(variable) = &condition.set {
            return is_set(&of(variable));
        }
        if let Some(not) = &condition.not {
            return self.holds(not).map(|holds| !holds);
        }
        let (parts, decisive) = match (&condition.all, &condition.any) {
            (Some(all), _) => (all, false),
            (_, Some(any)) => (any, true),
            _ => return None,
        };
        let mut open = false;
        for part in parts {
            match self.holds(part) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => open = true,
            }
        }
        (!open).then_some(!decisive)
    }
}

fn equals(known: &Known, values: &[String]) -> Option<bool> {
    match known {
        Known::Text(text) => Some(values.contains(text)),
        Known::Set | Known::No => None,
    }
}

fn is_set(known: &Known) -> Option<bool> {
    match known {
        Known::Text(text) => Some(!text.is_empty()),
        Known::Set => Some(true),
        Known::No => None,
    }
}

/// A condition as the end of a sentence.
fn words(condition: &Condition) -> String {
    let join = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts.iter().map(words).collect();
        parts.join(word)
    };
    if let Some(is) = &condition.is {
        format!("{} is {}", is.variable, is.value)
    } else if let Some(one_of) = &condition.one_of {
        format!("{} is {}", one_of.variable, one_of.values.join(" or "))
    } else if let Some(variable) = &condition.empty {
        format!("{variable} is empty")
    } else if let Some(variable) = &condition.set {
        format!("{variable} is set")
    } else if let Some(not) = &condition.not {
        format!("not ({})", words(not))
    } else if let Some(all) = &condition.all {
        join(all, " and ")
    } else {
        join(condition.any.as_deref().unwrap_or_default(), " or ")
    }
}

fn missing(declared: &Declared<'_>) -> Missing {
    let because = declared.inputs.and_then(|inputs| inputs.because.clone());
    Missing {
        variable: declared.variable.to_owned(),
        because: because.unwrap_or_else(|| declared.question.join(" ")),
        flag: declared.flags(),
        env: declared.environment().first().cloned(),
        answers_key: declared.variable.to_owned(),
        accepts: declared.accepts(),
    }
}

fn risk_not_accepted(risk: &str) -> Missing {
    Missing {
        variable: format!("accept-risk:{risk}"),
        because: "this has a risk that somebody must accept".to_owned(),
        flag: format!("--accept-risk={risk}"),
        env: None,
        answers_key: "acceptRisk".to_owned(),
        accepts: format!("a list with \"{risk}\" in it"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    struct Facts(HashMap<&'static str, Known>);

    impl Knowledge for Facts {
        fn of(&self, variable: &str) -> Known {
            self.0.get(variable).cloned().unwrap_or(Known::No)
        }

        fn accepted(&self, risk: &str) -> bool {
            risk == "accepted"
        }
    }

    const FLOW: &str = r#"{
        "version": 1, "id": "t", "title": "T",
        "steps": [
            {"id": "warn", "note": {"text": "Careful.", "risk": "sharp"}, "to": "known"},
            {"id": "known", "note": {"text": "Careful.", "risk": "accepted"}, "to": "how"},
            {"id": "how", "choose": {"variable": "how", "text": "How?", "options": [
                {"value": "key", "label": "K"}, {"value": "login", "label": "L"}]},
             "branch": [{"when": {"is": {"variable": "how", "value": "key"}}, "to": "key"}, {"to": "name"}]},
            {"id": "key", "secret": {"variable": "key", "text": "Key?", "shape": "anthropic-api-key",
                "inputs": {"flag": "--key", "env": ["KEY"], "because": "it is what is stored"}}, "to": "test"},
            {"id": "test", "probe": {"what": "anthropic-api-key", "text": "Testing"},
             "on": {"works": "name", "refused": "again"}},
            {"id": "again", "ask": {"variable": "never", "text": "Never?", "validator": "model-id"}, "to": "key"},
            {"id": "name", "ask": {"variable": "name", "text": "Name?", "validator": "anthropic-profile",
                "default": "default", "safe_default": true}, "to": "sure"},
            {"id": "sure", "confirm": {"variable": "sure", "text": "Sure?"}, "to": "end"},
            {"id": "end", "done": {"outcome": "saved"}}
        ]}"#;

    #[test]
    fn walks() {
        let flow: Flow = serde_json::from_str(FLOW).expect("a flow");
        let check = |facts: &[(&'static str, Known)], expected: &[&str]| {
            let facts = Facts(facts.iter().cloned().collect());
            let missing = from_step(&flow, "warn", &facts);
            let found: Vec<&str> = missing.iter().map(|m| m.variable.as_str()).collect();
            assert_eq!(found, expected);
        };
        check(&[], &["accept-risk:sharp", "how", "key", "sure"]);
        let key = ("how", Known::Text("key".into()));
        check(
            std::slice::from_ref(&key),
            &["accept-risk:sharp", "key", "sure"],
        );
        let login = ("how", Known::Text("login".into()));
        check(&[login], &["accept-risk:sharp", "sure"]);
        check(
            &[key, ("key", Known::Set), ("sure", Known::Text("no".into()))],
            &["accept-risk:sharp"],
        );
    }

    #[test]
    fn what_depends_says_on_what() {
        let flow: Flow = serde_json::from_str(FLOW).expect("a flow");
        let missing = from_step(&flow, "how", &Facts(HashMap::new()));
        assert_eq!(missing[1].because, "it is what is stored, when how is key");
        assert_eq!(missing[1].env.as_deref(), Some("KEY"));
        assert_eq!(missing[2].because, "Sure?");
    }
}
