//! Notices out of what was read: one for each recipient, failed ones first.

use super::marks::{self, List};
use super::ndr::{Named, Reading};
use super::original::Original;
use super::paragraph::Reply;
use super::text::{Text, essence, essential, quote};
use super::{Mail, address, code, dsn, empty, judge};
use crate::text::beginning;
use crate::text::ends;
use crate::types::{Class, Form, Kind, Notice, Quote, Stage};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Bytes of prose that a notice keeps.
const PROSE: usize = 4096;

/// Notices of one mail that carry its prose; it is the same in all of them.
const WITH_PROSE: usize = 64;

/// Letters of a diagnostic that are too few to tell anything.
const TELLING: usize = 10;

/// Notices of a delivery status, with what its text tells about the same recipients.
pub fn from_status<'a>(
    mail: &Mail<'a>,
    status: dsn::Status<'a>,
    text: &Text<'a>,
    reading: &Reading,
    original: &Original<'a>,
) -> Vec<Notice<'a>> {
    let places: HashMap<String, usize> = reading
        .recipients
        .iter()
        .enumerate()
        .map(|(at, named)| (named.address.to_ascii_lowercase(), at))
        .collect();
    let single = status.recipients.len() == 1;
    let common = Common::read(mail, reading, original);
    let dsn::Status { message, recipients } = status;
    let mut notices: Vec<Notice<'a>> = Vec::with_capacity(recipients.len());
    for group in recipients {
        let at = [&group.last, &group.original]
            .into_iter()
            .flatten()
            .find_map(|address| places.get(&address.to_ascii_lowercase()))
            .copied();
        let at = at.or_else(|| (single && reading.recipients.len() == 1).then_some(0));
        let named = at.and_then(|at| reading.recipients.get(at));
        let quoted = named
            .and_then(|named| named.reply.as_ref())
            .or_else(|| reading.shared.as_ref().filter(|_| single));
        let mut notice = empty(Form::Dsn, group_kind(&group, reading));
        let field = group
            .diagnostic
            .clone()
            .map(reply_within)
            .filter(|text| !is_empty_word(text))
            .or_else(|| group.status_text.clone());
        let extra = group.extra.clone();
        notice.reply = combine(mail, text, field, quoted);
        if let Some(extra) = extra {
            notice.reply = add(notice.reply, &extra);
        }
        notice.stage =
            quoted.and_then(|reply| reply.stage).or_else(|| group.diagnostic.as_deref().and_then(stage));
        notice.status = group.status;
        let recipient = group.last.or_else(|| group.original.clone());
        let before =
            group.original.or_else(|| named.and_then(|named| named.original.clone()).map(Cow::Owned));
        notice.original_recipient =
            before.filter(|before| recipient.as_ref().is_some_and(|after| !address::same(before, after)));
        notice.recipient = recipient.or_else(|| {
            reading.recipients.first().filter(|_| single).map(|named| Cow::Owned(named.address.clone()))
        });
        notice.remote_host =
            group.remote.or_else(|| quoted.and_then(|reply| reply.host.clone()).map(Cow::Owned));
        notice.time = group.last_attempt.or_else(|| message.arrival.clone());
        notice.retry_until = group.retry_until;
        notice.sender.clone_from(&message.sender);
        notice.queue_id.clone_from(&message.queue_id);
        notice.message_id.clone_from(&message.original_id);
        notice.reporting_host.clone_from(&message.reporting);
        if notices.len() < WITH_PROSE {
            notice.prose = prose(reading, at, &notice.reply.text);
        }
        common.fill(&mut notice);
        notices.push(notice);
    }
    in_order(notices)
}

/// The action decides; where it is missing, words of a delay do.
fn group_kind(group: &dsn::Recipient<'_>, reading: &Reading) -> Kind {
    let temporary = group.status.is_none_or(|status| status.class == 4);
    if group.action.is_empty() && temporary && reading.has(List::Delay) { Kind::Delay } else { group.kind() }
}

/// Notices of a text without a delivery status.
pub fn from_reading<'a>(
    mail: &Mail<'a>,
    kind: Kind,
    text: &Text<'a>,
    reading: &Reading,
    original: &Original<'a>,
) -> Vec<Notice<'a>> {
    let common = Common::read(mail, reading, original);
    let recipients = recipients(mail, reading, original);
    let mut notices: Vec<Notice<'a>> = Vec::with_capacity(recipients.len());
    for (at, named) in recipients {
        let mut notice = empty(Form::Ndr, kind);
        let shared = reading.shared.as_ref().filter(|shared| shared.score >= Reply::FAILURE_WORDS);
        let quoted = named.reply.as_ref().or(shared);
        notice.reply = combine(mail, text, None, quoted);
        if kind == Kind::Bounce
            && reading.has(List::Expiry)
            && ends::trim_start(&notice.reply.text).starts_with('4')
        {
            notice.class = Some(Class { system: "any", name: "expired".into() });
        }
        notice.stage = quoted.and_then(|reply| reply.stage);
        notice.remote_host = quoted.and_then(|reply| reply.host.clone()).map(Cow::Owned);
        notice.original_recipient =
            named.original.filter(|before| !address::same(before, &named.address)).map(Cow::Owned);
        notice.recipient = (!named.address.is_empty()).then_some(Cow::Owned(named.address));
        if notices.len() < WITH_PROSE {
            notice.prose = prose(reading, at, &notice.reply.text);
        }
        common.fill(&mut notice);
        notices.push(notice);
    }
    in_order(notices)
}

