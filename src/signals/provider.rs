//! Who speaks: the provider, gateway or mail server whose words these are.

use crate::rules::{Hit, Rules, Target};
use crate::text::words::{Item, Words};
use crate::types::{Notice, Provider};

/// The provider that speaks, from the surest sign to the weakest: its own words, the host that
/// refused, a host or URL in the text, the recipient's domain, the host that reports.
pub(super) fn speaking(rules: &Rules, notice: &Notice<'_>, words: &Words, hits: &[Hit]) -> Option<Provider> {
    let marked = hits.iter().find_map(|hit| match hit.target {
        Target::Mark(provider) => Some(provider),
        _ => None,
    });
    let host = |host: &str| rules.provider_of_host(host);
    marked
        .or_else(|| notice.remote_host.as_deref().and_then(host))
        .or_else(|| in_text(rules, words, &notice.reply.text, Item::Host))
        .or_else(|| in_text(rules, words, &notice.reply.text, Item::Url))
        .or_else(|| {
            let recipient = notice.recipient.as_deref()?;
            rules.provider_of_domain(recipient.rsplit_once('@')?.1)
        })
        .or_else(|| notice.reporting_host.as_deref().filter(|_| notice.remote_host.is_none()).and_then(host))
}

fn in_text(rules: &Rules, words: &Words, text: &str, item: Item) -> Option<Provider> {
    words.words.iter().filter(|word| word.item == item).take(8).find_map(|word| {
        let shown = text.get(word.start as usize..word.end as usize)?;
        let name = host_of(shown)?;
        // a domain of mailboxes may be anybody's address: only a host below it speaks
        rules.provider_of_host(name).filter(|_| item != Item::Host || !rules.is_mailbox_domain(name))
    })
}

/// The host of a URL, or the host itself.
pub(super) fn host_of(shown: &str) -> Option<&str> {
    let first = |text: &str| text.bytes().position(|byte| matches!(byte, b'/' | b':' | b'?'));
    let Some(end) = first(shown) else { return Some(shown) };
    if shown.get(end..end + 3) != Some("://") {
        return shown.get(..end);
    }
    let name = shown.get(end + 3..)?;
    name.get(..first(name).unwrap_or(name.len()))
}
