//! Lines of a log in JSON: journald's `{"MESSAGE":"4Vb2Q1: to=<…>","SYSLOG_IDENTIFIER":"postfix/smtp", …}`, Docker's
//! `{"log":"May  1 … postfix/smtp[321]: …","stream":"stdout","time":…}`, and what collectors of logs make of either.

use super::Log;
use super::syslog::{self, Line};
use crate::input::json::Json;
use crate::text::ends;
use crate::types::Notice;
use std::borrow::Cow;

/// Keys of the line, and of the time.
const LINES: [&str; 3] = ["MESSAGE", "log", "message"];
const TIMES: [&str; 3] = ["__REALTIME_TIMESTAMP", "@timestamp", "time"];

/// Whether an object is an entry of the journal, or of another log in which a line tells of a delivery.
pub fn is_entry(value: &Json<'_>) -> bool {
    let own = value.get("MESSAGE").is_some()
        && (value.get("SYSLOG_IDENTIFIER").is_some() || value.get("__REALTIME_TIMESTAMP").is_some());
    let mut told = own;
    if !own && value.get("log").or(value.get("message")).is_some() {
        read(value, &mut |_| told = true);
    }
    told
}

/// Reads an entry. Each stands for itself: nothing is joined.
pub fn read<'a>(value: &Json<'a>, each: &mut dyn FnMut(Notice<'a>)) {
    let text = |key: &&str| value.get(key).and_then(Json::text);
    let Some(message) = LINES.iter().find_map(text) else { return };
    let program = text(&"SYSLOG_IDENTIFIER").or_else(|| text(&"program"));
    let line = syslog::line(ends::trim_end(&message), 0);
    let line = Line { at: 0, program: line.program.or(program.as_deref()), ..line };
    Log::default().line(line, &mut |notice| {
        let mut notice = crate::input::owned(notice);
        notice.time = notice.time.or_else(|| TIMES.iter().find_map(text).map(seconds));
        notice.reporting_host =
            notice.reporting_host.or_else(|| text(&"_HOSTNAME")).or_else(|| text(&"host"));
        each(notice);
    });
}

/// Microseconds as seconds.
fn seconds(microseconds: Cow<'_, str>) -> Cow<'_, str> {
    match microseconds.parse::<u64>() {
        Ok(count) => Cow::Owned((count / 1_000_000).to_string()),
        Err(_) => microseconds,
    }
}
