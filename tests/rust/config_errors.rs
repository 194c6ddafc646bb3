//! What a wrong configuration is told: everything at once, each with its path, what is wrong and what would be right.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::*;

fn problems(config: &Value) -> Vec<String> {
    let decision = decide_in_english(&event(), config);
    let problems = decision["problems"].as_array().map_or(&[][..], Vec::as_slice);
    problems.iter().map(|problem| text(problem).to_owned()).collect()
}

/// Each row is one change to the smallest configuration and all that is wrong then.
#[track_caller]
fn tells(rows: &[(&str, Value, &[&str])]) {
    for (pointer, value, expected) in rows {
        assert_eq!(problems(&with(config(), &[(pointer, value.clone())])), *expected, "{pointer} {value}");
    }
}

/// Shapes: what keys there are, and what their values may be.
#[cfg(feature = "schema")]
mod schema {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unknown_keys() {
        tells(&[
            ("/servicename", json!("Acme"), &["servicename: unknown key; did you mean serviceName?"]),
            ("/default_locale", json!("en"), &["default_locale: unknown key; did you mean defaultLocale?"]),
            (
                "/colour",
                json!("red"),
                &[
                    "colour: unknown key; the keys are serviceName, url, email, sms, rules, messages, vars, defaultLocale, \
                   signIn, channels, oauthEmail, unreachable, deadLetter, receipt, webhook, envelope, delimiters, strictNames, delivery",
                ],
            ),
            ("/email/0/form", json!("x"), &["email[0].form: unknown key; did you mean from?"]),
            (
                "/email/0",
                json!({ "provider": "resend", "from": FROM, "apikey": "x" }),
                &["email[0].apikey: unknown key; did you mean apiKey?", "email[0].apiKey: is missing"],
            ),
            ("/sms/0/apiKey", json!("x"), &["sms[0].apiKey: unknown key; the keys are provider, endpoint, request"]),
            (
                "/rules",
                json!([{ "on": "user.created", "if": {} }]),
                &["rules[0].if: unknown key; the keys are on, when, message, locale"],
            ),
            (
                "/rules",
                json!([{ "on": "user.created", "when": { "triggerdBy": ["user"], "emailDomain": { "alow": [] } } }]),
                &[
                    "rules[0].when.emailDomain.alow: unknown key; did you mean allow?",
                    "rules[0].when.triggerdBy: unknown key; did you mean triggeredBy?",
                ],
            ),
            (
                "/messages",
                json!({ "invite": { "en": { "body": "x" } } }),
                &["messages.invite.en.body: unknown key; the keys are subject, text, html, sms, button"],
            ),
            ("/delivery", json!({ "attempt": 3 }), &["delivery.attempt: unknown key; did you mean attempts?"]),
            (
                "/deadLetter",
                json!({ "url": "https://a.example", "secret": "s", "key": 1 }),
                &["deadLetter.key: unknown key; the keys are url, secret"],
            ),
        ]);
    }

    #[test]
    fn missing_keys() {
        let no_sender = "config: has no sender; give one in email or in sms";
        assert_eq!(problems(&json!({})), ["serviceName: is missing", "url: is missing", no_sender]);
        for (wrong, told) in [
            ("/email", "email: must be a list, not a number"),
            ("/sms", "sms: must be a list, not a number"),
            ("", "config: must be an object, not a number"),
        ] {
            let none = with(config(), &[("/email", Value::Null), ("/sms", Value::Null)]);
            assert_eq!(problems(&with(none, &[(wrong, json!(7))])), [told]);
        }
        let misspelt = with(config(), &[("/email", Value::Null), ("/sms", Value::Null), ("/emial", json!([]))]);
        assert_eq!(problems(&misspelt), ["emial: unknown key; did you mean email?", no_sender]);
        let sender = |sender: Value| problems(&with(config(), &[("/email/0", sender)]));
        assert_eq!(sender(json!({ "provider": "custom" })), ["email[0].from: is missing"]);
        for (provider, keys) in [
            ("resend", &["apiKey"][..]),
            ("sendgrid", &["apiKey"]),
            ("brevo", &["apiKey"]),
            ("sparkpost", &["apiKey"]),
            ("postmark", &["serverToken"]),
            ("mailgun", &["apiKey", "domain"]),
            ("mailjet", &["apiKey", "secretKey"]),
            ("ses", &["region", "accessKeyId", "secretAccessKey"]),
        ] {
            let expected: Vec<String> = keys.iter().map(|key| format!("email[0].{key}: is missing")).collect();
            assert_eq!(sender(json!({ "provider": provider, "from": FROM })), expected);
        }
        for (provider, keys) in [
            (
                "twilio",
                &["accountSid", "authToken or apiKeySid", "authToken or apiKeySecret", "from or messagingServiceSid"][..],
            ),
            ("vonage", &["apiKey", "apiSecret", "from"]),
            ("messagebird", &["accessKey", "from"]),
            ("bird", &["apiKey", "from"]),
        ] {
            let expected: Vec<String> = keys.iter().map(|key| format!("sms[0].{key}: is missing")).collect();
            assert_eq!(problems(&with(config(), &[("/sms/0", json!({ "provider": provider }))])), expected);
        }
        tells(&[
            ("/rules", json!([{}]), &["rules[0].on: is missing"]),
            ("/unreachable", json!({}), &["unreachable.email: is missing"]),
            ("/deadLetter", json!({}), &["deadLetter.url: is missing", "deadLetter.secret: is missing"]),
        ]);
    }

