//! What `models status --probe` found, under the list of the credentials.

use std::fmt::Write;

use super::wrap::wrap;
use super::{Role, Theme, escape};
use crate::status::report::Probe;

/// One entry for each probe: what came of it, who answered how, and what to do.
pub fn lines(theme: Theme, width: Option<u16>, probes: &[Probe]) -> String {
    let columns = |indent: usize| {
        width.map_or(usize::MAX, |width| {
            usize::from(width).saturating_sub(indent).max(20)
        })
    };
    let mut text = String::new();
    for probe in probes {
        let (mark, role) = match probe.status {
            "ok" => ("✓", Role::Success),
            "unknown" if probe.latency_ms.is_none() => ("-", Role::Dim),
            "auth" | "billing" => ("✗", Role::Error),
            _ => ("!", Role::Warning),
        };
        let answer = circumstances(probe);
        let line = format!(
            "{} {}: {}{}",
            theme.paint(role, mark),
            escape::line(&probe.profile_id),
            probe.title,
            theme.paint(Role::Dim, &escape::line(&answer)),
        );
        let _ = writeln!(text, "{}", wrap(&line, columns(2), "  "));
        for words in probe.message.iter().chain(&probe.advice) {
            let words = wrap(&escape::line(words), columns(4), "    ");
            let _ = writeln!(text, "    {words}");
        }
    }
    text
}

/// ` (HTTP 200, 12 ms, request req_1)`, as far as it is known.
fn circumstances(probe: &Probe) -> String {
    let parts = [
        probe.http_status.map(|status| format!("HTTP {status}")),
        probe.latency_ms.map(|time| format!("{time} ms")),
        probe.request_id.as_ref().map(|id| format!("request {id}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join(", "))
}

/// One line of words without spaces.
pub fn plain(probe: &Probe) -> String {
    let name = escape::line(&probe.profile_id);
    let reason = probe.reason_code.unwrap_or("-");
    let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let status = number(probe.http_status.map(u64::from));
    let took = number(probe.latency_ms);
    let id = probe.request_id.as_deref().unwrap_or("-");
    let id: String = id.chars().filter(char::is_ascii_graphic).collect();
    format!(
        "probe:{name} {} {reason} {status} {took} {id}\n",
        probe.status
    )
}
