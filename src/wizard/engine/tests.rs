//! Runs through the flows, event by event.

mod answers;
mod any_order;

use super::*;
use crate::secret::Secret;
use crate::store::{Credential, ProfileId, SecretSource};
use crate::wizard::flow;
use crate::wizard::plan::Effect;

/// A run that answers detectors and probes by table.
struct Run {
    flow: Flow,
    state: State,
    commands: Vec<Command>,
    /// The outcomes of the next probes; `works` when there are no more.
    probes: Vec<&'static str>,
    probed: u32,
    handed_off: u32,
    environment_key: Option<Secret>,
    profile_state: &'static str,
}

fn key(tail: &str) -> Secret {
    Secret::new(format!("sk-ant-api03-{tail:A<93}AA"))
}

impl Run {
    fn new() -> Self {
        Self::of("api-key")
    }

    fn of(flow: &str) -> Self {
        Self {
            flow: flow::embedded(flow).expect("the flow"),
            state: State::new(),
            commands: Vec::new(),
            probes: Vec::new(),
            probed: 0,
            handed_off: 0,
            environment_key: None,
            profile_state: "absent",
        }
    }

    fn start(mut self) -> Self {
        self.send(Event::Start(Opening::default()));
        self
    }

    /// Sends an event and answers for the machine until a person is needed.
    fn send(&mut self, event: Event) {
        let mut event = Some(event);
        while let Some(next) = event.take() {
            let (state, commands) = step(&self.flow, std::mem::take(&mut self.state), next);
            self.state = state;
            event = commands.last().and_then(|command| self.machine(command));
            self.commands = commands;
        }
    }

    fn machine(&mut self, command: &Command) -> Option<Event> {
        let text = |name: &str, value: &str| (name.to_owned(), Value::text(value));
        match command {
            Command::Detect(detection) => Some(Event::Detected(match detection.what.id {
                "environment-key" => {
                    let mut found = vec![
                        text("base_url_here", "https://api.anthropic.com"),
                        text("foreign_base_url", "no"),
                    ];
                    if let Some(key) = &self.environment_key {
                        let value = Value::Secret(key.clone());
                        found.push(("environment_key".to_owned(), value));
                        found.push(text("environment_key_place", "ANTHROPIC_API_KEY"));
                    }
                    found
                }
                "profile" => vec![
                    text("profile_state", self.profile_state),
                    text("profile_holds", "an API key"),
                    text("free_profile", "default-2"),
                ],
                _ => vec![],
            })),
            Command::Probe(_) => {
                self.probed += 1;
                let models = vec!["claude-new".to_owned(), "claude-old".to_owned()];
                Some(Event::Probed {
                    outcome: self.probes.pop().unwrap_or("works").to_owned(),
                    found: vec![
                        text("verdict", "Seen."),
                        text("advice", "Do."),
                        ("models".to_owned(), Value::List(models)),
                    ],
                })
            }
            Command::Handoff(handoff) => {
                self.handed_off += 1;
                // A page opens; a program is left before its end.
                let page = handoff.program.id == "browser";
                let outcome = if page { "opened" } else { "failed" };
                Some(Event::HandedOff {
                    outcome: outcome.to_owned(),
                })
            }
            Command::Ask(question) if question.silent => {
                let QuestionKind::Ask { default, .. } = &question.kind else {
                    return None;
                };
                let text = default.clone().map(|default| default.text);
                let answer = Answer::Text(text.unwrap_or_default());
                Some(Event::Answer(answer, Source::Default))
            }
            Command::Commit(_) => Some(Event::Committed(Committed::Done)),
            _ => None,
        }
    }

    fn answer(&mut self, answer: Answer) -> &mut Self {
        self.send(Event::Answer(answer, Source::Prompt));
        self
    }

    fn choose(&mut self, value: &str) -> &mut Self {
        self.answer(Answer::Choice(value.to_owned()))
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.answer(Answer::Text(text.to_owned()))
    }

