//! What the words speak for.

use super::Signals;
use crate::rules::hints::{ASIDE, BESIDE};
use crate::rules::{Hit, Rules, Target, names_of};
use crate::text::words::{Item, Word, Words};
use crate::types::{Evidence, Reason, Source, Stage, StatusCode, Strength};

/// Turns the phrases that were found into evidence: rules that are not switched off by words,
/// whose codes are there and whose provider speaks.
pub(super) fn collect(
    rules: &Rules,
    words: &Words,
    text: &str,
    hits: &[Hit],
    stage: Option<Stage>,
    signals: &mut Signals,
    in_prose: bool,
) {
    // few rules are switched off: as a rule none, and then this takes no memory
    let guarded = hits.iter().filter_map(|hit| match hit.target {
        Target::Guard(rule) => Some(rule),
        _ => None,
    });
    let off: Vec<u16> = guarded.collect();
    for hit in hits {
        let Target::Rule(index) = hit.target else { continue };
        let Some(rule) = rules.rule(index) else { continue };
        let foreign =
            rule.provider.is_some_and(|provider| !rule.anywhere && signals.provider != Some(provider));
        let other_stage = rule.stage.is_some_and(|wanted| stage != Some(wanted));
        if foreign || other_stage || !code_fits(rules, &rule, signals) {
            continue;
        }
        // said once is enough, in the reply or in the words around it
        let seen = signals.evidence.iter().any(|piece| piece.source == Source::Rule(index));
        if seen {
            continue;
        }
        if off.contains(&index) {
            signals.ruled_out.push(rule.reason);
            continue;
        }
        if rule.alone && (in_prose || !is_all(words, hit)) || proves_spam_only(signals, &rule, hit) {
            continue;
        }
        let authentication = is_authentication(rule.reason);
        if authentication && names_list(rules, words, text, hit) {
            continue;
        }
        let noted = authentication && is_within(hit, results(words, text));
        signals.evidence.push(Evidence {
            reason: rule.reason,
            strength: if noted { Strength::Weak } else { rule.strength },
            source: Source::Rule(index),
            start: hit.start,
            end: hit.end,
            in_prose,
        });
    }
}

fn is_authentication(reason: Reason) -> bool {
    matches!(
        reason,
        names_of::SPF_FAIL | names_of::DKIM_FAIL | names_of::DMARC_FAIL | names_of::AUTHENTICATION_FAILED
    )
}

/// Whether a phrase spans the zone of a blocklist: in "blocked using bl.example.net, check your SPF
/// record" it is the list that blocks.
fn names_list(rules: &Rules, words: &Words, text: &str, hit: &Hit) -> bool {
    let within = words.words.iter().filter(|word| word.start > hit.start && word.end < hit.end);
    let mut hosts = within.filter(|word| matches!(word.item, Item::Host | Item::Url));
    hosts.any(|host| list_of(rules, text, host).is_some())
}

/// The blocklist that a host or URL belongs to.
fn list_of(rules: &Rules, text: &str, host: &Word) -> Option<u16> {
    let shown = text.get(host.start as usize..host.end as usize)?;
    rules.blocklist_of_zone(super::provider::host_of(shown)?)
}

/// The place of a header that a reply quotes (RFC 8601): `Authentication-Results: mx.example.com; spf=fail
/// smtp.mailfrom=example.com; dkim=none`. It says what was looked at, not why the mail was refused.
fn results(words: &Words, text: &str) -> Option<(u32, u32)> {
    let is = |word: &Word, known: &str| words.letters(word) == known.as_bytes();
    let header = words.words.windows(2).find_map(|two| match two {
        [first, second] => (is(first, "authentication") && is(second, "results")).then_some(first),
        _ => None,
    })?;
    let value = text.as_bytes().get(header.start as usize..)?;
    // as far as the line, or the sentence
    let ends = |two: &[u8]| two.starts_with(b"\n") || two == b". ";
    let len = value.windows(2).position(ends).unwrap_or(value.len());
    Some((header.start, header.start + len as u32))
}

