//! What the matcher reads: words by hash, phrases, and where each is anchored.
//!
//! The tables travel in a small form (`rulec/src/lexicon.rs`), and most of them stay in it. The first
//! call makes two things of them, each in one pass without a search: a hash table of the words, and
//! for each word the list of the phrases that are anchored at it. The phrases themselves wait until a
//! text asks for them: those of a word are made ready when the first text has the word, and kept.
//! Most words of the vocabulary are never seen, so most of that work is never done. What all this
//! takes: `docs/PERFORMANCE.md`.

#![allow(clippy::indexing_slicing, reason = "two bytes of two, three of three")]

use super::tables::Target;
use crate::text::words;
use std::sync::OnceLock;

/// No number of a word.
pub(super) const NOT_IN: u16 = u16::MAX;
/// Stands for all words that are dropped.
pub(super) const FILLER: u16 = u16::MAX - 1;
/// Numbers below this are things; `rulec/src/phrase.rs` has their order.
const THINGS: usize = 6;

/// Ends of vocabulary entries: a word that is dropped, a beginning of words; any other word ends with `+`.
const END_FILLER: u8 = b'!';
const END_PREFIX: u8 = b'*';
/// The longest word.
const LONGEST: usize = 64;

/// Bits of a kind.
const GAP: u8 = 3;
const OPTIONAL: u8 = 4;
const NEW_SET: u8 = 8;
/// The same bit where a phrase was made ready: any set.
const SET: u8 = NEW_SET;
const GROUP: u8 = 16;

/// The sections, in the order in which `rulec` writes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    pub shared: &'static [u8],
    pub tails: &'static [u8],
    pub kinds: &'static [u8],
    pub numbers: &'static [u8],
    pub sizes: &'static [u8],
    pub members: &'static [u8],
    pub groups: &'static [u8],
    pub lengths: &'static [u8],
    pub anchors: &'static [u8],
    pub targets: &'static [u8],
}

/// Which words may stand somewhere: bit `number % 128` of each.
pub(super) type Bits = u128;

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// Bit `number % 128` of the word, of all prefixes that it begins with and of the thing.
    pub bits: Bits,
    /// The number of the word, or of the longest prefix that it begins with.
    pub number: u16,
    /// The number of the thing that it is.
    pub thing: u16,
    /// A phrase may step over it.
    pub passable: bool,
    /// Its place among the words.
    pub word: u32,
}

/// One place of a phrase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    /// Bits of the words that may stand here; of a group, of those that it may begin and end with.
    pub begins: Bits,
    pub ends: Bits,
    /// The number of a word; where the members of a set begin and end; the same of the ways of a group.
    range: (u32, u32),
    kind: u8,
}

impl Element {
    #[inline]
    pub(super) fn is_group(&self) -> bool {
        self.kind & GROUP != 0
    }

    #[inline]
    pub(super) fn is_optional(&self) -> bool {
        self.kind & OPTIONAL != 0
    }

    /// Index into the sizes of gaps.
    #[inline]
    pub(super) fn gap(&self) -> u8 {
        self.kind & GAP
    }

    /// A word that must be there: what most places are.
    #[inline]
    pub(super) fn is_required_word(&self) -> bool {
        self.kind & (GROUP | OPTIONAL) == 0
    }

    /// The same, right after the last.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.kind & (GROUP | OPTIONAL | GAP) == 0
    }
}

/// A phrase, or more of them: elements, and which of them are the ways of groups.
#[derive(Debug, Default)]
pub(super) struct Elements {
    elements: Vec<Element>,
    /// Of each way the first element and the one after the last.
    ways: Vec<(u16, u16)>,
}

impl Elements {
    #[inline]
    pub(super) fn get(&self, at: u16) -> Option<&Element> {
        self.elements.get(usize::from(at))
    }

    #[inline]
    pub(super) fn ways(&self, group: &Element) -> &[(u16, u16)] {
        self.ways.get(group.range.0 as usize..group.range.1 as usize).unwrap_or_default()
    }
}

