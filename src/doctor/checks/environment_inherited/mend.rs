//! What to type so that a service gets the credential: the exact edit for the place that is wrong,
//! and the lines that make its manager take it in.

use super::judge::Trouble;
use crate::doctor::action::Action;
use crate::doctor::facts::{Facts, Looks, Manager, PathRole, ProblemKind, Program, Service};
use crate::doctor::finding::{Remedy, Safety, Step};
use crate::variables;

/// Our drop-in.
const DROP_IN: &str = "keywright.conf";

/// One remedy for each trouble, the last step of each being the restart.
pub fn remedies(facts: &Facts, service: &Service, troubles: &[Trouble]) -> Vec<Remedy> {
    let mut found = Vec::new();
    for trouble in troubles {
        match trouble {
            Trouble::Missing { names, here, .. } => {
                found.extend(given(facts, service, names, *here));
            }
            Trouble::NoStart { place, path } => found.push(restarted(
                facts,
                service,
                Remedy::manual("Make the file, or let the service start without it").step(
                    Step::Edit(format!(
                        "Make {path} with mode 600, or write `-` before the path at {place}."
                    )),
                ),
            )),
            Trouble::Ignored {
                place, open_quote, ..
            } => {
                let edit = if *open_quote {
                    format!("Close the quotation mark at {place}.")
                } else {
                    format!("Leave nothing but `NAME=value` at {place}.")
                };
                let remedy = Remedy::manual("Write it as systemd takes it").step(Step::Edit(edit));
                found.push(restarted(facts, service, remedy));
            }
            Trouble::Differs {
                name,
                setting,
                from,
                ..
            } => found.push(restarted(
                facts,
                service,
                Remedy::manual("Use one credential in both places").step(Step::Edit(format!(
                    "Write the value of {name} that is meant at {}, or change {from}.",
                    setting.place
                ))),
            )),
            Trouble::Stale { .. } => {
                found.push(restarted(facts, service, Remedy::manual("Start it again")));
            }
        }
    }
    found
}

