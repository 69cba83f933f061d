//! Messages as they stand on the wire, as far as calls with texts and their answers need it. The
//! format is that of the D-Bus Specification, section "Message Protocol".

use std::io;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    Return,
    Error,
    /// A call or a signal, which nobody here waits for.
    Other,
}

/// An argument of a call.
#[derive(Clone, Copy, Debug)]
pub enum Argument<'a> {
    Text(&'a str),
    /// The path of an object.
    Path(&'a str),
    Paths(&'a [String]),
    /// A text in a variant.
    Variant(&'a str),
    /// Names with values.
    Texts(&'a [(&'a str, &'a str)]),
}

impl Argument<'_> {
    const fn signature(self) -> &'static str {
        match self {
            Self::Text(_) => "s",
            Self::Path(_) => "o",
            Self::Paths(_) => "ao",
            Self::Variant(_) => "v",
            Self::Texts(_) => "a{ss}",
        }
    }
}

/// Where a call goes.
#[derive(Clone, Copy, Debug)]
pub struct Method<'a> {
    pub destination: &'a str,
    pub path: &'a str,
    pub interface: &'a str,
    pub member: &'a str,
}

/// Writes values one after the other, each at a multiple of its size.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn pad(&mut self, to: usize) {
        let length = self.0.len().next_multiple_of(to);
        self.0.resize(length, 0);
    }

    fn number(&mut self, number: usize) {
        self.pad(4);
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.0.extend(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend(text.as_bytes());
        self.0.push(0);
    }

    fn signature(&mut self, text: &str) {
        self.0.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        self.0.extend(text.as_bytes());
        self.0.push(0);
    }

    /// A list whose elements stand at multiples of `align`; its length in bytes comes first.
    fn list(&mut self, align: usize, elements: impl FnOnce(&mut Self)) {
        self.number(0);
        let length_at = self.0.len() - 4;
        self.pad(align);
        let start = self.0.len();
        elements(self);
        let length = u32::try_from(self.0.len() - start).unwrap_or(u32::MAX);
        self.0[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }

    fn argument(&mut self, argument: Argument<'_>) {
        match argument {
            Argument::Text(text) | Argument::Path(text) => self.text(text),
            Argument::Paths(paths) => self.list(4, |list| {
                for path in paths {
                    list.text(path);
                }
            }),
            Argument::Variant(text) => {
                self.signature("s");
                self.text(text);
            }
            Argument::Texts(pairs) => self.list(8, |list| {
                for (name, value) in pairs {
                    list.pad(8);
                    list.text(name);
                    list.text(value);
                }
            }),
        }
    }
}

/// The bytes of a call.
pub fn call(serial: u32, method: &Method<'_>, arguments: &[Argument<'_>]) -> Vec<u8> {
    const CALL: u8 = 1;
    const PROTOCOL: u8 = 1;
    let mut body = Writer::default();
    for argument in arguments {
        body.argument(*argument);
    }
    let signature: String = arguments
        .iter()
        .map(|argument| argument.signature())
        .collect();
    let mut message = Writer(vec![b'l', CALL, 0, PROTOCOL]);
    message.number(body.0.len());
    message.number(serial as usize);
    let fields = [
        (1, "o", method.path),
        (2, "s", method.interface),
        (3, "s", method.member),
        (6, "s", method.destination),
        (8, "g", signature.as_str()),
    ];
    message.list(8, |list| {
        for (code, kind, value) in fields {
            if value.is_empty() {
                continue;
            }
            list.pad(8);
            list.0.push(code);
            list.signature(kind);
            if kind == "g" {
                list.signature(value);
            } else {
                list.text(value);
            }
        }
    });
    message.pad(8);
    message.0.extend(body.0);
    message.0
}

/// Bytes of a message before its fields.
pub const FIXED: usize = 16;
/// A message larger than this is none that is waited for.
const LONGEST: usize = 1024 * 1024;

/// The number of bytes that follow the first [`FIXED`].
pub fn rest(fixed: &[u8; FIXED]) -> io::Result<usize> {
    let mut reader = Reader::new(fixed, fixed[0])?;
    reader.at = 4;
    let body = reader.number()?;
    reader.at = 12;
    let fields = reader.number()?;
    let whole = (FIXED + fields).next_multiple_of(8) + body;
    if whole > LONGEST {
        return Err(broken());
    }
    Ok(whole - FIXED)
}

/// A message that came.
pub struct Message {
    pub kind: MessageKind,
    /// The call that it answers.
    pub answers: u32,
    /// The name of an error.
    pub error: Option<String>,
    bytes: zeroize::Zeroizing<Vec<u8>>,
    body: usize,
}

