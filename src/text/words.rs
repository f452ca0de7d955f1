//! Text as a reader sees it: words, and things that are not words.
//!
//! `550-5.1.1 The user <a@example.com> does not exist` becomes the code 550 5.1.1, the words
//! `the user`, an address, and the words `does not exist`. Case, accents, punctuation and line
//! breaks are gone, and so are the words hidden inside addresses, URLs, host names and ids: they
//! prove nothing about a bounce. Every item keeps its place in the text, so that a verdict can
//! show what it relied on.
//!
//! The rule compiler reads phrases with this same file, so both sides always agree. One pass, no
//! backtracking further than one chunk without spaces, so the time is linear in the text.

#![allow(
    clippy::indexing_slicing,
    reason = "each index is behind the check of a length in the same expression or line"
)]

use std::ops::Range;

use super::fold::{Folded, fold};

/// What an item of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Letters, or one Chinese, Japanese or Korean character.
    Word,
    /// Digits only.
    Number,
    /// Letters and digits mixed: `tss04`, or a queue id.
    Mixed,
    /// A mail address, or a placeholder for one.
    Address,
    /// A host or domain name.
    Host,
    /// A URL, or a placeholder for one.
    Url,
    /// An IPv4 or IPv6 address.
    Ip,
}

impl Item {
    /// Addresses, hosts, URLs and IPs are things; the rest are words.
    pub fn is_thing(self) -> bool {
        matches!(self, Item::Address | Item::Host | Item::Url | Item::Ip)
    }
}

/// One item, its place in the text and its folded letters.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// What it is.
    pub item: Item,
    /// First byte in the text.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
    /// Place of the folded letters in [`Words::folded`].
    pub folded: (u32, u32),
    /// Their [`hash`]; 0 of things.
    pub hash: u32,
}

/// A reply code, an enhanced code, or both, as they stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The basic reply code, 200 to 599.
    pub reply: Option<u16>,
    /// Class, subject and detail of the enhanced code.
    pub status: Option<(u8, u16, u16)>,
    /// First byte in the text.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
    /// How many words stand before it.
    pub before: u32,
}

/// A text taken apart.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The words and things, in order.
    pub words: Vec<Word>,
    /// The codes, in order; they are not among the words.
    pub codes: Vec<Code>,
    /// The text in lower case, some zeros, and the letters of the words that fold to something else.
    pub folded: Vec<u8>,
}

impl Words {
    /// The folded letters of a word.
    pub fn letters(&self, word: &Word) -> &[u8] {
        self.folded.get(word.folded.0 as usize..word.folded.1 as usize).unwrap_or_default()
    }

    /// Drops the words outside of a part of the text; the codes stay.
    pub fn keep(&mut self, part: Range<usize>) {
        let ends = |end: usize| self.words.partition_point(|word| word.start < end as u32);
        let (first, after) = (ends(part.start), ends(part.end));
        self.words.truncate(after);
        self.words.drain(..first.min(after));
        for code in &mut self.codes {
            code.before = code.before.min(after as u32).saturating_sub(first as u32);
        }
    }
}

/// What stands for the letters of a word where words are compared: eight letters at a time are one
/// multiplication.
pub fn hash(letters: &[u8]) -> u32 {
    letters.chunks(8).fold(0, |state, letters| mix(state, block(letters))) as u32
}

/// Up to eight letters as one number, the first lowest.
pub fn block(letters: &[u8]) -> u64 {
    letters.iter().rev().fold(0, |block, letter| block << 8 | u64::from(*letter))
}

/// The lowest bytes of a block.
#[inline(always)]
pub fn lowest(block: u64, bytes: usize) -> u64 {
    block & !u64::MAX.unbounded_shl(bytes as u32 * 8)
}

/// One step of the [`hash`]: the state before a block makes that after it.
#[inline(always)]
pub fn mix(state: u64, block: u64) -> u64 {
    let product = (state ^ block).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}

/// Most texts are shorter than this; others make room as they are read.
const USUAL: usize = 16 << 10;

/// How far a chunk is looked at: a local part of 128 bytes, `@`, a domain of 255.
const CHUNK: usize = 384;

/// Words before a number that make it a reply code.
const CODE_WORDS: [&[u8]; 11] = [
    b"error",
    b"code",
    b"said",
    b"says",
    b"reply",
    b"replied",
    b"response",
    b"returned",
    b"smtp",
    b"esmtp",
    b"reason",
];

/// Words before `=` that make what follows an id.
const ID_KEYS: [&[u8]; 10] =
    [b"id", b"ref", b"qid", b"mid", b"sid", b"tid", b"msgid", b"queueid", b"uuid", b"session"];

