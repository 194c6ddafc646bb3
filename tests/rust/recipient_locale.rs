//! Who gets the message, on which channel, and in which locale.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::*;

/// `CHANNEL ADDRESS`, or why there is none.
fn reached(event: &Value, config: &Value) -> String {
    let decision = decide_in_english(event, config);
    if decision["type"] != "send" {
        return outcome(&decision);
    }
    format!("{} {}", text(&decision["channel"]), text(&message(&decision)["to"]))
}

fn only(channel: &str) -> Value {
    without(config(), if channel == "email" { "/sms" } else { "/email" })
}

#[test]
fn login_ids_come_first_then_attributes_then_oauth() {
    let oauth_email = with(config(), &[("/oauthEmail", json!(true))]);
    let sms_first = with(config(), &[("/channels", json!(["sms", "email"]))]);
    let email_first = with(config(), &[("/channels", json!(["email", "sms"]))]);
    let email_only = with(config(), &[("/channels", json!(["email"]))]);
    let (a, b, x) = (email("a@acme.example"), email("b@acme.example"), oauth("x@social.example"));
    let (attribute, number) = (json!({ "email": "attribute@acme.example" }), json!({ "phone_number": "+15550100199" }));
    let bad = email("a@acme.example, b@evil.example");
    for (config, identities, attributes, expected) in [
        (config(), json!([a]), json!({}), "email a@acme.example"),
        (config(), json!([a, b]), json!({}), "email a@acme.example"),
        (config(), json!([phone(PHONE), a]), json!({}), "email a@acme.example"),
        (config(), json!([a]), attribute.clone(), "email a@acme.example"),
        (config(), json!([phone(PHONE)]), json!({}), "sms +85251234567"),
        (config(), json!([phone(PHONE)]), attribute.clone(), "email attribute@acme.example"),
        (config(), json!([username(USERNAME)]), attribute.clone(), "email attribute@acme.example"),
        (config(), json!([username(USERNAME)]), number.clone(), "sms +15550100199"),
        (config(), json!([]), attribute.clone(), "email attribute@acme.example"),
        // One that cannot be sent to gives way to the next.
        (config(), json!([bad, b]), json!({}), "email b@acme.example"),
        (config(), json!([bad]), attribute.clone(), "email attribute@acme.example"),
        (config(), json!([bad, phone(PHONE)]), json!({}), "sms +85251234567"),
        (config(), json!([phone("12345"), phone(PHONE)]), json!({}), "sms +85251234567"),
        // The user's order of channels.
        (sms_first.clone(), json!([a, phone(PHONE)]), json!({}), "sms +85251234567"),
        (sms_first.clone(), json!([a]), number.clone(), "sms +15550100199"),
        (sms_first, json!([a]), json!({}), "email a@acme.example"),
        (with(config(), &[("/channels", json!(["sms"]))]), json!([a, phone(PHONE)]), json!({}), "sms +85251234567"),
        (email_first, json!([phone(PHONE), a]), json!({}), "email a@acme.example"),
        (email_only.clone(), json!([phone(PHONE), a]), json!({}), "email a@acme.example"),
        (email_only, json!([phone(PHONE)]), json!({}), "skip no_reachable_identity"),
        // A channel without a sender.
        (only("sms"), json!([a, phone(PHONE)]), json!({}), "sms +85251234567"),
        (only("email"), json!([phone(PHONE)]), attribute.clone(), "email attribute@acme.example"),
        // OAuth only when asked for, and last.
        (oauth_email.clone(), json!([x]), json!({}), "email x@social.example"),
        (oauth_email.clone(), json!([x, a]), json!({}), "email a@acme.example"),
        (oauth_email.clone(), json!([x]), attribute, "email attribute@acme.example"),
        (oauth_email, json!([x]), number, "email x@social.example"),
        (config(), json!([x, a]), json!({}), "email a@acme.example"),
        (config(), json!([x]), json!({}), "skip no_reachable_identity"),
        // The attribute that is a copy of the OAuth identity's claim is no other address.
        (config(), json!([x]), json!({ "email": "X@social.example" }), "skip no_reachable_identity"),
        (config(), json!([x]), json!({ "email": "y@social.example" }), "email y@social.example"),
        // Kinds that have no address.
        (config(), json!([username(USERNAME)]), json!({}), "skip no_reachable_identity"),
        (
            config(),
            json!([identity("passkey", json!({ "email": "p@acme.example" }))]),
            json!({}),
            "skip no_reachable_identity",
        ),
        (config(), json!([]), json!({}), "skip no_reachable_identity"),
        (config(), json!([bad]), json!({}), "skip invalid_address"),
        (config(), json!([phone("12345")]), json!({}), "skip invalid_address"),
        (only("email"), json!([phone(PHONE)]), json!({}), "skip no_sender"),
        (only("sms"), json!([a]), json!({}), "skip no_sender"),
    ] {
        let event = event_of(identities.clone(), attributes.clone());
        assert_eq!(reached(&event, &config), expected, "{identities} {attributes} {config}");
    }
}

