//! What the stand-in programs of the sandbox do. They print nothing: `command::sandbox::stand_in`
//! does.
//!
//! | module | what |
//! |---|---|
//! | [`claude`] | arguments of `claude`, its login, its token |
//! | [`answer`] | `claude -p`: asks the sandbox, and says what came of it in Claude Code's words |
//! | [`bedrock`] | the same through Bedrock |

pub mod answer;
pub mod bedrock;
pub mod claude;

use std::borrow::Cow;

use crate::exchange::HeaderValue;
use std::path::Path;

use url::Url;

use crate::error::{Error, Result};
use crate::exchange::is_loopback;
use crate::system::Environment;
use crate::variables;

/// Lets a stand-in work in the sandbox only: there an API on this machine is named.
///
/// # Errors
/// `Usage` anywhere else.
pub fn guard(environment: &Environment) -> Result<()> {
    let inside = [variables::ANTHROPIC_BASE_URL, "AWS_ENDPOINT_URL"]
        .iter()
        .any(|name| local(environment, name).is_some());
    if inside {
        return Ok(());
    }
    Err(
        Error::usage("this program stands in for another one, in the sandbox only")
            .hint("start it there: keywright sandbox -- sh"),
    )
}

/// Lets a stand-in write below the sandbox's own folder only.
///
/// # Errors
/// `Usage` for a file of the user.
pub fn guard_path(path: &Path, sandbox: &Path) -> Result<()> {
    if path.starts_with(sandbox) && !path.components().any(|part| part.as_os_str() == "..") {
        return Ok(());
    }
    Err(Error::usage("this stand-in writes into the sandbox only")
        .path(path)
        .hint("start it in the sandbox: keywright sandbox -- sh"))
}

/// The URL in a variable, when it leads to this machine.
fn local(environment: &Environment, name: &str) -> Option<Url> {
    let url = Url::parse(environment.get(name)?).ok()?;
    is_loopback(&url).then_some(url)
}

/// Headers as a request has them.
fn named(headers: Vec<(&'static str, HeaderValue)>) -> Vec<(Cow<'static, str>, HeaderValue)> {
    let named = headers
        .into_iter()
        .map(|(name, value)| (name.into(), value));
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_in_the_sandbox() {
        let check = |variables: &[(&str, &str)], expected: bool| {
            let environment = Environment::of(variables.iter().copied(), "/");
            assert_eq!(guard(&environment).is_ok(), expected, "{variables:?}");
        };
        check(&[], false);
        check(&[("HOME", "/h")], false);
        check(
            &[("ANTHROPIC_BASE_URL", "https://api.anthropic.com")],
            false,
        );
        check(&[("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")], true);
        check(&[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")], true);
    }

    #[test]
    fn only_below_its_folder() {
        let check = |path: &str, expected: bool| {
            assert_eq!(
                guard_path(Path::new(path), Path::new("/c/sandbox")).is_ok(),
                expected,
                "{path}"
            );
        };
        check("/c/sandbox/home/.claude", true);
        check("/c/sandbox/../x", false);
        check("/home/you/.claude", false);
        check(".claude", false);
    }
}
