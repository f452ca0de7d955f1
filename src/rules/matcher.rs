//! Finds the phrases of all rules in the words of a text.
//!
//! Every word is looked up once in the vocabulary (one hash, one probe; a word that is not in it
//! may begin like one that is: the hash of each of its beginnings falls out of the same pass).
//! Each phrase is *anchored* at the place whose words are rarest in bounces, and is looked at only
//! where such a word stands. Of a phrase's other places the next required one on the side that
//! rules out more is known in advance, as 64 bits of the words that may stand there (bit
//! `number % 64` of each). What stands near the anchor has such bits too; where the two share none,
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

#![allow(clippy::indexing_slicing, reason = "symbols and phrases are numbered by the tables themselves")]

use std::cell::Cell;

use super::index::{Candidate, Element, FILLER, Index, LONGEST, NOT_IN, Token};
use super::tables::{HASH_START, Rules, Target, hash_step};
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
    let search = Search { index, tokens: &scratch.tokens, budget: Cell::new(0) };
    let mut matches = Matches::new();
    let mut hit = |(target, first, last): (Target, usize, usize)| {
        let word = |at: usize| scratch.tokens.get(at).and_then(|token| words.words.get(token.word as usize));
        if let (Some(first), Some(last)) = (word(first), word(last)) {
            matches.push(Hit { target, start: first.start, end: last.end });
        }
    };
    let (claims, guards) = (index.claims(), index.guards());
    for (at, token) in scratch.tokens.iter().enumerate() {
        let mut near = Nearby::new(&scratch.tokens, at);
        claims.each(token, |place, rule| {
            if let Some(candidate) = claims.candidate(place)
                && near.has(candidate)
                && !scratch.found.has(candidate.phrase)
                && let Some(place) = search.verify(candidate.phrase, at)
            {
                scratch.found.add(candidate.phrase);
                scratch.rules.add(rule);
                hit(place);
            }
        });
    }
    for (at, token) in scratch.tokens.iter().enumerate() {
        guards.each(token, |place, rule| {
            if scratch.rules.has(rule)
                && let Some(candidate) = guards.candidate(place)
                && Nearby::new(&scratch.tokens, at).has(candidate)
                && let Some(place) = search.verify(candidate.phrase, at)
            {
                // one is enough
                scratch.rules.remove(rule);
                hit(place);
            }
        });
    }
    matches.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.target.to_u16()));
    matches
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
    /// Bit `gap` of those that were collected, after the token and before it.
    known: (u8, u8),
    after: [u64; 4],
    before: [u64; 4],
}

impl<'a> Nearby<'a> {
    fn new(tokens: &'a [Token], at: usize) -> Nearby<'a> {
        Nearby { tokens, at, known: (8, 8), after: [u64::MAX; 4], before: [u64::MAX; 4] }
    }

    /// Whether on both sides something stands that a phrase needs there; false is certain.
    #[inline]
    fn has(&mut self, candidate: &Candidate) -> bool {
        let (after, before) = (candidate.gaps.0 & 3, candidate.gaps.1 & 3);
        if self.known.0 >> after & 1 == 0 {
            self.known.0 |= 1 << after;
            self.after[usize::from(after)] = reach(self.tokens.iter().skip(self.at + 1), after);
        }
        if self.after[usize::from(after)] & candidate.after == 0 {
            return false;
        }
        if self.known.1 >> before & 1 == 0 {
            self.known.1 |= 1 << before;
            self.before[usize::from(before)] = reach(self.tokens.iter().take(self.at).rev(), before);
        }
        self.before[usize::from(before)] & candidate.before != 0
    }
}

/// The bits of all words in reach.
fn reach<'a>(tokens: impl Iterator<Item = &'a Token>, gap: u8) -> u64 {
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
    for (at, word) in words.words.iter().enumerate() {
        let thing = match word.item {
            Item::Address => THING_ADDRESS,
            Item::Host => THING_HOST,
            Item::Url => THING_URL,
            Item::Ip => THING_IP,
            Item::Mixed => THING_ID,
            Item::Number => THING_NUMBER,
            Item::Word => NOT_IN,
        };
        let number = match word.item {
            item if item.is_thing() => NOT_IN,
            Item::Mixed => number_of_id(index, words.letters(word)),
            _ => number(index, words.letters(word)),
        };
        if number == FILLER {
            continue;
        }
        let bit = |number: u16| if number == NOT_IN { 0 } else { 1u64 << (number % 64) };
        tokens.push(Token {
            number,
            thing,
            bits: bit(number) | bit(thing),
            passable: thing != NOT_IN && (number == NOT_IN || thing == THING_NUMBER),
            word: at as u32,
        });
    }
}