#[test]
fn a_skip_for_want_of_an_address_names_the_rule() {
    let decision = decide(&username_event(), &config());
    assert_eq!(decision["rule"], 0);
    assert_eq!(decision["detail"], "the user has neither an e-mail address nor a phone number");
}

/// The claim is normalised and possibly another mailbox: what was typed is sent to, with the domain as DNS has it.
#[test]
fn the_address_is_the_one_that_was_typed() {
    for (typed, normalised, expected) in [
        ("Ada.Lovelace@acme.example", "adalovelace@acme.example", "email Ada.Lovelace@acme.example"),
        ("Ada@ACME.Example", "ada@acme.example", "email Ada@acme.example"),
        ("ada+x@bücher.example", "ada@bücher.example", "email ada+x@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@bücher.example", "email ada@xn--bcher-kva.example"),
        // What only normalisation can fold comes from the claim; letters that it would make others of do not.
        ("Ada@bu\u{308}cher.example", "ada@bücher.example", "email Ada@xn--bcher-kva.example"),
        ("ada@ŁÓDŹ.example", "ada@łódź.example", "email ada@xn--d-uga0v4h.example"),
        ("ada@ﾃｽﾄ.example", "ada@テスト.example", "email ada@xn--zckzah.example"),
        ("ada@straße.example", "ada@strasse.example", "email ada@xn--strae-oqa.example"),
        ("ada@bücher.example", "", "email ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example", "email ada@xn--bcher-kva.example"),
        ("o'hara@例え.example", "o'hara@例え.example", "email o'hara@xn--r8jz45g.example"),
        // Full-width letters, which only Authgear's normalisation folds.
        ("Ada@ａｃｍｅ.example", "ada@acme.example", "email Ada@acme.example"),
        ("", "ada@acme.example", "email ada@acme.example"),
    ] {
        let event = event_of(json!([login_id("email", "email", typed, normalised)]), json!({}));
        assert_eq!(reached(&event, &config()), expected, "{typed:?}");
    }
    let event = event_of(json!([login_id("phone", "phone_number", "+852 5123 4567", PHONE)]), json!({}));
    assert_eq!(reached(&event, &config()), "sms +85251234567");
    // Two numbers, or a mailbox without a domain, should not be; then what was typed decides.
    let event = event_of(json!([login_id("phone", "phone_number", "+85261234567", PHONE)]), json!({}));
    assert_eq!(reached(&event, &config()), "sms +85261234567");
    let event = event_of(json!([login_id("email", "email", "ada", "ada@acme.example")]), json!({}));
    assert_eq!(reached(&event, &config()), "skip invalid_address");
}

