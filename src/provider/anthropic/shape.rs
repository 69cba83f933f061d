//! What a text that should be an Anthropic API key looks like. Decided from the text alone; the
//! answer never contains a part of it.
//!
//! The prefix routes: it says what kind of credential this is. A length is only ever a warning,
//! because new kinds of keys may differ.

use crate::error::{Error, Kind};
use crate::secret::Secret;

pub(super) mod known;

use known::Known;

/// Characters of an API key as Anthropic makes them: `sk-ant-api03-`, 93 characters, `AA`.
pub const USUAL_LENGTH: usize = 108;
/// Bytes above which a text is not examined further.
pub const LENGTH_LIMIT: usize = 4096;
/// Characters after the prefix that any real key has at least.
const SHORTEST_BODY: usize = 8;
const KEY_PREFIX: &str = "sk-ant-api";

/// Whether the text can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Fine,
    Warn,
    Refuse,
}

macro_rules! forms {
    ($($name:ident $id:literal $severity:ident $what:literal $why:literal $instead:literal,)+) => {
        /// The classes of text, by the mistake that makes them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Form { $($name,)+ }

        impl Form {
            /// Every form.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable name in JSON.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// What it looks like: a lowercase fragment that fits after "this is".
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)+ }
            }

            /// Why that is wrong: a sentence.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Self::$name => $why,)+ }
            }

            /// What to do: a sentence.
            #[must_use]
            pub const fn instead(self) -> &'static str {
                match self { $(Self::$name => $instead,)+ }
            }
        }
    };
}

pub(super) use forms;

forms! {
    ApiKey "api-key" Fine "an Anthropic API key"
        "It has the form of an API key." "Nothing needs to be changed.",
    GatewayKey "gateway-key" Fine "a key for a gateway"
        "A gateway decides on the form of its own keys." "Nothing needs to be changed.",
    UnusualLength "unusual-length" Warn "an API key of an unusual length"
        "An Anthropic API key usually has 108 characters; this one has more."
        "Compare it with the page it was copied from, if it does not work.",
    Truncated "truncated" Warn "an API key that is probably cut off"
        "An Anthropic API key usually has 108 characters; this one has fewer, as happens when one line of a wrapped key is copied."
        "Copy it again with the copy button of the page, or widen the terminal first.",
    UnknownKind "unknown-kind" Warn "an Anthropic credential of a kind that is not known here"
        "It starts with `sk-ant-`, but not as an API key does."
        "Make sure that it is an API key from platform.claude.com/settings/keys.",
    OddCharacter "odd-character" Warn "an API key with a character that Anthropic's keys do not have"
        "Keys consist of letters, digits, `-` and `_`."
        "Copy the key again, without what surrounds it.",
    Empty "empty" Refuse "empty"
        "There is nothing in it." "Paste the key, or name the file, variable or pipe that holds it.",
    Blank "blank" Refuse "blank"
        "It holds white space only." "Paste the key, or name the file, variable or pipe that holds it.",
    TooShort "too-short" Refuse "only the beginning of an API key"
        "Hardly anything follows the prefix." "Copy the whole key: 108 characters.",
    TooLong "too-long" Refuse "far too long"
        "No key has more than 4096 characters: this is probably a whole file." "Give the key alone.",
    Binary "binary" Refuse "binary data"
        "It holds bytes that no key contains." "Name the text file that holds the key, or paste the key.",
    Doubled "doubled" Refuse "two keys in one"
        "A second key begins inside of it, as happens when something is pasted twice." "Paste one key.",
    Placeholder "placeholder" Refuse "a placeholder"
        "It stands for a key in an example." "Put your own key in its place.",
    Masked "masked" Refuse "a masked key"
        "Some of its characters were hidden, so the key cannot be read from it."
        "A key is shown in full only once, when it is made: find where you saved it, or create a new one.",
    WhiteSpace "white-space" Refuse "a key with white space in it"
        "A key has no white space." "Remove it, or copy the key again.",
    ControlCharacter "control-character" Refuse "a key with a control character in it"
        "A key has no line breaks and no other control characters." "Copy the key again.",
    NotAscii "not-ascii" Refuse "a key with a character outside of ASCII in it"
        "Keys consist of ASCII characters; some programs replace quotes and hyphens, or add invisible characters."
        "Copy the key from the page where it was made, not from a document or a chat.",
    Quoted "quoted" Refuse "a key with quotes in it"
        "The quotes belong to a shell or a file, not to the key." "Remove the quotes.",
    SetupToken "setup-token" Refuse "a subscription token (`claude setup-token`)"
        "It belongs to a Claude subscription and works with Claude Code only, not with the API."
        "Create an API key at platform.claude.com/settings/keys, or hand the token to Claude Code as CLAUDE_CODE_OAUTH_TOKEN.",
    RefreshToken "refresh-token" Refuse "a refresh token of a Claude login"
        "It is used up by the program that owns it, and copying it signs that program out."
        "Create an API key at platform.claude.com/settings/keys, and leave the login to Claude Code.",
    AdminKey "admin-key" Refuse "an admin key"
        "It manages an organization and cannot call models." "Create an API key at platform.claude.com/settings/keys.",
    SessionCookie "session-cookie" Refuse "the session cookie of a browser signed in to claude.ai"
        "Whoever holds it is signed in as you, and the API does not take it."
        "Sign out of that browser session to end the cookie, then create an API key at platform.claude.com/settings/keys.",
    OpenAi "openai-key" Refuse "an OpenAI key"
        "Anthropic does not know the keys of other providers." "Create an API key at platform.claude.com/settings/keys.",
    OpenRouter "openrouter-key" Refuse "an OpenRouter key"
        "It works with openrouter.ai only." "Create an API key at platform.claude.com/settings/keys.",
    AwsAccessKey "aws-access-key" Refuse "an AWS access key id"
        "It is for Amazon Bedrock, and is one half of a pair." "Create an API key at platform.claude.com/settings/keys.",
    BedrockKey "bedrock-key" Refuse "an Amazon Bedrock API key"
        "It works with Amazon Bedrock only." "Create an API key at platform.claude.com/settings/keys.",
    GoogleKey "google-key" Refuse "a Google API key"
        "Anthropic does not know the keys of other providers." "Create an API key at platform.claude.com/settings/keys.",
    GitHubToken "github-token" Refuse "a GitHub token"
        "It gives access to repositories, not to models." "Create an API key at platform.claude.com/settings/keys.",
    WebToken "web-token" Refuse "a JSON web token"
        "It signs in to another service and runs out within hours." "Create an API key at platform.claude.com/settings/keys.",
    AnotherProviders "another-providers-key" Refuse "a key of another provider"
        "Each provider knows its own keys alone, and shall not see those of others."
        "Create a key on the provider's own page.",
    PrivateKey "private-key" Refuse "a private key or a certificate"
        "It belongs to SSH or TLS." "Create an API key at platform.claude.com/settings/keys.",
    Document "document" Refuse "a JSON document"
        "The key may be in it, but it is not the key." "Give the value of the key alone.",
    Address "address" Refuse "a web address"
        "It leads to a page." "Open it, create a key there, and paste the key.",
    NotAKey "not-a-key" Refuse "not an Anthropic API key"
        "An Anthropic API key starts with `sk-ant-api`." "Create one at platform.claude.com/settings/keys.",
}

