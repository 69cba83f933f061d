//! ENV-006: may others read a secret that stands in a file, or does git keep it?

use super::access::{self, Circle, WRITE, others};
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Holder, HolderKind, Owner, Readers};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::system::files::Entry;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "ENV-006",
        id: "environment-exposed",
        title: "No file with a secret is open to others, tracked by git or copied elsewhere",
        category: Category::Env,
        needs: &[],
        facts: &[Area::Inheritance, Area::Access],
    },
    explanation: Explanation {
        meaning: "A key that is exported in a start-up file, a unit or a .env file stands there in plain text. When others may read the file, they have the key; when git tracks it, the key goes to every copy of the repository, and stays in its history after the line is gone. A program that copies a folder to other machines copies the key too.",
        detection: "Start-up files, units with their drop-ins, the files that EnvironmentFile= names, ~/.ssh/environment and the .env files of keywright, OpenClaw, Clawdbot and the working folder are read, and the stores of OpenClaw, Clawdbot and cuti, Claude Code's login and the files of the AWS CLI are looked at. Where one holds a value that is a secret by its name or its form, the mode and the access list of the file, and the mode of every folder above it, tell who may read it, and the index of the git repository around it, if there is one, tells whether it is tracked. The same index is searched for keywright's own store. Folders above that Dropbox, OneDrive, iCloud, Nextcloud, ownCloud or Syncthing copy are told by what these leave in them and by their usual names. Of the stores of OpenClaw, Clawdbot and cuti also the owner, hard links and who may write are told; a folder above them that others may write to counts, too, unless CRED-001 names it. Git is not run, and no value is kept.",
        mending: "Make the file private (600), or move the secret out of it with `keywright onboard`. Take a tracked file out of git and replace the key: what was committed has to count as known. Move a file out of a folder that is copied.",
        false_positives: "A repository that never leaves this machine. Mount options can make a file more private than its mode says; a folder can have such a name and not be copied; a repository with its work tree somewhere else (`git --git-dir`) is not seen.",
    },
    run,
};

/// What is wrong with a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Tracked,
    Synced,
    Open(Readers),
    /// Others may write to it, and nobody else may read it.
    Written,
    Foreign,
    /// It has other names.
    Linked,
}

fn run(facts: &Facts) -> Outcome {
    let holders = &facts.inheritance.holders;
    if holders.is_empty() {
        return Outcome::NotApplicable {
            why: "no file with a secret was found".to_owned(),
        };
    }
    let troubles: Vec<(&Holder, Trouble)> = holders
        .iter()
        .flat_map(|holder| {
            troubles(facts, holder)
                .into_iter()
                .map(move |trouble| (holder, trouble))
        })
        .collect();
    let programs = holders.iter().any(|h| h.kind == HolderKind::Program);
    let above = || access::finding(facts, Owner::Other, "a program's credentials", "ENV-006");
    if let Some((first, trouble)) = troubles.first() {
        let finding = finding(facts, &troubles, first, *trouble);
        let above = programs.then(above).flatten();
        return Outcome::Warn(access::with_above(finding, above));
    }
    let of_programs =
        || access::is_ours(facts, Owner::Other).or_else(|| above().map(Outcome::Warn));
    if let Some(outcome) = programs.then(of_programs).flatten() {
        return outcome;
    }
    let store = holders
        .iter()
        .find(|holder| holder.kind == HolderKind::Store);
    store
        .and_then(near_git)
        .map_or(Outcome::Pass, Outcome::Info)
}

/// Git first: what it keeps stays known.
fn troubles(facts: &Facts, holder: &Holder) -> Vec<Trouble> {
    // Who may read these is a matter of CRED-001, CRED-011 and AWS-006.
    let elsewhere = matches!(holder.kind, HolderKind::Store | HolderKind::Checked);
    let open = !elsewhere && holder.readable_by != Readers::Nobody;
    // A start-up file may well be root's, or have the names that a dotfile manager gives it.
    let entry = holder.entry.as_ref();
    let entry = entry.filter(|_| holder.kind == HolderKind::Program);
    let entry = entry.filter(|entry| !access::is_of_kubernetes(facts, &holder.path, entry));
    let written = |entry: &Entry| {
        let others = others(facts, &holder.path, entry, WRITE);
        !open && others.is_some_and(|others| others.circle != Circle::OwnGroup)
    };
    let troubles = [
        (Trouble::Tracked, holder.tracked == Some(true)),
        (Trouble::Synced, holder.synced_by.is_some()),
        (Trouble::Open(holder.readable_by), open),
        (Trouble::Written, entry.is_some_and(written)),
        (
            Trouble::Foreign,
            entry.is_some_and(|entry| access::is_foreign(facts, entry)),
        ),
        (Trouble::Linked, entry.is_some_and(|entry| entry.links > 1)),
    ];
    let troubles = troubles.into_iter().filter(|(_, is)| *is);
    troubles.map(|(trouble, _)| trouble).collect()
}

