//! Reports that are no delivery status: complaints (RFC 5965), read receipts (RFC 8098), TLS
//! reports (RFC 8460).

use super::headers::Headers;
use super::original::{Original, without_brackets};
use super::{Mail, Part, address, dsn, empty, text};
use crate::text::ends;
use crate::types::{Form, Kind, Notice};
use std::borrow::Cow;

/// Reads a report by its report part; `None` where there is none of these.
pub fn read<'a>(mail: &Mail<'a>) -> Option<Vec<Notice<'a>>> {
    // A delivery status in the same mail goes first: a bounce that says more is still a bounce.
    if mail.parts.iter().any(|part| part.kind.ends_with("delivery-status")) {
        return None;
    }
    let part = |kind: &str| mail.parts.iter().find(|part| part.kind == kind);
    if let Some(part) = part("message/feedback-report").or_else(|| misnamed(mail, "Feedback-Type")) {
        return Some(complaint(mail, part));
    }
    // What a script of the reader's own refuses is told as a receipt (RFC 5429 section 2.1.2).
    let refused = || {
        mail.headers.raw("Auto-Submitted").is_some_and(|value| value.trim_ascii().ends_with(b"(rejected)"))
    };
    if let Some(part) = part("message/disposition-notification").or_else(|| misnamed(mail, "Disposition"))
        && !refused()
    {
        return Some(vec![receipt(mail, part)]);
    }
    let tls = mail.parts.iter().any(|part| part.kind.starts_with("application/tlsrpt"));
    tls.then(|| vec![titled(mail, empty(Form::Mail, Kind::AggregateReport))])
}

/// A report part under a wrong type: text that begins with the report's own field.
fn misnamed<'m, 'a>(mail: &'m Mail<'a>, field: &str) -> Option<&'m Part<'a>> {
    mail.parts.iter().skip(1).find(|part| {
        (part.kind.starts_with("text/plain") || part.kind.starts_with("message/")) && !part.is_original() && {
            let bytes = part.bytes();
            Headers::read(&bytes).0.has(field)
        }
    })
}

/// The fields of a report part, with a life as long as the input's where nothing was decoded.
fn fields<'a, T>(
    part: &Part<'a>,
    borrowed: impl Fn(&Headers<'a>) -> T,
    owned: impl Fn(&Headers<'_>) -> T,
) -> T {
    match part.bytes() {
        Cow::Borrowed(bytes) => borrowed(&Headers::read(super::without_blank_lines(bytes)).0),
        Cow::Owned(bytes) => owned(&Headers::read(super::without_blank_lines(&bytes)).0),
    }
}

/// A complaint: one notice for each `Original-Rcpt-To` (RFC 5965 section 3.2).
fn complaint<'a>(mail: &Mail<'a>, part: &Part<'a>) -> Vec<Notice<'a>> {
    let original = original(mail);
    let mut notices =
        fields(part, |fields| feedback(mail, fields), |fields| super::own(feedback(mail, fields)));
    for notice in &mut notices {
        notice.recipient = notice.recipient.take().or_else(|| original.to.clone());
        original.fill(notice);
        notice.notes.clone_from(&mail.notes);
    }
    notices
}

/// What a report of this `Feedback-Type` is.
pub fn feedback_kind(name: &str) -> Kind {
    match name {
        // RFC 6591: a DMARC failure report; RFC 6430: a reader says that it was no spam.
        "auth-failure" | "dmarc" => Kind::AggregateReport,
        "not-spam" => Kind::Unrelated,
        _ => Kind::Complaint,
    }
}

fn feedback<'f>(mail: &Mail<'_>, fields: &Headers<'f>) -> Vec<Notice<'f>> {
    let first = |names: &[&str]| fields.first(names, mail.charsets);
    let mut notice = empty(Form::Arf, Kind::Complaint);
    let kind = ends::trim(&first(&["Feedback-Type"]).unwrap_or_default()).to_ascii_lowercase();
    notice.kind = feedback_kind(&kind);
    notice.reply = text::quote(first(&["Feedback-Type"]).unwrap_or_default(), &[]);
    notice.sender = first(&["Original-Mail-From"])
        .and_then(|value| address::of_field(&value))
        .filter(|sender| sender.contains('@'));
    notice.sending_ip = first(&["Source-IP"]);
    notice.time = first(&["Arrival-Date", "Received-Date"]);
    notice.reporting_host = first(&["Reporting-MTA"]).and_then(|value| dsn::host(&value));
    let recipients: Vec<_> = [
        "Original-Rcpt-To",
        "Original-Recipient",
        "Final-Recipient",
        "Removal-Recipient",
        "X-HmXmrOriginalRecipient",
    ]
    .iter()
    .map(|name| {
        fields
            .all(name)
            .filter_map(|value| address::of_field(&super::headers::words(value, mail.charsets)))
            .collect::<Vec<_>>()
    })
    .find(|found| !found.is_empty())
    .unwrap_or_default();
    if recipients.is_empty() {
        return vec![notice];
    }
    recipients.into_iter().map(|recipient| Notice { recipient: Some(recipient), ..notice.clone() }).collect()
}

/// A read receipt (RFC 8098 section 3.2).
fn receipt<'a>(mail: &Mail<'a>, part: &Part<'a>) -> Notice<'a> {
    let mut notice = fields(
        part,
        |fields| disposition(mail, fields),
        |fields| super::own_notice(disposition(mail, fields)),
    );
    notice.notes.clone_from(&mail.notes);
    titled(mail, notice)
}

fn disposition<'f>(mail: &Mail<'_>, fields: &Headers<'f>) -> Notice<'f> {
    let first = |name: &str| fields.first(&[name], mail.charsets);
    let mut notice = empty(Form::Mail, Kind::ReadReceipt);
    notice.reply = text::quote(first("Disposition").unwrap_or_default(), &[]);
    notice.recipient = first("Final-Recipient").and_then(|value| address::of_field(&value));
    notice.original_recipient = first("Original-Recipient")
        .and_then(|value| address::of_field(&value))
        .filter(|address| Some(address) != notice.recipient.as_ref());
    notice.message_id = first("Original-Message-ID").map(without_brackets);
    notice
}

/// Subject and time of this mail itself.
fn titled<'a>(mail: &Mail<'a>, mut notice: Notice<'a>) -> Notice<'a> {
    notice.subject = notice.subject.take().or_else(|| mail.headers.first(&["Subject"], mail.charsets));
    notice.time = notice.time.take().or_else(|| mail.headers.first(&["Date"], mail.charsets));
    notice
}

fn original<'a>(mail: &Mail<'a>) -> Original<'a> {
    let Some(part) = mail.parts.iter().find(|part| part.is_original()) else { return Original::default() };
    fields(
        part,
        |fields| Original::read(fields, mail.charsets),
        |fields| Original::read(fields, mail.charsets).own(),
    )
}
