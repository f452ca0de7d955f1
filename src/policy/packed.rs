//! Histories in few bytes: a ledger may hold a million of them.
//!
//! A delivery takes some ten bytes, a bounce some twenty, where [`Mark`] takes fifty-six. Only the
//! ledger sees these bytes; what is kept or sent elsewhere is JSON.

use super::event::{Facts, Mark, What};
use super::history::History;
use crate::types::{BounceType, Reason, ReplyCode, StatusCode};

const CAMPAIGN: u8 = 8;
const HARD: u8 = 16;
const CODE: u8 = 32;
const STATUS: u8 = 64;
const DELAY: u8 = 128;

/// A history as bytes.
pub(super) fn pack(history: &History) -> Box<[u8]> {
    let mut out = Vec::with_capacity(8 + history.marks.len() * 20);
    // 0 is "nothing forgotten"
    number(history.forgotten.map_or(0, |time| time.cast_unsigned() + 1), &mut out);
    let mut before = 0;
    for mark in &history.marks {
        number((mark.time - before).cast_unsigned(), &mut out);
        before = mark.time;
        pack_mark(mark, &mut out);
    }
    out.into_boxed_slice()
}

fn pack_mark(mark: &Mark, out: &mut Vec<u8>) {
    let what = match &mark.what {
        What::ManualClear => 0,
        What::Delivered => 1,
        What::Delay => 2,
        What::Bounce(_) => 3,
        What::Unsubscribe => 4,
        What::Complaint => 5,
    };
    let bit = |set: bool, bit: u8| if set { bit } else { 0 };
    let flags = mark.facts().map_or(0, |facts| {
        bit(facts.bounce_type == BounceType::Hard, HARD)
            | bit(facts.code.is_some(), CODE)
            | bit(facts.status.is_some(), STATUS)
            | bit(facts.retry_after.is_some(), DELAY)
    });
    out.push(what | bit(mark.campaign != 0, CAMPAIGN) | flags);
    if mark.campaign != 0 {
        out.extend(mark.campaign.to_le_bytes().iter().take(6));
    }
    let Some(facts) = mark.facts() else { return };
    out.extend([facts.reason.0, facts.confidence]);
    if let Some(code) = facts.code {
        out.extend(code.0.to_le_bytes());
    }
    if let Some(status) = facts.status {
        out.push(status.class);
        number(u64::from(status.subject), out);
        number(u64::from(status.detail), out);
    }
    if let Some(seconds) = facts.retry_after {
        number(u64::from(seconds), out);
    }
}

/// The history of bytes that [`pack`] made.
pub(super) fn unpack(bytes: &[u8]) -> History {
    let mut reader = Reader { bytes, at: 0 };
    let forgotten = reader.number().checked_sub(1).map(u64::cast_signed);
    let mut marks = Vec::with_capacity(bytes.len() / 10 + 1);
    let mut time = 0;
    while reader.at < bytes.len() {
        time += reader.number().cast_signed();
        marks.push(reader.mark(time));
    }
    History { marks, forgotten }
}

fn number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 128 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        byte
    }

    fn number(&mut self) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= u64::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 || shift > 63 {
                return value;
            }
        }
    }

    fn mark(&mut self, time: i64) -> Mark {
        let flags = self.byte();
        let mut campaign = 0;
        if flags & CAMPAIGN != 0 {
            campaign = (0..6).fold(0, |hash, index| hash | u64::from(self.byte()) << (8 * index));
        }
        let what = match flags & 7 {
            0 => What::ManualClear,
            1 => What::Delivered,
            2 => What::Delay,
            3 => What::Bounce(self.facts(flags)),
            4 => What::Unsubscribe,
            _ => What::Complaint,
        };
        Mark { time, what, campaign }
    }

    fn facts(&mut self, flags: u8) -> Facts {
        let (reason, confidence) = (Reason(self.byte()), self.byte());
        let code = (flags & CODE != 0).then(|| ReplyCode(u16::from_le_bytes([self.byte(), self.byte()])));
        let status = (flags & STATUS != 0).then(|| StatusCode {
            class: self.byte(),
            subject: self.number() as u16,
            detail: self.number() as u16,
        });
        Facts {
            bounce_type: if flags & HARD != 0 { BounceType::Hard } else { BounceType::Soft },
            reason,
            confidence,
            code,
            status,
            retry_after: (flags & DELAY != 0).then(|| self.number() as u32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, History, Mark, Reason, ReplyCode, StatusCode, What, pack, unpack};
    use crate::types::BounceType;

    #[test]
    fn a_history_comes_back() {
        let mut history = History { forgotten: Some(0), ..History::default() };
        for index in 0..40_u8 {
            let bits = |bit: u8| index & bit != 0;
            let facts = Facts {
                bounce_type: if bits(1) { BounceType::Hard } else { BounceType::Soft },
                reason: Reason(index),
                confidence: 60 + index,
                code: bits(2).then_some(ReplyCode(550)),
                status: bits(4).then_some(StatusCode { class: 5, subject: 7, detail: 606 }),
                retry_after: bits(8).then_some(u32::MAX),
            };
            let what =
                [What::Bounce(facts), What::Delivered, What::Complaint, What::Unsubscribe, What::ManualClear];
            let campaign = if bits(16) { 0xffff_ffff_ffff } else { 0 };
            history.marks.push(Mark {
                time: i64::from(index) * 1_700_000_000,
                what: what[index as usize % 5],
                campaign,
            });
        }
        assert_eq!(unpack(&pack(&history)), history);
        assert_eq!(unpack(&pack(&History::new())), History::new());
    }
}
