//! Measures the core natively: each stage beside two physical floors in the same process, growth with
//! the rules, and inputs that are made to be slow.
//!
//! ```text
//! cargo bench --bench engine                    all of it, as JSON lines; `cargo xtask bench` prints tables
//! cargo bench --bench engine -- quick           the same, with fewer rounds
//! cargo bench --bench engine -- stages          one part: stages, growth or hostile
//! valgrind --tool=callgrind --toggle-collect='*counted*' target/release/deps/engine-… count words
//!                                               one pass of one stage, as `cargo xtask bench --count` does;
//!                                               `count "reports: input"` is the same on reports, and
//!                                               `count input "all phrases"` on 16 KB of a slow input
//! ```
//!
//! On a busy machine only the ratios and the instruction counts mean something.

mod texts;

use bouncelens::input::{self, ReadOptions};
use bouncelens::rules::{Rules, find};
use bouncelens::text::{decode, words};
use bouncelens::{classify, classify_with, signals, verdict};
use rulec::data::Data;
use serde_json::json;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use texts::Hostile;

/// Nanoseconds that each stage runs in a round.
const TURN: f64 = 3e6;

/// What is measured: a name, and what is done to one text.
type Stage = (&'static str, fn(&Rules, &[u8]) -> usize);
/// The same with what it needs.
type Named = (String, Box<dyn Fn(&[u8]) -> usize>);

const STAGES: [Stage; 8] = [
    ("floor: a table look-up per byte", |_, text| {
        text.iter().fold(0, |state, byte| usize::from(TABLE[state ^ usize::from(*byte)]))
    }),
    ("floor: a scan for one byte", |_, text| text.iter().filter(|byte| **byte == b'@').count()),
    ("input", |_, text| input::read_with(text, &ReadOptions::default()).len()),
    ("words", |_, text| words::read(shown(text)).words.len()),
    ("words, find", |rules, text| find(rules, &words::read(shown(text))).len()),
    ("input, collect", |rules, text| {
        let notices = input::read_with(text, &ReadOptions::default());
        notices.iter().map(|notice| signals::collect(rules, notice).evidence.len()).sum()
    }),
    ("input, collect, decide", |rules, text| {
        let notices = input::read_with(text, &ReadOptions::default());
        let decided = notices.into_iter().map(|notice| {
            let signals = signals::collect(rules, &notice);
            verdict::decide(rules, notice, &signals).because.len()
        });
        decided.sum()
    }),
    ("classify", |_, text| classify(text).len()),
];

static TABLE: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = (at * 7 % 251) as u8;
        at += 1;
    }
    table
};

fn shown(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_default()
}

/// Nanoseconds a text of some passes.
fn pass(texts: &[String], passes: u32, once: impl Fn(&[u8]) -> usize) -> f64 {
    let start = Instant::now();
    for _ in 0..passes {
        for text in texts {
            black_box(once(black_box(text.as_bytes())));
        }
    }
    start.elapsed().as_nanos() as f64 / texts.len() as f64 / f64::from(passes)
}

/// Runs all of them in each round, each about as long, so that noise meets them alike. The first is what
/// the others are compared with, round by round.
fn compare(rounds: usize, texts: &[String], named: &[Named]) -> serde_json::Value {
    let least = |once: &dyn Fn(&[u8]) -> usize| (0..5).map(|_| pass(texts, 1, once)).fold(f64::MAX, f64::min);
    let passes: Vec<u32> =
        named.iter().map(|(_, once)| (TURN / texts.len() as f64 / least(once)).max(1.0) as u32).collect();
    let mut times = vec![Vec::new(); named.len()];
    for _ in 0..rounds {
        for ((times, (_, once)), passes) in times.iter_mut().zip(named).zip(&passes) {
            times.push(pass(texts, *passes, once));
        }
    }
    let rows = named.iter().zip(&times).map(|((name, _), own)| {
        let ratios = own.iter().zip(&times[0]).map(|(own, first)| own / first).collect();
        let [q1, median, q3] = quartiles(own.clone());
        json!({ "name": name, "q1": q1, "median": median, "q3": q3, "ratio": quartiles(ratios)[1] })
    });
    rows.collect()
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let at = |share: usize| values.get((values.len() - 1) * share / 4).copied().unwrap_or_default();
    [at(1), at(2), at(3)]
}

/// Each stage, on replies and on reports.
fn stages(rules: &Rules, rounds: usize, replies: &[String]) {
    let rules = *rules;
    let stages: Vec<Named> = STAGES
        .into_iter()
        .map(|(name, once)| (name.to_owned(), Box::new(move |text: &[u8]| once(&rules, text)) as Box<_>))
        .collect();
    for (title, texts) in [("replies", replies.to_vec()), ("reports", texts::reports(replies))] {
        let bytes = texts.iter().map(String::len).sum::<usize>() / texts.len();
        let rows = compare(rounds, &texts, &stages);
        println!("{}", json!({ "group": title, "texts": texts.len(), "bytes": bytes, "rows": rows }));
    }
}

