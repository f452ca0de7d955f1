//! The fields of a delivery status (RFC 3464): one group for the message, one for each recipient.
//!
//! Writers put a blank line too many or none, so a recipient's group begins where a field comes
//! that this group already has, and not only at a blank line.

use super::address;
use super::headers::{self, field};
use super::lines::Lines;
use crate::input::seek;
use crate::text::decode::Charsets;
use crate::text::ends;
use crate::types::{Kind, StatusCode};
use std::borrow::Cow;

/// What the message's group says.
#[derive(Clone, Debug, Default)]
pub struct Message<'a> {
    /// `Reporting-MTA` (RFC 3464 section 2.2.2), without its type.
    pub reporting: Option<Cow<'a, str>>,
    /// `Arrival-Date` (section 2.2.5).
    pub arrival: Option<Cow<'a, str>>,
    /// `X-Postfix-Sender` and its like.
    pub sender: Option<Cow<'a, str>>,
    /// `X-Postfix-Queue-ID` and its like.
    pub queue_id: Option<Cow<'a, str>>,
    /// `Original-Message-ID`, where a writer adds it.
    pub original_id: Option<Cow<'a, str>>,
}

/// What a recipient's group says.
#[derive(Clone, Debug, Default)]
pub struct Recipient<'a> {
    /// `Final-Recipient` (section 2.3.2).
    pub last: Option<Cow<'a, str>>,
    /// `Original-Recipient` (section 2.3.1).
    pub original: Option<Cow<'a, str>>,
    /// `Action` (section 2.3.3), in lower case.
    pub action: String,
    /// `Status` (section 2.3.4).
    pub status: Option<StatusCode>,
    /// The words behind the status, in parentheses or not.
    pub status_text: Option<Cow<'a, str>>,
    /// `Remote-MTA` (section 2.3.5), without its type.
    pub remote: Option<Cow<'a, str>>,
    /// `Diagnostic-Code` (section 2.3.6), without its type.
    pub diagnostic: Option<Cow<'a, str>>,
    /// A second diagnostic: `X-Supplementary-Info`, `X-Network-Error`, `X-Exim-Diagnostic`.
    pub extra: Option<Cow<'a, str>>,
    /// `Last-Attempt-Date` (section 2.3.7).
    pub last_attempt: Option<Cow<'a, str>>,
    /// `Will-Retry-Until` (section 2.3.9).
    pub retry_until: Option<Cow<'a, str>>,
    /// `X-Actual-Recipient` of Sendmail: where an alias led to.
    pub actual: Option<Cow<'a, str>>,
    seen: u16,
}

impl<'a> Recipient<'a> {
    /// What happened, by the action; where it is none of the standard's, by the status.
    pub fn kind(&self) -> Kind {
        let word = self.action.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        match (word, self.status.map(|status| status.class)) {
            ("delayed" | "delay" | "deferred", _) => Kind::Delay,
            ("failed" | "expired" | "failure" | "error", _) => Kind::Bounce,
            ("delivered" | "relayed" | "expanded" | "success", _) | (_, Some(2)) => Kind::Delivered,
            _ => Kind::Bounce,
        }
    }

    /// The same, no longer tied to the bytes it was read from.
    pub fn own(self) -> Recipient<'static> {
        let own = |value: Option<Cow<'_, str>>| value.map(|value| Cow::Owned(value.into_owned()));
        Recipient {
            last: own(self.last),
            original: own(self.original),
            action: self.action,
            status: self.status,
            status_text: own(self.status_text),
            remote: own(self.remote),
            diagnostic: own(self.diagnostic),
            extra: own(self.extra),
            last_attempt: own(self.last_attempt),
            retry_until: own(self.retry_until),
            actual: own(self.actual),
            seen: self.seen,
        }
    }

    /// Takes the fields of a group that turned out to be a piece of this one.
    fn join(&mut self, rest: Recipient<'a>) {
        if self.action.is_empty() {
            self.action = rest.action;
        }
        self.status = self.status.or(rest.status);
        let own = [
            &mut self.status_text,
            &mut self.remote,
            &mut self.diagnostic,
            &mut self.extra,
            &mut self.last_attempt,
            &mut self.retry_until,
        ];
        let rest =
            [rest.status_text, rest.remote, rest.diagnostic, rest.extra, rest.last_attempt, rest.retry_until];
        for (own, rest) in own.into_iter().zip(rest) {
            if own.is_none() {
                *own = rest;
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.last.is_none() && self.original.is_none() && self.action.is_empty() && self.diagnostic.is_none()
    }
}

/// A delivery status taken apart.
#[derive(Clone, Debug, Default)]
pub struct Status<'a> {
    /// The message's group.
    pub message: Message<'a>,
    /// The recipients' groups.
    pub recipients: Vec<Recipient<'a>>,
}

