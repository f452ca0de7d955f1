//! bouncelens reads bounce messages.

pub mod types;
pub mod text;
pub mod input;