/// The failed recipients, best source first: lines of the text, `X-Failed-Recipients`, an address
/// in a sentence, the returned mail's `To`. At least one, though it may have no address.
fn recipients(mail: &Mail<'_>, reading: &Reading, original: &Original<'_>) -> Vec<(Option<usize>, Named)> {
    let failed = failed_recipients(mail);
    let lower = |address: &String| address.to_ascii_lowercase();
    let set: HashSet<String> = failed.iter().map(lower).collect();
    let listed = |address: &String| set.contains(&lower(address));
    let (from, to) = (judge::from(mail), judge::to(mail));
    let is =
        |who: &Option<String>, address: &str| who.as_ref().is_some_and(|who| address::same(who, address));
    let quoted = |named: &Named| named.reply.as_ref().is_some_and(|reply| reply.score >= Reply::CODE);
    let several = reading.recipients.len() > 1;
    let mut found: Vec<(Option<usize>, Named)> = reading
        .recipients
        .iter()
        .enumerate()
        .filter(|(_, named)| listed(&named.address) || failed.is_empty() || quoted(named))
        .filter(|(_, named)| {
            !several || !(is(&from, &named.address) || is(&to, &named.address)) || quoted(named)
        })
        .map(|(at, named)| (Some(at), named.clone()))
        .collect();
    if found.len() < failed.len() {
        let have: HashSet<String> = found.iter().map(|(_, named)| lower(&named.address)).collect();
        let missing = failed.into_iter().filter(|address| !have.contains(&lower(address)));
        found.extend(missing.map(|address| (None, Named { address, ..Named::default() })));
    }
    if found.is_empty() {
        let mention =
            reading.mention.as_ref().filter(|(address, _)| !is(&from, address) && !is(&to, address));
        let mention = mention.map(|(address, reply)| Named {
            address: address.clone(),
            reply: Some(reply.clone()),
            ..Named::default()
        });
        let returned =
            || Named { address: original.to.as_deref().unwrap_or_default().to_owned(), ..Named::default() };
        let mut named = mention.unwrap_or_else(returned);
        if let Some(shared) = reading
            .shared
            .as_ref()
            .filter(|shared| named.reply.as_ref().is_none_or(|own| own.score < shared.score))
        {
            named.reply = Some(shared.clone());
        }
        found.push((None, named));
    }
    found
}

/// `X-Failed-Recipients` of Exim and Gmail: a list, continued in further fields.
fn failed_recipients(mail: &Mail<'_>) -> Vec<String> {
    let mut failed: Vec<String> = Vec::new();
    for value in mail.headers.all("X-Failed-Recipients") {
        let value = super::headers::words(value, mail.charsets);
        failed.extend(
            value.split([',', ' ']).map(|item| ends::trim(item).to_owned()).filter(|item| !item.is_empty()),
        );
    }
    failed
}

/// A notice of any other mail.
pub fn other<'a>(mail: &Mail<'a>, kind: Kind, reading: &Reading) -> Notice<'a> {
    let mut notice = empty(Form::Mail, kind);
    let reader = mail.headers.first(&["X-HmXmrOriginalRecipient"], mail.charsets);
    notice.recipient = judge::from(mail)
        .map(Cow::Owned)
        .filter(|_| matches!(kind, Kind::AutoReply | Kind::Challenge | Kind::ReadReceipt));
    notice.subject = mail.headers.first(&["Subject"], mail.charsets);
    notice.time = mail.headers.first(&["Date"], mail.charsets);
    notice.prose = prose(reading, None, "");
    notice.notes.clone_from(&mail.notes);
    notice.recipient = notice.recipient.or(reader);
    if kind == Kind::Complaint
        && let Some(part) = mail.parts.iter().find(|part| part.is_original())
    {
        let original = match part.bytes() {
            Cow::Borrowed(bytes) => Original::read(&super::Headers::read(bytes).0, mail.charsets),
            Cow::Owned(bytes) => Original::read(&super::Headers::read(&bytes).0, mail.charsets).own(),
        };
        notice.form = Form::Arf;
        notice.subject = None;
        notice.recipient.clone_from(&original.to);
        original.fill(&mut notice);
    }
    notice
}

