//! What is said before the wizard asks anything.

use super::choice::START;
use crate::cli::onboard::Onboard;
use crate::command::Context;
use crate::sandbox;
use crate::ui::{Role, escape};

/// Who tries the wizard in the sandbox has no credential yet. Each is drawn on a line of its own, so
/// that a double click selects it.
pub fn hand_out_test_key(context: &Context<'_>, flow: &str) {
    let ui = context.ui;
    let key = |name: &str| sandbox::keys::named(name).map(sandbox::keys::TestKey::text);
    let identity = sandbox::keys::identity("aws-works");
    let (what, texts) = match flow {
        // Nothing is to be pasted there.
        START | "claude-cli" => return,
        "setup-token" => ("this test token", vec![key("subscription-works")]),
        "bedrock" => (
            "this test key id and its secret",
            vec![
                identity.and_then(sandbox::keys::Identity::access_key_id),
                identity.and_then(sandbox::keys::Identity::secret),
            ],
        ),
        _ => ("this test key", vec![key("works")]),
    };
    ui.say(&format!("When you are asked for it, paste {what}:"));
    for text in texts.into_iter().flatten() {
        ui.say(&ui.err.paint(Role::Command, &text));
    }
    let others = "`keywright sandbox keys` lists others: refused, limited, broken.";
    ui.say(&ui.err.paint(Role::Dim, others));
}

/// What is odd about the command line.
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
