//! All of `data/`, read and parsed; each file's rules with the file's name.

use crate::schema::{
    Beats, Blocklist, BlocklistsFile, CategoriesFile, Category, ClassesFile, EnhancedFile, PhrasesFile,
    PrecedenceFile, ProviderFile, Reason, ReasonsFile, Reply, ReplyFile, Rule, Status, SystemClass,
    WordsFile,
};
use std::path::{Path, PathBuf};

/// A rule and where it stands.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The file, relative to `data/`.
    pub file: String,
    /// The index of its provider, for a provider's rule.
    pub provider: Option<usize>,
    /// The rule.
    pub rule: Rule,
}

/// Everything in `data/`.
#[derive(Debug)]
pub struct Data {
    /// `words.toml`.
    pub words: WordsFile,
    /// `categories.toml`.
    pub categories: Vec<Category>,
    /// `reasons.toml`.
    pub reasons: Vec<Reason>,
    /// All rules, by id.
    pub rules: Vec<Placed>,
    /// `providers/`, by name, with their files.
    pub providers: Vec<(String, ProviderFile)>,
    /// `blocklists.toml`.
    pub lists: Vec<Blocklist>,
    /// `precedence.toml`.
    pub order: Vec<String>,
    /// `precedence.toml`.
    pub beats: Vec<Beats>,
    /// `codes/enhanced.toml`.
    pub statuses: Vec<Status>,
    /// `codes/enhanced.toml`.
    pub subjects: Vec<Status>,
    /// `codes/reply.toml`.
    pub replies: Vec<Reply>,
    /// `classes.toml`.
    pub classes: Vec<SystemClass>,
}

fn parse<T: serde::de::DeserializeOwned>(data: &Path, file: &str) -> Result<T, String> {
    let text = std::fs::read_to_string(data.join(file)).map_err(|error| format!("{file}: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{file}: {error}"))
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(toml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The files below a folder of `data/`, relative to `data/`.
fn below(data: &Path, folder: &str) -> Vec<String> {
    toml_files(&data.join(folder))
        .iter()
        .filter_map(|path| path.strip_prefix(data).ok())
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .collect()
}

impl Data {
    /// Reads the folder. Files and rules are put in the order of their names, so that no order
    /// of reading can decide anything.
    pub fn read(data: &Path) -> Result<Data, Vec<String>> {
        let mut errors = Vec::new();
        let mut rules = Vec::new();
        for file in below(data, "phrases") {
            match parse::<PhrasesFile>(data, &file) {
                Ok(phrases) => rules.extend(phrases.rule.into_iter().map(|rule| Placed {
                    file: file.clone(),
                    provider: None,
                    rule,
                })),
                Err(error) => errors.push(error),
            }
        }
        let mut providers: Vec<(String, ProviderFile)> = Vec::new();
        for file in below(data, "providers") {
            match parse::<ProviderFile>(data, &file) {
                Ok(provider) => providers.push((file, provider)),
                Err(error) => errors.push(error),
            }
        }
        providers.sort_by(|a, b| a.1.name.cmp(&b.1.name));
        for (index, (file, provider)) in providers.iter().enumerate() {
            rules.extend(provider.rule.iter().map(|rule| {
                let mut rule = rule.clone();
                if rule.source.is_empty() {
                    rule.source.clone_from(&provider.source);
                }
                Placed { file: file.clone(), provider: Some(index), rule }
            }));
        }
        rules.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
        let mut keep = |error: String| errors.push(error);
        let words = parse::<WordsFile>(data, "words.toml").map_err(&mut keep).ok();
        let categories = parse::<CategoriesFile>(data, "categories.toml").map_err(&mut keep).ok();
        let reasons = parse::<ReasonsFile>(data, "reasons.toml").map_err(&mut keep).ok();
        let precedence = parse::<PrecedenceFile>(data, "precedence.toml").map_err(&mut keep).ok();
        let enhanced = parse::<EnhancedFile>(data, "codes/enhanced.toml").map_err(&mut keep).ok();
        let replies = parse::<ReplyFile>(data, "codes/reply.toml").map_err(&mut keep).ok();
        let lists = parse::<BlocklistsFile>(data, "blocklists.toml").map_err(&mut keep).ok();
        let classes = parse::<ClassesFile>(data, "classes.toml").map_err(&mut keep).ok();
        match (words, categories, reasons, precedence, enhanced, replies, lists, classes) {
            (
                Some(words),
                Some(categories),
                Some(reasons),
                Some(precedence),
                Some(enhanced),
                Some(replies),
                Some(lists),
                Some(classes),
            ) if errors.is_empty() => Ok(Data {
                words,
                categories: categories.category,
                reasons: reasons.reason,
                rules,
                providers,
                lists: lists.list,
                order: precedence.order,
                beats: precedence.beats,
                statuses: enhanced.status,
                subjects: enhanced.subject,
                replies: replies.reply,
                classes: classes.class,
            }),
            _ => Err(errors),
        }
    }
}
