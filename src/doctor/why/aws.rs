//! The AWS CLI's choice for a request to Amazon Bedrock. The chain is that of
//! `consumer::aws::chain`; the SDKs of other languages follow it but for what the notes say.

use super::{Answer, Candidate, Kind, environment, take_away};
use crate::consumer::aws::chain::{Chain, Kind as LinkKind, Link, Place};
use crate::doctor::facts::Facts;

const NAME: &str = "The AWS CLI";
const BILL: &str = "Requests are billed by Amazon Web Services";
/// Names of other profiles that are told.
const NAMES: usize = 12;

/// Turns the chain into an answer.
#[must_use]
pub fn answer(chain: &Chain, facts: &Facts) -> Answer {
    let taken = chain.taken();
    let winner = taken.filter(|link| chain.fault.is_none() && link.obstacle.is_none());
    let sources = chain.links.iter().enumerate().map(|(index, link)| {
        let wins = winner.is_some_and(|winner| std::ptr::eq(winner, link));
        candidate(chain, facts, index, link, wins)
    });
    Answer {
        consumer: "aws",
        provider: Some("bedrock".to_owned()),
        winner: winner.map(|link| name(chain, link)),
        summary: summary(chain, facts, taken),
        bill: winner.map(bill),
        sources: sources.collect(),
        notes: notes(chain, facts),
    }
}

fn summary(chain: &Chain, facts: &Facts, taken: Option<&Link>) -> String {
    if let Some(fault) = &chain.fault {
        return format!("{NAME} ends before it looks for a credential: {fault}.");
    }
    let Some(link) = taken else {
        return format!("{NAME} finds no credential here.");
    };
    let named = name(chain, link);
    match &link.obstacle {
        Some(why) => format!("{NAME} takes {named} for Amazon Bedrock and gets no further: {why}."),
        None => format!(
            "{NAME} uses {named} for Amazon Bedrock, from {}.",
            from(facts, &link.place)
        ),
    }
}

/// The variable, or the profile and what it stands on.
fn name(chain: &Chain, link: &Link) -> String {
    match &link.place {
        Place::Variable(name) => (*name).to_owned(),
        Place::Setting { .. } => format!("profile {} ({})", chain.profile, link.kind.words()),
        Place::Machine => link.kind.words().to_owned(),
    }
}

fn place(facts: &Facts, place: &Place) -> String {
    match place {
        Place::Variable(name) => environment(name, &facts.start_up),
        Place::Setting { path, line, .. } => format!("{}:{line}", path.display()),
        Place::Machine => "the metadata service of the instance".to_owned(),
    }
}

/// The same in a sentence.
fn from(facts: &Facts, at: &Place) -> String {
    match at {
        Place::Variable(_) => format!("the {}", place(facts, at)),
        _ => place(facts, at),
    }
}

fn bill(link: &Link) -> String {
    match &link.account {
        Some(account) => format!("{BILL}, to the account {account}."),
        None => format!("{BILL}."),
    }
}

const fn kind(link: &Link) -> Kind {
    match link.kind {
        LinkKind::Bearer => Kind::Bearer,
        _ => Kind::Aws,
    }
}

fn candidate(chain: &Chain, facts: &Facts, index: usize, link: &Link, wins: bool) -> Candidate {
    Candidate {
        name: name(chain, link),
        kind: kind(link),
        value: link.value.clone(),
        place: place(facts, &link.place),
        wins,
        obstacle: link.obstacle.clone(),
        bill: bill(link),
        would_need: if wins {
            Vec::new()
        } else {
            needs(chain, facts, index, link)
        },
    }
}

/// What has to go so that the one behind these is asked, and what mends it.
fn needs(chain: &Chain, facts: &Facts, index: usize, link: &Link) -> Vec<String> {
    let fault = chain.fault.as_ref().map(|_| mend_fault(chain, facts));
    let before = chain.links[..index].iter();
    let before = before.filter(|other| !other.passed_over);
    let removed = before.map(|other| removal(chain, facts, other));
    let obstacle = link.obstacle.as_ref();
    let obstacle = obstacle.map(|why| format!("It cannot be used as it is: {why}."));
    fault
        .into_iter()
        .chain(removed)
        .chain(obstacle)
        .chain(link.mend.clone())
        .collect()
}

fn mend_fault(chain: &Chain, facts: &Facts) -> String {
    let there = chain.fault.as_deref().unwrap_or_default();
    match chain.named_by.first() {
        Some((name, _)) if there.starts_with(name) => take_away(facts, name),
        _ => "Mend that file first.".to_owned(),
    }
}

