//! Which files a shell reads, in which order, for which kind of session (bash(1), zsh(1), fish(1),
//! `pam_env(8)`). Files that are read in turn are found by whoever reads these.

use std::path::{Path, PathBuf};

use crate::doctor::facts::{Sessions, Shell};
use crate::system::System;

/// A file and the sessions that read it.
pub struct StartUpFile {
    pub path: PathBuf,
    pub sessions: Sessions,
}

const NONE: Sessions = Sessions {
    login: false,
    login_command: false,
    interactive: false,
    command: false,
    ssh: false,
};
const LOGIN: Sessions = Sessions {
    login: true,
    login_command: true,
    ..NONE
};
const INTERACTIVE: Sessions = Sessions {
    interactive: true,
    ..NONE
};
/// Every terminal, with or without a login.
const TERMINAL: Sessions = Sessions {
    login: true,
    interactive: true,
    ..NONE
};
const COMMAND: Sessions = Sessions {
    command: true,
    ..NONE
};
const ALWAYS: Sessions = Sessions {
    login: true,
    login_command: true,
    interactive: true,
    command: true,
    ssh: true,
};

/// The files of `shell`, those of every shell when it is not known.
pub fn of(system: &System, home: &Path, shell: Shell) -> Vec<StartUpFile> {
    let mut list = List {
        system,
        files: Vec::new(),
    };
    list.add("/etc/environment", ALWAYS);
    list.pam(home);
    match shell {
        Shell::Bash => list.bash(home),
        Shell::Zsh => list.zsh(home),
        Shell::Fish => list.fish(home),
        Shell::PowerShell => {}
        Shell::Other => {
            list.bash(home);
            list.zsh(home);
            list.fish(home);
        }
    }
    list.files
}

struct List<'a> {
    system: &'a System,
    files: Vec<StartUpFile>,
}

impl List<'_> {
    fn add(&mut self, path: impl Into<PathBuf>, sessions: Sessions) {
        self.files.push(StartUpFile {
            path: path.into(),
            sessions,
        });
    }

    fn there(&self, path: &Path) -> bool {
        matches!(self.system.files.entry(path), Ok(Some(_)))
    }

    /// The files of a folder, in the order of their names.
    fn folder(&mut self, folder: &Path, ending: &str, sessions: Sessions) {
        let names = self.system.files.list(&self.system.at(folder));
        for name in names.unwrap_or_default() {
            if name.ends_with(ending) {
                self.add(folder.join(name), sessions);
            }
        }
    }

    /// `~/.pam_environment` is read where a service of PAM asks for it.
    fn pam(&mut self, home: &Path) {
        let own = home.join(".pam_environment");
        if !self.there(&own) {
            return;
        }
        let services = ["login", "sshd", "common-session", "gdm-password", "lightdm"];
        let asks = |name: &&str| {
            let path = self.system.at(&Path::new("/etc/pam.d").join(name));
            let text = self.system.files.read_text(&path, super::LIMIT);
            text.ok()
                .flatten()
                .is_some_and(|text| text.contains("user_readenv=1"))
        };
        if services.iter().any(asks) {
            self.add(own, ALWAYS);
        }
    }

    fn bash(&mut self, home: &Path) {
        self.add("/etc/profile", LOGIN);
        self.folder(Path::new("/etc/profile.d"), ".sh", LOGIN);
        let mut first = LOGIN;
        for name in [".bash_profile", ".bash_login", ".profile"] {
            let path = home.join(name);
            if self.there(&path) {
                // Only the first that is there is read.
                self.add(path, first);
                first = NONE;
            }
        }
        self.add("/etc/bash.bashrc", INTERACTIVE);
        // Started by sshd for one command, bash reads this one too.
        let ssh = Sessions { ssh: true, ..NONE };
        self.add(home.join(".bashrc"), INTERACTIVE.or(ssh));
        self.add(home.join(".bash_aliases"), NONE);
        if let Some(path) = self.system.environment.path("BASH_ENV") {
            self.add(path, COMMAND);
        }
    }

    fn zsh(&mut self, home: &Path) {
        let own = self.system.environment.path("ZDOTDIR");
        let own = own.unwrap_or_else(|| home.to_path_buf());
        for (name, sessions) in [
            ("zshenv", ALWAYS),
            ("zprofile", LOGIN),
            ("zshrc", TERMINAL),
            ("zlogin", LOGIN),
        ] {
            // Debian keeps them in a folder.
            self.add(Path::new("/etc/zsh").join(name), sessions);
            self.add(Path::new("/etc").join(name), sessions);
            self.add(own.join(format!(".{name}")), sessions);
        }
    }

    fn fish(&mut self, home: &Path) {
        let own = self.system.environment.path("XDG_CONFIG_HOME");
        let own = own.unwrap_or_else(|| home.join(".config")).join("fish");
        for folder in [Path::new("/etc/fish"), &own] {
            self.folder(&folder.join("conf.d"), ".fish", ALWAYS);
            self.add(folder.join("config.fish"), ALWAYS);
        }
        self.add(own.join("functions/claude.fish"), ALWAYS);
        // Universal variables, as `set -Ux` keeps them.
        self.add(own.join("fish_variables"), ALWAYS);
    }
}
