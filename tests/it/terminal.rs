//! What a person sees and types, as stories in a pseudo-terminal.

use crate::support::keys::key;
use crate::support::machine::Machine;
use crate::support::pty::{CONTROL_C, CONTROL_D, DOWN, ENTER, ESCAPE, Pty};

/// The wizard in the sandbox.
fn wizard(machine: &Machine, columns: u16, rows: u16, more: &[&str]) -> Pty {
    let arguments = [&["--sandbox", "onboard"], more].concat();
    machine.terminal(columns, rows, &arguments)
}

/// The store that the sandbox of this machine wrote, if it did.
fn stored(machine: &Machine) -> Option<String> {
    let path = ".cache/keywright/sandbox/keywright/agents/main/auth-profiles.json";
    std::fs::read_to_string(machine.home().join(path)).ok()
}

/// Every prompt of the usual way, and what is typed there to get on.
fn prompts(key: &str) -> Vec<(&'static str, String)> {
    let enter = || ENTER.to_owned();
    vec![
        ("What do you want to set up?", enter()),
        ("Do you have an Anthropic API key?", enter()),
        ("? Anthropic API key", format!("{key}{ENTER}")),
        ("? A name for this key", enter()),
        ("? The model used when none is named", enter()),
        ("? Write the key for background services too?", enter()),
        ("? Save it?", enter()),
    ]
}

#[test]
fn a_newcomer_gets_a_key_with_one_wrong_key_and_one_step_back() {
    for (columns, rows) in [(100, 30), (40, 20)] {
        let machine = Machine::new();
        let (wrong, right) = (key("revoked"), key("works-too"));
        let mut screen = wizard(&machine, columns, rows, &[]);
        screen.wait("? What do you want to set up?").keys(ENTER);
        screen
            .wait("? Do you have an Anthropic API key?")
            .keys(ENTER);
        screen.wait("? Anthropic API key").paste(&wrong).keys(ENTER);
        screen
            .wait("The key was refused.")
            .wait("? What now?")
            .keys(ENTER);
        screen.wait("[Enter keeps").paste(&right).keys(ENTER);
        screen
            .wait("The key works.")
            .wait("? A name for this key")
            .keys(ENTER);
        screen
            .wait("? The model used when none is named")
            .keys(ESCAPE);
        screen
            .wait("? A name for this key")
            .keys("work")
            .keys(ENTER);
        screen
            .wait("? The model used when none is named")
            .keys(ENTER);
        screen
            .wait("? Write the key for background services too?")
            .keys(ENTER);
        screen.wait("? Save it?").keys(ENTER);
        let left = screen.end();
        left.with_code(0).says("keywright --sandbox models status");
        left.never_drew(&right).never_drew(&wrong);
        let stored = stored(&machine).expect("a store");
        assert!(
            stored.contains("anthropic:work") && stored.contains(&right),
            "{stored}"
        );
        assert!(!stored.contains("anthropic:default"), "{stored}");
    }
}

#[test]
fn a_key_pasted_as_two_lines_stays_whole_and_unseen() {
    let whole = key("works-too");
    let (head, tail) = whole.split_at(60);
    let pasted_at_once = |screen: &mut Pty, lines: String| {
        screen.paste(&lines).settle().keys(ENTER);
    };
    let typed_through = |screen: &mut Pty, lines: String| {
        screen.keys(&lines);
    };
    type Paste<'a> = &'a dyn Fn(&mut Pty, String);
    let ways: [(Paste<'_>, &str); 5] = [
        (&pasted_at_once, "\n"),
        (&pasted_at_once, "\r\n"),
        (&typed_through, "\r"),
        (&typed_through, "\n"),
        (&typed_through, "\r\n"),
    ];
    for (paste, newline) in ways {
        for (columns, rows) in [(100, 30), (40, 20)] {
            let machine = Machine::new();
            let mut screen = wizard(&machine, columns, rows, &["--flow", "api-key"]);
            screen
                .wait("? Do you have an Anthropic API key?")
                .keys(ENTER);
            screen.wait("? Anthropic API key");
            paste(&mut screen, format!("{head}{newline}{tail}{newline}"));
            // The name is asked for and not answered by the rest of the key.
            screen.wait("? A name for this key");
            screen.wait("joined a 2-line paste, 108 characters");
            screen.lacks("✓ A name for this key").lacks(tail);
            screen.keys(ENTER).wait("? The model used").keys(ENTER);
            screen
                .wait("? Write the key")
                .keys(ENTER)
                .wait("? Save it?")
                .keys(ENTER);
            let left = screen.end();
            left.with_code(0).never_drew(head).never_drew(tail);
            left.never_drew(&tail[..12]);
            assert!(stored(&machine).expect("a store").contains(&whole));
        }
    }
}

#[test]
fn control_c_at_every_prompt_changes_nothing() {
    at_every_prompt(130, |screen| {
        screen.keys(CONTROL_C);
    });
}

#[cfg(unix)]
#[test]
fn signals_at_every_prompt_change_nothing() {
    use rustix::process::Signal;
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        at_every_prompt(code, |screen| {
            screen.signal(signal);
        });
    }
}

