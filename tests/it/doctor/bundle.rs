//! `--bundle` on a machine that has a secret in every corner, and `--from` on what it wrote.

mod encodings;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

use super::{machine, private, store, tree};
use crate::support::machine::{Ended, KEYWRIGHT, Machine};
use crate::support::server::{Answer, Server};
use encodings::leaked;

/// Where each secret is, and the part of it that must not be seen.
const CANARIES: &[(&str, &str)] = &[
    ("an environment key", "Zq1wXe2rCt3vBy4nUm5i"),
    ("an environment token", "gateway-Canary-0002-pass"),
    ("settings.json", "settings-Canary-0003-pass"),
    (".credentials.json, access", "accessCanary0004QwErTy"),
    (".credentials.json, refresh", "refreshCanary0005AsDfGh"),
    ("our store", "StoreCanary0006aSdFgHjK"),
    ("a start-up file", "startup-Canary-0007-pass"),
    (
        "~/.aws/credentials",
        "awsCanary/0008+zPcVbNmJwKrTyLiOpBsDnGh1",
    ),
    ("a profile's name", "profile-canary-0009-wlorpek"),
    ("the base URL", "urlCanary0010"),
    ("a proxy URL", "proxyCanary0011"),
    ("the server's error", "serverCanary0012kXjQvWzPyR"),
    ("claude --version", "versionCanary0013uMgTnLbEcS"),
    ("a folder's name", "folderCanary0014oHdIfApKwJ"),
    ("our configuration", "config-Canary-0015-pass"),
    ("our .env", "dotenv-Canary-0016-pass"),
    ("the reason of a suppression", "reasonCanary0017vYqZxRmUsT"),
    ("a half-written journal", "journal-Canary-0018-pass"),
    ("a backup of .claude.json", "backup-Canary-0019-pass"),
];

fn canary(place: &str) -> &'static str {
    let found = CANARIES.iter().find(|(name, _)| *name == place);
    found.expect("a canary of that place").1
}

