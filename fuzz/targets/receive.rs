//! Any bytes as a webhook's body: answered, and read only when they are signed.
#![no_main]

use authgear_invite::engine::Engine;
use authgear_invite::signature::Key;
use authgear_invite_fuzz::support::{config, read_decision, read_json, text, with};
use authgear_invite_fuzz::{check_decision, engine};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

thread_local! {
    static ENGINE: Engine = engine(&with(config(), &[("/webhook", json!({ "secrets": ["s"] }))]));
}

fuzz_target!(|body: &[u8]| {
    ENGINE.with(|engine| {
        let signature: String = Key::new("s").sign(body).iter().map(|byte| format!("{byte:02x}")).collect();
        for wrong in ["", &signature[1..], &signature.replace(['0', '1'], "2")] {
            assert!(wrong == signature || engine.receive(body, wrong) == r#"{"refused":"signature"}"#);
        }
        let received = engine.receive(body, &signature);
        let (head, decision) = received.split_once('\n').unwrap_or((&received, ""));
        let head = read_json(head);
        if head["refused"] == "event" {
            // The type is what makes an event.
            let kind = serde_json::from_slice::<Value>(body).ok().map(|event| text(&event["type"]).to_owned());
            let deep = body.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() > 64;
            return assert!(deep || kind.is_none_or(|kind| kind.is_empty()), "{received}");
        }
        assert!(!text(&head["type"]).is_empty(), "{head}");
        for name in ["id", "userId"] {
            assert!(head[name].as_str().is_none_or(|id| (1..=256).contains(&id.len())), "{head}");
        }
        check_decision(&read_decision(decision));
    });
});
