//! Whole mails: notices of failed deliveries and all that is mistaken for them.
//!
//! ```
//! use bouncelens::{input::mail, text::decode::native, types::Kind};
//! let mail = b"From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n\
//! Hi. This is the qmail-send program at mx.example.org.\n\n\
//! <ann@example.com>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n\
//! Giving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n";
//! let notices = mail::read(mail, native);
//! assert_eq!(notices[0].kind, Kind::Bounce);
//! assert_eq!(notices[0].recipient.as_deref(), Some("ann@example.com"));
//! assert_eq!(notices[0].reply.text, "550 5.1.1 no such user");
//! ```
//!
//! The order of judgement: a report part is what it says it is; else a text with the marks of a
//! notice is one; and only then do the header fields of auto-replies count, because notices
//! carry them too.

mod address;
mod code;
mod dsn;
mod headers;
mod html;
mod judge;
mod lines;
mod marks;
mod mime;
mod ndr;
mod notice;
mod opener;
mod original;
mod paragraph;
mod report;
mod text;
mod trace;

use super::outline::Parts;
use crate::text::decode::{self, Charsets};
use crate::text::ends;
use crate::types::{Form, Kind, Notice, Quote};
use headers::{Headers, field};
use lines::{Lines, find_line_end};
use mime::Part;
pub use report::feedback_kind;
use std::borrow::Cow;
use text::Text;
pub use text::unquote;
use trace::{Seen, Trace};

/// Mails within mails that are opened: forwarded, quoted or attached notices.
const NESTED: usize = 3;

/// Reads a mail, or what is left of one: a body pasted without its header, the fields of a
/// delivery status alone, a notice forwarded within another mail.
///
/// Never fails and never gives nothing: one notice for each recipient, failed ones first; of
/// other mail one notice that says what it is.
pub fn read(input: &[u8], charsets: Charsets) -> Vec<Notice<'_>> {
    traced(input, charsets, &Trace::default())
}

/// Reads a mail and writes down its parts and what each was taken for.
pub fn outline(input: &[u8], charsets: Charsets, parts: &mut Parts) {
    let trace = Trace::of(std::mem::take(parts));
    traced(input, charsets, &trace);
    *parts = trace.take();
}

fn traced<'a>(input: &'a [u8], charsets: Charsets, trace: &Trace) -> Vec<Notice<'a>> {
    if input.starts_with(b"\xFF\xFE") || input.starts_with(b"\xFE\xFF") {
        let (text, _) = decode::text(input, "utf-16", charsets);
        return trace.displaced(|| own(traced(text.as_bytes(), charsets, trace)));
    }
    if let Some(plain) = unquote(input, 3) {
        return trace.displaced(|| own(message(&plain, &plain, charsets, 0, trace)));
    }
    message(input, input, charsets, 0, trace)
}

/// Whether the input is a mail with a header that says of parts, as reports have them.
pub fn has_parts(input: &[u8]) -> bool {
    let (headers, _) = Headers::read(without_blank_lines(input.get(..SAMPLE).unwrap_or(input)));
    known_fields(&headers) > 1
        && headers
            .raw("Content-Type")
            .and_then(|kind| kind.trim_ascii().get(..10))
            .is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/"))
}

/// How sure it is that the input is a mail, or a notice that somebody cut out of one: 0 to 100.
pub fn looks_like_mail(input: &[u8]) -> u8 {
    let plain = unquote(input.get(..SAMPLE).unwrap_or(input), 3);
    let sample = plain.as_deref().unwrap_or_else(|| input.get(..SAMPLE).unwrap_or(input));
    let (headers, _) = Headers::read(without_blank_lines(sample));
    match known_fields(&headers) {
        0 => {}
        1 => return if headers.has("Received") || headers.has("Return-Path") { 80 } else { 40 },
        _ => return 95,
    }
    let (text, _) = decode::text(sample, "", decode::none);
    if dsn::find(&text).is_some() {
        return 90;
    }
    if forwarded_header(sample).is_some() {
        return 85;
    }
    let html = html::looks_like_html(&text);
    let text = readable(&text);
    let reading = ndr::read(&text);
    let several_lines = ends::trim(&text).lines().nth(1).is_some();
    let begins_with_code = code::at_start(ends::trim_start(&text)).is_some();
    match (several_lines, reading.has(marks::List::Failure), reading.recipients.is_empty()) {
        (true, true, false) => 80,
        (true, true, true) if reading.cut < text.len() || html => 70,
        (true, _, false) if reading.cut < text.len() || reading.has(marks::List::Boilerplate) => 70,
        // copied from the screen: sentences, and below them the reply that they announce
        (true, failure, true)
            if (failure || reading.has(marks::List::Delay)) && reading.announces() && !begins_with_code =>
        {
            65
        }
        // an auto-reply without its header
        (true, false, true) if reading.has(marks::List::AutoReply) && code::find(&text).is_none() => 60,
        _ => 0,
    }
}

