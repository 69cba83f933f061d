//! The flows that are part of the program.

use super::{Flow, read};

/// Id and text of every flow, in the order in which they are listed.
pub const EMBEDDED: &[(&str, &str)] = &[
    ("start", include_str!("../../../wizard-flows/start.json")),
    (
        "api-key",
        include_str!("../../../wizard-flows/api-key.json"),
    ),
    (
        "claude-cli",
        include_str!("../../../wizard-flows/claude-cli.json"),
    ),
    (
        "setup-token",
        include_str!("../../../wizard-flows/setup-token.json"),
    ),
    (
        "bedrock",
        include_str!("../../../wizard-flows/bedrock.json"),
    ),
];

/// The JSON Schema of flow files.
pub const SCHEMA: &str = include_str!("../../../wizard-flows/schema.json");

/// The embedded flow of this id, or `None`.
///
/// # Panics
/// Never: a test reads every embedded flow.
#[must_use]
pub fn embedded(id: &str) -> Option<Flow> {
    let (_, text) = EMBEDDED.iter().find(|(name, _)| *name == id)?;
    let readable = read(text).expect("embedded flows are read by a test");
    Some(readable.flow)
}
