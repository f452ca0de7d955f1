//! Tables of bounces: CSV and TSV, with a header or without.
//!
//! ```
//! use bouncelens::input::{ReadOptions, read_with};
//! let table = b"Date;Contact;Reason\n2024-05-01;ann@example.com;550 5.1.1 no such user\n\
//!     2024-05-01;bob@example.com;\"452 4.2.2 mailbox full; try later\"\n";
//! let notices = read_with(table, &ReadOptions::default());
//! assert_eq!(notices[1].recipient.as_deref(), Some("bob@example.com"));
//! assert_eq!(notices[1].reply.text, "452 4.2.2 mailbox full; try later");
//! ```
//!
//! A header that a mail server writes is read by that server's own table; in others the columns
//! are found by their names (`data/columns.toml`) and, without names, by what stands in them.

mod columns;
mod rows;

use super::json::Json;
use super::outline::{Part, Parts, Role};
use super::webhook::dialect::{self, Dialect};
use super::{Sink, log};
use crate::text::ends;
use crate::text::{beginning, words};
use crate::types::{Form, Kind, Notice, Quote, StatusCode};
use columns::Columns;
pub use columns::{event, lasting, names, plain};
use rows::{Row, Rows};
use std::borrow::Cow;

/// Servers that write tables.
static DIALECTS: [&Dialect; 4] = [&log::POWERMTA, &log::EXCHANGE, &log::TRACE, &log::EXCHANGE_2003];

/// Rows by which a table is recognised.
const SAMPLE: usize = 30;

/// Reads a table.
pub fn read<'a>(text: &'a str, sink: Sink<'_, 'a>) {
    let mut reader = Rows::new(text);
    let sample: Vec<Row<'a>> = Rows::new(text).filter(|row| row.len() > 1).take(SAMPLE).collect();
    let mut layout = Layout::of(&sample, reader.fields);
    let mut told = false;
    for row in &mut reader {
        if let Some(header) = header(&row, &layout) {
            // an appended file brings its header with it
            layout = header;
            continue;
        }
        layout.read(row, &mut |notice| {
            told = true;
            sink(notice);
        });
    }
    if !told {
        let mut notice = Notice::new(Form::Csv, Kind::Unrelated, Quote::default());
        notice.notes.push("no row of the table tells of a delivery".into());
        sink(notice);
    }
}

/// Writes down which columns hold which fact and which rows became records.
pub fn outline(text: &str, parts: &mut Parts) {
    let mut reader = Rows::new(text);
    let sample: Vec<Row<'_>> = Rows::new(text).filter(|row| row.len() > 1).take(SAMPLE).collect();
    let mut layout = Layout::of(&sample, reader.fields);
    let fields = reader.fields.map(|line| stated(line).map(str::to_owned).collect::<Vec<_>>());
    let first = sample.first().filter(|row| header(row, &layout).is_some());
    let headed = first.map(|row| row.iter().map(|cell| cell.text.to_string()).collect());
    let names = fields.or(headed).unwrap_or_default();
    let width = sample.iter().map(Vec::len).max().unwrap_or(0).max(names.len());
    for column in 0..width {
        let fact = layout.fact(column);
        let name = names.get(column).cloned().unwrap_or_else(|| (column + 1).to_string());
        parts.push(Part { name, fact, ..Part::new(Role::Column, !fact.is_empty(), None) });
    }
    loop {
        let start = reader.at();
        let Some(row) = reader.next() else { break };
        let at = Some(start..reader.at());
        if let Some(header) = header(&row, &layout) {
            layout = header;
            parts.join(Part::new(Role::ColumnNames, true, at));
            continue;
        }
        let mut told = false;
        layout.read(row, &mut |notice| told |= notice.kind != Kind::Unrelated);
        parts.join(Part::new(if told { Role::Row } else { Role::Other }, told, at));
    }
}

/// How sure it is that a text is a table of bounces: 0 to 100.
pub fn looks_like_table(text: &str) -> u8 {
    let reader = Rows::new(text);
    if reader.fields.is_some() {
        return 97;
    }
    if !reader.may_have_columns() {
        return 0;
    }
    let sample: Vec<Row<'_>> = reader.take(SAMPLE).collect();
    if sample.first().is_some_and(|row| dialect_of(&names(row)).is_some()) {
        return 97;
    }
    let Some(width) = sample.first().map(Vec::len).filter(|width| *width > 1 && sample.len() > 1) else {
        return 0;
    };
    let even = sample.iter().filter(|row| row.len() == width).count();
    if even * 2 < sample.len() {
        return 0;
    }
    let columns = Columns::of(&sample);
    // a header makes up for rows that somebody has edited
    let least = if columns.named { 5 } else { 8 };
    if even * 10 < sample.len() * least
        || columns.reply.is_none() && columns.status.is_none() && columns.event.is_none()
    {
        return 0;
    }
    if columns.named {
        92
    } else if columns.recipient.is_some() && even == sample.len() {
        85
    } else {
        0
    }
}

/// How the rows are laid out.
enum Layout<'a> {
    /// A server's own columns.
    Server(&'static Dialect, Vec<Cow<'a, str>>),
    /// Anybody's.
    Own(Box<Columns>),
}

