//! `doctor explain CODE|TEXT`.

use serde::Serialize;

use crate::command::Context;
use crate::doctor::explain::{self, Explained};
use crate::doctor::nearest::nearest;
use crate::doctor::{Check, checks};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::ui::check_text::Explanation as Page;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    explanations: &'a [Page],
}

/// Explains a code, or what an error message means.
///
/// # Errors
/// `NotFound` for a code or a text that is not known.
pub fn run(what: &[String], context: &Context<'_>) -> Result<Exit> {
    let text = what.join(" ");
    let explained = match explain::explain(text.trim()) {
        Some(Explained::Code(check)) => vec![Page::of(check)],
        Some(Explained::Message(known)) => {
            let check = known.code.and_then(checks::find);
            let message = Page {
                code: known.code,
                title: known.pattern.to_owned(),
                meaning: known.meaning,
                mending: known.remedy,
                ..Page::default()
            };
            std::iter::once(message)
                .chain(check.map(Page::of))
                .collect()
        }
        None => return Err(unknown(&text)),
    };
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

impl Page {
    fn of(check: &Check) -> Self {
        let explanation = check.explanation;
        Self {
            code: Some(check.meta.code),
            title: check.meta.title.to_owned(),
            meaning: explanation.meaning.to_owned(),
            detection: explanation.detection.to_owned(),
            mending: explanation.mending.to_owned(),
            false_positives: explanation.false_positives.to_owned(),
        }
    }
}

fn unknown(text: &str) -> Error {
    let error = Error::new(
        Kind::NotFound,
        "no check has this code, and this message is not known",
    );
    let code = nearest(text, checks::ALL).and_then(checks::find);
    match code.filter(|_| !text.trim().contains(' ')) {
        Some(check) => error.hint(format!("Did you mean `{}`?", check.meta.code)),
        None => error.hint(
            "`keywright doctor list` names the codes. A message is best pasted whole, in quotes.",
        ),
    }
}
