//! What an entry of the closed lists says.

use crate::exit::Exit;
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

/// A field of `with`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    Profile,
    Secret,
    BaseUrl,
    Model,
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
    /// It opens a page.
    pub takes_link: bool,
    pub outcomes: &'static [&'static str],
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
