//! The border to JavaScript: text comes in through a scratch buffer, numbers go out.
//!
//! A call costs what the work costs: JavaScript encodes its string straight into [`reserve`]d memory,
//! [`engine::classify`] answers with the address of some words, and `pkg-template/lib/decode.js` makes
//! a plain object of them. Names and advice never cross: JavaScript has tables of its own.
//!
//! ```text
//! at = reserve(n); <write the text at `at`>; words = classify(length, form, flags)
//! words: count, address and length of the own text, then the verdicts (see `words`)
//! ```
//!
//! The package has three wasm files, so that nobody loads what is not asked: one of the feature `engine`, one of
//! the feature `desk`, one of the feature `regex`. Each has a scratch of its own.

// The expansion of `#[wasm_bindgen]` is unsafe code; none stands here.
#![allow(unsafe_code)]

#[cfg(feature = "desk")]
pub mod desk;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "regex")]
pub mod regex;

use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for a text of this many bytes and gives its address; what stands there stays.
#[wasm_bindgen]
pub fn reserve(bytes: usize) -> usize {
    SCRATCH.with_borrow_mut(|scratch| {
        if scratch.len() < bytes {
            scratch.resize(bytes, 0);
        }
        scratch.as_ptr() as usize
    })
}

/// Gives back all but this many bytes of the room, and gives its address.
#[wasm_bindgen]
pub fn shrink(bytes: usize) -> usize {
    SCRATCH.with_borrow_mut(|scratch| {
        *scratch = vec![0; bytes];
        scratch.as_ptr() as usize
    })
}

/// A text for JavaScript, and where it finds its address and length.
#[derive(Default)]
struct Answer {
    text: String,
    at: [u32; 2],
}

impl Answer {
    /// Keeps a text until the next one; gives the address of its address and length.
    fn keep(&mut self, text: String) -> usize {
        self.text = text;
        self.at = [self.text.as_ptr() as u32, self.text.len() as u32];
        self.at.as_ptr() as usize
    }
}
