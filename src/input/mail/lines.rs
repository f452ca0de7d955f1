//! Lines of bytes, whatever ends them: LF, CRLF, or a lone CR as old systems and copies write it.

use crate::input::seek;

/// Lines with their places, without their ends.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    /// The lines of these bytes.
    pub fn of(bytes: &'a [u8]) -> Lines<'a> {
        Lines { bytes, at: 0 }
    }

    /// The lines from this place on, which begins a line.
    pub fn from(bytes: &'a [u8], at: usize) -> Lines<'a> {
        Lines { bytes, at }
    }

    /// Whether the next line begins with a blank, as those do that go on with a field.
    pub fn is_folded(&self) -> bool {
        matches!(self.bytes.get(self.at), Some(b' ' | b'\t'))
    }

    /// Where the next line begins.
    pub fn next_at(&self) -> usize {
        self.at
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<(usize, &'a [u8])> {
        let start = self.at;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let len = seek::any(rest, [b'\n', b'\r']);
        self.at = start + len + end_len(rest.get(len..).unwrap_or_default());
        Some((start, rest.get(..len).unwrap_or_default()))
    }
}

/// The place behind the end of the line that `at` stands in.
pub fn find_line_end(bytes: &[u8], at: usize) -> usize {
    let mut lines = Lines::from(bytes, at);
    lines.next();
    lines.at
}

/// How long the line end at the start is. `\r\r\n` is one end: text files saved twice have it.
#[inline(always)]
pub fn end_len(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\r', b'\n', ..] => 3,
        [b'\r', b'\n', ..] => 2,
        [_, ..] => 1,
        [] => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_an_end() {
        let lines: Vec<_> = Lines::of(b"a\nb\r\nc\rd\r\r\n\ne").map(|(_, line)| line).collect();
        assert_eq!(lines, [&b"a"[..], b"b", b"c", b"d", b"", b"e"]);
    }
}
