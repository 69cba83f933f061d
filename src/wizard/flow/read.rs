//! Reading a flow file, with an exact place for everything that is wrong with its form.

use super::diagnostic::{Diagnostic, suggest};
use super::positions::{DEPTH_LIMIT, Positions, offset_of};
use super::{Flow, VERSION};

/// Bytes that a flow file may have.
pub const SIZE_LIMIT: usize = 256 * 1024;
/// Steps that a flow may have.
pub const STEP_LIMIT: usize = 100;

/// A flow with the places of its parts.
#[derive(Clone, Debug)]
pub struct Readable<'a> {
    pub text: &'a str,
    pub flow: Flow,
    pub positions: Positions,
}

/// Reads the text of a flow file. What the flow says is not looked at; `verify` does that.
///
/// # Errors
/// Everything that is wrong with its form: at least one defect.
pub fn read(text: &str) -> Result<Readable<'_>, Vec<Diagnostic>> {
    if text.len() > SIZE_LIMIT {
        let message = format!("the file has more than {} KiB", SIZE_LIMIT / 1024);
        return Err(vec![Diagnostic::new("FLOW-006", text, 0..0, message)]);
    }
    let positions = Positions::scan(text);
    if let Some(span) = positions.too_deep.clone() {
        let message = format!("nested more than {DEPTH_LIMIT} levels deep");
        return Err(vec![Diagnostic::new("FLOW-006", text, span, message)]);
    }
    if !positions.duplicates.is_empty() {
        let twice = positions.duplicates.iter().map(|(_, span)| {
            let message = format!("the key {} stands twice", &text[span.clone()]);
            Diagnostic::new("FLOW-005", text, span.clone(), message)
        });
        return Err(twice.collect());
    }
    let flow: Flow =
        serde_json::from_str(text).map_err(|error| vec![form(text, &positions, &error)])?;
    let mut defects = Vec::new();
    if flow.version != VERSION {
        let message = format!("version {} of the form is not known", flow.version);
        let span = positions.value("/version");
        defects.push(
            Diagnostic::new("FLOW-007", text, span, message)
                .help(Some(format!("this program reads version {VERSION}"))),
        );
    }
    if flow.steps.is_empty() || flow.steps.len() > STEP_LIMIT {
        let message = format!("a flow has 1 to {STEP_LIMIT} steps");
        let span = positions.key("/steps");
        defects.push(Diagnostic::new("FLOW-006", text, span, message));
    }
    if !defects.is_empty() {
        return Err(defects);
    }
    Ok(Readable {
        text,
        flow,
        positions,
    })
}

/// The parser's error with a place that can be pointed at.
fn form(text: &str, positions: &Positions, error: &serde_json::Error) -> Diagnostic {
    let offset = offset_of(text, error.line(), error.column());
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    if !error.is_data() {
        let end = text.ceil_char_boundary((offset + 1).min(text.len()));
        let span = text.floor_char_boundary(offset)..end;
        return Diagnostic::new("FLOW-001", text, span, format!("no JSON: {words}"));
    }
    if let Some(names) = words.strip_prefix("unknown field ") {
        let span = positions.key_at(offset).unwrap_or(offset..offset);
        let mut names = names.split('`').skip(1).step_by(2);
        let given = names.next().unwrap_or_default();
        let message = format!("`{given}` is no field here");
        return Diagnostic::new("FLOW-002", text, span, message).help(suggest(given, names));
    }
    let around = positions.value_around(offset).unwrap_or(offset..offset);
    if let Some(name) = words.strip_prefix("missing field ") {
        let span = around.start..(around.start + 1).min(text.len());
        return Diagnostic::new(
            "FLOW-003",
            text,
            span,
            format!("the field {name} is missing"),
        );
    }
    Diagnostic::new("FLOW-004", text, around, words.to_owned())
}
