//! What a word was most likely meant to be: a code or a category.

use super::check::{Category, Check};

/// More letters than this are another word.
const LETTERS: usize = 2;

/// The code or category that is spelt nearly like `word`, else the code of the check that has it
/// as its name, else the category that it speaks of (`network` is `net`). `None` when nothing is
/// near.
#[must_use]
pub fn nearest(word: &str, registry: &[&'static Check]) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    // Nothing that can be meant is longer.
    if word.len() > 64 {
        return None;
    }
    let codes = registry
        .iter()
        .map(|check| (check.meta.code, check.meta.code));
    let categories = Category::ALL
        .iter()
        .map(|category| (category.id(), category.id()));
    let names = registry
        .iter()
        .map(|check| (check.meta.id, check.meta.code));
    like(&word, codes.chain(categories))
        .or_else(|| like(&word, names))
        .or_else(|| spoken_of(&word))
}

/// The second of the pair whose first is spelt nearly like `word`.
fn like(
    word: &str,
    pairs: impl Iterator<Item = (&'static str, &'static str)>,
) -> Option<&'static str> {
    pairs
        .map(|(name, meant)| {
            let distance = strsim::damerau_levenshtein(word, &name.to_lowercase());
            (distance, meant)
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= LETTERS && distance * 2 <= word.len())
        .map(|(_, meant)| meant)
}

/// The category whose id begins the word, or whose title has a word that begins with it.
fn spoken_of(word: &str) -> Option<&'static str> {
    let short = word.len() < 3;
    let of = |category: &&Category| {
        let title = category.title().to_lowercase();
        word.starts_with(category.id()) || title.split(' ').any(|part| part.starts_with(word))
    };
    let found = Category::ALL.iter().find(of).filter(|_| !short);
    found.map(|category| category.id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::checks::ALL;

    #[test]
    fn what_is_meant() {
        let check = |word, expected| assert_eq!(nearest(word, ALL), expected, "{word}");
        check("API-02", Some("API-002"));
        check("cli001", Some("CLI-001"));
        check("store009", Some("STORE-009"));
        check("evn", Some("env"));
        check("claude-found", Some("CLI-001"));
        check("claude-fuond", Some("CLI-001"));
        check("network", Some("net"));
        check("credentials", Some("cred"));
        check("environment", Some("env"));
        check("terminal", Some("tty"));
        check("bedrock", Some("aws"));
        check("something", None);
        check("x", None);
        check("", None);
        check(&"é".repeat(10_000), None);
    }
}
