//! What the words speak for.

use super::Signals;
use crate::rules::{Hit, Rules, Target};
use crate::text::words::{Item, Words};
use crate::types::{Evidence, Source, Stage, StatusCode};

/// Turns the phrases that were found into evidence: rules that are not switched off by words,
/// whose codes are there and whose provider speaks.
pub(super) fn collect(
    rules: &Rules,
    hits: &[Hit],
    stage: Option<Stage>,
    signals: &mut Signals,
    in_prose: bool,
) {
    for (at, hit) in hits.iter().enumerate() {
        let Target::Rule(index) = hit.target else { continue };
        let Some(rule) = rules.rule(index) else { continue };
        let seen = hits.iter().take(at).any(|earlier| earlier.target == hit.target);
        let off = hits.iter().any(|other| other.target == Target::Guard(index));
        let foreign =
            rule.provider.is_some_and(|provider| !rule.anywhere && signals.provider != Some(provider));
        let other_stage = rule.stage.is_some_and(|wanted| stage != Some(wanted));
        if seen || off || foreign || other_stage || !code_fits(rules, &rule, signals) {
            continue;
        }
        signals.evidence.push(Evidence {
            reason: rule.reason,
            strength: rule.strength,
            source: Source::Rule(index),
            start: hit.start,
            end: hit.end,
            in_prose,
        });
    }
}

fn code_fits(rules: &Rules, rule: &crate::rules::Rule, signals: &Signals) -> bool {
    let mut conditions = rules.conditions(rule).peekable();
    let reply = signals.codes.reply.map(|reply| reply.0);
    let mut statuses =
        signals.codes.statuses.iter().map(|(status, ..)| Some(*status)).chain([None::<StatusCode>]);
    conditions.peek().is_none() || {
        let conditions: Vec<_> = conditions.collect();
        statuses.any(|status| conditions.iter().any(|condition| condition.holds(reply, status)))
    }
}

/// A blocklist that is named, by its zone or in prose, says what kind of listing it is.
pub(super) fn blocklists(
    rules: &Rules,
    words: &Words,
    text: &str,
    hits: &[Hit],
    signals: &mut Signals,
    in_prose: bool,
) {
    let zones =
        words.words.iter().filter(|word| matches!(word.item, Item::Host | Item::Url)).filter_map(|word| {
            let shown = text.get(word.start as usize..word.end as usize)?;
            let name = super::provider::host_of(shown)?;
            Some((rules.blocklist_of_zone(name)?, word.start, word.end))
        });
    let named = hits.iter().filter_map(|hit| match hit.target {
        Target::Blocklist(list) => Some((list, hit.start, hit.end)),
        _ => None,
    });
    for (list, start, end) in zones.chain(named) {
        if signals.evidence.iter().any(|evidence| evidence.source == Source::Blocklist(list)) {
            continue;
        }
        let Some((reason, strength)) = rules.blocklist(list) else { continue };
        signals.blocklist = signals.blocklist.or(Some(list));
        let source = Source::Blocklist(list);
        signals.evidence.push(Evidence { reason, strength, source, start, end, in_prose });
    }
}
