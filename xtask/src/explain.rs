//! `cargo xtask explain [--form FORM] [FILE]`: every stage of the reading of a file, or of standard input.

use crate::engine::Engine;
use bouncelens::input::outline::{Outline, outline};
use bouncelens::input::{ReadOptions, read_with};
use bouncelens::types::Form;
use std::io::Read;
use std::path::Path;

/// Prints notice, facts and verdict of each recipient or record.
pub fn run(args: &[String]) -> Result<(), String> {
    let engine = Engine::load(Path::new("data"))?;
    let mut input = Vec::new();
    let (form, args) = match args {
        [option, name, rest @ ..] if option == "--form" => (Some(form(name)?), rest),
        _ => (None, args),
    };
    match args.first().map(String::as_str) {
        None | Some("-") => std::io::stdin().read_to_end(&mut input).map_err(|error| error.to_string())?,
        Some(file) => {
            input = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
            input.len()
        }
    };
    let options = ReadOptions { form, ..ReadOptions::default() };
    show(&outline(&input, &options), &input);
    for (index, notice) in read_with(&input, &options).into_iter().enumerate() {
        let signals = bouncelens::signals::collect(&engine.rules, &notice);
        let verdict = bouncelens::verdict::decide(&engine.rules, notice, &signals);
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
        if let Some(cause) = verdict.cause {
            println!("cause      {}", engine.reason(Some(cause)));
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

fn form(name: &str) -> Result<Form, String> {
    let known = || Form::ALL.iter().map(|form| form.as_str()).collect::<Vec<_>>().join(", ");
    Form::parse(name).ok_or_else(|| format!("unknown form `{name}`; known: {}", known()))
}

/// Prints what the input was taken for, and its parts with how each begins.
fn show(outline: &Outline, input: &[u8]) {
    let how = if outline.asked { "as asked".to_owned() } else { format!("{} of 100 sure", outline.sure) };
    println!("recognised {}, {how}, {} bytes", outline.shape.as_str(), input.len());
    for part in &outline.parts {
        let words = part.at.clone().and_then(|at| input.get(at)).unwrap_or_default();
        let words = String::from_utf8_lossy(words.get(..200).unwrap_or(words));
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
        let count = if part.count > 1 { format!(" × {}", part.count) } else { String::new() };
        let fact = if part.fact.is_empty() { String::new() } else { format!(" as {}", part.fact) };
        println!(
            "  {} {:16}{count} {}{fact}  {words}",
            if part.used { '+' } else { '·' },
            part.role.as_str(),
            part.name
        );
    }
}
