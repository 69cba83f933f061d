//! What is on disk: our home, the profiles, the configuration, and the one transactional writer.

pub mod home;
pub mod name;
mod parse;
pub mod profile;
pub mod profiles;
mod render;

pub use home::Home;
pub use name::{Name, ProfileId};
pub use profile::{Credential, Profile, SecretRef, SecretSource};
pub use profiles::Profiles;
