//! The doctor: collectors read the machine once into [`facts`], pure checks turn facts into
//! findings, and the report is data that `ui` renders. Nothing here prints, and a run without
//! `--fix` writes nothing.

pub mod action;
pub mod bundle;
pub mod check;
pub mod checks;
pub mod collect;
pub mod explain;
pub mod facts;
pub mod finding;
pub mod fix;
pub mod gate;
pub mod nearest;
pub mod probes;
pub mod report;
pub mod run;
#[cfg(test)]
mod schema;
pub mod suppress;
pub mod why;

pub use action::Action;
pub use check::{Category, Check, CheckMeta, Cost, Explanation};
pub use facts::{Area, Facts};
pub use finding::{Evidence, Finding, Outcome, Remedy, Safety, Step};
pub use report::Report;
pub use run::Selection;