/// The JSON that a mail is about, where its text is nothing else: a provider's event sent by mail,
/// as Amazon SNS does. Other readers know what it says.
pub fn json_body(input: &[u8], charsets: Charsets) -> Option<String> {
    let (headers, body) = Headers::read(without_blank_lines(input));
    let parts = mime::parts(&headers, body);
    let part = parts.iter().find(|part| part.is_text() || part.kind == "application/json")?;
    let bytes = part.bytes();
    let (text, _) = decode::text(&bytes, &part.charset, charsets);
    let text = ends::trim(&text);
    // Lines of plain words may follow, such as how to unsubscribe.
    let end = text.rfind('}')? + 1;
    (known_fields(&headers) > 1 && text.starts_with('{'))
        .then(|| text.get(..end).unwrap_or_default().to_owned())
}

/// Bytes by which a mail is recognised.
const SAMPLE: usize = 16 << 10;

/// A mail taken apart as far as needed.
struct Mail<'a> {
    /// The whole input, of which this mail may be a part: quotes tell their place in it.
    input: &'a [u8],
    headers: Headers<'a>,
    parts: Vec<Part<'a>>,
    charsets: Charsets,
    depth: usize,
    notes: Vec<String>,
    trace: Trace,
}

fn message<'a>(
    bytes: &'a [u8],
    input: &'a [u8],
    charsets: Charsets,
    depth: usize,
    trace: &Trace,
) -> Vec<Notice<'a>> {
    let bytes = without_blank_lines(bytes);
    let (headers, body) = Headers::read(bytes);
    let bare = known_fields(&headers) == 0;
    let (headers, body) = if bare { (Headers::default(), bytes) } else { (headers, body) };
    if bare
        && depth < NESTED
        && let Some(at) = forwarded_header(body)
        && let Some(notices) = trace.tried(|| {
            trace.around(body.get(..at).unwrap_or_default(), input);
            nested(body.get(at..).unwrap_or_default(), input, charsets, depth, trace)
        })
    {
        return notices;
    }
    let parts = mime::parts(&headers, body);
    Mail { input, headers, parts, charsets, depth, notes: Vec::new(), trace: trace.clone() }.read()
}

/// A mail within a mail; `None` where it is no report of any kind.
fn nested<'a>(
    bytes: &'a [u8],
    input: &'a [u8],
    charsets: Charsets,
    depth: usize,
    trace: &Trace,
) -> Option<Vec<Notice<'a>>> {
    if depth >= NESTED {
        return None;
    }
    trace.mail(bytes, input);
    let notices = message(bytes, input, charsets, depth + 1, trace);
    let report = |notice: &Notice<'_>| {
        matches!(notice.kind, Kind::Bounce | Kind::Delay | Kind::Delivered | Kind::Complaint)
            && (notice.recipient.is_some() || !notice.reply.text.is_empty())
    };
    notices.iter().any(report).then_some(notices)
}

