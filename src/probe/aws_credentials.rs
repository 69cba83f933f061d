//! Gets the credentials behind an AWS profile or the default chain from the AWS SDK. The SDK reads
//! the environment of its process and may run programs, so it works in a child: with exactly the
//! environment that it shall see, a time limit, and an end to everything it started.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::consumer::aws;
use crate::error::Error;
use crate::provider::bedrock::{AccessKeys, Region};
use crate::provider::verdict::Subject;
use crate::provider::{Reason, Verdict};
use crate::secret::Secret;
use crate::system::System;
use crate::system::files::EntryKind;
use crate::system::processes::Spawn;

/// Time for the whole: a sign-in service and a role, one after the other.
pub const TIMEOUT: Duration = Duration::from_secs(20);
/// The command of this program that runs in the child.
pub const COMMAND: &str = "aws-credentials";
const OUTPUT_LIMIT: usize = 64 * 1024;

/// Credentials with their end.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub keys: AccessKeys,
    pub expires: Option<Timestamp>,
}

/// What the child writes to its standard output: keys, or why there are none.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Answer {
    pub id: Option<String>,
    pub secret: Option<Zeroizing<String>>,
    pub session: Option<Zeroizing<String>>,
    pub expires: Option<Timestamp>,
    /// `nothing`, `configuration`, `provider`, `timed-out`, `flooded` or `unsupported`.
    pub failure: Option<String>,
    /// The SDK's words; they may hold what a program printed.
    pub detail: Option<String>,
}

/// Resolves `profile`, or the default chain where none is named.
///
/// # Errors
/// The verdict that says why there are no credentials. What the files say is told without the SDK.
pub fn resolve(
    system: &System,
    profile: Option<&str>,
    region: &Region,
) -> Result<Resolved, Box<Verdict>> {
    resolve_within(system, profile, region, TIMEOUT)
}

/// As [`resolve`], for one who cannot wait that long.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_within(
    system: &System,
    profile: Option<&str>,
    region: &Region,
    timeout: Duration,
) -> Result<Resolved, Box<Verdict>> {
    let failed = |reason: Reason, said: String| {
        let mut verdict = Verdict::of(reason, "AWS");
        verdict.message = Some(said).filter(|said| !said.is_empty());
        verdict.subject = Subject {
            profile: profile.map(str::to_owned),
            region: Some(region.to_string()),
            ..Subject::default()
        };
        Box::new(verdict)
    };
    match in_files(system, profile) {
        Ok(None) => {}
        Ok(Some(keys)) => {
            return Ok(Resolved {
                keys,
                expires: None,
            });
        }
        Err((reason, said)) => return Err(failed(reason, said)),
    }
    let answer = ask(system, profile, region, timeout)
        .map_err(|error| failed(Reason::AwsUnresolved, error.message().to_owned()))?;
    let Answer {
        id: Some(id),
        secret: Some(secret),
        ..
    } = &answer
    else {
        let (reason, said) = reason(&answer, profile.is_some());
        return Err(failed(reason, said));
    };
    Ok(Resolved {
        keys: AccessKeys {
            id: id.clone(),
            secret: Secret::new(secret.as_str()),
            session: answer
                .session
                .as_ref()
                .map(|text| Secret::new(text.as_str())),
        },
        expires: answer.expires,
    })
}

/// What the files tell without the SDK: keys that stand there, or why there can be none.
fn in_files(
    system: &System,
    profile: Option<&str>,
) -> Result<Option<AccessKeys>, (Reason, String)> {
    let found = aws::look(system, system.clock.now());
    for (path, why) in &found.unreadable {
        if profile.is_some() {
            return Err((Reason::AwsProfileBroken, why.clone()));
        }
        // The chain does without a file that may not be read, but waits for ever at a pipe.
        let entry = system.files.followed_entry(path).ok().flatten();
        if entry.is_some_and(|entry| entry.kind == EntryKind::Special) {
            return Err((Reason::AwsUnresolved, why.clone()));
        }
    }
    let Some(name) = profile else {
        return Ok(None);
    };
    let Some(known) = found.profile(name) else {
        return Err((Reason::AwsProfileMissing, String::new()));
    };
    if let Some(problem) = &known.problem {
        return Err((Reason::AwsProfileBroken, problem.clone()));
    }
    if known.needs_sign_in() {
        return Err((Reason::AwsSignInExpired, String::new()));
    }
    let keys = aws::profiles::keys(system, &found, name);
    Ok(keys.and_then(|keys| {
        Some(AccessKeys {
            id: keys.id,
            secret: keys.secret?,
            session: keys.session,
        })
    }))
}

fn ask(
    system: &System,
    profile: Option<&str>,
    region: &Region,
    timeout: Duration,
) -> Result<Answer, Error> {
    let program = crate::system::this_program()?;
    let mut arguments = vec![COMMAND, "--region", region.as_str()];
    arguments.extend(profile.into_iter().flat_map(|name| ["--profile", name]));
    let finished = system.processes.run(&Spawn {
        program: &program,
        arguments: &arguments,
        environment: &system.environment,
        folder: system.environment.folder(),
        timeout,
        output_limit: OUTPUT_LIMIT,
    })?;
    let output = Zeroizing::new(finished.stdout);
    if finished.timed_out {
        return Ok(Answer {
            failure: Some("timed-out".to_owned()),
            ..Answer::default()
        });
    }
    Ok(serde_json::from_slice(&output).unwrap_or_default())
}