    #[test]
    fn one_of_two_keys() {
        let twilio = |more: Value| {
            let sender = json!({ "provider": "twilio", "accountSid": "AC1", "authToken": "t", "from": "+15550100" });
            problems(&with(config(), &[("/sms/0", merged(sender, more))]))
        };
        assert_eq!(twilio(json!({})), [""; 0]);
        assert_eq!(
            twilio(json!({ "messagingServiceSid": "MG1" })),
            ["sms[0]: has both of from and messagingServiceSid; leave one out"]
        );
        assert_eq!(
            twilio(json!({ "apiKeySid": "SK1", "apiKeySecret": "s" })),
            [
                "sms[0]: has both of authToken and apiKeySid; leave one out",
                "sms[0]: has both of authToken and apiKeySecret; leave one out"
            ]
        );
        assert_eq!(twilio(json!({ "authToken": null, "apiKeySid": "SK1", "apiKeySecret": "s" })), [""; 0]);
    }

    /// A key without its secret signs nothing.
    #[test]
    fn twilios_api_key_has_a_secret() {
        let sender = json!({ "provider": "twilio", "accountSid": "AC1", "apiKeySid": "SK1", "from": "+15550100" });
        assert_eq!(problems(&with(config(), &[("/sms/0", sender)])), ["sms[0].authToken or apiKeySecret: is missing"]);
    }

    fn merged(mut value: Value, more: Value) -> Value {
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    }

