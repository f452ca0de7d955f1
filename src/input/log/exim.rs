//! Exim's main log.
//!
//! `2024-05-01 10:00:00 1rabcd-0001Ab-2C ** ann@example.com R=dnslookup T=remote_smtp
//! H=mx.example.com [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<…>: 550 …`.
//! The text begins behind the first colon that a blank follows, outside of quotes.

#![allow(clippy::indexing_slicing, reason = "cut at places that `find` gave")]

use super::mails::{Mail, Mails};
use super::syslog::Line;
use super::{TRIED, part};
use crate::input::smtp;
use crate::text::ends;
use crate::types::{Class, Form, Kind, Notice};
use std::borrow::Cow;

/// Reads a line; says whether it is Exim's.
pub fn read<'a>(line: Line<'a>, mails: &mut Mails<'a>, each: &mut dyn FnMut(Notice<'a>)) -> bool {
    let (time, rest) = match time(continued(line.text)) {
        Some((time, rest)) => (Some(time), rest),
        None => (None, continued(line.text)),
    };
    let (id, rest) = match rest.split_once(' ').filter(|(id, _)| is_id(id)) {
        Some((id, rest)) => (Some(id), rest),
        None if is_delivery(rest) => (None, rest),
        None => return time.is_some() && rejected(line, time, rest, each),
    };
    let (flag, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let kind = match flag {
        "<=" => {
            if let Some(id) = id {
                mails.learn(id, arrival(rest));
            }
            return true;
        }
        "Completed" => {
            if let Some(id) = id {
                mails.forget(id);
            }
            return true;
        }
        "=>" | "->" | ">>" => Kind::Delivered,
        "==" => TRIED,
        "**" => Kind::Bounce,
        _ => {
            return time.is_some()
                && (rejected(line, time, rest, each) || flag.contains('=') || flag.len() > 2);
        }
    };
    let mut notice = delivery(line, kind, rest);
    let mail = id.map(|id| mails.get(id)).unwrap_or_default();
    if flag == "==" {
        super::held(&mut notice);
    }
    notice.time = time.map(Cow::Borrowed);
    notice.queue_id = id.map(Cow::Borrowed);
    notice.sender = notice.sender.or(mail.sender.map(Cow::Borrowed));
    notice.message_id = mail.message_id.map(Cow::Borrowed);
    each(notice);
    true
}

/// The text behind `[1/2] ` or `[1\2] `, as syslog has it.
fn continued(text: &str) -> &str {
    let rest = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    rest.filter(|(part, _)| part.len() < 8 && part.contains(['/', '\\'])).map_or(text, |(_, rest)| rest)
}

/// `2024-05-01 10:00:00.123 +0200 [4711] `
fn time(text: &str) -> Option<(&str, &str)> {
    let bytes = text.get(..20)?.as_bytes();
    if bytes[4] != b'-'
        || bytes[7] != b'-'
        || bytes[10] != b' '
        || bytes[13] != b':'
        || !bytes[0].is_ascii_digit()
    {
        return None;
    }
    let mut end = 11 + text.get(11..)?.find(' ')?;
    let zone = text.get(end + 1..)?;
    if zone.starts_with(['+', '-']) && zone.as_bytes().get(5) == Some(&b' ') {
        end += 6;
    }
    let rest = text.get(end + 1..)?;
    let process = rest.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    let rest = process
        .filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(rest, |(_, rest)| rest);
    Some((text.get(..end)?, rest))
}

/// A delivery that somebody copied without its time and id: the flag, an address, and how it was routed.
fn is_delivery(rest: &str) -> bool {
    let flagged = rest.strip_prefix("== ").or_else(|| rest.strip_prefix("** "));
    flagged.and_then(|rest| rest.split_once(' ')).is_some_and(|(address, items)| {
        address.contains('@')
            && (items.starts_with("R=") || items.contains(" R=") || items.starts_with("defer ("))
    })
}

/// `1rabcd-0001Ab-2C`, and longer from 4.97 on.
fn is_id(id: &str) -> bool {
    if id.as_bytes().get(6) != Some(&b'-') {
        return false;
    }
    let mut parts = id.split('-');
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    first.len() == 6
        && (6..=11).contains(&second.len())
        && (2..=4).contains(&third.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `<= news@example.org U=… P=local S=812 id=a1@example.org`
fn arrival(rest: &str) -> Mail<'_> {
    let sender = rest.split(' ').next().filter(|sender| *sender != "<>");
    Mail { sender, message_id: item(rest, "id=") }
}

fn delivery<'a>(line: Line<'a>, kind: Kind, rest: &'a str) -> Notice<'a> {
    let (items, text) = text_of(rest, kind);
    let (reply, host) = told(text);
    let mut notice = Notice::new(Form::Log, kind, part(&line, reply));
    let first = ends::end(items.split(' ').next().unwrap_or_default(), b":");
    let (recipient, original) = addresses(items, first);
    notice.recipient = Some(recipient.into());
    notice.original_recipient = original.map(Cow::Borrowed);
    notice.sender =
        item(items, "F=").or_else(|| item(items, "P=")).map(|sender| ends::both(sender, b"<>").into());
    notice.remote_host = host.or_else(|| item(items, "H=")).map(|host| ends::end(host, b".").into());
    notice.stage = smtp::stage(text);
    // `defer (-53)`: the time of the next try had not come
    if let Some(defer) = items.find(" defer (") {
        let number = items.get(defer + 8..).unwrap_or_default().split([')', ' ']).next().unwrap_or_default();
        notice.class = Some(Class { system: "exim", name: number.into() });
        if number == "-53" {
            notice.notes.push("not tried this time: the next try was not due".into());
        }
    }
    notice
}

/// The final address and the one that it came from: `ann@example.com <list@example.org>`.
fn addresses<'a>(items: &'a str, first: &'a str) -> (&'a str, Option<&'a str>) {
    let second = ends::trim_start(items.get(first.len()..).unwrap_or_default());
    let bracketed = second.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(inner, _)| inner);
    match bracketed.filter(|inner| inner.contains('@')) {
        // what delivers is a pipe, a file or a router: the address is the one in brackets
        Some(original) if !first.contains('@') => (original, None),
        Some(original) if original != first => (first, Some(original)),
        _ => (ends::both(first, b"<>"), None),
    }
}

