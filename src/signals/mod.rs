//! Stage 2: which facts are in a notice?
//!
//! Text, codes, who speaks and what the form states become [`Evidence`], each piece with its
//! strength and its place. Nothing is weighed here.

mod codes;
mod hints;
mod leaning;
mod phrases;
mod provider;

pub use codes::Codes;

use crate::rules::hints::{PASSING, PASSING_HINT};
use crate::rules::{OwnHit, Rules, find, names_of};
use crate::text::beginning;
use crate::text::words::{self, Words};
use crate::types::{BounceType, Evidence, Form, Kind, Notice, Provider, Quote, Reason, Source, Strength};
use std::borrow::Cow;

/// The facts of a notice.
#[derive(Clone, Debug)]
pub struct Signals {
    /// What speaks for which reason.
    pub evidence: Vec<Evidence>,
    /// The codes, from the text and from fields.
    pub codes: Codes,
    /// What a rule of the user's own says: it decides.
    pub own: Option<Reason>,
    /// Who speaks.
    pub provider: Option<Provider>,
    /// Seconds to wait, where the text states them.
    pub retry_after: Option<u32>,
    /// The first blocklist that is named.
    pub blocklist: Option<u16>,
    /// The words around the reply of a report name another cause, one that no address dies of.
    pub disputed: bool,
    /// The words that call an address dead say themselves that it is so for a while.
    pub passing: bool,
    /// The words that hint at a dead address say so.
    pub passing_hint: bool,
    /// The reply is codes, hosts and ids and nothing else.
    pub wordless: bool,
    /// The reply says more than what is evidence; looked at where all of that is weak.
    pub says_more: bool,
    /// Reasons whose words are there, but beside others that say that they mean something else.
    ruled_out: Vec<Reason>,
    /// Where the text lists the tests of a spam filter.
    tests: Option<(u32, u32)>,
}

/// More text than this is not matched; what decides stands at the beginning.
const READ: usize = 16 * 1024;

/// Collects the facts of a notice.
pub fn collect(rules: &Rules, notice: &Notice<'_>) -> Signals {
    let own;
    let reply = if let Some(words) = &notice.words {
        words
    } else {
        own = words::read(cut(&notice.reply));
        &own
    };
    let codes = codes::collect(reply, notice);
    let mut hits = find(rules, reply);
    let provider = provider::speaking(rules, notice, reply, &hits);
    let mut signals = Signals {
        // room for what most replies show
        evidence: Vec::with_capacity(8),
        own: None,
        retry_after: hints::retry_after(reply, &notice.reply.text),
        blocklist: None,
        disputed: false,
        passing: false,
        passing_hint: false,
        wordless: phrases::is_wordless(reply),
        says_more: false,
        ruled_out: Vec::new(),
        tests: phrases::tests(cut(&notice.reply)),
        codes,
        provider,
    };
    own_rules(rules, cut(&notice.reply), &mut signals, false);
    phrases::collect(rules, reply, &notice.reply.text, &hits, notice.stage, &mut signals, false);
    phrases::blocklists(rules, reply, &notice.reply.text, &hits, &mut signals, false);
    signals.passing =
        passing(rules, reply, &notice.reply.text, &signals.evidence, Strength::Fair, &[PASSING]);
    let told = signals.evidence.iter().map(|evidence| evidence.strength).max();
    if told == Some(Strength::Weak) {
        signals.says_more = phrases::says_more(reply, &hits);
        let text = &notice.reply.text;
        signals.passing_hint =
            passing(rules, reply, text, &signals.evidence, Strength::Weak, &[PASSING, PASSING_HINT]);
    }
    if let Some(prose) =
        notice.prose.as_ref().filter(|_| told < Some(Strength::Strong) && notice.kind != Kind::AutoReply)
    {
        let from = signals.evidence.len();
        let shown = without(cut(prose), &notice.reply.text);
        let around = words::read(&shown);
        hits = find(rules, &around);
        signals.provider = signals.provider.or_else(|| provider::speaking(rules, notice, &around, &hits));
        signals.tests = phrases::tests(&shown);
        own_rules(rules, cut(prose), &mut signals, true);
        phrases::collect(rules, &around, &shown, &hits, notice.stage, &mut signals, true);
        phrases::blocklists(rules, &around, &shown, &hits, &mut signals, true);
        signals.retry_after = signals.retry_after.or_else(|| hints::retry_after(&around, &prose.text));
        // beside a reply that says something, what is said around it counts less
        if told >= Some(Strength::Fair) {
            signals
                .evidence
                .iter_mut()
                .skip(from)
                .for_each(|evidence| evidence.strength = evidence.strength.weaker());
        }
    }
    if told >= Some(Strength::Strong) && notice.form == Form::Dsn && signals.own.is_none() {
        dispute(rules, notice, &mut signals);
    }
    codes::evidence(rules, &mut signals);
    if let Some(class) = &notice.class
        && let Some((reason, strength)) = rules.class(class.system, &class.name)
    {
        let source = Source::Class;
        signals.evidence.push(Evidence { reason, strength, source, start: 0, end: 0, in_prose: false });
    }
    leaning::evidence(rules, reply, &mut signals);
    signals
}

