//! Where every value of a JSON text stands. serde tells positions of its own errors only; errors
//! that are found later name a JSON pointer, and this finds its place.

use std::collections::HashMap;
use std::ops::Range;

/// Levels of nesting that a flow file may have.
pub const DEPTH_LIMIT: usize = 24;

/// The byte ranges of one JSON text.
#[derive(Clone, Debug, Default)]
pub struct Positions {
    places: HashMap<String, Place>,
    /// Keys that stand twice in one object: pointer, and the range of the second key.
    pub duplicates: Vec<(String, Range<usize>)>,
    /// The first value that is nested too deeply.
    pub too_deep: Option<Range<usize>>,
}

#[derive(Clone, Debug)]
struct Place {
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Positions {
    /// Scans `text` as far as it is JSON; what is wrong with it is for the parser to say.
    #[must_use]
    pub fn scan(text: &str) -> Self {
        let mut scanner = Scanner {
            text,
            at: 0,
            found: Self::default(),
        };
        let _ = scanner.value(&mut String::new(), None, 0);
        scanner.found
    }

    /// The range of the value at `pointer`, or of its nearest parent that is there.
    #[must_use]
    pub fn value(&self, pointer: &str) -> Range<usize> {
        self.nearest(pointer)
            .map(|place| place.value.clone())
            .unwrap_or_default()
    }

    /// The range of the key at `pointer`; of its value where it has no key.
    #[must_use]
    pub fn key(&self, pointer: &str) -> Range<usize> {
        self.nearest(pointer)
            .map(|place| place.key.clone().unwrap_or_else(|| place.value.clone()))
            .unwrap_or_default()
    }

    /// The key that `offset` lies in or just after.
    #[must_use]
    pub fn key_at(&self, offset: usize) -> Option<Range<usize>> {
        let keys = self.places.values().filter_map(|place| place.key.clone());
        keys.filter(|key| key.start <= offset && offset <= key.end)
            .min_by_key(ExactSizeIterator::len)
    }

    /// The smallest value around `offset`.
    #[must_use]
    pub fn value_around(&self, offset: usize) -> Option<Range<usize>> {
        let values = self.places.values().map(|place| place.value.clone());
        values
            .filter(|value| value.start <= offset && offset < value.end)
            .min_by_key(ExactSizeIterator::len)
    }

    fn nearest(&self, pointer: &str) -> Option<&Place> {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return Some(place);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

/// Line and column of a byte offset, both counted from 1, the column in characters.
#[must_use]
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    (line, before[start..].chars().count() + 1)
}

/// The byte offset of a line and a column in bytes, both counted from 1, as `serde_json` gives them.
#[must_use]
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start + column.saturating_sub(1)).min(text.len())
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    found: Positions,
}

impl Scanner<'_> {
    /// Reads one value; `None` ends the scan.
    fn value(
        &mut self,
        pointer: &mut String,
        key: Option<Range<usize>>,
        depth: usize,
    ) -> Option<()> {
        self.skip_space();
        let start = self.at;
        if depth > DEPTH_LIMIT {
            self.found.too_deep = Some(start..start + 1);
            return None;
        }
        let whole = match self.peek()? {
            b'{' => self.object(pointer, depth),
            b'[' => self.array(pointer, depth),
            b'"' => self.string().map(drop),
            _ => {
                self.scalar();
                Some(())
            }
        };
        let place = Place {
            key,
            value: start..self.at,
        };
        self.found.places.insert(pointer.clone(), place);
        whole
    }

    fn object(&mut self, pointer: &mut String, depth: usize) -> Option<()> {
        self.at += 1;
        let mut seen = Vec::new();
        loop {
            self.skip_space();
            if self.peek()? == b'}' {
                self.at += 1;
                return Some(());
            }
            let start = self.at;
            let name = self.string()?;
            let key = start..self.at;
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            if seen.contains(&name) {
                self.found.duplicates.push((pointer.clone(), key.clone()));
            }
            seen.push(name);
            self.skip_space();
            self.take(b':')?;
            self.value(pointer, Some(key), depth + 1)?;
            pointer.truncate(length);
            self.comma(b'}')?;
        }
    }

    fn array(&mut self, pointer: &mut String, depth: usize) -> Option<()> {
        self.at += 1;
        for index in 0.. {
            self.skip_space();
            if self.peek()? == b']' {
                break;
            }
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&index.to_string());
            self.value(pointer, None, depth + 1)?;
            pointer.truncate(length);
            self.comma(b']')?;
        }
        self.at += 1;
        Some(())
    }

    fn comma(&mut self, end: u8) -> Option<()> {
        self.skip_space();
        match self.peek()? {
            b',' => self.at += 1,
            b if b == end => {}
            _ => return None,
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }

    fn scalar(&mut self) {
        while self
            .peek()
            .is_some_and(|b| !b.is_ascii_whitespace() && !b",]}".contains(&b))
        {
            self.at += 1;
        }
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_place() {
        let text = r#"{ "a": [1, {"b/c": "ü"}], "d~": true }"#;
        let positions = Positions::scan(text);
        let check = |pointer: &str, key: &str, value: &str| {
            assert_eq!(&text[positions.key(pointer)], key, "{pointer}");
            assert_eq!(&text[positions.value(pointer)], value, "{pointer}");
        };
        check("", text, text);
        check("/a", "\"a\"", "[1, {\"b/c\": \"ü\"}]");
        check("/a/0", "1", "1");
        check("/a/1/b~1c", "\"b/c\"", "\"ü\"");
        check("/d~0", "\"d~\"", "true");
        check("/a/7/nothing", "\"a\"", "[1, {\"b/c\": \"ü\"}]");
    }

    #[test]
    fn duplicates_and_depth_are_seen() {
        let twice = Positions::scan(r#"{"a": {"x": 1, "x": 2}}"#);
        assert_eq!(twice.duplicates, [("/a/x".to_owned(), 15..18)]);
        let deep = "[".repeat(60);
        assert_eq!(Positions::scan(&deep).too_deep, Some(25..26));
        for broken in ["", "{", "{\"a", "{\"a\":", "[1 2]", "\"\\", "{1:2}"] {
            let _ = Positions::scan(broken);
        }
    }

    #[test]
    fn lines_and_columns() {
        let text = "a\nüb\n";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 4), (2, 2));
        assert_eq!(line_and_column(text, 99), (3, 1));
        assert_eq!(offset_of(text, 2, 3), 4);
        assert_eq!(offset_of(text, 9, 9), text.len());
    }
}
