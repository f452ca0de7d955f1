//! Finds the phrases of all rules in the words of a text.
//!
//! Every word is looked up once in the vocabulary, by a hash that was made while it was read; one that
//! is not in it may begin like one that is. Each phrase is *anchored* at the place whose words are
//! rarest in bounces, and is looked at only where such a word stands. Of its other places the next
//! required one on each side is known in advance, as 128 bits of the words that may stand there (bit
//! `number % 128` of each). What stands near the anchor has such bits too; where the two share none,
//! and they rarely do, the phrase cannot be there. The others are verified from the anchor to the
//! right and to the left.
//!
//! Why it finds all: the bits are of a superset on both sides. What is required must be in reach
//! (a gap and what may be stepped over), and the reach is computed with the same steps as the
//! verification takes; a place that may be missing adds its own words and hands its gap on.
//!
//! Why it is linear: a word anchors a bounded number of phrases, and a phrase has at most 24 places,
//! four gaps of at most 12 words and a budget of steps; so the work per word is bounded by the
//! rules, whatever the text. A phrase that was found once is not looked for again.

#![allow(clippy::indexing_slicing, reason = "four gaps, by two bits")]

use std::cell::Cell;

use super::index::{Anchored, Bits, Candidate, Element, Elements, Index, NOT_IN, Token, bit};
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

/// How many words a gap may hold: none, `..`, `...`.
const GAPS: [usize; 3] = [0, 4, 12];
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

/// Memory that is used again from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    tokens: Vec<Token>,
    found: Seen,
    rules: Seen,
}