/// What the user's own rules find.
fn own_rules(rules: &Rules, text: &str, signals: &mut Signals, in_prose: bool) {
    for OwnHit { rule, reason, start, end } in rules.own(text) {
        signals.own = signals.own.or(Some(reason));
        let (strength, source) = (Strength::Definite, Source::Own(rule));
        signals.evidence.push(Evidence { reason, strength, source, start, end, in_prose });
    }
}

/// Whether a word such as "temporarily" stands among the words that speak for a dead address, or next
/// behind them: "bloqueado temporalmente".
fn passing(
    rules: &Rules,
    reply: &Words,
    text: &str,
    evidence: &[Evidence],
    least: Strength,
    lists: &[&[&str]],
) -> bool {
    let dead = |evidence: &&Evidence| {
        evidence.strength >= least && rules.bounce_type(evidence.reason) == BounceType::Hard
    };
    evidence.iter().filter(dead).any(|evidence| {
        reply.words.iter().any(|word| {
            let within = evidence.start <= word.start && word.end <= evidence.end;
            let behind = || {
                let between = text.get(evidence.end as usize..word.start as usize);
                between.is_some_and(|between| between.bytes().all(|byte| byte == b' '))
            };
            let letters = reply.letters(word);
            let listed = |list: &&[&str]| list.iter().any(|known| known.as_bytes() == letters);
            (within || behind()) && lists.iter().any(listed)
        })
    })
}

/// How much of the words around the reply of a report is looked at.
const AROUND: usize = 600;

/// Where a report says that the address is dead, but the words for people, which do not repeat its
/// reply, clearly name a cause that passes: both are kept, and the address is not given up.
fn dispute(rules: &Rules, notice: &Notice<'_>, signals: &mut Signals) {
    let hard = |evidence: &Evidence| rules.bounce_type(evidence.reason) == BounceType::Hard;
    let Some(prose) = notice.prose.as_ref().filter(|_| signals.evidence.iter().any(hard)) else { return };
    if repeats(&prose.text, &notice.reply.text) {
        return;
    }
    let from = signals.evidence.len();
    let text = beginning(&prose.text, AROUND);
    let around = words::read(text);
    let hits = find(rules, &around);
    phrases::collect(rules, &around, text, &hits, notice.stage, signals, true);
    let clear = |evidence: &&Evidence| evidence.strength >= Strength::Strong;
    let told = signals.evidence.get(from..).unwrap_or_default();
    // that it was tried for long is no cause
    let frame = |evidence: &Evidence| {
        evidence.reason == names_of::DELIVERY_DELAYED || evidence.reason == names_of::DELIVERY_EXPIRED
    };
    signals.disputed = told.iter().filter(clear).any(|evidence| !hard(evidence) && !frame(evidence))
        && !told.iter().filter(clear).any(hard);
    if signals.disputed {
        signals
            .evidence
            .iter_mut()
            .skip(from)
            .for_each(|evidence| evidence.strength = evidence.strength.weaker());
    } else {
        signals.evidence.truncate(from);
    }
}

/// Whether words around a reply hold it: its last words, where a wrapped line breaks least.
fn repeats(prose: &str, reply: &str) -> bool {
    reply.split_whitespace().rev().take(3).all(|word| prose.contains(word))
}

/// The words around a reply with blanks for the reply, which has been read: no phrase shall begin in the one and
/// end in the other.
fn without<'t>(prose: &'t str, reply: &str) -> Cow<'t, str> {
    if reply.is_empty() || !prose.contains(reply) {
        return Cow::Borrowed(prose);
    }
    Cow::Owned(prose.replace(reply, &" ".repeat(reply.len())))
}

/// The part of a quote that is read, cut at a character.
fn cut<'t>(quote: &'t Quote<'_>) -> &'t str {
    beginning(&quote.text, READ)
}
