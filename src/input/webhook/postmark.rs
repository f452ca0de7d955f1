//! Postmark: one object a post; the older ones do not say which record they are.

use super::dialect::Dialect;
use crate::input::json::Json;
use crate::types::Kind;

pub static POSTMARK: Dialect = Dialect {
    system: "postmark",
    marks: &[&["RecordType"], &["Type", "BouncedAt"], &["TypeCode", "Email"]],
    event: &["Type", "RecordType"],
    kinds: &[
        ("AutoResponder", Kind::AutoReply),
        ("Subscribe", Kind::Subscription),
        ("Unsubscribe", Kind::Subscription),
        ("ChallengeVerification", Kind::Challenge),
        ("SpamComplaint", Kind::Complaint),
        ("OpenRelayTest", Kind::Unrelated),
        ("Bounce", Kind::Bounce),
        ("Delivery", Kind::Delivered),
        ("SubscriptionChange", Kind::Subscription),
        ("Open", Kind::Unrelated),
        ("Click", Kind::Unrelated),
        ("LinkClick", Kind::Unrelated),
    ],
    reply: &["Details"],
    prose: &["Description"],
    class: &[&["Type"], &["TypeCode"]],
    recipient: &["Email", "Recipient"],
    sender: &["From"],
    time: &["BouncedAt", "DeliveredAt", "ChangedAt", "ReceivedAt"],
    campaign: &["Metadata.campaign", "Tag", "MessageStream"],
    queue_id: &["MessageID", "ID"],
    subject: &["Subject"],
    finish: |event, notice| {
        // a type alone, in an old hook, is a bounce unless it is one of those above
        let typed = event.get("Type").is_some() || event.get("TypeCode").is_some();
        let none = ["Open", "Click", "LinkClick", "OpenRelayTest"];
        let word = |key: &str| event.get(key).and_then(Json::text).unwrap_or_default();
        if notice.kind == Kind::Unrelated
            && typed
            && !none.iter().any(|name| [word("Type"), word("RecordType")].contains(&(*name).into()))
        {
            notice.kind = Kind::Bounce;
        }
    },
    ..Dialect::BLANK
};
