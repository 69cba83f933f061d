//! The effects of a `commit` step with the values of the run.

use super::{Effect, Target};
use crate::provider::anthropic::endpoint::DEFAULT_BASE_URL;
use crate::secret::Secret;
use crate::store::ProfileId;
use crate::wizard::engine::{Source, State};
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
        .filter_map(|effect| run.effect(effect))
        .collect()
}

struct Run<'a> {
    flow: &'a Flow,
    state: &'a State,
}

impl Run<'_> {
    fn effect(&self, effect: &flow::Effect) -> Option<Effect> {
        if let Some(put) = &effect.put_credential {
            return Some(Effect::PutApiKey {
                profile: self.profile(provider_of(&put.kind)?, &put.with)?,
                key: self.secret(&put.with)?,
                base_url: self.base_url(&put.with),
                verified: self.verified(put.with.secret.as_deref()?),
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

    /// The address is kept with the profile only when somebody said so: one that is merely in the
    /// environment says nothing of what the key is for.
    fn base_url(&self, with: &With) -> Option<String> {
        let variable = with.base_url.as_deref()?;
        let said = !matches!(
            self.state.source(variable)?,
            Source::Default | Source::Detected
        );
        let url = self.text(variable)?;
        (said && url != DEFAULT_BASE_URL).then_some(url)
    }

    /// A probe of this run accepted the secret.
    fn verified(&self, secret: &str) -> bool {
        self.flow.steps.iter().any(|step| {
            let with = step.probe.as_ref().and_then(|probe| probe.with.as_ref());
            let same = with.is_some_and(|with| with.secret.as_deref() == Some(secret));
            let outcome = self.state.outcome(&step.id);
            same && matches!(outcome, Some("works" | "limited"))
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

fn provider_of(kind: &str) -> Option<&'static str> {
    (kind == "anthropic-api-key").then_some("anthropic")
}
