//! Halon: JSON as a site's script writes it, so only the keys of the script's own arguments are
//! looked for; what else stands there is a guess.

use super::TRIED;
use crate::input::json::Json;
use crate::input::webhook::dialect::Dialect;
use crate::types::{Form, Kind, Notice, Quote};

/// Where the facts stand.
pub static HALON: Dialect = Dialect {
    system: "halon",
    form: Form::Log,
    marks: &[
        &["attempt.result"],
        &["attempt.error"],
        &["attempt", "transactionid"],
        &["queueid", "transactionid"],
    ],
    reply: &["attempt.result.reason", "attempt.error.reason", "reason"],
    code: &["attempt.result.code", "code"],
    recipient: &["recipient", "recipientaddress"],
    sender: &["sender", "senderaddress"],
    remote_host: &[
        "attempt.connection.remoteptr",
        "attempt.connection.remotemx",
        "attempt.connection.remoteip",
        "serverip",
    ],
    sending_ip: &["sourceip", "attempt.connection.sourceip", "attempt.connection.localip"],
    time: &["time", "timestamp", "attempt.time"],
    campaign: &["jobid", "tags.campaign", "metadata.campaign"],
    message_id: &["messageid_header", "message-id"],
    queue_id: &["queueid", "transactionid", "messageid"],
    attempts: &["retry", "retries"],
    finish,
    ..Dialect::BLANK
};

fn finish(event: &Json<'_>, notice: &mut Notice<'_>) {
    let lines = event.at("attempt.result.reason").map_or(&[][..], Json::items);
    let joined: Vec<_> = lines.iter().filter_map(Json::text).collect();
    if joined.len() > 1 {
        notice.reply = Quote::made(joined.join("\n"));
    }
    let enhanced: Vec<_> = event
        .at("attempt.result.enhanced")
        .map_or(&[][..], Json::items)
        .iter()
        .filter_map(Json::text)
        .collect();
    if let [class, subject, detail] = enhanced.as_slice() {
        notice.status = crate::types::StatusCode::parse(&format!("{class}.{subject}.{detail}"));
    }
    let temporary = event.at("attempt.error.temporary").is_some_and(|value| *value == Json::Bool(true));
    notice.kind = match notice.code.map(crate::types::ReplyCode::class) {
        Some(2) => Kind::Delivered,
        Some(4) => TRIED,
        None if temporary => Kind::Delay,
        None if notice.reply.text.is_empty() => Kind::Unrelated,
        Some(_) | None => Kind::Bounce,
    };
}
