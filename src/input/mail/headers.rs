//! The header of a mail or of one of its parts: fields, their words and their parameters.
//!
//! A header is kept as slices of the input; nothing is unfolded or decoded before it is asked
//! for (RFC 5322 section 2.2, RFC 2047, RFC 2231).

use super::lines::Lines;
use crate::input::{lossy, seek};
use crate::text::decode::{self, Charsets};
use crate::text::ends;
use std::borrow::Cow;

/// The fields of one header, in order.
#[derive(Clone, Debug, Default)]
pub struct Headers<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
}

/// Fields that most headers have at most.
const USUAL: usize = 24;

/// More fields than any real mail has; what follows is not looked at.
const FIELDS: usize = 20_000;

impl<'a> Headers<'a> {
    /// Reads the header at the start of `bytes`; gives it and what follows the blank line.
    ///
    /// Lines that are no field are skipped, such as the `From ` line of a mailbox file. Where the
    /// first line is neither, there is no header and everything is body.
    pub fn read(bytes: &'a [u8]) -> (Headers<'a>, &'a [u8]) {
        let mut headers = Headers::default();
        let mut lines = Lines::of(bytes);
        while let Some((at, line)) = lines.next() {
            let end = lines.next_at();
            if line.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
                return (headers, bytes.get(end..).unwrap_or_default());
            }
            let folded = matches!(line.first(), Some(b' ' | b'\t'));
            if folded && !headers.fields.is_empty() {
                headers.extend(bytes, at + line.len());
            } else if let Some(field) = field(line) {
                headers.push(field);
            } else if headers.fields.is_empty() && !is_envelope_line(line) {
                return (headers, bytes);
            }
        }
        (headers, &[])
    }

    fn push(&mut self, field: (&'a [u8], &'a [u8])) {
        if self.fields.is_empty() {
            self.fields.reserve(USUAL);
        }
        if self.fields.len() < FIELDS {
            self.fields.push(field);
        }
    }

    /// Adds a folded line: the value's slice grows up to `end`.
    fn extend(&mut self, bytes: &'a [u8], end: usize) {
        if let Some((_, value)) = self.fields.last_mut() {
            let start = value.as_ptr() as usize - bytes.as_ptr() as usize;
            *value = bytes.get(start..end).unwrap_or(value);
        }
    }

    /// No field at all.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The first field's name and the last field's value: what stands between is the header.
    pub fn ends(&self) -> Option<(&'a [u8], &'a [u8])> {
        Some((self.fields.first()?.0, self.fields.last()?.1))
    }

    /// The value of the first field of this name, as it stands.
    pub fn raw(&self, name: &str) -> Option<&'a [u8]> {
        let name = name.as_bytes();
        for (other, value) in &self.fields {
            if is_name(other, name) {
                return Some(value);
            }
        }
        None
    }

    /// The values of all fields of this name, as they stand.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> + 's {
        let name = name.as_bytes();
        self.fields.iter().filter(move |(other, _)| is_name(other, name)).map(|(_, value)| *value)
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The value of the first field of this name, unfolded and decoded.
    pub fn text(&self, name: &str, charsets: Charsets) -> Option<Cow<'a, str>> {
        self.raw(name).map(|value| words(value, charsets))
    }

    /// The value of the first of these fields that is there and not empty.
    pub fn first(&self, names: &[&str], charsets: Charsets) -> Option<Cow<'a, str>> {
        names.iter().find_map(|name| self.text(name, charsets).filter(|value| !ends::trim(value).is_empty()))
    }
}

/// Whether two names are the same but for capitals. Most differ in their length or first letter.
#[inline(always)]
fn is_name(one: &[u8], other: &[u8]) -> bool {
    let first = |name: &[u8]| name.first().map_or(0, |letter| letter | 0x20);
    one.len() == other.len() && first(one) == first(other) && one.eq_ignore_ascii_case(other)
}