fn finding(
    facts: &Facts,
    troubles: &[(&Holder, Trouble)],
    first: &Holder,
    trouble: Trouble,
) -> Finding {
    let what = match first.kind {
        HolderKind::Store => "the stored credentials",
        _ => "a secret",
    };
    let summary = match trouble {
        Trouble::Tracked => format!("Git tracks a file with {what} in it."),
        Trouble::Synced => format!(
            "{} copies a file with {what} in it to other machines.",
            first.synced_by.as_deref().unwrap_or_default()
        ),
        Trouble::Open(_) => "Others may read a file with a secret in it.".to_owned(),
        Trouble::Written => "Others may write to a file with a secret in it.".to_owned(),
        Trouble::Foreign => "A file with a secret in it belongs to somebody else.".to_owned(),
        Trouble::Linked => "A file with a secret in it has other names.".to_owned(),
    };
    let words: Vec<String> = troubles
        .iter()
        .map(|(holder, t)| words(holder, *t))
        .collect();
    let mut finding = Finding::new(&first.path, summary)
        .detail(format!("{}.", words.join("; ")))
        .impact(match trouble {
            Trouble::Tracked => "Whoever gets a copy of the repository gets the secret, also from its history.",
            Trouble::Synced => "The secret is on every machine that the folder is copied to, and with whoever runs the service.",
            Trouble::Open(_) => "Every user and every program on this machine that reads the file can use the secret.",
            Trouble::Written | Trouble::Foreign => "Whoever writes to it chooses with what the program signs in, and who is billed.",
            Trouble::Linked => "The secret can be read under its other names, too, also after this one is removed.",
        });
    for (holder, _) in troubles {
        for place in places(holder) {
            finding = finding.seen("file", place);
        }
    }
    remedies(facts, troubles)
        .into_iter()
        .fold(finding, |finding, remedy| {
            finding.remedy(remedy.verify(&["ENV-006"]))
        })
}

fn words(holder: &Holder, trouble: Trouble) -> String {
    let names: Vec<&str> = holder
        .secrets
        .iter()
        .map(|secret| secret.name.as_str())
        .collect();
    let holds = if names.is_empty() {
        holder.path.clone()
    } else {
        format!(
            "{} sets {} and",
            places(holder).join(", "),
            names.join(", ")
        )
    };
    let mode = holder.entry.as_ref().map_or(0, |entry| entry.mode & 0o7777);
    match (trouble, &holder.work_tree) {
        (Trouble::Tracked, Some(tree)) => format!("{holds} is tracked by git in {tree}"),
        (Trouble::Tracked, None) => format!("{holds} is tracked by git"),
        (Trouble::Synced, _) => {
            let program = holder.synced_by.as_deref().unwrap_or_default();
            format!("{holds} lies in a folder that {program} copies")
        }
        (Trouble::Written, _) => format!("{holds} can be written to by others (mode {mode:o})"),
        (Trouble::Foreign, _) => {
            let owner = holder.entry.as_ref().map_or(0, |entry| entry.owner);
            format!("{holds} belongs to user {owner}")
        }
        (Trouble::Linked, _) => {
            let links = holder.entry.as_ref().map_or(0, |entry| entry.links);
            format!("{holds} has {links} names (hard links)")
        }
        (Trouble::Open(Readers::Listed), _) => {
            format!("{holds} can be read by somebody whom an access list lets in")
        }
        (Trouble::Open(Readers::Group), _) => {
            format!("{holds} can be read by its group (mode {mode:o})")
        }
        (Trouble::Open(_), _) => format!("{holds} can be read by everyone (mode {mode:o})"),
    }
}

/// Each line with a secret; the file itself when it is all of it.
fn places(holder: &Holder) -> Vec<String> {
    if holder.secrets.is_empty() {
        return vec![holder.path.clone()];
    }
    let lines = holder.secrets.iter();
    lines
        .map(|secret| format!("{}:{}", holder.path, secret.line))
        .collect()
}