/// What a text looks like, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub form: Form,
    /// Characters in all.
    pub length: usize,
    /// The character that the finding is about, counted from 1.
    pub position: Option<usize>,
}

impl Shape {
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.form.id()
    }

    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.form.severity()
    }

    /// What it looks like, with the place or length where that is the point: "a key with white
    /// space in it (at character 12 of 108)".
    #[must_use]
    pub fn what(&self) -> String {
        let what = self.form.what();
        match (self.form, self.position) {
            (_, Some(position)) => format!("{what} (at character {position} of {})", self.length),
            (Form::Truncated | Form::UnusualLength | Form::TooShort | Form::TooLong, None) => {
                format!("{what} ({} characters)", self.length)
            }
            _ => what.to_owned(),
        }
    }

    /// Why it is wrong and what to do, in two or three sentences.
    #[must_use]
    pub fn advice(&self) -> String {
        format!("{} {}", self.form.why(), self.form.instead())
    }

    /// The error for a text that cannot be used (exit 65); `None` for one that can.
    #[must_use]
    pub fn refusal(&self) -> Option<Error> {
        (self.severity() == Severity::Refuse).then(|| {
            Error::new(
                Kind::MalformedCredential,
                format!("the key cannot be used: it is {}", self.what()),
            )
            .hint(self.advice())
        })
    }
}

/// What `key` looks like, when it should be an API key for Anthropic's own host.
#[must_use]
pub fn check_api_key(key: &Secret) -> Shape {
    key.inspect(|text| shape(text, anthropic_form(text)))
}

/// What `key` looks like, when it should be a key for a gateway (another base URL): any text that
/// a header can carry, but no placeholder and no mask.
#[must_use]
pub fn check_gateway_key(key: &Secret) -> Shape {
    key.inspect(|text| {
        let found = content(text).unwrap_or(Found::of(Form::GatewayKey));
        shape(text, found)
    })
}

