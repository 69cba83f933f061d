//! Who can authenticate: one module per credential kind. Pure: shape checks, probe requests as
//! data, and what a reply means. No IO, no clock, no environment.

pub mod anthropic;
pub mod network;
pub mod verdict;

pub use verdict::{Model, Outcome, Reason, Verdict};
