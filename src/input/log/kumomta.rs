//! `KumoMTA`: a JSON object a line. The reply comes in pieces and is put together again.

use super::TRIED;
use crate::input::json::Json;
use crate::input::webhook::dialect::Dialect;
use crate::text::ends;
use crate::types::{Form, Kind, Notice, Quote, ReplyCode, StatusCode};

/// Where the facts stand.
pub static KUMOMTA: Dialect = Dialect {
    system: "kumomta",
    form: Form::Log,
    marks: &[
        &["type", "bounce_classification"],
        &["type", "queue", "response"],
        &["type", "nodeid", "recipient"],
        &["type", "feedback_report", "sender"],
    ],
    event: &["type"],
    kinds: &[
        ("Bounce", Kind::Bounce),
        ("OOB", Kind::Bounce),
        ("Expiration", Kind::Bounce),
        ("AdminBounce", Kind::Bounce),
        ("Rejection", Kind::Bounce),
        ("TransientFailure", TRIED),
        ("Delayed", Kind::Delay),
        ("Delivery", Kind::Delivered),
        ("Feedback", Kind::Complaint),
    ],
    entries: &["recipient"],
    reply: &["response.content"],
    class: &[&["bounce_classification"]],
    recipient: &["@", "feedback_report.original_rcpt_to"],
    sender: &["sender"],
    remote_host: &["peer_address.name", "peer_address.addr"],
    reporting_host: &["source_address.server"],
    sending_ip: &["source_address.address"],
    time: &["event_time", "timestamp"],
    campaign: &["meta.campaign", "meta.job", "headers.X-Campaign", "headers.X-Job"],
    message_id: &["headers.Message-ID", "headers.Message-Id"],
    queue_id: &["id"],
    subject: &["headers.Subject"],
    attempts: &["num_attempts"],
    finish,
    ..Dialect::BLANK
};

fn finish(event: &Json<'_>, notice: &mut Notice<'_>) {
    let text = |path: &str| event.at(path).and_then(Json::text);
    let code =
        text("response.code").and_then(|code| code.parse().ok()).filter(|code| (200..600).contains(code));
    let number = |name: &str| {
        text(&format!("response.enhanced_code.{name}")).and_then(|digits| digits.parse::<u16>().ok())
    };
    let status = number("class")
        .zip(number("subject"))
        .zip(number("detail"))
        .map(|((class, subject), detail)| StatusCode { class: class as u8, subject, detail });
    notice.code = code.map(ReplyCode);
    notice.status = status;
    let starts = |what: &str| notice.reply.text.starts_with(what);
    if let Some(code) = code.filter(|code| !starts(&code.to_string())) {
        let status = status.map(|status| format!(" {status}")).unwrap_or_default();
        notice.reply = Quote::made(format!("{code}{status} {}", notice.reply.text));
    }
    let kind = text("type").unwrap_or_default();
    if kind == "TransientFailure" {
        super::held(notice);
    }
    if kind == "Expiration" {
        // what the last try met is in the reply; that the time is over is in the type
        notice.class = Some(crate::types::Class { system: KUMOMTA.system, name: "Expiration".into() });
    }
    if kind == "Rejection" {
        super::inbound(notice);
    }
    campaign(event, notice);
    // `192.0.2.10:25001`
    if let Some(ip) = notice.sending_ip.as_mut()
        && let Some((host, _)) = ip.rsplit_once(':')
    {
        *ip = ends::both(host, b"[]").to_owned().into();
    }
}

/// `campaign:tenant@domain` is the name of a queue.
fn campaign(event: &Json<'_>, notice: &mut Notice<'_>) {
    if notice.campaign.is_none()
        && let Some(queue) = event.at("queue").and_then(Json::text)
        && let Some((name, _)) = queue.split_once('@').and_then(|(names, _)| names.split_once(':'))
    {
        notice.campaign = Some(name.to_owned().into());
    }
}
