//! How sure a verdict is: of verdicts at 0.9, nine in ten are right.

use super::weigh::Weighed;
use crate::rules::Rules;
use crate::signals::Signals;
use crate::types::{Kind, Strength};

/// The confidence of a verdict about a failure, 0 to 1.
pub fn confidence(_rules: &Rules, weighed: &Weighed, signals: &Signals) -> f32 {
    if weighed.bare {
        return 0.42;
    }
    if weighed.hint {
        return 0.55;
    }
    let base: f32 = match weighed.strength {
        Strength::Weak => 0.48,
        Strength::Fair => 0.8,
        Strength::Strong => 0.92,
        Strength::Definite => 0.96,
    };
    let agreed = if weighed.agreeing > 1 { 0.03 } else { 0.0 };
    let codes_only = if weighed.telling { 0.0 } else { 0.15 };
    let contradicted = if weighed.contradicted || signals.disputed { 0.15 } else { 0.0 };
    (base + agreed - contradicted - codes_only).clamp(0.05, 0.99)
}

/// The confidence that a text is of a kind that is no failure.
pub fn of_kind(kind: Kind) -> f32 {
    match kind {
        Kind::Unrelated => 0.6,
        _ => 0.95,
    }
}