fn removal(chain: &Chain, facts: &Facts, link: &Link) -> String {
    match &link.place {
        Place::Variable("AWS_ACCESS_KEY_ID") => {
            let secret = facts.machine.shell.unset("AWS_SECRET_ACCESS_KEY");
            let key = take_away(facts, "AWS_ACCESS_KEY_ID");
            format!("`{secret}` and {key}")
        }
        Place::Variable(name) => take_away(facts, name),
        Place::Setting { path, line, key } => format!(
            "Remove `{}` from the profile {} in {} (line {line}), or choose another profile with AWS_PROFILE.",
            match link.kind {
                LinkKind::SignIn => "sso_account_id` and `sso_role_name",
                _ => *key,
            },
            chain.profile,
            path.display()
        ),
        Place::Machine => "Set AWS_EC2_METADATA_DISABLED to true.".to_owned(),
    }
}

/// What else has a say.
fn notes(chain: &Chain, facts: &Facts) -> Vec<String> {
    let mut notes = vec![region(chain, facts)];
    let has = |kind| chain.links.iter().any(|link| link.kind == kind);
    if has(LinkKind::Bearer) {
        let next = chain.links.iter().filter(|link| !link.passed_over);
        let next = next.clone().find(|link| link.kind != LinkKind::Bearer);
        notes.push(format!(
            "Only Bedrock takes AWS_BEARER_TOKEN_BEDROCK: other services of AWS are reached with {}.",
            next.map_or_else(|| "nothing that is here".to_owned(), |link| name(chain, link))
        ));
    }
    let set = |name: &str| chain.named_by.iter().any(|(set, _)| *set == name);
    if has(LinkKind::Keys) && set("AWS_PROFILE") && chain.fault.is_none() {
        notes.push(format!(
            "Claude Code and other programs on the AWS SDK for JavaScript take the profile {} that AWS_PROFILE names before the keys of the environment.",
            chain.profile
        ));
    }
    let in_file = has(LinkKind::SharedKeys) || has(LinkKind::ConfigKeys);
    if in_file && (has(LinkKind::SignIn) || has(LinkKind::Process) || has(LinkKind::Login)) {
        notes.push(format!(
            "Claude Code takes the access key of the profile {} before its sign-in or program.",
            chain.profile
        ));
    }
    notes.extend(of_botocore(chain));
    notes.extend(of_settings(facts));
    if !chain.others.is_empty() {
        let shown: Vec<&str> = chain
            .others
            .iter()
            .take(NAMES)
            .map(String::as_str)
            .collect();
        let more = match chain.others.len().saturating_sub(NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        notes.push(format!(
            "Other profiles: {}{more}; AWS_PROFILE or --profile chooses one.",
            shown.join(", ")
        ));
    }
    notes
}

fn region(chain: &Chain, facts: &Facts) -> String {
    match chain.region() {
        Some((region, at)) => format!(
            "The region is {region}, from {}.",
            match &at {
                Place::Variable(name) => format!("{name} in {}", from(facts, &at)),
                other => format!("the profile {} in {}", chain.profile, place(facts, other)),
            }
        ),
        None => "No region is set: the AWS CLI asks for one, and Claude Code takes us-east-1."
            .to_owned(),
    }
}

/// Where programs on botocore, such as the AWS CLI 1 and boto3, differ from the AWS CLI 2.
fn of_botocore(chain: &Chain) -> Vec<String> {
    let mut notes = Vec::new();
    if let [(_, first), (_, second)] = chain.named_by.as_slice()
        && first != second
    {
        notes.push(format!(
            "boto3 and the AWS CLI 1 take AWS_DEFAULT_PROFILE before AWS_PROFILE: there the profile is {second}."
        ));
    }
    match chain.regions.as_slice() {
        [("AWS_REGION", first), ("AWS_DEFAULT_REGION", second)] if first != second => {
            notes.push(format!(
                "boto3 and the AWS CLI 1 read AWS_DEFAULT_REGION alone: there the region is {second}."
            ));
        }
        [("AWS_REGION", first)]
            if chain.profile_region.as_ref().map(|(region, _)| region) != Some(first) =>
        {
            notes.push(format!(
                "boto3 and the AWS CLI 1 do not read AWS_REGION: there {}.",
                chain.profile_region.as_ref().map_or_else(
                    || "no region is set".to_owned(),
                    |(region, _)| format!("the region is {region}")
                )
            ));
        }
        _ => {}
    }
    notes
}

/// Claude Code's settings go over the environment, for itself alone.
fn of_settings(facts: &Facts) -> Vec<String> {
    let files = facts.claude_code.settings.iter();
    let own = files.flat_map(|file| file.variables.iter().map(move |variable| (file, variable)));
    own.filter(|(_, variable)| variable.name.starts_with("AWS_"))
        .map(|(file, variable)| {
            format!(
                "Claude Code has a {} of its own, in {}.",
                variable.name, file.path
            )
        })
        .collect()
}
