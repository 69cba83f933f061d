//! Names that are allowed here, made from those that other programs allow.

use crate::store::name::is_name;
use crate::store::{Name, ProfileId};

/// Characters of a name at most.
const LONGEST: usize = 63;
/// What a name becomes of which nothing is left.
const NOTHING_LEFT: &str = "imported";

/// `text` if it is a name, else the nearest one.
#[must_use]
pub fn allowed(text: &str) -> String {
    if is_name(text) {
        return text.to_owned();
    }
    let mut name = String::new();
    for c in text.chars() {
        let c = c.to_ascii_lowercase();
        let c = if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
            c
        } else {
            '-'
        };
        let doubled = matches!(c, '.' | '-') && name.ends_with(['.', '-']);
        if !doubled && name.len() < LONGEST {
            name.push(c);
        }
    }
    let name = name.trim_matches(['.', '_', '-']);
    if is_name(name) {
        name.to_owned()
    } else {
        NOTHING_LEFT.to_owned()
    }
}

/// The profile id for a provider and a name as they are elsewhere.
#[must_use]
pub fn profile_id(
    (provider, name): (&str, &str),
    is_free: impl Fn(&ProfileId) -> bool,
) -> ProfileId {
    let (provider, name) = (allowed(provider), allowed(name));
    let mut number = 1;
    loop {
        let text = format!("{provider}:{}", numbered(&name, number));
        match ProfileId::parse(&text) {
            Ok(id) if is_free(&id) => return id,
            // Another number is another id.
            _ => number += 1,
        }
    }
}

/// The agent's name; `defaults` stands for all of them in the configuration.
#[must_use]
pub fn agent(text: &str) -> Option<Name> {
    let name = allowed(text);
    let name = if name == "defaults" {
        numbered(&name, 2)
    } else {
        name
    };
    Name::parse(&name).ok()
}

fn numbered(name: &str, number: usize) -> String {
    if number == 1 {
        return name.to_owned();
    }
    let end = format!("-{number}");
    let kept = name.len().min(LONGEST - end.len());
    format!("{}{end}", &name[..kept])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name() {
        let check = |text: &str, expected: &str| {
            assert_eq!(allowed(text), expected, "{text}");
            assert!(is_name(&allowed(text)), "{text}");
        };
        check("work", "work");
        check("claude-cli", "claude-cli");
        check("Me@Example.com", "me-example.com");
        check("../../etc/passwd", "etc-passwd");
        check("[red]x[/red]", "red-x-red");
        check("a  b", "a-b");
        check("a..b", "a.b");
        check("日本語", NOTHING_LEFT);
        check("", NOTHING_LEFT);
        check("\u{1b}[2J", "2j");
        check(&"x".repeat(300), &"x".repeat(63));
    }

    proptest::proptest! {
        #[test]
        fn every_text_becomes_a_name(text in "\\PC*|.*") {
            proptest::prop_assert!(is_name(&allowed(&text)));
        }
    }

    #[test]
    fn ids_are_free() {
        let id = |taken: &[&str]| {
            let id = profile_id(("anthropic", "Default"), |id| !taken.contains(&id.as_str()));
            id.to_string()
        };
        assert_eq!(id(&[]), "anthropic:default");
        assert_eq!(id(&["anthropic:default"]), "anthropic:default-2");
        assert_eq!(
            id(&["anthropic:default", "anthropic:default-2"]),
            "anthropic:default-3"
        );
        let long = "x".repeat(80);
        let second = profile_id(("anthropic", &long), |id| id.name().ends_with("-2"));
        assert_eq!(second.name().len(), 63);
    }

    #[test]
    fn agents() {
        assert_eq!(agent("Bot One").expect("a name").as_str(), "bot-one");
        assert_eq!(agent("defaults").expect("a name").as_str(), "defaults-2");
    }
}