    #[test]
    fn wrong_types() {
        assert_eq!(problems(&json!(null)), ["config: must be an object, not nothing"]);
        assert_eq!(problems(&json!([])), ["config: must be an object, not a list"]);
        tells(&[
            ("/serviceName", json!(7), &["serviceName: must be a string, not a number"]),
            ("/serviceName", json!(""), &["serviceName: is empty"]),
            ("/serviceName", json!("A\nB"), &["serviceName: must be one line"]),
            ("/url", json!(true), &["url: must be a string, not true or false"]),
            ("/email", json!({}), &["email: must be a list, not an object"]),
            ("/rules", json!("user.created"), &["rules: must be a list, not a string"]),
            ("/rules", json!(["user.created"]), &["rules[0]: must be an object, not a string"]),
            (
                "/rules",
                json!([{ "on": "user.created", "when": { "roles": "admin", "groups": [null], "disabled": "yes" } }]),
                &[
                    "rules[0].when.disabled: must be true or false, not a string",
                    "rules[0].when.groups[0]: must be a string, not nothing",
                    "rules[0].when.roles: must be a list, not a string",
                ],
            ),
            (
                "/rules",
                json!([{ "on": "user.created", "when": { "customAttributes": { "a": [1] } } }]),
                &["rules[0].when.customAttributes.a: must be a string, a number or true or false, not a list"],
            ),
            ("/messages", json!({ "invite": "Hello" }), &["messages.invite: must be an object, not a string"]),
            (
                "/messages",
                json!({ "invite": { "en": "Hello" } }),
                &["messages.invite.en: must be an object, not a string"],
            ),
            (
                "/messages",
                json!({ "invite": { "en": { "text": ["Hello"] } } }),
                &[
                    "messages.invite.en.text: must be a string, not a list",
                    "messages.invite.en.text: is missing; there are senders that need it",
                ],
            ),
            (
                "/messages",
                json!({ "invite": { "en": { "subject": "a\r\nBcc: b" } } }),
                &["messages.invite.en.subject: must be one line"],
            ),
            ("/vars", json!({ "team": 7 }), &["vars.team: must be a string, not a number"]),
            ("/envelope", json!({}), &["envelope.secrets: is missing"]),
            (
                "/envelope",
                json!({ "secrets": ["", 7] }),
                &["envelope.secrets[0]: is empty", "envelope.secrets[1]: must be a string, not a number"],
            ),
            (
                "/envelope/secret",
                json!("x"),
                &["envelope.secret: unknown key; did you mean secrets?", "envelope.secrets: is missing"],
            ),
            ("/oauthEmail", json!("true"), &["oauthEmail: must be true or false, not a string"]),
            (
                "/delivery",
                json!({ "attempts": 0, "budgetSeconds": -1, "attemptSeconds": "10" }),
                &[
                    "delivery.attemptSeconds: must be a number above zero, not a string",
                    "delivery.attempts: must be a number above zero, not 0",
                    "delivery.budgetSeconds: must be a number above zero, not -1",
                ],
            ),
            (
                "/email/0",
                json!({ "provider": "resend", "from": FROM, "apiKey": "re_1\n" }),
                &[
                    "email[0].apiKey: must be plain ASCII without spaces; a line break or a space may have been copied along",
                ],
            ),
        ]);
    }

    #[test]
    fn choices() {
        tells(&[
            ("/signIn", json!("passwords"), &["signIn: must be one of password, code; did you mean password?"]),
            ("/signIn", json!("magic"), &["signIn: must be one of password, code"]),
            ("/channels", json!(["mail"]), &["channels[0]: must be one of email, sms; did you mean email?"]),
            ("/delimiters", json!("<% %>"), &["delimiters: must be one of { }, {{ }}"]),
            (
                "/rules",
                json!([{ "on": "user.created", "when": { "triggeredBy": ["admin"], "origin": ["portals"], "identity": ["ldap"] } }]),
                &[
                    "rules[0].when.identity[0]: must be one of email, phone, username, oauth",
                    "rules[0].when.origin[0]: must be one of portal, admin_api_direct; did you mean portal?",
                    "rules[0].when.triggeredBy[0]: must be one of user, admin_api, system, portal, site_admin; did you mean admin_api?",
                ],
            ),
            (
                "/email/0",
                json!({ "provider": "sendgird", "from": FROM }),
                &["email[0].provider: unknown provider; did you mean sendgrid?"],
            ),
            (
                "/email/0",
                json!({ "from": FROM }),
                &[
                    "email[0].provider: the providers are resend, sendgrid, postmark, mailgun, brevo, mailjet, ses, sparkpost, \
                 custom",
                ],
            ),
            (
                "/sms/0",
                json!({ "provider": "resend" }),
                &["sms[0].provider: the providers are twilio, vonage, messagebird, bird, custom"],
            ),
            (
                "/email/0",
                json!({ "provider": "mailgun", "from": FROM, "apiKey": "k", "domain": "mg.acme.example", "region": "EU" }),
                &["email[0].region: must be one of us, eu"],
            ),
        ]);
    }

