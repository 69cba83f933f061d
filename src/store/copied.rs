//! Copies of a login's tokens in a store file, as Clawdbot makes them. Reading a store leaves them
//! out; here it is told that they are still in the file, and the file is given without them.

use std::path::Path;

use zeroize::Zeroizing;

use super::home::Home;
use super::name::{Name, ProfileId};
use super::profiles::{Profiles, SIZE_LIMIT};
use crate::document::position::Problem;
use crate::document::selective::{self, Keep};
use crate::error::Result;
use crate::system::System;
use crate::system::files::BYTE_ORDER_MARK;

/// The profiles of `agent` whose copies are still in the file.
///
/// # Errors
/// `Malformed` with line and column; `Permission` or `Io`.
pub fn logins(system: &System, home: &Home, agent: &Name) -> Result<Vec<ProfileId>> {
    let path = home.store(agent);
    match system.files.read_text(&path, SIZE_LIMIT)? {
        Some(text) => of_text(&text).map_err(|problem| problem.into_error(&path)),
        None => Ok(Vec::new()),
    }
}

/// The store file without them; `None` where there are none in it, or it is no store.
#[must_use]
pub fn without(bytes: &[u8], path: &Path) -> Option<Zeroizing<Vec<u8>>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    // A large store is not read once more for nothing.
    if !(text.contains("\"access\"") || text.contains("\"refresh\"")) {
        return None;
    }
    let found = of_text(text).ok()?;
    if found.is_empty() {
        return None;
    }
    Profiles::parse(text, path).ok()?.render().ok()
}

fn of_text(text: &str) -> Result<Vec<ProfileId>, Problem> {
    let keep = |path: &[String]| match path {
        [top] | [top, _] if top == "profiles" => Keep::Shape,
        [top, _, field] if top == "profiles" => match field.as_str() {
            "type" => Keep::Text,
            "access" | "refresh" => Keep::Shape,
            _ => Keep::Nothing,
        },
        _ => Keep::Nothing,
    };
    let file = selective::read(text, keep)?;
    let profiles = file.get("profiles").map(selective::Node::fields);
    let copied = profiles.into_iter().flatten().filter(|(_, profile)| {
        let is_login = profile.get("type").and_then(selective::Node::text) == Some("oauth");
        is_login
            && ["access", "refresh"]
                .iter()
                .any(|name| profile.get(name).is_some())
    });
    Ok(copied
        .filter_map(|(id, _)| ProfileId::parse(id).ok())
        .collect())
}