/// The same replies with a part of the rules.
fn growth(rounds: usize, replies: &[String]) {
    let named: Vec<Named> = [100, 900, usize::MAX]
        .into_iter()
        .map(|most| {
            let (count, rules) = part(most);
            let once = move |text: &[u8]| classify_with(&rules, text, decode::native).len();
            (format!("{count} rules"), Box::new(once) as Box<_>)
        })
        .collect();
    println!("{}", json!({ "group": "growth", "rows": compare(rounds, replies, &named) }));
}

/// One pass of one stage in [`counted`], which callgrind is told to look at; what is made at the first call
/// is made before.
fn count_instructions(name: &str, replies: &[String]) {
    if name == "the first call" {
        counted(replies.get(..1).unwrap_or_default(), &|text| classify(text).len());
        return println!("1 text");
    }
    let reports;
    let (name, replies) = match name.strip_prefix("reports: ") {
        Some(name) => {
            reports = texts::reports(replies);
            (name, reports.as_slice())
        }
        None => (name, replies),
    };
    let Some(stage) = STAGES.into_iter().find(|stage| stage.0 == name) else {
        return eprintln!("no stage is called `{name}`");
    };
    let rules = Rules::embedded();
    let once = |text: &[u8]| stage.1(&rules, text);
    pass(replies, 1, once);
    counted(replies, &once);
    println!("{} texts", replies.len());
}

#[inline(never)]
fn counted(texts: &[String], once: &dyn Fn(&[u8]) -> usize) {
    pass(texts, 1, once);
}

fn data() -> Data {
    Data::read(Path::new("data")).expect("the data can be read")
}

/// So many of the rules, taken evenly.
fn part(most: usize) -> (usize, Rules) {
    let mut data = data();
    let all = data.rules.len();
    let mut number = 0;
    data.rules.retain(|_| {
        number += 1;
        most >= all || number * most / all != (number - 1) * most / all
    });
    let tables = rulec::tables::tables(&data).expect("a part of good rules is good");
    (data.rules.len(), Rules::from_bytes(Box::leak(tables.bytes.into_boxed_slice())))
}

/// The first bytes of an input that is made to be slow, cut between characters.
fn long(input: &Hostile, bytes: usize) -> String {
    let mut text = input.head.to_owned();
    let counts = input.unit.contains("{n}");
    let mut number = 0;
    while text.len() < bytes {
        if counts {
            text += &input.unit.replace("{n}", &number.to_string());
            number += 1;
        } else {
            text += &input.unit;
        }
    }
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.truncate(end);
    text
}

/// Nanoseconds a byte of texts that are made to be slow, beside ordinary text of the same length.
fn hostile(data: &Data, quick: bool, replies: &[String]) {
    let mut inputs = vec![texts::ordinary(replies)];
    inputs.extend(texts::hostile(data));
    for bytes in if quick { [1_000, 16_000] } else { [16_000, 10_000_000] } {
        let rounds = if bytes > 1_000_000 { 3 } else { 9 };
        let texts: Vec<String> = inputs.iter().map(|input| long(input, bytes)).collect();
        let mut times = vec![Duration::MAX; texts.len()];
        for _ in 0..rounds {
            for (time, text) in times.iter_mut().zip(&texts) {
                let start = Instant::now();
                black_box(classify(text.as_bytes()));
                *time = start.elapsed().min(*time);
            }
        }
        let rows: Vec<_> = inputs
            .iter()
            .zip(&times)
            .map(|(input, time)| {
                let ratio = time.as_secs_f64() / times[0].as_secs_f64();
                json!({ "name": input.name, "perByte": time.as_nanos() as f64 / bytes as f64, "ratio": ratio })
            })
            .collect();
        println!("{}", json!({ "group": "hostile", "bytes": bytes, "rows": rows }));
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let data = data();
    let replies = texts::replies(Path::new("."), &data);
    match arguments.as_slice() {
        [count, name] if count == "count" => return count_instructions(name, &replies),
        [count, name, input] if count == "count" => {
            let mut inputs = vec![texts::ordinary(&replies)];
            inputs.extend(texts::hostile(&data));
            return match inputs.iter().find(|known| known.name == input) {
                Some(known) => count_instructions(name, &[long(known, 16_000)]),
                None => eprintln!("no input is called `{input}`"),
            };
        }
        _ => {}
    }
    let start = Instant::now();
    let rules = Rules::embedded();
    let unpacked = start.elapsed();
    let all = !["stages", "growth", "hostile"].into_iter().any(has);
    let rounds = if has("quick") { 3 } else { 61 };
    println!("{}", json!({ "group": "unpacked", "ms": unpacked.as_secs_f64() * 1000.0 }));
    if all || has("stages") {
        stages(&rules, rounds, &replies);
    }
    if all || has("growth") {
        growth(rounds, &replies);
    }
    if all || has("hostile") {
        hostile(&data, has("quick"), &replies);
    }
}
