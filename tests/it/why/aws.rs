//! `why aws`: the chain of the AWS CLI. The expected answers are those of botocore.

use serde_json::Value;

use super::sources;
use crate::support::machine::Machine;

const ID: &str = "AKIAIOSFODNN7MADEUPX";
const SECRET: &str = "madeupmadeup/madeup+madeupmadeupmadeup12";
const KEYS: &str = "aws_access_key_id=AKIAIOSFODNN7MADEUPX\naws_secret_access_key=madeupmadeup/madeup+madeupmadeupmadeup12\n";
const SSO: &str = "sso_session=corp\nsso_account_id=123456789012\nsso_role_name=dev\n";
const SESSION: &str =
    "[sso-session corp]\nsso_start_url=https://corp.example\nsso_region=us-east-1\n";
const ROLE: &str = "role_arn=arn:aws:iam::210987654321:role/build\n";
/// SHA-1 of `corp`.
const CACHE: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

fn machine(variables: &[(&str, &str)], config: &str, credentials: &str) -> Machine {
    let mut machine = Machine::new().with("SHELL", "/bin/bash");
    for (name, value) in variables {
        machine.set(name, value);
    }
    for (name, text) in [("config", config), ("credentials", credentials)] {
        if !text.is_empty() {
            machine.write(&format!(".aws/{name}"), text);
        }
    }
    machine
}

