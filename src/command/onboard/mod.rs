//! `onboard`: the wizard. Decides who answers (a person, or what was given), runs the flows, and
//! reports.

mod choice;
mod here;
mod mode;
mod notices;
mod report;
mod resume;

use super::Context;
use super::sandbox::hand_out;
use crate::cli::onboard::{Onboard, Own};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::sandbox;
use crate::secret::Secret;
use crate::store::reference::Reach;
use crate::store::usage::{self, Outcome};
use crate::store::{self, Home, Name};
use crate::system::signals;
use crate::ui::attended::Attended;
use crate::ui::plain::Plain;
use crate::ui::prompt::Prompt;
use crate::ui::unattended::Unattended;
use crate::ui::{Role, plan};
use crate::variables;
use crate::wizard::answers::template::template;
use crate::wizard::answers::{Answers, AnswersFile};
use crate::wizard::detect::Place;
use crate::wizard::drive::{Finished, Options, Report, drive};
use crate::wizard::engine::{Mode, Opening, State};
use crate::wizard::flow::Flow;
use crate::wizard::plan::Effect;
use crate::wizard::prompter::Prompter;
use choice::START;

/// Runs the command.
///
/// # Errors
/// `Usage` and `MissingAnswers` before anything happens; then what the flow came to, and what
/// reading and writing our files says.
pub fn run(arguments: &Onboard, context: &Context<'_>) -> Result<Exit> {
    let flows = choice::flows();
    if arguments.own.answers_template {
        let template = template(choice::for_template(arguments, &flows)?);
        context.ui.document(&template)?;
        return Ok(Exit::Done);
    }
    start(arguments, &flows, None, context)
}

/// Runs a flow that is not ours.
///
/// # Errors
/// As [`run`].
pub fn run_flow(flow: Flow, own: &Own, context: &Context<'_>) -> Result<Exit> {
    let arguments = Onboard {
        own: own.clone(),
        flagged: Vec::new(),
        exposed: Vec::new(),
        foreign: Vec::new(),
    };
    let id = flow.id.clone();
    let mut flows = choice::flows();
    flows.retain(|other| other.id != id);
    flows.push(flow);
    start(&arguments, &flows, Some(id), context)
}

fn start(
    arguments: &Onboard,
    flows: &[Flow],
    named: Option<String>,
    context: &Context<'_>,
) -> Result<Exit> {
    let attended = is_attended(arguments, context)?;
    notices::warn(arguments, context);
    let file = arguments.own.answers.as_deref();
    let file = file
        .map(|path| AnswersFile::read(path, context.system))
        .transpose()?;
    let theirs = named.is_some();
    let in_file = file.as_ref().and_then(|file| file.flow.as_deref());
    let (home, agent) = (
        context.home()?,
        store::agent_name(context.agent()?.as_str())?,
    );
    let (first, mut opening) = match named {
        Some(id) => (id, Opening::default()),
        None => begin(
            arguments,
            in_file,
            flows,
            (context, &home, &agent),
            attended,
        )?,
    };
    let accepted = arguments.own.accept_risk.iter().filter(|id| !id.is_empty());
    let refers = arguments.own.refers();
    let refers = refers.or(file.as_ref().and_then(|file| file.refers)) == Some(true);
    let mut answers = Answers::new(
        context.system,
        flows,
        arguments.flagged.clone(),
        accepted.cloned().collect(),
        file,
    )?;
    if refers {
        // A secret of the store has no other place yet.
        opening
            .answers
            .retain(|(_, value, _)| value.as_secret().is_none());
        answers = answers.referring(Reach {
            files: context.system.files,
            home: home.clone(),
        });
    }
    let run = Run {
        arguments,
        context,
        flows,
        home,
        agent,
        attended,
        theirs,
    };
    signals::watch(context.system.terminal, "Nothing was changed.");
    let (first, opening) = run.go_on(first, opening);
    run.with(answers, &first, opening)
}

