//! What waits in a queue, as `mailq` of Postfix and Sendmail prints it: below a reason in brackets stand the
//! recipients that it is about.

use crate::input::{Sink, seek};
use crate::text::ends;
use crate::types::Quote;
use std::borrow::Cow;

/// The end of the line above the entries.
const HEAD: &str = "Sender/Recipient-";

/// Reads a queue. False where the text is none, or no recipient has a reason.
pub fn read<'a>(text: &'a str, sink: Sink<'_, 'a>) -> bool {
    if !text.contains(HEAD) {
        return false;
    }
    let (mut next, mut told) = (0, false);
    let mut reason: Option<Quote<'a>> = None;
    for line in seek::whole_lines(text) {
        // somebody may quote it
        let begins = ends::start(line, b"> \t\r\n");
        let at = next + (line.len() - begins.len());
        next += line.len();
        let line = ends::trim_end(begins);
        let recipient = ends::both(line, b"<>");
        if let Some(said) = line.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            reason = Some(Quote::at(said, at + 1));
        } else if let Some(reason) = &reason
            && recipient.contains('@')
            && !recipient.contains(' ')
        {
            let mut notice = super::notice(reason.clone());
            notice.recipient = Some(Cow::Borrowed(recipient));
            told = true;
            sink(notice);
        } else {
            reason = None;
        }
    }
    told
}
