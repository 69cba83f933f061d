//! A defect of a flow file: its code, its place, its words.

use std::ops::Range;

use serde::Serialize;

use super::positions::line_and_column;
use crate::provider::paste::scrub;

/// One defect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// `FLOW-…`; never reused for another defect.
    pub code: &'static str,
    /// A lowercase fragment.
    pub message: String,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What to write instead, if that can be told.
    pub help: Option<String>,
    /// Bytes of the file that are to blame.
    #[serde(skip)]
    pub span: Range<usize>,
}

impl Diagnostic {
    /// A defect at `span` of `text`.
    pub fn new(
        code: &'static str,
        text: &str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let (line, column) = line_and_column(text, span.start);
        Self {
            code,
            // Any file can be given, also one that holds secrets.
            message: scrub(&message.into()),
            line,
            column,
            help: None,
            span,
        }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

/// "did you mean …" for a name that is not among `known`, or what there is when that is short.
#[must_use]
pub fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let nearest = known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), *candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, nearest)) = nearest {
        return Some(format!("did you mean `{nearest}`?"));
    }
    match known.as_slice() {
        [] => None,
        few if few.len() <= 12 => Some(format!("there is `{}`", few.join("`, `"))),
        _ => None,
    }
}
