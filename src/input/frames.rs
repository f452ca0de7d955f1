//! The words around replies, from `data/frames.toml`.

include!(concat!(env!("OUT_DIR"), "/frames.rs"));
