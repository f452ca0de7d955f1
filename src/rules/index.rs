//! What the matcher reads: words by hash, phrases, and where each is anchored.
//!
//! The tables travel in a small form (`rulec/src/lexicon.rs`), and most of them stay in it. The first
//! call makes two things of them, each in one pass without a search: a hash table of the words, and
//! for each word the list of the phrases that are anchored at it. The phrases themselves wait until a
//! text asks for them: those of a word are made ready when the first text has the word, and kept.
//! Most words of the vocabulary are never seen, so most of that work is never done. What all this
//! takes: `docs/PERFORMANCE.md`.
//!
//! A phrase that is ready is *lines*: rows of words with gaps between them, one for each choice among
//! the ways of its groups and the words that may be missing. So what is looked for in a text knows
//! neither. `rulec` refuses a phrase that would become too many lines.

#![allow(clippy::indexing_slicing, reason = "two bytes of two, three of three")]

use super::lean::Homes;
use super::lines::{Element, Lines, Plan, Step};
use super::near::BEFORE;
use super::tables::Target;
use crate::order;
use crate::text::words::{self, EACH, eight};
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
    pub common: &'static [u8],
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
    /// The place that comes next, as [`super::near`] counts them.
    pub next_place: u32,
}

/// A line that may stand where its anchor stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Bits of the words one of which must come next, one of which must stand before, and one of which
    /// must be anywhere.
    pub after: Bits,
    pub before: Bits,
    pub far: Bits,
    /// How near the first two: places in what stands around a token ([`super::near`]).
    pub gaps: (u8, u8),
    /// Which phrase it is, which of its lines, and what it is of.
    pub phrase: u16,
    pub line: u16,
    pub target: Target,
}

/// The lines that are anchored at a word.
#[derive(Debug, Default)]
pub(super) struct Anchored {
    /// Those that say something; those together that are told by what stands at the same place near.
    claims: Vec<Candidate>,
    /// Of each of them the bits that tell most, side by side, as most are looked at no further.
    telling: Vec<Bits>,
    /// Where each of those together ends, and the place near of all of them.
    runs: Vec<(u16, u8)>,
    /// Those that switch a rule off, and which, side by side, as few of them ever matter.
    guards: Vec<Candidate>,
    rules: Vec<u16>,
    /// Bit `rule % 128` of all rules that the others switch off.
    pub guarded: Bits,
}

impl Anchored {
    /// The lines that say something, by the place near that tells them, each with its telling bits.
    #[inline(always)]
    pub(super) fn claims(&self) -> impl Iterator<Item = (u8, impl Iterator<Item = (&Bits, &Candidate)>)> {
        let mut start = 0;
        self.runs.iter().map(move |(end, near)| {
            let run = start..usize::from(*end);
            start = run.end;
            let telling = self.telling.get(run.clone()).unwrap_or_default();
            (*near, telling.iter().zip(self.claims.get(run).unwrap_or_default()))
        })
    }

    /// The lines that switch a rule off, each with the rule.
    #[inline(always)]
    pub(super) fn guards(&self) -> impl Iterator<Item = (u16, &Candidate)> {
        self.rules.iter().copied().zip(&self.guards)
    }

    /// Whether nothing is anchored here that says something.
    #[inline(always)]
    pub(super) fn is_silent(&self) -> bool {
        self.claims.is_empty()
    }

    /// Brings those together that are told by the same place near.
    fn arrange(&mut self) {
        order::sort(&mut self.claims, |a, b| a.telling().0.cmp(&b.telling().0));
        for candidate in &self.claims {
            let (near, bits) = candidate.telling();
            self.telling.push(bits);
            match self.runs.last_mut() {
                Some((end, last)) if *last == near => *end += 1,
                last => {
                    let before = last.map_or(0, |(end, _)| *end);
                    self.runs.push((before + 1, near));
                }
            }
        }
    }
}

impl Candidate {
    /// The place near that tells most of it, and the bits of what must stand there.
    fn telling(&self) -> (u8, Bits) {
        if self.after.count_ones() <= self.before.count_ones() {
            (self.gaps.0, self.after)
        } else {
            (self.gaps.1, self.before)
        }
    }
}

/// What must stand next to an anchor: the bits of its words, and how near.
type Near = (Bits, u8);
/// Whatever stands there, even nothing: no gap, but a place of its own.
const ANYTHING: Near = (Bits::MAX, 3);

