//! Finds the phrases of all rules in the words of a text.
//!
//! Every word is looked up once in the vocabulary, by a hash that was made while it was read; one that
//! is not in it may begin like one that is. A phrase is *lines*, rows of words ([`super::lines`]). Each
//! line is *anchored* at its word that is rarest in bounces, and is looked at only where that stands. The
//! next word on each side is known in advance, as 128 bits of the words that may stand there (bit
//! `number % 128` of each), and so is a third word that must be anywhere. What stands near the anchor has
//! such bits too ([`super::near`]); where two share none, and they rarely do, the line cannot be there. The
//! others are verified from the anchor to the right and to the left.
//!
//! Why it finds all: the bits are of a superset on both sides. What is required must be in reach
//! (a gap and what may be stepped over).
//!
//! Why it is linear: a word anchors a bounded number of lines (a phrase has at most 500), and a line has
//! at most four gaps of at most 12 words and a budget of steps; so the work per word is bounded by the
//! rules, whatever the text. A phrase that was found once is not looked for again.

use std::cell::RefCell;

use super::index::{Anchored, Bits, Candidate, Index, NOT_IN, Token, bit};
use super::lines::Element;
use super::near::{GAPS, Near};
use super::tables::{Rules, Target};
use crate::order;
use crate::text::words::{Item, Words};

/// A phrase that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is a phrase of.
    pub target: Target,
    /// First byte in the text.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
}

/// All phrases that were found, in the order of their places; of those that begin together the
/// longest first, then in the order of the tables.
pub type Matches = Vec<Hit>;

/// Room for the phrases of most texts.
const USUAL: usize = 16;
/// How many things or unknown ids a phrase steps over between two words.
const STEPS: usize = 3;
/// How many steps one verification may take; phrases as people write them take some dozens.
const BUDGET: u32 = 512;

/// No word beginning shorter than this is looked up.
const SHORTEST_PREFIX: usize = 2;

/// Numbers of things; `rulec/src/phrase.rs` has the same order.
const THING_ADDRESS: u16 = 0;
const THING_HOST: u16 = 1;
const THING_URL: u16 = 2;
const THING_IP: u16 = 3;
const THING_ID: u16 = 4;
const THING_NUMBER: u16 = 5;

thread_local! {
    /// Kept from text to text, so that no text asks for memory; it grows with the longest, of which no
    /// more than some 16 KB are matched.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What is worked out of one text.
#[derive(Debug, Default)]
struct Scratch {
    tokens: Vec<Token>,
    near: Near,
    found: Seen,
    rules: Seen,
}

/// Finds all phrases in the words of a text; those that switch a rule off only where another
/// phrase speaks for the rule.
pub fn find(rules: &Rules, words: &Words) -> Matches {
    SCRATCH.with_borrow_mut(|scratch| find_with(rules, words, scratch))
}

fn find_with(rules: &Rules, words: &Words, scratch: &mut Scratch) -> Matches {
    let index = rules.index();
    let Scratch { tokens, near, found, rules: speakers } = scratch;
    tokenise(index, words, tokens);
    near.read(tokens);
    found.reset(index.phrase_count());
    speakers.reset(rules.rule_count());
    let mut matches = Matches::with_capacity(USUAL);
    // bit `rule % 128` of the rules that a phrase speaks for
    let mut speaking: Bits = 0;
    let tokens = &**tokens;
    let mut search = Search { index, tokens, budget: 0 };
    let mut verify = |candidate: &Candidate, at: usize| {
        let (first, last) = search.verify(index.lines(candidate.phrase)?.line(candidate.line)?, at)?;
        let word = |at: usize| words.words.get(tokens.get(at)?.word as usize);
        Some(Hit { target: candidate.target, start: word(first)?.start, end: word(last)?.end })
    };
    for (at, token) in tokens.iter().enumerate() {
        let mut around = None;
        each_anchored(index, token, |anchored| {
            if anchored.is_silent() {
                return;
            }
            let around = around.get_or_insert_with(|| near.around(token));
            for (place, candidates) in anchored.claims() {
                let bits = around.near(place);
                for (telling, candidate) in candidates {
                    if telling & bits != 0
                        && around.allows(candidate)
                        && !found.has(candidate.phrase)
                        && let Some(hit) = verify(candidate, at)
                    {
                        found.add(candidate.phrase);
                        if let Target::Rule(rule) = hit.target {
                            speakers.add(rule);
                            speaking |= bit(rule);
                        }
                        matches.push(hit);
                    }
                }
            }
        });
    }
    for (at, token) in tokens.iter().enumerate() {
        let mut around = None;
        each_anchored(index, token, |anchored| {
            if anchored.guarded & speaking == 0 {
                return;
            }
            for (rule, candidate) in anchored.guards() {
                if speakers.has(rule)
                    && around.get_or_insert_with(|| near.around(token)).allows(candidate)
                    && let Some(hit) = verify(candidate, at)
                {
                    // one is enough
                    speakers.remove(rule);
                    matches.push(hit);
                }
            }
        });
    }
    let key = |hit: &Hit| (hit.start, std::cmp::Reverse(hit.end), hit.target.to_u16());
    order::sort(&mut matches, |a, b| key(a).cmp(&key(b)));
    matches
}

/// Hands out what is anchored at a word, at each prefix that it begins with, and at the thing that
/// it is.
#[inline(always)]
fn each_anchored<'a>(index: &'a Index, token: &Token, mut with: impl FnMut(&'a Anchored)) {
    for first in [token.number, token.thing] {
        let mut next = first;
        while let Some(anchored) = index.anchored(next) {
            with(anchored);
            next = index.prefix(next);
        }
    }
}

/// Numbers that were seen.
#[derive(Debug, Default)]
struct Seen(Vec<u64>);

impl Seen {
    fn reset(&mut self, count: usize) {
        let len = count.div_ceil(64);
        if self.0.len() == len {
            self.0.fill(0);
        } else {
            self.0 = vec![0; len];
        }
    }

    #[inline(always)]
    fn has(&self, number: u16) -> bool {
        self.0.get(usize::from(number / 64)).is_some_and(|bits| bits >> (number % 64) & 1 != 0)
    }

    #[inline(always)]
    fn add(&mut self, number: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(number / 64)) {
            *bits |= 1 << (number % 64);
        }
    }

    #[inline(always)]
    fn remove(&mut self, number: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(number / 64)) {
            *bits &= !(1 << (number % 64));
        }
    }
}

