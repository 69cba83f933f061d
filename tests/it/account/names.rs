//! Names that cannot be: refused before they reach a path or the screen.

use super::*;

/// Every verb that takes the name of an account, with what it needs besides.
const VERBS: &[(&str, &[&str])] = &[
    ("add-api-key", &["--api-key-stdin"]),
    ("show-api-key", &[]),
    ("list-api-keys", &[]),
    ("delete-api-key", &["-p", "anthropic", "--force"]),
    ("info", &[]),
    ("use", &[]),
    ("new", &["--claude-login"]),
    ("save", &[]),
    ("delete", &["--force", "--claude-login"]),
    ("env", &[]),
];

#[test]
fn no_verb_takes_them() {
    let machine = machine();
    ends(&add(&machine, "good", "01"), 0, "");
    machine.write("victim/file", "precious");
    let before = tree(&machine);
    let long = "x".repeat(300);
    let names = [
        "../victim",
        "../../victim",
        "..",
        ".",
        "",
        " ",
        "a/b",
        "a..b",
        "Good",
        "[red]x[/red]",
        "a\u{1b}[31mb",
        "a\nb",
        "日本語",
        "gооd",
        "a:b",
        long.as_str(),
    ];
    for name in names {
        for (verb, more) in VERBS {
            let words = [&["account", verb, name], *more].concat();
            let ended = machine.run_with_input(&words, key("02").as_bytes());
            assert_eq!(ended.code, 64, "{verb} {name:?}: {ended:?}");
            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert!(!said.contains('\u{1b}'), "{verb} {name:?}");
        }
    }
    assert_eq!(tree(&machine), before);
}

#[test]
fn the_longest_name_and_the_odd_ones_work() {
    let machine = machine();
    for name in [
        "x".repeat(63).as_str(),
        "accounts.json",
        "0",
        "a.b_c-d",
        "none",
        "default",
    ] {
        ends(&add(&machine, name, "01"), 0, "Added");
        ends(&account(&machine, &["use", name]), 0, "Switched");
        assert_eq!(
            account(&machine, &["current", "--json"]).json()["active"],
            name
        );
        ends(
            &account(&machine, &["delete", name, "-f"]),
            0,
            "none is active now",
        );
    }
    assert_eq!(stored(&machine)["profiles"], json!({}));
}

#[test]
fn words_that_are_missing_or_too_many() {
    let machine = machine();
    for arguments in [
        &["use"][..],
        &["use", "a", "--none"],
        &["save"],
        &["save", "a", "--name", "b"],
        &["new", "a"],
        &["delete"],
        &["delete-api-key", "a", "--force"],
        &["env", "a", "--unset"],
        &["env", "a", "--save"],
        &["nothing"],
        &[],
    ] {
        assert_eq!(account(&machine, arguments).code, 64, "{arguments:?}");
    }
    ends(
        &account(&machine, &["new", "a"]),
        64,
        "keywright account new a --claude-login",
    );
}
