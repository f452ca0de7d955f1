//! Weighs the evidence: precedence first, then strength, then the order of reasons.

use crate::order;
use crate::rules::{Rules, names_of};
use crate::signals::Signals;
use crate::types::{BounceType, Evidence, Fault, Kind, Notice, Reason, Source, Strength};

/// What is left when the evidence is weighed.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The reason that won.
    pub reason: Reason,
    /// Its strongest evidence; weak where there was none.
    pub strength: Strength,
    /// How many independent sources speak for it: words, codes, classes.
    pub agreeing: u32,
    /// Evidence other than weak speaks for another category.
    pub contradicted: bool,
    /// Clear words call the address dead, and precedence overruled them.
    pub overruled: bool,
    /// Words about the sender are nearly as strong.
    pub hedged: bool,
    /// There was no evidence at all.
    pub bare: bool,
    /// Words speak for it, a provider's own code or the reporting system: not the registry's codes
    /// alone.
    pub telling: bool,
    /// The evidence was no more than a hint that nothing contradicts.
    pub hint: bool,
    /// Of an expired message: what its last try met.
    pub cause: Option<Reason>,
    /// The next best.
    pub runner_up: Option<Reason>,
    /// A rule of the user's own says it.
    pub own: bool,
}

impl Weighed {
    /// What a rule of the user's own says, in place of this; what it would have been comes next.
    pub fn overruled_by(self, reason: Reason) -> Weighed {
        let ours = (!self.bare && self.reason != reason).then_some(self.reason);
        Weighed {
            reason,
            strength: Strength::Definite,
            agreeing: 1,
            contradicted: false,
            overruled: false,
            hedged: false,
            bare: false,
            telling: true,
            hint: false,
            cause: None,
            runner_up: ours.or(self.runner_up.filter(|&other| other != reason)),
            own: true,
        }
    }
}

/// One reason with the evidence for it.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    reason: Reason,
    strength: Strength,
    /// Words or a provider's own code: what may win over stronger evidence by precedence.
    telling: bool,
    /// The kinds of sources that speak for it, as bits.
    sources: u8,
    /// The strength of what the provider's own dictionary says; 0 where it says nothing.
    provided: u8,
    /// The same of its words alone.
    provided_words: u8,
    /// The strength of words alone, whoever says them; 0 where there are none.
    said: u8,
    /// The reply itself says it, or a field: not only the prose around it.
    replied: bool,
    /// Words lean to it that are in no known phrase; what codes mean was weighed with them.
    leant: bool,
    beaten: bool,
}

/// Kinds of sources: words, enhanced codes, reply codes, what the form states.
const WORDS: u8 = 1;
const STATUS: u8 = 2;
const REPLY: u8 = 4;
const FORM: u8 = 8;

impl Candidate {
    /// How many independent sources speak for it.
    fn agreeing(self) -> u32 {
        self.sources.count_ones()
    }

    /// Words speak for it, not a code alone.
    fn worded(self) -> bool {
        self.sources & WORDS != 0
    }

    /// The reporting system's own class speaks for it.
    fn classed(self) -> bool {
        self.sources & FORM != 0
    }
}

