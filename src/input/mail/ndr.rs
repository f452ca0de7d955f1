//! Notices written for people: who failed, and the reply that is quoted for them.
//!
//! One reader for all systems and languages. It walks over the lines once. A line that begins with
//! an address opens that recipient's block; the paragraphs of the block are weighed by how much
//! they look like a reply: words such as `said:` and a code, a transcript's `<<<`, a code where a
//! line begins. What systems differ in are words, and these stand in `frames.toml`.

use super::marks::{self, Finder, Hit, List};
use super::paragraph::{Context, Paragraph, Prose, Reply};
use super::text::is_letter_or_digit;
use super::{address, code, opener};
use crate::input::outline::Role;
use crate::text::ends;
use crate::text::words;
use crate::types::Stage;
use std::collections::HashMap;
use std::ops::Range;

/// A recipient that a notice names.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The address, or a name where the notice gives no address.
    pub address: String,
    /// The address before an expansion, where that is told.
    pub original: Option<String>,
    /// The best reply quoted for it.
    pub reply: Option<Reply>,
    /// The stage told in its block but not with the reply.
    pub stage: Option<Stage>,
}

/// What a notice's text says.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The recipients, in order.
    pub recipients: Vec<Named>,
    /// The best reply that belongs to no recipient in particular.
    pub shared: Option<Reply>,
    /// An address in a sentence, where no line begins with one, and the words of the sentence.
    pub mention: Option<(String, Reply)>,
    /// Paragraphs worth reading, and whose block each stands in.
    pub prose: Vec<(Option<usize>, String)>,
    /// Lists of which the text has words.
    pub marks: u64,
    /// Where the quoted original begins.
    pub cut: usize,
    /// The reporting host, where the text names it.
    pub reporting: Option<String>,
}

impl Reading {
    /// Whether the text has words of this list.
    pub fn has(&self, list: List) -> bool {
        self.marks & (1 << list as u64) != 0
    }

    /// Whether the best reply stands behind words that announce it.
    pub fn announces(&self) -> bool {
        self.shared.as_ref().is_some_and(|reply| reply.is_led() && !reply.inner)
    }
}

/// Recipients of one block that each get their own copy of its reply.
const MANY: usize = 64;

/// Reads a notice's text.
pub fn read(text: &str) -> Reading {
    let mut reader = Reader { text, ..Reader::default() };
    reader.run();
    reader.finish()
}

/// What a line or paragraph of a notice's text was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// What it is.
    pub role: Role,
    /// Where it stands in the text.
    pub at: Range<usize>,
    /// The reply in it.
    pub reply: String,
}

/// The lines and paragraphs of a notice's text, in order.
pub fn sections(text: &str) -> Vec<Section> {
    let mut reader = Reader { text, sections: Some(Vec::new()), ..Reader::default() };
    reader.run();
    reader.sections.unwrap_or_default()
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    reading: Reading,
    places: HashMap<String, usize>,
    /// Recipients whose block this is; several where they are listed one after the other.
    owners: Vec<usize>,
    /// The block has words already, so the next address opens a new one.
    has_words: bool,
    /// How far the line that opened the block is indented.
    indent: usize,
    stage: Option<Stage>,
    host: Option<String>,
    paragraph: Paragraph<'t>,
    /// The marks in the last paragraph.
    marks: Finder,
    /// The last command of a transcript has an answer.
    answered: bool,
    /// The last paragraph ended in words that announce a reply.
    announced: bool,
    /// The last line ended in words of an expansion.
    expecting: bool,
    /// What each line was taken for, where that is asked.
    sections: Option<Vec<Section>>,
}

impl<'t> Reader<'t> {
    fn run(&mut self) {
        let mut marks = Finder::default();
        let mut after_blank = true;
        self.reading.cut = self.text.len();
        for (start, bytes) in super::lines::Lines::of(self.text.as_bytes()) {
            let Some(words) = self.text.get(start..start + bytes.len()) else { continue };
            let trimmed = unquoted(ends::bare(words, b"\0"));
            if trimmed.is_empty() || is_rule(trimmed) {
                self.end_paragraph();
                after_blank = true;
                continue;
            }
            let at = start + (trimmed.as_ptr() as usize - words.as_ptr() as usize);
            marks.read(trimmed, at);
            self.reading.marks |= marks::set(&marks.hits);
            if begins_original(trimmed, at, &marks.hits) {
                self.reading.cut = start;
                self.end_paragraph();
                self.section(Role::Original, start..self.text.len());
                break;
            }
            self.line(trimmed, at, at - start, after_blank, &marks);
            after_blank = false;
        }
        self.end_paragraph();
    }

