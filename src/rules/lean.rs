//! Which reason do words lean to that are in no known phrase?
//!
//! A reply in words of its own ("500 no room left for letters here") still shares words with the phrases of
//! the rules, and most words are at home with few reasons. So the phrases themselves are the model: a word
//! speaks for a reason by how much more often the phrases of that reason have it than phrases at large. The
//! logarithms of all words and of how many phrases a reason has are added up (naive Bayes, smoothed), and
//! what the codes mean beside them. No table is kept for it, and nothing is learned from anywhere else: the
//! list of reasons of each word is made from the phrases when first it is asked for.
//!
//! It is a guess and is marked as one: asked only where neither a phrase nor a provider's code says
//! anything, it makes no verdict surer than a coin, and no address dead that the codes do not call dead.
//! `docs/decisions/0010-words-in-no-phrase.md` shows what it is worth.

#![allow(
    clippy::indexing_slicing,
    reason = "the lists are as long as there are reasons, and words, whose numbers are below that"
)]

use super::index::Index;
use super::matcher::numbers_of;
use super::tables::{Rules, Target};
use crate::order;
use crate::text::words::Words;
use crate::types::{Category, Reason, Strength};

/// So many different words are looked at, no fewer and no more. One alone proves nothing.
const WORDS: std::ops::RangeInclusive<usize> = 2..=40;
/// So many phrases more have a word, of all reasons alike: a word of few phrases proves little.
const SMOOTH: f32 = 0.5;
/// A reason without phrases is taken to have so many.
const FEWEST: f32 = 0.1;
/// How many bits a code adds to what it means for each step of its strength; half of it to the category.
const CODE: f32 = 8.0;
/// How many bits the best category must be ahead of the next.
const AHEAD: f32 = 2.0;
/// A word that adds fewer bits is not named as one that spoke; and how many are.
const NAMED: (f32, usize) = (1.0, 3);

/// The reasons at which words are at home.
#[derive(Debug)]
pub(super) struct Homes {
    /// Where the reasons of each word begin; a last one for where they end.
    starts: Vec<u32>,
    /// A reason stands as often as phrases of it have the word.
    reasons: Vec<u8>,
    /// How many phrases each reason has, and all have.
    phrases: Vec<f32>,
    total: f32,
}

/// What the words of a reply lean to.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaning {
    /// The reason.
    pub reason: Reason,
    /// The words that speak for it most, by their places among the words, in order.
    pub words: Vec<u32>,
}

impl Homes {
    fn new(rules: &Rules, index: &Index) -> Homes {
        let of_rules = || {
            (0..index.phrase_count() as u16).filter_map(|phrase| match index.target(phrase) {
                Target::Rule(rule) => Some((phrase, rules.rule(rule)?.reason)),
                _ => None,
            })
        };
        let mut phrases = vec![0.0; rules.reason_count()];
        let mut total = 0.0;
        let mut counts = vec![0; index.word_count() + 1];
        for (phrase, reason) in of_rules() {
            phrases[usize::from(reason.0)] += 1.0;
            total += 1.0;
            index.each_word(phrase, |word| counts[usize::from(word)] += 1);
        }
        let mut end = 0;
        let starts: Vec<u32> = counts
            .iter()
            .map(|count: &u32| {
                end += count;
                end - count
            })
            .collect();
        let mut reasons = vec![0; end as usize];
        let mut next = starts.clone();
        for (phrase, reason) in of_rules() {
            index.each_word(phrase, |word| {
                let at = &mut next[usize::from(word)];
                reasons[*at as usize] = reason.0;
                *at += 1;
            });
        }
        Homes { starts, reasons, phrases, total }
    }

    /// How many phrases of each reason have a word, or a beginning of it; and how many in all.
    fn counts(&self, numbers: &[u16]) -> (Vec<f32>, f32) {
        let mut counts = vec![0.0; self.phrases.len()];
        let mut all = 0.0;
        for number in numbers {
            let (start, end) = (self.starts[usize::from(*number)], self.starts[usize::from(*number) + 1]);
            for reason in &self.reasons[start as usize..end as usize] {
                counts[usize::from(*reason)] += 1.0;
            }
            all += (end - start) as f32;
        }
        (counts, all)
    }

