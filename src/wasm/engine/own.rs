//! The user's own rules: JavaScript has the wasm that finds them, and is asked for each reply.

use crate::rules::OwnHit;
use crate::types::Reason;
use wasm_bindgen::prelude::wasm_bindgen;

/// More rules that hold in one reply are not looked at.
const MOST: usize = 64;

#[wasm_bindgen]
extern "C" {
    /// Finds the rules that hold in the text at this address: writes `rule, reason, start, end` for each
    /// of them, and gives how many these are. `lib/own.js` answers.
    #[wasm_bindgen(js_name = askOwnRules)]
    fn ask_own_rules(text: usize, length: usize, hits: usize, most: usize) -> usize;
}

/// The rules that hold in a reply, in the order of the user's list.
pub fn ask(reply: &str) -> Vec<OwnHit> {
    let mut hits = [[0u32; 4]; MOST];
    let count = ask_own_rules(reply.as_ptr() as usize, reply.len(), hits.as_mut_ptr() as usize, MOST);
    hits.iter()
        .take(count)
        .map(|&[rule, reason, start, end]| OwnHit {
            rule: rule as u16,
            reason: Reason(reason as u8),
            start,
            end,
        })
        .collect()
}
