//! Who may read or replace a file, as OpenSSH asks it of a private key: the file itself, and every
//! folder above it. Shared by the checks of each program's files.

use crate::doctor::action::Action;
use crate::doctor::facts::{Above, Facts, Owner, PathRole};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::system::files::Entry;
use crate::system::files::access_list::Grantee;

/// The bit for everybody of each permission; those of the group stand three places higher.
pub const READ: u32 = 0o4;
pub const WRITE: u32 = 0o2;
/// In a folder, names and what is behind them.
pub const LOOK: u32 = 0o5;

/// How bad a trouble is; the worst is told first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Warning,
    Failure,
}

/// Who else may do something, the fewest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Circle {
    /// A group that nobody else is in.
    OwnGroup,
    Some,
    Everyone,
}

/// Who else may do something, in words that follow a verb: `by its group staff`.
pub struct Others {
    pub circle: Circle,
    pub words: String,
}

/// Who but its owner and root may do at `path` what one of `bits` stands for.
pub fn others(facts: &Facts, path: &str, entry: &Entry, bits: u32) -> Option<Others> {
    if entry.mode & bits != 0 {
        return Some(Others {
            circle: Circle::Everyone,
            words: "by everyone".to_owned(),
        });
    }
    if entry.mode & (bits << 3) == 0 {
        return None;
    }
    let grants = facts.access.grants(path);
    if grants.is_empty() {
        return Some(own_group(facts, entry));
    }
    let given = grants
        .iter()
        .filter(|grant| u32::from(grant.permissions) & bits != 0);
    let listed = given.filter_map(|grant| match grant.to {
        Grantee::OwningGroup => Some(own_group(facts, entry)),
        Grantee::Group(id) => {
            let others = group(facts, entry, id, "group");
            let words = format!("{} (an access list lets it in)", others.words);
            Some(Others { words, ..others })
        }
        Grantee::User(id) if id == 0 || id == entry.owner || id == facts.machine.user => None,
        Grantee::User(id) => Some(Others {
            circle: Circle::Some,
            words: format!("by user {id}, whom an access list lets in"),
        }),
    });
    listed.max_by_key(|others| others.circle)
}

fn own_group(facts: &Facts, entry: &Entry) -> Others {
    group(facts, entry, entry.group, "its group")
}

fn group(facts: &Facts, entry: &Entry, id: u32, noun: &str) -> Others {
    let known = facts.access.groups.iter().find(|group| group.id == id);
    // Of a group that was not looked up its number tells.
    let private = known.map_or(id == entry.owner, |group| group.private);
    if private {
        return Others {
            circle: Circle::OwnGroup,
            words: format!("by {noun} ({id}), which nobody else is in"),
        };
    }
    let name = known.and_then(|group| group.name.as_deref());
    let name = name.map_or_else(|| id.to_string(), str::to_owned);
    Others {
        circle: Circle::Some,
        words: format!("by {noun} {name}"),
    }
}

/// What is wrong with a folder above.
pub struct Wrong<'a> {
    pub folder: &'a Above,
    pub weight: Weight,
    /// Words that follow the path.
    pub words: String,
    /// What `chmod` is told; `None` where it belongs to somebody else.
    pub chmod: Option<&'static str>,
    /// The permission bits that it then has.
    pub mode: u32,
}

/// The folders that the check of `owner` has to speak of.
pub fn above(facts: &Facts, owner: Owner) -> Vec<Wrong<'_>> {
    let folders = facts.access.folders.iter();
    folders
        .filter(|folder| speaker(facts, folder) == Some(owner))
        .filter_map(|folder| wrong(facts, folder))
        .collect()
}

/// Somebody else can replace our own files too, and that is the root cause: a folder above both is
/// what CRED-001 fails for.
pub fn is_ours(facts: &Facts, owner: Owner) -> Option<Outcome> {
    let ours = above(facts, Owner::Keywright);
    let both =
        |wrong: &Wrong<'_>| wrong.weight == Weight::Failure && wrong.folder.below.contains(&owner);
    ours.iter().any(both).then(|| Outcome::Skipped {
        blocked_by: "CRED-001".to_owned(),
    })
}

/// The finding about folders above another program's files; `None` where all is well above.
pub fn finding(facts: &Facts, owner: Owner, what: &str, code: &str) -> Option<Finding> {
    let wrong = above(facts, owner);
    let worst = wrong.iter().max_by_key(|wrong| wrong.weight)?;
    let mut private = Remedy::consent("Let nobody else write there");
    let mut foreign = Remedy::manual("Make it yours, and let nobody else write there");
    for wrong in &wrong {
        mend(facts, wrong, &mut private, &mut foreign);
    }
    let words: Vec<String> = wrong
        .iter()
        .map(|wrong| format!("{} {}.", wrong.folder.path, wrong.words))
        .collect();
    let path = &worst.folder.path;
    let summary = format!("A folder above {what} {}.", worst.words);
    let finding = Finding::new(path, summary)
        .detail(words.join(" "))
        .impact("Whoever may write to a folder can put another file in the place of one in it.")
        .seen("file", path);
    let remedies = [private, foreign].into_iter();
    let remedies = remedies.filter(|remedy| !remedy.steps.is_empty());
    Some(remedies.fold(finding, |finding, remedy| {
        finding.remedy(remedy.verify(&[code]))
    }))
}

