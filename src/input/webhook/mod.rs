//! Events of mail providers: JSON as their webhooks post it, as their event interfaces list it,
//! in the envelopes of the queues that carry it.
//!
//! ```
//! use bouncelens::{input::webhook, types::Kind};
//! let mut notices = Vec::new();
//! webhook::read(r#"[{"sg_event_id":"1","event":"bounce","email":"ann@example.com",
//!   "reason":"550 5.1.1 no such user","status":"5.1.1"}]"#, &mut |notice| notices.push(notice));
//! assert_eq!(notices[0].kind, Kind::Bounce);
//! assert_eq!(notices[0].recipient.as_deref(), Some("ann@example.com"));
//! assert_eq!(notices[0].reply.text, "550 5.1.1 no such user");
//! ```
//!
//! A provider is a table of paths ([`Dialect`]). Envelopes are opened by the names of their keys,
//! whoever made them, so that any provider's events are found in any queue's wrapping. The
//! provider's own class is kept; what it means stands in `data/classes.toml`.

mod azure;
mod brevo;
pub mod dialect;
mod form_post;
mod generic;
mod mailgun;
mod mailjet;
mod mandrill;
mod others;
mod postmark;
mod resend;
mod sendgrid;
mod ses;
mod sparkpost;

use super::json::{self, Json};
use super::outline::{Part, Parts, Role};
use super::{Sink, log};
use crate::text::ends;
use crate::types::{Form, Kind, Notice, Quote};
use dialect::Dialect;

pub use form_post::{looks_like_form, read_form};

/// All systems. The one whose marks are the most particular comes first.
static DIALECTS: &[&Dialect] = &[
    &ses::SES,
    &sendgrid::SENDGRID,
    &mailgun::MAILGUN,
    &postmark::POSTMARK,
    &sparkpost::SPARKPOST,
    &mandrill::MANDRILL,
    &resend::RESEND,
    &azure::AZURE,
    &others::MAILERSEND,
    &others::SCALEWAY,
    &others::ZOHO,
    &log::kumomta::KUMOMTA,
    &log::halon::HALON,
    &log::haraka::HARAKA,
    &mailjet::MAILJET,
    &brevo::BREVO,
    &sendgrid::PLAIN,
    &mailgun::LEGACY,
    &others::POSTQUEUE,
    &others::ELASTIC_EMAIL,
];

/// Keys under which queues, interfaces and providers wrap events, or lists of them.
const ENVELOPES: [&str; 16] = [
    "Message",
    "Records",
    "Sns",
    "detail",
    "body",
    "Body",
    "event-data",
    "msys",
    "message_event",
    "gen_event",
    "track_event",
    "unsubscribe_event",
    "mandrill_events",
    "items",
    "results",
    "data",
];

/// An envelope in an envelope in an envelope … : SQS in Lambda with SNS inside has four.
const NESTED: usize = 6;

/// Reads all events of a text.
pub fn read<'a>(text: &'a str, sink: Sink<'_, 'a>) {
    let mut count = 0usize;
    json::values(text, &mut |value, cut| {
        open(&value, 0, &mut |event, found| {
            found.read(event, &mut |mut notice| {
                count += 1;
                if cut {
                    notice.notes.push("the JSON is cut off; what stands before the cut was read".into());
                }
                sink(notice);
            });
        });
    });
    if count == 0 {
        let mut notice = Notice::new(Form::Webhook, Kind::Unrelated, Quote::default());
        notice.notes.push("no event was found in the JSON".into());
        sink(notice);
    }
}

/// How sure it is that a text is of events: 0 to 100.
pub fn looks_like_events(text: &str) -> u8 {
    let text = ends::trim_start(text.trim_start_matches('\u{FEFF}'));
    let mut letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    match (letters.next(), letters.next()) {
        (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{')) => 95,
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']' | b'[')) => 60,
        _ if holds_event(text) => 85,
        _ => 0,
    }
}

/// Whether an event of a known system stands among other words: below the header of the request
/// that brought it, behind the time of a log, in somebody's question.
fn holds_event(text: &str) -> bool {
    if !text.contains('{') {
        return false;
    }
    let Some((before, _)) = text.split_once("\":") else { return false };
    let Some(start) = before.rfind('{') else {
        return false;
    };
    let mut known = false;
    let event = json::first(text.get(start..).unwrap_or_default());
    open(&event, 0, &mut |event, found| {
        known |=
            matches!(found, Found::System(_)) || matches!(found, Found::Unknown) && generic::tells(event);
    });
    known
}

