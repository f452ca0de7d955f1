//! One paragraph of a notice: does it quote a reply, and where does the reply begin and end?

use super::address;
use super::code::{self, Form};
use super::marks::{self, Finder, Hit, List};
use super::text::{is_letter_or_digit, join};
use crate::input::seek;
use crate::text::ends;
use crate::types::Stage;
use std::ops::Range;

/// A reply quoted in a notice's text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Its words, on one line.
    pub text: String,
    /// Where the words stand in the text, if on one line there too.
    pub at: Option<Range<usize>>,
    /// How much it looks like a reply: [`Reply::CODE`] and more has a code.
    pub score: u8,
    /// The stage told beside it.
    pub stage: Option<Stage>,
    /// The host told beside it.
    pub host: Option<String>,
    /// The paragraph it stands in begins with another one, which quotes it: a reply that does so is a reply.
    pub inner: bool,
    /// The paragraph is about somebody else than the recipient.
    pub other: bool,
}

impl Reply {
    /// From this score on there is a code in it.
    pub const CODE: u8 = 60;
    /// Whether it is certainly somebody's reply, and not only words about one. Beside a field that
    /// has a code, only a reply with a basic code is.
    pub fn is_verbatim(&self, beside_code: bool) -> bool {
        self.score >= Reply::LINE || !beside_code && self.score >= Reply::LED_WORDS
    }

    /// Whether words announce it.
    pub fn is_led(&self) -> bool {
        matches!(self.score, Reply::LED | Reply::TRANSCRIPT | Reply::LED_WORDS | Reply::LED_CODE)
    }

    const TRANSCRIPT: u8 = 101;
    const LED: u8 = 100;
    const BEGINS: u8 = 85;
    const LINE: u8 = 80;
    /// An enhanced code in words behind an announcement.
    const LED_CODE: u8 = Reply::CODE + 5;
    const NUMBER: u8 = 45;
    /// Words behind an announcement.
    pub const LED_WORDS: u8 = 50;
    const OWN_WORDS: u8 = 40;
    /// Words of a failure that belong to nobody in particular.
    pub const FAILURE_WORDS: u8 = 30;
    const WORDS: u8 = 20;
    const ASIDE: u8 = 5;
}

/// The words of a paragraph without sentences that tell nothing.
#[derive(PartialEq)]
pub enum Prose {
    /// None is left.
    None,
    /// All of them.
    Whole,
    /// These.
    Part(String),
}

/// What a paragraph says.
pub struct Read {
    /// Its words, on one line.
    pub whole: String,
    /// Those worth reading.
    pub prose: Prose,
    /// The reply in it.
    pub reply: Option<Reply>,
    /// It ends in words that announce a reply.
    pub leads_on: bool,
    /// Lists of which it has words.
    pub marks: u64,
}

/// Where a paragraph stands.
#[derive(Clone, Copy)]
pub struct Context {
    /// Words before it announce a reply.
    pub announced: bool,
    /// It stands in a recipient's block.
    pub owned: bool,
}

/// The lines of a paragraph and the marks in them.
#[derive(Default)]
pub struct Paragraph<'t> {
    lines: Vec<(&'t str, usize)>,
    marks: Finder,
    /// Lines in which a code was looked for, and whether there was one.
    looked: usize,
    coded: bool,
    /// It is a reply in a transcript.
    pub transcript: bool,
}

/// Lines of one paragraph that are read; more is no paragraph.
const LINES: usize = 2000;

impl<'t> Paragraph<'t> {
    /// No line yet.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether a reply's code stands in it.
    pub fn has_code(&mut self) -> bool {
        let begins = |line: &str| code::find(line).is_some_and(|place| place.form == Form::Reply);
        let fresh = self.lines.get(self.looked..).unwrap_or_default();
        self.coded |= fresh.iter().any(|(line, _)| begins(line));
        self.looked = self.lines.len();
        self.coded
    }

    /// Where it stands in the text.
    pub fn range(&self) -> Range<usize> {
        let start = self.lines.first().map_or(0, |(_, at)| *at);
        start..self.lines.last().map_or(start, |(line, at)| at + line.len())
    }

    /// Adds a line with the marks in it.
    pub fn push(&mut self, line: &'t str, at: usize, marks: &Finder) {
        if self.lines.len() < LINES {
            self.lines.push((line, at));
            // the line may be the end of the one that they were found in
            self.marks.hits.extend(marks.hits.iter().filter(|hit| hit.start >= at));
            self.marks.open.extend(marks.open.iter().filter(|place| **place >= at));
        }
    }

