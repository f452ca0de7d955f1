//! `cargo xtask docs`: writes what is made from the data and the cases.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What stands in each folder of `tests/corpus/`.
const FORMS: [(&str, &str); 6] = [
    ("smtp", "SMTP replies, by who wrote them or by what they teach"),
    ("dsn", "Delivery status notifications and notices without one, by the system that writes them"),
    ("not-bounce", "Mails that are no bounce"),
    ("webhook", "Events of sending services"),
    ("log", "Logs of mail servers"),
    ("csv", "Tables and files of many"),
];

/// The systems that are told apart, by how the names of their cases begin.
const SYSTEMS: [(&str, &[&str]); 58] = [
    ("Amazon SES", &["ses-", "sns-"]),
    ("Amazon WorkMail", &["workmail-"]),
    ("amavis", &["amavis-"]),
    ("Azure Communication Services", &["azure-"]),
    ("Barracuda", &["barracuda-"]),
    ("Brevo", &["brevo-"]),
    ("Cisco Secure Email", &["cisco-"]),
    ("CommuniGate", &["communigate-"]),
    ("Courier", &["courier-"]),
    ("docomo", &["docomo-"]),
    ("Domino, Notes", &["domino-", "notes-"]),
    ("DragonFly", &["dragonfly-"]),
    ("Elastic Email", &["elastic-"]),
    ("Exchange 2003 to 2019", &["exchange-", "windows-smtp-service-"]),
    ("Exim", &["exim-"]),
    ("Gmail, Google Workspace, Groups", &["gmail-", "google-", "groups-"]),
    ("GMX, Web.de", &["gmx-"]),
    ("GoDaddy", &["godaddy-"]),
    ("GroupWise", &["groupwise-"]),
    ("Halon", &["halon-"]),
    ("Haraka", &["haraka-"]),
    ("hMailServer", &["hmailserver-"]),
    ("iCloud", &["icloud-"]),
    ("IMail", &["imail-"]),
    ("James", &["james-"]),
    ("KDDI, au", &["kddi-"]),
    ("KumoMTA", &["kumomta-"]),
    ("Mail.ru", &["mail-ru-"]),
    ("MailEnable", &["mailenable-"]),
    ("MailerSend", &["mailersend-"]),
    ("Mailgun", &["mailgun-"]),
    ("Mailjet", &["mailjet-"]),
    ("MailMarshal", &["mailmarshal-"]),
    ("Mandrill", &["mandrill-"]),
    ("McAfee", &["mcafee-"]),
    ("MessageLabs", &["messagelabs-"]),
    ("Microsoft 365", &["microsoft-365-", "exchange-online-"]),
    ("MIMEDefang", &["mimedefang-"]),
    ("Mimecast", &["mimecast-"]),
    ("OpenSMTPD", &["opensmtpd-"]),
    ("Orange", &["orange-"]),
    ("Outlook.com", &["outlook-com-"]),
    ("Postfix", &["postfix-"]),
    ("Postmark", &["postmark-"]),
    ("PowerMTA", &["powermta-"]),
    ("Proofpoint", &["proofpoint-"]),
    ("qmail", &["qmail-"]),
    ("Resend", &["resend-"]),
    ("SendGrid", &["sendgrid-"]),
    ("Sendmail", &["sendmail-"]),
    ("SparkPost", &["sparkpost-", "momentum-"]),
    ("Sun, Oracle Messaging Server", &["messaging-server-"]),
    ("SurfControl", &["surfcontrol-"]),
    ("T-Online", &["t-online-"]),
    ("Trend Micro", &["interscan-"]),
    ("Yahoo", &["yahoo-"]),
    ("Yandex", &["yandex-"]),
    ("Zoho", &["zoho-"]),
];

/// What the forms are and how they are told apart, above the tables.
const ABOUT: &str = "# Forms and systems

Made by `cargo xtask docs`: how many cases of `tests/corpus/` each form and system has.

| form | what it is | recognised by |
|---|---|---|
| `smtp` | a reply, several, a sentence of a mail server | what is left |
| `dsn` | a mail with a delivery status (RFC 3464), or its fields alone | the part, else the fields |
| `ndr` | a notice without one: whole, without its header, forwarded, copied from a screen | marks of notices, never one alone |
| `arf` | a complaint (RFC 5965) | the part, else the words |
| `mail` | any other mail: auto-replies, challenges, receipts, reports | header fields and words |
| `webhook` | an event of a sending service: JSON, a form post, in the envelopes of queues | names of keys |
| `log` | a line or record of a mail server | its grammar, or the names of its columns or keys |
| `csv` | a row of a table | even rows, and columns that hold replies |

Mailboxes (mbox in its variants, MMDF, mails one after the other) are mails. `form` forces one of these; `explain` says
what was recognised and how sure that is. A try that failed is a bounce, a mail that is late a delay:
[why](decisions/0005-tries-and-delays.md). Compressed files are the caller's to unpack. Not read: `.msg` of Outlook
and TNEF.
";

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
    let mut text = String::from(ABOUT);
    text.push_str(&systems(corpus)?);
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

/// How many mails, events and records there are of each system.
fn systems(corpus: &Path) -> Result<String, String> {
    let mut text =
        String::from("\n## By system\n\n| system | notices by mail | events, logs |\n|---|---|---|\n");
    let (mails, records) =
        (names(&[corpus.join("dsn")])?, names(&[corpus.join("webhook"), corpus.join("log")])?);
    for (system, starts) in SYSTEMS {
        let count = |names: &[String]| {
            names.iter().filter(|name| starts.iter().any(|start| name.starts_with(start))).count()
        };
        let _ = writeln!(text, "| {system} | {} | {} |", count(&mails), count(&records));
    }
    Ok(text)
}

/// The names of all cases in some folders.
fn names(folders: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for entry in folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten()) {
        let path = entry.path();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        names.extend(
            text.lines()
                .filter_map(|line| Some(line.strip_prefix("name = \"")?.trim_end_matches('"').to_owned())),
        );
    }
    Ok(names)
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
