//! The tables that `rulec` compiled from `data/`: views over one blob of bytes.
//!
//! The sections and their rows are written by `rulec/src/tables.rs`; both files list them in the
//! same order. Small tables are read where they lie; what the matcher reads is unpacked at the
//! first call ([`super::index`]).

#![allow(
    clippy::indexing_slicing,
    reason = "sections have fixed numbers, rows fixed widths that `get` has checked"
)]

use super::index::{Index, Packed};
use super::own::Ask;
use crate::text::ends;
use std::sync::OnceLock;

use crate::types::{BounceType, Category, Fault, Provider, Reason, Stage, StatusCode, Strength};

/// The rules of this build.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

const SECTIONS: usize = 21;
const ANY: u16 = u16::MAX;
const NONE: u8 = u8::MAX;

/// All rules, as views into the tables.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    sections: [&'static [u8]; SECTIONS],
    index: &'static Index,
    /// What finds the user's own rules, where there are any.
    pub(super) own: Option<Ask>,
}

/// One phrase rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What it speaks for.
    pub reason: Reason,
    /// How much it proves.
    pub strength: Strength,
    /// The provider that must be speaking.
    pub provider: Option<Provider>,
    /// The words prove the provider by themselves.
    pub anywhere: bool,
    /// The words must be all that the reply says.
    pub alone: bool,
    /// The SMTP stage at which the refusal must have come.
    pub stage: Option<Stage>,
    conditions: (u16, u16),
}

impl Rule {
    /// Whether it asks for codes.
    #[inline(always)]
    pub fn has_conditions(&self) -> bool {
        self.conditions.1 != 0
    }
}

/// A code that a rule asks for.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    reply: u16,
    class: u16,
    subject: u16,
    detail: u16,
}

impl Condition {
    /// Whether a reply code and an enhanced code meet it.
    #[inline(always)]
    pub fn holds(self, reply: Option<u16>, status: Option<StatusCode>) -> bool {
        if self.reply != ANY && (self.subject == ANY || reply != Some(self.reply)) {
            return reply == Some(self.reply);
        }
        let Some(status) = status else {
            return self.subject == ANY && reply.is_some_and(|reply| reply / 100 == self.class);
        };
        let fits = |wanted: u16, is: u16| wanted == ANY || wanted == is;
        fits(self.class, u16::from(status.class))
            && fits(self.subject, status.subject)
            && fits(self.detail, status.detail)
    }
}

/// What a provider means by an enhanced code.
#[derive(Clone, Copy, Debug)]
pub struct ProviderCode {
    /// What it speaks for.
    pub reason: Reason,
    /// How much it proves.
    pub strength: Strength,
}

/// What the registry means by an enhanced code.
#[derive(Clone, Copy, Debug)]
pub struct StatusMeaning {
    /// What it speaks for.
    pub reason: Reason,
    /// How much it proves.
    pub strength: Strength,
}

/// What a phrase is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A rule.
    Rule(u16),
    /// Words that switch a rule off.
    Guard(u16),
    /// Words that prove a provider.
    Mark(Provider),
    /// Words that name a blocklist.
    Blocklist(u16),
}

impl Target {
    /// From the number in the tables.
    pub(super) fn from_u16(target: u16) -> Target {
        if target & 0x8000 != 0 {
            Target::Guard(target & 0x7FFF)
        } else if target & 0x4000 != 0 {
            Target::Mark(Provider(target as u8))
        } else if target & 0x2000 != 0 {
            Target::Blocklist(target & 0x1FFF)
        } else {
            Target::Rule(target)
        }
    }

    /// The number in the tables.
    pub(super) fn to_u16(self) -> u16 {
        match self {
            Target::Rule(rule) => rule,
            Target::Blocklist(list) => 0x2000 | list,
            Target::Mark(provider) => 0x4000 | u16::from(provider.0),
            Target::Guard(rule) => 0x8000 | rule,
        }
    }
}

