//! What the matcher reads: words by hash, sets of words, phrases, and where each is anchored.
//!
//! The tables travel in a small form (`rulec/src/lexicon.rs`). It is unpacked here, once, in one
//! pass over each section and without a search. What that takes depends on the rules alone:
//! `docs/PERFORMANCE.md`.

#![allow(
    clippy::indexing_slicing,
    reason = "words, symbols and phrases are numbered by the tables themselves"
)]

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
    kind: u8,
}

impl Element {
    pub(super) fn is_group(self) -> bool {
        self.kind & GROUP != 0
    }

    pub(super) fn is_optional(self) -> bool {
        self.kind & OPTIONAL != 0
    }

    /// Index into the sizes of gaps.
    pub(super) fn gap(self) -> u8 {
        self.kind & GAP
    }

    /// One word that must be there: what most places are.
    pub(super) fn is_plain(self) -> bool {
        self.kind & (GROUP | OPTIONAL) == 0
    }
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
    /// How near: indices into the sizes of gaps, or 3 where anything may stand, even nothing.
    pub gaps: (u8, u8),
    pub phrase: u16,
}

/// What must stand near a place: the bits of its words, and how near.
type Near = (u64, u8);
/// Whatever stands there, even nothing.
const ANYTHING: Near = (u64::MAX, 3);

#[derive(Clone, Copy, Debug)]
struct Group {
    /// Its ways.
    start: u32,
    end: u32,
    /// Bits of the words that its ways end with.
    last: u64,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Index {
    words: HashTable,
    prefixes: HashTable,
    /// For each word how many of the next begin with it; 0 where it is no prefix.
    spans: Vec<u16>,
    /// For each number of a word, set or group bit `number % 64` of all words that it may be; of a
    /// group, of those that it may begin with.
    signatures: Vec<u64>,
    /// For each set where its members begin; a last one for where they end.
    sets: Vec<u32>,
    members: Vec<u16>,
    elements: Vec<Element>,
    /// The groups; their numbers follow those of the sets.
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
    /// For each word and thing their places among the candidates, and the rules that these speak for
    /// or switch off, if any.
    of: Lists<(u16, u16)>,
}

impl Anchored {
    /// Hands out the phrases anchored at a word, each as its place and its rule.
    #[inline]
    pub(super) fn each(&self, token: &Token, mut with: impl FnMut(u16, u16)) {
        for list in [self.of.get(token.number), self.of.get(token.thing)] {
            for (place, rule) in list {
                with(*place, *rule);
            }
        }
    }

