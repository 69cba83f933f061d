//! A step becomes a question.

use super::message::{
    AnsweredQuestion, Default, KnownSecret, OfferedSecret, Progress, Question, QuestionKind,
};
use super::options;
use super::progress::progress;
use super::state::State;
use super::value::Value;
use crate::secret::Secret;
use crate::wizard::catalog;
use crate::wizard::flow::{Ask, AskSecret, Confirm, Flow, Inputs, Step, YesNo};
use crate::wizard::text::{Piece, Text, pieces};

/// Whether a person is asked at this step, the review aside.
pub(super) fn asks(step: &Step) -> bool {
    step.asks_for().is_some() || step.note.as_ref().is_some_and(|n| n.risk.is_some())
}

/// The step takes its default, or a given answer, without a word.
pub(super) fn silent(step: &Step, state: &State) -> bool {
    let when = step.ask.as_ref().and_then(|ask| ask.ask_when.as_ref());
    when.is_some_and(|condition| !condition.holds(&|name| state.value(name)))
}

/// The next step after one that has no outcome.
pub(super) fn next(step: &Step, state: &State) -> Option<String> {
    let holds = |branch: &&crate::wizard::flow::Branch| {
        branch
            .when
            .as_ref()
            .is_none_or(|condition| condition.holds(&|name| state.value(name)))
    };
    let branch = step.branch.iter().flatten().find(holds);
    branch.map(|b| b.to.clone()).or_else(|| step.to.clone())
}

/// The text with the values of its variables.
pub(super) fn render(text: &Text, state: &State) -> Vec<String> {
    let value = |name: &str| {
        let page = catalog::page(name).map(|link| link.url.to_owned());
        page.or_else(|| state.value(name).map(Value::shown))
            .unwrap_or_default()
    };
    // A list that has a line of its own gets a line for each of its items; a line that holds
    // nothing but an empty value is left out.
    let lines = text.lines().iter().flat_map(|line| {
        let alone = match pieces(line).as_slice() {
            [Piece::Variable(name, _)] => state.value(name),
            _ => None,
        };
        match alone {
            Some(Value::List(items)) => items.iter().map(|item| format!("- {item}")).collect(),
            Some(known) if known.is_empty() => Vec::new(),
            _ => Text::line(line).render(value),
        }
    });
    lines.collect()
}

pub(super) fn render_line(line: &str, state: &State) -> String {
    render(&Text::line(line), state).concat()
}

/// The question of an asking step.
pub(super) fn question(flow: &Flow, step: &Step, state: &State) -> Option<Question> {
    let (text, help, inputs, kind) = if let Some(note) = &step.note {
        let risk = note.risk.clone()?;
        (&note.text, None, None, QuestionKind::Risk { risk })
    } else if let Some(choose) = &step.choose {
        let options = QuestionKind::Choose(options::options(choose, state)?);
        (
            &choose.text,
            choose.help.as_ref(),
            choose.inputs.as_ref(),
            options,
        )
    } else if let Some(ask) = &step.ask {
        let kind = QuestionKind::Ask {
            validator: catalog::validator(&ask.validator)?,
            default: typed_or_known(ask, state),
            safe_default: ask.safe_default,
        };
        (&ask.text, ask.help.as_ref(), ask.inputs.as_ref(), kind)
    } else if let Some(secret) = &step.secret {
        let kind = secret_kind(secret, state)?;
        (
            &secret.text,
            secret.help.as_ref(),
            secret.inputs.as_ref(),
            kind,
        )
    } else {
        let confirm = step.confirm.as_ref()?;
        let kind = confirm_kind(confirm, state);
        (
            &confirm.text,
            confirm.help.as_ref(),
            confirm.inputs.as_ref(),
            kind,
        )
    };
    Some(Question {
        flow: flow.id.clone(),
        step: step.id.clone(),
        variable: step.asks_for().unwrap_or_default().to_owned(),
        text: render(text, state),
        help: help.map(|text| render(text, state)).unwrap_or_default(),
        kind,
        progress: progress(flow, state),
        problem: state.problem.clone(),
        repeat: state.repeats(&step.id),
        silent: silent(step, state),
        inputs: inputs.cloned().unwrap_or_default(),
    })
}

