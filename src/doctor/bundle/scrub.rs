//! Takes secrets and names out of text. Known values are found in every part of twelve bytes, so
//! that what was cut off or stands inside of something else is found too, and as base64, as
//! hexadecimal digits, in UTF-16, escaped for a URL or for JSON. Pure.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt::Write;
use std::hash::BuildHasher;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::names::Names;
use super::shapes::{self, Hit, Kind, part_of_token};
use crate::secret::Secret;

/// Bytes of a known value that give it away.
const WINDOW: usize = 12;
/// A shorter value cannot be told from an ordinary word.
const SHORTEST: usize = 6;

/// The part of a value that is looked for; no key is as long.
const LONGEST: usize = 8 * 1024;

/// Knows what must not leave this machine.
pub struct Scrubber {
    hasher: RandomState,
    /// Hashes of every [`WINDOW`] bytes of the known values, in lower case.
    windows: HashSet<u64>,
    /// Values and forms of values that are shorter than that; found as a whole.
    short: Vec<Secret>,
    names: Names,
}

impl Scrubber {
    #[must_use]
    pub fn new(values: &[Secret], names: Names) -> Self {
        let mut scrubber = Self {
            hasher: RandomState::new(),
            windows: HashSet::new(),
            short: Vec::new(),
            names,
        };
        for value in values {
            // The public part is in every mask.
            let skip = value.public_prefix().len();
            for form in value.inspect(|text| forms(cut(&text[skip..]))) {
                scrubber.learn(&form);
            }
        }
        scrubber
    }

    fn learn(&mut self, form: &str) {
        let bytes = Zeroizing::new(form.to_ascii_lowercase().into_bytes());
        if bytes.len() >= WINDOW {
            for window in bytes.windows(WINDOW) {
                let hash = self.hasher.hash_one(window);
                self.windows.insert(hash);
            }
        } else if bytes.len() >= SHORTEST {
            self.short.push(Secret::new(form));
        }
    }

    /// The text without what must not leave, and what that was.
    #[must_use]
    pub fn scrub(&self, text: &str) -> (String, Vec<Kind>) {
        let mut hits = self.secrets(text);
        hits.extend(self.names.find(text));
        if hits.is_empty() {
            return (text.to_owned(), Vec::new());
        }
        let mut clean = String::with_capacity(text.len());
        let mut kinds = Vec::new();
        let mut at = 0;
        for (range, kind) in merged(hits) {
            clean.push_str(&text[at..range.start]);
            clean.push_str(kind.placeholder());
            kinds.push(kind);
            at = range.end;
        }
        clean.push_str(&text[at..]);
        (clean, kinds)
    }

    /// What is secret in a text, names aside.
    #[must_use]
    pub fn secrets(&self, text: &str) -> Vec<Hit> {
        let mut hits = shapes::find(text);
        hits.extend(self.known(text));
        hits
    }

    /// Where parts of known values stand, each with the rest of the word around it.
    #[must_use]
    pub fn known(&self, text: &str) -> Vec<Hit> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let lower = text.to_ascii_lowercase();
        for (at, window) in lower.as_bytes().windows(WINDOW).enumerate() {
            if self.windows.contains(&self.hasher.hash_one(window)) {
                match found.last_mut() {
                    Some(last) if last.end >= at => last.end = at + WINDOW,
                    _ => found.push(at..at + WINDOW),
                }
            }
        }
        for short in &self.short {
            found.extend(short.inspect(|value| {
                let all = text.match_indices(value);
                all.map(|(at, _)| at..at + value.len()).collect::<Vec<_>>()
            }));
        }
        let whole = |range| (whole_word(text, range), Kind::KnownValue);
        found.into_iter().map(whole).collect()
    }
}

/// The beginning of a value.
fn cut(value: &str) -> &str {
    let boundary = |at: &usize| value.is_char_boundary(*at);
    let end = (0..=LONGEST.min(value.len())).rev().find(boundary);
    &value[..end.unwrap_or_default()]
}

/// To the ends of the word, and never into the middle of a character.
fn whole_word(text: &str, range: Range<usize>) -> Range<usize> {
    let boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=range.start).rev().find(boundary).unwrap_or_default();
    let end = (range.end..=text.len())
        .find(boundary)
        .unwrap_or(text.len());
    // What stands before an equals sign is a name.
    let part = |c: char| part_of_token(c) && c != '=';
    let before = text[..start].trim_end_matches(part).len();
    let after = text[end..].trim_start_matches(part).len();
    before..text.len() - after
}

/// In order, overlapping ones as one; the first of the kinds is what it is called.
fn merged(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.retain(|(range, _)| !range.is_empty());
    hits.sort_by_key(|(range, kind)| (range.start, *kind));
    let mut merged: Vec<Hit> = Vec::new();
    for (range, kind) in hits {
        match merged.last_mut() {
            Some((last, known)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *known = (*known).min(kind);
            }
            _ => merged.push((range, kind)),
        }
    }
    merged
}

