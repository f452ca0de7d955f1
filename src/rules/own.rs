//! Rules of the user's own: who asks for them brings what finds them.

use super::Rules;
use crate::types::Reason;

/// A rule of the user's own that holds, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnHit {
    /// The rule, by its place in the user's list.
    pub rule: u16,
    /// What it speaks for.
    pub reason: Reason,
    /// The first byte of the words.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// Finds the user's rules that hold in a reply, in the order of the user's list.
pub type Ask = fn(&str) -> Vec<OwnHit>;

impl Rules {
    /// These rules, and the user's own before them.
    #[must_use]
    pub fn asking(mut self, own: Ask) -> Rules {
        self.own = Some(own);
        self
    }

    /// The user's rules that hold in a reply: the first one decides.
    pub fn own(&self, reply: &str) -> Vec<OwnHit> {
        self.own.map(|own| own(reply)).unwrap_or_default()
    }
}
