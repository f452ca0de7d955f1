//! Verdicts as numbers. `pkg-template/lib/decode.js` reads them; both list the words in the same order.
//!
//! A string is two words, start and end: offsets into the input where it stands there exactly so, and
//! otherwise offsets into a text of our own, with [`OWN`] set in the first. Both count UTF-16 units.

use super::utf16::{Offsets, units};
use crate::types::{Because, Notice, Role, Source, StatusCode, Verdict};

const NONE: u32 = u32::MAX;
/// In the first word of a string: it stands in the own text.
const OWN: u32 = 1 << 31;
/// An index that is none.
pub const NO_INDEX: u8 = u8::MAX;

/// The words of one answer, and the text of the strings that are not in the input.
#[derive(Default)]
pub struct Words {
    list: Vec<u32>,
    own: String,
    /// UTF-16 units of `own`.
    own_units: u32,
}

impl Words {
    /// Packs an answer and gives its address.
    pub fn pack(
        &mut self,
        verdicts: &[Verdict<'_>],
        input: &[u8],
        is_string: bool,
        with_notices: bool,
    ) -> usize {
        self.list.clear();
        self.own.clear();
        self.own_units = 0;
        self.list.extend([verdicts.len() as u32, 0, 0]);
        let mut place = Place {
            input,
            is_string,
            offsets: if is_string { Offsets::utf16(input) } else { Offsets::bytes(input) },
        };
        for verdict in verdicts {
            self.verdict(verdict, &mut place);
            if with_notices {
                self.notice(&verdict.notice, &mut place);
            }
        }
        let own = [self.own.as_ptr() as u32, self.own.len() as u32];
        for (word, value) in self.list.iter_mut().skip(1).zip(own) {
            *word = value;
        }
        self.list.as_ptr() as usize
    }

    fn verdict(&mut self, verdict: &Verdict<'_>, place: &mut Place<'_>) {
        let notice = &verdict.notice;
        let runner_up = verdict.runner_up;
        self.list.extend([
            four([
                verdict.kind as u8,
                verdict.bounce_type.map_or(NO_INDEX, |each| each as u8),
                verdict.category.map_or(NO_INDEX, |each| each.0),
                verdict.reason.map_or(NO_INDEX, |each| each.0),
            ]),
            four([
                verdict.fault as u8,
                u8::from(verdict.likely_hard),
                notice.form as u8,
                verdict.stage.map_or(NO_INDEX, |each| each as u8),
            ]),
            four([
                verdict.provider.map_or(NO_INDEX, |each| each.0),
                verdict.cause.map_or(NO_INDEX, |each| each.0),
                runner_up.map_or(NO_INDEX, |each| each.reason.0),
                runner_up.map_or(NO_INDEX, |each| each.category.0),
            ]),
            verdict.code.map_or(0, |code| code.0.into()),
            verdict.status.map_or(0, packed),
            thousandths(verdict.confidence),
            verdict.retry_after.unwrap_or(NONE),
        ]);
        self.string(notice.recipient.as_deref(), place);
        self.string(notice.original_recipient.as_deref(), place);
        self.string(Some(&notice.reply.text), place);
        self.string(notice.remote_host.as_deref(), place);
        self.string(notice.reporting_host.as_deref(), place);
        self.list.push(verdict.because.len() as u32);
        for because in &verdict.because {
            self.because(because, place);
        }
    }

    fn because(&mut self, because: &Because<'_>, place: &mut Place<'_>) {
        let (source, value) = match because.source {
            Source::Rule(rule) => (0, u32::from(rule)),
            Source::ProviderCode(provider, status) => (1, u32::from(provider.0) << 24 | packed(status)),
            Source::Status(status) => (2, packed(status)),
            Source::Reply(code) => (3, u32::from(code)),
            Source::Blocklist(list) => (4, u32::from(list)),
            Source::Class => (5, 0),
            Source::Form => (6, 0),
            Source::Own(rule) => (7, u32::from(rule)),
            Source::Word => (8, 0),
        };
        let role = u8::from(because.role == Role::Contradicts);
        let what = four([role, because.strength as u8, because.reason.0, source]);
        // A span is only worth sending where it gives these very words back.
        let span =
            because.span.filter(|&(start, end)| place.input.get(start..end) == Some(because.text.as_bytes()));
        let (start, end) =
            span.map_or((NONE, NONE), |(start, end)| (place.offsets.at(start), place.offsets.at(end)));
        self.list.extend([what, value, start, end]);
        if span.is_some() && place.is_string {
            self.list.extend([start, end]);
        } else {
            self.own(&because.text);
        }
    }

    fn notice(&mut self, notice: &Notice<'_>, place: &mut Place<'_>) {
        self.list.push(four([
            notice.kind as u8,
            notice.form as u8,
            0,
            notice.stage.map_or(NO_INDEX, |each| each as u8),
        ]));
        self.string(Some(&notice.reply.text), place);
        self.string(notice.prose.as_ref().map(|prose| &*prose.text), place);
        self.list.extend([notice.code.map_or(0, |code| code.0.into()), notice.status.map_or(0, packed)]);
        for field in [
            &notice.recipient,
            &notice.original_recipient,
            &notice.recipient_domain,
            &notice.sender,
            &notice.remote_host,
            &notice.reporting_host,
            &notice.sending_ip,
            &notice.time,
            &notice.campaign,
            &notice.message_id,
            &notice.queue_id,
            &notice.subject,
            &notice.retry_until,
        ] {
            self.string(field.as_deref(), place);
        }
        self.list.push(notice.attempts.unwrap_or(NONE));
        let class = notice.class.as_ref().map(|class| format!("{}: {}", class.system, class.name));
        self.string(class.as_deref(), place);
        self.list.push(notice.notes.len() as u32);
        for note in &notice.notes {
            self.own(note);
        }
    }

    fn string(&mut self, text: Option<&str>, place: &mut Place<'_>) {
        let Some(text) = text else {
            return self.list.extend([NONE, 0]);
        };
        match place.of(text) {
            Some((start, end)) => self.list.extend([start, end]),
            None => self.own(text),
        }
    }

    fn own(&mut self, text: &str) {
        let start = self.own_units;
        self.own.push_str(text);
        self.own_units += units(text.as_bytes());
        self.list.extend([OWN | start, self.own_units]);
    }
}

/// The input that strings may stand in.
struct Place<'a> {
    input: &'a [u8],
    is_string: bool,
    offsets: Offsets<'a>,
}

impl Place<'_> {
    /// Where a text that was borrowed from the input stands in it.
    fn of(&mut self, text: &str) -> Option<(u32, u32)> {
        if !self.is_string {
            return None;
        }
        let start = (text.as_ptr() as usize).checked_sub(self.input.as_ptr() as usize)?;
        let end = start + text.len();
        (end <= self.input.len()).then(|| (self.offsets.at(start), self.offsets.at(end)))
    }
}

/// Four bytes as one word, the first lowest.
fn four(bytes: [u8; 4]) -> u32 {
    u32::from_le_bytes(bytes)
}

/// 5.1.1 is 5001001.
pub fn packed(status: StatusCode) -> u32 {
    u32::from(status.class) * 1_000_000
        + u32::from(status.subject.min(999)) * 1000
        + u32::from(status.detail.min(999))
}

#[allow(clippy::cast_sign_loss)] // clamped above zero
fn thousandths(share: f32) -> u32 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u32
}
