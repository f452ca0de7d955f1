//! What to do with an address after what happened to it.
//!
//! ```
//! use bouncelens::policy::{Action, Context, History, Policy, What, decide};
//! let verdicts = bouncelens::classify(
//!     b"450 <a@example.com>: Sender address rejected: Greylisted for 120 seconds!");
//! let what = What::of(&verdicts[0]).expect("a bounce");
//! let (policy, history) = (Policy::named("default")?, History::new());
//! let now = 1_700_000_000_000;
//! let decision = decide(&what, &Context { policy: &policy, history: &history, campaign: Some("spring"), now })?;
//! assert_eq!(decision.action, Action::Retry);
//! assert_eq!(decision.retry_at[0], now + 120_000); // the reply's own delay comes first
//! assert_eq!(decision.strikes.count, 0);           // greylisting says nothing against the address
//! # Ok::<(), bouncelens::error::Error>(())
//! ```
//!
//! A decision is a function of the policy, the history, the campaign and `now`; there is no clock.
//! Events later than `now` count as they are: a clock that runs backwards loses no strikes.

use super::event::{Event, Facts, Mark, What, check_time};
use super::history::{History, TRIES};
use super::policy::{Action, Policy};
use super::strikes::Strikes;
use super::table;
use crate::error::Error;

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The address.
    Address,
    /// Every address of the domain.
    Domain,
}

impl Scope {
    /// The name outside of Rust.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Address => "address",
            Scope::Domain => "domain",
        }
    }
}

/// Why, as a key of `data/decisions/<locale>.toml`, which holds the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The recipient called it spam.
    Complaint,
    /// The recipient unsubscribed.
    Unsubscribe,
    /// The address is dead.
    HardAddress,
    /// The whole domain is dead.
    HardDomain,
    /// DNS does not know the domain; a second look decides.
    DomainRecheck,
    /// Other addresses of the domain showed that it is dead.
    DomainDead,
    /// The code is of class 5, and the policy goes by that.
    HardCode,
    /// So many soft bounces that the address turned hard.
    StrikesFull,
    /// Soft, it counts, and a new try can help.
    RetryStrike,
    /// Soft, it does not count, and a new try can help.
    RetryNoStrike,
    /// Soft, it counts, and the mail is not tried again.
    KeepStrike,
    /// Soft, and nothing against the address.
    KeepNoStrike,
    /// Soft, and the policy never turns soft into hard.
    KeepNever,
    /// Another system is still trying.
    Delayed,
    /// Delivered.
    Delivered,
    /// Nothing speaks against the address.
    Clear,
}

impl Why {
    /// All of them.
    pub const ALL: [Why; 16] = [
        Why::Complaint,
        Why::Unsubscribe,
        Why::HardAddress,
        Why::HardDomain,
        Why::DomainRecheck,
        Why::DomainDead,
        Why::HardCode,
        Why::StrikesFull,
        Why::RetryStrike,
        Why::RetryNoStrike,
        Why::KeepStrike,
        Why::KeepNoStrike,
        Why::KeepNever,
        Why::Delayed,
        Why::Delivered,
        Why::Clear,
    ];

    /// The key outside of Rust.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::Complaint => "complaint",
            Why::Unsubscribe => "unsubscribe",
            Why::HardAddress => "hard-address",
            Why::HardDomain => "hard-domain",
            Why::DomainRecheck => "domain-recheck",
            Why::DomainDead => "domain-dead",
            Why::HardCode => "hard-code",
            Why::StrikesFull => "strikes-full",
            Why::RetryStrike => "retry-strike",
            Why::RetryNoStrike => "retry-no-strike",
            Why::KeepStrike => "keep-strike",
            Why::KeepNoStrike => "keep-no-strike",
            Why::KeepNever => "keep-never",
            Why::Delayed => "delayed",
            Why::Delivered => "delivered",
            Why::Clear => "clear",
        }
    }
}

