//! SMTP replies: one line, several lines, wrapped, quoted, or several replies one after the other.

mod queue;

use super::webhook::dialect::clean;
use super::{Sink, log, seek};
use crate::rules::hints::{FORWARDED_FROM, FRAME, SENDER_WORDS};
use crate::text::beginning;
use crate::text::ends;
use crate::text::words::{self, Item, Word, Words};
use crate::types::{Form, Kind, Notice, Quote, Stage};
use std::borrow::Cow;
use std::ops::Range;

/// Reads one or several replies.
pub fn read<'a>(text: &'a str, sink: Sink<'_, 'a>) {
    let reply = ends::trim(text);
    if seek::any(reply.as_bytes(), [b'\n']) == reply.len() {
        return read_line(text, sink);
    }
    if queue::read(text, sink) {
        return;
    }
    let start = greeting(text);
    // what stands above the reply is read where the reply tells nothing
    let mut above = text.get(..start).map(ends::trim).filter(|above| !above.is_empty());
    let (session, mut told) = (is_session(text), false);
    split(text, start, |at, part| {
        if session && !refuses(part) {
            return;
        }
        let mut notice = notice(Quote::at(part, at));
        if session {
            // the command stands right before
            let before = text.get(at.saturating_sub(GREETING)..at).unwrap_or_default();
            let command = before.rfind("TO:<").and_then(|at| before.get(at + 3..)?.lines().next());
            notice.recipient = notice.recipient.or_else(|| address(command?).map(Cow::Borrowed));
        }
        notice.prose = above.take().map(Quote::made);
        told = true;
        sink(notice);
    });
    if !told {
        // the refusal stands in a greeting or below a signature
        sink(notice(Quote::at(reply, text.len() - ends::trim_start(text).len())));
    }
}

/// Reads a reply of one line, with nobody's words around it.
pub fn read_line<'a>(text: &'a str, sink: Sink<'_, 'a>) {
    let reply = ends::trim(text);
    let at = text.len() - ends::trim_start(text).len();
    sink(notice(Quote::at(reply, if reply.is_empty() { 0 } else { at })));
}

/// Whether a text is what client and server said to each other, with a refusal in it: only that is a reply then.
fn is_session(text: &str) -> bool {
    let begins =
        |line: &str, word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let commands = ["MAIL FROM:", "RCPT TO:"];
    let mut lines = seek::whole_lines(text).map(|line| ends::start(line, b"> "));
    refuses(text) && lines.any(|line| commands.iter().any(|command| begins(line, command)))
}

/// Whether a line of a text begins with the code of a refusal.
fn refuses(text: &str) -> bool {
    seek::whole_lines(text).any(|line| head(line).is_some_and(|head| !head.code.starts_with('2')))
}

/// More records than this in one text are not told apart: the rest stays with the last one.
const MOST: usize = 100_000;

/// Tells replies apart, from a place on. A new one begins after a blank line, where a line begins with another
/// code than the reply so far, or names another address under the same code.
fn split<'a>(text: &'a str, mut start: usize, mut each: impl FnMut(usize, &'a str)) {
    let mut count = 0;
    let mut hand = |start: usize, end: usize| {
        let part = text.get(start..end).unwrap_or_default();
        let trimmed = ends::trim(part);
        if !trimmed.is_empty() {
            count += 1;
            each(start + (part.len() - ends::trim_start(part).len()), trimmed);
        }
        count
    };
    let mut at = start;
    let mut parts = 0;
    let mut open: Option<Head> = None;
    let mut blank = false;
    for line in seek::whole_lines(text.get(start..).unwrap_or_default()) {
        // what stands below it is a signature (RFC 3676 section 4.3)
        if at > start && matches!(line.as_bytes(), [b'-', b'-', b' ', b'\n' | b'\r', ..]) {
            break;
        }
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
        if fresh && parts + 1 < MOST {
            parts = hand(start, at);
            start = at;
            open = None;
        }
        if let Some(head) = head {
            let address = open.take().and_then(|open| open.address).or(head.address);
            open = Some(Head { address, ..head });
        }
        blank = open.is_some() && ends::trim(line).is_empty();
        at += line.len();
    }
    if hand(start, at) == 0 {
        each(0, "");
    }
}

