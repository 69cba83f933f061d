//! What is said before the wizard asks anything.

use crate::cli::onboard::Onboard;
use crate::command::{Context, ask};
use crate::ui::escape;

/// What is odd about the command line.
pub fn warn(arguments: &Onboard, context: &Context<'_>) {
    for flag in &arguments.exposed {
        ask::warn_exposed(context, &format!("--{flag}"));
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