    /// Makes room for the next paragraph.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.marks.hits.clear();
        self.marks.open.clear();
        (self.looked, self.coded, self.transcript) = (0, false, false);
    }

    /// Whether a line of a transcript goes on with the reply: `550-` lines of the same code.
    pub fn goes_on(&self, line: &str) -> bool {
        let last = self.lines.last().map(|(last, _)| *last).unwrap_or_default();
        self.transcript && last.get(..3) == line.get(..3) && last.as_bytes().get(3) == Some(&b'-')
    }

    /// Whether a line that begins with a code begins another reply.
    pub fn ends_before(&self, line: &str) -> bool {
        let Some((last, _)) = self.lines.last() else { return false };
        let begins = code::at_start(line).is_some_and(|place| place.code >= 400 && place.start == 0);
        let more = last.get(..3) == line.get(..3) && last.as_bytes().get(3) == Some(&b'-');
        begins && !more && (self.transcript || code::at_start(last).is_some_and(|place| place.code > 0))
            || self.transcript && !begins
    }

    /// Reads the paragraph.
    pub fn read(&self, context: Context, marks: &mut Finder) -> Read {
        let room = self.lines.iter().map(|(line, _)| line.len() + 1).sum();
        let whole = self.lines.iter().fold(String::with_capacity(room), |whole, (line, _)| join(whole, line));
        // Words that are wrapped are only found in the joined lines.
        match self.lines.as_slice() {
            [(_, at)] => marks.take(&self.marks, *at),
            lines if whole.is_ascii() => {
                marks.join(&whole, &self.marks, lines.iter().map(|(line, at)| (*at, line.len())));
            }
            _ => marks.read(&whole, 0),
        }
        let hits = marks.hits.as_slice();
        let prose = without_boilerplate(&whole, hits);
        let leads_on = ends_in_lead(&whole, hits);
        let weighed = Weighed {
            whole: &whole,
            hits,
            context,
            transcript: self.transcript,
            plain: prose != Prose::None,
            lines: &self.lines,
        };
        let reply = weighed.reply().filter(|_| !leads_on || code::find(&whole).is_some());
        let mut reply = reply.map(|(range, score)| self.reply(&whole, hits, range, score));
        // Words for people go without the sentences that tell nothing.
        if let (Some(reply), Prose::Part(prose)) = (&mut reply, &prose)
            && reply.score <= Reply::OWN_WORDS
        {
            reply.text.clone_from(prose);
            reply.at = None;
        }
        Read { prose, reply, leads_on, marks: marks::set(hits), whole }
    }

    fn reply(&self, whole: &str, hits: &[Hit], range: Range<usize>, score: u8) -> Reply {
        let range = trim(whole, range);
        let text = whole.get(range.clone()).unwrap_or_default().to_owned();
        let at = match self.lines.as_slice() {
            [(_, at)] => Some(at + range.start..at + range.end),
            _ => None,
        };
        let stage = hits.iter().find(|hit| hit.list == List::Stage).and_then(|hit| Stage::parse(hit.meaning));
        let other = hits.iter().any(|hit| hit.list == List::Other && hit.start < 4);
        let inner = code::at_start(whole).is_some() && !whole.trim_start().starts_with(&text);
        Reply { text, at, score, stage, host: None, inner, other }
    }
}

/// The facts by which a paragraph is weighed.
struct Weighed<'w> {
    whole: &'w str,
    hits: &'w [Hit],
    context: Context,
    transcript: bool,
    plain: bool,
    lines: &'w [(&'w str, usize)],
}

