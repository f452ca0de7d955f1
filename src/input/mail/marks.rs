//! The words of notices found in a line: one pass over the line for all lists of `frames.toml`.
//!
//! Case, accents and full-width forms do not matter; a mark begins at the beginning of a word.

use crate::input::{frames, seek};
use crate::order;
use crate::text::fold::{Folded, fold};
use crate::text::words::{self, eight};
use std::sync::OnceLock;

/// Makes the enum of lists and the table of their words.
macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $words:ident,)+) => {
        /// A list of `frames.toml`: what its words mean to the reader.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum List { $($(#[$doc])* $name,)+ }

        const LISTS: &[(List, &str)] = &[$((List::$name, frames::lines::$words)),+];
    };
}

lists! {
    /// Begins the quoted original.
    Original = ORIGINAL_MARKERS,
    /// Stands before a failed recipient, at the beginning of a line.
    Recipient = RECIPIENT_LABELS,
    /// Stands before an address that is not a recipient.
    Other = OTHER_LABELS,
    /// Names the address before an expansion.
    Expanded = EXPANSION_LEADS,
    /// Stands before a quoted reply.
    Reply = REPLY_LEADS,
    /// Ends a quoted reply.
    Stop = REPLY_STOPS,
    /// A line that the remote host sent, in a transcript.
    Received = TRANSCRIPT_RECEIVED,
    /// A line that the remote host got, in a transcript.
    Sent = TRANSCRIPT_SENT,
    /// Names a host.
    Host = HOST_LEADS,
    /// Names the stage.
    Stage = STAGE_MARKS,
    /// Says that delivery is still being tried.
    Delay = DELAY_MARKS,
    /// Says that delivery succeeded.
    Success = SUCCESS_MARKS,
    /// Says that delivery failed.
    Failure = FAILURE_MARKS,
    /// A sender of notices.
    Daemon = DAEMON_SENDERS,
    /// A subject of notices.
    Subject = NOTICE_SUBJECTS,
    /// A subject of delay notices.
    DelaySubject = DELAY_SUBJECTS,
    /// A subject of success notices.
    SuccessSubject = SUCCESS_SUBJECTS,
    /// A subject of auto-replies.
    AutoReplySubject = AUTO_REPLY_SUBJECTS,
    /// Words of auto-replies.
    AutoReply = AUTO_REPLY_MARKS,
    /// Words of challenges.
    Challenge = CHALLENGE_MARKS,
    /// Words of subscription mails.
    Subscription = SUBSCRIPTION_MARKS,
    /// A subject that asks to be put on a list or taken off it.
    SubscriptionSubject = SUBSCRIPTION_SUBJECTS,
    /// Words to a mailbox's owner, who has sent nothing.
    Owner = OWNER_MARKS,
    /// A subject of read receipts.
    ReceiptSubject = RECEIPT_SUBJECTS,
    /// Words of read receipts.
    Receipt = RECEIPT_MARKS,
    /// A subject of aggregate reports.
    AggregateSubject = AGGREGATE_SUBJECTS,
    /// Words of complaints.
    Complaint = COMPLAINT_MARKS,
    /// Sentences that say nothing about the cause.
    Boilerplate = BOILERPLATE,
    /// Begins a section that holds no cause.
    Section = SECTION_LABELS,
}

/// Words of a list at a place in a line.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// The list.
    pub list: List,
    /// What the words mean, where the list says so.
    pub meaning: &'static str,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
}

/// All marks of all lists, by as many of their first letters as they have: many begin with the same word.
struct Index {
    /// A bit for each way in which three letters begin a mark: most words begin in none.
    begins: Vec<u32>,
    long: Table,
    middle: Table,
    short: Table,
}

/// Letters by which a long mark is found, and those of the others.
const LONG: usize = 12;
const MIDDLE: usize = 6;
const SHORT: usize = 2;

/// Marks by the hash of their first letters.
struct Table {
    /// Where the marks of each slot begin; one more at the end.
    starts: Vec<u16>,
    marks: Vec<Mark>,
}

struct Mark {
    letters: Vec<u8>,
    /// The first eight letters, by which most are ruled out.
    head: u64,
    list: List,
    meaning: &'static str,
}

const SLOTS: usize = 1 << 12;

/// The slot of marks that begin so: with eight letters and those behind them.
#[inline(always)]
fn slot(head: u64, behind: u64) -> usize {
    (words::mix(words::mix(0, head), behind) >> 20) as usize % SLOTS
}

/// The bit of three letters: five bits of each, the word of the first two and the bit of the third.
#[inline(always)]
fn beginning(head: u64) -> (usize, u32) {
    ((head as usize & 31) << 5 | (head >> 8) as usize & 31, 1 << (head >> 16 & 31))
}

