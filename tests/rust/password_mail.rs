//! The mail that carries a password: in every locale, where it stands, where it never stands, and who can get it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use authgear_invite::json::Json;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::*;

const PASSWORD: &str = "r7&<p>\"'{name}%7E-5521";

fn decide_password(event: &Value, config: &Value, password: &str) -> Value {
    let event = event.to_string();
    let engine = engine(config, built_in());
    read_decision(&engine.decide_password(|arena| Json::parse(arena.text(event.clone()), arena), password))
}

/// A custom sender shows the message; both channels are there, so that a wrong choice would show.
fn both_channels() -> Value {
    json!({
        "serviceName": "Acme", "url": "https://accounts.acme.example/?a=1&b=2", "channels": ["sms", "email"],
        "email": [{ "provider": "custom", "from": FROM }], "sms": [{ "provider": "custom" }],
        "unreachable": { "email": "it@acme.example" },
        "rules": [{ "on": "user.created", "when": { "triggeredBy": ["system"] } }],
    })
}

fn problems(config: &Value) -> Vec<String> {
    engine(config, built_in()).problems().to_vec()
}

fn in_locale(locale: &str) -> Value {
    with(event(), &[("/payload/user/standard_attributes/locale", json!(locale))])
}

#[test]
fn the_password_stands_on_a_line_of_its_own_in_every_locale() {
    for locale in built_in().as_object().unwrap().keys() {
        let decision = decide_password(&in_locale(locale), &both_channels(), PASSWORD);
        let mail = message(&decision);
        let [subject, body, html] = ["subject", "text", "html"].map(|part| text(&mail[part]));
        assert_eq!(decision["locale"], *locale);
        assert_eq!(body.lines().filter(|line| *line == PASSWORD).count(), 1, "{body}");
        assert_eq!(body.matches(PASSWORD).count(), 1, "{body}");
        assert!(body.contains(EMAIL) && body.contains("https://accounts.acme.example/?a=1&b=2"), "{body}");
        assert!(!body.contains("{service_name}") && !subject.contains('{'), "{body}");
        let escaped = "r7&amp;&lt;p&gt;&quot;&#39;{name}%7E-5521";
        assert_eq!(
            html.matches(&format!("<p><code dir=\"ltr\" style=\"font:20px monospace\">{escaped}</code></p>")).count(),
            1
        );
        assert!(!html.contains(PASSWORD) && html.matches("5521").count() == 1, "{html}");
    }
}

#[test]
fn neither_the_subject_nor_a_preview_shows_it() {
    for locale in built_in().as_object().unwrap().keys() {
        let decision = decide_password(&in_locale(locale), &both_channels(), PASSWORD);
        let mail = message(&decision);
        assert!(!text(&mail["subject"]).contains("5521"));
        // Lists of mails show some 100 letters of Latin script, of wide ones half as many.
        let before = text(&mail["text"]).split(PASSWORD).next().unwrap();
        let width: usize = before.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 }).sum();
        assert!(width > 200, "{locale}: {width} columns before the password");
        assert!(!decision["attempts"][0]["request"].is_object() && !text(&decision["key"]).contains("5521"));
    }
}

#[test]
fn it_goes_by_mail_to_the_user_or_nowhere_whatever_the_rules_say() {
    let cases = [
        (event(), both_channels(), "send"),
        (phone_event(), both_channels(), "skip no_reachable_identity"),
        (username_event(), both_channels(), "skip no_reachable_identity"),
        (event_of(json!([email("not an address")]), json!({})), both_channels(), "skip invalid_address"),
        (event(), with(both_channels(), &[("/email", json!([])), ("/unreachable", Value::Null)]), "skip no_sender"),
        (json!({}), both_channels(), "skip not_an_event"),
        (event(), with(both_channels(), &[("/url", json!("acme"))]), "invalid"),
    ];
    for (event, config, expected) in cases {
        let decision = decide_password(&event, &config, PASSWORD);
        assert_eq!(outcome(&decision), expected, "{decision}");
        if expected == "send" {
            assert_eq!([&decision["channel"], &decision["to"], &decision["address"]], ["email", "user", EMAIL]);
            assert_eq!([&decision["rule"], &decision["message"]], [&Value::Null, &json!("password")]);
        }
    }
}

#[test]
fn its_key_is_not_that_of_the_invitation() {
    let invitation =
        decide(&event(), &with(both_channels(), &[("/rules", Value::Null), ("/channels", json!(["email"]))]));
    let mail = decide_password(&event(), &both_channels(), PASSWORD);
    assert_eq!(invitation["type"], "send");
    assert_ne!(invitation["key"], mail["key"]);
    assert_eq!(mail, decide_password(&event(), &both_channels(), PASSWORD));
}

