//! Every form of one report says the same, and text from outside stays text in each.

use serde_json::Value;

use super::{check, examine, machine, server, status};
use crate::support::machine::{Ended, Machine, key};
use crate::support::server::{Answer, Server};
use crate::support::xml::{self, Element, schema};

/// Text that means something to each medium.
const HOSTILE: &str = "]]></failure><x a=\"1\">&amp;\u{1b}]0;owned\u{7}\u{202e}\r\n::error::boom\n## head ![i](http://e) <img src=x> | cell | @octocat #12 ```sh ##[add-mask]x %0A::error::y";

fn run(machine: &Machine, format: &str, arguments: &[&str]) -> Ended {
    let all = [&["doctor", "--format", format], arguments].concat();
    machine.run(&all)
}

/// The junit document, taken apart.
fn junit(machine: &Machine, arguments: &[&str]) -> (Element, Ended) {
    let ended = run(machine, "junit", arguments);
    (xml::parse(&ended.stdout), ended)
}

fn property<'a>(document: &'a Element, name: &str) -> &'a str {
    let properties = document.all("property");
    let found = properties.iter().find(|found| found.get("name") == name);
    found.expect("a property").get("value")
}

/// Proves that all forms agree about a machine, and gives the verdict.
fn agreed(machine: &Machine, arguments: &[&str]) -> String {
    let (json, text) = examine(machine, arguments);
    let verdict = json["verdict"].as_str().expect("a verdict").to_owned();
    let summary = &json["summary"];
    let count = |name: &str| summary[name].as_u64().expect("a number");

    let (document, ended) = junit(machine, arguments);
    schema::check(&document);
    assert_eq!(ended.code, text.code, "{}", ended.stdout);
    assert_eq!(property(&document, "verdict"), verdict);
    assert_eq!(property(&document, "exitCode"), text.code.to_string());
    let cases = document.all("testcase");
    assert_eq!(
        cases.len(),
        json["checks"].as_array().expect("checks").len()
    );
    let failures = if text.code == 2 {
        count("warn")
    } else {
        count("fail")
    };
    assert_eq!(document.all("failure").len() as u64, failures);
    let unknown = count("broken") + count("timedOut");
    assert_eq!(document.all("error").len() as u64, unknown);
    let left = count("skipped") + count("notApplicable") + count("suppressed");
    assert_eq!(document.all("skipped").len() as u64, left);
    for (name, number) in [
        ("failures", failures),
        ("errors", unknown),
        ("skipped", left),
    ] {
        assert_eq!(document.get(name), number.to_string());
    }
    assert_eq!(document.get("tests"), cases.len().to_string());

    told(machine, arguments, &json, text.code);
    let name = |entry: &Value| format!("{} ", entry["code"].as_str().expect("a code"));
    for entry in json["checks"].as_array().expect("checks") {
        let name = name(entry);
        assert!(cases.iter().any(|case| case.get("name").starts_with(&name)));
    }
    verdict
}

/// Proves it of the forms that are text.
fn told(machine: &Machine, arguments: &[&str], json: &Value, code: i32) {
    let verdict = json["verdict"].as_str().expect("a verdict");
    let summary = &json["summary"];
    let count = |name: &str| summary[name].as_u64().expect("a number");
    let unknown = count("broken") + count("timedOut");
    let markdown = run(machine, "markdown", arguments);
    assert_eq!(markdown.code, code);
    let head = format!("## keywright doctor: {verdict}\n");
    assert!(markdown.stdout.starts_with(&head), "{}", markdown.stdout);
    let words = format!("exit code {code}.\n");
    assert!(markdown.stdout.contains(&words), "{}", markdown.stdout);

    let github = run(machine, "github", arguments);
    assert_eq!(github.code, code);
    let lines: Vec<&str> = github.stdout.lines().collect();
    let last = lines.last().expect("the verdict");
    let words = format!(" title=keywright doctor::{verdict}: ");
    assert!(last.contains(&words), "{last}");
    let level = |level: &str| {
        let start = format!("::{level} title=");
        let annotations = &lines[..lines.len() - 1];
        annotations
            .iter()
            .filter(|line| line.starts_with(&start))
            .count() as u64
    };
    assert_eq!(level("error"), count("fail") + unknown);
    assert_eq!(level("warning"), count("warn"));
    let asked = json["probes"].as_array().expect("probes");
    let tried = u64::from(!asked.is_empty());
    assert_eq!(level("notice"), count("info") + count("suppressed") + tried);
    every_form_names_what_was_asked(machine, arguments, asked);

    for entry in json["checks"].as_array().expect("checks") {
        let code = entry["code"].as_str().expect("a code");
        let row = format!("| {code} | ");
        assert!(markdown.stdout.contains(&row), "{code}");
    }
}

/// Who was asked, and the status of the answer, stand in every form.
fn every_form_names_what_was_asked(machine: &Machine, arguments: &[&str], asked: &[Value]) {
    for format in ["text", "markdown", "junit", "github"] {
        let shown = run(machine, format, arguments).stdout;
        for probe in asked {
            let status = probe["httpStatus"].as_u64();
            let answer = status.map_or_else(String::new, |status| format!("HTTP {status}"));
            let id = probe["profileId"].as_str().expect("an id");
            assert!(
                shown.contains(id) && shown.contains(&answer),
                "{format}: {shown}"
            );
        }
    }
}

