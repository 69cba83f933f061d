//! Listens on the loopback address, and does what a connection needs: delays, resets, half
//! answers. It runs in a thread of its own until it is dropped.

use std::future::poll_fn;
use std::net::{Ipv4Addr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::api::{self, Action, Sent, Site};
use super::reply::{Cut, Reply, ReplyBody, Stamp};
use crate::error::{Error, Kind, Result};
use crate::system::Clock;

/// The stand-in for the API.
#[derive(Debug)]
pub struct Sandbox;

/// A running stand-in; dropping it ends it.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts it on `port` of 127.0.0.1, or on one that is free. `clock` gives the `Date` of its
    /// replies.
    ///
    /// # Errors
    /// `Conflict` when something listens on that port already, else `Io`.
    pub fn start(port: Option<u16>, clock: Clock) -> Result<Running> {
        let (api, base_url) = listen(port)?;
        let (other, elsewhere) = listen(None)?;
        let (stop, stopped) = oneshot::channel();
        let failed = |e| Error::new(Kind::Io, "cannot start the sandbox").caused_by(e);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(failed)?;
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    serve(api, Site::Api { elsewhere }, clock);
                    serve(other, Site::Elsewhere, clock);
                    let _ = stopped.await;
                });
            })
            .map_err(failed)?;
        Ok(Running {
            base_url,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Running {
    /// Serves until the process is told to end.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn listen(port: Option<u16>) -> Result<(TcpListener, String)> {
    let open = || -> std::io::Result<_> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, format!("http://{address}")))
    };
    open().map_err(|error| {
        let taken = error.kind() == std::io::ErrorKind::AddrInUse;
        let refused = Error::new(
            if taken { Kind::Conflict } else { Kind::Io },
            match port {
                Some(port) => format!("cannot listen on port {port} of 127.0.0.1"),
                None => "cannot listen on 127.0.0.1".to_owned(),
            },
        );
        match port {
            Some(_) => refused.hint("choose another port, or leave out --port to get a free one."),
            None => refused,
        }
        .caused_by(error)
    })
}

/// Accepts connections in the background.
fn serve(listener: TcpListener, site: Site, clock: Clock) {
    let shared = Arc::new(Shared {
        site,
        clock,
        count: AtomicU64::new(0),
    });
    tokio::spawn(async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return;
        };
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(converse(stream, Arc::clone(&shared)));
                }
                // Out of file descriptors, for instance: others have to close theirs first.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    });
}

struct Shared {
    site: Site,
    clock: Clock,
    count: AtomicU64,
}

/// How a connection ends.
const ORDERLY: u8 = 0;
const RESET: u8 = 1;
const GARBAGE: u8 = 2;

async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let end = Arc::new(AtomicU8::new(ORDERLY));
    let service =
        service_fn(|request| Box::pin(respond(request, Arc::clone(&shared), Arc::clone(&end))));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_mins(1))
        .serve_connection(TokioIo::new(stream), service);
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    match end.load(Ordering::Relaxed) {
        RESET => {
            let _ = stream.set_zero_linger();
        }
        GARBAGE => {
            let _ = stream.writable().await;
            let _ = stream.try_write(b"SSH-2.0-not-the-api\r\n");
        }
        _ => {}
    }
}

async fn respond(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    end: Arc<AtomicU8>,
) -> Result<Response<ReplyBody>, Cut> {
    let (parts, body) = request.into_parts();
    let sent = collect(body).await?;
    let number = shared.count.fetch_add(1, Ordering::Relaxed) + 1;
    let stamp = Stamp {
        request_id: format!("req_sandbox{number:017}"),
        now: shared.clock.now(),
    };
    let response = |reply: Reply| Ok(reply.into_response(&stamp));
    match api::answer(&parts, &sent, &shared.site, &stamp) {
        Action::Reply(reply) => response(reply),
        Action::ReplyAfter(wait, reply) => {
            tokio::time::sleep(wait).await;
            response(reply)
        }
        Action::Silence => std::future::pending().await,
        Action::Reset => {
            end.store(RESET, Ordering::Relaxed);
            Err(Cut)
        }
        Action::NotHttp => {
            end.store(GARBAGE, Ordering::Relaxed);
            Err(Cut)
        }
    }
}

/// Bytes beyond the limit that are read and thrown away, so that the client gets to see why.
const PATIENCE: usize = 2 * api::BODY_LIMIT;

async fn collect(body: Incoming) -> Result<Sent, Cut> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Cut)?.into_data() else {
            continue;
        };
        length += data.len();
        if length <= api::BODY_LIMIT {
            bytes.extend_from_slice(&data);
        } else if length > PATIENCE {
            break;
        }
    }
    Ok(if length > api::BODY_LIMIT {
        Sent::TooLarge
    } else {
        Sent::Whole(bytes)
    })
}
