//! The stand-in for the API, over a plain socket and through the program.

mod aws;
mod replies;
#[cfg(unix)]
mod stand_in;
mod verdicts;
mod wire;
mod world;
