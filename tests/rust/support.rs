//! What the tests share: events as Authgear makes them, a configuration, requests read back, and the core behind its
//! JSON boundary. All people and domains are invented.
#![allow(dead_code, reason = "each test takes what it needs")]

use serde_json::{Map, Value, json};
use std::sync::OnceLock;

pub const USER_ID: &str = "7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11";
pub const TIMESTAMP: i64 = 1_788_251_400;
pub const EMAIL: &str = "Ada.Lovelace@acme.example";
pub const PHONE: &str = "+85251234567";
pub const USERNAME: &str = "ada_l";
pub const FROM: &str = "Acme <no-reply@acme.example>";

const CLAIM: &str = "https://authgear.com/claims/";

/// The core's decision on an event, with the built-in texts of every locale.
pub fn decide(event: &Value, config: &Value) -> Value {
    decide_with(event, config, built_in())
}

/// The same with the English texts alone, which is faster.
pub fn decide_in_english(event: &Value, config: &Value) -> Value {
    decide_with(event, config, &json!({ "en": built_in()["en"] }))
}

pub fn decide_with(event: &Value, config: &Value, built_in: &Value) -> Value {
    decide_text(&json!({ "event": event, "config": config, "builtin": built_in }).to_string())
}

/// Whatever goes in, JSON of one of the three kinds comes out.
pub fn decide_text(input: &str) -> Value {
    let decision = read_decision(&authgear_invite::text::decide(input));
    assert!(["skip", "invalid", "send"].contains(&text(&decision["type"])), "{decision}");
    decision
}

/// A line of JSON, and a line for the body of each attempt's request.
pub fn read_decision(text: &str) -> Value {
    let mut lines = text.split('\n');
    let mut decision = read_json(lines.next().unwrap());
    for attempt in decision["attempts"].as_array_mut().into_iter().flatten() {
        let body = lines.next().unwrap();
        match attempt["request"].as_object_mut() {
            Some(request) => _ = request.insert("body".to_owned(), Value::from(body)),
            None => assert_eq!(body, ""),
        }
    }
    assert_eq!(lines.next(), None, "{text}");
    decision
}

pub fn classify(provider: &str, status: i64, error_type: Option<&str>, body: Option<&str>) -> Value {
    let reply = json!({ "provider": provider, "status": status, "errorType": error_type, "body": body });
    read_json(&authgear_invite::text::classify(&reply.to_string()))
}

pub fn read_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A configuration and built-in texts, read once.
#[cfg(feature = "npm")]
pub fn engine(config: &Value, built_in: &Value) -> authgear_invite::engine::Engine {
    use authgear_invite::json::Json;

    let texts = [config.to_string(), built_in.to_string()];
    authgear_invite::engine::Engine::new(|arena| {
        Ok::<_, std::convert::Infallible>(
            texts.each_ref().map(|text| Json::parse(arena.text(text.clone()), arena).unwrap()),
        )
    })
    .unwrap()
}

/// `src/locales/*.json`, by locale.
pub fn built_in() -> &'static Value {
    static BUILT_IN: OnceLock<Value> = OnceLock::new();
    BUILT_IN.get_or_init(|| {
        let mut locales = Map::new();
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/locales")).unwrap() {
            let path = entry.unwrap().path();
            let locale = path.file_stem().unwrap().to_str().unwrap().to_owned();
            locales.insert(locale, read_json(&std::fs::read_to_string(path).unwrap()));
        }
        Value::Object(locales)
    })
}

/// The string, or an empty one.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// `send`, `skip REASON` or `invalid`: a decision in a word.
pub fn outcome(decision: &Value) -> String {
    let kind = text(&decision["type"]);
    if kind == "skip" { format!("skip {}", text(&decision["reason"])) } else { kind.to_owned() }
}

/// What the first sender, a custom one, is given.
pub fn message(decision: &Value) -> &Value {
    assert_eq!(decision["type"], "send", "{decision}");
    &decision["attempts"][0]["message"]
}

/// `user.created` with every member that Authgear fills in: an admin made an account for an e-mail address.
pub fn event() -> Value {
    json!({
        "id": "0000000000012a5f",
        "seq": 76_383,
        "type": "user.created",
        "payload": {
            "user": {
                "id": USER_ID,
                "created_at": "2026-09-01T08:30:00.123456789Z",
                "updated_at": "2026-09-01T08:30:00.123456789Z",
                "last_login_at": null,
                "is_anonymous": false,
                "is_verified": false,
                "is_disabled": false,
                "disable_reason": null,
                "is_deactivated": false,
                "delete_at": null,
                "is_anonymized": false,
                "account_valid_from": "2026-01-01T00:00:00Z",
                "account_valid_until": "2126-01-01T00:00:00.5Z",
                "can_reauthenticate": true,
                "standard_attributes": { "email": EMAIL, "email_verified": false, "name": "Ada Lovelace" },
                "custom_attributes": { "team": "Analytics" },
                "roles": ["reader"],
                "groups": ["london"],
                "x_web3": {}
            },
            "identities": [email(EMAIL)]
        },
        "context": {
            "timestamp": TIMESTAMP,
            "user_id": USER_ID,
            "triggered_by": "admin_api",
            "audit_context": { "http_url": "https://acme.authgear.example/_api/admin/graphql" },
            "preferred_languages": [],
            "language": "en",
            "ip_address": "203.0.113.7",
            "geo_location_code": "HK",
            "user_agent": "acme-backoffice/2.1",
            "app_id": "acme",
            "client_id": "back-office",
            "tracking_id": null
        }
    })
}

