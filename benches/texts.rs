//! What is measured: real-looking replies, reports, and inputs that are made to be slow. The native bench
//! and `cargo xtask bench` share this file, so both measure the same texts.

use rulec::data::Data;
use rulec::phrase::{Atom, Classes, Place, What, compile};
use std::collections::BTreeSet;
use std::path::Path;

/// A report of some 3.5 KB.
const REPORT: &str = include_str!("dsn.eml");
/// The reply in it, where its fields state it.
const STATED: &str = "550-5.1.1 The email account that you tried to reach does
    not exist. Please try 550-5.1.1 double-checking the recipient's email
    address for typos or unnecessary spaces. Learn more at
    https://support.example.com/NoSuchUser";

/// The examples of all rules: the replies that the rules are for.
pub fn examples(data: &Data) -> Vec<String> {
    let rules = data.rules.iter().flat_map(|placed| placed.rule.is.iter());
    let codes =
        data.providers.iter().flat_map(|(_, provider)| &provider.code).flat_map(|code| code.is.iter());
    rules.chain(codes).cloned().collect()
}

/// Replies of 100 to 140 bytes from our own cases and the examples: as long as servers write them, and
/// so many that no cache of a machine or an engine holds their answers.
pub fn replies(root: &Path, data: &Data) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut texts = cases(&root.join("tests/corpus/smtp"));
    texts.extend(examples(data));
    texts.retain(|text| (100..=140).contains(&text.len()) && seen.insert(text.clone()));
    texts
}

/// The texts of the cases in a folder.
fn cases(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let table: toml::Table =
            std::fs::read_to_string(file).ok().and_then(|text| text.parse().ok()).unwrap_or_default();
        let cases = table.get("case").and_then(toml::Value::as_array).into_iter().flatten();
        texts.extend(cases.filter_map(|case| Some(case.get("text")?.as_str()?.to_owned())));
    }
    texts
}

/// Reports of some 3.5 KB, each about another reply.
pub fn reports(replies: &[String]) -> Vec<String> {
    let chosen = replies.iter().step_by((replies.len() / 32).max(1));
    chosen.map(|reply| REPORT.replace(STATED, &reply.replace('\n', "\n    ")).replace('\n', "\r\n")).collect()
}

/// An input that is made to be slow: a unit that is repeated, in which `{n}` counts.
pub struct Hostile {
    /// What it is.
    pub name: &'static str,
    /// Stands before all.
    pub head: &'static str,
    /// What is repeated.
    pub unit: String,
}

/// Ordinary text of any length, to compare with: a reply a line, as in a file of replies.
pub fn ordinary(replies: &[String]) -> Hostile {
    let lines = replies.iter().map(|reply| reply.replace('\n', " ") + "\n");
    Hostile { name: "ordinary text, a reply a line", head: "", unit: lines.collect() }
}

/// Inputs that are made to be slow. Each stands for a way in which readers of text turn quadratic.
pub fn hostile(data: &Data) -> Vec<Hostile> {
    let phrases = phrases(data);
    let words: BTreeSet<&str> = phrases.iter().flatten().map(String::as_str).collect();
    let beginnings: BTreeSet<String> = words.iter().map(|word| word.chars().take(5).collect()).collect();
    let examples = examples(data);
    let plain = |name, unit: &str| Hostile { name, head: "", unit: unit.to_owned() };
    vec![
        plain("one literal", "550 5.1.1 user unknown "),
        plain("one word", "user "),
        plain("one character", "a"),
        plain("a line break", "\n"),
        plain("a blank line", "\r\n"),
        plain("continued lines", "550-\n"),
        plain("all phrases", &joined(phrases.iter().flatten().map(String::as_str))),
        plain(
            "all phrases but their last word",
            &joined(
                phrases
                    .iter()
                    .flat_map(|words| words.split_last().into_iter().flat_map(|all| all.1))
                    .map(String::as_str),
            ),
        ),
        plain("five bytes of each word", &joined(beginnings.iter().map(String::as_str))),
        plain("the commonest words", "mailbox user message ip not from host domain "),
        plain("all examples, in one line", &joined(examples.iter().map(String::as_str)).replace('\n', " ")),
        plain("quotes in quotes", "> > > > > > > > "),
        plain("quoted lines", ">>>>>>>>>>>>>>>> user unknown\n"),
        plain("brackets", "<"),
        plain("open brackets and quotes", "(\"<["),
        plain("no address", "a@"),
        plain("dots", "a."),
        plain("almost an IPv4 address", "1.2.3."),
        plain("almost an IPv6 address", "::"),
        plain("entities", "&amp"),
        plain("dashes", "--"),
        plain("accents", "\u{300}"),
        plain("Chinese", "用"),
        plain("gaps", "mailbox .. is .. "),
        plain("almost JSON", "{\"a\":["),
        plain("almost a table", "a;b,c\t"),
        Hostile {
            name: "a mail in a mail in a mail",
            head: "From: MAILER-DAEMON@example.net\r\nMIME-Version: 1.0\r\n",
            unit: "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".into(),
        },
        Hostile {
            name: "a mail of headers alone",
            head: "From: MAILER-DAEMON@example.net\r\n",
            unit: "X-Header-{n}: a\r\n b\r\n".into(),
        },
        Hostile {
            name: "a report of many recipients",
            head: "From: MAILER-DAEMON@example.net\r\nMIME-Version: 1.0\r\n\
                   Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
                   Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.net\r\n",
            unit: "\r\nFinal-Recipient: rfc822; a{n}@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
                .into(),
        },
    ]
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.fold(String::new(), |all, text| all + text + " ")
}

/// One way to say each phrase of each rule.
fn phrases(data: &Data) -> Vec<Vec<String>> {
    let classes = Classes::new(&data.words.fillers, &data.words.classes).expect("the data is checked");
    let of_rules = data.rules.iter().flat_map(|placed| &placed.rule.phrases);
    of_rules
        .flat_map(|phrase| compile(phrase, &classes).unwrap_or_default())
        .map(|places| said(&places))
        .collect()
}

fn said(places: &[Place]) -> Vec<String> {
    let mut words = Vec::new();
    for place in places.iter().filter(|place| !place.optional) {
        match &place.what {
            What::One(atoms) => words.extend(atoms.first().map(|atom| match atom {
                Atom::Word(word) | Atom::Prefix(word) => word.clone(),
                Atom::Thing(_) => "a@example.com".to_owned(),
            })),
            What::Group(ways) => words.extend(ways.first().map(|way| said(way)).unwrap_or_default()),
        }
    }
    words
}
