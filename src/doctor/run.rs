//! Chooses checks, finds out what they need, and lets them judge. Pure, but for the stopwatch.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use super::check::{Category, Check};
use super::facts::{Area, Facts, Lost};
use super::finding::Outcome;
use super::gate::{Gate, gate};
use super::nearest::nearest;
use super::report::Entry;
use super::why;
use crate::error::{Error, Result};
use crate::system::signals::contain;

/// The checks of a run, out of a registry.
pub struct Selection {
    registry: &'static [&'static Check],
    chosen: Vec<&'static Check>,
    skip: Vec<String>,
}

impl Selection {
    /// Those that `only` names (all, when it names none) less those that `skip` names; each word a
    /// code or a category, in any case.
    ///
    /// # Errors
    /// `Usage` for a word that is neither, with the nearest that is, and when nothing is left.
    pub fn new(
        registry: &'static [&'static Check],
        only: &[String],
        skip: &[String],
    ) -> Result<Self> {
        for word in only.iter().chain(skip) {
            if !registry.iter().any(|check| names(word, check)) && category(word).is_none() {
                return Err(unknown(word, registry));
            }
        }
        let mut chosen: Vec<&'static Check> = registry
            .iter()
            .filter(|check| only.is_empty() || only.iter().any(|word| names(word, check)))
            .filter(|check| !skip.iter().any(|word| names(word, check)))
            .copied()
            .collect();
        if chosen.is_empty() {
            return Err(Error::usage("no check is left to run")
                .hint("`keywright doctor list` names the checks and their categories."));
        }
        chosen.sort_by_key(|check| (check.meta.category, check.meta.code));
        Ok(Self {
            registry,
            chosen,
            skip: skip.to_vec(),
        })
    }

    /// The areas that these checks read, and those that tell whether they make sense.
    #[must_use]
    pub fn areas(&self) -> BTreeSet<Area> {
        let mut areas = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<&Check> = self.chosen.clone();
        while let Some(check) = open.pop() {
            if seen.insert(check.meta.code) {
                areas.extend(check.meta.facts);
                open.extend(check.meta.needs.iter().filter_map(|code| self.find(code)));
            }
        }
        if areas.contains(&Area::Probe) || areas.contains(&Area::Bedrock) {
            // What may keep the probe from being asked has its own checks.
            areas.extend(BEFORE_THE_PROBE);
        }
        areas
    }

    /// Titles of the chosen checks that read `area`, for the notice that something is slow.
    pub fn waiting_for(&self, area: Area) -> impl Iterator<Item = &'static Check> {
        self.chosen
            .iter()
            .copied()
            .filter(move |check| check.meta.facts.contains(&area))
    }

    /// Lets every chosen check judge, and the root causes of those that cannot, unless they were
    /// skipped by name: what blocks a check is part of the answer. `took` says how long each area
    /// was collected.
    #[must_use]
    pub fn judge(&self, facts: &Facts, took: &BTreeMap<Area, Duration>) -> Vec<Entry> {
        let mut judge = Judge {
            selection: self,
            facts,
            known: BTreeMap::new(),
        };
        let mut entries: Vec<Entry> = Vec::new();
        let mut open = self.chosen.clone();
        while let Some(check) = open.pop() {
            let started = Instant::now();
            let outcome = judge.outcome(check);
            if let Outcome::Skipped { blocked_by } = &outcome {
                let root = self.find(blocked_by).filter(|root| {
                    let code = root.meta.code;
                    let listed = entries.iter().any(|entry| entry.code == code)
                        || open.iter().any(|other| other.meta.code == code);
                    !listed && !self.skip.iter().any(|word| names(word, root))
                });
                open.extend(root);
            }
            let collected = check.meta.facts.iter().filter_map(|area| took.get(area));
            let duration = started.elapsed() + collected.max().copied().unwrap_or_default();
            let mut entry = Entry::new(&check.meta, outcome, millis(duration));
            if entry.finding.is_some() {
                entry.why = why::beside(entry.code, facts);
            }
            entries.push(entry);
        }
        entries.sort_by_key(|entry| (entry.category, entry.code));
        entries
    }

    fn find(&self, code: &str) -> Option<&'static Check> {
        self.registry
            .iter()
            .copied()
            .find(|check| check.meta.code == code)
    }
}

