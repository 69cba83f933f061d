//! Conditions: a closed structure over variables, no expression language. Exactly one key each.

use std::fmt;

use serde::Deserialize;

use super::engine::Value;

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

impl Condition {
    /// Whether it holds, given what `value` says of each variable. A variable that is not set has
    /// no value: it is empty, and is nothing in particular.
    #[must_use]
    pub fn holds<'a>(&self, value: &impl Fn(&str) -> Option<&'a Value>) -> bool {
        let text = |name: &str| value(name).and_then(Value::as_text);
        let leaves = [
            self.is
                .as_ref()
                .map(|is| text(&is.variable) == Some(&is.value)),
            self.one_of.as_ref().map(|one_of| {
                text(&one_of.variable).is_some_and(|v| one_of.values.iter().any(|o| o == v))
            }),
            self.empty
                .as_ref()
                .map(|name| value(name).is_none_or(Value::is_empty)),
            self.set.as_ref().map(|name| value(name).is_some()),
            self.not.as_ref().map(|inner| !inner.holds(value)),
            self.all
                .as_ref()
                .map(|list| list.iter().all(|inner| inner.holds(value))),
            self.any
                .as_ref()
                .map(|list| list.iter().any(|inner| inner.holds(value))),
        ];
        leaves.into_iter().flatten().all(|holds| holds)
    }

    /// How many of its keys are there; a condition has exactly one.
    #[must_use]
    pub fn keys(&self) -> usize {
        [
            self.is.is_some(),
            self.one_of.is_some(),
            self.empty.is_some(),
            self.set.is_some(),
            self.not.is_some(),
            self.all.is_some(),
            self.any.is_some(),
        ]
        .into_iter()
        .filter(|there| *there)
        .count()
    }

    /// The conditions inside of it, with the pointers from it to them.
    #[must_use]
    pub fn inner(&self) -> Vec<(String, &Self)> {
        let not = self
            .not
            .iter()
            .map(|inner| ("/not".to_owned(), inner.as_ref()));
        let listed = [("all", &self.all), ("any", &self.any)];
        let listed = listed.into_iter().flat_map(|(name, list)| {
            let list = list.iter().flatten().enumerate();
            list.map(move |(index, inner)| (format!("/{name}/{index}"), inner))
        });
        not.chain(listed).collect()
    }
}

/// In words: `have_key is open`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |list: &[Self], word: &str| {
            let parts: Vec<String> = list.iter().map(ToString::to_string).collect();
            format!("({})", parts.join(word))
        };
        if let Some(is) = &self.is {
            write!(f, "{} is {}", is.variable, is.value)?;
        }
        if let Some(one_of) = &self.one_of {
            write!(f, "{} is {}", one_of.variable, one_of.values.join(" or "))?;
        }
        if let Some(name) = &self.empty {
            write!(f, "{name} is empty")?;
        }
        if let Some(name) = &self.set {
            write!(f, "{name} is set")?;
        }
        if let Some(inner) = &self.not {
            write!(f, "not {inner}")?;
        }
        if let Some(all) = &self.all {
            f.write_str(&list(all, " and "))?;
        }
        if let Some(any) = &self.any {
            f.write_str(&list(any, " or "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        let text = Value::text("a");
        let blank = Value::text("");
        let value = |name: &str| match name {
            "a" => Some(&text),
            "blank" => Some(&blank),
            _ => None,
        };
        let check = |json: &str, expected: bool| {
            let condition: Condition = serde_json::from_str(json).expect("a condition");
            assert_eq!(condition.keys(), 1, "{json}");
            assert_eq!(condition.holds(&value), expected, "{json}");
        };
        check(r#"{"is": {"variable": "a", "value": "a"}}"#, true);
        check(r#"{"is": {"variable": "a", "value": "b"}}"#, false);
        check(r#"{"is": {"variable": "none", "value": ""}}"#, false);
        check(r#"{"in": {"variable": "a", "values": ["b", "a"]}}"#, true);
        check(r#"{"in": {"variable": "a", "values": []}}"#, false);
        check(r#"{"set": "a"}"#, true);
        check(r#"{"set": "blank"}"#, true);
        check(r#"{"set": "none"}"#, false);
        check(r#"{"empty": "a"}"#, false);
        check(r#"{"empty": "blank"}"#, true);
        check(r#"{"empty": "none"}"#, true);
        check(r#"{"not": {"set": "a"}}"#, false);
        check(r#"{"all": [{"set": "a"}, {"set": "none"}]}"#, false);
        check(r#"{"any": [{"set": "a"}, {"set": "none"}]}"#, true);
        check(r#"{"all": []}"#, true);
        check(r#"{"any": []}"#, false);
    }
}
