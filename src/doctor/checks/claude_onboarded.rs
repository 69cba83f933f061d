//! CLI-020: will an interactive `claude` ask for a login although a token is set?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, SourceKind};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::variables;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CLI-020",
        id: "claude-onboarded",
        title: "Claude Code will not ask for a login that is not needed",
        category: Category::Cli,
        needs: &["CFG-001"],
        facts: &[Area::ClaudeCode, Area::Environment, Area::Credentials],
    },
    explanation: Explanation {
        meaning: "The first start of an interactive `claude` asks for a theme and a login. It does so even when CLAUDE_CODE_OAUTH_TOKEN is set and would do; only `claude -p` works at once.",
        detection: "A subscription token is set or stored, and `hasCompletedOnboarding` is not true in .claude.json.",
        mending: "Answer the questions once, or set `hasCompletedOnboarding` to true in .claude.json.",
        false_positives: "Where only `claude -p` is used, nothing asks.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let variable = variables::CLAUDE_CODE_OAUTH_TOKEN;
    let set = facts.environment.value(variable).is_some();
    let stored = facts
        .credentials
        .effective()
        .filter(|source| source.kind == SourceKind::Token)
        .filter(|source| source.place.name() != variables::ANTHROPIC_AUTH_TOKEN);
    let name = match stored {
        _ if set => variable,
        Some(source) => source.place.name(),
        None => {
            return Outcome::NotApplicable {
                why: "no subscription token is in use".to_owned(),
            };
        }
    };
    let state = &facts.claude_code.state;
    if state.path.is_empty() {
        return Outcome::NotApplicable {
            why: "Claude Code's folder was not looked at".to_owned(),
        };
    }
    if state.onboarded {
        return Outcome::Pass;
    }
    let seen = if state.exists {
        "does not say that it was set up"
    } else {
        "does not exist yet"
    };
    Outcome::Warn(
        Finding::new(
            name,
            "An interactive claude will ask for a login although a token is there.",
        )
        .detail(format!("{} {seen}.", state.path))
        .impact("`claude -p` works; the first start in a terminal shows the sign-in.")
        .seen("file", &state.path)
        .remedy(
            Remedy::consent("Say that the first start is done")
                .set_key(&state.path, &["hasCompletedOnboarding"], true.into())
                .step(Step::Edit(format!(
                    "Set \"hasCompletedOnboarding\": true in {}.",
                    state.path
                )))
                .verify(&["CLI-020"]),
        ),
    )
}
