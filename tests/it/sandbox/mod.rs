//! The stand-in for the API, over a plain socket and through the program.

mod replies;
mod verdicts;
mod wire;
mod world;
