//! Tries access to AWS, in the order in which things can be wrong: who am I, which models are
//! there, may this one be used. Stops at the first cause that explains the rest.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::without;
use crate::exchange::Exchange;
use crate::provider::bedrock::classify::{self, Asked};
use crate::provider::bedrock::listing::{self, Foundation};
use crate::provider::bedrock::model::{self, Form};
use crate::provider::bedrock::{Access, Call, Endpoints, Region};
use crate::provider::{Model, Outcome, Reason, Verdict};
use crate::system::System;

/// Pages of a list that are read at most.
const PAGES: usize = 10;

/// What is tried.
#[derive(Clone, Debug)]
pub struct Trial {
    pub access: Access,
    pub region: Region,
    pub endpoints: Endpoints,
    /// The AWS profile whose sign-in gave the keys.
    pub sign_in: Option<String>,
    /// For each request.
    pub timeout: Duration,
    /// When all of them have to be over.
    pub until: Option<Instant>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The one that decides.
    pub verdict: Verdict,
    /// The ARN of who one is; `None` for a Bedrock API key.
    pub identity: Option<String>,
    /// The models to choose from.
    pub models: Vec<Model>,
    /// Ids of the region's inference profiles.
    pub profiles: Vec<String>,
    /// Everything that was asked.
    pub calls: Vec<(Call, Verdict)>,
}

impl Trial {
    /// Asks who one is and which models there are. Free.
    #[must_use]
    pub fn access(&self, system: &System) -> Found {
        let mut found = Found {
            verdict: Verdict::of(Reason::Works, self.endpoints.control.host()),
            identity: None,
            models: Vec::new(),
            profiles: Vec::new(),
            calls: Vec::new(),
        };
        if matches!(self.access, Access::Keys(_)) {
            let (verdict, _) = self.send(system, &Call::Identity);
            found.identity.clone_from(&verdict.subject.resource);
            // Where not even this is allowed, the keys themselves are right.
            let known =
                verdict.outcome() == Outcome::Works || verdict.reason == Reason::AwsListNotAllowed;
            found.calls.push((Call::Identity, verdict.clone()));
            if !known {
                found.verdict = verdict;
                return found;
            }
        }
        let (models, profiles) = std::thread::scope(|scope| {
            let models = scope.spawn(|| self.send(system, &Call::Models));
            let profiles = self.send(system, &Call::Profiles);
            (models.join(), profiles)
        });
        let Ok((models, bodies)) = models else {
            found.verdict.reason = Reason::Unclassified;
            return found;
        };
        let foundations: Vec<Foundation> = bodies
            .iter()
            .flat_map(|body| listing::foundations(body))
            .collect();
        found.profiles = profiles
            .1
            .iter()
            .flat_map(|body| listing::profiles(body))
            .collect();
        found.models = listing::usable(&foundations, &found.profiles, &self.region);
        found.verdict = decisive(&models, &profiles.0, &found.models);
        found.calls.push((Call::Models, models));
        found.calls.push((Call::Profiles, profiles.0));
        found
    }

    /// Ids of the region's inference profiles, as far as they may be listed.
    #[must_use]
    pub fn profiles(&self, system: &System) -> Vec<String> {
        let (_, bodies) = self.send(system, &Call::Profiles);
        bodies
            .iter()
            .flat_map(|body| listing::profiles(body))
            .collect()
    }