#[test]
fn texts_of_ones_own_have_the_placeholder_where_it_is_not_shown() {
    let own = |part: &str, template: &str| {
        let texts = json!({ "subject": "S", "text": "T {password}", part: template });
        with(both_channels(), &[("/messages", json!({ "password": { "en": texts } }))])
    };
    for (part, shown) in [("text", "(pw-5521)"), ("html", "(<bdi>pw-5521</bdi>)")] {
        let decision = decide_password(&event(), &own(part, "({password})"), "pw-5521");
        assert_eq!(message(&decision)[part], shown);
    }
    for part in ["subject", "sms", "button"] {
        let problem = format!("messages.password.en.{part}: line 1, column 1: unknown placeholder {{password}}");
        assert_eq!(problems(&own(part, "{password}")), [problem]);
        let mut lenient = own(part, "[{password}]");
        lenient["strictNames"] = json!(false);
        let decision = decide_password(&event(), &lenient, "pw-5521");
        let mail = message(&decision);
        assert_eq!(text(&mail["text"]), "T pw-5521");
        assert!(!text(&mail["subject"]).contains("5521"), "{mail}");
        assert_eq!(text(&mail["html"]).matches("5521").count(), 1, "{mail}");
    }
    let elsewhere = with(both_channels(), &[("/messages", json!({ "invite": { "en": { "text": "{password}" } } }))]);
    assert!(problems(&elsewhere)[0].contains("unknown placeholder {password}"));
}

#[test]
fn a_mail_that_would_not_show_it_is_a_problem() {
    let told = |messages: Value, locale: &str| {
        let decision = decide_password(
            &with(
                in_locale(locale),
                &[("/context/preferred_languages", json!([])), ("/context/language", json!("it"))],
            ),
            &with(both_channels(), &[("/messages", messages), ("/defaultLocale", json!("it"))]),
            PASSWORD,
        );
        (text(&decision["type"]).to_owned(), decision["problems"][0].as_str().unwrap_or("").to_owned())
    };
    let invite = json!({ "it": { "subject": "x", "text": "{url}" } });
    let lacks = "messages.password: has no text in the default locale; add one, or set defaultLocale";
    assert_eq!(told(json!({ "invite": invite }), "it"), ("invalid".into(), lacks.into()));
    let hides = "messages.password.it: must show {password} in its text and its html";
    for texts in [
        json!({ "subject": "x", "text": "{url}" }),
        json!({ "subject": "x", "text": "{password}", "html": "<p>{url}</p>" }),
        json!({ "subject": "x", "text": "{#inviter}{password}{/inviter}" }),
    ] {
        assert_eq!(
            told(json!({ "invite": invite, "password": { "it": texts } }), "it"),
            ("invalid".into(), hides.into()),
            "{texts}"
        );
    }
    let shows = json!({ "subject": "x", "text": "{password}", "html": "<p>{password}</p>" });
    assert_eq!(told(json!({ "invite": invite, "password": { "it": shows } }), "it").0, "send");
}

#[test]
fn no_rule_and_no_variable_can_stand_for_it() {
    let rule = with(both_channels(), &[("/rules", json!([{ "on": "user.created", "message": "password" }]))]);
    let expected = "rules[0].message: is for accounts made by the command, and no event holds a password; use invite";
    assert_eq!(problems(&rule), [expected]);
    let var = with(both_channels(), &[("/vars", json!({ "password": "x" }))]);
    assert!(problems(&var)[0].starts_with("vars.password: "));
}

#[test]
fn what_a_mail_might_change_or_hide_is_no_password() {
    for password in ["", " ", "two words", "a\nb", "t\u{e4}st", "\u{e002}", "a\u{200b}"] {
        let decision = decide_password(&event(), &both_channels(), password);
        assert_eq!(decision["problems"], json!(["password: must be visible ASCII characters, at least one"]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_password_arrives_as_it_is(password in "[!-~]{1,60}") {
        let decision = decide_password(&event(), &both_channels(), &password);
        let mail = message(&decision);
        prop_assert!(text(&mail["text"]).lines().any(|line| line == password));
        let html = text(&mail["html"]);
        let code = html.split("monospace\">").nth(1).unwrap().split("</code>").next().unwrap();
        let unescaped = code.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        prop_assert_eq!(unescaped, password);
    }
}