/// Name and value of a field: the name has no blanks inside and stands before a colon
/// (RFC 5322 section 2.2; blanks before the colon are obsolete but met).
pub fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let of_name = |byte: &u8| matches!(byte, b'!' | b'#'..=b'9' | b';' | b'='..=b'?' | b'A'..=b'~');
    let head = line.get(..NAME).unwrap_or(line);
    let end = head.iter().position(|byte| !of_name(byte)).filter(|end| *end > 0)?;
    let (name, rest) = head.split_at_checked(end)?;
    let blanks = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let value = rest.get(blanks..)?.strip_prefix(b":").and_then(|_| line.get(end + blanks + 1..))?;
    Some((name, value.trim_ascii()))
}

/// Bytes in which a field's name and its colon stand.
const NAME: usize = 80;

/// `From a@example.com Mon May …`, also quoted with `>`: the separator of mailbox files.
fn is_envelope_line(line: &[u8]) -> bool {
    line.strip_prefix(b">").unwrap_or(line).starts_with(b"From ")
}

/// Bytes of a value that are read: RFC 5322 allows lines of 998, and no real field has this many.
const VALUE: usize = 1 << 20;

/// A field's value as text: unfolded, charset guessed, encoded words decoded.
pub fn words(value: &[u8], charsets: Charsets) -> Cow<'_, str> {
    let value = value.get(..VALUE).unwrap_or(value);
    // most values are one line that says what it says
    if seek::is_plain(value, b'?') {
        return std::str::from_utf8(value).map(ends::trim).unwrap_or_default().into();
    }
    let text = match ascii(value) {
        Some(text) => Cow::Borrowed(text),
        None => decode::text(value, "", charsets).0,
    };
    let text = match text {
        Cow::Borrowed(text) => unfold(text),
        Cow::Owned(text) => Cow::Owned(unfold(&text).into_owned()),
    };
    match text {
        text if seek::mark(&text, "=?", b'?').is_none() => text,
        Cow::Borrowed(text) => decode::encoded_words(text, charsets),
        Cow::Owned(text) => Cow::Owned(decode::encoded_words(&text, charsets).into_owned()),
    }
}

/// Bytes that are the same in every charset: ASCII without the escapes of ISO-2022.
fn ascii(bytes: &[u8]) -> Option<&str> {
    let same = bytes.is_ascii() && seek::any(bytes, [0x1B]) == bytes.len();
    if same { std::str::from_utf8(bytes).ok() } else { None }
}

/// A folded value on one line: a line break and the blanks after it are one blank.
pub fn unfold(text: &str) -> Cow<'_, str> {
    let text = ends::trim(text);
    if seek::any(text.as_bytes(), [b'\n', b'\r', 0]) == text.len() {
        return text.into();
    }
    let lines = text.split(['\n', '\r', '\0']).map(ends::trim).filter(|line| !line.is_empty());
    lines.fold(String::with_capacity(text.len()), super::text::join).into()
}

/// A value with parameters, such as a content type.
#[derive(Clone, Debug, Default)]
pub struct Structured<'a> {
    /// What stands before the first semicolon, in lower case.
    pub value: String,
    rest: Cow<'a, str>,
}

impl<'a> Structured<'a> {
    /// Reads a structured field.
    pub fn read(value: &'a [u8]) -> Structured<'a> {
        let text = lossy(value);
        let end = seek::any(text.as_bytes(), [b';', b'\n', b' ']);
        let head = ends::bare(text.get(..end).unwrap_or_default(), b"\"");
        Structured { value: head.to_ascii_lowercase(), rest: text.clone() }
    }

    /// A parameter, joined and decoded where it is split (RFC 2231 section 3: `name*0*=`).
    ///
    /// The semicolon between parameters is often missing, so a blank or line break counts too.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut joined: Option<String> = None;
        for (key, value) in parameters(&self.rest) {
            let Some(suffix) = strip_name(key, name) else { continue };
            if suffix.is_empty() {
                return Some(value.into_owned());
            }
            let percent = suffix.ends_with('*');
            let part = if percent { extended(&value, joined.is_none()) } else { value.into_owned() };
            joined.get_or_insert_default().push_str(&part);
        }
        joined
    }
}

