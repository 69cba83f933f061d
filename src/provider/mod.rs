//! Who can authenticate: one module per provider. Pure: shape checks, probe requests as data, and
//! what a reply means. No IO, no clock, no environment.
//!
//! - [`registry`] lists the providers; [`anthropic`] is the first.
//! - [`paste`] cleans what a person pasted.
//! - [`verdict`] is what a probe found, [`network`] its network side, [`words`] its words.

pub mod anthropic;
pub mod network;
pub mod paste;
pub mod registry;
pub mod verdict;
pub mod words;

pub use registry::{Level, Provider};
pub use verdict::{Model, Outcome, Reason, Verdict};