#[test]
fn what_is_not_one_plain_address_is_never_sent_to() {
    for address in [
        "a",
        "a@",
        "@b.example",
        "a@b",
        "a@b.",
        "a@.b.example",
        "a@@b.example",
        "a@b@c.example",
        "a b@c.example",
        "a@c.example d@e.example",
        "a,b@c.example",
        "a@c.example,d@e.example",
        "a@c.example;d@e.example",
        "a@c.example\r\nBcc: d@e.example",
        "a@c.example\n",
        "a\u{0}@c.example",
        "<a@c.example>",
        "Ada <a@c.example>",
        "\"a\"@c.example",
        "a@[127.0.0.1]",
        "a@c.example%0d%0aBcc:x@y.example",
        "a@c\u{202e}.example",
        "a@c\u{200b}d.example",
        "a\u{feff}@c.example",
        "a@c_d.example",
        "a@-c.example",
        ".a@c.example",
        "a..b@c.example",
        "ä@c.example",
        "a(comment)@c.example",
        "mailto:a@c.example",
    ] {
        let event = event_of(json!([login_id("email", "email", address, address)]), json!({}));
        assert_eq!(reached(&event, &config()), "skip invalid_address", "{address:?}");
    }
    let long = ["a@", &"b".repeat(64), ".example"].concat();
    assert_eq!(reached(&event_of(json!([email(&long)]), json!({})), &config()), "skip invalid_address");
    for number in [
        "85251234567",
        "+0525123456",
        "+123456",
        "+1234567890123456",
        "+852 51234567",
        "+852-5123-4567",
        "+85251234567,+15550100199",
        "+85251234567\n",
        "+８５２５１２３４５６７",
        "tel:+85251234567",
    ] {
        assert_eq!(
            reached(&event_of(json!([phone(number)]), json!({})), &config()),
            "skip invalid_address",
            "{number:?}"
        );
    }
}

/// The admin hears of the user, with the very text that the user would have got, in the user's locale.
#[test]
fn nobody_is_forgotten() {
    let config = with(
        config(),
        &[
            ("/email/0", json!({ "provider": "resend", "apiKey": "re_SECRET", "from": FROM })),
            ("/unreachable", json!({ "email": "it@acme.example" })),
            ("/deadLetter", json!({ "url": "https://dead.acme.example", "secret": "SECRET" })),
        ],
    );
    for locale in built_in().as_object().unwrap().keys() {
        let attributes = json!({ "locale": locale, "name": "Ada Lovelace" });
        let unreachable = event_of(json!([username(USERNAME)]), attributes.clone());
        let mut reachable = unreachable.clone();
        reachable["payload"]["user"]["standard_attributes"]["email"] = json!("ada@acme.example");
        let (to_admin, to_user) = (decide(&unreachable, &config), decide(&reachable, &config));
        assert_eq!(to_admin["to"], "admin");
        assert_eq!(to_admin["message"], "unreachable");
        assert_eq!((&to_admin["locale"], &to_admin["localeFrom"]), (&json!("en"), &json!("default")));
        assert_eq!((&to_user["to"], &to_user["locale"]), (&json!("user"), &json!(locale)));
        let (admin, user) = (sent(&to_admin["attempts"][0]), sent(&to_user["attempts"][0]));
        assert_eq!(admin.to, ["it@acme.example"]);
        assert_eq!(admin.subject, ["Please pass on: new account on Acme"]);
        assert!(admin.text[0].contains(&["-----\n\n", &user.text[0], "\n\n-----"].concat()), "{}", admin.text[0]);
        for part in [&admin.subject, &admin.text, &admin.html] {
            assert!(!part[0].contains("SECRET") && !part[0].contains(USER_ID), "{}", part[0]);
        }
    }
}

#[test]
fn the_admin_hears_of_every_user_whom_nothing_reaches() {
    let unreachable = json!({ "email": "it@acme.example" });
    let no_sms = with(only("email"), &[("/unreachable", unreachable.clone())]);
    let config = with(config(), &[("/unreachable", unreachable)]);
    for (event, config) in [
        (username_event(), &config),
        (event_of(json!([]), json!({})), &config),
        (event_of(json!([email("no address")]), json!({})), &config),
        (event_of(json!([oauth("x@social.example")]), json!({})), &config),
        (phone_event(), &no_sms),
    ] {
        let decision = decide(&event, config);
        assert_eq!((&decision["to"], &decision["channel"]), (&json!("admin"), &json!("email")), "{decision}");
        assert_eq!(message(&decision)["to"], "it@acme.example");
    }
    // A rule that does not hold is no reason to write to anybody.
    let by_user = with(username_event(), &[("/context/triggered_by", json!("user"))]);
    assert_eq!(outcome(&decide(&by_user, &config)), "skip triggered_by");
    assert_eq!(decide(&event(), &config)["to"], "user");
}

