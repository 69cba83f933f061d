//! Tests through the outside: the binary in a cleared environment, a pseudo-terminal for what a
//! person types, a loopback server for what the network says. One binary, so that it links once;
//! `architecture` fails when a file in this folder is not listed here.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "tests build the world that the product reads"
)]

mod account;
mod architecture;
mod auth;
mod aws;
#[cfg(unix)]
mod claude_program;
mod coming_from;
mod config;
mod doctor;
mod exec;
mod flow;
#[cfg(unix)]
mod hand_over;
mod handoff;
mod import;
mod machines;
mod network;
mod onboard;
mod output;
mod probes;
mod references;
mod remedies;
mod sandbox;
mod status;
mod store;
mod stories;
mod support;
mod terminal;
mod why;
