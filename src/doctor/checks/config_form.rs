//! STORE-012: can the configuration be read?

use super::store_form;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::Area;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-012",
        id: "config-form",
        title: "The configuration can be read",
        category: Category::Store,
        needs: &[],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "The configuration, config.json5, holds the default model and other settings. While it cannot be read, commands that need a setting stop instead of guessing.",
        detection: "The file is read and parsed as JSON5. Line and column are named, contents never.",
        mending: "Correct the file by hand, or move it away to start with the defaults.",
        false_positives: "None: a configuration that this check refuses is refused by every command.",
    },
    run: |facts| store_form::judge(facts, &facts.home.config, "configuration", "STORE-012"),
};
