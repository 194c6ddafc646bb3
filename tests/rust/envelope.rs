//! Envelopes: what the event's `x_state` may say, and who may say it. The engine makes the MACs itself; at the text boundary
//! they are asked for.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, reason = "tests")]

mod support;

use authgear_invite::json::Json;
use authgear_invite::signature::Key;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::*;

const CASES: u32 = 128;
const SECRET: &str = "a secret of more than 32 characters";

fn mac(secret: &str, text: &str) -> String {
    Key::new(secret).sign_hex(text)
}

fn seal(payload: &str) -> String {
    format!("{payload}.{}", mac(SECRET, &format!("authgear-invite.envelope.v1\n{EMAIL}\n{payload}")))
}

fn sealed(envelope: Value) -> String {
    let mut whole = json!({ "v": 1, "exp": TIMESTAMP + 60 });
    whole.as_object_mut().unwrap().extend(envelope.as_object().unwrap().clone());
    seal(&whole.to_string())
}

fn with_x_state(x_state: &str) -> Value {
    with(event(), &[("/context/oauth", json!({ "x_state": x_state }))])
}

fn knowing(change: &[(&str, Value)]) -> Value {
    let own = [("/envelope", json!({ "secrets": [SECRET], "placeholders": ["team", "plan"] }))];
    with(with(config(), &own), change)
}

/// What the engine decides, after it was compared with what the text boundary does when it is told the MACs.
fn decide_both(event: &Value, config: &Value) -> Value {
    let built_in = json!({ "en": built_in()["en"] });
    let event_text = event.to_string();
    let engine = engine(config, &built_in);
    let decision = read_decision(&engine.decide(|arena| Json::parse(arena.text(event_text.clone()), arena)));

    let mut input = json!({ "event": event, "config": config, "builtin": built_in });
    let mut asked = read_decision(&authgear_invite::text::decide(&input.to_string()));
    if asked["type"] == "seal" {
        let secrets = config["envelope"]["secrets"].as_array().unwrap();
        let macs = secrets.iter().map(|secret| mac(text(secret), text(&asked["text"])));
        input["seals"] = macs.collect();
        asked = read_decision(&authgear_invite::text::decide(&input.to_string()));
    }
    assert_eq!(asked, decision);
    decision
}

fn decide_on(x_state: &str) -> Value {
    decide_both(&with_x_state(x_state), &knowing(&[]))
}

fn ignored(decision: &Value) -> &str {
    let warning = text(&decision["warnings"][0]);
    warning.strip_prefix("the envelope was ignored: ").unwrap_or(warning)
}

#[test]
fn a_trace_says_what_became_of_it() {
    let told = |event: &Value| {
        let event = event.to_string();
        let engine = engine(&knowing(&[]), built_in());
        let trace = engine.trace(|arena| Json::parse(arena.text(event.clone()), arena), None);
        read_json(&trace)["envelope"].clone()
    };
    assert_eq!(told(&event()), Value::Null);
    assert_eq!(told(&with_x_state(&sealed(json!({ "message": "invite" })))), "opened");
    let decision = decide_on("{}.");
    assert_eq!(told(&with_x_state("{}.")), ignored(&decision));
    assert_ne!(ignored(&decision), "");
}

#[test]
fn the_published_vectors() {
    let vectors = read_json(include_str!("../../docs/envelope-vectors.json"));
    let template = "|{name}|{given_name}|{family_name}|{nickname}|{inviter}|{team}";
    let texts = |name: &Value| {
        let line = [text(name), template].concat();
        json!({ "en": { "subject": "S", "text": line, "sms": line } })
    };
    let messages = vectors["messages"].as_array().unwrap();
    let messages: Value = messages.iter().map(|name| (text(name).to_owned(), texts(name))).collect();
    let config = with(config(), &[("/envelope", vectors["config"]["envelope"].clone()), ("/messages", messages)]);
    let vectors_of = |vectors: &Value| vectors["vectors"].as_array().unwrap().clone();
    assert!(vectors_of(&vectors).len() > 30);
    for vector in vectors_of(&vectors) {
        let login = text(&vector["loginId"]);
        let identity = match login {
            _ if login.starts_with('+') => phone(login),
            _ if login.contains('@') => email(login),
            _ => username(login),
        };
        let event = with(
            event_of(json!([identity]), json!({ "email": "ada@customer.example" })),
            &[
                ("/context/timestamp", vectors["timestamp"].clone()),
                ("/context/oauth", json!({ "x_state": vector["x_state"] })),
            ],
        );
        let decision = decide_both(&event, &config);
        let found = match outcome(&decision).as_str() {
            "skip suppressed" => "suppressed".to_owned(),
            _ if decision["warnings"] == json!([]) => "accepted".to_owned(),
            _ => format!("ignored: {}", ignored(&decision)),
        };
        assert_eq!(found, text(&vector["expected"]), "{vector}");
        if found != "suppressed" {
            assert_eq!(message(&decision)["text"], vector["text"], "{vector}");
        }
    }
}

