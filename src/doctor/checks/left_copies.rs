//! CRED-040: copies of files with credentials that were left beside them.

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, CopyMaker, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-040",
        id: "left-copies",
        title: "No copy of a file with a credential was left behind",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Inheritance],
    },
    explanation: Explanation {
        meaning: "Editors and people leave copies beside a file that they change: credentials~, .env.swp, auth-profiles.json.bak. The key in such a copy stays when the file itself is mended, made private or removed, and nobody thinks of it.",
        detection: "The folders of keywright's own files, of Claude Code's login, of the AWS CLI's files, of the stores of OpenClaw, Clawdbot and cuti and of every other file with a secret are listed, once each. A file that is named like a copy of one of these (~, .#, ##, .sw?, .bak, .orig, .old, .save) and is not larger than one megabyte is searched for keys by their beginnings; only that there is one is kept.",
        mending: "Remove the copy. If somebody else could read it, replace the key.",
        false_positives: "A backup that is meant, and well kept.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let copies = &facts.inheritance.copies;
    let Some(first) = copies.first() else {
        return Outcome::Pass;
    };
    let words: Vec<String> = copies
        .iter()
        .map(|copy| {
            let open = if copy.mode & 0o077 != 0 {
                format!(", and others may read it (mode {:o})", copy.mode)
            } else {
                String::new()
            };
            format!(
                "{} is a copy of {} with a key in it{open}.",
                copy.path, copy.of
            )
        })
        .collect();
    let editor = copies.iter().any(|copy| copy.maker == CopyMaker::Editor);
    let title = if editor {
        "Remove it, when no editor has the file open"
    } else {
        "Remove it"
    };
    let summary = match copies.len() {
        1 => "A copy of a file with a credential was left behind.".to_owned(),
        count => format!("{count} copies of files with credentials were left behind."),
    };
    let mut remedy = Remedy::manual(title);
    let mut finding = Finding::new(&first.path, summary)
        .detail(words.join(" "))
        .impact("The key stays there when the file itself is changed or removed.");
    for copy in copies {
        finding = finding.seen("file", &copy.path);
        remedy = remedy.command(format!("rm {}", facts.machine.shell.word(&copy.path)));
    }
    Outcome::Warn(finding.remedy(remedy.verify(&["CRED-040"])))
}
