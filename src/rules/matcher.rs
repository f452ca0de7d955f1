//! Finds the phrases of all rules in the words of a text.
//!
//! Every word is looked up once in the vocabulary, by a hash that was made while it was read; one that
//! is not in it may begin like one that is. A phrase is *lines*, rows of words ([`super::lines`]). Each
//! line is *anchored* at its word that is rarest in bounces, and is looked at only where that stands, and
//! there only if some row of places near, in which its most telling other word must stand, shares one of
//! 128 bits with the words that the line asks for there. The next two words are tested by such bits too
//! ([`super::near`]); where a row shares none, the line cannot be there. The others are verified from the
//! anchor to the right and to the left.
//!
//! Why it finds all: the bits are of a superset on both sides, of the words that a line asks for and of
//! what is in its reach (its gaps and what may be stepped over).
//!
//! Why it is linear: a word anchors a bounded number of lines (a phrase has at most 500), and a line has
//! at most four gaps of at most 12 words and a budget of looks into them; so the work per word is bounded by the
//! rules, whatever the text. A phrase that was found once is not looked for again. What is read of the
//! tables for a word is read once, and is bounded by the tables.

use super::index::{Bits, Index, bit};
use super::lines::{Element, GUARDS, Line, Lines};
use super::near::{GAPS, Near};
use super::tables::{Rules, Target};
use super::vocabulary::{FILLER, NOT_DRAWN, SHORTEST_PREFIX, UNKNOWN, Vocabulary};
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
/// How many gaps, and things that may be stepped over, one verification may look into, each of at most 16
/// words; phrases as people write them take a handful.
const BUDGET: u32 = 64;

/// Numbers of things; `rulec/src/phrase.rs` has the same order.
const THING_ADDRESS: u16 = 0;
const THING_HOST: u16 = 1;
const THING_URL: u16 = 2;
const THING_IP: u16 = 3;
const THING_ID: u16 = 4;
const THING_NUMBER: u16 = 5;

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// The bits of the word, of all prefixes that it begins with and of the thing.
    pub bits: Bits,
    /// The word, or the longest prefix that it begins with, as a place among the known.
    known: u16,
    /// The thing that it is, the same way.
    thing: u16,
    /// Its number in the tables: that of the word, or of the thing where it is no known word.
    number: u16,
    /// The longest prefix that the word begins with beside, as a place among the known.
    prefix: u16,
    /// A phrase may step over it.
    pub passable: bool,
    /// Its place among the words.
    word: u32,
    /// The place that comes next, as [`super::near`] counts them.
    pub next_place: u32,
}

/// What was learned of the tables from text to text, and room for what is worked out of one; it grows with
/// the longest text, of which no more than some 16 KB are matched.
#[derive(Debug)]
pub(super) struct Learned {
    vocabulary: Vocabulary,
    lines: Lines,
    tokens: Vec<Token>,
    near: Near,
    found: Seen,
    rules: Seen,
    /// Bundles of lines that switch rules off, each with the place of the token.
    guards: Vec<(u32, u32)>,
}

impl Learned {
    pub(super) fn new(index: &Index) -> Learned {
        Learned {
            vocabulary: Vocabulary::new(index),
            lines: Lines::default(),
            tokens: Vec::new(),
            near: Near::default(),
            found: Seen::default(),
            rules: Seen::default(),
            guards: Vec::new(),
        }
    }
}

/// Finds all phrases in the words of a text; those that switch a rule off only where another
/// phrase speaks for the rule.
pub fn find(rules: &Rules, words: &Words) -> Matches {
    rules.index().with_learned(|learned| find_with(rules, words, learned))
}

