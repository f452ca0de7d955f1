//! What an input was taken for, as JSON. `pkg-template/lib/explain.js` reads it.

use super::charset;
use super::utf16::Offsets;
use crate::input::ReadOptions;
use crate::input::outline::{Part, outline};
use crate::policy::json::quote;
use crate::types::Form;
use std::fmt::Write;

/// Reads an input once more and writes down what it was taken for, and its parts.
pub fn json(input: &[u8], form: Option<Form>, is_string: bool) -> String {
    let outline = outline(input, &ReadOptions { form, charsets: charset::decode });
    let mut offsets = if is_string { Offsets::utf16(input) } else { Offsets::bytes(input) };
    let mut out = String::new();
    let _ = write!(
        out,
        "{{\"layout\":\"{}\",\"sure\":{},\"asked\":{},\"parts\":[",
        outline.shape.as_str(),
        outline.sure,
        outline.asked
    );
    for (index, each) in outline.parts.iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        part(each, &mut offsets, &mut out);
    }
    out + "]}"
}

fn part(part: &Part, offsets: &mut Offsets<'_>, out: &mut String) {
    let _ = write!(out, "{{\"role\":\"{}\",\"used\":{},\"name\":", part.role.as_str(), part.used);
    quote(&part.name, out);
    let _ = write!(out, ",\"fact\":\"{}\",\"count\":{}", part.fact, part.count);
    if let Some(range) = &part.at {
        let _ = write!(out, ",\"start\":{},\"end\":{}", offsets.at(range.start), offsets.at(range.end));
    }
    out.push('}');
}
