//! Many mails in one file: mbox in its variants, MMDF, and messages one after the other.
//!
//! A mail begins at a line `From sender time` after a blank line (RFC 4155). mboxo and mboxrd write
//! such lines of a body as `>From`, and mboxrd those that begin so as `>>From`: one `>` is taken
//! off. mboxcl2 does not quote, and states a length instead; the length counts where a separator or the end follows it,
//! because files are edited and lengths are not.

#![allow(clippy::indexing_slicing, reason = "cut at places that a scan of the same bytes gave")]

use super::outline::{Part, Parts, Role};
use super::{Sink, mail, owned, seek};
use crate::text::decode::Charsets;
use crate::text::ends;
use crate::types::{Notice, Quote};

/// How sure it is that an input is a mailbox: 0 to 100.
pub fn looks_like_mailbox(input: &[u8]) -> u8 {
    let input = without_blank_lines(input);
    if input.starts_with(MMDF) || separator(input) {
        return 97;
    }
    if joined(input).is_some() { 96 } else { 0 }
}

/// Reads each mail of a mailbox.
pub fn read<'a>(input: &'a [u8], charsets: Charsets, sink: Sink<'_, 'a>) {
    each(input, |start, message| match unquoted(message) {
        Some(plain) => mail::read(&plain, charsets).into_iter().for_each(|notice| sink(owned(notice))),
        None => mail::read(message, charsets).into_iter().for_each(|notice| sink(moved(notice, start))),
    });
}

/// Writes down the mails of a mailbox and the parts of each.
pub fn outline(input: &[u8], charsets: Charsets, parts: &mut Parts) {
    each(input, |start, message| {
        parts.push(Part::new(Role::Mail, true, Some(start..start + message.len())));
        let from = parts.len();
        if let Some(plain) = unquoted(message) {
            mail::outline(&plain, charsets, parts);
            parts.displace(from);
        } else {
            mail::outline(message, charsets, parts);
            parts.shift(from, start);
        }
    });
}

/// Hands out the mails of a mailbox, each with its place.
fn each<'a>(input: &'a [u8], mut take: impl FnMut(usize, &'a [u8])) {
    let mut at = input.len() - without_blank_lines(input).len();
    while at < input.len() {
        let (start, end, next) = mail_at(input, at);
        let message = input.get(start..end).unwrap_or_default();
        if !message.trim_ascii().is_empty() {
            take(start, message);
        }
        at = next.max(at + 1);
    }
}

/// A mail with one `>` taken from its lines `>From `, `>>From ` …; `None` where it has none.
fn unquoted(message: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut kept = 0;
    for (at, line) in lines(message) {
        let quotes = line.iter().take_while(|byte| **byte == b'>').count();
        if quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From ")) {
            out.extend_from_slice(message.get(kept..at)?);
            kept = at + 1;
        }
    }
    if kept == 0 {
        return None;
    }
    out.extend_from_slice(message.get(kept..)?);
    Some(out)
}

fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        at += line_len(rest);
        Some((start, rest))
    })
}

