//! The checks: one file per check or small family, one line each in [`ALL`].

use super::check::Check;

/// Every check, in the order of their codes.
pub const ALL: &[&Check] = &[];
