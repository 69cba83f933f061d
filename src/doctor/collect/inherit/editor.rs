//! Whether an editor started this process: it got the environment of the desktop, and what a
//! terminal sets does not reach it.

use crate::system::System;

/// Variables that editors set in their terminals, tasks and extensions, and which editor it is.
const SIGNS: &[(&str, &str)] = &[
    ("CURSOR_TRACE_ID", "Cursor"),
    ("VSCODE_PID", "Visual Studio Code"),
    ("VSCODE_IPC_HOOK_CLI", "Visual Studio Code"),
    ("ZED_TERM", "Zed"),
    ("INSIDE_EMACS", "Emacs"),
    ("NVIM", "Neovim"),
    ("VIM_TERMINAL", "Vim"),
];

/// The editor's name.
pub fn editor(system: &System) -> Option<String> {
    let environment = &system.environment;
    let jetbrains = environment
        .get("TERMINAL_EMULATOR")
        .filter(|name| name.starts_with("JetBrains"))
        .map(|_| "a JetBrains editor");
    let code = environment
        .get("TERM_PROGRAM")
        .filter(|name| *name == "vscode")
        .map(|_| "Visual Studio Code");
    let sign = SIGNS
        .iter()
        .find(|(name, _)| environment.get(name).is_some());
    let name = sign.map(|(_, editor)| *editor).or(code).or(jetbrains);
    name.map(str::to_owned)
}
