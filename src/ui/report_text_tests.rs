//! One report that has everything, at several widths.

use jiff::Timestamp;

use super::*;
use crate::doctor::probes::{Probe, Status as ProbeStatus};
use crate::doctor::{Category, CheckMeta, Outcome, Safety};
use crate::ui::ColorChoice;

fn meta(code: &'static str, title: &'static str, category: Category) -> CheckMeta {
    CheckMeta {
        code,
        id: "id",
        title,
        category,
        needs: &[],
        facts: &[],
    }
}

fn refused() -> Finding {
    Finding::new(
        "anthropic:default",
        "api.anthropic.com refuses the key of anthropic:default",
    )
    .detail("The server answered 401: invalid \u{1b}[31mx-api-key")
    .impact("Nothing that uses this key works")
    .seen("http", "request req_011")
    .remedy(
        Remedy::of(Safety::Consent, "Enter a new key", true)
            .why("A key that was deleted never works again")
            .command("keywright onboard --flow api-key --profile-id anthropic:default --replace"),
    )
    .remedy(
        Remedy::manual("Look whether the key still exists").step(Step::Url(
            "https://platform.claude.com/settings/keys".to_owned(),
        )),
    )
}

/// Nothing waits for it, so it comes after what blocks others.
fn readable() -> Finding {
    Finding::new("~/x", "Others may read the store")
        .remedy(Remedy::of(Safety::Safe, "Make it private", true).command("chmod 600 /home/me/x"))
}

fn entry(
    code: &'static str,
    title: &'static str,
    family: Category,
    outcome: Outcome,
    duration_ms: u64,
) -> Entry {
    Entry::new(&meta(code, title, family), outcome, duration_ms)
}

fn report() -> Report {
    use Category::{Api, Cli, Cred, Env, Net, Store};
    let blocked_by = "API-002".to_owned();
    let skipped = || Outcome::Skipped {
        blocked_by: blocked_by.clone(),
    };
    let old = Finding::new("claude", "claude 2.1.100 is older than 2.1.126")
        .detail("Sign-in with a pasted code came with 2.1.126")
        .remedy(Remedy::manual("Update it").command("claude update"));
    let why = "there is no service".to_owned();
    let proxy = Finding::new("proxy", "Requests go through a proxy");
    let fail = |finding| Outcome::Fail(finding);
    let pass = || Outcome::Pass;
    let entries = vec![
        entry("CLI-001", "The claude program is found", Cli, pass(), 1),
        entry(
            "CLI-003",
            "The claude program runs",
            Cli,
            Outcome::TimedOut,
            5000,
        ),
        entry(
            "CLI-004",
            "The claude program is new enough",
            Cli,
            Outcome::Warn(old),
            160,
        ),
        entry("ENV-001", "one source", Env, pass(), 0),
        entry("ENV-002", "right slots", Env, pass(), 0),
        entry("ENV-004", "direct", Env, Outcome::Info(proxy), 0),
        entry(
            "ENV-010",
            "services inherit",
            Env,
            Outcome::NotApplicable { why },
            0,
        ),
        entry("CRED-001", "private", Cred, fail(readable()), 0),
        entry("STORE-001", "the store can be read", Store, pass(), 0),
        entry("NET-001", "connected", Net, pass(), 1210),
        entry("API-001", "answers", Api, skipped(), 210),
        entry("API-002", "accepted", Api, fail(refused()), 210),
        entry("API-008", "no limits", Api, skipped(), 210),
    ];
    Report {
        probes: vec![
            probe("anthropic:default", Some("API-002")),
            probe("anthropic:other", None),
        ],
        ..Report::new(Timestamp::UNIX_EPOCH, 5123, entries, false)
    }
}

fn probe(profile: &str, code: Option<&'static str>) -> Probe {
    Probe {
        profile_id: profile.to_owned(),
        provider: "anthropic".to_owned(),
        effective: code.is_some(),
        status: code.map_or(ProbeStatus::Ok, |_| ProbeStatus::Auth),
        reason_code: None,
        code,
        host: Some("api.anthropic.com".to_owned()),
        http_status: Some(code.map_or(200, |_| 401)),
        latency_ms: Some(210),
        request_id: None,
        message: None,
        advice: None,
        title: code.map_or("works", |_| "key refused"),
    }
}