/// A phrase that may stand where its anchor stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Bits of the words one of which must come next, and one of which must stand before.
    pub after: Bits,
    pub before: Bits,
    /// How near: indices into the sizes of gaps, or 3 where anything may stand, even nothing.
    pub gaps: (u8, u8),
    /// Which phrase it is, and what it is of.
    pub phrase: u16,
    target: u16,
    /// Its elements: the first, the one after the last, the one that it is anchored at.
    pub start: u16,
    pub end: u16,
    pub anchor: u16,
}

impl Candidate {
    pub(super) fn target(self) -> Target {
        Target::from_u16(self.target)
    }
}

/// The phrases that are anchored at a word.
#[derive(Debug, Default)]
pub(super) struct Anchored {
    /// Those that say something.
    pub claims: Vec<Candidate>,
    /// Those that switch a rule off.
    pub guards: Vec<Candidate>,
    pub elements: Elements,
    /// How far the first look: bit `gap` of each gap after an anchor, bit `4 + gap` of each before one.
    pub reach: u8,
    /// Bit `rule % 128` of all rules that the others switch off.
    pub guarded: Bits,
}

/// What must stand near a place: the bits of its words, and how near.
type Near = (Bits, u8);
/// Whatever stands there, even nothing.
const ANYTHING: Near = (Bits::MAX, 3);

/// All of it.
#[derive(Debug)]
pub(super) struct Index {
    packed: Packed,
    vocabulary: Vocabulary,
    /// For each set where its members begin; a last one for where they end.
    sets: Vec<u32>,
    /// For each phrase what it is of, and where the tables have it.
    phrases: Vec<(u16, Cursor)>,
    /// For each word or thing the last phrase that is anchored at it, as a place among the links.
    anchors: Vec<u32>,
    /// A phrase, and the place of the one before it; 0 before the first.
    links: Vec<(u16, u32)>,
    /// For each word or thing the same made ready, once a text had it.
    anchored: Vec<OnceLock<Box<Anchored>>>,
}

/// A place in the sections that tell of elements, which are read one after the other.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    /// The next kind, number and byte of the groups.
    kind: u32,
    number: u32,
    group: u32,
    /// The next new set.
    set: u16,
}

impl Cursor {
    /// The next element: its kind and, unless it is a group, its number.
    #[inline]
    fn element(&mut self, packed: &Packed) -> (u8, u16) {
        let kind = packed.kinds.get(self.kind as usize).copied().unwrap_or(0);
        self.kind += 1;
        if kind & (NEW_SET | GROUP) == 0 {
            self.number += 1;
            (kind, u16_at(packed.numbers, self.number as usize - 1))
        } else if kind & GROUP == 0 {
            self.set += 1;
            (kind, self.set - 1)
        } else {
            (kind, FILLER)
        }
    }

    /// Goes on by some elements; gives how many of them are groups.
    #[inline]
    fn skip(&mut self, packed: &Packed, mut elements: usize) -> usize {
        let mut groups = 0;
        while elements > 0 {
            let some = elements.min(8);
            let kinds = words::lowest(eight(packed.kinds, self.kind as usize), some);
            let (new_sets, new_groups) = (having(kinds, NEW_SET), having(kinds, GROUP));
            self.kind += some as u32;
            self.set += new_sets as u16;
            self.number += (some - new_sets - new_groups) as u32;
            groups += new_groups;
            elements -= some;
        }
        groups
    }

    /// A number of the groups, seven bits a byte, the lowest first.
    #[inline]
    fn group(&mut self, packed: &Packed) -> usize {
        let mut byte = || {
            self.group += 1;
            usize::from(packed.groups.get(self.group as usize - 1).copied().unwrap_or(0))
        };
        match byte() {
            low @ ..128 => low,
            low => low & 127 | byte() << 7,
        }
    }
}

/// 1 in each byte.
const BYTES: u64 = u64::MAX / 255;

/// Eight bytes, the first lowest; zeros after the last.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first_chunk().map_or_else(|| words::block(rest), |eight| u64::from_le_bytes(*eight))
}

/// How many of eight bytes have a bit.
#[inline]
fn having(eight: u64, bit: u8) -> usize {
    (((eight >> bit.trailing_zeros()) & BYTES).wrapping_mul(BYTES) >> 56) as usize
}

/// A little-endian number.
#[inline]
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at * 2..at * 2 + 2).map_or(FILLER, |two| u16::from_le_bytes([two[0], two[1]]))
}

