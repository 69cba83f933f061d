//! `auth.profiles.<id>.mode`: what the configuration says a profile is. OpenClaw and Clawdbot write
//! it beside their stores; ours counts for nothing, but one that disagrees with the store misleads.

use indexmap::IndexMap;

use super::value::At;
use super::{Config, Read};
use crate::store::name::ProfileId;

/// Reads the modes; ids that cannot be ours are left alone.
pub(super) fn read(config: &mut Config, root: At<'_>) -> Read {
    let Some(auth) = root.field("auth")? else {
        return Ok(());
    };
    let mut modes = IndexMap::new();
    for (id, profile) in auth.fields("profiles")? {
        if let Some(mode) = profile.field("mode")?
            && let Ok(id) = ProfileId::parse(id)
        {
            modes.insert(id, mode.text("mode")?);
        }
    }
    config.modes = modes;
    Ok(())
}

/// The mode that the configuration has for a profile, when it disagrees with the store's `kind`.
#[must_use]
pub fn differs<'a>(config: &'a Config, id: &ProfileId, kind: &str) -> Option<&'a str> {
    let mode = config.modes.get(id)?.as_str();
    let same = mode == kind
        || (kind == "aws" && mode == "aws-sdk")
        // Clawdbot's name for its copy of the login of Claude Code.
        || (kind == "oauth" && is_old_login(id.as_str(), mode));
    (!same).then_some(mode)
}

/// Clawdbot's mode of the profile that it makes of a login of Claude Code.
pub(super) fn is_old_login(id: &str, mode: &str) -> bool {
    mode == "token" && id.ends_with(":claude-cli")
}
