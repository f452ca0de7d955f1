//! Questions and answers as JSON: how policies, ledgers and reports are used from other languages.
//!
//! ```
//! use bouncelens::desk::Desk;
//! let mut desk = Desk::default();
//! let answer = desk.ask(r#"{"ask":"decide","policy":"default","now":1700000000000,
//!     "what":{"kind":"bounce","type":"hard","reason":"user-unknown","confidence":95}}"#);
//! assert!(answer.starts_with(r#"{"answer":{"action":"suppress","why":"hard-address""#), "{answer}");
//! let answer = desk.ask(r#"{"ask":"decide","policy":"strict"}"#);
//! assert!(answer.starts_with(r#"{"error":{"code":"unknown-policy","message":"unknown policy `strict`"#), "{answer}");
//! ```
//!
//! Verdicts cross the border to JavaScript as numbers, because there are millions of them. A decision
//! is asked for one address at a time and events come in portions, so plain JSON is fast enough here
//! and leaves one door instead of thirty. Ledgers and reports stay on this side; the caller holds
//! their numbers. `first` is the place of a portion's first item, so that an error can name the item.

mod read;
mod write;

use crate::error::{Error, ErrorKind};
use crate::policy::json::{Json, quote};
use crate::policy::{self, Context, History, Ledger, Player, Policy, SuppressionList};
use crate::report::Report;
use std::fmt::Write;

/// The ledgers and reports that were opened, and where questions are asked.
#[derive(Debug, Default)]
pub struct Desk {
    ledgers: Vec<Option<Ledger>>,
    reports: Vec<Option<Report>>,
    replays: Vec<Option<Player>>,
}

type Answer = Result<String, Error>;

impl Desk {
    /// Answers a question: `{"answer":…}` or `{"error":{"code":…,"message":…}}`.
    pub fn ask(&mut self, question: &str) -> String {
        let answer = Json::parse(question)
            .map_err(|error| Error::new(ErrorKind::BadEvent, format!("the question: {error}")))
            .and_then(|question| self.answer(&question));
        match answer {
            Ok(answer) => format!("{{\"answer\":{answer}}}"),
            Err(error) => {
                let mut out = format!("{{\"error\":{{\"code\":\"{}\",\"message\":", error.code());
                quote(&error.to_string(), &mut out);
                out + "}}"
            }
        }
    }

    fn answer(&mut self, question: &Json) -> Answer {
        match question.get("ask").and_then(Json::text).unwrap_or_default() {
            "policy" => read::policy(question).map(|_| "null".into()),
            "decide" => decide(question),
            "list-read" => Ok(SuppressionList::read(read::text(question, "text")?)?.to_json()),
            "list-write" => list_write(question),
            "list-find" => list_find(question),
            "ledger-open" => {
                self.ledgers.push(Some(Ledger::new(read::policy(question)?.into_owned())));
                Ok((self.ledgers.len() - 1).to_string())
            }
            "report-open" => {
                self.reports.push(Some(Report::new(read::report_options(question)?)));
                Ok((self.reports.len() - 1).to_string())
            }
            "replay-open" => {
                let policies = read::list(question, "policies")?.iter().map(Policy::from_value);
                self.replays.push(Some(Player::new(policies.collect::<Result<_, _>>()?)));
                Ok((self.replays.len() - 1).to_string())
            }
            "replay-close" => Ok(close(&mut self.replays, question)),
            "replay-add" => replay_add(open(&mut self.replays, question, "handle")?, question),
            "replay-play" => Ok(write::replay(&open(&mut self.replays, question, "handle")?.play()?)),
            "ledger-close" => Ok(close(&mut self.ledgers, question)),
            "report-close" => Ok(close(&mut self.reports, question)),
            "ledger-merge" => merge(&mut self.ledgers, question, Ledger::merge),
            "report-merge" => merge(&mut self.reports, question, Report::merge),
            of_one if of_one.starts_with("ledger-") => {
                of_ledger(open(&mut self.ledgers, question, "handle")?, of_one, question)
            }
            of_one if of_one.starts_with("report-") => {
                of_report(open(&mut self.reports, question, "handle")?, of_one, question)
            }
            other => Err(unknown(other)),
        }
    }
}

fn unknown(question: &str) -> Error {
    Error::new(ErrorKind::BadEvent, format!("unknown question `{question}`"))
}

fn number(question: &Json, field: &str) -> usize {
    question
        .get(field)
        .and_then(Json::whole)
        .and_then(|number| usize::try_from(number).ok())
        .unwrap_or(usize::MAX)
}

fn open<'a, T>(all: &'a mut [Option<T>], question: &Json, field: &str) -> Result<&'a mut T, Error> {
    let one = all.get_mut(number(question, field)).and_then(Option::as_mut);
    one.ok_or_else(|| Error::new(ErrorKind::BadEvent, format!("`{field}` is not open")))
}

