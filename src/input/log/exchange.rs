//! Exchange: the message tracking log, and the traces of Exchange Online, as CSV.
//!
//! `recipient-address` and `recipient-status` are parallel lists joined by `;`, and a status may
//! hold `;` itself: they are only split where both have the same number of entries.

use super::TRIED;
use crate::input::json::Json;
use crate::input::seek;
use crate::input::webhook::dialect::Dialect;
use crate::text::ends;
use crate::types::{Form, Kind, Notice, Quote};
use std::ops::Range;

/// The tracking log: one row an event.
pub static EXCHANGE: Dialect = Dialect {
    system: "exchange",
    form: Form::Log,
    marks: &[&["eventid", "recipientstatus"], &["eventid", "recipients", "source"]],
    event: &["eventid"],
    kinds: &[
        ("FAIL", Kind::Bounce),
        ("BADMAIL", Kind::Bounce),
        ("DELIVERFAIL", Kind::Bounce),
        ("SUBMITFAIL", Kind::Bounce),
        ("MODERATORREJECT", Kind::Bounce),
        ("DEFER", TRIED),
        ("SEND", Kind::Delivered),
        ("SENDEXTERNAL", Kind::Delivered),
        ("DELIVER", Kind::Delivered),
    ],
    entries: &["entries"],
    reply: &["@.status"],
    class: &[&["source", "eventid"]],
    recipient: &["@.address"],
    sender: &["returnpath", "senderaddress", "sender"],
    remote_host: &["serverhostname", "serverip"],
    sending_ip: &["originalclientip", "clientip"],
    time: &["datetime", "datetimeutc", "timestamp"],
    message_id: &["messageid"],
    queue_id: &["networkmessageid", "internalmessageid"],
    subject: &["messagesubject"],
    finish,
    ..Dialect::BLANK
};

/// The summary of a trace: what became of a mail, without a reply.
pub static TRACE: Dialect = Dialect {
    system: "exchange",
    form: Form::Log,
    marks: &[
        &["origintimestamp", "recipientstatus"],
        &["status", "recipientaddress", "messagetraceid"],
        &["status", "recipientaddress", "senderaddress"],
    ],
    event: &["@.status", "status"],
    kinds: &[
        ("Delivered", Kind::Delivered),
        ("Deliver", Kind::Delivered),
        ("Send", Kind::Delivered),
        ("Expanded", Kind::Delivered),
        ("Failed", Kind::Bounce),
        ("Fail", Kind::Bounce),
        ("FilteredAsSpam", Kind::Bounce),
        ("Quarantined", Kind::Bounce),
        ("Pending", Kind::Delay),
        ("Defer", Kind::Delay),
    ],
    entries: &["entries"],
    reply: &["detail"],
    class: &[&["@.status"], &["status"]],
    recipient: &["@.address", "recipientaddress"],
    sender: &["senderaddress"],
    sending_ip: &["originalclientip", "fromip"],
    time: &["origintimestamp", "received", "date"],
    message_id: &["messageid"],
    queue_id: &["networkmessageid", "messagetraceid"],
    subject: &["messagesubject", "subject"],
    ..Dialect::BLANK
};

/// Adds a list of recipients with their statuses to a row.
pub fn entries(row: &mut Vec<(std::borrow::Cow<'_, str>, Json<'_>)>) {
    let find = |name: &str| row.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.quote());
    let Some(statuses) = find("recipientstatus") else { return };
    let addresses = find("recipientaddress").or_else(|| find("recipients")).unwrap_or_default();
    let list = if statuses.text.contains("##") {
        joined(&statuses.text)
    } else {
        parallel(&addresses.text, statuses)
    };
    row.push(("entries".into(), Json::List(list)));
}

fn entry<'a>(address: &str, status: Quote<'a>) -> Json<'a> {
    let address = Json::Text(Quote::made(ends::trim(address).to_owned()));
    Json::Object(vec![("address".into(), address), ("status".into(), Json::Text(status))])
}

