//! `models auth setup-token`: `claude setup-token` gets this terminal, and the token that it shows
//! is pasted here.

use super::paste;
use super::risk;
use super::target::Target;
use crate::cli::auth::SetupToken;
use crate::command::{Context, ask};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::anthropic;
use crate::system::signals;
use crate::wizard::drive::handoff;

/// Columns that a token needs to be shown in one line.
const WIDE: u16 = 110;

/// Makes a token and saves it.
///
/// # Errors
/// `MissingAnswers` without a terminal, `MissingProgram` without `claude`; else as pasting a token.
pub fn run(arguments: &SetupToken, context: &Context<'_>) -> Result<Exit> {
    let target = Target::of(&arguments.place, "manual", context)?;
    let lifetime = paste::lifetime(&arguments.lasting)?;
    if target.id.provider() != anthropic::PROVIDER.id {
        return Err(Error::usage("only Anthropic has setup tokens")
            .hint("`keywright models auth paste-api-key` saves a key of another provider."));
    }
    if !ask::is_attended(context) || !context.system.terminal.stdout {
        return Err(
            Error::new(Kind::MissingAnswers, "`claude setup-token` needs a terminal").hint(
                "Run it on any machine with a browser, then: keywright models auth paste-token --accept-risk=subscription-token --token-stdin",
            ),
        );
    }
    let found = context
        .system
        .processes
        .find_all("claude", &context.system.environment);
    if found.is_empty() {
        return Err(
            Error::new(Kind::MissingProgram, "there is no program `claude` on the PATH").hint(
                "Install Claude Code, or run `claude setup-token` elsewhere and `keywright models auth paste-token` here.",
            ),
        );
    }
    signals::watch(context.system.terminal, "Nothing was changed.");
    risk::accept(&arguments.lasting, context)?;
    if context.ui.width.is_some_and(|width| width < WIDE) {
        context.ui.say("This window is narrow, so the token will be broken over two lines. Copy both: they are joined here.");
    }
    context.ui.say("`claude setup-token` takes over now. Sign in as it says, and copy the token that it shows.");
    let ended = handoff::in_terminal(context.system, vec!["claude".into(), "setup-token".into()])?;
    if ended != handoff::RETURNED {
        context.ui.warn("`claude setup-token` did not come to its end. Ctrl-C leaves; or paste a token all the same.");
    }
    let secret = paste::read_token(None, context)?;
    paste::save_token(&target, secret, lifetime, arguments.place.verify, context)
}