fn close<T>(all: &mut [Option<T>], question: &Json) -> String {
    if let Some(one) = all.get_mut(number(question, "handle")) {
        *one = None;
    }
    "null".into()
}

fn merge<T>(all: &mut [Option<T>], question: &Json, merge: impl Fn(&mut T, &T)) -> Answer {
    // what is merged into itself stays as it is
    if number(question, "handle") != number(question, "other") {
        open(all, question, "other")?;
        let other = all.get_mut(number(question, "other")).and_then(Option::take);
        let merged =
            open(all, question, "handle").map(|one| other.iter().for_each(|other| merge(one, other)));
        if let Some(place) = all.get_mut(number(question, "other")) {
            *place = other;
        }
        merged?;
    }
    Ok("null".into())
}

fn decide(question: &Json) -> Answer {
    let policy = read::policy(question)?;
    let what = read::what(question.get("what").unwrap_or(&Json::Null), "verdict")?;
    let history = match question.get("history") {
        None | Some(Json::Null) => History::new(),
        Some(history) => History::from_value(history)?,
    };
    let campaign = question.get("campaign").and_then(Json::text);
    let context = Context { policy: &policy, history: &history, campaign, now: read::time(question, "now")? };
    let decision = match what {
        Some(what) => policy::decide(&what, &context)?,
        None => policy::standing(&context)?,
    };
    Ok(write::decision(&decision))
}

fn replay_add(player: &mut Player, question: &Json) -> Answer {
    for (address, event, place) in read::events(question)? {
        player.add(address, &event).map_err(|error| read::at_event(place, &error))?;
    }
    Ok("null".into())
}

fn list(question: &Json) -> Result<SuppressionList, Error> {
    policy::suppression::from_value(question)
}

fn list_write(question: &Json) -> Answer {
    let mut list = list(question)?;
    if question.get("hashed") == Some(&Json::Bool(true)) {
        list = list.hashed();
    }
    let text = match read::text(question, "form")? {
        "csv" => list.to_csv(),
        "lines" => list.to_lines(),
        "json" => list.to_json(),
        other => {
            return Err(Error::new(
                ErrorKind::BadList,
                format!("unknown form `{other}`; known: csv, lines, json"),
            ));
        }
    };
    let mut out = String::with_capacity(text.len() + 2);
    quote(&text, &mut out);
    Ok(out)
}

/// Of some addresses, those that a list stops.
fn list_find(question: &Json) -> Answer {
    let (list, now) = (list(question)?, read::time(question, "now")?);
    let mut out = String::from("[");
    for address in read::list(question, "addresses")?.iter().filter_map(Json::text) {
        if out.len() > 1 {
            out.push(',');
        }
        match list.find(address, now) {
            Some(entry) => quote(&entry.key, &mut out),
            None => out.push_str("null"),
        }
    }
    Ok(out + "]")
}

fn of_ledger(ledger: &mut Ledger, ask: &str, question: &Json) -> Answer {
    match ask {
        "ledger-record" => {
            for (address, event, place) in read::events(question)? {
                ledger.record(address, &event).map_err(|error| read::at_event(place, &error))?;
            }
            Ok("null".into())
        }
        "ledger-decision" => Ok(write::decision(
            &ledger.decision(read::text(question, "address")?, read::time(question, "now")?)?,
        )),
        "ledger-suppressed" => Ok(ledger.suppressed(read::time(question, "now")?)?.to_json()),
        "ledger-state" => Ok(ledger.to_json()),
        "ledger-load" => {
            let state = question.get("state").unwrap_or(&Json::Null);
            ledger.merge(&Ledger::from_value(state, ledger.policy().clone())?);
            Ok("null".into())
        }
        "ledger-policy" => {
            ledger.set_policy(read::policy(question)?.into_owned());
            Ok("null".into())
        }
        "ledger-size" => {
            let mut out = String::new();
            let _ = write!(out, "{{\"size\":{},\"memory\":{}}}", ledger.len(), ledger.memory());
            Ok(out)
        }
        other => Err(unknown(other)),
    }
}

fn of_report(report: &mut Report, ask: &str, question: &Json) -> Answer {
    match ask {
        "report-add" => {
            for (place, row) in (read::first(question)..).zip(read::list(question, "rows")?) {
                report.add(&read::row(row, place)?);
            }
            Ok("null".into())
        }
        "report-table" => Ok(write::table(&report.table(), report.undated())),
        "report-csv" => {
            let mut out = String::new();
            quote(&report.table().to_csv(), &mut out);
            Ok(out)
        }
        other => Err(unknown(other)),
    }
}