/// Fields that only a mail has: the returned original begins.
const MAIL_FIELDS: [&[u8]; 4] = [b"received", b"return-path", b"message-id", b"mime-version"];

/// Reads the fields of a delivery status, up to the end or to the header of a mail.
pub fn read(bytes: &[u8], charsets: Charsets) -> Status<'_> {
    let mut status = Status::default();
    let mut group = Recipient::default();
    let mut lines = Lines::of(bytes);
    while let Some((start, line)) = lines.next() {
        if line.trim_ascii().is_empty() {
            flush(&mut group, &mut status);
            continue;
        }
        let Some((name, _)) = field(line.trim_ascii_start()) else { continue };
        if MAIL_FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name)) {
            break;
        }
        let end = value_end(&mut lines);
        let from = start + seek::any(line, [b':']) + 1;
        let value = headers::words(bytes.get(from..end).unwrap_or_default(), charsets);
        take(name, value, &mut group, &mut status);
    }
    flush(&mut group, &mut status);
    status
}

/// Steps over the folded lines that follow; gives the end of the last one.
///
/// A blank line does not end a value when another folded line comes behind it: some writers fold
/// a multi-line reply so.
fn value_end(lines: &mut Lines<'_>) -> usize {
    while lines.is_folded() {
        let before = lines.clone();
        if lines.next().is_none_or(|(_, line)| line.trim_ascii().is_empty()) {
            *lines = before;
            break;
        }
    }
    lines.next_at()
}

/// Puts one field in its place; a field that this group already has begins the next recipient.
fn take<'a>(name: &[u8], value: Cow<'a, str>, group: &mut Recipient<'a>, status: &mut Status<'a>) {
    let name = std::str::from_utf8(name).unwrap_or_default().to_ascii_lowercase();
    let bit = match name.as_str() {
        "final-recipient" => 1,
        "action" => 2,
        "status" => 4,
        "diagnostic-code" => 8,
        "original-recipient" => 16,
        _ => 0,
    };
    // Original-Recipient twice in a row is one writer's mistake; a new one after others is news.
    if bit != 0 && group.seen & bit != 0 && (group.seen & 1 != 0 || bit == 1) && bit != 8 {
        flush(group, status);
    }
    group.seen |= bit;
    let message = &mut status.message;
    match name.as_str() {
        "final-recipient" => group.last = address::of_field(&value),
        "original-recipient" | "x-original-recipient" if group.original.is_none() => {
            group.original = address::of_field(&value);
        }
        "x-actual-recipient" => {
            group.actual = address::of_field(&value).filter(|address| address.contains('@'));
        }
        "action" => group.action = ends::trim(&value).to_ascii_lowercase(),
        "status" => {
            group.status = StatusCode::parse(&value);
            group.status_text = comment(&value).map(|text| text.to_owned().into());
        }
        "remote-mta" => group.remote = host(&value).or(group.remote.take()),
        "diagnostic-code" if group.diagnostic.is_none() => group.diagnostic = diagnostic(value),
        "diagnostic-code" | "x-supplementary-info" | "x-network-error" | "x-exim-diagnostic" => {
            group.extra = diagnostic(value).or(group.extra.take());
        }
        "last-attempt-date" => group.last_attempt = Some(value),
        "will-retry-until" => group.retry_until = Some(value),
        "reporting-mta" => message.reporting = host(&value),
        "arrival-date" => message.arrival = Some(value),
        "original-message-id" | "x-original-message-id" => message.original_id = Some(value),
        _ if name.starts_with("x-") && name.ends_with("-sender") => {
            message.sender = address::of_field(&value);
        }
        _ if name.starts_with("x-") && name.ends_with("-queue-id") => message.queue_id = Some(value),
        _ => {}
    }
}

fn flush<'a>(group: &mut Recipient<'a>, status: &mut Status<'a>) {
    let mut group = std::mem::take(group);
    // Sendmail names the alias as the final recipient; the address that failed is the actual one.
    if let Some(actual) = group.actual.take() {
        let alias = group.last.replace(actual);
        group.original = group.original.take().or(alias);
    }
    if group.is_empty() {
        return;
    }
    // A blank line within a recipient's group: what follows belongs to the group before.
    if group.last.is_none()
        && group.original.is_none()
        && let Some(previous) = status.recipients.last_mut()
        && (previous.action.is_empty() || previous.diagnostic.is_none() && group.action.is_empty())
    {
        previous.join(group);
        return;
    }
    status.recipients.push(group);
}

