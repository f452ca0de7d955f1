//! What is done with an address: the published policies point by point, and what must not change it.

use bouncelens::policy::{
    Action, Context, Decision, Event, History, Ledger, Policy, SuppressionList, What, Why, decide, replay,
};
use bouncelens::types::{BounceType, StatusCode};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const DAY: i64 = 86_400_000;
const NOW: i64 = 1_700_000_000_000;
const FULL: &str = "452 4.2.2 The recipient's inbox is out of storage space. - gsmtp";
const UNKNOWN: &str =
    "550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in virtual mailbox table";
const LISTED: &str = "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org";
const GREY: &str =
    "450 <a@example.com>: Sender address rejected: Greylisted for 120 seconds! Please, see https://x.example";
const NO_DOMAIN: &str =
    "Host or domain name not found. Name service error for name=nowhere.example type=A: Host not found";

fn policy(name: &str) -> Policy {
    Policy::named(name).expect("a built-in policy")
}

fn what(reply: &str) -> What {
    What::of(&bouncelens::classify(reply.as_bytes())[0]).expect("something that happened")
}

/// What is decided after each of the events, a day apart, each a campaign of its own.
fn decisions(policy: &Policy, events: &[What]) -> Vec<Decision> {
    let mut history = History::new();
    let mut decisions = Vec::new();
    for (what, day) in events.iter().zip(0_i64..) {
        let campaign = format!("campaign {day}");
        let context = Context { policy, history: &history, campaign: Some(&campaign), now: NOW + day * DAY };
        let decision = decide(what, &context).expect("a good time");
        history = decision.history.clone();
        decisions.push(decision);
    }
    decisions
}

fn decision(policy: &Policy, reply: &str) -> Decision {
    decisions(policy, &[what(reply)]).remove(0)
}

/// Seconds from now to the new tries.
fn waits(decision: &Decision) -> Vec<i64> {
    decision.retry_at.iter().map(|time| (time - NOW) / 1000).collect()
}

#[test]
fn one_reply_under_each_policy() {
    use Action::{Flag, Keep, Retry, Suppress};
    for (reply, default, mailpro, five, altcraft) in [
        (UNKNOWN, Suppress, Suppress, Flag, Suppress),
        (FULL, Retry, Retry, Retry, Retry),
        (LISTED, Keep, Retry, Keep, Suppress),
        (GREY, Retry, Retry, Retry, Retry),
        (NO_DOMAIN, Suppress, Suppress, Flag, Suppress),
        ("421 Service Temporarily Unavailable", Retry, Retry, Retry, Retry),
        ("450 4.1.1 <a@example.com>: Recipient address rejected: User unknown", Keep, Retry, Keep, Keep),
        ("554 Transaction failed", Keep, Retry, Keep, Suppress),
    ] {
        for (name, action) in
            [("default", default), ("mailpro", mailpro), ("five-strikes", five), ("altcraft", altcraft)]
        {
            assert_eq!(decision(&policy(name), reply).action, action, "{name}: {reply}");
        }
    }
}

#[test]
fn bad_connections_are_tried_after_7_and_45_minutes() {
    for name in ["default", "mailpro"] {
        let decision = decision(&policy(name), "421 Service Temporarily Unavailable");
        assert_eq!((waits(&decision), decision.delays), (vec![420, 2700], vec![420, 2700]), "{name}");
    }
}

#[test]
fn the_replys_own_delay_comes_first() {
    for name in Policy::names() {
        assert_eq!(waits(&decision(&policy(name), GREY))[0], 120, "{name}");
    }
    assert_eq!(decision(&policy("default"), GREY).delays, [120, 300, 900, 3600]);
}

#[test]
fn the_schedule_runs_from_the_first_failure() {
    let (policy, busy) = (policy("default"), what("421 Service Temporarily Unavailable"));
    let mut history = History::new();
    let mut rest = Vec::new();
    for seconds in [0, 430, 2_750] {
        let context = Context {
            policy: &policy,
            history: &history,
            campaign: Some("spring"),
            now: NOW + seconds * 1000,
        };
        let decision = decide(&busy, &context).expect("a good time");
        rest.push(waits(&decision));
        assert_eq!(decision.strikes.count, 1, "tries of one campaign give one strike");
        history = decision.history;
    }
    assert_eq!(rest, [vec![420, 2700], vec![2700], vec![]]);
}

