//! CRED-001: may anybody else read or replace our files?

use std::cmp::Reverse;

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, PathFact, PathRole};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::system::files::{Entry, EntryKind};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-001",
        id: "store-access",
        title: "Only you can read the stored credentials",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "The stored credentials are protected by the permissions of the files and folders around them. Whoever may read the file has the keys; whoever may write to its folder can put another file in its place.",
        detection: "Each of our files and folders is looked at without following links: kind, owner, mode, number of hard links, and for a link what it leads to. A file that others may read or write, a folder that others may write to, another owner, a dangling link and a thing that is no file are failures; the rest are warnings. A store or configuration that is no file is STORE-001 or STORE-012.",
        mending: "Set files to 600 and folders to 700, and make them yours.",
        false_positives: "File systems without permissions (FAT, some network and container mounts) show the same mode for everything. Links made by a dotfile manager are fine as long as their target is private.",
    },
    run,
};

/// How bad a trouble is; the worst is told first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Warning,
    Failure,
}

struct Trouble {
    weight: Weight,
    folder: bool,
    path: String,
    words: String,
    mend: Mend,
}

enum Mend {
    /// Our own file or folder gets this mode.
    Mode(u32),
    /// The same for something outside of our home.
    ForeignMode(u32),
    /// A folder outside of our home that everyone writes to; the mode it gets.
    OpenFolder(u32),
    /// The same for one that only its owner can change.
    TheirFolder,
    Owner,
    /// The other names are to be found.
    Names,
    /// A person must look.
    Look(&'static str),
}

impl Trouble {
    fn new(fact: &PathFact, weight: Weight, words: impl Into<String>, mend: Mend) -> Self {
        Self {
            weight,
            folder: fact.role.is_folder(),
            path: fact.path.clone(),
            words: words.into(),
            mend,
        }
    }
}

fn run(facts: &Facts) -> Outcome {
    if !facts
        .home
        .paths
        .iter()
        .any(|fact| fact.role != PathRole::Parent && fact.present())
    {
        return Outcome::NotApplicable {
            why: "nothing is stored yet".to_owned(),
        };
    }
    let mut troubles: Vec<Trouble> = facts
        .home
        .paths
        .iter()
        .flat_map(|fact| examine(fact, facts.machine.user))
        .collect();
    troubles.sort_by_key(|trouble| Reverse(trouble.weight));
    let Some(first) = troubles.first() else {
        return Outcome::Pass;
    };
    let failed = first.weight == Weight::Failure;
    let finding = finding(facts, &troubles, first);
    if failed {
        Outcome::Fail(finding)
    } else {
        Outcome::Warn(finding)
    }
}

/// What is wrong with one path.
fn examine(fact: &PathFact, user: u32) -> Vec<Trouble> {
    match standing(fact) {
        Err(trouble) => vec![trouble],
        Ok(None) => Vec::new(),
        Ok(Some(entry)) if fact.role == PathRole::Parent => {
            parent(fact, entry, user).into_iter().collect()
        }
        Ok(Some(entry)) => [
            owner(fact, entry, user),
            mode(fact, entry),
            names(fact, entry),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// This check names one of these paths, because something of another kind stands there.
pub(super) fn in_the_way(facts: &Facts, one_of: impl Fn(&str) -> bool) -> bool {
    let mut paths = facts.home.paths.iter();
    paths.any(|fact| one_of(&fact.path) && standing(fact).is_err())
}

/// What stands there in the end, when it is of the right kind.
fn standing(fact: &PathFact) -> Result<Option<&Entry>, Trouble> {
    let failure =
        |words: String, look| Trouble::new(fact, Weight::Failure, words, Mend::Look(look));
    if let Some(why) = &fact.problem {
        return Err(failure(
            format!("cannot be looked at: {why}"),
            "See what stands there",
        ));
    }
    let entry = match &fact.entry {
        Some(entry) if entry.kind == EntryKind::Symlink => fact
            .behind
            .as_ref()
            .ok_or_else(|| failure("is a link that leads nowhere".to_owned(), "Remove the link"))?,
        Some(entry) => entry,
        None => return Ok(None),
    };
    let (expected, noun) = if fact.role.is_folder() {
        (EntryKind::Folder, "folder")
    } else {
        (EntryKind::File, "file")
    };
    if entry.kind == expected {
        Ok(Some(entry))
    } else if matches!(fact.role, PathRole::Store | PathRole::Config) {
        // That it cannot be read is STORE-001 or STORE-012.
        Ok(None)
    } else {
        Err(failure(format!("is no {noun}"), "Move it out of the way"))
    }
}

fn parent(fact: &PathFact, entry: &Entry, user: u32) -> Option<Trouble> {
    let sticky = entry.mode & 0o1000 != 0;
    let words = format!("can be written to by everyone (mode {:o})", entry.mode);
    let mend = if entry.owner == user {
        Mend::OpenFolder(entry.mode & !0o002)
    } else {
        Mend::TheirFolder
    };
    (entry.mode & 0o002 != 0 && !sticky).then(|| Trouble::new(fact, Weight::Warning, words, mend))
}

fn owner(fact: &PathFact, entry: &Entry, user: u32) -> Option<Trouble> {
    let words = format!("belongs to user {}, not to you ({user})", entry.owner);
    (entry.owner != user).then(|| Trouble::new(fact, Weight::Failure, words, Mend::Owner))
}

fn mode(fact: &PathFact, entry: &Entry) -> Option<Trouble> {
    let (weight, who) = match (entry.mode & 0o077, fact.role.is_folder()) {
        (0, _) => return None,
        (_, true) if entry.mode & 0o022 == 0 => (Weight::Warning, "can be looked into by others"),
        (_, true) => (Weight::Failure, "can be written to by others"),
        (_, false) if entry.mode & 0o022 == 0 => (Weight::Failure, "can be read by others"),
        (_, false) => (Weight::Failure, "can be written by others"),
    };
    let private = if fact.role.is_folder() { 0o700 } else { 0o600 };
    // What a link leads to is not ours to change without a yes.
    let mend = if fact.behind.is_some() {
        Mend::ForeignMode(private)
    } else {
        Mend::Mode(private)
    };
    let words = format!("{who} (mode {:o})", entry.mode & 0o7777);
    Some(Trouble::new(fact, weight, words, mend))
}

fn names(fact: &PathFact, entry: &Entry) -> Option<Trouble> {
    let words = format!("has {} names (hard links)", entry.links);
    (entry.links > 1 && !fact.role.is_folder())
        .then(|| Trouble::new(fact, Weight::Warning, words, Mend::Names))
}

fn finding(facts: &Facts, troubles: &[Trouble], first: &Trouble) -> Finding {
    let words: Vec<String> = troubles
        .iter()
        .map(|trouble| format!("{} {}", trouble.path, trouble.words))
        .collect();
    let noun = if first.folder { "folder" } else { "file" };
    let mut finding = Finding::new(&first.path, format!("A {noun} of ours {}.", first.words))
        .detail(format!("{}.", words.join("; ")))
        .impact(if first.words.starts_with("is no ") {
            "Nothing can be stored there."
        } else {
            "Somebody else on this machine may read or replace the stored credentials."
        });
    for trouble in troubles {
        finding = finding.seen("file", &trouble.path);
    }
    remedies(facts, troubles)
        .into_iter()
        .fold(finding, |finding, remedy| {
            finding.remedy(remedy.verify(&["CRED-001"]))
        })
}

/// One remedy for each way of mending, so that a fix of ours never waits for a foreign one.
fn remedies(facts: &Facts, troubles: &[Trouble]) -> Vec<Remedy> {
    let word = |path: &str| facts.machine.shell.word(path);
    let mut own = Remedy::safe("Make them private");
    let mut foreign = Remedy::consent("Make what lies outside private too");
    let mut theirs = Remedy::manual("Have what lies outside made private too");
    let mut owner = Remedy::manual("Make them yours");
    let mut looks = Vec::new();
    for trouble in troubles {
        let path = word(&trouble.path);
        match trouble.mend {
            Mend::Mode(mode) => {
                let line = format!("chmod {mode:o} {path}");
                own = own.command(line).mode(&trouble.path, mode);
            }
            Mend::ForeignMode(mode) => {
                let line = format!("chmod {mode:o} {path}");
                foreign = foreign.command(line).mode(&trouble.path, mode);
            }
            Mend::OpenFolder(mode) => {
                let line = format!("chmod o-w {path}");
                foreign = foreign.command(line).mode(&trouble.path, mode);
            }
            Mend::TheirFolder => theirs = theirs.command(format!("sudo chmod o-w {path}")),
            Mend::Owner => {
                owner = owner.command(format!("sudo chown {} {path}", facts.machine.user));
            }
            Mend::Names => looks.push(
                Remedy::manual("Find its other names and remove them")
                    .command(format!("find ~ -xdev -samefile {path}")),
            ),
            Mend::Look(what) => {
                looks.push(Remedy::manual(what).command(format!("ls -ld {path}")));
            }
        }
    }
    [own, foreign, theirs, owner]
        .into_iter()
        .filter(|remedy| !remedy.steps.is_empty())
        .chain(looks)
        .collect()
}
