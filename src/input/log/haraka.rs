//! Haraka: `[NOTICE] [UUID] [outbound] recipient <r> rejected: 550 …`, in any of its log formats.

use super::syslog::Line;
use super::{TRIED, part};
use crate::input::json::Json;
use crate::input::webhook::dialect::Dialect;
use crate::input::{seek, smtp};
use crate::text::ends;
use crate::types::{Class, Form, Kind, Notice};
use std::borrow::Cow;

/// The recipient objects that plugins keep and log.
pub static HARAKA: Dialect = Dialect {
    system: "haraka",
    form: Form::Log,
    marks: &[&["dsn_smtp_response"], &["dsn_action", "dsn_status"]],
    event: &["dsn_action"],
    kinds: &[("failed", Kind::Bounce), ("delayed", TRIED), ("delivered", Kind::Delivered)],
    reply: &["dsn_smtp_response", "dsn_msg"],
    code: &["dsn_smtp_code", "dsn_code"],
    status: &["dsn_status", "dsn_smtp_extc"],
    recipient: &["address", "original", "rcpt"],
    remote_host: &["dsn_remote_mta"],
    finish: |event, notice| {
        if event.get("dsn_action").and_then(Json::text).as_deref() == Some("delayed") {
            super::held(notice);
        }
    },
    ..Dialect::BLANK
};

/// Reads a line; says whether it is Haraka's.
pub fn read<'a>(line: Line<'a>, each: &mut dyn FnMut(Notice<'a>)) -> bool {
    let text = line.text;
    let outbound = seek::mark(text, "[outbound]", b'[').is_some();
    if !outbound && !text.starts_with('[') && line.program != Some("haraka") {
        return false;
    }
    let read = recipient(line).or_else(|| bouncing(line)).or_else(|| delivered(line));
    let known = read.is_some() || outbound;
    if let Some(mut notice) = read {
        notice.queue_id = transaction(text).map(Cow::Borrowed);
        each(notice);
    }
    known
}

/// `recipient <r> rejected: 550 …`, `recipient <r> deferred: 450 …`
fn recipient<'a>(line: Line<'a>) -> Option<Notice<'a>> {
    let rest: &'a str = line.text.get(line.text.find("recipient <")? + 11..)?;
    let (recipient, rest) = rest.split_once('>')?;
    let (kind, reply, done) = match ends::trim_start(rest).split_once(": ")? {
        ("rejected", reply) => (Kind::Bounce, reply, true),
        ("deferred", reply) => (TRIED, reply, false),
        _ => return None,
    };
    let mut notice = Notice::new(Form::Log, kind, part(&line, ends::trim(reply)));
    if !done {
        super::held(&mut notice);
    }
    notice.recipient = Some(recipient.into());
    notice.stage = smtp::stage("RCPT TO");
    Some(notice)
}

/// `bouncing mail: …`, `Temp failing FILE for 64 seconds: …`; a mail that ran out of tries says so
/// before the last error.
fn bouncing(line: Line<'_>) -> Option<Notice<'_>> {
    let text = line.text;
    let after = |mark: &str| text.find(mark).and_then(|at| text.get(at + mark.len()..));
    let (kind, told, done) = if let Some(told) = after("bouncing mail: ").or_else(|| after("Double bounce: "))
    {
        (Kind::Bounce, told, true)
    } else {
        (TRIED, after("Temp failing ")?.split_once(" seconds: ")?.1, false)
    };
    let last = told.strip_prefix("Too many failures (").map(|rest| ends::end(ends::trim_end(rest), b")"));
    let mut notice = Notice::new(Form::Log, kind, part(&line, ends::trim(last.unwrap_or(told))));
    notice.class = last.map(|_| Class { system: "haraka", name: "expired".into() });
    if !done {
        super::held(&mut notice);
    }
    Some(notice)
}

/// `delivered file=… domain=… host=… ip=… response="250 …" delay=… rcpts=1/0/0`
fn delivered<'a>(line: Line<'a>) -> Option<Notice<'a>> {
    let rest: &'a str = line.text.get(line.text.find("delivered file=")?..)?;
    let reply = super::field(rest, "response=").unwrap_or_default();
    let mut notice = Notice::new(Form::Log, Kind::Delivered, part(&line, reply));
    notice.remote_host = super::field(rest, "host=").map(Cow::Borrowed);
    Some(notice)
}

/// The id in the second pair of brackets.
fn transaction(text: &str) -> Option<&str> {
    let id = text.split('[').nth(2)?.split(']').next()?;
    (id.len() > 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'.')))
        .then_some(id)
}
