//! `SparkPost`, Momentum and Bird: `msys` batches, the events interface, ingest files.

use super::dialect::Dialect;
use crate::types::Kind;

pub static SPARKPOST: Dialect = Dialect {
    system: "sparkpost",
    marks: &[
        &["type", "rcpt_to"],
        &["type", "raw_rcpt_to"],
        &["type", "bounce_class"],
        &["type", "event_id", "transmission_id"],
    ],
    event: &["type"],
    kinds: &[
        ("bounce", Kind::Bounce),
        ("out_of_band", Kind::Bounce),
        ("policy_rejection", Kind::Bounce),
        ("generation_failure", Kind::Bounce),
        ("generation_rejection", Kind::Bounce),
        ("delay", Kind::Delay),
        ("delivery", Kind::Delivered),
        ("spam_complaint", Kind::Complaint),
        ("list_unsubscribe", Kind::Subscription),
        ("link_unsubscribe", Kind::Subscription),
    ],
    reply: &["raw_reason", "reason"],
    class: &[&["bounce_class"]],
    code: &["error_code"],
    recipient: &["raw_rcpt_to", "rcpt_to"],
    sender: &["msg_from", "friendly_from"],
    remote_host: &["ip_address"],
    sending_ip: &["sending_ip"],
    time: &["timestamp"],
    campaign: &["campaign_id", "rcpt_tags", "template_id"],
    message_id: &["rcpt_hdrs.message-id"],
    queue_id: &["message_id", "transmission_id"],
    subject: &["subject"],
    attempts: &["num_retries"],
    finish: |_, notice| {
        // classes 60, 80, 90 and 100 are answers of machines and requests, not failures
        if notice.kind == Kind::Bounce {
            notice.kind = match notice.class.as_ref().map(|class| class.name.as_ref()) {
                Some("60") => Kind::AutoReply,
                Some("80" | "90") => Kind::Subscription,
                Some("100") => Kind::Challenge,
                _ => Kind::Bounce,
            };
        }
    },
    ..Dialect::BLANK
};
