//! The JavaScript that is made from `data/`: names, tables and languages. The wasm sends numbers; these
//! modules say what they stand for, so they are made from the very data that the wasm is.

use crate::paths;
use crate::shell::{Outcome, naming};
use bouncelens::types::{BounceType, Fault, Form, Kind, Stage, Strength};
use rulec::data::Data;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::path::Path;

/// Writes `lib/names.js`, `lib/tables.js`, `lib/links.js`, `lib/locales.js`, `lib/faults.js`,
/// `lib/sentences.js` and `locales/*.json` into a package.
pub fn write(package: &Path) -> Outcome {
    let (data, tables) = rulec::compile(&paths::root().join("data"))?;
    let [reasons, categories, providers, rules, blocklists] = &tables.names;
    let names = [
        ("KINDS", json!(Kind::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>())),
        ("TYPES", json!(BounceType::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>())),
        ("FAULTS", json!(Fault::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>())),
        ("COMMANDS", json!(Stage::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>())),
        ("FORMS", json!(Form::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>())),
        ("STRENGTHS", json!((1..=4).map(|number| Strength::from_u8(number).as_str()).collect::<Vec<_>>())),
        ("CATEGORIES", json!(categories)),
        ("REASONS", json!(reasons)),
        ("PROVIDERS", json!(providers)),
        ("BLOCKLISTS", json!(blocklists)),
        ("RULES", json!(rules)),
        ("STATUSES", statuses(&data)),
        ("SUBJECTS", subjects(&data)),
    ]
    .map(|(name, list)| format!("export const {name} = /* @__PURE__ */ Object.freeze({list});\n"))
    .concat();
    let head = "// What the numbers of the engine stand for. Made by `cargo xtask pack` from data/.";
    save(&package.join("lib/names.js"), &format!("{head}\n\n{names}"))?;
    save(&package.join("lib/tables.js"), &(info(&data) + &policies()?))?;
    save(&package.join("lib/links.js"), &links(&data))?;
    sentences(package)?;
    locales(package)
}

/// `decisions/<locale>.toml` as one module for `decide`.
fn sentences(package: &Path) -> Outcome {
    let mut module =
        "// Made by `cargo xtask pack` from data/decisions/.\n\nexport const SENTENCES = {\n".to_owned();
    for (locale, all) in languages("data/decisions")? {
        let _ = writeln!(module, "  {}: {all},", json!(locale));
    }
    save(&package.join("lib/sentences.js"), &(module + "};\n"))
}

/// The files of a folder by language.
fn languages(folder: &str) -> Outcome<Vec<(String, Value)>> {
    let folder = paths::root().join(folder);
    let mut files: Vec<_> =
        naming(&folder, std::fs::read_dir(&folder))?.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = naming(&file, std::fs::read_to_string(&file))?;
        let value: Value = toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        all.push((file.file_stem().unwrap_or_default().to_string_lossy().into_owned(), value));
    }
    Ok(all)
}

/// Subject × 1,000 + detail to the meaning of an enhanced code.
fn statuses(data: &Data) -> Value {
    let mut list = Map::new();
    for status in &data.statuses {
        let mut numbers = status.code.split('.').skip(1).map(|part| part.parse().unwrap_or(0));
        let key: u32 = numbers.next().unwrap_or(0) * 1000 + numbers.next().unwrap_or(0);
        let meaning = if status.meaning.is_empty() { &status.title } else { &status.meaning };
        list.insert(key.to_string(), json!(meaning));
    }
    Value::Object(list)
}

/// Subject to its title, for details that the registry does not have.
fn subjects(data: &Data) -> Value {
    let entry = |subject: &rulec::schema::Status| {
        (subject.code.rsplit('.').next().unwrap_or_default().to_owned(), json!(subject.title))
    };
    Value::Object(data.subjects.iter().map(entry).collect())
}

