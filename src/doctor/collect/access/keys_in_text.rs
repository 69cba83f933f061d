//! Keys that stand in a text, whatever the text is: where they begin, and nothing of what follows.
//! Pure.

/// How keys begin, and how many characters of a key follow at least: fewer are a mask, or the name
/// of the kind.
const BEGINNINGS: &[(&str, usize)] = &[
    ("sk-ant-", 20),
    ("sk-or-v1-", 20),
    ("sk-proj-", 20),
    ("bedrock-api-key-", 20),
    ("ABSK", 40),
];
/// Names before a key that has no beginning of its own, which has forty characters.
const NAMES: &[&str] = &["SECRET_ACCESS_KEY", "secret_access_key", "secretAccessKey"];
const SECRET_LENGTH: usize = 40;

/// The beginnings and names in `text` behind which a key stands, with the places of each.
#[must_use]
pub fn find(text: &str) -> Vec<(&'static str, Vec<usize>)> {
    let begins = |(beginning, least): &(&'static str, usize)| {
        let all = text.match_indices(beginning);
        let real = all.filter(|(at, _)| length(&text[at + beginning.len()..]) >= *least);
        (*beginning, real.map(|(at, _)| at).collect::<Vec<_>>())
    };
    let named = |name: &&'static str| {
        let all = text.match_indices(name);
        let real = all.filter(|(at, _)| is_assigned(&text[at + name.len()..]));
        (*name, real.map(|(at, _)| at).collect())
    };
    let found = BEGINNINGS.iter().map(begins);
    found
        .chain(NAMES.iter().map(named))
        .filter(|(_, places)| !places.is_empty())
        .collect()
}

/// The keys in a text.
pub fn keys(text: &str) -> impl Iterator<Item = &str> {
    let places = find(text).into_iter().flat_map(|(beginning, places)| {
        let name = NAMES.contains(&beginning);
        places.into_iter().map(move |at| (at, beginning, name))
    });
    places.map(|(at, beginning, name)| {
        let rest = &text[at..];
        let key = if name {
            rest[beginning.len()..].trim_start_matches(BETWEEN)
        } else {
            rest
        };
        &key[..length(key)]
    })
}

/// What may stand between a name and its value.
const BETWEEN: [char; 5] = [' ', '=', ':', '"', '\''];

/// Characters of a key at the start of a text.
fn length(text: &str) -> usize {
    let of_key = |c: char| c.is_ascii_alphanumeric() || "_-+/=".contains(c);
    text.find(|c| !of_key(c)).unwrap_or(text.len())
}

/// `=KEY`, ` = "KEY"`, ` KEY` as fish and `aws configure set` have it.
fn is_assigned(text: &str) -> bool {
    let value = text.trim_start_matches(BETWEEN);
    value.len() < text.len() && length(value) >= SECRET_LENGTH
}

/// The lines of these places, from 1, each once and in order.
#[must_use]
pub fn lines(text: &str, mut places: Vec<usize>) -> Vec<usize> {
    places.sort_unstable();
    let (mut line, mut from) = (1, 0);
    let mut found = Vec::new();
    for place in places {
        line += text[from..place].matches('\n').count();
        from = place;
        if found.last() != Some(&line) {
            found.push(line);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_no_masks() {
        let check = |text: &str, expected: &[(&str, &[usize])]| {
            let found: Vec<_> = find(text)
                .into_iter()
                .map(|(beginning, places)| (beginning, lines(text, places)))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(beginning, lines)| (*beginning, lines.to_vec()))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        let key = "A1b2C3d4E5f6G7h8I9j0";
        check("", &[]);
        check("export ANTHROPIC_API_KEY=sk-ant-api03-…4f2A", &[]);
        check("grep sk-ant- *", &[]);
        let twice = format!("ls\nx=sk-ant-api03-{key}; y=sk-ant-oat01-{key}\nls\nz=sk-ant-{key}");
        check(&twice, &[("sk-ant-", &[2, 4])]);
        let mixed = format!("sk-proj-{key}\nABSK{key}{key}");
        check(&mixed, &[("sk-proj-", &[1]), ("ABSK", &[2])]);
        let secret = format!("[default]\naws_secret_access_key = {key}{key}");
        check(&secret, &[("secret_access_key", &[2])]);
        let fish = format!("set -gx AWS_SECRET_ACCESS_KEY '{key}{key}'");
        check(&fish, &[("SECRET_ACCESS_KEY", &[1])]);
        check("echo $AWS_SECRET_ACCESS_KEY | wc -c", &[]);
        let all = format!("{{\"key\":\"sk-ant-{key}\",\"secretAccessKey\":\"{key}{key}\"}}");
        let whole = [format!("sk-ant-{key}"), format!("{key}{key}")];
        assert_eq!(keys(&all).collect::<Vec<_>>(), whole);
    }
}