/// `ann@example.com##Receive, Fail;bob@example.com##Receive, Deliver`: the last step counts.
fn joined<'a>(text: &str) -> Vec<Json<'a>> {
    let entries = text.split(';').filter_map(|part| part.split_once("##"));
    entries
        .map(|(address, steps)| {
            let last = ends::trim(steps.rsplit(',').next().unwrap_or_default());
            entry(address, Quote::made(last.to_owned()))
        })
        .collect()
}

fn parallel<'a>(addresses: &str, statuses: Quote<'a>) -> Vec<Json<'a>> {
    let addresses: Vec<&str> = addresses.split([';', ' ']).filter(|address| !address.is_empty()).collect();
    let parts = statuses.text.split(';').count();
    if addresses.len() > 1 && parts == addresses.len() {
        let statuses: Vec<String> = statuses.text.split(';').map(str::to_owned).collect();
        return addresses
            .iter()
            .zip(statuses)
            .map(|(address, status)| entry(address, reply(Quote::made(status))))
            .collect();
    }
    let status = reply(statuses);
    if addresses.is_empty() {
        return vec![entry("", status)];
    }
    addresses.iter().map(|address| entry(address, status.clone())).collect()
}

/// The reply after `LED=` in `[{LRT=…};{LED=550 5.1.1 …};{FQDN=…};{IP=…}]`, else all of it.
fn reply(status: Quote<'_>) -> Quote<'_> {
    match last_error(&status.text) {
        Some(range) => Quote::made(status.text.get(range).unwrap_or_default().to_owned()),
        None => status,
    }
}

/// Where the last error stands among what Exchange remembers of a try.
pub fn last_error(text: &str) -> Option<Range<usize>> {
    let start = seek::mark(text, "{LED=", b'{')? + 5;
    let rest = text.get(start..)?;
    Some(start..start + rest.find("};").or_else(|| rest.find("}]")).unwrap_or(rest.len()))
}

/// The tracking log of Exchange 2000 and 2003: events are numbers, and no reply is kept.
pub static OLD: Dialect = Dialect {
    system: "exchange",
    form: Form::Log,
    marks: &[&["eventid", "msgid", "recipientreportstatus"]],
    event: &["eventid"],
    kinds: &[
        ("1021", Kind::Bounce),
        ("1022", Kind::Bounce),
        ("1026", Kind::Bounce),
        ("1030", Kind::Bounce),
        ("1023", Kind::Delivered),
        ("1028", Kind::Delivered),
        ("1029", Kind::Delivered),
        ("1031", Kind::Delivered),
    ],
    class: &[&["eventid"]],
    recipient: &["recipientaddress"],
    sender: &["senderaddress"],
    remote_host: &["partnername"],
    reporting_host: &["serverhostname"],
    sending_ip: &["clientip"],
    time: &["date"],
    message_id: &["msgid"],
    queue_id: &["linkedmsgid"],
    subject: &["messagesubject"],
    finish: |event, notice| {
        let clock = event.get("time").and_then(Json::text);
        if let (Some(time), Some(clock)) = (&mut notice.time, clock) {
            *time = format!("{time} {clock}").into();
        }
        // a dash is an empty field
        for field in
            [&mut notice.remote_host, &mut notice.sending_ip, &mut notice.subject, &mut notice.queue_id]
        {
            if field.as_deref().is_some_and(|value| value == "-") {
                *field = None;
            }
        }
        if notice.kind == Kind::Bounce {
            notice.notes.push("this log keeps no reply; the notice sent to the sender quotes it".into());
        }
    },
    ..Dialect::BLANK
};

fn finish(event: &Json<'_>, notice: &mut Notice<'_>) {
    // `To`, `Cc` and `Bcc` are what a status is where nothing went wrong
    if matches!(notice.reply.text.as_ref(), "To" | "Cc" | "Bcc") {
        notice.reply = Quote::default();
    }
    // without an answer it says no more than that the mail is late
    if notice.kind == TRIED
        && notice.reply.text.is_empty()
        && event.get("eventid").and_then(Json::text).as_deref() == Some("DEFER")
    {
        notice.kind = Kind::Delay;
    }
    if notice.sender.as_deref().is_some_and(|sender| matches!(sender, "" | "<>")) {
        notice.sender = None;
    }
}
