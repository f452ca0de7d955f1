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
    /// The place that comes next, as [`super::near`] counts them.
    pub next_place: u32,
}

/// One place of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    /// Bits of the words that may stand here.
    bits: Bits,
    /// The number of a word, and how many of the next begin with it; where the members of a set begin
    /// and end.
    range: (u32, u32),
    is_set: bool,
    /// How far it may stand from the one before: index into the sizes of gaps.
    pub gap: u8,
}

/// A phrase made ready.
#[derive(Debug, Default)]
pub(super) struct Lines {
    elements: Vec<Element>,
    lines: Vec<Line>,
}

/// One of the rows of words that a phrase stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// What must stand around its anchor.
    pub around: Needs,
    /// Bits of its word that the fewest words can be, its anchor and what is next to that apart.
    pub far: Bits,
    /// Its elements: where they begin and end, and which of them it is anchored at.
    start: u16,
    end: u16,
    anchor: u16,
}

/// What must stand around an anchor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// Bits of the words one of which must come next, and one of which must stand before.
    pub after: Bits,
    pub before: Bits,
    /// How near: indices into the sizes of gaps, or 3 where anything may stand, even nothing.
    pub gaps: (u8, u8),
}

/// 3 of [`Needs::gaps`].
const ANYTHING: (Bits, u8) = (Bits::MAX, 3);

impl Needs {
    /// What is met wherever one or the other is.
    fn or(self, other: Needs) -> Needs {
        let gaps = (self.gaps.0.max(other.gaps.0), self.gaps.1.max(other.gaps.1));
        Needs { after: self.after | other.after, before: self.before | other.before, gaps }
    }
}

/// The beginning of a line.
#[derive(Clone, Debug, Default)]
struct Draft {
    elements: Vec<Element>,
    anchor: u16,
    /// The gap of what was left out, which goes on to the next element.
    gap: u8,
}

impl Lines {
    fn add(&mut self, draft: Draft) {
        let anchor = usize::from(draft.anchor);
        let Some((before, [at, after @ ..])) = draft.elements.split_at_checked(anchor) else { return };
        let (next, gap_after) = after.first().map_or(ANYTHING, |next| (next.bits, next.gap));
        let (last, gap_before) = before.last().map_or(ANYTHING, |last| (last.bits, at.gap));
        let around = Needs { after: next, before: last, gaps: (gap_after, gap_before) };
        let others = before.iter().rev().skip(1).chain(after.iter().skip(1));
        let far = others.map(|other| other.bits).min_by_key(|bits| bits.count_ones()).unwrap_or(Bits::MAX);
        let start = self.elements.len() as u16;
        self.elements.extend(draft.elements);
        self.lines.push(Line { around, far, start, end: self.elements.len() as u16, anchor: draft.anchor });
    }

    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// The elements of a line before its anchor, the anchor, and those after it.
    #[inline]
    pub(super) fn elements(&self, line: &Line) -> Option<(&[Element], &Element, &[Element])> {
        let elements = self.elements.get(usize::from(line.start)..usize::from(line.end))?;
        match elements.split_at_checked(usize::from(line.anchor))? {
            (before, [anchor, after @ ..]) => Some((before, anchor, after)),
            _ => None,
        }
    }
}

/// A phrase that may stand where its anchor stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// What must stand around its anchor, whichever of its lines it is.
    pub around: Needs,
    /// Which phrase it is, and what it is of.
    pub phrase: u16,
    pub target: Target,
}

