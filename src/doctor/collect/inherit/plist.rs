//! A property list of launchd in its XML form: label, program and variables. Pure, so that what
//! stands on a Mac can be told anywhere. A binary one is none of these.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// What launchd starts.
#[derive(Default)]
pub struct Plist {
    pub label: String,
    /// `Program`, then `ProgramArguments`.
    pub arguments: Vec<Zeroizing<String>>,
    /// Line, name and value of each of `EnvironmentVariables`.
    pub variables: Vec<(usize, String, Secret)>,
}

/// Takes a property list apart; `None` for what is none in XML.
#[must_use]
pub fn parse(text: &str) -> Option<Plist> {
    let mut tokens = Tokens {
        text,
        rest: text.get(text.find("<plist")?..)?,
    };
    let mut plist = Plist::default();
    // The keys that lead to where we are: those of the dictionary at the top, and one below.
    let mut depth = 0_usize;
    let mut top = String::new();
    let mut key = String::new();
    while let Some((line, tag, content)) = tokens.next() {
        match tag {
            "dict" => depth += 1,
            "/dict" => depth = depth.checked_sub(1)?,
            "key" if depth == 1 => unescaped(content).as_str().clone_into(&mut top),
            "key" => unescaped(content).as_str().clone_into(&mut key),
            "string" if depth == 1 => {
                let value = unescaped(content);
                match top.as_str() {
                    "Label" => value.as_str().clone_into(&mut plist.label),
                    "Program" => plist.arguments.insert(0, value),
                    "ProgramArguments" => plist.arguments.push(value),
                    _ => {}
                }
            }
            "string" if depth == 2 && top == "EnvironmentVariables" => {
                let value = Secret::new(unescaped(content).as_str());
                plist.variables.push((line, key.clone(), value));
            }
            _ => {}
        }
    }
    (depth == 0).then_some(plist)
}

struct Tokens<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    /// The next tag: its line, its name, and the text up to the one after it.
    fn next(&mut self) -> Option<(usize, &'a str, &'a str)> {
        loop {
            let start = self.rest.find('<')?;
            let at = self.text.len() - self.rest.len() + start;
            let inside = &self.rest[start + 1..];
            if let Some(comment) = inside.strip_prefix("!--") {
                self.rest = &comment[comment.find("-->")? + 3..];
                continue;
            }
            let (tag, after) = inside.split_once('>')?;
            self.rest = after;
            let line = self.text[..at].matches('\n').count() + 1;
            let name = tag.split([' ', '\t', '\n']).next().unwrap_or_default();
            let content = &after[..after.find('<').unwrap_or(after.len())];
            return Some((line, name, content));
        }
    }
}

fn unescaped(text: &str) -> Zeroizing<String> {
    const ENTITIES: &[(&str, char)] = &[
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
    ];
    let mut whole = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let entity = ENTITIES.iter().find(|(name, _)| rest.starts_with(name));
        let length = entity.map_or(c.len_utf8(), |(name, _)| name.len());
        whole.push(entity.map_or(c, |(_, value)| *value));
        rest = &rest[length..];
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As OpenClaw installs it.
    const RECORDED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
  <dict>
    <key>Label</key>
    <string>ai.openclaw.gateway</string>
    <key>KeepAlive</key>
    <dict><key>SuccessfulExit</key><false/></dict>
    <!-- <key>Label</key><string>no</string> -->
    <key>ProgramArguments</key>
    <array>
      <string>/opt/homebrew/bin/node</string>
      <string>/opt/homebrew/lib/node_modules/openclaw/dist/index.js</string>
      <string>gateway</string>
    </array>
    <key>EnvironmentVariables</key>
    <dict>
      <key>PATH</key>
      <string>/usr/bin:/bin</string>
      <key>ANTHROPIC_API_KEY</key>
      <string>a&amp;b&lt;c</string>
    </dict>
  </dict>
</plist>
"#;

    #[test]
    fn recorded_lists() {
        let plist = parse(RECORDED).expect("a property list");
        assert_eq!(plist.label, "ai.openclaw.gateway");
        assert_eq!(plist.arguments.len(), 3);
        let (line, name, value) = &plist.variables[1];
        assert_eq!((*line, name.as_str()), (21, "ANTHROPIC_API_KEY"));
        assert!(*value == Secret::new("a&b<c"));
        assert!(parse("bplist00\u{1}").is_none());
        assert!(parse("<plist><dict>").is_none());
        assert!(parse("").is_none());
    }
}
