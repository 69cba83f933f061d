//! Everything that is to be said of the configuration, beside what keeps it from being read: its
//! form, and where it disagrees with the profiles or with what they can do.

use std::collections::BTreeSet;

use super::key::Key;
use super::schema::{self, Remark, Severity};
use super::value::At;
use super::{Config, SIZE_LIMIT, malformed, modes, parse};
use crate::document::json5;
use crate::error::Result;
use crate::store::home::Home;
use crate::store::{Credential, Profiles, agents, find};
use crate::system::System;

/// The beta that a cache of an hour needs.
const LONG_CACHE_BETA: &str = "extended-cache-ttl-2025-04-11";

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    /// There is a file.
    pub exists: bool,
    /// A mistake keeps every setting from having an effect, not only the one where it is.
    pub unread: bool,
    /// In the order of the file.
    pub list: Vec<Remark>,
}

/// Judges the file beside the stores of all agents. Creates nothing.
///
/// # Errors
/// `Malformed` for a file with a mistake in it, with line and column; `Permission` or `Io`.
pub fn of(system: &System, home: &Home) -> Result<Remarks> {
    let path = home.config();
    let Some(text) = system.files.read_text(&path, SIZE_LIMIT)? else {
        return Ok(Remarks::default());
    };
    let mut stores = Vec::new();
    for agent in agents(system, home)? {
        // A store that cannot be read is told by the doctor.
        stores.extend(find(system, home, &agent).ok().flatten());
    }
    let (_, text) = json5::without_mark(&text);
    let root = json5::read(text).map_err(|problem| malformed(problem, &path))?;
    let mut list = Vec::new();
    let mut unread = false;
    if let Some(root) = &root {
        let root = At::new(text, root);
        list = schema::judge(root);
        let wrong = list.iter().any(|remark| remark.severity == Severity::Error);
        match parse(text, &path) {
            Ok(config) => {
                caches(root, &stores, &mut list);
                disagreements(root, &config, &stores, &mut list);
            }
            // What has its remark already need not be told twice.
            Err(_) if wrong => unread = true,
            Err(error) => return Err(error),
        }
    }
    list.sort_by_key(|remark| (remark.line, remark.column));
    Ok(Remarks {
        exists: true,
        unread,
        list,
    })
}

/// How long a prompt stays in the cache is for API keys to choose.
fn caches(root: At<'_>, stores: &[Profiles], list: &mut Vec<Remark>) {
    let profiles = || stores.iter().flat_map(|store| store.profiles.values());
    let of_subscription = |credential: &Credential| {
        matches!(
            credential,
            Credential::Token { .. } | Credential::Login { .. }
        )
    };
    let subscribed: BTreeSet<&str> = profiles()
        .filter(|profile| of_subscription(&profile.credential))
        .map(|profile| profile.provider.as_str())
        .collect();
    let models = root.field("agents").ok().flatten();
    let models = models.and_then(|agents| agents.field("defaults").ok().flatten());
    let models = models.and_then(|defaults| defaults.fields("models").ok());
    for (model, settings) in models.unwrap_or_default() {
        let params = settings.field("params").ok().flatten();
        let ttl = params.and_then(|params| params.field("cacheControlTtl").ok().flatten());
        let Some(ttl) = ttl else { continue };
        let (line, column) = ttl.place();
        let mut note = |what: String| {
            let key = [
                "agents",
                "defaults",
                "models",
                model,
                "params",
                "cacheControlTtl",
            ];
            list.push(Remark {
                severity: Severity::Note,
                key: Key(key.map(str::to_owned).to_vec()),
                line,
                column,
                what,
                right: None,
            });
        };
        let provider = schema::provider_of(model).unwrap_or("anthropic");
        if subscribed.contains(provider) {
            note("counts for API keys only: a subscription ignores it".to_owned());
        }
        if ttl.text("ttl").is_ok_and(|ttl| ttl == "1h") {
            note(format!("needs the beta {LONG_CACHE_BETA} in the requests"));
        }
    }
}

/// What the configuration calls a profile is not what the store holds.
fn disagreements(root: At<'_>, config: &Config, stores: &[Profiles], list: &mut Vec<Remark>) {
    let modes = root.field("auth").ok().flatten();
    let modes = modes
        .and_then(|auth| auth.fields("profiles").ok())
        .unwrap_or_default();
    for (id, settings) in modes {
        let Some(at) = settings.field("mode").ok().flatten() else {
            continue;
        };
        for store in stores {
            let held = store.profiles.iter().find(|(held, _)| held.as_str() == id);
            let Some((id, profile)) = held else { continue };
            let kind = profile.credential.kind();
            let Some(mode) = modes::differs(config, id, kind) else {
                continue;
            };
            let (line, column) = at.place();
            list.push(Remark {
                severity: Severity::Error,
                key: Key(["auth", "profiles", id.as_str(), "mode"]
                    .map(str::to_owned)
                    .to_vec()),
                line,
                column,
                what: format!(
                    "says {mode}, and the store holds a profile of type {kind}: the store counts"
                ),
                right: Some(kind.to_owned()),
            });
            break;
        }
    }
}
