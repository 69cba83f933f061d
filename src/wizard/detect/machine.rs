//! What this machine has already, and which flow fits it best.

use super::{Place, aws, environment_key, named};
use crate::consumer::claude_code::login::{self, Standing};
use crate::error::Result;
use crate::store;
use crate::system::System;
use crate::wizard::engine::Value;

/// One way in, as this machine sees it.
struct Way {
    flow: &'static str,
    /// It is here already and works, as far as that can be seen.
    here: bool,
    reason: String,
}

pub(super) fn facts(place: Place<'_>) -> Result<Vec<(String, Value)>> {
    let system = place.system;
    let profiles = store::read(system, place.home, place.agent)?.profiles;
    let ids: Vec<String> = profiles.profiles.keys().map(ToString::to_string).collect();
    let mut found = traces(system);
    if !ids.is_empty() {
        found.insert(0, format!("Saved by keywright: {}.", ids.join(", ")));
    }
    // In this order where nothing is here: an API key works everywhere.
    let ways = [
        api_key(system),
        claude_login(system),
        bedrock(system),
        setup_token(system),
    ];
    let (first, rest): (Vec<&Way>, Vec<&Way>) = ways.iter().partition(|way| way.here);
    let order = first.iter().chain(&rest).map(|way| way.flow.to_owned());
    let mut facts = vec![
        named("ways", Value::List(order.collect())),
        named("found", Value::List(found)),
    ];
    for way in &ways {
        let name = format!("{}_reason", way.flow.replace('-', "_"));
        facts.push((name, Value::Text(way.reason.clone())));
    }
    Ok(facts)
}

fn api_key(system: &System) -> Way {
    let key = environment_key::find(system);
    let reason = match &key {
        Some((name, _)) => format!("There is one in {name}; it is tested before it is saved."),
        None => "Takes about two minutes. It is tested before it is saved.".to_owned(),
    };
    Way {
        flow: "api-key",
        here: key.is_some(),
        reason,
    }
}

fn claude_login(system: &System) -> Way {
    let now = system.clock.now();
    let login = login::look(system, None, now);
    let reason = match login.standing {
        Standing::Missing | Standing::NoLogin => "You sign in with your Claude account.".to_owned(),
        _ => login.words(now).summary,
    };
    Way {
        flow: "claude-cli",
        here: login.standing.is_usable(),
        reason,
    }
}

fn bedrock(system: &System) -> Way {
    let (here, reason) = aws::best(system);
    Way {
        flow: "bedrock",
        here,
        reason,
    }
}

fn setup_token(system: &System) -> Way {
    let here = system
        .environment
        .get(crate::variables::CLAUDE_CODE_OAUTH_TOKEN)
        .is_some();
    let reason = if here {
        "There is one in CLAUDE_CODE_OAUTH_TOKEN.".to_owned()
    } else {
        "For machines where nobody can sign in.".to_owned()
    };
    Way {
        flow: "setup-token",
        here,
        reason,
    }
}

/// Other programs that keep credentials.
fn traces(system: &System) -> Vec<String> {
    let home = system.environment.home();
    let programs = [
        (".openclaw/openclaw.json", "OpenClaw."),
        (".clawdbot/clawdbot.json", "Clawdbot."),
        (".cuti", "cuti."),
    ];
    let there = |path: &str| {
        let path = home.as_ref().map(|home| home.join(path));
        path.is_some_and(|path| matches!(system.files.followed_entry(&path), Ok(Some(_))))
    };
    let found = programs.iter().filter(|(path, _)| there(path));
    found.map(|(_, name)| (*name).to_owned()).collect()
}