#[inline(always)]
fn u16_at(bytes: &[u8], index: usize) -> u16 {
    bytes.get(index * 2..index * 2 + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

#[inline(always)]
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// The rows of a sorted table from the first one on that is not before what is looked for.
fn rows<const SIZE: usize>(table: &[u8], before: impl Fn(&[u8]) -> bool) -> &[[u8; SIZE]] {
    let rows = table.as_chunks::<SIZE>().0;
    rows.get(rows.partition_point(|row| before(row))..).unwrap_or_default()
}

/// Looks a hash up in an open-addressing table of `u32` hash and `u16` number.
#[inline(always)]
fn look_up(table: &[u8], hash: u32) -> Option<u16> {
    let mask = table.len() / 6 - 1;
    let mut slot = hash as usize & mask;
    loop {
        let row = table.get(slot * 6..slot * 6 + 6)?;
        let number = u16::from_le_bytes([row[4], row[5]]);
        if number == ANY {
            return None;
        }
        if u32::from_le_bytes([row[0], row[1], row[2], row[3]]) == hash {
            return Some(number);
        }
        slot = (slot + 1) & mask;
    }
}

const HASH_START: u32 = 0x811c_9dc5;

/// One step of FNV-1a.
#[inline(always)]
fn hash_step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The hash of a host name. From its end, so that one pass gives those of its parent domains too.
fn hash_name(name: &str) -> u32 {
    name.bytes().rev().fold(HASH_START, |hash, byte| hash_step(hash, byte.to_ascii_lowercase()))
}

impl Rules {
    /// The rules that were compiled into this build.
    pub fn embedded() -> Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        *RULES.get_or_init(|| Rules::from_bytes(EMBEDDED))
    }

    /// Rules from tables that `rulec` made; for tools that work on `data/` without a new build.
    pub fn from_bytes(bytes: &'static [u8]) -> Rules {
        let mut sections: [&'static [u8]; SECTIONS] = [&[]; SECTIONS];
        for (index, section) in sections.iter_mut().enumerate() {
            let (at, len) = (u32_at(bytes, index * 8) as usize, u32_at(bytes, index * 8 + 4) as usize);
            *section = bytes.get(at..at + len).unwrap_or_default();
        }
        let [shared, tails, beginnings, kinds, numbers, sizes, members, groups, targets, ..] = sections;
        let packed = Packed { shared, tails, beginnings, kinds, numbers, sizes, members, groups, targets };
        Rules { sections, index: Box::leak(Box::new(Index::new(&packed))), own: None }
    }

    /// What the matcher reads.
    #[inline(always)]
    pub(super) fn index(&self) -> &'static Index {
        self.index
    }

    /// How many rules there are.
    pub fn rule_count(&self) -> usize {
        self.sections[9].len() / 8
    }

    /// One rule.
    #[inline(always)]
    pub fn rule(&self, index: u16) -> Option<Rule> {
        let row = self.sections[9].get(index as usize * 8..index as usize * 8 + 8)?;
        Some(Rule {
            reason: Reason(row[0]),
            strength: Strength::from_u8(row[1]),
            provider: (row[2] != NONE).then_some(Provider(row[2])),
            anywhere: row[3] & 1 != 0,
            alone: row[3] & 0x80 != 0,
            stage: (row[3] >> 1 & 0x0F)
                .checked_sub(1)
                .and_then(|stage| Stage::ALL.get(stage as usize).copied()),
            conditions: (u16::from_le_bytes([row[4], row[5]]), u16::from_le_bytes([row[6], row[7]])),
        })
    }

    /// The codes one of which a rule asks for; none when it asks for none.
    pub fn conditions(&self, rule: &Rule) -> impl Iterator<Item = Condition> {
        let table = self.sections[10];
        let (start, count) = (rule.conditions.0 as usize, rule.conditions.1 as usize);
        (start..start + count).map(move |row| Condition {
            reply: u16_at(table, row * 4),
            class: u16_at(table, row * 4 + 1),
            subject: u16_at(table, row * 4 + 2),
            detail: u16_at(table, row * 4 + 3),
        })
    }

    /// What a provider means by an enhanced code, where that differs from the registry; the
    /// narrowest range of codes decides. Without a provider, or where it says nothing of the code,
    /// a code counts that nobody else uses.
    pub fn provider_code(
        &self,
        provider: Option<Provider>,
        status: StatusCode,
    ) -> Option<(Provider, ProviderCode)> {
        // subject, provider, reason and strength, class, first and last detail; in the order of subjects
        let about = rows::<12>(self.sections[11], |row| u16_at(row, 0) < status.subject);
        let about = about.iter().take_while(|row| u16_at(*row, 0) == status.subject);
        let speaks = |row: &[u8]| provider.is_some_and(|provider| u16_at(row, 1) == u16::from(provider.0));
        let fits = about.filter(|row| {
            (u16_at(*row, 4)..=u16_at(*row, 5)).contains(&status.detail)
                && matches!(u16_at(*row, 3), class if class == ANY || class == u16::from(status.class))
                && (u16_at(*row, 2) & 0x8000 != 0 || speaks(*row))
        });
        let row = fits.min_by_key(|row| (!speaks(*row), u16_at(*row, 5) - u16_at(*row, 4)))?;
        let packed = u16_at(row, 2);
        let strength = Strength::from_u8((packed >> 8) as u8 & 0x7F);
        Some((Provider(u16_at(row, 1) as u8), ProviderCode { reason: Reason(packed as u8), strength }))
    }

    /// The number stored for a host name or for the longest of its parent domains.
    fn by_name(&self, section: usize, name: &str) -> Option<u16> {
        let mut found = None;
        let mut hash = HASH_START;
        for byte in ends::end(name, b".").bytes().rev() {
            // of what stands behind a dot
            if byte == b'.' {
                found = look_up(self.sections[section], hash).or(found);
            }
            hash = hash_step(hash, byte.to_ascii_lowercase());
        }
        look_up(self.sections[section], hash).or(found)
    }

    /// The provider that a host belongs to.
    pub fn provider_of_host(&self, host: &str) -> Option<Provider> {
        self.by_name(12, host).map(|number| Provider(number as u8))
    }

    /// The provider that keeps the mailboxes of a domain.
    pub fn provider_of_domain(&self, domain: &str) -> Option<Provider> {
        self.by_name(13, domain).map(|number| Provider(number as u8))
    }

    /// Whether a name is itself a domain of a provider's mailboxes.
    pub fn is_mailbox_domain(&self, name: &str) -> bool {
        look_up(self.sections[13], hash_name(name)).is_some()
    }

    /// The blocklist that a zone belongs to.
    pub fn blocklist_of_zone(&self, zone: &str) -> Option<u16> {
        self.by_name(14, zone)
    }

    /// What a listing on a blocklist means, and how much its name proves.
    pub fn blocklist(&self, list: u16) -> Option<(Reason, Strength)> {
        let row = self.sections[15].get(list as usize * 2..list as usize * 2 + 2)?;
        Some((Reason(row[0]), Strength::from_u8(row[1])))
    }

    /// What a reporting system's own class means.
    pub fn class(&self, system: &str, name: &str) -> Option<(Reason, Strength)> {
        let hash = system
            .bytes()
            .chain([b'/'])
            .chain(name.bytes())
            .fold(HASH_START, |hash, byte| hash_step(hash, byte.to_ascii_lowercase()));
        let packed = look_up(self.sections[16], hash)?;
        Some((Reason(packed as u8), Strength::from_u8((packed >> 8) as u8)))
    }

    /// What the registry means by an enhanced code; its subject where the detail is not known.
    pub fn status(&self, status: StatusCode) -> Option<StatusMeaning> {
        // subject, detail, reasons, strength; in the order of the codes, a subject's own meaning last
        let find = |detail: u16| {
            let code = (status.subject, detail);
            let key = |row: &[u8]| (u16_at(row, 0), u16_at(row, 1));
            rows::<8>(self.sections[17], |row| key(row) < code).first().filter(|row| key(*row) == code)
        };
        let row = find(status.detail).or_else(|| find(ANY))?;
        let packed = u16_at(row, 2);
        let reason = if status.class == 4 { (packed >> 8) as u8 } else { packed as u8 };
        (reason != NONE).then(|| StatusMeaning {
            reason: Reason(reason),
            strength: Strength::from_u8(u16_at(row, 3) as u8),
        })
    }

    /// What a basic reply code weakly speaks for.
    pub fn reply(&self, code: u16) -> Option<Reason> {
        // code, reason; in the order of the codes
        let row = rows::<4>(self.sections[18], |row| u16_at(row, 0) < code).first()?;
        (u16_at(row, 0) == code).then(|| Reason(u16_at(row, 1) as u8))
    }

    /// How many reasons there are.
    pub fn reason_count(&self) -> usize {
        self.sections[19].len() / 4
    }

    #[inline(always)]
    fn reason_row(&self, reason: Reason, column: usize) -> u8 {
        self.sections[19].get(reason.0 as usize * 4 + column).copied().unwrap_or(0)
    }

    /// The category of a reason.
    pub fn category(&self, reason: Reason) -> Category {
        Category(self.reason_row(reason, 0))
    }

    /// Hard or soft, before codes are looked at.
    pub fn bounce_type(&self, reason: Reason) -> BounceType {
        if self.reason_row(reason, 1) == 0 { BounceType::Hard } else { BounceType::Soft }
    }

    /// Whose fault a reason is.
    pub fn fault(&self, reason: Reason) -> Fault {
        Fault::ALL.get(self.reason_row(reason, 2) as usize).copied().unwrap_or(Fault::Unknown)
    }

    /// The place of a reason in the order of precedence: lower wins a tie.
    pub fn rank(&self, reason: Reason) -> u8 {
        self.reason_row(reason, 3)
    }

    /// Whether one reason beats another: 0 no, 1 within one step of strength, 2 always.
    pub fn beats(&self, winner: Reason, loser: Reason) -> u8 {
        self.sections[20]
            .get(winner.0 as usize * self.reason_count() + loser.0 as usize)
            .copied()
            .unwrap_or(0)
    }
}
