//! The rules behind `docs/architecture.md` that the compiler does not know. Each rule is a function
//! from sources to what is wrong with them, and is tried on a bad sample as well: a rule that
//! cannot fail is none.

mod rules;
mod sources;
mod tables;

use std::collections::BTreeSet;

use rules::{direction, doors, edges, modules, purity, short};
use sources::{Source, read, source, sources};
use tables::LONGEST;

type Rule = fn(&[Source]) -> Vec<String>;

const RULES: &[(Rule, &str, &str)] = &[
    (direction, "src/doctor/x.rs", "use crate::ui::Ui;"),
    (direction, "src/doctor/x.rs", "use crate::{error, ui};"),
    (direction, "src/wizard/mod.rs", "use super::ui;"),
    (
        direction,
        "src/store/deep/x.rs",
        "fn f(u: super::super::super::ui::Ui) {}",
    ),
    (direction, "src/provider/x.rs", "fn f(s: &crate::System) {}"),
    (
        direction,
        "src/newcomer/mod.rs",
        "use crate::error::Result;",
    ),
    (
        purity,
        "src/provider/x.rs",
        "fn f() { std::fs::metadata(p) }",
    ),
    (purity, "src/doctor/checks/x.rs", "fn f(world: &System) {}"),
    (
        purity,
        "src/wizard/engine/x.rs",
        "let now = Instant::now();",
    ),
    (edges, "src/ui/x.rs", "use inquire::Select;"),
    (edges, "src/command/x.rs", "let c = reqwest::Client::new();"),
    (doors, "src/ui/x.rs", "let text = secret.for_request();"),
    (doors, "src/command/x.rs", "let f = Secret::for_file;"),
    (short, "src/x.rs", "LONG"),
    (modules, "src/store/forgotten.rs", "fn f() {}"),
    (modules, "tests/it/forgotten.rs", "fn f() {}"),
];

#[test]
fn every_rule_holds() {
    let sources = sources();
    assert!(sources.len() > 50, "the sources were not found");
    let rules: [(Rule, &str); 6] = [
        (direction, "dependency direction"),
        (purity, "purity"),
        (edges, "one file per edge crate"),
        (doors, "the doors of Secret"),
        (short, "length of files"),
        (modules, "files that no module lists"),
    ];
    let wrong: Vec<String> = rules
        .iter()
        .flat_map(|(rule, name)| {
            rule(&sources)
                .into_iter()
                .map(move |w| format!("{name}: {w}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_can_fail() {
    for (rule, path, text) in RULES {
        let text = text.replace("LONG", &"// a line\n".repeat(LONGEST + 1));
        let sample = [source(path, &text)];
        assert_eq!(rule(&sample).len(), 1, "{path}: {text}");
        let as_test = format!("#[cfg(test)]\nmod tests {{ {text} }}");
        let in_tests = [source(path, &as_test)];
        if !text.starts_with("//") && !path.contains("forgotten") && !path.contains("newcomer") {
            assert!(rule(&in_tests).is_empty(), "tests are free: {path}");
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = read("Cargo.toml");
    let reasons = read("docs/dependencies.md");
    assert_eq!(unexplained(&manifest, &reasons), BTreeSet::new());
    let sample = "[dependencies]\nserde = \"1\"\nurl = { version = \"2\" }\n[lints]\nx = 1\n";
    let missing = unexplained(
        sample,
        "| `serde` | reading and writing JSON |\n| `gone` | x |",
    );
    let expected = [
        "gone: explained, but not used",
        "url: used, but not explained",
    ];
    assert_eq!(missing, expected.map(str::to_owned).into());
}

/// Names that stand in only one of the manifest and the table of reasons.
fn unexplained(manifest: &str, reasons: &str) -> BTreeSet<String> {
    let mut section = "";
    let mut used = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if section.ends_with("dependencies")
            && let Some((name, _)) = line.split_once(" = ")
            && !line.starts_with('#')
        {
            used.insert(name.to_owned());
        }
    }
    let explained: BTreeSet<String> = reasons
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(name, _)| name.to_owned())
        .collect();
    let unexplained = used.difference(&explained);
    let unused = explained.difference(&used);
    unexplained
        .map(|name| format!("{name}: used, but not explained"))
        .chain(unused.map(|name| format!("{name}: explained, but not used")))
        .collect()
}
