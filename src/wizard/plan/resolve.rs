//! The effects of a `commit` step with the values of the run.

use super::{Effect, Lifetime, Target};
use crate::duration;
use crate::secret::Secret;
use crate::store::ProfileId;
use crate::wizard::catalog::{self, Input};
use crate::wizard::credential;
use crate::wizard::engine::{Given, Source, State};
use crate::wizard::flow::{self, Flow, With};

/// The effects whose conditions hold, with their values. A verified flow sets every variable
/// before it is used, so nothing is lost here.
#[must_use]
pub fn resolve(flow: &Flow, effects: &[flow::Effect], state: &State) -> Vec<Effect> {
    let holds = |effect: &&flow::Effect| {
        effect
            .when
            .as_ref()
            .is_none_or(|condition| condition.holds(&|name| state.value(name)))
    };
    let run = Run { flow, state };
    effects
        .iter()
        .filter(holds)
        .flat_map(|effect| run.effect(effect).into_iter().chain(run.provider(effect)))
        .collect()
}

struct Run<'a> {
    flow: &'a Flow,
    state: &'a State,
}

impl Run<'_> {
    fn effect(&self, effect: &flow::Effect) -> Option<Effect> {
        if let Some(put) = &effect.put_credential {
            let kind = catalog::credential_kind(&put.kind)?;
            let given = self.state.given(Some(&put.with));
            return Some(Effect::PutCredential {
                profile: self.profile(kind.provider, &put.with)?,
                credential: credential::build(kind, &given)?,
                base_url: credential::base_url(&given),
                lifetime: lifetime(&given),
                verified: self.verified(),
            });
        }
        if let Some(remove) = &effect.remove_credential {
            let profile = self.profile(&remove.provider, &remove.with)?;
            return Some(Effect::RemoveCredential { profile });
        }
        if let Some(default) = &effect.set_default {
            let model = self.text(default.with.model.as_deref()?)?;
            return Some(Effect::SetDefault { model });
        }
        if let Some(order) = &effect.set_order {
            let profile = self.profile(&order.provider, &order.with)?;
            return Some(Effect::SetOrder { profile });
        }
        if let Some(env) = &effect.write_env {
            return Some(Effect::WriteEnv {
                name: env.name.clone(),
                value: self.secret(&env.with)?,
                profile: self.profile(&env.provider, &env.with)?,
            });
        }
        if let Some(mode) = &effect.set_mode {
            let target = Target::named(&mode.document)?;
            return Some(Effect::SetMode { target });
        }
        let edit = effect.edit_document.as_ref()?;
        Some(Effect::EditDocument {
            target: Target::named(&edit.document)?,
            path: edit.path.clone(),
            value: self.text(&edit.variable)?,
        })
    }

    /// The name of the place that the profile refers to, where the configuration must know it.
    fn provider(&self, effect: &flow::Effect) -> Option<Effect> {
        let given = self
            .state
            .given(Some(&effect.put_credential.as_ref()?.with));
        let mut places = [Input::Secret, Input::SecretKey, Input::Bearer]
            .into_iter()
            .filter_map(|input| match given.source(input) {
                Some(Source::Place(place)) => place.provider(),
                _ => None,
            });
        let (name, entry) = places.next()?;
        Some(Effect::NameProvider { name, entry })
    }

    fn text(&self, variable: &str) -> Option<String> {
        let value = self.state.value(variable)?;
        value.as_text().map(str::to_owned)
    }

    fn secret(&self, with: &With) -> Option<Secret> {
        let value = self.state.value(with.secret.as_deref()?)?;
        value.as_secret().cloned()
    }

    fn profile(&self, provider: &str, with: &With) -> Option<ProfileId> {
        let name = self.text(with.profile.as_deref()?)?;
        ProfileId::parse(&format!("{provider}:{name}")).ok()
    }

    /// A probe of this run accepted the credential.
    fn verified(&self) -> bool {
        self.flow.steps.iter().any(|step| {
            let outcome = self.state.outcome(&step.id);
            step.probe.is_some() && matches!(outcome, Some("works" | "limited"))
        })
    }
}

impl Target {
    /// The target of a document id of the catalogue.
    #[must_use]
    pub fn named(document: &str) -> Option<Self> {
        match document {
            "store" => Some(Self::Store),
            "config" => Some(Self::Config),
            "env-file" => Some(Self::EnvFile),
            _ => None,
        }
    }
}

fn lifetime(given: &Given) -> Option<Lifetime> {
    let seconds = duration::parse(given.text(Input::Lifetime)?).ok()?;
    Some(Lifetime {
        seconds: seconds.as_secs(),
        assumed: !given.is_said(Input::Lifetime),
    })
}
