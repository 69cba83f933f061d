//! Durations as people type them: `90s`, `15m`, `24h`, `365d`, `1h30m`.

use jiff::SignedDuration;

/// Reads a duration. The message of a refusal says what is accepted.
///
/// # Errors
/// Text for the command line's own error.
pub fn parse(text: &str) -> Result<SignedDuration, String> {
    read(text).ok_or_else(|| "a duration is like 90s, 24h, 365d or 1h30m".to_owned())
}

fn read(text: &str) -> Option<SignedDuration> {
    let mut rest = text;
    let mut seconds: i64 = 0;
    while !rest.is_empty() || rest.len() == text.len() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = match rest.get(digits..=digits)? {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        let count: i64 = rest[..digits].parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    Some(SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text: &str, expected: Option<i64>| {
            let found = parse(text).ok().map(|duration| duration.as_secs());
            assert_eq!(found, expected, "{text}");
        };
        check("90s", Some(90));
        check("24h", Some(86_400));
        check("365d", Some(31_536_000));
        check("1h30m", Some(5_400));
        check("0s", Some(0));
        for bad in [
            "",
            "24",
            "h",
            "1w",
            "-1h",
            "1.5h",
            "1h ",
            "1ä",
            "99999999999999999999d",
        ] {
            check(bad, None);
        }
    }
}
