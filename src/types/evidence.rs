//! Evidence: one fact in a notice that speaks for a reason.

use super::{Provider, Reason, StatusCode};

/// How much a piece of evidence proves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Strength {
    /// A hint.
    Weak = 1,
    /// Usually right.
    Fair = 2,
    /// Right in all but odd cases.
    Strong = 3,
    /// Cannot mean anything else.
    Definite = 4,
}

impl Strength {
    /// From the number in the tables.
    pub fn from_u8(value: u8) -> Strength {
        match value {
            0 | 1 => Strength::Weak,
            2 => Strength::Fair,
            3 => Strength::Strong,
            _ => Strength::Definite,
        }
    }

    /// The name in the data.
    pub fn as_str(self) -> &'static str {
        match self {
            Strength::Weak => "weak",
            Strength::Fair => "fair",
            Strength::Strong => "strong",
            Strength::Definite => "definite",
        }
    }

    /// One step weaker, down to weak.
    #[must_use]
    pub fn weaker(self) -> Strength {
        Strength::from_u8(self as u8 - 1)
    }

    /// One step stronger, up to definite.
    #[must_use]
    pub fn stronger(self) -> Strength {
        Strength::from_u8(self as u8 + 1)
    }
}

/// Where evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A phrase rule, by its index in the tables.
    Rule(u16),
    /// A provider's own meaning of an enhanced code.
    ProviderCode(Provider, StatusCode),
    /// The registry's meaning of an enhanced code.
    Status(StatusCode),
    /// A basic reply code.
    Reply(u16),
    /// A blocklist named in the text, by its index in the tables.
    Blocklist(u16),
    /// The reporting system's own class.
    Class,
    /// The form itself: an expired action, a delay.
    Form,
    /// A rule of the user's own, by its place in the user's list.
    Own(u16),
    /// A word that is in no known phrase here, but at home in the phrases of the reason.
    Word,
}

/// Whether evidence supports the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It speaks for the verdict.
    Supports,
    /// It speaks for something else.
    Contradicts,
}

/// One fact that speaks for a reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// What it speaks for.
    pub reason: Reason,
    /// How much it proves.
    pub strength: Strength,
    /// Where it comes from.
    pub source: Source,
    /// Bytes of the reply (or of the prose) that show it; empty where a field states it.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
    /// True where the bytes are of the prose, not of the reply.
    pub in_prose: bool,
}