#[test]
fn the_fifth_soft_bounce_turns_hard() {
    for (name, action) in [("default", Action::Suppress), ("five-strikes", Action::Flag)] {
        let decisions = decisions(&policy(name), &[what(FULL); 5]);
        let counts: Vec<u16> = decisions.iter().map(|decision| decision.strikes.count).collect();
        assert_eq!(counts, [1, 2, 3, 4, 5], "{name}");
        assert!(decisions[3].action < Action::Flag, "{name}: four are not enough");
        assert_eq!((decisions[4].action, decisions[4].why), (action, Why::StrikesFull), "{name}");
        assert_eq!(decisions[4].since, Some(NOW + 4 * DAY));
    }
    for name in ["mailpro", "altcraft"] {
        let last = decisions(&policy(name), &[what(FULL); 16]).pop().expect("sixteen");
        assert!(!last.action.stops(), "{name}");
    }
}

#[test]
fn a_senders_own_blocklisting_kills_no_contact_by_default() {
    assert_eq!(decisions(&policy("default"), &[what(LISTED); 20])[19].strikes.count, 0);
    assert_eq!(decisions(&policy("five-strikes"), &[what(LISTED); 5])[4].action, Action::Flag);
}

#[test]
fn a_delivery_in_between_takes_strikes_back_or_not() {
    let events = [what(FULL), what(FULL), what(FULL), What::Delivered, what(FULL), what(FULL)];
    let last = |name: &str| decisions(&policy(name), &events)[5].strikes.count;
    assert_eq!((last("default"), last("five-strikes")), (2, 5));
}

#[test]
fn a_delivery_that_its_own_bounce_takes_back_resets_nothing() {
    let policy = policy("default");
    let mut ledger = Ledger::new(policy);
    for day in 0..5 {
        let campaign = format!("campaign {day}");
        for (what, later) in [(What::Delivered, 0), (what(FULL), 60_000)] {
            let event = Event { what, time: NOW + day * DAY + later, campaign: Some(&campaign) };
            ledger.record("a@example.com", &event).expect("a good event");
        }
    }
    assert_eq!(ledger.decision("a@example.com", NOW + 5 * DAY).expect("known").why, Why::StrikesFull);
}

#[test]
fn old_strikes_expire_and_so_does_what_they_led_to() {
    let policy = Policy::from_json(r#"{"base":"five-strikes","threshold":2,"expiryDays":30}"#).expect("good");
    let mut ledger = Ledger::new(policy);
    for day in [0, 10] {
        let event = Event { what: what(FULL), time: NOW + day * DAY, campaign: None };
        ledger.record("a@example.com", &event).expect("a good event");
    }
    let decision = |day: i64| ledger.decision("a@example.com", NOW + day * DAY).expect("known");
    assert_eq!((decision(11).action, decision(11).until), (Action::Flag, Some(NOW + 30 * DAY)));
    assert_eq!((decision(30).action, decision(30).strikes.count), (Action::Keep, 1));
}

#[test]
fn an_administrator_clears_and_nobody_else() {
    let events = [what(UNKNOWN), What::Delivered, what(FULL), What::ManualClear];
    for name in Policy::names() {
        let decisions = decisions(&policy(name), &events);
        assert!(decisions.iter().take(3).all(|decision| decision.action.stops()), "{name}");
        assert_eq!((decisions[3].action, decisions[3].strikes.count), (Action::Keep, 0), "{name}");
    }
}

#[test]
fn complaints_and_unsubscriptions_hold_under_every_policy() {
    for name in Policy::names() {
        for what in [What::Complaint, What::Unsubscribe] {
            assert_eq!(
                decisions(&policy(name), &[what, What::Delivered])[1].action,
                Action::Suppress,
                "{name}"
            );
        }
    }
}

#[test]
fn weak_evidence_never_suppresses() {
    let What::Bounce(mut facts) = what(UNKNOWN) else { unreachable!("a bounce") };
    facts.confidence = 45;
    for name in ["default", "mailpro", "five-strikes"] {
        assert!(!decisions(&policy(name), &[What::Bounce(facts)])[0].action.stops(), "{name}");
    }
}

#[test]
fn the_code_decides_where_the_policy_says_so() {
    let What::Bounce(mut facts) = what(FULL) else { unreachable!("a bounce") };
    let action = |facts| decisions(&policy("altcraft"), &[What::Bounce(facts)])[0].action;
    assert_eq!(action(facts), Action::Retry);
    (facts.code, facts.status) = (None, StatusCode::parse("5.2.2"));
    assert_eq!(action(facts), Action::Suppress);
    (facts.status, facts.bounce_type) = (None, BounceType::Hard);
    assert_eq!(action(facts), Action::Suppress, "without a code the verdict decides");
}

#[test]
fn a_domain_that_dns_does_not_know_gets_a_second_look() {
    let decisions = decisions(&policy("default"), &[what(NO_DOMAIN), what(NO_DOMAIN)]);
    assert_eq!((decisions[0].why, decisions[0].until), (Why::DomainRecheck, Some(NOW + DAY)));
    assert_eq!((decisions[1].why, decisions[1].until), (Why::HardDomain, None));
}

#[test]
fn two_addresses_speak_for_a_domain_and_a_delivery_against() {
    let mut ledger = Ledger::new(policy("mailpro"));
    let mut record = |address: &str, what: What, day: i64| {
        ledger.record(address, &Event { what, time: NOW + day * DAY, campaign: None }).expect("a good event");
        ledger.decision("c@nowhere.example", NOW + day * DAY).expect("a good time").why
    };
    assert_eq!(record("a@nowhere.example", what(NO_DOMAIN), 0), Why::Clear);
    assert_eq!(record("A@Nowhere.example", what(NO_DOMAIN), 1), Why::Clear, "one address is not enough");
    assert_eq!(record("b@nowhere.example", what(NO_DOMAIN), 2), Why::DomainDead);
    assert_eq!(record("d@nowhere.example", What::Delivered, 3), Why::Clear);
    let list = ledger.suppressed(NOW + 3 * DAY).expect("a good time");
    let keys: Vec<&str> = list.entries().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["a@nowhere.example", "b@nowhere.example"]);
}

