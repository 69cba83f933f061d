//! What the standing of a login means and what to type, once for the wizard, `models status` and
//! the doctor.

use jiff::{SignedDuration, Timestamp};

use super::{Login, Standing};
use crate::consumer::claude_code::places::Chosen;
use crate::provider::words::{Action, Advice, Words};

const SIGN_IN: &str = "Sign in to Claude Code.";
const SIGN_IN_AGAIN: &str = "Sign in to Claude Code again.";
const MOVE_AWAY: &str = "Move the file away, then sign in to Claude Code again.";

impl Login {
    /// The login in words, at the time `now`. Names and paths in them come from files: they are to
    /// be escaped before a terminal sees them.
    #[must_use]
    pub fn words(&self, now: Timestamp) -> Words {
        Words {
            title: self.standing.title(),
            summary: self.summary(now),
            why: self.why(),
            advice: self.advice(),
        }
    }

    /// Plan and account, such as `Max 5x, user@example.com`; empty when neither is known.
    #[must_use]
    pub fn holder(&self) -> String {
        let plan = self
            .plan
            .as_deref()
            .map(|plan| plan_name(plan, self.rate_limit_tier.as_deref()));
        let email = self
            .account
            .as_ref()
            .and_then(|account| account.email.clone());
        let parts: Vec<String> = [plan, email].into_iter().flatten().collect();
        parts.join(", ")
    }

    fn summary(&self, now: Timestamp) -> String {
        let path = self.path.display();
        let problem = self.problem.as_deref().unwrap_or("nothing more is known");
        let holder = match self.holder() {
            holder if holder.is_empty() => holder,
            holder => format!(" ({holder})"),
        };
        let ends = self.ends();
        match self.standing {
            Standing::Missing => "Claude Code is not signed in here.".to_owned(),
            Standing::Unreadable => format!("The login file {path} cannot be read: {problem}."),
            Standing::Broken => match self.position {
                Some((line, column)) => {
                    format!(
                        "The login file {path} is damaged at line {line}, column {column}: {problem}."
                    )
                }
                None => format!("The login file {path} is damaged: {problem}."),
            },
            Standing::NoLogin => format!("The file {path} holds no login."),
            Standing::Blanked => format!("The Claude Code login here{holder} was emptied."),
            Standing::NoInference => {
                format!("The Claude Code login here{holder} may not call models.")
            }
            Standing::Valid | Standing::Refreshable => match ends {
                Some(ends) => format!(
                    "A Claude Code login is here{holder}, its sign-in lasts {}.",
                    more(ends.duration_since(now))
                ),
                None => format!("A Claude Code login is here{holder}."),
            },
            Standing::EndingSoon => format!(
                "A Claude Code login is here{holder}, but its sign-in ends {}.",
                ends.map_or_else(
                    || "soon".to_owned(),
                    |ends| format!("in {}", span(ends.duration_since(now)))
                )
            ),
            Standing::Dead => format!(
                "The Claude Code login here{holder} ended{}.",
                ends.map_or_else(String::new, |ends| format!(
                    " {} ago",
                    span(now.duration_since(ends))
                ))
            ),
            Standing::InKeychain => {
                format!("A Claude Code login is in the macOS Keychain{holder}.")
            }
            Standing::KeychainLocked => {
                "The macOS Keychain is locked, so Claude Code finds no login.".to_owned()
            }
        }
    }

    fn why(&self) -> String {
        let why = match self.standing {
            Standing::Missing => return format!("There is no {}.", self.path.display()),
            Standing::Unreadable => "Claude Code cannot read it either, and takes it for no login.",
            Standing::Broken => "Claude Code takes such a file for no login, without a word.",
            Standing::NoLogin => {
                "Other things of Claude Code are kept there too, and outlive a sign-out."
            }
            Standing::Blanked => {
                "Claude Code does that when its refresh token is refused. A refresh token works once: a copy of the login on another machine or in a container uses it up."
            }
            Standing::NoInference => {
                "It was made for another purpose: `user:inference` is not among its scopes."
            }
            Standing::Valid => "Its access token is valid now.",
            Standing::Refreshable => {
                "Its access token has run out, and Claude Code renews it on its next use."
            }
            Standing::EndingSoon => {
                "Claude Code can renew its access token until then, and not afterwards."
            }
            Standing::Dead => {
                "Its access token has run out, and there is no refresh token that could renew it."
            }
            Standing::InKeychain => {
                "Only Claude Code may look into it, so its end is not known here."
            }
            Standing::KeychainLocked => {
                "Nobody has unlocked it in this session, as is usual over SSH."
            }
        };
        why.to_owned()
    }

