//! bouncelens reads bounce messages.

pub mod types;
pub mod text;
pub mod rules;
pub mod input;
pub mod signals;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

use rules::Rules;
use types::Verdict;

/// Reads an input and gives one verdict for each recipient or record in it, at least one.
pub fn classify(input: &[u8]) -> Vec<Verdict<'_>> {
    classify_with(&Rules::embedded(), input)
}

/// The same with other rules than those of this build.
pub fn classify_with<'a>(rules: &Rules, input: &'a [u8]) -> Vec<Verdict<'a>> {
    input::read(input)
        .into_iter()
        .map(|notice| {
            let signals = signals::collect(rules, &notice);
            verdict::decide(rules, notice, &signals)
        })
        .collect()
}
