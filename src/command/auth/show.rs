//! `models auth show`: all that is known about one credential. Its secret is masked.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::list;
use crate::cli::auth::One;
use crate::command::Context;
use crate::error::Result;
use crate::exit::Exit;
use crate::store::config::modes;
use crate::store::save;
use crate::store::sources::Sources;
use crate::store::usage::Usage;
use crate::store::{Credential, MAIN, Method, Name, Profile, ProfileId, SecretRef, SecretSource};

/// What only some kinds of credential have.
const OF_SOME_KINDS: &[&str] = &[
    "reference",
    "configDir",
    "method",
    "region",
    "modelId",
    "accessKeyId",
    "awsProfile",
];

/// Shows it.
///
/// # Errors
/// `NotFound`; those of reading our files.
pub fn run(arguments: &One, context: &Context<'_>) -> Result<Exit> {
    let (system, home) = (context.system, context.home()?);
    let id = ProfileId::parse(&arguments.id)?;
    let sources = context.sources()?;
    let own = sources.own.as_ref().and_then(|store| store.get(&id));
    let inherited = sources.inherited.as_ref().and_then(|store| store.get(&id));
    let Some(profile) = own.or(inherited) else {
        let held = sources.own.clone().unwrap_or_default();
        save::own(system, &home, &sources.agent, &held, &[id])?;
        return Ok(Exit::Problem);
    };
    let agent = if own.is_some() {
        sources.agent.clone()
    } else {
        Name::parse(MAIN)?
    };
    let mut facts = Map::new();
    facts.insert("schemaVersion".to_owned(), 1.into());
    facts.insert("agent".to_owned(), sources.agent.as_str().into());
    let lines = list::lines(&sources, context)?;
    let line = lines.into_iter().find(|line| line.id == id.as_str());
    if let Ok(Value::Object(line)) = serde_json::to_value(&line) {
        facts.extend(line);
    }
    facts.insert(
        "storePath".to_owned(),
        home.store(&agent).display().to_string().into(),
    );
    let usage = Usage::read(system, &home);
    let now = system.clock.now().as_millisecond();
    let mut time = |name: &str, millisecond: Option<i64>| {
        let time = millisecond.and_then(|at| Timestamp::from_millisecond(at).ok());
        facts.insert(name.to_owned(), time.map(|time| time.to_string()).into());
    };
    time("createdAt", profile.created_at);
    time("verifiedAt", profile.verified_at);
    time("lastUsedAt", usage.last_used(&agent, &id));
    time("cooldownUntil", usage.cooldown_until(&agent, &id, now));
    facts.insert("baseUrl".to_owned(), profile.base_url.clone().into());
    facts.insert("order".to_owned(), position(&sources, &id).into());
    facts.insert("envFiles".to_owned(), env_files(&id, context)?.into());
    let differs = modes::differs(&sources.config, &id, profile.credential.kind());
    facts.insert("configMode".to_owned(), differs.map(str::to_owned).into());
    details(profile, &mut facts);
    if context.ui.json {
        context.ui.document(&Value::Object(facts))?;
    } else {
        context.ui.facts(&facts)?;
    }
    Ok(Exit::Done)
}

/// Its place in the order of its provider, from 1; `None` where no order names it.
fn position(sources: &Sources, id: &ProfileId) -> Option<usize> {
    let own = sources
        .own
        .as_ref()
        .and_then(|store| store.order.get(id.provider()));
    let order = own.or_else(|| sources.config.order.get(id.provider()))?;
    order.iter().position(|other| other == id).map(|at| at + 1)
}

/// The `.env` files with a line of this profile.
fn env_files(id: &ProfileId, context: &Context<'_>) -> Result<Vec<String>> {
    let files = crate::store::env_files::open_all(context.system, &context.home()?)?;
    let files = files.iter().filter(|file| file.names(id));
    Ok(files.map(|file| file.path.display().to_string()).collect())
}

/// What its kind has beside a secret.
fn details(profile: &Profile, facts: &mut Map<String, Value>) {
    // The same keys for every kind of credential.
    for name in OF_SOME_KINDS {
        facts.insert((*name).to_owned(), Value::Null);
    }
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            facts.insert(name.to_owned(), value.into());
        }
    };
    if let Some(SecretSource::Reference(reference)) = profile.secret() {
        let SecretRef {
            source,
            provider,
            id,
            ..
        } = reference;
        add("reference", Some(&format!("{source}:{provider}:{id}")));
    }
    match &profile.credential {
        Credential::Login { config_dir, .. } => add("configDir", config_dir.as_deref()),
        Credential::Aws(access) => {
            add("method", access.method.map(Method::id));
            add("region", access.region.as_deref());
            add("modelId", access.model.as_deref());
            add("accessKeyId", access.access_key_id.as_deref());
            add("awsProfile", access.profile.as_deref());
        }
        _ => {}
    }
}
