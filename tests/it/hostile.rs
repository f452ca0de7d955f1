//! Input that means harm, or nothing: always a verdict, never a panic.

fn verdicts(input: &[u8]) -> usize {
    let verdicts = bouncelens::classify(input);
    assert!(verdicts.iter().all(|verdict| (0.0..=1.0).contains(&verdict.confidence)));
    verdicts.len()
}

#[test]
fn nothing_and_noise_get_a_verdict() {
    for input in [
        &b""[..],
        b" ",
        b"\n\n\n",
        b"\0",
        b"\xff\xfe\xfd",
        b"550",
        b"-",
        b"<",
        b"&",
        b"@",
        b"5.1.1",
        b"()[]{}",
        b"\xe3\x81",
    ] {
        assert!(verdicts(input) >= 1, "{input:?}");
    }
    let noise: Vec<u8> =
        (0..1_000_000u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(verdicts(&noise) >= 1);
}

#[test]
fn long_and_repeated_texts_get_a_verdict() {
    for unit in [
        "550 5.1.1 user unknown ",
        "user ",
        "a.",
        "<",
        "a@",
        "mailbox .. is .. ",
        "::",
        "1.2.3.",
        "&amp",
        "550-\n",
        "\n",
        "--",
        "\u{300}",
        "用",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        assert!(verdicts(text.as_bytes()) >= 1, "{unit}");
    }
}

#[test]
fn every_beginning_of_a_text_gets_a_verdict() {
    for (_, case) in super::corpus::cases().into_iter().take(400) {
        let bytes = case.text.as_bytes();
        for end in (0..bytes.len().min(1500)).step_by(7) {
            assert!(verdicts(&bytes[..end]) >= 1, "{}", case.name);
        }
    }
}
