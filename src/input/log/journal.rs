//! journald's JSON: `{"MESSAGE":"4Vb2Q1: to=<…>","SYSLOG_IDENTIFIER":"postfix/smtp", …}`.

use super::Log;
use super::syslog::Line;
use crate::input::json::Json;
use crate::types::Notice;
use std::borrow::Cow;

/// Whether an object is an entry of the journal.
pub fn is_entry(value: &Json<'_>) -> bool {
    value.get("MESSAGE").is_some()
        && (value.get("SYSLOG_IDENTIFIER").is_some() || value.get("__REALTIME_TIMESTAMP").is_some())
}

/// Reads an entry. Each stands for itself: nothing is joined.
pub fn read<'a>(value: &Json<'a>, each: &mut dyn FnMut(Notice<'a>)) {
    let text = |key: &str| value.get(key).and_then(Json::text);
    let (message, program) = (text("MESSAGE").unwrap_or_default(), text("SYSLOG_IDENTIFIER"));
    let line = Line { text: &message, at: 0, time: None, host: None, program: program.as_deref() };
    Log::default().line(line, &mut |notice| {
        let mut notice = crate::input::owned(notice);
        notice.time = notice.time.or_else(|| text("__REALTIME_TIMESTAMP").map(seconds));
        notice.reporting_host = notice.reporting_host.or_else(|| text("_HOSTNAME"));
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
