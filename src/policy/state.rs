//! The JSON of histories: versioned, and refused where it cannot be trusted.
//!
//! ```text
//! {"bouncelens":"history","version":1,"forgotten":null,"marks":[
//!   ["bounce",1700000000000,"5f1d0c9a77e2","soft","mailbox-full",92,452,"4.2.2",120],
//!   ["delivered",1700600000000]]}
//! ```
//!
//! A mark is its event, time and campaign (a hash), and of a bounce: type, reason, confidence in
//! hundredths, reply code, enhanced code, stated delay in seconds. What is missing at the end of a
//! mark is left out, what is missing before is null. Reasons are written by id, so that a state
//! outlives any order of them.

use super::event::{Facts, Mark, What, check_time};
use super::history::History;
use super::json::{Json, quote};
use super::table;
use crate::error::{Error, ErrorKind};
use crate::types::{BounceType, ReplyCode, StatusCode};
use std::fmt::Write;

/// The version that is written; later ones are refused.
pub const VERSION: i64 = 1;
/// More marks than this are not ours: a history has some 50.
const MOST_MARKS: usize = 1_000;

#[cold]
#[inline(never)]
fn bad(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::BadHistory, message)
}

impl History {
    /// The history as JSON; the same history is always the same text.
    pub fn to_json(&self) -> String {
        let mut out = format!("{{\"bouncelens\":\"history\",\"version\":{VERSION},");
        write_body(self, &mut out);
        out.push('}');
        out
    }

    /// Reads what [`History::to_json`] wrote. An error is `bad-history`, which names the place, or
    /// `future-history`; nothing is ever read by halves.
    pub fn from_json(text: &str) -> Result<History, Error> {
        History::from_value(&parse(text, "history")?)
    }

    /// The same, of JSON that was read already.
    pub(crate) fn from_value(json: &Json) -> Result<History, Error> {
        check_head(json, "history")?;
        read_body(json, "")
    }
}

/// Reads a text.
pub(super) fn parse(text: &str, what: &str) -> Result<Json, Error> {
    Json::parse(text).map_err(|error| bad(format!("{what}: {error}")))
}

/// Checks what JSON says it is.
pub(super) fn check_head(json: &Json, what: &str) -> Result<(), Error> {
    if json.get("bouncelens").and_then(Json::text) != Some(what) {
        return Err(bad(format!("`bouncelens` must be `{what}`")));
    }
    match json.get("version").and_then(Json::whole) {
        Some(VERSION) => Ok(()),
        Some(later) if later > VERSION => {
            let message = format!(
                "{what}: version {later} was written by a later bouncelens; this one reads {VERSION}"
            );
            Err(Error::new(ErrorKind::FutureHistory, message))
        }
        _ => Err(bad(format!("{what}: `version` must be {VERSION}"))),
    }
}

/// `"forgotten":…,"marks":[…]`
pub(super) fn write_body(history: &History, out: &mut String) {
    if let Some(time) = history.forgotten {
        let _ = write!(out, "\"forgotten\":{time},");
    }
    out.push_str("\"marks\":[");
    for (index, mark) in history.marks.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_mark(mark, out);
    }
    out.push(']');
}

fn write_mark(mark: &Mark, out: &mut String) {
    let _ = write!(out, "[\"{}\",{}", mark.what.as_str(), mark.time);
    if mark.campaign != 0 {
        let _ = write!(out, ",\"{:012x}\"", mark.campaign);
    } else if mark.facts().is_some() {
        out.push_str(",null");
    }
    if let Some(facts) = mark.facts() {
        let _ = write!(out, ",\"{}\",", facts.bounce_type);
        quote(table::row(facts.reason).id, out);
        let _ = write!(out, ",{}", facts.confidence);
        let rest = [
            facts.code.map(|code| code.to_string()),
            facts.status.map(|status| format!("\"{status}\"")),
            facts.retry_after.map(|seconds| seconds.to_string()),
        ];
        let said = rest.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for value in rest.iter().take(said) {
            out.push(',');
            out.push_str(value.as_deref().unwrap_or("null"));
        }
    }
    out.push(']');
}

/// Reads the body of a history; `place` stands before the names in messages.
pub(super) fn read_body(json: &Json, place: &str) -> Result<History, Error> {
    let forgotten = match json.get("forgotten") {
        None | Some(Json::Null) => None,
        Some(time) => Some(time.whole().ok_or_else(|| bad(format!("{place}`forgotten` must be a time")))?),
    };
    let Some(Json::List(marks)) = json.get("marks") else {
        return Err(bad(format!("{place}`marks` must be a list")));
    };
    if marks.len() > MOST_MARKS {
        return Err(bad(format!(
            "{place}`marks` has {} entries; a history has fewer than {MOST_MARKS}",
            marks.len()
        )));
    }
    let mut history = History { forgotten, ..History::default() };
    for (index, mark) in marks.iter().enumerate() {
        history.insert(read_mark(mark, &format!("{place}`marks[{index}]`"))?);
    }
    history.prune();
    Ok(history)
}