    /// Asks whether a model can be used: its id, then its standing, then a count of tokens. Free,
    /// unless `paid` asks for one token of it.
    #[must_use]
    pub fn model(&self, system: &System, id: &str, offered: &[String], paid: bool) -> Verdict {
        if let Some(verdict) = classify::impossible(id, &self.region, offered) {
            return verdict;
        }
        let named = |model: &str| model.to_owned();
        let base = model::base(id);
        let of_claude = base.starts_with("anthropic.");
        if of_claude {
            let standing = Call::Availability { model: named(base) };
            let (verdict, _) = self.send(system, &standing);
            if verdict.outcome() == Outcome::Refused {
                return verdict;
            }
            let (form, _) = self.send(system, &Call::UseCase);
            if form.reason == Reason::AwsUseCase {
                return form;
            }
        }
        // Tokens are counted for a model itself, not for a profile of it.
        let named_by = if of_claude { base } else { id };
        let (mut verdict, _) = self.send(
            system,
            &Call::CountTokens {
                model: named(named_by),
            },
        );
        let says_nothing = match verdict.reason {
            // Not every model counts tokens,
            Reason::AwsOther => true,
            // and no profile of an account's own does.
            Reason::AwsModelUnknown => model::form(named_by) == Form::Arn,
            _ => false,
        };
        if says_nothing && verdict.http_status == Some(400) {
            verdict.reason = Reason::Works;
        }
        let may_work =
            verdict.outcome() == Outcome::Works || verdict.reason == Reason::AwsListNotAllowed;
        if paid && may_work {
            (verdict, _) = self.send(system, &Call::Invoke { model: named(id) });
        }
        verdict
    }

    /// Sends one call, a list to its last page; gives the first verdict that is not good, and the
    /// bodies of the good replies.
    #[must_use]
    pub fn send(&self, system: &System, call: &Call) -> (Verdict, Vec<Vec<u8>>) {
        let mut bodies = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let (verdict, body) = self.send_page(system, call, page.as_deref());
            page = body.as_deref().and_then(listing::next_page);
            bodies.extend(body);
            if page.is_none() || bodies.len() >= PAGES || verdict.outcome() != Outcome::Works {
                return (verdict, bodies);
            }
        }
    }

    fn send_page(
        &self,
        system: &System,
        call: &Call,
        page: Option<&str>,
    ) -> (Verdict, Option<Vec<u8>>) {
        let host = call.endpoint(&self.endpoints).host();
        let now: Timestamp = system.clock.now();
        let left = |until: Instant| until.saturating_duration_since(Instant::now());
        let timeout = self.timeout.min(self.until.map_or(self.timeout, left));
        if timeout.is_zero() {
            return (Verdict::of(Reason::TimedOut, host), None);
        }
        let place = (&self.region, &self.endpoints);
        let request = match call.request(&self.access, place, page, (now, timeout)) {
            Ok(request) => request,
            Err(error) => {
                let mut verdict = Verdict::of(Reason::AwsUnsigned, host);
                verdict.message = Some(error.message().to_owned());
                return (verdict, None);
            }
        };
        let exchange: Exchange = system.http.send(&request);
        let asked = Asked {
            region: &self.region,
            access: &self.access,
            now,
        };
        let mut verdict = classify::classify(call, asked, &host, &exchange);
        verdict.message = verdict
            .message
            .map(|message| self.without_secrets(&message));
        let body = exchange.ok().map(|reply| reply.body);
        let good = verdict.outcome() == Outcome::Works;
        (verdict, body.filter(|_| good))
    }

    /// Some refusals repeat the headers that were sent: the session token or the Bedrock API key.
    fn without_secrets(&self, message: &str) -> String {
        match &self.access {
            Access::Bearer(key) => without(message, key),
            Access::Keys(keys) => {
                let secrets = [Some(&keys.secret), keys.session.as_ref()];
                let secrets = secrets.into_iter().flatten();
                secrets.fold(message.to_owned(), |text, secret| without(&text, secret))
            }
        }
    }
}

/// The verdict of both lists: a refusal of the credential before a missing permission. Claude Code
/// finds its models by the profiles; the models are missed only where nothing can be chosen without.
fn decisive(models: &Verdict, profiles: &Verdict, found: &[Model]) -> Verdict {
    let missing = |verdict: &Verdict| verdict.reason == Reason::AwsListNotAllowed;
    for verdict in [models, profiles] {
        if verdict.outcome() != Outcome::Works && !missing(verdict) {
            return verdict.clone();
        }
    }
    if missing(profiles) || !found.is_empty() {
        return profiles.clone();
    }
    let mut verdict = models.clone();
    if !missing(models) {
        verdict.reason = Reason::AwsNoModels;
    }
    verdict
}
