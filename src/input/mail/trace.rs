//! Writes down what the parts of a mail were taken for, where somebody asks (`input::outline`).

use super::ndr;
use super::text::{Text, place};
use super::{Mail, Part};
use crate::input::outline::{self, Parts, Role};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// The parts met so far; nothing where nobody asks, which is the usual case.
#[derive(Clone, Debug, Default)]
pub struct Trace(Option<Rc<RefCell<Parts>>>);

/// As what a mail was read.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    /// By its report part: a complaint, a receipt.
    Report,
    /// By its delivery status, which may stand within the text.
    Status { inline: Option<usize> },
    /// By its text.
    Notice,
    /// As what surrounds another mail, which begins here.
    Around { cut: usize },
    /// As no notice.
    Other,
}

impl Trace {
    /// One that goes on with these.
    pub fn of(parts: Parts) -> Trace {
        Trace(Some(Rc::new(RefCell::new(parts))))
    }

    /// What was written down.
    pub fn take(&self) -> Parts {
        self.0.as_ref().map(|parts| parts.take()).unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |parts| parts.borrow().len())
    }

    /// What is written meanwhile stood in decoded bytes.
    pub fn displaced<T>(&self, read: impl FnOnce() -> T) -> T {
        let from = self.len();
        let read = read();
        self.change(|parts| parts.displace(from));
        read
    }

    /// What is written meanwhile is forgotten where the try fails.
    pub fn tried<T>(&self, read: impl FnOnce() -> Option<T>) -> Option<T> {
        let from = self.len();
        let read = read();
        if read.is_none() {
            self.change(|parts| parts.forget(from));
        }
        read
    }

    fn change(&self, change: impl FnOnce(&mut Parts)) {
        if let Some(parts) = &self.0 {
            change(&mut parts.borrow_mut());
        }
    }

    /// Words around a mail that was forwarded.
    pub fn around(&self, words: &[u8], input: &[u8]) {
        self.change(|parts| {
            parts.push(outline::Part::new(Role::Prose, false, range(words.trim_ascii(), input)));
        });
    }

    /// A mail within a mail.
    pub fn mail(&self, bytes: &[u8], input: &[u8]) {
        self.change(|parts| parts.push(outline::Part::new(Role::Mail, true, range(bytes, input))));
    }
}

fn range(slice: &[u8], input: &[u8]) -> Option<Range<usize>> {
    if slice.is_empty() {
        return None;
    }
    place(slice, input).map(|start| start..start + slice.len())
}

impl Mail<'_> {
    /// Writes down the header, the parts and, of the text that was read, its sections.
    pub fn trace(&self, seen: Seen, text: Option<&Text<'_>>) {
        self.trace.change(|parts| {
            if let Some((first, last)) = self.headers.ends() {
                let at = place(first, self.input)
                    .zip(place(last, self.input))
                    .map(|(start, end)| start..end + last.len());
                parts.push(outline::Part::new(Role::Header, true, at));
            }
            let shown = self.shown();
            let mut told = false;
            for (index, part) in self.parts.iter().enumerate() {
                let reads = shown.contains(&index);
                parts.push(self.traced(part, reads, seen));
                if reads
                    && !std::mem::replace(&mut told, true)
                    && let Some(text) = text
                {
                    self.sections(text, seen, parts);
                }
            }
        });
    }

    fn traced(&self, part: &Part<'_>, reads: bool, seen: Seen) -> outline::Part {
        let at = range(part.body(), self.input);
        let of = |role, used| outline::Part { name: part.kind.clone(), ..outline::Part::new(role, used, at) };
        let kind = part.kind.as_str();
        if kind.ends_with("delivery-status") {
            return of(Role::DeliveryStatus, matches!(seen, Seen::Status { inline: None }));
        }
        if matches!(kind, "message/feedback-report" | "message/disposition-notification")
            || kind.starts_with("application/tlsrpt")
        {
            return of(Role::Report, matches!(seen, Seen::Report));
        }
        if part.is_original() {
            return of(Role::Original, !matches!(seen, Seen::Other));
        }
        if reads || part.is_text() {
            return of(Role::Text, reads && !matches!(seen, Seen::Report));
        }
        of(Role::Attachment, false)
    }

    /// The parts whose text is read: the plain ones before the report, else the HTML, else any; as
    /// `Mail::text` takes them.
    fn shown(&self) -> Vec<usize> {
        let end =
            self.parts.iter().position(|part| part.kind.ends_with("delivery-status") || part.is_original());
        let those = |html: bool, end: usize| {
            let fits = |part: &Part<'_>| part.is_text() && (part.kind == "text/html") == html;
            let filled = |part: &Part<'_>| !part.bytes().trim_ascii().is_empty();
            let parts = self.parts.iter().take(end).enumerate();
            parts
                .filter(|(_, part)| fits(part) && filled(part))
                .map(|(index, _)| index)
                .collect::<Vec<usize>>()
        };
        let all = self.parts.len();
        let head = end.unwrap_or(all);
        [those(false, head), those(true, head), those(false, all), those(true, all)]
            .into_iter()
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn sections(&self, text: &Text<'_>, seen: Seen, parts: &mut Parts) {
        let base = match &text.text {
            Cow::Borrowed(text) => place(text.as_bytes(), self.input),
            Cow::Owned(_) => None,
        };
        let at = |range: Range<usize>| base.map(|base| base + range.start..base + range.end);
        let (end, notice) = match seen {
            Seen::Status { inline: Some(at) } => (at, true),
            Seen::Status { inline: None } | Seen::Notice => (text.text.len(), true),
            Seen::Around { cut } => (cut, false),
            Seen::Report | Seen::Other => (text.text.len(), false),
        };
        for section in ndr::sections(text.text.get(..end).unwrap_or_default()) {
            let around = matches!(seen, Seen::Around { .. });
            let (role, used) = match section.role {
                Role::Reply | Role::Recipient if !notice => (Role::Prose, !around),
                Role::Boilerplate => (Role::Boilerplate, false),
                Role::Original if !notice => (Role::Other, false),
                role => (role, !around),
            };
            let fact = match role {
                Role::Reply => "reply",
                Role::Recipient => "recipient",
                Role::Prose if used => "prose",
                _ => "",
            };
            let words = if role == Role::Reply { section.reply } else { String::new() };
            let part = outline::Part { fact, words, ..outline::Part::new(role, used, at(section.at)) };
            if role == Role::Reply || role == Role::Original { parts.push(part) } else { parts.join(part) }
        }
        if let Seen::Status { inline: Some(start) } = seen {
            parts.push(outline::Part::new(Role::DeliveryStatus, true, at(start..text.text.len())));
        }
    }
}
