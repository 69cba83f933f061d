use std::time::Duration;

use super::*;

#[test]
fn a_file_that_is_mounted() {
    const MOUNTS: &str = "36 35 98:0 / / rw,noatime master:1 - ext4 /dev/sda rw\n\
        40 36 98:0 /home/u/.claude/.credentials.json /root/.claude/.credentials.json rw - ext4 /dev/sda rw\n\
        41 36 98:0 /x /my\\040home/.credentials.json rw - ext4 /dev/sda rw\n";
    let check = |path: &str, expected| assert_eq!(is_mount_point(MOUNTS, path), expected, "{path}");
    check("/root/.claude/.credentials.json", true);
    check("/my home/.credentials.json", true);
    check("/home/u/.claude/.credentials.json", false);
    check("/root/.claude", false);
}
use crate::provider::words::Action;
use crate::system::{Environment, Platform};

const NOW: &str = "2026-11-21T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

/// Milliseconds since 1970 of `hours` from now.
fn at(hours: i64) -> i64 {
    (now() + SignedDuration::from_hours(hours)).as_millisecond()
}

fn with(fields: &str) -> String {
    format!(r#"{{"claudeAiOauth":{{{fields}}}}}"#)
}

const ACCESS: &str = r#""accessToken":"sk-ant-oat01-canary""#;
const REFRESH: &str = r#""refreshToken":"sk-ant-ort01-canary""#;
const SCOPES: &str = r#""scopes":["user:inference","user:profile"]"#;

#[test]
fn standings_of_files() {
    let check = |text: &str, expected: Standing| {
        let found = classify(text, now());
        assert_eq!(found.standing, expected, "{text}");
        assert!(!format!("{found:?}").contains("canary"), "{found:?}");
    };
    check("", Standing::Broken);
    check("{", Standing::Broken);
    check("[]", Standing::Broken);
    check("null", Standing::Broken);
    check("\u{feff}{}", Standing::Broken);
    check("sk-ant-oat01-canary", Standing::Broken);
    check(
        &format!("{{\"claudeAiOauth\":{{{ACCESS},"),
        Standing::Broken,
    );
    check("{}", Standing::NoLogin);
    check(
        r#"{"mcpOAuth":{"x":{"accessToken":"canary"}}}"#,
        Standing::NoLogin,
    );
    check(r#"{"claudeAiOauth":null}"#, Standing::NoLogin);
    check(r#"{"claudeAiOauth":"canary"}"#, Standing::NoLogin);
    check(&with(""), Standing::NoLogin);
    check(&with(r#""accessToken":null"#), Standing::NoLogin);
    check(&with(r#""accessToken":7"#), Standing::NoLogin);
    check(
        &with(&format!(
            r#""accessToken":"","refreshToken":"","expiresAt":0,{SCOPES}"#
        )),
        Standing::Blanked,
    );
    check(&with(ACCESS), Standing::NoInference);
    check(
        &with(&format!(r#"{ACCESS},"scopes":[]"#)),
        Standing::NoInference,
    );
    check(
        &with(&format!(r#"{ACCESS},"scopes":["user:profile"]"#)),
        Standing::NoInference,
    );
    check(
        &with(&format!(r#"{ACCESS},"scopes":"user:inference""#)),
        Standing::NoInference,
    );
    // The later of two fields counts.
    check(
        &with(&format!(r#"{ACCESS},{SCOPES},"accessToken":"""#)),
        Standing::Blanked,
    );
}

#[test]
fn standings_by_time() {
    let check = |access: Option<i64>, refresh: Option<Option<i64>>, expected: Standing| {
        let mut fields = vec![ACCESS.to_owned(), SCOPES.to_owned()];
        fields.extend(access.map(|hours| format!(r#""expiresAt":{}"#, at(hours))));
        if let Some(ends) = refresh {
            fields.push(REFRESH.to_owned());
            fields.extend(ends.map(|hours| format!(r#""refreshTokenExpiresAt":{}"#, at(hours))));
        }
        let text = with(&fields.join(","));
        assert_eq!(
            classify(&text, now()).standing,
            expected,
            "{access:?} {refresh:?}"
        );
    };
    let weeks = Some(Some(600));
    check(Some(8), weeks, Standing::Valid);
    check(Some(8), Some(None), Standing::Valid);
    check(None, weeks, Standing::Valid);
    check(None, None, Standing::Valid);
    check(Some(-1), weeks, Standing::Refreshable);
    check(Some(0), weeks, Standing::Refreshable);
    check(Some(-1), Some(None), Standing::Refreshable);
    check(Some(8), Some(Some(72)), Standing::Valid);
    check(Some(8), Some(Some(71)), Standing::EndingSoon);
    check(Some(-1), Some(Some(71)), Standing::EndingSoon);
    check(Some(8), None, Standing::EndingSoon);
    check(Some(1000), None, Standing::Valid);
    check(Some(-1), None, Standing::Dead);
    check(Some(-1), Some(Some(-1)), Standing::Dead);
    check(Some(8), Some(Some(0)), Standing::Dead);
}

#[test]
fn times_out_of_range_are_no_defect() {
    let check = |time: &str, expected: Standing| {
        let text = with(&format!(r#"{ACCESS},{SCOPES},"expiresAt":{time}"#));
        assert_eq!(classify(&text, now()).standing, expected, "{time}");
    };
    check("1e300", Standing::Valid);
    check("-1e300", Standing::Dead);
    check("18446744073709551615", Standing::Valid);
    check("-1", Standing::Dead);
    check("0", Standing::Dead);
    check("4000000000000.5", Standing::Valid);
    check("\"4000000000000\"", Standing::Valid);
}

#[test]
fn details_are_kept_and_tokens_are_not() {
    let text = with(&format!(
        r#"{ACCESS},{REFRESH},{SCOPES},"expiresAt":{},"subscriptionType":"max","rateLimitTier":"default_claude_max_5x""#,
        at(8)
    ));
    let found = classify(&text, now());
    assert_eq!(found.plan.as_deref(), Some("max"));
    assert_eq!(
        found.rate_limit_tier.as_deref(),
        Some("default_claude_max_5x")
    );
    assert_eq!(found.scopes, ["user:inference", "user:profile"]);
    assert_eq!(
        (found.access, found.refresh),
        (TokenKind::Access, TokenKind::Refresh)
    );
    assert_eq!(
        found.access_expires.map(Timestamp::as_millisecond),
        Some(at(8))
    );
    let broken = classify(
        "{\n  \"claudeAiOauth\": {\"accessToken\": 'sk-ant-canary'}}",
        now(),
    );
    assert_eq!(broken.position, Some((2, 36)));
    assert_eq!(broken.problem.as_deref(), Some("it is not JSON"));
}

struct Scratch {
    folder: tempfile::TempDir,
    system: System,
}

impl Scratch {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let environment = Environment::of([("HOME", folder.path())], folder.path());
        let mut system = System::with_environment(environment);
        system.platform = Platform::Unix;
        std::fs::create_dir(folder.path().join(".claude")).expect("a folder");
        Self { folder, system }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(".claude/.credentials.json")
    }

    fn put(path: &Path, text: &str) {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .expect("a file");
        std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
    }

    fn look(&self) -> Login {
        look(&self.system, None, now())
    }
}

#[test]
fn files_that_are_no_files() {
    let check = |make: &dyn Fn(&Scratch, &Path), expected: Standing, problem: Option<&str>| {
        let scratch = Scratch::new();
        make(&scratch, &scratch.path());
        let started = std::time::Instant::now();
        let found = scratch.look();
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(found.standing, expected, "{problem:?}");
        let said = found.problem.unwrap_or_default();
        assert!(said.contains(problem.unwrap_or_default()), "{said}");
    };
    check(&|_, _| {}, Standing::Missing, None);
    check(
        &|_, path| std::fs::create_dir(path).expect("a folder"),
        Standing::Unreadable,
        Some("is a folder, not a file"),
    );
    check(
        &|_, path| {
            Scratch::put(path, "");
            let file = std::fs::OpenOptions::new()
                .write(true)
                .open(path)
                .expect("a file");
            file.set_len(1 << 30).expect("a hole");
        },
        Standing::Unreadable,
        Some("larger than 1048576 bytes"),
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        check(
            &|_, path| symlink("nowhere", path).expect("a link"),
            Standing::Unreadable,
            Some("leads nowhere"),
        );
        check(
            &|_, path| symlink(".credentials.json", path).expect("a link"),
            Standing::Unreadable,
            None,
        );
        check(
            &|_, path| {
                use rustix::fs::{CWD, FileType, Mode, mknodat};
                mknodat(CWD, path, FileType::Fifo, Mode::RWXU, 0).expect("a pipe");
            },
            Standing::Unreadable,
            Some("a pipe"),
        );
    }
}

#[cfg(unix)]
#[test]
fn the_files_own_state_is_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let scratch = Scratch::new();
    let real = scratch.folder.path().join("shared.json");
    Scratch::put(&real, &with(&format!("{ACCESS},{SCOPES}")));
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o644)).expect("mode");
    std::fs::hard_link(&real, scratch.folder.path().join("second")).expect("a hard link");
    symlink(&real, scratch.path()).expect("a link");
    let found = scratch.look();
    assert_eq!(found.standing, Standing::Valid);
    let file = found.file.expect("a file");
    assert_eq!((file.mode, file.links), (0o644, 2));
    assert_eq!(file.target, real.to_str().map(str::to_owned));
    assert!(file.mode & 0o077 != 0 && file.is_shared());
    assert_eq!(file.owner, file.user);
}

#[cfg(unix)]
#[test]
fn a_macs_keychain_comes_first() {
    use std::os::unix::fs::PermissionsExt;
    let check = |code: u8, file: bool, expected: Standing| {
        let mut scratch = Scratch::new();
        let program = scratch.folder.path().join("security");
        Scratch::put(&program, &format!("#!/bin/sh\nexit {code}\n"));
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("mode");
        scratch.system.platform = Platform::MacOs;
        let folder = scratch.folder.path().to_owned();
        scratch.system.environment.set("PATH", folder);
        if file {
            Scratch::put(
                &scratch.path(),
                &with(&format!("{ACCESS},{SCOPES},\"expiresAt\":{}", at(1000))),
            );
        }
        let found = scratch.look();
        assert_eq!(found.standing, expected, "{code} {file}");
        assert_eq!(
            found.ends().is_some(),
            expected == Standing::Valid,
            "{code} {file}"
        );
    };
    check(0, false, Standing::InKeychain);
    check(0, true, Standing::InKeychain);
    check(44, false, Standing::Missing);
    check(44, true, Standing::Valid);
    check(36, false, Standing::KeychainLocked);
    check(36, true, Standing::Valid);
    check(7, false, Standing::Missing);
}

fn login(standing: Standing) -> Login {
    let mut found = Scratch::new().look();
    found.standing = standing;
    found.path = "/h/.claude/.credentials.json".into();
    found
}

#[test]
fn words_say_who_and_how_long() {
    let check = |standing, hours: Option<i64>, expected: &str| {
        let mut login = login(standing);
        login.plan = Some("max".to_owned());
        login.rate_limit_tier = Some("default_claude_max_5x".to_owned());
        login.account = Some(Account {
            email: Some("user@example.com".to_owned()),
            organization: None,
        });
        login.refresh = TokenKind::Refresh;
        login.refresh_expires = hours.map(|hours| now() + SignedDuration::from_hours(hours));
        assert_eq!(login.words(now()).summary, expected);
    };
    check(
        Standing::Valid,
        Some(12 * 24 + 5),
        "A Claude Code login is here (Max 5x, user@example.com), its sign-in lasts 12 more days.",
    );
    check(
        Standing::Refreshable,
        None,
        "A Claude Code login is here (Max 5x, user@example.com).",
    );
    check(
        Standing::EndingSoon,
        Some(30),
        "A Claude Code login is here (Max 5x, user@example.com), but its sign-in ends in 30 hours.",
    );
    check(
        Standing::Dead,
        Some(-100),
        "The Claude Code login here (Max 5x, user@example.com) ended 4 days ago.",
    );
    check(
        Standing::Dead,
        None,
        "The Claude Code login here (Max 5x, user@example.com) ended.",
    );
}

#[test]
fn every_standing_has_words_in_style() {
    let mut titles = std::collections::BTreeSet::new();
    for standing in Standing::ALL {
        let words = login(*standing).words(now());
        let id = standing.id();
        assert!(titles.insert(words.title), "{id}");
        let sentences = [&words.summary, &words.why].into_iter();
        for text in sentences.chain(words.advice.iter().map(|advice| &advice.text)) {
            assert!(
                text.ends_with('.') && text.starts_with(char::is_uppercase),
                "{id}: {text}"
            );
        }
        let nothing_to_do = standing.is_usable() && *standing != Standing::EndingSoon;
        assert_eq!(words.advice.is_empty(), nothing_to_do, "{id}");
        assert!(
            words.advice.iter().all(|advice| advice.action.is_some()),
            "{id}"
        );
    }
}

#[test]
fn a_configuration_of_its_own_is_signed_in_to_by_name() {
    let scratch = Scratch::new();
    let login = look(&scratch.system, Some(Path::new("/a b")), now());
    let command = login.words(now()).advice[0].action.clone();
    let expected = "CLAUDE_CONFIG_DIR='/a b' claude auth login".to_owned();
    assert_eq!(command, Some(Action::Command(expected)));
}