fn strip_name<'k>(key: &'k str, name: &str) -> Option<&'k str> {
    let (head, suffix) = key.split_at_checked(name.len())?;
    (head.eq_ignore_ascii_case(name) && (suffix.is_empty() || suffix.starts_with('*'))).then_some(suffix)
}

/// `charset'language'%41…` (RFC 2231 section 4); only the first part names the charset.
fn extended(value: &str, first: bool) -> String {
    let mut value = value;
    if first && let Some((_, rest)) = value.split_once('\'') {
        value = rest.split_once('\'').map_or(rest, |(_, text)| text);
    }
    String::from_utf8_lossy(&decode::hex_marks(value, b'%')).into_owned()
}

/// The `name=value` pairs of a structured value.
fn parameters(text: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_once('=')?;
        let head = ends::end(head, b"; \t\n\r(");
        let is_between = |byte: &u8| matches!(byte, b';' | b' ' | b'\t' | b'\n' | b'\r' | b'(');
        let start = head.as_bytes().iter().rposition(is_between).map_or(0, |at| at + 1);
        let key = head.get(start..).unwrap_or_default();
        let after = ends::trim_start(after);
        if let Some(quoted) = after.strip_prefix('"') {
            let (value, tail) = quoted.split_once('"').unwrap_or((quoted, ""));
            rest = tail;
            return Some((key, unquote(value)));
        }
        let end = seek::any(after.as_bytes(), [b';', b' ', b'\t', b'\n', b'\r']);
        let (value, tail) = after.split_at(end);
        rest = tail;
        Some((key, Cow::Borrowed(value)))
    })
}

fn unquote(value: &str) -> Cow<'_, str> {
    if seek::any(value.as_bytes(), [b'\\', b'\n', b'\r']) < value.len() {
        return value.chars().filter(|c| !matches!(c, '\\' | '\n' | '\r')).collect::<String>().into();
    }
    value.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decode::native;

    #[test]
    fn fields_are_unfolded_and_decoded_when_asked_for() {
        let mail = b"From x@example.com Mon May  1\r\nSubject: =?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=\r\nX-Odd : 1\r\n\r\nBody";
        let (headers, body) = Headers::read(mail);
        assert_eq!(headers.text("subject", native).as_deref(), Some("Grüße"));
        assert_eq!(headers.text("X-Odd", native).as_deref(), Some("1"));
        assert_eq!(body, b"Body");
    }

    #[test]
    fn a_text_without_header_is_all_body() {
        let text = b"Hi. This is the qmail-send program\n\n<a@example.com>:\n";
        let (headers, body) = Headers::read(text);
        assert!(headers.is_empty());
        assert_eq!(body, text);
    }

    #[test]
    fn parameters_are_found_even_where_semicolons_are_missing() {
        let parameter = |text: &'static str, name| Structured::read(text.as_bytes()).parameter(name);
        let report = "multipart/report; report-type=delivery-status;\r\n\tboundary=\"a;b=c\"";
        assert_eq!(parameter(report, "boundary").as_deref(), Some("a;b=c"));
        assert_eq!(parameter("text/plain\n charset=iso-2022-jp", "charset").as_deref(), Some("iso-2022-jp"));
        assert_eq!(parameter("a/b; name*0=\"one \"; name*1=two", "name").as_deref(), Some("one two"));
        assert_eq!(parameter("a/b; name*=utf-8'en'a%20%C3%A9", "name").as_deref(), Some("a é"));
        assert_eq!(Structured::read(b"TEXT/Plain charset=x").value, "text/plain");
    }
}