/// Top-level domains of three letters and more that are common enough in mail; every two-letter
/// one counts too. A name under another one is a host when it has three labels and looks like one.
static TOP_LEVEL: [u64; 56] = blocks([
    "com", "net", "org", "edu", "gov", "mil", "int", "arpa", "info", "biz", "name", "pro", "coop", "aero",
    "museum", "asia", "cat", "jobs", "mobi", "tel", "travel", "xxx", "app", "blog", "cloud", "club",
    "company", "dev", "digital", "email", "global", "group", "host", "icu", "life", "live", "mail", "media",
    "network", "news", "online", "shop", "site", "space", "store", "tech", "today", "top", "website", "work",
    "world", "xyz", "example", "invalid", "local", "zone",
]);

/// Names of up to eight letters as numbers: what [`block`] gives.
const fn blocks<const COUNT: usize>(names: [&str; COUNT]) -> [u64; COUNT] {
    let mut blocks = [0; COUNT];
    let mut at = 0;
    while at < COUNT {
        let name = names[at].as_bytes();
        let mut letter = name.len();
        while letter > 0 {
            letter -= 1;
            blocks[at] = blocks[at] << 8 | name[letter] as u64;
        }
        at += 1;
    }
    blocks
}

/// A longer run of letters is looked at as a chunk.
const LONGEST_PLAIN: usize = 64;

/// What a byte is. A run of letters is a word where one follows that ends words.
const ENDS_WORD: u16 = 1;
const BLANK: u16 = 1 << 1;
/// Ends a sentence before a blank.
const ENDS_SENTENCE: u16 = 1 << 2;
const ENDS_CHUNK: u16 = 1 << 3;
const ENDS_URL: u16 = 1 << 4;
/// What a chunk must have for an address, for a host, and for a URL or an IPv6 address.
const AT: u16 = 1 << 5;
const DOT: u16 = 1 << 6;
const COLON: u16 = 1 << 7;
const UPPER: u16 = 1 << 8;
const LOWER: u16 = 1 << 9;
const DIGIT: u16 = 1 << 10;
const DASH: u16 = 1 << 11;
const UNDERSCORE: u16 = 1 << 12;
/// Of a character that is not ASCII.
const HIGH: u16 = 1 << 13;
/// Stands between words and means nothing.
const IDLE: u16 = 1 << 14;

const LETTER: u16 = UPPER | LOWER;
const ALPHANUMERIC: u16 = LETTER | DIGIT;
/// What a host name may have.
const OF_HOST: u16 = ALPHANUMERIC | DOT | DASH | UNDERSCORE;

static CLASSES: [u16; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let class = match byte as u8 {
            b' ' | b'\t' => ENDS_WORD | BLANK | ENDS_CHUNK | IDLE,
            b'\n' | b'\r' => ENDS_WORD | BLANK | ENDS_CHUNK,
            b',' | b';' | b'(' | b'[' => ENDS_WORD | ENDS_CHUNK | IDLE,
            b')' | b'"' | b'>' | b']' => ENDS_WORD | ENDS_CHUNK | ENDS_URL | IDLE,
            b'<' => ENDS_WORD | ENDS_CHUNK | ENDS_URL,
            b'!' | b'?' => ENDS_WORD | IDLE,
            b'\'' | b'}' | b'|' => ENDS_CHUNK | ENDS_URL | IDLE,
            b'{' => ENDS_CHUNK | IDLE,
            b'&' | 0 => ENDS_CHUNK,
            b'.' => ENDS_SENTENCE | DOT,
            b':' => ENDS_SENTENCE | COLON,
            b'@' => AT,
            b'-' => DASH,
            b'_' => UNDERSCORE,
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            b'0'..=b'9' => DIGIT,
            0x80.. => HIGH | ENDS_URL,
            _ => 0,
        };
        classes[byte] = if byte <= b' ' as usize { class | ENDS_URL } else { class };
        byte += 1;
    }
    classes
};

#[inline(always)]
fn class(byte: u8) -> u16 {
    CLASSES[usize::from(byte)]
}

/// How many of the bytes are of these classes, up to the first that is not.
#[inline(always)]
fn run(bytes: &[u8], classes: u16) -> usize {
    bytes.iter().position(|byte| class(*byte) & classes == 0).unwrap_or(bytes.len())
}

/// The lower-case letters among eight bytes, up to the first that is none; and how many.
#[inline(always)]
fn letters_of(eight: u64) -> (u64, usize) {
    let count = (!between(eight, b'a', b'z') & (EACH * 0x80)).trailing_zeros() as usize / 8;
    (lowest(eight, count), count)
}

/// One in each byte of a block.
pub const EACH: u64 = u64::MAX / 255;

/// The high bit of each byte that is in an ASCII range; the other bits mean nothing.
#[inline(always)]
pub fn between(eight: u64, first: u8, last: u8) -> u64 {
    // without its high bit a byte added to another carries into none
    let low = eight & (EACH * 0x7f);
    (low + EACH * u64::from(0x80 - first)) & !(low + EACH * u64::from(0x7f - last)) & !eight
}

