//! `cargo xtask docs`: writes what is made from the data and the cases.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// What stands in each folder of `tests/corpus/`.
const FORMS: [(&str, &str); 6] = [
    ("smtp", "SMTP replies, by who wrote them or by what they teach"),
    ("dsn", "Delivery status notifications and notices without one, by the system that writes them"),
    ("not-bounce", "Mails that are no bounce"),
    ("webhook", "Events of sending services"),
    ("log", "Logs of mail servers"),
    ("csv", "Tables and files of many"),
];

/// Writes `docs/CATEGORIES.md` and `docs/FORMS.md`.
pub fn run() -> Result<(), String> {
    let (data, _) = rulec::compile(Path::new("data"))?;
    write("docs/CATEGORIES.md", &rulec::reference::markdown(&data))?;
    write("docs/FORMS.md", &forms(Path::new("tests/corpus"))?)
}

fn write(file: &str, text: &str) -> Result<(), String> {
    std::fs::write(file, text).map_err(|error| format!("{file}: {error}"))
}

/// How many cases there are of each form and system.
fn forms(corpus: &Path) -> Result<String, String> {
    let mut text = String::from(
        "# Forms and systems\n\nMade by `cargo xtask docs`: how many cases of `tests/corpus/` each form and system has.\n",
    );
    for (folder, title) in FORMS {
        let counts = counts(&corpus.join(folder))?;
        let all: usize = counts.values().sum();
        let _ = write!(text, "\n## {title}: {all}\n\n| system | cases |\n|---|---|\n");
        for (system, count) in &counts {
            let _ = writeln!(text, "| {} | {count} |", system.replace('-', " "));
        }
    }
    Ok(text)
}

fn counts(folder: &Path) -> Result<BTreeMap<String, usize>, String> {
    let mut counts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text =
                std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let cases = text.lines().filter(|line| line.trim() == "[[case]]").count();
            let system = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            counts.insert(system, cases);
        }
    }
    Ok(counts)
}
