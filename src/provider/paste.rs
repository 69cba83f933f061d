//! What a person pasted, cleaned: wrapped lines joined, quotes and shell or header words taken
//! off, invisible characters dropped, and of a whole screen the one credential in it taken. Each thing done is told, none of the secret is.

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

mod detect;
mod extract;
mod strip;

pub use detect::{looks_like_secret, scrub};

/// Bytes of a pasted text, file or pipe that are looked at: no secret is larger, and whoever reads
/// one may stop here.
pub const INPUT_LIMIT: usize = 64 * 1024;

/// A cleaned text and what was done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    pub secret: Secret,
    /// Empty when the text was clean; a final line break is not worth a note.
    pub notes: Vec<Note>,
}

/// One thing that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Lines that a terminal or document had wrapped were put together.
    JoinedLines {
        lines: usize,
        characters: usize,
    },
    /// White space inside was removed.
    RemovedWhiteSpace {
        count: usize,
    },
    /// Characters that nobody sees were removed.
    RemovedInvisible {
        count: usize,
    },
    RemovedQuotes,
    /// `export X=`, `X=` and their like in other shells.
    RemovedAssignment,
    /// `x-api-key:`, `Authorization:`, `Bearer`.
    RemovedHeader,
    /// What a line ends with in a shell or a list: `\`, `;`, `,`.
    RemovedTrailing,
    /// The codes that a terminal puts around a paste.
    RemovedPasteCodes,
    /// What followed a `#` after an assignment.
    RemovedComment,
    /// The rest of a screen or page, around the one credential in it.
    RemovedText,
}

impl Note {
    /// A lowercase fragment: "joined a 2-line paste, 108 characters".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::JoinedLines { lines, characters } => {
                format!("joined a {lines}-line paste, {characters} characters")
            }
            Self::RemovedWhiteSpace { count: 1 } => "removed a space inside of it".to_owned(),
            Self::RemovedWhiteSpace { count } => format!("removed {count} spaces inside of it"),
            Self::RemovedInvisible { count: 1 } => "removed an invisible character".to_owned(),
            Self::RemovedInvisible { count } => format!("removed {count} invisible characters"),
            Self::RemovedQuotes => "removed the quotes around it".to_owned(),
            Self::RemovedAssignment => "removed the variable name before it".to_owned(),
            Self::RemovedHeader => "removed the header name before it".to_owned(),
            Self::RemovedTrailing => "removed the punctuation after it".to_owned(),
            Self::RemovedPasteCodes => "removed the terminal's paste codes".to_owned(),
            Self::RemovedComment => "removed the comment after it".to_owned(),
            Self::RemovedText => "removed the text around it".to_owned(),
        }
    }
}

/// The text of a file or pipe: UTF-8, or UTF-16 as PowerShell's `>` writes it.
///
/// # Errors
/// `MalformedCredential` when it is neither, or longer than [`INPUT_LIMIT`] bytes.
pub fn decode(bytes: &[u8]) -> Result<Zeroizing<String>> {
    let refuse = |what: &str, hint: &str| {
        Err(Error::new(
            Kind::MalformedCredential,
            format!("the secret cannot be used: {what}"),
        )
        .hint(hint))
    };
    if bytes.len() > INPUT_LIMIT {
        return refuse(
            "it is far too long",
            "This is probably a whole file. Give the key alone.",
        );
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    };
    match text {
        Some(text) => Ok(Zeroizing::new(text)),
        None => refuse(
            "it is binary data, not text",
            "Name the text file that holds the key, or paste the key.",
        ),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<_, _>>()
        .ok()
}

/// Cleans a pasted secret. Whatever is left is judged by the provider's shape check; a text above
/// [`INPUT_LIMIT`] is passed on as it is.
#[must_use]
pub fn normalise(text: &str) -> Pasted {
    if text.len() > INPUT_LIMIT {
        return Pasted {
            secret: Secret::new(text),
            notes: Vec::new(),
        };
    }
    let mut notes = Vec::new();
    let text = strip::paste_codes(text, &mut notes);
    let text = strip::invisible(&text, &mut notes);
    let unseen = notes.clone();
    let rest = strip::surroundings(text.trim(), &mut notes);
    let secret = strip::join(rest, &mut notes);
    if extract::is_one(&secret) {
        return Pasted { secret, notes };
    }
    match extract::only_credential(&text) {
        Some((secret, lines)) => {
            let mut notes = unseen;
            if lines > 1 {
                let characters = secret.len();
                notes.push(Note::JoinedLines { lines, characters });
            }
            notes.push(Note::RemovedText);
            Pasted { secret, notes }
        }
        None => Pasted { secret, notes },
    }
}

/// As [`normalise`], of what is wrapped already.
#[must_use]
pub fn clean(secret: &Secret) -> Pasted {
    secret.inspect(normalise)
}

#[cfg(test)]
mod tests;
