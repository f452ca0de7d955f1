//! What kind of mail this is, where no report part says so.

use super::Mail;
use super::address;
use super::marks::{self, Hit, List};
use super::ndr::Reading;
use super::paragraph::Reply;
use crate::text::ends;
use crate::types::Kind;

/// The kind, and how it was found.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    /// The kind.
    pub kind: Kind,
}

impl Judgement {
    /// A notice about a delivery.
    pub fn is_notice(self) -> bool {
        matches!(self.kind, Kind::Bounce | Kind::Delay | Kind::Delivered)
    }
}

/// From this many points on a mail is a notice. One mark alone proves nothing: people quote
/// notices, and machines send other mail too.
const NOTICE: u32 = 4;

/// Judges a mail by its header and the marks in its text.
pub fn judge(mail: &Mail<'_>, reading: &Reading) -> Judgement {
    let text = |name: &str| mail.headers.text(name, mail.charsets).unwrap_or_default();
    let title = text("Subject");
    let subject = marks::find(&title);
    let from = marks::find(&text("From"));
    let header = Header {
        subject: &subject,
        title: ends::trim(&title),
        daemon: from.iter().any(|hit| hit.list == List::Daemon),
        auto: is_automatic(mail) || starts(&subject, List::AutoReplySubject),
    };
    let kind = if points(mail, reading, &header) >= NOTICE {
        notice_kind(reading, &subject)
    } else {
        other_kind(mail, reading, &header)
    };
    Judgement { kind }
}

/// Whether a mail came over a list or with a newsletter, and from no sender of notices.
pub fn is_of_list(mail: &Mail<'_>) -> bool {
    let from = || mail.headers.text("From", mail.charsets).unwrap_or_default();
    mail.headers.has("List-Unsubscribe") && marks::find(&from()).iter().all(|hit| hit.list != List::Daemon)
}

struct Header<'h> {
    subject: &'h [Hit],
    title: &'h str,
    daemon: bool,
    auto: bool,
}

impl Header<'_> {
    fn has(&self, list: List) -> bool {
        self.subject.iter().any(|hit| hit.list == list)
    }

    /// Whether the subject says this and no more.
    fn is(&self, list: List) -> bool {
        let whole = |hit: &&Hit| hit.start < 5 && hit.end + 4 > self.title.len();
        self.subject.iter().filter(whole).any(|hit| hit.list == list)
    }

    /// The subject's words that a notice has.
    fn notices(&self) -> impl Iterator<Item = &Hit> {
        let of_notice = |list| matches!(list, List::Subject | List::DelaySubject | List::SuccessSubject);
        self.subject.iter().filter(move |hit| of_notice(hit.list))
    }

    /// Whether the subject is that of another mail, which this one answers.
    fn answers(&self, mail: &Mail<'_>) -> bool {
        let answer = mail.headers.has("In-Reply-To") || starts(self.subject, List::AutoReplySubject);
        answer && self.notices().all(|hit| hit.start > 3)
    }

    /// Whether somebody answers a notice: `Re:` before its subject, and the field that mail programs write.
    fn is_answered(&self, mail: &Mail<'_>) -> bool {
        let mark = self.title.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
        mark && self.is_notice_subject() && self.answers(mail)
    }

    /// Whether the words of a notice stand behind the number of a ticket or issue.
    fn is_title(&self) -> bool {
        let numbered = |hit: &Hit| {
            let before = self.title.get(..hit.start).unwrap_or_default();
            hit.start >= NUMBERED && before.contains([']', ')', '#'])
        };
        self.is_notice_subject() && self.notices().all(numbered)
    }

    fn is_notice_subject(&self) -> bool {
        self.notices().next().is_some()
    }
}

/// Shorter tags are of filters.
const NUMBERED: usize = 16;

/// Words of a list near the beginning: behind a `Re:` or a tag at most.
fn starts(hits: &[Hit], list: List) -> bool {
    hits.iter().any(|hit| hit.list == list && hit.start < 40)
}

