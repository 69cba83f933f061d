use super::*;
use crate::error::Kind;
use crate::secret::Secret;
use crate::store::{Credential, SecretRef, SecretSource};

fn read(text: &str) -> Result<Profiles> {
    Profiles::parse(text, Path::new("store.json"))
}

fn rendered(store: &Profiles) -> String {
    String::from_utf8(store.render().expect("rendered").to_vec()).expect("text")
}

/// Every type with every field, in the order in which they are written.
const WHOLE: &str = r#"{
  "version": 1,
  "profiles": {
    "anthropic:default": {
      "type": "api_key",
      "provider": "anthropic",
      "key": "sk-ant-api03-hunter2",
      "baseUrl": "https://gateway.example",
      "createdAt": 1795200000000,
      "verifiedAt": 1795200000001,
      "note": {
        "b": [
          1,
          2.5,
          null
        ],
        "a": "ü\n"
      }
    },
    "anthropic:work": {
      "type": "api_key",
      "provider": "anthropic",
      "keyRef": {
        "source": "env",
        "provider": "default",
        "id": "ANTHROPIC_API_KEY",
        "hint": "hunter2"
      }
    },
    "anthropic:manual": {
      "type": "token",
      "provider": "anthropic",
      "token": "sk-ant-oat01-hunter2",
      "expires": 1826752247985,
      "expiresAssumed": true
    },
    "anthropic:claude-cli": {
      "type": "oauth",
      "provider": "anthropic",
      "source": "claude-cli",
      "configDir": "~/.claude"
    },
    "bedrock:us": {
      "type": "aws",
      "provider": "bedrock",
      "method": "access_keys",
      "region": "us-east-1",
      "accessKeyId": "AKIAHUNTER2",
      "secretAccessKey": "hunter2"
    },
    "other:x": {
      "type": "new-kind",
      "provider": "other",
      "key": {
        "nested": "hunter2"
      }
    }
  },
  "order": {
    "anthropic": [
      "anthropic:work",
      "anthropic:default"
    ]
  },
  "active": "work",
  "lastGood": {
    "anthropic": "anthropic:default"
  }
}
"#;

#[test]
fn bytes_are_pinned() {
    let store = read(WHOLE).expect("read");
    assert_eq!(rendered(&store), WHOLE);
    assert_eq!(
        rendered(&read(&format!("\u{feff}{WHOLE}")).expect("a mark")),
        WHOLE
    );
    assert_eq!(
        rendered(&Profiles::default()),
        "{\n  \"version\": 1,\n  \"profiles\": {}\n}\n"
    );
}

#[test]
fn nothing_shows_a_secret() {
    let shown = format!("{:?}", read(WHOLE).expect("read"));
    assert!(!shown.to_lowercase().contains("hunter2"), "{shown}");
}

#[test]
fn fields_may_come_in_any_order_and_stay() {
    let text = r#"{"profiles":{"anthropic:a":{"token":"t","expires":5.9,"key":"k","keyRef":{"source":"env","id":"X"},"type":"api_key"}},"version":1,"z":1}"#;
    let store = read(text).expect("read");
    let profile = &store.profiles[0];
    assert_eq!(profile.provider, "anthropic");
    assert_eq!(
        profile.credential,
        Credential::ApiKey {
            key: SecretSource::Reference(SecretRef::variable("X"))
        }
    );
    // What has no meaning for this type is carried along.
    let kept: Vec<&str> = profile.extra.keys().map(String::as_str).collect();
    assert_eq!(kept, ["key", "token", "expires"]);
    let again = read(&rendered(&store)).expect("read");
    assert_eq!(again, store);
}

