//! Names the programs and keyrings that the doctor asks for a secret, before it does.

use crate::command::Context;
use crate::doctor::collect::Request;
use crate::provider::{anthropic, bedrock};
use crate::store::config::secrets::SecretProvider;
use crate::store::select::{Candidate, select};
use crate::store::sources::Sources;
use crate::ui::escape;

/// Says who is asked for the credentials in use. What cannot be read is told by the report.
pub fn announce(request: &Request, context: &Context<'_>) {
    let read = context
        .home()
        .and_then(|home| Sources::read(context.system, &home, &request.agent));
    let Ok(sources) = read else {
        return;
    };
    let now = context.system.clock.now().as_millisecond();
    for provider in [anthropic::PROVIDER.id, bedrock::ID] {
        let Ok(selection) = select(&sources, provider, None, now) else {
            continue;
        };
        if let Some(winner) = selection.winner().filter(|winner| winner.is_not_asked()) {
            let line = sentence(&sources, winner);
            context.ui.stderr(&escape::line(&line));
        }
    }
}

fn sentence(sources: &Sources, candidate: &Candidate) -> String {
    let name = candidate.name();
    let provider = candidate.reference.as_ref().and_then(|referred| {
        let mut all = sources.config.secrets.iter();
        all.find(|(known, _)| *known == referred.named.provider)
    });
    match provider {
        Some((_, SecretProvider::Exec(exec))) => {
            let command = exec.command.display();
            format!("Runs `{command}` once, which has the secret of {name}.")
        }
        _ => format!("Asks the keyring, which has the secret of {name}."),
    }
}
