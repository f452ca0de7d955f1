//! Resend.

use super::dialect::Dialect;
use crate::types::Kind;

pub static RESEND: Dialect = Dialect {
    system: "resend",
    marks: &[&["type", "data.email_id"], &["type", "data.bounce"], &["type", "data.origin", "data.email"]],
    event: &["type"],
    kinds: &[
        ("email.bounced", Kind::Bounce),
        ("email.failed", Kind::Bounce),
        ("email.suppressed", Kind::Bounce),
        ("email.delivery_delayed", Kind::Delay),
        ("email.delivered", Kind::Delivered),
        ("email.complained", Kind::Complaint),
    ],
    reply: &["data.bounce.diagnosticCode", "data.bounce.message", "data.failed.reason"],
    prose: &["data.suppressed.message"],
    class: &[&["data.bounce.type", "data.bounce.subType"], &["type"]],
    recipient: &["data.to", "data.email"],
    sender: &["data.from"],
    time: &["created_at", "data.created_at"],
    campaign: &["data.broadcast_id", "data.tags.campaign", "data.tags.value", "data.template_id"],
    message_id: &["data.message_id"],
    queue_id: &["data.email_id"],
    subject: &["data.subject"],
    finish: |event, notice| {
        let named = event.at("data.to").map_or(0, |to| to.items().len());
        if named > 1 {
            notice.recipient = None;
            notice.notes.push(format!("the event does not say which of {named} recipients it is about"));
        }
    },
    ..Dialect::BLANK
};
