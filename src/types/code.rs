//! SMTP reply codes and enhanced status codes.

use std::fmt;

/// A basic SMTP reply code, 200 to 599 (RFC 5321 section 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplyCode(pub u16);

impl ReplyCode {
    /// The first digit: 2 done, 3 go on, 4 not now, 5 no.
    pub fn class(self) -> u8 {
        (self.0 / 100) as u8
    }
}

impl fmt::Display for ReplyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An enhanced status code: class, subject, detail (RFC 3463 section 2).
///
/// ```
/// use bouncelens::types::StatusCode;
/// let status = StatusCode::parse("5.1.1 (bad destination mailbox address)").unwrap();
/// assert_eq!((status.class, status.subject, status.detail), (5, 1, 1));
/// assert_eq!(status.to_string(), "5.1.1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatusCode {
    /// 2 success, 4 persistent transient failure, 5 permanent failure.
    pub class: u8,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail within the subject.
    pub detail: u16,
}

impl StatusCode {
    /// Reads a code at the start of a text; what follows, such as a comment, is left.
    pub fn parse(text: &str) -> Option<StatusCode> {
        let text = text.trim_start_matches([' ', '\t', '#', '(']);
        crate::text::words::status(text.as_bytes()).map(|(code, _)| code.into())
    }

    /// `X.0.0` says nothing beyond its class.
    pub fn is_bare(self) -> bool {
        self.subject == 0 && self.detail == 0
    }
}

impl From<(u8, u16, u16)> for StatusCode {
    fn from((class, subject, detail): (u8, u16, u16)) -> StatusCode {
        StatusCode { class, subject, detail }
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}
