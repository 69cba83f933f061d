//! The transcripts of our own flows are files; a test fails when one is stale, and rewrites it with
//! `KEYWRIGHT_BLESS=1`.

use super::*;
use crate::system::files::Mode;
use crate::system::{Environment, Files};
use crate::wizard::catalog::{Destination, Looks, SHAPES, VALIDATORS};
use crate::wizard::engine::{Answer, Question};
use crate::wizard::flow::{EMBEDDED, Step, embedded};
use crate::wizard::verify::PATH_LIMIT;

#[test]
fn every_path_has_its_transcript() {
    let bless = Environment::of_this_process().flag("KEYWRIGHT_BLESS");
    let file = |path: &str| format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let mut index = serde_json::Map::new();
    for (id, _) in EMBEDDED {
        let flow = embedded(id).expect("a flow");
        let paths = enumerate(&flow, PATH_LIMIT).expect("not too many");
        let text = transcript::of_flow(&flow.title, &paths);
        assert!(
            !text.to_lowercase().contains("canary"),
            "{id}: a secret is told"
        );
        index.insert((*id).to_owned(), transcript::digest(&text).into());
        let path = file(&format!("tests/transcripts/{id}.txt"));
        if bless {
            let written = Files.write_atomic(path.as_ref(), text.as_bytes(), Mode::Public);
            written.expect("it can be written");
            continue;
        }
        let kept = Files.read_text(path.as_ref(), 4 << 20).expect("readable");
        assert!(
            kept.is_some_and(|kept| *kept == text),
            "tests/transcripts/{id}.txt is stale: KEYWRIGHT_BLESS=1 cargo test --lib wizard::paths"
        );
    }
    let index = serde_json::to_string_pretty(&index).expect("JSON") + "\n";
    if bless {
        let path = file("wizard-flows/transcripts.json");
        let written = Files.write_atomic(path.as_ref(), index.as_bytes(), Mode::Public);
        written.expect("it can be written");
        return;
    }
    assert!(
        index == transcript::INDEX,
        "wizard-flows/transcripts.json is stale"
    );
}

/// Every step of a flow is on some path, every ending is reached, and every edge is taken.
#[test]
fn paths_take_every_edge() {
    for (id, _) in EMBEDDED {
        let flow = embedded(id).expect("a flow");
        let mut taken = BTreeSet::new();
        for path in enumerate(&flow, PATH_LIMIT).expect("not too many") {
            let start = Event::Start(Opening::default());
            let (mut state, _) = engine::step(&flow, State::new(), start);
            for happened in &path.events {
                state = engine::step(&flow, state, happened.event.clone()).0;
                let trail: Vec<&str> = state.trail().chain([state.at()]).collect();
                let edges = trail.windows(2).map(|pair| (pair[0], pair[1]));
                // A loop is cut out of the trail.
                let looped = (happened.step.as_str(), state.at());
                let owned = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
                taken.extend(edges.chain([looped]).map(owned));
            }
        }
        // A note says its words on the way: a loop over it shows as one from before to behind it.
        let silent = |step: &&Step| step.note.as_ref().is_some_and(|note| note.risk.is_none());
        let notes = flow.steps.iter().filter(silent);
        for (note, to) in notes.filter_map(|step| Some((&step.id, step.to.as_ref()?))) {
            let loops = taken.iter().filter(|(_, end)| end == to);
            let before: Vec<_> = loops.map(|(from, _)| from.clone()).collect();
            for from in before {
                taken.insert((from, note.clone()));
                taken.insert((note.clone(), to.clone()));
            }
        }
        for step in &flow.steps {
            let branches = step.branch.iter().flatten().map(|branch| &branch.to);
            let outcomes = step.on.iter().flat_map(|on| &on.0).map(|(_, to)| to);
            for to in step.to.iter().chain(branches).chain(outcomes) {
                let edge = (step.id.clone(), to.clone());
                assert!(taken.contains(&edge), "{id}: no path takes {edge:?}");
            }
        }
    }
}

/// A made-up value that is refused would hide every way behind its question.
#[test]
fn every_made_up_value_is_taken() {
    for validator in VALIDATORS {
        let text = samples::text(validator.id);
        let checked = (validator.check)(text);
        assert!(checked.is_ok(), "{}: {text}: {checked:?}", validator.id);
    }
    for shape in SHAPES {
        let looks = (shape.check)(&samples::secret(shape.id), Destination::Provider);
        assert!(matches!(looks, Looks::Right), "{}", shape.id);
    }
    for (id, _) in EMBEDDED {
        let flow = embedded(id).expect("a flow");
        for path in enumerate(&flow, PATH_LIMIT).expect("not too many") {
            let last = path.events.last().map(|happened| happened.step.as_str());
            if let End::Back(step) = &path.end {
                assert_ne!(last, Some(step.as_str()), "{id}");
            }
        }
    }
}

#[test]
fn no_path_shows_a_secret() {
    for (id, _) in EMBEDDED {
        let flow = embedded(id).expect("a flow");
        for path in enumerate(&flow, PATH_LIMIT).expect("not too many") {
            let shown = format!("{path:?}");
            assert!(
                !shown.to_lowercase().contains("canarycanary"),
                "{id}: {shown}"
            );
        }
    }
}

/// On every path of every flow: from each question back to the one before, the same answer there,
/// and the same question stands again.
#[test]
fn back_and_the_same_answer_lead_to_the_same_question() {
    let mut tried = 0;
    for (id, _) in EMBEDDED {
        let flow = embedded(id).expect("a flow");
        for path in enumerate(&flow, PATH_LIMIT).expect("not too many") {
            let start = Event::Start(Opening::default());
            let (mut state, _) = engine::step(&flow, State::new(), start);
            for (index, happened) in path.events.iter().enumerate() {
                let (next, commands) = engine::step(&flow, state, happened.event.clone());
                state = next;
                let Some(Command::Ask(question)) = commands.last() else {
                    continue;
                };
                let (back, asked) = engine::step(&flow, state.clone(), Event::Back);
                let before = path.events[..=index].iter().rev();
                let mut before = before.filter(|event| event.step == back.at());
                let answered = before.find(|event| matches!(event.event, Event::Answer(..)));
                let (Some(Command::Ask(_)), Some(answered)) = (asked.last(), answered) else {
                    continue;
                };
                let same = match &answered.event {
                    // A secret that was given is kept.
                    Event::Answer(Answer::Secret(_) | Answer::TakeOffered, source) => {
                        Event::Answer(Answer::Keep, source.clone())
                    }
                    other => other.clone(),
                };
                let (_, again) = engine::step(&flow, back, same);
                let Some(Command::Ask(again)) = again.last() else {
                    panic!("{id}: no question after {}: {again:?}", answered.step);
                };
                let shown = |question: &Question| (question.step.clone(), question.text.clone());
                assert_eq!(
                    shown(again),
                    shown(question),
                    "{id}: after {}",
                    answered.step
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
}
