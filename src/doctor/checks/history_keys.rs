//! CRED-041: keys in the histories of shells.

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, History};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-041",
        id: "history-keys",
        title: "No key stands in a command history",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Access],
    },
    explanation: Explanation {
        meaning: "A key that was typed or pasted into a command line stands in the history of the shell, in plain text and for a long time. Programs that look for keys look there first.",
        detection: "The histories of bash, zsh, fish and Python, up to eight megabytes each, are searched for keys by their beginnings. Lines are counted and numbered; what stands in them is neither kept nor shown.",
        mending: "Remove the lines, and replace the key where somebody else could have read it. `keywright onboard` asks for a key without a trace in the history.",
        false_positives: "A key that has been revoked since.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let histories = &facts.access.histories;
    let Some(first) = histories.first() else {
        return Outcome::Pass;
    };
    let count: usize = histories.iter().map(|history| history.count).sum();
    let (lines, hold) = if count == 1 {
        ("line", "holds")
    } else {
        ("lines", "hold")
    };
    let summary = format!("{count} {lines} of a command history {hold} a key.");
    let words: Vec<String> = histories.iter().map(seen).collect();
    let mut finding = Finding::new(&first.path, summary)
        .detail(words.join(" "))
        .impact("Whoever reads the history has the key.");
    for history in histories {
        finding = finding.seen("file", &history.path);
    }
    let remedy =
        Remedy::manual("Remove these lines, when no shell is open that would write them again")
            .why("A shell that is open keeps its own copy of the history.");
    let remedy = histories.iter().fold(remedy, |remedy, history| {
        remedy.step(removed(facts, history))
    });
    Outcome::Warn(finding.remedy(remedy.verify(&["CRED-041"])))
}

fn seen(history: &History) -> String {
    let numbers: Vec<String> = history.lines.iter().map(usize::to_string).collect();
    let more = if history.count > history.lines.len() {
        ", …"
    } else {
        ""
    };
    let noun = if history.count == 1 { "line" } else { "lines" };
    format!("{}: {noun} {}{more}.", history.path, numbers.join(", "))
}

/// Takes every line with such a beginning out of a file; the lines of fish belong together.
fn removed(facts: &Facts, history: &History) -> Step {
    let shell = facts.machine.shell;
    if history.path.ends_with("fish_history") {
        let words: Vec<String> = history
            .prefixes
            .iter()
            .map(|beginning| format!("`history delete --contains {beginning}`"))
            .collect();
        return Step::Edit(format!("In fish, type {}.", words.join(" and ")));
    }
    let mut line = String::from("sed -i");
    if facts.machine.os == "macos" {
        line.push_str(" ''");
    }
    for beginning in &history.prefixes {
        line.push_str(" -e ");
        line.push_str(&shell.word(&format!("/{beginning}/d")));
    }
    line.push(' ');
    line.push_str(&shell.word(&history.path));
    Step::Command(line)
}
