//! The bundle: the facts, what the checks said of them, and which version said it, in one JSON
//! document that can be given away. It is redacted by construction, since facts hold no secret;
//! then every text in it is scrubbed, of values that this machine is known to keep secret as of
//! whatever looks like a secret; and what is to be written is read once more, decoded too, and
//! refused when a secret is still in it.
//!
//! | file | what |
//! |---|---|
//! | `facts_file` | the part that `doctor --from` reads |
//! | `known` | what this machine keeps secret |
//! | `names` | home folder, user and host |
//! | `reader` | facts out of JSON |
//! | `rescan` | the last look |
//! | `scrub` | takes out what is known, or looks like it |
//! | `shapes` | what looks like a secret |

pub mod facts_file;
mod known;
mod names;
mod reader;
mod rescan;
mod scrub;
mod shapes;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::Report;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::system::System;
use facts_file::FactsFile;
use scrub::Scrubber;
use shapes::Kind;

/// Version of the bundle's form.
pub const BUNDLE_VERSION: u32 = 1;

/// One kind of thing that was taken out.
#[derive(Debug, Serialize)]
struct Removed {
    kind: Kind,
    count: usize,
    /// JSON pointers to the texts that it stood in.
    places: Vec<String>,
}

/// A bundle that is ready to be written.
pub struct Bundle {
    pub text: String,
    /// How many secrets and how many names were taken out.
    pub secrets: usize,
    pub names: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    bundle_version: u32,
    #[serde(flatten)]
    facts: &'a FactsFile,
    report: &'a Report,
}

/// Makes a bundle of a run. `home` is our home folder, as `--home` has it.
///
/// # Errors
/// `CannotCreate` when a secret is still in it after all.
pub fn make(
    system: &System,
    home: Option<&Path>,
    facts: &FactsFile,
    report: &Report,
) -> Result<Bundle> {
    let document = Document {
        bundle_version: BUNDLE_VERSION,
        facts,
        report,
    };
    // By way of text: every report is written so, and a second way would be twice the code.
    let mut document: Value = serde_json::to_string_pretty(&document)
        .and_then(|text| serde_json::from_str(&text))
        .map_err(|_| Error::new(ErrorKind::Io, "cannot write the facts as JSON"))?;
    let values = known::values(system, home, &document["facts"]);
    let scrubber = Scrubber::new(&values, known::names(system));
    finish(&scrubber, &mut document)
}

fn finish(scrubber: &Scrubber, document: &mut Value) -> Result<Bundle> {
    let mut ledger: BTreeMap<Kind, Removed> = BTreeMap::new();
    scrub(scrubber, document, "", &mut ledger);
    let mut bundle = Bundle {
        text: String::new(),
        secrets: 0,
        names: 0,
    };
    for removed in ledger.values() {
        match removed.kind {
            Kind::Home | Kind::User | Kind::Host => bundle.names += removed.count,
            _ => bundle.secrets += removed.count,
        }
    }
    let ledger: Vec<Removed> = ledger.into_values().collect();
    document["removed"] = serde_json::to_value(ledger).unwrap_or_default();
    bundle.text = format!("{document:#}\n");
    match rescan::secret_in(scrubber, &bundle.text) {
        None => Ok(bundle),
        Some(place) => Err(Error::new(
            ErrorKind::CannotCreate,
            format!("a secret would still be in the bundle, {place}"),
        )
        .hint("Nothing was written. `keywright doctor --format markdown` can be read and pasted by hand.")),
    }
}

/// Scrubs every text, those that are keys too, and notes what was taken out of where.
fn scrub(
    scrubber: &Scrubber,
    value: &mut Value,
    place: &str,
    ledger: &mut BTreeMap<Kind, Removed>,
) {
    match value {
        Value::String(text) => {
            let (clean, kinds) = scrubber.scrub(text);
            *text = clean;
            note(ledger, &kinds, place);
        }
        Value::Array(all) => {
            for (index, value) in all.iter_mut().enumerate() {
                scrub(scrubber, value, &format!("{place}/{index}"), ledger);
            }
        }
        Value::Object(all) => {
            for (key, mut value) in std::mem::take(all) {
                let (key, kinds) = scrubber.scrub(&key);
                let place = format!("{place}/{key}");
                note(ledger, &kinds, &place);
                scrub(scrubber, &mut value, &place, ledger);
                all.insert(key, value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn note(ledger: &mut BTreeMap<Kind, Removed>, kinds: &[Kind], place: &str) {
    for kind in kinds {
        let removed = ledger.entry(*kind).or_insert_with(|| Removed {
            kind: *kind,
            count: 0,
            places: Vec::new(),
        });
        removed.count += 1;
        if removed.places.last().map(String::as_str) != Some(place) {
            removed.places.push(place.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names::Names;
    use super::*;
    use crate::secret::Secret;

    fn scrubber() -> Scrubber {
        Scrubber::new(&[Secret::new("opensesame-4711")], Names::default())
    }

    #[test]
    fn every_text_is_scrubbed_and_told_of() {
        let mut document = serde_json::json!({
            "facts": {"a": ["x", "is opensesame-4711 or opensesame-4711."]},
            "opensesame-4711": 1,
        });
        let bundle = finish(&scrubber(), &mut document).expect("a bundle");
        assert!(!bundle.text.contains("opensesame"), "{}", bundle.text);
        assert_eq!((bundle.secrets, bundle.names), (3, 0));
        assert_eq!(
            document["removed"],
            serde_json::json!([{
                "kind": "known-value",
                "count": 3,
                "places": ["/facts/a/1", "/[removed:known-value]"],
            }])
        );
    }

    #[test]
    fn what_cannot_be_cleaned_is_not_written() {
        // Twice encoded: nothing that is looked for while scrubbing, and found at last.
        let twice = "%256fpen%2573esame%252d4711";
        let mut document = serde_json::json!({"facts": {"a": twice}});
        let error = finish(&scrubber(), &mut document).err().expect("refused");
        assert_eq!(error.exit().code(), 73);
        assert!(!error.to_string().contains("opensesame"), "{error}");
    }
}
