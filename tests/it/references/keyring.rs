//! References to the keyring, with a session bus of the test's own. A real one is tried in
//! `tests/real/keyring.sh`.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{judged, machine, reference, refused, resolves, secret};
use crate::support::machine::Machine;

/// What stands in for the keyring does.
#[derive(Clone, Copy, PartialEq)]
enum Keyring {
    Open,
    Empty,
    /// It has the entry, and would have to ask for a password.
    Locked,
    /// It opens without asking.
    Closed,
    /// It says of the entry itself that it is locked.
    LockedEntry,
    /// Nobody offers one on this bus.
    Absent,
    /// It takes every call and answers none.
    Hung,
    /// It is no bus.
    Noise,
}

/// Values of a message, each at a multiple of its size.
#[derive(Default)]
struct Values(Vec<u8>);

impl Values {
    fn pad(mut self, to: usize) -> Self {
        let length = self.0.len().next_multiple_of(to);
        self.0.resize(length, 0);
        self
    }

    fn number(self, number: usize) -> Self {
        let mut padded = self.pad(4);
        padded
            .0
            .extend(u32::try_from(number).expect("small").to_le_bytes());
        padded
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    fn text(self, text: &str) -> Self {
        self.number(text.len()).bytes(text.as_bytes()).bytes(&[0])
    }

    fn paths(self, paths: &[&str]) -> Self {
        let list = paths
            .iter()
            .fold(Self::default(), |list, path| list.text(path));
        self.number(list.0.len()).bytes(&list.0)
    }
}

/// An answer to the call of that number.
fn message(kind: u8, answers: usize, error: &str, signature: &str, body: &Values) -> Vec<u8> {
    let mut fields = Values::default()
        .bytes(&[5])
        .bytes(b"\x01u\0")
        .number(answers);
    if !error.is_empty() {
        fields = fields.pad(8).bytes(&[4]).bytes(b"\x01s\0").text(error);
    }
    if !signature.is_empty() {
        let length = u8::try_from(signature.len()).expect("short");
        fields = fields.pad(8).bytes(&[8]).bytes(b"\x01g\0").bytes(&[length]);
        fields = fields.bytes(signature.as_bytes()).bytes(&[0]);
    }
    let head = Values::default()
        .bytes(&[b'l', kind, 0, 1])
        .number(body.0.len())
        .number(77)
        .number(fields.0.len());
    head.bytes(&fields.0).pad(8).bytes(&body.0).0
}

fn reply(keyring: Keyring, call: &[u8], number: usize) -> Vec<u8> {
    let is = |member: &str| {
        call.windows(member.len())
            .any(|part| part == member.as_bytes())
    };
    let answer = |signature: &str, body: Values| message(2, number, "", signature, &body);
    let error = |name: &str| message(3, number, name, "", &Values::default());
    let item = "/org/freedesktop/secrets/collection/login/1";
    if is("Hello") {
        // A signal that nobody waits for comes first, as on a real bus.
        let mut signal = message(4, 0, "", "s", &Values::default().text(":1.9"));
        signal.extend(answer("s", Values::default().text(":1.9")));
        return signal;
    }
    if keyring == Keyring::Absent {
        return error("org.freedesktop.DBus.Error.ServiceUnknown");
    }
    if is("OpenSession") {
        return answer(
            "vo",
            Values::default()
                .bytes(b"\x01s\0")
                .text("")
                .text("/session/1"),
        );
    }
    if is("SearchItems") {
        assert!(is("service") && is("keywright") && is("account") && is("the-key"));
        let (open, closed): (&[&str], &[&str]) = match keyring {
            Keyring::Empty => (&[], &[]),
            Keyring::Locked | Keyring::Closed => (&[], &[item]),
            _ => (&[item], &[]),
        };
        return answer("aoao", Values::default().paths(open).paths(closed));
    }
    if is("Unlock") {
        let (open, prompt): (&[&str], &str) = match keyring {
            Keyring::Closed => (&[item], "/"),
            _ => (&[], "/org/freedesktop/secrets/prompt/1"),
        };
        return answer("aoo", Values::default().paths(open).text(prompt));
    }
    assert!(is("GetSecret") && is("/session/1") && is(item));
    if keyring == Keyring::LockedEntry {
        return error("org.freedesktop.Secret.Error.IsLocked");
    }
    let value = secret();
    let body = Values::default()
        .text("/session/1")
        .number(0)
        .number(value.len());
    answer("(oayays)", body.bytes(value.as_bytes()).text("text/plain"))
}

fn serve(mut stream: UnixStream, keyring: Keyring) -> std::io::Result<()> {
    let mut line = Vec::new();
    let mut byte = [0];
    let mut read_line = |stream: &mut UnixStream| -> std::io::Result<String> {
        line.clear();
        while !line.ends_with(b"\r\n") {
            stream.read_exact(&mut byte)?;
            line.push(byte[0]);
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    };
    let greeting = read_line(&mut stream)?;
    assert!(greeting.starts_with("\0AUTH EXTERNAL 3"), "{greeting}");
    if keyring == Keyring::Noise {
        return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    }
    stream.write_all(b"OK 0123456789abcdef\r\n")?;
    assert_eq!(read_line(&mut stream)?, "BEGIN\r\n");
    loop {
        let mut head = [0; 16];
        stream.read_exact(&mut head)?;
        let number = |at: usize| {
            let bytes = head[at..at + 4].try_into().expect("four bytes");
            usize::try_from(u32::from_le_bytes(bytes)).expect("small")
        };
        let mut rest = vec![0; (16 + number(12)).next_multiple_of(8) + number(4) - 16];
        stream.read_exact(&mut rest)?;
        if keyring != Keyring::Hung {
            stream.write_all(&reply(keyring, &rest, number(8)))?;
        }
    }
}

/// A machine with a session bus and this keyring on it; its profile refers to an entry.
fn with(keyring: Keyring) -> Machine {
    let mut machine = machine(&reference("keyring", "default", "the-key"));
    let path: PathBuf = machine.folder().join("bus");
    let listener = UnixListener::bind(&path).expect("a socket");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            std::thread::spawn(move || serve(stream, keyring));
        }
    });
    machine.set(
        "DBUS_SESSION_BUS_ADDRESS",
        &format!("unix:path={}", path.display()),
    );
    machine
}

