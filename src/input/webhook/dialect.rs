//! What a provider's event looks like, as data: where each fact stands in it.
//!
//! A path such as `mail.commonHeaders.from` leads through objects; `@.status` begins at the
//! recipient's own entry where an event names several. Of several paths the first that leads to
//! something counts. What a table cannot say stands in [`Dialect::finish`].

use crate::input::json::Json;
use crate::input::outline::{Part, Parts, Role};
use crate::text::ends;
use crate::types::{Class, Form, Kind, Notice, Quote, ReplyCode, StatusCode};
use std::borrow::Cow;

/// Paths to the same fact, the best first.
pub type Paths = &'static [&'static str];

/// Where the facts stand in the events of one system.
pub struct Dialect {
    /// The system in `data/classes.toml`.
    pub system: &'static str,
    /// A provider's event, or a record of a mail server's log.
    pub form: Form,
    /// An event is this system's when all paths of one of these sets lead to something.
    pub marks: &'static [Paths],
    /// What happened; where several paths lead to words, the first one that `kinds` knows.
    pub event: Paths,
    /// What the words of `event` mean. Words that are not here are [`Kind::Unrelated`].
    pub kinds: &'static [(&'static str, Kind)],
    /// Lists with an entry for each recipient.
    pub entries: Paths,
    /// What the receiving host said.
    pub reply: Paths,
    /// What the system says of it in its own words.
    pub prose: Paths,
    /// Its class: of the first set that leads to something, all words, joined by `/`.
    pub class: &'static [Paths],
    /// A basic reply code.
    pub code: Paths,
    /// An enhanced code.
    pub status: Paths,
    /// The recipient.
    pub recipient: Paths,
    /// The envelope sender, or else the header's.
    pub sender: Paths,
    /// The host that refused, or its IP.
    pub remote_host: Paths,
    /// The host that reports.
    pub reporting_host: Paths,
    /// The IP that the mail was sent from.
    pub sending_ip: Paths,
    /// When it happened.
    pub time: Paths,
    /// The campaign, template or tag.
    pub campaign: Paths,
    /// The Message-ID.
    pub message_id: Paths,
    /// The system's own id of the mail.
    pub queue_id: Paths,
    /// The subject.
    pub subject: Paths,
    /// Until when it is tried.
    pub retry_until: Paths,
    /// How often it was tried.
    pub attempts: Paths,
    /// What a table cannot say.
    pub finish: fn(&Json<'_>, &mut Notice<'_>),
}

impl Dialect {
    /// A dialect without a path: what the others are built on.
    pub const BLANK: Dialect = Dialect {
        system: "",
        form: Form::Webhook,
        marks: &[],
        event: &[],
        kinds: &[],
        entries: &[],
        reply: &[],
        prose: &[],
        class: &[],
        code: &[],
        status: &[],
        recipient: &[],
        sender: &[],
        remote_host: &[],
        reporting_host: &[],
        sending_ip: &[],
        time: &[],
        campaign: &[],
        message_id: &[],
        queue_id: &[],
        subject: &[],
        retry_until: &[],
        attempts: &[],
        finish: |_, _| {},
    };

    /// The paths to each fact, under its name in JavaScript.
    pub fn facts(&self) -> impl Iterator<Item = (&'static str, Paths)> {
        let one = [
            ("kind", self.event),
            ("reply", self.reply),
            ("prose", self.prose),
            ("code", self.code),
            ("status", self.status),
            ("recipient", self.recipient),
            ("sender", self.sender),
            ("remoteHost", self.remote_host),
            ("reportingHost", self.reporting_host),
            ("sendingIp", self.sending_ip),
            ("time", self.time),
            ("campaign", self.campaign),
            ("messageId", self.message_id),
            ("queueId", self.queue_id),
            ("subject", self.subject),
            ("retryUntil", self.retry_until),
            ("attempts", self.attempts),
        ];
        one.into_iter().chain(self.class.iter().map(|set| ("systemClass", *set)))
    }

