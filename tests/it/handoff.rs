//! What Ctrl-C does while another program has the terminal.

use crate::support::machine::Machine;
use crate::support::pty::{CONTROL_C, ENTER, Pty};

/// The wizard at the hand-off to a `claude` whose `setup-token` is that script.
fn handed_over(machine: &Machine, setup_token: &str) -> Pty {
    let script =
        format!("[ \"$1\" = --version ] && exec echo '2.1.329 (Claude Code)'\n{setup_token}");
    machine.program("claude", &script);
    let mut screen = machine.terminal(120, 200, &["onboard", "--flow", "setup-token"]);
    screen
        .wait("? Where does the token come from?")
        .keys(ENTER)
        .wait("? Go on with the token?")
        .line("y");
    screen
}

/// As the real program does: Ctrl-C is a character to it, which it does not heed.
#[test]
fn a_program_that_does_not_heed_control_c_is_left_with_it() {
    let machine = Machine::new();
    let script = "PATH=/usr/bin:/bin stty raw -echo\ntrap 'exit 0' INT\nprintf 'Paste code here'\nwhile :; do read -r key; done";
    let mut screen = handed_over(&machine, script);
    screen.wait("Paste code here").wait_for_interrupt_key();
    // Ctrl-Z and Ctrl-\ stay what the program took them for.
    screen
        .keys("\u{1a}\u{1c}")
        .settle()
        .lacks("did not come to its end")
        .keys(CONTROL_C)
        .wait("did not come to its end")
        .keys(CONTROL_C);
    screen.end().with_code(130).says("Nothing was changed.");
}

/// The signal comes just before the end of the program that it is meant for.
#[test]
fn a_late_control_c_does_not_end_the_wizard() {
    let machine = Machine::new();
    let mut screen = handed_over(&machine, "kill -INT $PPID");
    for rounds in 0..20 {
        screen
            .wait_count("✓ `claude setup-token`", rounds)
            .wait("? `claude setup-token`")
            .keys(ENTER);
    }
    screen
        .wait_count("✓ `claude setup-token`", 20)
        .wait("? `claude setup-token`")
        .keys(CONTROL_C);
    screen.end().with_code(130).says("Nothing was changed.");
}