    /// The bits that a word adds to each reason; nothing where no phrase has it.
    fn bits(&self, numbers: &[u16]) -> Option<Vec<f32>> {
        let (mut bits, all) = self.counts(numbers);
        for (count, phrases) in bits.iter_mut().zip(&self.phrases) {
            let share = phrases.max(FEWEST) / self.total;
            *count = log2((*count / share + SMOOTH) / (all + SMOOTH));
        }
        (all > 0.0).then_some(bits)
    }
}

impl Rules {
    /// What the words of a reply lean to, beside what its codes mean, and to none of the reasons that are
    /// ruled out; nothing where no category is well ahead.
    pub fn leaning(
        &self,
        words: &Words,
        codes: impl Iterator<Item = (Reason, Strength)>,
        ruled_out: &[Reason],
    ) -> Option<Leaning> {
        let index = self.index();
        let homes = index.homes(|| Homes::new(self, index));
        let mut scores: Vec<f32> =
            homes.phrases.iter().map(|phrases| log2(phrases.max(FEWEST) / homes.total)).collect();
        let mut known: Vec<(Vec<u16>, Vec<f32>, u32)> = Vec::new();
        for (numbers, place) in numbers_of(index, words) {
            if known.len() == *WORDS.end() || known.iter().any(|(known, ..)| *known == numbers) {
                continue;
            }
            let Some(bits) = homes.bits(&numbers) else { continue };
            scores.iter_mut().zip(&bits).for_each(|(score, bits)| *score += bits);
            known.push((numbers, bits, place));
        }
        if !WORDS.contains(&known.len()) {
            return None;
        }
        for (reason, strength) in codes {
            let category = self.category(reason);
            for (other, score) in (0..).map(Reason).zip(&mut scores) {
                let near = if other == reason { 1.0 } else { 0.5 };
                if self.category(other) == category {
                    *score += CODE * near * f32::from(strength as u8);
                }
            }
        }
        for reason in ruled_out {
            scores[usize::from(reason.0)] = f32::MIN;
        }
        let (reason, most) = self.best(&scores, None)?;
        let (_, next) = self.best(&scores, Some(self.category(reason)))?;
        if most - next < AHEAD {
            return None;
        }
        let spoke = known.iter().map(|(_, bits, place)| (bits[usize::from(reason.0)], *place));
        let mut spoke: Vec<(f32, u32)> = spoke.filter(|(bits, _)| *bits >= NAMED.0).collect();
        order::sort(&mut spoke, |a, b| b.0.total_cmp(&a.0));
        spoke.truncate(NAMED.1);
        let mut words: Vec<u32> = spoke.into_iter().map(|(_, place)| place).collect();
        order::sort(&mut words, u32::cmp);
        (!words.is_empty()).then_some(Leaning { reason, words })
    }

    /// The reason with the most bits, outside of a category.
    fn best(&self, scores: &[f32], not_in: Option<Category>) -> Option<(Reason, f32)> {
        let all = (0..).map(Reason).zip(scores.iter().copied());
        all.filter(|(reason, _)| Some(self.category(*reason)) != not_in).max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// A logarithm by the bits of the number: the exponent, and between powers of two a straight line, which
/// is at most 0.09 too low.
fn log2(positive: f32) -> f32 {
    positive.to_bits() as f32 / (1u32 << 23) as f32 - 127.0
}

#[cfg(test)]
mod tests {
    use super::{Leaning, Rules, log2};
    use crate::rules::names_of;
    use crate::text::words;

    fn leaning(text: &str) -> Option<Leaning> {
        Rules::embedded().leaning(&words::read(text), std::iter::empty(), &[])
    }

    #[test]
    fn words_lean_to_the_reason_whose_phrases_have_them() {
        let text = "storage allotment exhausted";
        let leaning = leaning(text).expect("words of many phrases");
        assert_eq!(leaning.reason, names_of::MAILBOX_FULL);
        assert!(leaning.words.is_sorted() && !leaning.words.is_empty());
    }

    #[test]
    fn one_word_and_unknown_words_lean_to_nothing() {
        for text in ["", "quota", "quota quota quota", "zyzzogeton blorbed framistan"] {
            assert_eq!(leaning(text), None, "{text}");
        }
    }

    #[test]
    fn the_logarithm_is_near() {
        for number in [0.01f32, 0.3, 1.0, 1.5, 2.0, 37.0, 9000.0] {
            assert!((log2(number) - number.log2()).abs() < 0.09, "{number}");
        }
    }
}
