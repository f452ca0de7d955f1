//! What is up to date: a stamp is a hash of everything that a result is made from.

use crate::paths;
use crate::shell::{Outcome, naming};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A hash of what a result is made from, and where it was written down the last time.
pub struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    /// Of these files and folders of the repository; what installing leaves in them does not count.
    pub fn of(name: &str, sources: &[&str], also: &str) -> Outcome<Stamp> {
        let mut files = Vec::new();
        for source in sources {
            collect(&paths::root().join(source), &mut files)?;
        }
        files.sort();
        let mut hasher = DefaultHasher::new();
        also.hash(&mut hasher);
        for file in &files {
            file.hash(&mut hasher);
            naming(file, std::fs::read(file))?.hash(&mut hasher);
        }
        Ok(Stamp {
            file: paths::work().join(format!("{name}.stamp")),
            now: format!("{:016x}", hasher.finish()),
        })
    }

    /// Whether the result was made from these very sources.
    pub fn holds(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|then| then == self.now)
    }

    /// Writes down that it is.
    pub fn set(&self) -> Outcome {
        naming(&paths::work(), std::fs::create_dir_all(paths::work()))?;
        naming(&self.file, std::fs::write(&self.file, &self.now))
    }

    /// The hash.
    pub fn text(&self) -> &str {
        &self.now
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    if path.is_dir() {
        for entry in naming(path, std::fs::read_dir(path))?.flatten() {
            let skipped = entry.file_name() == "node_modules" || entry.file_name() == "dist";
            if !skipped {
                collect(&entry.path(), files)?;
            }
        }
    } else if path.exists() {
        files.push(path.to_path_buf());
    }
    Ok(())
}