impl Weighed<'_> {
    /// Where the reply stands, and how much it looks like one.
    fn reply(&self) -> Option<(Range<usize>, u8)> {
        let place = code::find(self.whole);
        let (start, score) = self
            .led_code()
            .map(|(led, score)| match place {
                // a refusal that quotes another: `450 … unverified address: host mx said: 550 …`
                Some(outer) if outer.quotes(led) => (outer.start, score),
                _ => (led, score),
            })
            .or_else(|| match place {
                Some(place) if place.form == Form::Reply => {
                    Some((place.start, scored(place.code, Reply::BEGINS)))
                }
                _ => None,
            })
            .or_else(|| self.line_code())
            .or_else(|| self.led_words(place.is_some_and(|place| place.form == Form::Enhanced)))
            .or_else(|| match place {
                Some(place) if place.form == Form::Enhanced => Some((0, Reply::CODE)),
                Some(_) if self.context.owned => Some((0, Reply::NUMBER)),
                _ => None,
            })
            .or_else(|| self.plain.then(|| (self.behind_expansion(), self.words_score())))?;
        let end = self
            .hits
            .iter()
            .find(|hit| hit.list == List::Stop && hit.start > start)
            .map_or(self.whole.len(), |hit| hit.start);
        Some((start..end, score))
    }

    /// `(expanded from <alias>): mailbox full`: the words behind.
    fn behind_expansion(&self) -> usize {
        let expansion = self.hits.iter().find(|hit| hit.list == List::Expanded && hit.start < 4);
        let close = expansion.and_then(|hit| Some(hit.end + self.whole.get(hit.end..)?.find(')')? + 1));
        close.unwrap_or(0)
    }

    fn words_score(&self) -> u8 {
        let failure = self.hits.iter().any(|hit| hit.list == List::Failure);
        match (self.transcript || self.context.announced, self.context.owned, failure) {
            (true, _, _) => Reply::LED_WORDS,
            (_, true, _) => Reply::OWN_WORDS,
            (_, _, true) => Reply::FAILURE_WORDS,
            _ => Reply::WORDS,
        }
    }

    /// `said: 550 …`: a code right behind words that announce a reply, or at the very beginning.
    fn led_code(&self) -> Option<(usize, u8)> {
        if (self.transcript || self.context.announced)
            && let Some(place) = code::at_start(self.whole)
        {
            return Some((
                place.start,
                scored(place.code, if self.transcript { Reply::TRANSCRIPT } else { Reply::LED }),
            ));
        }
        self.leads().find_map(|hit| {
            let rest = self.whole.get(hit.end..)?;
            let skip = rest.len() - ends::start(rest, b" :-\"'[(<#").len();
            let place = code::at_start(rest.get(skip..)?)?;
            Some((hit.end + skip + place.start, scored(place.code, Reply::LED)))
        })
    }

    /// A line that begins with a code.
    fn line_code(&self) -> Option<(usize, u8)> {
        let mut next = 0;
        self.lines.iter().find_map(|(line, _)| {
            let start = next;
            next += line.len() + 1;
            let place = code::at_start(self.whole.get(start..)?)?;
            Some((start + place.start, scored(place.code, Reply::LINE)))
        })
    }

    /// `Reason: mailbox full`: words behind words that announce a reply.
    fn led_words(&self, enhanced: bool) -> Option<(usize, u8)> {
        let hit = self
            .leads()
            .find(|hit| self.whole.get(hit.end..).is_some_and(|rest| rest.chars().any(is_letter_or_digit)))
            // `unknown host: a@example.com` tells why before it tells who
            .filter(|hit| !self.whole.get(hit.end..).is_some_and(is_address_alone))?;
        Some((hit.end, if enhanced { Reply::LED_CODE } else { Reply::LED_WORDS }))
    }

    fn leads(&self) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(|hit| hit.list == List::Reply)
    }
}

/// A code that is no refusal (250, 354), or only says that the commands came in a wrong order
/// after an earlier refusal (503), explains nothing.
fn scored(code: u16, score: u8) -> u8 {
    match code {
        0 => score - 10,
        503 => Reply::ASIDE + 5,
        400.. => score,
        _ => 0,
    }
}

fn is_address_alone(text: &str) -> bool {
    let text = ends::both(ends::trim(text), b"<>.");
    address::at_start(text) == Some(text.len())
}

/// Whether the paragraph ends in words that announce a reply.
fn ends_in_lead(whole: &str, hits: &[Hit]) -> bool {
    let last = hits.iter().filter(|hit| hit.list == List::Reply).map(|hit| hit.end).max();
    let end = || ends::end(whole, b" :-\"'=*#|_.").len();
    last.is_some_and(|last| last >= end())
}

/// The paragraph without the sentences that say nothing about a cause.
fn without_boilerplate(whole: &str, hits: &[Hit]) -> Prose {
    let mut out = String::new();
    let mut from = 0;
    for hit in hits.iter().filter(|hit| hit.list == List::Boilerplate) {
        if hit.start < from {
            continue;
        }
        out.push_str(whole.get(from..hit.start).unwrap_or_default());
        from = sentence_end(whole, hit.end);
    }
    let rest = whole.get(from..).unwrap_or_default();
    out.push_str(if from == 0 { "" } else { rest });
    let kept = ends::trim(if from == 0 { rest } else { &out });
    if !kept.chars().any(is_letter_or_digit) {
        Prose::None
    } else if kept.len() == whole.len() {
        Prose::Whole
    } else {
        Prose::Part(kept.to_owned())
    }
}

fn sentence_end(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        // `。` and characters like it begin with this byte
        let found = seek::any(rest, [b'.', b'!', b';', 0xE3]);
        at += found + 1;
        match rest.get(found..) {
            None | Some([]) => return text.len(),
            Some([0xE3, 0x80, 0x82, ..]) => return at + 2,
            Some([0xE3, ..]) => {}
            Some(_) => {
                let after = text.get(at..).and_then(|after| after.chars().next());
                if after.is_none_or(char::is_whitespace) {
                    return at;
                }
            }
        }
    }
}

