//! `add-api-key`, `show-api-key`, `list-api-keys`, `delete-api-key`.

use super::*;

#[test]
fn a_key_by_each_of_its_ways() {
    let machine = machine().with("MY_KEY", &key("03"));
    let file = machine.write("key", &format!("{}\n", key("02")));
    let file = file.display().to_string();
    let check = |name: &str, arguments: &[&str], input: &str, tail: &str| {
        let all = [&["account", "add-api-key", name], arguments].concat();
        let ended = machine.run_with_input(&all, input.as_bytes());
        ends(&ended, 0, "Not verified");
        let id = format!("anthropic:{name}");
        assert_eq!(
            stored(&machine)["profiles"][&id]["key"],
            key(tail),
            "{name}"
        );
        assert!(!format!("{ended:?}").contains(&key(tail)), "{ended:?}");
        ended
    };
    let _ = check("stdin", &["--api-key-stdin"], &key("01"), "01");
    let _ = check("dash", &["-k", "-"], &key("01"), "01");
    let _ = check("file", &["--api-key-file", &file], "", "02");
    let _ = check("variable", &["--api-key-env", "MY_KEY"], "", "03");
    let plain = check(
        "value",
        &["--api-key", &key("04"), "-p", "Anthropic"],
        "",
        "04",
    );
    ends(&plain, 0, "use --api-key-stdin or --api-key-file");
    let quiet = check("file2", &["--api-key-file", &file], "", "02");
    assert!(!quiet.stderr.contains("warning"), "{quiet:?}");
}

#[test]
fn what_it_says_in_json() {
    let machine = machine();
    let arguments = [
        "account",
        "add-api-key",
        "work",
        "--api-key-stdin",
        "--json",
    ];
    let added = machine.run_with_input(&arguments, key("01").as_bytes());
    let document = added.json();
    assert_eq!(document["outcome"], "added");
    assert_eq!(document["profile"], "anthropic:work");
    assert_eq!(document["verification"]["status"], "not-tested");
    assert_eq!(document["path"], machine.store().display().to_string());
    assert!(document["transaction"].is_string());
    let again = machine
        .run_with_input(&arguments, key("01").as_bytes())
        .json();
    assert_eq!(
        (&again["outcome"], &again["transaction"]),
        (&json!("same"), &Value::Null)
    );
    let shown = account(&machine, &["show-api-key", "work", "--json"]).json();
    assert_eq!(
        shown["profile"],
        json!({
            "id": "anthropic:work", "provider": "anthropic", "type": "api_key", "source": "store",
            "status": "static", "reasonCode": "ok", "obstacle": null,
            "masked": "sk-ant-api03-…AA01", "createdAt": NOW, "verifiedAt": null,
            "lastUsedAt": null, "expiresAt": null, "inheritedFrom": null, "baseUrl": null,
            "configDir": null, "method": null, "region": null, "model": null, "accessKeyId": null
        })
    );
    let keys = account(&machine, &["list-api-keys", "work", "--json"]).json();
    assert_eq!(keys["profiles"][0]["id"], "anthropic:work");
    let refused = account(
        &machine,
        &["show-api-key", "work", "--show-secret", "--json"],
    );
    assert_eq!(
        (refused.code, &refused.json()["error"]["code"]),
        (64, &json!("usage"))
    );
    let deleted = account(
        &machine,
        &["delete-api-key", "work", "-p", "anthropic", "-f", "--json"],
    );
    assert_eq!(deleted.json()["profiles"], json!(["anthropic:work"]));
    let missing = account(&machine, &["show-api-key", "work", "--json"]);
    let error = &missing.json()["error"];
    assert_eq!((missing.code, &error["code"]), (1, &json!("not-found")));
    assert_eq!(
        error["hint"],
        "keywright account add-api-key work --provider anthropic"
    );
}