/// What to do with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Keep, retry, flag or suppress.
    pub action: Action,
    /// Why; the numbers of its sentence are those of `strikes`.
    pub why: Why,
    /// When this mail is tried again, in epoch milliseconds, each later than `now`.
    pub retry_at: Vec<i64>,
    /// Seconds after the first failure, as the policy states them, the reply's own delay first.
    pub delays: Vec<u32>,
    /// The strikes so far.
    pub strikes: Strikes,
    /// What is flagged or suppressed.
    pub scope: Scope,
    /// Until when it is flagged or suppressed, in epoch milliseconds; `None` for ever.
    pub until: Option<i64>,
    /// Since when, in epoch milliseconds.
    pub since: Option<i64>,
    /// The bounce that it rests on.
    pub evidence: Option<Facts>,
    /// What is to be passed in next time.
    pub history: History,
}

/// What a decision depends on besides what happened.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// What happened before.
    pub history: &'a History,
    /// The campaign or message. Without one each bounce is a mail of its own: it gives its own strike
    /// and starts its own schedule.
    pub campaign: Option<&'a str>,
    /// When it happened, in epoch milliseconds.
    pub now: i64,
}

/// Decides what to do with an address after an event. An error names a time that is none.
pub fn decide(what: &What, context: &Context<'_>) -> Result<Decision, Error> {
    check_time("now", context.now)?;
    let mark = Mark::of(&Event { what: *what, time: context.now, campaign: context.campaign })?;
    let mut history = context.history.clone();
    history.add(mark);
    let mut decision = judge(&history, context.policy, Some(&mark), context.now);
    decision.history = history;
    Ok(decision)
}

/// Decides about an address as it stands, after something that says nothing about it.
pub fn standing(context: &Context<'_>) -> Result<Decision, Error> {
    check_time("now", context.now)?;
    let mut decision = judge(context.history, context.policy, None, context.now);
    decision.history = context.history.clone();
    Ok(decision)
}

/// Decides about an address as it stands, `current` being what just happened.
pub(super) fn judge(history: &History, policy: &Policy, current: Option<&Mark>, now: i64) -> Decision {
    let marks = history.marks();
    let counted = policy.strikes(marks, now);
    let strikes = Strikes { count: counted.count(), of: policy.threshold };
    let kept = Decision {
        action: Action::Keep,
        why: Why::Clear,
        retry_at: Vec::new(),
        delays: Vec::new(),
        strikes,
        scope: Scope::Address,
        until: None,
        since: None,
        evidence: None,
        history: History::new(),
    };
    if let Some(stopped) = asked_to_stop(marks, &kept).or_else(|| hard(marks, policy, now, &kept)) {
        return stopped;
    }
    if let Some(of) = policy.threshold.filter(|of| strikes.count >= *of) {
        return Decision {
            action: policy.on_threshold,
            why: Why::StrikesFull,
            since: counted.reached(of),
            until: counted.until(of, policy.expiry_days),
            evidence: current
                .and_then(Mark::facts)
                .or_else(|| marks.iter().rev().find_map(Mark::facts))
                .copied(),
            ..kept
        };
    }
    match current.map(|mark| &mark.what) {
        Some(What::Delay) => Decision { why: Why::Delayed, ..kept },
        Some(What::Delivered) => Decision { why: Why::Delivered, ..kept },
        Some(What::Bounce(facts)) => {
            current.map_or(kept.clone(), |mark| soft(marks, policy, mark, facts, now, kept))
        }
        _ => kept,
    }
}

/// Complaints and unsubscriptions hold under every policy.
fn asked_to_stop(marks: &[Mark], kept: &Decision) -> Option<Decision> {
    let find = |what: What| marks.iter().rfind(|mark| mark.what == what);
    let (mark, why) = match (find(What::Complaint), find(What::Unsubscribe)) {
        (Some(mark), _) => (mark, Why::Complaint),
        (None, Some(mark)) => (mark, Why::Unsubscribe),
        (None, None) => return None,
    };
    Some(Decision { action: Action::Suppress, why, since: Some(mark.time), ..kept.clone() })
}

