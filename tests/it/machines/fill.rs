//! What stands in the `<…>` of a description.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use keywright::sandbox::keys;

/// The time on every machine; the sandbox's server tells it too.
pub const NOW: &str = "2026-11-20T12:00:00Z";

/// Fills texts, and remembers the secrets that it put into them.
#[derive(Debug, Default)]
pub struct Filler {
    pub home: String,
    pub folder: String,
    pub server: String,
    pub proxy: String,
    pub secrets: Vec<String>,
}

impl Filler {
    /// The text with every `<…>` that has a meaning replaced; what has none stays.
    pub fn fill(&mut self, text: &str) -> String {
        let Some((before, rest)) = text.split_once('<') else {
            return text.to_owned();
        };
        let found = rest
            .split_once('>')
            .and_then(|(words, after)| Some((self.meaning(words)?, after)));
        match found {
            Some((value, after)) => format!("{before}{value}{}", self.fill(after)),
            None => format!("{before}<{}", self.fill(rest)),
        }
    }

    fn meaning(&mut self, words: &str) -> Option<String> {
        let (verb, rest) = words.split_once(' ').unwrap_or((words, ""));
        if let Some(secret) = secret(verb, rest) {
            self.secrets.push(secret.clone());
            return Some(secret);
        }
        Some(match verb {
            "home" => self.home.clone(),
            "folder" => self.folder.clone(),
            "server" => self.server.clone(),
            "proxy" => self.proxy.clone(),
            "id" => keys::identity(rest)?.access_key_id()?,
            "in" => later(rest).as_millisecond().to_string(),
            "at" => later(rest).to_string(),
            "cr" => "\r".to_owned(),
            "lf" => "\n".to_owned(),
            "esc" => "\u{1b}".to_owned(),
            "bom" => "\u{feff}".to_owned(),
            "nbsp" => "\u{a0}".to_owned(),
            // The head of a 64-bit program for the processor of that number.
            "elf" => {
                let processor = char::from(rest.parse::<u8>().ok().filter(u8::is_ascii)?);
                format!(
                    "\u{7f}ELF\u{2}\u{1}{}{processor}{}",
                    "\0".repeat(12),
                    "\0".repeat(45)
                )
            }
            "repeat" => {
                let (count, text) = rest.split_once(' ')?;
                text.repeat(count.parse().ok()?)
            }
            _ => return None,
        })
    }
}

fn secret(verb: &str, rest: &str) -> Option<String> {
    match verb {
        "key" | "token" => Some(keys::named(rest)?.text()),
        "refresh" => Some(keys::refresh_token()),
        "secret" => keys::identity(rest)?.secret(),
        "session" => keys::identity(rest)?.session(),
        "bearer" => keys::identity(rest)?.bearer(),
        "short" => Some(short_bearer(rest)),
        // `cut 79 token NAME`
        "cut" => {
            let (count, rest) = rest.split_once(' ')?;
            let (verb, rest) = rest.split_once(' ')?;
            let mut whole = secret(verb, rest)?;
            whole.truncate(count.parse().ok()?);
            Some(whole)
        }
        // `of sk-ant-admin01-`: a made-up secret with that beginning.
        "of" => Some(format!("{rest}{}", "Tr1al".repeat(18))),
        _ => None,
    }
}

/// A Bedrock API key that lives for hours: `REGION BEGIN`, made at that time from now.
fn short_bearer(words: &str) -> String {
    let (region, begin) = words.split_once(' ').expect("REGION and a time");
    let made = later(begin).strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = &made[..8];
    let text = format!(
        "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAMADEUPMADEUPMADE%2F{day}%2F{region}%2Fbedrock%2Faws4_request&X-Amz-Date={made}&X-Amz-Expires=43200&X-Amz-SignedHeaders=host&X-Amz-Signature={}&Version=1",
        "5eed".repeat(16)
    );
    format!("bedrock-api-key-{}", STANDARD.encode(text))
}

/// `20d`, `-3h`: a time from now.
fn later(text: &str) -> Timestamp {
    let now: Timestamp = NOW.parse().expect("a time");
    let (number, unit) = text.split_at(text.len() - 1);
    let number: i64 = number.parse().expect("a number and d, h or m");
    let span = match unit {
        "d" => SignedDuration::from_hours(number * 24),
        "h" => SignedDuration::from_hours(number),
        "m" => SignedDuration::from_mins(number),
        other => panic!("there is no unit `{other}`"),
    };
    now.checked_add(span).expect("a time")
}
