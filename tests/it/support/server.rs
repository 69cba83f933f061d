//! A scripted HTTP server on the loopback interface: answers as a test says, also slowly, in part
//! or not at all, and remembers what it was asked.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How a request is answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A whole reply; `content-length` is added.
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// These bytes as they are, then the end of the connection.
    Raw(Vec<u8>),
    /// A head that promises more than comes.
    Half,
    /// A head, then one byte of the body in each interval, for ever.
    Drip(Duration),
    /// A body of so many bytes.
    Huge(usize),
    /// The end of the connection, without a byte.
    Close,
    /// Nothing, until the server is dropped.
    Silence,
    /// Another answer, later.
    After(Duration, Box<Answer>),
}

impl Answer {
    /// A JSON reply.
    pub fn json(status: u16, body: &str) -> Self {
        Self::Reply {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    /// The API's error envelope.
    pub fn error(status: u16, kind: &str, message: &str) -> Self {
        let body = serde_json::json!({
            "type": "error",
            "error": {"type": kind, "message": message},
            "request_id": "req_test",
        });
        Self::json(status, &body.to_string())
    }

    /// The reply of `GET /v1/models` with one model.
    pub fn models() -> Self {
        Self::json(
            200,
            r#"{"data":[{"type":"model","id":"claude-test-1","display_name":"Claude Test 1","created_at":"2026-01-01T00:00:00Z"}],"has_more":false,"first_id":"claude-test-1","last_id":"claude-test-1"}"#,
        )
    }

    /// One more header on a [`Answer::Reply`].
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Reply { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Recorded {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A running server; it ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<State>,
}

type Handler = dyn Fn(&Recorded) -> Answer + Send + Sync;

/// What the server does with a connection.
#[derive(Clone, Copy)]
enum Role {
    Answers,
    /// Answers, then connects the client to this address.
    Relays(SocketAddr),
    /// Hangs up with a reset, in the middle of the request.
    Resets,
}

struct State {
    handler: Box<Handler>,
    tls: Option<Arc<rustls::ServerConfig>>,
    role: Role,
    requests: Mutex<Vec<Recorded>>,
    connections: AtomicUsize,
    ended: AtomicBool,
}

impl Server {
    /// Answers as `handler` says.
    pub fn start(handler: impl Fn(&Recorded) -> Answer + Send + Sync + 'static) -> Self {
        Self::with(Box::new(handler), None, Role::Answers)
    }

    /// Answers every request like this.
    pub fn always(answer: Answer) -> Self {
        Self::start(move |_| answer.clone())
    }

    /// Answers one request after the other from a list; the last answer stays.
    pub fn list(answers: Vec<Answer>) -> Self {
        let next = AtomicUsize::new(0);
        Self::start(move |_| {
            let index = next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
            answers[index].clone()
        })
    }

    /// As [`Server::always`], over TLS.
    pub fn tls(config: Arc<rustls::ServerConfig>, answer: Answer) -> Self {
        Self::with(
            Box::new(move |_| answer.clone()),
            Some(config),
            Role::Answers,
        )
    }

    /// A proxy that connects every CONNECT to `target`, wherever it was to lead.
    pub fn relay(target: SocketAddr) -> Self {
        let answer = Answer::Raw(b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec());
        Self::with(
            Box::new(move |_| answer.clone()),
            None,
            Role::Relays(target),
        )
    }

    /// Resets every connection.
    pub fn resets() -> Self {
        Self::with(Box::new(|_| Answer::Close), None, Role::Resets)
    }

    /// As [`Server::start`], on an address that was free.
    pub fn at(
        address: SocketAddr,
        handler: impl Fn(&Recorded) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).expect("a loopback port");
        Self::on(listener, Box::new(handler), None, Role::Answers)
    }

    fn with(handler: Box<Handler>, tls: Option<Arc<rustls::ServerConfig>>, role: Role) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        Self::on(listener, handler, tls, role)
    }

    fn on(
        listener: TcpListener,
        handler: Box<Handler>,
        tls: Option<Arc<rustls::ServerConfig>>,
        role: Role,
    ) -> Self {
        let address = listener.local_addr().expect("bound");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let state = Arc::new(State {
            handler,
            tls,
            role,
            requests: Mutex::default(),
            connections: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.ended.load(Ordering::SeqCst) {
                    break;
                }
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&shared);
                // A client that goes away in the middle is part of many tests.
                thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self {
            address,
            scheme,
            state,
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.state.requests.lock().expect("not poisoned").clone()
    }

    /// How often somebody connected, with or without a request.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

/// An address on which nothing listens.
pub fn dead_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    listener.local_addr().expect("bound")
}

impl State {
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        if let Role::Resets = self.role {
            // Closing a connection with unread bytes in it is a reset.
            return stream.read_exact(&mut [0]);
        }
        let Some(config) = &self.tls else {
            let mut first = [0];
            stream.peek(&mut first)?;
            if first[0] == 0x16 {
                // A TLS greeting. Web servers answer it like this.
                return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            }
            return self.speak(&mut stream);
        };
        let connection =
            rustls::ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
        let mut stream = rustls::StreamOwned::new(connection, stream);
        self.speak(&mut stream)?;
        stream.conn.send_close_notify();
        stream.flush()
    }

    fn speak<S: Read + Write + Join>(&self, stream: &mut S) -> std::io::Result<()> {
        let Some(request) = read_request(stream)? else {
            return Ok(());
        };
        let answer = (self.handler)(&request);
        self.requests.lock().expect("not poisoned").push(request);
        self.give(stream, answer)?;
        match self.role {
            Role::Relays(target) => stream.join_to(target),
            Role::Answers | Role::Resets => Ok(()),
        }
    }

    fn give<S: Write>(&self, stream: &mut S, answer: Answer) -> std::io::Result<()> {
        const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
        match answer {
            Answer::Reply {
                status,
                headers,
                body,
            } => {
                write!(stream, "HTTP/1.1 {status} Test\r\nconnection: close\r\n")?;
                for (name, value) in headers {
                    write!(stream, "{name}: {value}\r\n")?;
                }
                write!(stream, "content-length: {}\r\n\r\n", body.len())?;
                stream.write_all(&body)?;
            }
            Answer::Raw(bytes) => stream.write_all(&bytes)?,
            Answer::Half => {
                stream.write_all(HEAD)?;
                stream.write_all(b"content-length: 1000\r\n\r\n{\"data\":[")?;
            }
            Answer::Drip(interval) => {
                stream.write_all(HEAD)?;
                stream.write_all(b"content-length: 1000000\r\n\r\n")?;
                while !self.ended.load(Ordering::SeqCst) {
                    stream.write_all(b" ")?;
                    stream.flush()?;
                    thread::sleep(interval);
                }
            }
            Answer::Huge(size) => {
                stream.write_all(HEAD)?;
                write!(stream, "content-length: {size}\r\n\r\n")?;
                let chunk = vec![b' '; 64 * 1024];
                for _ in 0..size.div_ceil(chunk.len()) {
                    stream.write_all(&chunk)?;
                }
            }
            Answer::Close => {}
            Answer::Silence => {
                while !self.ended.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(20));
                }
            }
            Answer::After(time, answer) => {
                thread::sleep(time);
                self.give(stream, *answer)?;
            }
        }
        stream.flush()
    }
}

fn read_request<S: Read>(stream: &mut S) -> std::io::Result<Option<Recorded>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut chunk)? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines
        .next()
        .unwrap_or_default()
        .split(' ')
        .map(str::to_owned);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut request = Recorded {
        method: first.next().unwrap_or_default(),
        path: first.next().unwrap_or_default(),
        headers,
        body: bytes.split_off(end),
    };
    let length = request
        .header("content-length")
        .and_then(|value| value.parse().ok())
        .unwrap_or(0);
    while request.body.len() < length {
        match stream.read(&mut chunk)? {
            0 => break,
            count => request.body.extend_from_slice(&chunk[..count]),
        }
    }
    Ok(Some(request))
}

/// Passing a connection on, which only an unencrypted one is asked for.
trait Join {
    /// Passes bytes between it and `target` until both are done.
    fn join_to(&mut self, target: SocketAddr) -> std::io::Result<()>;
}

impl Join for TcpStream {
    fn join_to(&mut self, target: SocketAddr) -> std::io::Result<()> {
        let mut there = TcpStream::connect(target)?;
        let (mut from, mut to) = (self.try_clone()?, there.try_clone()?);
        let up = thread::spawn(move || drop(std::io::copy(&mut from, &mut to)));
        std::io::copy(&mut there, self)?;
        self.shutdown(std::net::Shutdown::Both)?;
        drop(up.join());
        Ok(())
    }
}

impl Join for rustls::StreamOwned<rustls::ServerConnection, TcpStream> {
    fn join_to(&mut self, target: SocketAddr) -> std::io::Result<()> {
        self.sock.join_to(target)
    }
}