#[test]
fn a_copied_login_becomes_a_reference() {
    let text = r#"{"version":1,"profiles":{
        "anthropic:me":{"type":"oauth","provider":"anthropic","access":"hunter2","refresh":"hunter2","expires":1,"email":"a@b"},
        "openai-codex:me":{"type":"oauth","provider":"openai-codex","access":"kept","refresh":"kept","expires":1}}}"#;
    let written = rendered(&read(text).expect("read"));
    assert!(!written.contains("hunter2"), "{written}");
    assert!(written.contains(r#""source": "claude-cli""#) && written.contains("a@b"));
    assert_eq!(
        written.matches("kept").count(),
        2,
        "it is no login of Claude Code"
    );
}

fn refused(text: &str, place: &str, what: &str) {
    let error = read(text).expect_err(text);
    assert_eq!(error.kind(), Kind::Malformed);
    let message = error.to_string();
    let start = format!("store.json{place}: ");
    assert!(
        message.starts_with(&start) && message.contains(what),
        "{message}"
    );
    assert!(error.hint_text().is_some());
    let shown = format!("{error:?}").to_lowercase();
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn files_that_are_no_store() {
    let check = refused;
    check("", "", "empty");
    check(" \n", "", "empty");
    check("\u{feff}", "", "empty");
    check("hunter2", ":1:1", "not valid JSON");
    check("{\"version\":1,\n", ":2:1", "cut off");
    check("[]", ":1:1", "type");
    check("\"hunter2\"", ":1:9", "type");
    check("{}", ":1:2", "no `version`");
    check("{\"version\":1}x", ":1:14", "not valid JSON");
    check("{\"version\":2}", ":1:13", "version 2 is newer");
    check(
        "{\"profiles\":[\"hunter2\"],\n\"version\":3}",
        ":2:12",
        "version 3 is newer",
    );
    check("{\"version\":0}", ":1:13", "must be 1");
    check("{\"version\":\"hunter2\"}", ":1:21", "must be 1");
}

#[test]
fn parts_that_are_wrong() {
    let check = refused;
    check("{\"version\":1,\n\"version\":1}", ":2:9", "twice");
    check(
        "{\"version\":1,\"x\":{\"hunter2\":1,\"hunter2\":1}}",
        ":1:39",
        "twice",
    );
    check(
        "{\"version\":1,\"active\":\"Hunter2\"}",
        ":1:32",
        "account name",
    );
    check(
        "{\"version\":1,\"active\":{\"hunter2\":1}}",
        ":1:36",
        "name of an account",
    );
    check(
        "{\"version\":1,\"order\":{\"anthropic\":[\"hunter2\"]}}",
        ":1:45",
        "profile names",
    );
    check(
        "{\"version\":1,\"order\":{\"a\":[],\"a\":[]}}",
        ":1:32",
        "twice",
    );
    check("{\"version\":1,\"profiles\":\"hunter2\"}", ":1:33", "type");
    check(
        "{\"version\":1,\"profiles\":{\"hunter2\":{}}}",
        ":1:34",
        "provider:name",
    );
    let twice =
        "{\"version\":1,\"profiles\":{\"a:b\":{\"type\":\"x\"},\n\"a:b\":{\"type\":\"x\"}}}";
    check(twice, ":2:5", "the profile `a:b` stands twice");
    let deep = format!("{{\"version\":1,\"x\":{}", "[".repeat(200));
    check(&deep, ":1:144", "not valid JSON");
}

#[test]
fn profiles_that_are_wrong() {
    let check = |fields: &str, place: &str, what: &str| {
        let text = format!("{{\"version\":1,\"profiles\":{{\n\"anthropic:a\":{{{fields}}}}}}}");
        refused(&text, place, what);
    };
    check("", ":2:16", "no `type`");
    check(
        "\"type\":\"api_key\",\"key\":1",
        ":2:40",
        "`key` of `anthropic:a` must be text",
    );
    check(
        "\"type\":\"api_key\",\"key\":[\"hunter2\"]",
        ":2:50",
        "must be text",
    );
    check(
        "\"type\":\"token\",\"expires\":\"hunter2\"",
        ":2:50",
        "milliseconds",
    );
    check(
        "\"type\":\"token\",\"expires\":1e300",
        ":2:46",
        "milliseconds",
    );
    check(
        "\"keyRef\":{\"source\":\"hunter2\"}",
        ":2:45",
        "`source`, `provider` and `id`",
    );
    check("\"key\":\"hunter2\",\"key\":\"hunter2\"", ":2:36", "twice");
    check(
        "\"type\":\"api_key\",\"provider\":\"Hunter2\"",
        ":2:53",
        "no name",
    );
}

#[test]
fn a_cut_is_always_noticed() {
    for end in (1..WHOLE.len() - 2).filter(|end| WHOLE.is_char_boundary(*end)) {
        let error = read(&WHOLE[..end]).expect_err("cut off");
        assert_eq!(error.kind(), Kind::Malformed);
        assert!(!error.to_string().contains("hunter"), "{error}");
    }
}

#[test]
fn put_and_remove_keep_the_order_whole() {
    let mut store = read(WHOLE).expect("read");
    let key = Credential::ApiKey {
        key: SecretSource::Stored(Secret::new("k")),
    };
    let id = ProfileId::parse("anthropic:new").expect("an id");
    store.put(id.clone(), Profile::new("anthropic", key));
    assert_eq!(store.order["anthropic"].last(), Some(&id));
    assert!(store.remove(&id).is_some() && store.remove(&id).is_none());
    assert_eq!(rendered(&store), WHOLE);
    for name in ["anthropic:work", "anthropic:default"] {
        store.remove(&ProfileId::parse(name).expect("an id"));
    }
    assert!(store.order.is_empty());
    let ids: Vec<_> = store
        .of_provider("anthropic")
        .into_iter()
        .map(|(id, _)| id.name())
        .collect();
    assert_eq!(ids, ["claude-cli", "manual"]);
}

#[test]
fn the_remains_of_a_replaced_credential_go() {
    let all = r#""key":"a","keyRef":{"source":"env","id":"A"},"token":"a","tokenRef":{"source":"env","id":"A"},"expires":1,
        "expiresAssumed":true,"source":"claude-cli","configDir":"/x","method":"of the future","region":"r","modelId":"m",
        "accessKeyId":"a","secretAccessKey":"a","secretAccessKeyRef":{"source":"env","id":"A"},"sessionToken":"a",
        "bearerToken":"a","bearerTokenRef":{"source":"env","id":"A"},"awsProfile":"p","mine":1"#;
    let whole = read(WHOLE).expect("a store");
    for kind in ["api_key", "token", "oauth", "aws", "other"] {
        for new in whole.profiles.values() {
            let text = format!(
                r#"{{"version":1,"profiles":{{"anthropic:x":{{"type":"{kind}",{all}}}}}}}"#
            );
            let mut store = read(&text).expect("a store");
            let id = ProfileId::parse("anthropic:x").expect("an id");
            let mut profile = new.clone();
            profile.keep_unknown(&store.profiles[&id]);
            store.put(id.clone(), profile);
            let again = read(&rendered(&store)).expect("still a store");
            let names: Vec<_> = again.profiles[&id].extra.keys().collect();
            assert_eq!(names, ["mine"], "{kind} {}", new.credential.kind());
        }
    }
}
