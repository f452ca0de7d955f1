//! The words of notices found in a line: one pass over the line for all lists of `frames.toml`.
//!
//! Case, accents and full-width forms do not matter; a mark begins at the beginning of a word.

use crate::input::{frames, seek};
use crate::order;
use crate::text::fold::{Folded, fold};
use crate::text::words::{self, EACH, between, eight};
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
    /// Says that all tries are over.
    Expiry = EXPIRY_MARKS,
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
    /// The letters of all marks, one after the other.
    letters: Vec<u8>,
    /// A bit for each way in which six letters begin a longer mark, and three a short one: most words
    /// begin none.
    begins: Vec<u32>,
    short_begins: Vec<u32>,
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
    /// Where the marks of each slot stand.
    slots: Vec<(u16, u16)>,
    marks: Vec<Mark>,
}

#[derive(Clone, Copy)]
struct Mark {
    /// The first eight letters, by which most are ruled out.
    head: u64,
    /// Where its letters begin in the index, and how many there are.
    at: u32,
    len: u32,
    list: List,
    meaning: &'static str,
}

const SLOTS: usize = 1 << 12;
const SHORT_SLOTS: usize = 1 << 10;
/// Bits for each slot of the longer marks.
const BITS: usize = 4;

/// The bit of six letters; that of their slot is the higher part of it.
#[inline(always)]
fn middle_bit(head: u64) -> usize {
    (words::mix(0, words::lowest(head, MIDDLE)) >> 18) as usize % (SLOTS * BITS)
}

/// The slot of marks that begin with eight letters and those behind them.
fn long_slot(head: u64, behind: u64) -> usize {
    (words::mix(words::mix(0, head), words::lowest(behind, LONG - 8)) >> 20) as usize % SLOTS
}

/// The slot of two letters: five bits of each.
#[inline(always)]
fn short_slot(head: u64) -> usize {
    (head as usize & 31) << 5 | (head >> 8) as usize & 31
}

/// The bit of the letter behind them; behind marks of two letters anything may stand.
#[inline(always)]
fn third(head: u64) -> u32 {
    1 << (head >> 16 & 31)
}

impl Table {
    fn of(slots: usize, marks: impl Iterator<Item = Mark>, slot_of: impl Fn(&Mark) -> usize) -> Table {
        let mut marks: Vec<(usize, Mark)> = marks.map(|mark| (slot_of(&mark), mark)).collect();
        order::sort(&mut marks, |a, b| a.0.cmp(&b.0));
        let mut end = 0;
        let slots = (0..slots).map(|slot| {
            let start = end;
            end += marks.iter().skip(start).take_while(|mark| mark.0 == slot).count();
            (start as u16, end as u16)
        });
        Table { slots: slots.collect(), marks: marks.iter().map(|(_, mark)| *mark).collect() }
    }

    /// The marks in a slot.
    fn at(&self, slot: usize) -> &[Mark] {
        let (start, end) = self.slots.get(slot).copied().unwrap_or_default();
        self.marks.get(usize::from(start)..usize::from(end)).unwrap_or_default()
    }
}

impl Index {
    fn new() -> Index {
        let (mut letters, mut marks) = (Vec::new(), Vec::new());
        for (list, words) in LISTS {
            for entry in words.lines() {
                let (text, meaning) = entry.split_once('|').unwrap_or((entry, ""));
                let own = Letters::of(text).letters;
                let (at, len) = (letters.len() as u32, (own.len() - words::MARGIN) as u32);
                marks.push(Mark { head: eight(&own, 0), at, len, list: *list, meaning });
                letters.extend(own.iter().take(len as usize));
            }
        }
        let from = |least: usize, below: usize| {
            marks.iter().copied().filter(move |mark| (least..below).contains(&(mark.len as usize)))
        };
        let behind = |mark: &Mark| eight(&letters, mark.at as usize + 8);
        let (mut begins, mut short_begins) = (vec![0; SLOTS * BITS / 32], vec![0; SHORT_SLOTS]);
        for mark in &marks {
            let (bits, place, bit) = match mark.len as usize {
                0..=SHORT => (&mut short_begins, short_slot(mark.head), u32::MAX),
                3..MIDDLE => (&mut short_begins, short_slot(mark.head), third(mark.head)),
                _ => (&mut begins, middle_bit(mark.head) / 32, 1 << (middle_bit(mark.head) % 32)),
            };
            bits.iter_mut().skip(place).take(1).for_each(|bits| *bits |= bit);
        }
        Index {
            begins,
            short_begins,
            long: Table::of(SLOTS, from(LONG, usize::MAX), |mark| long_slot(mark.head, behind(mark))),
            middle: Table::of(SLOTS, from(MIDDLE, LONG), |mark| middle_bit(mark.head) / BITS),
            short: Table::of(SHORT_SLOTS, from(SHORT, MIDDLE), |mark| short_slot(mark.head)),
            letters,
        }
    }

