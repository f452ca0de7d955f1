//! Where in a text a reply code stands: light-weight, to find the reply and not to judge it.

use crate::input::seek;
use crate::text::words;

/// A place that looks like the beginning of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// First byte of the code.
    pub start: usize,
    /// How much like a reply it looks.
    pub form: Form,
    /// The basic code, 0 for an enhanced code alone.
    pub code: u16,
}

impl Place {
    /// Whether it begins a refusal before another place. That commands came in a wrong order (503) explains nothing.
    pub fn quotes(self, place: usize) -> bool {
        self.start < place && self.form == Form::Reply && self.code >= 400 && self.code != 503
    }
}

/// How much a code looks like the beginning of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A number in prose that may be a code.
    Number,
    /// An enhanced code alone.
    Enhanced,
    /// A basic code where replies begin.
    Reply,
}

/// The best place in a text; of equal ones the first.
pub fn find(text: &str) -> Option<Place> {
    let mut best: Option<Place> = None;
    for place in places(text) {
        if best.is_none_or(|best| place.form > best.form) {
            best = Some(place);
        }
        if place.form == Form::Reply {
            break;
        }
    }
    best
}

/// A code at the very start, after at most one bracket, quote or `#`.
pub fn at_start(text: &str) -> Option<Place> {
    let before = |byte: u8| matches!(byte, b' ' | b'#' | b'"' | b'\'' | b'(' | b'[' | b'<');
    let skip = text.bytes().position(|byte| !before(byte))?;
    if !matches!(text.as_bytes().get(skip)?, b'2' | b'4' | b'5') {
        return None;
    }
    let place = place_at(text.as_bytes(), skip)?;
    Some(if place.form == Form::Number { Place { form: Form::Reply, ..place } } else { place })
}

fn places(text: &str) -> impl Iterator<Item = Place> + '_ {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + seek::any(bytes.get(from..)?, [b'4', b'5']);
            from = at + 1;
            if let Some(place) = place_at(bytes, at) {
                return Some(place);
            }
        }
    })
}

fn place_at(bytes: &[u8], at: usize) -> Option<Place> {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(b' ');
    if before.is_ascii_alphanumeric()
        || matches!(before, b'.' | b'@' | b'/' | b'_' | b':' | b'+' | b'$' | b'&')
    {
        return None;
    }
    let rest = bytes.get(at..)?;
    if let Some((_, len)) = words::status(rest) {
        let after = rest.get(len).copied().unwrap_or(b' ');
        return (!after.is_ascii_alphanumeric()).then_some(Place {
            start: at,
            form: Form::Enhanced,
            code: 0,
        });
    }
    let [a, b, c, tail @ ..] = rest else { return None };
    if !(b.is_ascii_digit() && c.is_ascii_digit()) || before == b'-' && matches!(tail.first(), Some(b'-')) {
        return None;
    }
    let code = u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0');
    let ends = match tail {
        [] | [b' ' | b'-' | b':' | b',' | b';' | b')' | b']' | b'\'' | b'"' | b'#' | b'>', ..] | [b'.'] => {
            true
        }
        [b'.', next, ..] => !next.is_ascii_digit(),
        _ => false,
    };
    ends.then(|| Place { start: at, form: form(bytes, at, tail), code })
}

/// A basic code begins a reply where a reply may begin or where an enhanced code follows it.
fn form(bytes: &[u8], at: usize, tail: &[u8]) -> Form {
    let follows = tail.get(1..).and_then(words::status).is_some();
    let head = bytes.get(..at).unwrap_or_default();
    let close =
        head.last().is_none_or(|byte| matches!(byte, b'(' | b'[' | b'"' | b'\'' | b'#' | b'>' | b';'));
    let after_colon = matches!(head.trim_ascii_end().last(), None | Some(b':' | b';' | b'>' | b'=' | b','));
    let words = tail.first() == Some(&b'-')
        || tail.get(1).is_some_and(|byte| !byte.is_ascii_digit())
        // `[416]` at the end of a sentence refers to something
        || tail.is_empty() || tail.len() == 1 && !matches!(head.last(), Some(b'(' | b'['));
    let unit = [&b" hour"[..], b" day", b" kb", b" mb", b" byte", b" min", b" sec", b" rec", b" KB", b" MB"];
    if follows || ((close || after_colon) && words && !unit.iter().any(|unit| tail.starts_with(unit))) {
        Form::Reply
    } else {
        Form::Number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_begin_with_their_code() {
        let start = |text| find(text).map(|place| (place.start, place.form));
        assert_eq!(start("host mx [192.0.2.1]: 550 5.1.1 no"), Some((21, Form::Reply)));
        assert_eq!(start("smtp;550 no"), Some((5, Form::Reply)));
        assert_eq!(start("Sorry, no mailbox. (#5.1.1)"), Some((21, Form::Enhanced)));
        assert_eq!(start("mx[192.0.2.1]:465: Connection refused"), None);
        assert_eq!(start("your 500 messages"), Some((5, Form::Number)));
        assert_eq!(start("at 10.5.1.1 or 5.1.1.1 in 2045"), None);
    }
}
