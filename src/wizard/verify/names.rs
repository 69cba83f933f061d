//! Everything that is named exists: steps, outcomes, and the entries of the catalogue.

use super::checker::{Checker, edges};
use crate::wizard::catalog::{self, Input, Opens};
use crate::wizard::flow::{Effect, Handoff, Step, With};

pub(super) fn check(checker: &mut Checker<'_>, flows: &[&str]) {
    for (at, step) in checker.steps() {
        targets(checker, &at, step);
        questions(checker, &at, step);
        automatic(checker, &at, step);
        let effects = step.commit.iter().flat_map(|commit| &commit.effects);
        for (index, effect) in effects.enumerate() {
            effect_names(checker, &format!("{at}/commit/effects/{index}"), effect);
        }
        if let Some(done) = &step.done {
            let known = catalog::OUTCOMES.iter().map(|o| o.id);
            entry(
                checker,
                &format!("{at}/done/outcome"),
                ("ending", &done.outcome),
                known,
            );
            if let Some(flow) = &done.flow
                && !flows.contains(&flow.as_str())
            {
                let pointer = format!("{at}/done/flow");
                checker.unknown("FLOW-027", &pointer, ("flow", flow), flows.iter().copied());
            }
        }
    }
}

fn targets(checker: &mut Checker<'_>, at: &str, step: &Step) {
    let flow = checker.flow;
    for edge in edges(at, step) {
        if flow.step(edge.to).is_none() {
            let known = flow.steps.iter().map(|step| step.id.as_str());
            checker.unknown("FLOW-020", &edge.pointer, ("step", edge.to), known);
        }
    }
}

/// A name of the catalogue.
fn entry<'k>(
    checker: &mut Checker<'_>,
    pointer: &str,
    (what, name): (&str, &str),
    known: impl Iterator<Item = &'k str> + Clone,
) {
    if !known.clone().any(|candidate| candidate == name) {
        checker.unknown("FLOW-022", pointer, (what, name), known);
    }
}

fn questions(checker: &mut Checker<'_>, at: &str, step: &Step) {
    let validators = || catalog::VALIDATORS.iter().map(|v| v.id);
    if let Some(ask) = &step.ask {
        let pointer = format!("{at}/ask/validator");
        entry(
            checker,
            &pointer,
            ("validator", &ask.validator),
            validators(),
        );
    }
    if let Some(other) = step.choose.as_ref().and_then(|c| c.other.as_ref()) {
        let pointer = format!("{at}/choose/other/validator");
        entry(
            checker,
            &pointer,
            ("validator", &other.validator),
            validators(),
        );
    }
    if let Some(secret) = &step.secret {
        let shapes = catalog::SHAPES.iter().map(|shape| shape.id);
        entry(
            checker,
            &format!("{at}/secret/shape"),
            ("shape", &secret.shape),
            shapes,
        );
    }
}

fn automatic(checker: &mut Checker<'_>, at: &str, step: &Step) {
    if let Some(detect) = &step.detect {
        let known = catalog::DETECTORS.iter().map(|d| d.id);
        entry(
            checker,
            &format!("{at}/detect/what"),
            ("detector", &detect.what),
            known,
        );
        if let Some(what) = catalog::detector(&detect.what) {
            let at = format!("{at}/detect");
            inputs(checker, &at, detect.with.as_ref(), (what.needs, what.takes));
        }
    }
    if let Some(probe) = &step.probe {
        let known = catalog::PROBES.iter().map(|p| p.id);
        entry(
            checker,
            &format!("{at}/probe/what"),
            ("probe", &probe.what),
            known,
        );
        if let Some(what) = catalog::probe(&probe.what) {
            outcomes(checker, at, step, what.outcomes);
            let at = format!("{at}/probe");
            inputs(checker, &at, probe.with.as_ref(), (what.needs, what.takes));
        }
    }
    if let Some(handoff) = &step.handoff {
        let known = catalog::PROGRAMS.iter().map(|p| p.id);
        entry(
            checker,
            &format!("{at}/handoff/program"),
            ("program", &handoff.program),
            known,
        );
        if let Some(program) = catalog::program(&handoff.program) {
            outcomes(checker, at, step, program.outcomes);
            opens(checker, &format!("{at}/handoff"), handoff, program);
        }
        if let Some(link) = &handoff.link {
            let known = catalog::LINKS.iter().map(|l| l.id);
            entry(
                checker,
                &format!("{at}/handoff/link"),
                ("page", link),
                known,
            );
        }
    }
    if step.commit.is_some() && step.on.is_some() {
        outcomes(checker, at, step, catalog::COMMIT_OUTCOMES);
    }
}