    #[test]
    fn addresses_urls_domains_and_locales() {
        const URL: &str = "url: must be a URL that starts with https:// (http:// only to this machine)";
        const ENDPOINT: &str = "email[0].endpoint: must be https:// and a host (http:// only to this machine), with a port \
                                or not, without a path";
        const FROM: &str = "email[0].from: must be an e-mail address, or a name and the address in <>: \
                            Acme <no-reply@acme.example>";
        for (url, wrong) in [
            ("https://acme.example", false),
            ("https://acme.example/start?a=b#c", false),
            ("http://localhost:3000/x", false),
            ("http://127.0.0.1", false),
            ("http://acme.example", true),
            ("http://localhost.evil.example", true),
            ("acme.example", true),
            ("https://", true),
            ("https://a b.example", true),
            ("javascript:alert(1)", true),
            ("https://acme.example/\"onclick=", true),
        ] {
            tells(&[("/url", json!(url), if wrong { &[URL] } else { &[] })]);
        }
        for (endpoint, wrong) in [
            ("https://eu.acme.example", false),
            ("https://eu.acme.example:8443", false),
            ("http://[::1]:8080", false),
            ("http://eu.acme.example", true),
            ("https://eu.acme.example/v3", true),
            ("https://user:secret@eu.acme.example", true),
            ("https://eu.acme.example?x", true),
            ("https://eu.acme.example#x", true),
        ] {
            tells(&[("/email/0/endpoint", json!(endpoint), if wrong { &[ENDPOINT] } else { &[] })]);
        }
        for (from, wrong) in [
            ("a@acme.example", false),
            ("Acme <a@acme.example>", false),
            ("\"Acme, Inc.\" <a@bücher.example>", false),
            ("Acme", true),
            ("Acme <a@acme>", true),
            ("a@acme.example, b@acme.example", true),
            ("Acme\r\nBcc: x <a@acme.example>", true),
        ] {
            tells(&[("/email/0/from", json!(from), if wrong { &[FROM] } else { &[] })]);
        }
        for address in ["it", "IT <it@acme.example>", "it@acme.example,x@acme.example"] {
            tells(&[("/unreachable", json!({ "email": address }), &["unreachable.email: must be one e-mail address"])]);
        }
        for locale in ["english language", "e", "en--US", "zh-Hant!", "en_US"] {
            tells(&[("/defaultLocale", json!(locale), &["defaultLocale: must be a BCP 47 tag like en or zh-Hant"])]);
        }
        for domain in ["@acme.example", "*.acme.example", "acme .example", "https://acme.example", ".acme.example"] {
            let rules = json!([{ "on": "user.created", "when": { "emailDomain": { "deny": [domain] } } }]);
            tells(&[("/rules", rules, &["rules[0].when.emailDomain.deny[0]: must be a domain like acme.example"])]);
        }
    }

    /// A locale that no user's can match would never be used.
    #[test]
    fn the_locales_of_messages() {
        for locale in ["en_US", "english language", "\"><script>"] {
            let messages = json!({ "invite": { locale: { "subject": "s", "text": "t", "sms": "s" } } });
            let expected = format!("messages.invite.{locale}: must be a BCP 47 tag like en or zh-Hant");
            tells(&[("/messages", messages, &[&expected])]);
        }
    }

    #[test]
    fn everything_is_told_at_once() {
        let config = json!({
            "servicename": "Acme",
            "url": "acme.example",
            "email": [{ "provider": "resend", "from": "Acme", "apiKey": 7 }, { "provider": "mailchimp" }],
            "rules": [{ "on": "user.created", "when": { "roles": "admin" } }],
            "messages": { "invite": { "en": { "text": "Hello {nam}" } } },
            "vars": { "url": "x" },
            "defaultLocale": "klingon language"
        });
        assert_eq!(
            problems(&config),
            [
                "defaultLocale: must be a BCP 47 tag like en or zh-Hant",
                "email[0].apiKey: must be a string, not a number",
                "email[0].from: must be an e-mail address, or a name and the address in <>: Acme <no-reply@acme.example>",
                "email[1].provider: the providers are resend, sendgrid, postmark, mailgun, brevo, mailjet, ses, sparkpost, \
                 custom",
                "rules[0].when.roles: must be a list, not a string",
                "servicename: unknown key; did you mean serviceName?",
                "url: must be a URL that starts with https:// (http:// only to this machine)",
                "serviceName: is missing",
                "vars.url: has a dot or is a placeholder already; choose another name",
                "messages.invite.en.text: line 1, column 7: unknown placeholder {nam}; did you mean {name}?",
            ]
        );
    }

