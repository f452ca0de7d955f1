//! Verdicts as columns. `pkg-template/lib/batch.js` reads them; both list the columns in the same order.

use super::words::{NO_INDEX, packed};
use crate::types::Verdict;

/// One row a text.
#[derive(Default)]
pub struct Columns {
    kind: Vec<u8>,
    bounce_type: Vec<u8>,
    category: Vec<u8>,
    reason: Vec<u8>,
    fault: Vec<u8>,
    likely_hard: Vec<u8>,
    provider: Vec<u8>,
    form: Vec<u8>,
    code: Vec<u16>,
    status: Vec<u32>,
    retry_after: Vec<u32>,
    confidence: Vec<f32>,
    addresses: [u32; 12],
}

impl Columns {
    /// Forgets the rows and keeps the room.
    pub fn clear(&mut self) {
        for column in [
            &mut self.kind,
            &mut self.bounce_type,
            &mut self.category,
            &mut self.reason,
            &mut self.fault,
            &mut self.likely_hard,
            &mut self.provider,
            &mut self.form,
        ] {
            column.clear();
        }
        self.code.clear();
        self.status.clear();
        self.retry_after.clear();
        self.confidence.clear();
    }

    /// Adds a row.
    pub fn push(&mut self, verdict: &Verdict<'_>) {
        self.kind.push(verdict.kind as u8);
        self.bounce_type.push(verdict.bounce_type.map_or(NO_INDEX, |each| each as u8));
        self.category.push(verdict.category.map_or(NO_INDEX, |each| each.0));
        self.reason.push(verdict.reason.map_or(NO_INDEX, |each| each.0));
        self.fault.push(verdict.fault as u8);
        self.likely_hard.push(u8::from(verdict.likely_hard));
        self.provider.push(verdict.provider.map_or(NO_INDEX, |each| each.0));
        self.form.push(verdict.notice.form as u8);
        self.code.push(verdict.code.map_or(0, |code| code.0));
        self.status.push(verdict.status.map_or(0, packed));
        self.retry_after.push(verdict.retry_after.unwrap_or(u32::MAX));
        self.confidence.push(verdict.confidence);
    }

    /// The address of the columns' addresses.
    pub fn addresses(&mut self) -> usize {
        self.addresses = [
            self.kind.as_ptr() as u32,
            self.bounce_type.as_ptr() as u32,
            self.category.as_ptr() as u32,
            self.reason.as_ptr() as u32,
            self.fault.as_ptr() as u32,
            self.likely_hard.as_ptr() as u32,
            self.provider.as_ptr() as u32,
            self.form.as_ptr() as u32,
            self.code.as_ptr() as u32,
            self.status.as_ptr() as u32,
            self.retry_after.as_ptr() as u32,
            self.confidence.as_ptr() as u32,
        ];
        self.addresses.as_ptr() as usize
    }
}