#[test]
fn a_single_answer_is_told_once() {
    let mut refused = machine("revoked");
    let _server = server(&mut refused);
    let text = run(&refused, "text", &[]).stdout;
    assert_eq!(text.matches("HTTP 401").count(), 1, "{text}");
    assert_eq!(
        text.matches("Asked about anthropic:default: ").count(),
        1,
        "{text}"
    );
    assert!(!text.contains("✗ asked"), "{text}");
}

#[test]
fn competing_credentials_are_listed_in_every_form() {
    let mut machine = machine("works");
    machine.set("ANTHROPIC_API_KEY", &key("x"));
    let token = format!("sk-ant-oat01-{}", "B".repeat(95));
    machine.set("CLAUDE_CODE_OAUTH_TOKEN", &token);
    let only = ["--offline", "--only", "ENV-001"];
    let document = examine(&machine, &only).0;
    let why = &check(&document, "ENV-001")["why"];
    let sources = why["sources"].as_array().expect("sources");
    assert!(sources.len() > 1, "{why:#}");
    for format in ["text", "markdown", "junit", "github"] {
        let shown = run(&machine, format, &only).stdout;
        for source in sources {
            for part in ["name", "value", "place"] {
                let part = source[part].as_str().expect("words");
                let cut: String = part
                    .chars()
                    .take_while(|c| *c != '~' && *c != '_')
                    .collect();
                assert!(shown.contains(&cut), "{format}, {cut}: {shown}");
            }
        }
        assert!(shown.contains("left aside"), "{format}: {shown}");
    }
}

#[test]
fn every_form_says_what_to_do_next() {
    let empty = Machine::new();
    let only = ["--offline", "--only", "store"];
    let junit = junit(&empty, &only).0;
    assert_eq!(property(&junit, "next"), "keywright onboard");
    for (format, words) in [
        ("text", "\nNext: keywright onboard\n"),
        ("markdown", "\nNext: `keywright onboard`\n"),
        ("github", "%0ANext: keywright onboard\n"),
    ] {
        let shown = run(&empty, format, &only).stdout;
        assert!(shown.contains(words), "{shown}");
    }
}

#[test]
fn the_screen_offers_to_mend_what_can_be_mended() {
    let machine = machine("works");
    let login = r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-A","refreshToken":"sk-ant-ort01-A","expiresAt":1,"scopes":["user:inference"]}}"#;
    super::private(&machine.write(".claude/.credentials.json", login), 0o644);
    let only = ["--offline", "--only", "CRED-001,CRED-011"];
    let offer = "can mend CRED-001, CRED-011, after asking.";
    let told = |more: &[&str]| run(&machine, "text", &[&only[..], more].concat()).stdout;
    assert!(
        !told(&[]).contains("--fix"),
        "one remedy says itself what to type"
    );
    super::private(&machine.store(), 0o644);
    let text = told(&[]);
    assert!(
        text.contains(&format!("`keywright doctor --fix` {offer}")),
        "{text}"
    );
    let text = told(&["--agent", "main"]);
    let line = format!("`keywright --agent main doctor --fix` {offer}");
    assert!(text.contains(&line), "{text}");
    let bundle = machine.folder().join("bundle.json").display().to_string();
    assert!(told(&["--bundle", &bundle]).contains(offer));
    let elsewhere = run(&machine, "text", &["--from", &bundle]).stdout;
    assert!(!elsewhere.contains("--fix"), "{elsewhere}");
}

#[test]
fn an_edit_that_can_be_made_for_the_asking_is_a_command() {
    let mut machine = Machine::new();
    machine.program("claude", super::VERSION);
    let token = format!("sk-ant-oat01-{}AA", "B".repeat(93));
    machine.set("CLAUDE_CODE_OAUTH_TOKEN", &token);
    let text = run(&machine, "text", &["--offline", "--only", "CLI-020"]).stdout;
    assert!(
        text.ends_with("\nNext: keywright doctor --fix=CLI-020\n"),
        "{text}"
    );
}

#[test]
fn all_forms_agree() {
    let mut works = machine("works");
    let _server = server(&mut works);
    assert_eq!(agreed(&works, &["--only", "api,store"]), "healthy");
    assert_eq!(agreed(&Machine::new(), &[]), "failures");
    let blocked = ["--only", "API-002", "--skip", "STORE-009"];
    assert_eq!(agreed(&Machine::new(), &blocked), "incomplete");
    let mut warned = works;
    warned.set("ANTHROPIC_API_KEY", &key("x"));
    let token = format!("sk-ant-oat01-{}", "B".repeat(95));
    warned.set("CLAUDE_CODE_OAUTH_TOKEN", &token);
    let only = ["--offline", "--only", "ENV-001"];
    assert_eq!(agreed(&warned, &only), "warnings");
    assert_eq!(
        agreed(&warned, &[&only[..], &["--strict"]].concat()),
        "warnings"
    );
}

