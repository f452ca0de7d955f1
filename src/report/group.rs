//! Rows in, groups out.

#![allow(clippy::indexing_slicing, reason = "groups are numbered by this module itself")]

use super::table::{Line, Table};
use super::text::normalise;
use crate::order::order;
use crate::policy::book::Book;
use crate::policy::{date, domain, normalise as normalise_address, normalise_domain, table as reasons};
use crate::types::{BounceType, Kind, Reason, Verdict};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// Stands between the keys of a group; no key holds it, since control characters are white space here.
const BETWEEN: char = '\u{1f}';
/// Texts whose folded form is remembered, so that a text that comes often is folded once.
const REMEMBERED: usize = 4_096;

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The domain that the mail was sent from.
    FromDomain,
    /// The domain of the recipient.
    RecipientDomain,
    /// The IP address that the mail was sent from.
    SendingIp,
    /// Who refused.
    Provider,
    /// The campaign.
    Campaign,
    /// The day in UTC.
    Day,
    /// The category.
    Category,
    /// The reason.
    Reason,
    /// The reply, folded as [`normalise`](super::normalise) does.
    BounceText,
}

impl Field {
    /// All of them.
    pub const ALL: [Field; 9] = [
        Field::FromDomain,
        Field::RecipientDomain,
        Field::SendingIp,
        Field::Provider,
        Field::Campaign,
        Field::Day,
        Field::Category,
        Field::Reason,
        Field::BounceText,
    ];

    /// The name outside of Rust.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::FromDomain => "from-domain",
            Field::RecipientDomain => "recipient-domain",
            Field::SendingIp => "sending-ip",
            Field::Provider => "provider",
            Field::Campaign => "campaign",
            Field::Day => "day",
            Field::Category => "category",
            Field::Reason => "reason",
            Field::BounceText => "bounce-text",
        }
    }

    /// The one with this name.
    pub fn parse(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

/// What a report is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What rows are grouped by; nothing gives one group.
    pub group_by: Vec<Field>,
    /// The first millisecond of the period.
    pub from: Option<i64>,
    /// The first millisecond after it.
    pub until: Option<i64>,
    /// The one campaign; all where it is missing.
    pub campaign: Option<String>,
}

/// What is known of one try of one mail; empty where it is not known.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// What happened: bounces and delays count, deliveries end a message, others are left out.
    pub kind: Kind,
    /// Hard or soft.
    pub bounce_type: Option<BounceType>,
    /// Why.
    pub reason: Option<Reason>,
    /// When, in epoch milliseconds. Rows without a time are in no period, and count as one moment.
    pub time: Option<i64>,
    /// The domain that the mail was sent from.
    pub from_domain: &'a str,
    /// The recipient's address, or its domain where no more is known.
    pub recipient: &'a str,
    /// The IP address that the mail was sent from.
    pub sending_ip: &'a str,
    /// Who refused.
    pub provider: &'a str,
    /// The campaign.
    pub campaign: &'a str,
    /// The message's id: tries of one message to one recipient belong together. Without one each
    /// row is a message.
    pub message: &'a str,
    /// The reply.
    pub text: &'a str,
}

impl<'a> Row<'a> {
    /// A row of which nothing else is known.
    pub fn new(kind: Kind) -> Row<'a> {
        Row {
            kind,
            bounce_type: None,
            reason: None,
            time: None,
            from_domain: "",
            recipient: "",
            sending_ip: "",
            provider: "",
            campaign: "",
            message: "",
            text: "",
        }
    }

    /// The row of a verdict. Times are written in many ways and providers are numbers here, so the
    /// caller says both.
    pub fn of(verdict: &'a Verdict<'_>, time: Option<i64>, provider: &'a str) -> Row<'a> {
        let notice = &verdict.notice;
        Row {
            kind: verdict.kind,
            bounce_type: verdict.bounce_type,
            reason: verdict.reason,
            time,
            from_domain: domain(said(notice.sender.as_ref())),
            recipient: said(notice.recipient.as_ref().or(notice.recipient_domain.as_ref())),
            sending_ip: said(notice.sending_ip.as_ref()),
            provider,
            campaign: said(notice.campaign.as_ref()),
            message: said(notice.message_id.as_ref().or(notice.queue_id.as_ref())),
            text: &notice.reply.text,
        }
    }
}

