//! What a text that should be a subscription token (`claude setup-token`) looks like. Decided from
//! the text and the width of the terminal alone; the answer never contains a part of it.
//!
//! The access token of a login starts the same way and is as long: nothing here can tell the two
//! apart.

use super::shape::known::{self, Known};
use super::shape::{self, Severity, forms};
use crate::error::{Error, Kind};
use crate::secret::Secret;

/// Characters of a token as `claude setup-token` makes them.
pub const USUAL_LENGTH: usize = 108;
/// How a token of `claude setup-token` begins, and the access token of a login too.
pub const PREFIX: &str = "sk-ant-oat01-";
/// Columns that most terminals open with: `claude` breaks the token one column before.
const USUAL_WIDTHS: &[usize] = &[80];
/// Characters after the prefix that any real token has at least.
const SHORTEST_BODY: usize = 20;

forms! {
    SetupToken "setup-token" Fine "a subscription token"
        "It has the form of a token of `claude setup-token`. The access token of a login looks the same and ends within hours."
        "Nothing needs to be changed, if it was made by `claude setup-token`.",
    UnusualLength "unusual-length" Warn "a subscription token of an unusual length"
        "A token of `claude setup-token` has 108 characters; this one has more."
        "Make sure that nothing was copied along with it.",
    Truncated "truncated" Warn "a subscription token that is probably cut off"
        "A token of `claude setup-token` has 108 characters; this one has fewer."
        "Copy all of its lines, or widen the terminal to 110 columns and run `claude setup-token` again.",
    CutAtWidth "cut-at-width" Refuse "the first line of a subscription token"
        "It ends where the terminal breaks the line: `claude setup-token` prints the token over two lines there."
        "Copy both lines, or widen the terminal to 110 columns and run `claude setup-token` again.",
    TooShort "too-short" Refuse "only the beginning of a subscription token"
        "Hardly anything follows the prefix." "Copy the whole token: 108 characters.",
    Empty "empty" Refuse "empty"
        "There is nothing in it." "Paste the token, or name the file, variable or pipe that holds it.",
    Blank "blank" Refuse "blank"
        "It holds white space only." "Paste the token, or name the file, variable or pipe that holds it.",
    TooLong "too-long" Refuse "far too long"
        "No token has more than 4096 characters: this is probably a whole file." "Give the token alone.",
    Binary "binary" Refuse "binary data"
        "It holds bytes that no token contains." "Name the text file that holds the token, or paste the token.",
    Doubled "doubled" Refuse "two tokens in one"
        "A second token begins inside of it, as happens when something is pasted twice." "Paste one token.",
    Placeholder "placeholder" Refuse "a placeholder"
        "It stands for a token in an example." "Put your own token in its place.",
    Masked "masked" Refuse "a masked token"
        "Some of its characters were hidden, so the token cannot be read from it."
        "A token is shown once, when it is made: run `claude setup-token` again.",
    Misprinted "misprinted" Refuse "a token with a character that tokens do not have"
        "Tokens consist of letters, digits, `-` and `_`, without white space and quotes."
        "Copy the token again from the terminal where it was made.",
    BrowserCode "browser-code" Refuse "the code of the sign-in page"
        "`claude setup-token` wants it, and shows the token afterwards."
        "Paste the code there, and the token that follows here.",
    RefreshToken "refresh-token" Refuse "the refresh token of a Claude login"
        "It works once and belongs to the program that holds it: copying it signs that program out."
        "Leave the login to Claude Code and make a token with `claude setup-token`.",
    ApiKey "api-key" Refuse "an API key"
        "It belongs to an API account, is billed there, and is no subscription token."
        "Set it up as what it is: `keywright onboard --flow api-key`.",
    AdminKey "admin-key" Refuse "an admin key"
        "It manages an organization and cannot call models." "Make a token with `claude setup-token`.",
    SessionCookie "session-cookie" Refuse "the session cookie of a browser signed in to claude.ai"
        "Whoever holds it is signed in as you, and Claude Code does not take it."
        "Sign out of that browser session to end the cookie, then make a token with `claude setup-token`.",
    AwsKey "aws-key" Refuse "a key for Amazon Bedrock or AWS"
        "It has nothing to do with a Claude subscription."
        "Set it up as what it is: `keywright onboard --flow bedrock`.",
    OtherProvider "other-provider" Refuse "a key of another provider"
        "Claude Code does not know the keys of other providers." "Make a token with `claude setup-token`.",
    Document "document" Refuse "a whole document"
        "The token may be in it, but it is not the token. A login file is not to be copied: its refresh token works once."
        "Make a token with `claude setup-token` and paste it alone.",
    Address "address" Refuse "a web address"
        "It leads to the sign-in page." "Open it, sign in, and paste the token that `claude setup-token` shows afterwards.",
    UnknownKind "unknown-kind" Refuse "an Anthropic credential of another kind"
        "It starts with `sk-ant-`, but not as a subscription token does." "Make a token with `claude setup-token`.",
    NotAToken "not-a-token" Refuse "not a subscription token"
        "A subscription token starts with `sk-ant-oat01-`." "Make one with `claude setup-token`.",
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

    /// What it looks like, with the place or length where that is the point.
    #[must_use]
    pub fn what(&self) -> String {
        let what = self.form.what();
        match (self.form, self.position) {
            (_, Some(position)) => format!("{what} (at character {position} of {})", self.length),
            (
                Form::CutAtWidth
                | Form::Truncated
                | Form::UnusualLength
                | Form::TooShort
                | Form::TooLong,
                None,
            ) => format!("{what} ({} characters)", self.length),
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
                format!("the token cannot be used: it is {}", self.what()),
            )
            .hint(self.advice())
        })
    }
}