    fn line(&mut self, words: &'t str, at: usize, indent: usize, after_blank: bool, marks: &Finder) {
        let hits = marks.hits.as_slice();
        if let Some(hit) = hits.iter().find(|hit| hit.list == List::Sent && hit.start < at + 48)
            && self.sent(words.get(hit.end - at..).unwrap_or_default())
        {
            self.section(Role::Context, at..at + words.len());
            return;
        }
        if let Some(hit) = hits.iter().find(|hit| hit.list == List::Received && hit.start < at + 48) {
            let from = hit.end - at;
            let rest = words.get(from..).unwrap_or_default();
            return self.received(
                ends::trim(rest),
                at + from + (rest.len() - ends::trim_start(rest).len()),
                marks,
            );
        }
        if let Some(hit) = hits.iter().find(|hit| hit.list == List::Recipient && hit.start <= at + 4)
            && !self.goes_on_about_owner(words.get(hit.end - at..).unwrap_or_default())
            && let Some(rest) = self.labelled(words.get(hit.end - at..).unwrap_or_default(), indent)
        {
            self.section(Role::Recipient, at..at + words.len() - rest.len());
            // A sentence that goes on behind the address tells the reason.
            if rest.chars().filter(|c| is_letter_or_digit(*c) && !c.is_ascii_digit()).count() > 2 {
                self.words(words, at, marks);
            }
            return;
        }
        if self.expansion(words, at, hits, false) {
            self.section(Role::Recipient, at..at + words.len());
            return;
        }
        let label = hits.iter().find(|hit| hit.list == List::Section);
        if label.is_some_and(|hit| hit.start <= at + decoration(words)) {
            self.end_paragraph();
            self.section(Role::Boilerplate, at..at + words.len());
            self.note_host(words, at, hits);
            return;
        }
        if indent <= self.indent && !self.owners.is_empty() && is_local_target(words) {
            return self.open_local(indent);
        }
        if !self.continues(indent, after_blank)
            && let Some(opener) =
                opener::read(words, after_blank || self.paragraph.is_empty(), || tells(words, hits))
            && !hits.iter().any(|hit| hit.list == List::Other && hit.start <= at + 3)
            && !(opener.named && hits.iter().any(|hit| hit.list == List::Daemon && hit.start <= at + 2))
        {
            let rest = opener.rest;
            self.open(&opener.addresses, indent);
            self.note_host(words, at, hits);
            self.expansion(words, at, hits, true);
            let from = (rest.as_ptr() as usize).saturating_sub(words.as_ptr() as usize);
            self.section(Role::Recipient, at..at + if rest.is_empty() { words.len() } else { from });
            if !rest.is_empty() {
                self.words(rest, at + from, marks);
            }
            return;
        }
        self.note_host(words, at, hits);
        self.words(words, at, marks);
    }

    /// Within a paragraph of a block, a line indented deeper than the block's first line goes on
    /// with the paragraph even where it begins with an address.
    fn continues(&self, indent: usize, after_blank: bool) -> bool {
        !after_blank && !self.paragraph.is_empty() && !self.owners.is_empty() && indent > self.indent
    }

    /// Whether a label names whom the open block is about, below a code: a wrapped reply goes on, `550 Invalid` /
    /// `recipient: <a@example.com>`.
    fn goes_on_about_owner(&mut self, named: &str) -> bool {
        if !self.paragraph.has_code() {
            return false;
        }
        let owner = self.owners.first().and_then(|owner| self.reading.recipients.get(*owner));
        let is_owner = |address: &str| owner.is_some_and(|owner| address::same(&owner.address, address));
        address::find(named).filter_map(|range| named.get(range)).all(is_owner)
    }

    fn words(&mut self, words: &'t str, at: usize, marks: &Finder) {
        if self.paragraph.ends_before(words) {
            self.end_paragraph();
        }
        self.has_words = true;
        self.paragraph.push(words, at, marks);
    }

    /// Opens a block, or joins an open one that has no words yet.
    fn open<A: AsRef<str>>(&mut self, addresses: &[A], indent: usize) {
        self.end_paragraph();
        if self.has_words {
            self.owners.clear();
            self.stage = None;
            self.host = None;
        }
        self.has_words = false;
        self.announced = false;
        self.indent = indent;
        for address in addresses {
            let owner = self.recipient(address.as_ref());
            if self.owners.last() != Some(&owner) {
                self.owners.push(owner);
            }
        }
    }

