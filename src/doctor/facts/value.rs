//! What can be said about a value without saying the value: what it looks like, its mask, its
//! length, a fingerprint, and where something stands in it that should not.

use serde::{Deserialize, Serialize};

/// A value, described.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Value {
    pub looks: Looks,
    /// Public prefix and last four characters.
    pub masked: String,
    /// Characters.
    pub length: usize,
    /// Tells two values apart. `None` for a value too short to hide behind it.
    pub fingerprint: Option<String>,
    /// In the order of their position.
    pub defects: Vec<Defect>,
}

/// What a value looks like, by its prefix alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Looks {
    /// `sk-ant-api03-`
    AnthropicApiKey,
    /// `sk-ant-oat01-`, of `claude setup-token` or a login.
    SubscriptionToken,
    /// `sk-ant-ort01-`
    RefreshToken,
    /// `sk-ant-admin01-`
    AdminKey,
    /// `sk-ant-sid01-`
    SessionCookie,
    /// `sk-ant-` and something unknown.
    OtherAnthropic,
    /// `sk-or-v1-`
    OpenRouterKey,
    /// `sk-proj-` or `sk-`
    OpenAiKey,
    /// `AKIA` or `ASIA`
    AwsAccessKeyId,
    /// `ABSK` or `bedrock-api-key-`
    BedrockBearer,
    #[default]
    Unknown,
}

/// Something in a value that should not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Defect {
    pub kind: DefectKind,
    /// The character it starts at, from 1.
    pub position: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefectKind {
    /// Not valid UTF-8; nothing else can be said.
    NotText,
    ByteOrderMark,
    LeadingSpace,
    TrailingSpace,
    InnerSpace,
    Newline,
    CarriageReturn,
    /// Zero-width and other invisible characters.
    Invisible,
    NonAscii,
    /// A quote at either end.
    Quote,
    /// Starts with `Bearer `.
    BearerPrefix,
    /// Starts with `NAME=` or `export NAME=`.
    Assignment,
    /// An unexpanded `$NAME`, `${NAME}` or `%NAME%`.
    Unexpanded,
    /// `your-key-here`, `xxxx`, `changeme`, `<…>` and the like.
    Placeholder,
    /// `…`, `...` or `***`: a masked value.
    Ellipsis,
}

impl DefectKind {
    /// In words, after "there is".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotText => "a byte that is not text",
            Self::ByteOrderMark => "a byte-order mark",
            Self::LeadingSpace => "white space at the start",
            Self::TrailingSpace => "white space at the end",
            Self::InnerSpace => "white space inside",
            Self::Newline => "a line break",
            Self::CarriageReturn => "a carriage return",
            Self::Invisible => "an invisible character",
            Self::NonAscii => "a character outside ASCII",
            Self::Quote => "a quotation mark",
            Self::BearerPrefix => "the word Bearer",
            Self::Assignment => "an assignment (NAME=)",
            Self::Unexpanded => "a variable that was not expanded",
            Self::Placeholder => "a placeholder",
            Self::Ellipsis => "an ellipsis, as in a masked value",
        }
    }
}