    /// The fact that the column of this name holds, where events are rows of a table.
    pub fn fact(&self, column: &str) -> Option<&'static str> {
        // lists of recipients are made of two columns; see `log::exchange_entries`
        let made = match column {
            "recipientaddress" | "recipients" => "@.address",
            "recipientstatus" => "@.status",
            _ => column,
        };
        let leads = |paths: Paths| paths.iter().any(|path| *path == column || *path == made);
        self.facts().find(|(_, paths)| leads(paths)).map(|(fact, _)| fact)
    }

    /// Writes down the fields of an event that are read, and how many are not.
    pub fn outline(&self, event: &Json<'_>, parts: &mut Parts) {
        let list = self.entries.iter().find(|path| event.at(path).is_some());
        let entries = list.and_then(|path| event.at(path)).map_or(&[][..], Json::items);
        let mut read = 0;
        for (fact, paths) in self.facts() {
            let every = fact == "systemClass";
            let each = entries.iter().map(Some).chain(entries.is_empty().then_some(None));
            for (index, entry) in each.enumerate() {
                let place = Place { event, entry };
                for (path, quote) in paths.iter().filter_map(|path| Some((path, place.one(path)?))) {
                    // a field of the whole event is read once
                    let own = path.strip_prefix('@');
                    if own.is_some() || index == 0 {
                        let name = own.map_or((*path).to_owned(), |own| {
                            format!("{}[]{own}", list.copied().unwrap_or_default())
                        });
                        let at = quote.at.map(|at| at..at + quote.text.len());
                        parts.gather(Part { name, fact, ..Part::new(Role::Field, true, at) });
                        read += 1;
                    }
                    if !every {
                        break;
                    }
                }
            }
        }
        let rest = leaves(event).saturating_sub(read);
        if rest > 0 {
            parts.gather(Part { count: rest, ..Part::new(Role::Other, false, None) });
        }
    }

    /// Whether an event is of this system.
    pub fn knows(&self, event: &Json<'_>) -> bool {
        self.marks.iter().any(|set| set.iter().all(|path| event.at(path).is_some()))
    }

    /// Reads an event into one notice for each recipient.
    pub fn read<'a>(&self, event: &Json<'a>, each: &mut dyn FnMut(Notice<'a>)) {
        let entries = self.entries.iter().find_map(|path| event.at(path)).map_or(&[][..], Json::items);
        if entries.is_empty() {
            each(self.notice(&Place { event, entry: None }));
        }
        for entry in entries {
            each(self.notice(&Place { event, entry: Some(entry) }));
        }
    }

    fn notice<'a>(&self, place: &Place<'_, 'a>) -> Notice<'a> {
        let reply = place.quote(self.reply).map(clean).unwrap_or_default();
        let mut notice = Notice::new(self.form, self.kind(place), reply);
        notice.prose = place.quote(self.prose).filter(|prose| prose.text != notice.reply.text);
        notice.class = self.class(place);
        notice.code = place.text(self.code).and_then(|code| reply_code(&code));
        notice.status = place.text(self.status).and_then(|status| StatusCode::parse(&status));
        notice.recipient = place.text(self.recipient).map(address);
        notice.sender = place.text(self.sender).map(address);
        notice.remote_host = place.text(self.remote_host).map(host);
        notice.reporting_host = place.text(self.reporting_host).map(host);
        notice.sending_ip = place.text(self.sending_ip);
        notice.time = place.text(self.time);
        notice.campaign = place.text(self.campaign);
        notice.message_id = place.text(self.message_id).map(|id| strip(id, &['<', '>', ' ']));
        notice.queue_id = place.text(self.queue_id);
        notice.subject = place.text(self.subject);
        notice.retry_until = place.text(self.retry_until);
        notice.attempts = place.text(self.attempts).and_then(|count| count.parse().ok());
        (self.finish)(place.event, &mut notice);
        notice
    }

    fn kind(&self, place: &Place<'_, '_>) -> Kind {
        let known = |word: Cow<'_, str>| {
            self.kinds.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word)).map(|(_, kind)| *kind)
        };
        self.event
            .iter()
            .filter_map(|path| place.one(path))
            .find_map(|word| known(word.text))
            .unwrap_or(Kind::Unrelated)
    }

    fn class<'a>(&self, place: &Place<'_, 'a>) -> Option<Class<'a>> {
        let name = self.class.iter().find_map(|set| {
            let mut words = set.iter().filter_map(|path| place.one(path));
            let first = words.next()?.text;
            Some(words.fold(first, |joined, word| Cow::Owned(format!("{joined}/{}", word.text))))
        })?;
        Some(Class { system: self.system, name })
    }
}

/// How many values stand in an event.
pub fn leaves(value: &Json<'_>) -> usize {
    match value {
        Json::Null => 0,
        Json::List(items) => items.iter().map(leaves).sum(),
        Json::Object(fields) => fields.iter().map(|(_, value)| leaves(value)).sum(),
        _ => 1,
    }
}

