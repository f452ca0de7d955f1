//! Stage 1: what form is this, and what does it say?

pub mod frames;
pub mod mail;
mod smtp;

use crate::text::decode::Charsets;
use crate::types::{Form, Notice};
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

/// Reads an input as the form that it is said to be. A form without a reader of its own is found out.
pub fn read_as(form: Form, input: &[u8], charsets: Charsets) -> Vec<Notice<'_>> {
    let notices = match form {
        Form::Smtp => Vec::new(),
        Form::Dsn | Form::Ndr | Form::Arf | Form::Mail => mail::read(input, charsets),
        Form::Webhook | Form::Log | Form::Csv => read(input, charsets),
    };
    if notices.is_empty() { smtp::read(lossy(input)) } else { notices }
}

/// The input as text: UTF-8, or what can be read of it.
fn lossy(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}
