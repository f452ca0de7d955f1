//! Brevo (Sendinblue): transactional and marketing webhooks.

use super::dialect::Dialect;
use crate::types::Kind;

pub static BREVO: Dialect = Dialect {
    system: "brevo",
    marks: &[
        &["event", "email", "message-id"],
        &["event", "email", "camp_id"],
        &["event", "email", "ts_event"],
        &["event", "email", "date_event"],
    ],
    event: &["event"],
    kinds: &[
        ("hard_bounce", Kind::Bounce),
        ("soft_bounce", Kind::Bounce),
        ("hardBounce", Kind::Bounce),
        ("softBounce", Kind::Bounce),
        ("blocked", Kind::Bounce),
        ("invalid_email", Kind::Bounce),
        ("invalid", Kind::Bounce),
        ("error", Kind::Bounce),
        ("deferred", Kind::Delay),
        ("delivered", Kind::Delivered),
        ("spam", Kind::Complaint),
        ("complaint", Kind::Complaint),
        ("unsubscribed", Kind::Subscription),
        ("unsubscribe", Kind::Subscription),
    ],
    reply: &["reason"],
    class: &[&["event"]],
    recipient: &["email"],
    sender: &["sender_email"],
    sending_ip: &["sending_ip"],
    time: &["ts_event", "ts", "date_event", "date"],
    campaign: &["campaign name", "camp_id", "tags", "tag"],
    message_id: &["message-id"],
    subject: &["subject"],
    ..Dialect::BLANK
};
