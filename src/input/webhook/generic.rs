//! Events of a system that nobody has described: the first text that is a reply, the first address.

use crate::input::json::Json;
use crate::text::words;
use crate::types::{Form, Kind, Notice, Quote};

/// Values that are looked at.
const MOST: usize = 2_000;

/// Reads an unknown object. Without a reply in it nothing is concluded.
pub fn read<'a>(event: &Json<'a>) -> Notice<'a> {
    let mut found = Found::default();
    look(event, &mut found);
    let kind = if found.reply.is_some() { Kind::Bounce } else { Kind::Unrelated };
    let mut notice =
        Notice::new(Form::Webhook, kind, found.reply.map(super::dialect::clean).unwrap_or_default());
    notice.recipient = found.address.map(|quote| super::dialect::address(quote.text));
    notice
        .notes
        .push("the event is of no provider that is known here; the first reply in it was taken".into());
    notice
}

#[derive(Default)]
struct Found<'a> {
    reply: Option<Quote<'a>>,
    address: Option<Quote<'a>>,
    seen: usize,
}

fn look<'a>(value: &Json<'a>, found: &mut Found<'a>) {
    found.seen += 1;
    if found.seen > MOST {
        return;
    }
    match value {
        Json::List(items) => items.iter().for_each(|item| look(item, found)),
        Json::Object(fields) => fields.iter().for_each(|(_, field)| look(field, found)),
        Json::Text(quote) => judge(quote, found),
        _ => {}
    }
}

fn judge<'a>(quote: &Quote<'a>, found: &mut Found<'a>) {
    let text = quote.text.trim();
    let one_word = !text.contains(char::is_whitespace);
    if one_word && text.contains('@') && found.address.is_none() {
        found.address = Some(quote.clone());
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
