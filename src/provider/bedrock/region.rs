//! AWS regions.
//!
//! Source of the list: the endpoints that botocore 1.43 knows for Bedrock. A region that is not
//! listed but well formed is taken with a word of warning: AWS adds some every year.

use std::fmt;

/// A region by its name, such as `us-east-1`: well formed, not necessarily one that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

const KNOWN: &[&str] = &[
    "af-south-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

impl Region {
    /// Reads a region's name.
    ///
    /// # Errors
    /// Why it is none, with the likely one where there is one.
    pub fn parse(text: &str) -> Result<Self, String> {
        if is_well_formed(text) {
            if text.starts_with("cn-") {
                return Err("Bedrock is not offered in the regions of China".to_owned());
            }
            if text.split('-').any(|word| word.starts_with("iso")) {
                // They have domains of their own: a request would go to a host of another partition.
                return Err("an isolated region has addresses that are not known here".to_owned());
            }
            return Ok(Self(text.to_owned()));
        }
        let meant = likely(text);
        let meant = meant.map_or_else(String::new, |region| format!("; did you mean {region}?"));
        Err(match text {
            "" => "a region is needed".to_owned(),
            _ => format!("a region is like us-east-1{meant}"),
        })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether Bedrock is known to be there.
    #[must_use]
    pub fn is_known(&self) -> bool {
        KNOWN.contains(&self.0.as_str())
    }

    /// The prefixes of the inference profiles that can be used here, the nearest first.
    #[must_use]
    pub fn profile_prefixes(&self) -> &'static [&'static str] {
        let name = self.0.as_str();
        match name.split('-').next() {
            _ if name.starts_with("us-gov-") => &["us-gov"],
            _ if matches!(name, "ap-northeast-1" | "ap-northeast-3") => &["jp", "apac", "global"],
            _ if matches!(name, "ap-southeast-2" | "ap-southeast-4") => &["au", "apac", "global"],
            Some("us") => &["us", "global"],
            Some("ca") => &["ca", "us", "global"],
            Some("eu") => &["eu", "global"],
            Some("ap") => &["apac", "global"],
            _ => &["global"],
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `us-east-1`, `us-gov-west-1`: two or three words and a number.
fn is_well_formed(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = words.split_last() else {
        return false;
    };
    let letters = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    text.len() <= 30
        && (2..=3).contains(&words.len())
        && words[0].len() == 2
        && words.iter().all(letters)
        && digits
}

/// The known region whose letters and digits are those of `text`; also of an availability zone.
fn likely(text: &str) -> Option<&'static str> {
    let bare = |text: &str| -> String {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.collect::<String>().to_ascii_lowercase()
    };
    let wanted = bare(text);
    let zone = wanted.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let found = KNOWN.iter().find(|known| {
        let known = bare(known);
        known == wanted || known == zone
    });
    found.copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let good = |text: &str, known: bool| {
            let region = Region::parse(text).expect("a region");
            assert_eq!(region.is_known(), known, "{text}");
        };
        good("us-east-1", true);
        good("us-gov-west-1", true);
        good("eu-west-9", false);
        let bad = |text: &str, expected: &str| {
            let found = Region::parse(text).expect_err("not a region");
            assert!(found.contains(expected), "{text}: {found}");
        };
        bad("", "needed");
        bad("us east 1", "did you mean us-east-1?");
        bad("us-east1", "did you mean us-east-1?");
        bad("US-EAST-1", "did you mean us-east-1?");
        bad("us-east-1a", "did you mean us-east-1?");
        bad("us east/1", "did you mean us-east-1?");
        bad("virginia", "is like us-east-1");
        bad("cn-north-1", "China");
        bad("us-iso-east-1", "isolated");
        bad("us-isob-east-1", "isolated");
        bad("us-east-", "is like");
        bad("../x-y-1", "is like");
    }

    #[test]
    fn prefixes() {
        let check = |text: &str, expected: &[&str]| {
            let region = Region::parse(text).expect("a region");
            assert_eq!(region.profile_prefixes(), expected, "{text}");
        };
        check("us-west-2", &["us", "global"]);
        check("us-gov-west-1", &["us-gov"]);
        check("eu-west-3", &["eu", "global"]);
        check("ap-northeast-1", &["jp", "apac", "global"]);
        check("ap-south-1", &["apac", "global"]);
        check("sa-east-1", &["global"]);
    }
}
