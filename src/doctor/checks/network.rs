//! NET-001, NET-010, NET-011: is there a way to the API, and does it lead to the API?

use super::api;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, TrustFile};
use crate::doctor::finding::{Finding, Outcome, Remedy};

pub const REACHED: Check = Check {
    meta: meta("NET-001", "network-reached", "The server can be reached"),
    explanation: Explanation {
        meaning: "The name of the server must resolve and a connection must open. Without one nothing can be said about the credential.",
        detection: "One request is sent to the endpoint in use. An unknown name, a refused connection, a missing route, a time-out and a broken connection are told apart.",
        mending: "Look at the network, the VPN and the firewall; behind a proxy set HTTPS_PROXY.",
        false_positives: "A short outage: run it again.",
    },
    run: judge,
};

pub const TRUSTED: Check = Check {
    meta: meta(
        "NET-010",
        "network-trusted",
        "The encrypted connection is trusted",
    ),
    explanation: Explanation {
        meaning: "The server must prove who it is with a certificate that this machine trusts. A proxy that inspects traffic shows a certificate of its own, which the machine must be told about; a wrong clock makes good certificates look expired.",
        detection: "The handshake of the one request: an unknown issuer, an expired or not yet valid certificate, another name and a machine without any certificate authority are told apart. The files that SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS name are tried, too.",
        mending: "Give the programs your organization's certificate authority: SSL_CERT_FILE for most, NODE_EXTRA_CA_CERTS for Claude Code. Never switch the check off.",
        false_positives: "None known: a connection that is not trusted here is not trusted by other programs either, unless they bring their own list.",
    },
    run: trusted,
};

pub const DIRECT: Check = Check {
    meta: meta("NET-011", "network-direct", "It is the API that answers"),
    explanation: Explanation {
        meaning: "A proxy that wants a password, the sign-in page of a guest network, or a gateway of another kind can answer in place of the API. Nothing it says is about the credential.",
        detection: "A refused or unreachable proxy, a page in HTML, a redirect, and a body that is too large or has not the API's form are told apart.",
        mending: "Sign in to the network, correct the proxy variable, or correct ANTHROPIC_BASE_URL.",
        false_positives: "A gateway that speaks the API for messages only and not for the list of models.",
    },
    run: judge,
};

const fn meta(code: &'static str, id: &'static str, title: &'static str) -> CheckMeta {
    CheckMeta {
        code,
        id,
        title,
        category: Category::Net,
        needs: &[],
        facts: &[Area::Probe, Area::Bedrock, Area::Environment],
    }
}

/// The connection itself, then the files of authorities that other programs are given.
fn trusted(facts: &Facts) -> Outcome {
    let outcome = judge(facts);
    let broken = || {
        facts
            .environment
            .trust_files
            .iter()
            .find_map(|file| Some((file, file.problem.as_deref()?)))
    };
    match (outcome, broken()) {
        (Outcome::Pass, Some((file, problem))) => Outcome::Warn(useless(facts, file, problem)),
        (Outcome::Fail(finding), Some((file, problem))) => {
            let words = format!(
                "{} {} names {}: {problem}.",
                finding.detail, file.variable, file.path
            );
            Outcome::Fail(finding.detail(words).seen("environment", &file.variable))
        }
        (outcome, _) => outcome,
    }
}

/// The verdict about the connection, whichever server it is.
fn judge(facts: &Facts) -> Outcome {
    facts
        .connection()
        .map_or_else(|| api::judge(facts), |verdict| api::outcome(facts, verdict))
}

fn useless(facts: &Facts, file: &TrustFile, problem: &str) -> Finding {
    Finding::new(
        &file.variable,
        format!("{} names no usable certificate authorities.", file.variable),
    )
    .detail(format!("{}: {problem}.", file.path))
    .impact("Programs that rely on it do not trust the servers they should.")
    .seen("environment", &file.variable)
    .seen("file", &file.path)
    .remedy(
        Remedy::manual("Unset it, or let it name a file in PEM form")
            .command(facts.machine.shell.unset(&file.variable))
            .verify(&["NET-010"]),
    )
}
