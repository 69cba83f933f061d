//! `doctor --fix`: examine, plan, ask, carry out, examine again. The report and the exit code are
//! those of the machine as it is afterwards.

mod ask;

use super::{examined, show};
use crate::cli::doctor::{Doctor, Format};
use crate::command::Context;
use crate::doctor::finding::Safety;
use crate::doctor::fix::choose::Wanted;
use crate::doctor::fix::document::{Applied, Document, Planned};
use crate::doctor::fix::verify::verify;
use crate::doctor::fix::{Desk, Plan};
use crate::doctor::{Facts, Report, Selection, checks};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::store;
use crate::system::signals;
use crate::ui::{Role, fix};

/// Runs the command.
///
/// # Errors
/// `Usage` for unknown codes and for forms that a plan has not; `MissingAnswers` where nobody can be
/// asked; `Interrupted`; what the transaction says.
pub fn run(codes: &[String], arguments: &Doctor, context: &Context<'_>) -> Result<Exit> {
    refuse_other_forms(arguments)?;
    if !codes.is_empty() {
        // Says what is no code.
        Selection::new(checks::ALL, codes, &[])?;
    }
    let home = context.home()?;
    let agent = store::agent_name(context.agent()?.as_str())?;
    let run = Run {
        arguments,
        context,
        desk: Desk {
            system: context.system,
            home: &home,
            agent: &agent,
        },
    };
    let given = &arguments.fix;
    let mut wanted = Wanted {
        consent: given.include.is_some() || !given.yes,
        codes: codes.to_vec(),
    };
    let (report, facts, _) = examined(arguments, context)?;
    let mut plan = Plan::of(&report, &wanted, run.desk);
    if given.dry_run || plan.is_empty() {
        return run.leave(&plan, &report, &facts);
    }
    if !given.yes {
        match run.ask(&plan)? {
            ask::Choice::All => {}
            ask::Choice::Own => {
                wanted.consent = false;
                plan = Plan::of(&report, &wanted, run.desk);
            }
            ask::Choice::None => {
                if context.ui.json {
                    let planned = Planned::of(&plan);
                    let document = Document::planned(planned, false, &report);
                    context.ui.document(&document)?;
                }
                context
                    .ui
                    .say("Nothing was changed. `keywright doctor` says what is wrong.");
                return Ok(report.exit());
            }
        }
    }
    run.carry_out(plan, &report)
}

/// A plan is words or a document.
fn refuse_other_forms(arguments: &Doctor) -> Result<()> {
    match arguments.format {
        Format::Text | Format::Json => Ok(()),
        _ => Err(
            Error::usage("--fix reports as text or as JSON, not in another format")
                .hint("Run `keywright doctor` with --format afterwards."),
        ),
    }
}

struct Run<'a> {
    arguments: &'a Doctor,
    context: &'a Context<'a>,
    desk: Desk<'a>,
}

impl Run<'_> {
    /// Shows what would be done, and does nothing.
    fn leave(&self, plan: &Plan, report: &Report, facts: &Facts) -> Result<Exit> {
        let ui = self.context.ui;
        let dry_run = self.arguments.fix.dry_run;
        let planned = Planned::of(plan);
        if ui.json {
            ui.document(&Document::planned(planned, dry_run, report))?;
        } else if dry_run {
            ui.data(&fix::whole_text(&planned, ui.out, ui.width))?;
            if plan.is_empty() {
                ui.say("There is nothing that --fix can do here.");
            }
            ui.say(&ui.err.paint(Role::Dim, "Nothing was written (--dry-run)."));
        } else {
            show::show(
                report,
                facts.machine.home.as_deref(),
                self.arguments,
                self.context,
            )?;
            let given = &self.arguments.fix;
            let consent = plan.left.iter().any(|left| left.safety == Safety::Consent);
            ui.say(if consent && given.yes && given.include.is_none() {
                "Nothing was changed: what --fix can do here needs a yes. `--include consent` gives it."
            } else {
                "Nothing was changed: there is nothing that --fix can do here."
            });
            for refused in fix::refused(&planned.left) {
                ui.say(&refused);
            }
        }
        Ok(report.exit())
    }

    fn ask(&self, plan: &Plan) -> Result<ask::Choice> {
        let context = self.context;
        if !crate::command::ask::is_attended(context) {
            return Err(nobody_to_ask(plan));
        }
        let ui = context.ui;
        ui.stderr(fix::text(&Planned::of(plan), ui.err, ui.width).trim_end());
        ask::ask(plan, context)
    }

    fn carry_out(&self, plan: Plan, before: &Report) -> Result<Exit> {
        let ui = self.context.ui;
        let planned = Planned::of(&plan);
        if self.arguments.fix.yes && !ui.json && !ui.quiet {
            ui.stderr(fix::text(&planned, ui.err, ui.width).trim_end());
        }
        let mut hold = signals::hold();
        let receipt = plan.apply(self.desk)?;
        hold.saved("What --fix changed stands; `keywright undo` takes it back.");
        drop(hold);
        let applied = Applied::of(&receipt);
        let (after, facts, _) = examined(self.arguments, self.context)?;
        let verified = verify(&planned.fixes, before, &after);
        if ui.json {
            ui.document(&Document::done(planned, applied, verified, &after))?;
        } else {
            ui.fixed(&planned, &applied, &verified);
            let home = facts.machine.home.as_deref();
            show::show(&after, home, self.arguments, self.context)?;
        }
        Ok(after.exit())
    }
}

fn nobody_to_ask(plan: &Plan) -> Error {
    let message = "nothing was changed: without a terminal nobody can be asked";
    let line = match (plan.has(Safety::Safe), plan.has(Safety::Consent)) {
        (true, true) => {
            "`keywright doctor --fix --yes` applies what touches only keywright's own files, and with `--include consent` the rest; `--dry-run` shows it."
        }
        (true, false) => "`keywright doctor --fix --yes` applies it; `--dry-run` shows it.",
        _ => "`keywright doctor --fix --yes --include consent` applies it; `--dry-run` shows it.",
    };
    Error::new(Kind::MissingAnswers, message).hint(line)
}
