//! The wizard: declarative flows and one pure engine behind every front end.
//!
//! | module | what lives there |
//! |---|---|
//! | [`answers`] | answers that are given and not typed: flags, answers file, environment |
//! | [`flow`] | a flow file as Rust values; reading one with exact error positions |
//! | [`catalog`] | the closed lists that a flow file may name things from |
//! | [`verify`] | what can be said of a flow without running it |
//! | [`engine`] | `step(flow, state, event) -> (state, commands)`; pure |
//! | [`graph`] | a flow as a drawing |
//! | [`page`] | the page about a flow in the documents |
//! | [`paths`] | every way through a flow, walked by the engine |
//! | [`plan`] | effects become changes and a diff a person can read; pure |
//! | [`prompter`] | what a front end must be able to do |
//! | [`drive`] | the loop that does what the engine says |
//! | [`detect`] | the detectors: what this machine has already; read-only |
//! | [`resume`] | what is kept of a run that was left; pure |
//! | [`targets`] | the files of a plan: looking at them, and writing them |
//!
//! Nothing here prints, and nothing but the loop that drives the engine acts.

pub mod answers;
pub mod catalog;
pub mod condition;
pub mod credential;
pub mod detect;
pub mod drive;
pub mod engine;
pub mod flow;
pub mod graph;
pub mod page;
pub mod paths;
pub mod plan;
pub mod prompter;
pub mod resume;
#[cfg(test)]
mod schema;
pub mod targets;
pub mod text;
pub mod verify;

pub use engine::{Answer, Command, Event, Question, Source, State, Value, step};
pub use flow::Flow;
