//! Whether this process has what the shell's start-up files set.

use crate::doctor::facts::{Definition, Facts, Value};
use crate::doctor::finding::{Finding, Remedy, Step};
use crate::variables;

/// Credentials that a start-up file may set.
const NAMES: &[&str] = &[
    variables::ANTHROPIC_API_KEY,
    variables::ANTHROPIC_AUTH_TOKEN,
    variables::CLAUDE_CODE_OAUTH_TOKEN,
    "AWS_BEARER_TOKEN_BEDROCK",
];

/// What differs between this process and the start-up files.
pub fn differs(facts: &Facts) -> Option<Finding> {
    deep(facts)
        .or_else(|| NAMES.iter().find_map(|name| one(facts, name)))
        .or_else(|| NAMES.iter().find_map(|name| over_ssh(facts, name)))
}

/// This session came in over SSH and has a variable that a single command would not have.
fn over_ssh(facts: &Facts, name: &str) -> Option<Finding> {
    let ssh = facts.inheritance.ssh.as_ref()?;
    facts.environment.value(name)?;
    let given = ssh.settings.iter().any(|setting| setting.name == name) || ssh.takes(name);
    let start_up = &facts.start_up;
    let found = start_up.for_session(name, |s| s.login || s.interactive)?;
    if given || start_up.for_session(name, |s| s.ssh).is_some() {
        return None;
    }
    let place = found.place();
    Some(
        Finding::new(name, format!("A command over SSH would not see {name}."))
            .detail(format!(
                "{place} sets it for {}. For `ssh host command` sshd starts a shell that does not read that line, and it takes no {name} from the client.",
                found.sessions.words()
            ))
            .impact("`ssh host claude -p …` and programs that work over SSH find no credential.")
            .seen("file", &place)
            .remedy(
                Remedy::manual("Start the command with the stored credential")
                    .why("keywright reads its own store, whatever the shell sets.")
                    .command("keywright exec -- claude"),
            ),
    )
}

fn one(facts: &Facts, name: &str) -> Option<Finding> {
    let start_up = &facts.start_up;
    let typed = start_up.for_session(name, |s| s.interactive);
    let found = typed.or_else(|| start_up.for_session(name, |s| s.login))?;
    let place = found.place();
    let Some(here) = facts.environment.value(name) else {
        let summary = format!("This process does not have {name}, which a start-up file sets.");
        let finding = Finding::new(name, summary).detail(format!(
            "{place} sets it for {}; {}.",
            found.sessions.words(),
            started_by(facts)
        ));
        return Some(mended(finding, found, facts));
    };
    let written = found.value.as_ref()?;
    if same(here, written) {
        return None;
    }
    let summary = format!("This process has another {name} than the start-up file sets.");
    let finding = Finding::new(name, summary)
        .detail(format!(
            "{name} is {} here and {} at {place}.",
            here.masked, written.masked
        ))
        .impact("Terminals that are opened now use another credential than this one.");
    Some(mended(finding, found, facts))
}

fn same(one: &Value, other: &Value) -> bool {
    one.fingerprint == other.fingerprint && one.length == other.length
}

fn started_by(facts: &Facts) -> String {
    match &facts.inheritance.editor {
        Some(editor) => format!("{editor} started this one, with the variables of the desktop"),
        None if facts.machine.ssh => "this one came in over SSH".to_owned(),
        None => "this one was started before that, or by something else".to_owned(),
    }
}

fn mended(finding: Finding, found: &Definition, facts: &Facts) -> Finding {
    let finding = finding.seen("file", found.place());
    let restart = match &facts.inheritance.editor {
        Some(editor) => {
            format!("End {editor}, and start it from a terminal that has the variable.")
        }
        None => "Open a new terminal.".to_owned(),
    };
    finding
        .remedy(
            Remedy::manual("Start again where the variable is set")
                .step(Step::Edit(restart))
                .verify(&["ENV-010"]),
        )
        .remedy(
            Remedy::manual("Or start programs with the stored credential")
                .why("It does not matter then what the shell sets.")
                .command("keywright exec -- claude"),
        )
}

/// What the login shell did when it was run.
fn deep(facts: &Facts) -> Option<Finding> {
    let shell = facts.inheritance.login_shell.as_ref()?;
    if let Some(problem) = &shell.problem {
        return Some(
            Finding::new(&shell.program, "The login shell did not tell what it sets.")
                .detail(format!("{} -l -i was run, and {problem}.", shell.program))
                .impact("Programs that ask a login shell for variables, as OpenClaw can, get none.")
                .remedy(
                    Remedy::manual("See what it says")
                        .command(format!(
                            "{} -l -i -c true",
                            facts.machine.shell.word(&shell.program)
                        ))
                        .verify(&["ENV-010"]),
                ),
        );
    }
    let (name, setting) = NAMES.iter().find_map(|name| {
        let told = shell
            .settings
            .iter()
            .find(|setting| setting.name == *name)?;
        let ours = facts.environment.value(name);
        let theirs = told.value.as_ref()?;
        (!ours.is_some_and(|ours| same(ours, theirs))).then_some((*name, theirs))
    })?;
    let here = facts.environment.value(name);
    let here = here.map_or_else(|| "not set".to_owned(), |value| value.masked.clone());
    let finding = Finding::new(
        name,
        format!("A login shell sets another {name} than this process has."),
    )
    .detail(format!(
        "{} sets it to {}; here it is {here}.",
        shell.program, setting.masked
    ))
    .impact("Terminals that are opened now use another credential than this one.");
    Some(
        finding.seen("program", &shell.program).remedy(
            Remedy::manual("Start again from a new terminal")
                .step(Step::Edit("Open a new terminal.".to_owned()))
                .verify(&["ENV-010"]),
        ),
    )
}
