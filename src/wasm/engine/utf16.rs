//! Byte offsets to UTF-16 offsets, the ones that JavaScript counts in.

/// Units are counted from a mark every so many bytes: many offsets into a long text stay cheap.
const STEP: usize = 1024;

/// The offsets of one text.
pub struct Offsets<'a> {
    text: &'a [u8],
    /// Bytes are units: the text is ASCII, or the caller counts in bytes.
    same: bool,
    /// Units before every `STEP` bytes.
    marks: Vec<u32>,
}

impl<'a> Offsets<'a> {
    /// Of a text that was a string in JavaScript.
    pub fn utf16(text: &'a [u8]) -> Offsets<'a> {
        Offsets { text, same: text.is_ascii(), marks: Vec::new() }
    }

    /// Of bytes, which stay bytes.
    pub fn bytes(text: &'a [u8]) -> Offsets<'a> {
        Offsets { text, same: true, marks: Vec::new() }
    }

    /// The units before a byte.
    pub fn at(&mut self, byte: usize) -> u32 {
        if self.same {
            return byte as u32;
        }
        if self.marks.is_empty() {
            self.mark();
        }
        let mark = byte / STEP;
        let rest = self.text.get(mark * STEP..byte).unwrap_or_default();
        self.marks.get(mark).copied().unwrap_or_default() + units(rest)
    }

    fn mark(&mut self) {
        let mut sum = 0;
        self.marks.push(0);
        for step in self.text.chunks(STEP) {
            sum += units(step);
            self.marks.push(sum);
        }
    }
}

/// The units that begin in some bytes of UTF-8: one a character, two beyond the first plane.
pub fn units(bytes: &[u8]) -> u32 {
    bytes.iter().map(|&byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0)).sum()
}
