//! Takes over what other programs keep. A source is read ([`look`]), what it has becomes a plan
//! beside what is here ([`plan()`]), and the plan is carried out in one transaction
//! ([`write::write`]). No source is ever changed, and no token of a login is taken: it becomes a
//! reference.
//!
//! | file | what |
//! |---|---|
//! | `plan` | what would be done with each thing that was found |
//! | `profile` | a foreign credential as one of our profiles, if it can be one |
//! | `naming` | a name that is allowed and free |
//! | `extras` | the order of profiles and the settings that come along |
//! | `write` | the transaction |

pub mod extras;
pub mod naming;
pub mod plan;
pub mod profile;
pub mod write;

use std::path::Path;

use jiff::Timestamp;

use crate::consumer::claude_code::login;
use crate::consumer::kept::variables::{self, Variable};
use crate::consumer::kept::{Holdings, Kept, Place, What};
use crate::consumer::openclaw::{self, Product};
use crate::consumer::{aws, cuti};
use crate::secret::Secret;
use crate::system::System;

pub use plan::{Action, Entry, Plan, plan};

/// Where credentials can come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Clawdbot,
    OpenClaw,
    Cuti,
    ClaudeCode,
    Aws,
    Environment,
}

impl Source {
    /// Every source. What is found twice is taken from the first.
    pub const ALL: &[Self] = &[
        Self::Clawdbot,
        Self::OpenClaw,
        Self::Cuti,
        Self::ClaudeCode,
        Self::Aws,
        Self::Environment,
    ];

    /// Its name on the command line and in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Clawdbot => "clawdbot",
            Self::OpenClaw => "openclaw",
            Self::Cuti => "cuti",
            Self::ClaudeCode => "claude-code",
            Self::Aws => "aws",
            Self::Environment => "environment",
        }
    }

    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clawdbot => "Clawdbot",
            Self::OpenClaw => "OpenClaw",
            Self::Cuti => "cuti",
            Self::ClaudeCode => "Claude Code",
            Self::Aws => "the AWS CLI",
            Self::Environment => "the environment",
        }
    }

    /// Another folder can be named for it. A profile of the AWS CLI is used by its name, which is
    /// looked for where the environment says.
    #[must_use]
    pub const fn has_folder(self) -> bool {
        !matches!(self, Self::Aws | Self::Environment)
    }
}

/// How a source is read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Another folder than its own.
    pub from: Option<&'a Path>,
    /// Variables of the environment become references.
    pub by_reference: bool,
    pub now: Timestamp,
}

/// What a source keeps. Changes nothing.
#[must_use]
pub fn look(system: &System, source: Source, reading: Reading<'_>) -> Holdings {
    match source {
        Source::Clawdbot => openclaw::kept(system, Product::Clawdbot, reading.from),
        Source::OpenClaw => openclaw::kept(system, Product::OpenClaw, reading.from),
        Source::Cuti => cuti::kept(system, reading.from, reading.now),
        Source::ClaudeCode => claude_code(system, reading),
        Source::Aws => aws::kept(system, reading.now),
        Source::Environment => environment(system, reading.by_reference),
    }
}

fn claude_code(system: &System, reading: Reading<'_>) -> Holdings {
    let login = login::look(system, reading.from, reading.now);
    let mut holdings = Holdings {
        folder: login.config_dir.clone(),
        is_there: login.is_there(),
        ..Holdings::default()
    };
    if !login.is_there() {
        return holdings;
    }
    let place = Place::file(&login.path);
    let words = login.words(reading.now);
    if !login.standing.is_usable() {
        holdings.leave_out_with(
            place,
            format!("the login cannot be used: {}", words.title),
            "`claude auth login` makes a new one.",
        );
        return holdings;
    }
    let usual = login.chosen == crate::consumer::claude_code::places::Chosen::Default;
    let what = What::Login {
        config_dir: (!usual).then(|| login.config_dir.clone()),
    };
    let mut kept = Kept::new(("anthropic", "claude-cli"), what, place);
    kept.remarks.push(words.summary);
    holdings.credentials.push(kept);
    holdings
}

fn environment(system: &System, by_reference: bool) -> Holdings {
    let text = system
        .environment
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?, value.to_str()?.trim())));
    let all: Vec<Variable> = text
        .map(|(name, value)| Variable {
            name: name.to_owned(),
            value: Secret::new(value),
            place: Place::variable(name),
        })
        .collect();
    let mut holdings = Holdings {
        is_there: true,
        ..Holdings::default()
    };
    variables::add(&mut holdings, &all, by_reference);
    holdings
}
