//! What must not change a verdict: case, wrapping, line ends, quoting, a greeting before it.

use bouncelens::types::{BounceType, Form, Kind, Reason};

type Seen = (Kind, Option<BounceType>, Option<Reason>);

fn seen(text: &str) -> Seen {
    let verdicts = bouncelens::classify(text.as_bytes());
    let verdict = verdicts.first().expect("a verdict");
    (verdict.kind, verdict.bounce_type, verdict.reason)
}

/// The one-line SMTP replies of the corpus.
fn replies() -> Vec<(String, String)> {
    super::corpus::cases()
        .into_iter()
        .filter(|(_, case)| !case.text.trim().contains('\n'))
        .filter(|(_, case)| {
            bouncelens::classify(case.text.as_bytes())
                .first()
                .is_some_and(|verdict| verdict.notice.form == Form::Smtp)
        })
        .map(|(_, case)| (case.name, case.text.trim().to_owned()))
        .collect()
}

/// Checks that a change of the text changes no verdict.
fn holds(change: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for (name, text) in replies() {
        let changed = change(&text);
        if seen(&text) != seen(&changed) {
            wrong.push(format!("{name}: {changed}"));
        }
    }
    assert!(wrong.is_empty(), "{} replies:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn line_ends_and_wrapping_do_not_matter() {
    holds(|text| format!("{text}\r\n"));
    holds(|text| format!("\n  {text}  \n\n"));
    holds(|text| text.replacen(" the ", "\r\n the ", 1));
}

#[test]
fn quoting_does_not_matter() {
    holds(|text| format!("> {text}"));
    holds(|text| format!("\"{text}\""));
}

#[test]
fn case_of_letters_does_not_matter() {
    // host names and addresses are told from words by more than their letters, so only words change
    holds(|text| {
        text.split(' ')
            .map(|word| {
                if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
                    word.to_ascii_uppercase()
                } else {
                    word.into()
                }
            })
            .collect::<Vec<_>>()
            .join(" ")
    });
}

#[test]
fn a_type_prefix_does_not_matter() {
    holds(|text| format!("smtp; {text}"));
}

#[test]
fn the_first_verdict_is_the_first_of_all() {
    let rules = bouncelens::rules::Rules::embedded();
    let options = bouncelens::input::ReadOptions { form: None, charsets: bouncelens::text::decode::native };
    for (_, case) in super::corpus::cases() {
        let input = case.text.as_bytes();
        let first = bouncelens::classify_first(&rules, input, &options).map(|verdict| format!("{verdict:?}"));
        let of_all = bouncelens::classify(input).first().map(|verdict| format!("{verdict:?}"));
        assert_eq!(first, of_all, "{}", case.name);
    }
}
