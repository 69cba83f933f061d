//! What kind of machine this is, from the environment and from a few well-known files.

use std::path::Path;

use crate::doctor::facts::{Machine, Shell, Terminal};
use crate::system::System;
use crate::variables;

#[must_use]
pub fn machine(system: &System) -> Machine {
    let environment = &system.environment;
    let there = |path: &str| matches!(system.files.entry(Path::new(path)), Ok(Some(_)));
    let has = |name: &str| environment.raw(name).is_some_and(|value| !value.is_empty());
    Machine {
        os: std::env::consts::OS.to_owned(),
        processor: std::env::consts::ARCH.to_owned(),
        shell: shell(environment.get("SHELL").unwrap_or_default()),
        user: system.files.user(),
        home: environment.home().map(|home| home.display().to_string()),
        ssh: has("SSH_CONNECTION") || has("SSH_TTY"),
        container: there("/.dockerenv")
            || there("/run/.containerenv")
            || has("KUBERNETES_SERVICE_HOST"),
        wsl: has("WSL_DISTRO_NAME"),
        display: cfg!(any(windows, target_os = "macos"))
            || has("DISPLAY")
            || has("WAYLAND_DISPLAY"),
    }
}

fn shell(path: &str) -> Shell {
    match path.rsplit(['/', '\\']).next().unwrap_or_default() {
        "bash" => Shell::Bash,
        "zsh" => Shell::Zsh,
        "fish" => Shell::Fish,
        "pwsh" | "pwsh.exe" | "powershell.exe" => Shell::PowerShell,
        "" if cfg!(windows) => Shell::PowerShell,
        _ => Shell::Other,
    }
}

#[must_use]
pub fn terminal(system: &System, no_input: bool) -> Terminal {
    let environment = &system.environment;
    let terminal = system.terminal;
    Terminal {
        stdin: terminal.stdin,
        stdout: terminal.stdout,
        stderr: terminal.stderr,
        width: terminal.width(),
        term: environment.get("TERM").map(str::to_owned),
        ci: environment.flag(variables::CI),
        no_color: environment.get("NO_COLOR").is_some(),
        no_input: no_input || environment.flag(variables::NO_INPUT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shells() {
        let check = |path, expected| assert_eq!(shell(path), expected, "{path}");
        check("/bin/bash", Shell::Bash);
        check("/usr/bin/zsh", Shell::Zsh);
        check("/opt/homebrew/bin/fish", Shell::Fish);
        check(
            "C:\\Program Files\\PowerShell\\7\\pwsh.exe",
            Shell::PowerShell,
        );
        check("/bin/dash", Shell::Other);
    }
}
