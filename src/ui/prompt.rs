//! Questions on a terminal that can move its cursor, drawn on stderr. The only user of inquire.
//!
//! The secret guard: while the wizard runs, the terminal does not echo; after a hidden prompt the
//! terminal is watched for a moment, and what arrives (the rest of a paste that held a line break)
//! belongs to the secret.

use std::fmt;
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use inquire::ui::{Attributes, Color, ErrorMessageRenderConfig, RenderConfig, StyleSheet, Styled};
use inquire::validator::Validation;
use inquire::{InquireError, Password, PasswordDisplayMode, Select, Text};
use zeroize::Zeroizing;

use super::keyboard::{Choice, Given, Keyboard, Line, yes_or_no};
use super::theme::width_of;
use super::wrap::wrap;
use super::{Role, Theme};
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::system::Terminal;
use crate::system::terminal::{DEFAULT_WIDTH, Hush};

/// How long the rest of a paste may lag behind its first line.
const LAG: Duration = Duration::from_millis(150);

/// Characters kept of what arrives behind a secret; nothing that long is one.
const TAIL_LIMIT: usize = 1 << 20;

/// Options shown at once; more can be scrolled.
const PAGE: usize = 6;

/// Questions drawn by inquire.
pub struct Prompt {
    theme: Theme,
    terminal: Terminal,
    /// Keeps the terminal from echoing between two questions.
    _hush: Hush,
}

impl Prompt {
    /// Takes the terminal over until it is dropped.
    #[must_use]
    pub fn new(theme: Theme, terminal: Terminal) -> Self {
        inquire::set_global_render_config(look(theme.color));
        Self {
            theme,
            terminal,
            _hush: terminal.hush(),
        }
    }

    fn width(&self) -> usize {
        usize::from(self.terminal.width().unwrap_or(DEFAULT_WIDTH))
    }

    /// A question between its words, so that inquire need not break it inside of one.
    fn question(&self, text: &str) -> String {
        wrap(text, self.width().saturating_sub(3), "  ")
    }

    /// An answer behind its question, or below it where the line is too short for both.
    fn beside(&self, question: &str, answer: &str) -> String {
        let last = question.lines().last().map_or(0, width_of);
        if last + width_of(answer) + 4 > self.width() {
            format!("\n  {answer}")
        } else {
            answer.to_owned()
        }
    }

    /// The keys that help, as long as they fit on one line.
    fn keys(&self, wide: &'static str, narrow: &'static str) -> &'static str {
        if self.width() < wide.len() + 4 {
            narrow
        } else {
            wide
        }
    }

    fn option(&self, choice: &Choice) -> String {
        let width = self.width().saturating_sub(3);
        let mut text = choice.label.clone();
        if choice.recommended {
            text.push_str(&self.theme.paint(Role::Dim, " (recommended)"));
        }
        let below = choice.refused.as_ref().or(choice.detail.as_ref());
        if let Some(below) = below {
            let below = wrap(&format!("  {below}"), width, "  ");
            for line in below.lines() {
                text.push_str("\n  ");
                text.push_str(&self.theme.paint(Role::Dim, line));
            }
        }
        text
    }
}

