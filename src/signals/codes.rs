//! The codes of a notice, and what they speak for.

use super::Signals;
use crate::rules::Rules;
use crate::text::words::Words;
use crate::types::{Evidence, Notice, ReplyCode, Source, StatusCode, Strength};

/// The codes of a notice.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    /// The basic reply code: the text's own, else the field's.
    pub reply: Option<ReplyCode>,
    /// The enhanced code that says most: the text's own, else the field's; one that says nothing
    /// (`X.0.0`) only where there is no other.
    pub status: Option<StatusCode>,
    /// All enhanced codes with their places in the text; a field's has none.
    pub statuses: Vec<(StatusCode, u32, u32)>,
    /// The place of the reply code.
    pub reply_place: (u32, u32),
}

/// How many different enhanced codes of one text are looked at.
const MOST: usize = 6;

/// Reads the codes of a text and of the notice's fields.
pub(super) fn collect(words: &Words, notice: &Notice<'_>) -> Codes {
    let mut codes = Codes::default();
    for code in &words.codes {
        if let Some(reply) = code.reply.filter(|_| codes.reply.is_none()) {
            codes.reply = Some(ReplyCode(reply));
            codes.reply_place = (code.start, code.end);
        }
        if let Some(status) = code.status.map(StatusCode::from)
            && codes.statuses.len() < MOST
            && !codes.statuses.iter().any(|(known, ..)| *known == status)
        {
            codes.statuses.push((status, code.start, code.end));
        }
    }
    codes.reply = codes.reply.or(notice.code);
    if let Some(status) = notice.status
        && !codes.statuses.iter().any(|(known, ..)| *known == status)
    {
        codes.statuses.push((status, 0, 0));
    }
    let telling = |status: &StatusCode| status.class != 2 && !status.is_bare();
    let all = || codes.statuses.iter().map(|(status, ..)| *status);
    let class = codes.reply.map(ReplyCode::class);
    codes.status = all()
        .find(|status| telling(status) && class.is_none_or(|class| class == status.class))
        .or_else(|| all().find(telling))
        .or_else(|| all().next());
    codes
}

/// Turns the codes into evidence: a provider's own meaning beats the registry's.
pub(super) fn evidence(rules: &Rules, signals: &mut Signals) {
    for (status, start, end) in &signals.codes.statuses {
        let (start, end) = (*start, *end);
        let found = match rules.provider_code(signals.provider, *status) {
            Some((provider, meaning)) => {
                Some((meaning.reason, meaning.strength, Source::ProviderCode(provider, *status)))
            }
            None => rules
                .status(*status)
                .map(|meaning| (meaning.reason, meaning.strength, Source::Status(*status))),
        };
        if let Some((reason, strength, source)) = found {
            signals.evidence.push(Evidence { reason, strength, source, start, end, in_prose: false });
        }
    }
    if let Some(reply) = signals.codes.reply
        && let Some(reason) = rules.reply(reply.0)
    {
        let (start, end) = signals.codes.reply_place;
        let source = Source::Reply(reply.0);
        signals.evidence.push(Evidence {
            reason,
            strength: Strength::Weak,
            source,
            start,
            end,
            in_prose: false,
        });
    }
}
