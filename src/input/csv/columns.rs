//! Which column holds what: by its name, else by what stands in it.

use super::rows::Row;
use crate::text::ends;
use crate::text::fold::{Folded, fold};
use crate::text::{beginning, words};
use crate::types::{Class, Kind, Quote, StatusCode};

pub mod names {
    //! Names of columns, from `data/columns.toml`.
    include!(concat!(env!("OUT_DIR"), "/columns.rs"));
}

/// The columns of a table.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The first row names columns that are known.
    pub named: bool,
    /// The first row's cells, by which it is known when it comes again.
    header: Vec<String>,
    pub reply: Option<usize>,
    pub recipient: Option<usize>,
    /// The recipient's domain.
    pub domain: Option<usize>,
    pub sender: Option<usize>,
    pub sending_ip: Option<usize>,
    pub host: Option<usize>,
    pub time: Option<usize>,
    pub campaign: Option<usize>,
    pub status: Option<usize>,
    pub code: Option<usize>,
    pub message_id: Option<usize>,
    pub queue_id: Option<usize>,
    pub subject: Option<usize>,
    /// What happened, in a word.
    pub event: Option<usize>,
}

/// What a word for an event means: `hard_bounce`, `MarkAsSpam`.
pub fn event(word: &str) -> Option<Kind> {
    let word = Some(plain(word)).filter(|word| word.len() < 48)?;
    let fits = |mark: &str| match mark.strip_prefix('=') {
        Some(whole) => whole == word,
        None => word.contains(mark),
    };
    let mut words = names::EVENT_WORDS.iter().filter_map(|entry| entry.split_once('|'));
    words.find(|(mark, _)| fits(mark)).and_then(|(_, kind)| Kind::parse(kind))
}

/// Whether such a word says that it failed for good, or for now.
pub fn lasting(word: &str) -> Option<Class<'static>> {
    let word = plain(word);
    let holds = |marks: [&str; 2]| marks.iter().any(|mark| word.starts_with(mark));
    let name = if holds(["hard", "perm"]) {
        "hard"
    } else if holds(["soft", "trans"]) {
        "soft"
    } else {
        return None;
    };
    Some(Class { system: "any", name: name.into() })
}

/// A name as it is compared: folded, letters and digits only.
pub fn plain(name: &str) -> String {
    let mut letters = String::new();
    for folded in name.chars().map(fold) {
        if let Folded::Letter(first, second) = folded {
            letters.push(first);
            letters.extend(second);
        }
    }
    letters
}