fn drawn(report: &Report, width: usize, verbose: bool) -> String {
    let environment = crate::system::Environment::default();
    let page = Page {
        theme: Theme::decide(ColorChoice::Never, &environment, false),
        width,
        verbose,
        home: Some("/home/me"),
        text: String::new(),
    };
    page.report(report, false)
}

#[test]
fn everything_at_several_widths() {
    for (width, verbose, name) in [
        (80, false, "80"),
        (40, false, "40"),
        (40, true, "40-verbose"),
        (usize::MAX, true, "piped"),
    ] {
        let text = drawn(&report(), width, verbose);
        insta::assert_snapshot!(format!("report-{name}"), text);
        for line in text.lines().filter(|line| line.contains(' ')) {
            let copied = line.contains("keywright ") || line.contains("https:");
            assert!(copied || line.chars().count() <= width, "{width}: {line:?}");
        }
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn colour_moves_nothing() {
    let page = |color| Page {
        theme: Theme { color },
        width: 60,
        verbose: true,
        home: None,
        text: String::new(),
    };
    let [painted, plain] = [true, false].map(|color| page(color).report(&report(), false));
    assert_ne!(painted, plain);
    let lines = painted.lines().zip(plain.lines());
    for (painted, plain) in lines {
        assert_eq!(width_of(painted), width_of(plain), "{painted:?}");
    }
    assert_eq!(painted.lines().count(), plain.lines().count());
}

#[test]
fn a_healthy_machine_takes_few_lines() {
    let pass = Entry::new(&meta("API-001", "x", Category::Api), Outcome::Pass, 5);
    let report = Report::new(Timestamp::UNIX_EPOCH, 49, vec![pass], true);
    assert_eq!(
        drawn(&report, 80, false),
        "✓ fine  API  1 check\n\nClaude access works on this machine. (1 fine; 49 ms)\n"
    );
}

#[test]
fn what_to_do_next_begins_where_the_best_remedy_begins() {
    let edit = || Remedy::manual("Mend it").step(Step::Edit("In ~/x, write 1".to_owned()));
    let command = || Remedy::manual("Run it").command("run me");
    let check = |remedies: Vec<Remedy>, expected: &str| {
        let mut finding = Finding::new("x", "x");
        finding.remedies = remedies;
        let entry = Entry::new(
            &meta("CLI-001", "x", Category::Cli),
            Outcome::Warn(finding),
            0,
        );
        let text = drawn(
            &Report::new(Timestamp::UNIX_EPOCH, 0, vec![entry], false),
            80,
            false,
        );
        assert_eq!(text.lines().last(), Some(expected));
    };
    check(vec![command(), edit()], "Next: run me");
    check(
        vec![edit().command("restart"), command()],
        "Next: In ~/x, write 1.",
    );
    check(vec![Remedy::manual("Think"), command()], "Next: run me");
    check(vec![], "More: keywright doctor explain CLI-001");
    let page = || Remedy::manual("Look").step(Step::Url("https://x.example".to_owned()));
    check(vec![page(), command()], "Next: https://x.example");
    check(vec![page().command("run me")], "Next: run me");
    let flow = Remedy::manual("Set up").step(Step::Flow("bedrock".to_owned()));
    check(vec![flow], "Next: keywright onboard --flow bedrock");
}

#[test]
fn the_home_folder_is_abbreviated_where_a_path_begins() {
    let check = |text: &str, expected: &str| assert_eq!(abbreviated(text, "/home/me"), expected);
    check("/home/me/x is no file", "~/x is no file");
    check("see /home/me/a, `/home/me/b`", "see ~/a, `~/b`");
    check("/mnt/home/me/x", "/mnt/home/me/x");
    check("/home/merlin/x", "/home/merlin/x");
    check("/home/me/home/me/x", "~/home/me/x");
    check("nothing", "nothing");
    assert_eq!(abbreviated("/x", ""), "/x");
}