#[test]
fn without_the_configuration_nobody_looks_at_it() {
    for x_state in ["anything", &sealed(json!({ "suppress": true }))] {
        let event = with_x_state(x_state);
        assert_eq!(decide_both(&event, &config()), decide_both(&support::event(), &config()));
    }
    assert_eq!(decide_both(&with_x_state(""), &knowing(&[])), decide_both(&event(), &knowing(&[])));
    for odd in [json!(null), json!(7), json!({ "v": 1 })] {
        let event = with(event(), &[("/context/oauth", json!({ "x_state": odd }))]);
        assert_eq!(decide_both(&event, &knowing(&[])), decide_both(&support::event(), &knowing(&[])));
    }
}

#[test]
fn an_ignored_envelope_changes_nothing_but_the_warnings() {
    let mut decision = decide_on("somebody else's");
    assert_eq!(decision["warnings"], json!(["the envelope was ignored: malformed"]));
    decision["warnings"] = json!([]);
    assert_eq!(decision, decide_both(&event(), &knowing(&[])));
}

#[test]
fn the_time_is_the_events_own() {
    let at = |timestamp: Value, expiry: i64| {
        let x_state = seal(&json!({ "v": 1, "exp": expiry }).to_string());
        let event = with(with_x_state(&x_state), &[("/context/timestamp", timestamp)]);
        ignored(&decide_both(&event, &knowing(&[]))).to_owned()
    };
    assert_eq!(at(json!(TIMESTAMP), TIMESTAMP + 1), "");
    for (timestamp, expiry) in [
        (json!(TIMESTAMP), TIMESTAMP),
        (json!(TIMESTAMP), TIMESTAMP - 1),
        (json!(null), TIMESTAMP),
        (json!(0), TIMESTAMP),
        (json!(-1), TIMESTAMP),
        (json!(u64::MAX), i64::MAX),
        (json!("1"), TIMESTAMP),
    ] {
        assert_eq!(at(timestamp.clone(), expiry), "expired", "{timestamp} {expiry}");
    }
}

#[test]
fn it_is_bound_to_the_login_id_as_it_was_typed() {
    let x_state = sealed(json!({ "name": "Ada" }));
    let to = |identities: Value| {
        let event = with(with_x_state(&x_state), &[("/payload/identities", identities)]);
        ignored(&decide_both(&event, &knowing(&[("/oauthEmail", json!(true))]))).to_owned()
    };
    assert_eq!(to(json!([email(EMAIL)])), "");
    assert_eq!(to(json!([oauth("x@acme.example"), email(EMAIL)])), "", "the first login ID");
    let other = email("eve@acme.example");
    for identities in [json!([other]), json!([other, email(EMAIL)]), json!([oauth(EMAIL)]), json!([])] {
        assert_eq!(to(identities.clone()), "signature", "{identities}");
    }
}