/// Ends the wizard at each prompt in turn: the terminal is as it was, and nothing was written.
fn at_every_prompt(code: u32, leave: impl Fn(&mut Pty) + Sync) {
    let key = key("works-too");
    let prompts = prompts(&key);
    std::thread::scope(|scope| {
        for stop in 0..prompts.len() {
            let (key, prompts, leave) = (&key, &prompts, &leave);
            scope.spawn(move || {
                let machine = Machine::new();
                let mut screen = wizard(&machine, 80, 24, &[]);
                walk(&mut screen, prompts, stop);
                leave(&mut screen);
                let left = screen.end();
                left.with_code(code).says("Nothing was changed.");
                left.never_drew(key);
                assert_eq!(stored(&machine), None);
            });
        }
    });
}

/// Answers the prompts before the one at `stop`, and waits for that one.
fn walk(screen: &mut Pty, prompts: &[(&str, String)], stop: usize) {
    for (prompt, answer) in &prompts[..stop] {
        screen.wait(prompt).keys(answer);
    }
    screen.wait(prompts[stop].0);
}

#[test]
fn escape_goes_back_through_every_prompt_and_then_asks_whether_to_leave() {
    let machine = Machine::new();
    let key = key("works-too");
    let prompts = prompts(&key);
    let mut screen = wizard(&machine, 80, 50, &["--flow", "api-key"]);
    let own = &prompts[1..];
    for (prompt, answer) in &own[..own.len() - 1] {
        screen.wait(prompt).keys(answer);
    }
    for (number, (prompt, _)) in own.iter().rev().enumerate() {
        screen.wait(prompt).keys(ESCAPE);
        screen.wait_count("←", number + 1);
    }
    screen.wait("[y/N]").keys(ENTER);
    screen.wait("> Yes, I will paste it").keys(ESCAPE);
    screen.wait_count("[y/N]", 3).keys("y").keys(ENTER);
    screen.end().with_code(130).says("Nothing was changed.");
    assert_eq!(stored(&machine), None);
}

#[test]
fn the_review_leads_back_to_any_answer() {
    let machine = Machine::new();
    let key = key("works-too");
    let prompts = prompts(&key);
    let mut screen = wizard(&machine, 80, 50, &["--flow", "api-key"]);
    for (prompt, answer) in &prompts[1..prompts.len() - 1] {
        screen.wait(prompt).keys(answer);
    }
    screen.wait("? Save it?").keys(DOWN).keys(ENTER);
    screen
        .wait("? Which answer do you want to change?")
        .wait("Name: default");
    screen.keys(DOWN).keys(DOWN).keys(ENTER);
    screen.wait("(default)").keys("second").keys(ENTER);
    screen
        .wait("+ profiles.anthropic:second")
        .wait("? Save it?")
        .keys(ENTER);
    screen
        .end()
        .with_code(0)
        .says("The key is saved as anthropic:second.");
}

#[test]
fn a_key_in_the_wrong_field_is_refused_and_taken_off_the_screen() {
    let machine = Machine::new();
    let key = key("works-too");
    let mut screen = wizard(&machine, 80, 40, &["--flow", "api-key"]);
    screen
        .wait("? Do you have an Anthropic API key?")
        .keys(ENTER);
    screen.wait("? Anthropic API key").paste(&key).keys(ENTER);
    screen
        .wait("? A name for this key")
        .paste(&key)
        .settle()
        .keys(ENTER);
    screen.wait("looks like a secret").lacks(&key[..40]);
    screen.keys(CONTROL_C);
    screen.end().with_code(130);
}