fn points(mail: &Mail<'_>, reading: &Reading, header: &Header<'_>) -> u32 {
    let has = |name| mail.headers.has(name);
    let is = |name, word: &str| {
        mail.headers.text(name, mail.charsets).is_some_and(|value| value.to_ascii_lowercase().contains(word))
    };
    let code = best_score(reading) >= Reply::CODE;
    let named = !reading.recipients.is_empty();
    let whom = named || reading.mention.is_some();
    let block = reading
        .recipients
        .iter()
        .any(|named| named.reply.as_ref().is_some_and(|reply| reply.score >= Reply::CODE));
    let answered = reading.recipients.iter().any(|named| named.reply.is_some());
    // A header that only the writers of notices have.
    let sure = has("X-Failed-Recipients")
        || has("X-DSNContext")
        || has("X-MS-Exchange-Message-Is-Ndr")
        || is("Content-Type", "delivery-status")
        || is("Auto-Submitted", "(failure)")
        || is("Auto-Submitted", "(warning");
    let told = reading.has(List::Failure) || reading.has(List::Delay) || reading.has(List::Success);
    // An answer keeps the subject of what it answers.
    let answer = header.auto && (!header.is_notice_subject() || header.answers(mail));
    let human = !header.daemon && (answer || header.is_title() || header.is_answered(mail));
    let quoted = reading.cut < usize::MAX && reading.marks & (1 << List::Original as u64) != 0;
    // A newsletter may speak about bounces, and a complaint is about any mail.
    let speaks_of_mail = || mail.headers.has("List-Unsubscribe") || header.has(List::Complaint);
    if !header.daemon && !sure && speaks_of_mail() {
        return 0;
    }
    // So do mails about a mailbox that fills up, and those that pretend to hold mail back.
    let whose = header.daemon && header.is_notice_subject() && answered;
    if (reading.has(List::Owner) || header.has(List::Owner)) && !sure && !block && !whose {
        return 0;
    }
    // What a job of cron prints may be a queue or a summary of a log.
    if has("X-Cron-Env") {
        return 0;
    }
    [
        (sure, 4),
        (header.is_notice_subject() && !human, 2),
        (header.daemon, 2),
        (told, if human { 1 } else { 2 }),
        // A code that stands with nobody and under no such subject is one of a table.
        (code, if human || !(whom || told || sure || header.is_notice_subject()) { 1 } else { 2 }),
        (named, 1),
        // A recipient's block with a code in it is a notice in any language.
        (block && !human, 1),
        (quoted && !human, 1),
        // `<a@example.com>: ` and words, from a daemon or under a notice's subject, in a language that nobody taught us.
        ((header.daemon || header.is_notice_subject()) && answered && !told && !human, 1),
        // Copied from the screen there is no header to tell it.
        (told && reading.announces() && mail.headers.is_empty(), 2),
        (told && named && mail.headers.is_empty(), 1),
    ]
    .iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, points)| points)
    .sum()
}

fn best_score(reading: &Reading) -> u8 {
    let own = reading.recipients.iter().filter_map(|named| named.reply.as_ref());
    own.chain(&reading.shared).map(|reply| reply.score).max().unwrap_or(0)
}

/// A notice says in its subject or text that it is about a delay or a success; else it is a failure.
fn notice_kind(reading: &Reading, subject: &[Hit]) -> Kind {
    let has = |list| subject.iter().any(|hit| hit.list == list);
    let named = has(List::Subject);
    // `Remis :` says so only where it begins the subject: `Non remis :` is the contrary.
    let success = subject
        .iter()
        .any(|hit| hit.list == List::SuccessSubject && (hit.start < 4 || hit.end - hit.start > 24));
    if has(List::DelaySubject) || reading.has(List::Delay) && !named && !success {
        Kind::Delay
    } else if success || reading.has(List::Success) && !reading.has(List::Failure) {
        Kind::Delivered
    } else if reading.has(List::Delay)
        && !reading
            .recipients
            .iter()
            .any(|named| named.reply.as_ref().is_some_and(|reply| refuses(&reply.text)))
        && !has_final(subject)
    {
        Kind::Delay
    } else {
        Kind::Bounce
    }
}

fn refuses(reply: &str) -> bool {
    ends::trim_start(reply).starts_with('5')
}

fn has_final(subject: &[Hit]) -> bool {
    subject.iter().any(|hit| hit.list == List::Subject)
}

