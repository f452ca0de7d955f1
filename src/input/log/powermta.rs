//! `PowerMTA`'s accounting: CSV whose header names the columns, so a row is read as an object.
//!
//! Names of columns are compared without case and punctuation; see `input::csv`.

use super::TRIED;
use crate::input::json::Json;
use crate::input::webhook::dialect::Dialect;
use crate::types::{Form, Kind, Notice};

/// The columns of a file that has lost its header: those that are written where the configuration names no others.
pub const COLUMNS: &str = "type,timelogged,timequeued,orig,rcpt,orcpt,dsnaction,dsnstatus,dsndiag,dsnmta,bouncecat,\
    srctype,srcmta,dlvtype,dlvsourceip,dlvdestinationip,dlvesmtpavailable,dlvsize,vmta,jobid,envid,queue,vmtapool";

/// Whether a text begins with such a row.
pub fn is_row(text: &str) -> bool {
    let mut cells = text.splitn(6, ',');
    let mut cell = || cells.next().unwrap_or_default();
    let dated = |cell: &str| cell.len() > 15 && cell.as_bytes().get(4) == Some(&b'-');
    let begins = matches!(cell(), "b" | "rb" | "t" | "tq" | "d") && dated(cell()) && dated(cell());
    begins && cell().len() < 320 && cell().contains('@')
}

/// Where the facts stand.
pub static POWERMTA: Dialect = Dialect {
    system: "powermta",
    form: Form::Log,
    marks: &[
        &["type", "dsnstatus"],
        &["type", "dsndiag"],
        &["type", "bouncecat"],
        &["type", "vmta"],
        &["type", "timelogged", "rcpt"],
    ],
    event: &["type"],
    kinds: &[
        ("b", Kind::Bounce),
        ("rb", Kind::Bounce),
        ("t", TRIED),
        ("tq", TRIED),
        ("d", Kind::Delivered),
        ("f", Kind::Complaint),
    ],
    reply: &["dsndiag"],
    class: &[&["bouncecat"]],
    status: &["dsnstatus"],
    recipient: &["rcpt"],
    sender: &["orig"],
    remote_host: &["dsnmta", "dlvdestinationip"],
    reporting_host: &["dsnreportingmta"],
    sending_ip: &["dlvsourceip"],
    time: &["timelogged"],
    campaign: &["jobid", "envid", "headerxcampaign", "headerxjob"],
    message_id: &["headermessageid"],
    queue_id: &["queue"],
    subject: &["headersubject"],
    finish,
    ..Dialect::BLANK
};

fn finish(event: &Json<'_>, notice: &mut Notice<'_>) {
    let text = |name: &str| event.get(name).and_then(Json::text).unwrap_or_default();
    if matches!(text("type").as_ref(), "t" | "tq") {
        super::held(notice);
    }
    // a remote status report says in its action what happened (RFC 3464 section 2.3.3)
    if text("type") == "rs" {
        notice.kind = match text("dsnaction").as_ref() {
            "failed" => Kind::Bounce,
            "delayed" => Kind::Delay,
            _ => Kind::Delivered,
        };
    }
    let original = text("orcpt");
    let original = original.rsplit_once(';').map_or(original.as_ref(), |(_, address)| address);
    if original.contains('@')
        && notice.recipient.as_deref().is_none_or(|recipient| !recipient.eq_ignore_ascii_case(original))
    {
        notice.original_recipient = Some(original.to_owned().into());
    }
}
