//! The words for a key of another provider than Anthropic: its own pages, and the command that
//! stores its keys.

use super::{Action, BILLING_PAGE, KEYS_PAGE, LIMITS_PAGE, STATUS_PAGE, Words, of};
use crate::provider::{Verdict, anthropic, bedrock, registry};

/// As [`of`], for a credential of that provider.
#[must_use]
pub fn of_provider(provider: &str, verdict: &Verdict) -> Words {
    let mut words = of(verdict);
    if provider == anthropic::PROVIDER.id || provider == bedrock::ID {
        return words;
    }
    for advice in &mut words.advice {
        advice.action = advice.action.take().and_then(|action| match action {
            Action::Url(url) => page(provider, &url).map(Action::Url),
            Action::Command(line) if line.starts_with("keywright onboard") => {
                let line =
                    format!("keywright models auth paste-api-key --provider {provider} --replace");
                Some(Action::Command(line))
            }
            Action::Command(line) => Some(Action::Command(line)),
        });
    }
    words
}

/// The provider's page in place of Anthropic's; none is known of one that the configuration
/// describes.
fn page(provider: &str, url: &str) -> Option<String> {
    let known = registry::find(provider);
    let page = match url {
        KEYS_PAGE => known?.keys_page,
        BILLING_PAGE | LIMITS_PAGE => known?.billing_page,
        STATUS_PAGE => known?.status_page,
        other => other,
    };
    Some(page.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Reason;

    #[test]
    fn nothing_leads_to_another_provider() {
        for reason in Reason::ALL {
            for provider in ["openai", "openrouter", "google", "acme"] {
                let words = of_provider(provider, &Verdict::of(*reason, "h"));
                for advice in words.advice {
                    let Some(Action::Command(text) | Action::Url(text)) = advice.action else {
                        continue;
                    };
                    let is_foreign = text.contains("claude.com") || text.contains("onboard");
                    assert!(!is_foreign || text.contains("docs"), "{provider}: {text}");
                }
            }
        }
    }

    #[test]
    fn pages_and_commands() {
        let check = |provider: &str, expected: &[&str]| {
            let words = of_provider(provider, &Verdict::of(Reason::InvalidKey, "h"));
            let actions = words.advice.into_iter().filter_map(|advice| advice.action);
            let actions: Vec<String> = actions
                .map(|action| match action {
                    Action::Command(text) | Action::Url(text) => text,
                })
                .collect();
            assert_eq!(actions, expected, "{provider}");
        };
        let onboard = "keywright onboard --flow api-key --replace";
        check("anthropic", &[KEYS_PAGE, onboard]);
        let paste = "keywright models auth paste-api-key --provider openai --replace";
        check("openai", &["https://platform.openai.com/api-keys", paste]);
        check(
            "acme",
            &["keywright models auth paste-api-key --provider acme --replace"],
        );
    }
}
