//! Events in any order never bring it to a halt, and a secret shows in no command.

use proptest::prelude::*;

use super::*;

fn event(choice: u8, run: &Run) -> Event {
    let answer = |answer| Event::Answer(answer, Source::Prompt);
    match choice % 10 {
        0 => Event::Back,
        1 => answer(Answer::Yes),
        2 => answer(Answer::No),
        3 => answer(Answer::Secret(key("CANARY"))),
        4 => answer(Answer::Keep),
        5 => Event::Jump("name".to_owned()),
        6 => answer(Answer::Text("work".to_owned())),
        7 => answer(Answer::TakeOffered),
        other => match run.commands.last() {
            Some(Command::Ask(Question {
                kind: QuestionKind::Choose(options),
                ..
            })) => {
                let index = usize::from(choice) % options.options.len();
                answer(Answer::Choice(options.options[index].value.clone()))
            }
            _ if other == 8 => Event::Committed(Committed::Changed),
            _ => answer(Answer::Text(String::new())),
        },
    }
}

/// No file of past failures: the tree stays clean.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(128)
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn always_somewhere(choices in proptest::collection::vec(any::<u8>(), 0..60)) {
        let mut run = Run::new();
        run.probes = vec!["refused", "undetermined", "limited", "works", "refused"];
        let mut run = run.start();
        for choice in choices {
            if matches!(run.commands.last(), Some(Command::End(_))) {
                break;
            }
            run.send(event(choice, &run));
            prop_assert!(!run.at().is_empty());
            let shown = format!("{:?} {:?}", run.commands, run.state);
            prop_assert!(!shown.contains("CANARY"));
        }
    }

    #[test]
    fn back_and_the_same_answer_lead_to_the_same_question(
        choices in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut run = Run::new().start();
        for choice in choices {
            // Going back leaves answers behind that need no second asking; only ways forward
            // are tried here.
            let forward = if matches!(choice % 10, 0 | 5) { 6 } else { choice };
            run.send(event(forward, &run));
            let Some(Command::Ask(before)) = run.commands.last().cloned() else { break };
            if before.kind == QuestionKind::Leave {
                break;
            }
            run.back();
            if run.at() == "leave" {
                run.answer(Answer::No);
                prop_assert_eq!(&run.question().text, &before.text);
                continue;
            }
            let again = match &run.question().kind {
                QuestionKind::Choose(o) => Answer::Choice(o.options[o.default].value.clone()),
                QuestionKind::Ask { default: Some(d), .. } => Answer::Text(d.text.clone()),
                QuestionKind::Confirm { default: Some(true), .. } => Answer::Yes,
                QuestionKind::Confirm { .. } => Answer::No,
                _ => Answer::Keep,
            };
            run.answer(again);
            prop_assert_eq!(run.at(), before.step);
        }
    }
}
