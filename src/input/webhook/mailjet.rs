//! Mailjet: one object or a grouped array.

use super::dialect::Dialect;
use crate::types::Kind;

pub static MAILJET: Dialect = Dialect {
    system: "mailjet",
    marks: &[
        &["event", "mj_campaign_id"],
        &["event", "MessageID"],
        &["event", "Message_GUID"],
        &["event", "error_related_to"],
    ],
    event: &["event"],
    kinds: &[
        ("bounce", Kind::Bounce),
        ("blocked", Kind::Bounce),
        ("sent", Kind::Delivered),
        ("spam", Kind::Complaint),
        ("unsub", Kind::Subscription),
    ],
    reply: &["comment", "smtp_reply"],
    class: &[&["error_related_to", "error"]],
    recipient: &["email"],
    time: &["time"],
    campaign: &["customcampaign", "mj_campaign_id"],
    queue_id: &["MessageID", "Message_GUID"],
    ..Dialect::BLANK
};
