//! JSON5 documents: edited so that comments, order, quotes and indentation of everything else
//! stay, and read with the place of each value. Stricter than the library's default, which accepts
//! missing commas; duplicate keys are refused, because programs disagree on which one counts.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;
use zeroize::Zeroizing;

use super::BYTE_ORDER_MARK;
pub use super::position::Problem;
use crate::error::{Error, Kind, Result};

const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: true,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: true,
    allow_hexadecimal_numbers: true,
    allow_unary_plus_numbers: true,
    allow_bare_decimal_point_numbers: true,
    allow_non_finite_numbers: true,
    allow_extended_string_escapes: true,
};

/// A document to edit.
pub struct Json5 {
    byte_order_mark: bool,
    root: CstRootNode,
}

impl Json5 {
    /// Takes a document apart. An empty one is an object without fields.
    ///
    /// # Errors
    /// The place of what is not JSON5, or of a key that stands twice.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        read(text)?;
        let (byte_order_mark, text) = without_mark(text);
        let root = CstRootNode::parse(text, &OPTIONS).map_err(|e| explain(text, &e))?;
        Ok(Self {
            byte_order_mark,
            root,
        })
    }

    /// The value at a path of object keys.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<Value> {
        self.property(path)?.value()?.to_serde_value()
    }

    /// The value of the whole document; `None` for an empty one.
    #[must_use]
    pub fn whole(&self) -> Option<Value> {
        self.root.value()?.to_serde_value()
    }

    /// Sets the value at a path; objects on the way are made.
    ///
    /// # Errors
    /// `Config` when something else than an object stands on the way.
    pub fn set(&mut self, path: &[&str], value: &Value) -> Result<()> {
        let Some((last, way)) = path.split_last() else {
            return Err(Error::usage("a path of at least one key is needed"));
        };
        let blocked = || {
            Error::new(
                Kind::Config,
                format!(
                    "cannot set {}: something else than an object is in the way",
                    path.join(".")
                ),
            )
            .hint("Nothing was changed. Make an object in braces of what is in the way.")
        };
        let mut object = self.root.object_value_or_create().ok_or_else(blocked)?;
        for name in way {
            object = object.object_value_or_create(name).ok_or_else(blocked)?;
        }
        match object.get(last) {
            Some(property) => property.set_value(input(value)),
            None => drop(object.append(last, input(value))),
        }
        Ok(())
    }

    /// Removes the value at a path, with its key. Tells whether it was there.
    pub fn remove(&mut self, path: &[&str]) -> bool {
        let property = self.property(path);
        let found = property.is_some();
        if let Some(property) = property {
            property.remove();
        }
        found
    }

    /// Removes the element of a list that stands at `index`, when it begins on `line`, from 1.
    /// Tells whether it was there.
    pub fn remove_element(&mut self, path: &[&str], index: usize, line: usize) -> bool {
        let text = Zeroizing::new(self.root.to_string());
        if line_of_element(&text, path, index) != Some(line) {
            return false;
        }
        let list = self.property(path).and_then(|found| found.array_value());
        let element = list.and_then(|list| list.elements().into_iter().nth(index));
        element.map(jsonc_parser::cst::CstNode::remove).is_some()
    }

    /// The bytes of the document.
    #[must_use]
    pub fn render(&self) -> Zeroizing<Vec<u8>> {
        let mark = if self.byte_order_mark { "\u{feff}" } else { "" };
        let text = Zeroizing::new(format!("{mark}{}", self.root));
        Zeroizing::new(text.as_bytes().to_vec())
    }

    fn property(&self, path: &[&str]) -> Option<CstObjectProp> {
        let (last, way) = path.split_last()?;
        let object = way
            .iter()
            .try_fold(self.root.object_value()?, |object: CstObject, name| {
                object.object_value(name)
            })?;
        object.get(last)
    }
}

/// A document to read: the values with their places, which count from after a byte-order mark.
/// `None` for an empty document.
///
/// # Errors
/// As [`Json5::parse`].
pub fn read(text: &str) -> Result<Option<ast::Value<'_>>, Problem> {
    let (_, text) = without_mark(text);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS);
    let value = parsed.map_err(|e| explain(text, &e))?.value;
    if let Some(value) = &value {
        refuse_duplicates(text, value)?;
    }
    Ok(value)
}

/// The line on which an element of a list begins.
fn line_of_element(text: &str, path: &[&str], index: usize) -> Option<usize> {
    let (last, way) = path.split_last()?;
    let root = read(text).ok()??;
    let object = way
        .iter()
        .try_fold(root.as_object()?, |object, name| object.get_object(name))?;
    let array = object.get_array(last)?;
    let start = array.elements.get(index)?.range().start;
    Some(text.get(..start)?.matches('\n').count() + 1)
}

