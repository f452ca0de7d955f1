//! Rules of the user's own: they decide, and what we would have said stays to be seen.

use bouncelens::rules::names::Names;
use bouncelens::rules::{OwnHit, Rules};
use bouncelens::text::decode::native;
use bouncelens::types::{BounceType, Kind, Reason, Role, Source, Verdict};

fn named(reason: &str) -> Reason {
    Names::embedded().reason_named(reason).expect("a reason of data/reasons.toml")
}

/// The word `house` means that the address is dead, `rest` that the mailbox is full.
fn house(reply: &str) -> Vec<OwnHit> {
    let rules = [("house", named("mailbox-disabled")), ("rest", named("mailbox-full"))];
    let holds = rules.iter().enumerate().filter_map(|(rule, &(word, reason))| {
        let start = reply.find(word)? as u32;
        Some(OwnHit { rule: rule as u16, reason, start, end: start + word.len() as u32 })
    });
    holds.collect()
}

fn decided(input: &str) -> Verdict<'_> {
    let rules = Rules::embedded().asking(house);
    bouncelens::classify_with(&rules, input.as_bytes(), native).remove(0)
}

#[test]
fn an_own_rule_decides_and_ours_contradict_it() {
    let input = "452 4.2.2 Greylisted by the house, try again";
    let verdict = decided(input);
    assert_eq!(verdict.reason, Some(named("mailbox-disabled")));
    assert_eq!(verdict.bounce_type, Some(BounceType::Hard), "it is taken at its word");
    let (first, rest) = verdict.because.split_first().expect("there is a reason");
    assert_eq!((first.source, first.role), (Source::Own(0), Role::Supports));
    assert_eq!(first.span.and_then(|(start, end)| input.get(start..end)), Some("house"));
    assert!(!rest.is_empty() && rest.iter().all(|link| link.role == Role::Contradicts));
    assert_eq!(verdict.runner_up.map(|other| other.reason), Some(named("greylisted")));
}

#[test]
fn the_first_of_several_decides() {
    let verdict = decided("550 the rest of the house");
    assert_eq!(verdict.reason, Some(named("mailbox-disabled")));
    let own: Vec<_> = verdict
        .because
        .iter()
        .filter(|link| matches!(link.source, Source::Own(_)))
        .map(|link| (link.source, link.role))
        .collect();
    assert_eq!(own, [(Source::Own(0), Role::Supports), (Source::Own(1), Role::Contradicts)]);
}

#[test]
fn words_that_nobody_else_knows_become_a_bounce() {
    assert_eq!(bouncelens::classify(b"not in this house")[0].kind, Kind::Unrelated);
    let verdict = decided("not in this house");
    assert_eq!((verdict.kind, verdict.runner_up), (Kind::Bounce, None));
}

#[test]
fn only_what_a_server_said_is_read() {
    let mail = "From: mailer-daemon@example.com\nSubject: Undelivered\nContent-Type: multipart/report; \
        report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nIt was not delivered.\n\
        --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n\
        Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\n\
        Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--b\nContent-Type: message/rfc822\n\n\
        Subject: my house\n\nthe house of cards\n--b--\n";
    assert_eq!(decided(mail).reason, Some(named("user-unknown")));
    let said = mail.replace("User unknown", "gone from the house");
    assert_eq!(decided(&said).reason, Some(named("mailbox-disabled")));
}