fn answer(machine: &Machine) -> Value {
    let ended = machine.run(&["why", "aws", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = machine.run(&["why", "aws"]);
    for output in [&ended.stdout, &text.stdout] {
        assert!(!output.contains("madeupmadeup"), "a secret: {output}");
        assert!(!output.contains('\u{1b}'), "an escape sequence: {output}");
    }
    ended.json()["answers"][0].clone()
}

fn check(variables: &[(&str, &str)], config: &str, credentials: &str, expected: &[&str]) {
    let answer = answer(&machine(variables, config, credentials));
    assert_eq!(sources(&answer), expected, "{variables:?} {config}");
}

fn default(text: &str) -> String {
    format!("[default]\n{text}")
}

#[test]
fn the_environment_comes_first() {
    let keys = [("AWS_ACCESS_KEY_ID", ID), ("AWS_SECRET_ACCESS_KEY", SECRET)];
    let shared = default(KEYS);
    let in_file = "profile default (access key)";
    check(&keys, "", "", &["+AWS_ACCESS_KEY_ID"]);
    check(&keys, "", &shared, &["+AWS_ACCESS_KEY_ID", in_file]);
    check(&[keys[0]], "", &shared, &["AWS_ACCESS_KEY_ID", in_file]);
    let taken = format!("+{in_file}");
    check(&[keys[1]], "", &shared, &["AWS_SECRET_ACCESS_KEY", &taken]);
}

#[test]
fn one_after_the_other() {
    let role = format!("[profile p]\n{ROLE}source_profile=q\n[profile q]\n{KEYS}");
    let token = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/etc/passwd"),
        ("AWS_ROLE_ARN", "arn"),
    ];
    check(
        &[("AWS_PROFILE", "p"), token[0], token[1]],
        &role,
        "",
        &["+profile p (role)", "AWS_WEB_IDENTITY_TOKEN_FILE"],
    );
    check(
        &token,
        &default(&[SSO, SESSION].concat()),
        &default(KEYS),
        &[
            "+AWS_WEB_IDENTITY_TOKEN_FILE",
            "profile default (single sign-on)",
            "profile default (access key)",
        ],
    );
    check(
        &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1")],
        &default(&format!(
            "credential_process=/bin/x --secret {SECRET}\n{KEYS}"
        )),
        &default(KEYS),
        &[
            "+profile default (access key)",
            "profile default (credential_process)",
            "profile default (access key)",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ],
    );
    let settings = default("sso_start_url=https://corp.example\nregion=eu-west-1\n");
    check(&[], &settings, "", &[]);
}

#[test]
fn what_is_taken_and_does_not_work_ends_the_chain() {
    let check = |variables: &[(&str, &str)], config: &str, obstacle: &str| {
        let credentials = format!("[default]\n{KEYS}");
        let answer = answer(&machine(variables, config, &credentials));
        assert_eq!(answer["winner"], Value::Null, "{answer:#}");
        let summary = answer["summary"].as_str().expect("a summary");
        assert!(summary.contains(obstacle), "{summary}");
        let last = answer["sources"].as_array().expect("sources").last();
        let steps = last.expect("a source")["wouldNeed"].as_array();
        assert!(!steps.expect("steps").is_empty(), "{answer:#}");
    };
    let sso = format!("[default]\n{SSO}{SESSION}");
    check(&[], &sso, "nobody has signed in yet");
    check(&[], &format!("[default]\n{SSO}"), "no [sso-session corp]");
    check(
        &[],
        "[default]\nsso_account_id=1\n",
        "lacks sso_start_url and sso_region and sso_role_name",
    );
    check(&[], &format!("[default]\n{ROLE}"), "neither source_profile");
    check(
        &[],
        &format!("[default]\n{ROLE}source_profile=gone\n"),
        "no such profile",
    );
    check(
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere")],
        "",
        "no role is named",
    );
    check(&[("AWS_BEARER_TOKEN_BEDROCK", "")], "", "set to nothing");
    check(
        &[
            ("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7MADEUPX"),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ],
        "",
        "AWS_SESSION_TOKEN is not set",
    );
    // These end the program before it asks anything, whatever else is there.
    let key = ("AWS_ACCESS_KEY_ID", ID);
    let whole = |profile| {
        [
            key,
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("AWS_PROFILE", profile),
        ]
    };
    check(&whole("gone"), "", "names the profile gone");
    check(&whole(""), "", "a profile without a name");
    check(&[], "nonsense\n", "config:1 means nothing");
}

#[test]
fn a_sign_in_and_who_pays() {
    let machine = machine(
        &[("AWS_PROFILE", "dev")],
        &format!("[profile dev]\nregion=eu-central-1\n{SSO}{SESSION}"),
        "",
    );
    machine.write(
        CACHE,
        r#"{"accessToken":"madeupmadeup","expiresAt":"2100-01-01T00:00:00Z"}"#,
    );
    let answer = answer(&machine);
    assert_eq!(sources(&answer), ["+profile dev (single sign-on)"]);
    let bill = answer["bill"].as_str().expect("a bill");
    assert!(bill.ends_with("to the account 123456789012."), "{bill}");
    let notes = answer["notes"].to_string();
    assert!(
        notes.contains("The region is eu-central-1, from the profile dev in "),
        "{notes}"
    );
    assert!(notes.contains("/.aws/config:1."), "{notes}");
}

#[test]
fn bedrock_alone_takes_its_own_key() {
    let bearer = format!("ABSK{}", "madeupmadeup".repeat(8));
    let machine = machine(
        &[
            ("AWS_BEARER_TOKEN_BEDROCK", &bearer),
            ("AWS_ACCESS_KEY_ID", ID),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("AWS_PROFILE", "a"),
            ("AWS_DEFAULT_PROFILE", "b"),
            ("AWS_REGION", "us-east-1"),
        ],
        "[profile a]\nregion=eu-west-1\n[profile b]\nregion=eu-west-1\n[profile c]\ncredential_process=/bin/x\n",
        "",
    );
    machine.write(".bashrc", "export AWS_ACCESS_KEY_ID=x\n");
    let answer = answer(&machine);
    assert_eq!(
        sources(&answer),
        ["+AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"]
    );
    let notes = answer["notes"].to_string();
    for part in [
        "The region is us-east-1, from AWS_REGION in the environment.",
        "other services of AWS are reached with AWS_ACCESS_KEY_ID.",
        "take the profile a that AWS_PROFILE names before the keys",
        "there the profile is b.",
        "do not read AWS_REGION: there the region is eu-west-1.",
        "Other profiles: c;",
    ] {
        assert!(notes.contains(part), "{part}: {notes}");
    }
    let place = answer["sources"][1]["place"].as_str().expect("a place");
    assert!(place.ends_with(".bashrc:1"), "{place}");
    let text = machine.run(&["why", "aws"]).stdout;
    assert!(text.contains("`unset AWS_BEARER_TOKEN_BEDROCK`"), "{text}");
}

/// No program is started and nothing is written.
#[test]
fn nothing_is_run() {
    let machine = machine(&[], "", "");
    let trace = machine.folder().join("ran");
    let program = machine.program("helper", &format!("touch {}", trace.display()));
    machine.write(
        ".aws/config",
        &format!("[default]\ncredential_process={}\n", program.display()),
    );
    let answer = answer(&machine);
    assert_eq!(sources(&answer), ["+profile default (credential_process)"]);
    assert!(!trace.exists());
}
