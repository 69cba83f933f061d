//! AWS from outside: what a machine has for it, and what a server in its place may do.

use crate::support::keys::identity;
use crate::support::machine::{Ended, Machine};
use crate::support::server::{Answer, Server};

const ID: &str = "ASIAMADEUPMADEUPMADE";
const SECRET: &str = "madeupmadeup/madeup+madeupmadeupmadeup12";

/// A machine for which `server` is AWS.
fn machine(server: &Server) -> Machine {
    Machine::new()
        .with("AWS_ENDPOINT_URL", &server.url())
        .with("AWS_EC2_METADATA_DISABLED", "true")
}

fn onboard(machine: &Machine, more: &str) -> Ended {
    let arguments = "onboard --non-interactive --flow bedrock --region us-east-1";
    let arguments: Vec<&str> = arguments.split(' ').chain(more.split(' ')).collect();
    machine.run(&arguments)
}

/// Some refusals repeat the headers of the request.
#[test]
fn a_refusal_that_repeats_the_secret_is_told_without_it() {
    let token = "IQoJb3JpZ2luX2Vj".repeat(20);
    let bearer = format!("ABSK{}", "Ab1".repeat(40));
    let check = |ways: &str, secret: &str| {
        let said = format!("The headers were 'host:made-up.example x-secret:{secret}'");
        let body = serde_json::json!({"__type": "MadeUpException", "message": said});
        let server = Server::always(Answer::json(400, &body.to_string()));
        let machine = machine(&server).with("S", SECRET).with("T", secret);
        for format in ["", " --json"] {
            let ended = onboard(&machine, &format!("{ways}{format}"));
            let text = format!("{}{}", ended.stdout, ended.stderr);
            assert!(text.contains("The headers were"), "{text}");
            assert!(!text.contains(&secret[..12]), "{text}");
        }
    };
    let keys = format!(
        "--aws-auth access_keys --access-key-id {ID} --secret-access-key-env S --session-token-env T"
    );
    check(&keys, &token);
    check("--aws-auth bearer --bearer-token-env T", &bearer);
}

/// A machine of one's own has no metadata service, and many networks drop what is sent there.
#[test]
fn a_silent_metadata_service_is_none() {
    let server = Server::always(Answer::Silence);
    let machine = Machine::new().with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &server.url());
    let ended = onboard(&machine, "--aws-auth chain");
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("no AWS credentials"), "{ended:?}");
}

/// Claude Code's documentation asks for the models and the profiles, and for no more.
#[test]
fn permissions_that_claude_code_does_without_are_not_asked_for() {
    let check = |name: &str, more: &str, expected: &str| {
        let machine = Machine::new().with("S", &identity(name, "secretAccessKey"));
        let id = identity(name, "accessKeyId");
        let arguments = format!(
            "--sandbox onboard --non-interactive --json --flow bedrock --region us-east-1 \
             --aws-auth access_keys --access-key-id {id} --secret-access-key-env S{more}"
        );
        let ended = machine.run(&arguments.split_whitespace().collect::<Vec<_>>());
        assert_eq!(ended.code, 0, "{name}: {ended:?}");
        let status = ended.json()["verification"]["status"].clone();
        assert_eq!(status, expected, "{name}");
    };
    let model = " --model us.anthropic.claude-opus-5";
    check("aws-no-count-tokens", model, "limited");
    check("aws-no-list-models", model, "works");
    check("aws-no-list-profiles", "", "limited");
}

/// The AWS SDK would read a device for ever.
#[cfg(unix)]
#[test]
fn files_that_are_none() {
    let machine = Machine::new().with("AWS_EC2_METADATA_DISABLED", "true");
    let folder = machine.home().join(".aws");
    std::fs::create_dir(&folder).expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", folder.join("config")).expect("a link");
    for way in ["profile --aws-profile x", "chain"] {
        let ended = onboard(&machine, &format!("--aws-auth {way}"));
        assert!(
            ended.stderr.contains("a pipe, socket or device"),
            "{ended:?}"
        );
    }
}