/// Finds all phrases in the words of a text; those that switch a rule off only where another
/// phrase speaks for the rule.
pub fn find(rules: &Rules, words: &Words, scratch: &mut Scratch) -> Matches {
    let index = rules.index();
    tokenise(index, words, &mut scratch.tokens);
    scratch.found.reset(index.phrase_count());
    scratch.rules.reset(rules.rule_count());
    let mut matches = Matches::new();
    // bit `rule % 128` of the rules that a phrase speaks for
    let mut speaking: Bits = 0;
    let search = |elements| Search { index, elements, tokens: &scratch.tokens, budget: Cell::new(BUDGET) };
    let mut hit = |target: Target, first: usize, last: usize| {
        let word = |at: usize| scratch.tokens.get(at).and_then(|token| words.words.get(token.word as usize));
        if let (Some(first), Some(last)) = (word(first), word(last)) {
            matches.push(Hit { target, start: first.start, end: last.end });
        }
    };
    for (at, token) in scratch.tokens.iter().enumerate() {
        let mut near = Nearby::new(&scratch.tokens, at);
        each_anchored(index, token, |anchored| {
            near.collect(anchored.reach);
            for candidate in &anchored.claims {
                if near.has(candidate)
                    && !scratch.found.has(candidate.phrase)
                    && let Some((first, last)) = search(&anchored.elements).verify(candidate, at)
                {
                    scratch.found.add(candidate.phrase);
                    if let Target::Rule(rule) = candidate.target() {
                        scratch.rules.add(rule);
                        speaking |= bit(rule);
                    }
                    hit(candidate.target(), first, last);
                }
            }
        });
    }
    for (at, token) in scratch.tokens.iter().enumerate() {
        each_anchored(index, token, |anchored| {
            if anchored.guarded & speaking == 0 {
                return;
            }
            for candidate in &anchored.guards {
                if let Target::Guard(rule) = candidate.target()
                    && scratch.rules.has(rule)
                    && Nearby::of(&scratch.tokens, at, candidate.gaps).has(candidate)
                    && let Some((first, last)) = search(&anchored.elements).verify(candidate, at)
                {
                    // one is enough
                    scratch.rules.remove(rule);
                    hit(candidate.target(), first, last);
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
#[inline]
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
        self.0.clear();
        self.0.resize(count.div_ceil(64), 0);
    }

    fn has(&self, number: u16) -> bool {
        self.0.get(usize::from(number / 64)).is_some_and(|bits| bits >> (number % 64) & 1 != 0)
    }

    fn add(&mut self, number: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(number / 64)) {
            *bits |= 1 << (number % 64);
        }
    }

    fn remove(&mut self, number: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(number / 64)) {
            *bits &= !(1 << (number % 64));
        }
    }
}

/// The bits of the words near a token, by gap; collected when they are first needed.
struct Nearby<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Those that were collected, as in [`Anchored::reach`].
    known: u8,
    after: [Bits; 4],
    before: [Bits; 4],
}

impl<'a> Nearby<'a> {
    fn new(tokens: &'a [Token], at: usize) -> Nearby<'a> {
        Nearby { tokens, at, known: 0, after: [Bits::MAX; 4], before: [Bits::MAX; 4] }
    }

    /// With what one candidate needs.
    fn of(tokens: &'a [Token], at: usize, gaps: (u8, u8)) -> Nearby<'a> {
        let mut near = Nearby::new(tokens, at);
        near.collect(1 << gaps.0 | 16 << gaps.1);
        near
    }

    /// Collects what is needed.
    #[inline]
    fn collect(&mut self, needed: u8) {
        let missing = needed & !self.known;
        if missing == 0 {
            return;
        }
        self.known |= missing;
        let (before, after) = self.tokens.split_at_checked(self.at).unwrap_or_default();
        for gap in 0..3 {
            if missing >> gap & 1 != 0 {
                self.after[usize::from(gap)] = reach(after.get(1..).unwrap_or_default().iter(), gap);
            }
            if missing >> (gap + 4) & 1 != 0 {
                self.before[usize::from(gap)] = reach(before.iter().rev(), gap);
            }
        }
    }

    /// Whether on both sides something stands that a phrase needs there; false is certain.
    #[inline]
    fn has(&self, candidate: &Candidate) -> bool {
        self.after[usize::from(candidate.gaps.0 & 3)] & candidate.after != 0
            && self.before[usize::from(candidate.gaps.1 & 3)] & candidate.before != 0
    }
}

/// The bits of all words in reach.
fn reach<'a>(tokens: impl Iterator<Item = &'a Token>, gap: u8) -> Bits {
    let mut room = Room::new(GAPS.get(usize::from(gap)).copied().unwrap_or(0));
    let mut bits = 0;
    for token in tokens {
        bits |= token.bits;
        if !room.step(token) {
            break;
        }
    }
    bits
}

fn tokenise(index: &Index, words: &Words, tokens: &mut Vec<Token>) {
    tokens.clear();
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
        let mut token = Token { bits: 0, number: NOT_IN, thing, passable: false, word: at };
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

/// Of letters and digits mixed a beginning counts when it has a digit itself, or digits are all that
/// follows: `ofr005` begins with `ofr`, the queue id `spam5xq` does not begin with `spam`.
fn shortest_of_id(letters: &[u8]) -> usize {
    let first_digit = letters.iter().position(u8::is_ascii_digit).unwrap_or(letters.len());
    let counted = letters.get(first_digit..).unwrap_or_default().iter().all(u8::is_ascii_digit);
    SHORTEST_PREFIX.max(first_digit + usize::from(!counted))
}

struct Search<'a> {
    index: &'a Index,
    elements: &'a Elements,
    tokens: &'a [Token],
    budget: Cell<u32>,
}

impl Search<'_> {
    /// Verifies a phrase whose anchor begins at a token; gives its first and last token.
    fn verify(&self, phrase: &Candidate, at: usize) -> Option<(usize, usize)> {
        let anchor = self.elements.get(phrase.anchor)?;
        let next = phrase.anchor + 1;
        let last = if anchor.is_group() {
            self.ways_from(anchor, at, next, phrase.end)
        } else {
            self.forward(next, phrase.end, at, 0)
        }?;
        Some((self.backward(phrase.anchor, phrase.start, at, 0)?, last))
    }

    /// Matches a way of a group from a token on, and then the elements from `place` on.
    fn ways_from(&self, group: &Element, at: usize, place: u16, end: u16) -> Option<usize> {
        let token = self.tokens.get(at)?;
        self.elements.ways(group).iter().find_map(|(first, after)| {
            let fits = self.index.has(token, self.elements.get(*first)?) && self.spend();
            let last = if fits { self.forward(first + 1, *after, at, 0) } else { None }?;
            self.forward(place, end, last, 0)
        })
    }

    /// The same backward: a way that ends at a token, and then the elements before `place`.
    fn ways_to(&self, group: &Element, at: usize, place: u16, start: u16) -> Option<usize> {
        let token = self.tokens.get(at)?;
        self.elements.ways(group).iter().find_map(|(first, after)| {
            let fits = self.index.has(token, self.elements.get(after - 1)?) && self.spend();
            let first = if fits { self.backward(after - 1, *first, at, 0) } else { None }?;
            self.backward(place, start, first, 0)
        })
    }

    /// Matches the elements from `place` on, after the token `at`; gives the last token.
    /// `carried` is the gap of an optional element that was left out.
    fn forward(&self, mut place: u16, end: u16, mut at: usize, carried: usize) -> Option<usize> {
        while place < end {
            let element = self.elements.get(place)?;
            match self.tokens.get(at + 1) {
                // most places: one word, here or nowhere
                Some(token) if element.is_plain() && carried == 0 && !token.passable => {
                    if !self.index.has(token, element) {
                        return None;
                    }
                    (place, at) = (place + 1, at + 1);
                }
                _ => return self.forward_over(element, place, end, at, gap(element).max(carried)),
            }
        }
        Some(at)
    }

    /// The same where there is a choice.
    fn forward_over(&self, element: &Element, place: u16, end: u16, at: usize, gap: usize) -> Option<usize> {
        let mut room = Room::new(gap);
        let mut next = at + 1;
        while let Some(token) = self.tokens.get(next) {
            if token.bits & element.begins != 0 {
                let found = if element.is_group() {
                    self.ways_from(element, next, place + 1, end)
                } else if self.index.has(token, element) {
                    self.forward(place + 1, end, next, 0)
                } else {
                    None
                };
                if found.is_some() {
                    return found;
                }
            }
            if !room.step(token) || !self.spend() {
                break;
            }
            next += 1;
        }
        if element.is_optional() { self.forward(place + 1, end, at, gap) } else { None }
    }

    /// Matches the elements before `place`, before the token `at`; gives the first token.
    fn backward(&self, mut place: u16, start: u16, mut at: usize, carried: usize) -> Option<usize> {
        while place > start {
            // the gap of an element lies before it, so on the way back it is that of the later one
            let gap = gap(self.elements.get(place)?).max(carried);
            let element = self.elements.get(place - 1)?;
            match at.checked_sub(1).and_then(|before| self.tokens.get(before)) {
                Some(token) if element.is_required_word() && gap == 0 && !token.passable => {
                    if !self.index.has(token, element) {
                        return None;
                    }
                    (place, at) = (place - 1, at - 1);
                }
                _ => return self.backward_over(element, place, start, at, gap),
            }
        }
        Some(at)
    }

    /// The same where there is a choice.
    fn backward_over(
        &self,
        element: &Element,
        place: u16,
        start: u16,
        at: usize,
        gap: usize,
    ) -> Option<usize> {
        let mut room = Room::new(gap);
        let mut next = at;
        while let Some(before) = next.checked_sub(1)
            && let Some(token) = self.tokens.get(before)
        {
            if token.bits & element.ends != 0 {
                let found = if element.is_group() {
                    self.ways_to(element, before, place - 1, start)
                } else if self.index.has(token, element) {
                    self.backward(place - 1, start, before, 0)
                } else {
                    None
                };
                if found.is_some() {
                    return found;
                }
            }
            if !room.step(token) || !self.spend() {
                break;
            }
            next = before;
        }
        if element.is_optional() { self.backward(place - 1, start, at, gap) } else { None }
    }

    fn spend(&self) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(1));
        left > 0
    }
}

