//! Scratch homes as tables: what stands in the files, and what that means.

use std::path::Path;

use super::profiles::Kind;
use super::sign_in::Session;
use super::{Aws, First, look, region};
use crate::system::files::Mode;
use crate::system::{Environment, Files, System};

const NOW: &str = "2026-11-20T12:00:00Z";

fn system(home: &Path, variables: &[(&str, &str)]) -> System {
    let home = ("HOME", home.to_str().expect("a path"));
    let all = variables.iter().copied().chain([home]);
    System::with_environment(Environment::of(all, "/"))
}

fn with(files: &[(&str, &str)], variables: &[(&str, &str)]) -> (Aws, System) {
    let scratch = tempfile::tempdir().expect("a folder");
    let files_of = Files;
    for (path, text) in files {
        let path = scratch.path().join(path);
        let folder = path.parent().expect("a folder");
        files_of.create_private_folder(folder).expect("made");
        let written = files_of.write_atomic(&path, text.as_bytes(), Mode::Private);
        written.expect("written");
    }
    let system = system(scratch.path(), variables);
    let aws = look(&system, NOW.parse().expect("a time"));
    (aws, system)
}

const CONFIG: &str = "\
[default]
region = eu-west-1
[profile keys]
region = us-west-2
[profile sso]
sso_session = corp
sso_account_id = 1
sso_role_name = x
[sso-session corp]
sso_start_url = https://made-up.example/start
sso_region = us-east-1
[profile no-session]
sso_session = gone
sso_account_id = 1
sso_role_name = x
[profile role]
role_arn = arn:aws:iam::1:role/x
source_profile = keys
[profile machine-role]
role_arn = arn:aws:iam::1:role/x
credential_source = Ec2InstanceMetadata
[profile circle]
role_arn = arn:aws:iam::1:role/x
source_profile = round
[profile round]
role_arn = arn:aws:iam::1:role/x
source_profile = circle
[profile orphan]
role_arn = arn:aws:iam::1:role/x
source_profile = absent
[profile rootless]
role_arn = arn:aws:iam::1:role/x
[profile program]
credential_process = /bin/true
[profile second-factor]
role_arn = arn:aws:iam::1:role/x
source_profile = keys
mfa_serial = arn:aws:iam::1:mfa/x
[profile two-sources]
role_arn = arn:aws:iam::1:role/x
source_profile = keys
credential_source = Environment
[profile half-session]
sso_session = half
sso_account_id = 1
sso_role_name = x
[sso-session half]
sso_start_url = https://made-up.example/start
[profile keys-and-program]
aws_access_key_id = AKIAMADEUP
aws_secret_access_key = made-up
credential_process = /bin/true
[profile keys-and-sso]
aws_access_key_id = AKIAMADEUP
aws_secret_access_key = made-up
sso_session = gone
[profile role-of-program]
role_arn = arn:aws:iam::1:role/x
source_profile = role-of-program
aws_access_key_id = AKIAMADEUP
credential_process = /bin/true
[profile half]
aws_access_key_id = AKIAMADEUP
";
const CREDENTIALS: &str = "\
[keys]
aws_access_key_id = AKIAMADEUP
aws_secret_access_key = made-up
[session]
aws_access_key_id = ASIAMADEUP
aws_secret_access_key = made-up
aws_session_token = made-up
";
/// Where the SDKs keep the session `corp`: the SHA-1 of its name.
const CACHE: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

#[test]
fn profiles_and_where_they_lead() {
    let files = [(".aws/config", CONFIG), (".aws/credentials", CREDENTIALS)];
    let (aws, _) = with(&files, &[]);
    let check = |name: &str, kind: Kind, problem: Option<&str>| {
        let profile = aws.profile(name).expect("a profile");
        assert_eq!(profile.kind, kind, "{name}");
        let found = profile.problem.as_deref().unwrap_or_default();
        assert_eq!(problem.is_none(), found.is_empty(), "{name}: {found}");
        assert!(
            found.contains(problem.unwrap_or_default()),
            "{name}: {found}"
        );
    };
    let role = |source: &str| Kind::Role {
        source: Some(source.to_owned()),
    };
    check("default", Kind::Settings, None);
    check("keys", Kind::Keys { temporary: false }, None);
    check("session", Kind::Keys { temporary: true }, None);
    check("sso", Kind::SignIn, None);
    check("no-session", Kind::SignIn, Some("[sso-session gone]"));
    check("role", role("keys"), None);
    check("machine-role", Kind::Role { source: None }, None);
    check("circle", role("round"), Some("in a circle"));
    check("orphan", role("absent"), Some("no such profile"));
    check("second-factor", role("keys"), Some("mfa_serial"));
    check("two-sources", role("keys"), Some("both source_profile and"));
    check("half-session", Kind::SignIn, Some("lacks sso_region"));
    check("rootless", Kind::Role { source: None }, Some("neither"));
    check("program", Kind::Process, None);
    check("keys-and-program", Kind::Keys { temporary: false }, None);
    check("keys-and-sso", Kind::Keys { temporary: false }, None);
    check("role-of-program", Kind::Process, None);
    check(
        "half",
        Kind::Keys { temporary: false },
        Some("lacks aws_secret_access_key"),
    );
    assert!(aws.profile("corp").is_none());
    assert!(!format!("{aws:?}").contains("made-up"));
}

