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
    /// Bits of its words; of a group, of those that its ways begin with.
    pub signature: u64,
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
    /// Bits of the words one of which must come next, and one of which must stand before.
    pub after: u64,
    pub before: u64,
    /// How near: indices into the sizes of gaps.
    pub gaps: (u8, u8),
    pub phrase: u16,
    /// The rule that it speaks for or switches off, if any.
    pub rule: u16,
}

/// What must stand near a place: the bits of its words, and how near.
type Near = (u64, u8);
/// Whatever stands there, even nothing.
const ANYTHING: Near = (u64::MAX, 3);

#[derive(Clone, Copy, Debug)]
struct Set {
    signature: u64,
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    /// Bits of the words that its ways end with.
    last: u64,
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
    /// Where the phrases that say something are looked for.
    claims: Anchored,
    /// Where those that switch a rule off are.
    guards: Anchored,
}

/// Phrases by the words that they are anchored at.
#[derive(Debug, Default)]
pub(super) struct Anchored {
    candidates: Vec<Candidate>,
    /// For each word and thing their places among the candidates.
    of: Lists<u16>,
}

impl Anchored {
    /// Hands out the phrases anchored at a word.
    #[inline]
    pub(super) fn each(&self, token: &Token, mut candidate: impl FnMut(&Candidate)) {
        for places in [self.of.get(token.number), self.of.get(token.thing)] {
            for place in places {
                if let Some(found) = self.candidates.get(usize::from(*place)) {
                    candidate(found);
                }
            }
        }
    }
}

/// The same while it is collected.
#[derive(Default)]
struct Anchors {
    candidates: Vec<Candidate>,
    words: Vec<(u16, u16)>,
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
#[derive(Debug)]
struct HashTable {
    slots: Vec<(u32, u16)>,
    filter: Box<[u64; 1024]>,
}

impl Default for HashTable {
    fn default() -> Self {
        HashTable::new(0)
    }
}

impl HashTable {
    /// Room for so many.
    fn new(count: usize) -> HashTable {
        let size = (count * 2 + 1).next_power_of_two();
        HashTable { slots: vec![(0, NOT_IN); size], filter: Box::new([0; 1024]) }
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
        self.filter[hash as usize >> 6 & 1023] |= 1 << (hash & 63);
    }

