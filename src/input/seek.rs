//! Looks for a byte or a mark in a text: eight bytes at a time, and nothing is prepared for it.
//!
//! Nearly every text is looked through for marks that it does not have. The standard library's search
//! for words prepares itself for each of them, which costs more than a reply is long.

use crate::text::words::{EACH, eight};

const HIGH: u64 = EACH * 0x80;

/// Where the first of some bytes stands; the length where none does.
#[inline]
pub fn any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> usize {
    let mut at = 0;
    while let Some(rest @ [_, ..]) = bytes.get(at..) {
        let found = matches(rest, wanted);
        if found != 0 {
            return bytes.len().min(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes.len()
}

/// Hands out where some bytes stand, and here and there one that is none of them.
#[inline]
pub fn each<const N: usize>(bytes: &[u8], wanted: [u8; N], mut take: impl FnMut(usize)) {
    let mut at = 0;
    while let Some(rest @ [_, ..]) = bytes.get(at..) {
        let mut found = matches(rest, wanted);
        while found != 0 {
            take(at + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
        at += 8;
    }
}

/// The high bits of those of the next eight bytes that are wanted. The lowest is right; behind it there may be some
/// that are not.
#[inline(always)]
fn matches<const N: usize>(rest: &[u8], wanted: [u8; N]) -> u64 {
    // behind the end stand zeros
    let word = eight(rest, 0);
    let mut found = 0;
    for byte in &wanted {
        // a byte that is zero borrows from its high bit, and no lower one that is not does
        let zero = word ^ (EACH * u64::from(*byte));
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

#[cfg(test)]
mod tests {
    use super::{any, mark};

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
    fn marks_are_found_as_the_standard_library_finds_them() {
        for text in ["", "=", "to=", ": to=", "a: to=b: to=", ": to: to=", "x: t0=: to=", "é: to=é"] {
            assert_eq!(mark(text, ": to=", b'='), text.find(": to="), "{text}");
            assert_eq!(mark(text, " to", b't'), text.find(" to"), "{text}");
        }
    }
}