    #[test]
    fn parts_that_do_not_fit_are_told_beside_wrong_shapes() {
        let config = with(config(), &[("/colour", json!("red")), ("/rules", json!([{ "on": "user.pre_create" }]))]);
        let problems = problems(&config);
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    /// Every place where a secret can stand, and what may be wrong beside it.
    const SECRETS: [(&str, &str); 14] = [
        ("/email/1/apiKey", "resend"),
        ("/email/2/apiKey", "sendgrid"),
        ("/email/3/serverToken", "postmark"),
        ("/email/4/apiKey", "mailgun"),
        ("/email/5/apiKey", "brevo"),
        ("/email/6/secretKey", "mailjet"),
        ("/email/7/secretAccessKey", "ses"),
        ("/email/7/sessionToken", "ses"),
        ("/email/8/apiKey", "sparkpost"),
        ("/sms/1/authToken", "twilio"),
        ("/sms/2/apiSecret", "vonage"),
        ("/sms/3/accessKey", "messagebird"),
        ("/sms/4/apiKey", "bird"),
        ("/deadLetter/secret", "dead letter"),
    ];

    proptest! {
        #![proptest_config(cases(128))]

        /// Neither where it belongs, nor copied with a line break, nor put where something else belongs.
        #[test]
        fn no_problem_repeats_a_secret(
            at in 0..SECRETS.len(),
            secret in "[A-Za-z0-9_.-]{12,40}",
            around in prop_oneof![Just(""), Just(" "), Just("\n"), Just("é")],
            astray in prop::sample::select(vec![
                "/url", "/defaultLocale", "/signIn", "/delimiters", "/channels/0", "/email/1/from", "/email/1/endpoint",
                "/email/1/provider", "/email/4/domain", "/unreachable/email", "/deadLetter/url", "/rules/0/when/origin/0",
                "/rules/0/when/emailDomain/allow/0", "/rules/0/on", "/rules/0/locale", "/rules/0/message",
            ]),
        ) {
            let value = json!([&secret, around].concat());
            let base = with(full_config(), &[
                ("/deadLetter", json!({ "url": "https://dead.acme.example", "secret": "KEY" })),
                ("/channels", json!(["email"])),
                ("/rules", json!([{ "on": "user.created", "when": { "origin": ["portal"], "emailDomain": { "allow": ["a.example"] } } }])),
            ]);
            for config in [
                with(base.clone(), &[(SECRETS[at].0, value.clone())]),
                with(base.clone(), &[(SECRETS[at].0, value.clone()), ("/colour", json!(1))]),
                with(base.clone(), &[(SECRETS[at].0, json!([value])), ("/email/1/form", json!(1))]),
                with(base, &[(astray, value)]),
            ] {
                for problem in problems(&config) {
                    prop_assert!(!problem.contains(&secret), "{}", problem);
                }
            }
        }
    }
}

#[test]
fn a_sound_configuration_has_no_problems() {
    assert_eq!(problems(&config()), [""; 0]);
    assert_eq!(problems(&full_config()), [""; 0]);
    let all = json!({
        "serviceName": "Acme",
        "url": "https://accounts.acme.example",
        "email": full_config()["email"],
        "sms": full_config()["sms"],
        "rules": [{
            "on": "user.created",
            "when": {
                "triggeredBy": ["admin_api", "portal"], "origin": ["portal", "admin_api_direct"], "identity": ["email"],
                "emailDomain": { "allow": ["acme.example"], "deny": ["bücher.example"] }, "clientId": ["back-office"],
                "roles": ["reader"], "groups": ["london"], "standardAttributes": { "email_verified": false },
                "customAttributes": { "team": "Analytics" }, "disabled": true, "anonymous": true, "deactivated": false
            },
            "message": "invite",
            "locale": "en"
        }],
        "messages": { "invite": { "en": {
            "subject": "{team}", "text": "{custom.team}", "html": "<b>{&team}</b>", "sms": "{url}", "button": "Go"
        } } },
        "vars": { "team": "Support" },
        "defaultLocale": "en",
        "signIn": "password",
        "channels": ["sms", "email"],
        "oauthEmail": true,
        "unreachable": { "email": "it@acme.example" },
        "deadLetter": { "url": "https://dead.acme.example/x", "secret": "s" },
        "delimiters": "{ }",
        "strictNames": true,
        "delivery": { "budgetSeconds": 50, "attemptSeconds": 2.5, "attempts": 4 }
    });
    assert_eq!(problems(&all), [""; 0]);
    // A key that is null or undefined is as if left out.
    for key in
        ["email", "rules", "messages", "vars", "defaultLocale", "signIn", "unreachable", "deadLetter", "delivery"]
    {
        assert_eq!(problems(&with(config(), &[(&["/", key].concat(), json!(null))])), [""; 0], "{key}");
    }
}

#[test]
fn parts_that_do_not_fit() {
    const BLOCKING: &str = "rules[0].on: is a blocking event, which waits for this hook; name one like user.created";
    for kind in ["user.pre_create", "user.profile.pre_update", "oidc.jwt.pre_create", "authentication.post_identified"]
    {
        tells(&[("/rules", json!([{ "on": kind }]), &[BLOCKING])]);
    }
    tells(&[
        (
            "/rules",
            json!([{ "on": "user.created", "message": "hello" }]),
            &["rules[0].message: there is no such message in messages"],
        ),
        (
            "/rules",
            json!([{ "on": "user.created", "locale": "de" }]),
            &["rules[0].locale: the message has no text in it"],
        ),
        (
            "/defaultLocale",
            json!("de"),
            &["rules[0].message: has no text in the default locale; add one, or set defaultLocale"],
        ),
        (
            "/rules",
            json!([{ "on": "user.created", "when": { "disabled": true } }]),
            &[
                "rules[0].when.disabled: such users cannot sign in as the built-in text says; name a message of your own",
            ],
        ),
        (
            "/rules",
            json!([{ "on": "user.created", "when": { "deactivated": true } }]),
            &[
                "rules[0].when.deactivated: such users cannot sign in as the built-in text says; name a message of your own",
            ],
        ),
    ]);
    assert_eq!(
        problems(&with(config(), &[("/email", json!([])), ("/sms", json!(null))])),
        ["config: has no sender; give one in email or in sms"]
    );
    assert_eq!(
        problems(&with(
            config(),
            &[("/email", json!([])), ("/sms", json!([])), ("/unreachable", json!({ "email": "it@acme.example" }))]
        )),
        ["config: has no sender; give one in email or in sms"]
    );
    assert_eq!(
        problems(&with(config(), &[("/email", json!([])), ("/unreachable", json!({ "email": "it@acme.example" }))])),
        ["unreachable: needs a sender in email"]
    );
}

/// No rules is not the default rule: somebody who empties the list does not ask for invitations.
#[test]
fn an_empty_list_of_rules_sends_nothing() {
    assert_ne!(decide_in_english(&event(), &with(config(), &[("/rules", json!([]))]))["type"], "send");
}

#[test]
fn messages_without_a_text() {
    tells(&[
        (
            "/messages",
            json!({ "hello": { "en": { "html": "<p>Hello" } } }),
            &[
                "messages.hello.en.subject: is missing; there are senders that need it",
                "messages.hello.en.text: is missing; there are senders that need it",
                "messages.hello.en.sms: is missing; there are senders that need it",
            ],
        ),
        (
            "/messages",
            json!({ "invite": { "it": { "subject": "Ciao", "text": "Ciao" } } }),
            &["messages.invite.it.sms: is missing; there are senders that need it"],
        ),
        // What is left out of a built-in locale is taken from the built-in text.
        ("/messages", json!({ "invite": { "en": { "subject": "Hello" } } }), &[]),
    ]);
    let config = with(
        config(),
        &[("/sms", json!(null)), ("/messages", json!({ "hello": { "en": { "subject": "Hello", "text": "Hello" } } }))],
    );
    assert_eq!(problems(&config), [""; 0], "no SMS, no text for it");
}

/// One own template of the invitation.
fn template(part: &str, source: &str) -> Value {
    with(config(), &[("/messages", json!({ "invite": { "en": { part: source } } }))])
}

#[track_caller]
fn template_tells(part: &str, rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        let expected =
            if expected.is_empty() { vec![] } else { vec![format!("messages.invite.en.{part}: {expected}")] };
        assert_eq!(problems(&template(part, source)), expected, "{source}");
    }
}