/// Eight bytes with the capitals of ASCII in lower case.
#[inline(always)]
pub fn lower(eight: u64) -> u64 {
    eight | (between(eight, b'A', b'Z') & (EACH * 0x80)) >> 2
}

/// A text in lower case and the [`MARGIN`], eight bytes at a time.
pub fn lower_case(text: &str) -> Vec<u8> {
    let mut letters = vec![0; text.len() + MARGIN];
    if let Some((own, _)) = letters.split_at_mut_checked(text.len()) {
        own.copy_from_slice(text.as_bytes());
    }
    // what is left behind the last eight is of the margin
    for bytes in letters.as_chunks_mut::<8>().0 {
        let eight = u64::from_le_bytes(*bytes);
        *bytes = lower(eight).to_le_bytes();
    }
    letters
}

/// Eight bytes from a place on as one number, the first lowest; zeros behind the end.
#[inline(always)]
pub fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first_chunk().map_or_else(|| block(rest), |eight| u64::from_le_bytes(*eight))
}

/// Zeros behind the text, so that eight bytes can be read at each place in it.
pub const MARGIN: usize = 8;

/// Takes a text apart.
pub fn read(text: &str) -> Words {
    // most words stand as they are in the text in lower case: they only point to it
    let folded = lower_case(text);
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line_start: true,
        chunk: (0, 0),
        not_host_until: 0,
        // room for what most texts have: words of five letters and a blank
        out: Words {
            words: Vec::with_capacity(text.len().min(USUAL) / 6 + 4),
            codes: Vec::with_capacity(2),
            folded,
        },
    };
    reader.run();
    reader.out
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line_start: bool,
    /// Where the present chunk ends, and the classes of the bytes in it: found once a chunk.
    chunk: (usize, u16),
    /// No host name begins before this place: tried once a run of host characters.
    not_host_until: usize,
    out: Words,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn run(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let class = class(byte);
            if class & IDLE != 0 {
                self.at += 1;
            } else if class & LETTER != 0 && self.plain_word() {
                self.line_start = false;
            } else if class & (ALPHANUMERIC | HIGH) != 0 || byte == b':' && self.byte(self.at + 1) == b':' {
                self.chunk();
                self.line_start = false;
            } else {
                self.mark(byte);
            }
        }
    }

    /// Goes over a mark that may mean something.
    fn mark(&mut self, byte: u8) {
        match byte {
            b'\n' | b'\r' => self.line_start = true,
            b'&' => return self.at += entity(self.bytes, self.at).max(1),
            b'<' => return self.angle(),
            b'=' if self.id() => return,
            b'-' | b'.' | b'*' | b'=' => {}
            b'@' | b'_' | b'/' | b'\\' | b'+' | b'~' | b'$' | b'^' | b'`' | b'%' => self.line_start = false,
            _ => {}
        }
        self.at += 1;
    }

    /// Takes a run of ASCII letters that a blank or the like ends: most words are that plain. Eight
    /// bytes are looked at together.
    #[inline(always)]
    fn plain_word(&mut self) -> bool {
        let (first, mut len) = letters_of(eight(&self.out.folded, self.at));
        let mut hash = mix(0, first);
        let mut more = len == 8;
        while more {
            let (letters, count) = letters_of(eight(&self.out.folded, self.at + len));
            if count > 0 {
                hash = mix(hash, letters);
            }
            len += count;
            more = count == 8 && len < LONGEST_PLAIN;
        }
        let end = self.at + len;
        let next = self.bytes.get(end).map_or(ENDS_WORD, |byte| class(*byte));
        let plain = next & ENDS_WORD != 0
            || next & ENDS_SENTENCE != 0
                && self.bytes.get(end + 1).is_none_or(|byte| class(*byte) & BLANK != 0);
        if !plain || len >= LONGEST_PLAIN {
            return false;
        }
        let (start, end) = (self.at as u32, end as u32);
        self.out.words.push(Word { item: Item::Word, start, end, folded: (start, end), hash: hash as u32 });
        // the blank behind it too
        self.at += len + usize::from(next & IDLE != 0);
        true
    }

    /// `<URL>`, `<<EMAIL>>` and the like are things that somebody took out.
    fn angle(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let may = matches!(rest.get(1), Some(b'<' | b'A'..=b'Z'));
        for (name, item) in [
            (&b"<<EMAIL>>"[..], Item::Address),
            (b"<EMAIL>", Item::Address),
            (b"<ADDRESS>", Item::Address),
            (b"<URL>", Item::Url),
            (b"<IP>", Item::Ip),
            (b"<HOST>", Item::Host),
            (b"<DOMAIN>", Item::Host),
        ] {
            if may && rest.starts_with(name) {
                self.thing(item, name.len());
                return;
            }
        }
        self.at += 1;
    }

    fn thing(&mut self, item: Item, len: usize) {
        let (start, end) = (self.at as u32, (self.at + len) as u32);
        self.out.words.push(Word { item, start, end, folded: (start, start), hash: 0 });
        self.at += len;
        self.line_start = false;
    }

    /// A URL's words prove nothing, but providers put the code of a refusal behind `#` or `?p=`:
    /// `…/smtp-error-codes.php#BL000001`, `…/mail/?p=NoSuchUser`. Only what looks like a code is
    /// taken: letters and digits mixed, or words run together.
    fn code_of_page(&mut self, start: usize, end: usize) {
        let url = self.bytes.get(start..end).unwrap_or_default();
        let Some(mark) = url.iter().position(|byte| matches!(byte, b'#' | b'?')) else { return };
        let tail = url.get(mark + 1..).unwrap_or_default();
        let value = tail.iter().take(8).position(|byte| *byte == b'=').map_or(0, |equals| equals + 1);
        let code = tail.get(value..).unwrap_or_default();
        let len = code.iter().take(32).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let code = code.get(..len).unwrap_or_default();
        let run_together =
            code.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
        let numbered =
            code.first().is_some_and(u8::is_ascii_alphabetic) && code.iter().any(u8::is_ascii_digit);
        if len < 4 || !(run_together || numbered) {
            return;
        }
        let at = start + mark + 1 + value;
        self.push_word(if numbered { Item::Mixed } else { Item::Word }, (at, at + len), (at, at + len));
    }

    /// After `id=` and the like: what follows is an id, whatever words it seems to hold.
    fn id(&mut self) -> bool {
        let key = self.out.words.last().filter(|word| word.end as usize == self.at);
        if !key.is_some_and(|key| ID_KEYS.contains(&self.out.letters(key))) {
            return false;
        }
        let value = self.bytes.get(self.at + 1..).unwrap_or_default();
        let len = value.iter().take(CHUNK).take_while(|byte| is_of_id(**byte)).count();
        if len < 3 || value.get(len) == Some(&b'@') {
            return false;
        }
        self.at += 1;
        self.thing(Item::Mixed, len);
        true
    }

    /// One run without spaces and brackets: decides what it begins with and takes that.
    fn chunk(&mut self) {
        if self.at >= self.chunk.0 {
            self.chunk = self.find_chunk();
        }
        let (end, holds) = self.chunk;
        let chunk = self.bytes.get(self.at..end.min(self.at + CHUNK)).unwrap_or_default();
        let first = class(self.byte(self.at));
        // most chunks are plain: a code, or a word with digits or a dash
        if holds & (AT | DOT | COLON) != 0 && self.named(chunk, first, holds) {
            return;
        }
        if first & DIGIT != 0 && self.code(chunk) {
            return;
        }
        if holds & DOT != 0 && self.at >= self.not_host_until && self.host(chunk) {
            return;
        }
        self.word();
    }

    /// Takes a URL, an address or an IP that the chunk begins with.
    fn named(&mut self, chunk: &[u8], first: u16, holds: u16) -> bool {
        if first & LETTER != 0
            && let Some(len) = url(self.bytes, self.at)
        {
            let start = self.at;
            self.thing(Item::Url, len);
            self.code_of_page(start, start + len);
        } else if holds & AT != 0
            && let Some(len) = address(chunk)
        {
            self.thing(Item::Address, len);
        } else if holds & DOT != 0
            && first & DIGIT != 0
            && let Some(len) = ipv4(chunk)
        {
            self.thing(Item::Ip, len);
        } else if holds & COLON != 0
            && let Some(len) = ipv6(chunk)
        {
            self.thing(Item::Ip, len);
        } else {
            return false;
        }
        true
    }

    /// Takes a host name that the chunk begins with, or a URL without a scheme.
    fn host(&mut self, chunk: &[u8]) -> bool {
        let run = run(chunk.get(..255).unwrap_or(chunk), OF_HOST);
        self.not_host_until = self.at + run;
        let Some(len) = host(chunk.get(..run).unwrap_or_default()) else { return false };
        let page = self.byte(self.at + len) == b'/' && self.byte(self.at + len + 1).is_ascii_alphanumeric();
        if page {
            self.thing(Item::Url, url_end(self.bytes, self.at) - self.at);
        } else {
            self.thing(Item::Host, len);
        }
        true
    }

    /// Where the chunk that begins here ends, and the classes of its bytes.
    fn find_chunk(&self) -> (usize, u16) {
        let mut holds = 0;
        let bytes = self.bytes.get(self.at..).unwrap_or_default();
        let len = bytes.iter().position(|byte| {
            let class = class(*byte);
            holds |= class;
            class & ENDS_CHUNK != 0
        });
        (self.at + len.unwrap_or(bytes.len()), holds)
    }

    /// A reply code or an enhanced code at this place, with its partner if it follows.
    fn code(&mut self, chunk: &[u8]) -> bool {
        if let Some((status, len)) = status(chunk) {
            if self.at > 0 && matches!(self.byte(self.at - 1), b'.' | b'@') {
                return false;
            }
            self.push_code(None, Some(status), self.at, self.at + len);
            return true;
        }
        let Some(reply) = reply(chunk) else { return false };
        let next = self.byte(self.at + 3);
        // "[416]" is a number of a provider's own: no reply says 40x or 41x
        if next == b']' && (400..420).contains(&reply) {
            return false;
        }
        if next.is_ascii_alphanumeric()
            || next >= 0x80
            || matches!(next, b'.' | b'/' | b'%' | b'@' | b'_')
                && !(next == b'.' && self.byte(self.at + 4) <= b' ')
        {
            return false;
        }
        let mut after = self.at + 3;
        while matches!(self.byte(after), b' ' | b'-' | b'\t' | b'#' | b'_') && after < self.at + 6 {
            after += 1;
        }
        let partner = status(self.bytes.get(after..(after + 12).min(self.bytes.len())).unwrap_or_default());
        let known = self.out.codes.iter().take(8).any(|code| code.reply == Some(reply));
        let continued = next == b'-'
            && self.byte(self.at + 4) != b'-'
            && (self.line_start || known || self.follows_mark());
        if !(partner.is_some() || continued || self.in_code_position() || known && self.line_start) {
            // "550-first line 550 last line": the last line's code, once lines were joined
            let joined = known
                && next == b' '
                && self
                    .out
                    .codes
                    .iter()
                    .take(8)
                    .any(|code| code.reply == Some(reply) && self.byte(code.start as usize + 3) == b'-');
            if !joined {
                return false;
            }
        }
        match partner {
            Some((status, len)) => self.push_code(Some(reply), Some(status), self.at, after + len),
            None => self.push_code(Some(reply), None, self.at, self.at + 3),
        }
        true
    }

    fn push_code(&mut self, reply: Option<u16>, status: Option<(u8, u16, u16)>, start: usize, end: usize) {
        let before = self.out.words.len() as u32;
        self.out.codes.push(Code { reply, status, start: start as u32, end: end as u32, before });
        self.at = end;
        self.line_start = false;
    }

    /// True after a mark that introduces a reply: `said: 550`, `<<< 550`, `smtp;550`, `"550`.
    fn follows_mark(&self) -> bool {
        let mut at = self.at;
        while at > 0 && matches!(self.byte(at - 1), b' ' | b'\t') {
            at -= 1;
        }
        at > 0
            && matches!(
                self.byte(at - 1),
                b':' | b';' | b'"' | b'\'' | b'(' | b'<' | b'>' | b'[' | b'#' | b'|' | b'=' | b'`' | b'\\'
            )
    }

    fn in_code_position(&self) -> bool {
        if self.line_start || (self.out.words.is_empty() && self.out.codes.is_empty()) || self.follows_mark()
        {
            return true;
        }
        self.out
            .words
            .last()
            .is_some_and(|word| word.item == Item::Word && CODE_WORDS.contains(&self.out.letters(word)))
    }

    /// One word: letters and digits, folded. `doesn't` is one word, `l'adresse` two, `e-mail` one.
    fn word(&mut self) {
        let start = self.at;
        if let Some(run) = plain_run(self.bytes, start) {
            let holds = run.iter().fold(0, |holds, byte| holds | class(*byte));
            let end = start + run.len();
            self.push_word(item_of(holds & LETTER != 0, holds & DIGIT != 0), (start, end), (start, end));
            self.at = end;
            return;
        }
        let folded = self.out.folded.len();
        let (mut letters, mut digits) = (false, false);
        let chars = self.text.get(start..).unwrap_or_default().char_indices();
        let (mut end, mut seen) = (start, start + 1);
        for (offset, c) in chars {
            seen = start + offset + c.len_utf8();
            match fold(c) {
                Folded::Letter(first, second) => {
                    digits |= first.is_ascii_digit();
                    letters |= !first.is_ascii_digit();
                    push(&mut self.out.folded, first);
                    if let Some(second) = second {
                        push(&mut self.out.folded, second);
                    }
                    end = seen;
                }
                Folded::Skip => {}
                Folded::Ideograph(c) => {
                    if end == start {
                        push(&mut self.out.folded, c);
                        end = seen;
                        letters = true;
                    }
                    break;
                }
                Folded::Break => {
                    let so_far = self.out.folded.get(folded..).unwrap_or_default();
                    let joins = match c {
                        '\'' | '’' | '´' | '`' => contraction(self.bytes, seen),
                        '-' => {
                            so_far == b"e"
                                && self
                                    .bytes
                                    .get(seen..seen + 4)
                                    .is_some_and(|next| next.eq_ignore_ascii_case(b"mail"))
                        }
                        _ => false,
                    };
                    if !joins {
                        break;
                    }
                }
            }
        }
        if end == start {
            // nothing but marks that are skipped, and the break after them
            self.at = seen;
            return;
        }
        self.push_word(item_of(letters, digits), (start, end), (folded, self.out.folded.len()));
        self.at = end;
    }

    /// Adds a word, by its place in the text and that of its folded letters.
    fn push_word(&mut self, item: Item, place: (usize, usize), folded: (usize, usize)) {
        self.out.words.push(Word {
            item,
            start: place.0 as u32,
            end: place.1 as u32,
            folded: (folded.0 as u32, folded.1 as u32),
            hash: hash(self.out.folded.get(folded.0..folded.1).unwrap_or_default()),
        });
    }
}