/// What `token` looks like, when it should be one of `claude setup-token`. `columns` is the width
/// of the terminal that it may have been printed on.
#[must_use]
pub fn check(token: &Secret, columns: Option<u16>) -> Shape {
    token.inspect(|text| {
        let (form, position) = form(text, columns);
        Shape {
            form,
            length: text.chars().count(),
            position,
        }
    })
}

fn form(text: &str, columns: Option<u16>) -> (Form, Option<usize>) {
    if is_browser_code(text) {
        return (Form::BrowserCode, None);
    }
    match known::kind(text.trim()) {
        Some(Known::Certain(found)) => return (foreign(found), None),
        Some(Known::Prefix(found)) if found != shape::Form::SetupToken => {
            return match shape::content(text) {
                Some(wrong) if !is_misprint(wrong.form) => (content(wrong.form), wrong.position),
                _ => (foreign(found), None),
            };
        }
        _ => {}
    }
    if let Some(wrong) = shape::content(text) {
        return (content(wrong.form), wrong.position);
    }
    (by_length(text, columns), None)
}

/// A token, an API key, or something that nobody knows.
fn by_length(text: &str, columns: Option<u16>) -> Form {
    let Some(body) = text.strip_prefix(PREFIX) else {
        return if text.starts_with("sk-ant-api") {
            Form::ApiKey
        } else if text.starts_with("sk-ant-oat") && PREFIX.starts_with(text) {
            Form::TooShort
        } else if text.starts_with("sk-ant-") {
            Form::UnknownKind
        } else {
            Form::NotAToken
        };
    };
    if !known::is_plain(text) {
        return Form::Misprinted;
    }
    let length = text.len();
    let widths = USUAL_WIDTHS.iter().copied().chain(columns.map(usize::from));
    // One of several rows, or more of them, but not the last one.
    let whole_rows = |width: usize| width > 1 && length.is_multiple_of(width - 1);
    let cut = widths
        .clone()
        .any(|width| length == width || whole_rows(width));
    match length {
        _ if body.len() < SHORTEST_BODY => Form::TooShort,
        USUAL_LENGTH => Form::SetupToken,
        _ if length < USUAL_LENGTH && cut => Form::CutAtWidth,
        _ if length < USUAL_LENGTH => Form::Truncated,
        _ => Form::UnusualLength,
    }
}

/// `code#state`, as the page shows it to be pasted into `claude`.
fn is_browser_code(text: &str) -> bool {
    let part = |part: &str| part.len() >= 16 && known::is_plain(part);
    text.trim()
        .split_once('#')
        .is_some_and(|(code, state)| part(code) && part(state) && !code.starts_with("sk-"))
}

const fn is_misprint(form: shape::Form) -> bool {
    matches!(content(form), Form::Misprinted)
}

/// The same mistake with the characters, said of a token.
const fn content(form: shape::Form) -> Form {
    match form {
        shape::Form::Empty => Form::Empty,
        shape::Form::Blank => Form::Blank,
        shape::Form::TooLong => Form::TooLong,
        shape::Form::Binary => Form::Binary,
        shape::Form::Doubled => Form::Doubled,
        shape::Form::Placeholder => Form::Placeholder,
        shape::Form::Masked => Form::Masked,
        _ => Form::Misprinted,
    }
}

