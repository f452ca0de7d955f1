//! What `input::outline` says of the parts of an input.

use bouncelens::input::ReadOptions;
use bouncelens::input::outline::{Outline, Role, outline};
use bouncelens::types::Form;

fn of(input: &str) -> Outline {
    outline(input.as_bytes(), &ReadOptions::default())
}

/// Each part as `role`, with `-` before those that were not used.
fn roles(outline: &Outline) -> Vec<String> {
    let name = |part: &bouncelens::input::outline::Part| {
        format!("{}{}", if part.used { "" } else { "-" }, part.role.as_str())
    };
    outline.parts.iter().map(name).collect()
}

/// The words of the first part of this role.
fn words<'t>(input: &'t str, outline: &Outline, role: Role) -> Option<&'t str> {
    let part = outline.parts.iter().find(|part| part.role == role)?;
    input.get(part.at.clone()?)
}

const REPORT: &str = "From: MAILER-DAEMON@mx.example.org\nSubject: Returned mail\nMIME-Version: 1.0\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
    --b\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n\
    <ann@example.com>: host mx.example.com said: 550 5.1.1 no such user\n\
    --b\nContent-Type: text/html\n\n<p>Your message could not be delivered.</p>\n\
    --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n\
    Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\n\
    Diagnostic-Code: smtp; 550 5.1.1 no such user\n\
    --b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n\
    --b\nContent-Type: text/rfc822-headers\n\nFrom: news@example.org\nTo: ann@example.com\nSubject: Hello\n\
    --b--\n";

#[test]
fn the_parts_of_a_mail_are_told_apart() {
    let outline = of(REPORT);
    assert_eq!(outline.shape.as_str(), "mail");
    let wanted = [
        "header",
        "text",
        "prose",
        "recipient",
        "reply",
        "-text",
        "delivery-status",
        "-attachment",
        "original",
    ];
    assert_eq!(roles(&outline), wanted);
    assert_eq!(words(REPORT, &outline, Role::Recipient), Some("<ann@example.com>: "));
    assert_eq!(
        words(REPORT, &outline, Role::Reply),
        Some("host mx.example.com said: 550 5.1.1 no such user")
    );
    assert!(
        words(REPORT, &outline, Role::DeliveryStatus).is_some_and(|words| words.starts_with("Reporting-MTA"))
    );
}

#[test]
fn a_notice_within_a_mail_follows_what_surrounds_it() {
    let inner = "From: MAILER-DAEMON@mx.example.org\nTo: news@example.org\nSubject: failure notice\n\n\
        <ann@example.com>:\nRemote host said: 550 5.1.1 no such user\n";
    let outer = format!(
        "From: bob@example.org\nTo: help@example.org\nSubject: what is this?\n\nHello,\n\nplease look.\n\n\
         ---------- Forwarded message ----------\n{inner}"
    );
    let outline = of(&outer);
    let wanted = ["header", "text", "-prose", "-other", "mail", "header", "text", "recipient", "reply"];
    let roles = roles(&outline);
    assert_eq!(
        roles.iter().filter(|role| *role != "-other").collect::<Vec<_>>(),
        wanted.iter().filter(|role| **role != "-other").collect::<Vec<_>>()
    );
    assert!(
        words(&outer, &outline, Role::Mail).is_some_and(|words| words.starts_with("From: MAILER-DAEMON"))
    );
    assert_eq!(words(&outer, &outline, Role::Reply), Some("Remote host said: 550 5.1.1 no such user"));
}

#[test]
fn mails_of_a_mailbox_keep_their_places() {
    let mail = "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n<ann@example.com>:\nRemote host said: 550 no\n\n";
    let mbox = format!("From x Wed May  1 10:00:00 2024\n{mail}From x Wed May  1 10:00:01 2024\n{mail}");
    let outline = of(&mbox);
    let replies: Vec<_> = outline.parts.iter().filter(|part| part.role == Role::Reply).collect();
    assert_eq!(replies.len(), 2);
    for reply in replies {
        assert_eq!(reply.at.clone().and_then(|at| mbox.get(at)), Some("Remote host said: 550 no"));
    }
}

