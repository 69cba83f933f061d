//! How a failure looks: text on stderr, or one JSON document on stdout.

use serde::Serialize;

use super::{Role, Ui, escape};
use crate::error::{Error, Missing};
use crate::exit::Exit;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    error: Body<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    code: &'static str,
    message: String,
    hint: Option<&'a str>,
    request_id: Option<&'a str>,
    path: Option<String>,
    missing: &'a [Missing],
}

impl Ui {
    /// Reports a failure and gives its exit code. The same code in text and in JSON.
    pub fn failure(&self, error: &Error) -> Exit {
        if self.json {
            let document = Document {
                schema_version: 1,
                error: Body {
                    code: error.kind().code(),
                    message: error.to_string(),
                    hint: error.hint_text(),
                    request_id: error.request_id_text(),
                    path: error.path_text(),
                    missing: error.missing_answers(),
                },
            };
            if let Err(write) = self.document(&document) {
                self.failure_text(&write);
                return write.exit();
            }
        } else {
            self.failure_text(error);
        }
        error.exit()
    }

    fn failure_text(&self, error: &Error) {
        let heading = self.err.paint(Role::Error, "error:");
        self.stderr(&format!("{heading} {}", escape::line(&error.to_string())));
        if let Some(snippet) = error.snippet_text() {
            self.stderr(snippet);
        }
        for missing in error.missing_answers() {
            self.stderr(&missing_line(missing));
        }
        if let Some(id) = error.request_id_text() {
            self.stderr(&format!("  request id: {}", escape::line(id)));
        }
        if let Some(hint) = error.hint_text() {
            self.stderr(&format!("{} {hint}", self.err.paint(Role::Info, "hint:")));
        }
    }
}

fn missing_line(missing: &Missing) -> String {
    let Missing {
        variable,
        because,
        flag,
        env,
        answers_key,
        accepts,
    } = missing;
    let env = env
        .as_ref()
        .map(|name| format!(", or {name} in the environment"))
        .unwrap_or_default();
    let file = match answers_key.as_str() {
        "" => String::new(),
        key => format!(", or \"{key}\" in an answers file"),
    };
    format!("  {variable}: {because}\n    give {flag}{env}{file}; accepts {accepts}")
}