    /// Whether a short mark may begin with these letters, and whether a longer one may.
    #[inline(always)]
    fn begins(&self, head: u64) -> (bool, bool) {
        let has = |bits: &[u32], place: usize, bit: u32| bits.get(place).is_some_and(|bits| bits & bit != 0);
        let six = middle_bit(head);
        (has(&self.short_begins, short_slot(head), third(head)), has(&self.begins, six / 32, 1 << (six % 32)))
    }

    /// Hands out the marks that stand here, of those that may. Says whether one that is longer than the text may
    /// begin here.
    #[inline(never)]
    fn stand(
        &self,
        letters: &[u8],
        head: u64,
        (short, long): (bool, bool),
        take: &mut dyn FnMut(&Mark),
    ) -> bool {
        let mut cut = long && letters.len() < LONG;
        let mut check = |marks: &[Mark]| {
            for mark in marks.iter().filter(|mark| words::lowest(head, mark.len as usize) == mark.head) {
                let (at, len) = (mark.at as usize, mark.len as usize);
                if len <= 8 || self.letters.get(at..at + len).is_some_and(|own| letters.starts_with(own)) {
                    take(mark);
                }
                cut |= len > letters.len();
            }
        };
        if short {
            check(self.short.at(short_slot(head)));
        }
        if long {
            check(self.middle.at(middle_bit(head) / BITS));
            check(self.long.at(long_slot(head, eight(letters, 8))));
        }
        cut
    }
}

/// A text made comparable.
#[derive(Default)]
struct Letters {
    /// Its letters, and some zeros behind them.
    letters: Vec<u8>,
    /// Place in the text of each letter's byte; empty for plain ASCII, where they go in step.
    places: Vec<u32>,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let mut letters = Letters::default();
        letters.read(text);
        letters
    }

    /// Takes the place of the text before.
    fn read(&mut self, text: &str) {
        let Letters { letters, places } = self;
        letters.clear();
        places.clear();
        letters.reserve(text.len() + words::MARGIN);
        if text.is_ascii() {
            letters.extend_from_slice(text.as_bytes());
            letters.extend_from_slice(&[0; words::MARGIN]);
            // what is left behind the last eight is of the margin
            for bytes in letters.as_chunks_mut::<8>().0 {
                let eight = u64::from_le_bytes(*bytes);
                let tabs = (between(eight, b'\t', b'\t') & (EACH * 0x80)) >> 7;
                *bytes = (words::lower(eight) ^ (tabs * u64::from(b'\t' ^ b' '))).to_le_bytes();
            }
            return;
        }
        places.reserve(text.len() + 1);
        for (at, c) in text.char_indices() {
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
                let bytes = c.encode_utf8(&mut bytes).as_bytes();
                letters.extend_from_slice(bytes);
                places.extend(bytes.iter().map(|_| at as u32));
            }
        }
        places.push(text.len() as u32);
        letters.extend_from_slice(&[0; words::MARGIN]);
    }

    /// The letters from one on, without the zeros.
    fn from(&self, at: usize) -> &[u8] {
        self.letters.get(at..self.letters.len() - words::MARGIN).unwrap_or_default()
    }

    /// The place in the text of a letter.
    fn place(&self, letter: usize) -> usize {
        if self.places.is_empty() {
            letter
        } else {
            self.places.get(letter).map_or(0, |place| *place as usize)
        }
    }
}

/// Finds marks in one line after the other, in the same room.
#[derive(Default)]
pub struct Finder {
    line: Letters,
    /// The marks in the last line, in order.
    pub hits: Vec<Hit>,
    /// Where in it words stand with which a mark may begin that goes on in the next line.
    pub open: Vec<usize>,
}

