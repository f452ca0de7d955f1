//! The chores of bouncelens: `cargo xtask COMMAND`.

mod check;
mod engine;
mod explain;
mod score;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let done = match args.first().map(String::as_str) {
        Some("check") => check::run(rest),
        Some("explain") => explain::run(rest),
        Some("score") => score::run(rest),
        _ => Err("usage: cargo xtask check|explain|score".into()),
    };
    if let Err(error) = done {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