/// Something that is known, and no token.
const fn foreign(form: shape::Form) -> Form {
    match form {
        shape::Form::RefreshToken => Form::RefreshToken,
        shape::Form::AdminKey => Form::AdminKey,
        shape::Form::SessionCookie => Form::SessionCookie,
        shape::Form::AwsAccessKey | shape::Form::BedrockKey => Form::AwsKey,
        shape::Form::Document | shape::Form::PrivateKey => Form::Document,
        shape::Form::Address => Form::Address,
        _ => Form::OtherProvider,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up token of that many characters.
    fn token(length: usize) -> String {
        let body = "aB3_-xY9z".repeat(length.div_ceil(9));
        format!("{PREFIX}{}", &body[..length - PREFIX.len()])
    }

    fn looks(text: &str, columns: Option<u16>, expected: Form) {
        let shape = check(&Secret::new(text), columns);
        assert_eq!(shape.form, expected, "{text:?} {columns:?}");
    }

    #[test]
    fn lengths() {
        let check = |length: usize, columns, expected| looks(&token(length), columns, expected);
        check(108, None, Form::SetupToken);
        check(108, Some(108), Form::SetupToken);
        check(108, Some(109), Form::SetupToken);
        check(109, None, Form::UnusualLength);
        check(107, None, Form::Truncated);
        check(107, Some(108), Form::CutAtWidth);
        check(99, None, Form::Truncated);
        check(99, Some(100), Form::CutAtWidth);
        check(100, Some(100), Form::CutAtWidth);
        check(79, None, Form::CutAtWidth);
        check(80, None, Form::CutAtWidth);
        check(79, Some(200), Form::CutAtWidth);
        check(78, None, Form::Truncated);
        check(81, None, Form::Truncated);
        check(39, Some(40), Form::CutAtWidth);
        check(78, Some(40), Form::CutAtWidth);
        check(33, None, Form::Truncated);
        check(32, None, Form::TooShort);
        check(4096, None, Form::UnusualLength);
        looks(PREFIX, None, Form::TooShort);
        looks("sk-ant-oat", None, Form::TooShort);
        looks(&token(5000), None, Form::TooLong);
    }

    #[test]
    fn other_credentials() {
        let body = "aB3_-xY9z".repeat(10);
        let check = |text: &str, expected| looks(text, None, expected);
        check(&format!("sk-ant-api03-{body}"), Form::ApiKey);
        check(&format!("sk-ant-ort01-{body}"), Form::RefreshToken);
        check(&format!("sk-ant-sid01-{body}"), Form::SessionCookie);
        check(&format!("sk-ant-admin01-{body}"), Form::AdminKey);
        check(&format!("sk-ant-new01-{body}"), Form::UnknownKind);
        check(&format!("sk-or-v1-{body}"), Form::OtherProvider);
        check("AKIAIOSFODNN7EXAMPLE", Form::AwsKey);
        check(&format!("ABSK{body}"), Form::AwsKey);
        check("https://claude.ai/oauth/authorize?code=true", Form::Address);
        check("{\"claudeAiOauth\":{}}", Form::Document);
        check("hello", Form::NotAToken);
        check(
            "aB3xY9zaB3xY9zaB3xY9z#kL8mN2kL8mN2kL8mN2",
            Form::BrowserCode,
        );
        check("too#short", Form::NotAToken);
    }

    #[test]
    fn mistakes_of_pasting() {
        let good = token(108);
        let check = |text: &str, expected| looks(text, None, expected);
        check("", Form::Empty);
        check(" \n", Form::Blank);
        check(&format!("{good}{good}"), Form::Doubled);
        check("sk-ant-oat01-...", Form::Placeholder);
        check("<token>", Form::Placeholder);
        check("sk-ant-oat01-xxxxxxxxxxxxxxxx", Form::Placeholder);
        check(&format!("{}…{}", &good[..40], &good[60..]), Form::Masked);
        check(
            &format!("{} {}", &good[..40], &good[40..]),
            Form::Misprinted,
        );
        check(&format!("\"{good}\""), Form::Misprinted);
        check(
            &format!("{}é{}", &good[..40], &good[41..]),
            Form::Misprinted,
        );
        check(
            &format!("{}/{}", &good[..40], &good[41..]),
            Form::Misprinted,
        );
        check("sk-ant-oat01-\u{0}", Form::Binary);
        let shape = super::check(
            &Secret::new(format!("{} {}", &good[..40], &good[40..])),
            None,
        );
        assert_eq!(shape.position, Some(41));
    }

    #[test]
    fn words_follow_the_style() {
        for form in Form::ALL {
            let id = form.id();
            assert!(!form.what().ends_with('.'), "{id}");
            for text in [form.why(), form.instead()] {
                assert!(text.ends_with('.'), "{id}: {text}");
            }
        }
        let cut = check(&Secret::new(token(79)), None);
        let refusal = cut.refusal().expect("refused");
        assert_eq!(refusal.kind(), Kind::MalformedCredential);
        assert_eq!(
            refusal.message(),
            "the token cannot be used: it is the first line of a subscription token (79 characters)"
        );
        assert!(check(&Secret::new(token(108)), None).refusal().is_none());
        assert!(check(&Secret::new(token(90)), None).refusal().is_none());
    }

    #[test]
    fn no_part_of_it_is_told() {
        let text = format!("{} canary {}", &token(40), &token(40)[13..]);
        let shape = check(&Secret::new(text), None);
        let told = format!("{shape:?} {} {}", shape.what(), shape.advice());
        assert!(!told.contains("canary"), "{told}");
    }
}
