use std::path::Path;

use super::*;
use crate::document::dotenv::DotEnv;
use crate::store::{Profiles, config};
use crate::system::Environment;

mod others;

const NOW: i64 = 1_800_000_000_000;

fn key(tail: char) -> String {
    format!("sk-ant-api03-{}AA", tail.to_string().repeat(93))
}

fn store(text: &str) -> Profiles {
    Profiles::parse(text, Path::new("store.json")).expect("a store")
}

/// A store with the profiles `anthropic:a` to `anthropic:c`, and what `rest` adds.
fn three(rest: &str) -> Profiles {
    let profile = |name: char| {
        let key = key(name);
        format!(r#""anthropic:{name}":{{"type":"api_key","provider":"anthropic","key":"{key}"}}"#)
    };
    let profiles = ['c', 'a', 'b'].map(profile).join(",");
    store(&format!(
        r#"{{"version":1,"profiles":{{{profiles}}}{rest}}}"#
    ))
}

fn sources(own: impl Into<Option<Profiles>>, config: &str, variables: &[(&str, &str)]) -> Sources {
    Sources {
        agent: Name::parse("main").expect("a name"),
        own: own.into(),
        inherited: None,
        config: config::parse(config, Path::new("config.json5")).expect("a configuration"),
        env_file: DotEnv::default(),
        environment: Environment::of(variables.iter().copied(), "/"),
        reach: None,
        login_shell: indexmap::IndexMap::new(),
        gaps: Vec::new(),
        usage: crate::store::Usage::default(),
    }
}

fn selected(sources: &Sources, pin: Option<&Pin>) -> Selection {
    select(sources, "anthropic", pin, NOW).expect("selected")
}

fn profile_pin(id: &str) -> Pin {
    Pin::Profile(ProfileId::parse(id).expect("an id"))
}

#[test]
fn precedence() {
    let env = ("ANTHROPIC_API_KEY", key('e'));
    let env = [(env.0, env.1.as_str())];
    let check = |own: Option<Profiles>, config: &str, pin: Option<&Pin>, expected: &[&str]| {
        let selection = selected(&sources(own, config, &env), pin);
        let names: Vec<&str> = selection.candidates.iter().map(Candidate::name).collect();
        assert_eq!(names, expected);
        assert_eq!(selection.winner().map(Candidate::name), Some(expected[0]));
    };
    let e = "ANTHROPIC_API_KEY";
    let [a, b, c] = ["anthropic:a", "anthropic:b", "anthropic:c"];
    let order = r#","order":{"anthropic":["anthropic:c","anthropic:b"]}"#;
    let active = r#","active":"b""#;
    let both = format!("{order}{active}");
    let configured = "{auth:{order:{anthropic:['anthropic:b']}}}";
    let account = Pin::Account(Name::parse("c").expect("a name"));
    check(None, "", None, &[e]);
    check(Some(three("")), "", None, &[a, b, c, e]);
    check(Some(three("")), configured, None, &[b, a, c, e]);
    check(Some(three(order)), configured, None, &[c, b, a, e]);
    check(Some(three(&both)), configured, None, &[b, c, a, e]);
    check(Some(three(&both)), "", Some(&profile_pin(a)), &[a, b, c, e]);
    check(Some(three(&both)), "", Some(&account), &[c, b, a, e]);
}

#[test]
fn profiles_outside_of_an_order_are_left_out() {
    let own = three(r#","order":{"anthropic":["anthropic:b"]}"#);
    let selection = selected(&sources(own, "", &[]), None);
    let reasons: Vec<_> = selection
        .candidates
        .iter()
        .map(|c| c.reason.code())
        .collect();
    assert_eq!(
        reasons,
        ["ok", "excluded_by_auth_order", "excluded_by_auth_order"]
    );
}

#[test]
fn an_order_counts_each_profile_once() {
    let own = three(r#","order":{"anthropic":["anthropic:b","anthropic:x","anthropic:b"]}"#);
    let selection = selected(&sources(own, "", &[]), None);
    let names: Vec<&str> = selection.candidates.iter().map(Candidate::name).collect();
    assert_eq!(names, ["anthropic:b", "anthropic:a", "anthropic:c"]);
}

#[test]
fn an_account_of_main_can_be_active_for_another_agent() {
    let mut sources = sources(three(r#","active":"z""#), "", &[]);
    let z = format!(
        r#"{{"version":1,"active":"a","profiles":{{"anthropic:z":{{"type":"api_key","provider":"anthropic","key":"{}"}}}}}}"#,
        key('z')
    );
    sources.inherited = Some(store(&z));
    let selection = selected(&sources, None);
    let names: Vec<&str> = selection.candidates.iter().map(Candidate::name).collect();
    assert_eq!(
        names,
        ["anthropic:z", "anthropic:a", "anthropic:b", "anthropic:c"]
    );
    assert_eq!(selection.candidates[0].rank, Rank::Active);
    assert!(sources.active_has("anthropic") && !sources.active_has("bedrock"));
}

#[test]
fn what_was_chosen_by_name_is_never_replaced() {
    let text = r#"{"version":1,"active":"x","profiles":{
        "anthropic:x":{"type":"api_key","provider":"anthropic"},
        "anthropic:y":{"type":"api_key","provider":"anthropic","key":"KEY"}}}"#;
    let text = text.replace("KEY", &key('y'));
    let check = |text: &str, pin: Option<&Pin>, winner: Option<&str>| {
        let selection = selected(&sources(store(text), "", &[]), pin);
        assert_eq!(selection.winner().map(Candidate::name), winner);
        selection
    };
    let selection = check(&text, None, None);
    assert_eq!(
        selection.effective().map(Candidate::name),
        Some("anthropic:x")
    );
    let error = selection.require().expect_err("nothing usable");
    assert_eq!(error.kind(), Kind::NotFound);
    check(
        &text,
        Some(&profile_pin("anthropic:y")),
        Some("anthropic:y"),
    );
    let passive = text.replace(r#""active":"x","#, "");
    check(&passive, None, Some("anthropic:y"));
    check(&passive, Some(&profile_pin("anthropic:x")), None);
}

#[test]
fn a_pin_must_name_something() {
    let error = select(
        &sources(three(""), "", &[]),
        "anthropic",
        Some(&profile_pin("anthropic:z")),
        NOW,
    );
    assert_eq!(error.expect_err("no such profile").kind(), Kind::NotFound);
    let other = Pin::Account(Name::parse("z").expect("a name"));
    assert!(select(&sources(three(""), "", &[]), "anthropic", Some(&other), NOW).is_err());
}

/// Judges one profile of a store that holds nothing else.
fn check_profile(profile: &str, reason: &str, status: Status) {
    let text = format!(
        r#"{{"version":1,"profiles":{{"anthropic:x":{{"provider":"anthropic",{profile}}}}}}}"#
    );
    let variables = [("SET", key('s'))];
    let variables = [(variables[0].0, variables[0].1.as_str())];
    let selection = selected(&sources(store(&text), "", &variables), None);
    let candidate = &selection.candidates[0];
    assert_eq!(candidate.reason.code(), reason, "{profile}");
    assert_eq!(candidate.status(NOW, 86_400_000), status, "{profile}");
    assert_eq!(candidate.obstacle().is_none(), reason == "ok");
}

#[test]
fn reasons_and_states() {
    let check = check_profile;
    let good = format!(r#""type":"api_key","key":"{}""#, key('g'));
    check(&good, "ok", Status::Static);
    check(r#""type":"api_key""#, "missing_credential", Status::Missing);
    check(
        r#""type":"api_key","key":"""#,
        "missing_credential",
        Status::Missing,
    );
    check(
        r#""type":"api_key","key":"two words""#,
        "malformed_api_key",
        Status::Missing,
    );
    let gateway = r#""type":"api_key","key":"any-gateway-key","baseUrl":"https://gateway.example""#;
    check(gateway, "ok", Status::Static);
    let reference = |source: &str, id: &str| {
        format!(
            r#""type":"api_key","keyRef":{{"source":"{source}","provider":"default","id":"{id}"}}"#
        )
    };
    check(&reference("env", "SET"), "ok", Status::Static);
    check(
        &reference("env", "UNSET"),
        "unresolved_ref",
        Status::Unresolved,
    );
    check(
        &reference("exec", "SET"),
        "unresolved_ref",
        Status::Unresolved,
    );
    let token = |expires: i64| format!(r#""type":"token","token":"t","expires":{expires}"#);
    check(&token(NOW + 90_000_000), "ok", Status::Ok);
    check(&token(NOW + 86_400_000), "ok", Status::Expiring);
    check(&token(NOW), "expired", Status::Expired);
    check(&token(0), "invalid_expires", Status::Expired);
    check(r#""type":"token","token":"t""#, "ok", Status::Static);
    check(r#""type":"token""#, "missing_credential", Status::Missing);
    check(r#""type":"oauth","source":"claude-cli""#, "ok", Status::Ok);
    check(
        r#""type":"new-kind""#,
        "ineligible_profile",
        Status::Missing,
    );
}

#[test]
fn ways_to_aws() {
    let check = check_profile;
    let aws = |fields: &str| format!(r#""type":"aws","region":"us-east-1",{fields}"#);
    let pair = r#""method":"access_keys","accessKeyId":"AKIAMADEUP""#;
    let whole = format!(r#"{pair},"secretAccessKey":"made-up""#);
    check(&aws(&whole), "ok", Status::Static);
    check(&aws(pair), "missing_credential", Status::Missing);
    check(
        &aws(&format!(r#"{whole},"expires":{NOW}"#)),
        "expired",
        Status::Expired,
    );
    check(
        &aws(r#""method":"bearer","bearerToken":"ABSKmadeup""#),
        "ok",
        Status::Static,
    );
    check(
        &aws(
            r#""method":"bearer","bearerTokenRef":{"source":"env","provider":"default","id":"UNSET"}"#,
        ),
        "unresolved_ref",
        Status::Unresolved,
    );
    check(
        &aws(r#""method":"profile","awsProfile":"dev""#),
        "ok",
        Status::Static,
    );
    check(
        &aws(r#""method":"profile""#),
        "missing_credential",
        Status::Missing,
    );
    check(&aws(r#""method":"chain""#), "ok", Status::Static);
    check(
        &aws(r#""method":"magic""#),
        "ineligible_profile",
        Status::Missing,
    );
}

#[test]
fn an_unusable_profile_gives_way() {
    let text = format!(
        r#"{{"version":1,"profiles":{{"anthropic:a":{{"type":"api_key"}},"anthropic:b":{{"type":"api_key","key":"{}"}}}}}}"#,
        key('b')
    );
    let selection = selected(&sources(store(&text), "", &[]), None);
    assert_eq!(selection.winner().map(Candidate::name), Some("anthropic:b"));
}

#[test]
fn inheritance() {
    let mut sources = sources(
        Some(store(
            r#"{"version":1,"profiles":{"anthropic:b":{"type":"api_key"}}}"#,
        )),
        "",
        &[],
    );
    let order = r#","active":"c","order":{"anthropic":["anthropic:c","anthropic:b"]}"#;
    sources.inherited = Some(three(order));
    let selection = selected(&sources, None);
    let names: Vec<_> = selection.candidates.iter().map(Candidate::name).collect();
    assert_eq!(names, ["anthropic:b", "anthropic:c", "anthropic:a"]);
    let winner = selection.winner().expect("inherited");
    assert_eq!(
        (winner.name(), winner.rank),
        ("anthropic:c", Rank::Inherited)
    );
}

/// The variables that are found for Anthropic: name, place, and what tells the keys apart.
fn found(
    variables: &[(&str, &str)],
    env_file: &str,
    config: &str,
) -> Vec<(String, Place, Option<char>)> {
    let mut sources = sources(None, config, variables);
    sources.env_file = DotEnv::parse(env_file);
    let candidates = selected(&sources, None).candidates;
    let variable = |candidate: Candidate| match candidate.origin {
        Origin::Variable { name, place } => {
            let letter = candidate.secret?.inspect(|text| text.chars().nth(13));
            Some((name, place, letter))
        }
        Origin::Profile { .. } => None,
    };
    candidates.into_iter().filter_map(variable).collect()
}

#[test]
fn environment() {
    use Place::{Config, EnvFile, Process};
    let check = |variables: &[(&str, &str)],
                 env_file: &str,
                 config: &str,
                 expected: &[(&str, Place, char)]| {
        let found = found(variables, env_file, config);
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, place, letter)| ((*name).to_owned(), *place, Some(*letter)))
            .collect();
        assert_eq!(found, expected);
    };
    let [k, l, m] = ['k', 'l', 'm'].map(key);
    let several = format!("{k}, {l};{k}");
    let (name, more) = ("ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY_2");
    let (list, live) = ("ANTHROPIC_API_KEYS", "KEYWRIGHT_LIVE_ANTHROPIC_KEY");
    let token = "CLAUDE_CODE_OAUTH_TOKEN";
    let file = format!("{name}={l}");
    let vars = format!("{{env:{{vars:{{{name}:'{m}'}}}}}}");
    let of_process = |name| [(name, Process, 'k')];
    check(&[], "", "", &[]);
    check(&[(name, "")], "", "", &[]);
    check(&[(name, &k)], &file, &vars, &of_process(name));
    check(&[(name, "")], &file, &vars, &[(name, EnvFile, 'l')]);
    check(&[], "", &vars, &[(name, Config, 'm')]);
    let two = [(name, Process, 'k'), (more, Process, 'm')];
    check(&[(more, &m), (name, &k)], "", "", &two);
    let two = [(list, Process, 'k'), (list, Process, 'l')];
    check(&[(list, &several), (name, &l)], "", "", &two);
    check(
        &[(live, &k), (list, &m), (name, &l)],
        "",
        "",
        &of_process(live),
    );
    let two = [(name, Process, 'k'), (token, Process, 't')];
    check(&[(token, "sk-ant-oat01-t"), (name, &k)], "", "", &two);
}
