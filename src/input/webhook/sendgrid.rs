//! Twilio `SendGrid`: event webhook, and the plain records of its suppression lists.

use super::dialect::Dialect;
use crate::input::json::Json;
use crate::types::{Class, Kind, Quote};

const KINDS: &[(&str, Kind)] = &[
    ("bounce", Kind::Bounce),
    ("blocked", Kind::Bounce),
    ("dropped", Kind::Bounce),
    ("deferred", Kind::Delay),
    ("delivered", Kind::Delivered),
    ("spamreport", Kind::Complaint),
];

pub static SENDGRID: Dialect = Dialect {
    system: "sendgrid",
    marks: &[&["sg_event_id", "event"], &["sg_message_id", "event"], &["event", "email", "smtp-id"]],
    event: &["event"],
    kinds: KINDS,
    reply: &["reason", "response"],
    class: &[&["bounce_classification"], &["type"]],
    status: &["status"],
    recipient: &["email"],
    sender: &["from"],
    sending_ip: &["ip"],
    time: &["timestamp"],
    campaign: &["marketing_campaign_name", "marketing_campaign_id", "category"],
    message_id: &["smtp-id"],
    queue_id: &["sg_message_id", "sg_event_id"],
    attempts: &["attempt"],
    finish: |event, notice| {
        // what was dropped was never sent: its words are the provider's own, not a host's
        let dropped = event.at("event").and_then(Json::text).is_some_and(|word| word == "dropped");
        if dropped {
            let reason = std::mem::take(&mut notice.reply);
            if let Some(class) = &mut notice.class {
                class.name = "dropped".into();
            }
            if !reason.text.is_empty() {
                let name = format!("dropped/{}", reason.text).into();
                notice.class = Some(Class { system: SENDGRID.system, name });
            }
            notice.prose = Some(reason).filter(|reason: &Quote<'_>| !reason.text.is_empty());
        }
    },
    ..Dialect::BLANK
};

/// An entry of the bounce or block list: `{created, email, reason, status}`.
pub static PLAIN: Dialect = Dialect {
    system: "sendgrid",
    marks: &[&["created", "email", "reason"]],
    event: &["event"],
    kinds: KINDS,
    reply: &["reason"],
    status: &["status"],
    recipient: &["email"],
    time: &["created"],
    finish: |_, notice| notice.kind = Kind::Bounce,
    ..Dialect::BLANK
};