#[test]
fn what_cannot_be_a_key_is_not_saved() {
    let machine = machine();
    let check = |input: &str, code: i32, words: &str| {
        let arguments = ["account", "add-api-key", "work", "--api-key-stdin"];
        ends(
            &machine.run_with_input(&arguments, input.as_bytes()),
            code,
            words,
        );
        assert!(!machine.store().exists());
    };
    check("", 65, "standard input is empty");
    check("YOUR_API_KEY", 65, "hint:");
    check("hello", 65, "hint:");
    check(&key("01")[..16], 65, "only the beginning");
    let token = format!("sk-ant-oat01-{}", "tok9".repeat(24));
    check(
        &token,
        65,
        "models auth paste-token --provider anthropic --profile-id anthropic:work",
    );
    check(SECRET, 65, "hint:");
    let asked = account(&machine, &["add-api-key", "work"]);
    ends(
        &asked,
        64,
        "--api-key-stdin, --api-key-file PATH, --api-key-env NAME",
    );
    assert_eq!(asked.code, 64);
    let two = account(
        &machine,
        &["add-api-key", "work", "-k", "-", "--api-key-env", "X"],
    );
    ends(&two, 64, "cannot be used with");
    let unknown = account(
        &machine,
        &["add-api-key", "work", "-k", "-", "-p", "bedrok"],
    );
    ends(&unknown, 64, "did you mean bedrock?");
    let misplaced = account(
        &machine,
        &["add-api-key", "work", "-k", "-", "-r", "us-east-1"],
    );
    ends(&misplaced, 64, "--region: only for --provider bedrock");
}

#[test]
fn a_value_that_begins_with_a_dash_is_not_shown() {
    let machine = machine();
    for flag in ["--api-key", "-k"] {
        let ended = account(&machine, &["add-api-key", "work", flag, "-MADE-UP-SECRET"]);
        ends(&ended, 65, "the key cannot be used");
        assert!(!ended.stderr.contains("MADE-UP"), "{ended:?}");
    }
}

#[test]
fn another_key_is_replaced_when_that_is_said() {
    let machine = machine();
    ends(&add(&machine, "work", "01"), 0, "Added");
    ends(&add(&machine, "work", "01"), 0, "nothing to do");
    let refused = add(&machine, "work", "02");
    ends(&refused, 1, "--replace");
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:work"]["key"],
        key("01")
    );
    let arguments = [
        "account",
        "add-api-key",
        "work",
        "--api-key-stdin",
        "--replace",
    ];
    ends(
        &machine.run_with_input(&arguments, key("02").as_bytes()),
        0,
        "Replaced",
    );
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:work"]["key"],
        key("02")
    );
    assert_eq!(machine.run(&["undo"]).code, 0);
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:work"]["key"],
        key("01")
    );
}

#[test]
fn two_forms_of_bedrock() {
    let machine = machine();
    ends(&add_bedrock(&machine, "keys"), 0, "AKIA…EUPX");
    let keys = &stored(&machine)["profiles"]["bedrock:keys"];
    let expected = json!({
        "type": "aws", "provider": "bedrock", "method": "access_keys", "region": "eu-west-1",
        "modelId": MODEL, "accessKeyId": "AKIAIOSFODNN7MADEUPX", "secretAccessKey": SECRET,
        "createdAt": 1_795_255_200_000_i64
    });
    assert_eq!(*keys, expected);
    let bearer = format!("ABSK{}", "QmVk".repeat(30));
    let mut arguments = vec![
        "account",
        "add-api-key",
        "b1",
        "-p",
        "bedrock",
        "--api-key-stdin",
    ];
    let ended = machine.run_with_input(&arguments, bearer.as_bytes());
    ends(&ended, 0, "us-east-1 is used");
    arguments[2] = "b2";
    arguments.extend(["-r", "eu-central-1", "--bearer"]);
    ends(
        &machine.run_with_input(&arguments, bearer.as_bytes()),
        0,
        "Bedrock API key",
    );
    let profiles = &stored(&machine)["profiles"];
    assert_eq!(profiles["bedrock:b1"]["region"], "us-east-1");
    assert_eq!(profiles["bedrock:b2"]["region"], "eu-central-1");
    for id in ["bedrock:b1", "bedrock:b2"] {
        assert_eq!(profiles[id]["method"], "bearer");
        assert_eq!(profiles[id]["bearerToken"], bearer);
    }
    let shown = account(&machine, &["show-api-key", "keys", "-p", "bedrock"]);
    for words in [
        "Region: eu-west-1",
        MODEL,
        "AKIA…EUPX",
        "…YXYZ",
        "--show-secret",
    ] {
        ends(&shown, 0, words);
    }
    assert!(!shown.stdout.contains(SECRET));
    let whole = account(
        &machine,
        &["show-api-key", "keys", "-p", "bedrock", "--show-secret"],
    );
    ends(&whole, 0, &format!("Secret Key: {SECRET}"));
    ends(&whole, 0, "Access Key: AKIAIOSFODNN7MADEUPX");
}

