//! What the crate promises, tested from outside. The cases are data: see `tests/corpus/README.md`.

mod architecture;
mod corpus;
mod data;
mod docs;
mod forms;
mod hostile;
mod mail;
mod outline;
mod own;
mod phrases;
mod policy;
mod properties;
mod records;
mod report;
