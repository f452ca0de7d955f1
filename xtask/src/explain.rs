//! `cargo xtask explain FILE`: every stage of the reading of a file, or of standard input.

use crate::engine::Engine;
use std::io::Read;
use std::path::Path;

/// Prints notice, facts and verdict of each recipient or record.
pub fn run(args: &[String]) -> Result<(), String> {
    let engine = Engine::load(Path::new("data"))?;
    let mut input = Vec::new();
    match args.first().map(String::as_str) {
        None | Some("-") => std::io::stdin().read_to_end(&mut input).map_err(|error| error.to_string())?,
        Some(file) => {
            input = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
            input.len()
        }
    };
    let guess = bouncelens::input::detect(&input);
    println!("recognised {:?}, {} of 100 sure, {} bytes", guess.shape, guess.sure, input.len());
    for (index, verdict) in
        bouncelens::classify_with(&engine.rules, &input, bouncelens::text::decode::native).iter().enumerate()
    {
        let notice = &verdict.notice;
        println!("── {} ──", index + 1);
        println!("form       {}, {}", notice.form, verdict.kind);
        for (label, value) in [
            ("recipient", &notice.recipient),
            ("original", &notice.original_recipient),
            ("remote", &notice.remote_host),
            ("reporter", &notice.reporting_host),
        ] {
            if let Some(value) = value {
                println!("{label:10} {value}");
            }
        }
        println!("reply      {}", notice.reply.text.trim());
        if let Some(prose) = &notice.prose {
            println!("prose      {}", prose.text.trim().replace('\n', "\n           "));
        }
        let shown = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        println!(
            "codes      {} {}   field {} {}   provider {}",
            shown(verdict.code.map(|code| code.to_string())),
            shown(verdict.status.map(|status| status.to_string())),
            shown(notice.code.map(|code| code.to_string())),
            shown(notice.status.map(|status| status.to_string())),
            engine.provider(verdict.provider),
        );
        println!(
            "verdict    {} / {}: {}, fault {}, confidence {:.2}{}{}",
            engine.category(verdict.reason),
            engine.reason(verdict.reason),
            verdict.bounce_type.map_or("-", bouncelens::types::BounceType::as_str),
            verdict.fault,
            verdict.confidence,
            if verdict.likely_hard { ", likely hard" } else { "" },
            verdict.retry_after.map_or(String::new(), |wait| format!(", retry after {wait} s")),
        );
        for link in &verdict.because {
            let role = if link.role == bouncelens::types::Role::Supports { "because" } else { "against" };
            println!(
                "{role:10} {:9} {:24} {}  «{}»",
                link.strength.as_str(),
                engine.reason(Some(link.reason)),
                engine.source(link.source),
                link.text.replace('\n', " ")
            );
        }
        if let Some(runner) = verdict.runner_up {
            println!("runner-up  {}", engine.reason(Some(runner.reason)));
        }
        for note in &notice.notes {
            println!("note       {note}");
        }
    }
    Ok(())
}