/// Weighs the evidence of a notice.
pub fn weigh(rules: &Rules, notice: &Notice<'_>, signals: &Signals) -> Weighed {
    let mut candidates = gather(rules, &signals.evidence);
    settle(rules, &mut candidates);
    let score = |candidate: &Candidate| {
        candidate.strength as u32 * 4
            + u32::from(candidate.agreeing() > 1)
            + 2 * u32::from(candidate.provided == candidate.strength as u8)
    };
    let key = |candidate: &Candidate| {
        // words go before a provider's loose use of a code, where neither says more
        let coded = candidate.telling && !candidate.worded() && candidate.strength > Strength::Weak;
        (candidate.beaten, std::cmp::Reverse(score(candidate)), coded, rules.rank(candidate.reason))
    };
    order::sort(&mut candidates, |a, b| key(a).cmp(&key(b)));
    let Some(first) = candidates.first().copied() else {
        return nothing(notice, signals);
    };
    let category = rules.category(first.reason);
    // the next best is what says most, whether or not precedence ruled it out
    let runner_up = candidates
        .iter()
        .skip(1)
        .min_by_key(|other| (std::cmp::Reverse(score(other)), other.beaten, rules.rank(other.reason)));
    let soft = rules.bounce_type(first.reason) == BounceType::Soft;
    let contradicted = candidates.iter().any(|other| {
        !other.beaten && other.strength >= Strength::Fair && rules.category(other.reason) != category
    });
    // nearly as strong, and about the sender: enough not to give an address up
    let hedged = first.strength <= Strength::Strong
        && candidates.iter().any(|other| {
            other.worded()
                && other.replied
                && other.strength >= first.strength.weaker()
                && rules.fault(other.reason) == Fault::Sender
                && rules.bounce_type(other.reason) == BounceType::Soft
        });
    let overruled = candidates.iter().any(|other| {
        soft && other.worded()
            && other.replied
            && other.strength >= Strength::Strong
            && rules.bounce_type(other.reason) == BounceType::Hard
    });
    let mut weighed = Weighed {
        reason: first.reason,
        strength: first.strength,
        agreeing: first.agreeing(),
        contradicted,
        overruled,
        hedged,
        bare: false,
        telling: first.telling || first.classed(),
        hint: false,
        cause: None,
        runner_up: runner_up.map(|other| other.reason),
        own: false,
    };
    hinted(rules, &candidates, signals, &mut weighed);
    expired(rules, &candidates, &mut weighed);
    forwarded(rules, notice, &mut weighed);
    weighed
}

/// A mere hint that the recipient is refused ("recipient rejected", "mailbox unavailable") counts as
/// fair under a code about mailboxes when nothing speaks of anything else and nothing else is said.
fn hinted(rules: &Rules, candidates: &[Candidate], signals: &Signals, weighed: &mut Weighed) {
    let category = rules.category(weighed.reason);
    let about_mailbox = match (signals.codes.reply, signals.codes.status) {
        (_, Some(status)) if status.class == 5 && status.subject == 1 => true,
        (Some(reply), status) => {
            matches!(reply.0, 550 | 551 | 553)
                && status.is_none_or(|status| status.is_bare() || matches!(status.subject, 1 | 2))
        }
        _ => false,
    };
    let alone = candidates.iter().all(|other| {
        other.beaten
            || !other.telling
            || rules.category(other.reason) == category
            || is_unspecified(other.reason)
    });
    let telling = candidates.iter().any(|candidate| candidate.reason == weighed.reason && candidate.telling);
    if weighed.strength == Strength::Weak
        && telling
        && about_mailbox
        && alone
        && rules.bounce_type(weighed.reason) == BounceType::Hard
    {
        let by_code = signals.codes.status.is_some_and(|status| status.class == 5 && status.subject == 1);
        // "currently unavailable" is no hint of a dead address under a code that says nothing of it
        if signals.passing_hint && !by_code {
            return;
        }
        weighed.hint = true;
        // words that nobody knows may say why, unless the code says that it is the address
        if by_code || !signals.says_more {
            weighed.strength = Strength::Fair;
        }
    }
}

fn is_unspecified(reason: Reason) -> bool {
    reason == names_of::UNSPECIFIED_PERMANENT
        || reason == names_of::UNSPECIFIED_TEMPORARY
        || reason == names_of::ACCESS_DENIED
}

