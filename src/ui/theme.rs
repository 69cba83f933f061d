//! Colours and symbols by role, and the one decision whether there are colours at all. The only
//! user of owo-colors and console.

use owo_colors::{OwoColorize, Style};

use crate::system::Environment;

/// What `--color` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    #[default]
    Auto,
    Always,
    Never,
}

/// What a piece of text is; the theme knows how that looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Heading,
    Success,
    Info,
    Warning,
    Error,
    /// Of second importance.
    Dim,
    /// A name, path or value.
    Value,
    /// Something to type.
    Command,
}

/// How one stream looks.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    pub color: bool,
}

impl Theme {
    /// Flag, then `NO_COLOR`, then `CLICOLOR_FORCE` or `FORCE_COLOR`, then `CLICOLOR=0`, then
    /// `TERM=dumb`, then whether the stream is a terminal.
    #[must_use]
    pub fn decide(choice: ColorChoice, environment: &Environment, terminal: bool) -> Self {
        let forced = |name| environment.get(name).is_some_and(|v| v != "0");
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if environment.get("NO_COLOR").is_some() => false,
            ColorChoice::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
            ColorChoice::Auto if environment.get("CLICOLOR") == Some("0") => false,
            ColorChoice::Auto if environment.get("TERM") == Some("dumb") => false,
            ColorChoice::Auto => terminal,
        };
        Self { color }
    }

    /// `text` in the look of its role.
    #[must_use]
    pub fn paint(&self, role: Role, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = match role {
            Role::Heading => Style::new().bold(),
            Role::Success => Style::new().green(),
            Role::Info => Style::new().blue(),
            Role::Warning => Style::new().yellow().bold(),
            Role::Error => Style::new().red().bold(),
            Role::Dim => Style::new().dimmed(),
            Role::Value => Style::new().cyan(),
            Role::Command => Style::new().magenta(),
        };
        text.style(style).to_string()
    }
}

/// Tells the crates that colour by themselves what was decided here.
pub fn push_into_crates(out: bool, err: bool) {
    console::set_colors_enabled(out);
    console::set_colors_enabled_stderr(err);
}

/// Columns that `text` takes on a terminal, escape sequences not counted.
#[must_use]
pub fn width_of(text: &str) -> usize {
    console::measure_text_width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rule_decides() {
        let check = |choice, variables: &[(&str, &str)], terminal, expected| {
            let environment = Environment::of(variables.iter().copied(), "/");
            let theme = Theme::decide(choice, &environment, terminal);
            assert_eq!(theme.color, expected, "{choice:?} {variables:?} {terminal}");
        };
        use ColorChoice::{Always, Auto, Never};
        check(Auto, &[], true, true);
        check(Auto, &[], false, false);
        check(Auto, &[("NO_COLOR", "1")], true, false);
        check(Auto, &[("NO_COLOR", "")], true, true);
        check(
            Auto,
            &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")],
            true,
            false,
        );
        check(Auto, &[("FORCE_COLOR", "1")], false, true);
        check(Auto, &[("FORCE_COLOR", "0")], false, false);
        check(Auto, &[("CLICOLOR", "0")], true, false);
        check(
            Auto,
            &[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")],
            true,
            true,
        );
        check(Auto, &[("TERM", "dumb")], true, false);
        check(Always, &[("NO_COLOR", "1")], false, true);
        check(Never, &[("FORCE_COLOR", "1")], true, false);
    }
}
