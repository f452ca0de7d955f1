//! What is known of the failed mail itself: ids, subject and sender from its returned header.
//!
//! Reports group bounces by these, and so the header is read even where the verdict needs none.

use super::address;
use super::headers::Headers;
use super::lines::{Lines, find_line_end};
use crate::input::frames;
use crate::text::decode::Charsets;
use crate::text::ends;
use crate::types::Notice;
use std::borrow::Cow;

/// Facts of the failed mail.
#[derive(Clone, Debug, Default)]
pub struct Original<'a> {
    /// `Message-ID` without angle brackets.
    pub message_id: Option<Cow<'a, str>>,
    /// `Subject`, decoded.
    pub subject: Option<Cow<'a, str>>,
    /// `Return-Path`, else the address of `From`.
    pub sender: Option<Cow<'a, str>>,
    /// The first address of `To`.
    pub to: Option<Cow<'a, str>>,
    /// The campaign, by whichever field its sender uses.
    pub campaign: Option<Cow<'a, str>>,
}

impl<'a> Original<'a> {
    /// Reads the facts from a header.
    pub fn read(headers: &Headers<'a>, charsets: Charsets) -> Original<'a> {
        let address =
            |names: &[&str]| headers.first(names, charsets).and_then(|value| address::of_field(&value));
        let recipient =
            ["X-HmXmrOriginalRecipient", "X-Original-To", "X-Apparently-To", "To", "Delivered-To"];
        Original {
            message_id: headers.first(&["Message-ID"], charsets).map(without_brackets),
            subject: headers.first(&["Subject"], charsets),
            sender: address(&["Return-Path"])
                .filter(|sender| sender.contains('@'))
                .or_else(|| address(&["From"])),
            to: address(&recipient).filter(|to| to.contains('@')),
            campaign: headers.first(frames::CAMPAIGN_FIELDS, charsets),
        }
    }

    /// Reads the facts from the quoted mail at the end of a text, behind the line announcing it.
    pub fn read_quoted(text: &'a str, charsets: Charsets) -> Original<'a> {
        let mut at = 0;
        for _ in 0..8 {
            let rest = text.get(at..).unwrap_or_default();
            let first = Lines::of(rest.as_bytes()).next().map(|(_, line)| line).unwrap_or_default();
            if super::headers::field(first).is_some_and(|(_, value)| !value.is_empty()) {
                return Original::read(&Headers::read(rest.as_bytes()).0, charsets);
            }
            at += find_line_end(rest.as_bytes(), 0);
        }
        Original::default()
    }

    /// The same facts, no longer tied to the bytes they were read from.
    pub fn own(self) -> Original<'static> {
        let own = |value: Option<Cow<'_, str>>| value.map(|value| Cow::Owned(value.into_owned()));
        Original {
            message_id: own(self.message_id),
            subject: own(self.subject),
            sender: own(self.sender),
            to: own(self.to),
            campaign: own(self.campaign),
        }
    }

    /// Puts the facts into a notice, where it has none of its own.
    pub fn fill(&self, notice: &mut Notice<'a>) {
        let fill = |place: &mut Option<Cow<'a, str>>, value: &Option<Cow<'a, str>>| {
            if place.is_none() {
                place.clone_from(value);
            }
        };
        fill(&mut notice.message_id, &self.message_id);
        fill(&mut notice.subject, &self.subject);
        fill(&mut notice.sender, &self.sender);
        fill(&mut notice.campaign, &self.campaign);
    }
}

/// A message id without its angle brackets.
pub fn without_brackets(id: Cow<'_, str>) -> Cow<'_, str> {
    match id {
        Cow::Borrowed(id) => Cow::Borrowed(ends::end(ends::start(ends::trim(id), b"<"), b">")),
        Cow::Owned(id) => Cow::Owned(ends::end(ends::start(ends::trim(&id), b"<"), b">").to_owned()),
    }
}