/// The flow to begin with, and how.
fn begin(
    arguments: &Onboard,
    named: Option<&str>,
    flows: &[Flow],
    (context, home, agent): (&Context<'_>, &Home, &Name),
    attended: bool,
) -> Result<(String, Opening)> {
    let own = &arguments.own;
    if own.reauth.is_some() || own.reconfigure.is_some() {
        let profiles = store::read(context.system, home, agent)?.profiles;
        if let Some((flow, mut opening)) = mode::opening(context.system, arguments, &profiles)? {
            // What is given here counts, not what is stored.
            let given = |name: &str| arguments.flagged.iter().any(|f| f.variable == name);
            opening.answers.retain(|(name, ..)| !given(name));
            if !attended && matches!(opening.mode, Mode::Reconfigure(_)) {
                // Nobody can be asked: what is stored stays.
                opening.mode = Mode::New;
            }
            return Ok((flow.to_owned(), opening));
        }
    }
    let first = choice::first(arguments, named, flows)?;
    Ok((first, Opening::default()))
}

struct Run<'a> {
    arguments: &'a Onboard,
    context: &'a Context<'a>,
    flows: &'a [Flow],
    home: Home,
    agent: Name,
    attended: bool,
    /// It begins with a flow that is not ours, which may have the name of one of ours.
    theirs: bool,
}

