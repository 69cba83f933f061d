//! `get`: the credential in use, masked, or its secret for a script.

use super::{Context, hand_over};
use crate::cli::get::Get;
use crate::consumer::{ELSEWHERE, anthropic_sdk, shells};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::store::select::{Origin, Pin};
use crate::ui::escape;

/// Prints the secret by its mask; with `--raw` the secret itself and nothing else.
///
/// # Errors
/// `Usage` with `--json`, or with `--raw` on a terminal without `--force`; `NotFound` where there is
/// no credential; `Config` for one that is more than a secret.
pub fn run(arguments: &Get, context: &Context<'_>) -> Result<Exit> {
    hand_over::refuse_json(context)?;
    let on_screen = context.system.terminal.stdout;
    if arguments.raw && on_screen && !arguments.force {
        return Err(Error::usage("the secret would be shown on this terminal")
            .hint("Pipe it to where it is needed, or show it with --force."));
    }
    let accepted = hand_over::accepted(&arguments.which)?;
    let which = &arguments.which;
    let candidate = match hand_over::pin(which, context)? {
        Some(Pin::Profile(id)) => hand_over::named(&id, context)?,
        _ => hand_over::choose(which, &anthropic_sdk::CONSUMER, true, context)?,
    };
    if arguments.raw && candidate.is_subscription() && !accepted {
        let message = format!("`{}` is for the `claude` program alone", candidate.name());
        return Err(Error::usage(message).hint(format!(
            "`keywright exec -- claude` hands it over. Give --accept-risk={ELSEWHERE} to print it all the same."
        )));
    }
    let name = escape::line(candidate.name()).into_owned();
    let Some(secret) = &candidate.secret else {
        let message = format!("`{name}` is more than one secret");
        return Err(Error::new(Kind::Config, message).hint(format!(
            "`keywright exec -- PROGRAM` hands it over; `keywright models auth show {name}` says what it is."
        )));
    };
    if !arguments.raw {
        context.ui.data(&format!("{}\n", secret.mask()))?;
        let kind = match &candidate.origin {
            Origin::Profile { .. } => "profile",
            Origin::Variable { .. } => "variable",
        };
        context.ui.say(&format!(
            "This is the {kind} {name}. `keywright get --raw` prints the secret for a script."
        ));
        return Ok(Exit::Done);
    }
    context.ui.data(&shells::bare(secret, on_screen))?;
    Ok(Exit::Done)
}
