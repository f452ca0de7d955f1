//! Which words stand near a token, by how far a phrase may reach.
//!
//! A phrase reaches over a few words (its gap) and, for nothing, over things and ids. So a text is cut
//! into *places*: a word that takes room, with the things on both sides of it. What a gap of `n` words
//! can reach from a token lies within the next `n + 1` places. The bits of so many places in a row are
//! known in constant time: blocks of `n + 1` places each are summed up from their beginning and from
//! their end, and any row of that length is the end of one block and the beginning of the next (van
//! Herk 1992, Gil and Werman 1993). The answer holds at least what is in reach, and hardly more.

#![allow(clippy::indexing_slicing, reason = "eight places, by three bits")]

use super::index::{Bits, Candidate, Token};

/// How many words a gap may hold: none, `..`, `...`.
pub(super) const GAPS: [usize; 3] = [0, 4, 12];

/// The bits around one token: by gap those after it, and those before it; the fourth of each for where
/// anything may stand, even nothing. Then those of the whole text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    near: [Bits; 8],
    all: Bits,
}

impl Around {
    /// The bits at one place near.
    #[inline(always)]
    pub(super) fn near(&self, place: u8) -> Bits {
        self.near[usize::from(place & 7)]
    }

    /// Whether a line may stand there; false is certain.
    #[inline(always)]
    pub(super) fn allows(&self, candidate: &Candidate) -> bool {
        let (after, before) = candidate.gaps;
        self.near[usize::from(after & 7)] & candidate.after != 0
            && self.near[usize::from(before & 7)] & candidate.before != 0
            && self.all & candidate.far != 0
    }
}

/// Where [`Around`] has what stands before a token.
pub(super) const BEFORE: u8 = 4;

/// The places of a text.
#[derive(Debug, Default)]
pub(super) struct Near {
    places: Vec<Place>,
    all: Bits,
}

/// The bits of a place, and of the places of its blocks up to it and from it on.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    own: Bits,
    four: Block,
    twelve: Block,
}

#[derive(Clone, Copy, Debug, Default)]
struct Block {
    up_to: Bits,
    from: Bits,
}

impl Near {
    /// Reads the tokens of a text, and tells each where it stands.
    pub(super) fn read(&mut self, tokens: &mut [Token]) {
        self.places.clear();
        // what stands before the first word is a place too, and what stands after the last
        self.places.reserve(tokens.len() + 2);
        self.places.push(Place::default());
        self.all = 0;
        let mut things = 0;
        for token in tokens {
            self.all |= token.bits;
            if token.passable {
                things |= token.bits;
            } else {
                self.end_place(things);
                self.places.push(Place { own: token.bits | things, ..Place::default() });
                things = 0;
            }
            token.next_place = self.places.len() as u32;
        }
        self.end_place(things);
        self.places.push(Place { own: things, ..Place::default() });
        self.sum_up(GAPS[1] + 1, |place| &mut place.four);
        self.sum_up(GAPS[2] + 1, |place| &mut place.twelve);
    }

    /// Things belong to the places on both of their sides.
    fn end_place(&mut self, things: Bits) {
        if let Some(last) = self.places.last_mut() {
            last.own |= things;
        }
    }

    fn sum_up(&mut self, len: usize, block: impl Fn(&mut Place) -> &mut Block) {
        for places in self.places.chunks_mut(len) {
            let mut bits = 0;
            for place in &mut *places {
                bits |= place.own;
                block(place).up_to = bits;
            }
            bits = 0;
            for place in places.iter_mut().rev() {
                bits |= place.own;
                block(place).from = bits;
            }
        }
    }

    /// What stands around a token.
    #[inline(always)]
    pub(super) fn around(&self, token: &Token) -> Around {
        let next = token.next_place as usize;
        // the place before a word's own, or the one that a thing stands behind
        let before = (next + usize::from(token.passable)).saturating_sub(2);
        let near = [
            self.own(next),
            self.after(next, GAPS[1], |place| place.four),
            self.after(next, GAPS[2], |place| place.twelve),
            Bits::MAX,
            self.own(before),
            self.before(before, GAPS[1], |place| place.four),
            self.before(before, GAPS[2], |place| place.twelve),
            Bits::MAX,
        ];
        Around { near, all: self.all }
    }

    #[inline(always)]
    fn own(&self, at: usize) -> Bits {
        self.places.get(at).map_or(0, |place| place.own)
    }

    /// The bits of a place and of so many after it.
    #[inline(always)]
    fn after(&self, first: usize, more: usize, block: impl Fn(&Place) -> Block) -> Bits {
        let last = (first + more).min(self.places.len() - 1);
        let from = self.places.get(first).map_or(0, |place| block(place).from);
        // the row ends in the next block, or its own block ends the text
        if first / (more + 1) == last / (more + 1) {
            return from;
        }
        from | self.places.get(last).map_or(0, |place| block(place).up_to)
    }

    /// The bits of a place and of so many before it.
    #[inline(always)]
    fn before(&self, last: usize, more: usize, block: impl Fn(&Place) -> Block) -> Bits {
        let first = last.saturating_sub(more);
        let up_to = self.places.get(last).map_or(0, |place| block(place).up_to);
        if first / (more + 1) == last / (more + 1) {
            return up_to;
        }
        up_to | self.places.get(first).map_or(0, |place| block(place).from)
    }
}
