//! `doctor explain CODE|TEXT`.

use serde::Serialize;

use crate::command::Context;
use crate::doctor::{Check, checks};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::ui::check_text::Explained;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    explanations: &'a [Explained],
}

/// Explains a code, or what an error message means.
///
/// # Errors
/// `NotFound` for a code or a text that is not known.
pub fn run(what: &[String], context: &Context<'_>) -> Result<Exit> {
    let text = what.join(" ");
    let explained = [explain(by_code(text.trim()).ok_or_else(unknown)?)];
    if context.ui.json {
        context.ui.document(&Document {
            schema_version: 1,
            explanations: &explained,
        })?;
    } else {
        context.ui.explanations(&explained)?;
    }
    Ok(Exit::Done)
}

fn by_code(text: &str) -> Option<&'static Check> {
    let by_name = |check: &&&Check| {
        check.meta.code.eq_ignore_ascii_case(text) || check.meta.id.eq_ignore_ascii_case(text)
    };
    checks::ALL.iter().find(by_name).copied()
}

fn explain(check: &Check) -> Explained {
    Explained {
        code: check.meta.code,
        title: check.meta.title,
        meaning: check.explanation.meaning,
        detection: check.explanation.detection,
        mending: check.explanation.mending,
        false_positives: check.explanation.false_positives,
    }
}

fn unknown() -> Error {
    Error::new(
        Kind::NotFound,
        "no check has this code, and this message is not known",
    )
    .hint("`keywright doctor list` names the codes. A message is best pasted whole, in quotes.")
}