/// What is wrong with a file, with what is wrong above it: both have to be mended.
pub fn with_above(finding: Finding, above: Option<Finding>) -> Finding {
    let Some(above) = above else {
        return finding;
    };
    let mut both = finding;
    both.detail = format!("{} {}", both.detail, above.detail);
    both.evidence.extend(above.evidence);
    both.remedies.extend(above.remedies);
    both
}

/// It belongs to somebody else than the user and root.
pub fn is_foreign(facts: &Facts, entry: &Entry) -> bool {
    let known = [0, facts.machine.user].contains(&entry.owner);
    !known && facts.access.nobody != Some(entry.owner)
}

/// The line that lists the names of a file which has several.
pub fn find_names(facts: &Facts, path: &str) -> String {
    let word = facts.machine.shell.word(path);
    format!("find ~ -xdev -samefile {word}")
}

/// What others may do with a file, in words that `by` follows.
pub const fn deed(entry: &Entry) -> &'static str {
    if entry.mode & (READ | READ << 3) != 0 {
        "read"
    } else {
        "written to"
    }
}

/// The first of those below whose check has something to look at.
fn speaker(facts: &Facts, folder: &Above) -> Option<Owner> {
    let mut below = folder.below.iter().copied();
    below.find(|owner| match owner {
        Owner::Keywright => {
            let mut ours = facts.home.paths.iter();
            ours.any(|fact| fact.role != PathRole::Parent && fact.present())
        }
        Owner::ClaudeCode => facts.login().is_some_and(|login| login.file.is_some()),
        Owner::Aws => !facts.aws.files.is_empty(),
        Owner::Other => true,
    })
}

/// OpenSSH refuses a key below a folder that others may write to, or that belongs to somebody else
/// than the user and root (`safe_path` in misc.c). Debian's lets a private group pass.
fn wrong<'a>(facts: &Facts, folder: &'a Above) -> Option<Wrong<'a>> {
    let entry = &folder.entry;
    let wrong = |weight, words, chmod, mode| Wrong {
        folder,
        weight,
        words,
        chmod,
        mode,
    };
    if is_foreign(facts, entry) {
        let words = format!(
            "belongs to user {}, who can replace what is in it",
            entry.owner
        );
        return Some(wrong(Weight::Failure, words, None, entry.mode));
    }
    // In a sticky folder nobody can rename or remove what belongs to somebody else.
    if entry.mode & 0o1000 != 0 {
        return None;
    }
    let others = others(facts, &folder.path, entry, WRITE)?;
    let weight = match others.circle {
        Circle::OwnGroup => Weight::Warning,
        Circle::Some | Circle::Everyone => Weight::Failure,
    };
    let chmod = match entry.mode & 0o022 {
        0o022 => "go-w",
        0o020 => "g-w",
        _ => "o-w",
    };
    let words = format!(
        "can be written to {} (mode {:o})",
        others.words,
        entry.mode & 0o7777
    );
    let mode = entry.mode & 0o7777 & !0o022;
    Some(wrong(weight, words, Some(chmod), mode))
}

/// Adds what mends a folder above: to `private` where it is the user's own, else to `owner`, which
/// a person does.
pub fn mend(facts: &Facts, wrong: &Wrong<'_>, private: &mut Remedy, owner: &mut Remedy) {
    let path = facts.machine.shell.word(&wrong.folder.path);
    let line = match wrong.chmod {
        Some(chmod) if wrong.folder.entry.owner == facts.machine.user => {
            private
                .steps
                .push(Step::Command(format!("chmod {chmod} {path}")));
            private.actions.push(Action::SetMode {
                path: wrong.folder.path.clone(),
                mode: wrong.mode,
            });
            return;
        }
        Some(chmod) => format!("sudo chmod {chmod} {path}"),
        None => format!("sudo chown {} {path}", facts.machine.user),
    };
    owner.steps.push(Step::Command(line));
}

/// What Kubernetes keeps is root's, and is meant to be readable in the container.
pub fn is_of_kubernetes(facts: &Facts, path: &str, entry: &Entry) -> bool {
    let safe = entry.mode & 0o022 == 0 || entry.mode & 0o1000 != 0;
    entry.owner == 0 && safe && facts.access.is_mounted(path)
}
