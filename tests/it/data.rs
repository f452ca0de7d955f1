//! Every rule carries its examples; all of them go through the whole engine.

use bouncelens::rules::names::Names;
use rulec::data::Data;
use std::path::Path;

fn data() -> Data {
    Data::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data")).expect("good data")
}

fn reason_of(text: &str) -> String {
    let verdicts = bouncelens::classify(text.as_bytes());
    // what rules say counts, no guess
    let reason = verdicts.first().filter(|verdict| !verdict.is_guess()).and_then(|verdict| verdict.reason);
    reason.map_or("none", |reason| Names::embedded().reason(reason)).to_owned()
}

#[test]
fn examples_come_out_as_stated() {
    let data = data();
    let mut wrong = Vec::new();
    let mut example = |place: &str, reason: &str, text: &str, wanted: bool| {
        let is = reason_of(text);
        if (is == reason) != wanted {
            wrong.push(format!("{place}: {}{reason}, but {is}: {text}", if wanted { "" } else { "not " }));
        }
    };
    for reason in &data.reasons {
        example("reasons.toml", &reason.id, &reason.example, true);
    }
    let of_codes = data.providers.iter().flat_map(|(file, provider)| {
        provider.code.iter().map(move |code| (file, &code.code, &code.reason, &code.is, &code.is_not))
    });
    let of_rules = data.rules.iter().map(|placed| {
        (&placed.file, &placed.rule.id, &placed.rule.reason, &placed.rule.is, &placed.rule.is_not)
    });
    for (file, id, reason, is, is_not) in of_rules.chain(of_codes) {
        let place = format!("{file}: `{id}`");
        for text in is {
            example(&place, reason, text, true);
        }
        for text in is_not {
            example(&place, reason, text, false);
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_registry_is_whole() {
    let data = data();
    // RFC 3463 to RFC 8689: the subjects and how many detail codes the registry has under each
    for (subject, least) in [(0, 1), (1, 11), (2, 5), (3, 7), (4, 8), (5, 7), (6, 11), (7, 31)] {
        let count =
            data.statuses.iter().filter(|status| status.code.starts_with(&format!("X.{subject}."))).count();
        assert!(count >= least, "X.{subject}: {count} codes");
    }
}

#[test]
fn order_of_rules_decides_nothing() {
    let mut data = data();
    let words = data.rules.len();
    data.rules.reverse();
    let tables = rulec::tables::tables(&data).expect("good data");
    let rules = bouncelens::rules::Rules::from_bytes(Box::leak(tables.bytes.into_boxed_slice()));
    assert_eq!(rules.rule_count(), words);
    for (path, case) in super::corpus::cases() {
        let forward = bouncelens::classify(case.text.as_bytes());
        let backward =
            bouncelens::classify_with(&rules, case.text.as_bytes(), bouncelens::text::decode::native);
        let seen = |verdicts: &[bouncelens::types::Verdict<'_>]| -> Vec<_> {
            verdicts.iter().map(|verdict| (verdict.kind, verdict.bounce_type, verdict.reason)).collect()
        };
        assert_eq!(seen(&forward), seen(&backward), "{}: `{}`", path.display(), case.name);
    }
}

#[test]
fn advice_is_complete_in_every_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/advice");
    let read = |locale: &str| -> toml::Table {
        let text = std::fs::read_to_string(folder.join(format!("{locale}.toml"))).expect("an advice file");
        text.parse().expect("good TOML")
    };
    let english = read("en");
    for reason in &data().reasons {
        let advice = english["reasons"].get(&reason.id);
        assert!(advice.is_some(), "en.toml: no advice for `{}`", reason.id);
    }
    for locale in ["it", "de", "fr", "es"] {
        let mut wrong = Vec::new();
        compare("", &toml::Value::Table(english.clone()), &toml::Value::Table(read(locale)), &mut wrong);
        assert!(wrong.is_empty(), "{locale}.toml: {}", wrong.join("; "));
    }
}

/// The same keys, lists and placeholders on both sides, and no sentence left in English.
fn compare(key: &str, english: &toml::Value, other: &toml::Value, wrong: &mut Vec<String>) {
    match (english, other) {
        (toml::Value::Table(english), toml::Value::Table(other)) => {
            for name in english.keys().chain(other.keys()) {
                match (english.get(name), other.get(name)) {
                    (Some(english), Some(other)) => compare(&format!("{key}.{name}"), english, other, wrong),
                    _ => wrong.push(format!("{key}.{name} stands on one side only")),
                }
            }
        }
        (toml::Value::String(english), toml::Value::String(other)) => {
            if placeholders(english) != placeholders(other) {
                wrong.push(format!("{key}: other placeholders"));
            }
            if english == other && english.split_whitespace().count() > 4 {
                wrong.push(format!("{key}: not translated"));
            }
        }
        (toml::Value::Array(english), toml::Value::Array(other)) => {
            let joined = |list: &[toml::Value]| {
                list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(" ")
            };
            if placeholders(&joined(english)) != placeholders(&joined(other)) {
                wrong.push(format!("{key}: other placeholders"));
            }
        }
        _ => wrong.push(format!("{key}: another shape")),
    }
}

fn placeholders(text: &str) -> std::collections::BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
