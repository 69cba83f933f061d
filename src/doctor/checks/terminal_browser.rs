//! TTY-010: can a sign-in in a browser come back to this machine?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "TTY-010",
        id: "terminal-browser",
        title: "A sign-in in the browser can come back here",
        category: Category::Tty,
        needs: &[],
        facts: &[Area::Terminal, Area::Credentials, Area::ClaudeCode],
    },
    explanation: Explanation {
        meaning: "`claude auth login` opens a browser and waits for its answer on this machine. Over SSH, in a container, in WSL or without a screen the browser runs somewhere else, and the answer never arrives.",
        detection: "It speaks only where a sign-in is needed: neither a usable credential nor a usable login is here. Then SSH, container, WSL and the variables of a screen are looked at. It informs only.",
        mending: "Copy the link that is shown (the key c does it), open it in any browser, and paste the code that the page shows. Or make a token on another machine with `claude setup-token`.",
        false_positives: "A forwarded port or screen brings the answer back.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let machine = &facts.machine;
    let reasons = [
        (machine.ssh, "this session came in over SSH"),
        (machine.container, "this is a container"),
        (
            machine.wsl,
            "this is WSL, and the browser is that of Windows",
        ),
        (
            !machine.display,
            "there is no screen (neither DISPLAY nor WAYLAND_DISPLAY)",
        ),
    ];
    let apart: Vec<&str> = reasons
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, words)| *words)
        .collect();
    if apart.is_empty() {
        return Outcome::Pass;
    }
    if !needed(facts) {
        return Outcome::NotApplicable {
            why: "no sign-in is needed".to_owned(),
        };
    }
    Outcome::Info(
        Finding::new("browser", "A sign-in in the browser cannot come back here.")
            .detail(format!(
                "Here {}. Open the link that `claude auth login` shows in any browser, and paste the code.",
                apart.join(", and ")
            ))
            .impact("A sign-in that waits for the browser never ends.")
            .seen("environment", apart[0])
            .remedy(
                Remedy::manual("Paste the code of the page, or a token made elsewhere")
                    .command("claude auth login")
                    .command("keywright onboard --flow setup-token"),
            ),
    )
}

/// Nothing that is here works without somebody signing in.
fn needed(facts: &Facts) -> bool {
    let claude_code = &facts.claude_code;
    let login = facts.login();
    let usable = login.is_some_and(|login| login.standing.is_usable()) || claude_code.has_its_own();
    facts.credentials.effective().is_none() && !usable && !facts.aws.is_in_use()
}
