//! The stand-in for the API, over a plain socket and through the program.

mod replies;
mod wire;
mod world;