#[test]
fn everything_that_bedrock_lacks_is_named() {
    let machine = machine();
    let check = |arguments: &[&str], words: &str, missing: &[&str]| {
        let all = [&["add-api-key", "t", "-p", "bedrock"], arguments].concat();
        ends(&account(&machine, &all), 64, words);
        let document = account(&machine, &[&all[..], &["--json"]].concat()).json();
        let error = &document["error"];
        assert_eq!(error["code"], "missing-answers");
        let flags = error["missing"].as_array().expect("a list").iter();
        let flags: Vec<&str> = flags.filter_map(|one| one["flag"].as_str()).collect();
        assert_eq!(flags, missing);
        assert!(!machine.store().exists());
    };
    let all = ["--region", "--access-key", "--secret-key"];
    let words = "Bedrock requires --region, --access-key and --secret-key";
    check(&["--api-key", "model-id"], words, &all);
    check(&["--access-keys"], words, &all);
    check(
        &["-k", MODEL, "-r", "us-east-1"],
        "Bedrock requires --access-key and --secret-key",
        &all[1..],
    );
    check(
        &[
            "-k",
            MODEL,
            "-r",
            "us-east-1",
            "--access-key",
            "AKIAIOSFODNN7MADEUPX",
        ],
        "Bedrock requires --secret-key",
        &all[2..],
    );
}

#[test]
fn what_cannot_be_for_bedrock_is_not_saved() {
    let machine = machine();
    let refused = |arguments: &[&str], code: i32, words: &str| {
        let all = [&["add-api-key", "t", "-p", "bedrock"], arguments].concat();
        ends(&account(&machine, &all), code, words);
        assert!(!machine.store().exists());
    };
    refused(&["-k", &key("01")], 65, "a key of Anthropic");
    refused(&["-k", MODEL, "--bearer"], 65, "not a Bedrock API key");
    let keys = [
        "--access-key",
        "AKIAIOSFODNN7MADEUPX",
        "--secret-key",
        SECRET,
    ];
    let with = |more: &[&'static str]| [more, &keys[..]].concat();
    refused(
        &with(&["-r", "mars north", "-k", MODEL]),
        64,
        "hint: Such as --region us-east-1",
    );
    refused(
        &with(&["-r", "us-east-1", "-k", "two words"]),
        64,
        "a model id has only",
    );
    let temporary = [
        "-r",
        "us-east-1",
        "--access-key",
        "ASIAIOSFODNN7MADEUPX",
        "--secret-key",
        SECRET,
    ];
    refused(&temporary, 64, "session token");
}

#[test]
fn several_providers_in_one_account() {
    let machine = machine();
    ends(&add(&machine, "multi", "01"), 0, "");
    ends(&add_bedrock(&machine, "multi"), 0, "");
    let listed = account(&machine, &["list-api-keys", "multi"]);
    let expected = "\
API Keys for account: multi

  • anthropic - Added: 2026-11-21 10:00Z
  • bedrock - Added: 2026-11-21 10:00Z
";
    assert_eq!(listed.stdout, expected);
    let info = account(&machine, &["info", "multi"]);
    for words in [
        "Account multi",
        "anthropic:multi",
        "bedrock:multi",
        "Active: no",
    ] {
        ends(&info, 0, words);
    }
    let asked = account(&machine, &["delete-api-key", "multi", "-p", "bedrock"]);
    ends(&asked, 64, "--force");
    let deleted = account(
        &machine,
        &["delete-api-key", "multi", "-p", "bedrock", "-f"],
    );
    ends(&deleted, 0, "Deleted bedrock API key from account: multi");
    let again = account(
        &machine,
        &["delete-api-key", "multi", "-p", "bedrock", "-f"],
    );
    ends(
        &again,
        1,
        "keywright account add-api-key multi --provider bedrock",
    );
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:multi"]["key"],
        key("01")
    );
}