impl Message {
    /// Takes a whole message apart.
    ///
    /// # Errors
    /// `InvalidData`.
    pub fn read(bytes: zeroize::Zeroizing<Vec<u8>>) -> io::Result<Self> {
        let mut reader = Reader::new(&bytes, *bytes.first().ok_or_else(broken)?)?;
        let kind = match bytes.get(1) {
            Some(2) => MessageKind::Return,
            Some(3) => MessageKind::Error,
            _ => MessageKind::Other,
        };
        reader.at = 12;
        let length = reader.number()?;
        let end = reader.at + length;
        let (mut answers, mut error) = (0, None);
        while reader.at < end {
            reader.pad(8);
            let code = reader.byte()?;
            match (code, reader.signature()?.as_str()) {
                (5, "u") => answers = u32::try_from(reader.number()?).unwrap_or_default(),
                (4, "s") => error = Some(reader.text()?),
                (_, "s" | "o") => drop(reader.text()?),
                (_, "g") => drop(reader.signature()?),
                (_, "u") => drop(reader.number()?),
                _ => return Err(broken()),
            }
        }
        let body = end.next_multiple_of(8);
        Ok(Self {
            kind,
            answers,
            error,
            bytes,
            body,
        })
    }

    /// The values of its body.
    ///
    /// # Errors
    /// `InvalidData`.
    pub fn body(&self) -> io::Result<Reader<'_>> {
        let bytes = self.bytes.get(self.body..).unwrap_or_default();
        Reader::new(bytes, self.bytes[0])
    }
}

/// Reads values one after the other.
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    big: bool,
}

fn broken() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], order: u8) -> io::Result<Self> {
        let big = match order {
            b'l' => false,
            b'B' => true,
            _ => return Err(broken()),
        };
        Ok(Self { bytes, at: 0, big })
    }

    fn pad(&mut self, to: usize) {
        self.at = self.at.next_multiple_of(to);
    }

    fn take(&mut self, count: usize) -> io::Result<&'a [u8]> {
        let end = self.at.checked_add(count).ok_or_else(broken)?;
        let taken = self.bytes.get(self.at..end).ok_or_else(broken)?;
        self.at = end;
        Ok(taken)
    }

    fn byte(&mut self) -> io::Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> io::Result<usize> {
        self.pad(4);
        let bytes: [u8; 4] = self.take(4)?.try_into().map_err(|_| broken())?;
        let number = if self.big {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        };
        usize::try_from(number).map_err(|_| broken())
    }

    fn closed(&mut self, length: usize) -> io::Result<String> {
        let text = self.take(length)?;
        let text = std::str::from_utf8(text).map_err(|_| broken())?.to_owned();
        self.take(1)?;
        Ok(text)
    }

    /// A text or the path of an object.
    ///
    /// # Errors
    /// `InvalidData`, as all of these.
    pub fn text(&mut self) -> io::Result<String> {
        let length = self.number()?;
        self.closed(length)
    }

    fn signature(&mut self) -> io::Result<String> {
        let length = self.byte()?;
        self.closed(usize::from(length))
    }

    /// A text in a variant.
    pub fn variant(&mut self) -> io::Result<String> {
        match self.signature()?.as_str() {
            "s" => self.text(),
            _ => Err(broken()),
        }
    }

    /// Texts or paths.
    pub fn texts(&mut self) -> io::Result<Vec<String>> {
        let length = self.number()?;
        let end = self.at + length;
        let mut texts = Vec::new();
        while self.at < end {
            texts.push(self.text()?);
        }
        Ok(texts)
    }

    /// A list of bytes.
    pub fn octets(&mut self) -> io::Result<&'a [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    /// The start of a structure.
    pub fn structure(&mut self) {
        self.pad(8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a call says, taken apart again: a call has the form of every message.
    fn again(arguments: &[Argument<'_>]) -> Message {
        let method = Method {
            destination: "org.example",
            path: "/org/example",
            interface: "org.example.Thing",
            member: "Do",
        };
        let bytes = call(7, &method, arguments);
        let fixed: [u8; FIXED] = bytes[..FIXED].try_into().expect("long enough");
        assert_eq!(rest(&fixed).expect("a length"), bytes.len() - FIXED);
        Message::read(bytes.into()).expect("a message")
    }

    #[test]
    fn what_is_written_is_read() {
        let paths = ["/a".to_owned(), "/bc".to_owned()];
        let arguments = [
            Argument::Text("päß"),
            Argument::Variant(""),
            Argument::Paths(&paths),
            Argument::Path("/x"),
        ];
        let message = again(&arguments);
        assert_eq!((message.kind, message.answers), (MessageKind::Other, 0));
        let mut body = message.body().expect("a body");
        assert_eq!(body.text().expect("a text"), "päß");
        assert_eq!(body.variant().expect("a variant"), "");
        assert_eq!(body.texts().expect("paths"), paths);
        assert_eq!(body.text().expect("a path"), "/x");
        assert!(body.text().is_err());
    }

    #[test]
    fn no_bytes_are_too_odd() {
        let whole = call(
            1,
            &Method {
                destination: "d",
                path: "/",
                interface: "i",
                member: "m",
            },
            &[Argument::Texts(&[("a", "b"), ("service", "keywright")])],
        );
        for at in 0..whole.len() {
            for value in [0, 1, 7, 0x7f, 0xff] {
                let mut odd = whole.clone();
                odd[at] = value;
                if let Ok(message) = Message::read(odd.into())
                    && let Ok(mut body) = message.body()
                {
                    let _ = (body.texts(), body.octets().map(<[u8]>::len));
                }
            }
            let _ = Message::read(whole[..at].to_vec().into());
        }
    }
}
