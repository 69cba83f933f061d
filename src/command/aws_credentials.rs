//! `aws-credentials`: what the AWS SDK resolves, for the parent that asked. Not for people.

use super::Context;
use crate::cli::aws_credentials::AwsCredentials;
use crate::error::{Error, Result};
use crate::exit::Exit;

/// Writes an [`crate::probe::aws_credentials::Answer`] to standard output.
///
/// # Errors
/// `Usage` where standard output is a terminal.
pub fn run(arguments: &AwsCredentials, context: &Context<'_>) -> Result<Exit> {
    if context.system.terminal.stdout {
        return Err(Error::usage("this command answers keywright itself")
            .hint("`keywright env` and `keywright exec` hand out credentials."));
    }
    context.ui.document(&answer(arguments, context))?;
    Ok(Exit::Done)
}

#[cfg(feature = "bedrock")]
use crate::probe::aws_credentials::Answer;

#[cfg(feature = "bedrock")]
fn answer(arguments: &AwsCredentials, context: &Context<'_>) -> Answer {
    use zeroize::Zeroizing;

    use crate::system::aws::{Failure, resolve};
    let http = std::sync::Arc::clone(&context.system.http);
    match resolve(http, arguments.profile.as_deref(), &arguments.region) {
        Ok(found) => Answer {
            id: Some(found.id),
            secret: Some(Zeroizing::new(found.secret.for_stdin().to_owned())),
            session: found
                .session
                .as_ref()
                .map(|token| Zeroizing::new(token.for_stdin().to_owned())),
            expires: found.expires,
            ..Answer::default()
        },
        Err((failure, detail)) => {
            let failure = match failure {
                Failure::Nothing => "nothing",
                Failure::Configuration => "configuration",
                Failure::Provider => "provider",
                Failure::TimedOut => "timed-out",
                Failure::Flooded => "flooded",
            };
            Answer {
                failure: Some(failure.to_owned()),
                detail: Some(detail),
                ..Answer::default()
            }
        }
    }
}

#[cfg(not(feature = "bedrock"))]
fn answer(_: &AwsCredentials, _: &Context<'_>) -> crate::probe::aws_credentials::Answer {
    crate::probe::aws_credentials::Answer {
        failure: Some("unsupported".to_owned()),
        ..Default::default()
    }
}
