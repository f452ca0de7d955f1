//! What is remembered of an address: a bounded set of events that can be merged.
//!
//! ```
//! use bouncelens::policy::{Event, History, What};
//! let at = |time, what| Event { what, time, campaign: None };
//! let (mut first, mut second, mut whole) = (History::new(), History::new(), History::new());
//! first.record(&at(1_000, What::Delivered))?;
//! second.record(&at(2_000, What::Complaint))?;
//! whole.record(&at(2_000, What::Complaint))?;
//! whole.record(&at(1_000, What::Delivered))?;
//! first.merge(&second);
//! assert_eq!(first, whole);
//! assert_eq!(History::from_json(&whole.to_json())?, whole);
//! # Ok::<(), bouncelens::error::Error>(())
//! ```
//!
//! A history is a *set*: the same event twice is one event, and neither order nor chunking can
//! matter, because what is kept of a set is chosen so that `keep(A ∪ B) = keep(keep(A) ∪ keep(B))`.
//! Each rule below takes the latest so many of one sort, and any union of such rules has that
//! property. Counters would not have it: two halves that overlap would count twice.
//!
//! Kept are, after the last clearing by an administrator: the latest bounce of each of the 16 latest
//! campaigns, apart for faults of the sender's side and of the recipient's side; the 8 latest
//! bounces; the latest bounce of each sort of hardness; the 8 latest deliveries; the latest
//! complaint, unsubscription and clearing. That is some 50 events at most. Where a bounce had to be
//! let go, [`History::forgotten`] says of which time.

#![allow(clippy::indexing_slicing, reason = "places that a search of the same list gave")]

use super::event::{Event, Mark, What};
use super::table;
use crate::error::Error;
use crate::types::Fault;

/// Campaigns of which the latest bounce is kept; no threshold is higher.
pub const CAMPAIGNS: usize = 16;
/// Latest bounces that are kept whatever their campaign: the tries of a mail.
pub(super) const TRIES: usize = 8;
/// Latest deliveries that are kept: an earlier one counts where a later one was taken back.
const DELIVERIES: usize = 8;

/// What is remembered of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// In order, each once.
    pub(super) marks: Vec<Mark>,
    pub(super) forgotten: Option<i64>,
}

impl History {
    /// An address of which nothing is known.
    pub fn new() -> History {
        History::default()
    }

    /// Adds an event. A delay leaves no mark: the mail is still on its way.
    pub fn record(&mut self, event: &Event<'_>) -> Result<(), Error> {
        let mark = Mark::of(event)?;
        self.add(mark);
        Ok(())
    }

    /// Adds all that another history of the same address knows.
    pub fn merge(&mut self, other: &History) {
        self.forgotten = self.forgotten.max(other.forgotten);
        for mark in &other.marks {
            self.insert(*mark);
        }
        self.prune();
    }

    /// The events that are kept, in order.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The time of the latest bounce that was let go, so that memory stays bounded; `None` where all
    /// are kept. Decisions under thresholds up to 16 do not miss it.
    pub fn forgotten(&self) -> Option<i64> {
        self.forgotten
    }

    pub(super) fn add(&mut self, mark: Mark) {
        if mark.what == What::Delay {
            return;
        }
        if self.insert(mark) {
            self.prune();
        }
    }

    /// Puts an event into its place, unless it is there; histories are short.
    pub(super) fn insert(&mut self, mark: Mark) -> bool {
        let place = self.marks.binary_search(&mark);
        if let Err(place) = place {
            self.marks.insert(place, mark);
        }
        place.is_err()
    }

    /// Keeps what the rules above say.
    pub(super) fn prune(&mut self) {
        if let Some(clear) = self.marks.iter().rposition(|mark| mark.what == What::ManualClear) {
            self.marks.drain(..clear);
            let cleared = self.marks.first().map(|mark| mark.time);
            self.forgotten = self.forgotten.filter(|time| Some(*time) >= cleared);
        }
        if self.marks.len() <= 2 {
            return;
        }
        let mut seen = Seen::default();
        let keep: Vec<bool> = self.marks.iter().rev().map(|mark| seen.keeps(mark)).collect();
        let mut rest = keep.iter().rev();
        let mut forgotten = self.forgotten;
        self.marks.retain(|mark| {
            let kept = rest.next().copied().unwrap_or(true);
            if !kept && mark.facts().is_some() {
                forgotten = forgotten.max(Some(mark.time));
            }
            kept
        });
        self.forgotten = forgotten;
    }
}