/// An option as inquire shows it.
struct Shown {
    text: String,
    label: String,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Keyboard for Prompt {
    fn choose(&mut self, prompt: &str, choices: &[Choice], start: usize) -> Result<Given<usize>> {
        let question = self.question(prompt);
        let mut start = start;
        loop {
            let options: Vec<Shown> = choices
                .iter()
                .map(|choice| Shown {
                    text: self.option(choice),
                    label: choice.label.clone(),
                })
                .collect();
            let help = self.keys(
                "↑↓ move · Enter choose · Esc back · Ctrl-C leave",
                "↑↓ · Enter · Esc back",
            );
            let answer = Select::new(&question, options)
                .without_filtering()
                .with_page_size(PAGE)
                .with_starting_cursor(start)
                .with_formatter(&|option| self.beside(&question, &option.value.label))
                .with_help_message(help)
                .raw_prompt();
            let given = given(answer)?.map(|option| option.index);
            let Given::Answer(index) = given else {
                return Ok(given);
            };
            match choices
                .get(index)
                .and_then(|choice| choice.refused.as_ref())
            {
                None => return Ok(Given::Answer(index)),
                Some(reason) => {
                    let text = format!("This cannot be chosen: {reason}");
                    self.show(&self.theme.paint(Role::Warning, &text));
                    start = index;
                }
            }
        }
    }

    fn line(&mut self, line: &Line<'_>) -> Result<Given<String>> {
        let question = self.question(line.prompt);
        let hide = line.hide;
        let check = line.check;
        let width = self.width();
        let formatter = |text: &str| {
            if hide(text) {
                "(not shown)".to_owned()
            } else {
                text.to_owned()
            }
        };
        let validator = move |text: &str| {
            // What is hidden leaves the prompt, and with it the screen.
            Ok(match check(text).filter(|_| !hide(text)) {
                None => Validation::Valid,
                // inquire breaks lines inside of words, and puts `! ` before them.
                Some(reason) => {
                    Validation::Invalid(wrap(&reason, width.saturating_sub(2), "").into())
                }
            })
        };
        let mut text = Text::new(&question)
            .with_formatter(&formatter)
            .with_validator(validator)
            .with_initial_value(line.typed);
        if let Some(default) = line.default {
            text = text.with_default(default);
        }
        given(text.prompt())
    }

    fn secret(&mut self, prompt: &str, help: Option<&str>) -> Result<Given<Secret>> {
        let question = self.question(prompt);
        let mut password = Password::new(&question)
            .with_display_mode(PasswordDisplayMode::Masked)
            .without_confirmation();
        if let Some(help) = help {
            password = password.with_help_message(help);
        }
        let first = match given(password.prompt())? {
            Given::Answer(text) => Zeroizing::new(text),
            Given::Back => return Ok(Given::Back),
            Given::Cancel => return Ok(Given::Cancel),
        };
        let mut whole = first;
        let ended = drain(&mut whole, true)?;
        Ok(ended.map(|()| Secret::new(whole.trim_end_matches('\n'))))
    }

    fn confirm(&mut self, prompt: &str, default: Option<bool>) -> Result<Given<bool>> {
        let (question, default) = match default {
            Some(true) => (format!("{prompt} [Y/n]"), "yes"),
            Some(false) => (format!("{prompt} [y/N]"), "no"),
            None => (format!("{prompt} [y/n]"), ""),
        };
        let question = self.question(&question);
        let read = move |text: &str| yes_or_no(if text.is_empty() { default } else { text });
        let formatter = move |text: &str| match read(text) {
            Some(true) => "yes".to_owned(),
            _ => "no".to_owned(),
        };
        let validator = move |text: &str| {
            Ok(match read(text) {
                Some(_) => Validation::Valid,
                None => Validation::Invalid("please type yes or no".into()),
            })
        };
        let answer = Text::new(&question)
            .with_formatter(&formatter)
            .with_validator(validator)
            .prompt();
        Ok(given(answer)?.map(|text| read(&text) == Some(true)))
    }

    fn show(&mut self, text: &str) {
        super::write_stderr(text);
    }
}

fn given<T>(answer: Result<T, InquireError>) -> Result<Given<T>> {
    match answer {
        Ok(value) => Ok(Given::Answer(value)),
        Err(InquireError::OperationCanceled) => Ok(Given::Back),
        Err(InquireError::OperationInterrupted) => Ok(Given::Cancel),
        Err(InquireError::NotTTY) => Err(Error::usage("there is no terminal to ask on")
            .hint("give the answers as flags or in an answers file, with --non-interactive.")),
        Err(error) => Err(terminal_failed(error)),
    }
}

fn terminal_failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Kind::Io, "cannot use the terminal").caused_by(error)
}

/// Appends what arrives until nothing has come for [`LAG`]; Ctrl-C cancels. With `pastes` the terminal is asked to
/// mark pastes, which a terminal without escape sequences cannot.
fn drain(text: &mut Zeroizing<String>, pastes: bool) -> Result<Given<()>> {
    let _raw = Raw::start(pastes)?;
    let mut kept = String::new();
    let mut ended = Given::Answer(());
    while event::poll(LAG).map_err(terminal_failed)? {
        match event::read().map_err(terminal_failed)? {
            Event::Paste(more) => kept.push_str(&Zeroizing::new(more)),
            Event::Key(key) if key.kind == KeyEventKind::Press => match typed(key) {
                Typed::Character(c) => kept.push(c),
                Typed::Enter => kept.push('\n'),
                Typed::Cancel => ended = Given::Cancel,
                _ => {}
            },
            _ => {}
        }
        if kept.len() > TAIL_LIMIT {
            break;
        }
    }
    let kept = Zeroizing::new(kept);
    if !kept.trim_matches('\n').is_empty() {
        text.push('\n');
        text.push_str(&kept);
    }
    Ok(ended)
}

