//! Durations as people write them: `90s`, `1h30m`, `24h`, `365d`.

use std::time::Duration;

/// Parses a duration; a bare number is refused, since nobody can tell its unit.
///
/// # Errors
/// What is accepted, in words.
pub fn parse(text: &str) -> Result<Duration, String> {
    const FORMS: &str = "write it as 90s, 24h, 365d or 1h30m";
    let mut total: u64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(FORMS.to_owned());
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: u64 = rest[..digits].parse().map_err(|_| FORMS.to_owned())?;
        let unit = rest[digits..].chars().next().ok_or(FORMS)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return Err(FORMS.to_owned()),
        };
        total = number
            .checked_mul(seconds)
            .and_then(|part| total.checked_add(part))
            .ok_or("that is too long")?;
        rest = &rest[digits + 1..];
    }
    if total == 0 {
        return Err("it must be longer than nothing".to_owned());
    }
    Ok(Duration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let check = |text, seconds: Option<u64>| {
            assert_eq!(parse(text).ok().map(|d| d.as_secs()), seconds, "{text:?}");
        };
        check("90s", Some(90));
        check("1h30m", Some(5400));
        check("365d", Some(31_536_000));
        check(" 2m ", Some(120));
        for bad in [
            "",
            "5",
            "s",
            "1x",
            "-1s",
            "1.5h",
            "0s",
            "99999999999999999999d",
            "1ä",
        ] {
            check(bad, None);
        }
    }
}
