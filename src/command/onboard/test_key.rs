//! The key to paste when the wizard is tried in the sandbox.

use super::choice::START;
use crate::command::Context;
use crate::sandbox;
use crate::ui::Role;

/// Who tries the wizard in the sandbox has no credential yet. Each is drawn on a line of its own, so
/// that a double click selects it.
pub fn hand_out(context: &Context<'_>, flow: &str) {
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
