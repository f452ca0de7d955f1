//! JSON as it is pasted: cut off, with raw line ends in strings, one object a line, or an array.
//!
//! ```
//! use bouncelens::input::json::{Json, values};
//! let mut found = Vec::new();
//! values(r#"{"email":"ann@example.com","code":550}{"email":"bob@exa"#, &mut |value, cut| {
//!     found.push((value.at("email").and_then(Json::text).unwrap_or_default().into_owned(), cut));
//! });
//! assert_eq!(found, [("ann@example.com".to_owned(), false), ("bob@exa".to_owned(), true)]);
//! ```
//!
//! This is a reader of its own because a reader of bounces must not fail where others rightly do:
//! a cut-off text gives what stands before the cut, a lone surrogate or a raw control character
//! spoils one character, numbers beyond 2^53 (message ids) keep their digits, and a string without
//! escapes keeps its place in the input. Depth and the size of one value are bounded. RFC 8259
//! texts come out as any other reader's; a test compares them.

use crate::text::ends;
use crate::types::Quote;
use std::borrow::Cow;

/// Deeper values are stepped over: no provider nests more than ten levels.
const DEEPEST: usize = 64;
/// Values kept of one top-level value; what comes after them is stepped over.
const MOST: usize = 2_000_000;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`, and anything that is no value.
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(Cow<'a, str>),
    /// A string, with its place where it holds no escapes.
    Text(Quote<'a>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, its keys in order.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        match self {
            Json::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at a path such as `mail.commonHeaders.from`; of an array on the way, its first
    /// element.
    pub fn at(&self, path: &str) -> Option<&Json<'a>> {
        path.split('.').try_fold(self, |value, key| match value {
            Json::List(items) => items.first()?.get(key),
            other => other.get(key),
        })
    }

    /// A string, number or truth value as text; of an array, its first element.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        self.quote().map(|quote| quote.text).filter(|text| !text.is_empty())
    }

    /// The same with its place in the input.
    pub fn quote(&self) -> Option<Quote<'a>> {
        match self {
            Json::Text(quote) => Some(quote.clone()),
            Json::Number(digits) => Some(Quote { text: digits.clone(), at: None }),
            Json::Bool(value) => {
                Some(Quote { text: Cow::Borrowed(if *value { "true" } else { "false" }), at: None })
            }
            Json::List(items) => items.first().filter(|item| !matches!(item, Json::List(_)))?.quote(),
            _ => None,
        }
    }

    /// The elements of an array; a single value is one element.
    pub fn items(&self) -> &[Json<'a>] {
        match self {
            Json::List(items) => items,
            Json::Null => &[],
            one => std::slice::from_ref(one),
        }
    }

    /// The same value, with nothing borrowed and no places.
    pub fn into_owned(self) -> Json<'static> {
        let own = |text: Cow<'a, str>| Cow::<'static, str>::Owned(text.into_owned());
        match self {
            Json::Null => Json::Null,
            Json::Bool(value) => Json::Bool(value),
            Json::Number(digits) => Json::Number(own(digits)),
            Json::Text(quote) => Json::Text(Quote { text: own(quote.text), at: None }),
            Json::List(items) => Json::List(items.into_iter().map(Json::into_owned).collect()),
            Json::Object(fields) => {
                Json::Object(fields.into_iter().map(|(key, value)| (own(key), value.into_owned())).collect())
            }
        }
    }
}

/// Hands out the values of a text one after the other, and whether each was cut off: top-level
/// values, the elements of a top-level array, or one a line.
///
/// Where the first value ends on the first line, each line stands for itself, so that a damaged
/// line does not take the next one with it.
pub fn values<'a>(text: &'a str, each: &mut dyn FnMut(Json<'a>, bool)) {
    let first = ends::trim_start(text.trim_start_matches('\u{FEFF}'));
    let start = text.len() - first.len();
    let line = first.find('\n').map_or(text.len(), |end| start + end);
    if line < text.len() && whole(text, start, line) && !first.starts_with('[') {
        let mut at = start;
        for part in text.get(start..).unwrap_or_default().split_inclusive('\n') {
            stream(text, at, at + part.len(), each);
            at += part.len();
        }
    } else {
        stream(text, start, text.len(), each);
    }
}

/// The first value of a text, for JSON within JSON.
pub fn first(text: &str) -> Json<'_> {
    let mut reader = Reader::new(text, 0, text.len());
    reader.value(0).unwrap_or(Json::Null)
}

/// Whether a complete object or array stands between two places.
fn whole(text: &str, start: usize, end: usize) -> bool {
    let mut reader = Reader::new(text, start, end);
    matches!(reader.peek(), Some(b'{' | b'[')) && reader.value(0).is_some() && !reader.cut
}

fn stream<'a>(text: &'a str, start: usize, end: usize, each: &mut dyn FnMut(Json<'a>, bool)) {
    let mut reader = Reader::new(text, start, end);
    loop {
        reader.blanks();
        match reader.peek() {
            None => return,
            Some(b'{') => {
                reader.kept = 0;
                if let Some(value) = reader.value(0) {
                    each(value, reader.cut);
                }
            }
            // the elements of a top-level array are handed out one by one: it may be of any length
            Some(_) => reader.at += 1,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The text ended within a value.
    cut: bool,
    kept: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, start: usize, end: usize) -> Reader<'a> {
        let text = text.get(..end).unwrap_or(text);
        Reader { text, bytes: text.as_bytes(), at: start, cut: false, kept: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Steps over white space and commas.
    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace() || byte == b',') {
            self.at += 1;
        }
    }

    /// Reads a value; `None` at the end and before a closing bracket.
    fn value(&mut self, depth: usize) -> Option<Json<'a>> {
        self.blanks();
        let byte = self.peek();
        self.kept += 1;
        if matches!(byte, Some(b'{' | b'[')) && (depth >= DEEPEST || self.kept > MOST) {
            self.step_over();
            return Some(Json::Null);
        }
        match byte {
            Some(b'{') => Some(self.object(depth)),
            Some(b'[') => Some(self.list(depth)),
            Some(b'"') => Some(Json::Text(self.string())),
            Some(b'}' | b']') => None,
            Some(_) => Some(self.word()),
            None => {
                self.cut = true;
                None
            }
        }
    }

    fn list(&mut self, depth: usize) -> Json<'a> {
        let mut items = Vec::new();
        self.at += 1;
        while let Some(value) = self.value(depth + 1) {
            if self.kept <= MOST {
                items.push(value);
            }
        }
        self.at += usize::from(self.peek().is_some());
        Json::List(items)
    }

    fn object(&mut self, depth: usize) -> Json<'a> {
        let mut fields = Vec::new();
        self.at += 1;
        loop {
            self.blanks();
            match self.peek() {
                Some(b'"') => {
                    let key = self.string().text;
                    self.blanks();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                    }
                    match self.value(depth + 1) {
                        Some(value) if self.kept <= MOST => fields.push((key, value)),
                        _ => {}
                    }
                }
                Some(b'}') => break self.at += 1,
                Some(_) => self.at += 1,
                None => break self.cut = true,
            }
        }
        Json::Object(fields)
    }

    /// Reads a number or a bare word.
    fn word(&mut self) -> Json<'a> {
        let start = self.at;
        let end = |byte: u8| {
            byte.is_ascii_whitespace() || matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"')
        };
        self.at += 1;
        while self.peek().is_some_and(|byte| !end(byte)) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        match word {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            _ if word.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                Json::Number(word.into())
            }
            _ => Json::Null,
        }
    }

    /// Reads a string; its place is kept where it stands in the text as it is meant.
    fn string(&mut self) -> Quote<'a> {
        self.at += 1;
        let start = self.at;
        let mut decoded: Option<String> = None;
        let mut from = start;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let so_far = decoded.get_or_insert_with(String::new);
                    so_far.push_str(self.text.get(from..self.at).unwrap_or_default());
                    let escaped = self.escape();
                    if let Some(so_far) = &mut decoded {
                        so_far.push(escaped);
                    }
                    from = self.at;
                }
                Some(_) => self.at += 1,
                None => {
                    self.cut = true;
                    break;
                }
            }
        }
        let rest = self.text.get(from..self.at).unwrap_or_default();
        self.at = (self.at + 1).min(self.bytes.len());
        match decoded {
            Some(decoded) => Quote::made(decoded + rest),
            None => Quote::at(rest, start),
        }
    }

    /// Reads an escape; the reader stands at its backslash.
    fn escape(&mut self) -> char {
        let letter = self.bytes.get(self.at + 1).copied().unwrap_or(b'\\');
        if letter == b'u' {
            return self.unicode();
        }
        // an escaped letter of several bytes is left for the text
        self.at = (self.at + 1 + usize::from(letter.is_ascii())).min(self.bytes.len());
        match letter {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            other if other.is_ascii() => char::from(other),
            _ => '\\',
        }
    }

    /// Reads `\u00e9`, or the two halves of a pair (RFC 8259 section 7).
    fn unicode(&mut self) -> char {
        let hex = |at: usize| u32::from_str_radix(self.text.get(at..at + 4)?, 16).ok();
        let Some(high) = hex(self.at + 2) else {
            self.at = (self.at + 2).min(self.bytes.len());
            return char::REPLACEMENT_CHARACTER;
        };
        let low =
            (self.bytes.get(self.at + 6..self.at + 8) == Some(b"\\u")).then(|| hex(self.at + 8)).flatten();
        self.at += 6;
        match (high, low) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                self.at += 6;
                char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).unwrap_or_default()
            }
            _ => char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER),
        }
    }

    /// Steps over an object or array without keeping it, however deep.
    fn step_over(&mut self) {
        let mut open = 0usize;
        loop {
            match self.peek() {
                Some(b'{' | b'[') => open += 1,
                Some(b'}' | b']') => open -= 1,
                Some(b'"') => {
                    self.string();
                    continue;
                }
                Some(_) => {}
                None => break self.cut = true,
            }
            self.at += 1;
            if open == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, first, values};

    fn all(text: &str) -> Vec<(Json<'_>, bool)> {
        let mut found = Vec::new();
        values(text, &mut |value, cut| found.push((value, cut)));
        found
    }

    #[test]
    fn strings_keep_their_place_unless_escaped() {
        let text = r#"{"a":"plain","b":"x\u00e9\n\ud83d\ude00\ud800y"}"#;
        let json = first(text);
        let plain = json.at("a").and_then(Json::quote).unwrap_or_default();
        assert_eq!((plain.at, &text[6..11]), (Some(6), "plain"));
        assert_eq!(json.at("b").and_then(Json::text).as_deref(), Some("xé\n😀\u{FFFD}y"));
    }

    #[test]
    fn a_cut_text_gives_what_stands_before_the_cut() {
        let text = r#"[{"a":{"b":["c",{"d":"e\u12"}]}},{"f":1}"#;
        for end in 0..text.len() {
            all(&text[..end]);
        }
        let found = all(r#"{"a":{"b":"c","d":"half"#);
        assert_eq!(found[0].0.at("a.d").and_then(Json::text).as_deref(), Some("half"));
        assert!(found[0].1);
    }

    #[test]
    fn a_damaged_line_leaves_the_next_one_whole() {
        let found = all("{\"a\":1}\n{\"a\":\"2\n{\"a\":3}\n");
        assert_eq!(found.len(), 3);
        assert_eq!(found[2].0.at("a").and_then(Json::text).as_deref(), Some("3"));
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = format!("{{\"a\":{}1{},\"b\":2}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(first(&deep).at("b").and_then(Json::text).as_deref(), Some("2"));
        let deep = "{\"a\":".repeat(100_000);
        assert_eq!(all(&deep).len(), 1);
        assert_eq!(all(&format!("[{}]", "{},".repeat(10_000))).len(), 10_000);
    }

    #[test]
    fn valid_texts_come_out_as_in_serde_json() {
        for text in [
            r#"{"a":[1,-2.5e3,true,false,null,"x\"y\\z\/\b\f\n\r\t"],"":{},"b":[[],[{}]]}"#,
            r#" [ {"é":"ü","n":9007199254740993} ] "#,
        ] {
            let theirs: serde_json::Value = serde_json::from_str(text).expect("valid JSON");
            assert_eq!(plain(&first(text)), theirs, "{text}");
        }
    }

    fn plain(json: &Json<'_>) -> serde_json::Value {
        use serde_json::Value;
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(digits) => serde_json::from_str(digits).expect("a number"),
            Json::Text(quote) => Value::String(quote.text.to_string()),
            Json::List(items) => Value::Array(items.iter().map(plain).collect()),
            Json::Object(fields) => {
                Value::Object(fields.iter().map(|(key, value)| (key.to_string(), plain(value))).collect())
            }
        }
    }
}
