//! `with`: which variables something works on.

use serde::Deserialize;

use crate::wizard::catalog::Input;

/// Which variables a detector, a probe, a handoff or an effect works on. Each field is one of
/// [`Input`] and names a variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct With {
    pub profile: Option<String>,
    pub secret: Option<String>,
    pub base_url: Option<String>,
    pub model: Option<String>,
    pub lifetime: Option<String>,
    pub config_dir: Option<String>,
    pub source: Option<String>,
    pub method: Option<String>,
    pub access_key_id: Option<String>,
    pub secret_key: Option<String>,
    pub session_token: Option<String>,
    pub bearer: Option<String>,
    pub aws_profile: Option<String>,
    pub region: Option<String>,
}

impl With {
    /// The variable that a field names.
    #[must_use]
    pub fn variable(&self, input: Input) -> Option<&str> {
        let variable = match input {
            Input::Profile => &self.profile,
            Input::Secret => &self.secret,
            Input::BaseUrl => &self.base_url,
            Input::Model => &self.model,
            Input::Lifetime => &self.lifetime,
            Input::ConfigDir => &self.config_dir,
            Input::Source => &self.source,
            Input::Method => &self.method,
            Input::AccessKeyId => &self.access_key_id,
            Input::SecretKey => &self.secret_key,
            Input::SessionToken => &self.session_token,
            Input::Bearer => &self.bearer,
            Input::AwsProfile => &self.aws_profile,
            Input::Region => &self.region,
        };
        variable.as_deref()
    }

    /// The fields that are there, with their variables.
    pub fn fields(&self) -> impl Iterator<Item = (Input, &str)> {
        let all = Input::ALL.iter();
        all.filter_map(|input| Some((*input, self.variable(*input)?)))
    }
}