    fn back(&mut self) -> &mut Self {
        self.send(Event::Back);
        self
    }

    fn question(&self) -> &Question {
        match self.commands.last() {
            Some(Command::Ask(question)) => question,
            other => panic!("no question but {other:?}"),
        }
    }

    /// Where the run is: the step asked, `review:STEP`, or `end:OUTCOME`.
    fn at(&self) -> String {
        match self.commands.last() {
            Some(Command::Ask(question)) if question.kind == QuestionKind::Leave => {
                "leave".to_owned()
            }
            Some(Command::Ask(question)) => question.step.clone(),
            Some(Command::Review(review)) => format!("review:{}", review.step),
            Some(Command::End(ending)) => format!("end:{}", ending.outcome.id),
            other => panic!("neither question nor end but {other:?}"),
        }
    }

    fn check_at(&mut self, expected: &str) -> &mut Self {
        assert_eq!(self.at(), expected);
        self
    }

    fn review(&self) -> &Review {
        match self.commands.last() {
            Some(Command::Review(review)) => review,
            other => panic!("no review but {other:?}"),
        }
    }

    /// From the start to the question for the name, with a key that works.
    fn reach_name(mut self) -> Self {
        self.choose("yes").answer(Answer::Secret(key("first")));
        self.check_at("name");
        self
    }
}

fn api_key(text: &str) -> Credential {
    Credential::ApiKey {
        key: SecretSource::Stored(key(text)),
    }
}

#[test]
fn a_program_that_was_left_starts_again() {
    let mut run = Run::of("claude-cli").start();
    for attempt in 1..4 {
        run.check_at("absent").choose("login");
        assert_eq!(run.handed_off, attempt);
    }
    run.check_at("absent").choose("stop");
    run.check_at("end:refused");
}

#[test]
fn what_is_found_on_the_way_is_counted_on() {
    let mut run = Run::of("setup-token").start();
    run.check_at("way").choose("source").check_at("terms");
    run.answer(Answer::Yes).check_at("source");
    let Progress { step, of } = run.question().progress;
    assert_eq!((step, of), (3, 7));
}

