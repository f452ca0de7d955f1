//! Postfix: the lines of its delivery agents, of the queue manager and of its SMTP server.
//!
//! `QID: to=<rcpt>, orig_to=<rcpt>, relay=host[ip]:port, delay=…, dsn=5.1.1, status=bounced (text)`.
//! The text runs to the last bracket of the line and may hold brackets itself.

use super::mails::{Mail, Mails};
use super::syslog::Line;
use super::{TRIED, field, part, relay_host};
use crate::input::smtp;
use crate::types::{Class, Form, Kind, Notice, Quote, Stage, StatusCode};
use std::borrow::Cow;

/// Reads a line; says whether it is Postfix's.
pub fn read<'a>(
    line: Line<'a>,
    id: Option<(&'a str, &'a str)>,
    mails: &mut Mails<'a>,
    each: &mut dyn FnMut(Notice<'a>),
) -> bool {
    let Some((id, rest)) = id.filter(|read| is_queue_id(*read)).or_else(|| fragment(line.text)) else {
        return line.program.is_some_and(|program| program.starts_with("postfix"));
    };
    if rest.starts_with("to=") {
        return delivery(line, id, rest, mails, each);
    }
    if let Some(sender) = field(rest, "from=").filter(|_| rest.starts_with("from=<")) {
        mails.learn(id, Mail { sender: Some(sender), message_id: None });
        if rest.contains(", status=") {
            each(expired(line, id, sender, rest, mails));
        }
        return rest.contains(", status=") || rest.contains(", size=") && rest.contains("nrcpt=");
    }
    if rest.starts_with("message-id=") {
        mails.learn(id, Mail { sender: None, message_id: field(rest, "message-id=") });
        return true;
    }
    if rest == "removed" {
        mails.forget(id);
        return true;
    }
    inbound(line, rest, each)
        || rest.starts_with("sender non-delivery notification: ")
        || rest.starts_with("client=")
        || rest.starts_with("uid=")
}

/// A delivery of which somebody has cut off the id.
fn fragment(text: &str) -> Option<(&str, &str)> {
    (text.starts_with("to=<") && text.contains(", relay=")).then_some(("", text))
}

/// A short id is hexadecimal, a long one is of letters and digits; refusals before there is one
/// say `NOQUEUE`. A delivery is known by its fields as well.
fn is_queue_id((id, rest): (&str, &str)) -> bool {
    id.len() >= if rest.starts_with("to=<") { 3 } else { 5 }
        && (id == "NOQUEUE" || id.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()))
}

fn delivery<'a>(
    line: Line<'a>,
    id: &'a str,
    rest: &'a str,
    mails: &Mails<'a>,
    each: &mut dyn FnMut(Notice<'a>),
) -> bool {
    let Some(at) = rest.find(" status=").or_else(|| rest.find("\nstatus=")) else { return false };
    let (fields, status) = (rest.get(..at).unwrap_or_default(), rest.get(at + 8..).unwrap_or_default());
    let (word, text) = status.split_once(char::is_whitespace).unwrap_or((status, ""));
    let text = text.strip_prefix('(').unwrap_or(text);
    let text = text.rfind(')').map_or(text, |end| text.get(..end).unwrap_or_default());
    let told = told(text);
    let Some(kind) = kind(word) else { return false };
    let mut notice = Notice::new(Form::Log, kind, part(&line, told.reply));
    if word == "deferred" {
        super::held(&mut notice);
    }
    notice.class = Some(Class { system: "postfix", name: word.into() });
    notice.status = field(fields, "dsn=").and_then(StatusCode::parse);
    notice.recipient = field(fields, "to=").map(Cow::Borrowed);
    notice.original_recipient = field(fields, "orig_to=").map(Cow::Borrowed);
    notice.remote_host = told.host.or_else(|| relay_host(field(fields, "relay=")?)).map(Cow::Borrowed);
    notice.stage = told.stage;
    known(&mut notice, id, mails);
    if told.again {
        notice.notes.push("not tried this time: the line repeats what an earlier try met".into());
    }
    each(notice);
    true
}

/// What happened.
fn kind(word: &str) -> Option<Kind> {
    match word {
        "sent" | "deliverable" => Some(Kind::Delivered),
        "deferred" => Some(TRIED),
        "bounced" | "expired" | "undeliverable" | "SOFTBOUNCE" => Some(Kind::Bounce),
        _ => None,
    }
}