    #[inline]
    fn may_have(&self, hash: u32) -> bool {
        self.filter[hash as usize >> 6 & 1023] >> (hash & 63) & 1 != 0
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
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn u16(&mut self) -> u16 {
        let Some((first, rest)) = self.0.split_first_chunk() else { return 0 };
        self.0 = rest;
        u16::from_le_bytes(*first)
    }

    fn varint(&mut self) -> usize {
        let mut value = 0;
        for shift in [0, 7, 14] {
            let byte = self.byte();
            value |= usize::from(byte & 127) << shift;
            if byte < 128 {
                break;
            }
        }
        value
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
        let from = self.elements.len();
        let mut groups = false;
        for _ in 0..len {
            let kind = columns.kinds.byte();
            let (number, signature) = if kind & GROUP != 0 {
                groups = true;
                (0, 0)
            } else if kind & NEW_SET != 0 {
                self.read_set(columns)
            } else {
                let number = columns.numbers.u16();
                (number, self.signature(number))
            };
            let (group, optional) = (kind & GROUP != 0, kind & OPTIONAL != 0);
            self.elements.push(Element { signature, number, group, optional, gap: kind & GAP });
        }
        if groups {
            for at in from..from + len {
                if self.element(at as u32).group {
                    let read = self.read_group(columns);
                    if let (Some(element), Some((number, signature))) = (self.elements.get_mut(at), read) {
                        (element.number, element.signature) = (number, signature);
                    }
                }
            }
        }
    }

    fn read_group(&mut self, columns: &mut Columns) -> Option<(u16, u64)> {
        let count = columns.groups.varint();
        let (lengths, rest) = columns.groups.0.split_at_checked(count)?;
        columns.groups.0 = rest;
        let first_way = self.ways.len() as u32;
        let (mut first, mut last) = (0, 0);
        for len in lengths {
            let start = self.elements.len() as u32;
            self.read_places(columns, usize::from(*len));
            let end = self.elements.len() as u32;
            first |= self.element(start).signature;
            last |= self.element(end.saturating_sub(1)).signature;
            self.ways.push((start, end));
        }
        self.groups.push(Group { last, start: first_way, end: self.ways.len() as u32 });
        Some((self.groups.len() as u16 - 1, first))
    }

    fn read_set(&mut self, columns: &mut Columns) -> (u16, u64) {
        let start = self.members.len() as u32;
        let mut signature = 0;
        for _ in 0..columns.sizes.varint() {
            let member = columns.members.u16();
            signature |= bits(member, self.span(member));
            self.members.push(member);
        }
        self.sets.push(Set { signature, start, end: self.members.len() as u32 });
        ((self.spans.len() + self.sets.len() - 1) as u16, signature)
    }

    /// Lists the phrases by the words that their anchors can begin with.
    fn anchor(&mut self) {
        let (mut claims, mut guards) = (Anchors::default(), Anchors::default());
        for (phrase, row) in (0..=u16::MAX).zip(&self.phrases) {
            match row.target {
                Target::Guard(rule) => self.anchor_phrase(phrase, row, rule, &mut guards),
                Target::Rule(rule) => self.anchor_phrase(phrase, row, rule, &mut claims),
                Target::Mark(_) | Target::Blocklist(_) => self.anchor_phrase(phrase, row, u16::MAX, &mut claims),
            }
        }
        for (list, anchors) in [(&mut self.claims, claims), (&mut self.guards, guards)] {
            *list = Anchored { candidates: anchors.candidates, of: Lists::new(self.spans.len(), &anchors.words) };
        }
    }

    fn anchor_phrase(&self, phrase: u16, row: &Phrase, rule: u16, anchors: &mut Anchors) {
        let anchor = row.start + u32::from(row.anchor);
        let rest = anchor + 1..row.start + u32::from(row.len);
        let (before, gap) = self.before(anchor, row.start);
        let element = self.element(anchor);
        let mut add = |number: u16, (after, gap_after): Near| {
            let place = anchors.candidates.len() as u16;
            anchors.candidates.push(Candidate { after, before, gaps: (gap_after, gap), phrase, rule });
            let only = [number];
            for member in self.set(number).map_or(&only[..], |set| self.members(set)) {
                anchors.words.extend((*member..=member + self.span(*member)).map(|word| (word, place)));
            }
        };
        if element.group {
            for (start, end) in self.ways(element.number) {
                add(self.element(*start).number, self.after((start + 1..*end).chain(rest.clone())));
            }
        } else {
            add(element.number, self.after(rest));
        }
    }

    /// What must come next of some elements: of which words, after which gap. Elements that may be
    /// missing hand their gap on.
    fn after(&self, elements: impl Iterator<Item = u32>) -> Near {
        let (mut gap, mut signature) = (0, 0);
        for element in elements.map(|at| self.element(at)) {
            gap = gap.max(element.gap);
            signature |= element.signature;
            if !element.optional {
                return (signature, gap);
            }
        }
        ANYTHING
    }

    /// What must stand before an element; a gap lies before the element that it belongs to.
    fn before(&self, anchor: u32, start: u32) -> Near {
        let (mut gap, mut signature) = (self.element(anchor).gap, 0);
        for element in (start..anchor).rev().map(|at| self.element(at)) {
            signature |= if element.group { self.last_signature(element.number) } else { element.signature };
            if !element.optional {
                return (signature, gap);
            }
            gap = gap.max(element.gap);
        }
        ANYTHING
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

    /// Whether a word is one of an element's: the word, one that begins so, or one of a set of these.
    #[inline]
    pub(super) fn has(&self, token: &Token, element: &Element) -> bool {
        element.signature & token.bits != 0 && self.has_number(token, element.number)
    }

    fn has_number(&self, token: &Token, number: u16) -> bool {
        let Some(set) = self.set(number) else {
            return token.thing == number || token.number.wrapping_sub(number) <= self.span(number);
        };
        // the members are in order, and none begins with another
        let members = self.members(set);
        let is_in = |word: u16| {
            let after = members.partition_point(|member| *member <= word);
            let member = after.checked_sub(1).and_then(|at| members.get(at));
            member.is_some_and(|member| word - member <= self.span(*member))
        };
        is_in(token.number) || token.thing != NOT_IN && is_in(token.thing)
    }

    /// Where the phrases that say something are looked for.
    pub(super) fn claims(&self) -> &Anchored {
        &self.claims
    }

    /// Where the phrases that switch a rule off are looked for.
    pub(super) fn guards(&self) -> &Anchored {
        &self.guards
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
        let none = Element { signature: 0, number: FILLER, group: false, optional: false, gap: 0 };
        self.elements.get(at as usize).copied().unwrap_or(none)
    }

    /// The ways of a group, each as its first element and the one after its last.
    pub(super) fn ways(&self, group: u16) -> &[(u32, u32)] {
        let group = self.groups.get(usize::from(group));
        group.and_then(|group| self.ways.get(group.start as usize..group.end as usize)).unwrap_or_default()
    }

    /// Bits of the words that the ways of a group end with.
    pub(super) fn last_signature(&self, group: u16) -> u64 {
        self.groups.get(usize::from(group)).map_or(0, |group| group.last)
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
