//! Which kind of system this is, as a value: what other programs do on a Mac can so be told, and
//! tested, anywhere.

/// A family of operating systems that programs treat differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    MacOs,
    Windows,
    /// Linux and the other Unix systems.
    Unix,
}

impl Platform {
    /// The one that this program was built for.
    #[must_use]
    pub const fn here() -> Self {
        if cfg!(target_os = "macos") {
            Self::MacOs
        } else if cfg!(windows) {
            Self::Windows
        } else {
            Self::Unix
        }
    }
}
