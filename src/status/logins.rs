//! How the logins among the candidates stand: read where Claude Code keeps them.

use std::path::Path;

use jiff::Timestamp;

use crate::consumer::claude_code::login::{self, Standing};
use crate::store::select::{Candidate, Reason, Selection};
use crate::system::System;

/// Judges every login of a selection, and makes the choice anew. Reads nothing where there is none.
pub fn look(system: &System, selection: &mut Selection, now: Timestamp) {
    if !selection.candidates.iter().any(Candidate::is_login) {
        return;
    }
    selection.look_at_logins(|folder| {
        let login = login::look(system, folder.map(Path::new), now);
        let reason = match login.standing {
            standing if standing.is_usable() => Reason::Ok,
            Standing::KeychainLocked => Reason::IneligibleProfile,
            _ => Reason::Expired,
        };
        let ends = login.ends().map(Timestamp::as_millisecond);
        (reason, login.standing.title(), ends)
    });
}