impl Finder {
    /// Finds all marks in a line that stands at this place.
    pub fn read(&mut self, text: &str, start: usize) {
        let Finder { line, hits, open } = self;
        line.read(text);
        hits.clear();
        open.clear();
        let index = index();
        let end = line.letters.len() - words::MARGIN;
        seek::words(&line.letters, |at| {
            if stand(index, line, at, start, hits) || end - at < MIDDLE {
                open.push(start + line.place(at));
            }
        });
    }

    /// Those of a line that stood at this place.
    pub fn take(&mut self, found: &Finder, at: usize) {
        let moved = |hit: &Hit| Hit { start: hit.start - at, end: hit.end - at, ..*hit };
        self.hits.clear();
        self.hits.extend(found.hits.iter().map(moved));
    }

    /// Finds all marks in lines of ASCII that a blank joins: those found in each, and where one may go on in the next
    /// line what stands there now. Of each line is given its place, when marks were found in it, and its length.
    pub fn join(&mut self, text: &str, found: &Finder, lines: impl Iterator<Item = (usize, usize)>) {
        let Finder { line, hits, .. } = self;
        line.read(text);
        hits.clear();
        let index = index();
        let (mut found_hits, mut open) = (found.hits.iter().peekable(), found.open.iter().peekable());
        let mut start = 0;
        for (at, len) in lines {
            let end = at + len;
            loop {
                let next = open.next_if(|place| **place < end);
                let until = next.map_or(end, |place| *place);
                while let Some(hit) = found_hits.next_if(|hit| hit.start < until) {
                    hits.push(Hit { start: hit.start - at + start, end: hit.end - at + start, ..*hit });
                }
                let Some(place) = next else { break };
                while found_hits.next_if(|hit| hit.start == *place).is_some() {}
                stand(index, line, place - at + start, 0, hits);
            }
            start += len + 1;
        }
    }
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(Index::new)
}

/// Finds the marks that stand at a letter of a line. Says whether one that is longer than the line may begin there.
#[inline(always)]
fn stand(index: &Index, line: &Letters, at: usize, start: usize, hits: &mut Vec<Hit>) -> bool {
    let head = eight(&line.letters, at);
    let may = index.begins(head);
    (may.0 || may.1)
        && index.stand(line.from(at), head, may, &mut |mark| {
            let (start, end) = (start + line.place(at), start + line.place(at + mark.len as usize));
            hits.push(Hit { list: mark.list, meaning: mark.meaning, start, end });
        })
}

/// The lists of which there are words, as bits.
pub fn set(hits: &[Hit]) -> u64 {
    hits.iter().fold(0, |marks, hit| marks | 1 << hit.list as u64)
}

/// The marks in a short text, such as a subject.
pub fn find(text: &str) -> Vec<Hit> {
    let mut finder = Finder::default();
    finder.read(text, 0);
    finder.hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_where_it_stands() {
        for (list, words) in LISTS {
            for (mark, meaning) in words.lines().map(|entry| entry.split_once('|').unwrap_or((entry, ""))) {
                let found = |hit: &Hit| {
                    let place = (hit.start, hit.end) == (9, 9 + mark.len());
                    place && hit.list == *list && hit.meaning == meaning
                };
                assert!(find(&format!("somebody {mark}!")).iter().any(found), "{mark}");
                assert!(
                    find(&format!("somebody-{}!", mark.to_ascii_uppercase())).iter().any(found),
                    "{mark}"
                );
                let cut = mark.char_indices().next_back().map_or(0, |(end, _)| end);
                assert!(!find(&format!("somebody.{}", &mark[..cut])).iter().any(found), "{mark}");
            }
        }
    }

    #[test]
    fn marks_are_found_whatever_the_case_and_the_accents() {
        let hit = find("  192.0.2.1 SAID: 550").into_iter().find(|hit| hit.list == List::Reply);
        assert_eq!(hit.map(|hit| (hit.start, hit.end)), Some((12, 17)));
        let text = "Diagnoseinformationen für Administratoren:";
        assert!(find(text).iter().any(|hit| hit.list == List::Section), "{text}");
        assert!(find("unsaid: 550").iter().all(|hit| hit.list != List::Reply), "a word begins there");
    }
}
