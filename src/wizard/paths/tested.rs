//! Which values of which variables the conditions of a flow tell apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::wizard::condition::Condition;
use crate::wizard::flow::Flow;

/// What conditions ask about, by where they stand.
pub(super) struct Tested {
    /// On edges: each value leads elsewhere.
    edges: Asked,
    /// In questions and effects: the way is the same.
    others: Asked,
    /// By variable: the shape of the question that offers the secret found.
    offers: BTreeMap<String, String>,
}

#[derive(Default)]
struct Asked {
    /// By variable.
    values: BTreeMap<String, BTreeSet<String>>,
    /// Variables of which it matters whether they are set or empty.
    presence: BTreeSet<String>,
}

/// How much a value matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It leads elsewhere, or stands for all that lead nowhere in particular.
    Edge,
    /// Something else than the way depends on it: one path shows it.
    Once,
}

impl Tested {
    pub fn of(flow: &Flow) -> Self {
        let mut tested = Self {
            edges: Asked::default(),
            others: Asked::default(),
            offers: BTreeMap::new(),
        };
        for step in &flow.steps {
            if let Some(secret) = &step.secret
                && let Some(found) = &secret.offer
            {
                tested.offers.insert(found.clone(), secret.shape.clone());
            }
            for (pointer, condition) in step.conditions("") {
                if pointer.starts_with("/branch/") {
                    tested.edges.add(condition);
                } else {
                    tested.others.add(condition);
                }
            }
        }
        tested
    }

    /// One value for each class that conditions tell apart: the tested ones, and one of the rest.
    pub fn classes<'v>(&self, variable: &str, values: &[&'v str]) -> Vec<(&'v str, Weight)> {
        let mut rest = false;
        let mut classes = Vec::new();
        for value in values {
            if self.edges.has(variable, value) {
                classes.push((*value, Weight::Edge));
            } else if !rest {
                rest = true;
                classes.push((*value, Weight::Edge));
            } else if self.others.has(variable, value) {
                classes.push((*value, Weight::Once));
            }
        }
        classes
    }

    /// Whether some condition asks for this very value.
    pub fn tells_apart(&self, variable: &str, value: &str) -> bool {
        self.edges.has(variable, value) || self.others.has(variable, value)
    }

    /// The shape of a secret that a detector finds, where a question offers it.
    pub fn shape(&self, variable: &str) -> &str {
        self.offers.get(variable).map_or("", String::as_str)
    }

    /// Whether it matters that the variable is set, or empty.
    pub fn presence(&self, variable: &str) -> Option<Weight> {
        if self.edges.presence.contains(variable) {
            Some(Weight::Edge)
        } else {
            let other = self.others.presence.contains(variable);
            other.then_some(Weight::Once)
        }
    }
}

impl Asked {
    fn has(&self, variable: &str, value: &str) -> bool {
        let known = self.values.get(variable);
        known.is_some_and(|known| known.contains(value))
    }

    fn add(&mut self, condition: &Condition) {
        let mut value = |variable: &str, value: &str| {
            let values = self.values.entry(variable.to_owned()).or_default();
            values.insert(value.to_owned());
        };
        if let Some(is) = &condition.is {
            value(&is.variable, &is.value);
        }
        if let Some(one_of) = &condition.one_of {
            for candidate in &one_of.values {
                value(&one_of.variable, candidate);
            }
        }
        let present = condition.empty.iter().chain(&condition.set);
        self.presence.extend(present.cloned());
        for (_, inner) in condition.inner() {
            self.add(inner);
        }
    }
}
