//! Which words stand near a token, by how far a phrase may reach.
//!
//! A phrase reaches over a few words (its gap) and, for nothing, over things and ids. So a text is cut
//! into *places*: a word that takes room, with the things on both sides of it. What a gap of `n` words
//! can reach from a token lies within the next `n + 1` places, and the word behind that within the sum of
//! both. The bits of so many places in a row are summed up beforehand for each place that such a row may
//! begin or end at: one, five, thirteen (three rows of five), and all that are left. The answer holds at
//! least what is in reach, and hardly more.

#![allow(clippy::indexing_slicing, reason = "places of arrays of eight")]

use super::index::Bits;
use super::lines::Line;
use super::matcher::Token;

/// How many words a gap may hold: none, `..`, `...`.
pub(super) const GAPS: [usize; 3] = [0, 4, 12];

/// How many places a gap reaches over, with that of the word behind it.
pub(super) fn places(gap: u8) -> usize {
    GAPS.get(usize::from(gap)).map_or(1, |words| words + 1)
}

/// How many places the rows have that are summed up, but the longest, which has all.
pub(super) const ROWS: [usize; 3] = [1, 5, 13];
/// The row that reaches as far as the text.
pub(super) const ALL: u8 = 3;
/// Where the rows begin that stand before a token.
pub(super) const BEFORE: u8 = 4;
/// No row: anything may stand there, even nothing.
pub(super) const ANYTHING: u8 = 8;

/// The bits of the rows that begin at a place, then of those that end there.
type Rows = [Bits; ANYTHING as usize];

/// The bits around one token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    after: &'a Rows,
    before: &'a Rows,
}

impl Around<'_> {
    /// The bits of one row.
    #[inline(always)]
    pub(super) fn near(&self, row: u8) -> Bits {
        let rows = if row < BEFORE { self.after } else { self.before };
        rows.get(usize::from(row)).copied().unwrap_or(Bits::MAX)
    }

    /// Whether a line may stand there; false is certain.
    #[inline(always)]
    pub(super) fn allows(&self, line: &Line) -> bool {
        self.near(line.rows[0]) & line.tests[0] != 0 && self.near(line.rows[1]) & line.tests[1] != 0
    }
}

/// The longest row but one.
const LONG: usize = ROWS[2] - 1;
/// Of a place that is none.
static NOTHING: Rows = [0; ANYTHING as usize];

/// The bits of the places of a text.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// Of twelve places without a word, each place, and twelve without a word: as far as a row may reach.
    own: Vec<Bits>,
    /// Of each of these and the four after it.
    five: Vec<Bits>,
    /// The rows of each place.
    rows: Vec<Rows>,
}

impl Near {
    /// Reads the tokens of a text, and tells each where it stands.
    pub(super) fn read(&mut self, tokens: &mut [Token]) {
        self.own.clear();
        self.own.reserve(tokens.len() + 2 + 2 * LONG);
        self.own.resize(LONG, 0);
        let mut own = 0;
        let mut things = 0;
        for token in tokens {
            if token.passable {
                things |= token.bits;
            } else {
                // things belong to the places on both of their sides; what stands before the first word is
                // a place too, and what stands after the last
                self.own.push(own | things);
                own = token.bits | things;
                things = 0;
            }
            token.next_place = (self.own.len() + 1 - LONG) as u32;
        }
        self.own.extend([own | things, things]);
        self.own.resize(self.own.len() + LONG, 0);
        self.five.clear();
        let from = |place: usize| self.own.get(place..).unwrap_or_default();
        let row = from(0).iter().zip(from(1)).zip(from(2)).zip(from(3)).zip(from(4));
        self.five.extend(row.map(|((((a, b), c), d), e)| a | b | c | d | e));
        let mut before = 0;
        self.rows.clear();
        self.rows.extend(self.own.windows(2 * LONG + 1).zip(self.five.windows(2 * LONG - 3)).map(
            |(own, five)| {
                let thirteen = |at: usize| five[at] | five[at + 5] | five[at + 8];
                let own = own[LONG];
                before |= own;
                [own, five[LONG], thirteen(LONG), 0, own, five[LONG - 4], thirteen(0), before]
            },
        ));
        let mut after = 0;
        for rows in self.rows.iter_mut().rev() {
            after |= rows[0];
            rows[usize::from(ALL)] = after;
        }
    }

    /// What stands around a token.
    #[inline(always)]
    pub(super) fn around(&self, token: &Token) -> Around<'_> {
        let next = token.next_place as usize;
        // the place before a word's own, or the one that a thing stands behind
        let before = (next + usize::from(token.passable)).wrapping_sub(2);
        let rows = |place: usize| self.rows.get(place).unwrap_or(&NOTHING);
        Around { after: rows(next), before: rows(before) }
    }
}
