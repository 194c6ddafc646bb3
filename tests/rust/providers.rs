//! What the providers' answers mean, what their requests say, and the keys that prevent a second message.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, reason = "tests")]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use support::*;

const EMAIL_PROVIDERS: [&str; 8] =
    ["resend", "sendgrid", "postmark", "mailgun", "brevo", "mailjet", "ses", "sparkpost"];
const SMS_PROVIDERS: [&str; 4] = ["twilio", "vonage", "messagebird", "bird"];

fn providers() -> impl Iterator<Item = &'static str> {
    EMAIL_PROVIDERS.into_iter().chain(SMS_PROVIDERS).chain(["custom"])
}

/// `VERDICT DETAIL`; `None` stands for a body that could not be read whole.
fn verdict(provider: &str, status: i64, body: Option<&str>) -> String {
    told(&classify(provider, status, None, body))
}

fn told(verdict: &Value) -> String {
    let name = text(&verdict["verdict"]);
    let detail = text(&verdict[if name == "sent" { "id" } else { "detail" }]);
    format!("{name} {detail}").trim_end().to_owned()
}

#[track_caller]
fn means(provider: &str, rows: &[(i64, Option<&str>, &str)]) {
    for (status, body, expected) in rows {
        assert_eq!(verdict(provider, *status, *body), *expected, "{provider} {status} {body:?}");
    }
}

/// The statuses that mean the same with everybody.
#[test]
fn statuses() {
    for provider in providers() {
        for body in [Some(""), Some("{}"), Some("<html>gateway</html>"), None] {
            // 406 and 420 are a recipient's and an account's limits.
            for status in [301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 415, 420, 422, 451] {
                assert_eq!(verdict(provider, status, body), format!("refused {status}"), "{provider}");
            }
            for status in [408, 425, 429, 503] {
                assert_eq!(verdict(provider, status, body), format!("retry {status}"), "{provider}");
            }
            // It may have failed behind the sending.
            for status in [500, 501, 502, 504, 520, 524, 599] {
                assert_eq!(verdict(provider, status, body), format!("unknown {status}"), "{provider}");
            }
        }
    }
}

