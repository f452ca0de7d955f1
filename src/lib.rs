//! bouncelens reads bounce messages.

// bad mail is data: nothing in the core may fail on it (the linter's test build indexes freely)
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod desk;
pub mod error;
pub mod input;
mod order;
pub mod policy;
pub mod report;
pub mod rules;
pub mod signals;
pub mod text;
pub mod types;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

use input::ReadOptions;
use rules::Rules;
use text::decode::Charsets;
use types::{Form, Notice, Verdict};

/// Reads an input and gives one verdict for each recipient or record in it, at least one.
///
/// ```
/// use bouncelens::types::{BounceType, Fault};
///
/// let verdicts = bouncelens::classify(b"550 5.1.1 <a@example.com>: Recipient address rejected: User unknown");
/// assert_eq!(verdicts[0].bounce_type, Some(BounceType::Hard));
/// assert_eq!(verdicts[0].fault, Fault::Recipient);
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub fn classify(input: &[u8]) -> Vec<Verdict<'_>> {
    classify_with(&Rules::embedded(), input, text::decode::native)
}

/// The same with given rules and a given decoder of legacy charsets.
pub fn classify_with<'a>(rules: &Rules, input: &'a [u8], charsets: Charsets) -> Vec<Verdict<'a>> {
    decide(rules, input, &ReadOptions { form: None, charsets })
}

/// The same, of an input whose form is known.
pub fn classify_as<'a>(rules: &Rules, form: Form, input: &'a [u8], charsets: Charsets) -> Vec<Verdict<'a>> {
    decide(rules, input, &ReadOptions { form: Some(form), charsets })
}

/// The verdict of the first recipient or record alone: whatever else the input holds is read over and not
/// decided.
pub fn classify_first<'a>(rules: &Rules, input: &'a [u8], options: &ReadOptions) -> Option<Verdict<'a>> {
    let mut first = None;
    input::read_each(input, options, &mut |notice| {
        if first.is_none() {
            first = Some(verdict_of(rules, notice));
        }
    });
    first
}

fn decide<'a>(rules: &Rules, input: &'a [u8], options: &ReadOptions) -> Vec<Verdict<'a>> {
    let mut verdicts = Vec::with_capacity(1);
    input::read_each(input, options, &mut |notice| verdicts.push(verdict_of(rules, notice)));
    verdicts
}

#[inline(never)]
fn verdict_of<'a>(rules: &Rules, mut notice: Notice<'a>) -> Verdict<'a> {
    let signals = signals::collect(rules, &notice);
    // nobody asks for them again, and there may be a hundred thousand notices
    notice.words = None;
    verdict::decide(rules, notice, &signals)
}
