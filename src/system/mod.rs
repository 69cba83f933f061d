//! The outside world as one value: environment, files, processes, HTTP, clock and terminal. It is
//! built once in `main` and passed first to everything that acts; there is no other way out, and
//! tests build their own.

#[cfg(feature = "bedrock")]
pub mod aws;
pub mod browser;
#[cfg(all(feature = "keyring", unix, not(target_os = "macos")))]
pub mod bus;
pub mod clock;
pub mod environment;
pub mod files;
pub mod http;
pub mod input;
pub mod platform;
pub mod processes;
pub mod proxy;
pub mod signals;
pub mod terminal;

use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

use std::sync::Arc;

pub use clock::Clock;
pub use environment::Environment;
pub use files::{Files, Mode};
pub use http::Http;
pub use platform::Platform;
pub use processes::Processes;
pub use terminal::Terminal;

/// Everything outside of this process.
pub struct System {
    pub environment: Environment,
    pub files: Files,
    pub processes: Processes,
    pub http: Arc<Http>,
    pub clock: Clock,
    pub terminal: Terminal,
    pub platform: Platform,
    /// Seen from inside of `--sandbox`: only test keys may be sent or stored (`sandbox::admit`), and
    /// a program is run as a child, because the stand-in ends with this process.
    pub sandbox: bool,
    /// Where the files of the system itself stand: `/`, except in tests.
    pub root: PathBuf,
}

impl System {
    /// The world as the environment of this process describes it.
    #[must_use]
    pub fn real() -> Self {
        Self::with_environment(Environment::of_this_process())
    }

    /// The real world, seen through another environment: used by `--sandbox` and by tests.
    #[must_use]
    pub fn with_environment(environment: Environment) -> Self {
        Self {
            clock: Clock::new(environment.get(crate::variables::NOW)),
            http: Arc::new(Http::new(&environment)),
            files: Files,
            processes: Processes,
            terminal: Terminal::new(),
            platform: Platform::here(),
            sandbox: false,
            root: PathBuf::from("/"),
            environment,
        }
    }

    /// Where a file of the system itself is, such as `/etc/profile`.
    #[must_use]
    pub fn at(&self, path: &Path) -> PathBuf {
        match path.strip_prefix("/") {
            Ok(rest) if !path.starts_with(&self.root) => self.root.join(rest),
            _ => path.to_path_buf(),
        }
    }
}

/// The file of this very program.
///
/// # Errors
/// `Io` when the system does not say.
pub fn this_program() -> Result<PathBuf> {
    std::env::current_exe()
        .map_err(|e| Error::new(Kind::Io, "cannot tell where this program is").caused_by(e))
}

/// Keeps secrets out of core dumps and away from debuggers of other programs of this user.
/// Best effort: a system that cannot do it is no reason to stop.
pub fn harden() {
    #[cfg(target_os = "linux")]
    {
        let _ =
            rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // The ceiling stays: a program started by `exec` may want its core dumps back.
        let none = Rlimit {
            current: Some(0),
            ..getrlimit(Resource::Core)
        };
        let _ = setrlimit(Resource::Core, none);
    }
}