#[test]
fn sign_ins() {
    let check = |cache: &str, expected: fn(Session) -> bool, over: bool| {
        let (aws, _) = with(&[(".aws/config", CONFIG), (CACHE, cache)], &[]);
        let profile = aws.profile("sso").expect("a profile");
        let session = profile.session.expect("a session");
        assert!(expected(session), "{cache}: {session:?}");
        assert_eq!(profile.needs_sign_in(), over, "{cache}");
    };
    check(
        r#"{"expiresAt": "2026-11-20T20:00:00Z"}"#,
        |s| matches!(s, Session::Valid { .. }),
        false,
    );
    check(
        r#"{"expiresAt": "2026-11-20T11:00:00UTC"}"#,
        |s| matches!(s, Session::Expired { .. }),
        true,
    );
    let renewable = r#"{"expiresAt": "2026-11-20T11:00:00Z", "refreshToken": "x", "registrationExpiresAt": "2027-01-01T00:00:00Z"}"#;
    check(renewable, |s| s == Session::Renewable, false);
    let unregistered = r#"{"expiresAt": "2026-11-20T11:00:00Z", "refreshToken": "x", "registrationExpiresAt": "2026-01-01T00:00:00Z"}"#;
    check(unregistered, |s| matches!(s, Session::Expired { .. }), true);
    check("{}", |s| s == Session::Missing, true);
    check("nonsense", |s| s == Session::Missing, true);
    let (aws, _) = with(&[(".aws/config", CONFIG)], &[]);
    assert_eq!(
        aws.profile("sso").and_then(|p| p.session),
        Some(Session::Missing)
    );
}

#[test]
fn files_of_another_name() {
    let names = [
        ("AWS_CONFIG_FILE", "~/aws/c"),
        ("AWS_SHARED_CREDENTIALS_FILE", "~/aws/s"),
    ];
    let files = [
        ("aws/c", "[profile other]\n  region = eu-west-3\n"),
        ("aws/s", CREDENTIALS),
    ];
    let (aws, _) = with(&files, &names);
    let region = aws
        .profile("other")
        .and_then(|profile| profile.region.as_deref());
    assert_eq!(region, Some("eu-west-3"));
    assert!(aws.profile("keys").is_some());
}

#[test]
fn what_comes_first_and_in_which_region() {
    let check = |variables: &[(&str, &str)], expected: &str, place: Option<&str>| {
        let files = [(".aws/config", CONFIG), (".aws/credentials", CREDENTIALS)];
        let (aws, system) = with(&files, variables);
        let first = match aws.first() {
            First::Environment => "environment",
            First::Profile(profile) => profile.name.as_str(),
            First::WebIdentity => "web identity",
            First::Container => "container",
            First::Metadata => "metadata",
            First::Nothing => "nothing",
        };
        assert_eq!(first, expected, "{variables:?}");
        let set = region::look(&system.environment, &aws, None);
        let told = set.map(|set| format!("{} by {}", set.region, set.place));
        assert_eq!(told.as_deref(), place, "{variables:?}");
    };
    let default = Some("eu-west-1 by the AWS profile default");
    check(&[], "metadata", default);
    check(&[("AWS_EC2_METADATA_DISABLED", "true")], "nothing", default);
    check(
        &[("AWS_PROFILE", "keys")],
        "keys",
        Some("us-west-2 by the AWS profile keys"),
    );
    check(
        &[
            ("AWS_ACCESS_KEY_ID", "AKIA"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("AWS_REGION", "us-east-1"),
        ],
        "environment",
        Some("us-east-1 by AWS_REGION"),
    );
    check(
        &[("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_DEFAULT_REGION", "x")],
        "metadata",
        Some("x by AWS_DEFAULT_REGION"),
    );
    check(
        &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x")],
        "container",
        default,
    );
    check(
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/x"), ("AWS_ROLE_ARN", "y")],
        "web identity",
        default,
    );
}
