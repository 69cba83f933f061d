//! Copies of a login's tokens in a store file, as Clawdbot makes them. Reading a store leaves them
//! out; here it is told that they are still in the file.

use super::home::Home;
use super::name::{Name, ProfileId};
use super::profiles::SIZE_LIMIT;
use crate::document::selective::{self, Keep};
use crate::error::Result;
use crate::system::System;

/// The profiles of `agent` whose copies are still in the file.
///
/// # Errors
/// `Malformed` with line and column; `Permission` or `Io`.
pub fn logins(system: &System, home: &Home, agent: &Name) -> Result<Vec<ProfileId>> {
    let path = home.store(agent);
    let Some(text) = system.files.read_text(&path, SIZE_LIMIT)? else {
        return Ok(Vec::new());
    };
    let keep = |path: &[String]| match path {
        [top] | [top, _] if top == "profiles" => Keep::Shape,
        [top, _, field] if top == "profiles" => match field.as_str() {
            "type" => Keep::Text,
            "access" | "refresh" => Keep::Shape,
            _ => Keep::Nothing,
        },
        _ => Keep::Nothing,
    };
    let file = selective::read(&text, keep).map_err(|problem| problem.into_error(&path))?;
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
