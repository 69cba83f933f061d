//! `import`: takes over what other programs keep, after a plan that a person can read.

use super::{Context, ask};
use crate::cli::import::Import;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::import::plan::{Chosen, Wish};
use crate::import::{Action, Plan, Reading, Source, look, plan, write};
use crate::sandbox;
use crate::store::{Home, Name, ProfileId, Receipt, SecretSource};
use crate::ui::{Role, import as show};
use crate::variables;

/// Runs the command.
///
/// # Errors
/// `NotFound` when nothing is there; `MissingAnswers` where nobody can agree; what reading and
/// writing our files says.
pub fn run(arguments: &Import, context: &Context<'_>) -> Result<Exit> {
    let home = context.home()?;
    let mut plan = make(arguments, context, &home)?;
    if plan.is_empty() && plan.left_out.is_empty() {
        return Err(nothing(&plan));
    }
    admit(&plan, context)?;
    if arguments.dry_run {
        show_plan(&plan, context, "planned", None)?;
        context.ui.say(
            &context
                .ui
                .err
                .paint(Role::Dim, "Nothing was written (--dry-run)."),
        );
        return Ok(Exit::Done);
    }
    if !plan.changes_anything() && plan.count(Action::Conflict) == 0 {
        show_plan(&plan, context, "nothing-to-do", None)?;
        let (text, exit) = match plan.entries.len() {
            0 => ("Nothing could be imported.", Exit::Problem),
            _ => ("Everything is here already.", Exit::Done),
        };
        context.ui.say(text);
        return Ok(exit);
    }
    if arguments.yes {
        return carry_out(&plan, context, &home);
    }
    if !ask::is_attended(context) {
        return unattended(arguments, &plan, context);
    }
    let shown = show::text(&plan, context.ui.err, context.ui.width);
    context.ui.stderr(shown.trim_end());
    if !agreed(&mut plan, context)? {
        show_outcome(&plan, context, "declined", None)?;
        context.ui.say("Nothing was changed.");
        return Ok(Exit::Done);
    }
    let receipt = write::write(context.system, &home, &plan)?;
    finish(&plan, context, &receipt, false)
}

fn make(arguments: &Import, context: &Context<'_>, home: &Home) -> Result<Plan> {
    let named = |name: &String| {
        Source::ALL
            .iter()
            .copied()
            .find(|source| source.id() == name)
    };
    let mut sources: Vec<Source> = Vec::new();
    for source in arguments.sources.iter().filter_map(named) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if arguments.from.is_some() && !matches!(sources.as_slice(), [one] if one.has_folder()) {
        return Err(Error::usage("--from is the folder of one source that is named with it")
            .hint("Such as `keywright import clawdbot --from DIR`. The AWS CLI's profiles are found where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say."));
    }
    // A login is found from any working folder.
    let here = context.system.environment.folder();
    let from = arguments.from.as_ref().map(|folder| here.join(folder));
    let reading = Reading {
        from: from.as_deref(),
        by_reference: arguments.secret_input_mode == "ref",
        now: context.system.clock.now(),
    };
    let all = sources.is_empty();
    let wanted = if all { Source::ALL } else { &sources };
    let mut found = Vec::new();
    for source in wanted {
        let holdings = look(context.system, *source, reading);
        if !all && !holdings.is_there {
            return Err(missing(*source, &holdings.folder));
        }
        found.push((*source, holdings));
    }
    let wish = Wish {
        agent: agent(context)?,
        chosen: arguments
            .profile_id
            .iter()
            .map(|text| chosen(text))
            .collect::<Result<_>>()?,
        replace: arguments.replace,
    };
    plan::plan(context.system, home, found, &wish)
}

/// The agent that was named; without one each profile goes to the agent that it belongs to.
fn agent(context: &Context<'_>) -> Result<Option<Name>> {
    let variable = context.system.environment.get(variables::AGENT);
    let named = context.global.agent.is_some() || variable.is_some();
    named.then(|| context.agent()).transpose()
}

/// `THERE` or `THERE=HERE`.
fn chosen(text: &str) -> Result<Chosen> {
    let Some((there, here)) = text.rsplit_once('=') else {
        return Ok(Chosen {
            there: text.to_owned(),
            here: None,
        });
    };
    Ok(Chosen {
        there: there.to_owned(),
        here: Some(ProfileId::parse(here)?),
    })
}

fn missing(source: Source, folder: &std::path::Path) -> Error {
    let place = if folder.as_os_str().is_empty() {
        String::new()
    } else {
        format!(" in {}", folder.display())
    };
    let error = Error::new(
        Kind::NotFound,
        format!("there is nothing of {}{place}", source.name()),
    );
    if source.has_folder() {
        error.hint(format!(
            "Name its folder: `keywright import {} --from DIR`.",
            source.id()
        ))
    } else {
        error
    }
}