/// The profile that was chosen is tried, and not what else there is.
#[test]
fn keys_of_the_environment_do_not_stand_in_for_a_profile() {
    let machine = Machine::new()
        .with("AWS_EC2_METADATA_DISABLED", "true")
        .with("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENTMADEU")
        .with("AWS_SECRET_ACCESS_KEY", SECRET);
    let keys = "aws_access_key_id = AKIAPROFILEMADEUPMAD\naws_secret_access_key = made-up\n";
    machine.write(".aws/credentials", &format!("[dev]\n{keys}[default]\n"));
    let resolved = |more: &[&str]| {
        let arguments = [&["aws-credentials", "--region", "us-east-1"], more].concat();
        machine.run(&arguments).json()
    };
    assert_eq!(
        resolved(&["--profile", "dev"])["id"],
        "AKIAPROFILEMADEUPMAD"
    );
    assert_eq!(resolved(&["--profile", "default"])["failure"], "nothing");
    assert_eq!(resolved(&[])["id"], "AKIAENVIRONMENTMADEU");
}

/// The refresh token is not taken any more: signing in again mends it, waiting does not.
#[test]
fn a_session_that_cannot_be_renewed_wants_a_sign_in() {
    let refused = r#"{"error": "invalid_grant", "error_description": "Invalid refresh token"}"#;
    let server = Server::always(
        Answer::json(400, refused).header("x-amzn-errortype", "InvalidGrantException"),
    );
    let machine = machine(&server);
    machine.write(
        ".aws/config",
        "[profile dev]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = x\n\
         [sso-session corp]\nsso_start_url = https://made-up.example/start\nsso_region = us-east-1\n",
    );
    let cached = r#"{"startUrl": "https://made-up.example/start", "region": "us-east-1", "accessToken": "made-up",
        "expiresAt": "EXPIRED", "refreshToken": "made-up", "clientId": "x", "clientSecret": "made-up",
        "registrationExpiresAt": "2099-01-01T00:00:00Z"}"#;
    let expired = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let expired = expired.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    machine.write(
        ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
        &cached.replace("EXPIRED", &expired),
    );
    let ended = onboard(&machine, "--aws-auth profile --aws-profile dev");
    assert!(!server.requests().is_empty(), "renewing was tried");
    assert_eq!(ended.code, 1, "{ended:?}");
    let remedy = "aws sso login --profile dev";
    assert!(ended.stderr.contains(remedy), "{ended:?}");
}

/// Signing in mends what a sign-in gave, and not keys that stand in a file.
#[test]
fn an_ended_session_of_keys_in_a_file_is_no_sign_in() {
    let said = r#"{"message": "The security token included in the request is expired"}"#;
    let server =
        Server::always(Answer::json(403, said).header("x-amzn-errortype", "ExpiredTokenException"));
    let machine = machine(&server);
    let keys = format!(
        "[dev]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\naws_session_token = made-up\n"
    );
    machine.write(".aws/credentials", &keys);
    let ended = onboard(&machine, "--aws-auth profile --aws-profile dev");
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("has expired"), "{ended:?}");
    assert!(!ended.stderr.contains("aws sso login"), "{ended:?}");
}

/// The SDK keeps everything that a program prints.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_prints_without_end_is_ended_before_it_fills_the_memory() {
    let machine = Machine::new().with("AWS_EC2_METADATA_DISABLED", "true");
    let floods = machine.program(
        "floods",
        "x=$(printf '%65536s' x); while :; do printf %s \"$x\"; done",
    );
    // The SDK looks for a shell on PATH.
    let shell = floods.with_file_name("sh");
    std::os::unix::fs::symlink("/bin/sh", shell).expect("a link");
    let config = format!("[profile dev]\ncredential_process = {}\n", floods.display());
    machine.write(".aws/config", &config);
    let ended = onboard(&machine, "--aws-auth profile --aws-profile dev");
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("prints without end"), "{ended:?}");
}
