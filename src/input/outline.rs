//! What an input was taken for, and what became of each part of it: for people who ask why.
//!
//! ```
//! use bouncelens::input::{ReadOptions, outline::{Role, outline}};
//! let mail = b"From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n\
//!     <ann@example.com>:\nRemote host said: 550 5.1.1 no such user\n\n\
//!     --- Below this line is a copy of the message.\n\nSubject: Hello\n";
//! let outline = outline(mail, &ReadOptions::default());
//! let reply = outline.parts.iter().find(|part| part.role == Role::Reply).unwrap();
//! assert!(reply.used);
//! assert_eq!(&mail[reply.at.clone().unwrap()], b"Remote host said: 550 5.1.1 no such user");
//! ```
//!
//! This reads the input once more and writes down what it meets. Nothing of it is done where only
//! verdicts are asked for.

use super::detect::shape_of;
use super::{ReadOptions, Shape, csv, detect, log, mail, mbox, read_with, smtp, webhook};
use crate::text::decode;
use crate::types::Notice;
use std::borrow::Cow;
use std::ops::Range;

/// What an input was taken for, and its parts in the order in which they stand.
#[derive(Clone, Debug)]
pub struct Outline {
    /// How it is laid out.
    pub shape: Shape,
    /// How sure that is, 0 to 100.
    pub sure: u8,
    /// The caller said which form it is; nothing was guessed.
    pub asked: bool,
    /// Its parts. Those of a mail that stands in another follow the part that it is.
    pub parts: Vec<Part>,
}

/// A part of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// Whether anything of it went into a notice.
    pub used: bool,
    /// The content type of a mail's part, the name of a column, the path of a field; else empty.
    pub name: String,
    /// The fact that it was read as, by its name in JavaScript; empty where it is no single fact.
    pub fact: &'static str,
    /// How many lines, rows, fields or parts of this kind it stands for.
    pub count: usize,
    /// Its bytes in the input; `None` where it was decoded, or where there are several.
    pub at: Option<Range<usize>>,
    /// The words of a reply, by which it is known later whether a notice took it.
    pub(super) words: String,
}

/// Makes the enum of roles and their names.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal,)+) => {
        /// What a part of an input is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Role { $($(#[$doc])* $role,)+ }

        impl Role {
            /// All of them.
            pub const ALL: &'static [Role] = &[$(Role::$role),+];

            /// The name outside of Rust.
            pub fn as_str(self) -> &'static str {
                match self { $(Role::$role => $name,)+ }
            }
        }
    };
}

roles! {
    /// A mail: one of a mailbox, or one within another.
    Mail = "mail",
    /// The header of a mail.
    Header = "header",
    /// A part for people to read.
    Text = "text",
    /// A delivery status: a part, or its fields within a text.
    DeliveryStatus = "delivery-status",
    /// Another report for machines: a complaint's, a receipt's.
    Report = "report",
    /// The mail that failed, or its header.
    Original = "original",
    /// A file that nobody reads.
    Attachment = "attachment",
    /// A line or paragraph that names a recipient.
    Recipient = "recipient",
    /// A reply: quoted in a text, or all there is.
    Reply = "reply",
    /// Words around it, for people.
    Prose = "prose",
    /// Sentences that tell nothing about a cause.
    Boilerplate = "boilerplate",
    /// A line of a log that tells of a delivery.
    Delivery = "delivery",
    /// A line of a log that tells something else of a mail, such as its sender.
    Context = "context",
    /// A field of an event.
    Field = "field",
    /// A column of a table.
    Column = "column",
    /// The row that names the columns.
    ColumnNames = "column-names",
    /// A row that became a record.
    Row = "row",
    /// Lines, rows or fields that are nothing of all this.
    Other = "other",
}

/// Parts that are listed one by one; what comes after them is counted with its like.
const MOST: usize = 1000;

/// The parts found so far.
#[derive(Debug, Default)]
pub struct Parts {
    list: Vec<Part>,
}

impl Parts {
    /// Adds a part.
    pub fn push(&mut self, part: Part) {
        if self.list.len() >= MOST
            && let Some(like) = self.list.iter_mut().rfind(|like| part.is_like(like))
        {
            like.count += part.count;
            like.at = None;
            return;
        }
        self.list.push(part);
    }

    /// Adds a part, and joins it to the one before where that is of the same kind.
    pub fn join(&mut self, part: Part) {
        match self.list.last_mut() {
            Some(last) if part.is_like(last) => {
                last.count += part.count;
                last.at = last.at.take().zip(part.at).map(|(first, next)| first.start..next.end);
            }
            _ => self.push(part),
        }
    }

