//! What is found, in which order, with files in scratch homes.

use super::*;

struct Scratch {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Scratch {
    fn new(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let mut all = vec![("HOME".to_owned(), folder.path().display().to_string())];
        all.extend(
            variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Self {
            folder,
            variables: all,
        }
    }

    fn put(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .expect("a file");
        std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
        self
    }

    fn sources(&self) -> Vec<Source> {
        let folder = self.folder.path().join("work");
        let environment = Environment::of(self.variables.clone(), folder);
        let mut system = System::with_environment(environment);
        system.platform = crate::system::Platform::Unix;
        sources(&system, None, Timestamp::UNIX_EPOCH)
    }

    /// `+name` is used, `-name` has no say, ` name` comes later.
    fn told(&self) -> Vec<String> {
        let told = |source: Source| {
            let mark = if source.active {
                '+'
            } else if source.overridden {
                '-'
            } else {
                ' '
            };
            format!("{mark}{}", source.name)
        };
        self.sources().into_iter().map(told).collect()
    }
}

const LOGIN: &str =
    r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-canary","scopes":["user:inference"]}}"#;
const KEY: &str = "sk-ant-api03-0000000000000000000000000000abcd";

fn with_login(variables: &[(&str, &str)]) -> Scratch {
    Scratch::new(variables).put(".claude/.credentials.json", LOGIN)
}

#[test]
fn the_order_of_variables() {
    let check = |variables: &[(&str, &str)], expected: &[&str]| {
        assert_eq!(with_login(variables).told(), expected, "{variables:?}");
    };
    check(&[], &["+login"]);
    check(
        &[("ANTHROPIC_API_KEY", KEY)],
        &["+ANTHROPIC_API_KEY", " login"],
    );
    check(&[("ANTHROPIC_API_KEY", "")], &["+login"]);
    check(
        &[
            ("ANTHROPIC_API_KEY", KEY),
            ("CLAUDE_CODE_OAUTH_TOKEN", "t"),
            ("ANTHROPIC_PROFILE", "p"),
        ],
        &[
            "+ANTHROPIC_API_KEY",
            " CLAUDE_CODE_OAUTH_TOKEN",
            " ANTHROPIC_PROFILE",
            " login",
        ],
    );
    check(
        &[("ANTHROPIC_API_KEY", KEY), ("ANTHROPIC_AUTH_TOKEN", "t")],
        &["+ANTHROPIC_AUTH_TOKEN", "+ANTHROPIC_API_KEY", " login"],
    );
    check(
        &[
            ("CLAUDE_CODE_USE_VERTEX", "on"),
            ("CLAUDE_CODE_USE_BEDROCK", "1"),
            ("ANTHROPIC_API_KEY", KEY),
        ],
        &[
            "+CLAUDE_CODE_USE_BEDROCK",
            " CLAUDE_CODE_USE_VERTEX",
            " ANTHROPIC_API_KEY",
            " login",
        ],
    );
    for off in ["0", "false", "2", ""] {
        check(&[("CLAUDE_CODE_USE_BEDROCK", off)], &["+login"]);
    }
}

#[test]
fn settings_go_over_the_environment() {
    let settings =
        |text: &str| with_login(&[("ANTHROPIC_API_KEY", KEY)]).put(".claude/settings.json", text);
    let over = settings(r#"{"env": {"ANTHROPIC_API_KEY": "other"}}"#);
    assert_eq!(
        over.told(),
        ["+ANTHROPIC_API_KEY", "-ANTHROPIC_API_KEY", " login"]
    );
    let place = &over.sources()[0].place;
    assert!(
        place
            .to_string()
            .starts_with("`env.ANTHROPIC_API_KEY` in /"),
        "{place}"
    );
    let away = settings(r#"{"env": {"ANTHROPIC_API_KEY": ""}}"#);
    assert_eq!(away.told(), ["-ANTHROPIC_API_KEY", "+login"]);
    let broken = settings("{");
    assert_eq!(broken.told(), ["+ANTHROPIC_API_KEY", " login"]);
    let project = settings(r#"{"env": {"ANTHROPIC_API_KEY": ""}, "apiKeyHelper": "h"}"#).put(
        "work/.claude/settings.json",
        r#"{"env": {"CLAUDE_CODE_USE_BEDROCK": 1}, "apiKeyHelper": "h"}"#,
    );
    assert_eq!(
        project.told(),
        [
            "+CLAUDE_CODE_USE_BEDROCK",
            "-ANTHROPIC_API_KEY",
            " apiKeyHelper",
            "-apiKeyHelper",
            " login"
        ]
    );
}

#[test]
fn a_managed_key_and_what_was_said_of_keys() {
    let state = r#"{"primaryApiKey": "sk-ant-canary", "customApiKeyResponses": {"rejected": ["0000000000000000abcd"]}}"#;
    let scratch = with_login(&[("ANTHROPIC_API_KEY", KEY)]).put(".claude.json", state);
    assert_eq!(
        scratch.told(),
        ["+ANTHROPIC_API_KEY", " primaryApiKey", " login"]
    );
    let found = scratch.sources();
    assert!(
        found[0]
            .note
            .as_ref()
            .is_some_and(|note| note.contains("refused"))
    );
    assert_eq!(found[0].masked.as_deref(), Some("sk-ant-api03-…abcd"));
    assert!(!format!("{found:?}").contains("canary"));
    let names: Vec<_> = before(&found, SourceKind::Login)
        .map(|source| source.name.as_str())
        .collect();
    assert_eq!(names, ["ANTHROPIC_API_KEY", "primaryApiKey"]);
    assert_eq!(
        found[0].sentence("the login"),
        "ANTHROPIC_API_KEY in this environment comes before the login: it is billed to the API account of that key instead of your plan."
    );
}

#[test]
fn nothing_at_all() {
    assert_eq!(Scratch::new(&[]).told(), Vec::<String>::new());
    let profile = Scratch::new(&[]).put(".config/anthropic/active_config", "p");
    assert_eq!(profile.told(), ["+active profile"]);
}