fn nothing(plan: &Plan) -> Error {
    let names: Vec<&str> = plan
        .looked
        .iter()
        .map(|(source, ..)| source.name())
        .collect();
    Error::new(
        Kind::NotFound,
        format!(
            "nothing to import was found: looked at {}",
            names.join(", ")
        ),
    )
    .hint("`keywright onboard` sets up a credential from the start.")
}

/// Inside of the sandbox only its own test keys may be stored.
fn admit(plan: &Plan, context: &Context<'_>) -> Result<()> {
    for entry in &plan.entries {
        if let Some(SecretSource::Stored(secret)) = entry.profile.secret() {
            sandbox::admit(context.system, secret)?;
        }
    }
    Ok(())
}

/// Without a terminal a bare `import` shows what is there; one that names something was meant.
fn unattended(arguments: &Import, plan: &Plan, context: &Context<'_>) -> Result<Exit> {
    if !arguments.sources.is_empty() || !arguments.profile_id.is_empty() {
        return Err(Error::new(
            Kind::MissingAnswers,
            "this asks before it imports, and there is no terminal to ask on",
        )
        .hint("Look at it with --dry-run, then add --yes."));
    }
    show_plan(plan, context, "planned", None)?;
    context
        .ui
        .say("Nothing was written. `keywright import --yes` does it.");
    Ok(Exit::Done)
}

fn agreed(plan: &mut Plan, context: &Context<'_>) -> Result<bool> {
    let conflicts = plan.count(Action::Conflict);
    if conflicts > 0 {
        let question = match conflicts {
            1 => "Replace the profile that differs with what is there?".to_owned(),
            count => format!("Replace the {count} profiles that differ with what is there?"),
        };
        if ask::confirm(context, &question)? {
            plan.replace_conflicts();
        }
    }
    if !plan.changes_anything() {
        return Ok(false);
    }
    let count = plan.count(Action::Add) + plan.count(Action::Replace);
    let question = match count {
        0 => "Take over the settings?".to_owned(),
        1 => "Import this profile?".to_owned(),
        count => format!("Import these {count} profiles?"),
    };
    ask::confirm(context, &question)
}

fn carry_out(plan: &Plan, context: &Context<'_>, home: &Home) -> Result<Exit> {
    if !plan.changes_anything() {
        show_plan(plan, context, "nothing-to-do", None)?;
        return Ok(conflicts_told(plan, context));
    }
    let receipt = write::write(context.system, home, plan)?;
    finish(plan, context, &receipt, true)
}

fn finish(plan: &Plan, context: &Context<'_>, receipt: &Receipt, with_plan: bool) -> Result<Exit> {
    let transaction = receipt.transaction.as_deref();
    if transaction.is_none() {
        // Another run was faster.
        show_outcome(plan, context, "nothing-to-do", None)?;
        context.ui.say("Everything is here already.");
        return Ok(conflicts_told(plan, context));
    }
    if with_plan {
        show_plan(plan, context, "imported", transaction)?;
    } else {
        show_outcome(plan, context, "imported", transaction)?;
    }
    let count = plan.count(Action::Add) + plan.count(Action::Replace);
    let what = match count {
        0 => "Took over the settings".to_owned(),
        1 => "Imported 1 profile".to_owned(),
        count => format!("Imported {count} profiles"),
    };
    let done = format!(
        "{what}, not verified. The source was not changed; `keywright undo` takes this back."
    );
    context.ui.say(&done);
    context
        .ui
        .say("`keywright models status` shows them, and `keywright doctor` tries them.");
    Ok(conflicts_told(plan, context))
}

fn conflicts_told(plan: &Plan, context: &Context<'_>) -> Exit {
    let exit = match plan.count(Action::Conflict) {
        0 => return Exit::Done,
        1 => {
            "1 profile differs here and stayed as it is; --replace takes what is there.".to_owned()
        }
        count => format!(
            "{count} profiles differ here and stayed as they are; --replace takes what is there."
        ),
    };
    context.ui.warn(&exit);
    Exit::Problem
}

fn show_plan(
    plan: &Plan,
    context: &Context<'_>,
    outcome: &str,
    transaction: Option<&str>,
) -> Result<()> {
    if context.ui.json {
        return show_outcome(plan, context, outcome, transaction);
    }
    context
        .ui
        .data(&show::text(plan, context.ui.out, context.ui.width))
}

/// The document, for programs; people have seen the plan.
fn show_outcome(
    plan: &Plan,
    context: &Context<'_>,
    outcome: &str,
    transaction: Option<&str>,
) -> Result<()> {
    if context.ui.json {
        context
            .ui
            .document(&show::document(plan, outcome, transaction))?;
    }
    Ok(())
}
