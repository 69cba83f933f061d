//! A `.env` file as systemd reads an `EnvironmentFile`, edited line by line. Comments, order, line
//! endings and lines that nobody understands are kept. A managed line has a comment above it that
//! names the profile it was made from:
//!
//! ```text
//! # keywright: anthropic:default
//! ANTHROPIC_API_KEY=sk-ant-…
//! ```

mod value;

pub(crate) use value::quote_text;

use zeroize::Zeroizing;

use super::BYTE_ORDER_MARK;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

/// Starts the comment above a managed line.
const MARK: &str = "# keywright: ";

/// A parsed file.
#[derive(Clone, Default)]
pub struct DotEnv {
    byte_order_mark: bool,
    items: Vec<Item>,
}

#[derive(Clone)]
struct Item {
    /// As it stands in the file, with its line ending; several lines where a value has them.
    text: Zeroizing<String>,
    /// Name and value of an assignment; `None` for comments, blank and other lines.
    assignment: Option<(String, Secret)>,
}

impl DotEnv {
    /// Takes a file apart. Nothing is refused: what is no assignment is kept as it is.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (byte_order_mark, mut rest) = match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut items = Vec::new();
        while !rest.is_empty() {
            let (length, assignment) = value::read_item(rest);
            let (item, next) = rest.split_at(length);
            items.push(Item {
                text: Zeroizing::new(item.to_owned()),
                assignment,
            });
            rest = next;
        }
        Self {
            byte_order_mark,
            items,
        }
    }

    /// The bytes of the file.
    #[must_use]
    pub fn render(&self) -> Zeroizing<Vec<u8>> {
        let size: usize = self.items.iter().map(|item| item.text.len()).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(size + 3));
        if self.byte_order_mark {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        for item in &self.items {
            bytes.extend_from_slice(item.text.as_bytes());
        }
        bytes
    }

    /// The value of a variable: the last assignment counts.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.iter()
            .filter(|(n, _)| *n == name)
            .last()
            .map(|(_, value)| value)
    }

    /// Every assignment in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.items
            .iter()
            .filter_map(|item| item.assignment.as_ref())
            .map(|(name, value)| (name.as_str(), value))
    }

    /// As [`DotEnv::iter`], with the line that each begins in, from 1.
    pub fn placed(&self) -> impl Iterator<Item = (usize, &str, &Secret)> {
        let mut line = 1;
        self.items.iter().filter_map(move |item| {
            let at = line;
            line += item.text.matches('\n').count();
            let (name, value) = item.assignment.as_ref()?;
            Some((at, name.as_str(), value))
        })
    }

    /// The managed variables: name, profile id as it stands in the comment, and value.
    pub fn managed(&self) -> impl Iterator<Item = (&str, &str, &Secret)> {
        self.items.windows(2).filter_map(|pair| {
            let profile = pair[0].profile()?;
            let (name, value) = pair[1].assignment.as_ref()?;
            Some((name.as_str(), profile, value))
        })
    }

    /// Sets a variable, with the comment that names its profile. An assignment that is there is
    /// rewritten where it stands, further ones of the same name are removed: they would hold an
    /// old secret.
    ///
    /// # Errors
    /// `Usage` for a name that is none; `MalformedCredential` for a value with a line break or
    /// another control character.
    pub fn set_managed(&mut self, name: &str, value: &Secret, profile: &str) -> Result<()> {
        let ending = self.line_ending();
        let line = assignment(name, value, ending)?;
        let comment = Item {
            text: Zeroizing::new(format!("{MARK}{profile}{ending}")),
            assignment: None,
        };
        let position = self.positions(name).pop();
        let Some(position) = position else {
            self.end_last_line(ending);
            self.items.extend([comment, line]);
            return Ok(());
        };
        self.items[position] = line;
        if position > 0 && self.items[position - 1].profile().is_some() {
            self.items[position - 1] = comment;
        } else {
            self.items.insert(position, comment);
        }
        self.remove_all_but_last(name);
        Ok(())
    }

    /// Adds a variable that the file does not have, without a comment.
    ///
    /// # Errors
    /// As [`DotEnv::set_managed`].
    pub fn add(&mut self, name: &str, value: &Secret) -> Result<()> {
        let ending = self.line_ending();
        let line = assignment(name, value, ending)?;
        self.end_last_line(ending);
        self.items.push(line);
        Ok(())
    }

    /// Lets the managed lines of `profile` follow it: they get its secret, or go where it has none
    /// any more. Only lines that `follows` accepts, by their value. Gives name and value of each line
    /// as it was before.
    ///
    /// # Errors
    /// As [`DotEnv::set_managed`].
    pub fn follow(
        &mut self,
        profile: &str,
        secret: Option<&Secret>,
        follows: impl Fn(&Secret) -> bool,
    ) -> Result<Vec<(String, Secret)>> {
        let lines: Vec<(String, Secret)> = self
            .managed()
            .filter(|(_, owner, value)| {
                *owner == profile && Some(*value) != secret && follows(value)
            })
            .map(|(name, _, value)| (name.to_owned(), value.clone()))
            .collect();
        for (name, _) in &lines {
            match secret {
                Some(secret) => self.set_managed(name, secret, profile)?,
                None => drop(self.remove(name)),
            }
        }
        Ok(lines)
    }

    /// Removes every assignment of a variable, with the comments that mark it as managed. Tells
    /// whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let positions = self.positions(name);
        for position in positions.iter().rev() {
            self.remove_at(*position);
        }
        !positions.is_empty()
    }

    fn remove_all_but_last(&mut self, name: &str) {
        let mut positions = self.positions(name);
        positions.pop();
        for position in positions.into_iter().rev() {
            self.remove_at(position);
        }
    }

    fn remove_at(&mut self, position: usize) {
        self.items.remove(position);
        if position > 0 && self.items[position - 1].profile().is_some() {
            self.items.remove(position - 1);
        }
    }

    fn positions(&self, name: &str) -> Vec<usize> {
        let named = |item: &Item| item.assignment.as_ref().is_some_and(|(n, _)| n == name);
        (0..self.items.len())
            .filter(|index| named(&self.items[*index]))
            .collect()
    }

    /// The line ending that the file uses.
    fn line_ending(&self) -> &'static str {
        match self.items.first() {
            Some(item) if item.text.ends_with("\r\n") => "\r\n",
            _ => "\n",
        }
    }

    fn end_last_line(&mut self, ending: &str) {
        if let Some(last) = self.items.last_mut()
            && !last.text.ends_with('\n')
        {
            last.text.push_str(ending);
        }
    }
}

/// The line that gives a variable its value.
fn assignment(name: &str, value: &Secret, ending: &str) -> Result<Item> {
    if !value::is_variable(name) {
        return Err(Error::usage(
            "a variable's name is made of letters, digits and `_`",
        ));
    }
    let Some(quoted) = value
        .inspect(value::can_be_written)
        .then(|| value::quote(value))
    else {
        return Err(Error::new(
            Kind::MalformedCredential,
            format!("the value for {name} holds a line break or another control character"),
        ));
    };
    Ok(Item {
        text: Zeroizing::new(format!("{name}={}{ending}", quoted.as_str())),
        assignment: Some((name.to_owned(), value.clone())),
    })
}

impl Item {
    /// The profile that a managing comment names.
    fn profile(&self) -> Option<&str> {
        if self.assignment.is_some() {
            return None;
        }
        self.text.strip_prefix(MARK).map(str::trim_end)
    }
}

#[cfg(test)]
mod tests;
