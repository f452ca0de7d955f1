//! Questions in JSON as values of the core.

use crate::error::{Error, ErrorKind};
use crate::policy::json::Json;
use crate::policy::{Event, Facts, Policy, What, table};
use crate::report::{Field, Options, Row};
use crate::types::{BounceType, Kind, Reason, ReplyCode, StatusCode};
use std::borrow::Cow;

#[cold]
#[inline(never)]
fn bad(message: String) -> Error {
    Error::new(ErrorKind::BadEvent, message)
}

/// A field that is there and not null.
fn given<'a>(json: &'a Json, field: &str) -> Option<&'a Json> {
    json.get(field).filter(|value| **value != Json::Null)
}

/// The policy of a question: the default one, a built-in one, or one of its own.
pub(super) fn policy(question: &Json) -> Result<Cow<'static, Policy>, Error> {
    match given(question, "policy") {
        None => Policy::built_in("default").map(Cow::Borrowed),
        Some(Json::Text(name)) => Policy::built_in(name).map(Cow::Borrowed),
        Some(options) => Policy::from_value(options).map(Cow::Owned),
    }
}

pub(super) fn text<'a>(json: &'a Json, field: &str) -> Result<&'a str, Error> {
    json.get(field).and_then(Json::text).ok_or_else(|| bad(format!("`{field}` must be a text")))
}

pub(super) fn list<'a>(json: &'a Json, field: &str) -> Result<&'a [Json], Error> {
    match json.get(field) {
        Some(Json::List(items)) => Ok(items),
        _ => Err(bad(format!("`{field}` must be a list"))),
    }
}

pub(super) fn time(json: &Json, field: &str) -> Result<i64, Error> {
    let time = json.get(field).and_then(Json::whole);
    time.ok_or_else(|| Error::new(ErrorKind::BadTime, format!("`{field}` must be epoch milliseconds")))
}

/// The place of a portion's first item among all that the caller hands over.
pub(super) fn first(question: &Json) -> usize {
    given(question, "first").and_then(Json::whole).and_then(|first| usize::try_from(first).ok()).unwrap_or(0)
}

/// An error about one of many events.
pub(super) fn at_event(place: usize, error: &Error) -> Error {
    Error::new(error.kind(), format!("event {place}: {error}"))
}

/// The events of a question, each with its place: `{"address":…,"time":…,"campaign":…,"what":{…}}`.
/// What says nothing about an address is left out.
pub(super) fn events(question: &Json) -> Result<Vec<(&str, Event<'_>, usize)>, Error> {
    let mut events = Vec::new();
    for (place, item) in (first(question)..).zip(list(question, "events")?) {
        let named = |error: Error| at_event(place, &error);
        let address = text(item, "address").map_err(named)?;
        let time = time(item, "time").map_err(named)?;
        let Some(what) = what(item.get("what").unwrap_or(&Json::Null), "verdict").map_err(named)? else {
            continue;
        };
        let campaign = given(item, "campaign").and_then(Json::text);
        events.push((address, Event { what, time, campaign }, place));
    }
    Ok(events)
}

/// What happened: as much of a verdict as counts, its confidence in hundredths; or `manual-clear` or
/// `unsubscribe` as its kind.
pub(super) fn what(json: &Json, place: &str) -> Result<Option<What>, Error> {
    let kind = given(json, "kind").and_then(Json::text);
    match kind.ok_or_else(|| bad(format!("`{place}.kind` must be a kind")))? {
        "manual-clear" => Ok(Some(What::ManualClear)),
        "unsubscribe" => Ok(Some(What::Unsubscribe)),
        "delivered" => Ok(Some(What::Delivered)),
        "delay" => Ok(Some(What::Delay)),
        "complaint" => Ok(Some(What::Complaint)),
        "bounce" => facts(json, place).map(|facts| Some(What::Bounce(facts))),
        other if Kind::parse(other).is_some() => Ok(None),
        other => Err(bad(format!("`{place}.kind`: unknown kind `{other}`"))),
    }
}

