//! Azure Communication Services: Event Grid and `CloudEvents`.

use super::dialect::Dialect;
use crate::types::Kind;

pub static AZURE: Dialect = Dialect {
    system: "azure",
    marks: &[
        &["data.recipient", "data.status"],
        &["data.deliveryStatusDetails"],
        &["data.DeliveryStatusDetails"],
    ],
    event: &["data.status"],
    kinds: &[
        ("Bounced", Kind::Bounce),
        ("Suppressed", Kind::Bounce),
        ("Quarantined", Kind::Bounce),
        ("FilteredSpam", Kind::Bounce),
        ("Failed", Kind::Bounce),
        ("Delivered", Kind::Delivered),
        ("Expanded", Kind::Delivered),
    ],
    reply: &[
        "data.deliveryStatusDetails.statusMessage",
        "data.deliveryStatusDetails",
        "data.DeliveryStatusDetails.statusMessage",
        "data.DeliveryStatusDetails",
    ],
    class: &[&["data.status"]],
    recipient: &["data.recipient"],
    sender: &["data.sender"],
    time: &["data.deliveryAttemptTimeStamp", "data.deliveryAttemptTimestamp", "eventTime", "time"],
    message_id: &["data.internetMessageId"],
    queue_id: &["data.messageId", "id"],
    ..Dialect::BLANK
};
