//! The cases of `tests/fixtures/cases.json`, decided in wasm through both boundaries.

use authgear_invite::text;
use authgear_invite::wasm::{Engine, render};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

const CASES: &str = include_str!("../../fixtures/cases.json");
const ENGLISH: &str = include_str!("../../../src/locales/en.json");

/// Each case is decided as it expects, and the boundary of JavaScript values decides the same as the one of text.
pub fn every_case_is_decided_alike() {
    let english: Value = serde_json::from_str(ENGLISH).unwrap();
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let what = &case["what"];
        let builtin = json!({ "en": english });
        let input = json!({ "event": case["event"], "config": case["config"], "builtin": builtin });
        let by_text = text::decide(&input.to_string());
        let head = by_text.lines().next().unwrap();
        let decision: Value = serde_json::from_str(head).unwrap();
        for (name, expected) in case["expect"].as_object().unwrap() {
            assert_eq!(&decision[name], expected, "{what}: {name}");
        }
        for part in case["contains"].as_array().unwrap() {
            assert!(by_text.contains(part.as_str().unwrap()), "{what}: {part} is not in {by_text}");
        }
        let js = |value: &Value| js_sys::JSON::parse(&value.to_string()).unwrap();
        let engine = Engine::new(js(&case["config"]), js(&builtin)).unwrap();
        assert_eq!(engine.decide(js(&case["event"])), by_text, "{what}");
    }
}

/// What is no event and no configuration is a decision too.
pub fn nonsense_is_answered() {
    for nonsense in
        [JsValue::NULL, JsValue::UNDEFINED, JsValue::from(7), JsValue::from("x"), js_sys::Array::new().into()]
    {
        let engine = Engine::new(nonsense.clone(), nonsense.clone()).unwrap();
        let text = engine.decide(nonsense);
        assert!(text.starts_with(r#"{"type":"invalid""#), "{text}");
        assert_eq!(engine.receive(b"{}", ""), r#"{"refused":"signature"}"#);
    }
    assert!(text::decide("no JSON").starts_with(r#"{"type":"skip","reason":"not_an_event""#));
}

/// A preview and a template on its own, as JavaScript values.
pub fn previews_and_templates_are_shown() {
    let js = |value: Value| js_sys::JSON::parse(&value.to_string()).unwrap();
    let read = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    let english: Value = serde_json::from_str(ENGLISH).unwrap();
    let config = json!({ "serviceName": "Acme", "url": "https://acme.example" });
    let engine = Engine::new(js(config), js(json!({ "en": english }))).unwrap();
    let event = json!({ "type": "user.created", "context": { "triggered_by": "admin_api" },
        "payload": { "user": { "standard_attributes": { "email": "b@acme.example" } } } });
    let preview = read(engine.preview(js(event), Some("en-GB".to_owned())));
    assert_eq!([&preview["type"], &preview["channel"], &preview["locale"]], ["message", "email", "en"]);
    assert_eq!(read(engine.preview(JsValue::UNDEFINED, None))["reason"], "not_an_event");
    let input = json!({ "template": "{a}, {b}", "values": { "a": 1 } });
    let rendered = read(render(js(input)).unwrap());
    assert_eq!(rendered["errors"][0]["column"], 6, "{rendered}");
    assert!(read(render(JsValue::NULL).unwrap())["problems"].is_array());
}