/// The names of columns that a remark states.
fn stated(line: &str) -> impl Iterator<Item = &str> {
    line.split(if line.contains('\t') { '\t' } else { ',' })
}

/// Names of columns as they are compared: lower case, letters and digits only.
fn names<'a>(row: &[Quote<'a>]) -> Vec<Cow<'a, str>> {
    row.iter().map(|cell| Cow::Owned(plain(&cell.text))).collect()
}

fn dialect_of(names: &[Cow<'_, str>]) -> Option<&'static Dialect> {
    let has = |name: &str| names.iter().any(|known| known == name);
    DIALECTS.into_iter().find(|dialect| dialect.marks.iter().any(|set| set.iter().all(|name| has(name))))
}

/// The layout that a row announces, where it is a header.
fn header<'a>(row: &[Quote<'a>], layout: &Layout<'a>) -> Option<Layout<'a>> {
    let names = match layout {
        // the columns of a server may change from one header to the next
        Layout::Server(..) => names(row),
        Layout::Own(columns) if columns.is_header(row) => return Some(Layout::Own(columns.clone())),
        Layout::Own(_) => return None,
    };
    let dialect = dialect_of(&names)?;
    Some(Layout::Server(dialect, names))
}

impl<'a> Layout<'a> {
    fn of(sample: &[Row<'a>], fields: Option<&'a str>) -> Layout<'a> {
        let stated: Option<Vec<Cow<'a, str>>> =
            fields.map(|line| stated(line).map(|name| Cow::Owned(plain(name))).collect());
        let names = stated.or_else(|| sample.first().map(|row| names(row))).unwrap_or_default();
        match dialect_of(&names) {
            Some(dialect) => Layout::Server(dialect, names),
            None => Layout::Own(Box::new(Columns::of(sample))),
        }
    }

    /// The fact that a column holds; empty where it holds none.
    fn fact(&self, column: usize) -> &'static str {
        let found = match self {
            Layout::Own(columns) => {
                columns.facts().into_iter().find(|(_, at)| *at == Some(column)).map(|(fact, _)| fact)
            }
            Layout::Server(dialect, names) => names.get(column).and_then(|name| dialect.fact(name)),
        };
        found.unwrap_or_default()
    }

    fn read(&self, row: Row<'a>, each: &mut dyn FnMut(Notice<'a>)) {
        match self {
            Layout::Server(dialect, names) => {
                let cells = row.into_iter().map(Json::Text);
                let mut fields: Vec<_> = names.iter().cloned().zip(cells).collect();
                log::exchange_entries(&mut fields);
                let event = Json::Object(fields);
                if dialect.knows(&event) {
                    dialect.read(&event, each);
                }
            }
            Layout::Own(columns) => each(notice(columns, &row)),
        }
    }
}

/// A row of a table whose columns have been found.
fn notice<'a>(columns: &Columns, row: &[Quote<'a>]) -> Notice<'a> {
    let cell = |column: Option<usize>| {
        column.and_then(|at| row.get(at)).filter(|cell| !ends::trim(&cell.text).is_empty()).cloned()
    };
    let text = |column: Option<usize>| cell(column).map(|cell| cell.text);
    let reply = cell(columns.reply).map(dialect::clean).unwrap_or_default();
    let mut notice = Notice::new(Form::Csv, Kind::Bounce, reply);
    notice.status = text(columns.status).and_then(|status| StatusCode::parse(&status));
    notice.code = text(columns.code).and_then(|code| dialect::reply_code(&code));
    let told = text(columns.event);
    notice.class = told.as_deref().and_then(lasting);
    notice.kind = match told.as_deref().and_then(event) {
        Some(kind) if kind != Kind::Bounce || notice.reply.text.is_empty() => kind,
        _ => kind(&notice),
    };
    notice.recipient = text(columns.recipient).map(dialect::address);
    notice.recipient_domain = text(columns.domain).filter(|_| notice.recipient.is_none());
    notice.sender = text(columns.sender).map(dialect::address);
    notice.sending_ip = text(columns.sending_ip);
    notice.remote_host = text(columns.host).map(dialect::host);
    notice.time = text(columns.time);
    notice.campaign = text(columns.campaign);
    notice.message_id = text(columns.message_id).map(dialect::address);
    notice.queue_id = text(columns.queue_id);
    notice.subject = text(columns.subject);
    notice.stage = super::smtp::stage(&notice.reply.text);
    notice
}

/// A row says that a delivery failed, unless its codes say that it did not or it says nothing.
fn kind(notice: &Notice<'_>) -> Kind {
    let read = words::read(beginning(&notice.reply.text, 512));
    let stated = read
        .codes
        .first()
        .and_then(|code| code.reply.map(|reply| (reply / 100) as u8).or(code.status.map(|status| status.0)));
    let class = stated
        .or(notice.code.map(crate::types::ReplyCode::class))
        .or(notice.status.map(|status| status.class));
    match class {
        Some(2 | 3) => Kind::Delivered,
        None if notice.reply.text.is_empty() => Kind::Unrelated,
        _ => Kind::Bounce,
    }
}