#[test]
fn templates() {
    template_tells(
        "text",
        &[
            ("Hello {name}", ""),
            ("body { color: red } { } {} {\n}", ""),
            (
                "Hello {servce_name}",
                "line 1, column 7: unknown placeholder {servce_name}; did you mean {service_name}?",
            ),
            (
                "a\n  漢字 {emailAddress}",
                "line 2, column 6: unknown placeholder {emailAddress}; did you mean {email_address}?",
            ),
            ("{favourite_colour}", "line 1, column 1: unknown placeholder {favourite_colour}"),
            ("{custom.anything}", ""),
            ("\n{#name}\nHello", "line 2, column 1: section name is never closed"),
            ("{^name}Hello", "line 1, column 1: section name is never closed"),
            ("{#name}{#url}{/name}{/url}", "line 1, column 14: {/name} does not close the section that is open: url"),
            ("Hello{/name}", "line 1, column 6: {/name} closes no section"),
            ("{{name}}", "line 1, column 1: these templates have single braces: write {name}, or set delimiters"),
            ("{=<% =}", "line 1, column 1: new delimiters are two words between equals signs, like =<% %>="),
            ("{=<% %>=}<% name", "line 1, column 10: a tag opens here and is never closed"),
            ("{=<% %>=}<% a b %>", "line 1, column 10: a tag needs a name of letters, digits, _ and -, joined by dots"),
        ],
    );
    let deep = ["{#name}".repeat(33), "{/name}".repeat(33)].concat();
    template_tells("text", &[(&deep, "line 1, column 225: sections nest too deep; 32 levels are allowed")]);
    let unknown = "line 1, column 1: unknown placeholder {nmae}; did you mean {name}?";
    for part in ["subject", "sms", "html", "button"] {
        template_tells(part, &[("{nmae}", unknown)]);
    }
}