fn tokenise(index: &Index, words: &Words, tokens: &mut Vec<Token>) {
    tokens.clear();
    tokens.reserve(words.words.len());
    tokens.extend((0u32..).zip(&words.words).filter_map(|(at, word)| {
        let thing = match word.item {
            Item::Address => THING_ADDRESS,
            Item::Host => THING_HOST,
            Item::Url => THING_URL,
            Item::Ip => THING_IP,
            Item::Mixed => THING_ID,
            Item::Number => THING_NUMBER,
            Item::Word => NOT_IN,
        };
        let mut token = Token { bits: 0, number: NOT_IN, thing, passable: false, word: at, next_place: 0 };
        if !word.item.is_thing() {
            token.number = index.number(word.hash, || {
                let letters = words.letters(word);
                (letters, if word.item == Item::Mixed { shortest_of_id(letters) } else { SHORTEST_PREFIX })
            });
        }
        token.bits = index.bits(&token)?;
        token.passable = thing != NOT_IN && (token.number == NOT_IN || thing == THING_NUMBER);
        Some(token)
    }));
}

/// The numbers of the words of a text that phrases have, each with its place among the words.
pub(super) fn numbers_of(index: &Index, words: &Words) -> Vec<(u16, u32)> {
    let mut tokens = Vec::new();
    tokenise(index, words, &mut tokens);
    let known = tokens.iter().filter(|token| token.number != NOT_IN && token.thing == NOT_IN);
    known.map(|token| (token.number, token.word)).collect()
}

/// Of letters and digits mixed a beginning counts when it has a digit itself, or digits are all that
/// follows: `ofr005` begins with `ofr`, the queue id `spam5xq` does not begin with `spam`.
fn shortest_of_id(letters: &[u8]) -> usize {
    let first_digit = letters.iter().position(u8::is_ascii_digit).unwrap_or(letters.len());
    let counted = letters.get(first_digit..).unwrap_or_default().iter().all(u8::is_ascii_digit);
    SHORTEST_PREFIX.max(first_digit + usize::from(!counted))
}

/// Verifies lines at their anchors.
struct Search<'a> {
    index: &'a Index,
    tokens: &'a [Token],
    budget: u32,
}

