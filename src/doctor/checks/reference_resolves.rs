//! STORE-006: does every reference of a profile lead to a value?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Reference, ReferenceState, StoredProfile};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::provider::bedrock;
use crate::store::reference::Mend;

const CODE: &str = "STORE-006";

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: CODE,
        id: "reference-resolves",
        title: "Every reference leads to a value",
        category: Category::Store,
        needs: &["STORE-001", "STORE-012"],
        facts: &[Area::Credentials, Area::Home],
    },
    explanation: Explanation {
        meaning: "A profile can name the place of its secret instead of holding it (`keyRef`, `tokenRef`, `secretAccessKeyRef`, `bearerTokenRef`): a variable, a file, a program or the keyring. A file must be private, regular and of one name; a program must be one that nobody else can change; both have limits of time and size.",
        detection: "References to variables and files are followed. Programs and keyrings are asked only for the credential that is in use, and only when the network is asked too: `--offline` leaves them out.",
        mending: "Set the variable, make the file private, correct `secrets.providers` in config.json5, unlock the keyring, or store the credential itself.",
        false_positives: "A variable that is set for a service and not in this shell. A keyring that is unlocked only in the desktop session.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let all = || {
        let profiles = facts.credentials.profiles.iter();
        profiles.filter_map(|profile| Some((profile, profile.reference.as_ref()?)))
    };
    if all().next().is_none() {
        return Outcome::NotApplicable {
            why: "no profile refers to a secret elsewhere".to_owned(),
        };
    }
    let mut broken: Vec<_> = all()
        .filter(|(_, reference)| reference.state == ReferenceState::Unresolved)
        .collect();
    broken.sort_by_key(|(profile, _)| !is_missed(facts, profile));
    if let Some((profile, reference)) = broken.first() {
        let finding = unresolved(facts, profile, reference, broken.len());
        return if is_missed(facts, profile) {
            Outcome::Fail(finding)
        } else {
            Outcome::Warn(finding)
        };
    }
    if let Some((profile, warning)) = all().find_map(|(p, r)| Some((p, r.warning.as_ref()?))) {
        let summary = format!("The secret of {} lies open: {warning}.", profile.id);
        return Outcome::Warn(
            Finding::new(&profile.id, summary)
                .detail("It is accepted because it is how a container gets its secrets.")
                .impact("Every user and every program in the container can read it.")
                .seen("profile", &profile.id),
        );
    }
    let left = all().find(|(_, reference)| reference.state == ReferenceState::NotAsked);
    left.map_or(Outcome::Pass, |(profile, reference)| {
        Outcome::Info(not_asked(profile, reference))
    })
}

/// It would be used, and nothing is used in its place.
fn is_missed(facts: &Facts, profile: &StoredProfile) -> bool {
    let used = if profile.provider == facts.credentials.provider {
        facts.credentials.effective().is_some() || facts.goes_without().is_some()
    } else {
        profile.provider != bedrock::ID || !facts.aws.credentials.is_empty()
    };
    profile.wanted && !used
}

fn unresolved(
    facts: &Facts,
    profile: &StoredProfile,
    reference: &Reference,
    count: usize,
) -> Finding {
    let id = &profile.id;
    let why = profile
        .obstacle
        .as_deref()
        .unwrap_or("its reference cannot be resolved");
    let others = match count {
        1 => String::new(),
        2 => " One more profile has a reference that leads to nothing.".to_owned(),
        count => format!(
            " {} more profiles have references that lead to nothing.",
            count - 1
        ),
    };
    let impact = if is_missed(facts, profile) {
        "No request can be made with it."
    } else {
        "It is passed over, and another credential may be used in its place."
    };
    let finding = Finding::new(
        id,
        format!("The reference of {id} leads to nothing: {why}."),
    )
    .detail(format!(
        "It is a reference of the source `{}`.{others}",
        reference.source
    ))
    .impact(impact)
    .seen("profile", id);
    let finding = match mended(facts, reference) {
        Some(remedy) => finding.remedy(remedy.verify(&[CODE])),
        None => finding,
    };
    let word = facts.machine.shell.word(id);
    let flow = match profile.provider.as_str() {
        bedrock::ID => "bedrock",
        _ => "api-key",
    };
    finding.remedy(
        Remedy::manual("Store the credential itself")
            .command(format!(
                "keywright onboard --flow {flow} --profile-id {word} --replace"
            ))
            .verify(&[CODE, "STORE-009"]),
    )
}

/// What can be done about the place itself.
fn mended(facts: &Facts, reference: &Reference) -> Option<Remedy> {
    let shell = facts.machine.shell;
    Some(match reference.mend.as_ref()? {
        Mend::Variable(name) => Remedy::manual(format!("Set {name}")).step(Step::Edit(format!(
            "Set {name} where keywright runs: in the start-up file of your shell, or in its service."
        ))),
        Mend::Private(path) => Remedy::consent("Make it private")
            .command(format!("chmod 600 {}", shell.word(path)))
            .mode(path, 0o600),
        Mend::Guarded(path) => Remedy::manual("Take the right to change it from others")
            .command(format!("chmod go-w {}", shell.word(path))),
        Mend::Configuration => {
            let path = &facts.home.config.path;
            Remedy::manual("Correct the configuration")
                .step(Step::Edit(format!("Correct `secrets.providers` in {path}.")))
        }
        Mend::Unlock => Remedy::manual("Unlock the keyring").step(Step::Edit(
            "Sign in to the desktop, or open its password manager.".to_owned(),
        )),
        Mend::Nothing => return None,
    })
}

fn not_asked(profile: &StoredProfile, reference: &Reference) -> Finding {
    let id = &profile.id;
    let who = match reference.source.as_str() {
        "exec" => "the program",
        _ => "the keyring",
    };
    Finding::new(id, format!("The reference of {id} was not looked at."))
        .detail(format!(
            "Only {who} knows what it leads to, and is asked when the value is needed."
        ))
        .seen("profile", id)
}