#[test]
fn templates_with_double_braces() {
    for (source, expected) in [
        ("{name} {{name}} {{{name}}} {{! a comment }}", ""),
        ("{{nmae}}", "line 1, column 1: unknown placeholder {nmae}; did you mean {name}?"),
        ("a\n{{name", "line 2, column 1: a tag opens here and is never closed"),
        ("{{> header}}", "line 1, column 1: partials ({{> …}}) are not supported"),
    ] {
        let config = with(template("text", source), &[("/delimiters", json!("{{ }}"))]);
        let expected = if expected.is_empty() { vec![] } else { vec![format!("messages.invite.en.text: {expected}")] };
        assert_eq!(problems(&config), expected, "{source}");
    }
}

#[test]
fn all_errors_of_all_templates_are_told() {
    let messages = json!({
        "invite": { "en": { "text": "{nmae}\n{ulr}", "sms": "{#name}" } },
        "hello": { "en": { "subject": "{/name}", "text": "t", "sms": "s" } }
    });
    assert_eq!(
        problems(&with(config(), &[("/messages", messages)])),
        [
            "messages.hello.en.subject: line 1, column 1: {/name} closes no section",
            "messages.invite.en.text: line 1, column 1: unknown placeholder {nmae}; did you mean {name}?",
            "messages.invite.en.text: line 2, column 1: unknown placeholder {ulr}; did you mean {url}?",
            "messages.invite.en.sms: line 1, column 1: section name is never closed",
        ]
    );
}

#[test]
fn values_stand_only_where_escaping_protects() {
    let raw = "would insert a user's value as HTML; write {name}";
    let place = "stands where escaping does not protect; HTML text and quoted attributes are safe";
    let at = |column: usize, what: &str| match what {
        "" => String::new(),
        raw_or_place => format!("line 1, column {column}: {raw_or_place}"),
    };
    let (raw, place) = (format!("{{&name}} {raw}"), format!("{{name}} {place}"));
    for (source, column, what) in [
        ("<p>{name}</p>", 0, ""),
        ("<p title=\"{name}\">", 0, ""),
        ("<p title='{name}'>", 0, ""),
        ("<title>{name}</title>", 0, ""),
        ("<style>.a { color: red }</style><p>{name}", 0, ""),
        ("<!-- comment --><p>{name}", 0, ""),
        ("1 < 2 {name}", 0, ""),
        ("{&name}", 1, &*raw),
        ("<p title=\"{&name}\">", 11, &raw),
        ("<p title={name}>", 10, &place),
        ("<p title=a{name}>", 11, &place),
        ("<p {name}>", 4, &place),
        ("<{name}>", 2, &place),
        ("</{name}>", 3, &place),
        ("<p title=\"a\"{name}>", 13, &place),
        ("<!-- {name} -->", 6, &place),
        ("<script>{name}</script>", 9, &place),
        ("<SCRIPT type=\"x\">a\n", 0, ""),
        ("<STYLE>{name}</STYLE>", 8, &place),
        ("<style>a</style ><style>{name}", 25, &place),
        ("<script>'</script'{name}", 19, &place),
        ("{#name}<p title={/name}", 1, "section name must end in the same part of the HTML as it starts"),
    ] {
        template_tells("html", &[(source, &at(column, what))]);
    }
}

