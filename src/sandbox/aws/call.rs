//! The calls that the sandbox knows, told apart by method and path, with the permission that each
//! needs.

use super::admit::Caller;
use super::fault::Service;
use super::models::{self, ACCOUNT};
use super::{Request, form, signature};
use crate::sandbox::keys::aws::Scope;

/// A call of STS, of the portal, of Bedrock's control plane or of its runtime.
#[derive(Debug, PartialEq, Eq)]
pub enum Call {
    Identity,
    AssumeRole,
    /// An action of STS that is not here.
    OtherAction(String),
    RoleCredentials,
    Models,
    Profiles,
    Profile(String),
    Availability(String),
    UseCase,
    CountTokens(String),
    Invoke(String),
    InvokeStream(String),
    /// A path of Bedrock that is not here.
    Unknown,
}

impl Call {
    /// The call that a request is; `None` when it is not meant for AWS.
    #[must_use]
    pub fn of(request: &Request<'_>) -> Option<Self> {
        let path = request.parts.uri.path();
        let method = request.parts.method.as_str();
        let segments: Vec<String> = path
            .trim_matches('/')
            .splitn(3, '/')
            .map(signature::decode)
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        Some(match (method, segments.as_slice()) {
            (_, [""]) => Self::of_sts(request)?,
            ("GET", ["federation", "credentials"]) => Self::RoleCredentials,
            ("GET", ["foundation-models"]) => Self::Models,
            ("GET", ["inference-profiles"]) => Self::Profiles,
            ("GET", ["inference-profiles", id]) => Self::Profile((*id).to_owned()),
            ("GET", ["foundation-model-availability", id]) => Self::Availability((*id).to_owned()),
            ("GET", ["use-case-for-model-access"]) => Self::UseCase,
            ("POST", ["model", id, "count-tokens"]) => Self::CountTokens((*id).to_owned()),
            ("POST", ["model", id, "invoke"]) => Self::Invoke((*id).to_owned()),
            ("POST", ["model", id, "invoke-with-response-stream"]) => {
                Self::InvokeStream((*id).to_owned())
            }
            (
                _,
                [
                    "model"
                    | "foundation-models"
                    | "inference-profiles"
                    | "use-case-for-model-access"
                    | "foundation-model-availability",
                    ..,
                ],
            ) => Self::Unknown,
            _ => return None,
        })
    }

    /// STS is asked by a form or by a query.
    fn of_sts(request: &Request<'_>) -> Option<Self> {
        let body = std::str::from_utf8(request.body).unwrap_or_default();
        let action = form(body, "Action").or_else(|| request.query("Action"))?;
        Some(match action.as_str() {
            "GetCallerIdentity" => Self::Identity,
            "AssumeRole" => Self::AssumeRole,
            _ => Self::OtherAction(action),
        })
    }

    #[must_use]
    pub fn service(&self) -> Service {
        match self {
            Self::Identity | Self::AssumeRole | Self::OtherAction(_) => Service::Sts,
            Self::RoleCredentials => Service::Portal,
            _ => Service::Bedrock,
        }
    }

    /// The model that it names.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::Availability(id)
            | Self::Profile(id)
            | Self::CountTokens(id)
            | Self::Invoke(id)
            | Self::InvokeStream(id) => Some(id),
            _ => None,
        }
    }

    /// The permission that it needs.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Identity | Self::OtherAction(_) => "sts:GetCallerIdentity",
            Self::AssumeRole => "sts:AssumeRole",
            Self::RoleCredentials => "sso:GetRoleCredentials",
            Self::Models => "bedrock:ListFoundationModels",
            Self::Profiles => "bedrock:ListInferenceProfiles",
            Self::Profile(_) => "bedrock:GetInferenceProfile",
            Self::Availability(_) => "bedrock:GetFoundationModelAvailability",
            Self::UseCase => "bedrock:GetUseCaseForModelAccess",
            Self::CountTokens(_) => "bedrock:CountTokens",
            Self::Invoke(_) | Self::Unknown => "bedrock:InvokeModel",
            Self::InvokeStream(_) => "bedrock:InvokeModelWithResponseStream",
        }
    }

    /// What the permission is for.
    #[must_use]
    pub fn resource(&self, caller: &Caller) -> String {
        let region = caller.region();
        match self.model() {
            Some(id) if id.starts_with("arn:") => id.to_owned(),
            Some(id) => match models::find(id) {
                Some((_, models::Form::Profile)) => {
                    format!("arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{id}")
                }
                _ => format!("arn:aws:bedrock:{region}::foundation-model/{id}"),
            },
            None if *self == Self::Profiles => {
                format!("arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/*")
            }
            None => "*".to_owned(),
        }
    }

    /// Whether a refusal of that scope is for this call.
    #[must_use]
    pub fn is_in(&self, scope: Scope) -> bool {
        let counts = matches!(self, Self::CountTokens(_));
        let invokes = matches!(self, Self::Invoke(_) | Self::InvokeStream(_));
        match scope {
            Scope::Everything => true,
            Scope::Identity => self.service() == Service::Sts,
            Scope::Bedrock => self.service() == Service::Bedrock,
            Scope::Models => *self == Self::Models,
            Scope::Profiles => matches!(self, Self::Profiles | Self::Profile(_)),
            Scope::Availability => matches!(self, Self::Availability(_)),
            Scope::UseCase => *self == Self::UseCase,
            Scope::Runtime => counts || invokes,
            Scope::CountTokens => counts,
            Scope::Invoke => invokes,
        }
    }
}
