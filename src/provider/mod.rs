//! Who can authenticate: one module per provider. Pure: shape checks, probe requests as data, and
//! what a reply means. No IO, no clock, no environment.
//!
//! - [`registry`] lists the providers of one key; [`anthropic`] is the first. [`bedrock`] has
//!   credentials of several parts.
//! - [`openai`], [`openrouter`] and [`google`] are little more than data for [`service`], and
//!   [`custom`] is what the configuration describes.
//! - [`reply`] is what every provider's replies have in common.
//! - [`paste`] cleans what a person pasted.
//! - [`verdict`] is what a probe found, [`network`] its network side, [`words`] its words.

pub mod anthropic;
pub mod bedrock;
pub mod custom;
pub mod google;
pub mod network;
pub mod openai;
pub mod openrouter;
pub mod paste;
pub mod registry;
pub mod reply;
pub mod service;
pub mod verdict;
pub mod words;

pub use registry::{Level, Provider};
pub use verdict::{Model, Outcome, Reason, Verdict};
