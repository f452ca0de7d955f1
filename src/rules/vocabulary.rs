//! The words of all phrases, read as texts have them.
//!
//! The tables hold the words in alphabetical order, each as what it does not share with the one before
//! (`rulec/src/lexicon.rs`). They are read by *beginning*: the first time that a text has a word with two
//! first letters, all words that begin with these two are put into a hash table. So what a word of a text
//! costs is one look into that table, and most of the vocabulary, which is of other languages, is never
//! read. A prefix has two letters at least, so what a word begins with is always read with it.
//!
//! What is found does not depend on what was read before: a word counts as known when its hash *and* its
//! first two letters are those of the known one, and all that begin so were read before it was asked for.

use super::index::{Bits, Index, Packed, THINGS, bit_of, varint};
use crate::text::words::{self, EACH, eight};

/// No known word.
pub(super) const UNKNOWN: u16 = 0;
/// In the place of a prefix: the word is dropped.
pub(super) const FILLER: u16 = u16::MAX;

/// Ends of vocabulary entries: a word that is dropped, a beginning of words; any other word ends with `+`.
const END_FILLER: u8 = b'!';
const END_PREFIX: u8 = b'*';
/// The longest word.
const LONGEST: usize = 64;
/// No word beginning shorter than this is looked up.
pub(super) const SHORTEST_PREFIX: usize = 2;
/// What tells the hash of a prefix from that of the word with the same letters.
const PREFIX: u32 = 0x5bd1_e995;
/// In the bits of the lengths of prefixes: the words were read. No prefix has one letter.
const READ: u64 = 1;

/// A word, prefix or thing that a text had, or that begins like one of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Its bit, and those of all prefixes that it begins with.
    pub bits: Bits,
    hash: u32,
    /// Where the bundles of lines that are anchored at it begin; [`NOT_DRAWN`] until a text has it.
    pub first_bundle: u32,
    /// How many these are.
    pub bundles: u16,
    /// The first two letters.
    letters: u16,
    /// Its number in the tables.
    pub number: u16,
    /// The longest prefix that it begins with, as a place among the known.
    pub prefix: u16,
}

/// The lines of a word were not asked for.
pub(super) const NOT_DRAWN: u32 = u32::MAX;

/// Where the words of each two first letters lie.
#[derive(Clone, Copy, Debug)]
struct Beginning {
    letters: u16,
    /// The number of the first.
    number: u16,
    /// Where it lies among the tails.
    tail: u32,
}

/// All beginnings, in alphabetical order, and one that ends the last.
#[derive(Debug)]
pub(super) struct Beginnings(Vec<Beginning>);

impl Beginnings {
    pub(super) fn new(packed: &Packed) -> Beginnings {
        let mut beginnings = Vec::with_capacity(packed.beginnings.len() / 2 + 1);
        let mut at = 0;
        let mut next = Beginning { letters: 0, number: THINGS, tail: 0 };
        while at < packed.beginnings.len() {
            let (words, bytes) = (varint(packed.beginnings, &mut at), varint(packed.beginnings, &mut at));
            let shared = packed.shared.get(usize::from(next.number - THINGS)).copied().unwrap_or(0);
            let tail = eight(packed.tails, next.tail as usize);
            // it shares the first letter with the word before, or none
            let first = if shared == 0 { tail as u8 } else { (next.letters >> 8) as u8 };
            let second = if shared == 0 { (tail >> 8) as u8 } else { tail as u8 };
            next.letters = two(first, second);
            beginnings.push(next);
            next.number += words as u16;
            next.tail += bytes as u32;
        }
        beginnings.push(next);
        Beginnings(beginnings)
    }

    /// The number of the beginning of a word.
    fn find(&self, letters: u16) -> Option<usize> {
        let (_, beginnings) = self.0.split_last()?;
        beginnings.binary_search_by_key(&letters, |beginning| beginning.letters).ok()
    }

    /// How many words there are.
    pub(super) fn words(&self) -> usize {
        self.0.last().map_or(0, |end| usize::from(end.number))
    }
}

/// The first two letters in alphabetical order; what ends a word stands for no letter.
fn two(first: u8, second: u8) -> u16 {
    u16::from(first) << 8 | u16::from(if second < b'0' { 0 } else { second })
}

/// The words that were read.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Places among the known by the upper half of a hash, or in the next slot that was free; 0 where
    /// there is none. At most half of them are taken.
    slots: Vec<u16>,
    /// The first is none, the next are things.
    known: Vec<Known>,
    /// Of each beginning that was read the lengths of the prefixes in it, as bits from one letter on.
    lengths: Vec<u64>,
}