/// Where words end that somebody wrote above a reply: short paragraphs without a code, and below
/// them one that has one.
fn greeting(text: &str) -> usize {
    let mut at = 0;
    while let Some((end, next)) = blank_line(text.get(at..).unwrap_or_default()) {
        let words = text.get(at..at + end).unwrap_or_default();
        if has_code(words) || at > GREETING {
            return at;
        }
        if words.len() > GREETING {
            return 0;
        }
        at += next;
    }
    if at > 0 && has_code(text.get(at..).unwrap_or_default()) { at } else { 0 }
}

/// Where the first blank line begins, not farther than words are read, and where words go on behind it.
fn blank_line(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes().get(..SHOWN).unwrap_or(text.as_bytes());
    let mut at = 0;
    loop {
        at += seek::any(bytes.get(at..)?, [b'\n']) + 1;
        let breaks =
            text.as_bytes().get(at..)?.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        if matches!(bytes.get(at..), Some([b'\n', ..] | [b'\r', b'\n', ..])) {
            return Some((at - 1, at + breaks));
        }
    }
}

/// Bytes in which a code is looked for.
const SHOWN: usize = 4096;

fn has_code(text: &str) -> bool {
    !words::read(beginning(text, SHOWN)).codes.is_empty()
}

/// Bytes of such words.
const GREETING: usize = 400;

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
    let begins = matches!(bytes, [b'2' | b'4' | b'5', b'0'..=b'9', b'0'..=b'9', ..]);
    let code = line.get(..3).filter(|_| begins)?;
    let after = bytes.get(3).copied().unwrap_or(b' ');
    if !matches!(after, b' ' | b'-' | b'\r' | b'\n') {
        return None;
    }
    Some(Head { code, continues: after == b'-', address: address(line) })
}

/// The first word of a line that holds an `@`.
fn address(line: &str) -> Option<&str> {
    let ends = |byte: &u8| matches!(byte, b'<' | b'>' | b' ' | b',' | b';' | b'(' | b')' | b'[' | b']');
    let bytes = line.as_bytes();
    let mut from = 0;
    loop {
        let at = from + seek::any(bytes.get(from..)?, [b'@']);
        let start = bytes.get(from..at)?.iter().rposition(ends).map_or(from, |end| from + end + 1);
        let end = bytes.get(at..)?.iter().position(ends).map_or(bytes.len(), |end| at + end);
        if at < end && end - start > 3 {
            return line.get(start..end);
        }
        from = end + 1;
    }
}

/// More of a reply than this is not asked for names.
const NAMING: usize = 4096;