/// All of it.
#[derive(Debug)]
pub(super) struct Index {
    packed: Packed,
    vocabulary: Vocabulary,
    /// For each set where its members begin; a last one for where they end.
    sets: Vec<u32>,
    /// How common each word is in bounces, and each set.
    common: Vec<u32>,
    /// For each phrase what it is of, and where the tables have it.
    phrases: Vec<(u16, Cursor)>,
    /// For each word or thing the last phrase with a line that is anchored at it, as a place among the links.
    anchors: Vec<u32>,
    /// A phrase, and the place of the one before it; 0 before the first.
    links: Vec<(u16, u32)>,
    /// For each word or thing the same made ready, once a text had it.
    anchored: Vec<OnceLock<Box<Anchored>>>,
    /// The same of each phrase, once a text had a word that it is anchored at.
    lines: Vec<OnceLock<Box<Lines>>>,
    /// Where words are at home, once that was asked.
    homes: OnceLock<Box<Homes>>,
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
    #[inline(always)]
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

    /// A number of the groups, seven bits a byte, the lowest first.
    #[inline(always)]
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

/// A little-endian number.
#[inline(always)]
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
                let ends = next.wrapping_sub(EACH * 0x30) & !next & (EACH * 0x80);
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
    #[inline(always)]
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
    #[inline(always)]
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
    #[inline(always)]
    fn prefix(&self, number: u16) -> u16 {
        self.prefixes.get(usize::from(number)).copied().unwrap_or(NOT_IN)
    }

    /// How many of the next begin with a word.
    fn span(&self, number: u16) -> u16 {
        self.spans.get(usize::from(number)).copied().unwrap_or(0)
    }

    /// Whether a word is another or begins with it.
    #[inline(always)]
    fn begins(&self, word: u16, with: u16) -> bool {
        word.wrapping_sub(with) <= self.span(with)
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

#[inline(always)]
pub(super) fn bit(number: u16) -> Bits {
    if number == NOT_IN {
        return 0;
    }
    // by halves: wasm has no shift of 128 bits
    let half = 1u64 << (number % 64);
    if number & 64 == 0 { Bits::from(half) } else { Bits::from(half) << 64 }
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
            common: common(packed, &sets),
            sets,
            phrases: Vec::with_capacity(packed.lengths.len()),
            anchors: vec![0; vocabulary.len()],
            links: vec![(0, 0)],
            anchored: (0..vocabulary.len()).map(|_| OnceLock::new()).collect(),
            lines: (0..packed.lengths.len()).map(|_| OnceLock::new()).collect(),
            homes: OnceLock::new(),
            vocabulary,
        };
        index.read_phrases();
        index
    }

    /// Notes where each phrase lies and what it is of, and lists it at the anchors of its lines: of each
    /// line the rarest word that it cannot be without.
    fn read_phrases(&mut self) {
        let packed = self.packed;
        let mut targets = packed.targets.chunks_exact(3);
        let (mut target, mut left) = (0u16, 0);
        let mut cursor = Cursor { set: self.vocabulary.len() as u16, ..Cursor::default() };
        self.links.reserve(packed.lengths.len() * 4);
        let mut groups = Vec::new();
        for len in packed.lengths {
            while left == 0
                && let Some(next) = targets.next()
            {
                target = target.wrapping_add(u16::from_le_bytes([next[0], next[1]]));
                left = next[2];
            }
            left = left.saturating_sub(1);
            let phrase = self.phrases.len() as u16;
            self.phrases.push((target, cursor));
            groups.clear();
            let mut rarest = None;
            for _ in 0..*len {
                let (kind, number) = cursor.element(&packed);
                if kind & GROUP != 0 {
                    groups.push(kind);
                } else {
                    self.rarer(&mut rarest, kind, number);
                }
            }
            // a line through a way that has a rarer word is anchored there
            let shared = rarest.map_or(u32::MAX, |(_, common)| common);
            let mut all_are_rarer = false;
            for kind in &groups {
                let mut each_way = kind & OPTIONAL == 0;
                for _ in 0..cursor.group(&packed) {
                    let mut rarest = None;
                    for _ in 0..cursor.group(&packed) {
                        let (kind, number) = cursor.element(&packed);
                        self.rarer(&mut rarest, kind, number);
                    }
                    match rarest {
                        Some((number, common)) if common < shared => self.link(number, phrase),
                        _ => each_way = false,
                    }
                }
                all_are_rarer |= each_way;
            }
            if let Some((number, _)) = rarest.filter(|_| !all_are_rarer) {
                self.link(number, phrase);
            }
        }
    }

    /// Keeps the rarest element that may not be missing.
    #[inline(always)]
    fn rarer(&self, rarest: &mut Option<(u16, u32)>, kind: u8, number: u16) {
        let common = self.common(number);
        if kind & OPTIONAL == 0 && rarest.is_none_or(|(_, rarest)| common < rarest) {
            *rarest = Some((number, common));
        }
    }

