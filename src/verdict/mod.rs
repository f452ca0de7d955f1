//! Stage 3: what does it mean?

mod confidence;
mod weigh;

use crate::order;
use crate::rules::{Rules, names_of};
use crate::signals::Signals;
use crate::text::ends;
use crate::types::{
    Because, BounceType, Evidence, Fault, Kind, Notice, Reason, Role, RunnerUp, Source, Strength, Verdict,
};
use std::borrow::Cow;
use weigh::Weighed;

/// Decides what a notice means.
pub fn decide<'a>(rules: &Rules, notice: Notice<'a>, signals: &Signals) -> Verdict<'a> {
    let kind = kind(&notice, signals);
    if !matches!(kind, Kind::Bounce | Kind::Delay) {
        return not_a_failure(kind, notice, signals);
    }
    let mut weighed = weigh::weigh(rules, &notice, signals);
    if let Some(reason) = signals.own {
        weighed = weighed.overruled_by(reason);
    }
    let kind = if is_told_late(&notice, &weighed, signals) { Kind::Delay } else { kind };
    let bounce_type = bounce_type(rules, kind, &weighed, signals);
    let hard_reason = rules.bounce_type(weighed.reason) == BounceType::Hard;
    Verdict {
        kind,
        bounce_type: Some(bounce_type),
        category: Some(rules.category(weighed.reason)),
        reason: Some(weighed.reason),
        fault: rules.fault(weighed.reason),
        confidence: confidence::confidence(&weighed, signals),
        likely_hard: hard_reason
            && bounce_type == BounceType::Soft
            && (weighed.strength >= Strength::Fair || weighed.hint),
        code: signals.codes.reply,
        status: signals.codes.status,
        stage: notice.stage,
        provider: signals.provider,
        retry_after: signals.retry_after.filter(|_| bounce_type == BounceType::Soft),
        cause: weighed.cause,
        because: because(&notice, signals, weighed.reason, weighed.cause),
        runner_up: weighed.runner_up.map(|reason| RunnerUp { reason, category: rules.category(reason) }),
        notice,
    }
}

/// What happened: as the form says, or as the codes of a bare reply say.
fn kind(notice: &Notice<'_>, signals: &Signals) -> Kind {
    if notice.kind != Kind::Bounce || notice.form != crate::types::Form::Smtp {
        return notice.kind;
    }
    let class = signals
        .codes
        .reply
        .map(crate::types::ReplyCode::class)
        .or(signals.codes.status.map(|status| status.class));
    match class {
        Some(2 | 3) if !signals.evidence.iter().any(|evidence| evidence.strength >= Strength::Fair) => {
            Kind::Delivered
        }
        None if signals.evidence.iter().all(|evidence| evidence.strength == Strength::Weak)
            && !is_diagnostic(&notice.reply.text) =>
        {
            Kind::Unrelated
        }
        _ => Kind::Bounce,
    }
}

/// Whether a text without any code says that a mail is late and still being tried: the words of a notice, pasted
/// without its header.
fn is_told_late(notice: &Notice<'_>, weighed: &Weighed, signals: &Signals) -> bool {
    notice.form == crate::types::Form::Smtp
        && weighed.reason == names_of::DELIVERY_DELAYED
        && weighed.strength >= Strength::Strong
        && signals.codes.reply.is_none()
        && signals.codes.status.is_none()
}

/// Whether a text begins as a `Diagnostic-Code` field does: `smtp;`, `X-Unix;` (RFC 3464 section 2.3.6).
fn is_diagnostic(text: &str) -> bool {
    text.split_once(';').is_some_and(|(kind, _)| {
        let kind = ends::trim(kind);
        kind.eq_ignore_ascii_case("smtp")
            || kind.len() > 2
                && kind.get(..2).is_some_and(|x| x.eq_ignore_ascii_case("x-"))
                && !kind.contains(' ')
    })
}

fn not_a_failure<'a>(kind: Kind, notice: Notice<'a>, signals: &Signals) -> Verdict<'a> {
    Verdict {
        kind,
        bounce_type: None,
        category: None,
        reason: None,
        fault: Fault::Unknown,
        confidence: confidence::of_kind(kind),
        likely_hard: false,
        code: signals.codes.reply,
        status: signals.codes.status,
        stage: None,
        provider: signals.provider,
        retry_after: None,
        cause: None,
        because: Vec::new(),
        runner_up: None,
        notice,
    }
}

/// Hard needs a reason that kills an address, evidence that is more than a hint, a refusal that is
/// not temporary by its codes or its own words, a report whose parts do not contradict each other, and
/// no words about the sender that are nearly as strong. A rule of the user's own is taken at its word.
fn bounce_type(rules: &Rules, kind: Kind, weighed: &Weighed, signals: &Signals) -> BounceType {
    let temporary = signals.codes.reply.is_some_and(|reply| reply.class() == 4)
        || signals.codes.status.is_some_and(|status| status.class == 4 && !status.is_bare());
    let doubtful = temporary
        || signals.disputed
        || signals.passing
        || weighed.hedged
        || weighed.strength == Strength::Weak;
    if kind == Kind::Delay || doubtful && !weighed.own {
        BounceType::Soft
    } else {
        rules.bounce_type(weighed.reason)
    }
}

/// The chain of reasons: supporting links before contradicting ones, the user's own before ours, the
/// strongest first.
fn because<'a>(
    notice: &Notice<'a>,
    signals: &Signals,
    reason: Reason,
    cause: Option<Reason>,
) -> Vec<Because<'a>> {
    let mut links: Vec<Because<'a>> =
        signals.evidence.iter().map(|evidence| link(notice, evidence, reason, cause)).collect();
    let key = |link: &Because<'_>| {
        let ours = !matches!(link.source, Source::Own(_));
        (link.role == Role::Contradicts, ours, std::cmp::Reverse(link.strength), link.span)
    };
    order::sort(&mut links, |a, b| key(a).cmp(&key(b)));
    links
}

fn link<'a>(notice: &Notice<'a>, evidence: &Evidence, reason: Reason, cause: Option<Reason>) -> Because<'a> {
    let quote = if evidence.in_prose { notice.prose.as_ref() } else { Some(&notice.reply) };
    let range = evidence.start as usize..evidence.end as usize;
    let text = match quote.map(|quote| &quote.text) {
        Some(Cow::Borrowed(text)) => Cow::Borrowed(text.get(range.clone()).unwrap_or_default()),
        Some(Cow::Owned(text)) => Cow::Owned(text.get(range.clone()).unwrap_or_default().to_owned()),
        None => Cow::Borrowed(""),
    };
    let at = quote.and_then(|quote| quote.at).filter(|_| !text.is_empty());
    let supports = evidence.reason == reason || Some(evidence.reason) == cause;
    Because {
        role: if supports { Role::Supports } else { Role::Contradicts },
        reason: evidence.reason,
        strength: evidence.strength,
        source: evidence.source,
        text,
        span: at.map(|at| (at + range.start, at + range.end)),
    }
}