/// A value as it may stand somewhere else.
fn forms(value: &str) -> Vec<Zeroizing<String>> {
    let mut forms = vec![Zeroizing::new(value.to_owned())];
    let mut add = |form: String| {
        if form != value {
            forms.push(Zeroizing::new(form));
        }
    };
    let mut escaped = String::new();
    let mut by_number = String::new();
    let mut every_byte = String::new();
    for byte in value.bytes() {
        let _ = write!(every_byte, "%{byte:02x}");
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02x}");
        }
    }
    add(escaped);
    add(every_byte);
    add(json(value));
    // UTF-16 as it is read for bytes, and as escapes of JSON; Windows programs print both.
    let wide: Zeroizing<Vec<u16>> = Zeroizing::new(value.encode_utf16().collect());
    for unit in wide.iter() {
        let _ = write!(by_number, "\\u{unit:04x}");
    }
    add(by_number);
    let wide: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let wide = Zeroizing::new(wide);
    add(String::from_utf8_lossy(&wide).into_owned());
    for bytes in [value.as_bytes(), &wide] {
        encoded(bytes, &mut add);
    }
    forms
}

/// Hexadecimal digits and base64.
fn encoded(bytes: &[u8], add: &mut impl FnMut(String)) {
    let mut hexadecimal = String::new();
    for byte in bytes {
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    add(hexadecimal);
    // Within something longer, the value may begin at each of three places of a group.
    for shift in 0..3 {
        let shifted = Zeroizing::new([&[0; 2][..shift.min(2)], bytes].concat());
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = Zeroizing::new(engine.encode(&shifted));
            // The first and last characters hold bits of what is around the value.
            let first = [0, 2, 3][shift];
            let last = text.len() - usize::from(shifted.len() % 3 != 0);
            add(text.get(first..last).unwrap_or_default().to_owned());
        }
    }
}

/// As it stands between the quotes of a JSON document.
fn json(value: &str) -> String {
    let text = serde_json::Value::from(value).to_string();
    text[1..text.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn scrubber(values: &[&str]) -> Scrubber {
        let values: Vec<Secret> = values.iter().map(|value| Secret::new(*value)).collect();
        Scrubber::new(&values, Names::default())
    }

    const VALUE: &str = "correct horse/battery+staple 7";

    #[test]
    fn known_values_in_every_form() {
        let scrubber = scrubber(&[VALUE]);
        let check = |text: &str| {
            let (clean, kinds) = scrubber.scrub(text);
            assert!(kinds.contains(&Kind::KnownValue), "{text}");
            assert!(!clean.contains("horse"), "{clean}");
        };
        check(VALUE);
        check(&VALUE.to_uppercase());
        check("<correct horse/battery+s");
        check("orse/battery+staple 7>");
        check(&forms(VALUE)[1]);
        for shift in ["", "u:", "us:", "usr:", "user:"] {
            let pair = format!("{shift}{VALUE}@x");
            check(&STANDARD.encode(&pair));
            check(&URL_SAFE_NO_PAD.encode(&pair));
        }
        check("correct%20horse%2Fbattery%2Bstaple%207");
        check("correct%20horse%2fbattery%2bstaple%207");
        let wide: Vec<u8> = VALUE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&String::from_utf8_lossy(&wide));
        check(&STANDARD.encode(&wide));
        check(&STANDARD.encode([b"x\0", &wide[..]].concat()));
        let escapes = VALUE.encode_utf16().map(|unit| format!("\\u{unit:04X}"));
        check(&escapes.collect::<String>());
        let digits = VALUE.bytes().map(|byte| format!("{byte:02X}"));
        check(&digits.collect::<String>());
    }

    #[test]
    fn short_values_and_prefixes() {
        let key = format!("sk-ant-api03-{}4f2A", "y".repeat(90));
        let scrubber = scrubber(&["hunter2", "abc", &key]);
        let check = |text: &str, expected: &str| {
            let (clean, kinds) = scrubber.scrub(text);
            assert_eq!(clean, expected);
            assert_eq!(kinds.is_empty(), text == expected, "{text}");
        };
        check("is hunter2.", "is [removed:known-value].");
        check("abc", "abc");
        check("sk-ant-api03-…4f2A", "sk-ant-api03-…4f2A");
        check(&format!("<{key}>"), "<[removed:known-value]>");
        check(&STANDARD.encode("xx hunter2!"), "[removed:known-value]=");
    }

    #[test]
    fn places_that_overlap_are_one() {
        let scrubber = scrubber(&["opensesame99"]);
        let (clean, kinds) = scrubber.scrub("password=opensesame99; ünï opensesame99ü");
        let expected = "password=[removed:known-value]; ünï [removed:known-value]ü";
        assert_eq!((clean.as_str(), kinds.len()), (expected, 2));
    }
}
