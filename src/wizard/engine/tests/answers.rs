//! Answers that need a second look: a profile that is there, refused answers, offered secrets, the
//! review and the entry modes.

use super::*;

#[test]
fn a_profile_that_exists() {
    let check = |found: &'static str, choice: Option<&str>, expected: &str| {
        let mut run = Run::new();
        run.profile_state = found;
        let mut run = run.start().reach_name();
        run.text("default");
        if let Some(choice) = choice {
            run.check_at("existing").choose(choice);
        }
        assert_eq!(run.at(), expected, "{found} {choice:?}");
    };
    check("absent", None, "model");
    check("same", None, "model");
    check("different", Some("replace"), "model");
    check("different", Some("rename"), "name");
    check("different", Some("stop"), "end:conflict");
}

#[test]
fn answers_that_are_not_accepted() {
    let mut run = Run::new().start();
    run.choose("maybe").check_at("have");
    assert!(run.question().problem.is_some());
    run.choose("yes").check_at("key");
    let check = |run: &mut Run, value: &str, expected: &str| {
        run.answer(Answer::Secret(Secret::new(value)));
        let problem = run.question().problem.clone().expect("refused");
        assert!(problem.contains(expected), "{problem}");
        assert!(!problem.contains("TAIL"), "{problem}");
    };
    check(&mut run, "", "empty");
    check(
        &mut run,
        &format!("sk-ant-oat01-{:A<93}TAIL", ""),
        "subscription token",
    );
    check(&mut run, &format!("sk-proj-{:A<40}TAIL", ""), "OpenAI");
    assert_eq!(run.question().repeat, 3);
    run.answer(Answer::Secret(key("x"))).check_at("name");
    // What was typed comes back, unless it looks like a secret.
    run.text("Not A Name").check_at("name");
    let typed = |run: &Run| match &run.question().kind {
        QuestionKind::Ask { default, .. } => default.clone().expect("a default").text,
        other => panic!("{other:?}"),
    };
    assert_eq!(typed(&run), "Not A Name");
    let secret = format!("sk-ant-api03-{:B<93}AA", "");
    run.text(&secret).check_at("name");
    assert_eq!(typed(&run), "default");
    assert!(!format!("{:?}", run.commands).contains("BBBB"));
}

#[test]
fn a_key_of_the_environment_is_offered() {
    let mut run = Run::new();
    run.environment_key = Some(key("env"));
    let mut run = run.start();
    run.check_at("key");
    match &run.question().kind {
        QuestionKind::Secret {
            offer: Some(offer), ..
        } => {
            assert_eq!(offer.place.as_deref(), Some("ANTHROPIC_API_KEY"));
            assert_eq!(offer.secret.fingerprint, key("env").fingerprint());
        }
        other => panic!("{other:?}"),
    }
    run.answer(Answer::TakeOffered).check_at("name");
    let source = run.state.source("key").cloned();
    assert_eq!(
        source,
        Some(Source::Environment("ANTHROPIC_API_KEY".to_owned()))
    );
}

#[test]
fn the_review_leads_back_to_a_question() {
    let mut run = Run::new().start().reach_name();
    run.text("work")
        .choose("keep")
        .answer(Answer::No)
        .check_at("review:save");
    run.send(Event::Jump("name".to_owned()));
    run.check_at("name").text("other").check_at("review:save");
    run.answer(Answer::No)
        .check_at("leave")
        .back()
        .check_at("review:save");
    run.back().check_at("daemon");
    run.send(Event::Cancel);
    run.check_at("end:cancelled");
}

#[test]
fn a_plan_that_changed_is_reviewed_again() {
    let mut run = Run::new().start().reach_name();
    run.text("work").choose("keep").answer(Answer::No);
    let (state, commands) = step(
        &run.flow,
        run.state,
        Event::Answer(Answer::Yes, Source::Prompt),
    );
    assert!(matches!(commands.last(), Some(Command::Commit(_))));
    let (_, commands) = step(&run.flow, state, Event::Committed(Committed::Changed));
    match commands.last() {
        Some(Command::Review(review)) => assert!(review.changed),
        other => panic!("{other:?}"),
    }
}

#[test]
fn renewing_asks_for_the_secret_alone() {
    let mut run = Run::new();
    run.profile_state = "different";
    let profile = ProfileId::parse("anthropic:work").expect("an id");
    run.send(Event::Start(Opening {
        mode: Mode::Reauth(profile),
        answers: vec![("profile".to_owned(), Value::text("work"), Source::Stored)],
    }));
    run.check_at("key");
    run.answer(Answer::Secret(key("new")))
        .check_at("review:save");
    assert_eq!(run.review().effects.len(), 1);
    // Nothing else was asked, so nothing else is gone back to.
    run.back().check_at("key").back().check_at("leave");
}

#[test]
fn reconfiguring_offers_what_is_there() {
    let mut run = Run::new();
    let profile = ProfileId::parse("anthropic:work").expect("an id");
    run.send(Event::Start(Opening {
        mode: Mode::Reconfigure(profile),
        answers: vec![
            ("key".to_owned(), Value::Secret(key("old")), Source::Stored),
            ("profile".to_owned(), Value::text("work"), Source::Stored),
        ],
    }));
    run.check_at("have").choose("yes").check_at("key");
    run.answer(Answer::Keep).check_at("name");
    match &run.question().kind {
        QuestionKind::Ask { default, .. } => {
            assert_eq!(default.clone().expect("offered").text, "work");
        }
        other => panic!("{other:?}"),
    }
}
