//! `OpenSMTPD`: `SESSION mta delivery evpid=… from=<s> to=<r> … result="PermFail" stat="550 5.1.1 …"`,
//! and the `relay: PermFail for EVPID: …` of older ones.

use super::syslog::Line;
use super::{TRIED, field, part};
use crate::input::seek;
use crate::text::ends;
use crate::types::{Class, Form, Kind, Notice};
use std::borrow::Cow;

/// Reads a line; says whether it is `OpenSMTPD`'s.
pub fn read<'a>(line: Line<'a>, marked: bool, each: &mut dyn FnMut(Notice<'a>)) -> bool {
    let text = line.text;
    // all of its lines hold pairs, but for those of older ones
    let pairs = marked && seek::any(text.as_bytes(), [b'=']) < text.len();
    if !pairs && older(text).is_none() {
        return false;
    }
    if let Some(at) = seek::mark(text, " delivery evpid=", b'=')
        .or_else(|| seek::mark(text, " delivery event=delivery evpid=", b'='))
    {
        let result = field(text, "result=").unwrap_or_default();
        each(delivery(line, text.get(at..).unwrap_or_default(), result));
        return true;
    }
    if let Some((result, rest)) = older(text) {
        each(delivery(line, rest, result));
        return true;
    }
    if let Some(at) = seek::mark(text, " failed-command ", b'-') {
        each(refused(line, text.get(at..).unwrap_or_default()));
        return true;
    }
    false
}

/// `relay: PermFail for 5a1b…: session=…`, `delivery: TempFail for …`, `relay: Expire for …`
fn older(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("relay: ").or_else(|| text.strip_prefix("delivery: "))?;
    let (result, rest) = rest.split_once(" for ")?;
    (!result.contains(' ')).then_some((result, rest))
}

fn delivery<'a>(line: Line<'a>, rest: &'a str, result: &'a str) -> Notice<'a> {
    let stat = rest.find("stat=").and_then(|at| rest.get(at + 5..)).unwrap_or_default();
    let reply = stat.strip_prefix('"').map_or(stat, |quoted| quoted.strip_suffix('"').unwrap_or(quoted));
    let kind = match result {
        "Ok" => Kind::Delivered,
        "TempFail" => TRIED,
        "PermFail" | "Expire" => Kind::Bounce,
        _ => Kind::Unrelated,
    };
    let mut notice = Notice::new(Form::Log, kind, part(&line, reply));
    if result == "TempFail" {
        super::held(&mut notice);
    }
    notice.class = Some(Class { system: "opensmtpd", name: result.into() });
    notice.recipient = field(rest, "to=").map(Cow::Borrowed);
    notice.original_recipient = field(rest, "rcpt=").filter(|address| *address != "-").map(Cow::Borrowed);
    notice.sender = field(rest, "from=").filter(|sender| !sender.is_empty()).map(Cow::Borrowed);
    notice.sending_ip =
        field(rest, "source=").filter(|source| !matches!(*source, "" | "-")).map(Cow::Borrowed);
    notice.remote_host = relay(rest).map(Cow::Borrowed);
    notice.queue_id = field(rest, "evpid=")
        .or_else(|| rest.split(':').next().filter(|id| id.len() == 16))
        .map(Cow::Borrowed);
    notice
}

/// The host of `relay="192.0.2.1 (mx.example.com)"`.
fn relay(rest: &str) -> Option<&str> {
    let relay = field(rest, "relay=").filter(|relay| *relay != "-")?;
    if let Some((_, host)) = relay.split_once('(') {
        return Some(ends::end(host, b")"));
    }
    // without quotes the field ends at the blank before the bracket
    let at = rest.find("relay=")? + 6 + relay.len();
    let named = rest.get(at..)?.strip_prefix(" (").and_then(|rest| rest.split(')').next());
    named.or(Some(relay))
}

/// `smtp failed-command command="RCPT TO:<r>" result="550 …"`: what this server refuses itself.
fn refused<'a>(line: Line<'a>, rest: &'a str) -> Notice<'a> {
    let reply = field(rest, "result=").unwrap_or_default();
    let command = field(rest, "command=").unwrap_or_default();
    let mut notice = Notice::new(Form::Log, Kind::Bounce, part(&line, reply));
    notice.recipient = command.strip_prefix("RCPT TO:").map(|address| ends::both(address, b"<> ").into());
    notice.stage = crate::input::smtp::stage(command);
    super::inbound(&mut notice);
    notice
}