/// The numbers of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Failed tries, every try of one message included.
    pub amount: u64,
    /// Of these, hard ones.
    pub hard: u64,
    /// Soft ones, delays included.
    pub soft: u64,
    /// Messages that were not delivered the first time; each counts where it failed first.
    pub first: u64,
    /// Messages that failed for good: their last word is a bounce. Each counts where it failed last.
    pub failed: u64,
    /// Messages that were delivered after all; each counts where it failed first.
    pub delivered_later: u64,
}

/// What became of one message.
#[derive(Clone, Copy, Debug)]
struct Message {
    /// Time and group of the first and the last failure.
    first: Option<(i64, u32)>,
    last: Option<(i64, u32)>,
    /// The last failure was no mere delay.
    final_failure: bool,
    delivered: Option<i64>,
}

/// A report that is being counted.
#[derive(Clone, Debug)]
pub struct Report {
    options: Options,
    keys: Book,
    counts: Vec<Counts>,
    examples: Vec<String>,
    messages: HashMap<u64, Message>,
    /// Texts that came lately, and what they are folded to.
    texts: Book,
    folded: Vec<String>,
    undated: u64,
}

impl Report {
    /// An empty report.
    pub fn new(options: Options) -> Report {
        Report {
            options,
            keys: Book::default(),
            counts: Vec::new(),
            examples: Vec::new(),
            messages: HashMap::new(),
            texts: Book::default(),
            folded: Vec::new(),
            undated: 0,
        }
    }

    /// Counts a row, where it is in the period and of the campaign.
    pub fn add(&mut self, row: &Row<'_>) {
        let failure = matches!(row.kind, Kind::Bounce | Kind::Delay);
        if !failure && row.kind != Kind::Delivered || !self.wants(row) {
            return;
        }
        if !failure {
            return self.delivered(row);
        }
        let key = self.key(row);
        let group = self.group(&key, row.text);
        let counts = &mut self.counts[group as usize];
        counts.amount += 1;
        match row.bounce_type {
            Some(BounceType::Hard) => counts.hard += 1,
            _ => counts.soft += 1,
        }
        let last_word = row.kind == Kind::Bounce;
        if row.message.is_empty() {
            counts.first += 1;
            counts.failed += u64::from(last_word);
            return;
        }
        let at = (row.time.unwrap_or(0), group);
        let one = Message { first: Some(at), last: Some(at), final_failure: last_word, delivered: None };
        self.message(id(row), one);
    }

    /// Adds all that another report with the same options counted.
    pub fn merge(&mut self, other: &Report) {
        let mut groups = Vec::with_capacity(other.counts.len());
        for (number, counts) in other.counts.iter().enumerate() {
            let group =
                self.group(other.keys.name(number), other.examples.get(number).map_or("", String::as_str));
            groups.push(group);
            let own = &mut self.counts[group as usize];
            own.amount += counts.amount;
            own.hard += counts.hard;
            own.soft += counts.soft;
            own.first += counts.first;
            own.failed += counts.failed;
        }
        for (id, message) in &other.messages {
            let moved = |at: Option<(i64, u32)>| {
                at.and_then(|(time, group)| Some((time, *groups.get(group as usize)?)))
            };
            self.message(*id, Message { first: moved(message.first), last: moved(message.last), ..*message });
        }
        self.undated += other.undated;
    }

    /// Rows that a period left out because they have no time.
    pub fn undated(&self) -> u64 {
        self.undated
    }

    /// The table: the greatest amount first, then by the keys.
    pub fn table(&self) -> Table {
        let mut counts = self.counts.clone();
        for message in self.messages.values() {
            let (Some((_, first)), Some((time, last))) = (message.first, message.last) else { continue };
            counts[first as usize].first += 1;
            if message.delivered >= Some(time) {
                counts[first as usize].delivered_later += 1;
            } else if message.final_failure {
                counts[last as usize].failed += 1;
            }
        }
        let line = |(number, counts): (usize, Counts)| Line {
            keys: match self.options.group_by.len() {
                0 => Vec::new(),
                _ => self.keys.name(number).split(BETWEEN).map(str::to_owned).collect(),
            },
            counts,
            example: self.examples.get(number).cloned().unwrap_or_default(),
        };
        let lines: Vec<Line> = counts.into_iter().enumerate().map(line).collect();
        let by_amount = order(lines.len(), &mut |a, b| {
            let (a, b) = (&lines[a], &lines[b]);
            b.counts.amount.cmp(&a.counts.amount).then_with(|| a.keys.cmp(&b.keys))
        });
        let lines = by_amount.into_iter().map(|number| lines[number as usize].clone()).collect();
        Table::new(self.options.group_by.clone(), lines)
    }

