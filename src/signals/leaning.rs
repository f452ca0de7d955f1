//! What words speak for that are in no phrase: asked for last, where nothing says anything but codes that
//! leave much open.

use super::Signals;
use crate::rules::Rules;
use crate::text::words::Words;
use crate::types::{Evidence, Reason, Source, Strength};

/// Adds the words of a reply that speak for the reason that they lean to.
pub(super) fn evidence(rules: &Rules, reply: &Words, signals: &mut Signals) {
    let is_code = |source: Source| matches!(source, Source::Status(_) | Source::Reply(_));
    let told = |evidence: &Evidence| !is_code(evidence.source) || evidence.strength >= Strength::Strong;
    if signals.wordless || signals.evidence.iter().any(told) {
        return;
    }
    // what a code says is not ruled out by words
    let is_said = |reason: &Reason| signals.evidence.iter().any(|evidence| evidence.reason == *reason);
    let ruled_out: Vec<Reason> =
        signals.ruled_out.iter().copied().filter(|reason| !is_said(reason)).collect();
    let codes = signals.evidence.iter().map(|evidence| (evidence.reason, evidence.strength));
    let Some(leaning) = rules.leaning(reply, codes, &ruled_out) else { return };
    for place in leaning.words {
        let Some(word) = reply.words.get(place as usize) else { continue };
        signals.evidence.push(Evidence {
            reason: leaning.reason,
            strength: Strength::Weak,
            source: Source::Word,
            start: word.start,
            end: word.end,
            in_prose: false,
        });
    }
}
