//! Any event under several configurations: a sound decision, and a preview of the same.
#![no_main]

use authgear_invite::engine::Engine;
use authgear_invite_fuzz::support::{config, event, full_config, phone_event, text, username_event, with};
use authgear_invite_fuzz::{Change, apply, check_decision, decide, engine, preview};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

thread_local! {
    static ENGINES: Vec<Engine> = configs().iter().map(engine).collect();
    static EVENTS: [Value; 3] = [event(), phone_event(), username_event()];
}

fn configs() -> [Value; 4] {
    let all = "{name}|{nickname}|{locale}|{email_address}|{phone_number}|{username}|{login_id}|{user_id}|{app_id}|{custom.team}\
               {#custom.list}{.}{/custom.list}|{valid_from}|{url}|{service_name}";
    let html = format!("<p title=\"{all}\" class='{all}'>{all}</p><title>{all}</title>");
    let texts = json!({ "subject": all, "text": all, "sms": all, "button": all, "html": html });
    let when = json!({ "triggeredBy": ["admin_api", "portal"], "emailDomain": { "deny": ["evil.example"] }, "disabled": true });
    [
        config(),
        full_config(),
        with(
            full_config(),
            &[("/messages", json!({ "invite": { "en": texts } })), ("/channels", json!(["sms", "email"]))],
        ),
        with(
            full_config(),
            &[
                (
                    "/rules",
                    json!([{ "on": "user.created", "when": when, "message": "own" }, { "on": "user.profile.updated" }]),
                ),
                ("/messages", json!({ "own": { "en": texts } })),
                ("/unreachable", json!({ "email": "it@acme.example" })),
                ("/signIn", json!("code")),
                ("/oauthEmail", json!(true)),
            ],
        ),
    ]
}

fuzz_target!(|input: (u8, Vec<Change>)| {
    let (start, changes) = input;
    let start = usize::from(start);
    let event = EVENTS.with(|events| apply(events[start / 4 % events.len()].clone(), &changes));
    ENGINES.with(|engines| {
        let engine = &engines[start % engines.len()];
        assert_eq!(engine.problems(), [""; 0]);
        let decision = decide(engine, &event);
        assert_ne!(decision["type"], "invalid", "{decision}");
        check_decision(&decision);
        let preview = preview(engine, &event, None);
        assert_eq!(preview["type"], if decision["type"] == "send" { "message" } else { "skip" });
        for same in ["reason", "rule", "message", "channel", "to", "address", "locale", "localeFrom"] {
            assert_eq!(decision[same], preview[same], "{same}");
        }
        check_layout(text(&preview["html"]));
    });
});

/// Links lead where the configuration says, and nothing else of a document's is new.
fn check_layout(html: &str) {
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    for link in html.split("href=\"").skip(1) {
        assert!(link.starts_with("https://accounts.acme.example\""), "{html}");
    }
}
