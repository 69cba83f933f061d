//! AWS-006: who may read the files and caches of the AWS CLI?

use super::access::{self, READ, WRITE, others};
use super::aws_local::not_applicable;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Owner, PathFact};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::system::files::Entry;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "AWS-006",
        id: "aws-access",
        title: "Only you can read the AWS credentials",
        category: Category::Aws,
        needs: &[],
        facts: &[Area::Aws, Area::Environment, Area::Access],
    },
    explanation: Explanation {
        meaning: "~/.aws/credentials holds secret keys in plain text, and the caches of the AWS CLI hold the sessions of sign-ins and roles. Tools that create them keep whatever mode they had.",
        detection: "Mode, access list, owner and hard links of the caches and of each file with a key in it, or that others may write to, are looked at, whether Bedrock is in use or not, and every folder above them up to the home folder or the root: who owns it, and who else may write there, unless it is sticky. What our own files lie below, too, is CRED-001.",
        mending: "Set them to 600, and make them yours. Take the right to write to the folders above from everybody else.",
        false_positives: "File systems without permissions show the same mode for everything.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let aws = &facts.aws;
    let looked = || {
        aws.files
            .iter()
            .filter_map(|file| Some((file, file.behind.as_ref().or(file.entry.as_ref())?)))
            .filter(|(file, entry)| !access::is_of_kubernetes(facts, &file.path, entry))
    };
    if aws.files.is_empty() {
        return not_applicable("no file with AWS keys is here");
    }
    let open: Vec<(&PathFact, &Entry)> = looked()
        .filter(|(file, entry)| others(facts, &file.path, entry, READ | WRITE).is_some())
        .collect();
    if let [first, ..] = open.as_slice() {
        let finding = readable(facts, &open, *first);
        return Outcome::Warn(access::with_above(finding, above(facts)));
    }
    let foreign = looked().find(|(_, entry)| access::is_foreign(facts, entry));
    if let Some((file, entry)) = foreign {
        let finding = owned(facts, file, entry);
        return Outcome::Warn(access::with_above(finding, above(facts)));
    }
    if let Some((file, entry)) = looked().find(|(_, entry)| entry.links > 1) {
        let finding = linked(facts, file, entry);
        return Outcome::Warn(access::with_above(finding, above(facts)));
    }
    access::is_ours(facts, Owner::Aws)
        .unwrap_or_else(|| above(facts).map_or(Outcome::Pass, Outcome::Warn))
}

fn above(facts: &Facts) -> Option<Finding> {
    access::finding(facts, Owner::Aws, "the AWS credentials", "AWS-006")
}

fn readable(facts: &Facts, open: &[(&PathFact, &Entry)], first: (&PathFact, &Entry)) -> Finding {
    let words: Vec<String> = open
        .iter()
        .map(|(file, entry)| {
            let others = others(facts, &file.path, entry, READ | WRITE);
            let who = others.map(|others| others.words).unwrap_or_default();
            let mode = entry.mode & 0o777;
            let deed = access::deed(entry);
            let path = &file.path;
            format!("The mode of {path} is {mode:03o}: it can be {deed} {who}.")
        })
        .collect();
    let mut private = Remedy::consent("Make it private");
    let mut finding = Finding::new(&first.0.path, "Others may read the AWS credentials.")
        .detail(words.join(" "))
        .impact("Whoever reads them has your access to AWS.");
    for (file, _) in open {
        let path = facts.machine.shell.word(&file.path);
        finding = finding.seen("file", &file.path);
        private = private
            .command(format!("chmod 600 {path}"))
            .mode(&file.path, 0o600);
    }
    finding.remedy(private.verify(&["AWS-006"]))
}

fn owned(facts: &Facts, file: &PathFact, entry: &Entry) -> Finding {
    let (owner, user) = (entry.owner, facts.machine.user);
    let path = facts.machine.shell.word(&file.path);
    Finding::new(&file.path, "The AWS credentials belong to somebody else.")
        .detail(format!(
            "The owner of {} is user {owner}, and this is user {user}.",
            file.path
        ))
        .impact("That user can read and replace them.")
        .seen("file", &file.path)
        .remedy(
            Remedy::manual("Make it yours")
                .command(format!("sudo chown {user} {path}"))
                .verify(&["AWS-006"]),
        )
}

fn linked(facts: &Facts, file: &PathFact, entry: &Entry) -> Finding {
    let (path, links) = (&file.path, entry.links);
    Finding::new(path, "The AWS credentials have other names.")
        .detail(format!("{path} has {links} names (hard links)."))
        .impact("They can be read under these, too, also after this one is removed.")
        .seen("file", path)
        .remedy(
            Remedy::manual("Find its other names and remove them")
                .command(access::find_names(facts, path))
                .verify(&["AWS-006"]),
        )
}