fn item_of(letters: bool, digits: bool) -> Item {
    match (letters, digits) {
        (_, false) => Item::Word,
        (true, true) => Item::Mixed,
        (false, true) => Item::Number,
    }
}

/// Whether an id may hold a byte.
fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'+' | b':' | b'~')
}

/// ASCII letters and digits that nothing continues: most words.
fn plain_run(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..)?;
    let len = run(rest, ALPHANUMERIC);
    let ends = match rest.get(len) {
        None => true,
        Some(b'-') => len != 1,
        Some(next) => next.is_ascii() && !matches!(next, b'\'' | b'`'),
    };
    rest.get(..len).filter(|run| ends && !run.is_empty())
}

fn push(folded: &mut Vec<u8>, c: char) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        folded.push(byte);
    }
}

/// After the apostrophe of `doesn't`, `user's`, `you're`, `we've`, `we'll`: the letters belong to the word.
fn contraction(bytes: &[u8], at: usize) -> bool {
    let tail = |len: usize| {
        bytes.get(at..at + len).filter(|_| !bytes.get(at + len).is_some_and(u8::is_ascii_alphanumeric))
    };
    tail(1).is_some_and(|one| matches!(one[0] | 0x20, b't' | b's' | b'd' | b'm'))
        || tail(2).is_some_and(|two| matches!(&[two[0] | 0x20, two[1] | 0x20], b"re" | b"ve" | b"ll"))
}