fn facts(json: &Json, place: &str) -> Result<Facts, Error> {
    let wrong = |field: &str, be: &str| bad(format!("`{place}.{field}` must be {be}"));
    let bounce_type = given(json, "type").and_then(Json::text).and_then(BounceType::parse);
    let confidence = given(json, "confidence")
        .map_or(Some(100), |value| value.whole().and_then(|value| u8::try_from(value).ok()));
    let code = given(json, "code").map(|code| code.whole().and_then(|code| u16::try_from(code).ok()));
    let status = given(json, "status").map(|status| status.text().and_then(StatusCode::parse));
    let delay =
        given(json, "retryAfter").map(|delay| delay.whole().and_then(|delay| u32::try_from(delay).ok()));
    Ok(Facts {
        bounce_type: bounce_type.ok_or_else(|| wrong("type", "`hard` or `soft`"))?,
        reason: reason(json, place)?.ok_or_else(|| wrong("reason", "a reason"))?,
        confidence: confidence
            .filter(|value| *value <= 100)
            .ok_or_else(|| wrong("confidence", "from 0 to 1"))?,
        code: code.map(|code| code.ok_or_else(|| wrong("code", "a reply code"))).transpose()?.map(ReplyCode),
        status: status.map(|status| status.ok_or_else(|| wrong("status", "as `5.1.1`"))).transpose()?,
        retry_after: delay
            .map(|delay| delay.ok_or_else(|| wrong("retryAfter", "whole seconds")))
            .transpose()?,
    })
}

fn reason(json: &Json, place: &str) -> Result<Option<Reason>, Error> {
    let Some(value) = given(json, "reason") else { return Ok(None) };
    let reason = value.text().and_then(table::reason);
    reason.map(Some).ok_or_else(|| bad(format!("`{place}.reason`: unknown reason {}", value.shown())))
}

/// A row of a report.
pub(super) fn row(json: &Json, index: usize) -> Result<Row<'_>, Error> {
    let place = format!("row {index}");
    let kind = given(json, "kind").and_then(Json::text).and_then(Kind::parse);
    let text = |field: &str| match given(json, field) {
        None => Ok(""),
        Some(value) => value.text().ok_or_else(|| bad(format!("`{place}.{field}` must be a text"))),
    };
    Ok(Row {
        kind: kind.ok_or_else(|| bad(format!("`{place}.kind` must be a kind")))?,
        bounce_type: given(json, "type").and_then(Json::text).and_then(BounceType::parse),
        reason: reason(json, &place)?,
        time: given(json, "time").map(|_| time(json, "time")).transpose()?,
        from_domain: text("fromDomain")?,
        recipient: text("recipient")?,
        sending_ip: text("sendingIp")?,
        provider: text("provider")?,
        campaign: text("campaign")?,
        message: text("message")?,
        text: text("text")?,
    })
}

/// `{"groupBy":[…],"from":…,"until":…,"campaign":…}`; unknown keys are refused before.
pub(super) fn report_options(question: &Json) -> Result<Options, Error> {
    let wrong = |message: String| Error::new(ErrorKind::BadReport, message);
    let known = || Field::ALL.map(Field::as_str).join(", ");
    let field = |value: &Json| {
        let field = value.text().and_then(Field::parse);
        field.ok_or_else(|| wrong(format!("`groupBy`: unknown field {}; known: {}", value.shown(), known())))
    };
    let moment = |name: &str| given(question, name).map(|_| time(question, name)).transpose();
    Ok(Options {
        group_by: list(question, "groupBy")?.iter().map(field).collect::<Result<_, _>>()?,
        from: moment("from")?,
        until: moment("until")?,
        campaign: given(question, "campaign").and_then(Json::text).map(str::to_owned),
    })
}
