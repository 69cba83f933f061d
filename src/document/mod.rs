//! Edits that keep what they do not touch: comments, order, indentation, line endings and a
//! byte-order mark. Pure: text in, text out.

pub mod dotenv;
pub mod json5;
pub mod position;
