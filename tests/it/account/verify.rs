//! `add-api-key --verify` and `--base-url`: where a key goes, and what the answer makes of it.

use super::*;
use crate::support::server::{Answer, Server};

#[test]
fn verify_tries_the_key_before_it_is_saved() {
    let check = |answer: Answer, code: i32, words: &str, saved: bool| {
        let server = Server::always(answer);
        let machine = machine().with("ANTHROPIC_BASE_URL", &server.url());
        let arguments = [
            "account",
            "add-api-key",
            "work",
            "--api-key-stdin",
            "--verify",
        ];
        let ended = machine.run_with_input(&arguments, key("01").as_bytes());
        ends(&ended, code, words);
        assert_eq!(machine.store().exists(), saved, "{ended:?}");
        assert_eq!(server.requests().len(), 1);
        machine
    };
    let works = check(Answer::models(), 0, "Verified: it works.", true);
    let profile = &stored(&works)["profiles"]["anthropic:work"];
    assert_eq!(profile["verifiedAt"], 1_795_255_200_000_i64);
    assert_eq!(
        profile.get("baseUrl"),
        None,
        "the environment's address is not kept"
    );
    let refused = Answer::error(401, "authentication_error", "invalid x-api-key");
    check(refused, 1, "not saved", false);
    let limited = Answer::error(429, "rate_limit_error", "slow down");
    check(limited, 0, "it is accepted, and limited now", true);
    check(
        Answer::error(500, "api_error", "oops"),
        3,
        "not saved",
        false,
    );
}

#[test]
fn a_key_for_another_host() {
    let machine = machine();
    let save = |url: &str| {
        let arguments = [
            "account",
            "add-api-key",
            "g",
            "--api-key-stdin",
            "--base-url",
            url,
        ];
        machine.run_with_input(&arguments, b"gateway-key-of-any-form")
    };
    ends(&save("http://gateway.example"), 64, "https");
    ends(&save("no address"), 64, "error:");
    ends(&save("https://gateway.example/claude"), 0, "Added");
    let profile = &stored(&machine)["profiles"]["anthropic:g"];
    assert_eq!(profile["baseUrl"], "https://gateway.example/claude");
}
