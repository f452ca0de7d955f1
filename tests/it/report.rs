//! Reports against counts that were made in another way.

use bouncelens::report::{Field, Options, Report, Row, normalise};
use bouncelens::types::{BounceType, Kind};
use std::collections::{BTreeMap, HashMap};

const DAY: i64 = 86_400_000;
const START: i64 = 1_700_000_000_000;

/// One synthetic try of a mail.
struct Try {
    kind: Kind,
    hard: bool,
    time: i64,
    from: &'static str,
    recipient: String,
    ip: &'static str,
    campaign: &'static str,
    message: String,
    text: String,
}

impl Try {
    fn row(&self) -> Row<'_> {
        Row {
            bounce_type: Some(if self.hard { BounceType::Hard } else { BounceType::Soft }),
            time: Some(self.time),
            from_domain: self.from,
            recipient: &self.recipient,
            sending_ip: self.ip,
            campaign: self.campaign,
            message: &self.message,
            text: &self.text,
            ..Row::new(self.kind)
        }
    }
}

/// The tries of some messages: each fails so often, and then is delivered, given up or left open.
fn tries(messages: usize) -> Vec<Try> {
    let from = ["shop.example", "news.example", "mail.example"];
    let ips = ["192.0.2.1", "192.0.2.2", "198.51.100.7"];
    let campaigns = ["spring", "summer", "autumn", "winter"];
    let mut all = Vec::new();
    for number in 0..messages {
        let mix = number.wrapping_mul(2_654_435_761) >> 7;
        let failures = mix % 4;
        let mut one = |kind: Kind, step: usize| {
            let text = match (mix / 5 + step) % 4 {
                0 => {
                    format!("450 <user{number}@r{}.example>: Greylisted for {} seconds!", mix % 9, 100 + step)
                }
                1 => "421 Service Temporarily Unavailable".to_owned(),
                2 => format!("550 5.1.1 <user{number}@r{}.example>: User unknown", mix % 9),
                _ => format!("452 4.2.2 over quota q{number}abc7x"),
            };
            all.push(Try {
                kind,
                hard: text.starts_with("550"),
                time: START + i64::from(number as u32 % 30) * DAY + i64::from(step as u32) * 60_000,
                from: from[mix % 3],
                recipient: format!("user{number}@r{}.example", mix % 9),
                ip: ips[mix / 3 % 3],
                campaign: campaigns[mix / 9 % 4],
                message: format!("m{number}"),
                text,
            });
        };
        for step in 0..failures {
            one(if step + 1 == failures && mix % 7 == 0 { Kind::Bounce } else { Kind::Delay }, step);
        }
        if failures == 0 || mix % 7 > 2 {
            one(Kind::Delivered, failures);
        }
    }
    all
}

fn report(options: &Options, tries: &[Try]) -> Report {
    let mut report = Report::new(options.clone());
    for one in tries {
        report.add(&one.row());
    }
    report
}

/// The same counts with a plain map per number, without any of the report's own parts.
fn check(messages: usize) {
    let tries = tries(messages);
    assert!(tries.len() > 2 * messages, "{} rows", tries.len());
    let options = Options { group_by: vec![Field::FromDomain, Field::BounceText], ..Options::default() };
    let table = report(&options, &tries).table();
    let mut amounts: HashMap<(&str, &str), u64> = HashMap::new();
    let mut by_message: BTreeMap<&str, Vec<&Try>> = BTreeMap::new();
    for one in &tries {
        by_message.entry(&one.message).or_default().push(one);
        if one.kind != Kind::Delivered {
            let text = match one.text.as_bytes()[2] {
                b'0' if one.hard => "550 5.1.1 <<EMAIL>>: User unknown",
                b'0' => "450 <<EMAIL>>: Greylisted for <N> seconds!",
                b'1' => "421 Service Temporarily Unavailable",
                _ => "452 4.2.2 over quota <ID>",
            };
            *amounts.entry((one.from, text)).or_default() += 1;
        }
    }
    assert_eq!(table.lines.len(), amounts.len());
    for line in &table.lines {
        assert_eq!(
            Some(&line.counts.amount),
            amounts.get(&(line.keys[0].as_str(), line.keys[1].as_str())),
            "{:?}",
            line.keys
        );
    }
    let failed = |tries: &Vec<&Try>| tries.iter().any(|one| one.kind != Kind::Delivered);
    let ends = |kind: Kind| {
        by_message
            .values()
            .filter(|tries| failed(tries) && tries.last().is_some_and(|one| one.kind == kind))
            .count()
    };
    let hard = tries.iter().filter(|one| one.hard && one.kind != Kind::Delivered).count();
    assert_eq!(table.total.amount, amounts.values().sum::<u64>());
    assert_eq!(table.total.hard, hard as u64);
    assert_eq!(table.total.first, by_message.values().filter(|tries| failed(tries)).count() as u64);
    assert_eq!(
        (table.total.failed, table.total.delivered_later),
        (ends(Kind::Bounce) as u64, ends(Kind::Delivered) as u64)
    );
}