impl Search<'_> {
    /// Verifies a line whose anchor is a token; gives its first and last token.
    fn verify(&mut self, line: (&[Element], &Element, &[Element]), at: usize) -> Option<(usize, usize)> {
        let (before, anchor, after) = line;
        self.budget = BUDGET;
        let last = self.forward(after, at)?;
        Some((self.backward(before, anchor.gap, at)?, last))
    }

    /// Matches elements after the token `at`; gives the last token.
    fn forward(&mut self, mut elements: &[Element], mut at: usize) -> Option<usize> {
        while let [element, rest @ ..] = elements {
            let next = self.tokens.get(at + 1)?;
            if element.gap > 0 || next.passable {
                return self.forward_over(element, rest, at);
            }
            // most elements: one word, here or nowhere
            if !self.index.has(next, element) {
                return None;
            }
            (elements, at) = (rest, at + 1);
        }
        Some(at)
    }

    /// The same where there is a choice.
    fn forward_over(&mut self, element: &Element, rest: &[Element], at: usize) -> Option<usize> {
        let mut room = Room::new(element.gap);
        let mut next = at + 1;
        while let Some(token) = self.tokens.get(next) {
            if self.index.has(token, element) {
                let last = self.forward(rest, next);
                if last.is_some() {
                    return last;
                }
            }
            if !room.step(token) || !self.spend() {
                return None;
            }
            next += 1;
        }
        None
    }

    /// Matches elements before the token `at`, the last of them within a gap; gives the first token.
    fn backward(&mut self, mut elements: &[Element], mut gap: u8, mut at: usize) -> Option<usize> {
        while let [rest @ .., element] = elements {
            let next = at.checked_sub(1)?;
            let token = self.tokens.get(next)?;
            if gap > 0 || token.passable {
                return self.backward_over(element, rest, gap, at);
            }
            if !self.index.has(token, element) {
                return None;
            }
            // the gap of an element lies before it
            (elements, gap, at) = (rest, element.gap, next);
        }
        Some(at)
    }

    /// The same where there is a choice.
    fn backward_over(&mut self, element: &Element, rest: &[Element], gap: u8, at: usize) -> Option<usize> {
        let mut room = Room::new(gap);
        for next in (0..at).rev() {
            let token = self.tokens.get(next)?;
            if self.index.has(token, element) {
                let first = self.backward(rest, element.gap, next);
                if first.is_some() {
                    return first;
                }
            }
            if !room.step(token) || !self.spend() {
                return None;
            }
        }
        None
    }

    #[inline(always)]
    fn spend(&mut self) -> bool {
        self.budget = self.budget.saturating_sub(1);
        self.budget > 0
    }
}

/// How far a phrase may still reach for its next word.
struct Room {
    words: usize,
    things: usize,
}

impl Room {
    #[inline(always)]
    fn new(gap: u8) -> Room {
        Room { words: GAPS.get(usize::from(gap)).copied().unwrap_or(0), things: STEPS }
    }

    /// Steps over a token; false when there is no room for it.
    #[inline(always)]
    fn step(&mut self, token: &Token) -> bool {
        let room = if token.passable && self.things > 0 { &mut self.things } else { &mut self.words };
        let left = *room > 0;
        *room = room.saturating_sub(1);
        left
    }
}

#[cfg(test)]
mod tests {
    use super::{Rules, Search, Target, find, tokenise};
    use crate::text::words::{self, Words};
    use std::collections::BTreeSet;

    /// The targets of all phrases, each tried at every word: no vocabulary lists, no signatures.
    fn reference(rules: &Rules, words: &Words) -> BTreeSet<u16> {
        let index = rules.index();
        let mut tokens = Vec::new();
        tokenise(index, words, &mut tokens);
        let mut targets = BTreeSet::new();
        for phrase in 0..index.phrase_count() as u16 {
            let lines = index.lines(phrase).expect("a phrase");
            let mut search = Search { index, tokens: &tokens, budget: 0 };
            let mut stands = |line: u16| {
                let line = lines.line(line).expect("a line has an anchor");
                (0..tokens.len())
                    .any(|at| index.has(&tokens[at], line.1) && search.verify(line, at).is_some())
            };
            if (0..lines.count()).any(&mut stands) {
                targets.insert(index.target(phrase).to_u16());
            }
        }
        let all = targets.clone();
        targets.retain(|target| match Target::from_u16(*target) {
            Target::Guard(rule) => all.contains(&rule),
            _ => true,
        });
        targets
    }

    #[test]
    fn nothing_is_missed_that_a_look_at_every_word_finds() {
        let data = rulec::data::Data::read(std::path::Path::new("data")).expect("the data can be read");
        let examples: Vec<String> = data.rules.into_iter().flat_map(|placed| placed.rule.is).collect();
        // every tenth example, and texts of words from three others
        let words_of =
            |at: usize| examples.iter().cycle().skip(at).take(1).flat_map(|text| text.split(' ').skip(1));
        let mixed = (0..examples.len()).step_by(10).map(|at| {
            words_of(at * 7)
                .zip(words_of(at * 13 + 5))
                .zip(words_of(at * 29 + 11))
                .flat_map(|((a, b), c)| [a, b, c])
                .collect::<Vec<_>>()
                .join(" ")
        });
        let rules = Rules::embedded();
        for text in mixed.chain(examples.iter().step_by(10).cloned()) {
            let words = words::read(&text);
            let found: BTreeSet<u16> = find(&rules, &words).iter().map(|hit| hit.target.to_u16()).collect();
            assert_eq!(found, reference(&rules, &words), "{text}");
        }
    }
}
