//! docs/doctor-codes.md: every code, from the registry and the message tables. The test below fails
//! when the page is stale (`KEYWRIGHT_BLESS=1` rewrites it).

use std::fmt::Write;

use super::{TABLES, checks, known};
use crate::doctor::check::{Category, Check, Cost};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/doctor-codes.md");

const HEAD: &str = "# The doctor's codes

`keywright doctor` examines the machine and names each problem by a code. `keywright doctor explain CODE` prints what stands here, `keywright doctor explain \"MESSAGE\"` finds the code of an error message. This page is generated: `KEYWRIGHT_BLESS=1 cargo test --lib doctor_codes`.
";

fn generated() -> String {
    let mut page = HEAD.to_owned();
    for category in Category::ALL {
        let _ = write!(page, "\n## {} (`{}`)\n", category.title(), category.id());
        let checks = checks::ALL
            .iter()
            .filter(|check| check.meta.category == *category);
        for check in checks {
            section(&mut page, check);
        }
    }
    page
}

fn section(page: &mut String, check: &Check) {
    let meta = &check.meta;
    let told = check.explanation;
    let cost = match meta.cost() {
        Cost::Local => "looks at this machine only",
        Cost::Spawn => "starts `claude --version`",
        Cost::Network => "asks a server, for free",
    };
    let needs = if meta.needs.is_empty() {
        String::new()
    } else {
        format!("; not run when {} fails", meta.needs.join(" or "))
    };
    let _ = write!(
        page,
        "\n### {} {}\n\n`{}`; {cost}{needs}.\n\n{}\n\n- **How it is found.** {}\n- **How to mend it.** {}\n- **False alarms.** {}\n",
        meta.code,
        meta.title,
        meta.id,
        told.meaning,
        told.detection,
        told.mending,
        told.false_positives,
    );
    let messages: Vec<String> = TABLES
        .iter()
        .copied()
        .flatten()
        .filter(|message| known(message.patterns[0], message).code == Some(meta.code))
        .map(|message| format!("`{}`", message.patterns[0].replace(" * ", " … ")))
        .collect();
    if !messages.is_empty() {
        let _ = writeln!(page, "- **Messages.** {}", messages.join(", "));
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "reads and rewrites a file of the source tree"
)]
fn doctor_codes_are_current() {
    let generated = generated();
    if std::env::var_os("KEYWRIGHT_BLESS").is_some() {
        std::fs::write(PATH, &generated).expect("the page");
    }
    let published = std::fs::read_to_string(PATH).unwrap_or_default();
    assert_eq!(
        published.replace("\r\n", "\n"),
        generated,
        "docs/doctor-codes.md is stale: KEYWRIGHT_BLESS=1 cargo test --lib doctor_codes"
    );
}
