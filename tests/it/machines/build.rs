//! Builds a machine from its description.

use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use keywright::sandbox::server::{Running, Sandbox};
use keywright::system::Clock;

use super::description::{Description, Step};
use super::fill::{Filler, NOW};
use crate::support::certificates::{Authority, Validity};
use crate::support::machine::Machine;
use crate::support::server::{Answer, Server, dead_address};

/// A machine that stands, with what listens for it.
pub struct Built {
    pub machine: Machine,
    pub filler: Filler,
    /// Something listens, so that the network may be asked.
    pub online: bool,
    held: Vec<Held>,
}

/// What ends with the machine.
enum Held {
    Sandbox(#[expect(dead_code, reason = "held until the end")] Running),
    Server(Server),
}

/// Builds it. `all` are those that it may begin as.
pub fn build(one: &Description, all: &[Description]) -> Built {
    let machine = Machine::new().with("KEYWRIGHT_NOW", NOW);
    set_mode(&machine.home(), 0o755);
    let filler = Filler {
        home: machine.home().display().to_string(),
        folder: machine.folder().display().to_string(),
        ..Filler::default()
    };
    let mut built = Built {
        machine,
        filler,
        online: false,
        held: Vec::new(),
    };
    built.all(one, all);
    built
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
}

impl Built {
    fn all(&mut self, one: &Description, all: &[Description]) {
        for step in &one.steps {
            if let Step::From(name) = step {
                let base = all.iter().find(|other| other.name == *name);
                let base = base.unwrap_or_else(|| panic!("there is no machine `{name}`"));
                self.all(base, all);
            } else {
                self.step(step);
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::From(_) => {}
            Step::Env(name, value) => {
                let value = self.filler.fill(value);
                self.machine.set(name, &value);
            }
            Step::Unset(name) => self.machine.unset(name),
            Step::Program(name, script) => {
                let script = self.filler.fill(script);
                self.machine.program(name, &script);
            }
            Step::File { path, mode, text } => {
                let text = self.filler.fill(text);
                let path = self.place(path);
                std::fs::write(&path, text).expect("a file");
                set_mode(&path, *mode);
            }
            Step::Folder(path, mode) => {
                let path = self.place(path);
                std::fs::create_dir_all(&path).expect("a folder");
                set_mode(&path, *mode);
            }
            Step::Link(path, target) => {
                let target = self.filler.fill(target);
                symlink(target, self.place(path)).expect("a link");
            }
            Step::HardLink(path, target) => {
                let target = self.place(target);
                std::fs::hard_link(target, self.place(path)).expect("a second name");
            }
            Step::Fifo(path) => {
                let mode = rustix::fs::Mode::from_raw_mode(0o600);
                let path = self.place(path);
                rustix::fs::mkfifoat(rustix::fs::CWD, path, mode).expect("a FIFO");
            }
            Step::Sparse(path, size) => {
                let path = self.place(path);
                let file = std::fs::File::create(&path).expect("a file");
                file.set_len(*size).expect("a length");
                set_mode(&path, 0o600);
            }
            Step::Mode(path, mode) => set_mode(&self.place(path), *mode),
            Step::Owner(path, user) => {
                std::os::unix::fs::chown(self.place(path), Some(*user), None).expect("root");
            }
            Step::Remove(path) => {
                let path = self.place(path);
                std::fs::remove_file(&path)
                    .or_else(|_| std::fs::remove_dir_all(&path))
                    .expect("it was there");
            }
            Step::Move(path, target) => {
                let target = self.place(target);
                std::fs::rename(self.place(path), target).expect("moved");
            }
            Step::Server(words, body) => self.serve(words, body),
            Step::Proxy(words) => self.stand_between(words),
        }
    }

    /// A path of the description; the folders before it are made, with an ordinary mode.
    fn place(&mut self, path: &str) -> PathBuf {
        let path = self.machine.home().join(self.filler.fill(path));
        let mut missing: Vec<&Path> = Vec::new();
        let mut above = path.parent();
        while let Some(folder) = above.filter(|folder| !folder.exists()) {
            missing.push(folder);
            above = folder.parent();
        }
        for folder in missing.into_iter().rev() {
            std::fs::create_dir(folder).expect("a folder");
            set_mode(folder, 0o755);
        }
        path
    }

    fn serve(&mut self, words: &str, body: &str) {
        let body = self.filler.fill(body);
        let words: Vec<&str> = words.split_whitespace().collect();
        let always = |answer| Some(Server::always(answer));
        let server = match words.as_slice() {
            ["sandbox"] => {
                let clock = Clock::new(Some(NOW));
                let running = Sandbox::start(None, clock).expect("the stand-in starts");
                self.filler.server.clone_from(&running.base_url);
                self.held.push(Held::Sandbox(running));
                None
            }
            ["answers", status, kind @ ..] => always(Answer::Reply {
                status: status.parse().expect("a status"),
                headers: vec![(
                    "content-type".to_owned(),
                    (*kind.first().unwrap_or(&"application/json")).to_owned(),
                )],
                body: body.into_bytes(),
            }),
            ["lists", "models"] => always(Answer::models()),
            ["lists", "models", "at", time] => {
                always(Answer::models().header("date", &time.replace('_', " ")))
            }
            ["closes"] => always(Answer::Close),
            ["half"] => always(Answer::Half),
            ["drips"] => always(Answer::Drip(Duration::from_millis(20))),
            ["huge"] => always(Answer::Huge(8 * 1024 * 1024)),
            ["silent"] => always(Answer::Silence),
            ["resets"] => Some(Server::resets()),
            ["dead"] => {
                self.filler.server = format!("http://{}", dead_address());
                None
            }
            ["tls", validity, name] => Some(self.encrypted(validity, name)),
            other => panic!("there is no server {other:?}"),
        };
        if let Some(server) = server {
            self.filler.server = server.url();
            self.held.push(Held::Server(server));
        }
        self.online = true;
    }

    /// Serves the list of models over TLS; `authority.pem` beside the home is what vouches for it.
    fn encrypted(&self, validity: &str, name: &str) -> Server {
        let authority = Authority::new("Test");
        authority.write(self.machine.folder());
        let validity = match validity {
            "now" => Validity::Now,
            "past" => Validity::Past,
            "future" => Validity::Future,
            other => panic!("there is no validity `{other}`"),
        };
        let config: Arc<rustls::ServerConfig> = authority.server(name, &validity);
        Server::tls(config, Answer::models())
    }

    fn stand_between(&mut self, words: &str) {
        let server = match words.split_once(' ').unwrap_or((words, "")) {
            ("relays", "") => Server::relay(self.behind()),
            ("refuses", status) => Server::always(Answer::json(
                status.parse().expect("a status"),
                "{\"message\":\"no\"}",
            )),
            ("dead", "") => {
                self.filler.proxy = format!("http://{}", dead_address());
                return;
            }
            other => panic!("there is no proxy {other:?}"),
        };
        self.filler.proxy = server.url();
        self.held.push(Held::Server(server));
        self.online = true;
    }

    fn behind(&self) -> SocketAddr {
        let server = self.held.iter().find_map(|held| match held {
            Held::Server(server) => Some(server.address()),
            Held::Sandbox(_) => None,
        });
        server.expect("a server stands before its proxy")
    }
}
