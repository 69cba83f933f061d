//! The one place where a reason becomes words. The wizard, the doctor and `models status` all say
//! what stands here; each adds only what it alone knows, such as the profile's name.

mod aws;
mod connection;
mod credential;
mod program;

use crate::error::{Error, Kind};
use crate::provider::network::Skew;
use crate::provider::{Outcome, Reason, Verdict};

/// A verdict in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// A few words, without a period: "key refused".
    pub title: &'static str,
    /// One full sentence: what happened.
    pub summary: String,
    /// One or two sentences: what it means or where it comes from.
    pub why: String,
    /// Best first; empty when nothing is wrong.
    pub advice: Vec<Advice>,
}

/// One thing to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// A full sentence.
    pub text: String,
    pub action: Option<Action>,
}

/// What to type or to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Command(String),
    Url(&'static str),
}

/// The words of one reason. `{host}`, `{name}` (the host without
/// its port), `{variable}` and `{wait}` stand for the verdict's own.
struct Text {
    reason: Reason,
    title: &'static str,
    summary: &'static str,
    why: &'static str,
    advice: &'static [(&'static str, Act)],
}

/// What an advice leads to.
enum Act {
    Nothing,
    Run(&'static str),
    Open(&'static str),
}

const KEYS_PAGE: &str = "https://platform.claude.com/settings/keys";
const BILLING_PAGE: &str = "https://platform.claude.com/settings/billing";
const LIMITS_PAGE: &str = "https://platform.claude.com/settings/limits";
const STATUS_PAGE: &str = "https://status.claude.com";

/// What `verdict` says, in words.
#[must_use]
pub fn of(verdict: &Verdict) -> Words {
    let text = text(verdict.reason);
    Words {
        title: text.title,
        summary: fill(text.summary, verdict),
        why: fill(text.why, verdict),
        advice: text
            .advice
            .iter()
            .map(|(words, act)| Advice {
                text: fill(words, verdict),
                action: action(act, verdict),
            })
            .collect(),
    }
}

/// A command needs every value that stands in it.
fn action(act: &Act, verdict: &Verdict) -> Option<Action> {
    match act {
        Act::Run(command) if command.contains("{variable}") && verdict.variable.is_none() => None,
        Act::Run(command) if command.contains("{profile}") && verdict.subject.profile.is_none() => {
            None
        }
        Act::Run(command) => Some(Action::Command(fill(command, verdict))),
        Act::Open(url) => Some(Action::Url(url)),
        Act::Nothing => None,
    }
}

/// As [`of`], when the clock of this machine is known to be wrong: a certificate that seems to be
/// out of its time is then the clock's fault.
#[must_use]
pub fn with_clock(verdict: &Verdict, skew: Option<Skew>) -> Words {
    let mut words = of(verdict);
    let (Reason::TlsExpired | Reason::TlsNotYetValid, Some(skew)) = (verdict.reason, skew) else {
        return words;
    };
    words.title = "clock wrong";
    words.summary = format!(
        "The certificate of {} seems to be out of its time, because the clock of this machine is {}.",
        verdict.host,
        skew.words()
    );
    "A certificate is checked against the local clock.".clone_into(&mut words.why);
    words.advice = vec![Advice {
        text: "Set the clock, or switch on time synchronisation.".to_owned(),
        action: cfg!(target_os = "linux")
            .then(|| Action::Command("sudo timedatectl set-ntp true".to_owned())),
    }];
    words
}

/// The error that a command ends with when this verdict stops it; `None` when the credential works.
/// The outcome decides the kind: `Rejected` (exit 1), `Limited` (1) or `Unreachable` (3).
#[must_use]
pub fn error(verdict: &Verdict) -> Option<Error> {
    let kind = match verdict.outcome() {
        Outcome::Works => return None,
        Outcome::Limited => Kind::Limited,
        Outcome::Refused => Kind::Rejected,
        Outcome::Undetermined => Kind::Unreachable,
    };
    let words = of(verdict);
    let status = verdict
        .http_status
        .map_or_else(String::new, |status| format!(" answered {status}"));
    let advice = words.advice.first().map_or("", |advice| &advice.text);
    Some(
        Error::new(kind, format!("{} ({}{status})", words.title, verdict.host))
            .hint(format!("{} {advice}", words.summary).trim_end().to_owned())
            .request_id(verdict.request_id.clone()),
    )
}

fn text(reason: Reason) -> &'static Text {
    credential::TEXTS
        .iter()
        .chain(connection::TEXTS)
        .chain(aws::TEXTS)
        .chain(program::TEXTS)
        .find(|text| text.reason == reason)
        .expect("a test proves that every reason has its words")
}

fn or<'a>(known: Option<&'a String>, otherwise: &'a str) -> &'a str {
    known.map_or(otherwise, String::as_str)
}

fn fill(template: &str, verdict: &Verdict) -> String {
    let subject = &verdict.subject;
    let said = or(verdict.message.as_ref(), "no more than that");
    template
        .replace("{host}", &verdict.host)
        .replace("{name}", name(&verdict.host))
        .replace(
            "{variable}",
            verdict.variable.as_deref().unwrap_or("the proxy setting"),
        )
        .replace("{wait}", &wait(verdict.retry_after))
        .replace("{region}", or(subject.region.as_ref(), "the region"))
        .replace("{action}", or(subject.action.as_ref(), "the action"))
        .replace("{resource}", or(subject.resource.as_ref(), "*"))
        .replace("{model}", or(subject.model.as_ref(), "that was named"))
        .replace(
            "{other}",
            or(subject.other_model.as_ref(), "one of the list"),
        )
        .replace("{profile}", or(subject.profile.as_ref(), "the AWS profile"))
        .replace("{said}", said.trim_end_matches('.'))
}

/// The host without its port.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

fn wait(seconds: Option<u64>) -> String {
    match seconds {
        None => "a minute".to_owned(),
        Some(0 | 1) => "a second".to_owned(),
        Some(seconds @ 2..=119) => format!("{seconds} seconds"),
        Some(seconds @ 120..=7199) => format!("{} minutes", seconds.div_ceil(60)),
        Some(seconds @ 7200..=172_800) => format!("{} hours", seconds.div_ceil(3600)),
        Some(seconds) => format!("{} days", seconds.div_ceil(86400)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn verdict(reason: Reason) -> Verdict {
        Verdict::of(reason, "api.anthropic.com")
    }

    #[test]
    fn every_reason_has_words_of_its_own() {
        let mut seen: BTreeMap<String, Reason> = BTreeMap::new();
        for reason in Reason::ALL {
            let found: Vec<_> = credential::TEXTS
                .iter()
                .chain(connection::TEXTS)
                .chain(aws::TEXTS)
                .chain(program::TEXTS)
                .filter(|text| text.reason == *reason)
                .collect();
            assert_eq!(found.len(), 1, "{}", reason.id());
            let words = of(&verdict(*reason));
            for text in [words.title.to_owned(), words.summary, words.why] {
                assert!(!text.is_empty(), "{}", reason.id());
                if let Some(other) = seen.insert(text.clone(), *reason) {
                    assert_eq!(other, *reason, "the same words: {text}");
                }
            }
        }
    }

    #[test]
    fn words_follow_the_style() {
        for reason in Reason::ALL {
            let words = of(&verdict(*reason));
            let id = reason.id();
            assert!(
                !words.title.ends_with('.') && words.title.len() <= 40,
                "{id}"
            );
            let sentences = [&words.summary, &words.why];
            for text in sentences
                .into_iter()
                .chain(words.advice.iter().map(|a| &a.text))
            {
                assert!(text.ends_with('.'), "{id}: {text}");
                assert!(
                    text.starts_with(char::is_uppercase) || text.starts_with("api.anthropic.com"),
                    "{id}: {text}"
                );
                assert!(!text.contains(['{', '}', '!']), "{id}: {text}");
            }
            assert_eq!(
                words.advice.is_empty(),
                reason.outcome() == Outcome::Works,
                "{id}"
            );
        }
    }

    #[test]
    fn the_verdicts_own_values_are_filled_in() {
        let mut limited = verdict(Reason::RateLimited);
        limited.retry_after = Some(90);
        let words = of(&limited);
        assert!(words.advice[0].text.contains("90 seconds"), "{words:?}");
        let mut proxy = verdict(Reason::ProxyMalformed);
        proxy.variable = Some("HTTPS_PROXY".to_owned());
        assert!(of(&proxy).summary.contains("HTTPS_PROXY"));
        assert!(
            of(&verdict(Reason::Dns))
                .summary
                .contains("api.anthropic.com")
        );
    }

    #[test]
    fn a_wrong_clock_is_blamed_for_an_expired_certificate_alone() {
        let skew = Some(Skew::Ahead(9 * 365 * 86400));
        let words = with_clock(&verdict(Reason::TlsExpired), skew);
        assert_eq!(words.title, "clock wrong");
        assert!(words.summary.contains("3285 days ahead"), "{words:?}");
        assert_eq!(
            with_clock(&verdict(Reason::TlsExpired), None),
            of(&verdict(Reason::TlsExpired))
        );
        assert_eq!(
            with_clock(&verdict(Reason::Dns), skew),
            of(&verdict(Reason::Dns))
        );
    }

    #[test]
    fn errors_follow_the_outcome() {
        let mut refused = verdict(Reason::InvalidKey);
        refused.http_status = Some(401);
        refused.request_id = Some("req_1".to_owned());
        let found = error(&refused).expect("an error");
        assert_eq!(found.kind(), Kind::Rejected);
        assert_eq!(
            found.message(),
            "key refused (api.anthropic.com answered 401)"
        );
        assert_eq!(found.request_id_text(), Some("req_1"));
        let kind = |reason| error(&verdict(reason)).map(|error| error.kind());
        assert_eq!(kind(Reason::Works), None);
        assert_eq!(kind(Reason::CreditTooLow), Some(Kind::Limited));
        assert_eq!(kind(Reason::Dns), Some(Kind::Unreachable));
    }

    #[test]
    fn waits() {
        let check = |seconds, expected: &str| assert_eq!(wait(seconds), expected);
        check(None, "a minute");
        check(Some(0), "a second");
        check(Some(90), "90 seconds");
        check(Some(121), "3 minutes");
        check(Some(7200), "2 hours");
        check(Some(172_801), "3 days");
    }
}
