//! Runs `tests/corpus/**/*.toml` through the whole engine.

use bouncelens::rules::names::Names;
use bouncelens::types::Verdict;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    case: Vec<Case>,
}

/// One case: a text and what must come out.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub text: String,
    pub count: Option<usize>,
    pub today: Option<String>,
    #[serde(default)]
    pub more: Vec<Expect>,
    #[serde(flatten)]
    pub expect: Expect,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Expect {
    pub kind: Option<String>,
    pub form: Option<String>,
    pub r#type: Option<String>,
    pub category: Option<String>,
    pub reason: Option<String>,
    pub fault: Option<String>,
    pub cause: Option<String>,
    pub code: Option<u16>,
    pub status: Option<String>,
    pub recipient: Option<String>,
    pub original_recipient: Option<String>,
    pub remote_host: Option<String>,
    pub reporting_host: Option<String>,
    pub provider: Option<String>,
    pub stage: Option<String>,
    pub reply: Option<String>,
    pub retry_after: Option<u32>,
    pub likely_hard: Option<bool>,
    pub sure_below: Option<f32>,
}

/// All cases with their files.
pub fn cases() -> Vec<(PathBuf, Case)> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"), &mut files);
    files.sort();
    files
        .into_iter()
        .flat_map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let file: File = toml::from_str(&text)
                .map_err(|error| format!("{}: {error}", path.display()))
                .expect("good TOML");
            file.case.into_iter().map(move |case| (path.clone(), case))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}

/// What differs from the expectation.
fn differences(expect: &Expect, verdict: &Verdict<'_>) -> Vec<String> {
    let names = Names::embedded();
    let text = |value: &Option<std::borrow::Cow<'_, str>>| value.as_deref().map(str::to_owned);
    let mut wrong = Vec::new();
    let mut same = |what: &str, wanted: Option<String>, is: Option<String>| {
        if let Some(wanted) = wanted
            && is.as_deref() != Some(&wanted)
        {
            wrong.push(format!("{what} {}, not {wanted}", is.unwrap_or_else(|| "none".into())));
        }
    };
    let notice = &verdict.notice;
    same("kind", expect.kind.clone(), Some(verdict.kind.to_string()));
    same("form", expect.form.clone(), Some(notice.form.to_string()));
    same("type", expect.r#type.clone(), verdict.bounce_type.map(|value| value.to_string()));
    same("category", expect.category.clone(), verdict.category.map(|value| names.category(value).to_owned()));
    same("reason", expect.reason.clone(), verdict.reason.map(|value| names.reason(value).to_owned()));
    same("fault", expect.fault.clone(), Some(verdict.fault.to_string()));
    same("cause", expect.cause.clone(), verdict.cause.map(|value| names.reason(value).to_owned()));
    same("code", expect.code.map(|value| value.to_string()), verdict.code.map(|value| value.to_string()));
    same("status", expect.status.clone(), verdict.status.map(|value| value.to_string()));
    same("recipient", expect.recipient.clone(), text(&notice.recipient));
    same("original recipient", expect.original_recipient.clone(), text(&notice.original_recipient));
    same("remote host", expect.remote_host.clone(), text(&notice.remote_host));
    same("reporting host", expect.reporting_host.clone(), text(&notice.reporting_host));
    same("provider", expect.provider.clone(), verdict.provider.map(|value| names.provider(value).to_owned()));
    same("stage", expect.stage.clone(), verdict.stage.map(|value| value.to_string()));
    same(
        "retry after",
        expect.retry_after.map(|value| value.to_string()),
        verdict.retry_after.map(|value| value.to_string()),
    );
    same(
        "likely hard",
        expect.likely_hard.map(|value| value.to_string()),
        Some(verdict.likely_hard.to_string()),
    );
    if let Some(reply) = &expect.reply
        && !notice.reply.text.contains(reply.as_str())
    {
        wrong.push(format!("reply «{}» does not hold «{reply}»", notice.reply.text));
    }
    if expect.sure_below.is_some_and(|below| verdict.confidence >= below) {
        wrong.push(format!("confidence {:.2}", verdict.confidence));
    }
    wrong
}

fn judge(case: &Case) -> Vec<String> {
    let verdicts = bouncelens::classify(case.text.as_bytes());
    let mut wrong = Vec::new();
    if case.count.is_some_and(|count| count != verdicts.len()) {
        wrong.push(format!("{} verdicts", verdicts.len()));
    }
    for (index, expect) in std::iter::once(&case.expect).chain(&case.more).enumerate() {
        match verdicts.get(index) {
            Some(verdict) => wrong.extend(differences(expect, verdict)),
            None => wrong.push(format!("no verdict {}", index + 1)),
        }
    }
    if let Some(today) = &case.today {
        let reason = verdicts.first().and_then(|verdict| verdict.reason);
        let is = reason.map_or("none", |reason| Names::embedded().reason(reason));
        if is != today {
            return vec![format!("known wrong has changed: {is}, noted as {today}")];
        }
        if wrong.is_empty() {
            return vec!["known wrong is right now: take `today` out".into()];
        }
        return Vec::new();
    }
    wrong
}

#[test]
fn cases_come_out_as_stated() {
    let cases = cases();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, case) in &cases {
        if !names.insert(case.name.clone()) {
            wrong.push(format!("{}: `{}` stands twice", path.display(), case.name));
        }
        let problems = judge(case);
        if !problems.is_empty() {
            wrong.push(format!("{}: `{}`: {}", path.display(), case.name, problems.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
