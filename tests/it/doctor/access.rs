//! Who may read or replace files with credentials: access lists, histories, and the programs that
//! are run only when asked to.

use std::path::{Path, PathBuf};

use rustix::fs::{XattrFlags, setxattr};
use serde_json::Value;

use super::{check, examine, failed, machine, private, status};
use crate::support::machine::{Ended, Machine, key};

const STORE: &str = ".config/keywright/agents/main/auth-profiles.json";

/// Lets a user read, as `setfacl -m u:USER:r` does; `None` where the file system keeps no lists.
fn let_in(path: &Path, user: u32) -> Option<()> {
    let anybody = u32::MAX;
    let entries: [(u16, u16, u32); 5] = [
        (0x01, 6, anybody),
        (0x02, 4, user),
        (0x04, 0, anybody),
        (0x10, 4, anybody),
        (0x20, 0, anybody),
    ];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(permissions.to_le_bytes());
        list.extend(id.to_le_bytes());
    }
    setxattr(path, "system.posix_acl_access", &list, XattrFlags::empty()).ok()
}

#[test]
fn an_access_list_opens_a_store() {
    let machine = machine("works");
    let store = machine.home().join(STORE);
    if let_in(&store, 4711).is_none() {
        // The form of such a list is tested where it is read.
        return;
    }
    let (document, text) = offline(&machine);
    assert_eq!(failed(&document), ["CRED-001"], "{}", text.stdout);
    let words = "can be read by user 4711, whom an access list lets in";
    assert!(text.stdout.contains(words), "{}", text.stdout);
    // What the remedy says empties the list's mask.
    private(&store, 0o600);
    let (document, text) = offline(&machine);
    assert_eq!(status(&document, "CRED-001"), "pass", "{}", text.stdout);
}

#[test]
fn a_list_that_lets_in_its_owner_is_in_order() {
    let machine = machine("works");
    let store = machine.home().join(STORE);
    let user = rustix::process::geteuid().as_raw();
    if let_in(&store, user).is_some() {
        let (document, text) = offline(&machine);
        assert_eq!(status(&document, "CRED-001"), "pass", "{}", text.stdout);
    }
}

#[test]
fn keys_in_histories_are_counted_and_never_shown() {
    let machine = machine("works");
    let secret = key("typed");
    machine.write(
        ".bash_history",
        &format!("ls\nexport X={secret}\n\u{fffd}\nexport Y={secret} Z={secret}\n"),
    );
    machine.write("elsewhere", &format!("export ANTHROPIC_API_KEY={secret}\n"));
    let machine = machine.with("HISTFILE", "elsewhere");
    let (document, text) = offline(&machine);
    let found = &check(&document, "CRED-041")["finding"];
    let summary = found["summary"].as_str().expect("a summary");
    assert_eq!(summary, "3 lines of a command history hold a key.");
    assert_eq!(found["evidence"].as_array().map(Vec::len), Some(2));
    assert!(
        text.stdout.contains(".bash_history: lines 2, 4."),
        "{}",
        text.stdout
    );
    for output in [&text.stdout, &text.stderr, &document.to_string()] {
        assert!(!output.contains(&secret[..30]), "{output}");
    }
}

fn offline(machine: &Machine) -> (Value, Ended) {
    examine(machine, &["--offline"])
}

fn marked(machine: &Machine) -> PathBuf {
    machine.home().join("ran")
}

/// A machine whose helpers leave a mark when they are run.
fn with_helpers() -> Machine {
    let machine = machine("works")
        .with("CLAUDE_CODE_USE_BEDROCK", "1")
        .with("AWS_REGION", "us-east-1")
        .with("AWS_PROFILE", "dev")
        .with("AWS_EC2_METADATA_DISABLED", "true");
    let mark = "echo \"$0\" >> \"$HOME/ran\"";
    let give = machine.program("give-key", &format!("{mark}\necho {}", key("given")));
    let aws = machine.program("give-keys", &format!("{mark}\necho nothing"));
    let settings = format!(r#"{{"apiKeyHelper": "{} now"}}"#, give.display());
    machine.write(".claude/settings.json", &settings);
    let config = format!("[profile dev]\ncredential_process = {}\n", aws.display());
    private(&machine.write(".aws/config", &config), 0o600);
    machine
}

#[test]
fn helpers_are_run_when_asked_and_announced_before() {
    let machine = with_helpers();
    let (document, _) = offline(&machine);
    assert_eq!(status(&document, "CFG-010"), "pass");
    assert!(!marked(&machine).exists(), "nothing is run by default");
    let text = machine.run(&["doctor", "--offline", "--deep"]);
    let document = machine
        .run(&["doctor", "--offline", "--deep", "--json"])
        .json();
    assert_eq!(status(&document, "CFG-010"), "pass", "{}", text.stdout);
    assert_eq!(failed(&document), ["AWS-003"], "{}", text.stdout);
    let announced = [
        "Runs the apiKeyHelper of ",
        "Runs the credential_process of the AWS profile dev once",
    ];
    for words in announced {
        assert!(text.stderr.contains(words), "{}", text.stderr);
    }
    assert!(
        text.stdout.contains("It printed no JSON."),
        "{}",
        text.stdout
    );
    let ran = std::fs::read_to_string(marked(&machine)).expect("both were run");
    // Once as text and once as JSON.
    assert_eq!(ran.lines().count(), 4, "{ran}");
    let shown = format!("{document}{}{}", text.stdout, text.stderr);
    assert!(!shown.contains(&key("given")[..30]), "{shown}");
}

#[test]
fn helpers_that_no_check_asks_for_are_not_run() {
    let machine = with_helpers();
    let (_, text) = examine(&machine, &["--deep", "--only", "TTY-001"]);
    assert!(!text.stderr.contains("Runs "), "{}", text.stderr);
    assert!(!marked(&machine).exists());
}

/// A `HOME` that is a file stands in the way of everything, and is told once.
#[test]
fn a_home_that_is_a_file_has_one_cause() {
    let machine = Machine::new();
    let file = machine.write("file", "");
    let machine = machine.with("HOME", &file.display().to_string());
    let (document, text) = offline(&machine);
    assert_eq!(failed(&document), ["CRED-001"], "{}", text.stdout);
    for code in ["CFG-001", "CFG-002", "CRED-010", "STORE-001", "STORE-012"] {
        assert_eq!(status(&document, code), "skipped", "{}", text.stdout);
        assert_eq!(check(&document, code)["blockedBy"], "CRED-001", "{code}");
    }
}
