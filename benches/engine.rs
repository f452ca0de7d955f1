//! Measures each stage, beside two physical floors in the same process.
//!
//! ```text
//! cargo bench --bench engine                    medians, interleaved, with ratios
//! cargo bench --bench engine -- worst           inputs that are made to be slow, per byte
//! valgrind --tool=callgrind target/release/deps/engine-… count find
//!                                               one pass of one stage, for counting instructions
//! ```
//!
//! On a busy machine only the ratios and the instruction counts mean something.

use bouncelens::input::{self, ReadOptions};
use bouncelens::rules::{Rules, Scratch, find};
use bouncelens::text::words;
use bouncelens::{classify, signals, verdict};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A report of some 3.5 KB.
const DSN: &str = include_str!("dsn.eml");
/// How often each stage is measured.
const ROUNDS: usize = 31;

/// What is measured: a name, and what is done to one text.
type Stage = (&'static str, fn(&Rules, &[u8]) -> usize);

const STAGES: [Stage; 8] = [
    ("floor: a table look-up per byte", |_, text| {
        text.iter().fold(0, |sum, byte| sum.wrapping_mul(31) ^ usize::from(TABLE[usize::from(*byte)]))
    }),
    ("floor: a scan for one byte", |_, text| text.iter().filter(|byte| **byte == b'@').count()),
    ("input", |_, text| input::read_with(text, &ReadOptions::default()).len()),
    ("words", |_, text| words::read(shown(text)).words.len()),
    ("words, find", |rules, text| find(rules, &words::read(shown(text)), &mut Scratch::default()).len()),
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

/// Inputs that are made to be slow.
const WORST: [&str; 17] = [
    "550 5.1.1 user unknown ",
    "user ",
    "a.",
    "<",
    "a@",
    "mailbox .. is .. ",
    "::",
    "1.2.3.",
    "&amp",
    "550-\n",
    "\n",
    "--",
    "\u{300}",
    "用",
    "message ",
    "not ",
    "mailbox user message ip not from host domain ",
];

fn shown(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_default()
}

/// The examples of all rules: the replies that the rules are for.
fn replies() -> Vec<String> {
    let data = rulec::data::Data::read(std::path::Path::new("data")).expect("the data can be read");
    data.rules.into_iter().flat_map(|placed| placed.rule.is).collect()
}

fn pass(stage: Stage, rules: &Rules, texts: &[String]) -> Duration {
    let start = Instant::now();
    for text in texts {
        black_box(stage.1(rules, black_box(text.as_bytes())));
    }
    start.elapsed()
}

/// Medians of many rounds; each round runs all stages, so that noise meets them alike.
fn compare(title: &str, rules: &Rules, texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("\n{title}: {} texts, {} bytes on average", texts.len(), bytes / texts.len());
    let mut times = vec![Vec::new(); STAGES.len()];
    for _ in 0..ROUNDS {
        for (times, stage) in times.iter_mut().zip(STAGES) {
            times.push(pass(stage, rules, texts));
        }
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort();
            times[ROUNDS / 2].as_nanos() as f64 / texts.len() as f64
        })
        .collect();
    for ((name, _), median) in STAGES.iter().zip(&medians) {
        println!("{name:34} {median:9.0} ns  {:7.1} × the first floor", median / medians[0]);
    }
}

/// Long texts, of which the beginning is matched, and texts that are just matched whole.
fn worst() {
    let examples = replies().join(" ");
    println!("{:28} {:>12} {:>12}", "ns a byte, of", "16,000 bytes", "1,000,000");
    for unit in WORST.into_iter().chain([examples.as_str()]) {
        let shown: String = unit.chars().take(24).collect();
        let per_byte = |bytes: usize| {
            let text = unit.repeat((bytes / unit.len()).max(1));
            let text: String = text.chars().take(bytes).collect();
            let once = |_| {
                let start = Instant::now();
                black_box(classify(text.as_bytes()));
                start.elapsed()
            };
            (0..5).map(once).min().unwrap_or_default().as_nanos() as f64 / text.len() as f64
        };
        println!("{:28} {:12.2} {:12.2}", format!("{shown:?}"), per_byte(16_000), per_byte(1_000_000));
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let start = Instant::now();
    let rules = Rules::embedded();
    let unpacked = start.elapsed();
    let replies = replies();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["worst"] => worst(),
        ["count", name] => {
            let stage = STAGES.into_iter().find(|stage| stage.0 == *name).unwrap_or(("nothing", |_, _| 0));
            pass(stage, &rules, &replies);
            println!("{} texts", replies.len());
        }
        _ => {
            println!("tables unpacked in {unpacked:?}");
            compare("replies", &rules, &replies);
            compare("a report", &rules, &vec![DSN.replace('\n', "\r\n"); 200]);
        }
    }
}
