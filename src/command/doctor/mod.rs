//! `doctor`: choose checks, read the machine, judge, report.

mod bundle;
mod explain;
mod fix;
mod list;
mod references;
mod show;
mod wait;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Context;
use crate::cli::doctor::{Doctor, Level, Verb};
use crate::doctor::bundle::facts_file::FactsFile;
use crate::doctor::collect::{self, Collected, Request};
use crate::doctor::facts::Shell;
use crate::doctor::run::millis;
use crate::doctor::suppress::suppress;
use crate::doctor::{Area, Facts, Report, Selection, checks, facts, probes};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::system::{System, signals};
use crate::ui::progress::Spinner;

/// Silence that needs no sign of life.
const SHORT: Duration = Duration::from_millis(400);
/// Silence that needs no word.
const SLOW: Duration = Duration::from_secs(2);

/// Runs the command.
///
/// # Errors
/// `Usage` for unknown checks; `Io` when the report cannot be written.
pub fn run(arguments: &Doctor, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Some(Verb::Explain(explain)) => explain::run(&explain.what, context),
        Some(Verb::List) => list::run(context),
        None => {
            show::refuse_two_forms(arguments, context)?;
            // Programs that were asked something end with this one.
            signals::watch(context.system.terminal, "Nothing was changed.");
            match &arguments.fix.codes {
                Some(codes) => fix::run(codes, arguments, context),
                None => examine(arguments, context),
            }
        }
    }
}

fn examine(arguments: &Doctor, context: &Context<'_>) -> Result<Exit> {
    let (report, facts, areas) = examined(arguments, context)?;
    let home = facts.machine.home.clone();
    if let Some(path) = &arguments.bundle {
        let facts = FactsFile::new(facts, areas, &arguments.only, &arguments.skip);
        bundle::write(path, &facts, &report, context)?;
    }
    show::show(&report, home.as_deref(), arguments, context)?;
    Ok(report.exit())
}

/// The report on the machine as it is now, or on a file of facts, with what it was made from.
fn examined(arguments: &Doctor, context: &Context<'_>) -> Result<(Report, Facts, BTreeSet<Area>)> {
    let started = Instant::now();
    let (selection, collected, areas) = match &arguments.from {
        Some(path) => from_file(path, arguments, context)?,
        None => from_machine(arguments, context, started)?,
    };
    let mut facts = collected.facts;
    if let Some(within) = arguments.warn_within {
        facts.home.warn_within = i64::try_from(within.as_millis()).ok();
    }
    let mut entries = selection.judge(&facts, &collected.took);
    suppress(&mut entries, &facts);
    let took = millis(started.elapsed());
    let mut report = Report::new(facts.now, took, entries, arguments.strict);
    report.probes = probes::of(&facts);
    let options = options(context, facts.machine.shell);
    if !options.is_empty() {
        report.give_commands_options(&options);
    }
    let here = arguments.from.is_none() && arguments.fix.codes.is_none();
    report.fix = here.then(|| match options.as_str() {
        "" => "keywright doctor --fix".to_owned(),
        options => format!("keywright {options} doctor --fix"),
    });
    Ok((report, facts, areas))
}

/// The checks, what they judge, and which areas of it were asked for.
type Examined = (Selection, Collected, BTreeSet<Area>);

/// Reads a file of facts. Without words of one's own, the checks are those of the run that made it.
fn from_file(path: &Path, arguments: &Doctor, context: &Context<'_>) -> Result<Examined> {
    let file = FactsFile::read(context.system, path)?;
    let own = !arguments.only.is_empty() || !arguments.skip.is_empty();
    let (only, skip) = if own {
        (&arguments.only, &arguments.skip)
    } else {
        (&file.only, &file.skip)
    };
    let selection = Selection::new(checks::ALL, only, skip)?;
    let areas = selection.areas();
    let collected = Collected {
        facts: file.facts_for(&areas),
        ..Collected::default()
    };
    Ok((selection, collected, areas))
}