impl Columns {
    /// Finds the columns in the first rows.
    pub fn of(sample: &[Row<'_>]) -> Columns {
        let mut columns = Columns::default();
        let data = |row: &Row<'_>| row.iter().any(|cell| tells(&cell.text));
        let (first, second) = (sample.first(), sample.get(1));
        // a row without data is a header: its names are known, or data comes after it
        if let Some(first) = first.filter(|first| !data(first)) {
            columns.by_name(first);
            if columns.named || second.is_some_and(data) {
                columns.header = first.iter().map(|cell| cell.text.to_string()).collect();
            }
        }
        columns.by_content(sample.get(usize::from(!columns.header.is_empty())..).unwrap_or_default());
        columns
    }

    /// The columns by the facts that they hold, under their names in JavaScript.
    pub fn facts(&self) -> [(&'static str, Option<usize>); 14] {
        [
            ("reply", self.reply),
            ("recipient", self.recipient),
            ("recipientDomain", self.domain.filter(|_| self.recipient.is_none())),
            ("sender", self.sender),
            ("sendingIp", self.sending_ip),
            ("remoteHost", self.host),
            ("time", self.time),
            ("campaign", self.campaign),
            ("status", self.status),
            ("code", self.code),
            ("messageId", self.message_id),
            ("queueId", self.queue_id),
            ("subject", self.subject),
            ("kind", self.event),
        ]
    }

    /// Whether a row is the header.
    pub fn is_header(&self, row: &[Quote<'_>]) -> bool {
        !self.header.is_empty()
            && row.len() == self.header.len()
            && row.iter().zip(&self.header).all(|(cell, name)| cell.text == *name)
    }

    fn by_name(&mut self, header: &[Quote<'_>]) {
        let plain: Vec<String> = header.iter().map(|cell| plain(&cell.text)).collect();
        let find = |names: &[&str]| names.iter().find_map(|name| plain.iter().position(|cell| cell == name));
        self.reply = find(names::REPLY);
        self.recipient = find(names::RECIPIENT);
        self.domain = find(names::DOMAIN);
        self.sender = find(names::SENDER);
        self.sending_ip = find(names::SENDING_IP);
        self.host = find(names::HOST);
        self.time = find(names::TIME);
        self.campaign = find(names::CAMPAIGN);
        self.status = find(names::STATUS);
        self.code = find(names::CODE);
        self.message_id = find(names::MESSAGE_ID);
        self.queue_id = find(names::QUEUE_ID);
        self.subject = find(names::SUBJECT);
        self.named = [self.reply, self.recipient, self.domain, self.status, self.code, self.time]
            .iter()
            .flatten()
            .count()
            > 0;
    }

    /// Finds what has no known name. A column of replies under the name of another is a reply's too.
    fn by_content(&mut self, rows: &[Row<'_>]) {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0).min(64);
        let share = |column: usize, fits: fn(&str) -> bool| {
            let cells = || rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.text.is_empty());
            let fitting = cells().filter(|cell| fits(&cell.text)).count();
            (fitting * 100).checked_div(cells().count()).unwrap_or(0)
        };
        let best_of = |shares: &[usize], least: usize, not: &[Option<usize>]| {
            let columns = shares.iter().enumerate().rev().filter(|(column, _)| !not.contains(&Some(*column)));
            columns.max_by_key(|(_, share)| **share).filter(|(_, share)| **share >= least).map(|(at, _)| at)
        };
        let shares = |fits| (0..width).map(|column| share(column, fits)).collect::<Vec<usize>>();
        let best = |fits, least: usize, not: &[Option<usize>]| best_of(&shares(fits), least, not);
        let replies = shares(is_reply);
        let like_replies =
            |column: usize| replies.get(column).copied().unwrap_or_else(|| share(column, is_reply));
        let shown = best_of(&replies, 50, &[]);
        if self.reply.is_none_or(|named| shown.is_some_and(|shown| like_replies(shown) > like_replies(named)))
        {
            self.reply = shown.or(self.reply);
        }
        let mut named =
            names::EVENT.iter().filter_map(|name| self.header.iter().position(|cell| plain(cell) == *name));
        self.event = named.find(|column| share(*column, |cell| event(cell).is_some()) > 50);
        self.recipient = self.recipient.or_else(|| best(is_address, 60, &[self.sender, self.reply]));
        self.sending_ip = self.sending_ip.or_else(|| best(is_ip, 80, &[]));
        self.time = self.time.or_else(|| best(is_time, 80, &[self.reply]));
        self.status = self
            .status
            .filter(|column| share(*column, is_status) > 0)
            .or_else(|| best(is_status, 60, &[self.reply]));
        // a number such as 550 alone in its column
        self.code = self.code.or_else(|| best(is_code, 80, &[self.reply]));
    }
}

/// Whether a cell holds data, not a name.
fn tells(cell: &str) -> bool {
    is_address(cell) || is_reply(cell) || is_ip(cell) || is_status(cell) || is_code(cell)
}

fn is_address(cell: &str) -> bool {
    let cell = ends::trim(cell);
    let inner =
        cell.strip_suffix('>').and_then(|cell| cell.rsplit_once('<')).map_or(cell, |(_, inner)| inner);
    inner.len() < 320
        && !inner.contains(char::is_whitespace)
        && inner.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

/// A code with words behind it, or before it.
fn is_reply(cell: &str) -> bool {
    let read = words::read(beginning(cell, 400));
    !read.codes.is_empty() && read.words.len() > 1
}

fn is_status(cell: &str) -> bool {
    cell.len() < 12 && StatusCode::parse(cell).is_some_and(|status| matches!(status.class, 2 | 4 | 5))
}

fn is_code(cell: &str) -> bool {
    cell.len() == 3 && super::dialect::reply_code(cell).is_some()
}

fn is_ip(cell: &str) -> bool {
    cell.parse::<core::net::IpAddr>().is_ok()
}

/// `2024-05-01 10:00`, `01.05.2024`, `5/1/2024`, or seconds since 1970.
fn is_time(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let marks = cell.bytes().filter(|byte| matches!(byte, b'-' | b'/' | b'.' | b':')).count();
    let seconds = matches!(cell.len(), 10 | 13) && digits == cell.len();
    seconds || digits >= 6 && marks >= 2 && digits + marks + 8 >= cell.len() && cell.len() < 40
}
