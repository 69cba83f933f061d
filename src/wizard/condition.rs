//! Conditions: a closed structure over variables, no expression language. Exactly one key each.

use serde::Deserialize;

/// One condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The variable has this value.
    pub is: Option<Is>,
    /// The variable has one of these values.
    #[serde(rename = "in")]
    pub one_of: Option<OneOf>,
    /// The variable is not set, or is an empty text or list.
    pub empty: Option<String>,
    /// The variable is set.
    pub set: Option<String>,
    pub not: Option<Box<Condition>>,
    pub all: Option<Vec<Condition>>,
    pub any: Option<Vec<Condition>>,
}

/// `{"variable": "…", "value": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Is {
    pub variable: String,
    pub value: String,
}

/// `{"variable": "…", "values": ["…"]}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OneOf {
    pub variable: String,
    pub values: Vec<String>,
}
