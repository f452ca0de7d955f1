//! Events of a system that nobody has described: the first text that is a reply, the address and the words for what
//! happened that stand under the names which tables have for them.

use crate::input::csv::{self, names};
use crate::input::json::Json;
use crate::text::ends;
use crate::text::words;
use crate::types::{Class, Form, Kind, Notice, Quote};

/// Values that are looked at.
const MOST: usize = 2_000;

/// Reads an unknown object. Without a reply in it, or a word for what happened and to whom, nothing is concluded.
pub fn read<'a>(event: &Json<'a>) -> Notice<'a> {
    let mut found = Found::default();
    look(event, "", &mut found);
    let named = found.kind.filter(|_| found.recipient.is_some());
    let kind = match (found.reply.is_some(), named) {
        (true, None | Some(Kind::Delivered)) => Kind::Bounce,
        (_, named) => named.unwrap_or(Kind::Unrelated),
    };
    let reply = found.reply.or(found.words.filter(|_| kind == Kind::Bounce));
    let mut notice = Notice::new(Form::Webhook, kind, reply.map(super::dialect::clean).unwrap_or_default());
    notice.recipient = found.recipient.or(found.address).map(|quote| super::dialect::address(quote.text));
    notice.class = found.lasting.filter(|_| kind == Kind::Bounce);
    notice
        .notes
        .push("the event is of no provider that is known here; the first reply in it was taken".into());
    notice
}

/// Whether an object says itself what happened.
pub fn names_event(event: &Json<'_>) -> bool {
    let Json::Object(fields) = event else { return false };
    fields.iter().any(|(key, value)| {
        let key = csv::plain(key);
        names::EVENT.iter().any(|name| *name == key)
            && value.text().is_some_and(|word| csv::event(&word).is_some())
    })
}

/// Whether anything can be concluded from it.
pub fn tells(event: &Json<'_>) -> bool {
    names_event(event) && read(event).recipient.is_some()
}

#[derive(Default)]
struct Found<'a> {
    reply: Option<Quote<'a>>,
    /// Words under the name of a reply that have no code.
    words: Option<Quote<'a>>,
    address: Option<Quote<'a>>,
    /// The address under the name of a recipient.
    recipient: Option<Quote<'a>>,
    kind: Option<Kind>,
    lasting: Option<Class<'static>>,
    seen: usize,
}

fn look<'a>(value: &Json<'a>, key: &str, found: &mut Found<'a>) {
    found.seen += 1;
    if found.seen > MOST {
        return;
    }
    match value {
        Json::List(items) => items.iter().for_each(|item| look(item, key, found)),
        Json::Object(fields) => fields.iter().for_each(|(key, field)| look(field, key, found)),
        Json::Text(quote) => judge(quote, key, found),
        _ => {}
    }
}

fn judge<'a>(quote: &Quote<'a>, key: &str, found: &mut Found<'a>) {
    let text = ends::trim(&quote.text);
    // `data[email]`, as forms name what lies in an object
    let key = csv::plain(key.rsplit('[').next().unwrap_or(key));
    let is = |names: &[&str]| names.iter().any(|name| *name == key);
    let one_word = !text.contains(char::is_whitespace);
    if one_word && text.contains('@') && found.address.is_none() {
        found.address = Some(quote.clone());
    }
    if one_word && text.contains('@') && is(names::RECIPIENT) && found.recipient.is_none() {
        found.recipient = Some(quote.clone());
    }
    if is(names::EVENT) {
        found.kind = found.kind.or_else(|| csv::event(text));
        found.lasting = found.lasting.take().or_else(|| csv::lasting(text));
    }
    if !one_word && found.words.is_none() && is(names::REPLY) {
        found.words = Some(quote.clone());
    }
    if found.reply.is_none() && !one_word {
        let read = words::read(text.get(..text.len().min(1024)).unwrap_or(text));
        let refuses = |code: &words::Code| {
            matches!(code.reply, Some(400..)) || matches!(code.status, Some((4 | 5, ..)))
        };
        if read.codes.first().is_some_and(refuses) {
            found.reply = Some(quote.clone());
        }
    }
}
