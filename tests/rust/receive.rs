//! A webhook's body, from the bytes on: whatever comes is answered, and what is not signed is not read.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use authgear_invite::engine::Engine;
use authgear_invite::signature::Key;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::*;

const CASES: u32 = 512;
const SECRETS: [&str; 2] = ["an old secret", "a new secret"];
/// What the door lets through.
const MOST: usize = 1 << 20;

thread_local! {
    static ENGINE: Engine = engine(
        &with(config(), &[("/webhook", json!({ "secrets": SECRETS }))]),
        &json!({ "en": built_in()["en"] }),
    );
}

fn sign(secret: &str, body: &[u8]) -> String {
    Key::new(secret).sign(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is known of an event, with the decision on it, or `refused`.
fn receive_as(body: &[u8], signature: &str) -> Value {
    let text = ENGINE.with(|engine| engine.receive(body, signature));
    let (head, decision) = text.split_once('\n').unwrap_or((&text, ""));
    let mut head = read_json(head);
    if !decision.is_empty() {
        head["decision"] = read_decision(decision);
    }
    head
}

fn receive(body: &[u8]) -> Value {
    receive_as(body, &sign(SECRETS[1], body))
}

/// A signed body is an event with its decision, or none.
fn sound(received: &Value) -> Result<(), TestCaseError> {
    if received["refused"] == "event" {
        return Ok(());
    }
    prop_assert!(!text(&received["type"]).is_empty(), "{}", received);
    prop_assert_ne!(&received["decision"]["type"], "invalid", "{}", received);
    for name in ["id", "userId"] {
        let length = received[name].as_str().map_or(1, str::len);
        prop_assert!((1..=256).contains(&length), "{}", received);
    }
    Ok(())
}

/// Bytes that are nearly an event: the text of one with pieces put in, taken out or doubled.
fn nearly_an_event() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud800", "null", "1e999", "-", "\0", "\n"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let edit = (any::<prop::sample::Index>(), 0_usize..40, piece);
    prop::collection::vec(edit, 0..4).prop_map(|edits| {
        let mut bytes = event().to_string().into_bytes();
        for (at, taken, piece) in edits {
            let from = at.index(bytes.len() + 1);
            let to = (from + taken).min(bytes.len());
            bytes.splice(from..to, piece);
        }
        bytes
    })
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn any_bytes_are_answered(body in any::<Vec<u8>>()) {
        prop_assert_eq!(&receive(&body)["refused"], "event");
    }

    #[test]
    fn whatever_is_nearly_an_event_is_answered(body in nearly_an_event()) {
        sound(&receive(&body))?;
    }

    #[test]
    fn a_cut_event_is_none(cut in any::<prop::sample::Index>()) {
        let text = event().to_string();
        prop_assert_eq!(&receive(&text.as_bytes()[..cut.index(text.len())])["refused"], "event");
    }

    #[test]
    fn a_body_that_was_changed_is_not_read(body in nearly_an_event(), signature in "[0-9a-f]{64}|.*") {
        let refused = json!({ "refused": "signature" });
        prop_assert_eq!(receive_as(&body, &signature), refused.clone());
        let original = event().to_string();
        if body != original.as_bytes() {
            for secret in SECRETS {
                prop_assert_eq!(receive_as(&body, &sign(secret, original.as_bytes())), refused.clone());
            }
        }
    }

    #[test]
    fn two_secrets_will_do_and_no_other(body in any::<Vec<u8>>(), secret in ".*") {
        for known in SECRETS {
            prop_assert_eq!(&receive_as(&body, &sign(known, &body))["refused"], "event");
        }
        if !SECRETS.contains(&secret.as_str()) {
            prop_assert_eq!(&receive_as(&body, &sign(&secret, &body))["refused"], "signature");
        }
    }

    /// Numbers keep their digits: a machine word of wasm has 32 bits.
    #[test]
    fn a_time_is_passed_on_as_it_came(seconds in any::<i64>()) {
        let received = receive(with(event(), &[("/context/timestamp", json!(seconds))]).to_string().as_bytes());
        prop_assert_eq!(received["timestamp"].as_i64(), Some(seconds));
    }
}

#[test]
fn what_is_no_number_is_no_time() {
    for time in [json!(null), json!("1788251400"), json!([1_788_251_400]), json!({}), json!(true)] {
        let received = receive(with(event(), &[("/context/timestamp", time)]).to_string().as_bytes());
        assert!(received.get("timestamp").is_none(), "{received}");
    }
}

#[test]
fn ids_of_a_strange_shape_are_left_out() {
    let with_id = |id: Value| receive(with(event(), &[("/id", id)]).to_string().as_bytes());
    for id in [json!(null), json!(7), json!(""), json!([]), json!("x".repeat(257)), json!("é".repeat(129))] {
        assert!(with_id(id.clone()).get("id").is_none(), "{id}");
    }
    for id in [json!("x"), json!("x".repeat(256)), json!("\u{0}\n\u{2028}\"\\💌")] {
        assert_eq!(with_id(id.clone())["id"], id);
    }
}

#[test]
fn the_last_of_equal_names_counts() {
    let original = event().to_string();
    let twice = |first: &str| original.replacen('{', &format!("{{{first},"), 1);
    assert_eq!(receive(twice(r#""id":"first","type":"user.pre_create""#).as_bytes()), receive(original.as_bytes()));
}

/// The largest bodies, each made of one thing again and again: what takes the square of their length would not end here.
#[test]
fn a_megabyte_of_anything_is_received() {
    let whole = event().to_string();
    let inside = |start: &str, unit: &str, end: &str| {
        let place = r#""payload":{"#;
        let room = MOST - whole.len() - start.len() - end.len() - 1;
        whole.replacen(place, &[place, start, &unit.repeat(room / unit.len()), end].concat(), 1)
    };
    for (start, unit, end) in [
        (r#""x":""#, "a", "\","),
        (r#""x":""#, "\\u0000", "\","),
        (r#""x":""#, "é", "\","),
        (r#""x":["#, "0,", "0],"),
        (r#""x":["#, "[],", "0],"),
        (r#""x":["#, "{},", "0],"),
        ("", r#""x":0,"#, ""),
        ("", r#""user":{},"#, ""),
        (r#""identities":["#, r#"{"type":"login_id","claims":{"email":"a@b.example"}},"#, "0],"),
        (r#""identities":["#, r#"{"type":"login_id","claims":{"preferred_username":"\u202e"}},"#, "0],"),
        (r#""x":""#, " ", "\","),
        (r#""x":-"#, "1", ","),
        ("", "\n", ""),
        (r#""x":["#, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],", "0],"),
    ] {
        let body = inside(start, unit, end);
        let signature = sign(SECRETS[0], body.as_bytes());
        let received = receive_as(body.as_bytes(), &signature);
        assert!(received["decision"]["type"].is_string(), "{start}{unit}: {received}");
    }
}
