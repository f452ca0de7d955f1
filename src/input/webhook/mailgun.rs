//! Mailgun: webhooks, the events interface, and the form posts of its older webhooks.

use super::dialect::Dialect;
use crate::input::json::Json;
use crate::types::{Kind, Notice};

pub static MAILGUN: Dialect = Dialect {
    system: "mailgun",
    marks: &[
        &["event", "delivery-status"],
        &["event", "log-level"],
        &["event", "recipient", "message"],
        &["event", "recipient", "timestamp", "id"],
    ],
    event: &["event"],
    kinds: &[
        ("failed", Kind::Bounce),
        ("rejected", Kind::Bounce),
        ("complained", Kind::Complaint),
        ("delivered", Kind::Delivered),
    ],
    reply: &["delivery-status.message", "delivery-status.description"],
    prose: &["delivery-status.description", "reject.description", "reject.reason"],
    class: &[&["severity", "reason"], &["reject.reason"]],
    code: &["delivery-status.code"],
    status: &["delivery-status.enhanced-code"],
    recipient: &["recipient"],
    sender: &["envelope.sender", "message.headers.from"],
    remote_host: &["delivery-status.mx-host"],
    sending_ip: &["envelope.sending-ip"],
    time: &["timestamp"],
    campaign: &["campaigns.id", "campaigns", "tags"],
    message_id: &["message.headers.message-id"],
    queue_id: &["id"],
    subject: &["message.headers.subject"],
    attempts: &["delivery-status.attempt-no"],
    finish,
    ..Dialect::BLANK
};

/// A temporary failure will be tried again, unless its time is over; a suppression was not tried.
fn finish(event: &Json<'_>, notice: &mut Notice<'_>) {
    let word = |path: &str| event.at(path).and_then(Json::text).unwrap_or_default();
    let (severity, reason) = (word("severity"), word("reason"));
    if notice.kind == Kind::Bounce && severity == "temporary" && reason != "old" {
        notice.kind = Kind::Delay;
    }
    if reason.starts_with("suppress-") {
        notice.prose = notice.prose.take().or_else(|| Some(std::mem::take(&mut notice.reply)));
        notice.reply = crate::types::Quote::default();
    }
}

/// The form posts of older webhooks.
pub static LEGACY: Dialect = Dialect {
    system: "mailgun",
    marks: &[
        &["event", "recipient", "domain"],
        &["event", "recipient", "Message-Id"],
        &["event", "recipient", "message-headers"],
    ],
    event: &["event"],
    kinds: &[
        ("bounced", Kind::Bounce),
        ("dropped", Kind::Bounce),
        ("complained", Kind::Complaint),
        ("delivered", Kind::Delivered),
    ],
    reply: &["error", "notification"],
    prose: &["description"],
    class: &[&["reason"]],
    code: &["code"],
    recipient: &["recipient"],
    sender: &["sender", "from"],
    time: &["timestamp"],
    campaign: &["campaign-id", "campaign-name", "tag"],
    message_id: &["Message-Id"],
    finish: |event, notice| {
        // "not delivering to previously bounced address" is no host's word
        if event.at("event").and_then(Json::text).is_some_and(|word| word == "dropped")
            && notice.reply.text.is_empty()
        {
            notice.code = None;
        }
    },
    ..Dialect::BLANK
};
