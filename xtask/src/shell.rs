//! Running programs, and saying what is being done.

use crate::paths;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a chore gives: an error is a message for the person at the terminal.
pub type Outcome<T = ()> = Result<T, String>;

/// Says what is being done and how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("▸ {what}");
    let begin = Instant::now();
    let done = work()?;
    println!("  done in {:.1} s", begin.elapsed().as_secs_f32());
    Ok(done)
}

/// Says that a step was not needed.
pub fn skip(what: &str) {
    println!("▸ {what}: as before");
}

/// A program that is run in the repository.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(paths::root());
    command
}

/// A command of npm, which is a script on Windows.
pub fn npm() -> Command {
    let mut command = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.env("npm_config_update_notifier", "false");
    command
}

/// Node with one of our scripts.
pub fn script(path: &str) -> Command {
    let mut command = program("node");
    command.arg(paths::root().join(path));
    command
}

/// Runs to the end; what it says is shown only if it fails.
pub fn quiet(command: &mut Command) -> Outcome<String> {
    let shown = describe(command);
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{shown}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    eprintln!("{said}{}", String::from_utf8_lossy(&output.stderr));
    Err(format!("failed ({}): {shown}", output.status))
}

/// Runs to the end; all it says is shown.
pub fn loud(command: &mut Command) -> Outcome {
    let shown = describe(command);
    let status = command.stdin(Stdio::null()).status().map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("failed ({status}): {shown}")) }
}

/// Runs to the end, shows what it says and gives what it wrote to standard output, also if it fails.
pub fn overheard(command: &mut Command) -> (String, Outcome) {
    let shown = describe(command);
    let failed = |error: std::io::Error| format!("{shown}: {error}");
    let mut said = String::new();
    let mut child = match command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return (said, Err(failed(error))),
    };
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            println!("{line}");
            said += &line;
            said.push('\n');
        }
    }
    let outcome = match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("failed ({status}): {shown}")),
        Err(error) => Err(failed(error)),
    };
    (said, outcome)
}

/// The first line that a program prints, if it is there and can be run.
pub fn version(path: &std::ffi::OsStr) -> Option<String> {
    let output = Command::new(path).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

/// `path` with a prefix for messages about files.
pub fn naming<T>(path: &std::path::Path, result: std::io::Result<T>) -> Outcome<T> {
    result.map_err(|error| format!("{}: {error}", path.display()))
}

/// The arguments that follow a flag such as `--port`.
pub fn flag_value<'a>(args: &'a [String], flag: &str) -> Option<&'a str> {
    let at = args.iter().position(|arg| arg == flag)?;
    args.get(at + 1).map(String::as_str)
}

fn describe(command: &Command) -> String {
    let mut words = vec![PathBuf::from(command.get_program()).display().to_string()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
