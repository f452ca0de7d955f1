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

/// What it is, and one of so many bytes.
type Growing = (&'static str, fn(usize) -> Vec<u8>);

/// Inputs that grow with a number.
const GROWING: [Growing; 8] = [
    ("a header of one field", |bytes| {
        [b"From: a@example.com\nSubject: ".to_vec(), vec![b'a'; bytes], b"\n\n550 no\n".to_vec()].concat()
    }),
    ("one line", |bytes| b"550 user ".iter().copied().cycle().take(bytes).collect()),
    ("an attachment", |bytes| {
        let head = "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\nMIME-Version: 1.0\n\
            Content-Type: multipart/mixed; boundary=b\n\n--b\n\n<ann@example.com>:\nRemote host said: 550 no\n\
            --b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n";
        let line = [b"QUJD".repeat(19), b"\n".to_vec()].concat();
        let file = line.iter().copied().cycle().take(bytes);
        head.bytes().chain(file).chain(b"\n--b--\n".iter().copied()).collect()
    }),
    ("recipients of a status", |bytes| {
        let head = "From: a@example.com\nSubject: b\nContent-Type: multipart/report; boundary=b\n\n--b\n\nfailed\n--b\n\
            Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n";
        let group = |number: usize| {
            format!(
                "\nFinal-Recipient: rfc822; u{number}@example.com\nAction: failed\nDiagnostic-Code: smtp; 550 5.1.1 no {number}\n"
            )
        };
        (0..bytes / 100).fold(head.to_owned(), |mail, number| mail + &group(number)).into_bytes()
    }),
    ("boundaries", |bytes| {
        [
            "From: a@example.com\nSubject: b\nContent-Type: multipart/mixed; boundary=b\n\n",
            &"--b\n".repeat(bytes / 4),
        ]
        .concat()
        .into_bytes()
    }),
    ("multiparts within multiparts", |bytes| {
        let level =
            |number: usize| format!("Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n");
        let levels = (0..bytes / 50).map(level).collect::<String>();
        format!("From: a@example.com\nSubject: b\n{levels}").into_bytes()
    }),
    ("quotes of quotes", |bytes| b"> ".repeat(bytes / 2)),
    ("a table", |bytes| {
        b"ann@example.com,550 5.1.1 no such user\n".iter().copied().cycle().take(bytes).collect()
    }),
];

/// Reads one input in a process of its own, where memory can be told apart: prints the nanoseconds
/// that it took and the bytes that were needed beyond the input.
#[test]
fn a_process_of_its_own() {
    let Some((name, bytes)) = std::env::var("BOUNCELENS_HOSTILE").ok().and_then(|what| {
        let (index, bytes) = what.split_once(':')?;
        Some((index.parse::<usize>().ok()?, bytes.parse::<usize>().ok()?))
    }) else {
        return;
    };
    verdicts(b"550 5.1.1 the tables are unpacked at the first call");
    let input = GROWING[name].1(bytes);
    let before = peak();
    let start = std::time::Instant::now();
    let mut count = 0;
    let options = bouncelens::input::ReadOptions::default();
    bouncelens::input::read_each(&input, &options, &mut |_| count += 1);
    println!("measured {} {} {count}", start.elapsed().as_nanos(), peak().saturating_sub(before));
}

/// The most memory that this process has held, in bytes; 0 where the system does not tell.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.split_whitespace().next().and_then(|number| number.parse::<usize>().ok()).unwrap_or(0) * 1024
}

/// Nanoseconds, bytes beyond the input, and notices.
fn measured(index: usize, bytes: usize) -> (u64, u64, u64) {
    let program = std::env::current_exe().expect("a test has a program");
    let child = std::process::Command::new(program)
        .args(["--exact", "hostile::a_process_of_its_own", "--nocapture"])
        .env("BOUNCELENS_HOSTILE", format!("{index}:{bytes}"))
        .output()
        .expect("a test can run itself");
    let out = String::from_utf8_lossy(&child.stdout);
    let line = out.split("measured ").nth(1).unwrap_or_default();
    let mut numbers = line.split_whitespace().map_while(|number| number.parse().ok());
    let mut next = || numbers.next().unwrap_or_else(|| unreachable!("{}: {out}", GROWING[index].0));
    (next(), next(), next())
}

#[test]
fn what_is_large_takes_linear_time_and_bounded_memory() {
    for (index, (name, _)) in GROWING.iter().enumerate() {
        let large = if *name == "an attachment" { 50 << 20 } else { 10 << 20 };
        // eight times the input; the machine is busy with other tests, so three times that is let
        // pass, where quadratic time would be sixty-four times, and a second look is taken
        let mut tries = (0..5).map(|_| (measured(index, large / 8).0, measured(index, large)));
        let (_, (time, memory, count)) = tries
            .find(|(small, (time, ..))| *time < 24 * small + 200_000_000)
            .unwrap_or_else(|| unreachable!("{name}: more than linear time"));
        assert!(count > 0 && time > 0, "{name}");
        // a recipient costs a notice; everything else a few copies of the input at the most
        let most = if name.starts_with("recipients") { 16 } else { 5 };
        assert!(memory < most * large as u64 + (8 << 20), "{name}: {} MB", memory >> 20);
    }
}
