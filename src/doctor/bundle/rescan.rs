//! The last look at what is to be written, in another way than the scrubber's: at the document as a
//! reader will have it, and at what its texts become when somebody decodes them, twice over.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::scrub::Scrubber;
use super::shapes::{part_of_token, words};

/// Encodings within each other that are followed.
const DEPTH: usize = 3;
/// Fewer characters hold no secret.
const SHORTEST: usize = 8;

/// Where there is a secret, in words; `None` when there is none.
pub fn secret_in(scrubber: &Scrubber, text: &str) -> Option<String> {
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(_) => return Some("which is no JSON".to_owned()),
    };
    in_value(scrubber, &document, "")
}

fn in_value(scrubber: &Scrubber, value: &Value, place: &str) -> Option<String> {
    match value {
        Value::String(text) => {
            let found = !scrubber.secrets(text).is_empty() || encoded(scrubber, text, DEPTH);
            found.then(|| format!("at {place}"))
        }
        Value::Array(all) => {
            let mut all = all.iter().enumerate();
            all.find_map(|(index, value)| in_value(scrubber, value, &format!("{place}/{index}")))
        }
        Value::Object(all) => all.iter().find_map(|(key, value)| {
            let place = format!("{place}/{key}");
            in_value(scrubber, &Value::from(key.as_str()), &place)
                .or_else(|| in_value(scrubber, value, &place))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Whether a known value appears when the text, or a word of it, is decoded.
fn encoded(scrubber: &Scrubber, text: &str, depth: usize) -> bool {
    decoded(text).iter().any(|plain| {
        !scrubber.known(plain).is_empty() || (depth > 1 && encoded(scrubber, plain, depth - 1))
    })
}

/// Everything that the text may stand for.
fn decoded(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.contains('%') {
        found.push(percent(text));
    }
    if text.contains("\\u") {
        found.push(numbered(text));
    }
    if text.contains('\0') {
        // UTF-16 that was read as bytes.
        found.push(text.replace('\0', ""));
    }
    for range in words(text, |c| part_of_token(c) || c == '/') {
        let word = &text[range];
        if word.len() < SHORTEST {
            continue;
        }
        // Within something longer, a group may begin at each of four places.
        for start in 0..4 {
            let part = word[start..].trim_end_matches('=');
            for alphabet in [alphabet::STANDARD, alphabet::URL_SAFE] {
                let engine = GeneralPurpose::new(&alphabet, LENIENT);
                // One character alone says nothing.
                let part = &part[..part.len() - usize::from(part.len() % 4 == 1)];
                let bytes = engine.decode(part);
                found.extend(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        found.extend(hexadecimal(word));
    }
    found
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);

fn percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(pair);
        let (byte, length) = match pair {
            Some(byte) if bytes[at] == b'%' => (byte, 3),
            _ => (bytes[at], 1),
        };
        plain.push(byte);
        at += length;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Without the escapes of JSON that name a character by its number.
fn numbered(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.get(..4);
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        plain.extend(unit.and_then(char::from_u32));
        plain.push_str(unit.map_or(part, |_| &part[4..]));
    }
    plain
}

fn hexadecimal(word: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = word.as_bytes().chunks(2).map(pair).collect();
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn pair(digits: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    match digits {
        [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Names;
    use super::*;
    use crate::secret::Secret;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn what_a_reader_could_decode() {
        let scrubber = Scrubber::new(&[Secret::new("opensesame-4711")], Names::default());
        let check = |text: &str, expected: Option<&str>| {
            let document = serde_json::json!({"a": [text]}).to_string();
            let found = secret_in(&scrubber, &document);
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        let here = Some("at /a/0");
        check("nothing [removed:known-value] in ~/x", None);
        check("opensesame-4711", here);
        check("Bearer abcd1234efgh", here);
        let once = STANDARD.encode("x:opensesame-4711");
        check(&STANDARD.encode(&once), here);
        check(&STANDARD.encode(format!("..{once}")), here);
        check("%6f%70%65n%73esame%2d4711", here);
        check("6f70656e736573616D652D34373131", here);
        let wide: Vec<u8> = "opensesame-4711"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check(&String::from_utf8_lossy(&wide), here);
        check(&STANDARD.encode(STANDARD.encode(&wide)), here);
        let escapes = "opensesame-4711".bytes().map(|b| format!("\\u00{b:02X}"));
        check(&escapes.collect::<String>(), here);
        check("\\u00e4 and \\uzzzz are no secret", None);
    }
}
