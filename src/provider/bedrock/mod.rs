//! Amazon Bedrock: its credentials, regions and models, the requests that try them, and what the
//! replies of STS and Bedrock mean. Pure.
//!
//! | file | what |
//! |---|---|
//! | `shape` | what an access key, a secret, a session token and a Bedrock API key look like |
//! | `region` | regions: well formed, known, and the inference profiles that belong to them |
//! | `model` | model ids: bare, with a profile's prefix, as an ARN, about to go |
//! | `endpoint` | where STS and Bedrock are, and which addresses a credential may be sent to |
//! | `call` | the calls, as requests |
//! | `sign` | Signature Version 4 |
//! | `classify` | what a reply means |
//! | `listing` | what the lists of models and profiles hold |

pub mod call;
pub mod classify;
pub mod endpoint;
mod fault;
pub mod listing;
pub mod model;
pub mod region;
pub mod shape;
#[cfg(feature = "bedrock")]
mod sign;

pub use call::Call;
pub use endpoint::Endpoints;
pub use region::Region;

use crate::secret::Secret;

/// The part of a profile id before the colon.
pub const ID: &str = "bedrock";

/// What a request to AWS is made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    Keys(AccessKeys),
    /// A Bedrock API key.
    Bearer(Secret),
}

/// A pair of keys, and the token of a session where they are temporary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKeys {
    /// `AKIA…` or, temporary, `ASIA…`. No secret.
    pub id: String,
    pub secret: Secret,
    pub session: Option<Secret>,
}
