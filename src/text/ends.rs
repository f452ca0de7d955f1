//! Takes blanks and marks off the ends of a text.
//!
//! It is what the standard library's `trim` and `trim_matches` do, and gives the same. They go character by
//! character, and are compiled anew for each pattern; here bytes are compared, and one function serves all
//! marks. Of characters beyond ASCII some are blanks: where one stands at an end the standard library is asked.

/// Whether a byte is one of some marks, or a blank where blanks count.
fn counts(byte: u8, marks: &[u8], blanks: bool) -> bool {
    if blanks && matches!(byte, b' ' | b'\t'..=b'\r') {
        return true;
    }
    let mut marks = marks;
    while let [mark, rest @ ..] = marks {
        if *mark == byte {
            return true;
        }
        marks = rest;
    }
    false
}

/// A text without what counts at its start.
fn after<'a>(text: &'a str, marks: &[u8], blanks: bool) -> &'a str {
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes
        && counts(*first, marks, blanks)
    {
        bytes = rest;
    }
    text.get(text.len() - bytes.len()..).unwrap_or_default()
}

/// A text without what counts at its end.
fn before<'a>(text: &'a str, marks: &[u8], blanks: bool) -> &'a str {
    let mut bytes = text.as_bytes();
    while let [rest @ .., last] = bytes
        && counts(*last, marks, blanks)
    {
        bytes = rest;
    }
    text.get(..bytes.len()).unwrap_or_default()
}

/// A text without these bytes of ASCII at its start.
pub fn start<'a>(text: &'a str, marks: &[u8]) -> &'a str {
    after(text, marks, false)
}

/// A text without these bytes of ASCII at its end.
pub fn end<'a>(text: &'a str, marks: &[u8]) -> &'a str {
    before(text, marks, false)
}

/// A text without these bytes of ASCII at both ends.
pub fn both<'a>(text: &'a str, marks: &[u8]) -> &'a str {
    end(start(text, marks), marks)
}

/// Whether a byte is a shown character of ASCII. Most texts begin and end with one, and stay as they are.
fn is_shown(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'!'..=b'~'))
}

/// A text without blanks at its start.
pub fn trim_start(text: &str) -> &str {
    if is_shown(text.as_bytes().first()) {
        return text;
    }
    let rest = after(text, b"", true);
    if rest.is_empty() || is_shown(rest.as_bytes().first()) { rest } else { wide(rest, b"", (true, false)) }
}

/// A text without blanks at its end.
pub fn trim_end(text: &str) -> &str {
    if is_shown(text.as_bytes().last()) {
        return text;
    }
    let rest = before(text, b"", true);
    if rest.is_empty() || is_shown(rest.as_bytes().last()) { rest } else { wide(rest, b"", (false, true)) }
}

/// A text without blanks at both ends.
pub fn trim(text: &str) -> &str {
    trim_end(trim_start(text))
}

/// A text without blanks and these bytes of ASCII at both ends.
pub fn bare<'a>(text: &'a str, marks: &[u8]) -> &'a str {
    let rest = before(after(text, marks, true), marks, true);
    let ends = rest.as_bytes();
    if rest.is_empty() || is_shown(ends.first()) && is_shown(ends.last()) {
        rest
    } else {
        wide(rest, marks, (true, true))
    }
}

/// The same where a character beyond ASCII stands at an end.
#[cold]
fn wide<'a>(text: &'a str, marks: &[u8], (at_start, at_end): (bool, bool)) -> &'a str {
    let is_one = |c: char| c.is_whitespace() || u8::try_from(c).is_ok_and(|byte| counts(byte, marks, false));
    let text = if at_start { text.trim_start_matches(is_one) } else { text };
    if at_end { text.trim_end_matches(is_one) } else { text }
}

#[cfg(test)]
mod tests {
    use super::{bare, both, end, start, trim, trim_end, trim_start};

    #[test]
    fn ends_are_those_of_the_standard_library() {
        let pieces =
            ["", " ", "<", "\u{A0}", "\t\r\n", "é", "a", "\u{3000}<", "\x1C", "\0", "> <", "~\x7F", "\u{E9}"];
        let marks = b"<>\0~";
        let listed = |c| matches!(c, '<' | '>' | '\0' | '~');
        let listed_or_blank = |c: char| c.is_whitespace() || listed(c);
        for first in pieces {
            for inside in pieces {
                for last in pieces {
                    let text = format!("{first}{inside}{last}");
                    let text = text.as_str();
                    assert_eq!(trim(text), text.trim());
                    assert_eq!(trim_start(text), text.trim_start());
                    assert_eq!(trim_end(text), text.trim_end());
                    assert_eq!(start(text, marks), text.trim_start_matches(listed));
                    assert_eq!(end(text, marks), text.trim_end_matches(listed));
                    assert_eq!(both(text, marks), text.trim_matches(listed));
                    assert_eq!(bare(text, marks), text.trim_matches(listed_or_blank));
                }
            }
        }
    }
}
