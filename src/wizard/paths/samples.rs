//! Made-up values: one that each validator and shape accepts, and one for each kind of fact.

use crate::secret::Secret;
use crate::wizard::catalog::{Domain, Fact};
use crate::wizard::engine::Value;

/// A text that the validator accepts.
pub(super) fn text(validator: &str) -> &'static str {
    match validator {
        "anthropic-profile" | "bedrock-profile" => "work",
        "aws-access-key-id" => "AKIAMADEUPMADEUPMADE",
        "aws-profile" => "dev",
        "aws-region" => "eu-west-1",
        "base-url" => "https://gateway.example",
        "duration" => "30d",
        "model-id" => "made-up-model",
        "secret-source" => "env:MADE_UP",
        _ => "made-up",
    }
}

/// A secret that the shape accepts, and that stands out wherever it should not be.
pub(super) fn secret(shape: &str) -> Secret {
    let body = "CANARYcanary0".repeat(9);
    Secret::new(match shape {
        "anthropic-api-key" => format!("sk-ant-api03-{}AA", &body[..93]),
        "anthropic-setup-token" => format!("sk-ant-oat01-{}AA", &body[..93]),
        "aws-secret-key" => body[..40].to_owned(),
        "aws-session-token" => body[..110].to_owned(),
        "bedrock-api-key" => format!("ABSK{}", &body[..100]),
        _ => body,
    })
}

/// A value that a detector or a probe could find, for a fact that no condition asks about; a
/// secret has the `shape` of the question that offers it.
pub(super) fn fact(fact: &Fact, shape: &str) -> Value {
    match fact.domain {
        Domain::Values(values) => Value::text(values[0]),
        Domain::Text => Value::Text(format!("<{}>", fact.name)),
        Domain::List => Value::List(vec![format!("<{}>", fact.name)]),
        Domain::Secret => Value::Secret(secret(shape)),
    }
}
