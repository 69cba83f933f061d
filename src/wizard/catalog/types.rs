//! What an entry of the closed lists says.

use crate::exit::Exit;
use crate::provider::paste::looks_like_secret;
use crate::secret::Secret;

/// The values that a variable can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// One of these.
    Values(&'static [&'static str]),
    /// Any text.
    Text,
    /// A list of texts.
    List,
    Secret,
}

/// A variable that a detector or a probe sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub domain: Domain,
    /// It may be left unset.
    pub optional: bool,
}

macro_rules! inputs {
    ($($input:ident $name:literal $takes:ident,)+) => {
        /// A field of `with`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Input { $($input,)+ }

        impl Input {
            /// Every field, in the order in which they are told.
            pub const ALL: &[Self] = &[$(Self::$input,)+];

            /// Its name in a flow file.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$input => $name,)+ }
            }

            /// What the variable named there must be.
            #[must_use]
            pub const fn takes(self) -> Takes {
                match self { $(Self::$input => Takes::$takes,)+ }
            }
        }
    };
}

inputs! {
    Profile "profile" Text,
    Secret "secret" Secret,
    BaseUrl "base_url" Text,
    Model "model" Text,
    Lifetime "lifetime" MaybeText,
    ConfigDir "config_dir" Text,
    Source "source" Text,
    Method "method" Text,
    AccessKeyId "access_key_id" MaybeText,
    SecretKey "secret_key" MaybeSecret,
    SessionToken "session_token" MaybeSecret,
    Bearer "bearer" MaybeSecret,
    AwsProfile "aws_profile" MaybeText,
    Region "region" Text,
}

/// What a field of `with` wants. `Maybe`: the variable need not be set on every way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Text,
    MaybeText,
    Secret,
    MaybeSecret,
}

/// Something that reads local facts.
#[derive(Debug, PartialEq, Eq)]
pub struct Detector {
    pub id: &'static str,
    pub about: &'static str,
    pub needs: &'static [Input],
    pub takes: &'static [Input],
    pub sets: &'static [Fact],
}

/// Something that is tried over the network.
#[derive(Debug, PartialEq, Eq)]
pub struct Probe {
    pub id: &'static str,
    pub about: &'static str,
    pub needs: &'static [Input],
    pub takes: &'static [Input],
    pub outcomes: &'static [&'static str],
    pub sets: &'static [Fact],
}

/// A program that may get the terminal, or the browser.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    pub id: &'static str,
    pub about: &'static str,
    pub opens: Opens,
    pub outcomes: &'static [&'static str],
}

/// What a program of a handoff is.
#[derive(Debug, PartialEq, Eq)]
pub enum Opens {
    /// A page in the browser.
    Page,
    /// A program that gets this very terminal: its words, and the field of `with` whose value goes
    /// after them.
    Terminal {
        words: &'static [&'static str],
        last: Option<Input>,
    },
}

/// A page on the web.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    pub id: &'static str,
    pub url: &'static str,
}

/// What a typed text must be.
#[derive(Clone, Copy, Debug)]
pub struct Validator {
    pub id: &'static str,
    /// What is accepted, in words.
    pub accepts: &'static str,
    /// The text in its proper form, or why it is not accepted.
    pub check: fn(&str) -> Result<String, String>,
}

impl Validator {
    /// The text may be a secret in the wrong place: it is taken off the screen, and not kept. The
    /// id of an access key looks like a secret and is none; what is longer may be its secret.
    #[must_use]
    pub fn hides(&self, text: &str) -> bool {
        const LONGEST_ID: usize = 20;
        let text = text.trim();
        if self.id == "aws-access-key-id" {
            (self.check)(text).is_err() && (text.len() > LONGEST_ID || looks_like_secret(text))
        } else {
            looks_like_secret(text)
        }
    }
}

/// What a secret must look like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub id: &'static str,
    /// What is accepted, in words.
    pub accepts: &'static str,
    /// Why it is not accepted, without a part of it.
    pub check: fn(&Secret, Destination) -> Looks,
}

/// Whom a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The provider itself.
    Provider,
    /// Another address, which has its own rules for its keys.
    Gateway,
}

/// What a secret looks like; never with a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looks {
    Right,
    /// It may be used, but something is odd.
    Odd(String),
    /// It cannot be used: the likely mistake, and what to do.
    Wrong(String),
}

/// A kind of credential that a flow can store.
#[derive(Debug, PartialEq, Eq)]
pub struct CredentialKind {
    pub id: &'static str,
    /// What people call it, in one word.
    pub noun: &'static str,
    /// The part of a profile id before the colon.
    pub provider: &'static str,
    /// Beside the profile's name.
    pub needs: &'static [Input],
    pub takes: &'static [Input],
}

/// How a flow can end.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    pub id: &'static str,
    pub about: &'static str,
    pub exit: Exit,
}

impl PartialEq for Validator {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Validator {}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Shape {}
