//! Decisions and what must hold of each.

use crate::read;
use crate::support::{self, read_decision, read_json, sent, text};
use authgear_invite::engine::Engine;
use serde_json::{Value, json};

/// The built-in English texts.
const ENGLISH: &str = include_str!("../../src/locales/en.json");

/// The core with a configuration and the built-in texts in English.
pub fn engine(config: &Value) -> Engine {
    support::engine(config, &json!({ "en": read_json(ENGLISH) }))
}

/// The decision on an event.
pub fn decide(engine: &Engine, event: &Value) -> Value {
    read_decision(&engine.decide(|arena| read(&event.to_string(), arena)))
}

/// The preview of an event.
pub fn preview(engine: &Engine, event: &Value, locale: Option<&str>) -> Value {
    read_json(&engine.preview(|arena| read(&event.to_string(), arena), locale))
}

/// A decision is of one of three kinds; what is sent goes to one plain address, and no request has a line break where a
/// header could begin.
pub fn check_decision(decision: &Value) {
    match text(&decision["type"]) {
        "skip" => assert!(!text(&decision["reason"]).is_empty(), "{decision}"),
        "invalid" => {
            let problems = decision["problems"].as_array().unwrap();
            assert!(!problems.is_empty() && problems.iter().all(|problem| text(problem).contains(": ")), "{decision}");
        }
        "send" => {
            assert!(text(&decision["key"]).bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
            for attempt in decision["attempts"].as_array().unwrap() {
                check_attempt(attempt, text(&decision["address"]), decision["channel"] == "email");
            }
        }
        _ => panic!("{decision}"),
    }
}

fn check_attempt(attempt: &Value, address: &str, mail: bool) {
    let sent = sent(attempt);
    let [to] = sent.to.as_slice() else { panic!("{attempt}") };
    if mail {
        assert_eq!(to, address);
        assert_eq!(to.matches('@').count(), 1, "{to}");
        assert!(to.bytes().all(|b| b.is_ascii_graphic() && !b",;:<>()[]\"\\".contains(&b)), "{to:?}");
        assert!(!sent.subject[0].chars().any(char::is_control), "{:?}", sent.subject);
    } else {
        assert_eq!(to.trim_start_matches('+'), &address[1..]);
        assert!(to.bytes().all(|b| b == b'+' || b.is_ascii_digit()) && to.len() <= 16, "{to:?}");
    }
    let request = &attempt["request"];
    let lines = request["headers"].as_object().into_iter().flatten().map(|(_, value)| value);
    for line in lines.chain(request.get("url")) {
        assert!(text(line).chars().all(|c| !c.is_control()), "{line}");
    }
}