impl<'a> Mail<'a> {
    fn read(mut self) -> Vec<Notice<'a>> {
        if let Some(notices) = report::read(&self) {
            self.trace(Seen::Report, None);
            return notices;
        }
        let text = self.text();
        let status = self.status(&text);
        let end = status.as_ref().and_then(|(_, inline)| *inline).unwrap_or(text.text.len());
        let reading = ndr::read(text.text.get(..end).unwrap_or_default());
        let original = self.original(&text, &reading);
        if let Some((status, inline)) = status {
            self.trace(Seen::Status { inline }, Some(&text));
            return notice::from_status(&self, status, &text, &reading, &original);
        }
        let judgement = judge::judge(&self, &reading);
        let complete = reading.recipients.iter().any(|named| named.reply.is_some());
        if (judgement.kind == Kind::Unrelated || judgement.is_notice() && !complete)
            && let Some(notices) = self.trace.tried(|| {
                self.trace(Seen::Around { cut: reading.cut }, Some(&text));
                self.inner(&text, &reading)
            })
        {
            return notices;
        }
        self.trace(if judgement.is_notice() { Seen::Notice } else { Seen::Other }, Some(&text));
        if judgement.is_notice() {
            return notice::from_reading(&self, judgement.kind, &text, &reading, &original);
        }
        vec![notice::other(&self, judgement.kind, &reading)]
    }

    /// The delivery status: a part of its own, or fields within the text and where they begin.
    fn status(&self, text: &Text<'a>) -> Option<(dsn::Status<'a>, Option<usize>)> {
        for part in self.parts.iter().filter(|part| part.is_status()) {
            let status = match part.bytes() {
                Cow::Borrowed(bytes) => dsn::read(bytes, self.charsets),
                Cow::Owned(bytes) => notice::own_status(dsn::read(&bytes, self.charsets)),
            };
            if !status.recipients.is_empty() {
                return Some((status, None));
            }
        }
        // people quote such fields on lists
        let at = dsn::find(&text.text).filter(|_| !judge::is_of_list(self))?;
        let status = match &text.text {
            text if text.get(at..)?.starts_with([' ', '\t']) => {
                notice::own_status(dsn::read(text::outdented(text.get(at..)?).as_bytes(), self.charsets))
            }
            Cow::Borrowed(text) => dsn::read(text.get(at..)?.as_bytes(), self.charsets),
            Cow::Owned(text) => notice::own_status(dsn::read(text.get(at..)?.as_bytes(), self.charsets)),
        };
        let telling = status.recipients.iter().any(|group| {
            (group.last.is_some() || group.original.is_some())
                && (group.diagnostic.is_some() || !group.action.is_empty() || group.status.is_some())
        });
        telling.then_some((status, Some(at)))
    }

    /// What a reader of the mail sees: its plain text, else its HTML, up to the report itself.
    fn text(&mut self) -> Text<'a> {
        let end = self.parts.iter().position(|part| part.is_status() || part.is_original());
        let head = end.unwrap_or(self.parts.len());
        let plain: Vec<&Part<'a>> =
            self.parts.iter().take(head).filter(|part| part.is_text() && part.kind != "text/html").collect();
        let mut text = join_parts(&plain, self.charsets, &mut self.notes);
        if ends::trim(&text.text).is_empty() {
            text = self.html_text(head);
        }
        // the report may come first
        if ends::trim(&text.text).is_empty() {
            let any: Vec<&Part<'a>> =
                self.parts.iter().filter(|part| part.is_text() && part.kind != "text/html").collect();
            text = join_parts(&any, self.charsets, &mut self.notes);
        }
        if ends::trim(&text.text).is_empty() {
            text = self.html_text(self.parts.len());
        }
        if html::looks_like_html(&text.text) { Text { text: html::text(&text.text).into() } } else { text }
    }

    /// The text of the HTML among the first parts.
    fn html_text(&mut self, parts: usize) -> Text<'a> {
        let html: Vec<&Part<'a>> =
            self.parts.iter().take(parts).filter(|part| part.is_text() && part.kind == "text/html").collect();
        let source = join_parts(&html, self.charsets, &mut self.notes);
        Text { text: html::text(&source.text).into() }
    }

    /// The facts of the failed mail: from its own part, else from its quote in the text.
    fn original(&self, text: &Text<'a>, reading: &ndr::Reading) -> original::Original<'a> {
        if let Some(part) = self.parts.iter().find(|part| part.is_original()) {
            if part.headers.has("Message-ID") || part.headers.has("Received") {
                return original::Original::read(&part.headers, self.charsets);
            }
            return match part.bytes() {
                Cow::Borrowed(bytes) => {
                    original::Original::read(&Headers::read(without_blank_lines(bytes)).0, self.charsets)
                }
                Cow::Owned(bytes) => {
                    original::Original::read(&Headers::read(without_blank_lines(&bytes)).0, self.charsets)
                        .own()
                }
            };
        }
        match &text.text {
            Cow::Borrowed(text) => {
                original::Original::read_quoted(text.get(reading.cut..).unwrap_or_default(), self.charsets)
            }
            Cow::Owned(text) => {
                original::Original::read_quoted(text.get(reading.cut..).unwrap_or_default(), self.charsets)
                    .own()
            }
        }
    }

    /// A notice within this mail: attached, or quoted behind the words of a forwarding.
    fn inner(&self, text: &Text<'a>, reading: &ndr::Reading) -> Option<Vec<Notice<'a>>> {
        for part in self.parts.iter().filter(|part| part.is_original()) {
            let found = match part.bytes() {
                Cow::Borrowed(bytes) => nested(bytes, self.input, self.charsets, self.depth, &self.trace),
                Cow::Owned(bytes) => self
                    .trace
                    .displaced(|| nested(&bytes, &bytes, self.charsets, self.depth, &self.trace).map(own)),
            };
            if found.is_some() {
                return found;
            }
        }
        let from = |text: &str| {
            let line_end =
                reading.cut + find_line_end(text.as_bytes().get(reading.cut..).unwrap_or_default(), 0);
            let rest = text.get(reading.cut..).unwrap_or_default();
            let has_field =
                field(rest.as_bytes()).is_some_and(|(name, _)| name.len() < 24 && !rest.starts_with('-'));
            let start = if has_field { reading.cut } else { line_end };
            if start == 0 { None } else { Some(start) }
        };
        match &text.text {
            Cow::Borrowed(text) => {
                let rest = text.get(from(text)?..)?.as_bytes();
                nested(rest, self.input, self.charsets, self.depth, &self.trace)
            }
            Cow::Owned(text) => {
                let rest = text.get(from(text)?..)?.as_bytes();
                self.trace.displaced(|| {
                    nested(rest, text.as_bytes(), self.charsets, self.depth, &self.trace).map(own)
                })
            }
        }
    }
}

fn join_parts<'a>(parts: &[&Part<'a>], charsets: Charsets, notes: &mut Vec<String>) -> Text<'a> {
    let mut texts = parts.iter().map(|part| {
        let (text, note) = match part.bytes() {
            Cow::Borrowed(bytes) => decode::text(bytes, &part.charset, charsets),
            Cow::Owned(bytes) => {
                let (text, note) = decode::text(&bytes, &part.charset, charsets);
                (Cow::Owned(text.into_owned()), note)
            }
        };
        notes.extend(note);
        text
    });
    let first = texts.next().unwrap_or_default();
    let text = texts.fold(first, |joined, next| match ends::trim(&next).is_empty() {
        true => joined,
        false if ends::trim(&joined).is_empty() => next,
        false => Cow::Owned(joined.into_owned() + "\n\n" + &next),
    });
    Text { text }
}

