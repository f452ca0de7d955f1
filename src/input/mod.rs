//! Stage 1: what form is this, and what does it say?

pub mod frames;
pub mod mail;
mod smtp;

use crate::text::decode::Charsets;
use crate::types::Notice;
use std::borrow::Cow;

/// Reads an input into one notice for each recipient or record, at least one.
pub fn read(input: &[u8], charsets: Charsets) -> Vec<Notice<'_>> {
    if mail::looks_like_mail(input) >= 50 {
        let notices = mail::read(input, charsets);
        if !notices.is_empty() {
            return notices;
        }
    }
    smtp::read(lossy(input))
}

/// The input as text: UTF-8, or what can be read of it.
fn lossy(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}