#[test]
fn lines_of_a_log_are_counted() {
    let log = "May  1 10:00:00 mx postfix/qmgr[1]: 4Vb2Q1: from=<news@example.org>, size=1, nrcpt=1 (queue active)\n\
        May  1 10:00:00 mx postfix/smtp[2]: 4Vb2Q1: to=<ann@example.com>, relay=none, delay=1, dsn=5.4.4, status=bounced (Host not found)\n\
        somebody wrote this\nand this\n";
    let outline = of(log);
    assert_eq!(roles(&outline), ["context", "delivery", "-other"]);
    assert_eq!(outline.parts.iter().map(|part| part.count).collect::<Vec<_>>(), [1, 1, 2]);
    assert_eq!(words(log, &outline, Role::Other), Some("somebody wrote this\nand this"));
}

#[test]
fn columns_and_rows_of_a_table_are_named() {
    let table = "Contact,Colour,Reason\nann@example.com,red,550 5.1.1 no such user\nbob@example.com,blue,452 4.2.2 full\n";
    let outline = of(table);
    let facts: Vec<_> = outline.parts.iter().map(|part| (part.name.as_str(), part.fact, part.used)).collect();
    assert_eq!(
        facts,
        [
            ("Contact", "recipient", true),
            ("Colour", "", false),
            ("Reason", "reply", true),
            ("", "", true),
            ("", "", true)
        ]
    );
    assert_eq!(outline.parts.last().map(|part| (part.role, part.count)), Some((Role::Row, 2)));
}

#[test]
fn fields_of_an_event_are_named_by_their_paths() {
    let event = r#"{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"NoEmail","bouncedRecipients":[
        {"emailAddress":"ann@example.com","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 no"},
        {"emailAddress":"bob@example.com","status":"5.1.1"}]},"mail":{"source":"news@example.org","colour":"red"}}"#;
    let outline = of(event);
    let find =
        |name: &str| outline.parts.iter().find(|part| part.name == name).map(|part| (part.fact, part.count));
    assert_eq!(find("eventType"), Some(("kind", 1)));
    assert_eq!(find("bounce.bouncedRecipients[].emailAddress"), Some(("recipient", 2)));
    assert_eq!(find("bounce.bouncedRecipients[].diagnosticCode"), Some(("reply", 1)));
    assert_eq!(find("bounce.bounceSubType"), Some(("systemClass", 1)));
    assert_eq!(outline.parts.last().map(|part| (part.role, part.count)), Some((Role::Other, 1)));
}

#[test]
fn a_form_that_was_asked_for_is_not_guessed() {
    let outline = outline(b"550 no", &ReadOptions { form: Some(Form::Mail), ..ReadOptions::default() });
    assert_eq!((outline.shape.as_str(), outline.asked), ("mail", true));
}

#[test]
fn every_case_has_an_outline_with_places_in_the_input() {
    for (_, case) in super::corpus::cases() {
        let outline = of(&case.text);
        for part in &outline.parts {
            if let Some(at) = &part.at {
                assert!(at.start <= at.end && at.end <= case.text.len(), "{}: {part:?}", case.name);
            }
        }
        let verdicts = bouncelens::classify(case.text.as_bytes());
        let told = verdicts.iter().any(|verdict| !verdict.notice.reply.text.is_empty());
        assert!(!told || outline.parts.iter().any(|part| part.used), "{}: nothing is used", case.name);
    }
}

#[test]
fn the_types_name_every_role_and_layout() {
    let types = include_str!("../../pkg-template/types.d.ts");
    let names = Role::ALL.iter().map(|role| role.as_str());
    for name in names.chain(["replies", "mail", "mailbox", "events", "form-post", "log", "table"]) {
        assert!(
            types.contains(&format!("| \"{name}\"")) || types.contains(&format!("= \"{name}\"")),
            "{name}"
        );
    }
}