/// "Leave?", on the way out of the first question.
pub(super) fn leave(flow: &Flow, step: &str, progress: Progress) -> Question {
    Question {
        flow: flow.id.clone(),
        step: step.to_owned(),
        variable: String::new(),
        text: vec!["Leave? Nothing has been changed.".to_owned()],
        help: Vec::new(),
        kind: QuestionKind::Leave,
        progress,
        problem: None,
        repeat: 0,
        silent: false,
        inputs: Inputs::default(),
    }
}

/// The answers so far, for the review.
pub(super) fn answered(flow: &Flow, state: &State) -> Vec<AnsweredQuestion> {
    let asked = state.trail.iter().filter(|passed| passed.asked);
    asked
        .filter_map(|passed| {
            let step = flow.step(&passed.step)?;
            let variable = step.asks_for()?;
            let answered = state.answers.get(variable)?;
            let label = step.label.clone();
            Some(AnsweredQuestion {
                step: passed.step.clone(),
                label: label.unwrap_or_else(|| variable.replace('_', " ")),
                value: shown(step, &answered.value, state),
                source: answered.source.clone(),
            })
        })
        .collect()
}

fn shown(step: &Step, value: &Value, state: &State) -> String {
    let options = step.choose.iter().flat_map(|choose| &choose.options);
    let mut labels = options.filter(|option| value.as_text() == Some(&option.value));
    let label = labels
        .next()
        .map(|option| render_line(&option.label, state));
    label.unwrap_or_else(|| value.shown())
}

fn typed_or_known(ask: &Ask, state: &State) -> Option<Default> {
    let typed = state.typed.as_ref().map(|text| Default {
        text: text.clone(),
        from: None,
    });
    let known = state.answers.get(&ask.variable);
    let known = known.and_then(|a| {
        Some(Default {
            text: a.value.as_text()?.to_owned(),
            from: Some(a.source.words()),
        })
    });
    typed.or(known).or_else(|| ask_default(ask, state))
}

/// The default with where it comes from: the first variable that is set, then the written one.
pub(super) fn ask_default(ask: &Ask, state: &State) -> Option<Default> {
    let found = ask.default_from.iter().find_map(|name| {
        let text = state.value(name)?.as_text()?;
        (!text.is_empty()).then(|| Default {
            text: text.to_owned(),
            from: Some("found on this machine".to_owned()),
        })
    });
    found.or_else(|| {
        Some(Default {
            text: ask.default.clone()?,
            from: Some("default".to_owned()),
        })
    })
}

fn secret_kind(secret: &AskSecret, state: &State) -> Option<QuestionKind> {
    let kept = state.answers.get(&secret.variable);
    let kept = kept.and_then(|answered| answered.value.as_secret());
    Some(QuestionKind::Secret {
        shape: catalog::shape(&secret.shape)?,
        kept: kept.map(known),
        offer: offered(secret, state).map(|found| OfferedSecret {
            secret: known(found),
            place: offer_place(secret, state),
        }),
    })
}

/// The secret that was found on this machine, unless it is the one that was given already.
pub(super) fn offered<'a>(secret: &AskSecret, state: &'a State) -> Option<&'a Secret> {
    let found = state.value(secret.offer.as_deref()?)?.as_secret()?;
    let kept = state.answers.get(&secret.variable);
    let kept = kept.and_then(|answered| answered.value.as_secret());
    (kept != Some(found)).then_some(found)
}

/// Where the offered secret was found.
pub(super) fn offer_place(secret: &AskSecret, state: &State) -> Option<String> {
    let place = state.value(secret.offer_place.as_deref()?)?;
    place.as_text().map(str::to_owned)
}

fn known(secret: &Secret) -> KnownSecret {
    KnownSecret {
        mask: secret.mask(),
        fingerprint: secret.fingerprint(),
    }
}

fn confirm_kind(confirm: &Confirm, state: &State) -> QuestionKind {
    let known = state.answers.get(&confirm.variable);
    let known = known.and_then(|a| a.value.as_text()).map(|t| t == "yes");
    QuestionKind::Confirm {
        default: known.or_else(|| confirm.default.map(|answer| answer == YesNo::Yes)),
        unattended: confirm.unattended.map(|answer| answer == YesNo::Yes),
    }
}
