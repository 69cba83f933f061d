//! What `.credentials.json` says. Read leniently, as Claude Code does: a field of another type than
//! expected counts as absent. Tokens are looked at and leave their kind behind.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{SOON, Standing};
use crate::document::position::Problem;
use crate::document::selective::{self, Keep, Node};
use crate::secret::Secret;

/// The scope without which no model may be called.
const INFERENCE: &str = "user:inference";

/// What a token's text begins with, which is all that is kept of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// Absent, null or empty.
    #[default]
    None,
    /// `sk-ant-oat…`
    Access,
    /// `sk-ant-ort…`
    Refresh,
    /// Anything else.
    Other,
}

impl TokenKind {
    fn of(token: &Secret) -> Self {
        token.inspect(|text| {
            if text.starts_with("sk-ant-oat") {
                Self::Access
            } else if text.starts_with("sk-ant-ort") {
                Self::Refresh
            } else {
                Self::Other
            }
        })
    }
}

/// The file's content, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub standing: Standing,
    /// Line and column, from 1.
    pub position: Option<(usize, usize)>,
    /// A lowercase fragment.
    pub problem: Option<String>,
    pub plan: Option<String>,
    pub rate_limit_tier: Option<String>,
    pub scopes: Vec<String>,
    pub access: TokenKind,
    pub refresh: TokenKind,
    pub access_expires: Option<Timestamp>,
    pub refresh_expires: Option<Timestamp>,
}

impl Document {
    pub(super) const fn of(standing: Standing) -> Self {
        Self {
            standing,
            position: None,
            problem: None,
            plan: None,
            rate_limit_tier: None,
            scopes: Vec::new(),
            access: TokenKind::None,
            refresh: TokenKind::None,
            access_expires: None,
            refresh_expires: None,
        }
    }

    fn broken(problem: Problem) -> Self {
        Self {
            position: Some((problem.line, problem.column)),
            problem: Some(problem.what),
            ..Self::of(Standing::Broken)
        }
    }
}

/// Judges the text of a login file at the time `now`.
#[must_use]
pub fn classify(text: &str, now: Timestamp) -> Document {
    // Claude Code does not read past it, and finds no login.
    if text.starts_with('\u{feff}') {
        let what = "it begins with a byte-order mark";
        return Document::broken(Problem::at(text, 0, what));
    }
    let file = match selective::read(text, keep) {
        Ok(file) => file,
        Err(problem) => return Document::broken(problem),
    };
    if !file.is_object() {
        return Document::broken(Problem::at(text, 0, "it is not a JSON object"));
    }
    let login = file.get("claudeAiOauth").filter(|login| login.is_object());
    login.map_or_else(
        || Document::of(Standing::NoLogin),
        |login| judge(login, now),
    )
}

fn keep(path: &[String]) -> Keep {
    match path {
        [login] if login == "claudeAiOauth" => Keep::Shape,
        [login, field] if login == "claudeAiOauth" => match field.as_str() {
            "accessToken" | "refreshToken" => Keep::Secret,
            "scopes" | "subscriptionType" | "rateLimitTier" => Keep::Text,
            _ => Keep::Shape,
        },
        _ => Keep::Nothing,
    }
}

fn judge(login: &Node, now: Timestamp) -> Document {
    let token = |name: &str| {
        let secret = login.get(name).and_then(Node::secret);
        secret.map_or(TokenKind::None, TokenKind::of)
    };
    let text = |name: &str| {
        let text = login.get(name).and_then(Node::text);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let time = |name: &str| login.get(name).and_then(Node::number).map(timestamp);
    let scopes = login.get("scopes").map_or(&[][..], Node::list);
    let mut document = Document {
        plan: text("subscriptionType"),
        rate_limit_tier: text("rateLimitTier"),
        scopes: scopes
            .iter()
            .filter_map(Node::text)
            .map(str::to_owned)
            .collect(),
        access: token("accessToken"),
        refresh: token("refreshToken"),
        access_expires: time("expiresAt"),
        refresh_expires: time("refreshTokenExpiresAt"),
        ..Document::of(Standing::NoLogin)
    };
    let blanked = login.get("accessToken").and_then(Node::text).is_some();
    document.standing = if document.access != TokenKind::None {
        standing(&document, now)
    } else if blanked {
        Standing::Blanked
    } else {
        Standing::NoLogin
    };
    document
}

fn standing(found: &Document, now: Timestamp) -> Standing {
    if !found.scopes.iter().any(|scope| scope == INFERENCE) {
        return Standing::NoInference;
    }
    let past = |time: Option<Timestamp>| time.is_some_and(|time| time <= now);
    let ends = match found.refresh {
        TokenKind::None => found.access_expires,
        _ => found.refresh_expires,
    };
    if past(ends) {
        Standing::Dead
    } else if ends.is_some_and(|ends| ends.duration_since(now) < SOON) {
        Standing::EndingSoon
    } else if past(found.access_expires) {
        Standing::Refreshable
    } else {
        Standing::Valid
    }
}

/// Milliseconds since 1970; what is out of range is the nearest time there is.
fn timestamp(milliseconds: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let whole = milliseconds as i64;
    Timestamp::from_millisecond(whole).unwrap_or(if whole < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}
