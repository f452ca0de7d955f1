//! `MailerSend`, Scaleway, Zoho, Elastic Email, and the queue of Postfix.

use super::dialect::Dialect;
use crate::types::{Form, Kind, Quote};

pub static MAILERSEND: Dialect = Dialect {
    system: "mailersend",
    marks: &[&["type", "data.email.recipient"], &["type", "webhook_id", "domain_id"]],
    event: &["type"],
    kinds: &[
        ("activity.hard_bounced", Kind::Bounce),
        ("activity.soft_bounced", Kind::Bounce),
        ("activity.deferred", Kind::Delay),
        ("activity.delivered", Kind::Delivered),
        ("activity.spam_complaint", Kind::Complaint),
        ("activity.unsubscribed", Kind::Subscription),
    ],
    reply: &["data.morph.reason", "data.morph.readable_reason"],
    prose: &["data.morph.readable_reason"],
    class: &[&["type"]],
    recipient: &["data.email.recipient.email"],
    sender: &["data.email.from"],
    time: &["created_at", "data.created_at"],
    campaign: &["data.email.tags"],
    queue_id: &["data.email.message.id", "data.id"],
    subject: &["data.email.subject"],
    ..Dialect::BLANK
};

pub static SCALEWAY: Dialect = Dialect {
    system: "scaleway",
    marks: &[&["type", "email_to"], &["type", "email_response_code"]],
    event: &["type"],
    kinds: &[
        ("email_dropped", Kind::Bounce),
        ("email_mailbox_not_found", Kind::Bounce),
        ("email_blocklisted", Kind::Bounce),
        ("email_deferred", Kind::Delay),
        ("email_delivered", Kind::Delivered),
        ("email_spam", Kind::Bounce),
    ],
    reply: &["email_response_message"],
    class: &[&["type"]],
    code: &["email_response_code"],
    recipient: &["email_to"],
    sender: &["email_from"],
    time: &["created_at"],
    campaign: &["email_tags"],
    queue_id: &["email_id"],
    subject: &["email_subject"],
    attempts: &["email_try_count"],
    ..Dialect::BLANK
};

pub static ZOHO: Dialect = Dialect {
    system: "zoho",
    marks: &[&["bounce_reason"], &["bounce_type", "contact_email"], &["bounce_extended_code"]],
    reply: &["bounce_reason", "diagnostic_message"],
    class: &[&["bounce_type"]],
    code: &["bounce_code"],
    status: &["bounce_extended_code"],
    recipient: &["contact_email", "bounced_recipient", "email", "email_address"],
    sending_ip: &["sending_ip"],
    time: &["action_time"],
    campaign: &["campaign_name", "campaign_key"],
    finish: |_, notice| notice.kind = Kind::Bounce,
    ..Dialect::BLANK
};

/// A mail in Postfix's queue, as `postqueue -j` shows it.
pub static POSTQUEUE: Dialect = Dialect {
    system: "postfix",
    form: Form::Log,
    marks: &[&["queue_name", "queue_id", "recipients"]],
    entries: &["recipients"],
    reply: &["@.delay_reason"],
    recipient: &["@.address"],
    sender: &["sender"],
    time: &["arrival_time"],
    queue_id: &["queue_id"],
    finish: |_, notice| {
        notice.kind = if notice.reply.text.is_empty() { Kind::Unrelated } else { Kind::Delay }
    },
    ..Dialect::BLANK
};

/// Parameters of a query or form; no reply is among them.
pub static ELASTIC_EMAIL: Dialect = Dialect {
    system: "elastic-email",
    marks: &[&["status", "transaction"], &["status", "category", "messageid"]],
    event: &["status"],
    kinds: &[
        ("Error", Kind::Bounce),
        ("Sent", Kind::Delivered),
        ("AbuseReport", Kind::Complaint),
        ("Unsubscribed", Kind::Subscription),
    ],
    class: &[&["category"]],
    recipient: &["to"],
    sender: &["from"],
    time: &["date"],
    campaign: &["channel"],
    queue_id: &["messageid", "transaction"],
    subject: &["subject"],
    finish: |_, notice| notice.reply = Quote::default(),
    ..Dialect::BLANK
};
