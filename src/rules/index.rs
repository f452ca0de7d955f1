//! What the matcher reads: words by hash, sets of words, phrases, and where each is anchored.
//!
//! The tables travel in a small form (`rulec/src/lexicon.rs`). It is unpacked here, once, in one
//! pass over each section and without a search: some 100,000 short steps.

use super::tables::{HASH_START, Target, hash_step};

/// No number of a word.
pub(super) const NOT_IN: u16 = u16::MAX;
/// Stands for all words that are dropped.
pub(super) const FILLER: u16 = u16::MAX - 1;
/// Numbers below this are things; `rulec/src/phrase.rs` has their order.
const THINGS: usize = 6;

/// Ends of vocabulary entries: a word that is dropped, a beginning of words, a word.
const END_FILLER: u8 = b'!';
const END_PREFIX: u8 = b'*';
const END_WORD: u8 = b'+';
/// The longest word.
pub(super) const LONGEST: usize = 64;

/// Bits of a kind.
const GAP: u8 = 3;
const OPTIONAL: u8 = 4;
const NEW_SET: u8 = 8;
const GROUP: u8 = 16;

/// The sections, in the order in which `rulec` writes them.
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

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// The number of the word, or of the longest prefix that it begins with.
    pub number: u16,
    /// The number of the thing that it is.
    pub thing: u16,
    /// Bit `number % 64` of both.
    pub bits: u64,
    /// A phrase may step over it.
    pub passable: bool,
    /// Its place among the words.
    pub word: u32,
}

/// One place of a phrase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    /// A word, a set or a group.
    pub number: u16,
    pub group: bool,
    pub optional: bool,
    /// Index into the sizes of gaps.
    pub gap: u8,
}

/// A phrase: its elements, and the one that it is looked for at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    pub target: Target,
    pub start: u32,
    pub len: u8,
    pub anchor: u8,
}

/// A phrase that may stand where its anchor stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Of the words, one of which must stand in the window.
    pub signature: u64,
    pub phrase: u16,
    /// Which words are near enough: after the anchor 0 to 2 by gap, before it 3 to 5, any 6.
    pub window: u8,
}

/// No window: the phrase must be looked at.
pub(super) const ANYWHERE: u8 = 6;

#[derive(Clone, Copy, Debug)]
struct Set {
    signature: u64,
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    /// Of the words that its ways begin with, and end with.
    signatures: (u64, u64),
    start: u32,
    end: u32,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Index {
    words: HashTable,
    prefixes: HashTable,
    /// For each word how many of the next begin with it; 0 where it is no prefix.
    spans: Vec<u16>,
    sets: Vec<Set>,
    members: Vec<u16>,
    elements: Vec<Element>,
    groups: Vec<Group>,
    /// The elements of each way: first, and after the last.
    ways: Vec<(u32, u32)>,
    phrases: Vec<Phrase>,
    /// For each word the numbers (its own, of prefixes, of sets) that phrases are anchored at.
    anchors: Lists<u16>,
    /// For each number the phrases anchored at it.
    candidates: Lists<Candidate>,
}

/// Lists one after the other.
#[derive(Debug)]
struct Lists<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Lists { starts: Vec::new(), items: Vec::new() }
    }
}

