//! What stands before the message on a line of a log: time, host and program.
//!
//! `May  1 10:00:00 mx postfix/smtp[321]: …` (RFC 3164), `<22>1 2024-05-01T10:00:00Z mx postfix - - - …`
//! (RFC 5424), an ISO time instead of the first one, or nothing at all.

#![allow(clippy::indexing_slicing, reason = "fixed columns behind a check of the length")]

use crate::input::seek;
use crate::text::ends;

/// A line of a log.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The message.
    pub text: &'a str,
    /// Its place in the input.
    pub at: usize,
    /// When, as written.
    pub time: Option<&'a str>,
    /// The host that writes the log.
    pub host: Option<&'a str>,
    /// The program, without its process id.
    pub program: Option<&'a str>,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Takes a line apart; its place in the input is given.
pub fn line(line: &str, at: usize) -> Line<'_> {
    let whole = Line { text: line, at, time: None, host: None, program: None };
    let (rest, version) = priority(line);
    let Some((time, rest)) = time(rest) else {
        if let Some(text) = contained(rest) {
            return self::line(text, at + line.len() - text.len());
        }
        return tag(rest)
            .map_or(whole, |(program, text)| Line { program: Some(program), ..with(whole, line, text) });
    };
    // `2024-05-01T10:00:00Z stdout F May  1 10:00:00 mx …`: the log of a container (CRI)
    if let Some(text) = rest.strip_prefix("stdout F ").or_else(|| rest.strip_prefix("stderr F ")) {
        return self::line(text, at + line.len() - text.len());
    }
    let read = if version { structured(rest) } else { plain(rest) };
    match read {
        Some((host, program, text)) => {
            Line { time: Some(time), host, program: Some(program), ..with(whole, line, text) }
        }
        None => Line { time: Some(time), ..with(whole, line, rest) },
    }
}

/// Whether a record begins here, and not the rest of a wrapped one: with a time, a program, an id
/// or a brace.
pub fn begins(text: &str) -> bool {
    let read = line(text, 0);
    let id = || {
        text.split_once(": ")
            .is_some_and(|(id, _)| id.len() >= 5 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    let dated = || text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
    read.time.is_some() || read.program.is_some() || text.starts_with(['@', '{', '[']) || dated() || id()
}

/// What stands behind a container's name: `mail-1  | May  1 10:00:00 mx …` (docker compose).
fn contained(line: &str) -> Option<&str> {
    let bytes = line.as_bytes();
    let end = seek::any(bytes.get(..NAME).unwrap_or(bytes), [b' ']);
    let text = ends::trim_start(line.get(end..)?).strip_prefix('|')?;
    let bar = line.len() - text.len() - 1;
    let named = bar < NAME && bytes.get(..bar)?.ends_with(b" ") && !bytes.get(..end)?.contains(&b'|');
    let text = ends::trim_start(text);
    (named && time(text).is_some()).then_some(text)
}

/// Bytes in which such a name stands.
const NAME: usize = 64;

fn with<'a>(whole: Line<'a>, line: &'a str, text: &'a str) -> Line<'a> {
    // the message is the end of the line
    Line { text, at: whole.at + line.len() - text.len(), ..whole }
}

/// `<22>` and, in RFC 5424, the version behind it.
fn priority(line: &str) -> (&str, bool) {
    let rest = line.strip_prefix('<').and_then(|rest| {
        let (digits, rest) = rest.split_once('>')?;
        (digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
    });
    match rest {
        Some(rest) => rest.strip_prefix("1 ").map_or((rest, false), |rest| (rest, true)),
        None => (line, false),
    }
}

/// A time at the beginning, and what comes after the blank behind it.
fn time(text: &str) -> Option<(&str, &str)> {
    let capital = text.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    let month = capital && text.get(..3).is_some_and(|month| MONTHS.contains(&month));
    let len = if month {
        // `May  1 10:00:00`, and some write the year behind
        let clock = text.get(6..)?.find(':')? + 6;
        let end = clock + 6;
        (text.get(clock - 3..clock - 2) == Some(" ")).then_some(end)?
    } else {
        let date = text.get(..11)?.as_bytes();
        (date[4] == b'-' && date[7] == b'-' && date[10] == b'T' && date[0].is_ascii_digit()).then_some(())?;
        text.find(' ')?
    };
    let rest = text.get(len..)?;
    Some((text.get(..len)?, rest.strip_prefix(' ').unwrap_or(rest)))
}

/// `mx postfix/smtp[321]: message`
fn plain(text: &str) -> Option<(Option<&str>, &str, &str)> {
    let (host, rest) = text.split_once(' ')?;
    if let Some((program, message)) = tag(rest) {
        return Some((Some(host), program, message));
    }
    // a log without host names
    tag(text).map(|(program, message)| (None, program, message))
}

/// `mx postfix 321 - - message`
fn structured(text: &str) -> Option<(Option<&str>, &str, &str)> {
    let mut words = text.splitn(5, ' ');
    let (host, program) = (words.next()?, words.next()?);
    let (_process, _id, rest) = (words.next()?, words.next()?, words.next()?);
    let message = if rest.starts_with('[') {
        rest.split_once("] ").map_or("", |(_, message)| message)
    } else {
        rest.strip_prefix("- ").unwrap_or(rest)
    };
    Some((Some(host), program, message.trim_start_matches('\u{FEFF}')))
}

/// `postfix/smtp[321]: message`, `qmail: message`
fn tag(text: &str) -> Option<(&str, &str)> {
    let end = text
        .bytes()
        .take(80)
        .position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'/' | b'-' | b'_' | b'.'))?;
    let program = text.get(..end)?;
    let rest = text.get(end..)?;
    let (numbered, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => (true, rest),
        _ => (false, rest),
    };
    let message = rest.strip_prefix(": ").or_else(|| rest.strip_prefix(' ').filter(|_| numbered))?;
    // a queue id stands before a colon as well, but is no program
    let named = numbered
        || program.contains('/')
        || program.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (named && !program.is_empty()).then_some((program, message))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn prefixes_of_all_writers_are_taken_off() {
        for (text, time, host, program) in [
            (
                "May  1 10:00:00 mx postfix/smtp[321]: 4Vb2Q1: removed",
                Some("May  1 10:00:00"),
                Some("mx"),
                Some("postfix/smtp"),
            ),
            (
                "2024-05-01T10:00:00.123456+02:00 mx postfix/smtp[321]: 4Vb2Q1: removed",
                Some("2024-05-01T10:00:00.123456+02:00"),
                Some("mx"),
                Some("postfix/smtp"),
            ),
            (
                "<22>1 2024-05-01T10:00:00Z mx postfix/smtp 321 - - 4Vb2Q1: removed",
                Some("2024-05-01T10:00:00Z"),
                Some("mx"),
                Some("postfix/smtp"),
            ),
            (
                "<22>May  1 10:00:00 mx postfix/smtp[321]: 4Vb2Q1: removed",
                Some("May  1 10:00:00"),
                Some("mx"),
                Some("postfix/smtp"),
            ),
            ("postfix/smtp[321]: 4Vb2Q1: removed", None, None, Some("postfix/smtp")),
            ("4Vb2Q1: removed", None, None, None),
        ] {
            let read = line(text, 7);
            assert_eq!(
                (read.time, read.host, read.program, read.text),
                (time, host, program, "4Vb2Q1: removed"),
                "{text}"
            );
            assert_eq!(text.get(read.at - 7..), Some(read.text));
        }
    }
}
