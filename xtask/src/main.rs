//! The chores of bouncelens: `cargo xtask COMMAND`.

mod bench;
mod check;
mod demo;
mod docs;
mod engine;
mod explain;
mod halves;
mod names;
mod own;
mod pack;
mod page;
mod paths;
mod reliability;
mod rival;
mod score;
mod shell;
mod size;
mod snip;
mod stamp;
mod test;
mod tools;

use shell::flag_value;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [--no-serve] [--port N]   set up, build, show one verdict, serve the page
  test [--only PART]             test everything; PART is native, wasm, package or page
  check                          check the rules in data/ and their examples
  explain [--form F] [FILE]      show every stage of the reading of a file, or of the standard input
  score [--corpus DIR] [--rival COMMAND]   count how many verdicts are right
  docs                           write docs/CATEGORIES.md from data/, docs/FORMS.md from the cases
  pack                           build the npm package into target/package and a tarball
  bench [--check] [--quick] [--only node|browser|native] [--count] [--json FILE] [--against DIR] [--write] [--last]
                                 measure the package beside references
  size                           weigh the parts against their budgets
  build-page                     build the page into target/page
  serve [--port N]               serve the page";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let done = match args.first().map(String::as_str) {
        Some("demo") => demo::run(rest),
        Some("test") => test::run(rest),
        Some("check") => check::run(rest),
        Some("explain") => explain::run(rest),
        Some("docs") => docs::run(),
        Some("score") if rest.is_empty() => own::run(),
        Some("score") => score::run(rest),
        Some("bench") => bench::run(rest),
        Some("pack") => pack::run().map(drop),
        Some("size") => size::run(),
        Some("build-page") => page::build().map(drop),
        Some("serve") => page::build().and_then(|_| page::serve(flag_value(rest, "--port"))),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(format!("unknown command `{other}`\n{USAGE}")),
        None => Err(USAGE.into()),
    };
    if let Err(error) = done {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
