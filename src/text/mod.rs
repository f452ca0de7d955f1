//! Text: characters made comparable, and texts taken apart into words, things and codes.

pub mod decode;
pub mod fold;
pub mod words;