impl Vocabulary {
    pub(super) fn new(index: &Index) -> Vocabulary {
        let beginnings = &index.beginnings;
        let nothing = Known {
            bits: 0,
            hash: 0,
            first_bundle: 0,
            bundles: 0,
            letters: 0,
            number: u16::MAX,
            prefix: UNKNOWN,
        };
        let mut known = vec![nothing];
        known.extend((0..THINGS).map(|number| Known {
            bits: bit_of(number),
            first_bundle: NOT_DRAWN,
            number,
            ..nothing
        }));
        let slots = (2 * beginnings.words()).next_power_of_two().min(1 << 16);
        Vocabulary { slots: vec![0; slots], known, lengths: vec![0; beginnings.0.len()] }
    }

    /// A thing, as a place among the known.
    #[inline(always)]
    pub(super) fn thing(number: u16) -> u16 {
        number + 1
    }

    /// The number of a thing at a place.
    #[inline(always)]
    pub(super) fn number_of_thing(place: u16) -> u16 {
        place.saturating_sub(1)
    }

    /// What is known of a place.
    #[inline(always)]
    pub(super) fn get(&self, place: u16) -> Option<&Known> {
        self.known.get(usize::from(place))
    }

    /// A word, the prefixes that it begins with, the longest first, and a thing.
    #[inline(always)]
    pub(super) fn known(&self, word: u16, thing: u16) -> Names<'_> {
        Names { vocabulary: self, next: word, thing }
    }

    /// Notes where the bundles of a word lie.
    pub(super) fn set_bundles(&mut self, place: u16, first_bundle: u32, bundles: u16) {
        if let Some(known) = self.known.get_mut(usize::from(place)) {
            (known.first_bundle, known.bundles) = (first_bundle, bundles);
        }
    }

    /// The place of a word among the known, or of the longest prefix that it begins with; a prefix counts
    /// from so many letters on.
    #[inline(always)]
    pub(super) fn place(
        &mut self,
        index: &Index,
        hash: u32,
        letters: &[u8],
        shortest: impl FnOnce() -> usize,
    ) -> u16 {
        let (Some(first), second) = (letters.first(), letters.get(1)) else { return UNKNOWN };
        let beginning = two(*first, second.copied().unwrap_or(0));
        match self.find(hash, beginning) {
            UNKNOWN => self.read_and_find(index, (hash, beginning), letters, shortest()),
            place => place,
        }
    }

    /// The same where it is not known, or not yet.
    fn read_and_find(
        &mut self,
        index: &Index,
        (hash, letters): (u32, u16),
        word: &[u8],
        shortest: usize,
    ) -> u16 {
        let Some(at) = index.beginnings.find(letters) else { return UNKNOWN };
        if self.lengths.get(at) == Some(&0) {
            self.read(index, at);
            let place = self.find(hash, letters);
            if place != UNKNOWN {
                return place;
            }
        }
        let lengths = self.lengths.get(at).copied().unwrap_or(0) & !READ;
        let longest = u64::MAX >> (LONGEST - word.len().min(LONGEST));
        self.prefix_of(word, letters, lengths & longest & (u64::MAX << (shortest.min(LONGEST) - 1)))
    }

    /// The longest prefix that a word begins with, of these lengths.
    fn prefix_of(&self, word: &[u8], letters: u16, mut lengths: u64) -> u16 {
        let (mut longest, mut state, mut block) = (UNKNOWN, 0, 0);
        while lengths != 0 {
            let len = lengths.trailing_zeros() as usize + 1;
            lengths &= lengths - 1;
            while block + 8 < len {
                state = words::mix(state, eight(word, block));
                block += 8;
            }
            let hash = words::mix(state, words::lowest(eight(word, block), len - block)) as u32;
            match self.find(hash ^ PREFIX, letters) {
                UNKNOWN => {}
                place => longest = place,
            }
        }
        longest
    }

    /// The place of the word with a hash and first letters. There are always free slots.
    #[inline(always)]
    fn find(&self, hash: u32, letters: u16) -> u16 {
        let mut slot = hash as usize >> 16;
        loop {
            let place = self.slots.get(slot & (self.slots.len() - 1)).copied().unwrap_or(UNKNOWN);
            match self.get(place) {
                Some(known) if place != UNKNOWN => {
                    if known.hash == hash && known.letters == letters {
                        return place;
                    }
                }
                _ => return UNKNOWN,
            }
            slot += 1;
        }
    }

    /// Reads the words of a beginning.
    #[cold]
    fn read(&mut self, index: &Index, at: usize) {
        let packed = &index.packed;
        let Some([beginning, next]) = index.beginnings.0.get(at..at + 2) else { return };
        let mut word = Blocks::default();
        word.push(u64::from(beginning.letters >> 8), 1);
        // prefixes that the present word begins with, the longest last: their places and lengths
        let mut open: Vec<(u16, usize)> = Vec::new();
        let mut longest = (UNKNOWN, 0);
        let mut lengths = READ;
        let mut tail = beginning.tail as usize;
        for number in beginning.number..next.number {
            let shared =
                packed.shared.get(usize::from(number - THINGS)).map_or(0, |shared| usize::from(*shared));
            while longest.1 > shared {
                longest = open.pop().unwrap_or_default();
            }
            word.cut(shared);
            let end = loop {
                let next = eight(packed.tails, tail);
                // the lowest byte that is below all letters has its high bit set here, none before it
                let ends = next.wrapping_sub(EACH * 0x30) & !next & (EACH * 0x80);
                let letters = ends.trailing_zeros() as usize / 8;
                word.push(next, letters);
                tail += letters;
                if letters < 8 {
                    tail += 1;
                    break (next >> (letters * 8)) as u8;
                }
            };
            let mut known = Known {
                bits: bit_of(number) | self.get(longest.0).map_or(0, |prefix| prefix.bits),
                hash: word.hash(),
                first_bundle: NOT_DRAWN,
                bundles: 0,
                letters: beginning.letters,
                number,
                prefix: if end == END_FILLER { FILLER } else { longest.0 },
            };
            if end == END_PREFIX {
                known.hash ^= PREFIX;
                lengths |= 1 << (word.len.min(LONGEST) - 1);
                open.push(longest);
                longest = (self.known.len() as u16, word.len);
            }
            self.insert(known);
        }
        if let Some(slot) = self.lengths.get_mut(at) {
            *slot = lengths;
        }
    }

    /// Puts a word into the slot of its hash, or the next that is free.
    fn insert(&mut self, known: Known) {
        let place = self.known.len() as u16;
        let last = self.slots.len() - 1;
        let mut at = known.hash as usize >> 16;
        while let Some(slot) = self.slots.get_mut(at & last) {
            if *slot == UNKNOWN {
                *slot = place;
                break;
            }
            at += 1;
        }
        self.known.push(known);
    }
}