    /// Lists a phrase at a word, or at each of a set.
    #[inline(always)]
    fn link(&mut self, number: u16, phrase: u16) {
        let Some((start, end)) = self.set(number) else { return self.link_word(number, phrase) };
        for at in start..end {
            self.link_word(u16_at(self.packed.members, at), phrase);
        }
    }

    #[inline(always)]
    fn link_word(&mut self, word: u16, phrase: u16) {
        if let Some(last) = self.anchors.get_mut(usize::from(word)) {
            self.links.push((phrase, *last));
            *last = self.links.len() as u32 - 1;
        }
    }

    /// The phrases that are anchored at a word or thing.
    #[inline(always)]
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
            self.list(phrase, word, &mut anchored);
        }
        anchored.arrange();
        anchored
    }

    /// Lists the lines of a phrase that are anchored at a word.
    fn list(&self, phrase: u16, word: u16, to: &mut Anchored) {
        let Some(lines) = self.lines(phrase) else { return };
        let target = self.target(phrase);
        for line in 0..lines.count() {
            let Some((before, anchor, after)) = lines.line(line) else { continue };
            if !self.lists(anchor, word) {
                continue;
            }
            let near = |element: Option<&Element>, gap| element.map_or(ANYTHING, |near| (near.bits, gap));
            let (next, gap_after) = near(after.first(), after.first().map_or(0, |next| next.gap));
            let (previous, gap_before) = near(before.last(), anchor.gap);
            let others = before.iter().rev().skip(1).chain(after.iter().skip(1));
            let far = others.map(|other| other.bits).min_by_key(|bits| bits.count_ones());
            let candidate = Candidate {
                after: next,
                before: previous,
                far: far.unwrap_or(Bits::MAX),
                gaps: (gap_after, BEFORE + gap_before),
                phrase,
                line,
                target,
            };
            if let Target::Guard(rule) = target {
                to.guarded |= bit(rule);
                to.rules.push(rule);
                to.guards.push(candidate);
            } else {
                to.claims.push(candidate);
            }
        }
    }

    /// The lines of a phrase.
    #[inline(always)]
    pub(super) fn lines(&self, phrase: u16) -> Option<&Lines> {
        let slot = self.lines.get(usize::from(phrase))?;
        Some(slot.get_or_init(|| Box::new(self.draw(phrase))))
    }

    /// Makes a phrase ready.
    #[cold]
    fn draw(&self, phrase: u16) -> Lines {
        let Some((_, mut cursor)) = self.phrases.get(usize::from(phrase)).copied() else {
            return Lines::default();
        };
        let packed = &self.packed;
        let len = packed.lengths.get(usize::from(phrase)).copied().unwrap_or(0);
        let places: Vec<(u8, u16)> = (0..len).map(|_| cursor.element(packed)).collect();
        let mut plan = Plan::default();
        for (kind, number) in places {
            plan.add_place(kind & GAP, kind & OPTIONAL != 0);
            if kind & GROUP == 0 {
                // of two that are as rare, the anchor is the one that all ways share
                let common = if kind & OPTIONAL == 0 { 2 * self.common(number) } else { u32::MAX };
                plan.add_way(std::iter::once(Step {
                    element: self.element(0, number),
                    optional: false,
                    common,
                }));
                continue;
            }
            for _ in 0..cursor.group(packed) {
                let len = cursor.group(packed);
                plan.add_way((0..len).map(|_| {
                    let (kind, number) = cursor.element(packed);
                    let common = 2 * self.common(number) + 1;
                    Step { element: self.element(kind & GAP, number), optional: kind & OPTIONAL != 0, common }
                }));
            }
        }
        plan.lines()
    }

    /// How common a word is in bounces, or all of a set.
    #[inline(always)]
    fn common(&self, number: u16) -> u32 {
        self.common.get(usize::from(number)).copied().unwrap_or(u32::MAX / 4)
    }

    fn element(&self, gap: u8, number: u16) -> Element {
        if let Some((start, end)) = self.set(number) {
            let bits = (start..end).fold(0, |bits, at| bits | bit(u16_at(self.packed.members, at)));
            return Element { bits, range: (start as u32, end as u32), is_set: true, gap };
        }
        let range = (u32::from(number), u32::from(self.vocabulary.span(number)));
        Element { bits: bit(number), range, is_set: false, gap }
    }

    /// Whether a word is that of an element or one of a set.
    fn lists(&self, element: &Element, word: u16) -> bool {
        let (start, end) = element.range;
        if !element.is_set {
            return start == u32::from(word);
        }
        (start..end).any(|at| u16_at(self.packed.members, at as usize) == word)
    }

    /// The number of a word, or of the longest prefix that it begins with; for that its letters are
    /// asked for, and how long a prefix has to be.
    #[inline(always)]
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
    #[inline(always)]
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
    #[inline(always)]
    pub(super) fn prefix(&self, number: u16) -> u16 {
        self.vocabulary.prefix(number)
    }

    /// Where the members of a set lie, in order; none begins with another.
    #[inline(always)]
    fn set(&self, number: u16) -> Option<(usize, usize)> {
        let set = usize::from(number).checked_sub(self.vocabulary.len())?;
        Some((*self.sets.get(set)? as usize, *self.sets.get(set + 1)? as usize))
    }

    /// Whether a word is one of an element's: the word, one that begins so, or one of a set of these.
    #[inline(always)]
    pub(super) fn has(&self, token: &Token, element: &Element) -> bool {
        token.bits & element.bits != 0
            && if element.is_set {
                self.is_in(token.number, element) || token.thing != NOT_IN && self.is_in(token.thing, element)
            } else {
                let (number, span) = element.range;
                u32::from(token.number).wrapping_sub(number) <= span || u32::from(token.thing) == number
            }
    }

    /// Whether a set has a word: the last member that is not above it is it, or what it begins with.
    #[inline(always)]
    fn is_in(&self, word: u16, set: &Element) -> bool {
        let (members, _) = self.packed.members.as_chunks();
        let (mut first, mut count) = (set.range.0 as usize, (set.range.1 - set.range.0) as usize);
        let member = |at: usize| members.get(at).map_or(NOT_IN, |member| u16::from_le_bytes(*member));
        // no branch: each step halves what is left
        while count > 1 {
            let half = count / 2;
            first += if member(first + half) <= word { half } else { 0 };
            count -= half;
        }
        self.vocabulary.begins(word, member(first))
    }

    /// What a phrase is of.
    pub(super) fn target(&self, phrase: u16) -> Target {
        Target::from_u16(self.phrases.get(usize::from(phrase)).map_or(0, |phrase| phrase.0))
    }

    /// Where words are at home.
    pub(super) fn homes(&self, make: impl FnOnce() -> Homes) -> &Homes {
        self.homes.get_or_init(|| Box::new(make()))
    }

    /// How many words and things there are.
    pub(super) fn word_count(&self) -> usize {
        self.vocabulary.len()
    }

    /// Hands out each word of a phrase, and each of its sets.
    pub(super) fn each_word(&self, phrase: u16, mut with: impl FnMut(u16)) {
        let Some((_, mut cursor)) = self.phrases.get(usize::from(phrase)).copied() else { return };
        let packed = &self.packed;
        let mut each = |number: u16| match self.set(number) {
            Some((start, end)) => (start..end).for_each(|at| with(u16_at(packed.members, at))),
            None => with(number),
        };
        let len = packed.lengths.get(usize::from(phrase)).copied().unwrap_or(0);
        let mut groups = 0;
        for _ in 0..len {
            let (kind, number) = cursor.element(packed);
            if kind & GROUP == 0 {
                each(number);
            } else {
                groups += 1;
            }
        }
        for _ in 0..groups {
            for _ in 0..cursor.group(packed) {
                for _ in 0..cursor.group(packed) {
                    each(cursor.element(packed).1);
                }
            }
        }
    }

    /// How many phrases there are.
    pub(super) fn phrase_count(&self) -> usize {
        self.phrases.len()
    }
}

/// Things are in most bounces.
const COMMON_THING: u32 = 4000;

/// How common each thing is in bounces, each word, and each set: as all of its words together. The
/// tables count up to 15, and beyond in steps of a sixteenth and less.
fn common(packed: &Packed, sets: &[u32]) -> Vec<u32> {
    let count = |byte: &u8| match u32::from(*byte) {
        few @ ..16 => few,
        many => ((many & 15) + 16) << ((many >> 4) - 1),
    };
    let words = packed.common.iter().map(|byte| 1 + 4 * count(byte));
    let mut common: Vec<u32> = std::iter::repeat_n(COMMON_THING, THINGS).chain(words).collect();
    for bounds in sets.windows(2) {
        let members = (bounds[0]..bounds[1]).map(|at| usize::from(u16_at(packed.members, at as usize)));
        common.push(members.map(|member| common.get(member).copied().unwrap_or(0)).sum());
    }
    common
}