#[test]
fn resend() {
    means(
        "resend",
        &[
            (
                200,
                Some(r#"{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}"#),
                "sent 49a3999c-0ce1-4ea6-ab68-afcd6dc2e794",
            ),
            (200, Some("{}"), "unknown 200"),
            (200, Some("<html>"), "unknown 200"),
            // Cut off, with or without a length that says so.
            (200, Some(r#"{"id":"49a3"#), "unknown 200"),
            (200, Some(""), "unknown 200"),
            (200, Some(r#"{"id":null}"#), "unknown 200"),
            (200, None, "unknown 200"),
            (409, Some(r#"{"name":"concurrent_idempotent_requests"}"#), "retry 409 concurrent_idempotent_requests"),
            (409, Some(r#"{"name":"invalid_idempotent_request"}"#), "refused 409 invalid_idempotent_request"),
            (429, Some(r#"{"name":"rate_limit_exceeded"}"#), "retry 429 rate_limit_exceeded"),
            (429, Some(r#"{"name":"daily_quota_exceeded"}"#), "refused 429 daily_quota_exceeded"),
            (429, Some(r#"{"name":"monthly_quota_exceeded"}"#), "refused 429 monthly_quota_exceeded"),
            (422, Some(r#"{"name":"missing_required_field"}"#), "refused 422 missing_required_field"),
            (500, Some(r#"{"name":"application_error"}"#), "unknown 500 application_error"),
        ],
    );
}

#[test]
fn sendgrid() {
    means(
        "sendgrid",
        &[
            (202, Some(""), "sent"),
            (200, Some(""), "sent"),
            (202, None, "sent"),
            (400, Some(r#"{"errors":[{"message":"m","field":"from.email"}]}"#), "refused 400 from.email"),
            (403, Some(r#"{"errors":[{"message":"m","field":null}]}"#), "refused 403"),
        ],
    );
}

#[test]
fn postmark() {
    let body = |code: u32| json!({ "To": EMAIL, "MessageID": "0a1b-2c", "ErrorCode": code }).to_string();
    means(
        "postmark",
        &[
            (200, Some(&body(0)), "sent 0a1b-2c"),
            // Failures under 2xx.
            (200, Some(&body(406)), "refused 200 406"),
            (200, Some(&body(300)), "refused 200 300"),
            (200, Some("{}"), "unknown 200"),
            (200, None, "unknown 200"),
            (422, Some(&body(406)), "refused 422 406"),
            (422, Some(&body(100)), "retry 422 100"),
            (503, Some(&body(100)), "retry 503 100"),
            (429, Some(&body(429)), "retry 429 429"),
        ],
    );
}

#[test]
fn mailgun() {
    means(
        "mailgun",
        &[
            (200, Some(r#"{"id":"<20260901.1@mg.acme.example>"}"#), "sent <20260901.1@mg.acme.example>"),
            // What a wrong path answers.
            (200, Some("Mailgun Magnificent API"), "unknown 200"),
            (200, Some("{}"), "unknown 200"),
            (200, None, "unknown 200"),
            (401, Some("Forbidden"), "refused 401"),
            (429, Some(r#"{"message":"try again after Mon"}"#), "retry 429"),
        ],
    );
}

#[test]
fn brevo() {
    means(
        "brevo",
        &[
            (201, Some(r#"{"messageId":"<1@relay.example>"}"#), "sent <1@relay.example>"),
            (201, None, "sent"),
            // A repetition under a key that was taken.
            (400, Some(r#"{"code":"duplicate_parameter"}"#), "sent"),
            (409, Some(r#"{"code":"duplicate_request"}"#), "sent"),
            (400, Some(r#"{"code":"invalid_parameter"}"#), "refused 400 invalid_parameter"),
            (402, Some(r#"{"code":"not_enough_credits"}"#), "refused 402 not_enough_credits"),
        ],
    );
}

#[test]
fn mailjet() {
    let success = r#"{"Messages":[{"Status":"success","To":[{"Email":"a@b.example","MessageUUID":"1ab2","MessageID":9007199254740993}]}]}"#;
    let error = r#"{"Messages":[{"Status":"error","Errors":[{"ErrorCode":"send-0008","StatusCode":403}]}]}"#;
    means(
        "mailjet",
        &[
            (200, Some(success), "sent 1ab2"),
            // Each message has a status of its own.
            (200, Some(error), "refused 200 send-0008"),
            (200, Some(r#"{"Messages":[]}"#), "unknown 200"),
            (200, None, "unknown 200"),
            (400, Some(error), "refused 400 send-0008"),
        ],
    );
}

#[test]
fn ses() {
    means("ses", &[(200, Some(r#"{"MessageId":"0100-000000"}"#), "sent 0100-000000"), (200, None, "sent")]);
    // The one provider whose code is in a header.
    for (status, error_type, expected) in [
        (400, "ThrottlingException", "retry 400 ThrottlingException"),
        (400, "ThrottlingException:http://internal.amazon.example/x", "retry 400 ThrottlingException"),
        (400, "MessageRejected", "refused 400 MessageRejected"),
        (400, "BadRequestException:", "refused 400 BadRequestException"),
        (403, "InvalidSignatureException", "refused 403 InvalidSignatureException"),
        (429, "TooManyRequestsException", "retry 429 TooManyRequestsException"),
    ] {
        let body = r#"{"message":"to ada@acme.example"}"#;
        assert_eq!(told(&classify("ses", status, Some(error_type), Some(body))), expected);
    }
}

#[test]
fn sparkpost() {
    let results = |accepted: u32, rejected: u32| {
        json!({ "results": { "id": "11668787484950529", "total_accepted_recipients": accepted,
                "total_rejected_recipients": rejected } })
        .to_string()
    };
    let error = |code: &str| json!({ "errors": [{ "message": "m", "code": code }] }).to_string();
    means(
        "sparkpost",
        &[
            (200, Some(&results(1, 0)), "sent 11668787484950529"),
            (200, Some(&results(0, 1)), "refused 200"),
            (200, Some("{}"), "unknown 200"),
            (200, None, "unknown 200"),
            (409, Some(&error("1601")), "retry 409 1601"),
            (409, Some(&error("1600")), "refused 409 1600"),
            (400, Some(&error("1602")), "refused 400 1602"),
            (420, Some(&error("2101")), "refused 420 2101"),
        ],
    );
}

#[test]
fn sms() {
    means(
        "twilio",
        &[
            (201, Some(r#"{"sid":"SM1","status":"queued"}"#), "sent SM1"),
            (201, None, "sent"),
            (400, Some(r#"{"code":21211,"message":"to +852 51234567"}"#), "refused 400 21211"),
            (429, Some(r#"{"code":20429}"#), "retry 429 20429"),
            (500, Some(r#"{"code":20500}"#), "unknown 500 20500"),
        ],
    );
    means(
        "vonage",
        &[
            (202, Some(r#"{"message_uuid":"aaaa-bbbb"}"#), "sent aaaa-bbbb"),
            (202, None, "sent"),
            (422, Some(r#"{"title":"Invalid params","detail":"to +85251234567"}"#), "refused 422"),
        ],
    );
    means(
        "messagebird",
        &[
            (201, Some(r#"{"id":"e8077d803532c0b5937c639b60216938"}"#), "sent e8077d803532c0b5937c639b60216938"),
            (201, Some("{}"), "unknown 201"),
            (201, None, "unknown 201"),
            (422, Some(r#"{"errors":[{"code":9,"parameter":"to"}]}"#), "refused 422 9"),
        ],
    );
    means(
        "bird",
        &[
            (202, Some(r#"{"id":"msg_1","status":"accepted"}"#), "sent msg_1"),
            (202, None, "sent"),
            (409, Some(r#"{"error":{"code":"E01004"}}"#), "retry 409 E01004"),
            (409, Some(r#"{"error":{"code":"E01005"}}"#), "refused 409 E01005"),
            (503, Some(r#"{"error":{"code":"E01033"}}"#), "retry 503 E01033"),
        ],
    );
}

/// Where the status is proof, a body that could not be read is no doubt, but one of somebody else is.
#[test]
fn a_2xx_of_somebody_else_proves_nothing() {
    for (provider, status) in
        [("sendgrid", 202), ("brevo", 201), ("ses", 200), ("twilio", 201), ("vonage", 202), ("bird", 202)]
    {
        let unknown = format!("unknown {status}");
        let rows: [(Option<&str>, &str); 6] = [
            (Some("<!doctype html><title>Welcome</title>"), &unknown),
            (Some(r#"{"ok":true}"#), &unknown),
            (Some("[]"), &unknown),
            (Some(r#"{"id":"#), "sent"),
            (Some(""), "sent"),
            (None, "sent"),
        ];
        for (body, expected) in rows {
            assert_eq!(verdict(provider, status, body), expected, "{provider} {body:?}");
        }
    }
}

#[test]
fn custom_senders_and_unknown_ones_are_judged_by_status() {
    for provider in ["custom", "", "new"] {
        means(
            provider,
            &[
                (200, Some("anything"), "sent"),
                (204, None, "sent"),
                (400, Some(r#"{"code":"x"}"#), "refused 400"),
                (429, Some(""), "retry 429"),
                (500, Some(""), "unknown 500"),
            ],
        );
    }
}

#[test]
fn what_is_no_answer_is_never_sent() {
    for provider in providers() {
        for status in [-1, 0, 1, 100, 101, 199, 999] {
            let verdict = verdict(provider, status, Some("{}"));
            assert!(!verdict.starts_with("sent"), "{provider} {status}: {verdict}");
        }
    }
    for input in ["", "{", "null", "[]", "{}", r#"{"provider":7,"status":"200","errorType":[],"body":{}}"#] {
        let verdict = read_json(&authgear_invite::text::classify(input));
        assert_ne!(verdict["verdict"], "sent", "{input}");
    }
}

/// Only what a machine wrote for machines.
fn is_safe(verdict: &Value) -> bool {
    let detail = text(&verdict["detail"]);
    let (status, code) = detail.split_once(' ').unwrap_or((detail, "0"));
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    verdict["verdict"] == "sent"
        || (status.bytes().all(|b| b.is_ascii_digit()) && code.len() <= 128 && code.bytes().all(plain))
}

/// A body with this code, wherever a provider looks for one.
fn everywhere(code: &Value) -> String {
    json!({
        "name": code, "code": code, "ErrorCode": code, "message": code,
        "errors": [{ "field": code, "code": code }],
        "error": { "code": code },
        "Messages": [{ "Status": "error", "Errors": [{ "ErrorCode": code }] }]
    })
    .to_string()
}

#[test]
fn prose_is_not_logged() {
    for code in [
        json!("to ada@acme.example"),
        json!("ada@acme.example"),
        json!("+85251234567 is invalid"),
        json!("a\nb"),
        json!("x".repeat(200)),
        json!(["a"]),
        json!({ "a": "b" }),
        json!(null),
    ] {
        for provider in providers() {
            let verdict = classify(provider, 400, None, Some(&everywhere(&code)));
            assert_eq!(told(&verdict), "refused 400", "{provider} {code}");
        }
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn every_detail_is_safe_to_log(provider in prop::sample::select(providers().collect::<Vec<_>>()),
                                   status in 0_i64..1000, code in any::<String>(), whole in any::<bool>()) {
        let body = if whole { everywhere(&json!(code)) } else { code };
        let verdict = classify(provider, status, None, Some(&body));
        prop_assert!(is_safe(&verdict), "{}", verdict);
    }

    #[test]
    fn so_is_one_from_a_header(status in 400_i64..600, error_type in "[ -~]{0,40}") {
        let verdict = classify("ses", status, Some(&error_type), Some("{}"));
        prop_assert!(is_safe(&verdict), "{}", verdict);
    }
}

fn key(event: &Value, config: &Value) -> String {
    text(&decide_in_english(event, config)["key"]).to_owned()
}

#[test]
fn the_same_event_has_the_same_key() {
    let key_of = |event: &Value| key(event, &config());
    assert_eq!(key_of(&event()), "authgear-invite.0000000000012a5f.1788251400.0.email");
    // A redelivery, and what is no part of which message it is.
    for (pointer, value) in [
        ("/seq", json!(1)),
        ("/payload/user/standard_attributes/name", json!("Eve")),
        ("/payload/user/roles", json!([])),
        ("/context/ip_address", json!("203.0.113.8")),
    ] {
        assert_eq!(key_of(&with(event(), &[(pointer, value)])), key_of(&event()), "{pointer}");
    }
}

#[test]
fn other_messages_have_other_keys() {
    let second_rule = json!([{ "on": "user.disabled" }, { "on": "user.created" }]);
    let both = event_of(json!([email(EMAIL), phone(PHONE)]), json!({}));
    let sms = json!(["sms"]);
    let to_admin = with(config(), &[("/unreachable", json!({ "email": "it@acme.example" }))]);
    let no_id = without(event(), "/id");
    let keys = [
        key(&event(), &config()),
        key(&with(event(), &[("/id", json!("0000000000012a60"))]), &config()),
        key(&with(event(), &[("/context/timestamp", json!(TIMESTAMP + 1))]), &config()),
        key(&event(), &with(config(), &[("/rules", second_rule)])),
        key(&both, &with(config(), &[("/channels", sms)])),
        key(&username_event(), &to_admin),
        // Without an id, the user stands in for it.
        key(&no_id, &config()),
        key(&with(no_id, &[("/payload/user/id", json!("b")), ("/context/user_id", json!("b"))]), &config()),
    ];
    for key in &keys {
        assert!(key.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{key}");
    }
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{keys:?}");
}

#[test]
fn keys_stay_within_what_providers_take() {
    for id in ["x".repeat(10_000), "é\r\n\"".repeat(1_000), String::new()] {
        let key = key(&with(event(), &[("/id", json!(id))]), &config());
        assert!((1..=255).contains(&key.len()) && key.is_ascii(), "{key}");
    }
    let key = key(&with(event(), &[("/id", json!("aZ09-_. /é"))]), &config());
    assert!(key.starts_with("authgear-invite.aZ09-_.1788251400."), "{key}");
}

/// The request of each provider for a mail or an SMS.
fn requests(event: &Value, config: &Value) -> Vec<Value> {
    decide_in_english(event, config)["attempts"].as_array().unwrap()[1..].to_vec()
}

fn all_requests() -> Vec<Value> {
    [requests(&event(), &full_config()), requests(&phone_event(), &full_config())].concat()
}

#[test]
fn requests_go_to_their_provider_with_the_key_where_it_is_honoured() {
    let key = |channel| format!("authgear-invite.0000000000012a5f.1788251400.0.{channel}");
    for (attempt, (provider, url, seconds)) in all_requests().iter().zip([
        ("resend", "https://api.resend.com/emails", 86_400),
        ("sendgrid", "https://api.sendgrid.com/v3/mail/send", 0),
        ("postmark", "https://api.postmarkapp.com/email", 0),
        ("mailgun", "https://api.mailgun.net/v3/mg.acme.example/messages", 0),
        ("brevo", "https://api.brevo.com/v3/smtp/email", 1_800),
        ("mailjet", "https://api.mailjet.com/v3.1/send", 0),
        ("ses", "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails", 0),
        ("sparkpost", "https://api.sparkpost.com/api/v1/transmissions", 86_400),
        ("twilio", "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json", 0),
        ("vonage", "https://api.nexmo.com/v1/messages", 0),
        ("messagebird", "https://rest.messagebird.com/messages", 0),
        ("bird", "https://eu1.platform.bird.com/v1/sms/messages", 10_800),
    ]) {
        let (request, channel) = (&attempt["request"], if SMS_PROVIDERS.contains(&provider) { "sms" } else { "email" });
        assert_eq!(attempt["provider"], provider);
        assert_eq!((&request["url"], &request["method"]), (&json!(url), &json!("POST")));
        assert_eq!(attempt["keySeconds"], seconds, "{provider}");
        let in_header = ["resend", "sparkpost", "bird"].contains(&provider);
        let expected = if in_header { json!(key(channel)) } else { Value::Null };
        assert_eq!(request["headers"]["Idempotency-Key"], expected, "{provider}");
        assert_eq!(attempt["idHeader"], if provider == "sendgrid" { json!("x-message-id") } else { Value::Null });
        let sign = if provider == "ses" { json!({ "service": "ses", "region": "eu-west-1" }) } else { Value::Null };
        assert_eq!(attempt["sign"], sign);
        // SES's secret is for the signature alone.
        assert_eq!(
            request.to_string().contains("KEY"),
            !["ses", "mailgun", "mailjet", "twilio", "vonage"].contains(&provider)
        );
    }
}

#[test]
fn basic_authentication_carries_both_halves() {
    for (provider, pair) in [
        ("mailgun", "YXBpOktFWQ=="), // api:KEY
        ("mailjet", "S0VZOktFWQ=="), // KEY:KEY
        ("twilio", "QUMxOktFWQ=="),  // AC1:KEY
        ("vonage", "S0VZOktFWQ=="),  // KEY:KEY
    ] {
        let requests = all_requests();
        let attempt = requests.iter().find(|attempt| attempt["provider"] == provider).unwrap();
        assert_eq!(attempt["request"]["headers"]["Authorization"], format!("Basic {pair}"), "{provider}");
    }
}

#[test]
fn an_endpoint_replaces_scheme_host_and_port() {
    let mut config = full_config();
    for channel in ["email", "sms"] {
        for sender in config[channel].as_array_mut().unwrap() {
            sender["endpoint"] =
                json!(if channel == "sms" { "http://127.0.0.1:8025" } else { "http://127.0.0.1:8025/" });
        }
    }
    let moved = [requests(&event(), &config), requests(&phone_event(), &config)].concat();
    for (moved, original) in moved.iter().zip(all_requests()) {
        let path = text(&original["request"]["url"]).splitn(4, '/').last().unwrap().to_owned();
        assert_eq!(moved["request"]["url"], format!("http://127.0.0.1:8025/{path}"));
        assert_eq!(moved["request"]["body"], original["request"]["body"]);
    }
}

#[test]
fn a_sender_without_a_name_has_none() {
    for (from, name) in [("Acme <hello@acme.example>", json!("Acme")), ("hello@acme.example", Value::Null)] {
        let mut config = full_config();
        for sender in config["email"].as_array_mut().unwrap() {
            sender["from"] = json!(from);
        }
        let requests = requests(&event(), &config);
        let body_of = |provider| body(requests.iter().find(|attempt| attempt["provider"] == provider).unwrap());
        assert_eq!(body_of("sendgrid")["from"]["name"], name);
        assert_eq!(body_of("brevo")["sender"]["name"], name);
        assert_eq!(body_of("resend")["from"], from);
    }
}

#[test]
fn birds_region_is_in_its_key() {
    for (key, region) in [("bk_eu1_KEY", "eu1"), ("KEY", "us1"), ("bk__KEY", "us1"), ("bk_e.u_KEY", "us1")] {
        let mut config = full_config();
        for sender in config["sms"].as_array_mut().unwrap() {
            if sender["provider"] == "bird" {
                sender["apiKey"] = json!(key);
            }
        }
        let requests = requests(&phone_event(), &config);
        let bird = requests.iter().find(|attempt| attempt["provider"] == "bird").unwrap();
        assert_eq!(bird["request"]["url"], format!("https://{region}.platform.bird.com/v1/sms/messages"), "{key}");
    }
}

#[test]
fn brevos_key_is_a_uuid() {
    let uuid = |event: &Value| {
        let requests = requests(event, &full_config());
        let attempt = requests.iter().find(|attempt| attempt["provider"] == "brevo").unwrap();
        text(&body(attempt)["headers"]["idempotencyKey"]).to_owned()
    };
    let mut seen = BTreeSet::new();
    for i in 0..300 {
        let event = with(event(), &[("/id", json!(format!("{i:016x}")))]);
        let uuid = uuid(&event);
        let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{uuid}");
        assert!(uuid.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-')), "{uuid}");
        assert_eq!(&uuid[14..15], "8", "{uuid}: the version");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}: the variant");
        assert!(seen.insert(uuid), "no two keys have one UUID");
    }
    assert_eq!(uuid(&event()), uuid(&event()));
}

/// Tracking would rewrite the link; an autoresponder must not answer.
#[test]
fn nothing_is_tracked_and_nobody_is_asked_to_answer() {
    for attempt in requests(&event(), &full_config()) {
        let text = body(&attempt).to_string();
        assert!(text.contains("auto-generated"), "{attempt}");
        let off: &[&str] = match support::text(&attempt["provider"]) {
            "sendgrid" => {
                &[r#""click_tracking":{"enable":false,"enable_text":false}"#, r#""open_tracking":{"enable":false}"#]
            }
            "postmark" => &[r#""TrackLinks":"None""#, r#""TrackOpens":false"#],
            "mailgun" => &[r#""o:tracking":"no""#, r#""o:tracking-clicks":"no""#, r#""o:tracking-opens":"no""#],
            "mailjet" => &[r#""TrackClicks":"disabled""#, r#""TrackOpens":"disabled""#],
            "ses" => &[r#""ClickTrackingEnabled":"DISABLED""#, r#""OpenTrackingEnabled":"DISABLED""#],
            "sparkpost" => {
                &[r#""click_tracking":false"#, r#""open_tracking":false"#, r#""perform_substitutions":false"#]
            }
            _ => &[],
        };
        for setting in off {
            assert!(text.contains(setting), "{setting} in {text}");
        }
    }
}

proptest! {
    #![proptest_config(cases(192))]

    /// Whatever the texts and names of the configuration are, the bodies are read back as they were meant.
    #[test]
    fn bodies_carry_any_text(subject in "[^\\p{Cc}{}]{1,40}", text in any::<String>(), service in "[^\\p{Cc}]{1,20}",
                             name in "[^\\p{Cc}<>\"\\\\]{0,20}") {
        let text = ["x", &text.replace('{', "(")].concat();
        let from = format!("\"{name}\" <no-reply@acme.example>");
        let mut config = with(full_config(), &[
            ("/serviceName", json!(service)),
            ("/messages", json!({ "invite": { "en": { "subject": format!("s{subject}"), "text": text, "sms": text } } })),
        ]);
        for sender in config["email"].as_array_mut().unwrap() {
            sender["from"] = json!(from);
            sender["replyTo"] = json!(from);
        }
        for event in [event(), phone_event()] {
            let decision = decide_in_english(&event, &config);
            prop_assert_eq!(&decision["type"], "send", "{}", decision);
            let attempts = decision["attempts"].as_array().unwrap();
            let first = sent(&attempts[0]);
            for attempt in attempts {
                let sent = sent(attempt);
                prop_assert_eq!(&sent.text, &first.text);
                prop_assert_eq!(sent.to.len(), 1);
                if decision["channel"] == "email" {
                    prop_assert_eq!((&sent.subject, &sent.html, &sent.to), (&first.subject, &first.html, &first.to));
                    prop_assert_eq!(sent.from.len(), 1);
                    prop_assert!(sent.from[0].contains("no-reply@acme.example") && !sent.from[0].contains(['\r', '\n']));
                }
            }
        }
    }
}

/// A body is whole or there is none: never an empty one.
#[test]
fn long_messages_are_carried_whole_or_not_at_all() {
    for (unit, times) in
        [("a", 100_000), ("a", 200_000), ("a\n", 120_000), ("漢", 40_000), ("\"", 120_000), ("a", 300_000)]
    {
        let long = unit.repeat(times);
        for (part, event) in [("text", event()), ("html", event()), ("sms", phone_event())] {
            let messages = json!({ "invite": { "en": { part: long } } });
            let decision = decide_in_english(&event, &with(full_config(), &[("/messages", messages)]));
            for attempt in decision["attempts"].as_array().into_iter().flatten() {
                let label = format!("{unit:?} × {times} in {part} for {}", attempt["provider"]);
                assert_ne!(attempt["request"]["body"], "", "{label}");
                let sent = sent(attempt);
                let carried = if part == "html" { &sent.html } else { &sent.text };
                assert!(carried[0].trim_end() == long.trim_end(), "{label}");
            }
        }
    }
}
