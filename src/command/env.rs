//! `env`: the changes that `exec` makes, as code for a shell, a file or CI.

use super::{Context, hand_over};
use crate::cli::env::Env;
use crate::consumer::shells::{self, Shell};
use crate::consumer::{Changes, anthropic_sdk, aws};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::variables;

/// Prints the code and nothing else on stdout.
///
/// # Errors
/// `Usage` with `--json`, on a terminal without `--force`, or for a shell that is not known; else
/// what keeps the credential from being used.
pub fn run(arguments: &Env, context: &Context<'_>) -> Result<Exit> {
    hand_over::refuse_json(context)?;
    let environment = &context.system.environment;
    let shell = match arguments.shell {
        Some(shell) => shell,
        None => Shell::of_user(environment)?,
    };
    if arguments.unset {
        context.ui.data(&shell.code(&removal(shell)?)?)?;
        return Ok(Exit::Done);
    }
    if context.system.terminal.stdout && !arguments.force {
        return Err(
            Error::usage("the secret would be shown on this terminal").hint(
                "Evaluate the code instead: eval \"$(keywright env)\". Or show it with --force.",
            ),
        );
    }
    let changes = hand_over::changes(&arguments.which, &anthropic_sdk::CONSUMER, context)?;
    let code = if context.system.terminal.stdout {
        shell.code_for_screen(&changes)?
    } else {
        shell.code(&changes)?
    };
    if shell == Shell::Github && environment.flag("GITHUB_ACTIONS") {
        context.ui.stderr(shells::github_masks(&changes).trim_end());
    }
    context.ui.data(&code)?;
    Ok(Exit::Done)
}

fn removal(shell: Shell) -> Result<Changes> {
    if !shell.removes() {
        return Err(
            Error::usage("this format can only set variables, not remove them")
                .hint("Remove the lines that `keywright env` added."),
        );
    }
    let mut unset = anthropic_sdk::CONSUMER.credential_variables();
    unset.extend(aws::VARIABLES);
    unset.push(variables::ANTHROPIC_BASE_URL);
    Ok(Changes {
        unset,
        set: Vec::new(),
    })
}
