//! Logs of mail servers: one notice for each delivery, try or refusal in them.
//!
//! ```
//! use bouncelens::{input::log, types::Kind};
//! let mut notices = Vec::new();
//! log::read("May  1 10:00:00 mx postfix/smtp[321]: 4Vb2Q1: to=<ann@example.com>, \
//!     relay=mx.example.com[192.0.2.1]:25, delay=1.2, dsn=5.1.1, status=bounced \
//!     (host mx.example.com[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command))",
//!     &mut |notice| notices.push(notice));
//! assert_eq!(notices[0].kind, Kind::Bounce);
//! assert_eq!(notices[0].reply.text, "550 5.1.1 no such user");
//! assert_eq!(notices[0].queue_id.as_deref(), Some("4Vb2Q1"));
//! ```
//!
//! One pass, a line at a time; lines of several servers may be mixed. What an earlier line says of
//! a mail (its sender, its Message-ID) is joined to the deliveries by queue id, from a bounded
//! memory: a log of any length is read in linear time.

mod exchange;
mod exim;
pub mod halon;
pub mod haraka;
pub mod journal;
pub mod kumomta;
mod mails;
mod opensmtpd;
mod postfix;
mod powermta;
mod qmail;
mod sendmail;
mod syslog;

pub use exchange::{EXCHANGE, OLD as EXCHANGE_2003, TRACE, entries as exchange_entries, last_error};
pub use powermta::{COLUMNS as POWERMTA_COLUMNS, POWERMTA, is_row as is_powermta_row};

use super::outline::{Part, Parts, Role};
use super::{Sink, seek};
use crate::text::ends;
use crate::types::{Form, Kind, Notice, Quote};
use mails::Mails;
use std::borrow::Cow;
use syslog::Line;

/// The kind of a try that failed for now.
///
/// A log records every try with what the receiver answered, so such a line is what the bare reply
/// would be: a soft bounce. [`Kind::Delay`] is for what says that a mail is late and still in a queue.
/// See `docs/decisions/0005-tries-and-delays.md`.
pub const TRIED: Kind = Kind::Bounce;

/// A refusal for good that the server takes for one for now, by its settings or because another host
/// may accept: the mail is still in its queue, so nothing has bounced.
pub fn held(notice: &mut Notice<'_>) {
    let refused = ends::trim_start(&notice.reply.text).starts_with('5')
        || notice.code.is_some_and(|code| code.class() == 5);
    if notice.kind == TRIED && refused {
        notice.kind = Kind::Delay;
    }
}

/// Reads a log.
pub fn read<'a>(text: &'a str, sink: Sink<'_, 'a>) {
    let mut log = Log::default();
    let mut told = false;
    lines(text, |line| {
        log.line(line, &mut |notice| {
            told = true;
            sink(notice);
        });
    });
    if !told {
        let mut notice = Notice::new(Form::Log, Kind::Unrelated, Quote::default());
        notice.notes.push("no line of the log tells of a delivery".into());
        sink(notice);
    }
}

/// Writes down which lines of a log tell of a delivery, which help with it, and which do neither.
pub fn outline(text: &str, parts: &mut Parts) {
    let mut log = Log::default();
    lines(text, |line| {
        let mut told = false;
        let known = log.line(line, &mut |_| told = true) || line.time.is_some() && line.program.is_some();
        let role = match (told, known) {
            (true, _) => Role::Delivery,
            (false, true) => Role::Context,
            (false, false) => Role::Other,
        };
        let before = text.get(..line.at).unwrap_or_default();
        let start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        parts.join(Part::new(role, role != Role::Other, Some(start..line.at + line.text.len())));
    });
}

/// Lines by which a log is recognised.
const SAMPLE: usize = 64;
/// Bytes of them.
const SAMPLE_BYTES: usize = 64 << 10;

/// How sure it is that a text is a log: 0 to 100. One line that tells of a delivery is needed; the
/// fewer of the lines are of a log, the less sure it is.
pub fn looks_like_log(text: &str) -> u8 {
    let (mut log, mut told) = (Log::default(), false);
    let (mut known, mut all, mut read) = (0usize, 0usize, 0usize);
    lines(text, |line| {
        read += line.text.len();
        if all < SAMPLE && (all == 0 || read < SAMPLE_BYTES) {
            all += 1;
            known += usize::from(
                log.line(line, &mut |_| told = true) || line.time.is_some() && line.program.is_some(),
            );
        }
    });
    if told && known * 2 > all {
        60 + (known * 38 / all) as u8
    } else if known == all && all > 1 {
        55
    } else if told && known * 6 >= all {
        // an excerpt with words of people around it
        52
    } else {
        0
    }
}

/// Hands out the records of a log: lines, and lines that a mail program or terminal has wrapped.
fn lines<'a>(text: &'a str, mut each: impl FnMut(Line<'a>)) {
    let mut hand = |start: usize, end: usize| {
        let record = ends::trim_end(text.get(start..end).unwrap_or_default());
        if !record.is_empty() {
            each(syslog::line(record, start));
        }
    };
    let (mut start, mut at, mut wrapped) = (0, 0, 0);
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let end = seek::any(rest.as_bytes(), [b'\n', b'\r']) + 1;
        let line = rest.get(..end).unwrap_or(rest);
        let so_far = text.get(start..at).unwrap_or_default();
        let goes_on =
            wrapped < WRAPPED && so_far.len() > ": to=".len() && unfinished(so_far) && !syslog::begins(line);
        wrapped = if goes_on { wrapped + 1 } else { 0 };
        if !goes_on {
            hand(start, at);
            start = at;
        }
        at += line.len();
    }
    hand(start, at);
}

