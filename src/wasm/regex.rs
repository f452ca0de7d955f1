//! The user's own patterns: compiled once, then asked for each reply. `pkg-template/lib/own.js` does.
//!
//! The syntax is that of the `regex` crate, and so is the promise: time that grows with the text and not
//! otherwise, whatever the pattern. Patterns that would take too much memory are refused.

use super::{Answer, SCRATCH};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

/// The most that one compiled pattern may take, in bytes.
const PATTERN: usize = 1024 * 1024;
/// The most that all of them may take together.
const ALL: usize = 16 * 1024 * 1024;

#[derive(Default)]
struct Patterns {
    texts: Vec<String>,
    /// Those that have matched: most never do, and tell only whether they do.
    matched: Vec<Option<Regex>>,
    set: RegexSet,
    hits: Vec<u32>,
    answer: Answer,
}

thread_local! {
    static PATTERNS: RefCell<Patterns> = RefCell::default();
}

/// Takes the pattern in the first bytes of the room; gives 0, or the address of the address and length of
/// what is wrong with it.
#[wasm_bindgen]
pub fn add(length: usize) -> usize {
    let pattern = text(length);
    PATTERNS.with_borrow_mut(|patterns| match compiled(&pattern) {
        Ok(_) => {
            patterns.texts.push(pattern);
            patterns.matched.push(None);
            0
        }
        Err(error) => patterns.answer.keep(told(&error)),
    })
}

/// Makes one of all patterns; gives 0, or the same for what is wrong.
#[wasm_bindgen]
pub fn seal() -> usize {
    PATTERNS.with_borrow_mut(|patterns| {
        match RegexSetBuilder::new(&patterns.texts).size_limit(ALL).dfa_size_limit(ALL).build() {
            Ok(set) => {
                patterns.set = set;
                0
            }
            Err(error) => patterns.answer.keep(told(&error)),
        }
    })
}

/// Finds the patterns in the first bytes of the room; gives the address of `count`, and of `pattern, start,
/// end` for each that holds, in their order.
#[wasm_bindgen]
pub fn find(length: usize) -> usize {
    SCRATCH.with_borrow(|scratch| {
        let text = std::str::from_utf8(scratch.get(..length).unwrap_or_default()).unwrap_or_default();
        PATTERNS.with_borrow_mut(|Patterns { texts, matched, set, hits, .. }| {
            hits.clear();
            hits.push(0);
            for index in set.matches(text) {
                let (Some(pattern), Some(kept)) = (texts.get(index), matched.get_mut(index)) else {
                    continue;
                };
                if kept.is_none() {
                    *kept = compiled(pattern).ok();
                }
                if let Some(found) = kept.as_ref().and_then(|pattern| pattern.find(text)) {
                    hits.extend([index as u32, found.start() as u32, found.end() as u32]);
                }
            }
            let count = hits.len() as u32 / 3;
            if let Some(first) = hits.first_mut() {
                *first = count;
            }
            hits.as_ptr() as usize
        })
    })
}

fn text(length: usize) -> String {
    SCRATCH.with_borrow(|scratch| {
        String::from_utf8_lossy(scratch.get(..length).unwrap_or_default()).into_owned()
    })
}

fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(PATTERN).dfa_size_limit(PATTERN).build()
}

/// What is wrong, in one line: the crate draws the pattern and an arrow, too.
fn told(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => format!("compiled, it takes more than {limit} bytes"),
        error => {
            let text = error.to_string();
            text.rsplit("error: ").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
        }
    }
}