fn read_mark(json: &Json, place: &str) -> Result<Mark, Error> {
    let Json::List(fields) = json else { return Err(bad(format!("{place} must be a list"))) };
    let field = |at: usize| fields.get(at).filter(|value| **value != Json::Null);
    let time = field(1)
        .and_then(Json::whole)
        .ok_or_else(|| bad(format!("{place}: the time must be a whole number")))?;
    check_time("time", time).map_err(|error| bad(format!("{place}: {error}")))?;
    let campaign = match field(2) {
        None => 0,
        Some(hash) => hash
            .text()
            .filter(|hash| hash.len() == 12)
            .and_then(|hash| u64::from_str_radix(hash, 16).ok())
            .ok_or_else(|| bad(format!("{place}: the campaign must be 12 hex digits")))?,
    };
    let what = match field(0).and_then(Json::text) {
        Some("manual-clear") => What::ManualClear,
        Some("delivered") => What::Delivered,
        Some("complaint") => What::Complaint,
        Some("unsubscribe") => What::Unsubscribe,
        Some("bounce") => What::Bounce(read_facts(fields, place)?),
        other => return Err(bad(format!("{place}: unknown event `{}`", other.unwrap_or_default()))),
    };
    Ok(Mark { time, what, campaign })
}

fn read_facts(fields: &[Json], place: &str) -> Result<Facts, Error> {
    let field = |at: usize| fields.get(at).filter(|value| **value != Json::Null);
    let wrong = |what: &str| bad(format!("{place}: {what}"));
    let number = |at: usize, what: &str| match field(at) {
        None => Ok(None),
        Some(value) => value.whole().ok_or_else(|| wrong(what)).map(Some),
    };
    let id = field(4).and_then(Json::text).ok_or_else(|| wrong("the reason must be an id"))?;
    let reason = table::reason(id).ok_or_else(|| {
        // ids are never taken back, so one that is unknown comes from a later version
        Error::new(
            ErrorKind::FutureHistory,
            format!("{place}: this bouncelens does not know the reason `{id}`"),
        )
    })?;
    let code = number(6, "the code must be a number")?
        .map(u16::try_from)
        .transpose()
        .map_err(|_| wrong("the code is no reply code"))?;
    let status = match field(7) {
        None => None,
        Some(value) => Some(
            value.text().and_then(StatusCode::parse).ok_or_else(|| wrong("the status must be as `5.1.1`"))?,
        ),
    };
    let delay = number(8, "the delay must be seconds")?.map(u32::try_from).transpose();
    Ok(Facts {
        bounce_type: field(3)
            .and_then(Json::text)
            .and_then(BounceType::parse)
            .ok_or_else(|| wrong("the type must be `hard` or `soft`"))?,
        reason,
        confidence: number(5, "the confidence must be a number")?
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| *value <= 100)
            .ok_or_else(|| wrong("the confidence must be from 0 to 100"))?,
        code: code.map(ReplyCode),
        status,
        retry_after: delay.map_err(|_| wrong("the delay must be seconds"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Facts, History, Mark, ReplyCode, StatusCode, What, table};
    use crate::types::BounceType;

    fn full() -> History {
        let facts = Facts {
            bounce_type: BounceType::Soft,
            reason: table::reason("greylisted").expect("a reason"),
            confidence: 97,
            code: Some(ReplyCode(450)),
            status: StatusCode::parse("4.2.0"),
            retry_after: Some(120),
        };
        let bare = Facts { code: None, status: None, retry_after: None, ..facts };
        let mark = |time, what, campaign| Mark { time, what, campaign };
        let mut history = History::new();
        history.add(mark(1, What::ManualClear, 0));
        history.add(mark(2, What::Bounce(facts), 0xab));
        history.add(mark(3, What::Bounce(bare), 0));
        history.add(mark(4, What::Delivered, 0xcd));
        history.add(mark(5, What::Unsubscribe, 0));
        history
    }

    #[test]
    fn a_history_comes_back() {
        let text = full().to_json();
        assert!(
            text.contains(r#"["bounce",2,"0000000000ab","soft","greylisted",97,450,"4.2.0",120]"#),
            "{text}"
        );
        assert_eq!(History::from_json(&text).expect("good state"), full());
    }

    #[test]
    fn damage_anywhere_is_an_error_or_the_same_history() {
        let text = full().to_json();
        for end in 0..text.len() {
            assert_eq!(History::from_json(&text[..end]).expect_err("cut").code(), "bad-history");
        }
        for (from, to, message) in [
            ("450", "99999", "`marks[1]`: the code is no reply code"),
            ("\"soft\"", "\"firm\"", "`marks[1]`: the type must be `hard` or `soft`"),
            ("0000000000ab", "x", "`marks[1]`: the campaign must be 12 hex digits"),
            ("\"delivered\"", "\"lost\"", "`marks[3]`: unknown event `lost`"),
            ("\"history\"", "\"diary\"", "`bouncelens` must be `history`"),
        ] {
            let error = History::from_json(&text.replace(from, to)).expect_err(message);
            assert_eq!((error.code(), error.to_string().as_str()), ("bad-history", message));
        }
    }

    #[test]
    fn what_a_later_version_wrote_is_refused() {
        for (from, to) in [("\"version\":1", "\"version\":2"), ("greylisted", "quantum-noise")] {
            let error = History::from_json(&full().to_json().replace(from, to)).expect_err("from the future");
            assert_eq!(error.code(), "future-history");
        }
    }
}
