//! The fixtures of whole mails, read from `tests/corpus`.

use bouncelens::input::mail::{looks_like_mail, read};
use bouncelens::text::decode::native;
use bouncelens::types::{Kind, Notice};
use std::fmt::Write as _;

/// One mail and what must be read out of it. Keys that judge the reply are for later stages.
#[derive(Clone)]
struct Case {
    name: String,
    text: String,
    keys: toml::Table,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in ["dsn", "not-bounce"] {
        let folder = format!("{}/tests/corpus/{folder}", env!("CARGO_MANIFEST_DIR"));
        for file in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let text = std::fs::read_to_string(file.path()).expect("fixtures are readable");
            let table: toml::Table =
                text.parse().unwrap_or_else(|error| unreachable!("{}: {error}", file.path().display()));
            for case in table.get("case").and_then(toml::Value::as_array).into_iter().flatten() {
                let keys = case.as_table().cloned().unwrap_or_default();
                let string =
                    |key: &str| keys.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
                cases.push(Case { name: string("name"), text: string("text"), keys });
            }
        }
    }
    cases
}

/// What is wrong about the notices of a case.
fn problems(case: &Case, notices: &[Notice<'_>]) -> String {
    let mut out = String::new();
    let more = case
        .keys
        .get("more")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table);
    for (keys, at) in std::iter::once(&case.keys).chain(more).zip(0..) {
        match notices.get(at) {
            Some(notice) => out += &differences(keys, notice, notices.len()),
            None => drop(writeln!(out, "  no notice {at}")),
        }
    }
    out
}

fn differences(keys: &toml::Table, first: &Notice<'_>, count: usize) -> String {
    let mut out = String::new();
    let option = |value: &Option<std::borrow::Cow<'_, str>>| value.as_deref().unwrap_or_default().to_owned();
    for (key, value) in keys {
        let wanted = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let found = match key.as_str() {
            "kind" => first.kind.to_string(),
            "form" => first.form.to_string(),
            "recipient" => option(&first.recipient),
            "original-recipient" => option(&first.original_recipient),
            "stage" => first.stage.map(|stage| stage.to_string()).unwrap_or_default(),
            "remote-host" => option(&first.remote_host),
            "count" => count.to_string(),
            "reply" if first.reply.text.contains(&wanted) => continue,
            "reply" => first.reply.text.to_string(),
            _ => continue,
        };
        if found != wanted {
            let _ = writeln!(out, "  {key}: found `{found}`, wanted `{wanted}`");
        }
    }
    out
}

fn check(change: &str, changed: impl Fn(&Case) -> Vec<u8>) {
    let mut all = String::new();
    for case in cases() {
        let bytes = changed(&case);
        let problems = problems(&case, &read(&bytes, native));
        if !problems.is_empty() {
            let _ = write!(all, "{}{change}\n{problems}", case.name);
        }
    }
    assert!(all.is_empty(), "\n{all}");
}

#[test]
fn fixtures_are_read_as_stated() {
    check("", |case| case.text.clone().into_bytes());
}