/// The number of a word, or of the longest prefix that it begins with.
fn number(index: &Index, letters: &[u8]) -> u16 {
    let mut hash = HASH_START;
    let mut longest = NOT_IN;
    for (at, byte) in letters.get(..LONGEST).unwrap_or(letters).iter().enumerate() {
        hash = hash_step(hash, *byte);
        if at + 1 >= SHORTEST_PREFIX
            && let prefix = index.prefix(hash)
            && prefix != NOT_IN
        {
            longest = prefix;
        }
    }
    match index.word(hash) {
        NOT_IN => longest,
        _ if letters.len() > LONGEST => longest,
        number => number,
    }
}

/// The number of letters and digits mixed. A beginning counts when it has a digit itself, or digits
/// are all that follows: `ofr005` begins with `ofr`, the queue id `spam5xq` does not begin with `spam`.
fn number_of_id(index: &Index, letters: &[u8]) -> u16 {
    let first_digit = letters.iter().position(u8::is_ascii_digit).unwrap_or(letters.len());
    let counted = letters.get(first_digit..).unwrap_or_default().iter().all(u8::is_ascii_digit);
    let mut hash = HASH_START;
    let mut longest = NOT_IN;
    for (at, byte) in letters.get(..LONGEST).unwrap_or(letters).iter().enumerate() {
        hash = hash_step(hash, *byte);
        if at + 1 >= SHORTEST_PREFIX && (at >= first_digit || counted && at + 1 == first_digit) {
            let prefix = index.prefix(hash);
            longest = if prefix == NOT_IN { longest } else { prefix };
        }
    }
    match index.word(hash) {
        NOT_IN => longest,
        _ if letters.len() > LONGEST => longest,
        number => number,
    }
}

struct Search<'a> {
    index: &'a Index,
    tokens: &'a [Token],
    budget: Cell<u32>,
}

