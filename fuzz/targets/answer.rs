//! Any answer of any provider: a verdict, and nothing in it that could be an address or a line of a log.
#![no_main]

use authgear_invite_fuzz::support::{classify, text};
use libfuzzer_sys::fuzz_target;

const PROVIDERS: &[&str] = &[
    "custom",
    "resend",
    "sendgrid",
    "postmark",
    "mailgun",
    "brevo",
    "mailjet",
    "ses",
    "sparkpost",
    "twilio",
    "vonage",
    "messagebird",
    "bird",
];

fuzz_target!(|input: (u8, u16, Option<&str>, Option<&str>)| {
    let (provider, status, kind, body) = input;
    let provider = PROVIDERS[usize::from(provider) % PROVIDERS.len()];
    let verdict = classify(provider, status.into(), kind, body);
    let plain = |value: &str, marks: &[u8]| {
        value.len() <= 140 && value.bytes().all(|b| b.is_ascii_alphanumeric() || marks.contains(&b))
    };
    match text(&verdict["verdict"]) {
        "sent" => {
            assert!(plain(text(&verdict["id"]), b"._-@<>"), "{verdict}");
            // A 2xx, or an answer that says it was sent before.
            assert!((200..300).contains(&status) || provider != "custom", "{verdict}");
        }
        "retry" | "refused" | "unknown" => assert!(plain(text(&verdict["detail"]), b"._- "), "{verdict}"),
        _ => panic!("{verdict}"),
    }
    assert!(!(500..503).contains(&status) || verdict["verdict"] != "refused" || provider != "custom", "{verdict}");
});
