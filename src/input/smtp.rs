//! SMTP replies: one line, several lines, wrapped, quoted, or several replies one after the other.

#![allow(clippy::indexing_slicing, reason = "behind a check of the length in the same expression")]

use crate::rules::hints::{FORWARDED_FROM, SENDER_WORDS};
use crate::text::words::{self, Item, Words};
use crate::types::{Form, Kind, Notice, Quote, Stage};
use std::borrow::Cow;

/// Reads one or several replies.
pub fn read(input: Cow<'_, str>) -> Vec<Notice<'_>> {
    match input {
        Cow::Borrowed(text) => {
            let mut notices: Vec<Notice<'_>> =
                split(text).into_iter().map(|(at, part)| notice(Quote::at(part, at))).collect();
            // what stands above the reply is read where the reply tells nothing
            let above = text.get(..greeting(text)).unwrap_or_default().trim();
            if let Some(first) = notices.first_mut().filter(|_| !above.is_empty()) {
                first.prose = Some(Quote::made(above));
            }
            notices
        }
        Cow::Owned(text) => {
            split(&text).into_iter().map(|(_, part)| notice(Quote::made(part.to_owned()))).collect()
        }
    }
}

/// More records than this in one text are not told apart: the rest stays with the last one.
const MOST: usize = 100_000;

/// Tells replies apart. A new one begins after a blank line, where a line begins with another
/// code than the reply so far, or names another address under the same code.
fn split(text: &str) -> Vec<(usize, &str)> {
    let text = without_signature(text);
    let mut parts: Vec<(usize, &str)> = Vec::new();
    let mut start = greeting(text);
    let mut at = start;
    let mut open: Option<Head> = None;
    let mut blank = false;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let head = head(line);
        let fresh = match (&open, &head) {
            (Some(open), Some(head)) => {
                blank
                    || !open.continues
                        && (open.code != head.code
                            || head.address.is_some()
                                && open.address.is_some()
                                && open.address != head.address)
            }
            _ => false,
        };
        if fresh && parts.len() + 1 < MOST {
            push(text, start, at, &mut parts);
            start = at;
            open = None;
        }
        if let Some(head) = head {
            let address = open.take().and_then(|open| open.address).or(head.address);
            open = Some(Head { address, ..head });
        }
        blank = open.is_some() && line.trim().is_empty();
        at += line.len();
    }
    push(text, start, text.len(), &mut parts);
    if parts.is_empty() {
        parts.push((0, ""));
    }
    parts
}

/// The text without what stands below `-- ` (RFC 3676 section 4.3).
fn without_signature(text: &str) -> &str {
    let end = text.find("\n-- \n").or_else(|| text.find("\n-- \r")).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// Where words end that somebody wrote above a reply: short paragraphs without a code, and below
/// them one that has one.
fn greeting(text: &str) -> usize {
    let mut at = 0;
    while let Some(end) = text.get(at..).and_then(|rest| rest.find("\n\n").or_else(|| rest.find("\n\r\n"))) {
        let words = text.get(at..at + end).unwrap_or_default();
        if has_code(words) || at > GREETING {
            return at;
        }
        if words.len() > GREETING {
            return 0;
        }
        at += end + 1;
        at += text.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
    }
    if at > 0 && has_code(text.get(at..).unwrap_or_default()) { at } else { 0 }
}

fn has_code(text: &str) -> bool {
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    !words::read(text.get(..end).unwrap_or_default()).codes.is_empty()
}

/// Bytes of such words.
const GREETING: usize = 400;

fn push<'a>(text: &'a str, start: usize, end: usize, parts: &mut Vec<(usize, &'a str)>) {
    let part = text.get(start..end).unwrap_or_default();
    let trimmed = part.trim();
    if !trimmed.is_empty() {
        parts.push((start + (part.len() - part.trim_start().len()), trimmed));
    }
}

/// How a line that begins with a reply code begins.
struct Head<'a> {
    code: &'a str,
    /// `550-`: more lines follow (RFC 5321 section 4.2.1).
    continues: bool,
    address: Option<&'a str>,
}