    fn wants(&mut self, row: &Row<'_>) -> bool {
        if self.options.campaign.as_ref().is_some_and(|campaign| campaign != row.campaign) {
            return false;
        }
        if self.options.from.is_none() && self.options.until.is_none() {
            return true;
        }
        let Some(time) = row.time else {
            self.undated += 1;
            return false;
        };
        self.options.from.is_none_or(|from| time >= from)
            && self.options.until.is_none_or(|until| time < until)
    }

    fn delivered(&mut self, row: &Row<'_>) {
        if !row.message.is_empty() {
            let message = Message {
                first: None,
                last: None,
                final_failure: false,
                delivered: Some(row.time.unwrap_or(0)),
            };
            self.message(id(row), message);
        }
    }

    /// The keys of a row, one after the other.
    fn key(&mut self, row: &Row<'_>) -> String {
        let mut key = String::new();
        for index in 0..self.options.group_by.len() {
            if index > 0 {
                key.push(BETWEEN);
            }
            match self.options.group_by[index] {
                Field::FromDomain => key.push_str(&normalise_domain(row.from_domain)),
                Field::RecipientDomain if !row.recipient.contains('@') && row.recipient.contains('.') => {
                    key.push_str(&normalise_domain(row.recipient));
                }
                Field::RecipientDomain => key.push_str(domain(&normalise_address(row.recipient))),
                Field::SendingIp => key.push_str(row.sending_ip),
                Field::Provider => key.push_str(row.provider),
                Field::Campaign => key.extend(row.campaign.chars().filter(|letter| *letter != BETWEEN)),
                Field::Day => key.push_str(&row.time.map(date::day).unwrap_or_default()),
                Field::Category => key.push_str(
                    row.reason.map_or("", |reason| reasons::category_id(reasons::row(reason).category)),
                ),
                Field::Reason => key.push_str(row.reason.map_or("", |reason| reasons::row(reason).id)),
                Field::BounceText => key.push_str(self.fold(row.text)),
            }
        }
        key
    }

    fn fold(&mut self, text: &str) -> &str {
        if self.texts.len() >= REMEMBERED {
            (self.texts, self.folded) = (Book::default(), Vec::new());
        }
        let number = self.texts.number(text);
        if number == self.folded.len() {
            self.folded.push(normalise(text).replace(BETWEEN, " "));
        }
        &self.folded[number]
    }

    /// The number of a group; of its texts the first in the alphabet is the example.
    fn group(&mut self, key: &str, text: &str) -> u32 {
        let group = self.keys.number(key);
        match self.examples.get_mut(group) {
            Some(example) if text < example.as_str() => text.clone_into(example),
            Some(_) => {}
            None => {
                self.examples.push(text.to_owned());
                self.counts.push(Counts::default());
            }
        }
        group as u32
    }

    /// Adds what one more event says about a message.
    fn message(&mut self, id: u64, one: Message) {
        let keys = &self.keys;
        let at = |(time, group): (i64, u32)| (time, keys.name(group as usize));
        let message = self.messages.entry(id).or_insert(one);
        message.delivered = message.delivered.max(one.delivered);
        if one.first.is_some_and(|new| message.first.is_none_or(|old| at(new) < at(old))) {
            message.first = one.first;
        }
        match (one.last, message.last) {
            (Some(new), Some(old)) if new == old => message.final_failure |= one.final_failure,
            (Some(new), Some(old)) if at(new) < at(old) => {}
            (Some(_), _) => (message.last, message.final_failure) = (one.last, one.final_failure),
            (None, _) => {}
        }
    }
}

fn said<'a>(value: Option<&'a Cow<'_, str>>) -> &'a str {
    value.map_or("", |text| text.as_ref())
}

/// 64 bits for a message to a recipient.
fn id(row: &Row<'_>) -> u64 {
    let recipient = normalise_address(row.recipient);
    BuildHasherDefault::<DefaultHasher>::default().hash_one((row.message, recipient.as_str()))
}
