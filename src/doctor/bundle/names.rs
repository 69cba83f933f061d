//! The names that say whose machine it is: the home folder, the user and the host. Pure.

use std::ops::Range;

use super::shapes::{Hit, Kind};

/// Users whose name says nothing about a person, and is a part of many other paths.
const NOBODY: &[&str] = &[
    "root",
    "home",
    "user",
    "users",
    "claude",
    "node",
    "aws",
    "admin",
    "ubuntu",
    "runner",
    "bin",
    "lib",
    "usr",
    "tmp",
    "keywright",
    "anthropic",
    "local",
    "config",
    "share",
    "opt",
    "var",
];

/// Names to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    home: Option<String>,
    users: Vec<String>,
    hosts: Vec<String>,
}

impl Names {
    /// The names of this home folder, these users and these hosts, without those that say nothing.
    #[must_use]
    pub fn new(home: Option<&str>, users: Vec<String>, hosts: Vec<String>) -> Self {
        let home = home.map(|home| home.trim_end_matches(['/', '\\']));
        let home = home.filter(|home| home.len() > 1).map(str::to_owned);
        let known = |name: &String| NOBODY.contains(&name.to_lowercase().as_str());
        let telling = |names: Vec<String>| -> Vec<String> {
            let telling = |name: &String| name.len() >= 2 && name != "localhost" && !known(name);
            names.into_iter().filter(telling).collect()
        };
        Self {
            home,
            users: telling(users),
            hosts: telling(hosts),
        }
    }

    /// The home folder wherever a path begins with it; users and hosts as a part of a path, after
    /// `@` and `user=`, users before `@`, and hosts that can be nothing else anywhere.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        if let Some(home) = &self.home {
            let places = whole(text, home, |c| part_of_name(c) || c == '/');
            hits.extend(places.into_iter().map(|at| (at, Kind::Home)));
        }
        for user in &self.users {
            for at in whole(text, user, part_of_name) {
                let (before, after) = around(text, &at);
                if in_path(before) || addressed(before) || after.starts_with('@') {
                    hits.push((at, Kind::User));
                }
            }
        }
        for host in &self.hosts {
            let telling = host.len() >= 6 && host.contains(|c: char| !c.is_ascii_alphabetic());
            for at in whole(text, host, part_of_name) {
                let (before, _) = around(text, &at);
                if telling || in_path(before) || addressed(before) {
                    hits.push((at, Kind::Host));
                }
            }
        }
        hits
    }
}

const fn part_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Where `name` stands, and no character before or behind it makes it a part of another one.
fn whole(text: &str, name: &str, part: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let starts = text.match_indices(name).map(|(at, _)| at);
    starts
        .filter(|at| !text[..*at].ends_with(&part))
        .filter(|at| !text[*at + name.len()..].starts_with(part_of_name))
        .map(|at| at..at + name.len())
        .collect()
}

fn around<'a>(text: &'a str, at: &Range<usize>) -> (&'a str, &'a str) {
    (&text[..at.start], &text[at.end..])
}

fn in_path(before: &str) -> bool {
    before.ends_with(['/', '\\'])
}

fn addressed(before: &str) -> bool {
    let lower = before.to_ascii_lowercase();
    ["@", "user=", "user =", "host=", "hostname="]
        .iter()
        .any(|start| lower.ends_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let text = str::to_owned;
        Names::new(
            Some("/home/ann/"),
            vec![text("ann"), text("root")],
            vec![text("annbox"), text("web-07"), text("localhost")],
        )
    }

    #[test]
    fn names_of_people_and_machines() {
        let check = |text: &str, expected: &str| {
            let mut clean = text.to_owned();
            let mut hits = names().find(text);
            hits.sort_by_key(|(range, kind)| (range.start, *kind));
            hits.dedup_by(|next, first| next.0.start < first.0.end);
            for (range, kind) in hits.into_iter().rev() {
                clean.replace_range(range, kind.placeholder());
            }
            assert_eq!(clean, expected, "{text}");
        };
        check("/home/ann", "~");
        check(
            "see /home/ann/.claude, '/home/ann/x'",
            "see ~/.claude, '~/x'",
        );
        check("/home/anna/x", "/home/anna/x");
        check("/mnt/home/ann/x", "/mnt/home/[user]/x");
        check("/srv/ann: ann, annex", "/srv/[user]: ann, annex");
        check("C:\\Users\\ann\\x", "C:\\Users\\[user]\\x");
        check("ann@annbox user=ann", "[user]@[host] user=[user]");
        check("an annbox, /net/annbox/x", "an annbox, /net/[host]/x");
        check("on web-07.", "on [host].");
        check("/root/x, localhost:1", "/root/x, localhost:1");
    }
}