#[test]
fn a_million_rows_are_exact() {
    check(500_000);
}

#[test]
fn order_and_chunks_change_nothing() {
    for group_by in [
        vec![],
        vec![Field::Day, Field::Campaign],
        vec![Field::BounceText, Field::RecipientDomain, Field::SendingIp],
    ] {
        let options = Options { group_by, ..Options::default() };
        let mut tries = tries(2_000);
        let whole = report(&options, &tries).table();
        tries.reverse();
        assert_eq!(report(&options, &tries).table(), whole);
        let mut merged = Report::new(options.clone());
        tries.chunks(333).for_each(|chunk| merged.merge(&report(&options, chunk)));
        assert_eq!(merged.table(), whole);
    }
}

#[test]
fn period_and_campaign_are_filters() {
    let tries = tries(3_000);
    let options = Options {
        from: Some(START + DAY),
        until: Some(START + 3 * DAY),
        campaign: Some("spring".into()),
        ..Options::default()
    };
    let inside =
        |one: &&Try| one.time >= START + DAY && one.time < START + 3 * DAY && one.campaign == "spring";
    let wanted = tries.iter().filter(inside).filter(|one| one.kind != Kind::Delivered).count() as u64;
    let mut counted = report(&options, &tries);
    assert!(wanted > 0);
    assert_eq!(counted.table().total.amount, wanted);
    counted.add(&Row { campaign: "spring", ..Row::new(Kind::Bounce) });
    assert_eq!((counted.table().total.amount, counted.undated()), (wanted, 1));
}

#[test]
fn repeated_tries_count_and_first_failures_stand_apart() {
    let mut report = Report::new(Options { group_by: vec![Field::BounceText], ..Options::default() });
    let row = |kind, time, text| Row {
        message: "m1",
        recipient: "a@example.com",
        time: Some(time),
        text,
        ..Row::new(kind)
    };
    report.add(&row(Kind::Bounce, 1, "450 Greylisted"));
    report.add(&row(Kind::Bounce, 2, "450 Greylisted"));
    report.add(&row(Kind::Bounce, 3, "550 User unknown"));
    let table = report.table();
    let numbers = |line: usize| (table.lines[line].keys[0].as_str(), table.lines[line].counts.numbers());
    assert_eq!(numbers(0), ("450 Greylisted", [2, 0, 2, 1, 0, 0]));
    assert_eq!(numbers(1), ("550 User unknown", [1, 0, 1, 0, 1, 0]));
    report.add(&row(Kind::Delivered, 4, ""));
    assert_eq!(report.table().total.numbers(), [3, 0, 3, 1, 0, 1]);
}

#[test]
fn verdicts_make_rows() {
    let verdicts =
        bouncelens::classify(b"550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown");
    let mut report = Report::new(Options {
        group_by: vec![Field::Category, Field::Reason, Field::Provider],
        ..Options::default()
    });
    report.add(&Row::of(&verdicts[0], None, "postfix"));
    let table = report.table();
    assert_eq!(table.lines[0].keys, ["bad-mailbox", "user-unknown", "postfix"]);
    assert_eq!(table.lines[0].counts.hard, 1);
}

#[test]
fn the_texts_of_the_seeds_table_stand_as_printed() {
    for text in [
        "421 Message source blocked temporarily. One or more sender authentication rules matched.",
        "451 <<EMAIL>>: Recipient address rejected: Intentional policy rejection, please try again later",
        "450 <<EMAIL>>: Sender address rejected: Greylisted for <N> seconds! Please, see <URL>",
    ] {
        assert_eq!(normalise(text), text);
    }
}