/// Writes down the fields of all events that are read.
pub fn outline(text: &str, parts: &mut Parts) {
    json::values(text, &mut |value, _| open(&value, 0, &mut |event, found| found.outline(event, parts)));
}

/// The same of a form post.
pub fn outline_form(text: &str, parts: &mut Parts) {
    open(&form_post::fields(text), 0, &mut |event, found| found.outline(event, parts));
}

/// Whose event an object is.
#[derive(Clone, Copy)]
enum Found {
    /// A system's that is known.
    System(&'static Dialect),
    /// An entry of the journal, with a line of a log in it.
    Journal,
    /// Nobody's: it is empty.
    Empty,
    /// That of a system that nobody has described.
    Unknown,
}

impl Found {
    fn read<'a>(self, event: &Json<'a>, each: &mut dyn FnMut(Notice<'a>)) {
        match self {
            Found::System(dialect) => dialect.read(event, each),
            Found::Journal => log::journal::read(event, each),
            Found::Empty => each(Notice::new(Form::Webhook, Kind::Unrelated, Quote::default())),
            Found::Unknown => each(generic::read(event)),
        }
    }

    fn outline(self, event: &Json<'_>, parts: &mut Parts) {
        let mut field = |name: &str, fact, at| {
            parts.gather(Part { name: name.into(), fact, ..Part::new(Role::Field, true, at) });
        };
        let read = match self {
            Found::System(dialect) => return dialect.outline(event, parts),
            Found::Journal => {
                field("MESSAGE", "reply", None);
                1
            }
            Found::Empty => 0,
            Found::Unknown => {
                let notice = generic::read(event);
                let (reply, recipient) = (notice.reply, notice.recipient);
                if !reply.text.is_empty() {
                    field("", "reply", reply.at.map(|at| at..at + reply.text.len()));
                }
                if recipient.is_some() {
                    field("", "recipient", None);
                }
                usize::from(!reply.text.is_empty()) + usize::from(recipient.is_some())
            }
        };
        let rest = dialect::leaves(event).saturating_sub(read);
        if rest > 0 {
            parts.gather(Part { count: rest, ..Part::new(Role::Other, false, None) });
        }
    }
}

/// What takes the events, one by one.
type Take<'t, 'a> = &'t mut dyn FnMut(&Json<'a>, Found);

/// Opens an event, or what an envelope holds.
fn open<'a>(value: &Json<'a>, depth: usize, take: Take<'_, 'a>) {
    match value {
        Json::List(items) if depth < NESTED => items.iter().for_each(|item| open(item, depth + 1, take)),
        Json::Text(quote) if depth < NESTED => {
            // an envelope made by a program that knows only strings
            let inner = json::first(&quote.text).into_owned();
            if matches!(inner, Json::Object(_) | Json::List(_)) {
                open(&inner, depth + 1, take);
            }
        }
        Json::Object(fields) => object(value, fields.is_empty(), depth, take),
        _ => {}
    }
}

/// Whether an event of a known system stands in an envelope.
fn holds_known(inner: &Json<'_>, depth: usize) -> bool {
    let mut known = false;
    open(inner, depth + 1, &mut |_, found| known |= !matches!(found, Found::Unknown));
    known
}

fn object<'a>(value: &Json<'a>, empty: bool, depth: usize, take: Take<'_, 'a>) {
    if let Some(dialect) = DIALECTS.iter().find(|dialect| dialect.knows(value)) {
        return take(value, Found::System(dialect));
    }
    if log::journal::is_entry(value) {
        return take(value, Found::Journal);
    }
    let holds = |inner: &&Json<'_>| match inner {
        Json::Object(_) => true,
        Json::List(items) => items.iter().any(|item| matches!(item, Json::Object(_))),
        Json::Text(quote) => matches!(ends::trim_start(&quote.text).as_bytes().first(), Some(b'{' | b'[')),
        _ => false,
    };
    match ENVELOPES.iter().filter_map(|key| value.get(key)).find(holds) {
        // an event of nobody's that says beside its data what happened
        Some(inner) if generic::names_event(value) && !holds_known(inner, depth) => {
            take(value, Found::Unknown);
        }
        Some(inner) if depth < NESTED => open(inner, depth + 1, take),
        _ if empty => take(value, Found::Empty),
        _ => take(value, Found::Unknown),
    }
}