/// The event with other identities and standard attributes.
pub fn event_of(identities: Value, attributes: Value) -> Value {
    with(event(), &[("/payload/identities", identities), ("/payload/user/standard_attributes", attributes)])
}

pub fn phone_event() -> Value {
    event_of(json!([phone(PHONE)]), json!({ "phone_number": PHONE }))
}

pub fn username_event() -> Value {
    event_of(json!([username(USERNAME)]), json!({ "preferred_username": USERNAME }))
}

pub fn email(typed: &str) -> Value {
    login_id("email", "email", typed, &typed.to_lowercase())
}

pub fn phone(typed: &str) -> Value {
    login_id("phone", "phone_number", typed, typed)
}

pub fn username(typed: &str) -> Value {
    login_id("username", "preferred_username", typed, typed)
}

/// A login ID as typed and as Authgear normalised it.
pub fn login_id(kind: &str, claim: &str, typed: &str, normalised: &str) -> Value {
    let mut claims = Map::new();
    for (name, value) in [("key", kind), ("type", kind), ("value", normalised), ("original_value", typed)] {
        claims.insert([CLAIM, "login_id/", name].concat(), json!(value));
    }
    claims.insert(claim.to_owned(), json!(normalised));
    identity("login_id", Value::Object(claims))
}

pub fn oauth(email: &str) -> Value {
    let provider = [CLAIM, "oauth/provider_type"].concat();
    identity("oauth", json!({ "email": email, provider: "google" }))
}

pub fn identity(kind: &str, claims: Value) -> Value {
    json!({
        "id": "0d9f2f60-1a2b-4c3d-8e4f-5a6b7c8d9e0f",
        "created_at": "2026-09-01T08:30:00.123456789Z",
        "updated_at": "2026-09-01T08:30:00.123456789Z",
        "type": kind,
        "user_id": USER_ID,
        "claims": claims
    })
}

/// The smallest configuration for both channels; custom senders show the message as it is.
pub fn config() -> Value {
    json!({
        "serviceName": "Acme",
        "url": "https://accounts.acme.example",
        "email": [{ "provider": "custom", "from": FROM }],
        "sms": [{ "provider": "custom" }]
    })
}

/// One sender of every provider, a custom one first; `KEY` stands where a secret belongs.
pub fn all_senders() -> (Value, Value) {
    let email = json!([
        { "provider": "custom", "from": FROM },
        { "provider": "resend", "from": FROM, "apiKey": "KEY" },
        { "provider": "sendgrid", "from": FROM, "apiKey": "KEY" },
        { "provider": "postmark", "from": FROM, "serverToken": "KEY" },
        { "provider": "mailgun", "from": FROM, "apiKey": "KEY", "domain": "mg.acme.example" },
        { "provider": "brevo", "from": FROM, "apiKey": "KEY" },
        { "provider": "mailjet", "from": FROM, "apiKey": "KEY", "secretKey": "KEY" },
        { "provider": "ses", "from": FROM, "region": "eu-west-1", "accessKeyId": "KEY", "secretAccessKey": "KEY",
          "sessionToken": "KEY" },
        { "provider": "sparkpost", "from": FROM, "apiKey": "KEY" }
    ]);
    let sms = json!([
        { "provider": "custom" },
        { "provider": "twilio", "from": "+15550100", "accountSid": "AC1", "authToken": "KEY" },
        { "provider": "vonage", "from": "Acme", "apiKey": "KEY", "apiSecret": "KEY" },
        { "provider": "messagebird", "from": "Acme", "accessKey": "KEY" },
        { "provider": "bird", "from": "Acme", "apiKey": "bk_eu1_KEY" }
    ]);
    (email, sms)
}

/// The configuration with every provider.
pub fn full_config() -> Value {
    let (email, sms) = all_senders();
    with(config(), &[("/email", email), ("/sms", sms)])
}

/// The value with members set at JSON pointers; objects on the way are made.
pub fn with(mut value: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, new) in changes {
        let mut place = &mut value;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            place = match step.parse::<usize>() {
                Ok(index) if place.is_array() => &mut place[index],
                _ => &mut place[&step],
            };
        }
        *place = new.clone();
    }
    value
}

