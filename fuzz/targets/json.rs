//! JSON text against serde_json: the same value, or refused by both.
//!
//! Two differences are meant: here a lone surrogate reads as U+FFFD, and arrays and objects nest 64 deep, not 127.
#![no_main]

use authgear_invite::arena::Arena;
use authgear_invite::json::{Json, MAX_DEPTH, quote};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let arena = Arena::default();
    match (Json::parse(text, &arena), serde_json::from_str::<Value>(text)) {
        (Some(own), Ok(expected)) => {
            check(&own, &expected);
            // What serde_json writes of it is read the same.
            check(&Json::parse(arena.text(expected.to_string()), &arena).unwrap(), &expected);
        }
        (None, Ok(expected)) => assert!(depth(&expected) > MAX_DEPTH, "{expected}"),
        (Some(_), Err(error)) => assert!(text.to_ascii_lowercase().contains("\\ud"), "{error}: {text}"),
        (None, Err(_)) => {}
    }
    let mut quoted = String::new();
    quote(&mut quoted, text);
    assert!(!quoted.bytes().any(|byte| byte < b' '));
    assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
    assert_eq!(Json::parse(&quoted, &arena), Some(Json::String(text)));
});

#[track_caller]
fn check(own: &Json, expected: &Value) {
    match (own, expected) {
        (Json::Null, Value::Null) => {}
        (Json::Bool(own), Value::Bool(expected)) => assert_eq!(own, expected),
        // serde_json writes a plus sign into exponents that have none.
        (Json::Number(own), Value::Number(expected)) => {
            let plain = |text: &str| text.to_ascii_lowercase().replace('+', "");
            assert_eq!(plain(own), plain(expected.as_str()));
        }
        (Json::String(own), Value::String(expected)) => assert_eq!(own, expected),
        (Json::Array(own), Value::Array(expected)) => {
            assert_eq!(own.len(), expected.len());
            own.iter().zip(expected).for_each(|(own, expected)| check(own, expected));
        }
        (Json::Object(members), Value::Object(expected)) => {
            for (name, _) in *members {
                // Of equal names the last counts.
                check(own.get(name), &expected[*name]);
            }
            assert!(expected.keys().all(|name| own.find(name).is_some()));
        }
        _ => panic!("{own:?} {expected}"),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