/// The words of all phrases, in alphabetical order, so that a prefix is followed by the words that
/// it begins; they are numbered from [`THINGS`] on.
#[derive(Debug)]
struct Vocabulary {
    /// Numbers by the upper half of a hash, or in the next slot that was free; 0 where there is none.
    slots: Vec<u16>,
    /// The hash of each.
    hashes: Vec<u32>,
    /// How many of the next begin with it; 0 where it is no prefix.
    spans: Vec<u16>,
    /// The longest prefix that it begins with.
    prefixes: Vec<u16>,
}

/// What tells the hash of a prefix from that of the word with the same letters.
const PREFIX: u32 = 0x5bd1_e995;

impl Vocabulary {
    /// Reads the words. Each shares its beginning with the one before.
    fn new(packed: &Packed) -> Vocabulary {
        let count = THINGS + packed.shared.len();
        let mut vocabulary = Vocabulary {
            slots: vec![0; 1 << 16],
            hashes: vec![0; count],
            spans: vec![0; count],
            prefixes: vec![NOT_IN; count],
        };
        let mut word = Blocks::default();
        // prefixes that the present word begins with, the longest last: their numbers and lengths
        let mut open: Vec<(u16, usize)> = Vec::new();
        let mut longest = (NOT_IN, 0);
        let mut at = 0;
        for (number, shared) in (THINGS as u16..).zip(packed.shared) {
            let shared = usize::from(*shared);
            while longest.1 > shared {
                close(&mut vocabulary.spans, longest.0, number);
                longest = open.pop().unwrap_or_default();
            }
            word.cut(shared);
            let end = loop {
                let next = eight(packed.tails, at);
                // the lowest byte that is below all letters has its high bit set here, none before it
                let ends = next.wrapping_sub(BYTES * 0x30) & !next & (BYTES * 0x80);
                let letters = ends.trailing_zeros() as usize / 8;
                word.push(next, letters);
                at += letters;
                if letters < 8 {
                    at += 1;
                    break (next >> (letters * 8)) as u8;
                }
            };
            let mut hash = word.hash();
            let prefix = if end == END_FILLER { FILLER } else { longest.0 };
            if end == END_PREFIX {
                hash ^= PREFIX;
                open.push(longest);
                longest = (number, word.len);
            }
            vocabulary.insert(number, hash, prefix);
        }
        for (prefix, _) in open.into_iter().skip(1).chain([longest]) {
            close(&mut vocabulary.spans, prefix, count as u16);
        }
        vocabulary
    }

    /// Puts a number into the slot of its hash, or the next that is free.
    #[inline]
    fn insert(&mut self, number: u16, hash: u32, prefix: u16) {
        let at = usize::from(number);
        if let (Some(known), Some(longest)) = (self.hashes.get_mut(at), self.prefixes.get_mut(at)) {
            (*known, *longest) = (hash, prefix);
        }
        let mut at = (hash >> 16) as u16;
        while let Some(slot) = self.slots.get_mut(usize::from(at)) {
            if *slot == 0 {
                *slot = number;
                return;
            }
            at = at.wrapping_add(1);
        }
    }

    /// The number of the word with a hash. There are always free slots.
    #[inline]
    fn find(&self, hash: u32) -> u16 {
        let mut at = (hash >> 16) as u16;
        loop {
            let number = self.slots.get(usize::from(at)).copied().unwrap_or(0);
            if number == 0 {
                return NOT_IN;
            }
            if self.hashes.get(usize::from(number)) == Some(&hash) {
                return number;
            }
            at = at.wrapping_add(1);
        }
    }

    /// The longest prefix that letters begin with, of so many letters at least.
    fn prefix_of(&self, letters: &[u8], shortest: usize) -> u16 {
        let letters = letters.get(..LONGEST).unwrap_or(letters);
        let mut longest = NOT_IN;
        let mut state = 0;
        for (at, block) in letters.chunks(8).enumerate() {
            let full = words::block(block);
            for len in shortest.saturating_sub(at * 8).max(1)..=block.len() {
                match self.find(words::mix(state, words::lowest(full, len)) as u32 ^ PREFIX) {
                    NOT_IN => {}
                    number => longest = number,
                }
            }
            state = words::mix(state, full);
        }
        longest
    }