/// The host of a typed field: `dns; mx.example.com. (192.0.2.1, …)`, `dns;[192.0.2.1]`.
pub fn host<'a>(value: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    let name = ends::trim(value.split_once(';').map_or(value.as_ref(), |(_, name)| name));
    let name = ends::start(name, b"( ,\t");
    let name = name.get(..seek::any(name.as_bytes(), [b'(', b' ', b',', b'\t']))?;
    let name = ends::both(name, b".[]<>\")");
    (!name.is_empty()).then(|| match value {
        Cow::Borrowed(value) => {
            let start = name.as_ptr() as usize - value.as_ptr() as usize;
            Cow::Borrowed(value.get(start..start + name.len()).unwrap_or_default())
        }
        Cow::Owned(_) => Cow::Owned(name.to_owned()),
    })
}

/// A diagnostic without its type. `smtp; 550 …`, `X-Postfix; …`, or no type at all.
fn diagnostic(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let skip = match value.split_once(';') {
        Some((kind, _)) if is_type(kind) => kind.len() + 1,
        _ => 0,
    };
    let text = match value {
        Cow::Borrowed(value) => Cow::Borrowed(ends::trim(value.get(skip..).unwrap_or_default())),
        Cow::Owned(value) => Cow::Owned(ends::trim(value.get(skip..).unwrap_or_default()).to_owned()),
    };
    (!text.is_empty()).then_some(text)
}

/// A diagnostic's type is one short word: `smtp`, `x-unix`, `X-Postfix`, `unknown`.
fn is_type(kind: &str) -> bool {
    let kind = ends::trim(kind);
    kind.len() <= 24
        && kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// The words behind a status: `5.0.0 (550 5.1.1 no such user)`.
fn comment(value: &str) -> Option<&str> {
    let start = value.find(|c: char| !(c.is_ascii_digit() || c == '.' || c.is_whitespace()))?;
    let words = ends::bare(value.get(start..)?, b"()");
    (words.len() > 3).then_some(words)
}

/// Where a delivery status begins in a running text: fields pasted alone, or within a body.
pub fn find(text: &str) -> Option<usize> {
    let mut first = None;
    for (start, line) in Lines::of(text.as_bytes()) {
        let Some((name, _)) = field(line.trim_ascii_start()) else {
            if !line.trim_ascii().is_empty() && !matches!(line.first(), Some(b' ' | b'\t')) {
                first = None;
            }
            continue;
        };
        // Behind these the failed mail is quoted.
        if name.eq_ignore_ascii_case(b"received") || name.eq_ignore_ascii_case(b"return-path") {
            return None;
        }
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        match name.as_str() {
            "final-recipient" => return Some(first.unwrap_or(start)),
            "reporting-mta"
            | "original-envelope-id"
            | "arrival-date"
            | "action"
            | "received-from-mta"
            | "diagnostic-code"
            | "original-recipient"
            | "status" => first = first.or(Some(start)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decode::native;

    const TWO: &str = "Reporting-MTA: dns; mx.example.org\nX-Postfix-Sender: rfc822; news@example.org\n\n\
        Final-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.com. (192.0.2.1)\n\
        Diagnostic-Code: smtp; 550 5.1.1\n    no such user\n\nFinal-Recipient: rfc822; b@example.com\nAction: delayed\nStatus: 4.0.0 (deferred: try later)\n";

    fn check(text: &str) {
        let status = read(text.as_bytes(), native);
        assert_eq!(status.recipients.len(), 2, "{text}");
        assert_eq!(status.message.sender.as_deref(), Some("news@example.org"));
        let [a, b] = status.recipients.as_slice() else { return };
        assert_eq!((a.last.as_deref(), a.kind()), (Some("a@example.com"), Kind::Bounce));
        assert_eq!(a.remote.as_deref(), Some("mx.example.com"));
        assert_eq!(a.diagnostic.as_deref(), Some("550 5.1.1 no such user"));
        assert_eq!((b.last.as_deref(), b.kind()), (Some("b@example.com"), Kind::Delay));
        assert_eq!(b.status_text.as_deref(), Some("deferred: try later"));
    }

    #[test]
    fn groups_are_found_with_blank_lines_and_without() {
        check(TWO);
        check(&TWO.replace("\n\n", "\n"));
        check(&TWO.replace("Action:", "\nAction:"));
        check(&TWO.replace('\n', "\r\n"));
    }

    #[test]
    fn a_status_is_found_within_a_text() {
        let text = format!("Technical report:\n\n{TWO}");
        assert_eq!(find(&text), Some(19));
        assert_eq!(find("Status: fine\nAction: none\n"), None);
    }

    #[test]
    fn odd_diagnostics_are_kept_whole() {
        let words = |text| diagnostic(Cow::Borrowed(text)).unwrap_or_default();
        assert_eq!(words("X-Postfix; unknown user: \"ann\""), "unknown user: \"ann\"");
        assert_eq!(words("550 no; really"), "550 no; really");
        assert_eq!(words("Connection timed out"), "Connection timed out");
    }
}
