//! What can be wrong with what a caller passes in. Mail is never wrong: it is data.

use std::fmt;

/// An option, a policy, a state or a list that cannot be used as it is.
///
/// ```
/// use bouncelens::{error::ErrorKind, policy::Policy};
/// let error = Policy::from_json(r#"{"threshold":0}"#).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::BadPolicy);
/// assert_eq!(error.code(), "bad-policy");
/// assert_eq!(error.to_string(), "policy: `threshold` must be null or a whole number from 1 to 16, not 0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// What sort of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A custom policy that says something it cannot mean; the message names the field.
    BadPolicy,
    /// No policy has this name.
    UnknownPolicy,
    /// A history or ledger that is damaged.
    BadHistory,
    /// A history or ledger that a later version of this library wrote.
    FutureHistory,
    /// An event without what it needs; the message names the field.
    BadEvent,
    /// A time that is no epoch milliseconds.
    BadTime,
    /// A suppression list that cannot be read; the message names the line.
    BadList,
    /// A report option that does not exist or cannot be meant.
    BadReport,
}

impl ErrorKind {
    /// The code outside of Rust.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::BadPolicy => "bad-policy",
            ErrorKind::UnknownPolicy => "unknown-policy",
            ErrorKind::BadHistory => "bad-history",
            ErrorKind::FutureHistory => "future-history",
            ErrorKind::BadEvent => "bad-event",
            ErrorKind::BadTime => "bad-time",
            ErrorKind::BadList => "bad-list",
            ErrorKind::BadReport => "bad-report",
        }
    }
}

impl Error {
    // told once and far from where work is done: no room for copies of it
    #[cold]
    #[inline(never)]
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into() }
    }

    /// What sort of thing is wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The same as a word, such as `bad-policy`; it does not change between versions.
    pub fn code(&self) -> &'static str {
        self.kind.as_str()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
