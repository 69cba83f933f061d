//! The probes of Bedrock: credentials are resolved first, where they are not at hand.

use super::{Probed, outcome, told_words};
use crate::consumer::aws;
use crate::probe;
use crate::probe::aws_credentials;
use crate::probe::bedrock::Trial;
use crate::provider::bedrock::{Access, AccessKeys, Endpoints, Region};
use crate::provider::{Reason, Verdict};
use crate::store::Method;
use crate::system::System;
use crate::wizard::catalog::Input;
use crate::wizard::engine::{Given, Value};

/// Who one is, and which models there are.
pub(super) fn access(system: &System, given: &Given) -> Probed {
    let found = trial(system, given).map(|trial| trial.access(system));
    let (verdict, models, identity) = match found {
        Ok(found) => (found.verdict, found.models, found.identity),
        Err(verdict) => (*verdict, Vec::new(), None),
    };
    let result = outcome(&verdict);
    let (mut summary, advice) = told_words(&verdict);
    if verdict.reason == Reason::Works {
        let who = identity.map_or_else(
            || "AWS accepts the key".to_owned(),
            |arn| format!("AWS knows you as {arn}"),
        );
        summary = format!(
            "{who}. Claude models to choose from here: {}.",
            models.len()
        );
    }
    let ids = models.into_iter().map(|model| model.id).collect();
    let found = vec![
        ("models".to_owned(), Value::List(ids)),
        ("verdict".to_owned(), Value::Text(summary)),
        ("advice".to_owned(), Value::Text(advice)),
        ("test".to_owned(), Value::text(result)),
    ];
    Probed {
        outcome: result,
        found,
        verdict: Some(verdict),
    }
}

/// Whether one model can be used.
pub(super) fn model(system: &System, given: &Given) -> Probed {
    let id = given.text(Input::Model).unwrap_or_default();
    let verdict = trial(system, given).map(|trial| {
        let offered = trial.profiles(system);
        trial.model(system, id, &offered, false)
    });
    let verdict = verdict.unwrap_or_else(|verdict| *verdict);
    let result = outcome(&verdict);
    let (summary, advice) = told_words(&verdict);
    let mut found = vec![
        ("model_verdict".to_owned(), Value::Text(summary)),
        ("model_advice".to_owned(), Value::Text(advice)),
        ("model_test".to_owned(), Value::text(result)),
    ];
    let other = verdict.subject.other_model.clone();
    found.extend(other.map(|other| ("other_model".to_owned(), Value::Text(other))));
    Probed {
        outcome: result,
        found,
        // That of the access is the one to report, unless this one ends it.
        verdict: Some(verdict),
    }
}

/// Everything that a request needs.
fn trial(system: &System, given: &Given) -> Result<Trial, Box<Verdict>> {
    let failed = |message: &str| {
        let mut verdict = Verdict::of(Reason::HostNotAllowed, "AWS");
        verdict.message = Some(message.to_owned());
        Box::new(verdict)
    };
    let region = given.text(Input::Region).unwrap_or_default();
    let region = Region::parse(region).map_err(|problem| failed(&problem))?;
    let lookup = |name: &str| {
        let value = system.environment.get(name)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let endpoints = Endpoints::of(&region, &lookup);
    let endpoints = endpoints.map_err(|error| {
        let mut verdict = failed(error.message());
        let name = error.message().split([' ', ':']).next();
        verdict.variable = name.map(str::to_owned);
        verdict
    })?;
    Ok(Trial {
        access: credentials(system, given, &region)?,
        sign_in: sign_in(system, given),
        region,
        endpoints,
        timeout: probe::TIMEOUT,
        until: None,
    })
}

/// The profile that was chosen, when it stands on single sign-on.
fn sign_in(system: &System, given: &Given) -> Option<String> {
    let method = given.text(Input::Method).and_then(Method::named);
    let name = given
        .text(Input::AwsProfile)
        .filter(|_| method == Some(Method::Profile))?;
    let machine = aws::look(system, system.clock.now());
    machine.profile(name)?.session.as_ref()?;
    Some(name.to_owned())
}

fn credentials(system: &System, given: &Given, region: &Region) -> Result<Access, Box<Verdict>> {
    let missing = || Box::new(Verdict::of(Reason::AwsNoCredentials, "AWS"));
    let resolved = |profile: Option<&str>| {
        let found = aws_credentials::resolve(system, profile, region)?;
        Ok(Access::Keys(found.keys))
    };
    match given.text(Input::Method).and_then(Method::named) {
        Some(Method::AccessKeys) => {
            let secret = given.secret(Input::SecretKey).ok_or_else(missing)?;
            Ok(Access::Keys(AccessKeys {
                id: given
                    .text(Input::AccessKeyId)
                    .unwrap_or_default()
                    .to_owned(),
                secret: secret.clone(),
                session: given.secret(Input::SessionToken).cloned(),
            }))
        }
        Some(Method::Bearer) => {
            let key = given.secret(Input::Bearer).ok_or_else(missing)?;
            Ok(Access::Bearer(key.clone()))
        }
        Some(Method::Profile) => resolved(given.text(Input::AwsProfile)),
        Some(Method::Chain) => resolved(None),
        None => Err(missing()),
    }
}