/// What was seen on the way from the latest event to the first.
#[derive(Default)]
struct Seen {
    tries: usize,
    deliveries: usize,
    complaint: bool,
    unsubscribe: bool,
    /// By verdict and by class of the code.
    hardness: [bool; 6],
    /// The campaigns of bounces by the sender's and by the recipient's side.
    campaigns: [Vec<u64>; 2],
}

impl Seen {
    /// Whether an event is kept, given the later ones.
    fn keeps(&mut self, mark: &Mark) -> bool {
        let facts = match &mark.what {
            What::ManualClear => return true,
            What::Delay => return false,
            What::Complaint => return !std::mem::replace(&mut self.complaint, true),
            What::Unsubscribe => return !std::mem::replace(&mut self.unsubscribe, true),
            What::Delivered => {
                self.deliveries += 1;
                return self.deliveries <= DELIVERIES;
            }
            What::Bounce(facts) => facts,
        };
        self.tries += 1;
        let class = match facts.class() {
            Some(5) => 2,
            Some(_) => 1,
            None => 0,
        };
        let hardness = class * 2 + usize::from(facts.bounce_type == crate::types::BounceType::Hard);
        let first_of_hardness = !std::mem::replace(&mut self.hardness[hardness], true);
        let ours = matches!(table::row(facts.reason).fault, Fault::Sender | Fault::Content);
        let campaigns = &mut self.campaigns[usize::from(ours)];
        let new = mark.campaign == 0 || !campaigns.contains(&mark.campaign);
        let first_of_campaign = new && campaigns.len() < CAMPAIGNS;
        if new {
            campaigns.push(mark.campaign);
        }
        self.tries <= TRIES || first_of_hardness || first_of_campaign
    }
}

#[cfg(test)]
mod tests {
    use super::{CAMPAIGNS, History};
    use crate::policy::event::{Event, Facts, What};
    use crate::policy::table;
    use crate::types::BounceType;

    fn bounce(reason: &str) -> What {
        What::Bounce(Facts {
            bounce_type: BounceType::Soft,
            reason: table::reason(reason).expect("a reason"),
            confidence: 90,
            code: None,
            status: None,
            retry_after: None,
        })
    }

    fn fold(events: &[(i64, What, &str)]) -> History {
        let mut history = History::new();
        for (time, what, campaign) in events {
            history
                .record(&Event { what: *what, time: *time, campaign: Some(campaign) })
                .expect("a good time");
        }
        history
    }

    #[test]
    fn a_duplicate_is_one_event() {
        let event = (5, bounce("mailbox-full"), "a");
        assert_eq!(fold(&[event, event]), fold(&[event]));
    }

    #[test]
    fn a_sender_who_is_blocked_often_pushes_no_strike_out() {
        let mut events: Vec<_> = (0..5).map(|day| (day, bounce("mailbox-full"), "")).collect();
        events.extend((10..200).map(|day| (day, bounce("ip-blocklisted"), "")));
        let history = fold(&events);
        assert_eq!(history.marks().iter().filter(|mark| mark.time < 5).count(), 5);
        assert_eq!(history.marks().len(), 5 + CAMPAIGNS);
        assert_eq!(history.forgotten(), Some(183));
    }

    #[test]
    fn a_clearing_ends_what_was_before_it() {
        let history =
            fold(&[(1, bounce("mailbox-full"), "a"), (2, What::Complaint, ""), (3, What::ManualClear, "")]);
        assert_eq!(history.marks().len(), 1);
        let later = fold(&[(3, What::ManualClear, ""), (3, bounce("mailbox-full"), "a")]);
        assert_eq!(later.marks().len(), 2);
    }

    #[test]
    fn a_history_stays_small() {
        let reasons = ["mailbox-full", "ip-blocklisted", "greylisted", "user-unknown"];
        let mut history = History::new();
        for (time, reason) in (0..5_000).zip(reasons.iter().cycle()) {
            let campaign = format!("campaign {}", time / 3);
            let what = if time % 5 < 3 { What::Delivered } else { bounce(reason) };
            history.record(&Event { what, time, campaign: Some(&campaign) }).expect("a good time");
        }
        assert!(history.marks().len() <= 56, "{}", history.marks().len());
    }
}