#[test]
fn names_are_unique() {
    let mut names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn line_ends_do_not_matter() {
    check(" (CRLF)", |case| case.text.replace('\n', "\r\n").into_bytes());
    check(" (CR)", |case| case.text.replace('\n', "\r").into_bytes());
    check(" (CR CR LF)", |case| case.text.replace('\n', "\r\r\n").into_bytes());
}

#[test]
fn quoting_and_greetings_do_not_matter() {
    check(" (quoted)", |case| format!("> {}", case.text.trim_end().replace('\n', "\n> ")).into_bytes());
    check(" (byte order mark)", |case| format!("\u{FEFF}{}", case.text).into_bytes());
    check(" (mailbox line)", |case| {
        if case.text.starts_with("From ") || !has_header(case) {
            case.text.clone().into_bytes()
        } else {
            format!("From MAILER-DAEMON Mon May  1 10:00:00 2023\n{}", case.text).into_bytes()
        }
    });
    check(" (signature)", |case| {
        if has_header(case) {
            format!("{}\n-- \nAnn Example\nExample Ltd\n", case.text).into_bytes()
        } else {
            case.text.clone().into_bytes()
        }
    });
    check(" (greeting)", |case| {
        if has_header(case) && is_report(case) {
            format!("Hello,\n\nwhat does this mean?\n\n{}", case.text).into_bytes()
        } else {
            case.text.clone().into_bytes()
        }
    });
}

fn has_header(case: &Case) -> bool {
    let first = case.text.trim_start().lines().next().unwrap_or_default();
    first.starts_with("From ")
        || first.split_once(": ").is_some_and(|(name, _)| !name.contains(' ') && !name.ends_with("-MTA"))
}

fn is_report(case: &Case) -> bool {
    matches!(
        case.keys.get("kind").and_then(toml::Value::as_str),
        Some("bounce" | "delay" | "delivered" | "complaint")
    )
}

#[test]
fn quotes_stand_where_they_say() {
    for case in cases() {
        for notice in read(case.text.as_bytes(), native) {
            if let Some(at) = notice.reply.at {
                assert_eq!(
                    case.text.get(at..at + notice.reply.text.len()),
                    Some(notice.reply.text.as_ref()),
                    "{}",
                    case.name
                );
            }
        }
    }
}

#[test]
fn mails_look_like_mails_and_replies_do_not() {
    for case in cases() {
        assert!(looks_like_mail(case.text.as_bytes()) >= 60, "{}", case.name);
    }
    for reply in [
        "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
        "host mx.example.com[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)",
        "550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 Try again",
        "May  1 10:00:00 mx postfix/smtp[1]: 4F: to=<a@example.com>, status=bounced (host mx said: 550 no)",
        "{\"event\":\"bounce\",\"reason\":\"550 no\"}",
        "",
    ] {
        assert!(looks_like_mail(reply.as_bytes()) < 50, "{reply}");
    }
}

#[test]
fn a_mail_may_end_anywhere() {
    for case in cases().iter().step_by(if cfg!(debug_assertions) { 3 } else { 1 }) {
        for end in (0..case.text.len()).step_by(7) {
            let cut = case.text.as_bytes().get(..end).unwrap_or_default();
            assert!(!read(cut, native).is_empty(), "{} at {end}", case.name);
        }
    }
}

#[test]
fn hostile_mails_end_soon() {
    let deep: String = (0..1000).fold(String::new(), |mail, n| {
        mail + &format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")
    });
    let mails: Vec<(&str, Vec<u8>)> = vec![
        ("deep", deep.into_bytes()),
        (
            "boundaries",
            ["Content-Type: multipart/mixed; boundary=b\n\n", &"--b\n".repeat(300_000)].concat().into_bytes(),
        ),
        ("header", ["Subject: ", &"a\n ".repeat(1_000_000), "\n\nx"].concat().into_bytes()),
        ("fields", ["X-A: b\n".repeat(300_000), "\n\nx".into()].concat().into_bytes()),
        ("words", ["Subject: ", &"=?utf-8?q?a".repeat(100_000), "\n\nx"].concat().into_bytes()),
        ("ats", "@".repeat(2_000_000).into_bytes()),
        ("addresses", "a@b ".repeat(300_000).into_bytes()),
        ("brackets", ["<".repeat(500_000), "(".repeat(500_000)].concat().into_bytes()),
        ("tags", ["<html>", &"<b ".repeat(500_000)].concat().into_bytes()),
        ("entities", ["<html>", &"&amp".repeat(500_000)].concat().into_bytes()),
        ("codes", "550 ".repeat(500_000).into_bytes()),
        ("leads", "said: reason: error: ".repeat(100_000).into_bytes()),
        ("quotes", "> ".repeat(1_000_000).into_bytes()),
        (
            "forwarded",
            "---------- Forwarded message ---------\nFrom: a@example.com\n\n".repeat(20_000).into_bytes(),
        ),
        ("lone breaks", "\r".repeat(2_000_000).into_bytes()),
    ];
    for (name, mail) in mails {
        assert!(!read(&mail, native).is_empty(), "{name}");
    }
}

#[test]
fn many_recipients_are_all_found() {
    let mut mail = String::from(
        "Content-Type: multipart/report; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n",
    );
    for n in 0..100_000 {
        let _ = write!(
            mail,
            "\nFinal-Recipient: rfc822; u{n}@example.com\nAction: failed\nDiagnostic-Code: smtp; 550 5.1.1 no {n}\n"
        );
    }
    let notices = read(mail.as_bytes(), native);
    assert_eq!(notices.len(), 100_000);
    assert!(notices.iter().all(|notice| notice.kind == Kind::Bounce));
    assert_eq!(notices.last().map(|notice| notice.reply.text.as_ref()), Some("550 5.1.1 no 99999"));
}