    /// Opens a block of no address: whose it is stands in the words of an expansion.
    fn open_local(&mut self, indent: usize) {
        self.end_paragraph();
        self.owners.clear();
        (self.stage, self.host) = (None, None);
        (self.has_words, self.announced) = (false, false);
        self.indent = indent;
    }

    fn recipient(&mut self, address: &str) -> usize {
        let next = self.reading.recipients.len();
        let place = *self.places.entry(address.to_ascii_lowercase()).or_insert(next);
        if place == next {
            self.reading.recipients.push(Named { address: address.to_owned(), ..Named::default() });
        }
        place
    }

    /// `Recipient address: a@example.com`, `Intended Recipients: a, b`.
    fn labelled(&mut self, rest: &'t str, indent: usize) -> Option<&'t str> {
        let ranges: Vec<Range<usize>> = address::find(rest).collect();
        let end = ranges.last()?.end;
        let found: Vec<&str> = ranges.into_iter().filter_map(|range| rest.get(range)).collect();
        self.open(&found, indent);
        rest.get(end..)
    }

    /// Looks for the words of an expansion. True where the line holds nothing else.
    fn expansion(&mut self, words: &'t str, at: usize, hits: &[Hit], opened: bool) -> bool {
        let hit = hits.iter().find(|hit| hit.list == List::Expanded);
        // The address may stand on the next line, where the text is wrapped.
        let from = match hit {
            Some(hit) if opened || hit.start <= at + 2 => hit.end - at,
            None if std::mem::take(&mut self.expecting) => 0,
            _ => return false,
        };
        let rest = words.get(from..).unwrap_or_default();
        let Some(range) = address::find(rest).next() else {
            self.expecting = true;
            return false;
        };
        let end = range.end;
        let original = rest.get(range).unwrap_or_default().to_owned();
        self.expanded(&original);
        !opened && !rest.get(end..).is_some_and(|rest| rest.contains(is_letter_or_digit))
    }

    /// `(expanded from: <alias>)`, `(generated from alias)`: the address that was written to.
    fn expanded(&mut self, original: &str) {
        if self.owners.is_empty() {
            self.open(&[original], self.indent);
        }
        for owner in &self.owners {
            if let Some(named) = self.reading.recipients.get_mut(*owner) {
                named.original.get_or_insert_with(|| original.to_owned());
            }
        }
    }

    /// A command in a transcript: says whose replies follow, and the stage. False for no command.
    fn sent(&mut self, command: &'t str) -> bool {
        let command = ends::trim(command);
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let stage = match verb.as_str() {
            "RCPT" => Stage::RcptTo,
            "MAIL" | "SEND" => Stage::MailFrom,
            "DATA" | "." | "BDAT" => Stage::Data,
            "HELO" | "EHLO" | "LHLO" => Stage::Helo,
            "STARTTLS" => Stage::StartTls,
            "AUTH" => Stage::Auth,
            "QUIT" | "RSET" | "NOOP" => Stage::Quit,
            _ => return false,
        };
        self.end_paragraph();
        if stage == Stage::RcptTo {
            self.has_words = true;
            if let Some(range) = address::find(command).next() {
                self.open(command.get(range).as_slice(), usize::MAX);
            }
        } else if self.reading.recipients.len() > 1 {
            self.owners.clear();
        }
        self.stage = Some(stage);
        self.answered = false;
        self.has_words = true;
        true
    }

    /// A reply in a transcript: the lines of one reply are one paragraph.
    fn received(&mut self, words: &'t str, at: usize, marks: &Finder) {
        if !self.paragraph.goes_on(words) {
            self.end_paragraph();
            if self.stage == Some(Stage::Data) && self.answered && is_out_of_order(words) {
                self.pipelined();
            }
            self.answered = true;
        }
        self.has_words = true;
        self.paragraph.transcript = true;
        self.paragraph.push(words, at, marks);
    }

    /// DATA was sent before RCPT was answered (RFC 2920), and this is its answer: those before are RCPT's.
    fn pipelined(&mut self) {
        let reading = &mut self.reading;
        let named = reading.recipients.iter_mut().flat_map(|named| {
            named.reply.as_mut().map(|reply| &mut reply.stage).into_iter().chain([&mut named.stage])
        });
        let shared = reading.shared.as_mut().map(|reply| &mut reply.stage);
        let mention = reading.mention.as_mut().map(|(_, reply)| &mut reply.stage);
        for stage in named.chain(shared).chain(mention).filter(|stage| **stage == Some(Stage::Data)) {
            *stage = Some(Stage::RcptTo);
        }
    }

    fn section(&mut self, role: Role, at: Range<usize>) {
        if let Some(sections) = &mut self.sections {
            sections.push(Section { role, at, reply: String::new() });
        }
    }

    fn note_host(&mut self, words: &str, at: usize, hits: &[Hit]) {
        // where those end that begin earlier, and the place of the last ones
        let (mut before, mut last) = (0, 0..0);
        for hit in hits.iter().filter(|hit| hit.list == List::Host) {
            if hit.start > last.start {
                before = last.end.max(before);
                last = hit.start..hit.end;
            }
            last.end = last.end.max(hit.end);
            // Of `client host` and `host` the longer one says whose host it is.
            if before > 0 && before >= hit.start {
                continue;
            }
            let Some(name) = host_name(words.get(hit.end - at..).unwrap_or_default()) else { continue };
            match hit.meaning {
                "other" => {}
                "reporting" => self.reading.reporting = Some(name),
                _ => {
                    self.host.get_or_insert(name);
                }
            }
        }
    }

    fn end_paragraph(&mut self) {
        if self.paragraph.is_empty() {
            return;
        }
        let context = Context { announced: self.announced, owned: !self.owners.is_empty() };
        let range = self.paragraph.range();
        let read = self.paragraph.read(context, &mut self.marks);
        self.paragraph.clear();
        self.reading.marks |= read.marks;
        if let Some(sections) = &mut self.sections {
            let role = match (&read.reply, &read.prose) {
                (Some(reply), _) if reply.score > 0 => Role::Reply,
                (_, Prose::None) => Role::Boilerplate,
                _ => Role::Prose,
            };
            let reply = read.reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default();
            sections.push(Section { role, at: range.clone(), reply });
        }
        self.announced = read.leads_on || self.announced && read.reply.is_none();
        match read.reply {
            Some(mut reply) => {
                reply.stage = reply.stage.or(self.stage);
                reply.host = reply.host.or_else(|| self.host.clone());
                self.assign(reply, &read.whole);
            }
            None => self.mentions(&range),
        }
        let prose = match read.prose {
            Prose::None => return,
            Prose::Part(words) => words,
            Prose::Whole => read.whole,
        };
        let owner = self.owners.first().copied().filter(|_| self.owners.len() == 1);
        self.reading.prose.push((owner, prose));
    }

    /// Gives a reply to the recipient that it names, else to those of the block, else to all; of the paragraph that it
    /// stands in all words are given.
    fn assign(&mut self, reply: Reply, whole: &str) {
        // What is said of very many is said of all: it is kept once.
        if self.owners.len() > MANY {
            return keep_best(&mut self.reading.shared, reply);
        }
        if let Some(named) = self.named_in(&reply) {
            return self.give(named, reply);
        }
        if let Some(last) = self.owners.last().copied() {
            for index in 1..self.owners.len() {
                if let Some(owner) = self.owners.get(index - 1).copied() {
                    self.give(owner, reply.clone());
                }
            }
            return self.give(last, reply);
        }
        if self.reading.mention.is_none()
            && !reply.other
            && let Some(address) = mentioned(whole)
        {
            self.reading.mention = Some((address.to_owned(), reply.clone()));
        }
        keep_best(&mut self.reading.shared, reply);
    }

    /// An address in sentences that announce a reply and quote none themselves.
    fn mentions(&mut self, range: &Range<usize>) {
        if self.announced
            && self.owners.is_empty()
            && self.reading.mention.is_none()
            && let Some(address) = self.text.get(range.clone()).and_then(mentioned)
        {
            self.reading.mention = Some((address.to_owned(), Reply::default()));
        }
    }

    /// The recipient of another block that a reply with a code is about.
    fn named_in(&self, reply: &Reply) -> Option<usize> {
        let range = address::find(&reply.text).next().filter(|_| reply.score >= Reply::CODE)?;
        let place = *self.places.get(&reply.text.get(range)?.to_ascii_lowercase())?;
        (!self.owners.contains(&place)).then_some(place)
    }

    fn give(&mut self, owner: usize, reply: Reply) {
        if let Some(named) = self.reading.recipients.get_mut(owner) {
            named.stage = named.stage.or(reply.stage);
            keep_best(&mut named.reply, reply);
        }
    }

    fn finish(self) -> Reading {
        let mut reading = self.reading;
        for named in &mut reading.recipients {
            let own = named.reply.as_ref().map_or(0, |reply| reply.score);
            if own < Reply::CODE
                && let Some(shared) = reading.shared.as_ref().filter(|shared| shared.score >= Reply::CODE)
            {
                named.reply = Some(shared.clone());
            }
            // A transcript has in full what a recipient's line has cut.
            if let (Some(reply), Some(shared)) = (&mut named.reply, &reading.shared)
                && shared.text.len() > reply.text.len()
                && shared.text.starts_with(ends::end(&reply.text, b"."))
            {
                reply.text.clone_from(&shared.text);
                reply.at.clone_from(&shared.at);
            }
            if let Some(reply) = &mut named.reply {
                reply.stage = reply.stage.or(named.stage);
            }
        }
        reading
    }
}

/// The first address in some words that is not a sender's of notices.
fn mentioned(words: &str) -> Option<&str> {
    let daemon =
        |address: &str| marks::find(address).iter().any(|hit| hit.list == List::Daemon && hit.start == 0);
    address::find(words).filter_map(|range| words.get(range)).find(|address| !daemon(address))
}

fn keep_best(best: &mut Option<Reply>, reply: Reply) {
    if reply.score > 0 && best.as_ref().is_none_or(|best| reply.score > best.score) {
        *best = Some(reply);
    }
}

/// The host that a text begins with: a name with a dot, or an address literal.
fn host_name(text: &str) -> Option<String> {
    let text = ends::start(text, b" :(<[\"'");
    let kind = text.bytes().take(6).position(|byte| byte == b';');
    let text = kind.and_then(|end| text.get(end + 1..)).map_or(text, ends::trim_start);
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':')))
        .unwrap_or(text.len());
    let name = ends::end(text.get(..end)?, b".:");
    (name.contains(['.', ':']) && name.len() > 3).then(|| name.to_owned())
}

