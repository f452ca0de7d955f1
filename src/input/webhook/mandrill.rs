//! Mandrill (Mailchimp Transactional): events in the form field `mandrill_events`, or the array
//! that somebody took out of it.

use super::dialect::Dialect;
use crate::types::Kind;

pub static MANDRILL: Dialect = Dialect {
    system: "mandrill",
    marks: &[&["event", "msg"], &["type", "action", "ts"]],
    event: &["event"],
    kinds: &[
        ("hard_bounce", Kind::Bounce),
        ("soft_bounce", Kind::Bounce),
        ("reject", Kind::Bounce),
        ("deferral", Kind::Delay),
        ("delivered", Kind::Delivered),
        ("spam", Kind::Complaint),
        ("unsub", Kind::Subscription),
    ],
    reply: &["msg.diag", "msg.smtp_events.diag"],
    class: &[&["msg.reject.reason"], &["msg.reject"], &["msg.bounce_description"]],
    recipient: &["msg.email"],
    sender: &["msg.sender"],
    remote_host: &["msg.smtp_events.destination_ip"],
    sending_ip: &["msg.smtp_events.source_ip"],
    time: &["ts", "msg.ts"],
    campaign: &["msg.metadata.campaign", "msg.tags", "msg.template"],
    queue_id: &["msg._id", "_id"],
    subject: &["msg.subject"],
    ..Dialect::BLANK
};