#[test]
fn a_clock_that_runs_backwards_loses_no_strikes() {
    let policy = policy("default");
    let mut history = History::new();
    for (index, back) in [4, 3, 2, 1, 0].into_iter().enumerate() {
        let campaign = index.to_string();
        let context =
            Context { policy: &policy, history: &history, campaign: Some(&campaign), now: NOW + back * DAY };
        let decision = decide(&what(FULL), &context).expect("a good time");
        assert_eq!(usize::from(decision.strikes.count), index + 1);
        history = decision.history;
    }
    let context = Context { policy: &policy, history: &history, campaign: None, now: -1 };
    let error = decide(&What::Delivered, &context).expect_err("no time");
    assert_eq!(error.to_string(), "`now` must be epoch milliseconds, from 0 to 8640000000000000, not -1");
}

/// A small generator, so that a failure can be played again (Numerical Recipes' constants).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.roll(index + 1));
        }
    }
}

fn random_events(dice: &mut Dice, count: usize) -> Vec<(String, Event<'static>)> {
    let replies = [
        FULL,
        UNKNOWN,
        LISTED,
        GREY,
        NO_DOMAIN,
        "421 Service Temporarily Unavailable",
        "554 Transaction failed",
    ]
    .map(what);
    let campaigns: Vec<String> = (0..40).map(|number| format!("campaign {number}")).collect();
    let campaigns: &'static [String] = campaigns.leak();
    let event = |dice: &mut Dice| {
        let what = match dice.roll(24) {
            0 => What::ManualClear,
            1 => What::Complaint,
            2 => What::Unsubscribe,
            3..=9 => What::Delivered,
            10 => What::Delay,
            _ => replies[dice.roll(replies.len())],
        };
        let campaign = dice.roll(campaigns.len() + 5);
        // few distinct times, so that many events share one
        Event {
            what,
            time: NOW + i64::from(dice.roll(50) as u32) * DAY,
            campaign: campaigns.get(campaign).map(String::as_str),
        }
    };
    (0..count).map(|_| (format!("{}@example.com", dice.roll(3)), event(dice))).collect()
}