/// The pointers of every member and item, the outer ones first.
pub fn pointers(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    collect_pointers(value, "", &mut all);
    all
}

fn collect_pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        _ => Vec::new(),
    };
    for (name, value) in members {
        let pointer = format!("{at}/{name}");
        all.push(pointer.clone());
        collect_pointers(value, &pointer, all);
    }
}

/// The value without the member or item at a pointer.
pub fn without(mut value: Value, pointer: &str) -> Value {
    let (parent, step) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Array(items) => {
            items.remove(step.parse().unwrap());
        }
        Value::Object(members) => {
            members.remove(&step.replace("~1", "/").replace("~0", "~"));
        }
        _ => panic!("{pointer}"),
    }
    value
}

/// Where each provider's body has sender, recipients, subject, text and HTML; `*` stands for every item.
const PLACES: [(&str, [&str; 5]); 13] = [
    ("custom", ["from", "to", "subject", "text", "html"]),
    ("resend", ["from", "to/*", "subject", "text", "html"]),
    ("sendgrid", ["from/email", "personalizations/*/to/*/email", "subject", "content/0/value", "content/1/value"]),
    ("postmark", ["From", "To", "Subject", "TextBody", "HtmlBody"]),
    ("mailgun", ["from", "to", "subject", "text", "html"]),
    ("brevo", ["sender/email", "to/*/email", "subject", "textContent", "htmlContent"]),
    (
        "mailjet",
        [
            "Messages/*/From/Email",
            "Messages/*/To/*/Email",
            "Messages/*/Subject",
            "Messages/*/TextPart",
            "Messages/*/HTMLPart",
        ],
    ),
    (
        "ses",
        [
            "FromEmailAddress",
            "Destination/ToAddresses/*",
            "Content/Simple/Subject/Data",
            "Content/Simple/Body/Text/Data",
            "Content/Simple/Body/Html/Data",
        ],
    ),
    (
        "sparkpost",
        ["content/from/email", "recipients/*/address/email", "content/subject", "content/text", "content/html"],
    ),
    ("twilio", ["From", "To", "", "Body", ""]),
    ("vonage", ["from", "to", "", "text", ""]),
    ("messagebird", ["originator", "recipients/*", "", "body", ""]),
    ("bird", ["from", "to", "", "text", ""]),
];

/// What a request says, read back from its body.
#[derive(Debug, PartialEq)]
pub struct Sent {
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub subject: Vec<String>,
    pub text: Vec<String>,
    pub html: Vec<String>,
}

pub fn sent(attempt: &Value) -> Sent {
    let provider = text(&attempt["provider"]);
    // Without the schema an unknown provider passes for a custom one.
    let (_, places) = PLACES.iter().find(|(name, _)| *name == provider).unwrap_or(&PLACES[0]);
    let body = body(attempt);
    let [from, to, subject, text, html] = places.map(|place| strings(&body, place));
    Sent { from, to, subject, text, html }
}

/// The request's body as one tree, whatever its encoding.
pub fn body(attempt: &Value) -> Value {
    if attempt["request"].is_null() {
        return attempt["message"].clone();
    }
    let body = text(&attempt["request"]["body"]);
    match text(&attempt["request"]["headers"]["Content-Type"]) {
        "application/x-www-form-urlencoded" => form(body),
        _ => read_json(body),
    }
}

/// The tree with every text emptied.
pub fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => json!(""),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        other => other.clone(),
    }
}

fn strings(value: &Value, place: &str) -> Vec<String> {
    let mut values = vec![value];
    for step in place.split('/') {
        values = values
            .into_iter()
            .flat_map(|value| match (value, step) {
                (Value::Array(items), "*") => items.iter().collect(),
                (Value::Array(items), index) => items.get(index.parse::<usize>().unwrap()).into_iter().collect(),
                (value, name) => value.get(name).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    values.into_iter().map(|value| text(value).to_owned()).collect()
}

/// A field that comes twice becomes a list.
fn add(fields: &mut Map<String, Value>, name: &str, value: String) {
    match fields.get_mut(name) {
        Some(present) => *present = json!([present.take(), value]),
        None => {
            fields.insert(name.to_owned(), json!(value));
        }
    }
}

fn form(body: &str) -> Value {
    let mut fields = Map::new();
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        add(&mut fields, &percent_decoded(name), percent_decoded(value));
    }
    Value::Object(fields)
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        assert!(byte == b'%' || byte.is_ascii_alphanumeric() || b"-._~*".contains(&byte), "{text}");
        bytes.push(if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// So many cases, and no files beside the tests.
pub fn cases(cases: u32) -> proptest::prelude::ProptestConfig {
    proptest::prelude::ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}
