//! An answers file to fill in: every answer that a flow takes, with what it accepts as its value.

use serde_json::{Map, Value, json};

use super::declared::{Kind, declared};
use crate::wizard::flow::Flow;

/// The template of one flow. Secrets are references; what the flow decides by itself has the value
/// that it would take.
#[must_use]
pub fn template(flow: &Flow) -> Value {
    let mut answers = Map::new();
    answers.insert("flow".to_owned(), json!(flow.id));
    let risks: Vec<&str> = flow
        .steps
        .iter()
        .filter_map(|step| step.note.as_ref()?.risk.as_deref())
        .collect();
    if !risks.is_empty() {
        answers.insert("acceptRisk".to_owned(), json!(risks));
    }
    for answer in declared(flow) {
        let value = match answer.kind {
            Kind::Secret { .. } => {
                let name = answer.environment().first().map_or("NAME", String::as_str);
                json!({ "env": name })
            }
            Kind::Choose {
                unattended: Some(value),
                ..
            }
            | Kind::YesNo {
                unattended: Some(value),
            } => json!(value),
            Kind::Text { optional: true, .. } => {
                let default = answer.step.ask.as_ref().and_then(|ask| ask.default.clone());
                json!(default.unwrap_or_else(|| answer.accepts()))
            }
            Kind::Choose { .. } | Kind::YesNo { .. } | Kind::Text { .. } => json!(answer.accepts()),
        };
        answers.entry(answer.variable).or_insert(value);
    }
    Value::Object(answers)
}
