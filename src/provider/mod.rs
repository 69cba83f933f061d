//! Who can authenticate: one module per provider. Pure: shape checks, probe requests as data, and
//! what a reply means. No IO, no clock, no environment.
//!
//! - [`registry`] lists the providers of one key; [`anthropic`] is the first. [`bedrock`] has
//!   credentials of several parts.
//! - [`reply`] is what every provider's replies have in common.
//! - [`paste`] cleans what a person pasted.
//! - [`verdict`] is what a probe found, [`network`] its network side, [`words`] its words.

pub mod anthropic;
pub mod bedrock;
pub mod network;
pub mod paste;
pub mod registry;
pub mod reply;
pub mod verdict;
pub mod words;

pub use registry::{Level, Provider};
pub use verdict::{Model, Outcome, Reason, Verdict};
