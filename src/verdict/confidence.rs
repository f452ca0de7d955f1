//! How sure a verdict is: of verdicts at 0.9, nine in ten are right.
//!
//! A table of six numbers, read off labelled replies: how often the category was right, by the
//! strength of the evidence that won. `docs/CONFIDENCE.md` shows stated against observed and how
//! the numbers were found. Three are not measured but set: words that nobody knows never make
//! a verdict surer than a coin, a hint stays low, and a rule of the user's own is taken at its word.

use super::weigh::Weighed;
use crate::signals::Signals;
use crate::types::{Kind, Strength};

/// Words, a provider's own code or a reporting system say it.
const SAID: [f32; 4] = [0.58, 0.89, 0.94, 0.95];
/// Two independent sources say the same, and clearly: words and a code.
const AGREED: f32 = 0.02;
/// Something else that is more than a hint speaks for another category.
const CONTRADICTED: f32 = 0.09;
/// "User unknown" quoted in a refusal of the sender: both readings are shown, and neither is sure.
const OVERRULED: f32 = 0.65;
/// Codes alone, of a reply without words.
const CODES: [f32; 4] = [0.45, 0.65, 0.65, 0.65];
/// Codes alone, beside words that no rule knows: under a half, however often it turns out right.
const UNKNOWN_WORDS: [f32; 4] = [0.45, 0.49, 0.49, 0.49];
/// Nothing but the class of a reply code.
const BARE: f32 = 0.42;

/// A rule of the user's own: set, not measured. We know that it holds, not how well it was written.
const OWN: f32 = 0.95;

/// The confidence of a verdict about a failure, 0 to 1.
pub fn confidence(weighed: &Weighed, signals: &Signals) -> f32 {
    if weighed.bare {
        return BARE;
    }
    if weighed.own {
        return OWN;
    }
    // a hint that was made fair by the code beside it is still one
    let strength = if weighed.hint { Strength::Weak } else { weighed.strength };
    let table = match (weighed.telling, signals.wordless) {
        (true, _) => SAID,
        (false, true) => CODES,
        (false, false) => UNKNOWN_WORDS,
    };
    let [weak, fair, strong, definite] = table;
    let base = match strength {
        Strength::Weak => weak,
        Strength::Fair => fair,
        Strength::Strong => strong,
        Strength::Definite => definite,
    };
    let agreed =
        if weighed.telling && strength >= Strength::Strong && weighed.agreeing > 1 { AGREED } else { 0.0 };
    let contradicted = if weighed.contradicted || signals.disputed { CONTRADICTED } else { 0.0 };
    let sure = base + agreed - contradicted;
    if weighed.overruled { sure.min(OVERRULED) } else { sure }
}

/// The confidence that a text is of a kind that is no failure.
pub fn of_kind(kind: Kind) -> f32 {
    match kind {
        Kind::Unrelated => 0.6,
        _ => 0.95,
    }
}
