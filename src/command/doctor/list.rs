//! `doctor list`.

use serde::Serialize;

use crate::command::Context;
use crate::doctor::run::millis;
use crate::doctor::{Category, Cost, checks};
use crate::error::Result;
use crate::exit::Exit;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    schema_version: u32,
    checks: Vec<Listed>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    code: &'static str,
    id: &'static str,
    title: &'static str,
    category: Category,
    cost: Cost,
    needs: &'static [&'static str],
    timeout_ms: u64,
}

/// Lists every check.
///
/// # Errors
/// `Io` when it cannot be written.
pub fn run(context: &Context<'_>) -> Result<Exit> {
    let mut listed: Vec<Listed> = checks::ALL
        .iter()
        .map(|check| Listed {
            code: check.meta.code,
            id: check.meta.id,
            title: check.meta.title,
            category: check.meta.category,
            cost: check.meta.cost(),
            needs: check.meta.needs,
            timeout_ms: millis(check.meta.timeout()),
        })
        .collect();
    listed.sort_by_key(|check| (check.category, check.code));
    if context.ui.json {
        context.ui.document(&List {
            schema_version: 1,
            checks: listed,
        })?;
    } else {
        let lines = listed
            .iter()
            .map(|check| (check.category, check.code, check.title));
        context.ui.check_list(lines)?;
    }
    Ok(Exit::Done)
}