/// Whether a phrase is all that is said, apart from codes, hosts, ids and politeness.
fn is_all(words: &Words, hit: &Hit) -> bool {
    words.words.iter().all(|word| {
        word.item != Item::Word
            || word.start >= hit.start && word.end <= hit.end
            || std::str::from_utf8(words.letters(word)).is_ok_and(|letters| BESIDE.contains(&letters))
    })
}

/// Whether there are words that are neither in a phrase nor politeness.
pub(super) fn says_more(words: &Words, hits: &[Hit]) -> bool {
    words.words.iter().any(|word| {
        word.item == Item::Word
            && !hits.iter().any(|hit| word.start >= hit.start && word.end <= hit.end)
            && !std::str::from_utf8(words.letters(word))
                .is_ok_and(|letters| BESIDE.contains(&letters) || ASIDE.contains(&letters))
    })
}

/// Whether a text is codes, hosts and ids and nothing else.
pub(super) fn is_wordless(words: &Words) -> bool {
    words.words.iter().all(|word| word.item != Item::Word)
}

/// Whether the words stand in a list of a spam filter's tests, and so speak of nothing else.
fn proves_spam_only(signals: &Signals, rule: &crate::rules::Rule, hit: &Hit) -> bool {
    rule.reason != names_of::SPAM_CONTENT && is_within(hit, signals.tests)
}

fn is_within(hit: &Hit, place: Option<(u32, u32)>) -> bool {
    place.is_some_and(|(start, end)| hit.start >= start && hit.end <= end)
}

/// The place of a list of a spam filter's tests: `BAYES_99=3.5,RDNS_NONE,URIBL_BLACK`. Each name
/// says what the filter looked at, not why the mail was refused.
pub(super) fn tests(text: &str) -> Option<(u32, u32)> {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'_') {
        return None;
    }
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let (mut first, mut last, mut count) = (0, 0, 0);
    let mut at = 0;
    while let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(in_name)) {
        let start = at + skipped;
        let len = bytes.get(start..).map_or(0, |rest| rest.iter().take_while(|byte| in_name(byte)).count());
        at = start + len;
        if !bytes.get(start..at).is_some_and(is_test) {
            continue;
        }
        // between two tests of one list: a comma, and perhaps the points of the first
        let between = bytes.get(last..start).filter(|_| count > 0).unwrap_or_default();
        let joined = between.len() <= 16
            && between.contains(&b',')
            && between.iter().all(|byte| byte.is_ascii_digit() || b" ,=.()-\r\n\t".contains(byte));
        if count == 1 && !joined || count == 0 {
            (first, count) = (start, 0);
        } else if !joined {
            break;
        }
        (last, count) = (at, count + 1);
    }
    (count >= 2).then_some((first as u32, last as u32))
}

/// Whether a name is that of a test: capitals and digits, joined by `_`.
fn is_test(name: &[u8]) -> bool {
    name.len() >= 5
        && name.first().is_some_and(u8::is_ascii_uppercase)
        && name.contains(&b'_')
        && !name.iter().any(u8::is_ascii_lowercase)
}

fn code_fits(rules: &Rules, rule: &crate::rules::Rule, signals: &Signals) -> bool {
    if !rule.has_conditions() {
        return true;
    }
    let reply = signals.codes.reply.map(|reply| reply.0);
    let mut statuses =
        signals.codes.statuses.iter().map(|(status, ..)| Some(*status)).chain([None::<StatusCode>]);
    statuses.any(|status| rules.conditions(rule).any(|condition| condition.holds(reply, status)))
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
    let zones = words
        .words
        .iter()
        .filter(|word| matches!(word.item, Item::Host | Item::Url))
        .filter_map(|word| Some((list_of(rules, text, word)?, word.start, word.end)));
    let tests = signals.tests;
    let named = hits.iter().filter(|hit| !is_within(hit, tests)).filter_map(|hit| match hit.target {
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
