//! Looks for a byte or a mark in a text: eight bytes at a time, and nothing is prepared for it.
//!
//! Nearly every text is looked through for marks that it does not have. The standard library's search
//! for words prepares itself for each of them, which costs more than a reply is long.

use crate::text::words::{EACH, between, eight};

const HIGH: u64 = EACH * 0x80;

/// Where the first of some bytes stands; the length where none does.
#[inline(always)]
pub fn any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> usize {
    let mut rest = bytes;
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let found = matches(u64::from_le_bytes(*eight), wanted);
        if found != 0 {
            return bytes.len() - rest.len() + found.trailing_zeros() as usize / 8;
        }
        rest = behind;
    }
    let behind = rest.iter().position(|byte| wanted.contains(byte));
    bytes.len() - rest.len() + behind.unwrap_or(rest.len())
}

/// Where two bytes stand first, one behind the other.
pub fn pair(bytes: &[u8], [first, second]: [u8; 2]) -> Option<usize> {
    let mut at = 0;
    while let (Some(one), Some(two)) = (bytes.get(at..at + 8), bytes.get(at + 1..at + 9)) {
        let both = different(one, first) | different(two, second);
        let found = both.wrapping_sub(EACH) & !both & HIGH;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes.get(at..)?.windows(2).position(|two| two == [first, second]).map(|place| at + place)
}

/// Of eight bytes those that are this one as zeros.
#[inline(always)]
fn different(bytes: &[u8], from: u8) -> u64 {
    eight(bytes, 0) ^ (EACH * u64::from(from))
}

/// Whether all bytes are blanks and shown characters of ASCII, and none is this one.
pub fn is_plain(bytes: &[u8], but: u8) -> bool {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let other = chunks.iter().fold(0, |other, bytes| {
        let eight = u64::from_le_bytes(*bytes);
        other | !between(eight, b' ', b'~') | between(eight, but, but)
    });
    other & HIGH == 0 && rest.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != but)
}

/// Hands out where a word or a mark of punctuation begins. Bytes beyond ASCII are no letters: behind each
/// character of them the next word begins.
#[inline(always)]
pub fn words(bytes: &[u8], mut take: impl FnMut(usize)) {
    let (mut at, mut before) = (0, 0);
    while let Some(rest @ [_, ..]) = bytes.get(at..) {
        let eight = eight(rest, 0);
        let letters = between(eight | (EACH * 0x20), b'a', b'z') | between(eight, b'0', b'9');
        // the first byte of a character of several has its two highest bits set
        let shown = between(eight, b'!', b'~') | (eight & eight << 1);
        let mut found = shown & !(letters << 8 | before) & HIGH;
        before = letters >> 56;
        while found != 0 {
            take(at + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
        at += 8;
    }
}

/// The high bits of those of eight bytes that are wanted. The lowest is right; behind it there may be some
/// that are not.
#[inline(always)]
fn matches<const N: usize>(eight: u64, wanted: [u8; N]) -> u64 {
    let mut found = 0;
    for byte in &wanted {
        // a byte that is zero borrows from its high bit, and no lower one that is not does
        let zero = eight ^ (EACH * u64::from(*byte));
        found |= zero.wrapping_sub(EACH) & !zero;
    }
    found & HIGH
}

/// Where a mark stands first. Of its bytes the one is looked for that few texts have.
pub fn mark(text: &str, mark: &str, rare: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let before = mark.as_bytes().iter().position(|byte| *byte == rare)?;
    let mut from = before;
    loop {
        let at = from + any(bytes.get(from..)?, [rare]);
        if bytes.get(at - before..)?.starts_with(mark.as_bytes()) {
            return Some(at - before);
        }
        from = at + 1;
    }
}

/// The lines of a text with their ends, as `split_inclusive('\n')` gives them.
pub fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = any(rest.as_bytes(), [b'\n']);
        let (line, after) = rest.split_at_checked(end + 1).unwrap_or((rest, ""));
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::{any, is_plain, mark, pair, whole_lines, words};

    #[test]
    fn the_first_of_some_bytes_is_found_wherever_it_stands() {
        for len in 0..40 {
            for at in 0..=len {
                let mut text = vec![b'\x0B'; len];
                if let Some(byte) = text.get_mut(at) {
                    *byte = if at % 2 == 0 { b'\n' } else { b'\r' };
                }
                text.extend_from_slice("\u{8A}\n".as_bytes());
                assert_eq!(any(&text, [b'\n', b'\r']), if at < len { at } else { len + 2 });
            }
        }
        assert_eq!(any(b"", [b'a']), 0);
    }

    #[test]
    fn pairs_are_found_wherever_they_stand() {
        for at in 0..40 {
            for len in at + 1..42 {
                let mut text = vec![b'\n'; len];
                text.iter_mut().skip(at + 1).for_each(|byte| *byte = b'-');
                assert_eq!(pair(&text, *b"\n-"), (at + 1 < len).then_some(at), "{at} of {len}");
                assert_eq!(pair(&text, *b"-\n"), None);
            }
        }
    }

    #[test]
    fn plain_bytes_are_shown_and_none_is_the_one() {
        for at in 0..20 {
            for (byte, plain) in [(b' ', true), (b'~', true), (b'?', false), (b'\t', false), (0x80, false)] {
                let mut text = [b'a'; 20];
                text[at] = byte;
                assert_eq!(is_plain(&text, b'?'), plain, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn words_begin_where_no_letter_stands_before() {
        let text = "a b2-c\t(d) éf用g 100% \u{7f}h";
        for before in 0..9 {
            let text = " ".repeat(before) + text;
            let begins = |(at, byte): (usize, u8)| {
                let after = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
                let inside = after.is_some_and(u8::is_ascii_alphanumeric) || byte & 0xC0 == 0x80;
                (!inside && (byte.is_ascii_graphic() || byte >= 0x80)).then_some(at)
            };
            let mut found = Vec::new();
            words(text.as_bytes(), |at| found.push(at));
            assert_eq!(found, text.bytes().enumerate().filter_map(begins).collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn lines_are_those_of_the_standard_library() {
        for text in ["", "\n", "a", "a\n", "\n\na\r\n b\ré\n", "a\n\n"] {
            assert_eq!(
                whole_lines(text).collect::<Vec<_>>(),
                text.split_inclusive('\n').collect::<Vec<_>>(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn marks_are_found_as_the_standard_library_finds_them() {
        for text in ["", "=", "to=", ": to=", "a: to=b: to=", ": to: to=", "x: t0=: to=", "é: to=é"] {
            assert_eq!(mark(text, ": to=", b'='), text.find(": to="), "{text}");
            assert_eq!(mark(text, " to", b't'), text.find(" to"), "{text}");
        }
    }
}