fn head(line: &str) -> Option<Head<'_>> {
    let start = line.bytes().position(|byte| !matches!(byte, b' ' | b'\t' | b'>' | b'"' | b'\'' | b'|'))?;
    let line = line.get(start..)?;
    let bytes = line.as_bytes();
    let code = line.get(..3).filter(|code| {
        code.bytes().all(|byte| byte.is_ascii_digit()) && matches!(code.as_bytes()[0], b'2' | b'4' | b'5')
    })?;
    let after = bytes.get(3).copied().unwrap_or(b' ');
    if !matches!(after, b' ' | b'-' | b'\r' | b'\n') {
        return None;
    }
    let mut parts = line.split(['<', '>', ' ', ',', ';', '(', ')', '[', ']']);
    let address =
        if bytes.contains(&b'@') { parts.find(|part| part.contains('@') && part.len() > 3) } else { None };
    Some(Head { code, continues: after == b'-', address })
}

/// What one reply says of recipient, host and stage.
pub(super) fn notice(reply: Quote<'_>) -> Notice<'_> {
    let words = if names_nobody(&reply.text) {
        Words::default()
    } else {
        words::read(reply.text.get(..reply.text.len().min(4096)).unwrap_or(&reply.text))
    };
    let recipient = recipient(&reply.text, &words);
    let original = forwarded_from(&reply.text, &words);
    let remote_host = host_that_said(&reply.text, &words);
    let stage = stage(&reply.text);
    let mut notice = Notice::new(Form::Smtp, Kind::Bounce, reply);
    notice.recipient = recipient.map(Cow::Owned);
    notice.original_recipient = original.map(Cow::Owned);
    notice.remote_host = remote_host.map(Cow::Owned);
    notice.stage = stage;
    notice
}

/// Whether a reply can name neither an address nor, before its code, a host.
fn names_nobody(text: &str) -> bool {
    matches!(text.as_bytes(), [b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..])
        && !text.bytes().any(|byte| matches!(byte, b'@' | b'<'))
}

/// The first address that is not said to be the sender's: "<a@example.com>: Sender address
/// rejected", "Verification failed for <a@example.com>".
fn recipient(text: &str, words: &Words) -> Option<String> {
    let senders = |at: usize| {
        words
            .words
            .get(at)
            .is_some_and(|word| SENDER_WORDS.iter().any(|known| words.letters(word) == known.as_bytes()))
    };
    let mut addresses = words.words.iter().enumerate().filter(|(_, word)| word.item == Item::Address);
    let (_, word) = addresses.find(|(at, _)| {
        let before = at.checked_sub(1).is_some_and(senders)
            || at.checked_sub(2).is_some_and(senders)
            || at.checked_sub(3).is_some_and(senders);
        !before && !senders(at + 1)
    })?;
    text.get(word.start as usize..word.end as usize)
        .filter(|address| address.contains('@'))
        .map(str::to_owned)
}

/// The address of "(expanded from <a@example.com>)".
fn forwarded_from(text: &str, words: &Words) -> Option<String> {
    let letters = |at: usize| words.words.get(at).map(|word| words.letters(word)).unwrap_or_default();
    let (_, word) =
        words.words.iter().enumerate().skip(2).filter(|(_, word)| word.item == Item::Address).find(
            |(at, _)| {
                FORWARDED_FROM.iter().any(|pair| {
                    pair.split_once(' ').is_some_and(|(first, second)| {
                        letters(at - 2) == first.as_bytes() && letters(at - 1) == second.as_bytes()
                    })
                })
            },
        )?;
    text.get(word.start as usize..word.end as usize).map(str::to_owned)
}

/// The host of "host mx.example.com[192.0.2.1] said: …": the first host before the first code.
fn host_that_said(text: &str, words: &Words) -> Option<String> {
    let code = words.codes.first()?;
    let word = words.words.iter().take(code.before as usize).find(|word| word.item == Item::Host)?;
    text.get(word.start as usize..word.end as usize).map(str::to_owned)
}

/// The stage that "(in reply to RCPT TO command)" and the like name.
pub(super) fn stage(text: &str) -> Option<Stage> {
    let upper = |needle: &str| text.contains(needle);
    if upper("RCPT TO") || upper("RCPT command") {
        Some(Stage::RcptTo)
    } else if upper("MAIL FROM") {
        Some(Stage::MailFrom)
    } else if upper("end of DATA") || upper("DATA command") || upper("end of data") {
        Some(Stage::Data)
    } else if upper("in reply to EHLO") || upper("in reply to HELO") {
        Some(Stage::Helo)
    } else if upper("refused to talk") {
        Some(Stage::Connect)
    } else {
        None
    }
}
