//! Confidence: stated against observed. `cargo xtask score --corpus DIR --reliability` writes
//! `docs/CONFIDENCE.md` from others' labels and from our own cases.

use crate::engine::Engine;
use crate::score::{Answer, Case, is_right};
use std::fmt::Write;

/// Ten bins of stated confidence.
#[derive(Clone, Default)]
pub struct Bins([(u32, u32, f32); 10]);

impl Bins {
    /// Takes in a verdict.
    pub fn add(&mut self, confidence: f32, right: bool) {
        if let Some(bin) = self.0.get_mut(((confidence * 10.0) as usize).min(9)) {
            *bin = (bin.0 + u32::from(right), bin.1 + 1, bin.2 + confidence);
        }
    }

    /// Stated, observed and how many, of the bins that are not empty.
    pub fn rows(&self) -> impl Iterator<Item = (f32, f32, u32)> {
        self.0
            .iter()
            .filter(|bin| bin.1 > 0)
            .map(|(right, count, stated)| (stated / *count as f32, *right as f32 / *count as f32, *count))
    }

    /// One bin as a cell pair: what was observed, and of how many.
    fn cells(&self, bin: usize) -> String {
        match self.0.get(bin) {
            Some((right, count, _)) if *count > 0 => {
                format!("{:.2} | {count}", *right as f32 / *count as f32)
            }
            _ => "– | 0".into(),
        }
    }

    fn stated(&self, bin: usize) -> Option<f32> {
        self.0.get(bin).filter(|bin| bin.1 > 0).map(|(_, count, stated)| stated / *count as f32)
    }

    /// The mean distance of stated from observed, weighted by cases.
    fn error(&self) -> f32 {
        let all: u32 = self.0.iter().map(|bin| bin.1).sum();
        self.0.iter().map(|(right, _, stated)| (stated - *right as f32).abs()).sum::<f32>()
            / all.max(1) as f32
    }
}

/// How many parts the cases are cut into, to see how much the figures move.
const PARTS: usize = 5;

const HEAD: &str = "# Confidence: stated against observed

Made by `cargo xtask score --corpus DIR --reliability` from labelled cases of others (`DIR`, which is no part of
bouncelens) and from our own (`tests/corpus`). *Right* means: the category is one that the label admits. Labels that
we dispute (`docs/decisions/`) count as wrong verdicts here.

| stated, ten bins | others: stated | observed | cases | own: observed | cases | both: observed | cases |
|---|---|---|---|---|---|---|---|
";

const HOW: &str = "
## How it was made

The numbers stand in `src/verdict/confidence.rs`: one for each strength of the evidence that won, one for agreement,
one for contradiction, and set limits for hints and for codes without words. They are read off how often the category
was right, by strength and with or without a contradiction. The cases of others count in full. Our own are the ones that
the rules were written with, so they come out righter than anything unseen: four of them count as one. A number moves
towards what is observed as far as its cases allow: ten more stand for what was stated before, and with fewer than
thirty it stays. So few numbers cannot learn single cases by heart; the table below shows how much the figures move
between fifths of the cases that were cut by id, not by outcome.

Three limits are set and not measured. A reply in words that nobody knows is read from its codes alone and never stated
above 0.49, however often that turns out right: the reader should look. A mere hint stays below 0.6. And where clear
words call the address dead but the refusal is about the sender, 0.65 is the most: both readings are shown. So bins
below 0.7 are stated too low, on purpose. From 0.7 on stated and observed are meant to agree within five points on the
cases of others, where a bin has thirty or more. Between 0.8 and 0.9 stand single fair signs, which come out righter
than stated but are kept below 0.9 because they are vague words, and contradicted verdicts, which come out less right.
";

/// Writes `docs/CONFIDENCE.md`.
pub fn write(engine: &Engine, cases: &[Case], answers: &[Option<Answer>]) -> Result<(), String> {
    let own_cases = crate::own::cases(engine)?;
    let own_answers: Vec<Option<Answer>> =
        own_cases.iter().map(|case| crate::score::ours(engine, case)).collect();
    let (others, parts) = collect(cases, answers);
    let (own, _) = collect(&own_cases, &own_answers);
    let mut both = others.clone();
    for (sum, more) in both.0.iter_mut().zip(own.0) {
        *sum = (sum.0 + more.0, sum.1 + more.1, sum.2 + more.2);
    }
    let mut text = String::from(HEAD);
    for bin in 0..10 {
        let Some(stated) = others.stated(bin).or_else(|| own.stated(bin)) else { continue };
        let _ = writeln!(
            text,
            "| {:.1}–{:.1} | {stated:.2} | {} | {} | {} |",
            bin as f32 / 10.0,
            (bin + 1) as f32 / 10.0,
            others.cells(bin),
            own.cells(bin),
            both.cells(bin)
        );
    }
    let _ = writeln!(
        text,
        "\nThe distance of stated from observed, weighted by cases, is {:.3} for the cases of others and {:.3} for both.",
        others.error(),
        both.error()
    );
    text.push_str(HOW);
    let _ = write!(text, "\n| fifth of the cases of others | cases | distance |\n|---|---|---|\n");
    for (part, bins) in parts.iter().enumerate() {
        let count: u32 = bins.0.iter().map(|bin| bin.1).sum();
        let _ = writeln!(text, "| {} | {count} | {:.3} |", part + 1, bins.error());
    }
    std::fs::write("docs/CONFIDENCE.md", text).map_err(|error| format!("docs/CONFIDENCE.md: {error}"))
}

fn collect(cases: &[Case], answers: &[Option<Answer>]) -> (Bins, Vec<Bins>) {
    let (mut all, mut parts) = (Bins::default(), vec![Bins::default(); PARTS]);
    for (case, answer) in cases.iter().zip(answers) {
        let Some(answer) = answer.as_ref().filter(|_| !case.expect.accept.is_empty()) else { continue };
        let Some(confidence) = answer.confidence else { continue };
        let right = is_right(case, answer);
        all.add(confidence, right);
        let part = case.id.bytes().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        if let Some(part) = parts.get_mut(part % PARTS) {
            part.add(confidence, right);
        }
    }
    (all, parts)
}
