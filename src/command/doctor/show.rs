//! Which form of the report is written.

use crate::cli::doctor::{Doctor, Format};
use crate::command::Context;
use crate::doctor::Report;
use crate::error::{Error, Result};

/// `--json` is `--format json` and goes with no other.
///
/// # Errors
/// `Usage` when two forms are asked for.
pub fn refuse_two_forms(arguments: &Doctor, context: &Context<'_>) -> Result<()> {
    if !context.global.json || matches!(arguments.format, Format::Text | Format::Json) {
        return Ok(());
    }
    Err(
        Error::usage("--json and --format ask for two different forms of the report")
            .hint("Leave one of the two out."),
    )
}

/// Every form says the same, and none of them changes the exit code.
///
/// # Errors
/// `Io` when it cannot be written.
pub fn show(
    report: &Report,
    home: Option<&str>,
    arguments: &Doctor,
    context: &Context<'_>,
) -> Result<()> {
    let ui = context.ui;
    match arguments.format {
        _ if ui.json => ui.report_json(report),
        Format::Text | Format::Json => ui.report_text(report, home),
        Format::Markdown => ui.report_markdown(report, home),
        Format::Junit => ui.report_junit(report),
        Format::Github => ui.report_github(report),
    }
}