    fn len(&self) -> usize {
        self.spans.len()
    }

    /// The longest prefix that a word begins with.
    #[inline]
    fn prefix(&self, number: u16) -> u16 {
        self.prefixes.get(usize::from(number)).copied().unwrap_or(NOT_IN)
    }

    /// Whether a word is another or begins with it.
    #[inline]
    fn begins(&self, word: u16, with: u16) -> bool {
        word.wrapping_sub(with) <= self.spans.get(usize::from(with)).copied().unwrap_or(0)
    }
}

/// Ends a prefix before the word with a number.
fn close(spans: &mut [u16], prefix: u16, number: u16) {
    if let Some(span) = spans.get_mut(usize::from(prefix)) {
        *span = number - 1 - prefix;
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
    #[inline]
    fn cut(&mut self, len: usize) {
        self.len = len;
        if let Some(last) = self.blocks.get_mut(len / 8) {
            last.0 = words::lowest(last.0, len % 8);
        }
    }

    /// Adds the lowest letters of eight; there is room for [`LONGEST`].
    #[inline]
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
    #[inline]
    fn hash(&self) -> u32 {
        let (last, state) = self.blocks.get(self.len / 8).copied().unwrap_or_default();
        (if self.len.is_multiple_of(8) { state } else { words::mix(state, last) }) as u32
    }
}

#[inline]
pub(super) fn bit(number: u16) -> Bits {
    if number == NOT_IN { 0 } else { 1 << (number % 128) }
}

impl Index {
    /// Unpacks what the first text needs.
    pub(super) fn new(packed: &Packed) -> Index {
        let vocabulary = Vocabulary::new(packed);
        let mut end = 0;
        let mut sets = Vec::with_capacity(packed.sizes.len() + 1);
        sets.push(0);
        sets.extend(packed.sizes.iter().map(|size| {
            end += u32::from(*size);
            end
        }));
        let mut index = Index {
            packed: *packed,
            sets,
            phrases: Vec::with_capacity(packed.lengths.len()),
            anchors: vec![0; vocabulary.len()],
            links: vec![(0, 0)],
            anchored: (0..vocabulary.len()).map(|_| OnceLock::new()).collect(),
            vocabulary,
        };
        index.read_phrases();
        index
    }

    /// Notes where each phrase lies and what it is of, and lists it at its anchor.
    fn read_phrases(&mut self) {
        let packed = self.packed;
        let mut targets = packed.targets.chunks_exact(3);
        let (mut target, mut left) = (0u16, 0);
        let mut cursor = Cursor { set: self.vocabulary.len() as u16, ..Cursor::default() };
        self.links.reserve(packed.lengths.len() * 4);
        for (len, anchor) in packed.lengths.iter().zip(packed.anchors) {
            while left == 0
                && let Some(next) = targets.next()
            {
                target = target.wrapping_add(u16::from_le_bytes([next[0], next[1]]));
                left = next[2];
            }
            left = left.saturating_sub(1);
            let phrase = self.phrases.len() as u16;
            self.phrases.push((target, cursor));
            let mut at = cursor;
            let groups_before = at.skip(&packed, usize::from(*anchor));
            let (kind, number) = at.element(&packed);
            if kind & GROUP == 0 {
                self.link(number, phrase);
            }
            for group in 0..cursor.skip(&packed, usize::from(*len)) {
                let ways = cursor.group(&packed);
                if kind & GROUP != 0 && group == groups_before {
                    for _ in 0..ways {
                        let (_, number) = { cursor }.element(&packed);
                        self.link(number, phrase);
                        let len = cursor.group(&packed);
                        cursor.skip(&packed, len);
                    }
                } else {
                    let len = (0..ways).map(|_| cursor.group(&packed)).sum();
                    cursor.skip(&packed, len);
                }
            }
        }
    }

    /// Lists a phrase at a word, or at each of a set.
    #[inline]
    fn link(&mut self, number: u16, phrase: u16) {
        let Some((start, end)) = self.set(number) else { return self.link_word(number, phrase) };
        for at in start..end {
            self.link_word(u16_at(self.packed.members, at), phrase);
        }
    }

    #[inline]
    fn link_word(&mut self, word: u16, phrase: u16) {
        if let Some(last) = self.anchors.get_mut(usize::from(word)) {
            self.links.push((phrase, *last));
            *last = self.links.len() as u32 - 1;
        }
    }

    /// The phrases that are anchored at a word or thing.
    #[inline]
    pub(super) fn anchored(&self, word: u16) -> Option<&Anchored> {
        let slot = self.anchored.get(usize::from(word))?;
        Some(slot.get_or_init(|| Box::new(self.ready(word))))
    }

    #[cold]
    fn ready(&self, word: u16) -> Anchored {
        let mut phrases = Vec::new();
        let mut link = self.anchors.get(usize::from(word)).copied().unwrap_or(0);
        while let Some((phrase, before)) = self.links.get(link as usize).filter(|_| link > 0) {
            phrases.push(*phrase);
            link = *before;
        }
        // a group may have more ways that begin with the word
        phrases.dedup();
        let mut anchored = Anchored::default();
        for phrase in phrases.into_iter().rev() {
            self.add(phrase, Some(word), &mut anchored);
        }
        anchored
    }

    /// Makes a phrase ready for where its anchor is a word; the elements alone without one.
    pub(super) fn add(&self, phrase: u16, word: Option<u16>, to: &mut Anchored) {
        let at = usize::from(phrase);
        let (Some((target, cursor)), Some(anchor)) = (self.phrases.get(at), self.packed.anchors.get(at))
        else {
            return;
        };
        let (start, end) = self.elements(at, *cursor, &mut to.elements);
        let anchor = start + u16::from(*anchor);
        let elements = &to.elements;
        let Some(element) = elements.get(anchor) else { return };
        let (before, gap) = before(elements, anchor, start);
        let guarded = match Target::from_u16(*target) {
            Target::Guard(rule) => bit(rule),
            _ => 0,
        };
        to.guarded |= guarded;
        let is_guard = guarded != 0;
        let list = if is_guard { &mut to.guards } else { &mut to.claims };
        let mut add = |(after, gap_after): Near| {
            let gaps = (gap_after, gap);
            if !is_guard {
                to.reach |= 1 << gap_after | 16 << gap;
            }
            list.push(Candidate { after, before, gaps, phrase, target: *target, start, end, anchor });
        };
        let rest = anchor + 1..end;
        if let Some(word) = word.filter(|_| element.is_group()) {
            for (first, end) in elements.ways(element) {
                if elements.get(*first).is_some_and(|element| self.lists(element, word)) {
                    add(after(elements, (first + 1..*end).chain(rest.clone())));
                }
            }
        } else {
            add(after(elements, rest));
        }
    }

    /// Reads the elements of a phrase; gives the first, and the one after the last.
    fn elements(&self, phrase: usize, mut cursor: Cursor, to: &mut Elements) -> (u16, u16) {
        let read = |cursor: &mut Cursor, to: &mut Elements| {
            let (mut kind, number) = cursor.element(&self.packed);
            kind &= !SET;
            let mut range = (u32::from(number), 0);
            let mut begins = bit(number);
            if kind & GROUP != 0 {
                begins = 0;
            } else if let Some((start, end)) = self.set(number) {
                kind |= SET;
                range = (start as u32, end as u32);
                begins = (start..end).fold(0, |bits, at| bits | bit(u16_at(self.packed.members, at)));
            }
            to.elements.push(Element { begins, ends: begins, range, kind });
        };
        let start = to.elements.len();
        for _ in 0..self.packed.lengths.get(phrase).copied().unwrap_or(0) {
            read(&mut cursor, to);
        }
        let end = to.elements.len();
        for at in start..end {
            if !to.elements.get(at).is_some_and(Element::is_group) {
                continue;
            }
            let first_way = to.ways.len() as u32;
            let (mut begins, mut ends) = (0, 0);
            for _ in 0..cursor.group(&self.packed) {
                let first = to.elements.len();
                for _ in 0..cursor.group(&self.packed) {
                    read(&mut cursor, to);
                }
                begins |= to.elements.get(first).map_or(0, |element| element.begins);
                ends |= to.elements.last().map_or(0, |element| element.ends);
                to.ways.push((first as u16, to.elements.len() as u16));
            }
            if let Some(group) = to.elements.get_mut(at) {
                (group.begins, group.ends) = (begins, ends);
                group.range = (first_way, to.ways.len() as u32);
            }
        }
        (start as u16, end as u16)
    }

    /// Whether a word is that of an element or one of a set.
    fn lists(&self, element: &Element, word: u16) -> bool {
        let (start, end) = element.range;
        if element.kind & SET == 0 {
            return start == u32::from(word);
        }
        (start..end).any(|at| u16_at(self.packed.members, at as usize) == word)
    }

    /// The number of a word, or of the longest prefix that it begins with; for that its letters are
    /// asked for, and how long a prefix has to be.
    #[inline]
    pub(super) fn number<'a>(&self, hash: u32, letters: impl FnOnce() -> (&'a [u8], usize)) -> u16 {
        match self.vocabulary.find(hash) {
            NOT_IN => {
                let (letters, shortest) = letters();
                self.vocabulary.prefix_of(letters, shortest)
            }
            number => number,
        }
    }

    /// The bits of a token; none where it is a word that is dropped.
    #[inline]
    pub(super) fn bits(&self, token: &Token) -> Option<Bits> {
        let mut bits = bit(token.thing);
        let mut next = token.number;
        while next != NOT_IN {
            if next == FILLER {
                return None;
            }
            bits |= bit(next);
            next = self.vocabulary.prefix(next);
        }
        Some(bits)
    }

    /// The longest prefix that a word begins with, or [`NOT_IN`].
    #[inline]
    pub(super) fn prefix(&self, number: u16) -> u16 {
        self.vocabulary.prefix(number)
    }

    /// Where the members of a set lie, in order; none begins with another.
    #[inline]
    fn set(&self, number: u16) -> Option<(usize, usize)> {
        let set = usize::from(number).checked_sub(self.vocabulary.len())?;
        Some((*self.sets.get(set)? as usize, *self.sets.get(set + 1)? as usize))
    }

    /// Whether a word is one of an element's: the word, one that begins so, or one of a set of these.
    #[inline]
    pub(super) fn has(&self, token: &Token, element: &Element) -> bool {
        token.bits & element.begins != 0
            && if element.kind & SET == 0 {
                let number = element.range.0 as u16;
                token.thing == number || self.vocabulary.begins(token.number, number)
            } else {
                self.is_in(token.number, element) || token.thing != NOT_IN && self.is_in(token.thing, element)
            }
    }

    /// Whether a set has a word: the last member that is not above it is it, or what it begins with.
    fn is_in(&self, word: u16, set: &Element) -> bool {
        let (start, end) = (set.range.0 as usize * 2, set.range.1 as usize * 2);
        let (members, _) = self.packed.members.get(start..end).unwrap_or_default().as_chunks();
        let after = members.partition_point(|member| u16::from_le_bytes(*member) <= word);
        let last = after.checked_sub(1).and_then(|last| members.get(last));
        last.is_some_and(|last| self.vocabulary.begins(word, u16::from_le_bytes(*last)))
    }

    /// How many phrases there are.
    pub(super) fn phrase_count(&self) -> usize {
        self.phrases.len()
    }
}

/// What must come next of some elements: of which words, after which gap. Elements that may be
/// missing hand their gap on.
fn after(elements: &Elements, range: impl Iterator<Item = u16>) -> Near {
    let (mut gap, mut bits) = (0, 0);
    for element in range.filter_map(|at| elements.get(at)) {
        gap = gap.max(element.gap());
        bits |= element.begins;
        if !element.is_optional() {
            return (bits, gap);
        }
    }
    ANYTHING
}

/// What must stand before an element; a gap lies before the element that it belongs to.
fn before(elements: &Elements, anchor: u16, start: u16) -> Near {
    let (mut gap, mut bits) = (elements.get(anchor).map_or(0, Element::gap), 0);
    for element in (start..anchor).rev().filter_map(|at| elements.get(at)) {
        bits |= element.ends;
        if !element.is_optional() {
            return (bits, gap);
        }
        gap = gap.max(element.gap());
    }
    ANYTHING
}
