//! `doctor --fix --json`: the plan, what was done, and the report on the machine as it is now, in one
//! document. `docs/schema/doctor-fix.schema.json` is its published form.

use serde::Serialize;

use super::draft::FileChange;
use super::verify::Verified;
use super::{Fix, Left, Plan};
use crate::doctor::report::{Report, SCHEMA_VERSION};
use crate::store::Receipt;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Document<'a> {
    schema_version: u32,
    dry_run: bool,
    plan: Planned,
    /// `null` where nothing was done.
    applied: Option<Applied>,
    /// Empty where nothing was done.
    verification: Vec<Verified>,
    /// After the fix; its exit code is that of the command.
    report: &'a Report,
}

/// What was to be done.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Planned {
    pub fixes: Vec<Fix>,
    pub files: Vec<FileChange>,
    /// Commands of keywright that are part of it.
    pub commands: Vec<String>,
    pub left: Vec<Left>,
}

/// What was done.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Applied {
    /// For `keywright undo`; `null` where nothing can be taken back.
    pub transaction: Option<String>,
    pub paths: Vec<String>,
}

impl Planned {
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let commands = plan.commands().into_iter();
        Self {
            fixes: plan.fixes.clone(),
            files: plan.files(),
            commands: commands.map(str::to_owned).collect(),
            left: plan.left.clone(),
        }
    }
}

impl Applied {
    #[must_use]
    pub fn of(receipt: &Receipt) -> Self {
        let paths = receipt.paths.iter();
        Self {
            transaction: receipt.transaction.clone(),
            paths: paths.map(|path| path.display().to_string()).collect(),
        }
    }
}

impl<'a> Document<'a> {
    /// Nothing was done.
    #[must_use]
    pub const fn planned(plan: Planned, dry_run: bool, report: &'a Report) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            dry_run,
            plan,
            applied: None,
            verification: Vec::new(),
            report,
        }
    }

    /// It was done, and the machine was looked at again.
    #[must_use]
    pub fn done(
        plan: Planned,
        applied: Applied,
        verification: Vec<Verified>,
        report: &'a Report,
    ) -> Self {
        Self {
            applied: Some(applied),
            verification,
            ..Self::planned(plan, false, report)
        }
    }
}
