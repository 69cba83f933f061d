//! The doctor: collectors read the machine once into [`facts`], pure checks turn facts into
//! findings, and the report is data that `ui` renders. Nothing here prints, and a run without
//! `--fix` writes nothing.

pub mod finding;

pub use finding::{Evidence, Finding, Outcome, Remedy, Safety, Step};
