//! A notice: what one report says about one recipient, before anything is concluded from it.

use super::{Form, Kind, ReplyCode, Stage, StatusCode};
use crate::text::words::Words;
use std::borrow::Cow;

/// Words that somebody else wrote, and where they stand in the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote<'a> {
    /// The words, decoded and unfolded.
    pub text: Cow<'a, str>,
    /// Byte offset in the input where the words stand exactly so; `None` where they were decoded,
    /// unfolded or joined and stand nowhere.
    pub at: Option<usize>,
}

impl<'a> Quote<'a> {
    /// Words that stand in the input at this byte.
    pub fn at(text: &'a str, at: usize) -> Quote<'a> {
        Quote { text: Cow::Borrowed(text), at: Some(at) }
    }

    /// Words that had to be decoded or joined.
    pub fn made(text: impl Into<Cow<'a, str>>) -> Quote<'a> {
        Quote { text: text.into(), at: None }
    }
}

/// The reporting system's own class of a failure: SES's `Permanent/NoEmail`, `PowerMTA`'s `bounceCat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class<'a> {
    /// Whose class it is: an id of `data/classes.toml`, such as `ses`.
    pub system: &'static str,
    /// The class as it was written.
    pub name: Cow<'a, str>,
}

/// What one report says about one recipient.
///
/// Every field but the form, the kind and the reply may be missing; an empty reply means that the
/// report quotes none.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    /// The form it was read from.
    pub form: Form,
    /// What it says happened.
    pub kind: Kind,
    /// The best words in it: the remote reply, else the diagnostic.
    pub reply: Quote<'a>,
    /// What the report says around the reply, for people; read where the reply tells nothing.
    pub prose: Option<Quote<'a>>,
    /// A reply code stated by a field (not one inside the reply).
    pub code: Option<ReplyCode>,
    /// An enhanced code stated by a field: `Status:`, `dsn=`.
    pub status: Option<StatusCode>,
    /// The SMTP stage, where it is stated.
    pub stage: Option<Stage>,
    /// The recipient that failed: the final one, where two are named.
    pub recipient: Option<Cow<'a, str>>,
    /// The recipient that the sender wrote to, where it differs.
    pub original_recipient: Option<Cow<'a, str>>,
    /// The recipient's domain, where nothing but that is known of the recipient.
    pub recipient_domain: Option<Cow<'a, str>>,
    /// The envelope sender of the failed mail.
    pub sender: Option<Cow<'a, str>>,
    /// The host that refused.
    pub remote_host: Option<Cow<'a, str>>,
    /// The host that reports.
    pub reporting_host: Option<Cow<'a, str>>,
    /// The IP that the mail was sent from.
    pub sending_ip: Option<Cow<'a, str>>,
    /// When it happened, as written.
    pub time: Option<Cow<'a, str>>,
    /// The campaign or job, where the form has one.
    pub campaign: Option<Cow<'a, str>>,
    /// The Message-ID of the failed mail, without angle brackets.
    pub message_id: Option<Cow<'a, str>>,
    /// The queue id or event id of the reporting system.
    pub queue_id: Option<Cow<'a, str>>,
    /// The subject of the failed mail or, for other mail, of this one.
    pub subject: Option<Cow<'a, str>>,
    /// `Will-Retry-Until`, as written.
    pub retry_until: Option<Cow<'a, str>>,
    /// How many tries there were.
    pub attempts: Option<u32>,
    /// The reporting system's own class.
    pub class: Option<Class<'a>>,
    /// What could not be read, in words for people.
    pub notes: Vec<String>,
    /// The words of the reply, where reading it has already taken it apart: what
    /// [`crate::text::words::read`] gives for all of it.
    pub words: Option<Words>,
}

impl<'a> Notice<'a> {
    /// A notice that holds a reply and nothing else.
    #[inline(never)]
    pub fn new(form: Form, kind: Kind, reply: Quote<'a>) -> Notice<'a> {
        Notice {
            form,
            kind,
            reply,
            prose: None,
            code: None,
            status: None,
            stage: None,
            recipient: None,
            original_recipient: None,
            recipient_domain: None,
            sender: None,
            remote_host: None,
            reporting_host: None,
            sending_ip: None,
            time: None,
            campaign: None,
            message_id: None,
            queue_id: None,
            subject: None,
            retry_until: None,
            attempts: None,
            class: None,
            notes: Vec::new(),
            words: None,
        }
    }
}
