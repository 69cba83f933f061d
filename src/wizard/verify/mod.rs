//! What can be said of a flow without running it. Every defect has a code that is never given to
//! another one, a place in the file, and words.
//!
//! | file | codes | what |
//! |---|---|---|
//! | `flow::read` | 001..007 | the form of the file |
//! | `structure` | 010..015 | steps, edges, names as such |
//! | `names` | 020, 022..027 | everything that is named exists |
//! | `variables` | 021, 025, 030..034, 052 | set before read, used, of the right kind |
//! | `graph` | 040..045 | every step can be reached, and an end from every step |
//! | `unattended` | 050, 051, 053, 054 | it can be answered without a terminal |
//! | `words` | 060..065 | the texts |

mod assigned;
mod checker;
mod graph;
mod names;
mod structure;
mod unattended;
mod variables;
mod words;

#[cfg(test)]
mod tests;

use super::flow::{Diagnostic, Flow, read};
use super::paths::Path;
use checker::Checker;

/// What the verifier found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// `None` for a file that cannot be read as a flow.
    pub flow: Option<Flow>,
    /// In the order of the file; empty for a flow that may run.
    pub defects: Vec<Diagnostic>,
    /// Ways from the first step to an end; `None` where defects make walking them pointless.
    pub paths: Option<Vec<Path>>,
}

/// Paths that a flow may have: more cannot be tested one by one.
pub const PATH_LIMIT: usize = 300;

/// Checks the text of a flow file. `flows` are the ids that a flow may hand over to.
#[must_use]
pub fn verify(text: &str, flows: &[&str]) -> Verified {
    let readable = match read(text) {
        Ok(readable) => readable,
        Err(defects) => {
            return Verified {
                flow: None,
                defects,
                paths: None,
            };
        }
    };
    let mut checker = Checker::new(&readable);
    structure::check(&mut checker);
    if checker.is_sound() {
        names::check(&mut checker, flows);
        words::check(&mut checker);
        unattended::check(&mut checker);
    }
    // What follows walks the graph; an unknown name would only repeat itself there.
    let mut paths = None;
    if checker.is_sound() {
        variables::check(&mut checker);
        paths = graph::check(&mut checker);
    }
    let mut defects = checker.into_defects();
    defects.sort_by_key(|defect| (defect.span.start, defect.code));
    defects.dedup();
    Verified {
        flow: Some(readable.flow),
        defects,
        paths,
    }
}