/// A word, the prefixes that it begins with, and a thing. It is a type of its own, as what passes each word of a
/// text has to be put into its callers, and a closure cannot ask for that.
pub(super) struct Names<'a> {
    vocabulary: &'a Vocabulary,
    next: u16,
    thing: u16,
}

impl<'a> Iterator for Names<'a> {
    type Item = &'a Known;

    #[inline(always)]
    fn next(&mut self) -> Option<&'a Known> {
        if self.next == UNKNOWN {
            (self.next, self.thing) = (self.thing, UNKNOWN);
        }
        let known = self.vocabulary.get(self.next).filter(|_| self.next != UNKNOWN)?;
        self.next = known.prefix;
        Some(known)
    }
}

/// A word that grows and shrinks at its end, in blocks of eight letters.
#[derive(Default)]
struct Blocks {
    len: usize,
    /// The letters of each block, and the state of the hash before it.
    blocks: [(u64, u64); LONGEST / 8 + 1],
}

impl Blocks {
    /// Keeps the first letters, no more than there are.
    #[inline(always)]
    fn cut(&mut self, len: usize) {
        self.len = len;
        if let Some(last) = self.blocks.get_mut(len / 8) {
            last.0 = words::lowest(last.0, len % 8);
        }
    }

    /// Adds the lowest letters of eight; there is room for [`LONGEST`].
    #[inline(always)]
    fn push(&mut self, letters: u64, count: usize) {
        let letters = words::lowest(letters, count);
        let (at, shift) = (self.len / 8, self.len % 8 * 8);
        self.len += count;
        let Some(last) = self.blocks.get_mut(at) else { return };
        last.0 |= letters << shift;
        if self.len / 8 > at {
            let state = words::mix(last.1, last.0);
            if let Some(next) = self.blocks.get_mut(at + 1) {
                *next = (if shift > 0 { letters >> (64 - shift) } else { 0 }, state);
            }
        }
    }

    /// The hash of the letters: [`words::hash`].
    #[inline(always)]
    fn hash(&self) -> u32 {
        let (last, state) = self.blocks.get(self.len / 8).copied().unwrap_or_default();
        (if self.len.is_multiple_of(8) { state } else { words::mix(state, last) }) as u32
    }
}
