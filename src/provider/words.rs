//! The one place where a reason becomes words. The wizard, the doctor and `models status` all say
//! what stands here; each adds only what it alone knows, such as the profile's name.

mod aws;
mod connection;
mod credential;
mod elsewhere;
mod program;

use crate::error::{Error, Kind};
use crate::provider::network::Skew;
use crate::provider::{Outcome, Reason, Verdict};
pub use elsewhere::of_provider;

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
    Url(String),
}

/// The words of one reason. `{host}`, `{name}` (the host without
/// its port), `{variable}`, `{wait}` and so on stand for the verdict's own.
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

/// What Linux sets its clock with.
const SET_CLOCK: &str = "sudo timedatectl set-ntp true";

/// What `verdict` says, in words.
#[must_use]
pub fn of(verdict: &Verdict) -> Words {
    let text = text(verdict.reason);
    let (can, cannot): (Vec<_>, Vec<_>) = text
        .advice
        .iter()
        .partition(|(_, act)| can_be_typed(act, verdict));
    Words {
        title: text.title,
        summary: fill(text.summary, verdict),
        why: fill(text.why, verdict),
        advice: can
            .into_iter()
            .chain(cannot)
            .map(|(words, act)| Advice {
                text: fill(words, verdict),
                action: action(act, verdict),
            })
            .collect(),
    }
}

/// A command needs every value that stands in it, and is not one of another system.
fn can_be_typed(act: &Act, verdict: &Verdict) -> bool {
    match act {
        Act::Run(command) if command.contains("{variable}") => verdict.variable.is_some(),
        Act::Run(command) if command.contains("{profile}") => {
            quoted(verdict.subject.profile.as_deref()).is_some()
        }
        Act::Run(command) if *command == SET_CLOCK => cfg!(target_os = "linux"),
        _ => true,
    }
}

fn action(act: &Act, verdict: &Verdict) -> Option<Action> {
    if !can_be_typed(act, verdict) {
        return None;
    }
    match act {
        Act::Run(command) => {
            let profile = quoted(verdict.subject.profile.as_deref()).unwrap_or_default();
            let parts = command.split("{profile}").map(|part| fill(part, verdict));
            Some(Action::Command(parts.collect::<Vec<_>>().join(&profile)))
        }
        Act::Open(url) => Some(Action::Url(page(url, verdict.subject.region.as_deref()))),
        Act::Nothing => None,
    }
}

/// The page of a region, in the console of its partition.
fn page(url: &str, region: Option<&str>) -> String {
    match region {
        None => url.replace("?region={region}", ""),
        Some(region) if region.starts_with("us-gov-") => url
            .replace("console.aws.amazon.com", "console.amazonaws-us-gov.com")
            .replace("{region}", region),
        Some(region) => url.replace("{region}", region),
    }
}

/// A name as one word of a command.
fn quoted(name: Option<&str>) -> Option<String> {
    let quoted = shlex::try_quote(name?).ok()?;
    Some(quoted.into_owned())
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
        action: cfg!(target_os = "linux").then(|| Action::Command(SET_CLOCK.to_owned())),
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
mod tests;