    /// Adds a part, and counts it with its like wherever that stands.
    pub fn gather(&mut self, part: Part) {
        match self.list.iter_mut().find(|like| part.is_like(like)) {
            Some(like) => {
                like.count += part.count;
                like.at = None;
            }
            None => self.list.push(part),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Forgets those from this one on.
    pub fn forget(&mut self, from: usize) {
        self.list.truncate(from);
    }

    /// Parts from this one on stood in decoded bytes: their places are none of the input's.
    pub fn displace(&mut self, from: usize) {
        self.list.iter_mut().skip(from).for_each(|part| part.at = None);
    }

    /// Parts from this one on stand so much further on in the input.
    pub fn shift(&mut self, from: usize, by: usize) {
        for range in self.list.iter_mut().skip(from).filter_map(|part| part.at.as_mut()) {
            *range = range.start + by..range.end + by;
        }
    }
}

impl Part {
    /// A part that stands for itself.
    pub fn new(role: Role, used: bool, at: Option<Range<usize>>) -> Part {
        Part { role, used, name: String::new(), fact: "", count: 1, at, words: String::new() }
    }

    fn is_like(&self, other: &Part) -> bool {
        self.role == other.role
            && self.used == other.used
            && self.name == other.name
            && self.fact == other.fact
    }
}

/// Reads an input and tells what it was taken for and which parts of it were used.
pub fn outline(input: &[u8], options: &ReadOptions) -> Outline {
    let wide = input.starts_with(b"\xFF\xFE") || input.starts_with(b"\xFE\xFF");
    if wide {
        let (text, _) = decode::text(input, "utf-16", options.charsets);
        let mut outline = of(text.as_bytes(), options);
        outline.parts.iter_mut().for_each(|part| part.at = None);
        return outline;
    }
    of(input, options)
}

fn of(input: &[u8], options: &ReadOptions) -> Outline {
    if let Some(plain) = super::with_line_feeds(input) {
        // a byte for a byte: places stay places
        return of(&plain, options);
    }
    if let Some(plain) = super::unquoted(input) {
        let mut outline = of(&plain, options);
        outline.parts.iter_mut().for_each(|part| part.at = None);
        return outline;
    }
    let guess = detect(input);
    let (shape, sure) = options.form.map_or((guess.shape, guess.sure), |form| (shape_of(form, input), 100));
    let mut parts = Parts::default();
    match shape {
        Shape::Mail => {
            mail::outline(input, options.charsets, &mut parts);
            if let Some(text) = super::event(input, options.charsets, &mail::read(input, options.charsets)) {
                let from = parts.len();
                webhook::outline(&text, &mut parts);
                parts.displace(from);
            }
        }
        Shape::Mailbox => mbox::outline(input, options.charsets, &mut parts),
        _ => {
            let text = super::lossy(input);
            records(shape, &text, &mut parts);
            if matches!(text, Cow::Owned(_)) {
                // places in a mended text are not places in the input
                parts.displace(0);
            }
        }
    }
    settle(&mut parts, &read_with(input, options));
    Outline { shape, sure, asked: options.form.is_some(), parts: parts.list }
}

fn records(shape: Shape, text: &str, parts: &mut Parts) {
    match shape {
        Shape::Events => webhook::outline(text, parts),
        Shape::FormPost => webhook::outline_form(text, parts),
        Shape::Log => log::outline(text, parts),
        Shape::Table => csv::outline(text, parts),
        Shape::Replies | Shape::Mail | Shape::Mailbox => {
            smtp::read(text, &mut |notice| {
                let at = notice.reply.at.map(|at| at..at + notice.reply.text.len());
                parts.push(Part::new(Role::Reply, !notice.reply.text.is_empty(), at));
            });
        }
    }
}

/// Of the replies that a text quotes, those are used that a notice took; their words were kept.
fn settle(parts: &mut Parts, notices: &[Notice<'_>]) {
    let said: Vec<String> = notices.iter().take(64).map(|notice| letters(&notice.reply.text)).collect();
    for part in parts.list.iter_mut().filter(|part| part.role == Role::Reply && !part.words.is_empty()) {
        let words = letters(&part.words);
        let took =
            |said: &String| !said.is_empty() && (words.contains(said.as_str()) || said.contains(&words));
        if !said.iter().any(took) {
            (part.role, part.fact) = (Role::Prose, "prose");
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter > '\u{7F}').take(2000).collect()
}