/// HTML that was pasted, as text.
fn readable(text: &str) -> Cow<'_, str> {
    if html::looks_like_html(text) { html::text(text).into() } else { text.into() }
}

/// Fields that a mail's header has and few other texts begin with.
const FIELDS: [&str; 13] = [
    "Received",
    "Return-Path",
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
    "X-Failed-Recipients",
    "Delivered-To",
    "Content-Transfer-Encoding",
];

/// How many of them a header has; more than two are not told apart.
fn known_fields(headers: &Headers<'_>) -> usize {
    if headers.is_empty() { 0 } else { FIELDS.iter().filter(|name| headers.has(name)).take(2).count() }
}

/// Where, behind a greeting, the header of a whole mail begins: three fields in a row, of which
/// one names the sender or the way.
fn forwarded_header(body: &[u8]) -> Option<usize> {
    let (mut start, mut fields, mut sender) = (None, 0, false);
    for (at, line) in Lines::of(body).take(60) {
        let folded = matches!(line.first(), Some(b' ' | b'\t'));
        match field(line) {
            _ if folded && fields > 0 && !line.trim_ascii().is_empty() => continue,
            Some((name, _)) if is_mail_field(name) => {
                start = start.or(Some(at));
                fields += 1;
                sender |= name.eq_ignore_ascii_case(b"From") || name.eq_ignore_ascii_case(b"Received");
            }
            Some(_) if fields > 0 => {}
            _ => (start, fields, sender) = (None, 0, false),
        }
        if fields >= 3 && sender {
            return start.filter(|start| *start > 0);
        }
    }
    None
}

