//! What rests, and providers beside Anthropic.

use super::*;
use crate::store::Usage;

/// What rests at [`NOW`], by the file of the record of use.
fn resting(own: &str, usage: &str) -> Sources {
    let mut sources = sources(three(own), "", &[]);
    sources.usage = Usage::of(usage);
    sources
}

#[test]
fn what_rests_is_not_taken_by_itself() {
    let later = NOW + 60_000;
    let cooldown = format!(r#""anthropic:a":{{"cooldownUntil":{later}}}"#);
    let disabled =
        format!(r#""anthropic:b":{{"disabledUntil":{later},"disabledReason":"billing"}}"#);
    let over = format!(r#""anthropic:a":{{"cooldownUntil":{NOW}}}"#);
    let of_main = |records: &str| format!(r#"{{"version":1,"agents":{{"main":{{{records}}}}}}}"#);
    let check = |own: &str, records: &str, pin: Option<&Pin>, expected: Option<&str>| {
        let selection = selected(&resting(own, &of_main(records)), pin);
        assert_eq!(
            selection.winner().map(Candidate::name),
            expected,
            "{own} {records}"
        );
    };
    let both = format!("{cooldown},{disabled}");
    let all = format!("{both},{}", cooldown.replace(":a", ":c"));
    check("", "", None, Some("anthropic:a"));
    check("", &over, None, Some("anthropic:a"));
    check("", &cooldown, None, Some("anthropic:b"));
    check("", &both, None, Some("anthropic:c"));
    check("", &all, None, None);
    // What a person chose is used all the same.
    check(
        "",
        &all,
        Some(&profile_pin("anthropic:b")),
        Some("anthropic:b"),
    );
    check(r#","active":"a""#, &all, None, Some("anthropic:a"));

    let selection = selected(&resting("", &of_main(&all)), None);
    let reasons: Vec<_> = selection.candidates.iter().map(|c| c.reason).collect();
    assert_eq!(
        reasons,
        [Reason::Cooldown, Reason::Disabled, Reason::Cooldown]
    );
    let error = selection.require().expect_err("all rest");
    let expected = "`anthropic:a` cannot be used: it rests until 2027-01-15T08:01:00Z, after too many requests";
    assert_eq!(error.message(), expected);
    assert!(
        error
            .hint_text()
            .expect("a hint")
            .contains("models auth reset")
    );
}

#[test]
fn what_gives_way_to_each_other() {
    let check = |own: &str, records: &str, pin: Option<&Pin>, expected: &[&str]| {
        let usage = format!(r#"{{"agents":{{"main":{{{records}}}}}}}"#);
        let mut sources = resting(own, &usage);
        let token = ("CLAUDE_CODE_OAUTH_TOKEN", "sk-ant-oat01-t");
        let key = key('e');
        let variables = [("ANTHROPIC_API_KEY", key.as_str()), token];
        sources.environment = Environment::of(variables, "/");
        let selection = selected(&sources, pin);
        let names: Vec<&str> = selection.rotation().iter().map(|c| c.name()).collect();
        assert_eq!(names, expected, "{own} {records}");
    };
    let [a, b, c, e] = [
        "anthropic:a",
        "anthropic:b",
        "anthropic:c",
        "ANTHROPIC_API_KEY",
    ];
    let rests = format!(r#""anthropic:b":{{"cooldownUntil":{}}}"#, NOW + 1);
    check("", "", None, &[a, b, c, e]);
    check("", &rests, None, &[a, c, e]);
    check(
        r#","order":{"anthropic":["anthropic:c","anthropic:a"]}"#,
        "",
        None,
        &[c, a, e],
    );
    check("", "", Some(&profile_pin(b)), &[b]);
    check(r#","active":"c""#, "", None, &[c]);
}

#[test]
fn a_pause_belongs_to_the_agent_that_has_the_profile() {
    let later = NOW + 60_000;
    let usage = |agent: &str| {
        format!(r#"{{"agents":{{"{agent}":{{"anthropic:a":{{"cooldownUntil":{later}}}}}}}}}"#)
    };
    let winner = |agent: &str, usage: &str| {
        let mut sources = sources(None, "", &[]);
        sources.agent = Name::parse(agent).expect("a name");
        sources.inherited = Some(three(""));
        sources.usage = Usage::of(usage);
        let selection = selected(&sources, None);
        selection.winner().map(|winner| winner.name().to_owned())
    };
    assert_eq!(winner("bot", &usage("bot")).as_deref(), Some("anthropic:a"));
    assert_eq!(
        winner("bot", &usage("main")).as_deref(),
        Some("anthropic:b")
    );
}

#[test]
fn providers_of_the_configuration() {
    let check = |api_key: &str, variables: &[(&str, &str)], expected: Option<(&str, Reason)>| {
        let config = format!(
            "{{models:{{providers:{{acme:{{baseUrl:'https://llm.acme.example'{api_key}}}}}}}}}"
        );
        let sources = sources(None, &config, variables);
        let selection = select(&sources, "acme", None, NOW).expect("selected");
        let found = selection.candidates.first();
        assert_eq!(found.map(|c| (c.name(), c.reason)), expected, "{api_key}");
    };
    let set = [("ACME_KEY", "of-a-form-of-its-own")];
    check("", &set, None);
    check(",apiKey:'ACME_KEY'", &set, Some(("ACME_KEY", Reason::Ok)));
    check(",apiKey:'ACME_KEY'", &[], None);
    check(
        ",apiKey:'ACME_KEY'",
        &[("ACME_KEY", "a b")],
        Some(("ACME_KEY", Reason::MalformedApiKey)),
    );
    let place = "models.providers.acme.apiKey";
    let by_reference = ",apiKey:{source:'env',id:'ACME_KEY'}";
    check(by_reference, &set, Some((place, Reason::Ok)));
    check(by_reference, &[], Some((place, Reason::UnresolvedRef)));
}

#[test]
fn the_keys_of_other_providers() {
    let check = |provider: &str, variables: &[(&str, &str)], expected: &[&str]| {
        let sources = sources(None, "", variables);
        let selection = select(&sources, provider, None, NOW).expect("selected");
        let names: Vec<_> = selection.candidates.iter().map(Candidate::name).collect();
        assert_eq!(names, expected);
    };
    let (gemini, google) = (("GEMINI_API_KEY", "AIzaA"), ("GOOGLE_API_KEY", "AIzaB"));
    check("google", &[google], &["GOOGLE_API_KEY"]);
    check(
        "google",
        &[google, gemini],
        &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    );
    check(
        "google",
        &[("GOOGLE_API_KEY", "AIzaA"), gemini],
        &["GEMINI_API_KEY"],
    );
    check(
        "openai",
        &[("OPENAI_API_KEYS", "sk-a,sk-b"), ("OPENAI_API_KEY", "sk-b")],
        &["OPENAI_API_KEYS", "OPENAI_API_KEYS"],
    );
    check(
        "openrouter",
        &[("OPENROUTER_API_KEY", "sk-or-v1-a")],
        &["OPENROUTER_API_KEY"],
    );
    check("anthropic", &[google, ("OPENAI_API_KEY", "sk-b")], &[]);
}
