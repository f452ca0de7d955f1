//! What is read of the tables once: where each phrase lies, and at which words it is looked for.
//!
//! The tables travel in a small form (`rulec/src/lexicon.rs`), and most of them stay in it. The first call
//! walks over the places of all phrases once. Some are marked as *anchors*: of each row of words that a
//! phrase stands for the rarest one. The phrase is linked to each word that may stand there. All else waits
//! until a text has such a word: [`super::vocabulary`] and [`super::lines`] then read what it needs, and
//! keep it. Most words of the vocabulary are never seen, so most of that work is never done. What all this
//! takes: `docs/PERFORMANCE.md`.

#![allow(clippy::indexing_slicing, reason = "two bytes of two, three of three")]

use super::lean::Homes;
use super::matcher::Learned;
use super::tables::Target;
use super::vocabulary::Beginnings;
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Numbers below this are things; `rulec/src/phrase.rs` has their order.
pub(super) const THINGS: u16 = 6;

/// Bits of a kind.
pub(super) const GAP: u8 = 3;
pub(super) const OPTIONAL: u8 = 4;
const NEW_SET: u8 = 8;
pub(super) const GROUP: u8 = 16;
pub(super) const ANCHOR: u8 = 32;
pub(super) const LAST: u8 = 64;

/// The sections, in the order in which `rulec` writes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    pub shared: &'static [u8],
    pub tails: &'static [u8],
    pub beginnings: &'static [u8],
    pub kinds: &'static [u8],
    pub numbers: &'static [u8],
    pub sizes: &'static [u8],
    pub members: &'static [u8],
    pub groups: &'static [u8],
    pub targets: &'static [u8],
}

/// Which words may stand somewhere: a bit of each ([`bit_of`]).
pub(super) type Bits = u128;

/// Bit `number % 128`.
#[inline(always)]
pub(super) fn bit(number: u16) -> Bits {
    // by halves: wasm has no shift of 128 bits
    let half = 1u64 << (number % 64);
    if number & 64 == 0 { Bits::from(half) } else { Bits::from(half) << 64 }
}

/// The bit of a word or thing. Sixteen words that follow each other in the alphabet share one: many are forms of
/// one word and stand in the same sets, which then have fewer bits. Things, which are in most texts, have bits
/// of their own.
#[inline(always)]
pub(super) fn bit_of(number: u16) -> Bits {
    let others = Bits::BITS as u16 - THINGS;
    bit(if number < THINGS { number } else { THINGS + number / 16 % others })
}

/// A little-endian number.
#[inline(always)]
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at * 2..at * 2 + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

/// A number in one or two bytes, seven bits a byte, the lowest first.
#[inline(always)]
pub(super) fn varint(bytes: &[u8], at: &mut usize) -> usize {
    let mut byte = || {
        *at += 1;
        usize::from(bytes.get(*at - 1).copied().unwrap_or(0))
    };
    match byte() {
        low @ ..128 => low,
        low => low & 127 | byte() << 7,
    }
}

/// Where a phrase lies: its first kind, number, byte of the groups and new set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    pub kind: u16,
    pub number: u16,
    pub group: u16,
    pub set: u16,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Index {
    pub packed: Packed,
    pub beginnings: Beginnings,
    /// For each set where its members begin; a last one for where they end.
    sets: Vec<u32>,
    phrases: Vec<Phrase>,
    /// What each phrase is of.
    targets: Vec<u16>,
    /// For each word or thing the last phrase with a row that is anchored at it, as a place among the links.
    anchors: Vec<u16>,
    /// A phrase, and the place of the one before it; 0 before the first.
    links: Vec<(u16, u16)>,
    /// What was learned from texts, as often as texts were read at the same time.
    #[allow(clippy::vec_box, reason = "it is taken out and put back at each call")]
    idle: Mutex<Vec<Box<Learned>>>,
    /// Where words are at home, once that was asked.
    homes: OnceLock<Box<Homes>>,
}

