//! Edits that keep what they do not touch: comments, order, indentation, line endings and a
//! byte-order mark. Pure: text in, text out.

pub mod diff;
pub mod dotenv;
pub mod ini;
pub mod json5;
pub mod position;
pub mod selective;

/// What some editors put before the text of a file.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';