/// How far a phrase may still reach for its next word.
struct Room {
    words: usize,
    things: usize,
}

impl Room {
    fn new(gap: usize) -> Room {
        Room { words: gap, things: STEPS }
    }

    /// Steps over a token; false when there is no room for it.
    fn step(&mut self, token: &Token) -> bool {
        let room = if token.passable && self.things > 0 { &mut self.things } else { &mut self.words };
        let left = *room > 0;
        *room = room.saturating_sub(1);
        left
    }
}

/// How many words may stand before an element.
fn gap(element: &Element) -> usize {
    GAPS.get(usize::from(element.gap())).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Anchored, BUDGET, Cell, Rules, Scratch, Search, Target, find, tokenise};
    use crate::text::words::{self, Words};
    use std::collections::BTreeSet;

    /// The targets of all phrases, each tried at every word: no vocabulary lists, no signatures.
    fn reference(rules: &Rules, words: &Words) -> BTreeSet<u16> {
        let index = rules.index();
        let mut tokens = Vec::new();
        tokenise(index, words, &mut tokens);
        let mut targets = BTreeSet::new();
        for phrase in 0..index.phrase_count() as u16 {
            let mut alone = Anchored::default();
            index.add(phrase, None, &mut alone);
            let elements = &alone.elements;
            for row in alone.claims.iter().chain(&alone.guards) {
                let anchor = elements.get(row.anchor).expect("every phrase has an anchor");
                let begins = |at: usize| anchor.is_group() || index.has(&tokens[at], anchor);
                let search = || Search { index, elements, tokens: &tokens, budget: Cell::new(BUDGET) };
                if (0..tokens.len()).any(|at| begins(at) && search().verify(row, at).is_some()) {
                    targets.insert(row.target().to_u16());
                }
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
        let mut scratch = Scratch::default();
        for text in mixed.chain(examples.iter().step_by(10).cloned()) {
            let words = words::read(&text);
            let found: BTreeSet<u16> =
                find(&rules, &words, &mut scratch).iter().map(|hit| hit.target.to_u16()).collect();
            assert_eq!(found, reference(&rules, &words), "{text}");
        }
    }
}