/// Length of an HTML entity at this place, or 0.
fn entity(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at + 1..(at + 9).min(bytes.len())).unwrap_or_default();
    match rest.iter().position(|byte| *byte == b';') {
        Some(len)
            if len >= 2
                && rest.iter().take(len).all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#') =>
        {
            len + 2
        }
        _ => 0,
    }
}

/// Length of a URL that begins here: a scheme and `://`, `www.`, or `mailto:`.
fn url(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let scheme = run(rest.get(..12).unwrap_or(rest), LETTER);
    let begins = scheme >= 2 && rest.get(scheme..scheme + 3) == Some(b"://")
        || rest.len() > 6
            && rest.get(..4).is_some_and(|www| www.eq_ignore_ascii_case(b"www."))
            && rest[4].is_ascii_alphanumeric();
    begins.then(|| url_end(bytes, at) - at)
}

fn url_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < bytes.len() && class(bytes[end]) & ENDS_URL == 0 {
        if bytes[end] == b'&' && entity(bytes, end) > 0 && !bytes[end..].starts_with(b"&amp;") {
            break;
        }
        end += 1;
    }
    while end > at && matches!(bytes[end - 1], b'.' | b',' | b';' | b':' | b'!' | b'?' | b'*') {
        end -= 1;
    }
    end
}

