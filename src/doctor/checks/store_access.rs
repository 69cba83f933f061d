//! CRED-001: may anybody else read or replace our files?

use std::cmp::Reverse;

use super::access::{self, Circle, LOOK, READ, WRITE, Weight, Wrong, others};
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Owner, PathFact, PathRole};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::system::files::{Entry, EntryKind};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-001",
        id: "store-access",
        title: "Only you can read the stored credentials",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Home, Area::Access],
    },
    explanation: Explanation {
        meaning: "The stored credentials are protected by the permissions of the files and folders around them. Whoever may read the file has the keys; whoever may write to its folder can put another file in its place.",
        detection: "Each of our files and folders is looked at without following links: kind, owner, mode, access list, number of hard links, and for a link what it leads to; and every folder above them, up to the home folder or the root, as OpenSSH does it for a key: owner and who may write, unless the folder is sticky. A file that others may read or write, a folder that others may write to, another owner, a dangling link and a thing that is no file are failures; the rest are warnings, and so is a group that nobody else is in. A volume of Kubernetes that belongs to root is in order. A store or configuration that is no file is STORE-001 or STORE-012.",
        mending: "Set files to 600 and folders to 700, and make them yours. Take the right to write to the folders above from everybody else.",
        false_positives: "File systems without permissions (FAT, some network and container mounts) show the same mode for everything. Links made by a dotfile manager are fine as long as their target is private.",
    },
    run,
};

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
    let paths = &facts.home.paths;
    let ours = |fact: &PathFact| fact.role != PathRole::Parent && fact.present();
    if !paths.iter().any(ours) && !in_the_way(facts, |_| true) {
        return Outcome::NotApplicable {
            why: "nothing is stored yet".to_owned(),
        };
    }
    let mut troubles: Vec<Trouble> = paths.iter().flat_map(|fact| examine(facts, fact)).collect();
    troubles.sort_by_key(|trouble| Reverse(trouble.weight));
    let above = access::above(facts, Owner::Keywright);
    let own = troubles.iter().map(|trouble| trouble.weight);
    match own.chain(above.iter().map(|wrong| wrong.weight)).max() {
        None => Outcome::Pass,
        Some(Weight::Warning) => Outcome::Warn(finding(facts, &troubles, &above)),
        Some(Weight::Failure) => Outcome::Fail(finding(facts, &troubles, &above)),
    }
}

