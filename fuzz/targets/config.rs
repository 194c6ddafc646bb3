//! Any configuration: it is sound or told what is wrong with it, and what is sound decides.
#![no_main]

use authgear_invite::arena::Arena;
use authgear_invite_fuzz::support::{config, event, full_config, phone_event, text, with};
use authgear_invite_fuzz::{Change, apply, check_decision, decide, engine, read};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// A configuration with every key.
fn every_key() -> Value {
    let texts = json!({
        "subject": "For {name}", "text": "{#name}Hello {name}{/name}\n\n{url}", "html": "<p title=\"{name}\">{name}</p>",
        "sms": "{url}", "button": "Go",
    });
    let when = json!({
        "triggeredBy": ["admin_api"], "origin": ["admin_api_direct"], "identity": ["email"], "clientId": ["back-office"],
        "emailDomain": { "allow": ["acme.example"], "deny": ["evil.example"] }, "roles": ["reader"], "groups": ["london"],
        "customAttributes": { "team": "Analytics" }, "standardAttributes": { "name": "Ada Lovelace" }, "disabled": true,
    });
    let receiver = json!({ "url": "https://dead.acme.example", "secret": "s" });
    with(
        full_config(),
        &[
            ("/rules", json!([{ "on": "user.created", "locale": "en", "message": "own", "when": when }])),
            ("/messages", json!({ "own": { "en": texts.clone(), "zh-Hant": texts } })),
            ("/vars", json!({ "team": "Support" })),
            ("/defaultLocale", json!("en")),
            ("/signIn", json!("password")),
            ("/channels", json!(["email", "sms"])),
            ("/oauthEmail", json!(false)),
            ("/unreachable", json!({ "email": "it@acme.example" })),
            ("/deadLetter", receiver.clone()),
            ("/receipt", receiver),
            ("/webhook", json!({ "secrets": ["s"], "maxAgeSeconds": 300 })),
            ("/delimiters", json!("{ }")),
            ("/strictNames", json!(true)),
            ("/delivery", json!({ "budgetSeconds": 50, "attemptSeconds": 10, "attempts": 4 })),
        ],
    )
}

fuzz_target!(|input: (bool, Vec<Change>)| {
    let (every, changes) = input;
    let config = apply(if every { every_key() } else { config() }, &changes);
    // What nests deeper than JSON is read is refused before; the target `json` is for that.
    if read(&config.to_string(), &Arena::default()).is_none() {
        return;
    }
    let engine = engine(&config);
    for event in [event(), phone_event()] {
        let decision = decide(&engine, &event);
        check_decision(&decision);
        if decision["type"] == "invalid" && engine.problems().is_empty() {
            // Only a message that grows beyond bounds is found wrong later.
            let mut told = decision["problems"].as_array().unwrap().iter().map(text);
            assert!(told.all(|problem| problem.ends_with("prints more than 256 KiB")), "{decision}");
        } else if decision["type"] == "invalid" {
            assert_eq!(decision["problems"], json!(engine.problems()));
        } else {
            // Templates are looked at when there is somebody to write to.
            assert!(engine.problems().is_empty() || decision["type"] == "skip", "{decision}");
        }
    }
});