/// A page goes to the browser, a value to a program that takes one.
fn opens(
    checker: &mut Checker<'_>,
    at: &str,
    handoff: &Handoff,
    program: &'static catalog::Program,
) {
    let (link, needs) = match &program.opens {
        Opens::Page => (true, None),
        Opens::Terminal { last, .. } => (false, last.as_ref()),
    };
    let message = match (link, handoff.link.is_some()) {
        (true, false) => Some("needs a `link`"),
        (false, true) => Some("takes no `link`"),
        _ => None,
    };
    if let Some(message) = message {
        let message = format!("the program `{}` {message}", program.id);
        checker.value("FLOW-026", at, message);
    }
    let needs = needs.map_or(&[] as &[Input], std::slice::from_ref);
    inputs(checker, at, handoff.with.as_ref(), (needs, &[]));
}

fn outcomes(checker: &mut Checker<'_>, at: &str, step: &Step, known: &[&str]) {
    let Some(on) = &step.on else { return };
    for (outcome, _) in &on.0 {
        if !known.contains(&outcome.as_str()) {
            let message = format!("there is no outcome `{outcome}` here");
            checker.key("FLOW-023", &format!("{at}/on/{outcome}"), message);
        }
    }
    let missing: Vec<&str> = known
        .iter()
        .filter(|outcome| on.target(outcome).is_none())
        .copied()
        .collect();
    if !missing.is_empty() {
        let message = format!("nothing follows on `{}`", missing.join("`, `"));
        checker.key("FLOW-024", &format!("{at}/on"), message);
    }
}

fn inputs(
    checker: &mut Checker<'_>,
    at: &str,
    with: Option<&With>,
    (needs, takes): (&[Input], &[Input]),
) {
    let none = With::default();
    let with = with.unwrap_or(&none);
    for input in Input::ALL {
        let name = input.name();
        let given = with.variable(*input).is_some();
        if needs.contains(input) && !given {
            checker.value("FLOW-026", at, format!("`with` must name `{name}`"));
        }
        if given && !needs.contains(input) && !takes.contains(input) {
            let message = format!("`{name}` means nothing here");
            checker.key("FLOW-026", &format!("{at}/with/{name}"), message);
        }
    }
}

fn effect_names(checker: &mut Checker<'_>, at: &str, effect: &Effect) {
    use Input::{Model, Profile, Secret};
    if let Some((verb, with)) = effect.with() {
        let kind = effect.put_credential.as_ref();
        let kind = kind.and_then(|put| catalog::credential_kind(&put.kind));
        let needs: Vec<Input> = match (verb, kind) {
            ("put_credential", Some(kind)) => [&[Profile], kind.needs].concat(),
            ("write_env", _) => vec![Profile, Secret],
            ("set_default", _) => vec![Model],
            _ => vec![Profile],
        };
        let takes = kind.map_or(&[] as &[Input], |kind| kind.takes);
        inputs(
            checker,
            &format!("{at}/{verb}"),
            Some(with),
            (&needs, takes),
        );
    }
    if let Some(put) = &effect.put_credential {
        let kinds = catalog::CREDENTIAL_KINDS.iter().map(|kind| kind.id);
        let pointer = format!("{at}/put_credential/kind");
        entry(checker, &pointer, ("credential kind", &put.kind), kinds);
    }
    let providers = [
        (
            "remove_credential",
            effect.remove_credential.as_ref().map(|e| &e.provider),
        ),
        ("set_order", effect.set_order.as_ref().map(|e| &e.provider)),
        ("write_env", effect.write_env.as_ref().map(|e| &e.provider)),
    ];
    for (verb, provider) in providers {
        if let Some(provider) = provider {
            let known = catalog::PROVIDERS.iter().copied();
            entry(
                checker,
                &format!("{at}/{verb}/provider"),
                ("provider", provider),
                known,
            );
        }
    }
    if let Some(env) = &effect.write_env {
        let known = catalog::ENV_NAMES.iter().copied();
        entry(
            checker,
            &format!("{at}/write_env/name"),
            ("variable", &env.name),
            known,
        );
    }
    documents(checker, at, effect);
}

fn documents(checker: &mut Checker<'_>, at: &str, effect: &Effect) {
    let documents = || catalog::DOCUMENTS.iter().map(|(name, _)| *name);
    if let Some(mode) = &effect.set_mode {
        let pointer = format!("{at}/set_mode/document");
        entry(checker, &pointer, ("document", &mode.document), documents());
    }
    if let Some(edit) = &effect.edit_document {
        let pointer = format!("{at}/edit_document/document");
        entry(checker, &pointer, ("document", &edit.document), documents());
        let found = catalog::DOCUMENTS
            .iter()
            .find(|(name, _)| *name == edit.document);
        if let Some((_, paths)) = found {
            let pointer = format!("{at}/edit_document/path");
            entry(
                checker,
                &pointer,
                ("value", &edit.path),
                paths.iter().copied(),
            );
        }
    }
}
