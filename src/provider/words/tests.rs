//! The words of every reason, and what a verdict puts into them.

use std::collections::BTreeMap;

use super::*;

fn verdict(reason: Reason) -> Verdict {
    Verdict::of(reason, "api.anthropic.com")
}

#[test]
fn every_reason_has_words_of_its_own() {
    let mut seen: BTreeMap<String, Reason> = BTreeMap::new();
    for reason in Reason::ALL {
        let found: Vec<_> = credential::TEXTS
            .iter()
            .chain(connection::TEXTS)
            .chain(aws::TEXTS)
            .chain(program::TEXTS)
            .filter(|text| text.reason == *reason)
            .collect();
        assert_eq!(found.len(), 1, "{}", reason.id());
        let words = of(&verdict(*reason));
        for text in [words.title.to_owned(), words.summary, words.why] {
            assert!(!text.is_empty(), "{}", reason.id());
            if let Some(other) = seen.insert(text.clone(), *reason) {
                assert_eq!(other, *reason, "the same words: {text}");
            }
        }
    }
}

#[test]
fn words_follow_the_style() {
    for reason in Reason::ALL {
        let words = of(&verdict(*reason));
        let id = reason.id();
        assert!(
            !words.title.ends_with('.') && words.title.len() <= 40,
            "{id}"
        );
        let sentences = [&words.summary, &words.why];
        for text in sentences
            .into_iter()
            .chain(words.advice.iter().map(|a| &a.text))
        {
            assert!(text.ends_with('.'), "{id}: {text}");
            assert!(
                text.starts_with(char::is_uppercase) || text.starts_with("api.anthropic.com"),
                "{id}: {text}"
            );
            assert!(!text.contains(['{', '}', '!']), "{id}: {text}");
        }
        assert_eq!(
            words.advice.is_empty(),
            reason.outcome() == Outcome::Works,
            "{id}"
        );
    }
}

#[test]
fn the_verdicts_own_values_are_filled_in() {
    let mut limited = verdict(Reason::RateLimited);
    limited.retry_after = Some(90);
    let words = of(&limited);
    assert!(words.advice[0].text.contains("90 seconds"), "{words:?}");
    let mut proxy = verdict(Reason::ProxyMalformed);
    proxy.variable = Some("HTTPS_PROXY".to_owned());
    assert!(of(&proxy).summary.contains("HTTPS_PROXY"));
    assert!(
        of(&verdict(Reason::Dns))
            .summary
            .contains("api.anthropic.com")
    );
}

#[test]
fn what_is_to_be_typed_or_opened() {
    let check = |reason, profile: Option<&str>, region: Option<&str>, expected: &str| {
        let mut verdict = verdict(reason);
        verdict.subject.profile = profile.map(str::to_owned);
        verdict.subject.region = region.map(str::to_owned);
        let told = match &of(&verdict).advice[0].action {
            Some(Action::Command(text) | Action::Url(text)) => text.clone(),
            None => "nothing".to_owned(),
        };
        assert_eq!(told, expected, "{profile:?} {region:?}");
    };
    let sign_in = Reason::AwsSignInExpired;
    check(sign_in, Some("dev"), None, "aws sso login --profile dev");
    check(
        sign_in,
        Some("my dev"),
        None,
        "aws sso login --profile 'my dev'",
    );
    check(
        sign_in,
        Some("$(x)"),
        None,
        "aws sso login --profile '$(x)'",
    );
    check(
        sign_in,
        Some("{said}"),
        None,
        "aws sso login --profile '{said}'",
    );
    check(sign_in, Some("nul\0"), None, "nothing");
    check(sign_in, None, None, "nothing");
    let anew = "keywright onboard --flow bedrock";
    check(Reason::AwsExpired, None, None, anew);
    check(
        Reason::AwsExpired,
        Some("dev"),
        None,
        "aws sso login --profile dev",
    );
    let form = Reason::AwsUseCase;
    let here = "https://console.aws.amazon.com/bedrock/home?region=eu-west-1#/model-catalog";
    check(form, None, Some("eu-west-1"), here);
    let government =
        "https://console.amazonaws-us-gov.com/bedrock/home?region=us-gov-west-1#/model-catalog";
    check(form, None, Some("us-gov-west-1"), government);
    check(
        form,
        None,
        None,
        "https://console.aws.amazon.com/bedrock/home#/model-catalog",
    );
    let linux = cfg!(target_os = "linux");
    check(
        Reason::AwsClock,
        None,
        None,
        if linux { SET_CLOCK } else { "nothing" },
    );
}

#[test]
fn a_wrong_clock_is_blamed_for_an_expired_certificate_alone() {
    let skew = Some(Skew::Ahead(9 * 365 * 86400));
    let words = with_clock(&verdict(Reason::TlsExpired), skew);
    assert_eq!(words.title, "clock wrong");
    assert!(words.summary.contains("3285 days ahead"), "{words:?}");
    assert_eq!(
        with_clock(&verdict(Reason::TlsExpired), None),
        of(&verdict(Reason::TlsExpired))
    );
    assert_eq!(
        with_clock(&verdict(Reason::Dns), skew),
        of(&verdict(Reason::Dns))
    );
}

#[test]
fn errors_follow_the_outcome() {
    let mut refused = verdict(Reason::InvalidKey);
    refused.http_status = Some(401);
    refused.request_id = Some("req_1".to_owned());
    let found = error(&refused).expect("an error");
    assert_eq!(found.kind(), Kind::Rejected);
    assert_eq!(
        found.message(),
        "key refused (api.anthropic.com answered 401)"
    );
    assert_eq!(found.request_id_text(), Some("req_1"));
    let kind = |reason| error(&verdict(reason)).map(|error| error.kind());
    assert_eq!(kind(Reason::Works), None);
    assert_eq!(kind(Reason::CreditTooLow), Some(Kind::Limited));
    assert_eq!(kind(Reason::Dns), Some(Kind::Unreachable));
}

#[test]
fn waits() {
    let check = |seconds, expected: &str| assert_eq!(wait(seconds), expected);
    check(None, "a minute");
    check(Some(0), "a second");
    check(Some(90), "90 seconds");
    check(Some(121), "3 minutes");
    check(Some(7200), "2 hours");
    check(Some(172_801), "3 days");
}