/// What makes an address, or a domain, dead.
pub(super) fn hard(marks: &[Mark], policy: &Policy, now: i64, kept: &Decision) -> Option<Decision> {
    let waits = |facts: &Facts| policy.recheck && table::row(facts.reason).recheck;
    let of = |mark: &Mark, facts: &Facts, until: Option<i64>| {
        let row = table::row(facts.reason);
        let by_words = facts.bounce_type == crate::types::BounceType::Hard;
        Decision {
            action: policy.on_hard,
            why: match (by_words, row.domain) {
                _ if until.is_some() => Why::DomainRecheck,
                (false, _) => Why::HardCode,
                (true, false) => Why::HardAddress,
                (true, true) => Why::HardDomain,
            },
            scope: if by_words && row.domain { Scope::Domain } else { Scope::Address },
            since: Some(mark.time),
            until,
            evidence: Some(*facts),
            ..kept.clone()
        }
    };
    let hard = || {
        marks.iter().filter_map(|mark| Some((mark, mark.facts()?))).filter(|(_, facts)| policy.is_hard(facts))
    };
    if let Some((mark, facts)) = hard().find(|(_, facts)| !waits(facts)) {
        return Some(of(mark, facts, None));
    }
    // a first look, and whether one after its wait agrees; a delivery in between starts anew
    let mut first: Option<(&Mark, &Facts, i64)> = None;
    for mark in marks {
        match (&mark.what, first) {
            (What::Delivered, _) => first = None,
            (What::Bounce(facts), None) if policy.is_hard(facts) => {
                let wait = policy
                    .treatment(facts.reason)
                    .and_then(|treatment| treatment.retry.first())
                    .copied()
                    .unwrap_or_default();
                first = Some((mark, facts, mark.time + i64::from(wait) * 1000));
            }
            (What::Bounce(facts), Some((_, _, look))) if policy.is_hard(facts) && mark.time >= look => {
                return Some(of(mark, facts, None));
            }
            _ => {}
        }
    }
    first.filter(|(_, _, look)| now < *look).map(|(mark, facts, look)| of(mark, facts, Some(look)))
}

/// A soft bounce that does not stop the address: is the mail tried again?
fn soft(marks: &[Mark], policy: &Policy, mark: &Mark, facts: &Facts, now: i64, kept: Decision) -> Decision {
    let (delays, retry_at) = retries(marks, policy, mark, facts, now);
    let counts = policy.weight(facts) > 0;
    let retry = !retry_at.is_empty();
    let why = match (retry, counts, policy.threshold) {
        (false, _, None) => Why::KeepNever,
        (true, true, Some(_)) => Why::RetryStrike,
        (true, _, _) => Why::RetryNoStrike,
        (false, true, _) => Why::KeepStrike,
        (false, false, _) => Why::KeepNoStrike,
    };
    let action = if retry { Action::Retry } else { Action::Keep };
    Decision { action, why, retry_at, delays, evidence: Some(*facts), ..kept }
}

/// The delays in seconds and the times that are still to come.
fn retries(marks: &[Mark], policy: &Policy, current: &Mark, facts: &Facts, now: i64) -> (Vec<u32>, Vec<i64>) {
    let Some(treatment) = policy.treatment(facts.reason) else { return (Vec::new(), Vec::new()) };
    let stated = facts.retry_after.filter(|_| policy.stated_delay && table::row(facts.reason).stated_delay);
    let delays: Vec<u32> = stated.into_iter().chain(treatment.retry.iter().copied()).collect();
    let same = |mark: &&Mark| current.campaign != 0 && mark.campaign == current.campaign && *mark <= current;
    let delivered =
        marks.iter().filter(same).filter(|mark| mark.what == What::Delivered).map(|mark| mark.time).max();
    let tries =
        || marks.iter().filter(same).filter(|mark| mark.facts().is_some() && Some(mark.time) >= delivered);
    if tries().count() >= TRIES {
        // earlier tries may be forgotten, and eight are enough
        return (delays, Vec::new());
    }
    let first = tries().map(|mark| mark.time).min().unwrap_or(current.time);
    let stated = stated.map(|seconds| current.time + i64::from(seconds) * 1000);
    let scheduled = treatment.retry.iter().map(|seconds| first + i64::from(*seconds) * 1000);
    let earliest = stated.unwrap_or(i64::MIN);
    let times =
        stated.into_iter().chain(scheduled.filter(|time| *time > earliest)).filter(|time| *time > now);
    (delays, times.collect())
}