#[test]
fn a_slash_ends_the_name_of_a_tag_as_a_space_does() {
    let place = "{name} stands where escaping does not protect; HTML text and quoted attributes are safe";
    for source in ["<script/>{name}</script>", "<style/x>{name}</style>"] {
        template_tells("html", &[(source, &format!("line 1, column 10: {place}"))]);
    }
}

/// What the configuration itself supplies may be HTML.
#[test]
fn trusted_values_may_be_inserted_as_they_are() {
    let config = with(template("html", "<p>{&signature}"), &[("/vars", json!({ "signature": "<b>Acme</b>" }))]);
    assert_eq!(problems(&config), [""; 0]);
    assert_eq!(message(&decide_in_english(&event(), &config))["html"], "<p><b>Acme</b>");
}

#[test]
fn placeholders_of_ones_own() {
    let vars = |vars: Value| problems(&with(template("text", "{team} {name}"), &[("/vars", vars)]));
    assert_eq!(vars(json!({ "team": "Support" })), [""; 0]);
    for name in ["name", "url", "custom", "set_password", "message"] {
        let problem = format!("vars.{name}: has a dot or is a placeholder already; choose another name");
        assert_eq!(vars(json!({ "team": "Support", name: "x" })), [problem]);
    }
}

#[test]
fn what_opens_envelopes() {
    let long = "x".repeat(32);
    let envelope = |envelope: Value| problems(&with(template("text", "{name}"), &[("/envelope", envelope)]));
    assert_eq!(envelope(json!({ "secrets": [long, "é".repeat(32)], "placeholders": ["team"] })), [""; 0]);
    let short = "must have at least 32 characters; take random ones";
    for secret in ["x".repeat(31), "é".repeat(31), "x".to_owned()] {
        assert_eq!(envelope(json!({ "secrets": [long, secret] })), [format!("envelope.secrets[1]: {short}")]);
    }
    assert_eq!(envelope(json!({ "secrets": [] })), ["envelope.secrets: is empty; give one"]);
    for name in ["name", "inviter", "custom", "a.b"] {
        let problem = "envelope.placeholders[1]: has a dot or is a placeholder already; choose another name";
        assert_eq!(envelope(json!({ "secrets": [long], "placeholders": ["team", name] })), [problem]);
    }
    assert_eq!(
        problems(&with(template("text", "{team}"), &[("/vars", json!({ "plan": "x" }))])),
        ["messages.invite.en.text: line 1, column 1: unknown placeholder {team}"]
    );
    let known = [("/envelope", json!({ "secrets": [long], "placeholders": ["team"] }))];
    assert_eq!(problems(&with(template("text", "{team}{inviter}"), &known)), [""; 0]);
}

/// `{a.b}` reaches into `a`, so a placeholder of one's own cannot be called that: it would print nothing.
#[test]
fn a_placeholder_that_would_print_nothing_is_told() {
    let config = with(template("text", "{team.name}"), &[("/vars", json!({ "team.name": "Support" }))]);
    let printed = decide_in_english(&event(), &config);
    assert!(printed["type"] == "invalid" || message(&printed)["text"] == "Support", "{printed}");
}

#[test]
fn unknown_names_may_print_nothing() {
    let config = with(template("text", "a{nmae}b{#x}c{/x}{^x}d{/x}"), &[("/strictNames", json!(false))]);
    assert_eq!(problems(&config), [""; 0]);
    assert_eq!(message(&decide_in_english(&event(), &config))["text"], "abd");
    // A broken structure stays an error, and so does a value that nothing protects.
    for (part, source) in [("text", "{#name}"), ("html", "<p title={anything}>"), ("html", "{&anything}")] {
        assert_eq!(problems(&with(template(part, source), &[("/strictNames", json!(false))])).len(), 1, "{source}");
    }
}

#[test]
fn a_template_that_prints_too_much_is_told() {
    let config = template("text", &"0123456789abcdef".repeat(20_000));
    assert_eq!(problems(&config), ["messages.invite.en.text: line 1, column 320001: prints more than 256 KiB"]);
}
