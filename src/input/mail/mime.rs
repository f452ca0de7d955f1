//! The parts of a mail, found lazily: nothing is decoded before it is asked for.
//!
//! Attachments and quoted originals are slices that nobody reads. Broken structure is repaired
//! where it can be: missing or misspelt boundaries, missing ends, parts without a header
//! (RFC 2046 section 5.1).

use super::headers::{Headers, Structured, field};
use super::lines::{Lines, find_line_end};
use crate::input::seek;
use crate::text::decode;
use crate::text::ends;
use std::borrow::Cow;

/// Multiparts within multiparts that are followed; the rest is taken as one part.
const DEPTH: usize = 10;

/// Parts that are read; a mail with more is an attack.
const PARTS: usize = 10_000;

/// Bytes of a text part that are read.
const TEXT: usize = 16 << 20;

/// One part that is not itself a multipart.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Its own header.
    pub headers: Headers<'a>,
    /// Its content type in lower case; `text/plain` where none is given.
    pub kind: String,
    /// Its charset as labelled, or empty.
    pub charset: String,
    /// An attachment by its disposition.
    pub attachment: bool,
    encoding: Encoding,
    body: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    Plain,
    QuotedPrintable,
    Base64,
}

impl<'a> Part<'a> {
    fn read(headers: Headers<'a>, body: &'a [u8], kind: &Structured<'_>) -> Part<'a> {
        let encoding =
            headers.raw("Content-Transfer-Encoding").map(Structured::read).unwrap_or_default().value;
        let disposition = headers.raw("Content-Disposition").map(Structured::read).unwrap_or_default().value;
        Part {
            encoding: match encoding.as_str() {
                "base64" => Encoding::Base64,
                "quoted-printable" => Encoding::QuotedPrintable,
                _ => Encoding::Plain,
            },
            attachment: disposition == "attachment",
            charset: kind.parameter("charset").unwrap_or_default(),
            kind: if kind.value.contains('/') { kind.value.clone() } else { "text/plain".into() },
            headers,
            body,
        }
    }

    /// Its body as it stands in the mail.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Its bytes with the transfer encoding undone.
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        let body = self.body.get(..TEXT).unwrap_or(self.body);
        match self.encoding {
            Encoding::Plain => body.into(),
            Encoding::QuotedPrintable => decode::quoted_printable(body).into(),
            Encoding::Base64 => {
                let body = without_footer(body);
                // A field readable as it stands was never encoded, whatever the header says.
                if has_spaces(body) { body.into() } else { decode::base64(body).into() }
            }
        }
    }

    /// Text that a reader would see, not an attachment.
    pub fn is_text(&self) -> bool {
        self.kind.starts_with("text/")
            && !self.attachment
            && self.kind != "text/rfc822-headers"
            && !self.is_original()
    }

    /// A delivery status: by its type, or an attachment of no telling type that begins with the report's own field.
    pub fn is_status(&self) -> bool {
        self.kind.ends_with("delivery-status")
            || (self.attachment || self.kind == "application/octet-stream")
                && self.body.len() < TEXT_OF_STATUS
                && self
                    .bytes()
                    .trim_ascii_start()
                    .get(..14)
                    .is_some_and(|start| start.eq_ignore_ascii_case(b"Reporting-MTA:"))
    }

    /// The failed mail itself, whole or its header: by its type, or by fields that only a mail has.
    pub fn is_original(&self) -> bool {
        let message = matches!(
            self.kind.as_str(),
            "message/rfc822"
                | "message/global"
                | "message/partial"
                | "text/rfc822-headers"
                | "text/rfc822-header"
                | "message/global-headers"
                | "message/rfc822-headers"
        );
        message || self.headers.has("Received") || (self.headers.has("From") && self.headers.has("To"))
    }
}

/// Bytes of an attachment that may be a delivery status.
const TEXT_OF_STATUS: usize = 64 << 10;

/// Base64 without the words that a list or a scanner has added below it.
fn without_footer(body: &[u8]) -> &[u8] {
    let mut after_blank = false;
    for (at, line) in Lines::of(body) {
        let line = line.trim_ascii();
        if after_blank && (line.starts_with(b"--") || line.contains(&b' ')) {
            return body.get(..at).unwrap_or(body);
        }
        after_blank = at > 0 && line.is_empty();
    }
    body
}

/// Whether there are blanks between words, as no base64 has.
fn has_spaces(body: &[u8]) -> bool {
    body.trim_ascii().iter().take(400).filter(|byte| matches!(byte, b' ' | b':' | b'<')).count() > 4
}

/// The parts of a mail in the order in which they stand.
pub fn parts<'a>(headers: &Headers<'a>, body: &'a [u8]) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    walk(headers.clone(), body, 0, &mut parts);
    parts
}

fn walk<'a>(headers: Headers<'a>, body: &'a [u8], depth: usize, parts: &mut Vec<Part<'a>>) {
    if parts.len() >= PARTS {
        return;
    }
    let kind = headers.raw("Content-Type").map(Structured::read).unwrap_or_default();
    // At depth 0 the fields are the mail's own; deeper, Received means a returned original.
    let multipart = kind.value.starts_with("multipart") || (depth == 0 && begins_with_boundary(body));
    if multipart && depth < DEPTH && (depth == 0 || !headers.has("Received")) {
        let children =
            kind.parameter("boundary").map(|boundary| split(body, ends::trim_end(&boundary).as_bytes()));
        let children = children.filter(|children| !children.is_empty()).or_else(|| guess(body));
        for child in children.iter().flatten() {
            let (headers, body) = child_header(child);
            walk(headers, body, depth + 1, parts);
        }
        if children.is_some() {
            return;
        }
    }
    let kind = if multipart { Structured::default() } else { kind };
    let mut part = Part::read(headers, body, &kind);
    if depth == 0 {
        part.headers = Headers::default();
    }
    parts.push(part);
}