#[test]
fn what_it_says_of_the_user_wins_over_the_attributes() {
    let greeting = "{name}/{given_name}/{inviter}/{team}";
    let texts = json!({ "invite": { "en": { "subject": "{name}", "text": greeting } } });
    let config = knowing(&[("/messages", texts), ("/vars", json!({ "team": "everybody" }))]);
    let print = |x_state: &str| {
        let event = with(
            with_x_state(x_state),
            &[(
                "/payload/user/standard_attributes",
                json!({ "email": EMAIL, "name": "Old Name", "given_name": "Old" }),
            )],
        );
        text(&message(&decide_both(&event, &config))["text"]).to_owned()
    };
    assert_eq!(print(""), "Old Name/Old//everybody");
    let all = json!({ "name": "Ada", "given_name": "A", "inviter": "Grace", "values": { "team": "Support" } });
    assert_eq!(print(&sealed(all)), "Ada/A/Grace/Support");
    // What is no name counts as not given.
    let none = json!({ "name": "evil.example", "inviter": "www.evil.example", "values": { "team": "http://evil" } });
    assert_eq!(print(&sealed(none)), "Old Name/Old//");
    let nobody = with(with_x_state(&sealed(json!({ "given_name": "Ada" }))), &[]);
    let nobody = with(nobody, &[("/payload/user/standard_attributes", json!({ "email": EMAIL }))]);
    assert_eq!(message(&decide_both(&nobody, &config))["subject"], "Ada", "a given name stands in for the name");
}

#[test]
fn the_built_in_texts_say_who_invites() {
    for locale in built_in().as_object().unwrap().keys() {
        let text_for = |x_state: &str| {
            let user = ("/payload/user/standard_attributes/locale", json!(locale));
            let config =
                json!({ "event": with(with_x_state(x_state), &[user]), "config": knowing(&[]), "builtin": built_in() });
            let mut input = config.clone();
            let asked = authgear_invite::text::decide(&config.to_string());
            if let Some(signed) = read_json(asked.lines().next().unwrap())["text"].as_str() {
                input["seals"] = json!([mac(SECRET, signed)]);
            }
            text(&message(&decide_text(&input.to_string()))["text"]).to_owned()
        };
        let (with, without) = (text_for(&sealed(json!({ "inviter": "Grace Hopper" }))), text_for(""));
        let added: Vec<&str> = with.lines().filter(|line| !without.contains(line)).collect();
        assert!(
            matches!(added[..], [line] if line.ends_with("Grace Hopper") && line.len() > 15),
            "{locale}: {added:?}"
        );
        assert!(!without.contains("\n\n\n") && with.contains(&[EMAIL, "\n", added[0]].concat()), "{locale}: {with}");
    }
}

#[test]
fn another_message_and_none() {
    let texts = json!({ "welcome": { "en": { "subject": "Welcome", "text": "W", "sms": "W" } }, "fr": { "fr": { "text": "F", "subject": "F", "sms": "F" } } });
    let config = knowing(&[("/messages", texts)]);
    let decide = |envelope: Value| decide_both(&with_x_state(&sealed(envelope)), &config);
    let welcome = decide(json!({ "message": "welcome" }));
    assert_eq!([&welcome["message"], &message(&welcome)["subject"]], ["welcome", "Welcome"]);
    for name in ["", "welcom", "fr", "__proto__", "password"] {
        let other = decide(json!({ "message": name, "suppress": true }));
        assert_eq!((ignored(&other), &other["message"]), ("names no message", &json!("invite")), "{name}");
    }
    let none = decide(json!({ "suppress": true }));
    assert_eq!(outcome(&none), "skip suppressed");
    assert_eq!([&none["detail"], &none["rule"]], [&json!("the envelope asks for no message"), &json!(0)]);
    assert_eq!(outcome(&decide(json!({ "suppress": false }))), "send");
    // An event that no rule meets is none of its business.
    let own = with(with_x_state(&sealed(json!({ "suppress": true }))), &[("/context/triggered_by", json!("user"))]);
    assert_eq!(outcome(&decide_both(&own, &config)), "skip triggered_by");
}

