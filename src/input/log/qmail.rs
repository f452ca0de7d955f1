//! qmail-send and its descendants: results are joined to their recipients by delivery number.
//!
//! `delivery 5: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/Giving_up_on_192.0.2.1./`.
//! A blank is written `_` and a line end `/`; that cannot be undone for sure, so only the text is
//! decoded, never an address.

use super::TRIED;
use super::syslog::Line;
use crate::text::ends;
use crate::types::{Class, Form, Kind, Notice, Quote};
use std::borrow::Cow;
use std::collections::HashMap;

/// Deliveries that run at the same time: qmail itself allows 255 of each channel.
const MOST: usize = 10_000;

/// Deliveries and messages that have begun.
#[derive(Default)]
pub struct Deliveries<'a> {
    /// Message and recipient by delivery number.
    running: HashMap<&'a str, (&'a str, &'a str)>,
    /// Sender by message number.
    senders: HashMap<&'a str, &'a str>,
}

/// Reads a line; says whether it is qmail's.
pub fn read<'a>(line: Line<'a>, known: &mut Deliveries<'a>, each: &mut dyn FnMut(Notice<'a>)) -> bool {
    let (time, rest) = stamp(line.text);
    if !matches!(rest.as_bytes().first(), Some(b'd' | b's' | b'i' | b'n' | b'e' | b'b' | b't')) {
        return false;
    }
    if let Some(rest) = rest.strip_prefix("delivery ") {
        return result(time, rest, known, each);
    }
    if let Some(rest) = rest.strip_prefix("starting delivery ") {
        let mut words = rest.split(' ');
        if let (Some(number), Some("msg"), Some(message), Some("to"), Some(_), Some(recipient)) =
            (words.next(), words.next(), words.next(), words.next(), words.next(), words.next())
        {
            room(&mut known.running).insert(ends::end(number, b":"), (message, recipient));
            return true;
        }
        return false;
    }
    if let Some((message, rest)) = rest.strip_prefix("info msg ").and_then(|rest| rest.split_once(": ")) {
        if let Some((_, sender)) = rest.split_once(" from <") {
            room(&mut known.senders).insert(message, sender.split('>').next().unwrap_or_default());
        }
        return true;
    }
    let ends = ["new msg ", "end msg ", "bounce msg ", "status: local ", "triple bounce: "];
    ends.iter().any(|start| rest.starts_with(start))
}

fn room<'m, 'a, V>(map: &'m mut HashMap<&'a str, V>) -> &'m mut HashMap<&'a str, V> {
    if map.len() >= MOST {
        map.clear();
    }
    map
}

/// Takes `@40000000…`, TAI64N, `1714557600.123456` or `2024-05-01 10:00:00.123456` off the beginning.
fn stamp(text: &str) -> (Option<&str>, &str) {
    if let [_, _, _, _, b'-', _, _, b'-', _, _, b' ', ..] = text.as_bytes()
        && let Some(end) = text.get(11..).and_then(|rest| rest.find(' '))
    {
        return (text.get(..11 + end), text.get(12 + end..).unwrap_or_default());
    }
    let Some((word, rest)) = text.split_once(' ') else { return (None, text) };
    let tai = word.len() == 25 && word.starts_with('@');
    let seconds = word.contains('.') && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if tai || seconds { (Some(word), rest) } else { (None, text) }
}

/// Unix seconds of a stamp: those of TAI64N begin at 2^62 and run ten seconds ahead.
fn unix(stamp: &str) -> Cow<'_, str> {
    let tai = stamp.strip_prefix('@').and_then(|hex| u64::from_str_radix(hex.get(..16)?, 16).ok());
    match tai.and_then(|tai| tai.checked_sub((1 << 62) + 10)) {
        Some(seconds) => Cow::Owned(seconds.to_string()),
        None => Cow::Borrowed(stamp),
    }
}

fn result<'a>(
    time: Option<&'a str>,
    rest: &'a str,
    known: &mut Deliveries<'a>,
    each: &mut dyn FnMut(Notice<'a>),
) -> bool {
    let Some((number, rest)) =
        rest.split_once(": ").filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return false;
    };
    let (word, text) = rest.split_once(": ").unwrap_or((rest, ""));
    let (kind, report) = match word {
        "success" => (Kind::Delivered, text),
        "deferral" => (TRIED, text),
        "failure" => (Kind::Bounce, text),
        _ => return word.starts_with("report mangled"),
    };
    let (reply, host, over) = told(report);
    let mut notice = Notice::new(Form::Log, kind, Quote::made(reply));
    if word == "deferral" {
        super::held(&mut notice);
    }
    if let Some((message, recipient)) = known.running.remove(number) {
        notice.recipient = Some(recipient.into());
        notice.queue_id = Some(message.into());
        notice.sender =
            known.senders.get(message).filter(|sender| !sender.is_empty()).map(|sender| (*sender).into());
    } else {
        notice.notes.push("the line that names the recipient is missing".into());
    }
    notice.class = Some(Class { system: "qmail", name: if over { "expired" } else { word }.into() });
    notice.remote_host = host.map(Cow::Borrowed);
    notice.time = time.map(unix);
    each(notice);
    true
}

/// The reply in a report, the host that gave it, and whether the mail's time is over.
fn told(report: &str) -> (String, Option<&str>, bool) {
    let over = report.find("I'm_not_going_to_try_again");
    let report = over.map_or(report, |at| report.get(..at).unwrap_or_default());
    let said = report.find("emote_host_said:_");
    let host =
        said.and_then(|at| report.get(..at)?.split("_does_not_like_").next()).or_else(|| connected(report));
    let host = host.filter(|host| !host.contains(['_', '/']));
    let text = said.map_or(report, |at| report.get(at + 17..).unwrap_or_default());
    let end = said.and_then(|_| text.find("/Giving_up_on_")).unwrap_or(text.len());
    (decoded(text.get(..end).unwrap_or_default()), host, over.is_some())
}

/// The host of `Connected_to_192.0.2.1_but_…`.
fn connected(report: &str) -> Option<&str> {
    report.strip_prefix("Connected_to_")?.split('_').next()
}

/// Blanks and line ends as they were; slashes within a URL stay.
fn decoded(text: &str) -> String {
    let mut in_url = false;
    let mut before = ' ';
    let words: String = text
        .chars()
        .map(|letter| {
            in_url = letter != '_' && (in_url || letter == '/' && before == ':');
            before = letter;
            match letter {
                '_' => ' ',
                '/' if !in_url => '\n',
                other => other,
            }
        })
        .collect();
    ends::trim(&words).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{told, unix};

    #[test]
    fn reports_are_decoded() {
        let (reply, host, over) = told(
            "192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_no_such_user,_see_https://mail.example.com/a/b_x/Giving_up_on_192.0.2.1./",
        );
        assert_eq!(
            (reply.as_str(), host, over),
            ("550 5.1.1 no such user, see https://mail.example.com/a/b x", Some("192.0.2.1"), false)
        );
        let (reply, host, over) = told(
            "Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/I'm_not_going_to_try_again;_this_message_has_been_in_the_queue_too_long./",
        );
        assert_eq!(
            (reply.as_str(), host, over),
            ("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", None, true)
        );
    }

    #[test]
    fn tai_is_unix_time_and_a_bit() {
        assert_eq!(unix("@40000000663210ea00000000"), "1714557152");
        assert_eq!(unix("1714557600.123456"), "1714557600.123456");
    }
}