#[test]
fn plain_mode_asks_in_numbered_lines_and_never_moves_the_cursor() {
    let key = key("works-too");
    for (variable, flag) in [("", "--plain"), ("ACCESSIBLE=1", ""), ("TERM=dumb", "")] {
        let mut machine = Machine::new();
        if let Some((name, value)) = variable.split_once('=') {
            machine.set(name, value);
        }
        machine.set("NO_COLOR", "1");
        let flags: Vec<&str> = Some(flag)
            .filter(|flag| !flag.is_empty())
            .into_iter()
            .collect();
        let mut screen = wizard(&machine, 80, 60, &flags);
        screen.wait("5. Nothing now").line("7");
        screen.wait("Please type a number from 1 to 5.").line("1");
        screen.wait("2. No, open the page").line("");
        screen.wait("nothing is shown").line(&key);
        screen
            .wait("A name for this key (Enter for default")
            .line("<");
        screen.wait("Enter keeps").line("");
        screen
            .wait_count("A name for this key (Enter for default", 2)
            .line("plain");
        screen.wait("1. Leave it as it is").line("1");
        screen
            .wait("background services too? (yes or no")
            .line("maybe");
        screen.wait("Please type yes or no.").line("no");
        screen.wait("3. Leave without saving").line("1");
        let left = screen.end();
        left.with_code(0)
            .says("The key is saved as anthropic:plain.");
        left.never_drew(&key).never_drew("\u{1b}");
        assert!(stored(&machine).expect("a store").contains(&key));
    }
}

#[test]
fn plain_mode_joins_a_wrapped_key_too() {
    let whole = key("works-too");
    let (head, tail) = whole.split_at(60);
    let machine = Machine::new();
    let mut screen = wizard(&machine, 80, 60, &["--plain", "--flow", "api-key"]);
    screen.wait("2. No, open the page").line("1");
    screen
        .wait("nothing is shown")
        .keys(&format!("{head}\n{tail}\n"));
    screen
        .wait("joined a 2-line paste")
        .wait("A name for this key")
        .lacks(tail);
    screen.line("").wait("1. Leave it as it is").line("1");
    screen
        .wait("background services")
        .line("")
        .wait("3. Leave")
        .line("1");
    screen
        .end()
        .with_code(0)
        .never_drew(tail)
        .never_drew(&tail[..12]);
    assert!(stored(&machine).expect("a store").contains(&whole));
}

#[test]
fn a_closed_input_cancels_plain_mode() {
    let machine = Machine::new();
    let mut screen = wizard(&machine, 80, 24, &["--plain"]);
    screen.wait("5. Nothing now").keys(CONTROL_D);
    let left = screen.end();
    left.with_code(130)
        .says("The input is closed.")
        .says("Nothing was changed.");
}

#[test]
fn narrow_lines_break_between_words() {
    let machine = Machine::new();
    let mut screen = wizard(&machine, 40, 30, &["--flow", "api-key"]);
    screen.wait("? Do you have an Anthropic API key?");
    let text = screen.screen();
    assert!(
        text.lines().any(|line| line.ends_with("Anthropic")),
        "{text}"
    );
    screen.keys(CONTROL_C).end();
}

#[test]
fn what_looks_like_ci_is_not_asked_unless_it_is_told_to() {
    let table: &[(&str, &str, &[&str], bool)] = &[
        ("CI", "true", &[], false),
        ("CI", "1", &[], false),
        ("CI", "false", &[], true),
        ("CI", "true", &["--interactive"], true),
        ("KEYWRIGHT_NO_INPUT", "1", &[], false),
        ("KEYWRIGHT_NO_INPUT", "1", &["--interactive"], false),
        ("TERM", "xterm", &["--no-input"], false),
        ("TERM", "xterm", &["--non-interactive"], false),
    ];
    for (name, value, flags, asks) in table {
        let machine = Machine::new().with(name, value);
        let mut screen = wizard(&machine, 80, 40, flags);
        if *asks {
            screen.wait("? What do you want to set up?").keys(CONTROL_C);
            screen.end().with_code(130);
        } else {
            screen.end().with_code(64).says("there is nobody to ask");
        }
    }
}

#[test]
fn a_given_answer_is_not_asked_for() {
    let machine = Machine::new().with("K", &key("works-too"));
    let flags = ["--anthropic-api-key-env", "K", "--profile-id", "mine"];
    let mut screen = wizard(&machine, 80, 40, &flags);
    screen.wait("> Yes, I will paste it").keys(ENTER);
    screen.wait("? The model used").lacks("A name for this key");
    screen.keys(ENTER).wait("? Write the key").keys(ENTER);
    screen.wait("? Save it?").keys(ENTER);
    screen.end().with_code(0).says("saved as anthropic:mine");
}
