//! Sendmail: `QID: to=<a>,<b>, delay=…, mailer=esmtp, relay=mx.example.com. [192.0.2.1], dsn=5.1.1, stat=User unknown`.
//!
//! Several recipients share a line; `stat=` is the last field and may hold commas.

use super::mails::{Mail, Mails};
use super::syslog::Line;
use super::{TRIED, field, part, relay_host};
use crate::text::ends;
use crate::types::{Class, Form, Kind, Notice, StatusCode};
use std::borrow::Cow;

/// Recipients of one line that are told apart.
const MOST: usize = 1_000;

/// Reads a line; says whether it is Sendmail's.
pub fn read<'a>(
    line: Line<'a>,
    (id, rest): (&'a str, &'a str),
    mails: &mut Mails<'a>,
    each: &mut dyn FnMut(Notice<'a>),
) -> bool {
    if !is_queue_id(id) {
        return false;
    }
    if let Some(recipients) = rest.strip_prefix("to=") {
        let Some(at) = rest.find(", stat=") else { return false };
        delivery(
            line,
            id,
            (recipients, rest.get(..at).unwrap_or_default(), rest.get(at + 7..).unwrap_or_default()),
            mails,
            each,
        );
        return true;
    }
    if rest.starts_with("from=") && rest.contains(", size=") {
        mails.learn(id, Mail { sender: field(rest, "from="), message_id: field(rest, "msgid=") });
        return true;
    }
    if rest.starts_with("ruleset=") && rest.contains(" reject=") {
        each(rejected(line, rest));
        return true;
    }
    rest.contains(": DSN: ") || rest.contains(": sender notify: ") || rest.contains(": return to sender: ")
}

fn is_queue_id(id: &str) -> bool {
    id.len() >= 8 && id.bytes().any(|byte| byte.is_ascii_digit())
}

fn delivery<'a>(
    line: Line<'a>,
    id: &'a str,
    (recipients, fields, stat): (&'a str, &'a str, &'a str),
    mails: &Mails<'a>,
    each: &mut dyn FnMut(Notice<'a>),
) {
    let status = field(fields, "dsn=").and_then(StatusCode::parse);
    let (kind, text) = kind(stat, status);
    let mail = mails.get(id);
    let words = fields.find("reply=").and_then(|at| fields.get(at + 6..)).unwrap_or(text);
    for recipient in addresses(recipients).take(MOST) {
        let mut notice = Notice::new(Form::Log, kind, part(&line, words));
        notice.status = status;
        if stat.starts_with("Deferred") {
            super::held(&mut notice);
        }
        notice.class = Some(Class {
            system: "sendmail",
            name: ends::trim(stat.split([':', '(']).next().unwrap_or_default()).into(),
        });
        notice.recipient = Some(recipient.into());
        notice.sender = mail.sender.or_else(|| field(fields, "ctladdr=")).map(Cow::Borrowed);
        notice.message_id = mail.message_id.map(Cow::Borrowed);
        notice.queue_id = Some(id.into());
        notice.remote_host = fields
            .find("relay=")
            .and_then(|at| relay_host(fields.get(at + 6..)?.split(',').next()?))
            .map(Cow::Borrowed);
        each(notice);
    }
}

/// What happened, and the words of it.
fn kind(stat: &str, status: Option<StatusCode>) -> (Kind, &str) {
    if stat.starts_with("Sent") || status.is_some_and(|status| status.class == 2) {
        return (Kind::Delivered, stat);
    }
    if stat.starts_with("queued") {
        return (Kind::Unrelated, stat);
    }
    match stat.strip_prefix("Deferred") {
        Some(why) => (TRIED, ends::start(why, b": ")),
        None => (Kind::Bounce, stat),
    }
}

/// The addresses of `<a@example.com>,<b@example.com>, delay=…`; without brackets as well.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let end = text.find(", ").unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default().trim_end_matches(" [more]");
    let bracketed = text.contains(">,<");
    let parts: Vec<&str> = if bracketed { text.split(">,<").collect() } else { text.split(',').collect() };
    parts.into_iter().map(|address| ends::both(address, b"<> ")).filter(|address| !address.is_empty())
}

/// `ruleset=check_rcpt, arg1=<r>, relay=host [ip], reject=550 5.7.1 …`: what this server refuses itself.
fn rejected<'a>(line: Line<'a>, rest: &'a str) -> Notice<'a> {
    let reply = rest.find(" reject=").and_then(|at| rest.get(at + 8..)).unwrap_or_default();
    let mut notice = Notice::new(Form::Log, Kind::Bounce, part(&line, reply));
    notice.recipient = field(rest, "arg1=").filter(|address| address.contains('@')).map(Cow::Borrowed);
    notice.sending_ip = rest
        .find("relay=")
        .and_then(|at| rest.get(at..)?.split_once('[')?.1.split(']').next())
        .map(Cow::Borrowed);
    super::inbound(&mut notice);
    notice
}
