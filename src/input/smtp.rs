//! SMTP replies: one line, several lines, wrapped, quoted, or several replies one after the other.

#![allow(clippy::indexing_slicing, reason = "behind a check of the length in the same expression")]

use crate::rules::hints::{FORWARDED_FROM, SENDER_WORDS};
use crate::text::words::{self, Item, Word, Words};
use crate::types::{Form, Kind, Notice, Quote, Stage};
use std::borrow::Cow;

/// Reads one or several replies.
pub fn read(input: Cow<'_, str>) -> Vec<Notice<'_>> {
    match input {
        Cow::Borrowed(text) => {
            // most replies are one line, with nobody's words around them
            if !text.trim_end().contains('\n') {
                let reply = text.trim();
                let at = text.len() - text.trim_start().len();
                return vec![notice(Quote::at(reply, if reply.is_empty() { 0 } else { at }))];
            }
            let start = greeting(text);
            let mut notices: Vec<Notice<'_>> =
                split(text, start).into_iter().map(|(at, part)| notice(Quote::at(part, at))).collect();
            // what stands above the reply is read where the reply tells nothing
            let above = text.get(..start).unwrap_or_default().trim();
            if let Some(first) = notices.first_mut().filter(|_| !above.is_empty()) {
                first.prose = Some(Quote::made(above));
            }
            notices
        }
        Cow::Owned(text) => split(&text, greeting(&text))
            .into_iter()
            .map(|(_, part)| notice(Quote::made(part.to_owned())))
            .collect(),
    }
}

/// More records than this in one text are not told apart: the rest stays with the last one.
const MOST: usize = 100_000;

/// Tells replies apart, from a place on. A new one begins after a blank line, where a line begins with another
/// code than the reply so far, or names another address under the same code.
fn split(text: &str, mut start: usize) -> Vec<(usize, &str)> {
    let text = without_signature(text);
    let mut parts: Vec<(usize, &str)> = Vec::new();
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

/// More of a reply than this is not asked for names.
const NAMING: usize = 4096;

/// What one reply says of recipient, host and stage.
fn notice(reply: Quote<'_>) -> Notice<'_> {
    let mut notice = Notice::new(Form::Smtp, Kind::Bounce, reply);
    let text = &*notice.reply.text;
    notice.stage = stage(text);
    if names_nobody(text) {
        return notice;
    }
    let words = words::read(text.get(..text.len().min(NAMING)).unwrap_or(text));
    let recipient = recipient(text, &words);
    let original = forwarded_from(&words);
    let remote_host = host_that_said(&words);
    notice.recipient = quoted(&notice.reply, recipient);
    notice.original_recipient = quoted(&notice.reply, original);
    notice.remote_host = quoted(&notice.reply, remote_host);
    notice.words = Some(words).filter(|_| notice.reply.text.len() <= NAMING);
    notice
}

/// A word of a reply; borrowed where the reply is.
fn quoted<'a>(reply: &Quote<'a>, word: Option<Word>) -> Option<Cow<'a, str>> {
    let word = word?;
    let place = word.start as usize..word.end as usize;
    match &reply.text {
        Cow::Borrowed(text) => text.get(place).map(Cow::Borrowed),
        Cow::Owned(text) => text.get(place).map(|shown| Cow::Owned(shown.to_owned())),
    }
}

/// Whether a reply can name neither an address nor, before its code, a host.
fn names_nobody(text: &str) -> bool {
    matches!(text.as_bytes(), [b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..])
        && !text.bytes().any(|byte| matches!(byte, b'@' | b'<'))
}

/// The first address that is not said to be the sender's: "<a@example.com>: Sender address
/// rejected", "Verification failed for <a@example.com>".
fn recipient(text: &str, words: &Words) -> Option<Word> {
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
    let shown = text.get(word.start as usize..word.end as usize)?;
    shown.contains('@').then_some(*word)
}

/// The address of "(expanded from <a@example.com>)".
fn forwarded_from(words: &Words) -> Option<Word> {
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
    Some(*word)
}

/// The host of "host mx.example.com[192.0.2.1] said: …": the first host before the first code.
fn host_that_said(words: &Words) -> Option<Word> {
    let code = words.codes.first()?;
    words.words.iter().take(code.before as usize).find(|word| word.item == Item::Host).copied()
}

/// What names a stage, the surest first.
const STAGES: [(&[u8], Stage); 9] = [
    (b"RCPT TO", Stage::RcptTo),
    (b"RCPT command", Stage::RcptTo),
    (b"MAIL FROM", Stage::MailFrom),
    (b"end of DATA", Stage::Data),
    (b"DATA command", Stage::Data),
    (b"end of data", Stage::Data),
    (b"in reply to EHLO", Stage::Helo),
    (b"in reply to HELO", Stage::Helo),
    (b"refused to talk", Stage::Connect),
];

/// The stage that "(in reply to RCPT TO command)" and the like name.
pub(super) fn stage(text: &str) -> Option<Stage> {
    let bytes = text.as_bytes();
    let mut best = STAGES.len();
    for (at, byte) in bytes.iter().enumerate() {
        // of the words that begin with one of these letters, nearly all go on otherwise
        if matches!(byte, b'R' | b'M' | b'D' | b'e' | b'i' | b'r') {
            let rest = bytes.get(at..).unwrap_or_default();
            if let Some(b"RCPT" | b"MAIL" | b"DATA" | b"end " | b"in r" | b"refu") = rest.get(..4) {
                let known = STAGES.iter().take(best).position(|(words, _)| rest.starts_with(words));
                best = known.unwrap_or(best);
            }
        }
    }
    STAGES.get(best).map(|(_, stage)| *stage)
}

#[cfg(test)]
mod tests {
    use super::{STAGES, stage};

    #[test]
    fn the_first_letters_that_are_asked_for_are_those_of_the_stages() {
        for (words, named) in STAGES {
            let words = std::str::from_utf8(words).expect("the stages are named in ASCII");
            assert_eq!(stage(&format!("refused ({words} command)")), Some(named), "{words}");
        }
    }
}