#[test]
fn the_admin_reads_the_default_locale_and_own_texts() {
    let texts =
        json!({ "unreachable": { "de": { "subject": "Weitergeben", "text": "Bitte an {login_id}: {message}" } } });
    let changes = [
        ("/unreachable", json!({ "email": "it@acme.example" })),
        ("/defaultLocale", json!("de")),
        ("/messages", texts),
    ];
    let event = with(username_event(), &[("/payload/user/standard_attributes/locale", json!("ja"))]);
    let decision = decide(&event, &with(only("email"), &changes));
    assert_eq!(decision["locale"], "de");
    assert_eq!(message(&decision)["subject"], "Weitergeben");
    let body = text(&message(&decision)["text"]);
    assert!(body.starts_with("Bitte an ada_l: こんにちは。"), "{body}");
}

/// It always goes by mail, so senders of SMS need no text of it.
#[test]
fn the_text_for_the_admin_needs_no_sms() {
    let texts = json!({ "unreachable": { "en": { "subject": "Pass on" } } });
    let config = with(config(), &[("/unreachable", json!({ "email": "it@acme.example" })), ("/messages", texts)]);
    assert_eq!(message(&decide(&username_event(), &config))["subject"], "Pass on");
}

/// The locale of the decision and who chose it.
fn locale(event: &Value, config: &Value) -> (String, String) {
    let decision = decide(event, config);
    assert_eq!(decision["type"], "send", "{decision}");
    (text(&decision["locale"]).to_owned(), text(&decision["localeFrom"]).to_owned())
}

#[test]
fn the_user_chooses_then_the_rule_then_the_event_then_the_default() {
    for (user, rule, language, default, expected) in [
        (json!("ja"), json!("ko"), json!("fr"), json!("de"), ("ja", "user")),
        (json!(null), json!("ko"), json!("fr"), json!("de"), ("ko", "rule")),
        (json!(null), json!(null), json!("fr"), json!("de"), ("fr", "event")),
        (json!(null), json!(null), json!(null), json!("de"), ("de", "default")),
        (json!(null), json!(null), json!(null), json!(null), ("en", "default")),
        // A language without a text gives way.
        (json!("it"), json!("ko"), json!("fr"), json!("de"), ("ko", "rule")),
        (json!("it"), json!(null), json!("tr-TR"), json!("de"), ("de", "default")),
        (json!("*"), json!(null), json!(""), json!(null), ("en", "default")),
        (json!("no locale"), json!(null), json!(["fr"]), json!(null), ("en", "default")),
        (json!(7), json!(null), json!("fr-CA"), json!(null), ("fr", "event")),
    ] {
        let event = with(
            event(),
            &[
                ("/payload/user/standard_attributes/locale", user),
                ("/context/preferred_languages", json!([language])),
                ("/context/language", json!(null)),
            ],
        );
        let rules = json!([{ "on": "user.created", "locale": rule }]);
        let config = with(config(), &[("/rules", rules), ("/defaultLocale", default)]);
        assert_eq!(locale(&event, &config), (expected.0.to_owned(), expected.1.to_owned()), "{event}");
    }
}

#[test]
fn what_nobody_asked_for_gives_way_to_the_configuration() {
    // `language` is what the project makes of the preference, and its fallback where there is none.
    for (preferred, language, default, expected) in [
        (json!([]), json!("fr"), json!("de"), ("de", "default")),
        (json!([]), json!("fr"), json!(null), ("fr", "project")),
        (json!([]), json!("it"), json!(null), ("en", "default")),
        (json!(["ar"]), json!("en"), json!("de"), ("ar", "event")),
        (json!(["it", "ja-JP", "ko"]), json!("en"), json!("de"), ("ja", "event")),
        (json!(["it", 7, null, "no locale", "*", ""]), json!("fr"), json!("de"), ("de", "default")),
        (json!("ja"), json!("fr"), json!(null), ("fr", "project")),
    ] {
        let event = with(event(), &[("/context/preferred_languages", preferred), ("/context/language", language)]);
        let config = with(config(), &[("/defaultLocale", default)]);
        assert_eq!(locale(&event, &config), (expected.0.to_owned(), expected.1.to_owned()), "{event}");
    }
}

