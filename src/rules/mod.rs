//! The compiled rules, and the matcher that finds them in a text.

mod index;
mod lean;
mod lines;
mod matcher;
#[cfg(not(target_arch = "wasm32"))]
pub mod names;
mod near;
mod own;
mod tables;
mod vocabulary;

pub use lean::Leaning;
pub use matcher::{Hit, Matches, find};
pub use own::{Ask, OwnHit};
pub use tables::{Condition, ProviderCode, Rule, Rules, StatusMeaning, Target};

/// Short word lists of `data/hints.toml`.
pub mod hints {
    include!(concat!(env!("OUT_DIR"), "/hints.rs"));
}

/// The few reasons that the code itself names: what remains when nothing is said, what an expired
/// or forwarded message means. `rulec` writes their numbers.
pub mod names_of {
    include!(concat!(env!("OUT_DIR"), "/reasons.rs"));
}