fn remedies(facts: &Facts, troubles: &[(&Holder, Trouble)]) -> Vec<Remedy> {
    let shell = facts.machine.shell;
    let mut private = Remedy::consent("Make it private");
    let mut owned = Remedy::manual("Make it yours");
    let mut linked = Remedy::manual("Find its other names and remove them");
    let mut theirs = Remedy::manual("Have it made private");
    let mut moved = Remedy::manual("Move the secret out of a file that others must read")
        .why("Every user's programs read this file, so it cannot be made private.");
    let mut copied = Remedy::manual("Move it out of the folder that is copied");
    let mut untracked = Remedy::manual("Take it out of git, and replace the key")
        .why("The old key stays in the history: only a new one is a secret.");
    for (holder, trouble) in troubles {
        let path = shell.word(&holder.path);
        match trouble {
            Trouble::Open(_) if must_be_open(holder) => {
                for (secret, place) in holder.secrets.iter().zip(places(holder)) {
                    moved = moved.step(Step::Edit(format!("Remove {} at {place}.", secret.name)));
                }
            }
            Trouble::Foreign => {
                let user = facts.machine.user;
                owned = owned.command(format!("sudo chown {user} {path}"));
            }
            Trouble::Linked => {
                linked = linked.command(access::find_names(facts, &holder.path));
            }
            Trouble::Open(_) | Trouble::Written if foreign(facts, holder) => {
                theirs = theirs.command(format!("sudo chmod 600 {path}"));
            }
            Trouble::Open(_) | Trouble::Written => {
                private = private
                    .command(format!("chmod 600 {path}"))
                    .mode(&holder.path, 0o600);
            }
            Trouble::Synced => copied = copied.step(Step::Edit(elsewhere(holder))),
            Trouble::Tracked if holder.kind == HolderKind::StartUp => {
                for (secret, place) in holder.secrets.iter().zip(places(holder)) {
                    untracked =
                        untracked.step(Step::Edit(format!("Remove {} at {place}.", secret.name)));
                }
            }
            Trouble::Tracked => {
                let tree = shell.word(holder.work_tree.as_deref().unwrap_or("."));
                untracked = untracked
                    .command(format!("git -C {tree} rm --cached -- {path}"))
                    .step(Step::Edit(format!("Add {} to .gitignore.", holder.path)));
            }
        }
    }
    if !moved.steps.is_empty() {
        moved = moved.command("keywright onboard");
    }
    if !untracked.steps.is_empty() {
        untracked = untracked.command("keywright onboard --replace");
    }
    let all = [untracked, private, owned, theirs, moved, copied, linked];
    all.into_iter()
        .filter(|remedy| !remedy.steps.is_empty())
        .collect()
}

/// How the file gets another place.
fn elsewhere(holder: &Holder) -> String {
    let path = &holder.path;
    match holder.kind {
        HolderKind::Store => {
            "Name a folder that is not copied with KEYWRIGHT_HOME, and move keywright's folder there."
                .to_owned()
        }
        HolderKind::Program | HolderKind::Checked => format!(
            "Have the folder of {path} left out by the program that copies it, or move it elsewhere."
        ),
        _ => format!("Move {path} elsewhere, or the secret out of it."),
    }
}

/// Start-up files of the system are read by every user's shell.
fn must_be_open(holder: &Holder) -> bool {
    let of_the_system = holder.path.starts_with("/etc/") || holder.path.starts_with("/usr/");
    holder.kind == HolderKind::StartUp && of_the_system
}

fn foreign(facts: &Facts, holder: &Holder) -> bool {
    let owner = holder.entry.as_ref().map(|entry| entry.owner);
    owner.is_some_and(|owner| owner != facts.machine.user)
}

/// The store lies in a work tree and is not tracked: one `git add` away.
fn near_git(store: &Holder) -> Option<Finding> {
    let tree = store.work_tree.as_ref()?;
    Some(
        Finding::new(
            &store.path,
            "The stored credentials lie in a git work tree.",
        )
        .detail(format!(
            "{} lies in {tree}. {}",
            store.path,
            if store.tracked == Some(false) {
                "Git does not track it now."
            } else {
                "Whether git tracks it could not be told."
            }
        ))
        .impact("Unless git ignores the folder, adding everything adds the credentials.")
        .seen("file", &store.path)
        .remedy(
            Remedy::manual("Have git ignore keywright's folder")
                .step(Step::Edit(format!(
                    "Add the folder of {} to .gitignore in {tree}.",
                    store.path
                )))
                .verify(&["ENV-006"]),
        ),
    )
}