/// The areas in which the cause of a probe that was not asked can lie.
const BEFORE_THE_PROBE: &[Area] = &[
    Area::Environment,
    Area::Home,
    Area::Credentials,
    Area::Endpoint,
    Area::ClaudeCode,
    Area::Aws,
];

/// Milliseconds, for reports.
#[must_use]
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

struct Judge<'a> {
    selection: &'a Selection,
    facts: &'a Facts,
    known: BTreeMap<&'static str, Outcome>,
}

impl Judge<'_> {
    /// The outcome of a check, those it needs first. The graph has no cycle; a test proves it.
    fn outcome(&mut self, check: &'static Check) -> Outcome {
        if let Some(outcome) = self.known.get(check.meta.code) {
            return outcome.clone();
        }
        let outcome = self
            .blocked(check)
            .or_else(|| lost(check, self.facts))
            .unwrap_or_else(|| self.ask(check));
        self.known.insert(check.meta.code, outcome.clone());
        let outcome = self.rooted(outcome);
        self.known.insert(check.meta.code, outcome.clone());
        outcome
    }

    /// What stands in the way may itself be kept from speaking by what is behind it all.
    fn rooted(&mut self, outcome: Outcome) -> Outcome {
        let Outcome::Skipped { blocked_by } = &outcome else {
            return outcome;
        };
        let behind = self.selection.find(blocked_by).map(|by| self.outcome(by));
        match behind {
            Some(behind @ Outcome::Skipped { .. }) => behind,
            _ => outcome,
        }
    }

    fn blocked(&mut self, check: &'static Check) -> Option<Outcome> {
        let needs: Vec<_> = check
            .meta
            .needs
            .iter()
            .filter_map(|code| self.selection.find(code))
            .collect();
        needs.into_iter().find_map(|need| {
            let root = match self.outcome(need) {
                Outcome::Fail(_) | Outcome::Broken { .. } | Outcome::TimedOut => {
                    need.meta.code.to_owned()
                }
                Outcome::Skipped { blocked_by } => blocked_by,
                _ => return None,
            };
            Some(Outcome::Skipped { blocked_by: root })
        })
    }

    fn ask(&self, check: &Check) -> Outcome {
        let registered = |code: &str| self.selection.find(code).is_some();
        match gate(check.meta.code, self.facts, registered) {
            Gate::Proven => Outcome::Pass,
            Gate::Shut(outcome) => outcome,
            Gate::Open => {
                contain(AssertUnwindSafe(|| (check.run)(self.facts))).unwrap_or_else(|| {
                    Outcome::Broken {
                        why: "The check itself failed; this is a defect of keywright".to_owned(),
                    }
                })
            }
        }
    }
}

fn lost(check: &Check, facts: &Facts) -> Option<Outcome> {
    let lost = check
        .meta
        .facts
        .iter()
        .find_map(|area| facts.lost.get(area))?;
    Some(match lost {
        Lost::Broken(why) => Outcome::Broken { why: why.clone() },
        Lost::TimedOut => Outcome::TimedOut,
    })
}

fn names(word: &str, check: &Check) -> bool {
    word.eq_ignore_ascii_case(check.meta.code) || category(word) == Some(check.meta.category)
}

fn category(word: &str) -> Option<Category> {
    Category::ALL
        .iter()
        .copied()
        .find(|category| category.id().eq_ignore_ascii_case(word))
}

fn unknown(word: &str, registry: &[&'static Check]) -> Error {
    let nearest = nearest(word, registry);
    let word: String = word.chars().take(40).collect();
    let error = Error::usage(format!("there is no check or category `{word}`"));
    match nearest {
        Some(name) => error.hint(format!("Did you mean `{name}`?")),
        None => error.hint("`keywright doctor list` names the checks and their categories."),
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