/// Where senders turn to: lists by name, providers by id.
fn links(data: &Data) -> String {
    let lists: Map<_, _> = data
        .lists
        .iter()
        .filter_map(|list| Some((list.name.clone(), json!(list.lookup.as_ref()?))))
        .collect();
    let providers = data.providers.iter().filter_map(|(_, file)| {
        let link = json!({ "name": file.title, "url": file.postmaster.as_ref()? });
        Some((file.name.clone(), link))
    });
    format!(
        "// Made by `cargo xtask pack` from data/blocklists.toml and data/providers/.\n\n\
         export const DELISTING = {};\n\nexport const POSTMASTERS = {};\n",
        Value::Object(lists),
        Value::Object(providers.collect())
    )
}

/// The tables that the package exports.
fn info(data: &Data) -> String {
    let categories = data.categories.iter().map(|each| {
        json!({
            "id": each.id, "type": each.r#type, "meaning": each.meaning, "aliases": each.aliases,
            "example": each.example,
        })
    });
    let reasons = data.reasons.iter().map(|each| {
        json!({
            "id": each.id, "category": each.category, "type": each.r#type, "fault": each.fault,
            "retry": each.retry, "when": each.when, "statedDelay": each.stated_delay, "strike": each.strike,
            "scope": each.scope, "meaning": each.meaning, "codes": each.codes, "example": each.example,
            "help": each.help,
        })
    });
    format!(
        "// Made by `cargo xtask pack` from data/.\n\n\
         function frozen(table) {{\n  return Object.freeze(table.map((entry) => {{\n    \
         for (const value of Object.values(entry)) Object.freeze(value);\n    return Object.freeze(entry);\n  }}));\n}}\n\n\
         export const categories = /* @__PURE__ */ frozen([\n{}]);\n\n\
         export const reasons = /* @__PURE__ */ frozen([\n{}]);\n",
        rows(categories),
        rows(reasons)
    )
}

/// The policies: id, what each settles, and the options that would make it.
fn policies() -> Outcome<String> {
    let mut list = Vec::new();
    for policy in rulec::policies::read(&paths::root().join("data"))? {
        let options: Value = serde_json::from_str(&rulec::policies::json(&policy))
            .map_err(|error| format!("{}: {error}", policy.id))?;
        list.push(json!({ "id": policy.id, "settles": policy.settles, "options": options }));
    }
    Ok(format!("\nexport const policies = /* @__PURE__ */ frozen([\n{}]);\n", rows(list.into_iter())))
}

fn rows(values: impl Iterator<Item = Value>) -> String {
    values.map(|value| format!("  {value},\n")).collect::<Vec<_>>().concat()
}

/// `advice/<locale>.toml` as JSON for the page and others, as one module for `advise`, and the words for
/// faults as another.
fn locales(package: &Path) -> Outcome {
    let mut module =
        vec!["// Made by `cargo xtask pack` from data/advice/.\n\nexport const LOCALES = {\n".to_owned()];
    let mut faults = Map::new();
    for (locale, all) in languages("data/advice")? {
        faults.insert(locale.clone(), all.get("faults").cloned().unwrap_or_default());
        save(&package.join(format!("locales/{locale}.json")), &format!("{all:#}\n"))?;
        let used: Map<String, Value> = ["categories", "reasons", "types", "labels", "tips"]
            .into_iter()
            .filter_map(|key| all.get(key).map(|value| (key.to_owned(), value.clone())))
            .collect();
        // Read when it is first asked for: a string is passed over far faster than an object is made.
        let text = Value::Object(used).to_string().replace('\\', "\\\\").replace('\'', "\\'");
        module.push(format!("  get {locale:?}() {{\n    return once({locale:?}, '{text}');\n  }},\n"));
    }
    module.push(ONCE.to_owned());
    let head = "// Whose fault, in words. Made by `cargo xtask pack` from data/advice/.\n\nexport const FAULT_WORDS =";
    save(&package.join("lib/faults.js"), &format!("{head} {};\n", Value::Object(faults)))?;
    save(&package.join("lib/locales.js"), &module.concat())
}

/// The end of `lib/locales.js`.
const ONCE: &str = "};

function once(locale, text) {
  const value = JSON.parse(text);
  Object.defineProperty(LOCALES, locale, { value, enumerable: true });
  return value;
}
";

fn save(file: &Path, text: &str) -> Outcome {
    if let Some(folder) = file.parent() {
        naming(folder, std::fs::create_dir_all(folder))?;
    }
    naming(file, std::fs::write(file, text))
}
