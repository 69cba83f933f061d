//! What the user's configuration says is not to count (`doctor.ignore`): a finding of that code, of
//! that subject if one is named, until that day. It stays in the report, marked as suppressed.

use jiff::Timestamp;

use super::checks;
use super::facts::Facts;
use super::report::{Entry, Status};
use crate::store::config::Ignore;

/// Marks the findings that the configuration among the facts ignores. What blocks another check
/// goes on blocking it, and what could not be looked at cannot be ignored.
pub fn suppress(entries: &mut [Entry], facts: &Facts) {
    let ignored = &facts.home.ignored;
    for entry in entries {
        let Some(finding) = &entry.finding else {
            continue;
        };
        let subject = finding.subject.as_str();
        let applies = |ignore: &&Ignore| {
            checks::find(&ignore.code).is_some_and(|check| check.meta.code == entry.code)
                && !has_ended(ignore, facts.now)
                && about(ignore, subject, facts)
        };
        if let Some(ignore) = ignored.iter().find(applies) {
            entry.status = Status::Suppressed;
            entry.reason = Some(reason(ignore, &facts.home.config.path));
        }
    }
}

/// Its day has come, and it does not count any more.
#[must_use]
pub fn has_ended(ignore: &Ignore, now: Timestamp) -> bool {
    ignore.until.is_some_and(|until| until <= now)
}

/// A subject that is a path may be written with `~`.
fn about(ignore: &Ignore, subject: &str, facts: &Facts) -> bool {
    let Some(named) = ignore.subject.as_deref() else {
        return true;
    };
    let home = facts.machine.home.as_deref().unwrap_or("~");
    let below = |path: &str| subject.strip_prefix(home.trim_end_matches('/')) == Some(path);
    named == subject || named.strip_prefix('~').is_some_and(below)
}

fn reason(ignore: &Ignore, path: &str) -> String {
    let mut words = format!("Ignored by {path}:{}", ignore.line);
    if let Some(until) = ignore.until {
        words.push_str(" until ");
        words.push_str(&until.to_string());
    }
    if let Some(reason) = &ignore.reason {
        words.push_str(": ");
        words.push_str(reason);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::check::{Category, CheckMeta};
    use crate::doctor::finding::{Finding, Outcome};

    fn ignore(code: &str, subject: Option<&str>, until: Option<&str>) -> Ignore {
        Ignore {
            code: code.to_owned(),
            subject: subject.map(str::to_owned),
            reason: Some("we know".to_owned()),
            until: until.map(|time| time.parse().expect("a time")),
            line: 3,
        }
    }

    fn suppressed(ignore: Ignore, outcome: Outcome) -> (Status, Option<String>) {
        let meta = CheckMeta {
            code: "CRED-001",
            id: "x",
            title: "x",
            category: Category::Cred,
            needs: &[],
            facts: &[],
        };
        let mut facts = Facts {
            now: "2026-11-20T12:00:00Z".parse().expect("a time"),
            ..Facts::default()
        };
        facts.machine.home = Some("/home/u".to_owned());
        facts.home.config.path = "/home/u/c".to_owned();
        facts.home.ignored = vec![ignore];
        let mut entries = [Entry::new(&meta, outcome, 0)];
        suppress(&mut entries, &facts);
        let [entry] = entries;
        (entry.status, entry.reason)
    }

    #[test]
    fn what_is_ignored() {
        let check = |given: Ignore, expected: Status| {
            let fail = Outcome::Fail(Finding::new("/home/u/store", "open"));
            let words = format!("{given:?}");
            assert_eq!(suppressed(given, fail).0, expected, "{words}");
        };
        use Status::{Fail, Suppressed};
        check(ignore("CRED-001", None, None), Suppressed);
        check(ignore("cred-001", None, None), Suppressed);
        check(ignore("CRED-011", None, None), Fail);
        check(ignore("cred", None, None), Fail);
        check(ignore("CRED-001", Some("/home/u/store"), None), Suppressed);
        check(ignore("CRED-001", Some("~/store"), None), Suppressed);
        check(ignore("CRED-001", Some("store"), None), Fail);
        let ends = |time| ignore("CRED-001", None, Some(time));
        check(ends("2026-11-20T12:00:01Z"), Suppressed);
        check(ends("2026-11-20T12:00:00Z"), Fail);
    }

    #[test]
    fn what_could_not_be_looked_at_counts() {
        let (status, _) = suppressed(ignore("CRED-001", None, None), Outcome::TimedOut);
        assert_eq!(status, Status::TimedOut);
    }

    #[test]
    fn the_reason_is_told() {
        let given = ignore("CRED-001", None, Some("2027-01-31T00:00:00Z"));
        let (_, reason) = suppressed(given, Outcome::Warn(Finding::new("s", "s")));
        assert_eq!(
            reason.as_deref(),
            Some("Ignored by /home/u/c:3 until 2027-01-31T00:00:00Z: we know")
        );
    }
}
