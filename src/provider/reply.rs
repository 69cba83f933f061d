//! What every provider's reply has in common: a date, and the ways of not coming from the API.

use jiff::Timestamp;

use crate::exchange::Reply;
use crate::provider::Reason;

/// An HTML page.
#[derive(Debug)]
pub struct Page {
    /// It names the maker of a proxy or web server, or says that it blocks.
    names_a_gateway: bool,
    pub title: Option<String>,
}

/// The page that a reply holds instead of a document.
#[must_use]
pub fn page(reply: &Reply) -> Option<Page> {
    let text = String::from_utf8_lossy(&reply.body[..reply.body.len().min(64 * 1024)]);
    if !is_html(reply, text.trim_start_matches('\u{feff}')) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    Some(Page {
        names_a_gateway: GATEWAYS.iter().any(|name| lower.contains(name)),
        title: title(&text, &lower),
    })
}

/// Why a reply is not the API's own, whatever the API: a proxy, a redirect, a page, or no end.
#[must_use]
pub fn not_the_api(reply: &Reply) -> Option<Reason> {
    if reply.status == 407 {
        return Some(Reason::ProxyAuthentication);
    }
    if (300..400).contains(&reply.status) {
        return Some(Reason::Redirected);
    }
    if reply.oversized {
        return Some(Reason::OversizedReply);
    }
    page(reply).map(|page| reason(reply, &page))
}

/// An HTML page where JSON was expected.
fn reason(reply: &Reply, page: &Page) -> Reason {
    let from_the_edge = reply.header("request-id").is_some() || reply.header("cf-ray").is_some();
    match reply.status {
        511 => Reason::CaptivePortal,
        413 => Reason::RequestTooLarge,
        500.. if from_the_edge => Reason::ServerError,
        200..=299 if !page.names_a_gateway => Reason::CaptivePortal,
        _ => Reason::NotTheApi,
    }
}

/// The server's `Date`.
#[must_use]
pub fn server_time(reply: &Reply) -> Option<Timestamp> {
    reply.header("date").and_then(http_date)
}

/// `Fri, 20 Nov 2026 12:00:00 GMT`.
#[must_use]
pub fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
}

const GATEWAYS: &[&str] = &[
    "zscaler",
    "squid",
    "blue coat",
    "bluecoat",
    "fortinet",
    "fortiguard",
    "forcepoint",
    "mitmproxy",
    "netskope",
    "palo alto",
    "umbrella",
    "nginx",
    "apache",
    "microsoft-iis",
    "proxy",
    "gateway",
    "firewall",
    "access denied",
    "blocked",
];

fn is_html(reply: &Reply, text: &str) -> bool {
    let declared = reply
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let start: String = text.trim_start().chars().take(200).collect();
    let start = start.to_ascii_lowercase();
    // STS errs in XML, and some who stand in for it call that HTML.
    let xml = start.starts_with("<?xml") && !start.contains("<html");
    (declared && start.starts_with('<') && !xml)
        || start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || start.starts_with("<head")
        || start.starts_with("<script")
        || start.starts_with("<meta")
}

/// Lower-casing ASCII keeps every byte where it was, so places in `lower` are places in `page`.
fn title(page: &str, lower: &str) -> Option<String> {
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let words: Vec<&str> = page[start..end].split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
}
