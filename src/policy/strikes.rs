//! How often an address bounced softly in a way that counts.

use super::event::{Facts, Mark, What};
use super::policy::{HardBy, Policy, Treatment};
use crate::types::{BounceType, Reason};

const DAY: i64 = 86_400_000;

/// How many strikes there are, and at how many the address turns hard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strikes {
    /// The sum of the weights of what counts.
    pub count: u16,
    /// The threshold; `None` where the policy has none.
    pub of: Option<u16>,
}

impl Strikes {
    /// Strikes that are missing to the threshold.
    pub fn left(self) -> Option<u16> {
        self.of.map(|of| of.saturating_sub(self.count))
    }
}

/// What counts: times and weights, the latest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted(Vec<(i64, u16)>);

impl Counted {
    /// The sum of all weights.
    pub fn count(&self) -> u16 {
        self.0.iter().map(|(_, weight)| weight).sum()
    }

    /// When the threshold was reached.
    pub fn reached(&self, of: u16) -> Option<i64> {
        let mut sum = 0;
        self.0.iter().rev().find_map(|(time, weight)| {
            sum += weight;
            (sum >= of).then_some(*time)
        })
    }

    /// When so many strikes will have expired that the threshold is no longer reached.
    pub fn until(&self, of: u16, expiry_days: Option<u32>) -> Option<i64> {
        let mut rest = self.count();
        let last = self.0.iter().rev().find_map(|(time, weight)| {
            rest -= weight;
            (rest < of).then_some(*time)
        })?;
        expiry_days.map(|days| last + i64::from(days) * DAY)
    }
}

impl Policy {
    pub(super) fn treatment(&self, reason: Reason) -> Option<&Treatment> {
        self.treatments.get(reason.0 as usize)
    }

    /// Whether a bounce is hard under this policy. Weak evidence never is.
    pub fn is_hard(&self, facts: &Facts) -> bool {
        let by_code = match facts.class() {
            Some(5) => Some(BounceType::Hard),
            Some(_) => Some(BounceType::Soft),
            None => None,
        };
        let own = self.treatment(facts.reason).and_then(|treatment| treatment.bounce_type);
        let by_code = by_code.filter(|_| self.hard_by == HardBy::Code);
        let bounce_type = own.or(by_code).unwrap_or(facts.bounce_type);
        bounce_type == BounceType::Hard && facts.confidence >= self.min_confidence
    }

    pub(super) fn weight(&self, facts: &Facts) -> u16 {
        self.treatment(facts.reason).map_or(0, |treatment| u16::from(treatment.weight))
    }

    /// What counts of the events since the last clearing.
    ///
    /// The walk goes from the latest event back, so that the last bounce of a campaign is the one
    /// that counts, and a delivery that the same campaign's later bounce took back (a server that
    /// accepts everything and bounces what it cannot deliver) resets nothing.
    pub(super) fn strikes(&self, marks: &[Mark], now: i64) -> Counted {
        let mut counted = Counted::default();
        let mut campaigns: Vec<u64> = Vec::new();
        let mut taken_back: Vec<u64> = Vec::new();
        for mark in marks.iter().rev() {
            let known = |list: &[u64]| mark.campaign != 0 && list.contains(&mark.campaign);
            match &mark.what {
                What::Delivered if self.consecutive && !known(&taken_back) => break,
                What::Bounce(facts) => {
                    if self.is_hard(facts) || (self.per_campaign && known(&campaigns)) {
                        continue;
                    }
                    campaigns.push(mark.campaign);
                    let weight = self.weight(facts);
                    if weight == 0 {
                        continue;
                    }
                    taken_back.push(mark.campaign);
                    let expired =
                        self.expiry_days.is_some_and(|days| mark.time + i64::from(days) * DAY <= now);
                    if !expired {
                        counted.0.push((mark.time, weight));
                    }
                }
                _ => {}
            }
        }
        counted
    }
}