/// What is wrong with one path.
fn examine(facts: &Facts, fact: &PathFact) -> Vec<Trouble> {
    match standing(fact) {
        Err(trouble) => vec![trouble],
        Ok(Some(entry))
            if fact.role != PathRole::Parent
                && !access::is_of_kubernetes(facts, &fact.path, entry) =>
        {
            [
                owner(fact, entry, facts.machine.user),
                mode(facts, fact, entry),
                names(fact, entry),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
        Ok(_) => Vec::new(),
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

fn owner(fact: &PathFact, entry: &Entry, user: u32) -> Option<Trouble> {
    let words = format!("belongs to user {}, not to you ({user})", entry.owner);
    (entry.owner != user).then(|| Trouble::new(fact, Weight::Failure, words, Mend::Owner))
}

fn mode(facts: &Facts, fact: &PathFact, entry: &Entry) -> Option<Trouble> {
    let may = |bits| others(facts, &fact.path, entry, bits);
    let folder = fact.role.is_folder();
    let (others, verb, weight) = match (may(WRITE), may(if folder { LOOK } else { READ })) {
        (Some(others), _) if folder => (others, "written to", Weight::Failure),
        (Some(others), _) => (others, "written", Weight::Failure),
        (None, Some(others)) if folder => (others, "looked into", Weight::Warning),
        (None, Some(others)) => (others, "read", Weight::Failure),
        (None, None) => return None,
    };
    let (weight, who) = match others.circle {
        Circle::OwnGroup => (Weight::Warning, others.words.as_str()),
        Circle::Some => (weight, others.words.as_str()),
        Circle::Everyone => (weight, "by others"),
    };
    let private = if folder { 0o700 } else { 0o600 };
    // What a link leads to is not ours to change without a yes.
    let mend = if fact.behind.is_some() {
        Mend::ForeignMode(private)
    } else {
        Mend::Mode(private)
    };
    let words = format!("can be {verb} {who} (mode {:o})", entry.mode & 0o7777);
    Some(Trouble::new(fact, weight, words, mend))
}

fn names(fact: &PathFact, entry: &Entry) -> Option<Trouble> {
    let words = format!("has {} names (hard links)", entry.links);
    (entry.links > 1 && !fact.role.is_folder())
        .then(|| Trouble::new(fact, Weight::Warning, words, Mend::Names))
}

/// The worst first: of the same weight, what is ours.
fn finding(facts: &Facts, troubles: &[Trouble], above: &[Wrong<'_>]) -> Finding {
    let worst = above.iter().max_by_key(|wrong| wrong.weight);
    let own = troubles.first();
    let (subject, summary) = match (own, worst) {
        (Some(first), worst) if worst.is_none_or(|worst| worst.weight <= first.weight) => {
            (&first.path, summary(facts, first))
        }
        (_, Some(worst)) => {
            let words = &worst.words;
            let summary = format!("A folder above the stored credentials {words}.");
            (&worst.folder.path, summary)
        }
        (Some(first), None) => (&first.path, summary(facts, first)),
        (None, None) => (&facts.home.store.path, String::new()),
    };
    let mut words: Vec<String> = troubles
        .iter()
        .map(|trouble| format!("{} {}", trouble.path, trouble.words))
        .collect();
    words.extend(
        above
            .iter()
            .map(|wrong| format!("{} {}", wrong.folder.path, wrong.words)),
    );
    let blocked = own.is_some_and(|first| first.words.starts_with("is no "));
    let mut finding = Finding::new(subject, summary)
        .detail(format!("{}.", words.join("; ")))
        .impact(if blocked {
            "Nothing can be stored there."
        } else {
            "Somebody else on this machine may read or replace the stored credentials."
        });
    let own = troubles.iter().map(|trouble| &trouble.path);
    for path in own.chain(above.iter().map(|wrong| &wrong.folder.path)) {
        finding = finding.seen("file", path);
    }
    remedies(facts, troubles, above)
        .into_iter()
        .fold(finding, |finding, remedy| {
            finding.remedy(remedy.verify(&["CRED-001"]))
        })
}

fn summary(facts: &Facts, first: &Trouble) -> String {
    let noun = if first.folder { "folder" } else { "file" };
    if facts.machine.home.as_ref() == Some(&first.path) {
        return format!("The home folder {}.", first.words);
    }
    format!("A {noun} of ours {}.", first.words)
}

/// One remedy for each way of mending, so that a fix of ours never waits for a foreign one.
fn remedies(facts: &Facts, troubles: &[Trouble], above: &[Wrong<'_>]) -> Vec<Remedy> {
    let word = |path: &str| facts.machine.shell.word(path);
    let mut own = Remedy::safe("Make them private");
    let mut foreign = Remedy::consent("Make what lies outside private too");
    let mut owner = Remedy::manual("Make them yours");
    let mut looks = Vec::new();
    for trouble in troubles {
        let path = word(&trouble.path);
        match trouble.mend {
            Mend::Mode(mode) => {
                own = own
                    .command(format!("chmod {mode:o} {path}"))
                    .mode(&trouble.path, mode);
            }
            Mend::ForeignMode(mode) => {
                foreign = foreign
                    .command(format!("chmod {mode:o} {path}"))
                    .mode(&trouble.path, mode);
            }
            Mend::Owner => {
                owner = owner.command(format!("sudo chown {} {path}", facts.machine.user));
            }
            Mend::Names => looks.push(
                Remedy::manual("Find its other names and remove them")
                    .command(access::find_names(facts, &trouble.path)),
            ),
            Mend::Look(what) => {
                looks.push(Remedy::manual(what).command(format!("ls -ld {path}")));
            }
        }
    }
    for wrong in above {
        access::mend(facts, wrong, &mut foreign, &mut owner);
    }
    [own, foreign, owner]
        .into_iter()
        .filter(|remedy| !remedy.steps.is_empty())
        .chain(looks)
        .collect()
}
