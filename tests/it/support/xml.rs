//! A reader of XML that is as strict as it has to be here: elements, attributes, text and the five
//! entities. It panics at the first thing that is not well formed.

pub mod schema;

/// An element, with all the text that stands in it.
#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
}

impl Element {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        &found.unwrap_or_else(|| panic!("no {name}: {self:?}")).1
    }

    /// Every element of that name below this one.
    pub fn all(&self, name: &str) -> Vec<&Element> {
        let deeper = self.children.iter().flat_map(|child| {
            let own = (child.name == name).then_some(child);
            own.into_iter().chain(child.all(name))
        });
        deeper.collect()
    }
}

/// The root of a document.
pub fn parse(text: &str) -> Element {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(allowed), "a character that XML has not");
    let rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let mut reader = Reader {
        rest: rest.expect("a declaration"),
    };
    let root = reader.element();
    assert_eq!(reader.rest.trim(), "", "something behind the root");
    root
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn until(&mut self, end: impl Fn(char) -> bool) -> &'a str {
        let at = self.rest.find(end).expect("an end");
        let (text, rest) = self.rest.split_at(at);
        self.rest = rest;
        text
    }

    fn name(&mut self) -> String {
        let name = self.until(|c| !c.is_ascii_alphanumeric() && !"-:".contains(c));
        assert!(
            name.starts_with(|c: char| c.is_ascii_alphabetic()),
            "{name:?}"
        );
        name.to_owned()
    }

    fn element(&mut self) -> Element {
        assert!(self.eat("<"), "no element: {:.40}", self.rest);
        let mut element = Element {
            name: self.name(),
            attributes: Vec::new(),
            children: Vec::new(),
            text: String::new(),
        };
        while self.eat(" ") {
            let name = self.name();
            assert!(self.eat("=\""), "no value for {name}");
            let value = unescaped(self.until(|c| matches!(c, '"' | '<')));
            assert!(self.eat("\""), "`<` in a value");
            let twice = element.attributes.iter().any(|(other, _)| *other == name);
            assert!(!twice, "{name} twice");
            element.attributes.push((name, value));
        }
        if self.eat("/>") {
            return element;
        }
        assert!(self.eat(">"), "no end of a tag: {:.40}", self.rest);
        loop {
            let text = self.until(|c| c == '<');
            assert!(!text.contains("]]>"), "the end of a section");
            element.text.push_str(&unescaped(text));
            if self.eat("</") {
                assert_eq!(self.name(), element.name);
                assert!(self.eat(">"), "no end of a tag");
                return element;
            }
            let child = self.element();
            element.children.push(child);
        }
    }
}

fn unescaped(text: &str) -> String {
    const ENTITIES: &[(&str, char)] = &[
        ("amp;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("quot;", '"'),
        ("#39;", '\''),
    ];
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = ENTITIES.iter().find(|(name, _)| part.starts_with(name));
        let (name, c) = known.unwrap_or_else(|| panic!("an unknown entity: {part:.20}"));
        plain.push(*c);
        plain.push_str(&part[name.len()..]);
    }
    plain
}