/// Whether the failed mail's quote begins here: words for it, or a header that only a mail has.
fn begins_original(line: &str, at: usize, hits: &[Hit]) -> bool {
    let mark = hits.iter().find(|hit| hit.list == List::Original);
    if mark.is_some_and(|hit| hit.start <= at + decoration(line)) {
        return true;
    }
    if !matches!(line.as_bytes().first(), Some(b'R' | b'r')) {
        return false;
    }
    let range: Range<usize> = 0..line.len().min(13);
    let start = line.as_bytes().get(range).unwrap_or_default();
    [&b"received: "[..], b"received:from", b"return-path: ", b"return-path:<"]
        .iter()
        .any(|name| start.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)))
}

/// A line without the marks of quoting: `> `, as deep as it goes.
fn unquoted(line: &str) -> &str {
    let mut line = line;
    while let Some(rest) = line.strip_prefix("> ").or_else(|| (line == ">").then_some("")) {
        line = ends::trim_start(rest);
    }
    line
}

/// A reply to a command that came too early: 503 (RFC 5321 section 4.2.2), or X.5.1 (RFC 3463 section 3.6).
fn is_out_of_order(reply: &str) -> bool {
    let status = reply.get(4..).and_then(|rest| words::status(rest.as_bytes()));
    reply.starts_with("503") || matches!(status, Some(((5, 5, 1), _)))
}

/// A line of dashes and the like, without a word.
fn is_rule(line: &str) -> bool {
    line.len() > 3
        && line
            .bytes()
            .all(|byte| matches!(byte, b'-' | b'=' | b'_' | b'*' | b'#' | b'~' | b'+' | b' ' | b'|'))
}

/// `|/usr/bin/vacation`, `/var/mail/ann`: a program or file that mail is handed to.
fn is_local_target(line: &str) -> bool {
    let path = line.strip_prefix('|').map_or(line, ends::trim_start);
    path.len() > 3
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.get(1..).is_some_and(|rest| rest.contains('/'))
}

/// A line that itself tells of a failure.
fn tells(line: &str, hits: &[Hit]) -> bool {
    hits.iter().any(|hit| matches!(hit.list, List::Failure | List::Reply))
        || code::find(line).is_some_and(|place| place.form == code::Form::Reply)
}

/// How many bytes of dashes and the like a line begins with.
fn decoration(line: &str) -> usize {
    line.len() - ends::start(line, b" -*=_#|>+~.(<").len()
}
