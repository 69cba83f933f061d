//! The session bus of a desktop (D-Bus), as far as a call and its answer need it: one connection
//! over a Unix socket, one call after the other, all of them over at one time.
//!
//! A client library brings a hundred crates and a runtime for what is three calls here.

mod wire;

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

pub use wire::{Argument, Message, Method};
use wire::{FIXED, MessageKind};

use crate::system::Environment;
use crate::variables;

/// Lines of the greeting are short.
const LONGEST_LINE: usize = 512;

/// A connection to the session bus.
pub struct Bus {
    stream: UnixStream,
    serial: u32,
    deadline: Instant,
}

/// Why a call has no answer.
#[derive(Debug)]
pub enum BusError {
    /// There is no bus that could be reached.
    NoBus,
    /// The time was over.
    Late,
    /// What answered is no bus, or it hung up.
    Broken,
    /// The answer is an error, by its name.
    Refused(String),
}

impl From<io::Error> for BusError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::Late,
            _ => Self::Broken,
        }
    }
}

impl Bus {
    /// Connects to the bus that the environment names; everything has to be over after `limit`.
    ///
    /// # Errors
    /// `NoBus`, `Late` or `Broken`.
    pub fn connect(environment: &Environment, limit: Duration) -> Result<Self, BusError> {
        let deadline = Instant::now() + limit;
        let streams = addresses(environment)
            .into_iter()
            .map(|address| address.open());
        let stream = streams.flatten().next().ok_or(BusError::NoBus)?;
        let mut bus = Self {
            stream,
            serial: 0,
            deadline,
        };
        bus.greet()?;
        bus.call(
            &Method {
                destination: "org.freedesktop.DBus",
                path: "/org/freedesktop/DBus",
                interface: "org.freedesktop.DBus",
                member: "Hello",
            },
            &[],
        )?;
        Ok(bus)
    }

    /// Calls a method and waits for its answer.
    ///
    /// # Errors
    /// `Refused` with the name of the error, `Late` or `Broken`.
    pub fn call(
        &mut self,
        method: &Method<'_>,
        arguments: &[Argument<'_>],
    ) -> Result<Message, BusError> {
        self.serial += 1;
        self.send(&wire::call(self.serial, method, arguments))?;
        loop {
            let message = self.receive()?;
            if message.answers != self.serial {
                continue;
            }
            match message.kind {
                MessageKind::Return => return Ok(message),
                MessageKind::Error => {
                    return Err(BusError::Refused(message.error.unwrap_or_default()));
                }
                MessageKind::Other => {}
            }
        }
    }

    /// Says who this is: the bus compares it with what the socket tells it.
    fn greet(&mut self) -> Result<(), BusError> {
        let user = rustix::process::geteuid().as_raw().to_string();
        let mut line = b"\0AUTH EXTERNAL ".to_vec();
        for byte in user.bytes() {
            line.extend(format!("{byte:02x}").as_bytes());
        }
        line.extend(b"\r\n");
        self.send(&line)?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n") {
            if answer.len() > LONGEST_LINE {
                return Err(BusError::Broken);
            }
            let mut byte = [0];
            self.fill(&mut byte)?;
            answer.push(byte[0]);
        }
        if !answer.starts_with(b"OK") {
            return Err(BusError::Broken);
        }
        self.send(b"BEGIN\r\n")
    }

    fn left(&self) -> Result<Option<Duration>, BusError> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(BusError::Late);
        }
        Ok(Some(left))
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), BusError> {
        self.stream.set_write_timeout(self.left()?)?;
        Ok(self.stream.write_all(bytes)?)
    }

    /// Fills the buffer; a peer that sends a byte now and then does not move the end.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), BusError> {
        let mut filled = 0;
        while filled < buffer.len() {
            self.stream.set_read_timeout(self.left()?)?;
            match self.stream.read(&mut buffer[filled..]) {
                Ok(0) => return Err(BusError::Broken),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn receive(&mut self) -> Result<Message, BusError> {
        let mut fixed = [0; FIXED];
        self.fill(&mut fixed)?;
        let rest = wire::rest(&fixed)?;
        let mut bytes = Zeroizing::new(vec![0; FIXED + rest]);
        bytes[..FIXED].copy_from_slice(&fixed);
        self.fill(&mut bytes[FIXED..])?;
        Ok(Message::read(bytes)?)
    }
}

/// Where a bus can be.
#[derive(Debug, PartialEq, Eq)]
enum Address {
    Path(PathBuf),
    /// A name that is in no file system; Linux alone has these.
    Abstract(String),
}

impl Address {
    fn open(&self) -> io::Result<UnixStream> {
        match self {
            Self::Path(path) => UnixStream::connect(path),
            #[cfg(target_os = "linux")]
            Self::Abstract(name) => {
                use std::os::linux::net::SocketAddrExt;
                let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
                UnixStream::connect_addr(&address)
            }
            #[cfg(not(target_os = "linux"))]
            Self::Abstract(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// Where `DBUS_SESSION_BUS_ADDRESS` says that the bus is, else where systemd has it.
fn addresses(environment: &Environment) -> Vec<Address> {
    if let Some(text) = environment.get(variables::DBUS_SESSION_BUS_ADDRESS) {
        return text.split(';').filter_map(address).collect();
    }
    let folder = environment.path(variables::XDG_RUNTIME_DIR);
    folder
        .map(|folder| Address::Path(folder.join("bus")))
        .into_iter()
        .collect()
}

fn address(text: &str) -> Option<Address> {
    let pairs = text.strip_prefix("unix:")?.split(',');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, value)| match key {
            "path" => Some(Address::Path(unescaped(value)?.into())),
            "abstract" => Some(Address::Abstract(unescaped(value)?)),
            _ => None,
        })
}

/// An address writes other bytes than letters and a few signs as `%` and two digits.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend(part.get(2..)?.bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_bus_is() {
        let check = |set: &[(&str, &str)], expected: &[Address]| {
            let environment = Environment::of(set.iter().copied(), "/");
            assert_eq!(addresses(&environment), expected, "{set:?}");
        };
        let path = |path: &str| Address::Path(path.into());
        let named = |text| {
            [
                ("DBUS_SESSION_BUS_ADDRESS", text),
                ("XDG_RUNTIME_DIR", "/run/u"),
            ]
        };
        check(&[], &[]);
        check(&[("XDG_RUNTIME_DIR", "/run/u")], &[path("/run/u/bus")]);
        check(&named("unix:path=/b"), &[path("/b")]);
        check(&named("unix:path=/tmp/a%2cb,guid=00"), &[path("/tmp/a,b")]);
        check(&named("unix:guid=00,path=/b;tcp:host=h"), &[path("/b")]);
        check(
            &named("unix:abstract=x"),
            &[Address::Abstract("x".to_owned())],
        );
        check(
            &named("unix:path=/b;unix:path=/c"),
            &[path("/b"), path("/c")],
        );
        check(&named("autolaunch:"), &[]);
        check(&named("unix:path=%zz"), &[]);
    }
}
