//! Text: characters made comparable, and texts taken apart into words, things and codes.

pub mod decode;
pub mod ends;
pub mod fold;
pub mod words;

/// The first bytes of a text, no character cut.
pub fn beginning(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn no_character_is_cut() {
        assert_eq!(["用用", "用", "ab"].map(|text| beginning(text, 4)), ["用", "用", "ab"]);
    }
}
