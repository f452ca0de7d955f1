//! The border to JavaScript, in JavaScript: text in through the memory, numbers out of it.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs)]

use bouncelens::types::{BounceType, Form, Kind};
use bouncelens::wasm::{self, engine};
use js_sys::{Float32Array, Object, Reflect, Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const ALL: u32 = 1;
const IS_STRING: u32 = 2;
const NONE: u32 = u32::MAX;
const OWN: u32 = 1 << 31;
const ANY_FORM: u8 = u8::MAX;
/// Words before the first link of a verdict's chain.
const FIXED: usize = 18;

fn buffer() -> JsValue {
    Reflect::get(wasm_bindgen::memory().unchecked_ref::<Object>(), &"buffer".into())
        .expect("a memory has a buffer")
}

fn put(text: &[u8]) {
    let at = wasm::reserve(text.len());
    Uint8Array::new_with_byte_offset_and_length(&buffer(), at as u32, text.len() as u32).copy_from(text);
}

fn words(at: usize, count: usize) -> Vec<u32> {
    Uint32Array::new_with_byte_offset_and_length(&buffer(), at as u32, count as u32).to_vec()
}

/// The verdict's words, without the three of the head, and the own text.
fn classify(text: &[u8], flags: u32) -> (Vec<u32>, String) {
    put(text);
    let at = engine::classify(text.len(), ANY_FORM, flags);
    let head = words(at, 3);
    assert!(head[0] >= 1, "there is a verdict for every text");
    let own = Uint8Array::new_with_byte_offset_and_length(&buffer(), head[1], head[2]).to_vec();
    let count = words(at + 4 * (3 + FIXED - 1), 1)[0] as usize;
    (words(at + 12, FIXED + 6 * count), String::from_utf8(own).expect("the own text is UTF-8"))
}

/// The string that two words stand for.
fn string(words: &[u32], input: &str, own: &str) -> String {
    let text = if words[0] & OWN == 0 { input } else { own };
    slice(text, words[0] & !OWN, words[1])
}

/// Like JavaScript's `slice`.
fn slice(text: &str, start: u32, end: u32) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16_lossy(&units[start as usize..end as usize])
}

#[wasm_bindgen_test]
fn a_reply_comes_out_as_numbers() {
    let text = "550 5.1.1 <a@example.com>: User unknown";
    let (words, own) = classify(text.as_bytes(), IS_STRING);
    assert_eq!(words[0] & 255, Kind::Bounce as u32);
    assert_eq!(words[0] >> 8 & 255, BounceType::Hard as u32);
    assert_eq!(words[1] >> 16 & 255, Form::Smtp as u32);
    assert_eq!(words[3], 550);
    assert_eq!(words[4], 5_001_001);
    assert!(words[5] > 500 && words[5] <= 1000);
    assert_eq!(words[6], NONE);
    assert_eq!(string(&words[7..], text, &own), "a@example.com");
    assert_eq!((words[11], words[12]), (0, 39), "words of the input are not copied");
}

#[wasm_bindgen_test]
fn spans_count_utf16_units() {
    for text in
        ["550 é😀 User unknown", "😀 550 User unknown ü", &format!("550 {}User unknown", "ü😀 ".repeat(2000))]
    {
        let (words, own) = classify(text.as_bytes(), IS_STRING);
        let mut links = words[FIXED..].chunks_exact(6).filter(|link| link[2] != NONE).peekable();
        assert!(links.peek().is_some(), "a link of the chain has a span");
        for link in links {
            assert_eq!(slice(text, link[2], link[3]), string(&link[4..], text, &own));
        }
    }
}

#[wasm_bindgen_test]
fn spans_of_bytes_count_bytes() {
    let text = "550 é😀 User unknown";
    let (words, own) = classify(text.as_bytes(), 0);
    let link =
        words[FIXED..].chunks_exact(6).find(|link| link[2] != NONE).expect("a link of the chain has a span");
    assert_eq!(link[4] & OWN, OWN, "bytes cannot be sliced as a string");
    assert_eq!(&text[link[2] as usize..link[3] as usize], string(&link[4..], "", &own));
}

#[wasm_bindgen_test]
fn anything_is_read() {
    for text in [&b""[..], b"\xff\xfe\x00", b"\xf0\x9f", &[0; 4096]] {
        for flags in [0, ALL] {
            classify(text, flags);
        }
    }
}

#[wasm_bindgen_test]
fn a_batch_comes_out_as_columns() {
    let texts: [&[u8]; 3] = [b"452 4.2.2 Mailbox full", b"", b"550 5.1.1 User unknown"];
    put(&texts.concat());
    let mut ends = vec![0];
    for text in texts {
        ends.push(ends.last().copied().unwrap_or(0) + text.len() as u32);
    }
    let at = engine::offsets(ends.len());
    Uint32Array::new_with_byte_offset_and_length(&buffer(), at as u32, ends.len() as u32).copy_from(&ends);
    let columns = words(engine::classify_batch(ANY_FORM, 0), 12);
    let column =
        |index: usize| Uint8Array::new_with_byte_offset_and_length(&buffer(), columns[index], 3).to_vec();
    assert_eq!(column(0), [Kind::Bounce as u8, Kind::Unrelated as u8, Kind::Bounce as u8]);
    assert_eq!(column(1), [BounceType::Soft as u8, u8::MAX, BounceType::Hard as u8]);
    assert_eq!(words(columns[9] as usize, 3), [4_002_002, 0, 5_001_001]);
    let confidence = Float32Array::new_with_byte_offset_and_length(&buffer(), columns[11], 3).to_vec();
    assert!(confidence.iter().all(|share| (0.0..=1.0).contains(share)));
}

#[wasm_bindgen_test]
fn room_is_given_back() {
    wasm::reserve(4 << 20);
    wasm::shrink(1024);
    let (words, _) = classify(b"550 5.1.1 User unknown", IS_STRING);
    assert_eq!(words[3], 550);
}