#[test]
fn an_entry() {
    for keyring in [Keyring::Open, Keyring::Closed] {
        let machine = with(keyring);
        resolves(&machine);
        assert_eq!(judged(&machine), (0, "ok".to_owned()));
    }
    let mut machine = with(Keyring::Open);
    machine.unset("DBUS_SESSION_BUS_ADDRESS");
    let folder = machine.folder().display().to_string();
    machine.set("XDG_RUNTIME_DIR", &folder);
    resolves(&machine);
}

#[test]
fn no_entry() {
    let check = |keyring: Keyring, why: &str| {
        let machine = with(keyring);
        refused(&machine, why);
        assert_eq!(judged(&machine), (1, "unresolved_ref".to_owned()));
    };
    check(
        Keyring::Empty,
        "has no entry with the service keywright and the account the-key",
    );
    check(Keyring::Locked, "the keyring that it refers to is locked");
    check(Keyring::Locked, "Unlock the keyring");
    check(Keyring::LockedEntry, "is locked");
    check(Keyring::Absent, "no keyring runs on the session bus");
    check(Keyring::Noise, "is not the session bus");
}

#[test]
fn one_that_does_not_answer() {
    let machine = with(Keyring::Hung);
    let started = Instant::now();
    refused(&machine, "did not answer within 3000 ms");
    assert!(started.elapsed() >= Duration::from_secs(3));
    let machine = with(Keyring::Hung);
    let config =
        json!({"secrets": {"providers": {"default": {"source": "keyring", "timeoutMs": 50}}}});
    machine.write(".config/keywright/config.json5", &config.to_string());
    refused(&machine, "did not answer within 50 ms");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn no_bus() {
    let machine = machine(&reference("keyring", "default", "the-key"));
    refused(&machine, "there is no session bus, and so no keyring");
    for address in [
        "unix:path=/nonexistent/bus",
        "autolaunch:",
        "unix:abstract=kw-nobody-is-here",
    ] {
        let machine = super::machine(&reference("keyring", "default", "the-key"))
            .with("DBUS_SESSION_BUS_ADDRESS", address);
        refused(&machine, "there is no session bus");
    }
}

#[test]
fn a_secret_in_the_place_of_an_id() {
    let machine = machine(&reference("keyring", "default", &secret()));
    refused(&machine, "cannot be an entry");
}

#[test]
fn nothing_takes_the_place_of_a_keyring() {
    let machine = with(Keyring::Locked).with("ANTHROPIC_API_KEY", &secret());
    refused(&machine, "is locked");
}

#[test]
fn nobody_is_asked_by_who_only_looks() {
    let machine = with(Keyring::Hung);
    let started = Instant::now();
    let shown = machine.run(&["models", "status", "--json"]).json();
    assert_eq!(shown["auth"]["profiles"][0]["source"], "ref:keyring");
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[test]
fn onboard_takes_it_and_refers_to_it() {
    let line = [
        "onboard",
        "--non-interactive",
        "--offline",
        "--flow",
        "api-key",
        "--profile-id",
        "anthropic:ring",
        "--anthropic-api-key-keyring",
        "the-key",
    ];
    let profile = |machine: &Machine| {
        let text = std::fs::read_to_string(machine.store()).expect("a store");
        let store: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        store["profiles"]["anthropic:ring"].clone()
    };
    let machine = with(Keyring::Open);
    let ended = machine.run(&line);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(profile(&machine)["key"], secret());
    let machine = with(Keyring::Open);
    let ended = machine.run(&[&line[..], &["--secret-input-mode", "ref"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended
            .stdout
            .contains("stays in the entry the-key of the keyring"),
        "{ended:?}"
    );
    let reference = json!({"source": "keyring", "provider": "default", "id": "the-key"});
    assert_eq!(profile(&machine)["keyRef"], reference);
    let ended = with(Keyring::Locked).run(&line);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("is locked"), "{ended:?}");
}
