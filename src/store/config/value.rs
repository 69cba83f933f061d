//! A value of the configuration with its place, and what it must be.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use crate::document::json5::Problem;

/// A value and the text it stands in.
#[derive(Clone, Copy)]
pub struct At<'a> {
    text: &'a str,
    value: &'a Value<'a>,
}

/// The problem `what` at the place of a value.
pub fn fault(at: At<'_>, what: impl Into<String>) -> Problem {
    Problem::at(at.text, at.value.range().start, what)
}

impl<'a> At<'a> {
    pub fn new(text: &'a str, value: &'a Value<'a>) -> Self {
        Self { text, value }
    }

    fn here(self, value: &'a Value<'a>) -> Self {
        Self { value, ..self }
    }

    pub fn value(self) -> &'a Value<'a> {
        self.value
    }

    /// Every field of an object; `None` for something else.
    pub fn all_fields(self) -> Option<Vec<(&'a str, Self)>> {
        let Value::Object(object) = self.value else {
            return None;
        };
        let fields = object.properties.iter();
        Some(
            fields
                .map(|p| (p.name.as_str(), self.here(&p.value)))
                .collect(),
        )
    }

    /// Line and column, from 1.
    pub fn place(self) -> (usize, usize) {
        let place = fault(self, "");
        (place.line, place.column)
    }

    pub fn number(self, what: &str) -> Result<u32, Problem> {
        let number = match self.value {
            Value::NumberLit(number) => number.value.parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| fault(self, format!("`{what}` must be a whole number")))
    }

    /// The line that it begins in, from 1.
    pub fn line(self) -> usize {
        fault(self, "").line
    }

    pub fn is_text(self) -> bool {
        matches!(self.value, Value::StringLit(_))
    }

    /// A field of an object; `null` counts as absent.
    pub fn field(self, name: &str) -> Result<Option<Self>, Problem> {
        let Value::Object(object) = self.value else {
            return Err(fault(self, "an object in braces is expected here"));
        };
        let found = object.properties.iter().find(|p| p.name.as_str() == name);
        Ok(found
            .map(|property| self.here(&property.value))
            .filter(|at| !matches!(at.value, Value::NullKeyword(_))))
    }

    /// The fields of the object in the field `name`; none when it is absent.
    pub fn fields(self, name: &str) -> Result<Vec<(&'a str, Self)>, Problem> {
        let Some(inner) = self.field(name)? else {
            return Ok(Vec::new());
        };
        let Value::Object(object) = inner.value else {
            return Err(fault(
                inner,
                format!("`{name}` must be an object in braces"),
            ));
        };
        let fields = object.properties.iter();
        Ok(fields
            .map(|property| (property.name.as_str(), self.here(&property.value)))
            .collect())
    }

    pub fn elements(self, what: &str) -> Result<Vec<Self>, Problem> {
        match self.value {
            Value::Array(array) => Ok(array.elements.iter().map(|v| self.here(v)).collect()),
            _ => Err(fault(self, format!("{what} must be a list in brackets"))),
        }
    }

    pub fn text(self, what: &str) -> Result<String, Problem> {
        match self.value {
            Value::StringLit(text) => Ok(text.value.clone().into_owned()),
            _ => Err(fault(self, format!("{what} must be text in quotes"))),
        }
    }

    pub fn flag(self, what: &str) -> Result<bool, Problem> {
        match self.value {
            Value::BooleanLit(flag) => Ok(flag.value),
            _ => Err(fault(self, format!("`{what}` must be true or false"))),
        }
    }

    /// A whole number from 1 to `most`.
    pub fn whole(self, what: &str, most: u64) -> Result<u64, Problem> {
        let number = match self.value {
            Value::NumberLit(number) => number.value.parse().ok(),
            _ => None,
        };
        let fits = number.filter(|number| (1..=most).contains(number));
        fits.ok_or_else(|| {
            fault(
                self,
                format!("`{what}` must be a whole number from 1 to {most}"),
            )
        })
    }
}
