//! Records that mean harm, or nothing: logs, events and tables of any size, cut off anywhere.

use bouncelens::input::{ReadOptions, read_each, read_with};
use std::time::{Duration, Instant};

fn count(input: &[u8]) -> usize {
    let mut count = 0;
    read_each(input, &ReadOptions::default(), &mut |_| count += 1);
    count
}

/// Generous: what is linear takes a tenth of it.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn every_beginning_of_a_record_gives_a_notice() {
    let kinds = ["webhook", "log", "csv"];
    for (path, case) in super::corpus::cases() {
        if !kinds.iter().any(|kind| path.to_string_lossy().contains(&format!("corpus/{kind}/"))) {
            continue;
        }
        let bytes = case.text.as_bytes();
        for end in 0..bytes.len().min(1200) {
            let notices = read_with(bytes.get(..end).unwrap_or_default(), &ReadOptions::default());
            assert!(!notices.is_empty(), "{} {end}", case.name);
        }
    }
}

#[test]
fn places_are_where_the_words_stand() {
    for (_, case) in super::corpus::cases() {
        for notice in read_with(case.text.as_bytes(), &ReadOptions::default()) {
            if let Some(at) = notice.reply.at {
                let stands = case.text.get(at..at + notice.reply.text.len());
                assert_eq!(stands, Some(notice.reply.text.as_ref()), "{}", case.name);
            }
        }
    }
}

#[test]
fn values_of_any_type_are_read() {
    for (path, case) in super::corpus::cases() {
        if !path.to_string_lossy().contains("corpus/webhook/") {
            continue;
        }
        for (from, to) in
            [("\"", ""), (":\"", ":[\""), ("\":", "\":{\"x\":"), (",", "]"), ("{", "["), ("\"", "null")]
        {
            assert!(count(case.text.replace(from, to).as_bytes()) > 0, "{}", case.name);
            assert!(count(case.text.replacen(from, to, 3).as_bytes()) > 0, "{}", case.name);
        }
    }
}

#[test]
fn large_inputs_take_linear_time() {
    let start = Instant::now();
    let line = |number: usize| {
        format!(
            "May  1 10:00:00 mx postfix/qmgr[3]: {number:X}A1B2C: from=<n{number}@example.org>, size=8, nrcpt=1 (queue active)\n\
             May  1 10:00:00 mx postfix/smtp[4]: {number:X}A1B2C: to=<a@example.com>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to mx.example.com[192.0.2.1]:25: Connection refused)\n"
        )
    };
    let log: String = (0..40_000).map(line).collect();
    assert_eq!(count(log.as_bytes()), 40_000);
    for (open, unit, close) in [
        ("[", "{\"event\":\"x\"},", "]"),
        ("[", "1,", "]"),
        ("{\"a\":[", "1,", "]}"),
        ("", "[", ""),
        ("", "{\"a\":", ""),
        ("", "{\"a\":\"", ""),
        ("{\"Message\":\"", "\\\\\\\"", ""),
        ("a,b\n", "\"x,", ""),
        ("a,b\n", "a@example.com,550 5.1.1 no\n", ""),
        ("a,b\n", ",", ""),
        ("", "From a Wed May  1 10:00:00 2024\n\n", ""),
        ("", "\x01\x01\x01\x01\n", ""),
        ("", "Content-Type: multipart/mixed; boundary=b\n\n--b--\n\n", ""),
        ("From a Wed May  1 10:00:00 2024\n", "Content-Length: 5\n\nFrom a Wed May  1 10:00:00 2024\n", ""),
        ("", "4Vb2Q1: to=<", ""),
        ("4Vb2Q1: to=<a@b.example>, ", "relay=", " status=sent (x)"),
        ("2024-05-01 10:00:00 1rabcd-0001Ab-2C ** a@example.com ", "H=\"", ""),
        ("", "delivery 5: failure: x_/\n", ""),
        ("status=Error&transaction=", "%4", ""),
        ("441A0xYz012345: to=", "<a@example.com>,", ", delay=1, stat=User unknown"),
    ] {
        let input = format!("{open}{}{close}", unit.repeat(2_000_000 / unit.len()));
        assert!(count(input.as_bytes()) > 0, "{unit}");
        assert!(start.elapsed() < LONGEST, "{unit}");
    }
}

#[test]
fn a_domain_stands_for_a_recipient_that_is_not_named() {
    use bouncelens::report::{Field, Options, Report, Row};
    let table =
        b"Domain,Bounce text\nexample.com,550 5.1.1 User unknown\nExample.com,452 4.2.2 Mailbox full\n";
    let verdicts = bouncelens::classify(table);
    assert_eq!(verdicts[0].notice.recipient_domain.as_deref(), Some("example.com"));
    assert_eq!(verdicts[0].notice.recipient, None);
    let mut report = Report::new(Options { group_by: vec![Field::RecipientDomain], ..Options::default() });
    for verdict in &verdicts {
        report.add(&Row::of(verdict, None, ""));
    }
    let lines = report.table().lines;
    assert_eq!(
        lines.iter().map(|line| (line.keys.join(""), line.counts.amount)).collect::<Vec<_>>(),
        [("example.com".to_owned(), 2)]
    );
    let named = b"Email,Domain,Bounce text\nann@example.net,example.com,550 5.1.1 User unknown\n";
    assert_eq!(bouncelens::classify(named)[0].notice.recipient_domain, None);
}