impl Index {
    /// Reads what the first text needs.
    pub(super) fn new(packed: &Packed) -> Index {
        let beginnings = Beginnings::new(packed);
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
            phrases: Vec::with_capacity(packed.kinds.len() / 4),
            targets: Vec::with_capacity(packed.kinds.len() / 4),
            anchors: vec![0; beginnings.words()],
            links: Vec::with_capacity(packed.kinds.len() / 4),
            idle: Mutex::default(),
            homes: OnceLock::new(),
            beginnings,
        };
        index.links.push((0, 0));
        index.read_phrases();
        index
    }

    /// Notes where each phrase lies and what it is of, and links it to the words at its anchors.
    fn read_phrases(&mut self) {
        let packed = self.packed;
        let mut next = Phrase { kind: 0, number: 0, group: 0, set: self.first_set() };
        let mut phrase = next;
        for kind in packed.kinds {
            if kind & ANCHOR != 0 {
                let number = next.element(&packed, *kind);
                self.link(number, self.phrases.len() as u16);
            } else {
                next.step_over(&packed, *kind);
            }
            if kind & LAST != 0 {
                self.phrases.push(phrase);
                phrase = next;
            }
        }
        let mut target = 0u16;
        for row in packed.targets.as_chunks::<3>().0 {
            target = target.wrapping_add(u16::from_le_bytes([row[0], row[1]]));
            self.targets.resize(self.targets.len() + usize::from(row[2]), target);
        }
    }

    /// Links a phrase to a word, or to each of a set.
    #[inline(always)]
    fn link(&mut self, number: u16, phrase: u16) {
        let Some((_, members)) = self.set(number) else { return self.link_word(number, phrase) };
        for at in members {
            self.link_word(u16_at(self.packed.members, at), phrase);
        }
    }

    #[inline(always)]
    fn link_word(&mut self, word: u16, phrase: u16) {
        if let Some(last) = self.anchors.get_mut(usize::from(word)) {
            // a group may have more ways with the word
            if self.links.get(usize::from(*last)).is_some_and(|link| *last == 0 || link.0 != phrase) {
                let before = std::mem::replace(last, self.links.len() as u16);
                self.links.push((phrase, before));
            }
        }
    }

    /// The phrases with a row that is anchored at a word, the last first.
    pub(super) fn anchored(&self, word: u16) -> impl Iterator<Item = u16> {
        let mut next = self.anchors.get(usize::from(word)).copied().unwrap_or(0);
        std::iter::from_fn(move || {
            let link = self.links.get(usize::from(next)).filter(|_| next > 0)?;
            next = link.1;
            Some(link.0)
        })
    }

    /// Where a phrase lies.
    pub(super) fn phrase(&self, phrase: u16) -> Option<Phrase> {
        self.phrases.get(usize::from(phrase)).copied()
    }

    /// What a phrase is of.
    pub(super) fn target(&self, phrase: u16) -> Target {
        Target::from_u16(self.targets.get(usize::from(phrase)).copied().unwrap_or(0))
    }

    /// How many phrases there are.
    pub(super) fn phrase_count(&self) -> usize {
        self.phrases.len()
    }

    /// Where words are at home.
    pub(super) fn homes(&self, make: impl FnOnce() -> Homes) -> &Homes {
        self.homes.get_or_init(|| Box::new(make()))
    }

    /// How many words and things there are.
    pub(super) fn word_count(&self) -> usize {
        self.anchors.len()
    }

    /// Hands out each word of a phrase, and each of its sets.
    pub(super) fn each_word(&self, phrase: u16, mut with: impl FnMut(u16)) {
        let Some(mut next) = self.phrase(phrase) else { return };
        for kind in self.packed.kinds.get(usize::from(next.kind)..).unwrap_or_default() {
            let number = next.element(&self.packed, *kind);
            match self.set(number) {
                _ if kind & GROUP != 0 => {}
                Some((_, members)) => members.for_each(|at| with(u16_at(self.packed.members, at))),
                None => with(number),
            }
            if kind & LAST != 0 {
                return;
            }
        }
    }

    /// The number of the first set.
    fn first_set(&self) -> u16 {
        self.anchors.len() as u16
    }

    /// The place of a set among the sets, and where its members lie, in order; none begins with another.
    #[inline(always)]
    pub(super) fn set(&self, number: u16) -> Option<(usize, Range<usize>)> {
        let set = usize::from(number.checked_sub(self.first_set())?);
        Some((set, *self.sets.get(set)? as usize..*self.sets.get(set + 1)? as usize))
    }

    /// How many sets there are.
    pub(super) fn set_count(&self) -> usize {
        self.packed.sizes.len()
    }

    /// Lends what was learned from texts.
    pub(super) fn with_learned<T>(&self, with: impl FnOnce(&mut Learned) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle().pop();
        let mut learned = known.unwrap_or_else(|| Box::new(Learned::new(self)));
        let result = with(&mut learned);
        idle().push(learned);
        result
    }
}

impl Phrase {
    /// Goes over the next element, which has a kind; gives its number, which a group has none of.
    #[inline(always)]
    pub(super) fn element(&mut self, packed: &Packed, kind: u8) -> u16 {
        let (number, set) = (self.number, self.set);
        self.step_over(packed, kind);
        if kind & NEW_SET == 0 { u16_at(packed.numbers, usize::from(number)) } else { set }
    }

    /// Goes over the next element, which has a kind.
    #[inline(always)]
    pub(super) fn step_over(&mut self, packed: &Packed, kind: u8) {
        self.kind = self.kind.wrapping_add(1);
        match kind & (NEW_SET | GROUP) {
            0 => self.number = self.number.wrapping_add(1),
            NEW_SET => self.set = self.set.wrapping_add(1),
            _ => {
                // how many ways it has, and a byte for each
                let mut group = usize::from(self.group);
                let ways = varint(packed.groups, &mut group);
                self.group = (group + ways) as u16;
            }
        }
    }
}
