//! `config check`: every setting judged, with its place in the file.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::command::Context;
use crate::error::Result;
use crate::exit::Exit;
use crate::store::config::remarks::{self, Remarks};
use crate::store::config::schema::{Remark, Severity};
use crate::ui::{Role, escape};

/// Checks the file. Notes alone are no problem.
///
/// # Errors
/// `Malformed` for a file with a mistake in it, with line and column; `Permission` or `Io`.
pub fn run(context: &Context<'_>) -> Result<Exit> {
    let home = context.home()?;
    let path = home.config().display().to_string();
    let Remarks {
        exists,
        unread,
        list,
    } = remarks::of(context.system, &home)?;
    let wrong = list.iter().any(|remark| remark.severity == Severity::Error);
    let exit = if wrong { Exit::Problem } else { Exit::Done };
    let ui = context.ui;
    if ui.json {
        let list: Vec<Value> = list.iter().map(document).collect();
        ui.document(&json!({
            "schemaVersion": 1,
            "path": path,
            "exists": exists,
            "ok": !wrong,
            "used": !unread,
            "remarks": list,
        }))?;
        return Ok(exit);
    }
    let mut text = String::new();
    for remark in &list {
        let (role, word) = match remark.severity {
            Severity::Error => (Role::Error, "wrong"),
            Severity::Note | Severity::Unread => (Role::Info, "note"),
        };
        let words = match remark.key.0.as_slice() {
            [] => format!("it {}", remark.what),
            _ => format!("{} {}", remark.key, remark.what),
        };
        let place = format!("{path}:{}:{}", remark.line, remark.column);
        let _ = writeln!(
            text,
            "{} {}: {}",
            ui.out.paint(role, word),
            escape::line(&place),
            escape::line(&words)
        );
    }
    ui.data(&text)?;
    ui.say(&match (exists, wrong) {
        (false, _) => format!("There is no {path}: everything is as it is by default."),
        (true, true) => {
            let what = if unread {
                "Until that is mended, no setting has an effect."
            } else {
                "What is wrong has no effect."
            };
            format!("{what} `keywright config set KEY VALUE` or an editor mends it.")
        }
        (true, false) => "The configuration can be used.".to_owned(),
    });
    Ok(exit)
}

fn document(remark: &Remark) -> Value {
    json!({
        "severity": match remark.severity {
            Severity::Error => "error",
            Severity::Note | Severity::Unread => "note",
        },
        "key": remark.key.to_string(),
        "line": remark.line,
        "column": remark.column,
        "message": remark.what,
    })
}