fn is_mail_field(name: &[u8]) -> bool {
    FIELDS.iter().any(|field| field.as_bytes().eq_ignore_ascii_case(name))
        || name.eq_ignore_ascii_case(b"Sent")
}

fn without_blank_lines(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if blank == bytes.len() {
        return &[];
    }
    let start =
        bytes.iter().take(blank).rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    bytes.get(start..).unwrap_or_default()
}

/// Notices that no longer borrow from bytes that were decoded on the way.
fn own(notices: Vec<Notice<'_>>) -> Vec<Notice<'static>> {
    notices.into_iter().map(own_notice).collect()
}

pub(super) fn own_notice(notice: Notice<'_>) -> Notice<'static> {
    let own = |value: Option<Cow<'_, str>>| value.map(|value| Cow::Owned(value.into_owned()));
    let quote = |quote: Quote<'_>| Quote { text: Cow::Owned(quote.text.into_owned()), at: None };
    Notice {
        form: notice.form,
        kind: notice.kind,
        reply: quote(notice.reply),
        prose: notice.prose.map(quote),
        code: notice.code,
        status: notice.status,
        stage: notice.stage,
        recipient: own(notice.recipient),
        original_recipient: own(notice.original_recipient),
        recipient_domain: own(notice.recipient_domain),
        sender: own(notice.sender),
        remote_host: own(notice.remote_host),
        reporting_host: own(notice.reporting_host),
        sending_ip: own(notice.sending_ip),
        time: own(notice.time),
        campaign: own(notice.campaign),
        message_id: own(notice.message_id),
        queue_id: own(notice.queue_id),
        subject: own(notice.subject),
        retry_until: own(notice.retry_until),
        attempts: notice.attempts,
        class: notice.class.map(|class| crate::types::Class {
            system: class.system,
            name: Cow::Owned(class.name.into_owned()),
        }),
        notes: notice.notes,
        words: notice.words,
    }
}

/// A notice of this form and kind that says nothing yet.
fn empty<'a>(form: Form, kind: Kind) -> Notice<'a> {
    Notice::new(form, kind, Quote::made(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decode::native;

    #[test]
    fn an_event_within_a_mail_is_given_as_it_is() {
        let mail = b"From: no-reply@example.com\nSubject: Notification\n\n{\"notificationType\":\"Bounce\"}\n\n--\nTo stop these mails, click.\n";
        assert_eq!(json_body(mail, native).as_deref(), Some("{\"notificationType\":\"Bounce\"}"));
        assert_eq!(json_body(b"From: a@example.com\nSubject: x\n\nHello {you}", native), None);
    }

    #[test]
    fn facts_of_the_failed_mail_are_kept_for_reports() {
        let mail = b"From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n<a@example.com>:\nRemote host said: 550 no\n\n\
            --- Below this line is a copy of the message.\n\nReturn-Path: <news@example.org>\nSubject: =?utf-8?q?M=C3=A4rz?=\n\
            Message-ID: <1@example.org>\nX-Campaign-ID: spring\n\nHello";
        let notices = read(mail, native);
        let notice = notices.first().expect("a mail gives a notice");
        assert_eq!(notice.subject.as_deref(), Some("März"));
        assert_eq!(notice.message_id.as_deref(), Some("1@example.org"));
        assert_eq!(notice.sender.as_deref(), Some("news@example.org"));
        assert_eq!(notice.campaign.as_deref(), Some("spring"));
        assert_eq!(notice.reporting_host.as_deref(), Some("mx.example.org"));
    }

    #[test]
    fn a_quoted_part_of_a_mail_is_read_too() {
        let mail = b"Hi, what is this?\n\n> Delivery to the following recipient failed permanently:\n>\n>      a@example.com\n>\n\
            > The error that the other server returned was:\n> 550 5.1.1 no such user\n\nThanks\n";
        let notices = read(mail, native);
        let notice = notices.first().expect("a mail gives a notice");
        assert_eq!(
            (notice.recipient.as_deref(), notice.reply.text.as_ref()),
            (Some("a@example.com"), "550 5.1.1 no such user")
        );
    }
}
