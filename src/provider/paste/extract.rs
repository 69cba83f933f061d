//! One credential in a screenful of text, such as all that `claude setup-token` prints. Taken only
//! when there is no doubt: one beginning, and the usual length.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// How credentials of Anthropic's begin that a person may be asked for.
const BEGINNINGS: &[&str] = &["sk-ant-oat01-", "sk-ant-api03-"];
/// What every credential of Anthropic's begins with.
const FAMILY: &str = "sk-ant-";
/// Characters of such a credential.
const LENGTH: usize = 108;

/// It is a whole credential already.
pub(super) fn is_one(secret: &Secret) -> bool {
    secret
        .inspect(|text| text.len() == LENGTH && text.bytes().all(is_of_credential) && begins(text))
}

/// The one credential in `text`, and over how many lines it went.
pub(super) fn only_credential(text: &str) -> Option<(Secret, usize)> {
    let mut starts = text.match_indices(FAMILY).map(|(at, _)| at);
    let start = starts.next()?;
    let alone = text[..start]
        .bytes()
        .next_back()
        .is_none_or(|b| !is_of_credential(b));
    // An example such as `sk-ant-oat01-...` beside it is one beginning too many.
    if starts.next().is_some() || !alone || !begins(&text[start..]) {
        return None;
    }
    let mut found = Zeroizing::new(String::with_capacity(text.len() - start));
    let mut lines = 0;
    for line in text[start..].lines() {
        let line = if lines == 0 { line } else { line.trim_start() };
        let end = line.bytes().take_while(|b| is_of_credential(*b)).count();
        let (part, rest) = line.split_at(end);
        // What goes on in the next line fills this one.
        let whole = found.len() + part.len() >= LENGTH;
        if part.is_empty() || !(whole || rest.trim().is_empty()) {
            return None;
        }
        found.push_str(part);
        lines += 1;
        if whole {
            break;
        }
    }
    (found.len() == LENGTH).then(|| (Secret::new(found.as_str()), lines))
}

fn begins(text: &str) -> bool {
    BEGINNINGS.iter().any(|start| text.starts_with(start))
}

const fn is_of_credential(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'-' || b == b'_'
}
