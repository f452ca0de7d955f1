//! What form an input has, and how sure that is.
//!
//! ```
//! use bouncelens::input::{Shape, detect};
//! assert_eq!(detect(b"550 5.1.1 user unknown").shape, Shape::Replies);
//! assert_eq!(detect(br#"{"RecordType":"Bounce","Details":"550 no"}"#).shape, Shape::Events);
//! assert_eq!(detect(b"From MAILER-DAEMON Wed May  1 10:00:00 2024\nSubject: x\n\ny\n").shape, Shape::Mailbox);
//! ```
//!
//! Each form is asked how sure it is, from 0 to 100, and the surest one reads the input; a plain
//! reply is what is left. Only the beginning of an input is looked at.

use super::{csv, log, mail, mbox, seek, webhook};
use crate::text::ends;
use crate::types::Form;
use std::borrow::Cow;

/// How an input is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// SMTP replies, or words of mail servers.
    Replies,
    /// One mail.
    Mail,
    /// Many mails.
    Mailbox,
    /// JSON.
    Events,
    /// `event=bounced&recipient=…`
    FormPost,
    /// Lines of a log.
    Log,
    /// CSV or TSV.
    Table,
}

impl Shape {
    /// The name outside of Rust.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::Replies => "replies",
            Shape::Mail => "mail",
            Shape::Mailbox => "mailbox",
            Shape::Events => "events",
            Shape::FormPost => "form-post",
            Shape::Log => "log",
            Shape::Table => "table",
        }
    }
}

/// What an input seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// How it is laid out.
    pub shape: Shape,
    /// How sure that is, 0 to 100.
    pub sure: u8,
}

/// Bytes by which an input is recognised.
const SAMPLE: usize = 64 << 10;
/// Less than this is not enough to take an input for anything but replies.
const ENOUGH: u8 = 50;

/// Recognises an input by its beginning.
pub fn detect(input: &[u8]) -> Guess {
    if is_plain_reply(input, false) { Guess { shape: Shape::Replies, sure: 95 } } else { recognise(input) }
}

/// The same of an input that is no plain reply.
pub fn recognise(input: &[u8]) -> Guess {
    let text = sample(input);
    let trimmed = ends::trim(&text).as_bytes();
    if trimmed.is_empty() {
        return Guess { shape: Shape::Replies, sure: 100 };
    }
    let lines = seek::any(trimmed, [b'\n', b'\r']) < trimmed.len();
    let first = [
        (Shape::Mailbox, if lines { mbox::looks_like_mailbox(input) } else { 0 }),
        (Shape::Events, webhook::looks_like_events(&text)),
        (Shape::FormPost, webhook::looks_like_form(&text)),
    ];
    let mut best = Guess { shape: Shape::Replies, sure: 0 };
    for (shape, sure) in first {
        best = surer(best, shape, sure);
    }
    // a mail in parts is soon told, and that it is no log takes a look at every line
    if best.sure < 90 && lines && mail::has_parts(input) {
        return Guess { shape: Shape::Mail, sure: 95 };
    }
    if best.sure < 90 {
        best = surer(best, Shape::Log, log::looks_like_log(&text));
    }
    // mails and tables have lines, unless it is a long text or HTML that somebody joined
    let joined = text.len() > 1000 || ends::trim_start(&text).starts_with('<');
    if (lines || joined) && best.sure < 90 {
        best = surer(best, Shape::Mail, mail::looks_like_mail(input));
    }
    if (lines || log::is_powermta_row(&text)) && best.sure < 90 {
        best = surer(best, Shape::Table, csv::looks_like_table(&text));
    }
    if best.sure < ENOUGH { Guess { shape: Shape::Replies, sure: 100 - best.sure } } else { best }
}

fn surer(best: Guess, shape: Shape, sure: u8) -> Guess {
    if sure > best.sure { Guess { shape, sure } } else { best }
}

/// How an input of a known form is laid out.
pub fn shape_of(form: Form, input: &[u8]) -> Shape {
    let text = || sample(input);
    match form {
        Form::Smtp => Shape::Replies,
        Form::Dsn | Form::Ndr | Form::Arf | Form::Mail if mbox::looks_like_mailbox(input) >= ENOUGH => {
            Shape::Mailbox
        }
        Form::Dsn | Form::Ndr | Form::Arf | Form::Mail => Shape::Mail,
        Form::Webhook if webhook::looks_like_form(&text()) > 0 => Shape::FormPost,
        Form::Webhook => Shape::Events,
        // accounting and tracking logs are tables, those of some servers are JSON
        Form::Log if webhook::looks_like_events(&text()) >= ENOUGH => Shape::Events,
        Form::Log if csv::looks_like_table(&text()) >= ENOUGH && log::looks_like_log(&text()) < ENOUGH => {
            Shape::Table
        }
        Form::Log => Shape::Log,
        Form::Csv => Shape::Table,
    }
}

/// Longer replies are looked at more closely.
const PLAIN: usize = 2048;

/// A reply as servers send it is nothing else, and most inputs are that plain: `550 …`, or lines
/// `550-…` under one code that `550 …` ends (RFC 5321 section 4.2.1).
/// That the input is one line, without a break at its end, may be known.
pub fn is_plain_reply(input: &[u8], one_line: bool) -> bool {
    let input = input.strip_suffix(b"\n").unwrap_or(input);
    let input = input.strip_suffix(b"\r").unwrap_or(input);
    let [class @ (b'2' | b'4' | b'5'), second, third, ..] = input else { return false };
    let code = [*class, *second, *third];
    if input.len() > PLAIN || !(second.is_ascii_digit() && third.is_ascii_digit()) {
        return false;
    }
    let mut rest = input;
    loop {
        let Some(after) = rest.strip_prefix(&code).and_then(|after| after.first()) else { return false };
        let end = if one_line { rest.len() } else { seek::any(rest, [b'\n', b'\r']) };
        let next = match rest.get(end..) {
            Some([] | [b'\r']) => return matches!(after, b' ' | b'-'),
            Some([b'\n', next @ ..] | [b'\r', b'\n', next @ ..]) => next,
            _ => return false,
        };
        if *after != b'-' {
            return false;
        }
        rest = next;
    }
}

/// The beginning of an input as text; a character that is cut in two is left out.
fn sample(input: &[u8]) -> Cow<'_, str> {
    let bytes = input.get(..SAMPLE).unwrap_or(input);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).map_or(Cow::Borrowed(""), String::from_utf8_lossy)
        }
        Err(_) => String::from_utf8_lossy(bytes),
    }
}
