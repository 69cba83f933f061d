//! What OpenClaw, Clawdbot and cuti say about credentials.

use super::{Message, coded, plain};

pub const MESSAGES: &[Message] = &[
    coded(
        "CRED-013",
        &["OAuth token refresh failed"],
        "A Claude subscription login could not be renewed. Its refresh token works once: when two programs share a login, the second one loses it.",
        "Give the gateway a credential of its own: an API key (`keywright onboard`) is the steady one. To stay with the subscription, run `claude setup-token` and paste the token on the gateway host.",
    ),
    coded(
        "STORE-009",
        &[
            "No API key found for provider",
            "No API key found for provider anthropic",
            "No * API key found for account",
            "API key not found",
            "No credentials found",
            "No credentials found for profile",
        ],
        "The program looked in its own store and environment and found no credential for this provider. Each agent has its own store, and a service does not see what your shell exports.",
        "Set up a key for that agent with `keywright --agent ID onboard`, or put it where the service reads it. `keywright doctor --only STORE-009` lists every place that was looked at.",
    ),
    coded(
        "STORE-010",
        &[
            "No available auth profile",
            "No available auth profile (all in cooldown/unavailable)",
            "all in cooldown",
        ],
        "Every stored credential failed lately and is kept out of use for a while, or is switched off after a billing error.",
        "Wait until the pause is over, end it with `keywright models auth reset ID` where keywright keeps it, or add another key with `keywright onboard`. `keywright doctor` finds out what is wrong with the credential itself.",
    ),
    coded(
        "STORE-003",
        &[
            "Token expiring/expired",
            "token expired",
            "token is expired",
        ],
        "The subscription token has reached its end or is about to; a setup-token lives one year.",
        "Run `claude setup-token` and paste the new token, or change to an API key with `keywright onboard`.",
    ),
    coded(
        "TTY-001",
        &[
            "requires an interactive TTY",
            "needs an interactive TTY",
            "claude setup-token requires an interactive TTY",
        ],
        "The command asks questions or opens a sign-in, and there is no terminal to do it on.",
        "Run it in a real terminal (`ssh -t`, `docker run -it`), or use an API key without questions: `keywright onboard --non-interactive`.",
    ),
    coded(
        "CRED-031",
        &[
            "Token looks too short",
            "paste the full setup-token",
            "Expected token starting with",
            "a valid setup-token",
        ],
        "What was pasted is no whole setup-token: it starts with `sk-ant-oat01-` and has 108 characters. A terminal prints it in two rows, and the second is easily lost.",
        "Copy both rows, or widen the terminal to 120 columns and run `claude setup-token` again.",
    ),
    coded(
        "CRED-030",
        &["Missing --anthropic-api-key"],
        "The setup ran without questions and got no key.",
        "Name where the key comes from: `keywright onboard --non-interactive` says every way in which it takes one.",
    ),
    plain(
        &["Auth choice * was not matched to a provider setup flow"],
        "The way of signing in needs a provider beside it.",
        "Add `--token-provider anthropic`, or use `keywright onboard`, which asks for it.",
    ),
    plain(
        &["could not verify the installed Claude CLI login"],
        "There is no `claude` program, or it has no login.",
        "Run `claude auth login`, or use an API key: `keywright onboard`.",
    ),
    plain(
        &[
            "Unrecognized key * env",
            "Invalid config * env * Unrecognized key",
        ],
        "OpenClaw no longer takes variables directly under `env`.",
        "Move them under `env.vars`, or better into ~/.openclaw/.env with mode 600.",
    ),
    plain(
        &[
            "Gateway not reachable after waiting",
            "GatewayTransportError",
        ],
        "The gateway process of OpenClaw does not run or does not listen. That says nothing about the credential.",
        "Start it (`systemctl --user restart openclaw-gateway`), and ask `keywright doctor` about the credential.",
    ),
    plain(
        &["belongs to another sign-in"],
        "The profile id is taken by a credential of another kind.",
        "Store it under another name with `--profile-id anthropic:NAME`.",
    ),
    plain(
        &[
            "Bedrock requires --region, --access-key, and --secret-key",
            "Missing Bedrock parameters",
        ],
        "An access to Amazon Bedrock is made of a region, an access key id and a secret access key, or of a Bedrock API key; the model id alone opens nothing.",
        "Give all three. A region looks like `us-east-1`, an access key id starts with `AKIA`.",
    ),
    coded(
        "CRED-001",
        &[
            "insecure-permissions",
            "permissions are too open",
            "Permission denied * api_keys.json",
            "Permission denied * auth-profiles.json",
            "can't read .api_keys.json",
        ],
        "The file with the credentials belongs to somebody else, or others may read it, and the program refuses it.",
        "Make it yours alone: `chmod 600 FILE`, and `chown` it when a run with sudo made it. `keywright doctor --only CRED-001` does that for keywright's own files.",
    ),
    plain(
        &["Permission denied"],
        "A file or folder may not be opened by the user that the program runs as. A file with a credential then belongs to somebody else, often because a run with sudo made it.",
        "Look at the path in the message: `ls -l FILE` says whose it is, `chmod 600 FILE` or `chown` mends a file of your own. `keywright doctor --only cred,env` looks at those with credentials.",
    ),
];