#[test]
fn text_from_outside_stays_text() {
    let server = Server::always(Answer::error(401, "authentication_error", HOSTILE));
    let mut machine = machine("works");
    machine.set("ANTHROPIC_BASE_URL", &server.url());
    machine.program(
        "claude",
        &format!("printf '%s\\n' {} >&2; exit 3", quoted()),
    );
    assert_eq!(agreed(&machine, &[]), "failures");

    let (document, ended) = junit(&machine, &[]);
    assert!(document.all("x").is_empty());
    let told = document.all("failure");
    assert!(
        told.iter()
            .any(|failure| failure.text.contains("]]></failure><x"))
    );
    assert!(!ended.stdout.contains('\u{202e}'));

    let github = run(&machine, "github", &[]);
    for line in github.stdout.lines() {
        let levels = ["::error title=", "::warning title=", "::notice title="];
        assert!(levels.iter().any(|level| line.starts_with(level)), "{line}");
        assert!(!line.contains("##["), "{line}");
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
    }
    assert!(
        github.stdout.contains("%250A::error::y"),
        "{}",
        github.stdout
    );

    let markdown = run(&machine, "markdown", &[]).stdout;
    assert!(markdown.contains("!\\[i\\]"), "{markdown}");
    assert!(markdown.contains("\\<img src=x\\>"), "{markdown}");
    assert!(markdown.contains("@<!-- -->octocat"), "{markdown}");
    for raw in [
        "![i]",
        " <img",
        " @octocat",
        "\u{1b}",
        "\u{202e}",
        " | cell",
    ] {
        assert!(!markdown.contains(raw), "{raw:?}: {markdown}");
    }
    let ours = |line: &&str| line.starts_with("## ");
    assert_eq!(markdown.lines().filter(ours).count(), 1, "{markdown}");
}

fn quoted() -> String {
    format!("'{}'", HOSTILE.replace('\'', "'\\''"))
}

#[test]
fn two_forms_at_once_are_refused() {
    let machine = Machine::new();
    let ended = machine.run(&["--json", "doctor", "--format", "junit"]);
    assert_eq!(
        (ended.code, &ended.json()["error"]["code"]),
        (64, &"usage".into())
    );
    assert_eq!(run(&machine, "xml", &[]).code, 64);
}

#[test]
fn a_word_that_is_nearly_right() {
    let machine = Machine::new();
    for (word, meant) in [
        ("network", "net"),
        ("claude-found", "CLI-001"),
        ("stroe", "store"),
    ] {
        let ended = machine.run(&["doctor", "--only", word]);
        assert_eq!(ended.code, 64);
        let hint = format!("Did you mean `{meant}`?");
        assert!(ended.stderr.contains(&hint), "{}", ended.stderr);
    }
}

#[test]
fn what_is_ignored_stays_visible_and_fails_nothing() {
    let machine = machine("works");
    super::private(&machine.store(), 0o644);
    let only = ["--offline", "--only", "CRED-001,STORE-013"];
    let (document, text) = examine(&machine, &only);
    assert_eq!((status(&document, "CRED-001"), text.code), ("fail", 1));
    assert_eq!(status(&document, "STORE-013"), "not_applicable");

    let ignore = |entries: &str| {
        let text = format!("// ours\n{{ doctor: {{ ignore: [\n{entries}] }} }}");
        super::private(
            &machine.write(".config/keywright/config.json5", &text),
            0o600,
        );
    };
    ignore("{code: 'CRED-001', reason: 'a | shared <b>box</b>', until: '2999-01-01'}");
    assert_eq!(agreed(&machine, &only), "healthy");
    let (document, text) = examine(&machine, &only);
    assert_eq!(
        (status(&document, "CRED-001"), text.code),
        ("suppressed", 0)
    );
    assert!(check(&document, "CRED-001")["finding"].is_object());
    assert!(
        text.stdout.contains("- ignored CRED-001"),
        "{}",
        text.stdout
    );
    assert!(
        text.stdout.contains("config.json5:3 until"),
        "{}",
        text.stdout
    );
    for (format, words) in [
        ("markdown", "a \\| shared \\<b\\>box\\</b\\>"),
        ("github", "::notice title=CRED-001 "),
        ("junit", "<skipped message=\"ignored: "),
    ] {
        let ended = run(&machine, format, &only);
        assert!(ended.stdout.contains(words), "{}", ended.stdout);
    }

    ignore("{code: 'CRED-001', subject: 'something else'}");
    assert_eq!(status(&examine(&machine, &only).0, "CRED-001"), "fail");

    ignore("{code: 'CRED-001', until: '2020-01-01'},\n{code: 'CRED-01'}");
    let (document, text) = examine(&machine, &only);
    assert_eq!(status(&document, "CRED-001"), "fail");
    assert_eq!(status(&document, "STORE-013"), "warn", "{}", text.stdout);
    assert!(
        text.stdout.contains("did you mean `CRED-001`?"),
        "{}",
        text.stdout
    );
    assert!(
        text.stdout.contains("it ended on 2020-01-01"),
        "{}",
        text.stdout
    );
}
