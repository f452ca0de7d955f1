//! Stage 1: what form is this, and what does it say?
//!
//! ```
//! use bouncelens::{input::{ReadOptions, read_with}, types::{Form, Kind}};
//! let log = b"May  1 10:00:00 mx postfix/smtp[321]: 4Vb2Q1: to=<ann@example.com>, relay=none, \
//!     delay=9, dsn=4.4.1, status=deferred (connect to mx.example.com[192.0.2.1]:25: Connection refused)";
//! let notices = read_with(log, &ReadOptions::default());
//! assert_eq!(notices[0].form, Form::Log);
//! // the form can be set; nothing is guessed then
//! let notices = read_with(log, &ReadOptions { form: Some(Form::Smtp), ..ReadOptions::default() });
//! assert_eq!(notices[0].form, Form::Smtp);
//! ```

mod csv;
mod detect;
pub mod frames;
pub mod json;
pub mod log;
pub mod mail;
mod mbox;
pub mod outline;
mod seek;
mod smtp;
pub mod webhook;

pub use detect::{Guess, Shape, detect};

use crate::text::decode::{self, Charsets};
use crate::types::{Form, Kind, Notice};
use mail::own_notice as owned;
use std::borrow::Cow;

/// Takes notices one by one, so that an input of any number of records needs no list of them.
pub type Sink<'s, 'a> = &'s mut dyn FnMut(Notice<'a>);

/// How an input is to be read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// The form that the caller knows it has; recognised where it is `None`.
    pub form: Option<Form>,
    /// Decodes the charsets of mails.
    pub charsets: Charsets,
}

impl Default for ReadOptions {
    /// Everything is recognised; charsets are the standard's natively and few in JavaScript.
    fn default() -> ReadOptions {
        #[cfg(not(target_arch = "wasm32"))]
        let charsets = decode::native;
        #[cfg(target_arch = "wasm32")]
        let charsets = decode::none;
        ReadOptions { form: None, charsets }
    }
}

/// Reads an input into one notice for each recipient or record, at least one.
pub fn read(input: &[u8], charsets: Charsets) -> Vec<Notice<'_>> {
    read_with(input, &ReadOptions { form: None, charsets })
}

/// The same, of an input whose form is known.
pub fn read_as(form: Form, input: &[u8], charsets: Charsets) -> Vec<Notice<'_>> {
    read_with(input, &ReadOptions { form: Some(form), charsets })
}

/// The same with options.
pub fn read_with<'a>(input: &'a [u8], options: &ReadOptions) -> Vec<Notice<'a>> {
    let mut notices = Vec::with_capacity(1);
    read_each(input, options, &mut |notice| notices.push(notice));
    notices
}

/// The same, one notice after the other.
pub fn read_each<'a>(input: &'a [u8], options: &ReadOptions, sink: Sink<'_, 'a>) {
    let wide = input.starts_with(b"\xFF\xFE") || input.starts_with(b"\xFE\xFF");
    if wide {
        // tables and logs of Windows; no offset of the decoded text is one of the input
        let (text, _) = decode::text(input, "utf-16", options.charsets);
        return each(text.as_bytes(), options, &mut |notice| sink(owned(notice)));
    }
    each(input, options, sink);
}

fn each<'a>(input: &'a [u8], options: &ReadOptions, sink: Sink<'_, 'a>) {
    // most inputs are one line, and most of these a reply as servers send it
    let one_line = seek::any(input, [b'\n', b'\r']) == input.len();
    if options.form.is_none() && detect::is_plain_reply(input, one_line) {
        return as_shape(Shape::Replies, input, one_line, options, sink);
    }
    if let Some(plain) = with_line_feeds(input).or_else(|| unquoted(input)) {
        return each(&plain, options, &mut |notice| sink(owned(notice)));
    }
    let mut told = false;
    let shape =
        options.form.map_or_else(|| detect::recognise(input).shape, |form| detect::shape_of(form, input));
    as_shape(shape, input, one_line, options, &mut |notice| {
        told = true;
        sink(notice);
    });
    if !told {
        // a mailbox without mails, say
        as_shape(Shape::Replies, input, one_line, options, sink);
    }
}

/// A text of several lines that old systems end with carriage returns alone.
fn with_line_feeds(input: &[u8]) -> Option<Vec<u8>> {
    let first = input.get(seek::any(input, [b'\n', b'\r']));
    let old = first == Some(&b'\r') && !input.contains(&b'\n') && input.trim_ascii_end().contains(&b'\r');
    old.then(|| input.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
}

/// A log, a table or events that somebody quotes with `> `. Mails and replies know quotes themselves.
fn unquoted(input: &[u8]) -> Option<Vec<u8>> {
    let first = input.iter().find(|byte| !byte.is_ascii_whitespace())?;
    let plain = if *first == b'>' { mail::unquote(input, 1) } else { None }?;
    let records = matches!(detect(&plain).shape, Shape::Log | Shape::Table | Shape::Events);
    records.then_some(plain)
}

fn as_shape<'a>(shape: Shape, input: &'a [u8], one_line: bool, options: &ReadOptions, sink: Sink<'_, 'a>) {
    match shape {
        Shape::Mail => mails(input, options.charsets, sink),
        Shape::Mailbox => mbox::read(input, options.charsets, sink),
        shape => match lossy(input) {
            Cow::Borrowed(text) => records(shape, text, one_line, sink),
            // places in a mended text are not places in the input
            Cow::Owned(text) => records(shape, &text, one_line, &mut |notice| sink(owned(notice))),
        },
    }
}

/// Reads a mail; a mail that reports nothing by itself may carry a provider's event.
fn mails<'a>(input: &'a [u8], charsets: Charsets, sink: Sink<'_, 'a>) {
    let notices = mail::read(input, charsets);
    match event(input, charsets, &notices) {
        Some(text) => webhook::read(&text, &mut |notice| sink(owned(notice))),
        None => notices.into_iter().for_each(sink),
    }
}

/// Bytes of a mail that carries an event: Amazon SNS sends no more than 256 KB.
const EVENT: usize = 1 << 20;

/// The event that a mail carries which reports nothing by itself.
fn event(input: &[u8], charsets: Charsets, notices: &[Notice<'_>]) -> Option<String> {
    let silent = notices.iter().all(|notice| matches!(notice.kind, Kind::Unrelated | Kind::Subscription));
    let event = if silent && input.len() < EVENT { mail::json_body(input, charsets) } else { None };
    event.filter(|text| detect(text.as_bytes()).shape == Shape::Events)
}

/// Reads a text of a shape that is no mail.
fn records<'a>(shape: Shape, text: &'a str, one_line: bool, sink: Sink<'_, 'a>) {
    match shape {
        Shape::Events => webhook::read(text, sink),
        Shape::FormPost => webhook::read_form(text, &mut |notice| sink(notice)),
        Shape::Log => log::read(text, sink),
        Shape::Table => csv::read(text, sink),
        Shape::Replies | Shape::Mail | Shape::Mailbox if one_line => smtp::read_line(text, sink),
        Shape::Replies | Shape::Mail | Shape::Mailbox => smtp::read(text, sink),
    }
}

/// The input as text: UTF-8, or what can be read of it.
fn lossy(input: &[u8]) -> Cow<'_, str> {
    // most inputs are sound, which is sooner seen than what to mend
    std::str::from_utf8(input).map_or_else(|_| String::from_utf8_lossy(input), Cow::Borrowed)
}
