//! One probe, one verdict, one code: which check of the families of the probes may speak.
//!
//! A family stands in layers. That of the API: connection (NET-001), TLS (NET-010), what is
//! between us and the API (NET-011), the API's own answer (API-…). That of Amazon Bedrock: the
//! same connection, who AWS takes the credential for (AWS-010), what that one may do (AWS-012),
//! the model (AWS-020..023), and whether it is served now (AWS-024). A verdict of one layer proves
//! the layers before it and leaves those behind it unknown.

use super::facts::{Facts, ProbeState};
use super::finding::Outcome;
use crate::provider::verdict::{Reason, Verdict};

/// The code of the family's check that speaks for everything no other check speaks for.
const CATCH_ALL: &str = "API-001";
/// The check of `claude --version`, which can pass although `claude -p` does not answer.
const PROGRAM_RUNS: &str = "CLI-003";
/// The check that says that there is no credential of our own.
const NO_CREDENTIAL: &str = "STORE-009";

/// What may be said by a check of a probe's family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The verdict is for this check, or it works: ask it.
    Open,
    /// Another layer's verdict proves that this one is in order.
    Proven,
    /// Not known.
    Shut(Outcome),
}

/// The layer of a family member; `None` for a check that is none.
fn layer(code: &str) -> Option<u8> {
    match code {
        "NET-001" => Some(0),
        "NET-010" => Some(1),
        "NET-011" => Some(2),
        "AWS-010" => Some(3),
        "AWS-012" => Some(4),
        "AWS-020" | "AWS-021" | "AWS-022" | "AWS-023" => Some(5),
        "AWS-024" => Some(6),
        // It speaks of other credentials than the one in use.
        "API-010" => None,
        _ if code.starts_with("API-") => Some(3),
        _ => None,
    }
}

/// The registered code that reports `reason`.
#[must_use]
pub fn speaker(reason: Reason, registered: impl Fn(&str) -> bool) -> &'static str {
    let code = reason.code();
    // What `claude --version` does not show is not known to the check of that program.
    if !registered(code) || code == PROGRAM_RUNS {
        CATCH_ALL
    } else {
        code
    }
}

/// Whether the check of `code` may speak. Checks outside of the families always may.
pub fn gate(code: &str, facts: &Facts, registered: impl Fn(&str) -> bool) -> Gate {
    let Some(own) = layer(code) else {
        return Gate::Open;
    };
    let of_connection = facts.connection().filter(|_| code.starts_with("NET-"));
    let answer = match of_connection {
        Some(verdict) => Ok(verdict),
        None if code.starts_with("AWS-") => answer_of_aws(facts),
        None => answer_of_the_api(code, facts),
    };
    match answer {
        Ok(verdict) => heard(code, own, verdict, registered),
        Err(gate) => *gate,
    }
}

fn heard(code: &str, own: u8, verdict: &Verdict, registered: impl Fn(&str) -> bool) -> Gate {
    let speaker = speaker(verdict.reason, registered);
    if verdict.reason == Reason::Works || code == speaker {
        return Gate::Open;
    }
    match layer(speaker) {
        // A proxy that refuses says nothing of the connection and TLS behind it.
        Some(layer) if own < layer && !through_proxy(verdict.reason) => Gate::Proven,
        _ => skipped(speaker),
    }
}

fn answer_of_the_api<'a>(code: &str, facts: &'a Facts) -> Result<&'a Verdict, Box<Gate>> {
    Err(Box::new(match &facts.probe.state {
        ProbeState::Asked(verdict) => return Ok(verdict),
        ProbeState::NotVerified { .. } if code == CATCH_ALL => Gate::Open,
        ProbeState::NotVerified { .. } => not_applicable("the credential was not tried"),
        ProbeState::NotAsked {
            blocked_by: Some(by),
            ..
        } => match facts.goes_without().filter(|_| by == NO_CREDENTIAL) {
            Some(why) => not_applicable(why),
            None => skipped(by),
        },
        ProbeState::NotAsked { why, .. } => not_applicable(why),
    }))
}

fn answer_of_aws(facts: &Facts) -> Result<&Verdict, Box<Gate>> {
    let asked = facts.bedrock.verdict.as_deref();
    asked.ok_or_else(|| {
        Box::new(match &facts.bedrock.blocked_by {
            Some(by) => skipped(by),
            None => not_applicable(&facts.bedrock.why),
        })
    })
}

const fn through_proxy(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::ProxyUnreachable
            | Reason::ProxyAuthentication
            | Reason::ProxyRefused
            | Reason::ProxyMalformed
    )
}

fn skipped(by: &str) -> Gate {
    Gate::Shut(Outcome::Skipped {
        blocked_by: by.to_owned(),
    })
}

fn not_applicable(why: &str) -> Gate {
    Gate::Shut(Outcome::NotApplicable {
        why: why.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::facts::Probe;
    use crate::provider::verdict::Verdict;

    fn facts(state: ProbeState) -> Facts {
        Facts {
            probe: Probe {
                state,
                ..Probe::default()
            },
            ..Facts::default()
        }
    }

    #[test]
    fn one_code_speaks() {
        let check = |reason: Reason, code: &str, expected: &str| {
            let facts = facts(ProbeState::Asked(Box::new(Verdict::of(reason, "h"))));
            let word = match gate(code, &facts, |code| code != "API-007") {
                Gate::Open => "open".to_owned(),
                Gate::Proven => "proven".to_owned(),
                Gate::Shut(Outcome::Skipped { blocked_by }) => blocked_by,
                Gate::Shut(other) => format!("{other:?}"),
            };
            assert_eq!(word, expected, "{reason:?} {code}");
        };
        check(Reason::Works, "NET-001", "open");
        check(Reason::Works, "API-004", "open");
        check(Reason::InvalidKey, "API-002", "open");
        check(Reason::InvalidKey, "API-001", "API-002");
        check(Reason::InvalidKey, "API-008", "API-002");
        check(Reason::InvalidKey, "NET-001", "proven");
        check(Reason::InvalidKey, "NET-011", "proven");
        check(Reason::InvalidKey, "ENV-001", "open");
        check(Reason::Dns, "NET-001", "open");
        check(Reason::Dns, "NET-010", "NET-001");
        check(Reason::Dns, "API-001", "NET-001");
        check(Reason::TlsExpired, "NET-001", "proven");
        check(Reason::TlsExpired, "NET-011", "NET-010");
        check(Reason::CaptivePortal, "NET-010", "proven");
        check(Reason::ProxyRefused, "NET-010", "NET-011");
        check(Reason::ProxyRefused, "API-001", "NET-011");
        check(Reason::Unclassified, "API-001", "open");
        check(Reason::OnlyForClaudeCode, "API-001", "open");
        check(Reason::OnlyForClaudeCode, "API-002", "API-001");
        check(Reason::HostNotAllowed, "NET-001", "ENV-004");
        check(Reason::HostNotAllowed, "API-001", "ENV-004");
    }

    #[test]
    fn not_asked() {
        let asked = |blocked_by: Option<&str>| {
            facts(ProbeState::NotAsked {
                why: "offline".to_owned(),
                blocked_by: blocked_by.map(str::to_owned),
            })
        };
        assert_eq!(
            gate("API-001", &asked(Some("STORE-009")), |_| true),
            skipped("STORE-009")
        );
        assert_eq!(
            gate("API-001", &asked(None), |_| true),
            Gate::Shut(Outcome::NotApplicable {
                why: "offline".to_owned()
            })
        );
        assert_eq!(gate("CLI-001", &asked(None), |_| true), Gate::Open);
    }
}