/// Beginnings that say whose key it is.
const BEGINNINGS: &[&str] = &[
    "sk-ant-",
    "sk-or-",
    "sk-proj-",
    "AIza",
    "AKIA",
    "ASIA",
    "ABSK",
    "bedrock-api-key-",
    "ghp_",
    "github_pat_",
];
/// Whose beginning is that of OpenAI's keys, too.
const LIKE_OPENAI: &[&str] = &["sk-ant-", "sk-or-"];

/// What `key` looks like, when it should be a key of another provider than Anthropic, whose keys
/// `own` knows: as [`check_gateway_key`], and no key that is known to be somebody else's.
#[must_use]
pub fn check_foreign_key(key: &Secret, own: fn(&str) -> bool) -> Shape {
    key.inspect(|text| {
        let start = |beginning: &&&str| text.trim_start().starts_with(**beginning);
        let whose = BEGINNINGS.iter().find(start);
        let another = whose.is_some_and(|whose| {
            // OpenAI's own beginning is a part of those.
            !own(whose) || (LIKE_OPENAI.contains(whose) && own("sk-proj-"))
        });
        let found = match content(text) {
            Some(found) => found,
            None if another => Found::of(Form::AnotherProviders),
            None => Found::of(Form::GatewayKey),
        };
        shape(text, found)
    })
}

/// A form, and the character that it is about.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub form: Form,
    pub position: Option<usize>,
}

impl Found {
    const fn of(form: Form) -> Self {
        Self {
            form,
            position: None,
        }
    }
}

fn shape(text: &str, found: Found) -> Shape {
    Shape {
        form: found.form,
        length: text.chars().count(),
        position: found.position,
    }
}

fn anthropic_form(text: &str) -> Found {
    if let Some(found) = unreadable(text) {
        return found;
    }
    match known::kind(text.trim()) {
        // These explain more than a stray character in them would.
        Some(Known::Certain(form)) => Found::of(form),
        Some(Known::Prefix(form)) => content(text).unwrap_or(Found::of(form)),
        None => content(text).unwrap_or_else(|| by_length(text)),
    }
}

/// An Anthropic API key, or something without a known prefix.
fn by_length(text: &str) -> Found {
    let Some(rest) = text.strip_prefix(KEY_PREFIX) else {
        return Found::of(if text.starts_with("sk-ant-") {
            Form::UnknownKind
        } else {
            Form::NotAKey
        });
    };
    let odd = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
    if !known::is_plain(text)
        && let Some(index) = text.chars().position(odd)
    {
        return Found {
            form: Form::OddCharacter,
            position: Some(index + 1),
        };
    }
    let body = rest.split_once('-').map_or("", |(_, body)| body);
    Found::of(match text.len() {
        _ if body.len() < SHORTEST_BODY => Form::TooShort,
        USUAL_LENGTH => Form::ApiKey,
        length if length < USUAL_LENGTH => Form::Truncated,
        _ => Form::UnusualLength,
    })
}

/// Texts that are not looked at as a key at all.
fn unreadable(text: &str) -> Option<Found> {
    let form = if text.is_empty() {
        Form::Empty
    } else if text.len() > LENGTH_LIMIT {
        Form::TooLong
    } else if known::is_plain(text) {
        return None;
    } else if text.chars().all(char::is_whitespace) {
        Form::Blank
    } else if text.chars().any(is_binary) {
        Form::Binary
    } else {
        return None;
    };
    Some(Found::of(form))
}

fn is_binary(c: char) -> bool {
    c == '\0' || c == char::REPLACEMENT_CHARACTER || ('\u{1}'..'\u{7}').contains(&c)
}

/// What is wrong with the characters, whatever the kind of key.
pub(super) fn content(text: &str) -> Option<Found> {
    if let Some(found) = unreadable(text) {
        return Some(found);
    }
    let plain = known::is_plain(text);
    let lower = known::lowered(text);
    if known::is_masked(text, &lower, plain) {
        return Some(Found::of(Form::Masked));
    }
    if known::is_placeholder(text, &lower) {
        return Some(Found::of(Form::Placeholder));
    }
    if known::is_doubled(text) {
        return Some(Found::of(Form::Doubled));
    }
    if plain {
        return None;
    }
    text.chars().enumerate().find_map(|(index, c)| {
        let form = match c {
            '"' | '\'' | '`' => Form::Quoted,
            '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' => Form::Quoted,
            c if c.is_control() => Form::ControlCharacter,
            c if c.is_whitespace() => Form::WhiteSpace,
            c if !c.is_ascii() => Form::NotAscii,
            _ => return None,
        };
        Some(Found {
            form,
            position: Some(index + 1),
        })
    })
}

#[cfg(test)]
mod tests;