/// Reads a hidden line key by key, with everything that follows it within a moment. Draws nothing.
pub(super) fn hidden_line() -> Result<Given<Secret>> {
    let mut text = Zeroizing::new(String::new());
    let raw = Raw::start(false)?;
    loop {
        let key = match event::read().map_err(terminal_failed)? {
            Event::Key(key) if key.kind == KeyEventKind::Press => key,
            Event::Paste(more) => {
                text.push_str(&Zeroizing::new(more));
                continue;
            }
            _ => continue,
        };
        match typed(key) {
            Typed::Character(c) => text.push(c),
            Typed::Enter => break,
            Typed::Erase => {
                text.pop();
            }
            Typed::EraseAll => text.clear(),
            Typed::Escape => return Ok(Given::Back),
            Typed::Cancel => return Ok(Given::Cancel),
            Typed::Close if text.is_empty() => return Ok(Given::Cancel),
            Typed::Close | Typed::Nothing => {}
        }
    }
    let ended = drain(&mut text, false)?;
    drop(raw);
    Ok(ended.map(|()| Secret::new(text.trim_end_matches('\n'))))
}

/// What a key means in a hidden line.
enum Typed {
    Character(char),
    Enter,
    Erase,
    EraseAll,
    Escape,
    Cancel,
    Close,
    Nothing,
}

fn typed(key: KeyEvent) -> Typed {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if control => Typed::Cancel,
        KeyCode::Char('d') if control => Typed::Close,
        KeyCode::Char('u') if control => Typed::EraseAll,
        // In raw mode a bare line feed arrives as Ctrl-J.
        KeyCode::Char('j') if control => Typed::Enter,
        KeyCode::Char(_) if control => Typed::Nothing,
        KeyCode::Char(c) => Typed::Character(c),
        KeyCode::Enter => Typed::Enter,
        KeyCode::Backspace => Typed::Erase,
        KeyCode::Esc => Typed::Escape,
        _ => Typed::Nothing,
    }
}

/// Raw mode, ended on every way out.
struct Raw {
    /// Bracketed paste was switched on.
    pastes: bool,
}

impl Raw {
    fn start(pastes: bool) -> Result<Self> {
        crossterm::terminal::enable_raw_mode().map_err(terminal_failed)?;
        let raw = Self { pastes };
        if pastes {
            crossterm::execute!(std::io::stderr(), event::EnableBracketedPaste)
                .map_err(terminal_failed)?;
        }
        Ok(raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        if self.pastes {
            let _ = crossterm::execute!(std::io::stderr(), event::DisableBracketedPaste);
        }
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// inquire in our colours.
fn look(color: bool) -> RenderConfig<'static> {
    let plain = RenderConfig::empty();
    let marks = plain
        .with_prompt_prefix(Styled::new("?"))
        .with_answered_prompt_prefix(Styled::new("✓"))
        .with_highlighted_option_prefix(Styled::new(">"))
        .with_scroll_up_prefix(Styled::new("^"))
        .with_scroll_down_prefix(Styled::new("v"))
        .with_canceled_prompt_indicator(Styled::new("←"));
    if !color {
        return marks;
    }
    let accent = StyleSheet::new().with_fg(Color::DarkCyan);
    let mut look = marks
        .with_prompt_prefix(Styled::new("?").with_fg(Color::DarkCyan))
        .with_answered_prompt_prefix(Styled::new("✓").with_fg(Color::DarkGreen))
        .with_highlighted_option_prefix(Styled::new(">").with_fg(Color::DarkCyan))
        .with_canceled_prompt_indicator(Styled::new("←").with_fg(Color::DarkGrey))
        .with_help_message(StyleSheet::new().with_fg(Color::DarkGrey))
        .with_default_value(StyleSheet::new().with_fg(Color::DarkGrey))
        .with_selected_option(Some(accent))
        .with_answer(accent)
        .with_error_message(
            ErrorMessageRenderConfig::empty()
                .with_prefix(Styled::new("!").with_fg(Color::DarkRed))
                .with_message(StyleSheet::new().with_fg(Color::DarkRed)),
        );
    look.prompt = StyleSheet::new().with_attr(Attributes::BOLD);
    look
}