    #[inline]
    pub(super) fn candidate(&self, place: u16) -> Option<&Candidate> {
        self.candidates.get(usize::from(place))
    }
}

/// The same while it is collected.
struct Anchors {
    candidates: Vec<Candidate>,
    words: Vec<(u16, (u16, u16))>,
}

impl Anchors {
    fn new(phrases: usize) -> Anchors {
        Anchors { candidates: Vec::with_capacity(phrases), words: Vec::with_capacity(phrases * 2) }
    }
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

impl<T: Copy + Default> Lists<T> {
    /// Puts items into the lists of their numbers, in the order in which they come.
    fn new(count: usize, items: &[(u16, T)]) -> Lists<T> {
        // each start is first how many items are in the list, then where the next one goes
        let mut starts = vec![0u32; count + 1];
        for (number, _) in items {
            if let Some(start) = starts.get_mut(usize::from(*number)) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut sorted = vec![T::default(); items.len()];
        for (number, item) in items.iter().rev() {
            if let Some(at) = starts.get_mut(usize::from(*number)) {
                *at -= 1;
                if let Some(slot) = sorted.get_mut(*at as usize) {
                    *slot = *item;
                }
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

/// Numbers by hash: open addressing, at most half full, with a filter of bits before it. No word has
/// the number 0, so an empty table is zeros, which cost nothing to get.
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
        HashTable { slots: vec![(0, 0); size], filter: Box::new([0; 1024]) }
    }

    fn insert(&mut self, hash: u32, number: u16) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots.get(at).is_some_and(|slot| slot.1 != 0) {
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
                Some((_, 0)) | None => return NOT_IN,
                Some((known, number)) if *known == hash => return *number,
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

fn u16s(section: &'static [u8]) -> impl Iterator<Item = u16> {
    section.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]))
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
        index.read_elements(packed);
        index.read_phrases(packed);
        index.anchor();
        index
    }

    /// Reads the words. Each shares its beginning, and so the hash of that, with the one before.
    fn read_vocabulary(&mut self, packed: &Packed) {
        self.words = HashTable::new(packed.shared.len());
        self.prefixes = HashTable::new(packed.tails.split(|byte| *byte == END_PREFIX).count());
        self.spans = vec![0; THINGS + packed.shared.len()];
        let mut hashes = [HASH_START; LONGEST + 1];
        // prefixes that the present word may begin with: their numbers and lengths
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut tails = packed.tails;
        for (number, shared) in (THINGS..).zip(packed.shared) {
            let mut len = usize::from(*shared).min(LONGEST);
            if !open.is_empty() {
                self.close(&mut open, len, number);
            }
            let mut hash = hashes.get(len).copied().unwrap_or(HASH_START);
            let end = loop {
                let Some((byte, rest)) = tails.split_first() else { break END_FILLER };
                tails = rest;
                if *byte <= END_WORD {
                    break *byte;
                }
                hash = hash_step(hash, *byte);
                len += 1;
                if let Some(slot) = hashes.get_mut(len) {
                    *slot = hash;
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

    /// Reads all places of phrases and of the ways of groups, and the sets that first stand there.
    fn read_elements(&mut self, packed: &Packed) {
        self.members = u16s(packed.members).collect();
        self.signatures.reserve(self.spans.len() + packed.sizes.len() + packed.groups.len());
        self.signatures.extend((0..).zip(&self.spans).map(|(number, span)| bits(number, *span)));
        self.sets.reserve(packed.sizes.len() + 1);
        self.sets.push(0);
        self.elements.reserve(packed.kinds.len());
        let mut numbers = u16s(packed.numbers);
        let mut sizes = Stream(packed.sizes);
        let mut end = 0;
        for kind in packed.kinds {
            let number = match kind & (NEW_SET | GROUP) {
                0 => numbers.next().unwrap_or(FILLER),
                NEW_SET => {
                    let start = end;
                    end += sizes.varint();
                    let words = self.members.get(start..end).unwrap_or_default();
                    let signature = words.iter().fold(0, |bits, word| bits | self.signature(*word));
                    self.sets.push(end as u32);
                    self.signatures.push(signature);
                    self.signatures.len() as u16 - 1
                }
                // the phrases tell
                _ => FILLER,
            };
            self.elements.push(Element { number, kind: *kind });
        }
    }

    /// Tells which elements make a phrase, and which make the ways of its groups; these follow it.
    fn read_phrases(&mut self, packed: &Packed) {
        let mut groups = Stream(packed.groups);
        let mut targets = Stream(packed.targets);
        let (mut target, mut left) = (0u16, 0);
        let mut at = 0;
        self.phrases.reserve(packed.lengths.len());
        for (len, anchor) in packed.lengths.iter().zip(packed.anchors) {
            while left == 0 && !targets.0.is_empty() {
                target = target.wrapping_add(targets.varint() as u16);
                left = targets.varint();
            }
            left = left.saturating_sub(1);
            let (start, end) = (at, at + usize::from(*len));
            at = end;
            let kinds = packed.kinds.get(start..end).unwrap_or_default();
            for (place, _) in (start..end).zip(kinds).filter(|(_, kind)| *kind & GROUP != 0) {
                at = self.read_group(place, at, &mut groups);
            }
            self.phrases.push(Phrase {
                target: Target::from_u16(target),
                start: start as u32,
                len: *len,
                anchor: *anchor,
            });
        }
    }

    /// Reads the group at a place, whose ways begin at an element; gives the one after the last.
    fn read_group(&mut self, place: usize, mut at: usize, groups: &mut Stream) -> usize {
        let first_way = self.ways.len() as u32;
        let (mut first, mut last) = (0, 0);
        for _ in 0..groups.varint() {
            let start = at as u32;
            at += usize::from(groups.byte());
            let end = at as u32;
            first |= self.signature(self.element(start).number);
            last |= self.signature(self.element(end.saturating_sub(1)).number);
            self.ways.push((start, end));
        }
        if let Some(element) = self.elements.get_mut(place) {
            element.number = self.signatures.len() as u16;
        }
        self.signatures.push(first);
        self.groups.push(Group { start: first_way, end: self.ways.len() as u32, last });
        at
    }

    /// Lists the phrases by the words that their anchors can begin with.
    fn anchor(&mut self) {
        let mut claims = Anchors::new(self.phrases.len());
        let mut guards = Anchors::new(self.phrases.len());
        for (phrase, row) in (0..=u16::MAX).zip(&self.phrases) {
            match row.target {
                Target::Guard(rule) => self.anchor_phrase(phrase, row, rule, &mut guards),
                Target::Rule(rule) => self.anchor_phrase(phrase, row, rule, &mut claims),
                Target::Mark(_) | Target::Blocklist(_) => {
                    self.anchor_phrase(phrase, row, u16::MAX, &mut claims);
                }
            }
        }
        for (list, anchors) in [(&mut self.claims, claims), (&mut self.guards, guards)] {
            *list =
                Anchored { candidates: anchors.candidates, of: Lists::new(self.spans.len(), &anchors.words) };
        }
    }

    fn anchor_phrase(&self, phrase: u16, row: &Phrase, rule: u16, anchors: &mut Anchors) {
        let anchor = row.start + u32::from(row.anchor);
        let rest = anchor + 1..row.start + u32::from(row.len);
        let (before, gap) = self.before(anchor, row.start);
        let element = self.element(anchor);
        let mut add = |number: u16, (after, gap_after): Near| {
            let place = anchors.candidates.len() as u16;
            anchors.candidates.push(Candidate { after, before, gaps: (gap_after, gap), phrase });
            let only = [number];
            for member in self.set(number).unwrap_or(&only) {
                anchors.words.push((*member, (place, rule)));
                let span = self.span(*member);
                if span > 0 {
                    anchors.words.extend((1..=span).map(|next| (member + next, (place, rule))));
                }
            }
        };
        if element.is_group() {
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
            gap = gap.max(element.gap());
            signature |= self.signature(element.number);
            if !element.is_optional() {
                return (signature, gap);
            }
        }
        ANYTHING
    }

    /// What must stand before an element; a gap lies before the element that it belongs to.
    fn before(&self, anchor: u32, start: u32) -> Near {
        let (mut gap, mut signature) = (self.element(anchor).gap(), 0);
        for element in (start..anchor).rev().map(|at| self.element(at)) {
            signature |= if element.is_group() {
                self.last_signature(element.number)
            } else {
                self.signature(element.number)
            };
            if !element.is_optional() {
                return (signature, gap);
            }
            gap = gap.max(element.gap());
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

    /// The words of a set, in order; none begins with another.
    fn set(&self, number: u16) -> Option<&[u16]> {
        let set = usize::from(number).checked_sub(self.spans.len())?;
        let (start, end) = (self.sets.get(set)?, self.sets.get(set + 1)?);
        self.members.get(*start as usize..*end as usize)
    }

    /// Whether a word is one of an element's: the word, one that begins so, or one of a set of these.
    #[inline]
    pub(super) fn has(&self, token: &Token, element: Element) -> bool {
        self.may_have(token, element) && self.has_number(token, element.number)
    }

    /// The same for a glance; of a group, whether it may begin so. False is certain.
    #[inline]
    pub(super) fn may_have(&self, token: &Token, element: Element) -> bool {
        self.signature(element.number) & token.bits != 0
    }

    #[inline]
    fn signature(&self, number: u16) -> u64 {
        self.signatures.get(usize::from(number)).copied().unwrap_or(0)
    }

    fn has_number(&self, token: &Token, number: u16) -> bool {
        let Some(members) = self.set(number) else {
            return token.thing == number || token.number.wrapping_sub(number) <= self.span(number);
        };
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
        let none = Element { number: FILLER, kind: 0 };
        self.elements.get(at as usize).copied().unwrap_or(none)
    }

    fn group(&self, number: u16) -> Option<&Group> {
        let before = self.spans.len() + self.sets.len() - 1;
        self.groups.get(usize::from(number).checked_sub(before)?)
    }

    /// The ways of a group, each as its first element and the one after its last.
    pub(super) fn ways(&self, group: u16) -> &[(u32, u32)] {
        let ways =
            self.group(group).and_then(|group| self.ways.get(group.start as usize..group.end as usize));
        ways.unwrap_or_default()
    }

    /// Bits of the words that the ways of a group end with.
    pub(super) fn last_signature(&self, group: u16) -> u64 {
        self.group(group).map_or(0, |group| group.last)
    }
}