/// The phrases that are anchored at a word.
#[derive(Debug, Default)]
pub(super) struct Anchored {
    /// Those that say something.
    pub claims: Vec<Candidate>,
    /// Those that switch a rule off.
    pub guards: Vec<Candidate>,
    /// Bit `rule % 128` of all rules that the others switch off.
    pub guarded: Bits,
}

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
    /// The same of each phrase, once a text had a word that it is anchored at.
    lines: Vec<OnceLock<Box<Lines>>>,
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

    /// How many of the next begin with a word.
    fn span(&self, number: u16) -> u16 {
        self.spans.get(usize::from(number)).copied().unwrap_or(0)
    }

    /// Whether a word is another or begins with it.
    #[inline]
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
            lines: (0..packed.lengths.len()).map(|_| OnceLock::new()).collect(),
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
            self.list(phrase, word, &mut anchored);
        }
        anchored
    }

    /// Lists a phrase at a word that it is anchored at.
    fn list(&self, phrase: u16, word: u16, to: &mut Anchored) {
        let lines = self.lines(phrase);
        let target = self.target(phrase);
        let list = if let Target::Guard(rule) = target {
            to.guarded |= bit(rule);
            &mut to.guards
        } else {
            &mut to.claims
        };
        let of_word = lines
            .iter()
            .filter(|line| lines.elements(line).is_some_and(|(_, anchor, _)| self.lists(anchor, word)));
        if let Some(around) = of_word.map(|line| line.around).reduce(Needs::or) {
            list.push(Candidate { around, phrase, target });
        }
    }

    /// The lines of a phrase.
    #[inline]
    pub(super) fn lines(&self, phrase: u16) -> &Lines {
        match self.lines.get(usize::from(phrase)) {
            Some(slot) => slot.get_or_init(|| Box::new(self.draw(phrase).unwrap_or_default())),
            None => const { &Lines { elements: Vec::new(), lines: Vec::new() } },
        }
    }

    /// Makes a phrase ready.
    #[cold]
    fn draw(&self, phrase: u16) -> Option<Lines> {
        let at = usize::from(phrase);
        let mut cursor = self.phrases.get(at)?.1;
        let anchor = usize::from(*self.packed.anchors.get(at)?);
        let places: Vec<(u8, u16)> =
            (0..*self.packed.lengths.get(at)?).map(|_| cursor.element(&self.packed)).collect();
        let mut drafts = vec![Draft::default()];
        for (place, (kind, number)) in places.into_iter().enumerate() {
            if place == anchor {
                drafts.iter_mut().for_each(|draft| draft.anchor = draft.elements.len() as u16);
            }
            if kind & GROUP == 0 {
                drafts = self.go_on(drafts, kind, number);
                continue;
            }
            let ways: Vec<Vec<(u8, u16)>> = (0..cursor.group(&self.packed))
                .map(|_| (0..cursor.group(&self.packed)).map(|_| cursor.element(&self.packed)).collect())
                .collect();
            let mut next = Vec::new();
            for mut draft in drafts {
                draft.gap = draft.gap.max(kind & GAP);
                for way in &ways {
                    let from = vec![draft.clone()];
                    next.extend(
                        way.iter().fold(from, |drafts, (kind, number)| self.go_on(drafts, *kind, *number)),
                    );
                }
                if kind & OPTIONAL != 0 {
                    next.push(draft);
                }
            }
            drafts = next;
        }
        let mut lines = Lines::default();
        drafts.into_iter().for_each(|draft| lines.add(draft));
        Some(lines)
    }

    /// Adds an element to each draft; one that may be missing is left out of as many more.
    fn go_on(&self, drafts: Vec<Draft>, kind: u8, number: u16) -> Vec<Draft> {
        let element = self.element(kind, number);
        let mut next = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let without = Draft { gap: draft.gap.max(element.gap), ..draft.clone() };
            let mut with = draft;
            with.elements.push(Element { gap: without.gap, ..element });
            with.gap = 0;
            next.push(with);
            if kind & OPTIONAL != 0 {
                next.push(without);
            }
        }
        next
    }

    fn element(&self, kind: u8, number: u16) -> Element {
        let gap = kind & GAP;
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
        token.bits & element.bits != 0
            && if element.is_set {
                self.is_in(token.number, element) || token.thing != NOT_IN && self.is_in(token.thing, element)
            } else {
                let (number, span) = element.range;
                u32::from(token.number).wrapping_sub(number) <= span || u32::from(token.thing) == number
            }
    }

    /// Whether a set has a word: the last member that is not above it is it, or what it begins with.
    #[inline]
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

    /// How many phrases there are.
    pub(super) fn phrase_count(&self) -> usize {
        self.phrases.len()
    }
}
