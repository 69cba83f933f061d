//! Secrets in every form in which a program may print them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::{CANARIES, bundle, canary, seeded};
use crate::support::server::{Answer, Server};

/// Everything that the text could be taken for: itself, and what each of its words decodes to.
fn readings(text: &str) -> Vec<String> {
    // The document escapes a backslash, and a NUL that stands in UTF-16.
    let text = &text.replace("\\u0000", "").replace("\\\\", "\\");
    let mut found = vec![text.to_lowercase(), percent(text), numbered(text)];
    let of_word = |c: char| c.is_ascii_alphanumeric() || "+/_-".contains(c);
    for word in text.split(|c| !of_word(c)).filter(|word| word.len() > 7) {
        for start in 0..4 {
            let usual = word[start..].replace('-', "+").replace('_', "/");
            let usual = &usual[..usual.len() / 4 * 4];
            let bytes = STANDARD.decode(usual).unwrap_or_default();
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != 0).collect();
            found.push(String::from_utf8_lossy(&bytes).to_lowercase());
        }
        let digits: Vec<u8> = word
            .as_bytes()
            .chunks(2)
            .map_while(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        found.push(String::from_utf8_lossy(&digits).to_lowercase());
    }
    found
}

/// A value as programs print it, with what is the value alone at the end of each.
fn encodings(value: &str) -> Vec<(&'static str, String)> {
    let wide: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let each = |form: &dyn Fn(u8) -> String| value.bytes().map(form).collect::<String>();
    vec![
        ("plain", value.to_owned()),
        ("base64", STANDARD.encode(value)),
        (
            "base64, one byte later",
            STANDARD.encode(format!("u{value}@")),
        ),
        (
            "base64, two bytes later",
            URL_SAFE.encode(format!("u:{value}@")),
        ),
        ("URL", each(&|byte| format!("%{byte:02X}"))),
        ("JSON escapes", each(&|byte| format!("\\u00{byte:02x}"))),
        ("hexadecimal", each(&|byte| format!("{byte:02X}"))),
        ("UTF-16", String::from_utf8_lossy(&wide).into_owned()),
        ("UTF-16 in base64", STANDARD.encode(&wide)),
    ]
}

/// A server that repeats a secret of this machine in some form, each of them in turn.
#[test]
fn no_encoding_of_a_secret_is_in_a_bundle() {
    let (mut machine, _first) = seeded();
    for place in [
        "an environment token",
        "settings.json",
        ".credentials.json, refresh",
        "our store",
        "a start-up file",
        "~/.aws/credentials",
        "our configuration",
        "our .env",
        "a half-written journal",
    ] {
        for (encoding, text) in encodings(canary(place)) {
            let said = format!("no <{text}>");
            let server = Server::always(Answer::error(401, "authentication_error", &said));
            machine.set("ANTHROPIC_BASE_URL", &server.url());
            let (ended, path) = bundle(&machine, &["--json", "--only", "API-002"]);
            assert_eq!(ended.code, 1, "{place}, {encoding}: {ended:?}");
            let told = &ended.stdout;
            // What looks like a key is taken out of every report.
            let seen = leaked(told).contains(&place) || told.contains("[removed]");
            assert!(seen, "{place}, {encoding}: {told}");
            let text = std::fs::read_to_string(&path).expect("a bundle");
            // Ten characters may be left of what a report has cut already.
            assert!(!shown(&text, 12).contains(&place), "{encoding}: {text}");
        }
    }
}

/// Without the escapes of JSON that name a character by its number.
fn numbered(text: &str) -> String {
    let mut parts = text.split("\\u00");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = part
            .get(..2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        plain.extend(byte.map(char::from));
        plain.push_str(byte.map_or(part, |_| &part[2..]));
    }
    plain.to_lowercase()
}

fn percent(text: &str) -> String {
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part
            .get(..2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        plain.extend(byte);
        plain.extend(part.get(2..).unwrap_or(part).as_bytes());
    }
    String::from_utf8_lossy(&plain).to_lowercase()
}

/// Places whose secret is in the text in some form, in parts of ten characters.
pub fn leaked(text: &str) -> Vec<&'static str> {
    shown(text, 10)
}

/// The same in parts of that length.
fn shown(text: &str, length: usize) -> Vec<&'static str> {
    let readings = readings(text);
    let holds = |part: &str| readings.iter().any(|reading| reading.contains(part));
    let mut places = Vec::new();
    for (place, canary) in CANARIES {
        let canary = canary.to_lowercase();
        let parts = (0..=canary.len() - length).map(|at| &canary[at..at + length]);
        // What several of them have in common is no secret.
        if parts.filter(|part| !part.ends_with("canary-00")).any(holds) {
            places.push(*place);
        }
    }
    places
}
