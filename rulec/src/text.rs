//! The reader of words, the very files that the core reads texts with.

#[path = "../../src/text/fold.rs"]
pub mod fold;
#[path = "../../src/text/words.rs"]
pub mod words;