/// A part begins with its header or, where that has none, with a blank line.
fn child_header(child: &[u8]) -> (Headers<'_>, &[u8]) {
    let first = Lines::of(child).next().map(|(_, line)| line).unwrap_or_default();
    if !first.trim_ascii().is_empty() {
        let (headers, body) = Headers::read(child);
        // a status whose fields follow those of its part at once
        let joined = headers.has("Final-Recipient") && !body.trim_ascii().starts_with(b"Final-Recipient");
        return if joined { (headers, child) } else { (headers, body) };
    }
    // Some writers put an empty line before the header too.
    let rest = child.get(find_line_end(child, 0)..).unwrap_or_default();
    if is_content_field(rest) { Headers::read(rest) } else { (Headers::default(), rest) }
}

/// A field that describes content: `Content-Type` and its like.
fn is_content_field(line: &[u8]) -> bool {
    line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"))
}

/// The text between the lines that begin with this boundary; before the first one is a preamble.
fn split<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut children = Vec::new();
    let mut start = None;
    let mut next = 0;
    while let Some((at, line)) = line_of_boundary(body, next, boundary) {
        next = find_line_end(body, at);
        let rest = line.trim_ascii_end();
        let end = rest == b"--";
        if !(rest.is_empty() || end) {
            continue;
        }
        if let Some(start) = start {
            children.push(body.get(start..at).unwrap_or_default());
        }
        start = (!end).then_some(next);
        if children.len() >= PARTS {
            return children;
        }
    }
    children.extend(start.and_then(|start| body.get(start..)));
    children
}

/// Where the next line stands that begins with a boundary, and what it has behind it.
fn line_of_boundary<'a>(body: &'a [u8], from: usize, boundary: &[u8]) -> Option<(usize, &'a [u8])> {
    let mut at = from;
    while !boundary.is_empty() {
        at += seek::any(body.get(at..)?, [b'-']);
        let begins = at == 0 || matches!(body.get(at - 1), Some(b'\n' | b'\r'));
        let line = body.get(at..).filter(|_| begins).and_then(|rest| rest.strip_prefix(b"--"));
        if let Some(rest) = line.and_then(|line| line.strip_prefix(boundary)) {
            return Some((at, rest.get(..seek::any(rest, [b'\n', b'\r'])).unwrap_or_default()));
        }
        at += 1;
    }
    None
}

/// Where the boundary is unknown: the first line that looks like one.
fn guess(body: &[u8]) -> Option<Vec<&[u8]>> {
    let mut previous: Option<&[u8]> = None;
    for (_, line) in Lines::of(body) {
        if let Some(boundary) = previous
            && field(line).is_some_and(|(name, _)| is_content_field(name))
        {
            let children = split(body, boundary);
            return (!children.is_empty()).then_some(children);
        }
        previous = line.strip_prefix(b"--").map(<[u8]>::trim_ascii_end).filter(|rest| !rest.is_empty());
    }
    None
}

/// A multipart pasted without its header.
fn begins_with_boundary(body: &[u8]) -> bool {
    let mut lines = Lines::of(body).map(|(_, line)| line).filter(|line| !line.trim_ascii().is_empty());
    let first = lines.next().unwrap_or_default();
    first.starts_with(b"--") && lines.next().is_some_and(is_content_field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(mail: &str) -> Vec<(String, String)> {
        let (headers, body) = Headers::read(mail.as_bytes());
        let text = |part: &Part<'_>| String::from_utf8_lossy(&part.bytes()).trim().to_owned();
        parts(&headers, body).iter().map(|part| (part.kind.clone(), text(part))).collect()
    }

    #[test]
    fn nested_parts_are_found_without_their_ends() {
        let mail = "Content-Type: multipart/report; boundary=o\n\npreamble\n--o\nContent-Type: multipart/alternative; boundary=i\n\n\
                    --i\n\nHello\n--i\nContent-Type: text/html\n\n<p>Hello\n--o\nContent-Type: message/delivery-status\n\nAction: failed\n";
        let found = kinds(mail);
        let kinds: Vec<&str> = found.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["text/plain", "text/html", "message/delivery-status"]);
        assert_eq!(found[2].1, "Action: failed");
    }

    #[test]
    fn a_wrong_or_missing_boundary_is_guessed() {
        for head in
            ["Content-Type: multipart/mixed; boundary=wrong\n\n", "Content-Type: multipart/mixed\n\n", ""]
        {
            let found = kinds(&format!("{head}--b1\nContent-Type: text/plain\n\nHi\n--b1\n\nYou\n--b1--\n"));
            assert_eq!(found.len(), 2, "{head}");
        }
    }

    #[test]
    fn a_thousand_levels_end() {
        let level = |n: u32| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n");
        let mail: String = (0..1000).map(level).collect();
        assert_eq!(kinds(&mail).len(), 1);
    }
}
