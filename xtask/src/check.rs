//! `cargo xtask check [FILTER]`: every example of the data, through the whole engine.

use crate::engine::Engine;
use std::path::Path;

/// Runs the examples whose file or rule contains the filter; fails with file, rule and example.
pub fn run(args: &[String]) -> Result<(), String> {
    let engine = Engine::load(Path::new("data"))?;
    let filter = args.first().map_or("", String::as_str);
    let mut checked = 0;
    let mut wrong = Vec::new();
    let mut example = |place: &str, reason: &str, text: &str, wanted: bool| {
        if !place.contains(filter) {
            return;
        }
        checked += 1;
        let verdicts =
            bouncelens::classify_with(&engine.rules, text.as_bytes(), bouncelens::text::decode::native);
        // what rules say counts, no guess
        let found = verdicts.first().filter(|verdict| !verdict.is_guess()).and_then(|verdict| verdict.reason);
        if (engine.reason(found) == reason) != wanted {
            let because: Vec<String> = verdicts
                .iter()
                .flat_map(|verdict| &verdict.because)
                .take(4)
                .map(|link| {
                    format!(
                        "{} {} «{}»",
                        engine.source(link.source),
                        link.strength.as_str(),
                        link.text.replace('\n', " ")
                    )
                })
                .collect();
            let not = if wanted { "" } else { "not " };
            wrong.push(format!(
                "{place}: {not}{reason}, but {}: {text}\n      {}",
                engine.reason(found),
                because.join("; ")
            ));
        }
    };
    for reason in &engine.data.reasons {
        example(&format!("reasons.toml: `{}`", reason.id), &reason.id, &reason.example, true);
    }
    for placed in &engine.data.rules {
        let place = format!("{}: rule `{}`", placed.file, placed.rule.id);
        for text in &placed.rule.is {
            example(&place, &placed.rule.reason, text, true);
        }
        for text in &placed.rule.is_not {
            example(&place, &placed.rule.reason, text, false);
        }
    }
    for (file, provider) in &engine.data.providers {
        for code in &provider.code {
            let place = format!("{file}: code `{}`", code.code);
            for text in &code.is {
                example(&place, &code.reason, text, true);
            }
            for text in &code.is_not {
                example(&place, &code.reason, text, false);
            }
        }
    }
    for line in &wrong {
        println!("{line}");
    }
    let redundant = rulec::redundant::redundant(&engine.data)?;
    for found in redundant.iter().filter(|found| found.place.contains(filter) || found.file.contains(filter))
    {
        let others = found.others.join("`, `");
        println!("{}: {}: `{}` adds nothing to `{others}`", found.file, found.place, found.phrase);
    }
    println!("{} examples passed, {} failed", checked - wrong.len(), wrong.len());
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} examples do not come out as stated", wrong.len())) }
}