fn from_machine(arguments: &Doctor, context: &Context<'_>, started: Instant) -> Result<Examined> {
    let selection = Selection::new(checks::ALL, &arguments.only, &arguments.skip)?;
    if let Some(path) = &arguments.bundle {
        bundle::refuse_what_is_there(path, context)?;
    }
    let mut areas = selection.areas();
    // What is to be ignored stands in our configuration.
    areas.insert(Area::Home);
    let request = Request {
        areas: areas.clone(),
        home: context.global.home.clone(),
        agent: context.agent()?,
        no_input: context.global.no_input,
        level: match arguments.probe {
            Level::Free => facts::Level::Free,
            Level::Paid => facts::Level::Paid,
        },
        profiles: arguments.probe_profile.clone(),
        offline: arguments.offline,
        timeout: arguments.timeout,
        service: service(arguments, &selection, context.system)?,
        deep: arguments.deep,
    };
    if request.deep {
        announce_programs(context, &request);
    }
    if asks(&request) && !request.offline {
        references::announce(&request, context);
    }
    if arguments.probe == Level::Paid && asks(&request) {
        context.ui.stderr(
            "Sends one message of one token to the provider: a fraction of a cent with a key. A subscription token is tried by running `claude -p` once in an empty folder, which costs a little usage.",
        );
    }
    let mut collected = wait_for_facts(&selection, &request, context);
    if let Some(limit) = arguments.wait {
        let run = wait::Run {
            selection: &selection,
            request: &request,
            until: started + limit,
        };
        wait::until_it_passes(&run, context, &mut collected);
    }
    Ok((selection, collected, areas))
}

/// What decides on where our own commands look, as it was given to this one.
fn options(context: &Context<'_>, shell: Shell) -> String {
    let sandbox = context.system.sandbox.then(|| "--sandbox".to_owned());
    let home = context.global.home.as_ref();
    let home = home.map(|home| format!("--home {}", shell.word(&home.display().to_string())));
    let agent = context.global.agent.as_ref();
    let agent = agent.map(|agent| format!("--agent {}", shell.word(agent)));
    let given: Vec<String> = [sandbox, home, agent].into_iter().flatten().collect();
    given.join(" ")
}

/// The service that was named, by its full name.
fn service(arguments: &Doctor, selection: &Selection, system: &System) -> Result<Option<String>> {
    let Some(name) = &arguments.service else {
        return Ok(None);
    };
    let mut readers = selection.waiting_for(Area::Inheritance);
    if !readers.any(|check| check.meta.code == "ENV-010") {
        return Err(Error::usage(
            "`--service` is a matter of ENV-010, which `--only` or `--skip` leaves out",
        ));
    }
    collect::inherit::service(system, name).map(Some)
}

/// Start-up files and helpers may do anything, so that they are run is said before.
fn announce_programs(context: &Context<'_>, request: &Request) {
    if request.areas.contains(&Area::Helpers) {
        for line in collect::helpers::plan(context.system, request).announcements() {
            context.ui.stderr(&crate::ui::escape::line(&line));
        }
    }
    if !request.areas.contains(&Area::Inheritance) {
        return;
    }
    if let Some((shell, [login, interactive, _])) =
        collect::inherit::login_shell_command(context.system)
    {
        let shell = shell.to_string_lossy();
        let shell = crate::ui::escape::line(&shell);
        context.ui.stderr(&format!(
            "Runs `{shell} {login} {interactive} env` once, with its start-up files, to see what a login shell sets."
        ));
    }
    context
        .ui
        .stderr("Runs `crontab -l`, to see the jobs of this user.");
}

fn asks(request: &Request) -> bool {
    let areas = [Area::Probe, Area::Bedrock];
    areas.iter().any(|area| request.areas.contains(area))
}

/// Reads the machine, with a sign of life where somebody is watching.
fn wait_for_facts(selection: &Selection, request: &Request, context: &Context<'_>) -> Collected {
    let term = context.system.environment.get("TERM");
    let watched = context.system.terminal.stderr && term != Some("dumb") && !context.ui.quiet;
    let mut spinner = None;
    let mut told = false;
    let mut waiting = |areas: &[Area], since: Duration| {
        if since >= SLOW && !told {
            told = true;
            spinner = None;
            context.ui.say(&slow_notice(selection, areas));
        }
        if since >= SHORT && watched && spinner.is_none() {
            spinner = Some(Spinner::start("Examining this machine"));
        }
    };
    collect::collect(context.system, request, &mut waiting)
}

/// Names what is slow, and the checks that wait for it.
fn slow_notice(selection: &Selection, areas: &[Area]) -> String {
    let slow: Vec<String> = areas
        .iter()
        .filter_map(|area| {
            let mut checks = selection.waiting_for(*area).map(|check| check.meta.code);
            let first = checks.next()?;
            let more = match checks.count() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            Some(format!("{} ({first}{more})", area.words()))
        })
        .collect();
    format!("Still waiting for {} …", slow.join(", "))
}