/// What the SDK and the services of single sign-on say when somebody has to sign in.
const SIGNED_OUT: &[&str] = &[
    "UnauthorizedException",
    "InvalidGrantException",
    "Token has expired",
    "token has expired",
    "token is expired",
    "failed to load the cached SSO token",
];

/// Why there are no credentials, in words that hold nothing of what a program printed.
fn reason(answer: &Answer, of_profile: bool) -> (Reason, String) {
    let detail = answer.detail.as_deref().unwrap_or_default();
    let says = |words: &str| detail.contains(words);
    let code = |start: &str| {
        let (_, rest) = detail.split_once(start)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    };
    match answer.failure.as_deref() {
        Some("nothing") if of_profile => {
            let said = "the AWS SDK finds none in it".to_owned();
            (Reason::AwsProfileBroken, said)
        }
        Some("nothing") => (Reason::AwsNoCredentials, String::new()),
        Some("unsupported") => {
            let said = "this build of keywright has no support for Amazon Bedrock".to_owned();
            (Reason::AwsUnresolved, said)
        }
        Some("flooded") => {
            let said = "it prints without end".to_owned();
            (Reason::AwsProcessFailed, said)
        }
        Some("timed-out") => (Reason::AwsUnresolved, "no answer in time".to_owned()),
        _ if says("external process") => {
            let code = code("exit status: ").or_else(|| code("exit code: "));
            let said = code.map_or_else(
                || "its output is not what credential_process must print".to_owned(),
                |code| format!("it ended with exit code {code}"),
            );
            (Reason::AwsProcessFailed, said)
        }
        _ if SIGNED_OUT.iter().any(|words| says(words)) => {
            (Reason::AwsSignInExpired, String::new())
        }
        _ if says("AccessDenied") => {
            let said = "the role may not be assumed with the credentials at hand".to_owned();
            (Reason::AwsProfileBroken, said)
        }
        _ if says("InvalidClientTokenId") || says("UnrecognizedClientException") => {
            (Reason::AwsUnknownKey, String::new())
        }
        _ if says("SignatureDoesNotMatch") => (Reason::AwsWrongSecret, String::new()),
        _ if says("ExpiredToken") => (Reason::AwsExpired, String::new()),
        _ if says("credentials-login") => {
            let said = "it stands on a sign-in of `aws login`, which is for the AWS CLI; `aws configure export-credentials` prints keys that can be entered";
            (Reason::AwsUnresolved, said.to_owned())
        }
        _ if says("could not parse profile file") => {
            let said = "a line of ~/.aws/config or ~/.aws/credentials is not what the AWS SDK takes: each entry begins at the start of its line and has a `=`";
            (Reason::AwsProfileBroken, said.to_owned())
        }
        Some("configuration") => {
            let said = "the SDK cannot make sense of its settings".to_owned();
            (Reason::AwsProfileBroken, said)
        }
        _ if says("dispatch failure") => {
            let said = "the service that hands them out could not be reached".to_owned();
            (Reason::AwsUnresolved, said)
        }
        _ => (Reason::AwsUnresolved, "the SDK got none".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How the SDK failed, what it said, which reason that is, and words of it.
    #[rustfmt::skip]
    const ANSWERS: &[(&str, &str, Reason, &str)] = &[
        ("provider", "external process exited with code exit status: 3. Stderr: CANARY", Reason::AwsProcessFailed, "exit code 3"),
        ("provider", "external process: could not parse CANARY", Reason::AwsProcessFailed, "must print"),
        ("provider", "the SSO token has expired and cannot be refreshed", Reason::AwsSignInExpired, ""),
        ("provider", "failed to load the cached SSO token", Reason::AwsSignInExpired, ""),
        ("provider", "UnauthorizedException: Session token not found or invalid", Reason::AwsSignInExpired, ""),
        ("provider", "InvalidGrantException", Reason::AwsSignInExpired, ""),
        ("provider", "AccessDenied: x is not authorized to perform: sts:AssumeRole", Reason::AwsProfileBroken, "may not be assumed"),
        ("provider", "InvalidClientTokenId", Reason::AwsUnknownKey, ""),
        ("provider", "SignatureDoesNotMatch", Reason::AwsWrongSecret, ""),
        ("provider", "ExpiredToken: The security token", Reason::AwsExpired, ""),
        ("provider", "dispatch failure: io error: Connection refused", Reason::AwsUnresolved, "could not be reached"),
        ("configuration", "invalid profile: could not parse profile file", Reason::AwsProfileBroken, "~/.aws/config"),
        ("configuration", "cargo feature(s) enabled: credentials-login", Reason::AwsUnresolved, "export-credentials"),
        ("configuration", "", Reason::AwsProfileBroken, "settings"),
        ("timed-out", "", Reason::AwsUnresolved, "in time"),
        ("flooded", "", Reason::AwsProcessFailed, "without end"),
        ("unsupported", "", Reason::AwsUnresolved, "this build"),
        ("nothing", "", Reason::AwsProfileBroken, "none in it"),
    ];

    #[test]
    fn reasons() {
        let answer = |failure: &str, detail: &str| Answer {
            failure: Some(failure.to_owned()),
            detail: Some(detail.to_owned()),
            ..Answer::default()
        };
        for (failure, detail, expected, words) in ANSWERS {
            let (found, said) = reason(&answer(failure, detail), true);
            assert_eq!(found, *expected, "{failure}: {detail}");
            assert!(said.contains(words), "{detail}: {said}");
            assert!(!said.contains("CANARY"), "{said}");
        }
        let chain = reason(&answer("nothing", ""), false);
        assert_eq!(chain.0, Reason::AwsNoCredentials);
    }
}
