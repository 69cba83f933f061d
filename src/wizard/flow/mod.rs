//! A flow file as Rust values. A step is a struct with one field per kind: tagged and flattened
//! enums would lose the position of an error. That exactly one kind is there is checked by
//! `verify`.

pub mod diagnostic;
mod effect;
mod embedded;
mod parts;
pub mod positions;
mod read;
mod reads;
mod with;

pub use diagnostic::Diagnostic;
pub use effect::{
    Commit, EditDocument, Effect, PutCredential, RemoveCredential, SetDefault, SetMode, SetOrder,
    WriteEnv,
};
pub use embedded::{EMBEDDED, SCHEMA, embedded};
pub use read::{Readable, SIZE_LIMIT, STEP_LIMIT, read};
pub use reads::{Need, Read, SetDomain, Sets};
pub use with::With;

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::condition::Condition;
use super::text::Text;

/// The version of the form of a flow file.
pub const VERSION: u32 = 1;

/// One flow.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Where editors find the schema.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// The version of this form: 1.
    pub version: u32,
    /// The name in `--flow ID`; also the file's name.
    pub id: String,
    pub title: String,
    /// For people who read the file.
    pub comment: Option<Text>,
    /// The first one is where the flow begins.
    pub steps: Vec<Step>,
}

/// One step: an id, exactly one kind, and where to go from there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: String,
    /// A short name for the answer, as the review lists it; the variable's name otherwise.
    pub label: Option<String>,
    pub comment: Option<Text>,
    pub note: Option<Note>,
    pub choose: Option<Choose>,
    pub ask: Option<Ask>,
    pub secret: Option<AskSecret>,
    pub confirm: Option<Confirm>,
    pub detect: Option<Detect>,
    pub probe: Option<Probe>,
    pub handoff: Option<Handoff>,
    pub commit: Option<Commit>,
    pub done: Option<Done>,
    /// The next step.
    pub to: Option<String>,
    /// The next step by condition: the first that holds; the last must have no condition.
    pub branch: Option<Vec<Branch>>,
    /// The next step by outcome, for `probe`, `handoff` and `commit`.
    pub on: Option<Outcomes>,
}

/// One edge of `branch`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Branch {
    pub when: Option<Condition>,
    pub to: String,
}

/// The edges of `on`, in the order of the file: `{"outcome": "step"}`. The first one is what
/// usually happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes(pub Vec<(String, String)>);

impl Outcomes {
    /// The step that follows on `outcome`.
    #[must_use]
    pub fn target(&self, outcome: &str) -> Option<&str> {
        let edge = self.0.iter().find(|(name, _)| name == outcome)?;
        Some(&edge.1)
    }
}

impl<'de> Deserialize<'de> for Outcomes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Edges;
        impl<'de> Visitor<'de> for Edges {
            type Value = Outcomes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of outcomes and step ids")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcomes, A::Error> {
                let mut edges = Vec::new();
                while let Some(edge) = map.next_entry()? {
                    edges.push(edge);
                }
                Ok(Outcomes(edges))
            }
        }
        deserializer.deserialize_map(Edges)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Outcomes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Outcomes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The next step for each outcome.",
            "type": "object",
            "additionalProperties": { "type": "string" }
        })
    }
}

/// Says something. With `risk` it needs an explicit yes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub text: Text,
    /// The id that `--accept-risk=ID` names.
    pub risk: Option<String>,
}

/// How an answer is given without a terminal, and what explains it there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// `--name`. A secret's flag also gets `-stdin`, `-file`, `-env` and `-fd`.
    pub flag: Option<String>,
    /// Other names of the same flag.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Environment variables, the first that is set wins.
    #[serde(default)]
    pub env: Vec<String>,
    /// One line for `--help`.
    pub help: Option<String>,
    /// Why the answer is needed, for the report of missing answers.
    pub because: Option<String>,
    /// What `--help` calls the value, in capitals.
    pub value_name: Option<String>,
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choose {
    pub variable: String,
    pub text: Text,
    pub help: Option<Text>,
    #[serde(default)]
    pub options: Vec<Choice>,
    /// A list variable whose items are options too; they come after the written ones.
    pub options_from: Option<String>,
    /// A list variable: the written options that it names come first, in its order.
    pub order_from: Option<String>,
    /// Lets the user type a value that is not listed.
    pub other: Option<Other>,
    /// Variables whose value (or first item) is offered first, where it is an option.
    #[serde(default)]
    pub default_from: Vec<String>,
    /// The value offered first; `recommended` otherwise, then the first option.
    pub default: Option<String>,
    /// The value taken where nobody can be asked and no answer is given.
    pub unattended: Option<String>,
    /// The value taken without a question when only the secret is renewed.
    pub reauth: Option<String>,
    pub inputs: Option<Inputs>,
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub detail: Option<String>,
    #[serde(default)]
    pub recommended: bool,
    pub disabled_when: Option<Condition>,
    pub disabled_reason: Option<String>,
    /// A flag without a value that chooses this option.
    pub flag: Option<String>,
    /// One line for `--help`, with `flag`.
    pub help: Option<String>,
}

/// The option to type something else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Other {
    pub label: String,
    /// What to type, as the prompt says it.
    pub text: String,
    pub validator: String,
}

/// Typed text that is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub variable: String,
    pub text: Text,
    pub help: Option<Text>,
    pub validator: String,
    pub default: Option<String>,
    /// Variables tried before `default`, the first that is set.
    #[serde(default)]
    pub default_from: Vec<String>,
    /// The default may be taken where nobody can be asked.
    #[serde(default)]
    pub safe_default: bool,
    /// Asked only when this holds; else a given answer or the default is taken without a word.
    pub ask_when: Option<Condition>,
    pub inputs: Option<Inputs>,
}

/// A secret: never shown, logged or kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskSecret {
    pub variable: String,
    pub text: Text,
    pub help: Option<Text>,
    /// What it must look like.
    pub shape: String,
    /// A detected secret that Enter takes; shown by its mask.
    pub offer: Option<String>,
    /// The variable that says where the offered one was found. Left out where somebody named the
    /// place: then it is taken too where nobody can be asked.
    pub offer_place: Option<String>,
    /// The variable that holds the address it is for. An address that somebody named has its own
    /// rules for its secrets.
    pub address: Option<String>,
    pub inputs: Option<Inputs>,
}

/// Yes or no.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    pub variable: String,
    pub text: Text,
    pub help: Option<Text>,
    pub default: Option<YesNo>,
    /// The answer taken where nobody can be asked and none is given.
    pub unattended: Option<YesNo>,
    /// The answer taken without a question when only the secret is renewed.
    pub reauth: Option<YesNo>,
    pub inputs: Option<Inputs>,
}

/// The two values of a `confirm` variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum YesNo {
    Yes,
    No,
}

impl YesNo {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// Reads local facts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// A detector of the catalogue.
    pub what: String,
    pub with: Option<With>,
}

/// Tries something over the network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// A probe of the catalogue.
    pub what: String,
    /// What is said while it runs.
    pub text: String,
    pub with: Option<With>,
}

/// Gives the terminal to another program, or opens a page in the browser.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    /// A program of the catalogue.
    pub program: String,
    pub text: Option<Text>,
    /// A page of the catalogue, for the browser.
    pub link: Option<String>,
    pub with: Option<With>,
}

/// The end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// An ending of the catalogue; it decides the exit code.
    pub outcome: String,
    pub text: Option<Text>,
    /// The flow that goes on from here.
    pub flow: Option<String>,
    /// Commands to type next.
    #[serde(default)]
    pub next: Vec<String>,
}
