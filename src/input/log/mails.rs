//! What earlier lines said of a mail, by its queue id.

use std::collections::HashMap;

/// Mails remembered: twice as many at most. The oldest half is forgotten first.
const MOST: usize = 100_000;

/// What is known of a mail.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mail<'a> {
    /// Its envelope sender.
    pub sender: Option<&'a str>,
    /// Its Message-ID, without brackets.
    pub message_id: Option<&'a str>,
}

/// A bounded memory of mails.
#[derive(Default)]
pub struct Mails<'a> {
    young: HashMap<&'a str, Mail<'a>>,
    old: HashMap<&'a str, Mail<'a>>,
}

impl<'a> Mails<'a> {
    /// What is known of a mail.
    pub fn get(&self, id: &str) -> Mail<'a> {
        self.young.get(id).or_else(|| self.old.get(id)).copied().unwrap_or_default()
    }

    /// Adds to what is known.
    pub fn learn(&mut self, id: &'a str, news: Mail<'a>) {
        let known = self.get(id);
        if self.young.len() >= MOST {
            self.old = std::mem::take(&mut self.young);
        }
        let mail =
            Mail { sender: news.sender.or(known.sender), message_id: news.message_id.or(known.message_id) };
        self.young.insert(id, mail);
    }

    /// Forgets a mail that is done.
    pub fn forget(&mut self, id: &str) {
        self.young.remove(id);
        self.old.remove(id);
    }
}
