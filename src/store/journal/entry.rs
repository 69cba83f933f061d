//! One transaction of the journal, and its form on disk.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, Kind, Result};
use crate::store::fingerprint::Fingerprint;
use crate::store::surroundings::Surroundings;
use crate::system::Mode;

const VERSION: u32 = 1;

/// A transaction.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    /// What was done, in a few words.
    pub label: String,
    pub created: Timestamp,
    /// The transaction that this one took back.
    pub undoes: Option<String>,
    pub state: State,
    pub records: Vec<Record>,
    pub surroundings: Surroundings,
}

/// How far a transaction got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Begun and not finished: the next writing command takes it back or finishes it.
    Pending,
    Done,
    /// Taken back by a later transaction.
    Undone,
    /// The entry cannot be read.
    Damaged,
}

/// One file of a transaction.
#[derive(Clone)]
pub struct Record {
    /// Absolute; as it was given, so links are followed anew.
    pub path: PathBuf,
    /// What it held; `None` when it was not there.
    pub before: Option<Zeroizing<Vec<u8>>>,
    /// What it was given; `None` when it was removed.
    pub after: Option<Fingerprint>,
    pub mode: Mode,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredEntry {
    version: u32,
    label: String,
    /// Milliseconds since 1970.
    created_at: i64,
    undoes: Option<String>,
    files: Vec<StoredRecord>,
    #[serde(default, skip_serializing_if = "Surroundings::is_empty")]
    surroundings: Surroundings,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord {
    /// Relative to the home for files in it, so that a home can be moved.
    path: String,
    mode: Mode,
    before: Option<Image>,
    after: Option<Fingerprint>,
}

/// Bytes in JSON: text as text, anything else in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Image {
    Text(String),
    Hex(String),
}

impl Entry {
    /// The number at the end of the id.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        sequence(&self.id)
    }

    pub(super) fn damaged(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            label: String::new(),
            created: Timestamp::UNIX_EPOCH,
            undoes: None,
            state: State::Damaged,
            records: Vec::new(),
            surroundings: Surroundings::default(),
        }
    }

    /// Nothing is known of what it did.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty() && self.surroundings.is_empty()
    }

    pub(super) fn render(&self, home: &Path) -> Result<Zeroizing<Vec<u8>>> {
        let files: Vec<StoredRecord> = self
            .records
            .iter()
            .map(|record| record.to_stored(home))
            .collect::<Result<_>>()?;
        let stored = StoredEntry {
            version: VERSION,
            label: self.label.clone(),
            created_at: self.created.as_millisecond(),
            undoes: self.undoes.clone(),
            files,
            surroundings: self
                .surroundings
                .clone()
                .with_paths(|path| path.strip_prefix(home).unwrap_or(path).to_path_buf()),
        };
        // Escapes can double a text; a buffer that grows leaves copies behind.
        let room: usize = self.records.iter().map(Record::size).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * room + 4096));
        serde_json::to_writer_pretty(&mut *bytes, &stored)
            .map_err(|_| Error::new(Kind::Io, "cannot write the journal as JSON"))?;
        Ok(bytes)
    }

    pub(super) fn parse(text: &str, id: &str, home: &Path) -> Option<Self> {
        let stored: StoredEntry = serde_json::from_str(text).ok()?;
        if stored.version != VERSION {
            return None;
        }
        let records: Option<Vec<Record>> = stored
            .files
            .into_iter()
            .map(|record| record.into_record(home))
            .collect();
        Some(Self {
            id: id.to_owned(),
            label: stored.label,
            created: Timestamp::from_millisecond(stored.created_at).ok()?,
            undoes: stored.undoes,
            state: State::Done,
            records: records?,
            surroundings: stored
                .surroundings
                .with_paths(|path| home.components().chain(path.components()).collect()),
        })
    }
}

impl Record {
    fn size(&self) -> usize {
        self.path.as_os_str().len() + self.before.as_ref().map_or(0, |bytes| bytes.len())
    }

    fn to_stored(&self, home: &Path) -> Result<StoredRecord> {
        let path = self.path.strip_prefix(home).unwrap_or(&self.path);
        let path = path.to_str().ok_or_else(|| {
            Error::new(
                Kind::CannotCreate,
                format!("the path {} is not UTF-8 text", self.path.display()),
            )
            .path(&self.path)
        })?;
        Ok(StoredRecord {
            path: path.to_owned(),
            mode: self.mode,
            before: self.before.as_ref().map(|bytes| Image::of(bytes)),
            after: self.after.clone(),
        })
    }
}

impl StoredRecord {
    fn into_record(self, home: &Path) -> Option<Record> {
        let before = match self.before {
            Some(image) => Some(image.bytes()?),
            None => None,
        };
        Some(Record {
            path: home.join(self.path),
            before,
            after: self.after,
            mode: self.mode,
        })
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        match self {
            Self::Text(text) | Self::Hex(text) => text.zeroize(),
        }
    }
}

impl Image {
    fn of(bytes: &[u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self::Text(text.to_owned());
        }
        let mut hex = String::with_capacity(2 * bytes.len());
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        Self::Hex(hex)
    }

    fn bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        let digits = match self {
            Self::Text(text) => return Some(Zeroizing::new(text.as_bytes().to_vec())),
            Self::Hex(digits) => digits,
        };
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(pair).collect();
        bytes.map(Zeroizing::new)
    }
}

/// The number at the end of an id; 0 for a name that is none of ours.
pub(super) fn sequence(id: &str) -> u64 {
    let number = id
        .rsplit_once('-')
        .and_then(|(_, number)| number.parse().ok());
    number.unwrap_or_default()
}

/// When the transaction of that id was begun, to the second; `None` for a name that is none of ours.
pub(super) fn begun(id: &str) -> Option<Timestamp> {
    let digits = |from: usize, to: usize| id.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize| i8::try_from(digits(from, from + 2)?).ok();
    let time = jiff::civil::DateTime::new(
        digits(0, 4)?,
        small(4)?,
        small(6)?,
        small(9)?,
        small(11)?,
        small(13)?,
        0,
    );
    let zoned = time.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// A transaction that a later, standing one took back is undone.
pub(super) fn mark_undone(entries: &mut [Entry]) {
    for index in (0..entries.len()).rev() {
        if entries[index].state != State::Done {
            continue;
        }
        let Some(undone) = entries[index].undoes.clone() else {
            continue;
        };
        for entry in &mut entries[..index] {
            if entry.id == undone && entry.state == State::Done {
                entry.state = State::Undone;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when_it_was_begun() {
        let check = |id: &str, expected: Option<&str>| {
            let found = begun(id).map(|time| time.to_string());
            assert_eq!(found.as_deref(), expected, "{id}");
        };
        check("20261121-101112-7", Some("2026-11-21T10:11:12Z"));
        check("20261321-101112-7", None);
        check("2026", None);
        check("2026112ä-101112-7", None);
        check("", None);
    }
}