impl Table {
    fn of(marks: Vec<Mark>, slot_of: impl Fn(&Mark) -> usize) -> Table {
        let slots: Vec<usize> = marks.iter().map(slot_of).collect();
        let mut starts = vec![0; SLOTS + 1];
        for slot in &slots {
            starts.iter_mut().skip(slot + 1).take(1).for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut marks: Vec<(usize, Mark)> = slots.into_iter().zip(marks).collect();
        order::sort(&mut marks, |a, b| a.0.cmp(&b.0));
        Table { starts, marks: marks.into_iter().map(|(_, mark)| mark).collect() }
    }

    /// The marks in a slot.
    #[inline(always)]
    fn at(&self, slot: usize) -> &[Mark] {
        match self.starts.get(slot..slot + 2) {
            Some([start, end]) => self.marks.get(usize::from(*start)..usize::from(*end)).unwrap_or_default(),
            _ => &[],
        }
    }
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut marks = Vec::new();
        for (list, words) in LISTS {
            for entry in words.lines() {
                let (text, meaning) = entry.split_once('|').unwrap_or((entry, ""));
                let mut line = Line::default();
                line.read(text, 0);
                marks.push(Mark {
                    head: eight(&line.letters, 0),
                    letters: line.letters,
                    list: *list,
                    meaning,
                });
            }
        }
        let mut begins = vec![0; 1 << 10];
        for mark in &marks {
            let (word, bit) = beginning(mark.head);
            // behind two letters anything may stand
            let bits = if mark.letters.len() > SHORT { bit } else { u32::MAX };
            begins.iter_mut().skip(word).take(1).for_each(|word| *word |= bits);
        }
        let (long, others): (Vec<Mark>, Vec<Mark>) =
            marks.into_iter().partition(|mark| mark.letters.len() >= LONG);
        let (middle, short) = others.into_iter().partition(|mark| mark.letters.len() >= MIDDLE);
        Index {
            begins,
            long: Table::of(long, |mark| slot(mark.head, words::lowest(eight(&mark.letters, 8), LONG - 8))),
            middle: Table::of(middle, |mark| slot(words::lowest(mark.head, MIDDLE), 0)),
            short: Table::of(short, |mark| slot(words::lowest(mark.head, SHORT), 0)),
        }
    })
}

/// A line made comparable; kept between lines to reuse its memory.
#[derive(Default)]
pub struct Line {
    letters: Vec<u8>,
    /// Place in the text of each letter's byte; empty for plain ASCII, where they go in step.
    places: Vec<u32>,
    start: usize,
}

impl Line {
    /// Makes a line comparable. `start` is its place in the text.
    pub fn read(&mut self, line: &str, start: usize) {
        self.letters.clear();
        self.places.clear();
        self.start = start;
        if line.is_ascii() {
            self.letters.extend_from_slice(line.as_bytes());
            self.letters.make_ascii_lowercase();
            if seek::any(line.as_bytes(), [b'\t']) < line.len() {
                self.letters.iter_mut().filter(|byte| **byte == b'\t').for_each(|byte| *byte = b' ');
            }
            return;
        }
        for (at, c) in line.char_indices() {
            let (one, two) = match c {
                ' '..='~' => (Some(c.to_ascii_lowercase()), None),
                '\u{A0}' | '\u{3000}' | '\t' => (Some(' '), None),
                '’' | '‘' => (Some('\''), None),
                '：' => (Some(':'), None),
                _ => match fold(c) {
                    Folded::Letter(one, two) => (Some(one), two),
                    Folded::Ideograph(one) => (Some(one), None),
                    Folded::Skip => (None, None),
                    Folded::Break => (Some(c), None),
                },
            };
            for c in [one, two].into_iter().flatten() {
                let mut bytes = [0; 4];
                let letters = c.encode_utf8(&mut bytes).as_bytes();
                self.letters.extend_from_slice(letters);
                self.places.extend(letters.iter().map(|_| at as u32));
            }
        }
        self.places.push(line.len() as u32);
    }

    fn place(&self, letter: usize) -> usize {
        let in_step = self.places.is_empty();
        self.start + if in_step { letter } else { self.places.get(letter).map_or(0, |place| *place as usize) }
    }

    /// Finds all marks in the line, in order.
    pub fn find(&self, hits: &mut Vec<Hit>) {
        let index = index();
        let mut before = b' ';
        for (at, &byte) in self.letters.iter().enumerate() {
            let word_start = !before.is_ascii_alphanumeric() && byte & 0xC0 != 0x80;
            before = byte;
            if !word_start || byte == b' ' {
                continue;
            }
            let rest = self.letters.get(at..).unwrap_or_default();
            let head = eight(rest, 0);
            let (word, bit) = beginning(head);
            if index.begins.get(word).is_none_or(|bits| bits & bit == 0) {
                continue;
            }
            let behind = words::lowest(eight(rest, 8), LONG - 8);
            let short = index.short.at(slot(words::lowest(head, SHORT), 0));
            let middle = index.middle.at(slot(words::lowest(head, MIDDLE), 0));
            let long = index.long.at(slot(head, behind));
            for mark in short.iter().chain(middle).chain(long) {
                let len = mark.letters.len();
                if words::lowest(head, len) == mark.head
                    && (len <= 8 || rest.starts_with(&mark.letters))
                    && len <= rest.len()
                {
                    let (start, end) = (self.place(at), self.place(at + mark.letters.len()));
                    hits.push(Hit { list: mark.list, meaning: mark.meaning, start, end });
                }
            }
        }
    }
}

/// The lists of which there are words, as bits.
pub fn set(hits: &[Hit]) -> u64 {
    hits.iter().fold(0, |marks, hit| marks | 1 << hit.list as u64)
}

/// The marks in a short text, such as a subject.
pub fn find(text: &str) -> Vec<Hit> {
    let mut line = Line::default();
    line.read(text, 0);
    let mut hits = Vec::new();
    line.find(&mut hits);
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_whatever_the_case_and_the_accents() {
        let hit = find("  192.0.2.1 SAID: 550").into_iter().find(|hit| hit.list == List::Reply);
        assert_eq!(hit.map(|hit| (hit.start, hit.end)), Some((12, 17)));
        let text = "Diagnoseinformationen für Administratoren:";
        assert!(find(text).iter().any(|hit| hit.list == List::Section), "{text}");
        assert!(find("unsaid: 550").iter().all(|hit| hit.list != List::Reply), "a word begins there");
    }
}
