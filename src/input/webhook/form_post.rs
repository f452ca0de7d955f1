//! Form posts: `event=bounced&recipient=ann%40example.com&code=550`.

use crate::input::json::Json;
use crate::text::ends;
use crate::types::{Notice, Quote};
use std::borrow::Cow;

/// How sure it is that a text is a form post: 0 to 100.
pub fn looks_like_form(text: &str) -> u8 {
    let text = ends::start(ends::trim(text), b"?");
    if text.contains(|letter: char| letter.is_whitespace()) {
        return 0;
    }
    if text.starts_with("mandrill_events=") {
        return 95;
    }
    let named =
        |name: &str| text.split('&').any(|pair| pair.split_once('=').is_some_and(|(key, _)| key == name));
    let event = (named("event") && named("recipient"))
        || (named("type") && named("data%5Bemail%5D"))
        || (named("status") && (named("transaction") || named("messageid")));
    if event { 90 } else { 0 }
}

/// Reads a form post.
pub fn read_form(text: &str, each: &mut dyn FnMut(Notice<'static>)) {
    super::open(&fields(text), 0, &mut |event, found| found.read(event, each));
}

/// The fields of a form post: an object of strings.
pub fn fields(text: &str) -> Json<'static> {
    let text = ends::start(ends::trim(text), b"?");
    let fields = text.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| {
        (Cow::<'static, str>::Owned(decoded(key)), Json::Text(Quote::made(decoded(value))))
    });
    Json::Object(fields.collect())
}

/// Undoes `%40` and `+`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = || u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok();
        let (letter, len) = match byte {
            b'+' => (b' ', 1),
            b'%' => hex().map_or((b'%', 1), |letter| (letter, 3)),
            other => (*other, 1),
        };
        out.push(letter);
        at += len;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn percent_and_plus_are_undone() {
        assert_eq!(decoded("ann%40example.com+%C3%A9+100%+%zz%4"), "ann@example.com é 100% %zz%4");
    }
}