/// One candidate a reason, with its strongest evidence.
fn gather(rules: &Rules, evidence: &[Evidence]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::with_capacity(evidence.len());
    for piece in evidence {
        let (kind, telling) = match piece.source {
            Source::Rule(_) | Source::Blocklist(_) => (WORDS, true),
            Source::ProviderCode(..) => (STATUS, true),
            Source::Status(_) => (STATUS, false),
            Source::Reply(_) => (REPLY, false),
            Source::Class | Source::Form => (FORM, false),
            // it is not weighed: it decides
            Source::Own(_) => continue,
            Source::Word => (WORDS, false),
        };
        let leant = piece.source == Source::Word;
        let provided = match piece.source {
            Source::Rule(rule) => rules.rule(rule).is_some_and(|rule| rule.provider.is_some()),
            // a code that its provider uses loosely is no more than a word that means the same
            Source::ProviderCode(..) => piece.strength >= Strength::Strong,
            _ => false,
        };
        let provided = if provided { piece.strength as u8 } else { 0 };
        let provided_words = if kind == WORDS { provided } else { 0 };
        let said = if kind == WORDS { piece.strength as u8 } else { 0 };
        match candidates.iter_mut().find(|candidate| candidate.reason == piece.reason) {
            Some(candidate) => {
                candidate.strength = candidate.strength.max(piece.strength);
                candidate.telling |= telling;
                candidate.provided = candidate.provided.max(provided);
                candidate.provided_words = candidate.provided_words.max(provided_words);
                candidate.said = candidate.said.max(said);
                candidate.sources |= kind;
                candidate.replied |= !piece.in_prose;
                candidate.leant |= leant;
            }
            None => candidates.push(Candidate {
                reason: piece.reason,
                strength: piece.strength,
                telling,
                sources: kind,
                provided,
                provided_words,
                said,
                replied: !piece.in_prose,
                leant,
                beaten: false,
            }),
        }
    }
    candidates
}

/// Applies `data/precedence.toml`: what beats what, up to one step of strength or always.
fn settle(rules: &Rules, candidates: &mut [Candidate]) {
    for at in 0..candidates.len() {
        let Some(loser) = candidates.get(at).copied() else { return };
        let beaten = candidates.iter().any(|winner| {
            let beats = rules.beats(winner.reason, loser.reason);
            if beats == 0 || winner.reason == loser.reason {
                return false;
            }
            // a code alone is no match for words
            let reach = if winner.telling && winner.strength > Strength::Weak {
                // what cannot mean anything else yields only to its like
                (winner.strength as u8 + 1).min((Strength::Strong).max(winner.strength) as u8)
            } else if loser.telling {
                0
            } else {
                winner.strength as u8
            };
            // what a provider says of its own replies is not overruled by what others mean with the
            // words; that all tries are used up or a forward failed is the outcome, whoever tells
            // the cause
            let own = loser.provided_words >= winner.strength as u8 && winner.provided < loser.provided_words;
            // what is said around a reply does not overrule words of the reply
            let around = !winner.replied && loser.replied && loser.telling && loser.strength > Strength::Weak;
            let outcome =
                matches!(winner.reason, names_of::DELIVERY_EXPIRED | names_of::FORWARD_TARGET_FAILED);
            // what always wins still has to be said clearly where the other is certain
            let clear = winner.strength >= Strength::Strong || loser.strength < Strength::Definite;
            let always =
                beats == 2 && winner.telling && winner.strength > Strength::Weak && (clear || outcome);
            (!own || outcome) && !around && (always || loser.strength as u8 <= reach)
        });
        let beaten = beaten || is_frame(rules, candidates, &loser);
        if let Some(loser) = candidates.get_mut(at) {
            loser.beaten = beaten;
        }
    }
    lean(rules, candidates);
    if candidates.iter().all(|candidate| candidate.beaten) {
        for candidate in candidates.iter_mut() {
            candidate.beaten = false;
        }
    }
}

