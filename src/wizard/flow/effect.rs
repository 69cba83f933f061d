//! The `commit` step and the effects that it may have: a closed set of verbs.

use serde::Deserialize;

use super::With;
use crate::wizard::condition::Condition;
use crate::wizard::text::Text;

/// Shows the plan and, after a yes, carries it out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Commit {
    pub text: Text,
    pub effects: Vec<Effect>,
}

/// One effect, if its condition holds. Exactly one verb.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Effect {
    pub when: Option<Condition>,
    pub put_credential: Option<PutCredential>,
    pub remove_credential: Option<RemoveCredential>,
    pub set_default: Option<SetDefault>,
    pub set_order: Option<SetOrder>,
    pub write_env: Option<WriteEnv>,
    pub set_mode: Option<SetMode>,
    pub edit_document: Option<EditDocument>,
}

/// Stores a credential.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PutCredential {
    /// A credential kind of the catalogue.
    pub kind: String,
    pub with: With,
}

/// Removes a stored credential.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveCredential {
    pub provider: String,
    pub with: With,
}

/// Sets the default model.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetDefault {
    pub with: With,
}

/// Puts a profile first among its provider's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOrder {
    pub provider: String,
    pub with: With,
}

/// Writes a managed line of the `.env` file in our home.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteEnv {
    pub provider: String,
    /// A variable name of the catalogue.
    pub name: String,
    pub with: With,
}

/// Makes a file of ours readable by its owner alone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetMode {
    /// A document of the catalogue.
    pub document: String,
}

/// Sets one value of a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EditDocument {
    /// A document of the catalogue.
    pub document: String,
    /// Keys with dots between them, one of the catalogue's for this document.
    pub path: String,
    /// The variable that holds the value.
    pub variable: String,
}

impl Effect {
    /// The verb's name and the variables it works on, for those that have any.
    #[must_use]
    pub fn with(&self) -> Option<(&'static str, &With)> {
        let put = self
            .put_credential
            .as_ref()
            .map(|e| ("put_credential", &e.with));
        let remove = self
            .remove_credential
            .as_ref()
            .map(|e| ("remove_credential", &e.with));
        let default = self.set_default.as_ref().map(|e| ("set_default", &e.with));
        let order = self.set_order.as_ref().map(|e| ("set_order", &e.with));
        let env = self.write_env.as_ref().map(|e| ("write_env", &e.with));
        put.or(remove).or(default).or(order).or(env)
    }
}
