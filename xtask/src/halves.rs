//! `cargo xtask score --corpus DIR --halves`: what the rules are worth on sources that they were not
//! seen with.
//!
//! The sources are cut into two halves. For each half, every phrase rule is taken away that speaks
//! in this half and never in the other: what is left is what somebody could have written who saw
//! the other half only, had he written nothing from general knowledge. That is a lower bound: most
//! of the rules that are taken away come from the programs' and providers' own pages.

use crate::engine::Engine;
use crate::score::{Case, is_right, ours};
use bouncelens::types::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Prints each half with all rules and with those that the other half shows.
pub fn run(engine: &Engine, cases: &[Case]) -> Result<(), String> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        *sizes.entry(&case.source).or_default() += 1;
    }
    let mut sources: Vec<(&str, usize)> = sizes.into_iter().collect();
    sources.sort_by_key(|(name, size)| (std::cmp::Reverse(*size), *name));
    // the largest first, each to the half that is smaller so far
    let mut halves: [(Vec<&str>, usize); 2] = Default::default();
    for (name, size) in sources {
        let [first, second] = &mut halves;
        let half = if first.1 <= second.1 { first } else { second };
        half.0.push(name);
        half.1 += size;
    }
    println!("{:40} {:>6} {:>9} {:>14}", "half", "cases", "all rules", "as unseen");
    let [first, second] = halves;
    for (tested, seen) in [(&first.0, &second.0), (&second.0, &first.0)] {
        let of = |names: &[&str]| -> Vec<&Case> {
            cases.iter().filter(|case| names.contains(&case.source.as_str())).collect()
        };
        let (tested_cases, seen_cases) = (of(tested), of(seen));
        let known = spoken(engine, &seen_cases);
        let taken: BTreeSet<String> = spoken(engine, &tested_cases).difference(&known).cloned().collect();
        let less = Engine::without(Path::new("data"), &taken)?;
        println!(
            "{:40} {:6} {:>9} {:>14}  without {} rules",
            tested.join(" "),
            tested_cases.len(),
            share(engine, &tested_cases),
            share(&less, &tested_cases),
            taken.len()
        );
    }
    Ok(())
}

/// The ids of the rules that are evidence in any of the cases.
fn spoken(engine: &Engine, cases: &[&Case]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for case in cases {
        let input = crate::score::bytes(case);
        for verdict in
            bouncelens::classify_with(&engine.rules, &input, bouncelens::text::decode::native).iter().take(1)
        {
            let rules = verdict.because.iter().filter(|link| matches!(link.source, Source::Rule(_)));
            ids.extend(rules.map(|link| engine.source(link.source)));
        }
    }
    ids
}

fn share(engine: &Engine, cases: &[&Case]) -> String {
    let labelled = cases.iter().filter(|case| !case.expect.accept.is_empty());
    let (mut right, mut all) = (0u32, 0u32);
    for case in labelled {
        all += 1;
        right += u32::from(ours(engine, case).is_some_and(|answer| is_right(case, &answer)));
    }
    format!("{:.1} %", 100.0 * f64::from(right) / f64::from(all.max(1)))
}
