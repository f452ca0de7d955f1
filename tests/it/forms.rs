//! What must not change a verdict, for every case of every form: line ends, wrapping, quoting, a
//! greeting and a signature, the order of a mail's parts, and where the text ends.

use super::corpus::Case;
use bouncelens::input::{ReadOptions, Shape, detect, read_each};
use bouncelens::types::{BounceType, Category, Kind, Reason};
use std::collections::BTreeMap;
use std::path::Path;

type Seen = (Kind, Option<Category>, Option<Reason>, Option<BounceType>);

fn seen(text: &str) -> Seen {
    let verdicts = bouncelens::classify(text.as_bytes());
    let verdict = verdicts.first().expect("a verdict");
    (verdict.kind, verdict.category, verdict.reason, verdict.bounce_type)
}

/// The cases under the folder of their form, such as `dsn`.
fn cases() -> Vec<(String, Case)> {
    let folder = |path: &Path| {
        let folder = path.parent().and_then(Path::file_name);
        folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    super::corpus::cases().into_iter().map(|(path, case)| (folder(&path), case)).collect()
}

/// Checks that a change of the text changes no verdict. `None` is a text that the change is not for.
fn holds(what: &str, change: impl Fn(&str, &str) -> Option<String>) {
    let mut wrong = Vec::new();
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for (folder, case) in cases() {
        let Some(changed) = change(&folder, &case.text) else { continue };
        let (before, after) = (seen(&case.text), seen(&changed));
        if before != after {
            wrong.push(format!("{folder}/{}: {before:?} became {after:?}", case.name));
        }
        *tried.entry(folder).or_default() += 1;
    }
    assert!(wrong.is_empty(), "{what}: {} wrong of {tried:?}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn line_ends_do_not_matter_in_any_form() {
    for (name, end) in [("CRLF", "\r\n"), ("CR", "\r")] {
        // texts that have carriage returns already say something about them
        // so do mailboxes that state the length of a mail in bytes
        let fits = |text: &str| !text.contains('\r') && !text.contains("Content-Length:");
        holds(name, |_, text| fits(text).then(|| text.replace('\n', end)));
    }
}

#[test]
fn quoting_does_not_matter_in_any_form() {
    holds("quoted", |_, text| {
        // a quoted form post is one word that begins with a mark
        let post = detect(text.as_bytes()).shape == Shape::FormPost;
        (!post).then(|| format!("> {}", text.trim_end().replace('\n', "\n> ")))
    });
}

#[test]
fn what_a_server_puts_around_a_reply_does_not_matter() {
    let frames = [
        ("Postfix", "host mail.example.net[198.51.100.9] said: ", " (in reply to RCPT TO command)"),
        ("Exim", "SMTP error from remote mail server: host mail.example.net [198.51.100.9]: ", ""),
    ];
    for (name, before, after) in frames {
        holds(name, |folder, text| {
            let text = text.trim_end();
            // a reply that is quoted already names its own stage
            let plain = folder == "smtp"
                && !text.contains('\n')
                && matches!(text.as_bytes(), [b'4' | b'5', b'0'..=b'5', b'0'..=b'9', b' ', ..])
                && !text.contains("in reply to");
            plain.then(|| format!("{before}{text}{after}"))
        });
    }
}

#[test]
fn a_greeting_and_a_signature_do_not_matter() {
    holds("greeting and signature", |folder, text| {
        let kind = seen(text).0;
        // a bare sentence is what a server said; with other words around it is a notice, which knows delays
        if text.starts_with("Delivery to a@example.com has been delayed.") {
            return None;
        }
        match folder {
            // the first row of a table is its header: words above it make another table of it
            "csv" => return None,
            // a mail that a person passes on is that person's mail, unless it is a report
            "not-bounce" if kind != Kind::Complaint => return None,
            // nothing bounced: a line that is read as nothing stays nothing, but a person's words are a mail
            _ if kind == Kind::Unrelated => return None,
            _ => {}
        }
        // form posts, tables and texts that begin with a remark or a mark of a file are what they begin with
        let shape = detect(text.as_bytes()).shape;
        (!matches!(shape, Shape::FormPost | Shape::Table | Shape::Mailbox))
            .then(|| format!("Hello,\n\nwhat does this mean?\n\n{text}\n\n-- \nAnn Example\nExample Ltd\n"))
    });
}

#[test]
fn wrapping_does_not_matter() {
    for width in [50, 76] {
        holds("wrapped", |folder, text| {
            (matches!(folder, "dsn" | "not-bounce")).then(|| rewrapped(text, width)).flatten()
        });
    }
}

#[test]
fn the_order_of_parts_does_not_matter() {
    holds("parts in reverse", |folder, text| {
        matches!(folder, "dsn" | "not-bounce").then(|| reversed(text)).flatten()
    });
}

/// A mail's header with the blank line, and its body.
fn header_and_body(text: &str) -> Option<(&str, &str)> {
    let end = text.find("\n\n")? + 2;
    let header = text.get(..end)?;
    let fields = header.lines().next()?.split_once(':')?.0;
    (!fields.contains(' ')).then(|| (header, text.get(end..).unwrap_or_default()))
}

fn boundary(header: &str) -> Option<String> {
    let at = header.to_ascii_lowercase().find("boundary=")? + "boundary=".len();
    let rest = header.get(at..)?;
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([';', '\n', ' ']).next(),
    };
    value.map(str::to_owned)
}

/// The same mail with the parts of its outermost multipart in reverse.
fn reversed(text: &str) -> Option<String> {
    let (header, body) = header_and_body(text)?;
    let boundary = boundary(header)?;
    let (open, close) = (format!("--{boundary}\n"), format!("--{boundary}--"));
    let parts: Vec<&str> = body.split(open.as_str()).collect();
    let (first, rest) = parts.split_first()?;
    let (last, tail) = rest.last()?.split_once(close.as_str())?;
    let mut parts: Vec<&str> = rest.get(..rest.len() - 1)?.to_vec();
    parts.push(last);
    parts.reverse();
    Some(format!("{header}{first}{open}{}{close}{tail}", parts.join(open.as_str())))
}

/// The same mail with its words for people wrapped, as a mail program does: lines of the body or of
/// the first plain part, up to the copy of the failed mail. What is copied from a session or is no
/// sentence keeps its lines: transcripts, fields, tables of equal signs.
fn rewrapped(text: &str, width: usize) -> Option<String> {
    let encoded = |header: &str| {
        let lower = header.to_ascii_lowercase();
        lower.contains("base64") || lower.contains("quoted-printable") || lower.contains("text/html")
    };
    let (before, words) = match header_and_body(text) {
        None => ("", text),
        Some((header, _)) if encoded(header) => return None,
        Some((header, body)) => match boundary(header) {
            None => (header, body),
            Some(boundary) => {
                let start = text.find(&format!("\n--{boundary}\n"))?;
                let part = text.get(start..)?;
                let words = start + part.find("\n\n")? + 2;
                if encoded(text.get(start..words)?) || text.get(start..words)?.contains("multipart") {
                    return None;
                }
                (text.get(..words)?, text.get(words..)?)
            }
        },
    };
    let mut out = before.to_owned();
    let mut done = false;
    for line in words.lines() {
        done |= line.starts_with("--") || line.contains("-----") || line.contains("riginal message");
        done |=
            line.starts_with("Reporting-MTA") || line.starts_with("Received:") || line.starts_with("Final-");
        // transcripts and fields keep their lines
        let marks = [">>>", "<<<", "-->", "<--", "\t", "From: ", "To: "];
        let verbatim = marks.iter().any(|mark| line.contains(mark));
        if done || verbatim || line.len() <= width {
            out.push_str(line);
        } else {
            let indent: String = line.chars().take_while(|letter| *letter == ' ').collect();
            let mut column = 0;
            for word in line.split_whitespace() {
                if column > 0 && column + word.len() > width {
                    out.push('\n');
                    column = 0;
                }
                out.push_str(if column == 0 { &indent } else { " " });
                out.push_str(word);
                column += word.len() + 1;
            }
        }
        out.push('\n');
    }
    Some(out)
}

#[test]
fn every_text_may_end_anywhere() {
    for (index, (_, case)) in cases().into_iter().enumerate() {
        let bytes = case.text.as_bytes();
        // every byte of short texts; of long ones so many that each run takes seconds, from another
        // place in each text
        let step = (bytes.len() / MOST_ENDS).max(1);
        for end in (index % step..=bytes.len()).step_by(step) {
            let mut count = 0;
            read_each(bytes.get(..end).unwrap_or_default(), &ReadOptions::default(), &mut |_| count += 1);
            assert!(count > 0, "{} at {end}", case.name);
        }
    }
}

/// Ends tried of one text.
const MOST_ENDS: usize = if cfg!(debug_assertions) { 300 } else { 1 << 20 };