/// Whether a dead mailbox is no more than a code and its frame ("550 5.1.1 … Recipient address rejected: no spam
/// please"), and the reply blames the sender or the message in clearer words.
fn is_frame(rules: &Rules, candidates: &[Candidate], dead: &Candidate) -> bool {
    let blames = |other: &Candidate| {
        matches!(rules.fault(other.reason), Fault::Sender | Fault::Content)
            && rules.bounce_type(other.reason) == BounceType::Soft
    };
    let clear = |other: &&Candidate| other.replied && other.said >= Strength::Fair as u8;
    dead.reason == names_of::USER_UNKNOWN
        && dead.said == Strength::Weak as u8
        && dead.provided == 0
        && candidates.iter().filter(clear).any(blames)
}

/// Words that lean to a reason were asked beside the codes, and decide. Where both mean a dead address, it is
/// as dead as the codes say.
fn lean(rules: &Rules, candidates: &mut [Candidate]) {
    let hard = |candidate: &&Candidate| rules.bounce_type(candidate.reason) == BounceType::Hard;
    let dead = candidates.iter().filter(hard).map(|candidate| candidate.strength).max();
    let Some(leant) = candidates.iter().position(|candidate| candidate.leant) else { return };
    for (at, candidate) in candidates.iter_mut().enumerate() {
        candidate.beaten = at != leant;
        if at == leant && hard(&&*candidate) {
            candidate.strength = candidate.strength.max(dead.unwrap_or(Strength::Weak));
        }
    }
}

/// No evidence: all that is known is whether the refusal is permanent.
fn nothing(notice: &Notice<'_>, signals: &Signals) -> Weighed {
    let class = signals
        .codes
        .reply
        .map(crate::types::ReplyCode::class)
        .or(signals.codes.status.map(|status| status.class));
    let reason = if notice.kind == Kind::Delay {
        names_of::DELIVERY_DELAYED
    } else if class == Some(4) {
        names_of::UNSPECIFIED_TEMPORARY
    } else {
        names_of::UNSPECIFIED_PERMANENT
    };
    Weighed {
        reason,
        strength: Strength::Weak,
        agreeing: 0,
        contradicted: false,
        overruled: false,
        hedged: false,
        bare: true,
        telling: false,
        hint: false,
        cause: None,
        runner_up: None,
        own: false,
    }
}

/// An expired message is explained by what its last try met; where that is a domain without mail
/// or a dead or full mailbox, it is the reason.
fn expired(rules: &Rules, candidates: &[Candidate], weighed: &mut Weighed) {
    let is_expiry =
        |reason: Reason| reason == names_of::DELIVERY_EXPIRED || reason == names_of::DELIVERY_DELAYED;
    if !is_expiry(weighed.reason) {
        return;
    }
    let cause = candidates
        .iter()
        .filter(|other| !is_expiry(other.reason) && other.strength >= Strength::Fair && other.telling)
        .min_by_key(|other| (std::cmp::Reverse(other.strength), rules.rank(other.reason)));
    let Some(cause) = cause else { return };
    weighed.cause = Some(cause.reason);
    let decisive =
        rules.bounce_type(cause.reason) == BounceType::Hard || cause.reason == names_of::MAILBOX_FULL;
    if decisive && cause.strength >= Strength::Strong {
        weighed.runner_up = Some(weighed.reason);
        weighed.reason = cause.reason;
        weighed.strength = cause.strength;
        weighed.telling = cause.telling;
        weighed.cause = None;
    }
}

/// A dead mailbox behind a forward says nothing of the address that was written to.
fn forwarded(rules: &Rules, notice: &Notice<'_>, weighed: &mut Weighed) {
    let (Some(original), Some(last)) = (&notice.original_recipient, &notice.recipient) else { return };
    let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
    let elsewhere =
        matches!((domain(original), domain(last)), (Some(original), Some(last)) if original != last);
    if elsewhere && rules.bounce_type(weighed.reason) == BounceType::Hard {
        weighed.runner_up = Some(weighed.reason);
        weighed.cause = Some(weighed.reason);
        weighed.reason = names_of::FORWARD_TARGET_FAILED;
    }
}