/// Length of a mail address that begins here. The local part is what stands before the `@`.
fn address(chunk: &[u8]) -> Option<usize> {
    let at = chunk.iter().position(|byte| *byte == b'@')?;
    let local = chunk.get(..at)?;
    if at == 0
        || at > 128
        || local.iter().any(|byte| matches!(byte, b':' | b'\\')) && !local.starts_with(b"mailto:")
    {
        return None;
    }
    let domain = chunk.get(at + 1..)?;
    let mut len = run(domain.get(..255).unwrap_or(domain), OF_HOST | HIGH);
    // "a@example.com...User unknown": Sendmail's dots are not of the domain
    len = domain.get(..len)?.windows(2).position(|two| two == b"..").unwrap_or(len);
    while len > 0 && matches!(domain[len - 1], b'.' | b'-' | b'_') {
        len -= 1;
    }
    while len > 0 && len < domain.len() && domain[len] & 0xC0 == 0x80 {
        len -= 1;
    }
    len = before_script(domain.get(..len)?);
    let name = domain.get(..len)?;
    (name.first().is_some_and(|first| first.is_ascii_alphanumeric() || *first >= 0x80))
        .then_some(at + 1 + len)
}

/// Where a domain ends that text without spaces goes on after: `a@example.com，因为` or
/// `a@example.com不存在`.
fn before_script(domain: &[u8]) -> usize {
    if domain.is_ascii() {
        return domain.len();
    }
    let Ok(text) = std::str::from_utf8(domain) else { return domain.len() };
    let mut plain = false;
    for (at, c) in text.char_indices() {
        match fold(c) {
            Folded::Break if !c.is_ascii() => return at,
            Folded::Ideograph(_) if plain => return at,
            _ => plain = c.is_ascii_alphanumeric(),
        }
    }
    domain.len()
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count()
}