/// An event, and the entry of one recipient in it.
struct Place<'e, 'a> {
    event: &'e Json<'a>,
    entry: Option<&'e Json<'a>>,
}

impl<'a> Place<'_, 'a> {
    fn one(&self, path: &str) -> Option<Quote<'a>> {
        let value = match (path.strip_prefix('@'), self.entry) {
            // an entry may be the address itself
            (Some(""), entry) => entry,
            (Some(path), Some(entry)) => entry.at(ends::start(path, b".")),
            (Some(_), None) => None,
            (None, _) => self.event.at(path),
        };
        value?.quote().filter(|quote| !ends::trim(&quote.text).is_empty())
    }

    fn quote(&self, paths: Paths) -> Option<Quote<'a>> {
        paths.iter().find_map(|path| self.one(path))
    }

    fn text(&self, paths: Paths) -> Option<Cow<'a, str>> {
        self.quote(paths).map(|quote| quote.text)
    }
}

/// A reply without its diagnostic type, `smtp;` (RFC 3464 section 2.3.6).
pub fn clean(quote: Quote<'_>) -> Quote<'_> {
    let rest = |text: &str| {
        let rest = ends::trim_start(text);
        // other types, such as `X-Unix`, say what a number behind them is
        let typed = rest.get(..5).is_some_and(|kind| kind.eq_ignore_ascii_case("smtp;"));
        if typed { ends::trim_start(rest.get(5..).unwrap_or_default()).len() } else { rest.len() }
    };
    match quote.text {
        Cow::Borrowed(text) => {
            let skip = text.len() - rest(text);
            let kept = ends::trim_end(text.get(skip..).unwrap_or_default());
            Quote { text: Cow::Borrowed(kept), at: quote.at.map(|at| at + skip) }
        }
        Cow::Owned(text) => {
            let skip = text.len() - rest(&text);
            Quote::made(ends::trim_end(text.get(skip..).unwrap_or_default()).to_owned())
        }
    }
}

/// A basic reply code from a field; what is none of SMTP's, such as a provider's 605, is left.
pub fn reply_code(text: &str) -> Option<ReplyCode> {
    let code: u16 = ends::trim(text).parse().ok()?;
    (200..600).contains(&code).then_some(ReplyCode(code))
}

/// The address of `Ann <ann@example.com>`.
pub fn address(text: Cow<'_, str>) -> Cow<'_, str> {
    let inner = |text: &str| match (text.rfind('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => (open + 1, close),
        _ => (0, text.len()),
    };
    let (start, end) = inner(&text);
    cut(text, start, end)
}

/// The host of `dns; mx.example.com`, `mx.example.com (192.0.2.1)`, `mx.example.com.`.
pub fn host(text: Cow<'_, str>) -> Cow<'_, str> {
    let after = text.find(';').map_or(0, |at| at + 1);
    let rest = text.get(after..).unwrap_or_default();
    let start = after + (rest.len() - ends::trim_start(rest).len());
    let len = text.get(start..).unwrap_or_default().find([' ', '(', '[']).unwrap_or(text.len() - start);
    let end = start + ends::end(text.get(start..start + len).unwrap_or_default(), b".").len();
    cut(text, start, end)
}

fn strip<'a>(text: Cow<'a, str>, around: &[char]) -> Cow<'a, str> {
    let start = text.len() - text.trim_start_matches(around).len();
    let end = text.trim_end_matches(around).len().max(start);
    cut(text, start, end)
}

fn cut(text: Cow<'_, str>, start: usize, end: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(start..end).unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(text.get(start..end).map_or_else(|| text.clone(), str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::{address, clean, host};
    use crate::types::Quote;

    #[test]
    fn fields_lose_what_stands_around_them() {
        assert_eq!(address("Ann Example <ann@example.com>".into()), "ann@example.com");
        assert_eq!(host("dns; mx.example.com".into()), "mx.example.com");
        assert_eq!(host("mx.example.com (192.0.2.1)".into()), "mx.example.com");
        let reply = clean(Quote::at("smtp; 550 5.1.1 no ", 10));
        assert_eq!((reply.text.as_ref(), reply.at), ("550 5.1.1 no", Some(16)));
        assert_eq!(clean(Quote::at("550 5.1.1 a; b", 0)).text, "550 5.1.1 a; b");
    }
}