fn known<'a>(notice: &mut Notice<'a>, id: &'a str, mails: &Mails<'a>) {
    let mail = mails.get(id);
    notice.queue_id = Some(id.into()).filter(|id: &Cow<'_, str>| !id.is_empty());
    notice.sender =
        notice.sender.take().or(mail.sender.filter(|sender| !sender.is_empty()).map(Cow::Borrowed));
    notice.message_id = mail.message_id.map(Cow::Borrowed);
}

/// `from=<s>, status=expired, returned to sender`: the last of a mail, without a recipient.
fn expired<'a>(line: Line<'a>, id: &'a str, sender: &'a str, rest: &'a str, mails: &Mails<'a>) -> Notice<'a> {
    let status = rest.find("status=").map_or("", |at| rest.get(at..).unwrap_or_default());
    let word = field(status, "status=").unwrap_or_default();
    let mut notice = Notice::new(Form::Log, Kind::Bounce, Quote::default());
    notice.prose = Some(part(&line, status));
    notice.class = Some(Class { system: "postfix", name: word.into() });
    notice.sender = Some(sender.into()).filter(|sender: &Cow<'_, str>| !sender.is_empty());
    known(&mut notice, id, mails);
    notice
}

/// What the text in brackets tells.
struct Told<'a> {
    reply: &'a str,
    host: Option<&'a str>,
    stage: Option<Stage>,
    again: bool,
}

/// `host mx.example.com[192.0.2.1] said: 550 … (in reply to RCPT TO command)` is a reply and who
/// gave it; any other text is the server's own.
fn told(text: &str) -> Told<'_> {
    let own = text.strip_prefix("delivery temporarily suspended: ");
    let (text, again) = (own.unwrap_or(text), own.is_some());
    let stage = smtp::stage(text);
    let quoted = text.strip_prefix("host ").and_then(|rest| {
        let (host, reply) =
            rest.split_once(" said: ").or_else(|| rest.split_once(" refused to talk to me: "))?;
        (!host.contains(' ')).then_some((host, reply))
    });
    match quoted {
        Some((host, reply)) => {
            let end = reply.rfind(" (in reply to ").unwrap_or(reply.len());
            Told { reply: reply.get(..end).unwrap_or(reply), host: relay_host(host), stage, again }
        }
        None => Told { reply: text, host: connecting(text), stage, again },
    }
}

/// The host of `connect to mx.example.com[192.0.2.1]:25: …`, `lost connection with …`.
fn connecting(text: &str) -> Option<&str> {
    ["connect to ", "lost connection with ", "conversation with "]
        .iter()
        .find_map(|start| text.strip_prefix(start))
        .and_then(|rest| relay_host(rest.split(' ').next()?))
}

/// `reject: RCPT from host[ip]: 550 …; from=<s> to=<r>`: what this server refuses itself.
fn inbound<'a>(line: Line<'a>, rest: &'a str, each: &mut dyn FnMut(Notice<'a>)) -> bool {
    let Some((action, told)) = rest.split_once(": ") else { return false };
    let refused = matches!(action, "reject" | "milter-reject");
    if !refused && !matches!(action, "reject_warning" | "hold" | "discard" | "warn" | "filter" | "redirect") {
        return false;
    }
    let Some((client, reply)) = told.split_once(": ") else { return false };
    let end = reply
        .rfind("; from=<")
        .or_else(|| reply.rfind("; to=<"))
        .or_else(|| reply.rfind("; proto="))
        .unwrap_or(reply.len());
    let (reply, envelope) = (reply.get(..end).unwrap_or(reply), reply.get(end..).unwrap_or_default());
    let kind = if refused { Kind::Bounce } else { Kind::Unrelated };
    let mut notice = Notice::new(Form::Log, kind, part(&line, reply));
    notice.recipient = field(envelope, "to=").map(Cow::Borrowed);
    notice.sender = field(envelope, "from=").filter(|sender| !sender.is_empty()).map(Cow::Borrowed);
    notice.sending_ip = client.rsplit_once('[').and_then(|(_, ip)| ip.split(']').next()).map(Cow::Borrowed);
    notice.stage = stage(client);
    super::inbound(&mut notice);
    each(notice);
    true
}

/// The stage of `RCPT from host[ip]`.
fn stage(client: &str) -> Option<Stage> {
    match client.split(' ').next()? {
        "CONNECT" => Some(Stage::Connect),
        "HELO" | "EHLO" => Some(Stage::Helo),
        "MAIL" => Some(Stage::MailFrom),
        "RCPT" => Some(Stage::RcptTo),
        "DATA" | "END-OF-MESSAGE" => Some(Stage::Data),
        _ => None,
    }
}
