//! What is on disk: our home, the profiles, the configuration, and the one transactional writer.

pub mod home;
pub mod name;
pub mod profile;

pub use home::Home;
pub use name::{Name, ProfileId};
pub use profile::{Credential, Profile, SecretRef, SecretSource};