/// A machine with a secret in each place, whose server says what it was asked with in many ways.
fn seeded() -> (Machine, Server) {
    let mut machine = machine("works");
    let key = |tail: &str| format!("sk-ant-api03-{tail}");
    files(&machine);
    let name = key(canary("a profile's name"));
    store(&machine, &format!("{}AA", key(canary("our store"))));
    let text = std::fs::read_to_string(machine.store()).expect("the store");
    std::fs::write(
        machine.store(),
        text.replace("anthropic:default", &format!("anthropic:{name}")),
    )
    .expect("the store");

    let known = canary("an environment token");
    let said = format!(
        "no {} nor {} nor {} nor {} nor {}",
        key(canary("the server's error")),
        STANDARD.encode(format!("user:{known}")),
        URL_SAFE.encode(canary("settings.json")),
        canary("~/.aws/credentials")
            .replace('/', "%2F")
            .replace('+', "%2b"),
        &canary("a start-up file")[..20],
    );
    let server = Server::always(Answer::error(401, "authentication_error", &said));
    machine.set("ANTHROPIC_BASE_URL", &server.url());
    machine.set("ANTHROPIC_API_KEY_2", &key(canary("an environment key")));
    machine.set("ANTHROPIC_AUTH_TOKEN", known);
    let proxy = format!("http://ann:{}@127.0.0.1:1", canary("a proxy URL"));
    machine.set("HTTPS_PROXY", &proxy);
    machine.set("USER", "annabella");
    machine.set("HOSTNAME", "annas-laptop-7");
    machine.set("CLAUDE_CODE_USE_BEDROCK", "1");
    machine.set("AWS_REGION", "us-east-1");
    machine.set("AWS_PROFILE", &name);
    machine.set("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    machine.set("SSL_CERT_FILE", "/srv/annabella/annas-laptop-7/ca.pem");
    let bin = machine.folder().join(key(canary("a folder's name")));
    std::fs::rename(machine.folder().join("bin"), &bin).expect("a folder of that name");
    machine.set("PATH", &bin.display().to_string());
    (machine, server)
}

fn files(machine: &Machine) {
    let version = format!(
        "echo 'no version sk-ant-oat01-{}'",
        canary("claude --version")
    );
    machine.program("claude", &version);
    let settings = format!(
        r#"{{"env":{{"ANTHROPIC_AUTH_TOKEN":"{}"}}}}"#,
        canary("settings.json")
    );
    machine.write(".claude/settings.json", &settings);
    let login = format!(
        r#"{{"claudeAiOauth":{{"accessToken":"sk-ant-oat01-{}","refreshToken":"sk-ant-ort01-{}","expiresAt":1,"scopes":["user:inference"]}}}}"#,
        canary(".credentials.json, access"),
        canary(".credentials.json, refresh"),
    );
    private(&machine.write(".claude/.credentials.json", &login), 0o600);
    machine.write(".claude.json", "{broken");
    let backup = format!(
        r#"{{"primaryApiKey":"{}"}}"#,
        canary("a backup of .claude.json")
    );
    machine.write(".claude/backups/.claude.json.backup.1795200000000", &backup);
    let line = format!(
        "export ANTHROPIC_AUTH_TOKEN=\"{}\"\n",
        canary("a start-up file")
    );
    machine.write(".bashrc", &line);
    let aws = format!(
        "[sk-ant-api03-{}]\naws_access_key_id = AKIAABCDEFGHIJKLMNOP\naws_secret_access_key = {}\n",
        canary("a profile's name"),
        canary("~/.aws/credentials"),
    );
    private(&machine.write(".aws/credentials", &aws), 0o600);
    let config = format!(
        "{{ env: {{ vars: {{ ANTHROPIC_OAUTH_TOKEN: '{}' }} }},\n doctor: {{ ignore: [{{code: 'CLI-003', reason: 'sk-ant-api03-{}'}}] }} }}",
        canary("our configuration"),
        canary("the reason of a suppression"),
    );
    private(
        &machine.write(".config/keywright/config.json5", &config),
        0o600,
    );
    let env = format!("ANTHROPIC_API_KEY={}\n", canary("our .env"));
    private(&machine.write(".config/keywright/.env", &env), 0o600);
    let journal = format!(r#"{{"key":"{}"}}"#, canary("a half-written journal"));
    let path = machine.write(".config/keywright/state/journal/x.pending", &journal);
    private(&path, 0o600);
    for folder in path.ancestors().skip(1).take(2) {
        private(folder, 0o700);
    }
}

fn bundle(machine: &Machine, arguments: &[&str]) -> (Ended, PathBuf) {
    let path = machine.folder().join("bundle.json");
    let _ = std::fs::remove_file(&path);
    let shown = path.display().to_string();
    let all = [&["doctor", "--bundle", &shown], arguments].concat();
    (machine.run(&all), path)
}

#[test]
fn no_secret_is_in_a_bundle() {
    let (mut machine, _server) = seeded();
    let plain = machine.run(&["doctor", "--json"]).stdout;
    let seen = leaked(&plain);
    for place in [
        "the server's error",
        "a folder's name",
        "claude --version",
        "a profile's name",
    ] {
        assert!(
            seen.contains(&place),
            "{place} is not on this machine: {plain}"
        );
    }
    let prove = |machine: &Machine| {
        let (ended, path) = bundle(machine, &["--json"]);
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        let text = std::fs::read_to_string(&path).expect("a bundle");
        assert_eq!(leaked(&text), Vec::<&str>::new(), "{text}");
        let folder = machine.folder().display().to_string();
        let home = machine.home().display().to_string();
        for name in [&home, "annabella", "annas-laptop-7"] {
            assert!(!text.contains(name), "{name}: {text}");
        }
        assert!(text.contains(&folder), "more than asked was removed");
        let mode = std::fs::metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        serde_json::from_str::<Value>(&text).expect("JSON")
    };
    let document = prove(&machine);
    let message = document["facts"]["probe"]["state"]["asked"]["message"].to_string();
    assert!(message.matches("[removed").count() >= 5, "{message}");
    let kinds: Vec<&str> = document["removed"]
        .as_array()
        .expect("a ledger")
        .iter()
        .map(|removed| removed["kind"].as_str().expect("a kind"))
        .collect();
    for kind in ["known-value", "home", "user", "host"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let url = format!("http://ann:{}@127.0.0.1:1", canary("the base URL"));
    machine.set("ANTHROPIC_BASE_URL", &url);
    prove(&machine);
}

/// What a report says of each check, and in all.
fn judged(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().expect("checks").iter();
    let words = |check: &Value| {
        format!(
            "{} {} {}",
            check["code"], check["status"], check["blockedBy"]
        )
    };
    let mut judged: Vec<String> = checks.map(words).collect();
    judged.push(format!("{} {}", report["verdict"], report["exitCode"]));
    judged
}

#[test]
fn a_bundle_tells_the_same_elsewhere() {
    let (machine, _server) = seeded();
    for arguments in [&[][..], &["--only", "env,cred"], &["--offline", "--strict"]] {
        let (ended, path) = bundle(&machine, arguments);
        let text = std::fs::read_to_string(&path).expect("a bundle");
        let written: Value = serde_json::from_str(&text).expect("JSON");
        let elsewhere = Machine::new();
        elsewhere.write(
            ".config/keywright/config.json5",
            "{ doctor: { ignore: [{code: 'CRED-001'}] } }",
        );
        let before = tree(elsewhere.folder());
        let strict = arguments.contains(&"--strict").then_some("--strict");
        let shown = path.display().to_string();
        let again = |format: &str| {
            let all = ["doctor", "--from", &shown, "--format", format]
                .into_iter()
                .chain(strict);
            elsewhere.run(&all.collect::<Vec<_>>())
        };
        let json = again("json");
        assert_eq!(
            judged(&json.json()),
            judged(&written["report"]),
            "{arguments:?}"
        );
        assert_eq!(json.json()["startedAt"], written["facts"]["now"]);
        for format in ["json", "text", "markdown", "junit", "github"] {
            let told = again(format);
            assert_eq!(told.code, ended.code, "{format}");
            let verdict = written["report"]["verdict"].as_str().expect("a verdict");
            let stands = format == "text" || told.stdout.contains(verdict);
            assert!(stands, "{format}: {}", told.stdout);
        }
        assert!(before == tree(elsewhere.folder()));
    }
}

#[test]
fn a_path_that_is_not_text_is_no_obstacle() {
    use std::os::unix::ffi::OsStrExt;
    let machine = Machine::new();
    let folder = machine
        .home()
        .join(std::ffi::OsStr::from_bytes(b"odd-\xff"));
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join(".credentials.json"), "{}").expect("a file");
    let ended = machine
        .command(KEYWRIGHT)
        .env("CLAUDE_CONFIG_DIR", &folder)
        .args(["doctor", "--offline", "--bundle", "b.json"])
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(machine.home().join("b.json").exists(), "{told}");
}

#[test]
fn what_a_bundle_does_not_hold_is_unknown() {
    let machine = Machine::new();
    let (ended, path) = bundle(&machine, &["--only", "tty", "--offline"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let shown = path.display().to_string();
    let ended = machine.run(&["doctor", "--from", &shown, "--only", "ENV-001"]);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    assert!(ended.stdout.contains("does not hold"), "{}", ended.stdout);
}

#[test]
fn a_file_that_is_none_of_facts_is_refused() {
    let machine = Machine::new();
    let from = |path: &Path| machine.run(&["doctor", "--from", &path.display().to_string()]);
    let check = |text: &str, code: i32, words: &str| {
        let ended = from(&machine.write("facts.json", text));
        assert_eq!(ended.code, code, "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
        assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
        assert!(ended.stdout.is_empty());
    };
    check(
        "{\"factsVersion\": 3, \"madeBy\": \"9.0\\u001b[31m\"}",
        65,
        "facts of version 3",
    );
    check(
        "{\"factsVersion\": 2, \"facts\": \"hunter2\"}",
        65,
        "does not have the form",
    );
    check("{\"profiles\": \"hunter2\"}", 65, "is no file of facts");
    check("hunter2", 65, "facts.json:1:1: this is not JSON");
    check(&"[".repeat(100_000), 65, "this is not JSON");
    assert_eq!(from(&machine.home().join("none")).code, 1);
    assert_eq!(from(&machine.home()).code, 65);
    let pipe = machine.home().join("pipe");
    let made = machine
        .command("/bin/sh")
        .args(["-c", "/usr/bin/mkfifo pipe"])
        .status();
    if made.expect("sh runs").success() {
        assert_eq!(from(&pipe).code, 65);
    }
    let large = std::fs::File::create(machine.home().join("large")).expect("a file");
    large.set_len(1 << 30).expect("a hole");
    assert_eq!(from(&machine.home().join("large")).code, 65);
    for more in ["--offline", "--bundle=x", "--probe=paid"] {
        assert_eq!(machine.run(&["doctor", "--from", "x", more]).code, 64);
    }
}

#[test]
fn a_bundle_is_a_new_file_or_none() {
    let machine = Machine::new();
    let outside = machine.write("precious", "precious");
    let link = machine.home().join("link");
    std::os::unix::fs::symlink(&outside, &link).expect("a link");
    let dangling = machine.home().join("dangling");
    std::os::unix::fs::symlink(machine.home().join("none"), &dangling).expect("a link");
    let before = tree(machine.folder());
    let missing = machine.home().join("no/folder/b.json");
    for path in [&outside, &link, &dangling, &machine.home(), &missing] {
        let path = path.display().to_string();
        let ended = machine.run(&["doctor", "--offline", "--json", "--bundle", &path]);
        assert_eq!(ended.code, 73, "{path}: {ended:?}");
        assert_eq!(ended.json()["error"]["code"], "cannot-create", "{path}");
    }
    assert!(before == tree(machine.folder()), "something was written");
}
