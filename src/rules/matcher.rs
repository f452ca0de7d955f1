//! Finds the phrases of all rules in the words of a text.
//!
//! Every word is looked up once in the vocabulary (one hash, one probe; a word that is not in it
//! may begin like one that is: the hash of each of its beginnings falls out of the same pass).
//! What comes back is a short list of *symbols*: the sets of words that may stand at some place
//! of some phrase. Each phrase is anchored at its rarest symbol, and is verified from there, to
//! the right and to the left, only where that symbol occurs.
//!
//! Why it is linear: a word has a bounded number of symbols, a symbol a bounded number of phrases,
//! a phrase at most 24 places and four gaps of at most 12 words; so the work per word is bounded
//! by the rules, whatever the text. A phrase that was found once is not looked for again.

use std::cell::Cell;

use super::tables::{Element, HASH_START, Rules, Target, hash_step};
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

/// All phrases that were found, in the order of their places.
pub type Matches = Vec<Hit>;

/// How many words a gap may hold: none, `..`, `...`.
const GAPS: [usize; 3] = [0, 4, 12];
/// How many things or unknown ids a phrase steps over between two words.
const STEPS: usize = 3;
/// How many steps one verification may take; phrases as people write them take some dozens.
const BUDGET: u32 = 512;
/// No word beginning shorter than this is looked up.
const SHORTEST_PREFIX: usize = 2;

/// Numbers of the vocabulary entries for things; `rulec/src/phrase.rs` has the same order.
const THING_ADDRESS: u16 = 0;
const THING_HOST: u16 = 1;
const THING_URL: u16 = 2;
const THING_IP: u16 = 3;
const THING_ID: u16 = 4;
const THING_NUMBER: u16 = 5;
/// The symbol of a filler.
const FILLER: u16 = u16::MAX;
/// No vocabulary entry.
const NOT_IN: u16 = u16::MAX;

/// One word as the matcher sees it.
#[derive(Clone, Copy, Debug)]
struct Token {
    /// The symbols of the word.
    entry: (u32, u32),
    /// The symbols of the thing that it is.
    thing: (u32, u32),
    /// Bit `entry % 64` of both.
    bits: u64,
    /// A phrase may step over it.
    passable: bool,
    word: u32,
}

/// Memory that is used again from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    tokens: Vec<Token>,
    found: Vec<u64>,
}

/// Finds all phrases in the words of a text.
pub fn find(rules: &Rules, words: &Words, scratch: &mut Scratch) -> Matches {
    tokenise(rules, words, scratch);
    let mut matches = Matches::new();
    scratch.found.clear();
    let search = Search { rules, tokens: &scratch.tokens, budget: Cell::new(0) };
    let anchoring = rules.anchoring();
    let mut found = std::mem::take(&mut scratch.found);
    for (at, token) in scratch.tokens.iter().enumerate() {
        let anchors = |range: (u32, u32)| {
            (range.0..range.1).map(|index| rules.symbol(index as usize)).take_while(|symbol| *symbol < anchoring)
        };
        for symbol in anchors(token.entry).chain(anchors(token.thing)) {
            for phrase in rules.anchored(symbol) {
                let (block, bit) = (phrase as usize / 64, 1u64 << (phrase % 64));
                if found.get(block).is_some_and(|bits| bits & bit != 0) {
                    continue;
                }
                let Some((target, first, last)) = search.verify(phrase, at) else { continue };
                if found.len() <= block {
                    found.resize(block + 1, 0);
                }
                if let Some(bits) = found.get_mut(block) {
                    *bits |= bit;
                }
                let word = |at: usize| scratch.tokens.get(at).and_then(|token| words.words.get(token.word as usize));
                if let (Some(first), Some(last)) = (word(first), word(last)) {
                    matches.push(Hit { target, start: first.start, end: last.end });
                }
            }
        }
    }
    scratch.found = found;
    matches.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    matches
}

fn tokenise(rules: &Rules, words: &Words, scratch: &mut Scratch) {
    scratch.tokens.clear();
    for (index, word) in words.words.iter().enumerate() {
        let thing = match word.item {
            Item::Address => THING_ADDRESS,
            Item::Host => THING_HOST,
            Item::Url => THING_URL,
            Item::Ip => THING_IP,
            Item::Mixed => THING_ID,
            Item::Number => THING_NUMBER,
            Item::Word => NOT_IN,
        };
        let entry = if word.item.is_thing() { NOT_IN } else { entry(rules, words.letters(word)) };
        let symbols = |entry: u16| {
            let range = if entry == NOT_IN { (0, 0) } else { rules.entry(entry) };
            (range.0 as u32, range.1 as u32)
        };
        let bit = |entry: u16| if entry == NOT_IN { 0 } else { 1u64 << (entry % 64) };
        let range = symbols(entry);
        if range.1 > range.0 && rules.symbol(range.0 as usize) == FILLER {
            continue;
        }
        scratch.tokens.push(Token {
            entry: range,
            thing: symbols(thing),
            bits: bit(entry) | bit(thing),
            passable: thing != NOT_IN && (entry == NOT_IN || thing == THING_NUMBER),
            word: index as u32,
        });
    }
}