/// A notice whose quotes stand so much further on in the input.
fn moved(mut notice: Notice<'_>, by: usize) -> Notice<'_> {
    let shift = |quote: &mut Quote<'_>| quote.at = quote.at.map(|at| at + by);
    shift(&mut notice.reply);
    notice.prose.as_mut().map(shift);
    notice
}

const MMDF: &[u8] = b"\x01\x01\x01\x01";

/// Where the mail that stands here begins and ends, and where the next one stands.
fn mail_at(input: &[u8], at: usize) -> (usize, usize, usize) {
    let rest = input.get(at..).unwrap_or_default();
    if rest.starts_with(MMDF) {
        let start = at + line_len(rest);
        let body = input.get(start..).unwrap_or_default();
        let end = start + find(body, MMDF).unwrap_or(body.len());
        // the mark that ends a mail stands before the one that begins the next
        return (start, end, end + line_len(input.get(end..).unwrap_or_default()));
    }
    let start = if separator(rest) { at + line_len(rest) } else { at };
    if let Some(end) = by_length(input, start) {
        return (start, end, end);
    }
    if start == at
        && let Some(len) = joined(rest)
    {
        return (start, start + len, start + len);
    }
    let end = by_separator(input, start);
    (start, end, end)
}

/// Where a stated `Content-Length` ends, if what follows bears it out.
fn by_length(input: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut length = None;
    loop {
        let rest = input.get(at..)?;
        let len = line_len(rest);
        let line = rest.get(..len)?.trim_ascii();
        at += len;
        if line.is_empty() {
            break;
        }
        let name = b"content-length:";
        if line.len() > name.len() && line.get(..name.len())?.eq_ignore_ascii_case(name) {
            length = ends::trim(std::str::from_utf8(line.get(name.len()..)?).ok()?).parse::<usize>().ok();
        }
        if len == 0 || at - start > (1 << 20) {
            return None;
        }
    }
    let end = at.checked_add(length?)?;
    let rest = input.get(end..)?;
    let after = without_blank_lines(rest);
    (after.is_empty() || rest.len() > after.len() && separator(after)).then_some(input.len() - after.len())
}

/// Where the next line `From …` after a blank line begins.
fn by_separator(input: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut blank = false;
    while at < input.len() {
        let rest = input.get(at..).unwrap_or_default();
        if blank && separator(rest) {
            return at;
        }
        let len = line_len(rest);
        blank = rest.get(..len).unwrap_or_default().trim_ascii().is_empty();
        at += len.max(1);
    }
    input.len()
}

/// `From MAILER-DAEMON Wed May  1 10:00:00 2024`, with or without a zone.
fn separator(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"From ") else { return false };
    let line = rest.get(..line_len(rest).min(400)).unwrap_or_default();
    let clock = line.windows(6).any(|six| {
        let hours = (six[0].is_ascii_digit() || six[0] == b' ') && six[1].is_ascii_digit();
        hours && six[2] == b':' && matches!(six[5], b':' | b' ')
    });
    let year = line.windows(4).any(|four| {
        (four.starts_with(b"19") || four.starts_with(b"20")) && four.iter().all(u8::is_ascii_digit)
    });
    clock && year
}