fn number(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| sum * 10 + u16::from(byte - b'0'))
}

/// Length of `192.0.2.1`.
fn ipv4(chunk: &[u8]) -> Option<usize> {
    let mut at = 0;
    for part in 0..4 {
        let len = digits(chunk.get(at..)?);
        if len == 0 || len > 3 || number(&chunk[at..at + len]) > 255 {
            return None;
        }
        at += len;
        if part < 3 {
            if chunk.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
    }
    let more = chunk.get(at) == Some(&b'.') && chunk.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    (!more && !chunk.get(at).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'-')).then_some(at)
}

/// Length of an IPv6 address: hexadecimal groups with `::` or at least six colons.
fn ipv6(chunk: &[u8]) -> Option<usize> {
    let tag = if chunk.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case(b"ipv6:")) { 5 } else { 0 };
    let body = chunk.get(tag..)?;
    let mut len = body
        .iter()
        .take(46)
        .take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        .count();
    while len > 0 && matches!(body[len - 1], b'.' | b':') && !body[..len].ends_with(b"::") {
        len -= 1;
    }
    let part = body.get(..len)?;
    let colons = part.iter().filter(|byte| **byte == b':').count();
    let compressed = part.windows(2).any(|two| two == b"::") && part.iter().any(u8::is_ascii_hexdigit);
    let bounded = !body.get(len).is_some_and(u8::is_ascii_alphanumeric);
    (bounded && colons >= 2 && (compressed || colons >= 6)).then_some(tag + len)
}

/// An enhanced status code (RFC 3463) at the start of the bytes, and its length.
pub fn status(bytes: &[u8]) -> Option<((u8, u16, u16), usize)> {
    let class = *bytes.first()?;
    if !matches!(class, b'2' | b'4' | b'5') || bytes.get(1) != Some(&b'.') {
        return None;
    }
    let subject = digits(bytes.get(2..)?);
    let at = 2 + subject;
    if subject == 0 || subject > 3 || bytes.get(at) != Some(&b'.') {
        return None;
    }
    let detail = digits(bytes.get(at + 1..)?);
    let end = at + 1 + detail;
    if detail == 0 || detail > 3 {
        return None;
    }
    let next = bytes.get(end).copied().unwrap_or(b' ');
    let runs_on =
        next.is_ascii_alphanumeric() || next == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    (!runs_on).then(|| ((class - b'0', number(&bytes[2..at]), number(&bytes[at + 1..end])), end))
}

/// A reply code (RFC 5321 section 4.2.1) at the start of the bytes: one of the few that grant
/// something, or any that refuses.
fn reply(bytes: &[u8]) -> Option<u16> {
    let three = bytes.get(..3).filter(|three| three.iter().all(u8::is_ascii_digit))?;
    let code = number(three);
    matches!(code, 211 | 214 | 220 | 221 | 235 | 250..=253 | 334 | 354 | 400..=599).then_some(code)
}

/// Length of a host name in a run of its characters, 255 at the most (RFC 1035): labels and a
/// top-level domain. `RESOLVER.ADR.RecipNotFound` is not one.
fn host(run: &[u8]) -> Option<usize> {
    let len = run.iter().rposition(|byte| class(*byte) & ALPHANUMERIC != 0)? + 1;
    let name = run.get(..len)?;
    let (mut dots, mut empty, mut seen) = (0, false, 0);
    // the last label: where it begins and what is in it
    let (mut start, mut top) = (0, 0);
    for (at, byte) in name.iter().enumerate() {
        let class = class(*byte);
        seen |= class;
        top |= class;
        if class & DOT != 0 {
            dots += 1;
            empty |= at == start && at > 0;
            (start, top) = (at + 1, 0);
        }
    }
    let last = name.get(start..)?;
    if dots == 0 || empty || top & !LETTER != 0 {
        let punycode = last.get(..4).is_some_and(|xn| xn.eq_ignore_ascii_case(b"xn--"));
        return (punycode && dots > 0).then_some(len);
    }
    let mixed_case = seen & LETTER == LETTER;
    let capital = last.first().is_some_and(u8::is_ascii_uppercase) && top & LOWER != 0;
    let known = match last.len() {
        2 => true,
        3..=8 => TOP_LEVEL.contains(&(block(last) | lowest(EACH * 0x20, last.len()))),
        _ => false,
    };
    let looks = dots >= 2 && !mixed_case && seen & (DASH | DIGIT) != 0;
    // "try again.If", "error.No": a sentence that lacks its space, not a host
    let sentence = dots == 1 && capital;
    ((known && !sentence && name.first() != Some(&b'.')) || looks).then_some(len)
}