/// The vocabulary entry of a word: its own, or that of the longest beginning that has one.
fn entry(rules: &Rules, letters: &[u8]) -> u16 {
    let mut hash = HASH_START;
    let mut longest = NOT_IN;
    for (index, byte) in letters.iter().take(64).enumerate() {
        hash = hash_step(hash, *byte);
        if index + 1 >= SHORTEST_PREFIX && let Some(entry) = rules.prefix(hash) {
            longest = entry;
        }
    }
    if letters.len() <= 64 { rules.exact(hash).unwrap_or(longest) } else { longest }
}

struct Search<'a> {
    rules: &'a Rules,
    tokens: &'a [Token],
    budget: Cell<u32>,
}

impl Search<'_> {
    /// Verifies a phrase whose anchor begins at a token; gives its target and its first and last token.
    fn verify(&self, phrase: u16, at: usize) -> Option<(Target, usize, usize)> {
        self.budget.set(BUDGET);
        let phrase = self.rules.phrase(phrase)?;
        let anchor = self.rules.element(phrase.anchor);
        let last = if anchor.group {
            self.ways_from(anchor.number, at, |end| self.forward(phrase.anchor + 1, phrase.elements.1, end, 0))
        } else {
            self.forward(phrase.anchor + 1, phrase.elements.1, at, 0)
        }?;
        let first = self.backward(phrase.anchor, phrase.elements.0, at, 0)?;
        Some((phrase.target, first, last))
    }

    fn has(&self, token: &Token, symbol: u16) -> bool {
        self.rules.signature(symbol) & token.bits != 0
            && (self.rules.has_symbol(token.entry, symbol) || self.rules.has_symbol(token.thing, symbol))
    }

    /// Tries the ways of a group from a token on; `go_on` gets the last token of each that fits.
    fn ways_from(&self, group: u16, at: usize, go_on: impl Fn(usize) -> Option<usize>) -> Option<usize> {
        let token = self.tokens.get(at).filter(|token| token.bits & self.rules.group_signature(group).0 != 0)?;
        self.rules.ways(group).find_map(|(start, end)| {
            let fits = self.spend() && self.has(token, self.rules.element(start).number);
            go_on(if fits { self.forward(start + 1, end, at, 0) } else { None }?)
        })
    }

    /// The same backward: `go_on` gets the first token of each way that ends at the token.
    fn ways_to(&self, group: u16, at: usize, go_on: impl Fn(usize) -> Option<usize>) -> Option<usize> {
        let token = self.tokens.get(at).filter(|token| token.bits & self.rules.group_signature(group).1 != 0)?;
        self.rules.ways(group).find_map(|(start, end)| {
            let fits = self.spend() && self.has(token, self.rules.element(end - 1).number);
            go_on(if fits { self.backward(end - 1, start, at, 0) } else { None }?)
        })
    }

    /// Matches the elements from `index` on, after the token `at`; gives the last token.
    /// `carried` is the gap of an optional element that was left out.
    fn forward(&self, index: usize, end: usize, at: usize, carried: usize) -> Option<usize> {
        if index >= end {
            return Some(at);
        }
        let element = self.rules.element(index);
        let gap = gap(element).max(carried);
        let mut room = Room::new(gap);
        for (next, token) in self.tokens.iter().enumerate().skip(at + 1) {
            let found = if element.group {
                self.ways_from(element.number, next, |last| self.forward(index + 1, end, last, 0))
            } else if self.has(token, element.number) {
                self.forward(index + 1, end, next, 0)
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
        if element.optional { self.forward(index + 1, end, at, gap) } else { None }
    }

    /// Matches the elements before `index`, before the token `at`; gives the first token.
    fn backward(&self, index: usize, start: usize, at: usize, carried: usize) -> Option<usize> {
        if index <= start {
            return Some(at);
        }
        // the gap of an element lies before it, so on the way back it is that of the later one
        let gap = gap(self.rules.element(index)).max(carried);
        let element = self.rules.element(index - 1);
        let mut room = Room::new(gap);
        for (previous, token) in self.tokens.iter().enumerate().take(at).rev() {
            let found = if element.group {
                self.ways_to(element.number, previous, |first| self.backward(index - 1, start, first, 0))
            } else if self.has(token, element.number) {
                self.backward(index - 1, start, previous, 0)
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
        if element.optional { self.backward(index - 1, start, at, gap) } else { None }
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
    GAPS.get(element.gap as usize).copied().unwrap_or(0)
}