    fn advice(&self) -> Vec<Advice> {
        let sign_in = |text: &str| Advice {
            text: text.to_owned(),
            action: Some(Action::Command(self.sign_in_command())),
        };
        match self.standing {
            Standing::Valid | Standing::Refreshable | Standing::InKeychain => Vec::new(),
            Standing::Missing | Standing::NoLogin => vec![sign_in(SIGN_IN)],
            Standing::Unreadable => vec![Advice {
                text: "Make it a file that you can read, or move it away and sign in again."
                    .to_owned(),
                action: Some(Action::Command(self.sign_in_command())),
            }],
            Standing::Broken => vec![sign_in(MOVE_AWAY)],
            Standing::Blanked => vec![
                sign_in(SIGN_IN_AGAIN),
                Advice {
                    text: "For other machines and containers, make a token of their own on each."
                        .to_owned(),
                    action: Some(Action::Command("claude setup-token".to_owned())),
                },
            ],
            Standing::NoInference | Standing::EndingSoon | Standing::Dead => {
                vec![sign_in(SIGN_IN_AGAIN)]
            }
            Standing::KeychainLocked => vec![
                Advice {
                    text: "Unlock it, then start Claude Code in the same session.".to_owned(),
                    action: Some(Action::Command("security unlock-keychain".to_owned())),
                },
                Advice {
                    text: "Or use a token, which needs no Keychain.".to_owned(),
                    action: Some(Action::Command(
                        "keywright onboard --flow setup-token".to_owned(),
                    )),
                },
            ],
        }
    }

    /// What signs in to this very configuration.
    #[must_use]
    pub fn sign_in_command(&self) -> String {
        const PLAIN: &str = "claude auth login";
        if self.chosen != Chosen::Given {
            return PLAIN.to_owned();
        }
        let folder = self.config_dir.to_string_lossy();
        shlex::try_quote(&folder).map_or_else(
            |_| PLAIN.to_owned(),
            |folder| format!("CLAUDE_CONFIG_DIR={folder} {PLAIN}"),
        )
    }
}

impl Standing {
    /// A few words, without a period.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Missing => "not signed in",
            Self::Unreadable => "login unreadable",
            Self::Broken => "login file damaged",
            Self::NoLogin => "no login in the file",
            Self::Blanked => "login emptied",
            Self::NoInference => "login may not call models",
            Self::Valid => "signed in",
            Self::Refreshable => "signed in, renewed on next use",
            Self::EndingSoon => "sign-in ending soon",
            Self::Dead => "sign-in ended",
            Self::InKeychain => "signed in, in the Keychain",
            Self::KeychainLocked => "Keychain locked",
        }
    }
}

/// `max` with the tier `default_claude_max_5x` is `Max 5x`.
fn plan_name(plan: &str, tier: Option<&str>) -> String {
    let mut letters = plan.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let name: String = first.into_iter().chain(letters).collect();
    let times = tier
        .and_then(|tier| tier.rsplit('_').next())
        .filter(|last| {
            let digits = last.strip_suffix('x').unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        });
    times.map_or_else(|| name.clone(), |times| format!("{name} {times}"))
}

/// "12 more days", "1 more hour".
fn more(left: SignedDuration) -> String {
    let (count, unit) = measure(left);
    format!("{count} more {unit}")
}

/// "12 days", "1 hour".
fn span(length: SignedDuration) -> String {
    let (count, unit) = measure(length);
    format!("{count} {unit}")
}

/// In the largest unit of which there are two, rounded down; a minute at least.
fn measure(length: SignedDuration) -> (i64, &'static str) {
    let minutes = length.as_mins().max(1);
    match minutes {
        1 => (1, "minute"),
        2..=119 => (minutes, "minutes"),
        120..=2879 => (minutes / 60, "hours"),
        _ => (minutes / 60 / 24, "days"),
    }
}