fn fold(events: &[(String, Event<'_>)]) -> Ledger {
    let mut ledger = Ledger::new(policy("default"));
    for (address, event) in events {
        ledger.record(address, event).expect("a good event");
    }
    ledger
}

#[test]
fn order_chunking_and_duplicates_change_nothing() {
    let mut dice = Dice(7);
    for round in 0..60 {
        let mut events = random_events(&mut dice, 5 + round * 7);
        let whole = fold(&events).to_json();
        dice.shuffle(&mut events);
        assert_eq!(fold(&events).to_json(), whole, "round {round}: another order");
        let mut merged = Ledger::new(policy("default"));
        let size = 1 + dice.roll(events.len());
        for chunk in events.chunks(size) {
            // through JSON, and overlapping with the next one
            let chunk = Ledger::from_json(&fold(chunk).to_json(), policy("default")).expect("own state");
            merged.merge(&chunk);
            merged.merge(&chunk);
        }
        assert_eq!(merged.to_json(), whole, "round {round}: chunks of {size}");
    }
}

#[test]
fn a_replay_does_not_depend_on_the_order_of_the_file() {
    let mut dice = Dice(11);
    let mut events = random_events(&mut dice, 200);
    let policies: Vec<Policy> = Policy::names().map(policy).collect();
    let first = replay(&events, &policies).expect("good events");
    dice.shuffle(&mut events);
    assert_eq!(replay(&events, &policies).expect("good events"), first);
}

#[test]
fn a_replay_tells_where_policies_differ() {
    let mut events: Vec<(String, Event)> = Vec::new();
    for day in 0..6 {
        for (address, reply) in [("full@example.com", FULL), ("listed@example.com", LISTED)] {
            events.push((address.into(), Event { what: what(reply), time: NOW + day * DAY, campaign: None }));
        }
    }
    events.push(("gone@example.com".into(), Event { what: what(UNKNOWN), time: NOW, campaign: None }));
    let policies: Vec<Policy> = Policy::names().map(policy).collect();
    let replay = replay(&events, &policies).expect("good events");
    assert_eq!((replay.stopped(), replay.addresses), (vec![2, 1, 3, 2], 3));
    let full = &replay.outcomes[0];
    assert!(full.differs());
    assert_eq!(full.stops[0].map(|stop| (stop.time, stop.action)), Some((NOW + 4 * DAY, Action::Suppress)));
    assert_eq!(full.stops[2].map(|stop| stop.action), Some(Action::Flag));
    let error = bouncelens::policy::replay(
        &[("nobody".into(), Event { what: What::Delivered, time: 0, campaign: None })],
        &policies,
    );
    assert_eq!(
        error.expect_err("no address").to_string(),
        "event 0: `address` must be a mail address, not `nobody`"
    );
}

#[test]
fn a_hundred_thousand_addresses_take_less_than_20_megabytes() {
    let mut ledger = Ledger::new(policy("default"));
    let (full, listed) = (what(FULL), what(LISTED));
    for (number, events) in (0..100_000_i64).zip([1, 2, 3, 4].into_iter().cycle()) {
        let address = format!("somebody.number{number}@mail{}.example.com", number % 500);
        for (what, day) in
            [(What::Delivered, 0), (full, 7), (What::Delivered, 14), (listed, 21)].iter().take(events)
        {
            let event = Event { what: *what, time: NOW + day * DAY + number, campaign: Some("weekly") };
            ledger.record(&address, &event).expect("a good event");
        }
    }
    assert_eq!(ledger.len(), 100_500);
    assert!(ledger.memory() < 20_000_000, "{} bytes", ledger.memory());
}

#[test]
fn a_ledger_that_cannot_be_trusted_is_refused() {
    let ledger = fold(&random_events(&mut Dice(3), 50));
    let text = ledger.to_json();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let error = Ledger::from_json(&text[..end], policy("default")).expect_err("cut off");
        assert_eq!(error.code(), "bad-history");
    }
    let later = Ledger::from_json(&text.replace("\"version\":1", "\"version\":7"), policy("default"));
    assert_eq!(later.expect_err("from the future").code(), "future-history");
}

#[test]
fn a_suppression_list_comes_back_in_every_form() {
    let mut ledger = Ledger::new(policy("default"));
    for (address, reply) in
        [("=gone@example.com", UNKNOWN), ("a@nowhere.example", NO_DOMAIN), ("b@nowhere.example", NO_DOMAIN)]
    {
        ledger
            .record(address, &Event { what: what(reply), time: NOW, campaign: None })
            .expect("a good event");
    }
    ledger
        .record("c@example.org", &Event { what: What::Complaint, time: NOW, campaign: None })
        .expect("a good event");
    let list = ledger.suppressed(NOW).expect("a good time");
    assert_eq!(list.len(), 5);
    assert_eq!(SuppressionList::read(&list.to_csv()).expect("own CSV"), list);
    assert_eq!(SuppressionList::read(&list.to_json()).expect("own JSON"), list);
    let csv = list.to_csv();
    assert!(csv.contains("\"'=gone@example.com\",address,user-unknown,2023-11-14T22:13:20.000Z,,default,550 5.1.1 user-unknown\r\n"), "{csv}");
    assert!(csv.contains("nowhere.example,domain,domain-not-found,2023-11-14T22:13:20.000Z,2023-11-15T22:13:20.000Z,default,"), "{csv}");
    for list in [list.clone(), SuppressionList::read(&list.to_lines()).expect("own lines"), list.hashed()] {
        for address in ["=gone@example.com", "C@Example.org", "new@nowhere.example"] {
            assert!(list.find(address, NOW).is_some(), "{address}");
        }
        assert!(list.find("d@example.org", NOW).is_none());
    }
    assert!(list.find("new@nowhere.example", NOW + 2 * DAY).is_none(), "until the second look");
    assert!(!list.hashed().to_csv().contains('@'), "no address in a hashed list");
    for (text, message) in [
        ("a@example.com\nnobody\n", "suppression list, line 2: `nobody` is no address, domain or hash"),
        (
            "address,since\na@example.com,yesterday\n",
            "suppression list, line 2: `since` must be a date, not `yesterday`",
        ),
        ("{\"entries\":[{}]}", "suppression list: `entries[0].address` must be a text"),
    ] {
        assert_eq!(SuppressionList::read(text).expect_err(message).to_string(), message);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    locale: String,
    numbers: Vec<String>,
    ordinals: Vec<String>,
    why: BTreeMap<String, BTreeMap<String, String>>,
}

fn sentences(locale: &str) -> Sentences {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/decisions/{locale}.toml"));
    toml::from_str(&std::fs::read_to_string(path).expect("a file")).expect("good sentences")
}

fn sentence(sentences: &Sentences, decision: &Decision) -> String {
    let word = |list: &[String], number: u16| {
        list.get(usize::from(number).wrapping_sub(1)).cloned().unwrap_or(number.to_string())
    };
    let (count, left) = (decision.strikes.count, decision.strikes.left().unwrap_or_default());
    let forms = &sentences.why[decision.why.as_str()];
    let form = if left == 1 { forms.get("one") } else { None }.unwrap_or(&forms["other"]);
    form.replace("{ordinal}", &word(&sentences.ordinals, count))
        .replace("{count}", &word(&sentences.numbers, count))
        .replace("{left}", &word(&sentences.numbers, left))
        .replace("{of}", &word(&sentences.numbers, decision.strikes.of.unwrap_or_default()))
}

#[test]
fn every_decision_has_its_sentence_in_every_language() {
    let placeholders = |text: &String| {
        let mut found: Vec<String> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect();
        found.sort();
        found
    };
    let english = sentences("en");
    let keys: Vec<&str> = english.why.keys().map(String::as_str).collect();
    let mut wanted = Why::ALL.map(Why::as_str);
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    for locale in ["de", "es", "fr", "it"] {
        let other = sentences(locale);
        assert_eq!((other.locale.as_str(), other.numbers.len(), other.ordinals.len()), (locale, 10, 10));
        assert!(other.why.keys().eq(english.why.keys()), "{locale}");
        for (key, forms) in &other.why {
            assert!(forms.keys().eq(english.why[key].keys()), "{locale}: {key}");
            for (form, text) in forms {
                assert_eq!(placeholders(text), placeholders(&english.why[key][form]), "{locale}: {key}");
                assert_ne!(text, &english.why[key][form], "{locale}: {key} is not translated");
            }
        }
    }
}

#[test]
fn the_sentence_says_the_numbers() {
    let decisions = decisions(&policy("default"), &[what(FULL); 5]);
    let english = sentences("en");
    assert_eq!(
        sentence(&english, &decisions[2]),
        "third of five soft bounces; two more and it turns hard. This mail will be tried again."
    );
    assert_eq!(
        sentence(&english, &decisions[3]),
        "fourth of five soft bounces; one more and it turns hard. This mail will be tried again."
    );
    assert_eq!(
        sentence(&sentences("de"), &decisions[3]).split('.').next(),
        Some("vierter von fünf Soft Bounces; noch einer, und der Kontakt wird hart")
    );
    assert_eq!(
        sentence(&english, &decisions[4]),
        "five soft bounces that count, and the limit is five: the contact has turned hard."
    );
}