#[test]
fn the_whole_way() {
    let mut run = Run::new().start();
    run.check_at("have").choose("yes").check_at("key");
    run.answer(Answer::Secret(key("first"))).check_at("name");
    run.text("anthropic:work").check_at("model");
    run.choose("claude-new").check_at("daemon");
    run.answer(Answer::Yes).check_at("review:save");
    let expected = [
        Effect::PutCredential {
            profile: ProfileId::parse("anthropic:work").expect("an id"),
            credential: api_key("first"),
            base_url: None,
            lifetime: None,
            verified: true,
        },
        Effect::SetDefault {
            model: "claude-new".to_owned(),
        },
        Effect::WriteEnv {
            name: "ANTHROPIC_API_KEY".to_owned(),
            value: key("first"),
            profile: ProfileId::parse("anthropic:work").expect("an id"),
        },
    ];
    assert_eq!(run.review().effects, expected);
    let values: Vec<_> = run
        .review()
        .answers
        .iter()
        .map(|a| a.value.as_str())
        .collect();
    let mask = key("first").mask();
    assert_eq!(
        values,
        ["Yes, I will paste it", &mask, "work", "claude-new", "yes"]
    );
    let shown: Vec<_> = run
        .review()
        .answers
        .iter()
        .map(|a| a.label.as_str())
        .collect();
    assert_eq!(
        shown,
        [
            "Key at hand",
            "Key",
            "Name",
            "Default model",
            "For services"
        ]
    );
    run.answer(Answer::Yes).check_at("end:saved");
    match run.commands.last() {
        Some(Command::End(ending)) => {
            assert_eq!(ending.text, ["The key is saved as anthropic:work."]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn steps_are_counted_along_the_path() {
    let mut run = Run::new().start();
    let mut seen = Vec::new();
    let mut note = |run: &Run| {
        let Progress { step, of } = run.question().progress;
        seen.push((step, of));
    };
    note(&run);
    run.choose("yes");
    note(&run);
    run.answer(Answer::Secret(key("first")));
    note(&run);
    run.text("default");
    note(&run);
    run.choose("keep");
    note(&run);
    run.answer(Answer::No);
    let Progress { step, of } = run.review().progress;
    seen.push((step, of));
    assert_eq!(seen, [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]);
}

#[test]
fn back_goes_over_what_runs_by_itself() {
    let mut run = Run::new().start().reach_name();
    run.text("work").check_at("model");
    run.back().check_at("name");
    match &run.question().kind {
        QuestionKind::Ask { default, .. } => {
            assert_eq!(default.clone().expect("the old value").text, "work");
        }
        other => panic!("{other:?}"),
    }
    run.back().check_at("key");
    match &run.question().kind {
        QuestionKind::Secret { kept, .. } => {
            let kept = kept.as_ref().expect("the old key");
            assert_eq!(kept.fingerprint, key("first").fingerprint());
            assert!(kept.mask.starts_with("sk-ant-api03-…"), "{}", kept.mask);
        }
        other => panic!("{other:?}"),
    }
    run.back().check_at("have").back().check_at("leave");
    run.answer(Answer::No).check_at("have");
    run.back().answer(Answer::Yes).check_at("end:cancelled");
}

#[test]
fn only_what_depends_on_a_changed_answer_is_asked_again() {
    let mut run = Run::new().start().reach_name();
    run.text("work").choose("claude-old").check_at("daemon");
    // Another name: the model does not depend on it.
    run.back()
        .back()
        .check_at("name")
        .text("other")
        .check_at("daemon");
    // The same key: nothing changes, and no request is made again.
    let probed = run.probed;
    run.back().back().back().check_at("key");
    run.answer(Answer::Keep).check_at("daemon");
    assert_eq!(run.probed, probed);
    // Another key: its models may be others. The old one is offered.
    run.back().back().back().check_at("key");
    run.answer(Answer::Secret(key("second"))).check_at("model");
    assert_eq!(run.probed, probed + 1);
    match &run.question().kind {
        QuestionKind::Choose(options) => {
            assert_eq!(options.options[options.default].value, "claude-old");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wrong_key_then_the_right_one() {
    let mut run = Run::new();
    run.probes = vec!["works", "refused", "refused"];
    let mut run = run.start();
    run.choose("yes").answer(Answer::Secret(key("wrong")));
    run.check_at("refused").choose("retry").check_at("refused");
    assert_eq!(run.probed, 2);
    assert_eq!(run.question().repeat, 1);
    run.choose("edit").check_at("key");
    run.answer(Answer::Secret(key("right"))).check_at("name");
    assert_eq!(run.probed, 3);
    run.text("default").choose("keep").answer(Answer::No);
    match &run.review().effects[0] {
        Effect::PutCredential { credential, .. } => assert_eq!(*credential, api_key("right")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_outcome_has_its_way() {
    let check = |outcome: &'static str, choice: &str, expected: &str| {
        let mut run = Run::new();
        run.probes = vec![outcome];
        let mut run = run.start();
        run.choose("yes")
            .answer(Answer::Secret(key("x")))
            .choose(choice);
        assert_eq!(run.at(), expected, "{outcome} {choice}");
    };
    check("refused", "stop", "end:refused");
    check("refused", "edit", "key");
    check("refused", "save", "refused");
    check("limited", "save", "name");
    check("limited", "retry", "name");
    check("limited", "stop", "end:declined");
    check("undetermined", "save", "name");
    check("undetermined", "stop", "end:undetermined");
    check("undetermined", "retry", "name");
    check("undetermined", "edit", "key");
}
