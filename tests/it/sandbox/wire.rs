//! A plain client: what goes over the socket, byte for byte.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use keywright::sandbox::{Running, Sandbox, keys};
use keywright::system::Clock;
use serde_json::Value;

pub const NOW: &str = "2026-11-21T10:20:30Z";

pub fn start() -> Running {
    Sandbox::start(None, Clock::new(Some(NOW))).expect("a free port")
}

pub fn key_named(name: &str) -> String {
    keys::named(name).expect("a test key").text()
}

/// A reply as it came over the wire.
#[derive(Debug, Default)]
pub struct Got {
    pub status: u16,
    pub headers: String,
    pub body: String,
    pub error: Option<std::io::ErrorKind>,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Sends raw bytes and reads to the end of the connection, or until `patience` is over.
pub fn exchange(base_url: &str, request: &[u8], patience: Duration) -> Got {
    let address = base_url.strip_prefix("http://").expect("a URL");
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(patience)).expect("a timeout");
    stream.write_all(request).expect("it reads");
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).err().map(|e| e.kind());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Got {
        status: status.unwrap_or(0),
        headers: head.to_owned(),
        body: unchunk(head, body),
        error,
    }
}

pub fn unchunk(head: &str, body: &str) -> String {
    if !head.contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let mut whole = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a chunk size");
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}

pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        text.push_str("host: 127.0.0.1\r\n");
    }
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    format!(
        "{text}content-length: {}

{body}",
        body.len()
    )
    .into_bytes()
}

pub const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");
pub const PATIENCE: Duration = Duration::from_secs(20);

pub fn get(running: &Running, path: &str, key: &str) -> Got {
    let request = request("GET", path, &[("x-api-key", key), VERSION], "");
    exchange(&running.base_url, &request, PATIENCE)
}

pub fn post(running: &Running, path: &str, key: &str, body: &str) -> Got {
    let request = request("POST", path, &[("x-api-key", key), VERSION], body);
    exchange(&running.base_url, &request, PATIENCE)
}