#[test]
fn it_cannot_speak_where_only_the_configuration_may() {
    let html = |html: &str| json!({ "invite": { "en": { "subject": "S", "text": "T", "html": html } } });
    for (template, sound) in [("<p>{team}</p>", true), ("{&team}", false), ("<a href={team}>", false)] {
        let vars = ("/vars", json!({ "team": "everybody" }));
        let decision = decide_both(&event(), &knowing(&[("/messages", html(template)), vars]));
        assert_eq!(decision["type"] == "send", sound, "{template}: {decision}");
    }
    let hostile = "\"><script>alert(1)</script>\r\nBcc: eve@evil.example\u{202e}{url}{&url}";
    let envelope = json!({ "name": hostile, "inviter": hostile, "values": { "team": hostile, "plan": hostile } });
    let template = "<p title=\"{team}\">{name}{inviter}{plan}</p>";
    let messages =
        json!({ "invite": { "en": { "subject": "{name}{inviter}{team}", "text": "{plan}", "html": template } } });
    let decision = decide_both(&with_x_state(&sealed(envelope)), &knowing(&[("/messages", messages)]));
    let message = message(&decision);
    assert!(!text(&message["html"]).contains("<script"), "{message}");
    assert!(!text(&message["subject"]).contains(['\r', '\n', '\u{202e}']), "{message}");
    assert!(text(&message["subject"]).contains("{url}{&url}"), "a value is never read as a template: {message}");
    assert_eq!(message["to"], EMAIL);
}

#[test]
fn the_boundary_asks_only_for_what_could_be_an_envelope() {
    let asked = |x_state: &str, config: &Value| {
        let input = json!({ "event": with_x_state(x_state), "config": config, "builtin": built_in() });
        read_json(authgear_invite::text::decide(&input.to_string()).lines().next().unwrap())
    };
    let x_state = sealed(json!({ "name": "Ada" }));
    let (payload, _) = x_state.rsplit_once('.').unwrap();
    let signed = format!("authgear-invite.envelope.v1\n{EMAIL}\n{payload}");
    assert_eq!(asked(&x_state, &knowing(&[])), json!({ "type": "seal", "text": signed }));
    for other in ["", "x", &x_state[1..], &x_state[..x_state.len() - 1], &"x".repeat(65)] {
        assert_eq!(asked(other, &knowing(&[]))["type"], "send", "{other}");
    }
    for seals in [json!([]), json!([""]), json!([null, x_state, &x_state[x_state.len() - 63..]])] {
        let input =
            json!({ "event": with_x_state(&x_state), "config": knowing(&[]), "builtin": built_in(), "seals": seals });
        assert_eq!(ignored(&decide_text(&input.to_string())), "signature", "{seals}");
    }
    assert_eq!(asked(&x_state, &config())["type"], "send");
    assert_eq!(asked(&x_state, &knowing(&[("/url", json!("x"))]))["type"], "invalid", "what is wrong comes first");
}

#[test]
fn deep_and_huge_ones_are_refused_or_read() {
    let deep = format!("{{\"v\":1,\"exp\":{},\"values\":{}{}}}", TIMESTAMP + 60, "[".repeat(100), "]".repeat(100));
    assert_eq!(ignored(&decide_on(&seal(&deep))), "malformed");
    let huge = "x".repeat(1 << 20);
    assert_eq!(decide_on(&sealed(json!({ "name": huge })))["warnings"], json!([]));
    assert_eq!(ignored(&decide_on(&sealed(json!({ "values": { huge: "" } })))), "names no placeholder");
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn any_x_state_is_ignored_with_its_reason(x_state in r#"\PC{1,80}|\{\PC{0,20}\}\.[0-9a-f]{64}|[\x00-\x7f]{65,70}"#) {
        let decision = decide_on(&x_state);
        prop_assert!(["malformed", "signature"].contains(&ignored(&decision)), "{}", decision);
    }

    #[test]
    fn any_payload_of_somebody_who_may_seal_is_read_or_ignored(payload in r#"\{("(v|exp|name|values|message|x)":("\PC{0,5}"|[0-9]{0,12}|\{\}|null),?){0,4}\}"#) {
        let decision = decide_on(&seal(&payload));
        prop_assert_eq!(&decision["type"], "send");
        prop_assert!(ignored(&decision) != "signature");
    }

    #[test]
    fn one_changed_character_is_noticed(at in 0_usize..1000, to in "[ -~]") {
        let x_state = sealed(json!({ "name": "Ada", "inviter": "Grace", "suppress": true }));
        let at = at % x_state.len();
        let changed = [&x_state[..at], &to, &x_state[at + 1..]].concat();
        prop_assume!(changed != x_state);
        prop_assert_eq!(&decide_on(&changed)["type"], "send");
    }
}
