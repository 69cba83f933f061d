//! What is said of the command line before anything is asked.

use crate::cli::onboard::Onboard;
use crate::command::Context;
use crate::ui::escape;

/// Warns of secrets that others can see, and of options that are another program's.
pub fn warn(arguments: &Onboard, context: &Context<'_>) {
    for flag in &arguments.exposed {
        context.ui.warn(&format!(
            "--{flag} shows the secret to every user of this machine and keeps it in the shell's history; use --{flag}-stdin or --{flag}-file."
        ));
    }
    let foreign = arguments.foreign.iter().cloned();
    let (imports, gateway): (Vec<String>, Vec<String>) =
        foreign.partition(|name| name.starts_with("--import-"));
    for (names, what) in [
        (
            gateway,
            "this sets up a gateway, which keywright does not do",
        ),
        (
            imports,
            "`keywright import` takes over what another program keeps",
        ),
    ] {
        if !names.is_empty() {
            let names = names.join(", ");
            let names = escape::line(&names);
            context.ui.warn(&format!("{names}: {what}; ignored."));
        }
    }
}
