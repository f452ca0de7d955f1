//! `docs/CATEGORIES.md`: the categories and reasons for people, from the same data.

use crate::data::Data;
use std::fmt::Write;

/// The whole document.
pub fn markdown(data: &Data) -> String {
    let mut text = String::from(
        "# Categories and reasons\n\nMade by `cargo xtask docs` from `data/`; a test keeps it current.\n\n\
         *Type* is what the reason means by itself: a temporary code (4xx) makes a hard one soft.\n",
    );
    for category in &data.categories {
        let _ = write!(
            text,
            "\n## {}\n\n{} Also called: {}.\n\n",
            category.id,
            sentence(&category.meaning),
            category.aliases.join(", ")
        );
        let _ = write!(
            text,
            "| reason | type | fault | retry | meaning | example |\n|---|---|---|---|---|---|\n"
        );
        for reason in data.reasons.iter().filter(|reason| reason.category == category.id) {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} | {} | `{}` |",
                reason.id,
                reason.r#type,
                reason.fault,
                retry(&reason.retry, &reason.when),
                reason.meaning,
                reason.example.replace('|', "\\|").replace('\n', " "),
            );
        }
    }
    text
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// "7 min, 45 min", or what a new try waits for.
fn retry(seconds: &[u32], when: &str) -> String {
    if seconds.is_empty() {
        return when.replace('-', " ");
    }
    let shown = |seconds: &u32| match seconds {
        seconds if seconds % 86_400 == 0 => format!("{} d", seconds / 86_400),
        seconds if seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    };
    seconds.iter().map(shown).collect::<Vec<_>>().join(", ")
}