impl<T: Copy> Lists<T> {
    /// Puts items into the lists of their numbers, in the order in which they come.
    fn new(count: usize, items: &[(u16, T)]) -> Lists<T> {
        let mut starts = vec![0u32; count + 1];
        for (number, _) in items {
            if let Some(start) = starts.get_mut(usize::from(*number) + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut sorted: Vec<T> = items.iter().map(|(_, item)| *item).collect();
        let mut next = starts.clone();
        for (number, item) in items {
            if let Some(at) = next.get_mut(usize::from(*number)) {
                if let Some(slot) = sorted.get_mut(*at as usize) {
                    *slot = *item;
                }
                *at += 1;
            }
        }
        Lists { starts, items: sorted }
    }

    fn get(&self, number: u16) -> &[T] {
        let at = usize::from(number);
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => self.items.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// Numbers by hash: open addressing, at most half full, with a filter of bits before it.
#[derive(Debug, Default)]
struct HashTable {
    slots: Vec<(u32, u16)>,
    filter: Vec<u64>,
}

impl HashTable {
    /// Room for so many.
    fn new(count: usize) -> HashTable {
        let size = (count * 2 + 1).next_power_of_two();
        HashTable { slots: vec![(0, NOT_IN); size], filter: vec![0; 1024] }
    }

    fn insert(&mut self, hash: u32, number: u16) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots.get(at).is_some_and(|slot| slot.1 != NOT_IN) {
            at = (at + 1) & mask;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (hash, number);
        }
        if let Some(bits) = self.filter.get_mut(hash as usize >> 6 & 1023) {
            *bits |= 1 << (hash & 63);
        }
    }

    #[inline]
    fn may_have(&self, hash: u32) -> bool {
        self.filter.get(hash as usize >> 6 & 1023).is_some_and(|bits| bits >> (hash & 63) & 1 != 0)
    }

    #[inline]
    fn get(&self, hash: u32) -> u16 {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        loop {
            match self.slots.get(at) {
                Some((known, number)) if *known == hash || *number == NOT_IN => return *number,
                None => return NOT_IN,
                Some(_) => at = (at + 1) & mask,
            }
        }
    }
}

/// Numbers of a section, one after the other; 0 after the last.
struct Stream(&'static [u8]);

impl Stream {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    fn varint(&mut self) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= usize::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 || shift > 14 {
                return value;
            }
        }
    }
}

/// Bit `number % 64` of a word and of those that begin with it.
fn bits(number: u16, span: u16) -> u64 {
    let row = if span >= 63 { u64::MAX } else { (1 << (span + 1)) - 1 };
    row.rotate_left(u32::from(number))
}

impl Index {
    /// Unpacks the tables.
    pub(super) fn new(packed: &Packed) -> Index {
        let mut index = Index::default();
        index.read_vocabulary(packed);
        index.read_phrases(packed);
        index.anchor();
        index
    }

    /// Reads the words. Each shares its beginning, and so the hash of that, with the one before.
    fn read_vocabulary(&mut self, packed: &Packed) {
        self.words = HashTable::new(packed.shared.len());
        self.prefixes = HashTable::new(packed.shared.len());
        self.spans = vec![0; THINGS + packed.shared.len()];
        let mut hashes = [HASH_START; LONGEST + 1];
        // prefixes that the present word may begin with: their numbers and lengths
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut tails = packed.tails.iter();
        for (number, shared) in (THINGS..).zip(packed.shared) {
            let mut len = usize::from(*shared).min(LONGEST);
            self.close(&mut open, len, number);
            let mut hash = hashes.get(len).copied().unwrap_or(HASH_START);
            let end = loop {
                match tails.next() {
                    Some(byte) if *byte > END_WORD => {
                        hash = hash_step(hash, *byte);
                        len += 1;
                        if let Some(slot) = hashes.get_mut(len) {
                            *slot = hash;
                        }
                    }
                    Some(end) => break *end,
                    None => break END_FILLER,
                }
            };
            match end {
                END_PREFIX => {
                    self.prefixes.insert(hash, number as u16);
                    open.push((number, len));
                }
                END_FILLER => self.words.insert(hash, FILLER),
                _ => self.words.insert(hash, number as u16),
            }
        }
        self.close(&mut open, 0, THINGS + packed.shared.len());
    }

    /// Ends the prefixes that are longer than what the word with a number shares with the last.
    fn close(&mut self, open: &mut Vec<(usize, usize)>, shared: usize, number: usize) {
        while let Some((prefix, _)) = open.pop_if(|(_, len)| *len > shared || number == self.spans.len()) {
            if let Some(span) = self.spans.get_mut(prefix) {
                *span = (number - 1 - prefix) as u16;
            }
        }
    }

    fn read_phrases(&mut self, packed: &Packed) {
        let mut columns = Columns {
            kinds: Stream(packed.kinds),
            numbers: Stream(packed.numbers),
            sizes: Stream(packed.sizes),
            members: Stream(packed.members),
            groups: Stream(packed.groups),
        };
        self.elements.reserve(packed.kinds.len());
        self.members.reserve(packed.members.len() / 2);
        self.sets.reserve(packed.sizes.len());
        self.phrases.reserve(packed.lengths.len());
        let mut targets = Stream(packed.targets);
        let (mut target, mut left) = (0u16, 0);
        for (len, anchor) in packed.lengths.iter().zip(packed.anchors) {
            while left == 0 {
                target = target.wrapping_add(targets.varint() as u16);
                left = targets.varint();
                if targets.0.is_empty() {
                    break;
                }
            }
            left = left.saturating_sub(1);
            let start = self.elements.len() as u32;
            self.read_places(&mut columns, usize::from(*len));
            self.phrases.push(Phrase { target: Target::from_u16(target), start, len: *len, anchor: *anchor });
        }
    }

    /// Reads places, then the ways of the groups among them; these hold no other groups.
    fn read_places(&mut self, columns: &mut Columns, len: usize) {
        let mut lengths: Vec<u8> = Vec::new();
        let groups = self.groups.len();
        for _ in 0..len {
            let kind = columns.kinds.byte();
            let number = if kind & GROUP != 0 {
                let start = (self.ways.len() + lengths.len()) as u32;
                let count = columns.groups.varint();
                lengths.extend((0..count).map(|_| columns.groups.byte()));
                self.groups.push(Group { signatures: (0, 0), start, end: start + count as u32 });
                self.groups.len() as u16 - 1
            } else if kind & NEW_SET != 0 {
                self.read_set(columns)
            } else {
                columns.numbers.u16()
            };
            self.elements.push(Element {
                number,
                group: kind & GROUP != 0,
                optional: kind & OPTIONAL != 0,
                gap: kind & GAP,
            });
        }
        for len in lengths {
            let start = self.elements.len() as u32;
            self.ways.push((start, start + u32::from(len)));
            self.read_places(columns, usize::from(len));
        }
        for at in groups..self.groups.len() {
            let signatures = self.ways(at as u16).iter().fold((0, 0), |(first, last), (start, end)| {
                let bits = |at: u32| self.signature(self.element(at).number);
                (first | bits(*start), last | bits(end.saturating_sub(1)))
            });
            if let Some(group) = self.groups.get_mut(at) {
                group.signatures = signatures;
            }
        }
    }

    fn read_set(&mut self, columns: &mut Columns) -> u16 {
        let start = self.members.len() as u32;
        let mut signature = 0;
        for _ in 0..columns.sizes.varint() {
            let member = columns.members.u16();
            signature |= bits(member, self.span(member));
            self.members.push(member);
        }
        self.sets.push(Set { signature, start, end: self.members.len() as u32 });
        (self.spans.len() + self.sets.len() - 1) as u16
    }

    /// Lists the phrases by the words that their anchors can begin with.
    fn anchor(&mut self) {
        let mut candidates: Vec<(u16, Candidate)> = Vec::with_capacity(self.phrases.len());
        for (phrase, row) in (0..=u16::MAX).zip(&self.phrases) {
            let anchor = row.start + u32::from(row.anchor);
            let end = row.start + u32::from(row.len);
            let before = self.before(anchor, row.start);
            let element = self.element(anchor);
            let from = candidates.len();
            let mut add = |number: u16, after: Option<(u8, u64)>| {
                // of two neighbours the nearer and rarer one
                let narrow = |(gap, signature): (u8, u64)| signature.count_ones() * [1, 5, 13, 13][usize::from(gap & GAP)];
                let (window, signature) = match (after, before) {
                    (Some(after), Some(before)) if narrow(before) < narrow(after) => (3 + before.0, before.1),
                    (Some((gap, signature)), _) => (gap, signature),
                    (None, Some((gap, signature))) => (3 + gap, signature),
                    (None, None) => (ANYWHERE, u64::MAX),
                };
                let candidate = Candidate { signature, phrase, window };
                match candidates.iter_mut().skip(from).find(|(known, _)| *known == number) {
                    // two ways that begin alike
                    Some((_, known)) if known.window == window => known.signature |= signature,
                    Some((_, known)) => *known = Candidate { signature: u64::MAX, phrase, window: ANYWHERE },
                    None => candidates.push((number, candidate)),
                }
            };
            let rest = anchor + 1..end;
            if element.group {
                for (start, end) in self.ways(element.number) {
                    let after = self.after((start + 1..*end).chain(rest.clone()));
                    add(self.element(*start).number, after);
                }
            } else {
                add(element.number, self.after(rest));
            }
        }
        let numbers = self.spans.len() + self.sets.len();
        self.candidates = Lists::new(numbers, &candidates);
        let mut anchors: Vec<(u16, u16)> = Vec::new();
        for number in 0..numbers as u16 {
            if self.candidates.get(number).is_empty() {
                continue;
            }
            let only = [number];
            for member in self.set(number).map_or(&only[..], |set| self.members(set)) {
                anchors.extend((*member..=member + self.span(*member)).map(|word| (word, number)));
            }
        }
        self.anchors = Lists::new(self.spans.len(), &anchors);
    }

    /// What must come next of some elements: after which gap, and of which words. Elements that may
    /// be missing hand their gap on.
    fn after(&self, elements: impl Iterator<Item = u32>) -> Option<(u8, u64)> {
        let (mut gap, mut signature) = (0, 0);
        for element in elements.map(|at| self.element(at)) {
            gap = gap.max(element.gap);
            signature |= if element.group { self.group_signatures(element.number).0 } else { self.signature(element.number) };
            if !element.optional {
                return Some((gap, signature));
            }
        }
        None
    }

    /// What must stand before an element; a gap lies before the element that it belongs to.
    fn before(&self, anchor: u32, start: u32) -> Option<(u8, u64)> {
        let (mut gap, mut signature) = (self.element(anchor).gap, 0);
        for element in (start..anchor).rev().map(|at| self.element(at)) {
            signature |= if element.group { self.group_signatures(element.number).1 } else { self.signature(element.number) };
            if !element.optional {
                return Some((gap, signature));
            }
            gap = gap.max(element.gap);
        }
        None
    }

    /// The number of the word with a hash.
    pub(super) fn word(&self, hash: u32) -> u16 {
        self.words.get(hash)
    }

    /// The number of the prefix with a hash.
    #[inline]
    pub(super) fn prefix(&self, hash: u32) -> u16 {
        if self.prefixes.may_have(hash) { self.prefixes.get(hash) } else { NOT_IN }
    }

    fn span(&self, number: u16) -> u16 {
        self.spans.get(usize::from(number)).copied().unwrap_or(0)
    }

    fn set(&self, number: u16) -> Option<&Set> {
        self.sets.get(usize::from(number).checked_sub(self.spans.len())?)
    }

    /// Bits of the words that have a number.
    fn signature(&self, number: u16) -> u64 {
        self.set(number).map_or_else(|| bits(number, self.span(number)), |set| set.signature)
    }

    fn members(&self, set: &Set) -> &[u16] {
        self.members.get(set.start as usize..set.end as usize).unwrap_or_default()
    }

    /// Whether a word is one that may stand for a number: the word, one that begins so, or one of
    /// a set of these.
    #[inline]
    pub(super) fn has(&self, token: &Token, number: u16) -> bool {
        let is = |number: u16| {
            let span = self.span(number);
            token.number.wrapping_sub(number) <= span || token.thing.wrapping_sub(number) <= span
        };
        match self.set(number) {
            None => is(number),
            Some(set) => set.signature & token.bits != 0 && self.members(set).iter().any(|member| is(*member)),
        }
    }

    /// The numbers that a word may stand for and that phrases are anchored at.
    pub(super) fn anchors(&self, word: u16) -> &[u16] {
        self.anchors.get(word)
    }

    /// The phrases anchored at a number.
    pub(super) fn candidates(&self, number: u16) -> &[Candidate] {
        self.candidates.get(number)
    }

    pub(super) fn phrase(&self, phrase: u16) -> Option<Phrase> {
        self.phrases.get(usize::from(phrase)).copied()
    }

    /// How many phrases there are.
    pub(super) fn phrase_count(&self) -> usize {
        self.phrases.len()
    }

    #[inline]
    pub(super) fn element(&self, at: u32) -> Element {
        let none = Element { number: FILLER, group: false, optional: false, gap: 0 };
        self.elements.get(at as usize).copied().unwrap_or(none)
    }

    /// The ways of a group, each as its first element and the one after its last.
    pub(super) fn ways(&self, group: u16) -> &[(u32, u32)] {
        let group = self.groups.get(usize::from(group));
        group.and_then(|group| self.ways.get(group.start as usize..group.end as usize)).unwrap_or_default()
    }

    /// Bits of the words that the ways of a group begin with, and end with.
    pub(super) fn group_signatures(&self, group: u16) -> (u64, u64) {
        self.groups.get(usize::from(group)).map_or((0, 0), |group| group.signatures)
    }
}

/// The columns of the phrases, as far as they are read.
struct Columns {
    kinds: Stream,
    numbers: Stream,
    sizes: Stream,
    members: Stream,
    groups: Stream,
}
