//! Which words stand near a token, by how far a phrase may reach.
//!
//! A phrase reaches over a few words (its gap) and, for nothing, over things and ids. So a text is cut
//! into *places*: a word that takes room, with the things on both sides of it. What a gap of `n` words
//! can reach from a token lies within the next `n + 1` places. The bits of so many places in a row are
//! summed up beforehand for each place that such a row may begin at: five by five, and thirteen as three
//! rows of five. What stands before a token is such a row too, which begins so much earlier. The answer
//! holds at least what is in reach, and hardly more.

#![allow(clippy::indexing_slicing, reason = "eight places, by three bits")]

use super::index::Bits;
use super::lines::Line;
use super::matcher::Token;

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
    pub(super) fn allows(&self, line: &Line) -> bool {
        let (after, before) = line.places;
        self.near(after) & line.after != 0 && self.near(before) & line.before != 0 && self.all & line.far != 0
    }
}

/// Where [`Around`] has what stands before a token.
pub(super) const BEFORE: u8 = 4;

/// The bits of the places of a text.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// Of four places without a word, each place, and twelve without a word: as far as a row may reach.
    own: Vec<Bits>,
    /// Of each place and the four after it.
    five: Vec<Bits>,
    /// Of each place and the twelve after it.
    thirteen: Vec<Bits>,
    all: Bits,
}

impl Near {
    /// Reads the tokens of a text, and tells each where it stands.
    pub(super) fn read(&mut self, tokens: &mut [Token]) {
        self.own.clear();
        self.own.reserve(GAPS[1] + tokens.len() + 2 + GAPS[2]);
        self.own.resize(GAPS[1], 0);
        self.all = 0;
        let mut own = 0;
        let mut things = 0;
        for token in tokens {
            self.all |= token.bits;
            if token.passable {
                things |= token.bits;
            } else {
                // things belong to the places on both of their sides; what stands before the first word is
                // a place too, and what stands after the last
                self.own.push(own | things);
                own = token.bits | things;
                things = 0;
            }
            token.next_place = self.own.len() as u32 + 1 - GAPS[1] as u32;
        }
        self.own.extend([own | things, things]);
        self.own.resize(self.own.len() + GAPS[2], 0);
        self.five.clear();
        self.five.extend(self.own.windows(5).map(|row| row[0] | row[1] | row[2] | row[3] | row[4]));
        let from = |places: usize| self.five.get(places..).unwrap_or_default();
        self.thirteen.clear();
        self.thirteen.extend(from(0).iter().zip(from(5)).zip(from(8)).map(|((a, b), c)| a | b | c));
    }

    /// What stands around a token.
    #[inline(always)]
    pub(super) fn around(&self, token: &Token) -> Around {
        let next = token.next_place as usize;
        // the place before a word's own, or the one that a thing stands behind
        let before = (next + usize::from(token.passable)).saturating_sub(2);
        let (next, before) = (GAPS[1] + next, GAPS[1] + before);
        let at = |places: &[Bits], at: usize| places.get(at).copied().unwrap_or(0);
        let near = [
            at(&self.own, next),
            at(&self.five, next),
            at(&self.thirteen, next),
            Bits::MAX,
            at(&self.own, before),
            at(&self.five, before - GAPS[1]),
            // a row that would begin earlier reaches farther than it must
            at(&self.thirteen, before.saturating_sub(GAPS[2])),
            Bits::MAX,
        ];
        Around { near, all: self.all }
    }
}