impl Run<'_> {
    /// Runs the flows with the right front end. The terminal is given back before the report.
    fn with(&self, answers: Answers<'_>, first: &str, opening: Opening) -> Result<Exit> {
        let Context { system, ui, .. } = self.context;
        let terminal = system.terminal;
        let ended = if !self.attended {
            let mut front = Unattended::new(ui, answers, self.flows);
            self.drive(&mut front, first, opening)
        } else if self.is_plain() {
            let plain = Plain::new(terminal);
            let mut front = Attended::new(plain, answers, ui.err, terminal, false);
            self.drive(&mut front, first, opening)
        } else {
            let prompt = Prompt::new(ui.err, terminal);
            let mut front = Attended::new(prompt, answers, ui.err, terminal, true);
            self.drive(&mut front, first, opening)
        };
        match ended.map_err(|error| here::failure(self, error))? {
            (_, Finished::Planned(planned)) => self.show_plan(&planned),
            (flow, Finished::Ended(report)) => self.report(flow, &report),
        }
    }

    /// What is left of a run is kept: a person answers, and the run is of our flows and for good.
    /// One that is for a profile is begun again with its name.
    fn keeps(&self) -> bool {
        let own = &self.arguments.own;
        self.attended
            && !self.theirs
            && !own.dry_run
            && own.reauth.is_none()
            && own.reconfigure.is_none()
    }

    /// A signal can end the run at any time: what was answered is kept by then.
    fn keep_on(&self, flow: &Flow, state: &State) {
        // What keeps it from being written is told where the run is left.
        if resume::keep(self, flow, &state.answers()).is_ok_and(|kept| kept) {
            signals::hold().saved(format!("Nothing was changed. {}", self.goes_on()));
        }
    }

    fn goes_on(&self) -> String {
        let command = report::for_here(self, "keywright onboard");
        format!("`{command}` goes on from here, for a day. Secrets are not kept.")
    }

    /// Goes on with the run that was left last, unless this one is for something else.
    fn go_on(&self, first: String, opening: Opening) -> (String, Opening) {
        let own = &self.arguments.own;
        let given = !self.arguments.flagged.is_empty() || own.answers.is_some();
        if !self.keeps() || own.fresh || given || opening.mode != Mode::New {
            return (first, opening);
        }
        match resume::find(self.context.system, &self.home) {
            Some((flow, left, count)) if first == START || first == flow => {
                let answers = if count == 1 { "answer" } else { "answers" };
                let back = if self.is_plain() { "`<`" } else { "Esc" };
                self.context.ui.say(&format!(
                    "Going on where you left ({flow}, {count} {answers} kept). {back} goes back to them; --fresh begins anew."
                ));
                (flow, left)
            }
            _ => (first, opening),
        }
    }

    /// Runs one flow after the other, as each hands over to the next.
    fn drive(
        &self,
        prompter: &mut dyn Prompter,
        first: &str,
        opening: Opening,
    ) -> Result<(&Flow, Finished)> {
        let admit = |secret: &Secret| sandbox::admit(self.context.system, secret);
        let answered = |flow: &Flow, state: &State| self.keep_on(flow, state);
        let options = Options {
            dry_run: self.arguments.own.dry_run,
            skip_probe: self.arguments.own.skip_probe || self.arguments.own.offline,
            insecure: self.arguments.own.allow_insecure_url,
            attended: self.attended,
            admit: &admit,
            answered: &answered,
        };
        let place = Place {
            system: self.context.system,
            home: &self.home,
            agent: &self.agent,
        };
        let mut front = here::Here::new(prompter, self);
        let mut id = first.to_owned();
        let mut opening = opening;
        loop {
            let flow = self.flow(&id)?;
            if self.attended && self.context.system.sandbox {
                hand_out(self.context, &id);
            }
            match drive(flow, opening, &mut front, place, options)? {
                Finished::Ended(report) if report.ending.flow.is_some() => {
                    id = report.ending.flow.unwrap_or_default();
                    opening = Opening {
                        answers: report.answers,
                        ..Opening::default()
                    };
                }
                finished => return Ok((flow, finished)),
            }
        }
    }

    fn flow(&self, id: &str) -> Result<&Flow> {
        let flow = self.flows.iter().find(|flow| flow.id == id);
        flow.ok_or_else(|| Error::usage(format!("there is no flow `{id}`")))
    }

    fn is_plain(&self) -> bool {
        let environment = &self.context.system.environment;
        self.arguments.own.plain
            || environment.flag(variables::ACCESSIBLE)
            || environment.get("TERM").is_none_or(|term| term == "dumb")
    }

    fn show_plan(&self, planned: &crate::wizard::plan::Plan) -> Result<Exit> {
        let ui = self.context.ui;
        if ui.json {
            ui.document(&plan::document(planned, self.agent.as_str()))?;
        } else {
            ui.data(&format!("{}\n", plan::text(planned, ui.out)))?;
            ui.say(&ui.err.paint(Role::Dim, "Nothing was written (--dry-run)."));
        }
        Ok(Exit::Done)
    }

    fn report(&self, flow: &Flow, report: &Report) -> Result<Exit> {
        let exit = report.ending.outcome.exit;
        if exit == Exit::Interrupted {
            let kept = resume::keep(self, flow, &report.answers)?;
            if !self.context.ui.json {
                self.context.ui.stderr("Cancelled. Nothing was changed.");
                if kept {
                    self.context.ui.say(&self.goes_on());
                }
                return Ok(exit);
            }
        } else {
            resume::forget(self)?;
        }
        if exit != Exit::Done {
            return Err(report::failure(self, flow, report));
        }
        let receipt = report::receipt(self, flow, report);
        report::show(self.context.ui, &receipt, report)?;
        if report.receipt.is_some() {
            self.note_used(report);
        }
        Ok(Exit::Done)
    }

    /// When it was used last is good to know, and no reason to fail.
    fn note_used(&self, report: &Report) {
        let saved = |effect: &Effect| match effect {
            // What its predecessor did is past.
            Effect::PutCredential { profile, .. } => Some((profile.clone(), Outcome::Worked)),
            _ => None,
        };
        let saved: Vec<_> = report.effects.iter().filter_map(saved).collect();
        if !saved.is_empty() {
            let _ = usage::note_outcomes(self.context.system, &self.home, &self.agent, &saved);
        }
    }
}

/// Whether a person is asked. Only where both the keyboard and the words are on a terminal.
fn is_attended(arguments: &Onboard, context: &Context<'_>) -> Result<bool> {
    let environment = &context.system.environment;
    let terminal = context.system.terminal.stdin && context.system.terminal.stderr;
    let own = &arguments.own;
    if own.interactive && !terminal {
        return Err(
            Error::usage("--interactive needs a terminal for both input and error output")
                .hint("leave it out and give the answers as flags or in an answers file."),
        );
    }
    let silenced =
        own.non_interactive || context.global.no_input || environment.flag(variables::NO_INPUT);
    Ok(terminal && !silenced && (own.interactive || !environment.flag(variables::CI)))
}