#[cfg(test)]
mod tests {
    use super::{Item, read};

    /// Words as they are, things as `@`, `host`, `url`, `ip` in braces, codes in brackets.
    fn shown(text: &str) -> String {
        let words = read(text);
        let mut parts = Vec::new();
        let mut codes = words.codes.iter().peekable();
        for (index, word) in words.words.iter().enumerate() {
            while let Some(code) = codes.next_if(|code| code.before as usize <= index) {
                parts.push(code_shown(*code));
            }
            parts.push(match word.item {
                Item::Address => "{addr}".into(),
                Item::Host => "{host}".into(),
                Item::Url => "{url}".into(),
                Item::Ip => "{ip}".into(),
                _ => String::from_utf8_lossy(words.letters(word)).into_owned(),
            });
        }
        parts.extend(codes.map(|code| code_shown(*code)));
        parts.join(" ")
    }

    fn code_shown(code: super::Code) -> String {
        let reply = code.reply.map(|reply| reply.to_string());
        let status = code.status.map(|(class, subject, detail)| format!("{class}.{subject}.{detail}"));
        format!("[{}]", [reply, status].into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn texts_come_apart_as_a_reader_would() {
        for (text, expected) in [
            ("550 5.1.1 User unknown", "[550 5.1.1] user unknown"),
            (
                "550-5.1.1 The user\r\n550 5.1.1 doesn't exist",
                "[550 5.1.1] the user [550 5.1.1] doesnt exist",
            ),
            ("smtp;550-5.1.1 The user 550 5.1.1 is gone", "smtp [550 5.1.1] the user [550 5.1.1] is gone"),
            ("550-No such 550 user", "[550] no such [550] user"),
            ("<a@example.com>: Recipient", "{addr} recipient"),
            ("host mx.example.com[192.0.2.1] said: 421 busy", "host {host} {ip} said [421] busy"),
            (
                "mx.example.com #<mx.example.com #5.1.1 smtp;550 5.1.1 no> #SMTP#",
                "{host} {host} [5.1.1] smtp [550 5.1.1] no smtp",
            ),
            ("RESOLVER.ADR.RecipNotFound; not found", "resolver adr recipnotfound not found"),
            ("see http://www.example.com/spam?x=1.", "see {url}"),
            ("see spamhaus.org/query/bl?ip=192.0.2.1 now", "see {url} now"),
            ("Greylisted for 450 seconds", "greylisted for 450 seconds"),
            ("(554.30)", "554 30"),
            ("quota 5.1.2026 10:00:00", "quota 5 1 2026 10 00 00"),
            ("- 4.16.55.1; x", "{ip} x"),
            ("[2001:db8::1] IPv6:2001:db8:0:0:0:0:0:1", "{ip} {ip}"),
            ("<<EMAIL>>: see <URL>", "{addr} see {url}"),
            ("&lt;a@example.com&gt; e-mail E-Mail", "{addr} email email"),
            ("L'adresse n'existe pas, user's", "l adresse n existe pas users"),
            ("该用户不存在 ok", "该 用 户 不 存 在 ok"),
            ("[TSS04] OFR004_417 AUP#CXBL", "tss04 ofr004 417 aup cxbl"),
            ("not found.Please try later.It", "not found please try later it"),
            ("(a@example.com:blocked)", "{addr} blocked"),
            ("error 550: no, 501 users", "error [550] no 501 users"),
            ("552 1 Requested mail action aborted", "[552] 1 requested mail action aborted"),
            ("#5.2.2 (#5.1.1)", "[5.2.2] [5.1.1]"),
            ("a@example.com，因为 b@example.com不存在 a@例子.cn", "{addr} 因 为 {addr} 不 存 在 {addr}"),
            ("a@example.com...User unknown", "{addr} user unknown"),
            ("No such user id=greylist-7731 ref=spam/9", "no such user id  ref "),
            ("status=blocked", "status blocked"),
            ("see https://example.com/codes.php#BL000001", "see {url} bl000001"),
            ("see https://example.com/mail/?p=NoSuchUser x.1", "see {url} nosuchuser x 1"),
            ("see https://example.com/spam?why=blocked#greylist", "see {url}"),
            ("Überprüfen Größe", "uberprufen grosse"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn places_point_into_the_text() {
        let text = "550 é Üser <a@example.com>";
        let words = read(text);
        let cut: Vec<_> =
            words.words.iter().map(|word| &text[word.start as usize..word.end as usize]).collect();
        assert_eq!(cut, ["é", "Üser", "a@example.com"]);
    }
}
