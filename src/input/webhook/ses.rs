//! Amazon SES: identity feedback, event publishing, `EventBridge`; the SNS envelope is opened
//! before. A `Transient` bounce is final too: SES has stopped trying.

use super::dialect::Dialect;
use crate::input::json::Json;
use crate::input::mail;
use crate::types::Kind;

pub static SES: Dialect = Dialect {
    system: "ses",
    marks: &[
        &["notificationType", "mail"],
        &["eventType", "mail"],
        &["mail", "bounce"],
        &["mail", "complaint"],
    ],
    event: &["notificationType", "eventType"],
    kinds: &[
        ("Bounce", Kind::Bounce),
        ("Complaint", Kind::Complaint),
        ("DeliveryDelay", Kind::Delay),
        ("Reject", Kind::Bounce),
        ("Rendering Failure", Kind::Bounce),
        ("Delivery", Kind::Delivered),
    ],
    entries: &[
        "bounce.bouncedRecipients",
        "complaint.complainedRecipients",
        "deliveryDelay.delayedRecipients",
        "delivery.recipients",
        "mail.destination",
    ],
    reply: &["@.diagnosticCode", "delivery.smtpResponse"],
    prose: &["failure.errorMessage"],
    class: &[
        &["bounce.bounceType", "bounce.bounceSubType"],
        &["deliveryDelay.delayType"],
        &["reject.reason"],
        &["complaint.complaintFeedbackType"],
        &["failure.templateName"],
    ],
    status: &["@.status"],
    recipient: &["@.emailAddress", "@"],
    sender: &["mail.source"],
    remote_host: &["bounce.remoteMtaIp", "delivery.remoteMtaIp"],
    reporting_host: &["bounce.reportingMTA", "deliveryDelay.reportingMTA", "delivery.reportingMTA"],
    sending_ip: &["mail.tags.ses:outgoing-ip"],
    time: &[
        "bounce.timestamp",
        "complaint.timestamp",
        "deliveryDelay.timestamp",
        "delivery.timestamp",
        "mail.timestamp",
    ],
    campaign: &["mail.tags.campaign", "mail.tags.ses:configuration-set"],
    message_id: &["mail.commonHeaders.messageId"],
    queue_id: &["mail.messageId"],
    subject: &["mail.commonHeaders.subject"],
    retry_until: &["deliveryDelay.expirationTime"],
    finish: |event, notice| {
        if let Some(feedback) = event.at("complaint.complaintFeedbackType").and_then(Json::text) {
            notice.kind = mail::feedback_kind(&feedback);
        }
        // a template that fails says nothing of the address, and its name is no class
        if let Some(class) = notice.class.as_mut().filter(|_| event.get("failure").is_some()) {
            class.name = "Rendering Failure".into();
        }
    },
    ..Dialect::BLANK
};
