//! What can happen to an address, and the order in which it happened.

use super::table;
use crate::error::{Error, ErrorKind};
use crate::types::{BounceType, Kind, Reason, ReplyCode, StatusCode, Verdict};

/// The last millisecond that a JavaScript `Date` can name; later times are refused.
pub const LAST_TIME: i64 = 8_640_000_000_000_000;

/// What decisions need of a verdict about a failed delivery.
///
/// The fields are in the order in which facts are compared, where two bounces of one address
/// happened in the same millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts {
    /// Hard or soft, as the verdict says.
    pub bounce_type: BounceType,
    /// Why.
    pub reason: Reason,
    /// How sure that is, in hundredths, 0 to 100.
    pub confidence: u8,
    /// The basic reply code.
    pub code: Option<ReplyCode>,
    /// The enhanced code.
    pub status: Option<StatusCode>,
    /// Seconds to wait, where the reply states them.
    pub retry_after: Option<u32>,
}

impl Facts {
    /// The facts of a verdict; `None` where it has no reason, that is, where nothing failed.
    pub fn of(verdict: &Verdict<'_>) -> Option<Facts> {
        #[expect(clippy::cast_sign_loss, reason = "from 0 to 100")]
        let confidence = (verdict.confidence.clamp(0.0, 1.0) * 100.0).round() as u8;
        Some(Facts {
            bounce_type: verdict.bounce_type?,
            reason: verdict.reason?,
            confidence,
            code: verdict.code,
            status: verdict.status,
            retry_after: verdict.retry_after,
        })
    }

    /// 4 or 5: the class of the reply code, else of the enhanced code; `None` where there is neither.
    pub fn class(&self) -> Option<u8> {
        let class = self.code.map(ReplyCode::class).or(self.status.map(|status| status.class))?;
        matches!(class, 4 | 5).then_some(class)
    }

    /// `550 5.1.1 user-unknown`, for people who look at a list.
    pub fn evidence(&self) -> String {
        let code = self.code.map(|code| format!("{code} ")).unwrap_or_default();
        let status = self.status.map(|status| format!("{status} ")).unwrap_or_default();
        format!("{code}{status}{}", table::row(self.reason).id)
    }
}

/// What happened.
///
/// In the same millisecond, what stands earlier here counts as earlier: a clearing or a delivery
/// takes nothing back that happened at the same time, so that no strike is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// An administrator takes the address off the list and all its strikes with it.
    ManualClear,
    /// A mail was delivered.
    Delivered,
    /// A mail is still being tried by the system that reports.
    Delay,
    /// A delivery failed.
    Bounce(Facts),
    /// The recipient unsubscribed.
    Unsubscribe,
    /// The recipient called it spam.
    Complaint,
}

impl What {
    /// What a verdict says happened to its recipient; `None` where it says nothing about that: an
    /// auto-reply, a challenge, a report, a request to subscribe, other mail.
    pub fn of(verdict: &Verdict<'_>) -> Option<What> {
        match verdict.kind {
            Kind::Bounce => Facts::of(verdict).map(What::Bounce),
            Kind::Delay => Some(What::Delay),
            Kind::Delivered => Some(What::Delivered),
            Kind::Complaint => Some(What::Complaint),
            _ => None,
        }
    }

    /// The name outside of Rust.
    pub fn as_str(&self) -> &'static str {
        match self {
            What::ManualClear => "manual-clear",
            What::Delivered => "delivered",
            What::Delay => "delay",
            What::Bounce(_) => "bounce",
            What::Unsubscribe => "unsubscribe",
            What::Complaint => "complaint",
        }
    }
}

/// What happened, when, and in which campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// What.
    pub what: What,
    /// When, in epoch milliseconds.
    pub time: i64,
    /// The campaign or message that it belongs to, by any name. Without one each bounce stands for
    /// itself.
    pub campaign: Option<&'a str>,
}

/// An event as a history keeps it: 48 bits of a hash stand for the campaign.
///
/// Compared by time first, then as [`What`] is, so that every set of events has one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When, in epoch milliseconds.
    pub time: i64,
    /// What.
    pub what: What,
    /// Hash of the campaign; 0 where there is none.
    pub campaign: u64,
}

impl Mark {
    /// The event as it is kept, or an error about its time.
    pub fn of(event: &Event<'_>) -> Result<Mark, Error> {
        check_time("time", event.time)?;
        Ok(Mark { time: event.time, what: event.what, campaign: event.campaign.map_or(0, campaign_hash) })
    }

    /// The facts, of a bounce.
    pub fn facts(&self) -> Option<&Facts> {
        match &self.what {
            What::Bounce(facts) => Some(facts),
            _ => None,
        }
    }
}

/// Refuses times that are no epoch milliseconds, naming the field.
pub(crate) fn check_time(field: &str, time: i64) -> Result<(), Error> {
    if (0..=LAST_TIME).contains(&time) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::BadTime,
        format!("`{field}` must be epoch milliseconds, from 0 to {LAST_TIME}, not {time}"),
    ))
}

/// 48 bits of a hash (FNV-1a, folded), never 0 for a name that is not empty. An address keeps some
/// forty campaigns: two of them meet in one hash for one address in 10^11.
pub(crate) fn campaign_hash(name: &str) -> u64 {
    if name.is_empty() {
        return 0;
    }
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    ((hash >> 48) ^ (hash & 0xFFFF_FFFF_FFFF)).max(1)
}

#[cfg(test)]
mod tests {
    use super::{Event, Facts, Mark, What, campaign_hash};

    #[test]
    fn a_verdict_says_what_happened() {
        let verdicts = crate::classify(b"452 4.2.2 The recipient's inbox is out of storage space. - gsmtp");
        let facts = Facts::of(&verdicts[0]).expect("a bounce");
        assert_eq!(facts.evidence(), "452 4.2.2 mailbox-full");
        assert_eq!((facts.class(), What::of(&verdicts[0])), (Some(4), Some(What::Bounce(facts))));
        assert_eq!(What::of(&crate::classify(b"Subject: Hello\n\nHow are you?\n")[0]), None);
    }

    #[test]
    fn a_clearing_comes_before_what_happens_at_the_same_time() {
        assert!(What::ManualClear < What::Delivered && What::Delivered < What::Complaint);
    }

    #[test]
    fn times_and_campaigns_are_checked() {
        let event = Event { what: What::Delivered, time: -1, campaign: None };
        assert_eq!(Mark::of(&event).expect_err("a bad time").code(), "bad-time");
        assert_ne!(campaign_hash("spring"), campaign_hash("autumn"));
        assert!(campaign_hash("spring") < 1 << 48);
        assert_eq!(campaign_hash(""), 0);
    }
}
