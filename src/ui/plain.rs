//! Questions as plain lines on stderr: numbered lists, no cursor movement, no colour needed. For
//! screen readers, serial consoles and `TERM=dumb`.

use std::fmt::Write as _;
use std::io::{BufRead, Write as _};

use super::keyboard::{Choice, Given, Keyboard, Line, yes_or_no};
use super::prompt::hidden_line;
use super::wrap::wrap;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::system::Terminal;
use crate::system::terminal::DEFAULT_WIDTH;

/// Questions as lines.
pub struct Plain {
    terminal: Terminal,
}

impl Plain {
    #[must_use]
    pub const fn new(terminal: Terminal) -> Self {
        Self { terminal }
    }

    fn width(&self) -> usize {
        usize::from(self.terminal.width().unwrap_or(DEFAULT_WIDTH)).saturating_sub(1)
    }

    /// One line of input without its end; `None` when the input is closed.
    fn read(&mut self, prompt: &str) -> Result<Option<String>> {
        let prompt = wrap(prompt, self.width(), "");
        let mut err = std::io::stderr().lock();
        let _ = write!(err, "{prompt} ");
        let _ = err.flush();
        drop(err);
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        match read {
            Ok(0) => {
                super::write_stderr("");
                self.show("The input is closed.");
                Ok(None)
            }
            Ok(_) => Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned())),
            // Bytes that are no text are no answer: the question is asked again.
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Ok(Some("\u{fffd}".to_owned()))
            }
            Err(error) => {
                Err(Error::new(Kind::Io, "cannot read from the terminal").caused_by(error))
            }
        }
    }
}

/// Whether a line asks for the question before.
fn goes_back(line: &str) -> bool {
    matches!(line.trim(), "<" | "\u{1b}")
}

impl Keyboard for Plain {
    fn choose(&mut self, prompt: &str, choices: &[Choice], start: usize) -> Result<Given<usize>> {
        let mut list = String::new();
        for (index, choice) in choices.iter().enumerate() {
            let mut entry = format!("  {}. {}", index + 1, choice.label);
            if choice.recommended {
                entry.push_str(" (recommended)");
            }
            if let Some(detail) = &choice.detail {
                let _ = write!(entry, ": {detail}");
            }
            if let Some(reason) = &choice.refused {
                let _ = write!(entry, " (not now: {reason})");
            }
            list.push('\n');
            list.push_str(&wrap(&entry, self.width(), "   "));
        }
        self.show(&format!("{prompt}{list}"));
        let count = choices.len();
        let ask = format!("Number 1 to {count}, Enter for {}, < for back:", start + 1);
        loop {
            let Some(line) = self.read(&ask)? else {
                return Ok(Given::Cancel);
            };
            if goes_back(&line) {
                return Ok(Given::Back);
            }
            let number = match line.trim() {
                "" => Some(start + 1),
                text => text.parse().ok().filter(|n| (1..=count).contains(n)),
            };
            let Some(index) = number.map(|n: usize| n - 1) else {
                self.show(&format!("Please type a number from 1 to {count}."));
                continue;
            };
            match choices
                .get(index)
                .and_then(|choice| choice.refused.as_ref())
            {
                None => return Ok(Given::Answer(index)),
                Some(reason) => self.show(&format!("This cannot be chosen: {reason}.")),
            }
        }
    }

    fn line(&mut self, line: &Line<'_>) -> Result<Given<String>> {
        // A terminal without cursor movement cannot edit what stands there: Enter keeps it.
        let default = Some(line.typed)
            .filter(|text| !text.is_empty())
            .or(line.default);
        let ask = match default {
            Some(default) => format!("{} (Enter for {default}, < for back):", line.prompt),
            None => format!("{} (< for back):", line.prompt),
        };
        loop {
            let Some(text) = self.read(&ask)? else {
                return Ok(Given::Cancel);
            };
            if goes_back(&text) {
                return Ok(Given::Back);
            }
            let text = match (text.is_empty(), default) {
                (true, Some(default)) => default.to_owned(),
                _ => text,
            };
            match (line.check)(&text).filter(|_| !(line.hide)(&text)) {
                None => return Ok(Given::Answer(text)),
                Some(reason) => self.show(&format!("Not taken: {reason}.")),
            }
        }
    }

    fn secret(&mut self, prompt: &str, help: Option<&str>) -> Result<Given<Secret>> {
        if let Some(help) = help {
            self.show(help);
        }
        let ask = format!("{prompt} (nothing is shown, < for back):");
        let mut err = std::io::stderr().lock();
        let _ = write!(err, "{} ", wrap(&ask, self.width(), ""));
        let _ = err.flush();
        drop(err);
        let given = hidden_line();
        super::write_stderr("");
        Ok(match given? {
            Given::Answer(secret) if secret.inspect(goes_back) => Given::Back,
            other => other,
        })
    }

    fn confirm(&mut self, prompt: &str, default: Option<bool>) -> Result<Given<bool>> {
        let ask = match default {
            Some(true) => format!("{prompt} (yes or no, Enter for yes, < for back):"),
            Some(false) => format!("{prompt} (yes or no, Enter for no, < for back):"),
            None => format!("{prompt} (yes or no, < for back):"),
        };
        loop {
            let Some(line) = self.read(&ask)? else {
                return Ok(Given::Cancel);
            };
            if goes_back(&line) {
                return Ok(Given::Back);
            }
            let answer = match (line.trim(), default) {
                ("", Some(default)) => Some(default),
                (text, _) => yes_or_no(text),
            };
            match answer {
                Some(answer) => return Ok(Given::Answer(answer)),
                None => self.show("Please type yes or no."),
            }
        }
    }

    fn show(&mut self, text: &str) {
        super::write_stderr(&wrap(text, self.width(), ""));
    }
}