/// Items, and the text behind them. A delivery's text is its confirmation, `C="250 OK"`.
fn text_of(rest: &str, kind: Kind) -> (&str, &str) {
    if kind == Kind::Delivered {
        let text = rest.find(" C=\"").map_or("", |at| rest.get(at + 4..).unwrap_or_default());
        return (rest, text.find('"').map_or(text, |end| text.get(..end).unwrap_or_default()));
    }
    let bytes = rest.as_bytes();
    let mut quoted = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b':' if !quoted && at > 0 && matches!(bytes.get(at + 1), Some(b' ') | None) => {
                return (
                    rest.get(..at).unwrap_or_default(),
                    ends::trim_start(rest.get(at + 1..).unwrap_or_default()),
                );
            }
            _ => {}
        }
    }
    (rest, "")
}

/// The reply in `SMTP error from remote mail server after RCPT TO:<…>: 550 …`, or the whole text,
/// and the host that older versions name there.
fn told(text: &str) -> (&str, Option<&str>) {
    let Some(error) = text.find("SMTP error from remote mail") else { return (text, None) };
    let rest = text.get(error..).unwrap_or_default();
    let host = rest.find(": host ").and_then(|at| rest.get(at + 7..)?.split([' ', '[', ':']).next());
    // the reply begins with the code behind a colon; the command before it may hold colons too
    let reply =
        rest.match_indices(": ").map(|(at, _)| rest.get(at + 2..).unwrap_or_default()).find(|reply| {
            let bytes = reply.as_bytes();
            bytes.len() >= 3 && matches!(bytes[0], b'4' | b'5') && bytes[1..3].iter().all(u8::is_ascii_digit)
        });
    (reply.unwrap_or(text), host)
}

/// A field such as `H=mx.example.com`, in quotes or up to a blank.
fn item<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let at = text
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| *at > 0 && text.as_bytes().get(at - 1) == Some(&b' '))?;
    let rest = text.get(at + name.len()..)?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split(' ').next(),
    }
}

/// `H=(helo) [192.0.2.1] F=<s> rejected RCPT <r>: reason`: what this server refuses itself.
fn rejected<'a>(
    line: Line<'a>,
    time: Option<&'a str>,
    rest: &'a str,
    each: &mut dyn FnMut(Notice<'a>),
) -> bool {
    let Some(at) = rest.find(" rejected ") else { return false };
    let (client, told) = (rest.get(..at).unwrap_or_default(), rest.get(at + 10..).unwrap_or_default());
    let (command, reply) = told.split_once(": ").unwrap_or((told, ""));
    let mut notice = Notice::new(Form::Log, Kind::Bounce, part(&line, reply));
    notice.time = time.map(Cow::Borrowed);
    notice.recipient = command.strip_prefix("RCPT ").map(|address| ends::both(address, b"<>").into());
    notice.sender = item(client, "F=").map(|sender| ends::both(sender, b"<>").into());
    notice.sending_ip = client.rsplit_once('[').and_then(|(_, ip)| ip.split(']').next()).map(Cow::Borrowed);
    super::inbound(&mut notice);
    each(notice);
    true
}
