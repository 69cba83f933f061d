//! `sandbox keys`: every test key, token and identity with what it does.

use std::fmt::Write;

use serde::Serialize;

use crate::command::Context;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::sandbox::keys::{self, Identity, TestKey, aws};
use crate::ui::{Role, Ui, wrap};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lists {
    schema_version: u32,
    /// Keys of the Anthropic API.
    keys: Vec<KeyLine>,
    /// Subscription tokens.
    tokens: Vec<KeyLine>,
    /// For STS and Bedrock.
    identities: Vec<IdentityLine>,
}

#[derive(Serialize)]
struct KeyLine {
    name: &'static str,
    key: String,
    does: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IdentityLine {
    name: &'static str,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    bearer_token: Option<String>,
    does: &'static str,
}

/// Lists those whose name holds `word`, or all.
///
/// # Errors
/// `NotFound` when no name does.
pub fn run(word: Option<&str>, context: &Context<'_>) -> Result<Exit> {
    let wanted = |name: &str| word.is_none_or(|word| name.contains(word));
    let of = |list: &'static [TestKey]| list.iter().filter(|key| wanted(key.name)).map(KeyLine::of);
    let identities = aws::ALL.iter().filter(|identity| wanted(identity.name));
    let lists = Lists {
        schema_version: 1,
        keys: of(keys::ALL).collect(),
        tokens: of(keys::TOKENS).collect(),
        identities: identities.map(IdentityLine::of).collect(),
    };
    if lists.keys.is_empty() && lists.tokens.is_empty() && lists.identities.is_empty() {
        return Err(
            Error::new(Kind::NotFound, "no test key has that in its name")
                .hint("`keywright sandbox keys` lists all of them."),
        );
    }
    let ui = context.ui;
    if ui.json {
        ui.document(&lists)?;
        return Ok(Exit::Done);
    }
    ui.data(&text(&lists, ui))?;
    ui.say("These keys open nothing but the sandbox. Use them with --sandbox.");
    Ok(Exit::Done)
}

impl KeyLine {
    fn of(key: &TestKey) -> Self {
        Self {
            name: key.name,
            key: key.text(),
            does: key.does,
        }
    }
}

impl IdentityLine {
    fn of(identity: &Identity) -> Self {
        Self {
            name: identity.name,
            access_key_id: identity.access_key_id(),
            secret_access_key: identity.secret(),
            session_token: identity.session(),
            bearer_token: identity.bearer(),
            does: identity.does,
        }
    }
}

fn text(lists: &Lists, ui: &Ui) -> String {
    let mut text = String::new();
    let groups = [
        ("API keys", &lists.keys),
        ("Subscription tokens", &lists.tokens),
    ];
    for (title, keys) in groups {
        heading(&mut text, title, keys.is_empty(), ui);
        for key in keys {
            entry(&mut text, key.name, key.does, [Some(&key.key)], ui);
        }
    }
    let title = "Amazon Bedrock: access keys (id, secret, session token) and API keys";
    heading(&mut text, title, lists.identities.is_empty(), ui);
    for identity in &lists.identities {
        let values = [
            identity.access_key_id.as_ref(),
            identity.secret_access_key.as_ref(),
            identity.session_token.as_ref(),
            identity.bearer_token.as_ref(),
        ];
        entry(&mut text, identity.name, identity.does, values, ui);
    }
    text
}

fn heading(text: &mut String, title: &str, nothing: bool, ui: &Ui) {
    if nothing {
        return;
    }
    let gap = if text.is_empty() { "" } else { "\n" };
    let title = wrap::wrap(title, width(ui), "");
    let _ = writeln!(text, "{gap}{}\n", ui.out.paint(Role::Heading, &title));
}

/// A value stays on one line of its own, so that it can be copied whole.
fn entry<'a>(
    text: &mut String,
    name: &str,
    does: &str,
    values: impl IntoIterator<Item = Option<&'a String>>,
    ui: &Ui,
) {
    let first = format!("{}: {does}", ui.out.paint(Role::Heading, name));
    let _ = writeln!(text, "{}", wrap::wrap(&first, width(ui), "    "));
    for value in values.into_iter().flatten() {
        let _ = writeln!(text, "  {}", ui.out.paint(Role::Value, value));
    }
}

fn width(ui: &Ui) -> usize {
    ui.width.map_or(usize::MAX, usize::from)
}

/// Shows a test key for a flow: who tries it in the sandbox has no credential yet. Each
/// is drawn on a line of its own, so that a double click selects it.
pub fn hand_out(context: &Context<'_>, flow: &str) {
    let ui = context.ui;
    let key = |name: &str| keys::named(name).map(TestKey::text);
    let identity = keys::identity("aws-works");
    let (what, texts) = match flow {
        // Nothing is to be pasted there.
        "start" | "claude-cli" => return,
        "setup-token" => ("this test token", vec![key("subscription-works")]),
        "bedrock" => (
            "this test key id and its secret",
            vec![
                identity.and_then(Identity::access_key_id),
                identity.and_then(Identity::secret),
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
