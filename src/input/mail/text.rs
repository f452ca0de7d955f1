//! The readable text of a mail, and quotes out of it that keep their place in the input.

use super::lines::Lines;
use crate::text::ends;
use crate::types::Quote;
use std::borrow::Cow;
use std::ops::Range;

/// A decoded text.
#[derive(Clone, Debug, Default)]
pub struct Text<'a> {
    /// The text itself: a slice of the input where nothing had to be decoded.
    pub text: Cow<'a, str>,
}

impl<'a> Text<'a> {
    /// Words of this text: a slice of the input where the text is one.
    pub fn quote(&self, range: Range<usize>, input: &[u8]) -> Quote<'a> {
        match &self.text {
            Cow::Borrowed(text) => quote(text.get(range).unwrap_or_default().into(), input),
            Cow::Owned(text) => Quote::made(text.get(range).unwrap_or_default().to_owned()),
        }
    }
}

/// Words with their place in the input, where they are a slice of it.
pub fn quote<'a>(text: Cow<'a, str>, input: &[u8]) -> Quote<'a> {
    let at = match &text {
        Cow::Borrowed(text) if !text.is_empty() => place(text.as_bytes(), input),
        _ => None,
    };
    Quote { text, at }
}

/// Where a slice stands in the input; `None` for bytes from elsewhere.
pub fn place(slice: &[u8], input: &[u8]) -> Option<usize> {
    let at = (slice.as_ptr() as usize).checked_sub(input.as_ptr() as usize)?;
    (at + slice.len() <= input.len()).then_some(at)
}

/// Fields without the blanks before them; a line that begins with no field's name goes on with the one before.
pub fn outdented(text: &str) -> String {
    let line = |line: &str| {
        let line = ends::start(line, b" \t");
        let name = line.split(' ').next().unwrap_or_default();
        let named =
            name.is_empty() || name.contains(':') && name.starts_with(|c: char| c.is_ascii_uppercase());
        (if named { "" } else { " " }).to_owned() + line + "\n"
    };
    text.split(['\n', '\r']).map(line).collect()
}

/// Joins two wrapped lines: with a blank, but not within a URL or after a dash that splits one
/// word; a word that was split anywhere else cannot be known.
pub fn join(mut text: String, line: &str) -> String {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
    text
}

/// A letter or digit; beyond ASCII, where the tables of the standard library would cost the wasm
/// too much, everything but punctuation that is common in mail.
pub fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || c > '\u{BF}'
            && !matches!(c, '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{3003}' | '\u{FF01}'..='\u{FF0F}')
}

/// Letters and digits only, in lower case: to see whether two texts say the same.
pub fn essence(text: &str) -> String {
    if text.is_ascii() {
        // each letter is put where the next one goes, and one that does not count is written over
        let (mut letters, mut count) = (vec![0; text.len()], 0);
        for byte in text.bytes() {
            if let Some(place) = letters.get_mut(count) {
                *place = byte.to_ascii_lowercase();
            }
            count += usize::from(byte.is_ascii_alphanumeric());
        }
        letters.truncate(count);
        return String::from_utf8(letters).unwrap_or_default();
    }
    let mut letters = String::with_capacity(text.len());
    letters.extend(essential(text));
    letters
}

/// The same, one after the other.
pub fn essential(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| is_letter_or_digit(*c)).map(|c| c.to_ascii_lowercase())
}

/// Takes one level of `> ` from every line, where (nearly) all lines have it: a quoted notice of at
/// least so many lines.
pub fn unquote(input: &[u8], least: usize) -> Option<Vec<u8>> {
    let (mut all, mut quoted) = (0, 0);
    for (_, line) in Lines::of(input).take(400).filter(|(_, line)| !line.trim_ascii().is_empty()) {
        all += 1;
        // of ten lines and more half are quoted, of fewer nearly all
        if all > 10 && quoted * 2 < all || all <= 10 && all > quoted + 5 {
            return None;
        }
        quoted +=
            usize::from(line.starts_with(b">") && !line.starts_with(b">From ") && !line.starts_with(b">>>"));
    }
    if all < least || quoted * 10 < all * 8 {
        return None;
    }
    let mut out = Vec::with_capacity(input.len());
    for (_, line) in Lines::of(input) {
        let line = line.strip_prefix(b">").unwrap_or(line);
        out.extend_from_slice(line.strip_prefix(b" ").unwrap_or(line));
        out.push(b'\n');
    }
    Some(out)
}
