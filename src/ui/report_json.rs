//! The doctor's report as one JSON document on stdout.

use super::Ui;
use crate::doctor::Report;
use crate::error::Result;

impl Ui {
    /// Writes the report.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn report_json(&self, report: &Report) -> Result<()> {
        self.document(report)
    }
}