fn other_kind(mail: &Mail<'_>, reading: &Reading, header: &Header<'_>) -> Kind {
    let has = |list| header.has(list) || reading.has(list);
    if starts(header.subject, List::AggregateSubject)
        || mail.headers.has("TLS-Report-Domain")
        || has_aggregate_file(mail)
    {
        return Kind::AggregateReport;
    }
    if has(List::Complaint) && !header.auto
        || mail.headers.has("X-HmXmrOriginalRecipient")
        || mail.parts.iter().any(|part| part.headers.has("X-HmXmrOriginalRecipient"))
    {
        return Kind::Complaint;
    }
    if has(List::Receipt) && starts(header.subject, List::ReceiptSubject) || is_receipt(mail) {
        return Kind::ReadReceipt;
    }
    if has(List::Challenge) {
        return Kind::Challenge;
    }
    if has(List::Subscription) || header.is(List::SubscriptionSubject) {
        return Kind::Subscription;
    }
    let answers = ["In-Reply-To", "References", "Auto-Submitted"].iter().any(|name| mail.headers.has(name));
    if header.auto || reading.has(List::AutoReply) && (header.daemon || answers || mail.headers.is_empty()) {
        return Kind::AutoReply;
    }
    Kind::Unrelated
}

/// A DMARC report's attachment: `receiver!domain!begin!end.xml.gz` (RFC 7489 section 7.2.1.1).
fn has_aggregate_file(mail: &Mail<'_>) -> bool {
    let name = |part: &super::Part<'_>| {
        ["Content-Disposition", "Content-Type"].iter().find_map(|field| {
            let value = super::headers::Structured::read(part.headers.raw(field)?);
            value.parameter("filename").or_else(|| value.parameter("name"))
        })
    };
    mail.parts.iter().filter_map(name).chain(root_name(mail)).any(|name| name.matches('!').count() >= 3)
}

fn root_name(mail: &Mail<'_>) -> Option<String> {
    let value = super::headers::Structured::read(mail.headers.raw("Content-Disposition")?);
    value.parameter("filename")
}

/// `report-type=disposition-notification`, with its part missing.
fn is_receipt(mail: &Mail<'_>) -> bool {
    mail.headers
        .text("Content-Type", mail.charsets)
        .is_some_and(|value| value.to_ascii_lowercase().contains("disposition-notification"))
}

/// Header fields of auto-replies (RFC 3834 section 5, and what came before it).
///
/// `X-Auto-Response-Suppress` is not among them: it asks for no replies and Exchange writes it
/// into all of its mail.
fn is_automatic(mail: &Mail<'_>) -> bool {
    let value =
        |name| ends::trim(&mail.headers.text(name, mail.charsets).unwrap_or_default()).to_ascii_lowercase();
    let submitted = value("Auto-Submitted");
    let list = mail.headers.has("List-Id") || mail.headers.has("List-Unsubscribe");
    submitted.starts_with("auto-replied")
        || submitted.starts_with("auto-notified")
        || submitted.starts_with("auto-generated") && !list && value("In-Reply-To").contains('@')
        || matches!(value("Precedence").as_str(), "auto_reply" | "auto-reply" | "autoreply")
        || value("Preference").starts_with("auto_reply")
        || [
            "X-Autoreply",
            "X-Autorespond",
            "X-Autoresponder",
            "X-AutoReply-From",
            "X-Mail-Autoreply",
            "X-MS-Exchange-Inbox-Rules-Loop",
        ]
        .iter()
        .any(|name| mail.headers.has(name) && !matches!(value(name).as_str(), "no" | "false"))
        || value("Delivered-To").starts_with("autoresponder")
        || value("X-MS-Exchange-Generated-Message-Source").contains("mailbox rules")
}

/// Who sent the mail.
pub fn from(mail: &Mail<'_>) -> Option<String> {
    let value = mail.headers.text("From", mail.charsets)?;
    address::of_field(&value).filter(|address| address.contains('@')).map(std::borrow::Cow::into_owned)
}

/// Whom the mail was sent to: of a notice, the sender of the failed mail.
pub fn to(mail: &Mail<'_>) -> Option<String> {
    let value = mail.headers.text("To", mail.charsets)?;
    address::of_field(&value).filter(|address| address.contains('@')).map(std::borrow::Cow::into_owned)
}
