//! A stand-in for the Anthropic API, and for the part of AWS that Bedrock needs, on the loopback
//! address of this machine, with a test key for each situation, so that everything can be tried with
//! no key and no network.
//!
//! | module | what |
//! |---|---|
//! | [`keys`] | the test keys, as data |
//! | [`server`] | listens, and does what a connection needs: delays, resets, half answers |
//! | [`api`] | what the API answers to a request; no IO |
//! | [`aws`] | what STS and Bedrock answer; no IO |
//! | [`messages`] | what the API answers to a message |
//! | [`profiles`] | the AWS profile in the sandbox's home |
//! | [`programs`] | stand-ins for `claude` and `aws` on the sandbox's `PATH` |
//! | [`reply`] | replies as data, and their headers |
//! | [`stand_in`] | what those stand-ins do |
//! | [`world`] | the environment and the home that `--sandbox` gives |

pub mod api;
pub mod aws;
pub mod keys;
pub mod messages;
pub mod profiles;
pub mod programs;
pub mod reply;
pub mod server;
pub mod stand_in;
pub mod world;

pub use keys::is_ours;
pub use server::{Running, Sandbox};
pub use world::{admit, create_home, enter, notice};
