//! `why`: which credential a program uses, what stands behind it, and who is billed.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Context;
use crate::cli::why::{Consumer, Why};
use crate::consumer::aws::chain;
use crate::consumer::openclaw;
use crate::doctor::collect::{self, Request};
use crate::doctor::facts::Level;
use crate::doctor::why::{self, Answer, Report};
use crate::doctor::{Area, Facts};
use crate::error::Result;
use crate::exit::Exit;
use crate::provider::registry;
use crate::status::logins;
use crate::store::select::{self, Pin, Selection};
use crate::store::sources::Sources;

/// Nothing but files is read.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Runs the command.
///
/// # Errors
/// `Malformed`, `Permission` or `Io` when a file of ours cannot be read, `NotFound` for a pin that
/// names nothing.
pub fn run(arguments: &Why, context: &Context<'_>) -> Result<Exit> {
    let asked = |consumer| arguments.consumer.is_none_or(|only| only == consumer);
    let facts = facts(context)?;
    let mut answers = Vec::new();
    if asked(Consumer::ClaudeCode) {
        answers.push(why::claude_code::answer(&facts));
    }
    // What is not in use here is worth a word only to somebody who asks for it.
    let named = arguments.consumer.is_some();
    if asked(Consumer::Aws) {
        let chain = chain::look(context.system, facts.now);
        let found = !chain.links.is_empty() || chain.fault.is_some();
        answers.extend((found || named).then(|| why::aws::answer(&chain, &facts)));
    }
    if asked(Consumer::OpenClaw) {
        let found = openclaw::look(context.system, facts.now);
        answers.extend(found.iter().map(|one| why::openclaw::answer(one, &facts)));
        answers.extend((found.is_empty() && named).then(why::openclaw::nothing));
    }
    if asked(Consumer::Keywright) {
        answers.extend(keywright(context, &facts)?);
    }
    let report = Report {
        schema_version: 1,
        agent: context.agent()?.to_string(),
        answers,
    };
    if context.ui.json {
        context.ui.document(&report)?;
    } else {
        let home = facts.machine.home.as_deref();
        context.ui.why(&report, home)?;
    }
    Ok(Exit::Done)
}

fn facts(context: &Context<'_>) -> Result<Facts> {
    let request = Request {
        areas: BTreeSet::from([Area::StartUp, Area::ClaudeCode, Area::Aws]),
        home: context.global.home.clone(),
        agent: context.agent()?,
        no_input: true,
        level: Level::Free,
        profiles: Vec::new(),
        offline: true,
        timeout: TIMEOUT,
        service: None,
        deep: false,
    };
    Ok(collect::collect(context.system, &request, &mut |_, _| ()).facts)
}

/// One answer for each provider that has a source, for Anthropic when none has.
fn keywright(context: &Context<'_>, facts: &Facts) -> Result<Vec<Answer>> {
    let system = context.system;
    // Without a home there is still the environment.
    let sources = match context.home() {
        Ok(_) => context.sources()?,
        Err(_) => collect::credentials::sources(system, None, &context.agent()?)?,
    };
    let pin = collect::credentials::pin(system)?;
    let now = system.clock.now();
    let select = |provider: &str| -> Result<Selection> {
        let at = now.as_millisecond();
        let mut selection = select::select(&sources, provider, pin.as_ref(), at)?;
        logins::look(system, &mut selection, now);
        Ok(selection)
    };
    let mut selections = providers(&sources)
        .into_iter()
        .map(|provider| select(&provider))
        .collect::<Result<Vec<_>>>()?;
    selections.retain(|selection| !selection.candidates.is_empty());
    if selections.is_empty() {
        selections.push(select(registry::ALL[0].id)?);
    }
    // What was chosen by name is what `exec` hands out first.
    let chosen = |found: &select::Candidate| found.rank <= select::Rank::Active;
    selections.sort_by_key(|selection| !selection.effective().is_some_and(chosen));
    Ok(selections
        .iter()
        .filter(|selection| concerns(pin.as_ref(), selection))
        .map(|selection| why::keywright::answer(selection, &facts.start_up))
        .collect())
}

/// A pinned profile is about its own provider alone.
fn concerns(pin: Option<&Pin>, selection: &Selection) -> bool {
    match pin {
        Some(Pin::Profile(id)) => id.provider() == selection.provider,
        _ => true,
    }
}

/// The providers that are known, then those that only the store knows.
fn providers(sources: &Sources) -> Vec<String> {
    let known = registry::ALL.iter().map(|p| p.id.to_owned());
    let described = sources.config.providers.keys().cloned();
    let mut names: Vec<String> = known.chain(described).collect();
    let stores = [&sources.own, &sources.inherited];
    for profile in stores
        .into_iter()
        .flatten()
        .flat_map(|s| s.profiles.values())
    {
        if !names.contains(&profile.provider) {
            names.push(profile.provider.clone());
        }
    }
    names
}