/// Without blanks and without brackets and quotes that surround the reply.
fn trim(whole: &str, range: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = range;
    let text = |start: usize, end: usize| whole.get(start..end).unwrap_or_default();
    // a text may end in a million brackets: they are counted once
    let mut counts = None;
    loop {
        // what one pair encloses whole: `[User unknown]`
        if let [first @ (b'[' | b'('), .., last @ (b']' | b')')] = text(start, end).as_bytes() {
            let counts = counts.get_or_insert_with(|| Counts::of(text(start, end)));
            if ['(', ')', '[', ']'].map(|mark| counts.get(mark)).iter().sum::<usize>() == 2 {
                counts.lose(char::from(*first));
                counts.lose(char::from(*last));
                start += 1;
                end -= 1;
            }
        }
        let now = text(start, end);
        let back = now
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '|' | '-' | '=' | '_'));
        end = start + back.len();
        let Some(last) = back.chars().next_back() else { return start..end };
        let open = match last {
            ')' => '(',
            ']' => '[',
            '>' => '<',
            '\'' | '"' => last,
            _ => break,
        };
        let counts = counts.get_or_insert_with(|| Counts::of(back));
        let (closed, opened) = (counts.get(last), counts.get(open));
        if if open == last { closed % 2 == 0 } else { closed <= opened } {
            break;
        }
        counts.lose(last);
        end -= 1;
    }
    let now = text(start, end);
    start = end
        - now
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '|' | ':' | '-'))
            .len();
    start..end
}

/// How many there are of each bracket and quote.
#[derive(Default)]
struct Counts([usize; PAIRS.len()]);

const PAIRS: [char; 8] = ['(', ')', '[', ']', '<', '>', '\'', '"'];

impl Counts {
    fn of(text: &str) -> Counts {
        Counts(PAIRS.map(|mark| text.bytes().filter(|byte| char::from(*byte) == mark).count()))
    }

    fn get(&self, mark: char) -> usize {
        self.0.iter().zip(PAIRS).find(|(_, known)| *known == mark).map_or(0, |(count, _)| *count)
    }

    fn lose(&mut self, mark: char) {
        self.0.iter_mut().zip(PAIRS).filter(|(_, known)| *known == mark).for_each(|(count, _)| *count -= 1);
    }
}

/// The reply within a diagnostic field that quotes one as a text does: `host mx said: 550 …`.
pub fn within(field: &str) -> Range<usize> {
    let begins = code::at_start(field).is_some();
    if begins && seek::any(field.as_bytes(), [b'(']) == field.len() {
        return 0..field.len();
    }
    let hits = marks::find(field);
    // what stands before a reply that was the last of many says how it ended
    let expired = |end: usize| hits.iter().any(|hit| hit.list == List::Expiry && hit.end <= end);
    let announces = |hit: &&Hit| hit.list == List::Reply && !begins && !expired(hit.start);
    let led = hits.iter().filter(announces).find_map(|hit| {
        let rest = field.get(hit.end..)?;
        let place = code::at_start(ends::trim_start(rest))?;
        (place.code >= 400).then(|| hit.end + (rest.len() - ends::trim_start(rest).len()) + place.start)
    });
    let start = led.unwrap_or(0);
    let stop = |hit: &&Hit| {
        hit.list == List::Stop
            && hit.start > start
            && field.get(hit.start..).is_some_and(|rest| rest.starts_with('('))
    };
    let end = hits.iter().find(stop).map_or(field.len(), |hit| hit.start);
    if start == 0 && end == field.len() { start..end } else { trim(field, start..end) }
}

#[cfg(test)]
mod tests {
    use super::trim;

    #[test]
    fn brackets_around_a_reply_are_taken_off() {
        for (text, reply) in [
            ("[User unknown]", "User unknown"),
            ("(a <b>>)", "a <b>"),
            ("550 no (really)", "550 no (really)"),
            ("550 no) ] >", "550 no"),
            ("550 'no''", "550 'no'"),
            ("(a) and (b)", "(a) and (b)"),
            ("# 550 no --", "550 no"),
        ] {
            assert_eq!(text.get(trim(text, 0..text.len())), Some(reply), "{text}");
        }
    }

    #[test]
    fn a_million_brackets_end() {
        let text = "550 no".to_owned() + &")".repeat(1 << 20);
        assert_eq!(trim(&text, 0..text.len()), 0..6);
    }
}