impl Search<'_> {
    /// Verifies a phrase whose anchor begins at a token; gives its target and its first and last token.
    fn verify(&self, phrase: u16, at: usize) -> Option<(Target, usize, usize)> {
        self.budget.set(BUDGET);
        let phrase = self.index.phrase(phrase)?;
        let (start, end) = (phrase.start, phrase.start + u32::from(phrase.len));
        let place = start + u32::from(phrase.anchor);
        let anchor = self.index.element(place);
        let last = if anchor.is_group() {
            self.ways_from(anchor.number, at, |last| self.forward(place + 1, end, last, 0))
        } else {
            self.forward(place + 1, end, at, 0)
        }?;
        let first = self.backward(place, start, at, 0)?;
        Some((phrase.target, first, last))
    }

    /// Tries the ways of a group from a token on; `go_on` gets the last token of each that fits.
    fn ways_from(&self, group: u16, at: usize, go_on: impl Fn(usize) -> Option<usize>) -> Option<usize> {
        let token = self.tokens.get(at)?;
        self.index.ways(group).iter().find_map(|(start, end)| {
            let first = self.index.element(*start);
            let fits = self.index.may_have(token, first) && self.spend() && self.index.has(token, first);
            go_on(if fits { self.forward(start + 1, *end, at, 0) } else { None }?)
        })
    }

    /// The same backward: `go_on` gets the first token of each way that ends at the token.
    fn ways_to(&self, group: u16, at: usize, go_on: impl Fn(usize) -> Option<usize>) -> Option<usize> {
        let token = self.tokens.get(at).filter(|token| token.bits & self.index.last_signature(group) != 0)?;
        self.index.ways(group).iter().find_map(|(start, end)| {
            let last = self.index.element(end - 1);
            let fits = self.index.may_have(token, last) && self.spend() && self.index.has(token, last);
            go_on(if fits { self.backward(end - 1, *start, at, 0) } else { None }?)
        })
    }

    /// Matches the elements from `place` on, after the token `at`; gives the last token.
    /// `carried` is the gap of an optional element that was left out.
    fn forward(&self, mut place: u32, end: u32, mut at: usize, mut carried: usize) -> Option<usize> {
        loop {
            if place >= end {
                return Some(at);
            }
            let element = self.index.element(place);
            let gap = gap(element).max(std::mem::take(&mut carried));
            let plain = element.is_plain() && gap == 0;
            match self.tokens.get(at + 1) {
                // most places: one word, here or nowhere
                Some(token) if plain && !token.passable => {
                    if !self.index.has(token, element) {
                        return None;
                    }
                    (place, at) = (place + 1, at + 1);
                }
                _ => return self.forward_over(element, place, end, at, gap),
            }
        }
    }

    /// The same where there is a choice.
    fn forward_over(&self, element: Element, place: u32, end: u32, at: usize, gap: usize) -> Option<usize> {
        let mut room = Room::new(gap);
        for (next, token) in self.tokens.iter().enumerate().skip(at + 1) {
            let found = if !self.index.may_have(token, element) {
                None
            } else if element.is_group() {
                self.ways_from(element.number, next, |last| self.forward(place + 1, end, last, 0))
            } else if self.index.has(token, element) {
                self.forward(place + 1, end, next, 0)
            } else {
                None
            };
            if found.is_some() {
                return found;
            }
            if !room.step(token) || !self.spend() {
                break;
            }
        }
        if element.is_optional() { self.forward(place + 1, end, at, gap) } else { None }
    }

    /// Matches the elements before `place`, before the token `at`; gives the first token.
    fn backward(&self, mut place: u32, start: u32, mut at: usize, mut carried: usize) -> Option<usize> {
        loop {
            if place <= start {
                return Some(at);
            }
            // the gap of an element lies before it, so on the way back it is that of the later one
            let gap = gap(self.index.element(place)).max(std::mem::take(&mut carried));
            let element = self.index.element(place - 1);
            let plain = element.is_plain() && gap == 0;
            match at.checked_sub(1).and_then(|before| self.tokens.get(before)) {
                Some(token) if plain && !token.passable => {
                    if !self.index.has(token, element) {
                        return None;
                    }
                    (place, at) = (place - 1, at - 1);
                }
                _ => return self.backward_over(element, place, start, at, gap),
            }
        }
    }

    /// The same where there is a choice.
    fn backward_over(
        &self,
        element: Element,
        place: u32,
        start: u32,
        at: usize,
        gap: usize,
    ) -> Option<usize> {
        let mut room = Room::new(gap);
        for (before, token) in self.tokens.iter().enumerate().take(at).rev() {
            let found = if element.is_group() {
                self.ways_to(element.number, before, |first| self.backward(place - 1, start, first, 0))
            } else if self.index.has(token, element) {
                self.backward(place - 1, start, before, 0)
            } else {
                None
            };
            if found.is_some() {
                return found;
            }
            if !room.step(token) || !self.spend() {
                break;
            }
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
fn gap(element: Element) -> usize {
    GAPS.get(usize::from(element.gap())).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{BUDGET, Cell, Rules, Scratch, Search, Target, find, tokenise};
    use crate::text::words::{self, Words};
    use std::collections::BTreeSet;

    /// The targets of all phrases, each tried at every word: no vocabulary lists, no signatures.
    fn reference(rules: &Rules, words: &Words) -> BTreeSet<u16> {
        let index = rules.index();
        let mut tokens = Vec::new();
        tokenise(index, words, &mut tokens);
        let search = Search { index, tokens: &tokens, budget: Cell::new(BUDGET) };
        let mut targets = BTreeSet::new();
        for phrase in 0..index.phrase_count() as u16 {
            let Some(row) = index.phrase(phrase) else { continue };
            let anchor = index.element(row.start + u32::from(row.anchor));
            let begins =
                |at: usize| anchor.is_group() || tokens.get(at).is_some_and(|token| index.has(token, anchor));
            if (0..tokens.len()).any(|at| begins(at) && search.verify(phrase, at).is_some()) {
                targets.insert(row.target.to_u16());
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