/// Lines into which one is wrapped at most.
const WRAPPED: usize = 24;

/// A delivery whose result is missing, or stands in brackets that are still open.
fn unfinished(record: &str) -> bool {
    let Some(at) = seek::mark(record, ": to=", b'=') else { return false };
    let rest = record.get(at..).unwrap_or_default();
    let count = |bracket: char| rest.matches(bracket).count();
    match rest.find("status=") {
        Some(status) => rest.get(status..).is_some_and(|rest| rest.contains('(')) && count('(') > count(')'),
        None => !rest.contains("stat="),
    }
}

/// What is known while a log is read.
#[derive(Default)]
struct Log<'a> {
    mails: Mails<'a>,
    deliveries: qmail::Deliveries<'a>,
}

impl<'a> Log<'a> {
    /// Reads a line; says whether it is one of a mail server's.
    fn line(&mut self, line: Line<'a>, each: &mut dyn FnMut(Notice<'a>)) -> bool {
        let mut dated = |mut notice: Notice<'a>| {
            notice.time = notice.time.or(line.time.map(Cow::Borrowed));
            notice.reporting_host = notice.reporting_host.or(line.host.map(Cow::Borrowed));
            each(notice);
        };
        let id = queue_id(line.text);
        // these write pairs or brackets into every line but those of older ones
        let marked = seek::any(line.text.as_bytes(), [b'=', b'[']) < line.text.len();
        postfix::read(line, id, &mut self.mails, &mut dated)
            || exim::read(line, &mut self.mails, &mut dated)
            || id.is_some_and(|id| sendmail::read(line, id, &mut self.mails, &mut dated))
            || opensmtpd::read(line, marked, &mut dated)
            || qmail::read(line, &mut self.deliveries, &mut dated)
            || (marked || line.program == Some("haraka")) && haraka::read(line, &mut dated)
    }
}

/// The queue id that a message begins with, and what stands behind the colon after it.
fn queue_id(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take(LONGEST_ID + 1).position(|byte| !byte.is_ascii_alphanumeric())?;
    Some((text.get(..end)?, text.get(end..)?.strip_prefix(": ")?))
}

/// Letters of a queue id: a long one of Postfix has 15, one of Sendmail 14.
const LONGEST_ID: usize = 20;

/// The text of a field such as `relay=` up to a comma or, in angle brackets, to the closing one.
/// The field stands at the beginning or after a blank.
fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut from = 0;
    let start = loop {
        let at = from + text.get(from..)?.find(name)?;
        if at == 0 || matches!(text.as_bytes().get(at - 1), Some(b' ' | b',' | b'\n')) {
            break at + name.len();
        }
        from = at + name.len();
    };
    let rest = text.get(start..)?;
    if let Some(inner) = rest.strip_prefix('<') {
        return inner
            .find(">,")
            .or_else(|| inner.find("> "))
            .or_else(|| inner.find('>'))
            .and_then(|end| inner.get(..end));
    }
    if let Some(inner) = rest.strip_prefix('"') {
        return inner.find('"').and_then(|end| inner.get(..end));
    }
    rest.get(..rest.find([',', ' ', '\n', '\r']).unwrap_or(rest.len()))
}

/// The host of `mx.example.com[192.0.2.1]:25`; none of `none` and of local deliveries.
fn relay_host(relay: &str) -> Option<&str> {
    let host = ends::end(relay.split(['[', ' ', '(']).next()?, b".");
    let local = ["none", "local", "virtual", "[private", ""].contains(&host)
        || !relay.contains('[') && !host.contains('.');
    (!local).then_some(host)
}

/// Marks what a server refused itself: a refusal, but no bounce of its own mail.
fn inbound(notice: &mut Notice<'_>) {
    notice
        .notes
        .push("inbound: this server refused another one's mail; it is no bounce of its own mail".into());
}

/// Part of a line, with its place in the input; nothing where the part is empty.
fn part<'a>(line: &Line<'a>, text: &'a str) -> Quote<'a> {
    if text.is_empty() {
        return Quote::default();
    }
    // the part lies within the line: the distance of the two is its place
    let offset = (text.as_ptr() as usize).checked_sub(line.text.as_ptr() as usize);
    Quote {
        text: text.into(),
        at: offset.filter(|offset| *offset < line.text.len()).map(|offset| line.at + offset),
    }
}

#[cfg(test)]
mod tests {
    use super::{field, looks_like_log, relay_host};

    #[test]
    fn fields_end_where_they_end() {
        let text = "to=<\"a, b\"@example.com>, orig_to=<c@example.com>, relay=none, delay=1";
        assert_eq!(field(text, "to="), Some("\"a, b\"@example.com"));
        assert_eq!(field(text, "orig_to="), Some("c@example.com"));
        assert_eq!(field(text, "relay="), Some("none"));
        assert_eq!(field(text, "dsn="), None);
    }

    #[test]
    fn local_relays_are_no_hosts() {
        assert_eq!(relay_host("mx.example.com[192.0.2.1]:25"), Some("mx.example.com"));
        assert_eq!(relay_host("none"), None);
        assert_eq!(relay_host("dovecot"), None);
    }

    #[test]
    fn a_reply_is_no_log() {
        assert_eq!(looks_like_log("550 5.1.1 <ann@example.com>: user unknown\n550 another"), 0);
        assert_eq!(
            looks_like_log("host mx.example.com[192.0.2.1] said: 550 no (in reply to RCPT TO command)"),
            0
        );
    }
}