/// Gives a service what it would not see.
fn given(facts: &Facts, service: &Service, names: &[&'static str], here: bool) -> Vec<Remedy> {
    match service.manager {
        Manager::SystemdUser | Manager::SystemdSystem => {
            let by_unit = by_named_file(facts, service, names, here);
            let own = by_own_file(facts, service, names, here);
            let theirs = by_program_file(facts, service, names, here);
            let all = by_unit.into_iter().chain(own).chain(theirs);
            // One way is enough; the first is the best.
            let all = all.enumerate().map(|(index, remedy)| match index {
                0 => remedy,
                _ => remedy.otherwise(),
            });
            all.collect()
        }
        Manager::Cron => vec![
            Remedy::manual("Start the job through keywright")
                .why("It takes the stored credential at the moment it starts, and none stands in the crontab.")
                .step(Step::Edit(format!(
                    "Write `keywright exec -- ` before the command at {}.",
                    service.name
                )))
                .command("keywright onboard"),
        ],
        Manager::Launchd => vec![restarted(
            facts,
            service,
            Remedy::manual("Start it through keywright")
                .why("A property list can be read by others; a key does not belong there.")
                .step(Step::Edit(format!(
                    "Put `keywright`, `exec` and `--` first in ProgramArguments of {}.",
                    service.file
                ))),
        )],
        Manager::Container => vec![
            Remedy::manual("Give the container a file of variables").step(Step::Edit(format!(
                "Start it with `--env-file` and a file with mode 600 that sets {}.",
                names.join(", ")
            ))),
        ],
    }
}

/// The file that the unit names already: one that is there, or one that may be missing.
fn by_named_file(
    facts: &Facts,
    service: &Service,
    names: &[&'static str],
    here: bool,
) -> Option<Remedy> {
    let missing = service.problems.iter().find(|problem| {
        problem.kind == ProblemKind::MissingOptionalFile && !problem.about.contains('*')
    });
    let file = service.environment_files.last();
    let file = file.or_else(|| missing.map(|problem| &problem.about))?;
    if service.manager != Manager::SystemdUser {
        return None;
    }
    let title = format!("Write it to the file that {} names", service.name);
    let remedy = by_shell(facts, Remedy::manual(title), file, names, here);
    let remedy = written(facts, remedy, file, names, here);
    Some(restarted(facts, service, remedy))
}

/// The same for the fix: it has the values of this process, and no others. A subscription token is
/// for Claude Code alone, so that no file for services gets it without somebody's own doing.
fn written(
    facts: &Facts,
    remedy: Remedy,
    file: &str,
    names: &[&'static str],
    here: bool,
) -> Remedy {
    let is_key = |name: &&str| {
        let value = facts.environment.value(name);
        value.is_some_and(|value| value.looks != Looks::SubscriptionToken)
            && !name.contains("OAUTH_TOKEN")
    };
    if !here || !names.iter().all(is_key) {
        return remedy;
    }
    let write = |name: &&str| Action::SetVariable {
        path: file.to_owned(),
        variable: (*name).to_owned(),
    };
    let remedy = names.iter().map(write).fold(remedy, Remedy::action);
    Remedy {
        safety: Safety::Consent,
        undoable: true,
        ..remedy
    }
}

/// Our `.env`, which systemd reads.
fn by_own_file(
    facts: &Facts,
    service: &Service,
    names: &[&'static str],
    here: bool,
) -> Option<Remedy> {
    let file = facts.home.path_of(PathRole::EnvFile)?;
    let remedy = Remedy::manual(format!(
        "Give {} the variables of a file that only you can read",
        service.name
    ))
    .why("systemd reads the file before it starts the service; nothing stands in the unit.");
    let remedy = filled(facts, remedy, &file.path, names, here);
    let user = service.manager == Manager::SystemdUser;
    let folder = drop_in_folder(facts, service);
    let word = |text: &str| facts.machine.shell.word(text);
    let drop_in = format!("{folder}/{DROP_IN}");
    let target = word(&drop_in);
    // A percent sign has a meaning of its own in a unit.
    let path = file.path.replace('%', "%%");
    let text = format!("[Service]\nEnvironmentFile={path}\n");
    let path = word(&path);
    let line = format!("'[Service]\\nEnvironmentFile=%s\\n' {path}");
    let remedy = if user {
        let remedy = written(facts, remedy, &file.path, &unmanaged(facts, names), here);
        let remedy = match remedy.safety {
            Safety::Consent => remedy.action(Action::Create {
                path: drop_in,
                text,
            }),
            _ => remedy,
        };
        remedy
            .command(format!("mkdir -p {}", word(&folder)))
            .command(format!("printf {line} > {target}"))
    } else {
        remedy
            .command(format!("sudo mkdir -p {}", word(&folder)))
            .command(format!("printf {line} | sudo tee {target}"))
    };
    Some(restarted(facts, service, remedy))
}

/// The file that OpenClaw and Clawdbot read by themselves.
fn by_program_file(
    facts: &Facts,
    service: &Service,
    names: &[&'static str],
    here: bool,
) -> Option<Remedy> {
    let folder = match service.program {
        Program::OpenClaw => ".openclaw",
        Program::Clawdbot => ".clawdbot",
        Program::Claude | Program::Other => return None,
    };
    let home = facts.machine.home.as_ref()?;
    if service.manager != Manager::SystemdUser {
        return None;
    }
    let remedy = Remedy::manual(format!(
        "Or write them to the file that {} reads by itself",
        service.program.words()
    ));
    let file = format!("{home}/{folder}/.env");
    let remedy = by_shell(facts, remedy, &file, names, here);
    let remedy = written(facts, remedy, &file, names, here);
    Some(restarted(facts, service, remedy))
}

/// Gets the variables into our `.env`: with the wizard, which keeps the line in step with the
/// profile, or with the value that the shell has.
fn filled(facts: &Facts, remedy: Remedy, file: &str, names: &[&'static str], here: bool) -> Remedy {
    let open = unmanaged(facts, names);
    if open == [variables::ANTHROPIC_API_KEY] {
        return remedy.command("keywright onboard --flow api-key --env-file");
    }
    by_shell(facts, remedy, file, &open, here)
}

/// Those that our `.env` does not have as a line of a profile.
fn unmanaged(facts: &Facts, names: &[&'static str]) -> Vec<&'static str> {
    let managed = |name: &str| facts.home.managed.iter().any(|line| line.variable == name);
    let names = names.iter().copied();
    names.filter(|name| !managed(name)).collect()
}

fn by_shell(
    facts: &Facts,
    mut remedy: Remedy,
    file: &str,
    names: &[&'static str],
    here: bool,
) -> Remedy {
    let shell = facts.machine.shell;
    let path = shell.word(file);
    if names.is_empty() {
        return remedy;
    }
    let folder = file.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let folder = shell.word(folder);
    remedy = remedy.command(format!(
        "mkdir -p -m 700 {folder} && touch {path} && chmod 600 {path}"
    ));
    if !here {
        return remedy.step(Step::Edit(format!(
            "Add a line `NAME=value` to {file} for {}.",
            names.join(", ")
        )));
    }
    for name in names {
        // The shell's own printf: the value is in no other program's arguments. The line break in
        // front is for a file that does not end with one.
        let value = shell.reference(name);
        remedy = remedy.command(format!("printf '\\n{name}=%s\\n' {value} >> {path}"));
    }
    remedy
}

fn drop_in_folder(facts: &Facts, service: &Service) -> String {
    let home = facts.machine.home.as_deref().unwrap_or("~");
    let system = service.manager == Manager::SystemdSystem;
    // A unit in the user's own folder says where that is.
    let own = service.file.rsplit_once('/').map(|(folder, _)| folder);
    let own = own.filter(|folder| folder.ends_with("/systemd/user") && folder.starts_with(home));
    match own {
        _ if system => format!("/etc/systemd/system/{}.d", service.name),
        Some(folder) => format!("{folder}/{}.d", service.name),
        None => format!("{home}/.config/systemd/user/{}.d", service.name),
    }
}

/// The lines that make the manager take it in.
fn restarted(facts: &Facts, service: &Service, remedy: Remedy) -> Remedy {
    let unit = facts.machine.shell.word(&service.name);
    match service.manager {
        Manager::SystemdUser => {
            let command =
                format!("systemctl --user daemon-reload && systemctl --user restart {unit}");
            let remedy = if remedy.actions.is_empty() {
                remedy
            } else {
                remedy.action(Action::Afterwards {
                    command: command.clone(),
                })
            };
            remedy.command(command)
        }
        Manager::SystemdSystem => remedy.command(format!(
            "sudo systemctl daemon-reload && sudo systemctl restart {unit}"
        )),
        Manager::Launchd => {
            let file = facts.machine.shell.word(&service.file);
            let user = facts.machine.user;
            remedy
                .command(format!("launchctl bootout gui/{user} {file}"))
                .command(format!("launchctl bootstrap gui/{user} {file}"))
        }
        Manager::Cron | Manager::Container => remedy,
    }
}
