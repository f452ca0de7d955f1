//! JSON of our own making: options and kept state, read strictly.
//!
//! The reader of webhooks forgives damage, because mail is data. State is not: half a history read
//! without a word would be a loss of strikes. So here whatever is wrong is an error that says where,
//! and numbers are whole or have a few decimals, exactly.

use std::fmt::Write;

/// Deeper values are refused; our own go five levels deep.
const DEEPEST: usize = 16;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number: digits and how many of them are decimals.
    Number(i64, u32),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, its keys in order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text that holds one value and nothing else.
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut reader = Reader { text, bytes: text.as_bytes(), at: 0 };
        let value = reader.value(0)?;
        reader.blanks();
        if reader.at < reader.bytes.len() {
            Err(reader.wrong("something follows the value"))
        } else {
            Ok(value)
        }
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// A whole number.
    pub fn whole(&self) -> Option<i64> {
        self.scaled(0)
    }

    /// A number times a power of ten, where that is whole: `0.92` with 2 is 92.
    pub fn scaled(&self, decimals: u32) -> Option<i64> {
        let Json::Number(digits, has) = self else { return None };
        if *has <= decimals {
            digits.checked_mul(10_i64.checked_pow(decimals - has)?)
        } else {
            let over = 10_i64.checked_pow(has - decimals)?;
            (digits % over == 0).then_some(digits / over)
        }
    }

    /// A string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON, shortened, for messages.
    pub fn shown(&self) -> String {
        match self {
            Json::Null => "null".into(),
            Json::Bool(value) => value.to_string(),
            Json::Number(digits, 0) => digits.to_string(),
            Json::Number(..) => "a number with decimals".into(),
            Json::Text(text) => format!("`{}`", text.chars().take(40).collect::<String>()),
            Json::List(_) => "a list".into(),
            Json::Object(_) => "an object".into(),
        }
    }
}

/// Writes a string with its quotes.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other if u32::from(other) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(other));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    #[cold]
    fn wrong(&self, what: &str) -> String {
        format!("{what} at byte {}", self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), String> {
        if self.peek() != Some(byte) {
            return Err(self.wrong(&format!("`{}` is missing", char::from(byte))));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        self.blanks();
        if depth > DEEPEST {
            return Err(self.wrong("too deep"));
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => Err(self.wrong("the text ends")),
        }
    }

    fn word(&mut self) -> Result<Json, String> {
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))]
        {
            if self.bytes.get(self.at..).unwrap_or_default().starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.wrong("no value"))
    }

    fn number(&mut self) -> Result<Json, String> {
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let (mut digits, mut decimals, mut point) = (0i64, 0u32, false);
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'0'..=b'9' => {
                    let digit = i64::from(byte - b'0');
                    let longer = digits.checked_mul(10).and_then(|digits| digits.checked_add(digit));
                    digits = longer.ok_or_else(|| self.wrong("a number that is too long"))?;
                    decimals += u32::from(point);
                }
                b'.' if !point && self.at > start => point = true,
                b'.' | b'e' | b'E' | b'+' => return Err(self.wrong("a number that is not plain")),
                _ => break,
            }
            self.at += 1;
        }
        if self.at == start || (point && decimals == 0) {
            return Err(self.wrong("a number without digits"));
        }
        Ok(Json::Number(if negative { -digits } else { digits }, decimals))
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        let mut items = Vec::new();
        self.expect(b'[')?;
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.peek() != Some(b',') {
                break;
            }
            self.at += 1;
        }
        self.expect(b']')?;
        Ok(Json::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut fields: Vec<(String, Json)> = Vec::new();
        self.expect(b'{')?;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(fields));
        }
        loop {
            self.blanks();
            let key = self.string()?;
            self.blanks();
            self.expect(b':')?;
            fields.push((key, self.value(depth + 1)?));
            self.blanks();
            if self.peek() != Some(b',') {
                break;
            }
            self.at += 1;
        }
        self.expect(b'}')?;
        Ok(Json::Object(fields))
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut text = String::new();
        let mut from = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    text.push_str(self.text.get(from..self.at).unwrap_or_default());
                    text.push(self.escape()?);
                    from = self.at;
                }
                Some(byte) if byte < 0x20 => return Err(self.wrong("a control character")),
                Some(_) => self.at += 1,
                None => return Err(self.wrong("a string without end")),
            }
        }
        text.push_str(self.text.get(from..self.at).unwrap_or_default());
        self.at += 1;
        Ok(text)
    }

    fn escape(&mut self) -> Result<char, String> {
        let letter = self.bytes.get(self.at + 1).copied().unwrap_or_default();
        self.at += 2;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let high = self.hex()?;
                let code = if (0xD800..0xDC00).contains(&high)
                    && self.bytes.get(self.at..self.at + 2) == Some(b"\\u")
                {
                    self.at += 2;
                    let low = self.hex()?;
                    0x10000 + ((high - 0xD800) << 10) + (low.wrapping_sub(0xDC00) & 0x3FF)
                } else {
                    high
                };
                // half a character cannot be kept, and spoils nothing else
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(self.wrong("an unknown escape")),
        })
    }

    fn hex(&mut self) -> Result<u32, String> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.wrong("no hex digits"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, quote};

    #[test]
    fn good_texts_are_read() {
        let json = Json::parse(" {\"a\":[1,-2.50,true,null,\"x\\u00e9\\ud83d\\ude00\\n\"],\"b\":{}} ")
            .expect("good JSON");
        let Some(Json::List(items)) = json.get("a") else { unreachable!("a list") };
        assert_eq!((items[0].whole(), items[1].scaled(1), items[1].whole()), (Some(1), Some(-25), None));
        assert_eq!(items[4].text(), Some("xé😀\n"));
        assert_eq!(
            Json::parse(r#""\ud800x""#),
            Ok(Json::Text("\u{FFFD}x".into())),
            "half a character spoils nothing else"
        );
    }

    #[test]
    fn damage_is_an_error_wherever_it_is() {
        let text = r#"{"a":[1,{"b":"c\n"}],"d":null}"#;
        for end in 0..text.len() {
            assert!(Json::parse(&text[..end]).is_err(), "{}", &text[..end]);
        }
        for text in ["{}x", "{'a':1}", "[1,]", "01e5", "\"\\x\"", "nul", "-", "1.", "99999999999999999999"] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
        assert!(Json::parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn a_quoted_string_comes_back() {
        let text = "a\"b\\c\n\r\t\u{1}é😀";
        let mut out = String::new();
        quote(text, &mut out);
        assert_eq!(Json::parse(&out).expect("good JSON").text(), Some(text));
    }
}