#[test]
fn the_language_of_an_event_that_the_portal_triggers_may_be_the_admins() {
    for (trigger, expected) in
        [("admin_api", "event"), ("user", "event"), ("portal", "default"), ("site_admin", "default")]
    {
        let context = [
            ("/context/triggered_by", json!(trigger)),
            ("/context/preferred_languages", json!(["fr"])),
            ("/context/language", json!("fr")),
        ];
        let rules = json!([{ "on": "user.created", "when": { "triggeredBy": [trigger] } }]);
        let config = with(config(), &[("/rules", rules)]);
        assert_eq!(locale(&with(event(), &context), &config).1, expected, "{trigger}");
    }
}

#[test]
fn no_locale_is_guessed() {
    let event = with(
        event(),
        &[
            ("/context/language", json!(null)),
            ("/context/geo_location_code", json!("FR")),
            ("/context/user_agent", json!("Mozilla/5.0 (fr-FR)")),
            ("/payload/user/standard_attributes/zoneinfo", json!("Europe/Paris")),
            ("/payload/user/standard_attributes/address", json!({ "country": "FR" })),
        ],
    );
    assert_eq!(locale(&event, &config()), ("en".to_owned(), "default".to_owned()));
}

#[test]
fn locales_are_looked_up() {
    for (range, expected) in [
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hant-CN-x-private1-private2", "zh-Hant"),
        ("zh-hans-cn", "zh-Hans"),
        ("zh-HK", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh_MO", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("pt-BR", "pt"),
        ("en_GB", "en"),
        ("EN-us", "en"),
        ("ar-EG", "ar"),
        ("de-x-informal", "de"),
        ("es-419", "es"),
    ] {
        let event = with(event(), &[("/payload/user/standard_attributes/locale", json!(range))]);
        assert_eq!(locale(&event, &config()), (expected.to_owned(), "user".to_owned()), "{range}");
    }
    let event = with(event(), &[("/payload/user/standard_attributes/locale", json!("zh-Latn"))]);
    assert_eq!(locale(&event, &config()).1, "project", "another script is another text");
}

#[test]
fn own_locales_stand_beside_the_built_in_ones() {
    let messages = json!({ "invite": {
        "it": { "subject": "Benvenuti", "text": "Ciao, {url}", "sms": "Ciao" },
        "de-AT": { "subject": "Servus", "text": "Servus, {url}", "sms": "Servus" },
        "fr": { "subject": "Salut" }
    } });
    let config = with(config(), &[("/messages", messages)]);
    for (range, expected, subject) in [
        ("it-CH", "it", "Benvenuti"),
        ("de-AT", "de-AT", "Servus"),
        ("de-CH", "de", "Ihr neues Konto bei Acme"),
        ("de", "de", "Ihr neues Konto bei Acme"),
        ("fr-CA", "fr", "Salut"), // the rest of this one is the built-in text
    ] {
        let event = with(event(), &[("/payload/user/standard_attributes/locale", json!(range))]);
        let decision = decide(&event, &config);
        assert_eq!(decision["locale"], expected, "{decision}");
        assert_eq!(message(&decision)["subject"], subject);
    }
}

#[test]
fn only_the_chosen_locales_are_there() {
    let built_in = json!({ "en": built_in()["en"], "zh-Hant": built_in()["zh-Hant"] });
    for (range, expected) in [("zh-HK", "zh-Hant"), ("zh-CN", "en"), ("ja", "en")] {
        let event = with(event(), &[("/payload/user/standard_attributes/locale", json!(range))]);
        assert_eq!(decide_with(&event, &config(), &built_in)["locale"], expected, "{range}");
    }
}
