//! Whatever is run here, the folders of other programs stay as they were.

use serde_json::json;

use super::{AWS_ID, AWS_SECRET, token, tree};
use crate::support::machine::{Machine, key};

const PEERS: &[&str] = &[".clawdbot", ".openclaw", ".cuti", ".claude", ".aws"];

fn machine() -> Machine {
    let machine = Machine::new();
    let store = json!({"version": 1, "profiles": {
        "anthropic:default": {"type": "api_key", "provider": "anthropic", "key": key("x")},
        "anthropic:claude-cli": {"type": "oauth", "provider": "anthropic", "access": token(), "refresh": "sk-ant-ort01-REFRESH"},
    }});
    let login = json!({"claudeAiOauth": {"accessToken": token(), "refreshToken": "sk-ant-ort01-REFRESH", "expiresAt": 1, "scopes": ["user:inference"]}});
    for (path, text) in [
        (
            ".clawdbot/agents/main/agent/auth-profiles.json",
            store.to_string(),
        ),
        (
            ".clawdbot/.env",
            format!("ANTHROPIC_API_KEY={}\n", key("e")),
        ),
        (
            ".clawdbot/clawdbot.json",
            "{ env: { ANTHROPIC_API_KEY: 'x' } }".to_owned(),
        ),
        (
            ".openclaw/openclaw.json",
            "{ agents: { defaults: {} } }".to_owned(),
        ),
        (
            ".openclaw/state/openclaw.sqlite",
            "SQLite format 3".to_owned(),
        ),
        (".openclaw/.env", "A=1\n".to_owned()),
        (
            ".cuti/claude-accounts/accounts.json",
            "{\"accounts\": {}}".to_owned(),
        ),
        (
            ".cuti/claude-accounts/a/.api_keys.json",
            json!({"anthropic": {"api_key": key("c")}}).to_string(),
        ),
        (".claude/.credentials.json", login.to_string()),
        (".aws/config", "[default]\nregion = us-east-1\n".to_owned()),
        (
            ".aws/credentials",
            format!(
                "[default]\naws_access_key_id = {AWS_ID}\naws_secret_access_key = {AWS_SECRET}\n"
            ),
        ),
    ] {
        machine.write(path, &text);
    }
    machine
}

#[test]
fn no_command_touches_a_peer() {
    let machine = machine().with("KEY", &key("k"));
    let trees = || -> Vec<_> {
        PEERS
            .iter()
            .map(|peer| tree(&machine.home().join(peer)))
            .collect()
    };
    let before = trees();
    let check = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let ended = machine.run(&words);
        assert!(trees() == before, "{line}: {ended:?}");
        ended.code
    };
    // Each of these writes something of ours.
    for line in [
        "import --yes",
        "onboard --non-interactive --offline --flow api-key --anthropic-api-key-env KEY --replace --env-file=yes",
        "onboard --non-interactive --skip-probe --flow claude-cli --profile-id anthropic:login",
        "account add-api-key a --api-key-env KEY --replace",
        "account use a",
        "account delete-api-key a --provider anthropic --force",
        "import --yes --replace",
        "undo",
    ] {
        assert_eq!(check(line), 0, "{line}");
    }
    for line in [
        "import --dry-run",
        "status",
        "models status --check",
        "models auth list",
        "models auth sync",
        "doctor --offline",
        "doctor --fix --offline --yes",
        "why openclaw",
        "why claude-code",
        "why aws",
        "account list",
        "account current",
        "env --account a",
        "exec -- true",
        "get",
        "history",
    ] {
        check(line);
    }
}
