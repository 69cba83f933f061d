//! What went wrong: a kind (which decides the exit code), a message, a cause chain and, when we
//! know it, a hint. Errors are rendered in `ui` only.
//!
//! A message is a lowercase fragment that fits after "failed to" or "error:", and never quotes a
//! value from a file or from the user that could be a secret.

use std::fmt;
use std::path::PathBuf;

use crate::exit::Exit;

/// The shorthand used all over the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! kinds {
    ($($name:ident $code:literal $exit:ident $meaning:literal,)+) => {
        /// What class of failure this is. Decides the exit code and the `code` of JSON errors.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $(#[doc = $meaning] $name,)+ }

        impl Kind {
            /// Every kind, in the order in which `help exit-codes` lists them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable name that JSON errors carry, in kebab-case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The exit code that belongs to this kind.
            #[must_use]
            pub const fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit,)+ }
            }

            /// One line for `help exit-codes`.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }
        }
    };
}

kinds! {
    Usage "usage" Usage "the command line is not understood",
    MissingAnswers "missing-answers" Usage "answers are missing and there is no terminal to ask on",
    Rejected "rejected" Problem "the provider refused the credential",
    Limited "limited" Problem "the provider accepted the credential but limits it now",
    Unreachable "unreachable" Undetermined "the network or the provider gave no usable answer",
    NotFound "not-found" Problem "what was named does not exist",
    Conflict "conflict" Problem "something is there already, or changed meanwhile",
    MalformedCredential "malformed-credential" Malformed "the credential cannot be what it is said to be",
    Malformed "malformed" Malformed "a file does not have the form it must have",
    MissingProgram "missing-program" MissingProgram "a needed program is not installed",
    CannotCreate "cannot-create" CannotCreate "a file or folder cannot be created",
    Io "io" Io "reading or writing failed",
    Locked "locked" Io "another keywright held the lock for too long",
    Permission "permission" Permission "the system refused access",
    Config "config" Config "the configuration or the environment is unusable",
    Interrupted "interrupted" Interrupted "the user cancelled",
    HungUp "hung-up" HungUp "the terminal hung up",
    Terminated "terminated" Terminated "the process was told to end",
}

/// An answer that a run without a terminal would have needed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    /// The flow variable.
    pub variable: String,
    /// Why it is needed, in words.
    pub because: String,
    /// The flags that give it.
    pub flag: String,
    /// The environment variable that gives it, if one is declared.
    pub env: Option<String>,
    /// Its key in an answers file; empty for a command that takes none.
    pub answers_key: String,
    /// What is accepted, in words.
    pub accepts: String,
}

/// A failure on its way to the one place that renders it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    details: Box<Details>,
}

#[derive(Debug, Default)]
struct Details {
    hint: Option<String>,
    path: Option<PathBuf>,
    request_id: Option<String>,
    missing: Vec<Missing>,
    snippet: Option<String>,
}

impl Error {
    /// An error of `kind`; the message is a lowercase fragment without a period.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            details: Box::default(),
        }
    }

    /// Wrong usage, exit 64.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// An I/O failure on `path`; the kind follows the operating system's error.
    pub fn io(action: &str, path: impl Into<PathBuf>, error: std::io::Error) -> Self {
        use std::io::ErrorKind as E;
        let path = path.into();
        let kind = match error.kind() {
            E::PermissionDenied | E::ReadOnlyFilesystem => Kind::Permission,
            E::NotFound => Kind::NotFound,
            _ => Kind::Io,
        };
        Self::new(kind, format!("{action} {}", path.display()))
            .path(path)
            .caused_by(error)
    }

    /// What to type or do about it: a full sentence or a command.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.details.hint = Some(hint.into());
        self
    }

    /// The file or folder that the failure is about.
    #[must_use]
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.details.path = Some(path.into());
        self
    }

    /// The server's `request-id`, kept for support requests.
    #[must_use]
    pub fn request_id(mut self, id: Option<String>) -> Self {
        self.details.request_id = id;
        self
    }

    /// All answers that are missing.
    #[must_use]
    pub fn missing(mut self, missing: Vec<Missing>) -> Self {
        self.details.missing = missing;
        self
    }

    /// Source lines with a caret, already laid out; shown under the message in text output.
    #[must_use]
    pub fn snippet(mut self, snippet: impl Into<String>) -> Self {
        self.details.snippet = Some(snippet.into());
        self
    }

    /// The cause, kept for the chain.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same failure seen as another kind, where the caller knows better.
    #[must_use]
    pub const fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.kind.exit()
    }

    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    #[must_use]
    pub fn hint_text(&self) -> Option<&str> {
        self.details.hint.as_deref()
    }

    #[must_use]
    pub fn path_text(&self) -> Option<String> {
        Some(self.details.path.as_ref()?.display().to_string())
    }

    #[must_use]
    pub fn request_id_text(&self) -> Option<&str> {
        self.details.request_id.as_deref()
    }

    #[must_use]
    pub fn missing_answers(&self) -> &[Missing] {
        &self.details.missing
    }

    #[must_use]
    pub fn snippet_text(&self) -> Option<&str> {
        self.details.snippet.as_deref()
    }

    /// The causes below this error, outermost first.
    pub fn causes(&self) -> impl Iterator<Item = String> + '_ {
        let first = self.source.as_deref().map(|e| e as &dyn std::error::Error);
        std::iter::successors(first, |e| e.source()).map(ToString::to_string)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for cause in self.causes() {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}
