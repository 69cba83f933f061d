//! Whether somebody else is in a group, by /etc/group and /etc/passwd. A group that these do not
//! know, as on a machine with users of a directory server, is the user's own when it has the user's
//! number.

use std::path::Path;

use zeroize::Zeroizing;

use crate::doctor::facts::Group;
use crate::system::System;

/// A machine with ten thousand users has less.
const LIMIT: usize = 2 * 1024 * 1024;

/// The groups that were asked for.
pub struct Groups<'a> {
    system: &'a System,
    user: u32,
    /// Both files, as soon as a group was asked for.
    files: Option<[Zeroizing<String>; 2]>,
    pub found: Vec<Group>,
}

impl<'a> Groups<'a> {
    #[must_use]
    pub fn new(system: &'a System) -> Self {
        Self {
            system,
            user: system.files.user(),
            files: None,
            found: Vec::new(),
        }
    }

    /// Nobody but this user and root is in it.
    pub fn is_private(&mut self, id: u32) -> bool {
        self.ask(id);
        let mut found = self.found.iter();
        found.any(|group| group.id == id && group.private)
    }

    /// Looks a group up, once.
    pub fn ask(&mut self, id: u32) {
        if self.found.iter().any(|group| group.id == id) {
            return;
        }
        let read = |path: &str| {
            let path = self.system.at(Path::new(path));
            let text = self.system.files.read_text(&path, LIMIT);
            text.ok().flatten().unwrap_or_default()
        };
        let files = self
            .files
            .get_or_insert_with(|| ["/etc/group", "/etc/passwd"].map(read));
        let group = look(&files[0], &files[1], id, self.user);
        self.found.push(group);
    }
}

/// group(5) and passwd(5): who has it as a further group, and whose first one it is.
fn look(groups: &str, users: &str, id: u32, user: u32) -> Group {
    let field =
        |line: &'_ str, at: usize| -> Option<String> { line.split(':').nth(at).map(str::to_owned) };
    let number = |line: &str, at: usize| field(line, at)?.parse::<u32>().ok();
    let line = groups.lines().find(|line| number(line, 2) == Some(id));
    let Some(line) = line else {
        return Group {
            id,
            name: None,
            private: id == user,
        };
    };
    let of = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name));
        line.and_then(|line| number(line, 2))
    };
    let harmless = |other: Option<u32>| other == Some(user) || other == Some(0);
    let members = field(line, 3).unwrap_or_default();
    let mut members = members.split(',').filter(|name| !name.trim().is_empty());
    let mut first = users.lines().filter(|line| number(line, 3) == Some(id));
    let private = members.all(|name| harmless(of(name.trim())))
        && first.all(|line| harmless(number(line, 2)));
    Group {
        id,
        name: field(line, 0).filter(|_| !private),
        private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members() {
        const GROUPS: &str = "root:x:0:\nann:x:1000:\nusers:x:100:\nstaff:x:50:ann,bob\nmine:x:60:ann,root\ngone:x:70:nobody-here\n";
        const USERS: &str = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:100::/home/bob:/bin/sh\nann2:x:1000:1000::/:/bin/sh\n";
        let check = |id, user, name: Option<&str>, private| {
            let group = look(GROUPS, USERS, id, user);
            let found = (group.name.as_deref(), group.private);
            assert_eq!(found, (name, private), "{id} {user}");
        };
        check(1000, 1000, None, true);
        check(60, 1000, None, true);
        check(0, 0, None, true);
        check(50, 1000, Some("staff"), false);
        check(100, 1000, Some("users"), false);
        check(70, 1000, Some("gone"), false);
        check(1000, 1001, Some("ann"), false);
        // Not known here.
        check(4711, 4711, None, true);
        check(4711, 4712, None, false);
    }
}