/// The length of the first of several messages that stand one after the other without a mark: a
/// multipart ends, and the fields of another mail begin.
fn joined(input: &[u8]) -> Option<usize> {
    let header = input.get(..end_of_header(input)?)?;
    let boundary = boundary(header)?;
    let closing = [b"\n--", boundary, b"--"].concat();
    let body = input.get(header.len()..)?;
    let end = header.len() + find(body, &closing)? + closing.len();
    let rest = input.get(end..)?;
    let next = without_blank_lines(rest);
    let fields = next.get(..end_of_header(next)?)?;
    let begins = |name: &[u8]| {
        fields.len() > name.len()
            && fields.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let mail = [
        &b"return-path:"[..],
        b"received:",
        b"delivered-to:",
        b"from:",
        b"date:",
        b"message-id:",
        b"x-original-to:",
    ]
    .into_iter()
    .any(begins);
    (mail && find(&fields.to_ascii_lowercase(), b"\nsubject:").is_some()).then_some(input.len() - next.len())
}

/// Where a header ends, if one begins here and is no longer than headers are.
fn end_of_header(input: &[u8]) -> Option<usize> {
    let head = input.get(..64 << 10).unwrap_or(input);
    let mut at = 0;
    loop {
        at += seek::any(head.get(at..)?, [b'\n']) + 1;
        if matches!(head.get(at..)?, [b'\n', ..] | [b'\r', b'\n', ..]) {
            return Some(at);
        }
    }
}

fn boundary(header: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        at += seek::any(header.get(at..)?, [b'=']) + 1;
        let name = header.get(..at)?;
        if name.len() >= 9 && name.get(at - 9..)?.eq_ignore_ascii_case(b"boundary=") {
            break;
        }
    }
    let rest = header.get(at..)?;
    let (start, stop): (usize, &[u8]) =
        if rest.first() == Some(&b'"') { (1, b"\"") } else { (0, b"; \t\r\n") };
    let value = rest.get(start..)?;
    let len = value.iter().position(|byte| stop.contains(byte)).unwrap_or(value.len());
    value.get(..len).filter(|value| !value.is_empty())
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let pair = [*wanted.first()?, *wanted.get(1)?];
    let mut at = 0;
    loop {
        // the second letter tells most lines from the wanted one
        at += seek::pair(text.get(at..)?, pair)?;
        if text.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

/// The length of a line with its end.
fn line_len(text: &[u8]) -> usize {
    (seek::any(text, [b'\n']) + 1).min(text.len())
}

fn without_blank_lines(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{looks_like_mailbox, read};
    use crate::text::decode;

    fn subjects(input: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        read(input, decode::none, &mut |notice| found.push(notice.subject.unwrap_or_default().into_owned()));
        found
    }

    fn mail(subject: &str, body: &str) -> String {
        format!(
            "From: a@example.com\nTo: b@example.org\nDate: Wed, 1 May 2024 10:00:00 +0000\nSubject: {subject}\n\n{body}\n"
        )
    }

    #[test]
    fn mails_begin_at_lines_that_say_so() {
        let from = "From a@example.com Wed May  1 10:00:00 2024\n";
        let mbox = format!(
            "{from}{}\n{from}{}\n{from}{}",
            mail("one", "x\nFrom here on\ny"),
            mail("two", ">From it"),
            mail("three", "")
        );
        assert!(looks_like_mailbox(mbox.as_bytes()) > 90);
        assert_eq!(subjects(mbox.as_bytes()), ["one", "two", "three"]);
        let quoted = ">From it\n>>From there\n> From\n";
        let plain = super::unquoted(quoted.as_bytes());
        assert_eq!(plain.as_deref(), Some(&b"From it\n>From there\n> From\n"[..]));
        assert_eq!(super::unquoted(b"From it\nx >From y"), None);
        let crlf = mbox.replace('\n', "\r\n");
        assert_eq!(subjects(crlf.as_bytes()), ["one", "two", "three"]);
    }

    #[test]
    fn a_stated_length_counts_where_it_is_borne_out() {
        let from = "From a@example.com Wed May  1 10:00:00 2024\n";
        let body = format!("x\n\n{from}inner\n");
        for (length, count) in [(body.len(), 2), (body.len() + 5, 3)] {
            let first = format!("From: a@example.com\nSubject: one\nContent-Length: {length}\n\n{body}");
            let mbox = format!("{from}{first}\n{from}{}", mail("two", "y"));
            assert_eq!(subjects(mbox.as_bytes()).len(), count);
        }
    }

    #[test]
    fn control_characters_and_closed_multiparts_part_mails() {
        let mmdf = format!(
            "\x01\x01\x01\x01\n{}\x01\x01\x01\x01\n\x01\x01\x01\x01\n{}\x01\x01\x01\x01\n",
            mail("one", "x"),
            mail("two", "y")
        );
        assert_eq!(subjects(mmdf.as_bytes()), ["one", "two"]);
        let one = "From: a@example.com\nSubject: one\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\nx\n--b--\n\n";
        let both = format!("{one}{}", mail("two", "y"));
        assert!(looks_like_mailbox(both.as_bytes()) > 90);
        assert_eq!(subjects(both.as_bytes()), ["one", "two"]);
        assert_eq!(looks_like_mailbox(one.as_bytes()), 0);
    }

    #[test]
    fn words_that_begin_with_from_part_nothing() {
        assert_eq!(looks_like_mailbox(b"From the mail system at 10:00:\nbye"), 0);
    }
}