/// What one reply says of recipient, host and stage.
fn notice(reply: Quote<'_>) -> Notice<'_> {
    // the type of a diagnostic, copied along from a report, is no word of the reply
    let mut notice = Notice::new(Form::Smtp, Kind::Bounce, clean(reply));
    let text = &*notice.reply.text;
    let shown = beginning(text, NAMING);
    let mut words = words::read(shown);
    let named = named(shown, &words);
    notice.stage = named.stage;
    notice.recipient = quoted(&notice.reply, named.recipient);
    notice.original_recipient = quoted(&notice.reply, named.original);
    notice.remote_host = quoted(&notice.reply, named.host);
    if shown.len() == text.len() {
        words.keep(without_frame(text, &words));
        notice.words = Some(words);
    }
    notice
}

/// What the words of a reply name.
#[derive(Default)]
struct Named {
    recipient: Option<Word>,
    original: Option<Word>,
    host: Option<Word>,
    stage: Option<Stage>,
}

fn named(text: &str, words: &Words) -> Named {
    let mut named = Named::default();
    let quoted = words.codes.first().map_or(0, |code| code.before as usize);
    let mut stage = STAGES.len();
    for (at, word) in words.words.iter().enumerate() {
        match word.item {
            Item::Word => stage = surer(stage, text.as_bytes(), word.start as usize),
            Item::Address => {
                if named.recipient.is_none() && !of_sender(words, at) {
                    named.recipient = Some(*word);
                }
                if named.original.is_none() && follows(words, at, FORWARDED_FROM) {
                    named.original = Some(*word);
                }
            }
            // the first host before the first code: `host mx.example.com[192.0.2.1] said: …`
            Item::Host if at < quoted && named.host.is_none() => named.host = Some(*word),
            _ => {}
        }
    }
    let shown = |word: &Word| text.get(word.start as usize..word.end as usize).unwrap_or_default();
    // what else stands for an address names nobody
    named.recipient = named.recipient.filter(|word| shown(word).contains('@'));
    named.stage = STAGES.get(stage).map(|(_, stage)| *stage);
    named
}

/// The part of a quoted reply that the refusing server wrote. Of `host mx.example.com[192.0.2.1] said: 550
/// no (in reply to RCPT TO command)` the rest says who quotes it, and nothing about the refusal.
fn without_frame(text: &str, words: &Words) -> Range<usize> {
    if let Some(told) = log::last_error(text) {
        return told;
    }
    let end = text.strip_suffix(')').and_then(|text| text.rfind("(in reply to ")).unwrap_or(text.len());
    let Some(code) = words.codes.first().filter(|code| code.reply.is_some_and(|reply| reply >= 400)) else {
        return 0..end;
    };
    let before = words.words.get(..code.before as usize).unwrap_or_default();
    let of_frame = |word: &Word| {
        let letters = words.letters(word);
        word.item != Item::Word || FRAME.iter().any(|known| known.as_bytes() == letters)
    };
    let names_host = before.iter().any(|word| matches!(word.item, Item::Host | Item::Ip));
    if names_host && before.iter().all(of_frame) { code.start as usize..end } else { 0..end }
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

/// Whether an address is said to be the sender's: "<a@example.com>: Sender address rejected",
/// "Verification failed for <a@example.com>".
fn of_sender(words: &Words, address: usize) -> bool {
    let near = words.words.get(address.saturating_sub(3)..words.words.len().min(address + 2));
    near.unwrap_or_default().iter().any(|word| {
        word.item == Item::Word && SENDER_WORDS.iter().any(|known| words.letters(word) == known.as_bytes())
    })
}

/// Whether one of some pairs of words stands right before an item: "(expanded from <a@example.com>)".
fn follows(words: &Words, item: usize, pairs: &[&str]) -> bool {
    let before = item.checked_sub(2).and_then(|start| words.words.get(start..item));
    let Some([first, second]) = before else { return false };
    let said = |(one, two): (&str, &str)| {
        words.letters(first) == one.as_bytes() && words.letters(second) == two.as_bytes()
    };
    pairs.iter().any(|pair| pair.split_once(' ').is_some_and(said))
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
    let mut best = STAGES.len();
    seek::words(text.as_bytes(), |at| best = surer(best, text.as_bytes(), at));
    STAGES.get(best).map(|(_, stage)| *stage)
}

/// Of a stage and the one that is named where a word begins the surer one, by their places among the stages.
#[inline]
fn surer(best: usize, text: &[u8], word: usize) -> usize {
    // most words are told by how they begin
    match text.get(word) {
        Some(b'R' | b'M' | b'D' | b'e' | b'i' | b'r') => {
            named_stage(best, text.get(word..).unwrap_or_default())
        }
        _ => best,
    }
}

#[inline(never)]
fn named_stage(best: usize, rest: &[u8]) -> usize {
    match rest {
        [b'R', b'C', ..]
        | [b'M' | b'D', b'A', ..]
        | [b'e', b'n', b'd', ..]
        | [b'i', b'n', b' ', ..]
        | [b'r', b'e', b'f', ..] => {
            STAGES.iter().take(best).position(|(words, _)| rest.starts_with(words)).unwrap_or(best)
        }
        _ => best,
    }
}

#[cfg(test)]
mod tests {
    use super::{STAGES, stage};

    #[test]
    fn stages_are_found_by_their_letters() {
        for (words, named) in STAGES {
            let words = std::str::from_utf8(words).expect("the stages are named in ASCII");
            for before in 0..8 {
                let text = format!("{}({words} command)", "x".repeat(before));
                assert_eq!(stage(&text), Some(named), "{text}");
            }
        }
    }
}