fn find_with(rules: &Rules, words: &Words, learned: &mut Learned) -> Matches {
    let index = rules.index();
    tokenise(index, words, learned);
    let Learned { vocabulary, lines, tokens, near, found, rules: speakers, guards } = learned;
    near.read(tokens);
    found.reset(index.phrase_count());
    speakers.reset(rules.rule_count());
    guards.clear();
    let mut matches = Matches::with_capacity(USUAL);
    let mut search = Search { lines, vocabulary, tokens, budget: 0 };
    let mut verify = |line: &Line, at: usize| {
        let (first, last) = search.verify(line, at)?;
        let word = |at: usize| words.words.get(search.tokens.get(at)?.word as usize);
        Some(Hit { target: line.target, start: word(first)?.start, end: word(last)?.end })
    };
    // bit `rule % 128` of the rules that a phrase speaks for
    let mut speaking: Bits = 0;
    for (at, token) in tokens.iter().enumerate() {
        let mut around = None;
        for known in vocabulary.known(token.known, token.thing) {
            for (number, bundle) in
                (known.first_bundle..).zip(lines.bundles(known.first_bundle, known.bundles))
            {
                if bundle.row == GUARDS {
                    guards.push((number, at as u32));
                    continue;
                }
                let around = around.get_or_insert_with(|| near.around(token));
                let bits = around.near(bundle.row);
                if bundle.bits & bits == 0 {
                    continue;
                }
                for line in lines.told(bundle, bits) {
                    if around.allows(line)
                        && !found.has(line.phrase)
                        && let Some(hit) = verify(line, at)
                    {
                        found.add(line.phrase);
                        if let Target::Rule(rule) = hit.target {
                            speakers.add(rule);
                            speaking |= bit(rule);
                        }
                        matches.push(hit);
                    }
                }
            }
        }
    }
    for (number, at) in guards {
        let (Some(bundle), Some(token)) = (lines.bundle(*number), tokens.get(*at as usize)) else { continue };
        if bundle.bits & speaking == 0 {
            continue;
        }
        let around = near.around(token);
        for line in lines.told(bundle, speaking) {
            if let Target::Guard(rule) = line.target
                && speakers.has(rule)
                && around.allows(line)
                && let Some(hit) = verify(line, *at as usize)
            {
                // one is enough
                speakers.remove(rule);
                matches.push(hit);
            }
        }
    }
    let key = |hit: &Hit| (hit.start, std::cmp::Reverse(hit.end), hit.target.to_u16());
    order::sort(&mut matches, |a, b| key(a).cmp(&key(b)));
    matches
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

/// Makes tokens of the words, and draws what is anchored at them.
fn tokenise(index: &Index, words: &Words, learned: &mut Learned) {
    let Learned { vocabulary, lines, tokens, .. } = learned;
    tokens.clear();
    tokens.reserve(words.words.len());
    for (at, word) in (0u32..).zip(&words.words) {
        let thing = match word.item {
            Item::Address => Vocabulary::thing(THING_ADDRESS),
            Item::Host => Vocabulary::thing(THING_HOST),
            Item::Url => Vocabulary::thing(THING_URL),
            Item::Ip => Vocabulary::thing(THING_IP),
            Item::Mixed => Vocabulary::thing(THING_ID),
            Item::Number => Vocabulary::thing(THING_NUMBER),
            Item::Word => UNKNOWN,
        };
        let mut known = UNKNOWN;
        if !word.item.is_thing() {
            let letters = words.letters(word);
            let shortest =
                || if word.item == Item::Mixed { shortest_of_id(letters) } else { SHORTEST_PREFIX };
            known = vocabulary.place(index, word.hash, letters, shortest);
        }
        let (mut bits, mut number, mut prefix) = (0, u16::MAX, UNKNOWN);
        if thing != UNKNOWN
            && let Some(thing) = vocabulary.get(thing)
        {
            (bits, number) = (thing.bits, thing.number);
        }
        if known != UNKNOWN
            && let Some(known) = vocabulary.get(known)
        {
            if known.prefix == FILLER {
                continue;
            }
            bits |= known.bits;
            (number, prefix) = (known.number, known.prefix);
        }
        let passable = thing != UNKNOWN && (known == UNKNOWN || word.item == Item::Number);
        tokens.push(Token { bits, known, thing, number, prefix, passable, word: at, next_place: 0 });
        draw(index, vocabulary, lines, known);
        draw(index, vocabulary, lines, thing);
    }
}

/// Draws the lines that are anchored at a word, and at the prefixes that it begins with.
#[inline(always)]
fn draw(index: &Index, vocabulary: &mut Vocabulary, lines: &mut Lines, mut place: u16) {
    // what it begins with was drawn with it
    while let Some(known) = vocabulary.get(place)
        && known.first_bundle == NOT_DRAWN
    {
        let prefix = known.prefix;
        let (first, count) = lines.draw(index, known.number);
        vocabulary.set_bundles(place, first, count);
        place = prefix;
    }
}

/// The words of a text that phrases have: the number of each and of the prefixes that it begins with, and
/// its place among the words.
pub(super) fn numbers_of(index: &Index, words: &Words) -> Vec<(Vec<u16>, u32)> {
    index.with_learned(|learned| {
        tokenise(index, words, learned);
        let mut all = Vec::new();
        for token in &learned.tokens {
            if token.known != UNKNOWN && token.thing == UNKNOWN {
                let mut numbers = Vec::with_capacity(2);
                for known in learned.vocabulary.known(token.known, UNKNOWN) {
                    numbers.push(known.number);
                }
                all.push((numbers, token.word));
            }
        }
        all
    })
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
    lines: &'a Lines,
    vocabulary: &'a Vocabulary,
    tokens: &'a [Token],
    budget: u32,
}

/// From a token to the next, and to the one before.
const NEXT: usize = 1;
const BACK: usize = usize::MAX;

impl Search<'_> {
    /// Verifies a line whose anchor is a token; gives its first and last token.
    #[inline(always)]
    fn verify(&mut self, line: &Line, at: usize) -> Option<(usize, usize)> {
        let (after, before) = self.lines.elements(line);
        self.budget = BUDGET;
        let last = self.along(after, at, NEXT)?;
        Some((self.along(before, at, BACK)?, last))
    }

    /// Matches elements from the token `at` on, step by step in one direction; gives the last token.
    #[inline(always)]
    fn along(&mut self, mut elements: &[Element], mut at: usize, step: usize) -> Option<usize> {
        while let [element, rest @ ..] = elements {
            let next = at.wrapping_add(step);
            let token = self.tokens.get(next)?;
            if element.gap > 0 || token.passable {
                return self.along_over(elements, at, step);
            }
            // most elements: one word, here or nowhere
            if !self.has(token, *element) {
                return None;
            }
            (elements, at) = (rest, next);
        }
        Some(at)
    }

    /// The same where there is a choice.
    fn along_over(&mut self, elements: &[Element], at: usize, step: usize) -> Option<usize> {
        let (element, rest) = elements.split_first()?;
        self.budget = self.budget.checked_sub(1)?;
        let mut room = Room::new(element.gap);
        let mut next = at.wrapping_add(step);
        while let Some(token) = self.tokens.get(next) {
            if self.has(token, *element) {
                let last = self.along(rest, next, step);
                if last.is_some() {
                    return last;
                }
            }
            if !room.step(token) {
                return None;
            }
            next = next.wrapping_add(step);
        }
        None
    }

    /// Whether a token may stand where an element is: as the word, one that begins so, or one of a set.
    #[inline(always)]
    fn has(&self, token: &Token, element: Element) -> bool {
        self.lines.lists(element, token.number)
            || (token.prefix != UNKNOWN || token.thing != UNKNOWN && token.known != UNKNOWN)
                && self.has_more(token, element)
    }

    /// The same of what else a token is.
    fn has_more(&self, token: &Token, element: Element) -> bool {
        let mut place = token.prefix;
        while place != UNKNOWN
            && let Some(known) = self.vocabulary.get(place)
        {
            if self.lines.lists(element, known.number) {
                return true;
            }
            place = known.prefix;
        }
        token.thing != UNKNOWN && self.lines.lists(element, Vocabulary::number_of_thing(token.thing))
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
        if token.passable && self.things > 0 {
            self.things -= 1;
        } else if self.words > 0 {
            self.words -= 1;
        } else {
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Learned, Rules, Search, Target, find, tokenise};
    use crate::rules::lines::Lines;
    use crate::text::words::{self, Words};
    use std::collections::BTreeSet;

    /// The targets of all phrases, each line tried at every word: no anchors, no bits.
    fn reference(rules: &Rules, lines: &Lines, words: &Words) -> BTreeSet<u16> {
        let index = rules.index();
        let mut learned = Learned::new(index);
        tokenise(index, words, &mut learned);
        let tokens = &learned.tokens;
        let mut search = Search { lines, vocabulary: &learned.vocabulary, tokens, budget: 0 };
        let mut targets = BTreeSet::new();
        for line in (0..).map_while(|line| lines.line(line)) {
            let target = line.target.to_u16();
            let mut stands =
                |at: usize| search.has(&tokens[at], lines.anchor(line)) && search.verify(line, at).is_some();
            if !targets.contains(&target) && (0..tokens.len()).any(&mut stands) {
                targets.insert(target);
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
        let mut lines = Lines::default();
        (0..rules.index().phrase_count() as u16)
            .for_each(|phrase| lines.draw_phrase(rules.index(), phrase, None));
        for text in mixed.chain(examples.iter().step_by(10).cloned()) {
            let words = words::read(&text);
            let found: BTreeSet<u16> = find(&rules, &words).iter().map(|hit| hit.target.to_u16()).collect();
            assert_eq!(found, reference(&rules, &lines, &words), "{text}");
        }
    }
}
