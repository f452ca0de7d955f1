//! Stage 1: what form is this, and what does it say?

pub mod frames;
pub mod mail;
