//! Reading bounces.

mod batch;
mod charset;
mod outline;
mod own;
mod utf16;
mod words;

use super::{Answer, SCRATCH};
use crate::input::ReadOptions;
use crate::rules::Rules;
use crate::types::Form;
use batch::Columns;
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;
use words::Words;

/// Gives all verdicts, not only the first.
const ALL: u32 = 1;
/// The input was a string: offsets are UTF-16 units, and strings that stand in it are sent as offsets.
const IS_STRING: u32 = 2;
/// Sends each verdict's notice along.
const NOTICES: u32 = 4;
/// JavaScript has rules of the user's own.
const OWN_RULES: u32 = 8;

/// What is kept between calls, so that none of them allocates.
#[derive(Default)]
struct Border {
    offsets: Vec<u32>,
    words: Words,
    columns: Columns,
    answer: Answer,
}

thread_local! {
    static BORDER: RefCell<Border> = RefCell::default();
}

/// Makes room for the offsets of a batch, one more than it has texts, and gives its address.
#[wasm_bindgen]
pub fn offsets(count: usize) -> usize {
    BORDER.with_borrow_mut(|border| {
        border.offsets.clear();
        border.offsets.resize(count, 0);
        border.offsets.as_ptr() as usize
    })
}

/// Classifies the first bytes of the room and gives the address of the answer's words.
#[wasm_bindgen]
pub fn classify(length: usize, form: u8, flags: u32) -> usize {
    SCRATCH.with_borrow(|scratch| {
        let input = scratch.get(..length).unwrap_or_default();
        let (rules, options) = (wanted(flags), asked(form));
        let (first, all);
        let verdicts = if flags & ALL == 0 {
            first = crate::classify_first(&rules, input, &options);
            first.as_slice()
        } else {
            all = crate::decide(&rules, input, &options);
            &all
        };
        BORDER.with_borrow_mut(|border| {
            border.words.pack(verdicts, input, flags & IS_STRING != 0, flags & NOTICES != 0)
        })
    })
}

/// Classifies the texts between the offsets; gives the address of the addresses of the columns.
#[wasm_bindgen]
pub fn classify_batch(form: u8, flags: u32) -> usize {
    SCRATCH.with_borrow(|scratch| {
        BORDER.with_borrow_mut(|border| {
            border.columns.clear();
            let (rules, options) = (wanted(flags), asked(form));
            for (start, end) in border.offsets.iter().zip(border.offsets.iter().skip(1)) {
                let input = scratch.get(*start as usize..*end as usize).unwrap_or_default();
                if let Some(verdict) = crate::classify_first(&rules, input, &options) {
                    border.columns.push(&verdict);
                }
            }
            border.columns.addresses()
        })
    })
}

/// Tells in JSON what the first bytes of the room were taken for and which parts of them are used;
/// gives the address of the answer's address and length.
#[wasm_bindgen]
pub fn outline(length: usize, form: u8, flags: u32) -> usize {
    SCRATCH.with_borrow(|scratch| {
        let input = scratch.get(..length).unwrap_or_default();
        let form = Form::ALL.get(form as usize).copied();
        let text = outline::json(input, form, flags & IS_STRING != 0);
        BORDER.with_borrow_mut(|border| border.answer.keep(text))
    })
}

/// Our rules, and the user's own where there are any.
fn wanted(flags: u32) -> Rules {
    let rules = Rules::embedded();
    if flags & OWN_RULES == 0 { rules } else { rules.asking(own::ask) }
}

/// How an input is to be read: as a form of this number, or as what it is taken for.
fn asked(form: u8) -> ReadOptions {
    ReadOptions { form: Form::ALL.get(form as usize).copied(), charsets: charset::decode }
}
