//! The start-up files of the user's shell: which give the name `claude` another meaning, which set
//! a credential, and which kind of session reads each. Read line by line, never run, so what
//! stands behind a condition is seen too.

mod files;
mod line;

use std::path::{Path, PathBuf};

use crate::doctor::collect::value::describe_secret;
use crate::doctor::facts::{Defines, Definition, Sessions, Shell, StartUp};
use crate::system::System;

/// Larger ones are not written by hand.
const LIMIT: usize = 512 * 1024;
/// Files that read files that read files.
const DEPTH: usize = 4;
/// Lines above an early end in which its condition can stand.
const CONDITION: usize = 4;

/// Reads the files of `shell`; those of every shell when it is not known.
#[must_use]
pub fn collect(system: &System, shell: Shell) -> StartUp {
    let Some(home) = system.environment.home() else {
        return StartUp::default();
    };
    let mut reader = Reader {
        system,
        home: &home,
        seen: Vec::new(),
        found: StartUp::default(),
    };
    for file in files::of(system, &home, shell) {
        reader.read(&file.path, file.sessions, DEPTH);
    }
    reader.found
}

struct Reader<'a> {
    system: &'a System,
    home: &'a Path,
    /// Files and the sessions that are known to read them.
    seen: Vec<(PathBuf, Sessions)>,
    found: StartUp,
}

impl Reader<'_> {
    fn read(&mut self, path: &Path, sessions: Sessions, depth: usize) {
        if let Some(index) = self.seen.iter().position(|(seen, _)| seen == path) {
            let (_, known) = &mut self.seen[index];
            let all = known.or(sessions);
            if *known == all {
                return;
            }
            *known = all;
        } else {
            self.seen.push((path.to_path_buf(), sessions));
        }
        let place = self.system.at(path);
        if depth == 0 {
            return;
        }
        if let Ok(Some(text)) = self.system.files.read_text(&place, LIMIT) {
            self.lines(path, &text, sessions, depth);
        }
    }

    fn lines(&mut self, path: &Path, text: &str, mut sessions: Sessions, depth: usize) {
        // Most files of a system have nothing to say here.
        let named = line::NAMES.iter().any(|name| text.contains(name));
        if !named && !line::READS.iter().any(|start| text.contains(start)) {
            return;
        }
        let file = path.display().to_string();
        let mut above: [&str; CONDITION] = [""; CONDITION];
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line::leaves(line, &above) {
                sessions = sessions.typed_into();
            }
            above.rotate_left(1);
            above[CONDITION - 1] = line;
            if named {
                for (what, name) in line::meaning(line) {
                    self.define(&file, index + 1, line, (what, name), sessions);
                }
            }
            let next = line::read_in_turn(line).and_then(|path| self.named(path));
            if let Some(next) = next {
                self.read(&next, sessions, depth - 1);
            }
        }
    }

    fn define(
        &mut self,
        file: &str,
        line: usize,
        text: &str,
        (what, name): (Defines, &str),
        sessions: Sessions,
    ) {
        let mut known = self.found.definitions.iter_mut();
        if let Some(known) = known.find(|d| d.file == file && d.line == line && d.name == name) {
            known.sessions = known.sessions.or(sessions);
            return;
        }
        let value = (what == Defines::Variable)
            .then(|| line::literal(text, name))
            .flatten();
        self.found.definitions.push(Definition {
            file: file.to_owned(),
            line,
            what,
            name: name.to_owned(),
            value: value.as_ref().map(describe_secret),
            sessions,
        });
    }

    /// A path as it is written in a start-up file; `None` for one that the shell must work out.
    fn named(&self, path: &str) -> Option<PathBuf> {
        let below = ["~/", "$HOME/", "${HOME}/"];
        if let Some(rest) = below.iter().find_map(|start| path.strip_prefix(start)) {
            return (!rest.contains('$')).then(|| self.home.join(rest));
        }
        let plain = path.starts_with('/') && !path.contains(['$', '*', '`']);
        plain.then(|| PathBuf::from(path))
    }
}

#[cfg(test)]
mod tests;
