//! The start-up files of the user's shell: which give the name `claude` another meaning, which set
//! a credential, and which kind of session reads each. Read line by line, never run, so what
//! stands behind a condition is seen too.

mod files;
pub mod line;

use std::path::{Path, PathBuf};

use crate::doctor::collect::value::describe_secret;
use crate::doctor::facts::{Defines, Definition, Sessions, Shell, StartUp};
use crate::system::System;

/// Larger ones are not written by hand.
const LIMIT: usize = 512 * 1024;
/// More definitions than anyone writes.
const MOST: usize = 1000;
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

/// A file that is being read.
struct File {
    name: String,
    /// It was read before, for other sessions.
    again: bool,
    /// How many files may still read each other from here.
    depth: usize,
}

impl Reader<'_> {
    fn read(&mut self, path: &Path, sessions: Sessions, depth: usize) {
        if depth == 0 {
            return;
        }
        let known = self.seen.iter().position(|(seen, _)| seen == path);
        if let Some(index) = known {
            let (_, known) = &mut self.seen[index];
            let all = known.or(sessions);
            if *known == all {
                return;
            }
            *known = all;
        } else {
            self.seen.push((path.to_path_buf(), sessions));
        }
        let text = self.system.files.read_text(&self.system.at(path), LIMIT);
        if let Ok(Some(text)) = text {
            let file = File {
                name: path.display().to_string(),
                again: known.is_some(),
                depth,
            };
            self.lines(&file, &text, sessions);
        }
    }

    fn lines(&mut self, file: &File, text: &str, mut sessions: Sessions) {
        // Most files of a system have nothing to say here.
        let named = line::NAMES.iter().any(|name| text.contains(name));
        if !named && !line::READS.iter().any(|start| text.contains(start)) {
            return;
        }
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
                    let value = (what == Defines::Variable)
                        .then(|| line::literal(line, name))
                        .flatten();
                    let definition = Definition {
                        file: file.name.clone(),
                        line: index + 1,
                        what,
                        name: name.to_owned(),
                        value: value.as_ref().map(describe_secret),
                        sessions,
                    };
                    self.define(definition, file.again);
                }
            }
            let next = line::read_in_turn(line).and_then(|path| self.named(path));
            if let Some(next) = next {
                self.read(&next, sessions, file.depth - 1);
            }
        }
    }

    /// A file that is read again, for other sessions, defines nothing new.
    fn define(&mut self, new: Definition, again: bool) {
        let same = |known: &&mut Definition| {
            known.line == new.line && known.name == new.name && known.file == new.file
        };
        let room = self.found.definitions.len() < MOST;
        let known = again.then(|| self.found.definitions.iter_mut().find(same));
        match known.flatten() {
            Some(known) => known.sessions = known.sessions.or(new.sessions),
            None if room => self.found.definitions.push(new),
            None => {}
        }
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
