//! TTY-001: are the standard streams terminals?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "TTY-001",
        id: "terminal-streams",
        title: "There is a terminal to ask questions on",
        category: Category::Tty,
        needs: &[],
        facts: &[Area::Terminal],
    },
    explanation: Explanation {
        meaning: "Questions are asked on standard error and answered on standard input. In a script, a service, a pipe or a container started without a terminal nobody could answer; `claude setup-token` and `claude auth login` then wait for ever without a word.",
        detection: "Standard input and standard error are asked whether they are terminals. It informs only: a machine without a person is no fault.",
        mending: "Start it in a real terminal (`ssh -t`, `docker run -it`), or give every answer on the command line with `keywright onboard --non-interactive`.",
        false_positives: "A report that is piped or redirected on purpose.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let terminal = &facts.terminal;
    if terminal.stdin && terminal.stderr {
        return Outcome::Pass;
    }
    let word = |is: bool| if is { "a terminal" } else { "no terminal" };
    Outcome::Info(
        Finding::new("terminal", "There is no terminal to ask questions on.")
            .detail(format!(
                "Standard input is {}, standard output is {}, standard error is {}.",
                word(terminal.stdin),
                word(terminal.stdout),
                word(terminal.stderr)
            ))
            .impact("keywright does not ask here, and `claude setup-token` would wait for ever.")
            .seen("terminal", "standard input, standard error")
            .remedy(
                Remedy::manual("Give the answers on the command line, or use a real terminal")
                    .command("keywright onboard --non-interactive"),
            ),
    )
}
