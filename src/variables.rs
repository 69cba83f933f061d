//! Every environment variable that keywright reads, once. An empty value counts as absent.

/// Our home folder.
pub const HOME: &str = "KEYWRIGHT_HOME";
/// The agent whose store is used (default `main`).
pub const AGENT: &str = "KEYWRIGHT_AGENT";
/// The profile to use, as `--profile`.
pub const PROFILE: &str = "KEYWRIGHT_PROFILE";
/// The account to use, as `--account`.
pub const ACCOUNT: &str = "KEYWRIGHT_ACCOUNT";
/// Set: never prompt.
pub const NO_INPUT: &str = "KEYWRIGHT_NO_INPUT";
/// Set for the program that a reference asks, which may not ask one in turn.
pub const RESOLVING: &str = "KEYWRIGHT_RESOLVING";
/// Fixes the clock (RFC 3339), for reproducible output.
pub const NOW: &str = "KEYWRIGHT_NOW";
/// Set by nearly every CI system.
pub const CI: &str = "CI";
/// Where caches are kept, instead of `~/.cache`.
pub const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";
/// The user's own folder for things that end with the session.
pub const XDG_RUNTIME_DIR: &str = "XDG_RUNTIME_DIR";
/// Where the session bus of the desktop is.
pub const DBUS_SESSION_BUS_ADDRESS: &str = "DBUS_SESSION_BUS_ADDRESS";
/// Asks for plain, linear prompts (screen readers).
pub const ACCESSIBLE: &str = "ACCESSIBLE";

/// An Anthropic API key; also read by Claude Code and every SDK.
pub const ANTHROPIC_API_KEY: &str = "ANTHROPIC_API_KEY";
/// Several keys, separated by commas or semicolons.
pub const ANTHROPIC_API_KEYS: &str = "ANTHROPIC_API_KEYS";
/// Further keys: every variable whose name starts like this.
pub const ANTHROPIC_API_KEY_PREFIX: &str = "ANTHROPIC_API_KEY_";
/// Overrides every other Anthropic key for keywright alone.
pub const LIVE_ANTHROPIC_KEY: &str = "KEYWRIGHT_LIVE_ANTHROPIC_KEY";
/// A bearer token for a gateway.
pub const ANTHROPIC_AUTH_TOKEN: &str = "ANTHROPIC_AUTH_TOKEN";
/// A subscription token under OpenClaw's name.
pub const ANTHROPIC_OAUTH_TOKEN: &str = "ANTHROPIC_OAUTH_TOKEN";
/// A subscription token made by `claude setup-token`.
pub const CLAUDE_CODE_OAUTH_TOKEN: &str = "CLAUDE_CODE_OAUTH_TOKEN";
/// Where Anthropic requests go instead of the default host.
pub const ANTHROPIC_BASE_URL: &str = "ANTHROPIC_BASE_URL";
/// Where Claude Code signs in and renews a login, instead of the provider's own host.
pub const CLAUDE_CODE_CUSTOM_OAUTH_URL: &str = "CLAUDE_CODE_CUSTOM_OAUTH_URL";
/// The folder of Claude Code's files, instead of `~/.claude`.
pub const CLAUDE_CONFIG_DIR: &str = "CLAUDE_CONFIG_DIR";
/// The folder of Claude Code's login alone, instead of [`CLAUDE_CONFIG_DIR`].
pub const CLAUDE_SECURESTORAGE_CONFIG_DIR: &str = "CLAUDE_SECURESTORAGE_CONFIG_DIR";

/// OpenAI's keys: the one that overrides the others for keywright alone, several in one, one, and
/// the beginning of the names of further ones.
pub const LIVE_OPENAI_KEY: &str = "KEYWRIGHT_LIVE_OPENAI_KEY";
pub const OPENAI_API_KEYS: &str = "OPENAI_API_KEYS";
pub const OPENAI_API_KEY: &str = "OPENAI_API_KEY";
pub const OPENAI_API_KEY_PREFIX: &str = "OPENAI_API_KEY_";
/// Where OpenAI's requests go instead, `/v1` included.
pub const OPENAI_BASE_URL: &str = "OPENAI_BASE_URL";

/// OpenRouter's keys, as OpenAI's.
pub const LIVE_OPENROUTER_KEY: &str = "KEYWRIGHT_LIVE_OPENROUTER_KEY";
pub const OPENROUTER_API_KEYS: &str = "OPENROUTER_API_KEYS";
pub const OPENROUTER_API_KEY: &str = "OPENROUTER_API_KEY";
pub const OPENROUTER_API_KEY_PREFIX: &str = "OPENROUTER_API_KEY_";
/// Where OpenRouter's requests go instead, `/api/v1` included.
pub const OPENROUTER_BASE_URL: &str = "OPENROUTER_BASE_URL";

/// Google's keys for Gemini, as OpenAI's; and the name that its other programs use, too.
pub const LIVE_GEMINI_KEY: &str = "KEYWRIGHT_LIVE_GEMINI_KEY";
pub const GEMINI_API_KEYS: &str = "GEMINI_API_KEYS";
pub const GEMINI_API_KEY: &str = "GEMINI_API_KEY";
pub const GEMINI_API_KEY_PREFIX: &str = "GEMINI_API_KEY_";
pub const GOOGLE_API_KEY: &str = "GOOGLE_API_KEY";
/// Where Gemini's requests go instead.
pub const GOOGLE_GEMINI_BASE_URL: &str = "GOOGLE_GEMINI_BASE_URL";

/// The AWS CLI's files, instead of those in `~/.aws`.
pub const AWS_CONFIG_FILE: &str = "AWS_CONFIG_FILE";
pub const AWS_SHARED_CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";

/// Variables that are described to the user and never used: other programs' credentials and
/// switches, which decide what those programs do with ours.
pub const DESCRIBED: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_FOUNDRY",
    "CLAUDE_CODE_USE_VERTEX",
];

/// Files and folders of certificate authorities.
pub const TRUST: &[&str] = &["NODE_EXTRA_CA_CERTS", "SSL_CERT_DIR", SSL_CERT_FILE];

/// What Claude Code presents to a proxy or gateway that wants a certificate of the client.
pub const CLIENT_CERTIFICATE: &[&str] = &[
    "CLAUDE_CODE_CERT_STORE",
    "CLAUDE_CODE_CLIENT_CERT",
    "CLAUDE_CODE_CLIENT_KEY",
    "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
];

/// Variables that name a proxy, lower case first as curl reads them.
pub const PROXIES: &[&str] = &[
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "HTTP_PROXY",
    "all_proxy",
    "ALL_PROXY",
];
/// Hosts that are exempt from the proxy.
pub const NO_PROXY: &[&str] = &["no_proxy", "NO_PROXY"];
/// Set by web servers for CGI programs, where `HTTP_PROXY` comes from the client.
pub const REQUEST_METHOD: &str = "REQUEST_METHOD";
/// The bundle of certificate authorities to trust instead of the system's; read by the TLS library.
pub const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