/// The text without its byte-order mark, and whether there was one.
#[must_use]
pub fn without_mark(text: &str) -> (bool, &str) {
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

fn refuse_duplicates(text: &str, value: &ast::Value<'_>) -> Result<(), Problem> {
    match value {
        ast::Value::Object(object) => {
            let mut seen = std::collections::HashSet::new();
            for property in &object.properties {
                if !seen.insert(property.name.as_str()) {
                    let place = property.range.start;
                    return Err(Problem::at(text, place, "a key stands twice in one object"));
                }
                refuse_duplicates(text, &property.value)?;
            }
            Ok(())
        }
        ast::Value::Array(array) => array
            .elements
            .iter()
            .try_for_each(|element| refuse_duplicates(text, element)),
        _ => Ok(()),
    }
}

/// The library's error in our words: its own could quote what stands there.
fn explain(text: &str, error: &jsonc_parser::errors::ParseError) -> Problem {
    use ParseErrorKind as K;
    let what = match error.kind() {
        K::ExpectedComma => "a comma is missing",
        K::ExpectedColonAfterObjectKey => "a colon is missing behind a key",
        K::ExpectedObjectValue => "a value is missing behind a colon",
        K::ExpectedStringObjectProperty => "a key is missing",
        K::MultipleRootJsonValues => "something stands behind the end of the document",
        K::String(_) => "a string is not closed, or holds a wrong escape",
        K::UnexpectedWord => "a text is not in quotes",
        K::UnterminatedObject => "an object is not closed",
        K::UnterminatedArray => "a list is not closed",
        K::UnterminatedCommentBlock => "a comment is not closed",
        K::NestingDepthExceeded => "the document is nested too deeply",
        _ => "this is not valid JSON5",
    };
    Problem::at(text, error.range().start, what)
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(values) => CstInputValue::Array(values.iter().map(input).collect()),
        Value::Object(object) => CstInputValue::Object(
            object
                .iter()
                .map(|(name, value)| (name.clone(), input(value)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn text(document: &Json5) -> String {
        String::from_utf8(document.render().to_vec()).expect("text")
    }

    const SAMPLE: &str = "\u{feff}// top\r\n{\r\n  // the model\r\n  agents: { defaults: { model: { primary: 'a/b', }, }, },\r\n  \"x\": [1, +2, .5, 0x1F,], /* end */\r\n}\r\n";

    #[test]
    fn what_is_not_touched_stays() {
        let mut document = Json5::parse(SAMPLE).expect("JSON5");
        assert_eq!(text(&document), SAMPLE);
        let path = ["agents", "defaults", "model", "primary"];
        assert_eq!(document.get(&path), Some(json!("a/b")));
        document.set(&path, &json!("c/d")).expect("set");
        assert_eq!(text(&document), SAMPLE.replace("'a/b'", "\"c/d\""));
        document
            .set(&["auth", "order", "anthropic"], &json!(["a:b"]))
            .expect("set");
        let edited = text(&document);
        for kept in ["// top\r\n", "// the model\r\n", "0x1F,]", "/* end */"] {
            assert!(edited.contains(kept), "{kept} in {edited}");
        }
        assert!(edited.starts_with('\u{feff}'));
        let again = Json5::parse(&edited).expect("JSON5");
        assert_eq!(
            again.get(&["auth", "order", "anthropic"]),
            Some(json!(["a:b"]))
        );
    }

    #[test]
    fn from_nothing_and_back() {
        let mut document = Json5::parse("").expect("empty");
        assert!(!document.remove(&["a", "b"]));
        document.set(&["a", "b"], &json!(1)).expect("set");
        assert_eq!(document.get(&["a"]), Some(json!({"b": 1})));
        assert!(document.remove(&["a", "b"]));
        assert_eq!(document.get(&["a", "b"]), None);
        document.set(&["a"], &json!(true)).expect("set");
        let error = document
            .set(&["a", "b"], &json!(1))
            .expect_err("in the way");
        assert_eq!(error.kind(), Kind::Config);
    }

    #[test]
    fn an_element_goes_and_the_rest_stays() {
        let list = "{ // a\n  a: { b: [\n    { c: 1 }, // one\n    { c: 2, d: 3 },\n  ] }, x: .5 }";
        let mut document = Json5::parse(list).expect("JSON5");
        let path = ["a", "b"];
        assert!(!document.remove_element(&path, 1, 3));
        assert!(!document.remove_element(&path, 2, 5));
        assert!(!document.remove_element(&["a"], 0, 2));
        assert_eq!(text(&document), list);
        assert!(document.remove_element(&path, 1, 4));
        assert_eq!(document.get(&path), Some(json!([{ "c": 1 }])));
        for kept in ["{ // a\n", "{ c: 1 }", "// one", "x: .5 }"] {
            assert!(text(&document).contains(kept), "{}", text(&document));
        }
    }

    #[test]
    fn refusals() {
        let check = |text: &str, line, column, what: &str| {
            let problem = Json5::parse(text).err().expect(text);
            assert_eq!(
                (problem.line, problem.column),
                (line, column),
                "{problem:?}"
            );
            assert!(problem.what.contains(what), "{problem:?}");
            assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
        };
        check("{\n a: 'hunter2',\n a: 2 }", 3, 2, "twice");
        check("{ b: [{ 'a': 1, \"a\": 2 }] }", 1, 17, "twice");
        check("{ a: 'hunter2' b: 2 }", 1, 15, "comma");
        check("{ a: hunter2 }", 1, 6, "quotes");
        check("{ a: 'hunter2", 1, 6, "string");
        check("{ a: 1", 1, 1, "closed");
        check("{} hunter2", 1, 4, "");
    }

    proptest! {
        #[test]
        fn set_is_read_back(key in "[a-z]{1,8}", value in "\\PC{0,20}", number in any::<i32>()) {
            let mut document = Json5::parse(SAMPLE).expect("JSON5");
            let value = json!({ "text": value, "list": [number, null, true] });
            document.set(&["new", &key], &value).expect("set");
            let again = Json5::parse(&text(&document)).expect("still JSON5");
            prop_assert_eq!(again.get(&["new", &key]), Some(value));
            prop_assert_eq!(again.get(&["x"]), document.get(&["x"]));
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            let _ = Json5::parse(&text);
        }
    }
}
