//! The error of a reply: Bedrock says it in a header and in JSON, STS in XML.

use serde_json::Value;

use crate::exchange::Reply;

/// What AWS said.
#[derive(Debug, Default)]
pub(super) struct Fault {
    /// Such as `AccessDeniedException`; empty where none was given.
    pub code: String,
    pub message: String,
    /// The body has the form of one of AWS's errors.
    pub is_aws: bool,
}

impl Fault {
    pub fn read(reply: &Reply) -> Self {
        let text = String::from_utf8_lossy(&reply.body);
        let document: Option<Value> = serde_json::from_str(&text).ok();
        let of_document = |names: &[&str]| {
            let found = names
                .iter()
                .find_map(|name| document.as_ref()?.get(name)?.as_str());
            found.map(str::to_owned)
        };
        let header = reply.header("x-amzn-errortype").map(str::to_owned);
        let code = header
            .or_else(|| of_document(&["__type", "code"]))
            .or_else(|| element(&text, "Code"));
        let message = of_document(&["message", "Message"]).or_else(|| element(&text, "Message"));
        let is_aws = code.is_some() || reply.header("x-amzn-requestid").is_some();
        Self {
            code: code.as_deref().map(bare).unwrap_or_default().to_owned(),
            message: message.unwrap_or_default(),
            is_aws,
        }
    }
}

/// `AccessDeniedException` of `AccessDeniedException:http://…` and of `com.amazon…#…`.
fn bare(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code).trim()
}

/// The text of the first element of that name, with XML's five entities.
pub(super) fn element(xml: &str, name: &str) -> Option<String> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let end = start + xml[start..].find(&format!("</{name}>"))?;
    let text = xml[start..end].trim();
    let plain = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let read = |text: String, (from, to): (&str, &str)| text.replace(from, to);
    Some(plain.into_iter().fold(text.to_owned(), read))
}