/// The reply out of the field and the words quoted in the text: the more telling one, or both.
fn combine<'a>(
    mail: &Mail<'a>,
    text: &Text<'a>,
    field: Option<Cow<'a, str>>,
    quoted: Option<&Reply>,
) -> Quote<'a> {
    let from_text = |reply: &Reply| match &reply.at {
        Some(range) => text.quote(range.clone(), mail.input),
        None => Quote::made(reply.text.clone()),
    };
    let quoted = quoted.filter(|reply| !reply.text.is_empty());
    let (field, quoted) = match (field, quoted) {
        (None, None) => return Quote::made(""),
        (None, Some(reply)) => return from_text(reply),
        (Some(field), None) => return quote(field, mail.input),
        (Some(field), Some(reply)) => (field, reply),
    };
    if field.starts_with(&quoted.text) {
        return quote(field, mail.input);
    }
    let (a, b) = (essence(&field), essence(&quoted.text));
    let generic = || a.chars().filter(|c| !c.is_ascii_digit()).take(TELLING).count() < TELLING;
    let coded = || code::at_start(&field).is_some();
    if a.len() >= b.len() && a.contains(&b) {
        return quote(field, mail.input);
    }
    let cut = b.len() > a.len() && b.contains(&a);
    if !cut && !generic() && !quoted.is_verbatim(coded()) {
        return quote(field, mail.input);
    }
    // The same words, cut or marked up in the field.
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    if cut || alike >= 24 && b.len() >= a.len() {
        return from_text(quoted);
    }
    if alike >= 24 {
        return quote(field, mail.input);
    }
    Quote::made(format!("{field} / {}", quoted.text))
}

/// Adds words that tell something else.
fn add<'a>(reply: Quote<'a>, words: &str) -> Quote<'a> {
    if essence(&reply.text).contains(&essence(words)) {
        return reply;
    }
    if reply.text.is_empty() {
        return Quote::made(words.to_owned());
    }
    Quote::made(format!("{} / {words}", reply.text))
}

/// A field that was filled in only because it had to be.
fn is_empty_word(text: &str) -> bool {
    // no more of its letters are needed to tell
    let word: String = essential(text).take(8).collect();
    matches!(word.as_str(), "" | "unknown" | "none" | "null")
}

/// A field that quotes a reply as a text does gives that reply.
fn reply_within(field: Cow<'_, str>) -> Cow<'_, str> {
    let range = super::paragraph::within(&field);
    match field {
        Cow::Borrowed(field) => Cow::Borrowed(field.get(range).unwrap_or(field)),
        Cow::Owned(field) => Cow::Owned(field.get(range).map(str::to_owned).unwrap_or(field)),
    }
}

fn stage(reply: &str) -> Option<Stage> {
    marks::find(reply).iter().find(|hit| hit.list == List::Stage).and_then(|hit| Stage::parse(hit.meaning))
}

/// The paragraphs for people: those of no recipient in particular and the recipient's own.
fn prose<'a>(reading: &Reading, owner: Option<usize>, reply: &str) -> Option<Quote<'a>> {
    let mut out = String::new();
    for (whose, words) in &reading.prose {
        if whose.is_some() && owner.is_some() && *whose != owner {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let room = PROSE.saturating_sub(out.len());
        out.push_str(beginning(words, room));
        if out.len() >= PROSE {
            break;
        }
    }
    (!out.is_empty() && essential(&out).ne(essential(reply))).then(|| Quote::made(out))
}

/// What is the same for all recipients of a mail.
struct Common<'a> {
    original: Original<'a>,
    sender: Option<Cow<'a, str>>,
    time: Option<Cow<'a, str>>,
    reporting_host: Option<Cow<'a, str>>,
    notes: Vec<String>,
}

impl<'a> Common<'a> {
    fn read(mail: &Mail<'a>, reading: &Reading, original: &Original<'a>) -> Common<'a> {
        let from =
            || judge::from(mail).and_then(|from| from.rsplit_once('@').map(|(_, host)| host.to_owned()));
        Common {
            original: original.clone(),
            sender: judge::to(mail).map(Cow::Owned),
            time: mail.headers.first(&["Date"], mail.charsets),
            reporting_host: reading.reporting.clone().or_else(from).map(Cow::Owned),
            notes: mail.notes.clone(),
        }
    }

    fn fill(&self, notice: &mut Notice<'a>) {
        self.original.fill(notice);
        for (place, value) in [
            (&mut notice.sender, &self.sender),
            (&mut notice.time, &self.time),
            (&mut notice.reporting_host, &self.reporting_host),
        ] {
            if place.is_none() {
                place.clone_from(value);
            }
        }
        notice.notes.clone_from(&self.notes);
    }
}

/// Failures before delays before successes.
fn in_order(mut notices: Vec<Notice<'_>>) -> Vec<Notice<'_>> {
    let rank = |notice: &Notice<'_>| match notice.kind {
        Kind::Bounce => 0,
        Kind::Delay => 1,
        _ => 2,
    };
    crate::order::sort(&mut notices, |a, b| rank(a).cmp(&rank(b)));
    notices
}

/// A delivery status that no longer borrows from bytes that were decoded on the way.
pub fn own_status(status: dsn::Status<'_>) -> dsn::Status<'static> {
    let own = |value: Option<Cow<'_, str>>| value.map(|value| Cow::Owned(value.into_owned()));
    let message = dsn::Message {
        reporting: own(status.message.reporting),
        arrival: own(status.message.arrival),
        sender: own(status.message.sender),
        queue_id: own(status.message.queue_id),
        original_id: own(status.message.original_id),
    };
    dsn::Status { message, recipients: status.recipients.into_iter().map(dsn::Recipient::own).collect() }
}
