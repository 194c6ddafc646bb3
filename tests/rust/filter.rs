//! Which events lead to a message: types, conditions, the user's state, and what happens when members are missing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::*;

const NON_BLOCKING: &[&str] = &[
    "user.created",
    "user.profile.updated",
    "user.authenticated",
    "user.disabled",
    "user.reenabled",
    "user.anonymous.promoted",
    "user.deletion_scheduled",
    "user.deletion_unscheduled",
    "user.deleted",
    "user.anonymization_scheduled",
    "user.anonymization_unscheduled",
    "user.anonymized",
    "identity.email.added",
    "identity.email.removed",
    "identity.email.updated",
    "identity.email.verified",
    "identity.email.unverified",
    "identity.phone.added",
    "identity.phone.removed",
    "identity.phone.updated",
    "identity.phone.verified",
    "identity.phone.unverified",
    "identity.username.added",
    "identity.username.removed",
    "identity.username.updated",
    "identity.oauth.connected",
    "identity.oauth.disconnected",
    "identity.biometric.enabled",
    "identity.biometric.disabled",
    "some.type.of.the.future",
    "user.created.again",
    "USER.CREATED",
    "user",
    "*",
];

const BLOCKING: &[&str] = &[
    "user.pre_create",
    "user.profile.pre_update",
    "user.pre_schedule_deletion",
    "user.pre_schedule_anonymization",
    "oidc.jwt.pre_create",
    "oidc.id_token.pre_create",
    "authentication.pre_initialize",
    "authentication.post_identified",
    "authentication.pre_authenticated",
];

fn typed(kind: &str) -> Value {
    with(event(), &[("/type", json!(kind))])
}

fn rule(rule: Value) -> Value {
    rules(json!([rule]))
}

/// Rules beside a message of the user's own, which users who cannot sign in need.
fn rules(rules: Value) -> Value {
    let own = json!({ "notice": { "en": { "subject": "Notice", "text": "Notice", "sms": "Notice" } } });
    with(config(), &[("/rules", rules), ("/messages", own)])
}

/// The outcome under one rule with this condition.
fn when(condition: Value, event: &Value) -> String {
    outcome(&decide_in_english(event, &rule(json!({ "on": "user.created", "when": condition, "message": "notice" }))))
}

/// What a condition makes of an event: each row is a change to the full event and whether the condition holds.
#[track_caller]
fn holds(condition: Value, reason: &str, rows: &[(&[(&str, Value)], bool)]) {
    for (changes, holds) in rows {
        let expected = if *holds { "send".to_owned() } else { format!("skip {reason}") };
        assert_eq!(when(condition.clone(), &with(event(), changes)), expected, "{condition} {changes:?}");
    }
}

#[test]
fn only_user_created_meets_the_default_rule() {
    assert_eq!(outcome(&decide(&event(), &config())), "send");
    for kind in NON_BLOCKING.iter().skip(1).chain(BLOCKING) {
        let decision = decide_in_english(&typed(kind), &config());
        assert_eq!(outcome(&decision), "skip event_type", "{kind}");
        assert_eq!(decision["rule"], Value::Null, "{kind}");
    }
}

#[test]
fn a_rule_meets_its_own_type_only() {
    for named in NON_BLOCKING {
        let config = rule(json!({ "on": named }));
        for kind in NON_BLOCKING.iter().chain(BLOCKING) {
            let expected = if kind == named { "send" } else { "skip event_type" };
            assert_eq!(outcome(&decide_in_english(&typed(kind), &config)), expected, "{named} {kind}");
        }
    }
}

#[test]
fn events_carry_their_identities_in_three_ways() {
    for (kind, payload, to) in [
        ("identity.email.added", json!({ "user": {}, "identity": email("a@acme.example") }), "a@acme.example"),
        (
            "identity.email.updated",
            json!({ "user": {}, "old_identity": email("old@acme.example"), "new_identity": email("new@acme.example") }),
            "new@acme.example",
        ),
        (
            "user.anonymous.promoted",
            json!({ "anonymous_user": { "is_anonymous": true }, "user": {}, "identities": [email("p@acme.example")] }),
            "p@acme.example",
        ),
    ] {
        let event = with(typed(kind), &[("/payload", payload)]);
        assert_eq!(message(&decide(&event, &rule(json!({ "on": kind }))))["to"], to, "{kind}");
    }
}

#[test]
fn the_first_rule_that_holds_wins() {
    let config = rules(json!([
        { "on": "user.disabled" },
        { "on": "user.created", "when": { "roles": ["admin"] }, "message": "notice" },
        { "on": "user.created", "when": { "groups": ["london"] } },
        { "on": "user.created", "message": "notice" }
    ]));
    for (changes, rule, name) in [
        (vec![], 2, "invite"),
        (vec![("/payload/user/roles", json!(["admin"]))], 1, "notice"),
        (vec![("/payload/user/groups", json!([]))], 3, "notice"),
        (vec![("/type", json!("user.disabled"))], 0, "invite"),
    ] {
        let decision = decide(&with(event(), &changes), &config);
        assert_eq!((&decision["rule"], &decision["message"]), (&json!(rule), &json!(name)), "{changes:?}");
    }
}

#[test]
fn a_skip_tells_why_the_first_rule_for_the_type_did_not_hold() {
    let config = rules(json!([
        { "on": "user.disabled" },
        { "on": "user.created", "when": { "roles": ["admin"] } },
        { "on": "user.created", "when": { "triggeredBy": ["user"] } }
    ]));
    let decision = decide(&event(), &config);
    assert_eq!((outcome(&decision), &decision["rule"]), ("skip role".to_owned(), &json!(1)));
}

#[test]
fn a_skip_names_no_user() {
    for condition in [
        json!({ "triggeredBy": ["user"] }),
        json!({ "emailDomain": { "deny": ["acme.example"] } }),
        json!({ "customAttributes": { "team": "Sales" } }),
        json!({ "clientId": ["other"] }),
        json!({ "identity": ["oauth"] }),
    ] {
        let skip = decide(&event(), &rule(json!({ "on": "user.created", "when": condition }))).to_string();
        for secret in ["Ada", "ada", "acme.example", "Analytics", "back-office", USER_ID] {
            assert!(!skip.contains(secret), "{secret} in {skip}");
        }
    }
}

#[test]
fn triggered_by() {
    const ALL: [&str; 5] = ["user", "admin_api", "system", "portal", "site_admin"];
    for wanted in ALL {
        for given in ALL.into_iter().chain(["something.new", ""]) {
            let changes: &[(&str, Value)] = &[("/context/triggered_by", json!(given))];
            holds(json!({ "triggeredBy": [wanted] }), "triggered_by", &[(changes, given == wanted)]);
            holds(json!({}), "triggered_by", &[(changes, given == "admin_api")]);
            holds(json!({ "triggeredBy": [] }), "triggered_by", &[(changes, false)]);
        }
    }
}

#[test]
fn origin() {
    let usage = "/context/audit_context/usage";
    let by = "/context/triggered_by";
    let any = json!(["admin_api", "portal", "site_admin", "user"]);
    for (changes, portal, direct) in [
        (vec![], false, true),
        (vec![(usage, json!("proxy"))], true, false),
        (vec![(usage, json!("something else"))], false, true),
        (vec![("/context/audit_context", json!(null))], false, true),
        (vec![(by, json!("portal"))], true, false),
        (vec![(by, json!("site_admin"))], true, false),
        (vec![(by, json!("user"))], false, false),
    ] {
        for (wanted, expected) in [
            (json!(["portal"]), portal),
            (json!(["admin_api_direct"]), direct),
            (json!(["portal", "admin_api_direct"]), portal || direct),
            (json!(null), true),
        ] {
            holds(json!({ "triggeredBy": any, "origin": wanted }), "origin", &[(&changes, expected)]);
        }
    }
}

#[test]
fn identity_kind() {
    let identities = "/payload/identities";
    let kinds = [
        ("email", email(EMAIL)),
        ("phone", phone(PHONE)),
        ("username", username(USERNAME)),
        ("oauth", oauth("ada@social.example")),
        ("none of them", identity("passkey", json!({}))),
    ];
    for wanted in ["email", "phone", "username", "oauth"] {
        for (kind, identity) in &kinds {
            let alone = json!([identity]);
            let second = json!([self::identity("biometric", json!({})), identity]);
            holds(
                json!({ "identity": [wanted] }),
                "identity",
                &[(&[(identities, alone)], *kind == wanted), (&[(identities, second)], *kind == wanted)],
            );
        }
    }
    holds(json!({ "identity": ["phone", "email"] }), "identity", &[(&[], true)]);
}

#[test]
fn email_domains() {
    let (acme, none) = (json!(["acme.example"]), json!(null));
    for (allow, deny, address, passes) in [
        (&acme, &none, "a@acme.example", true),
        (&acme, &none, "a@ACME.Example", true),
        (&acme, &none, "a@eu.acme.example", true),
        (&acme, &none, "a@a.b.acme.example", true),
        (&acme, &none, "a@badacme.example", false),
        (&acme, &none, "a@acme.example.evil.example", false),
        (&acme, &none, "acme.example@evil.example", false),
        (&acme, &none, "a@other.example", false),
        (&none, &acme, "a@acme.example", false),
        (&none, &acme, "a@eu.acme.example", false),
        (&none, &acme, "a@badacme.example", true),
        (&acme, &json!(["eu.acme.example"]), "a@us.acme.example", true),
        (&acme, &json!(["eu.acme.example"]), "a@eu.acme.example", false),
        (&json!(["a.example", "ACME.example"]), &none, "a@acme.example", true),
        (&json!([]), &none, "a@acme.example", false),
        (&none, &json!([]), "a@acme.example", true),
        // An internationalised domain, as Unicode and as punycode, on either side.
        (&json!(["bücher.example"]), &none, "a@bücher.example", true),
        (&json!(["bücher.example"]), &none, "a@xn--bcher-kva.example", true),
        (&json!(["xn--bcher-kva.example"]), &none, "a@bücher.example", true),
        (&json!(["XN--BCHER-KVA.example"]), &none, "a@BÜCHER.example", true),
        (&json!(["bücher.example"]), &none, "a@shop.BÜCHER.example", true),
        (&json!(["bücher.example"]), &none, "a@bucher.example", false),
        (&none, &json!(["bücher.example"]), "a@xn--bcher-kva.example", false),
        (&none, &json!(["xn--bcher-kva.example"]), "a@shop.bücher.example", false),
        (&json!(["例え.example"]), &none, "a@例え.example", true),
        (&json!(["例え.example"]), &none, "a@xn--r8jz45g.example", true),
    ] {
        holds(
            json!({ "emailDomain": { "allow": allow, "deny": deny } }),
            "email_domain",
            &[(&[("/payload/identities", json!([email(address)]))], passes)],
        );
    }
    // Without an address there is no domain: not one that is allowed, nor one that is denied.
    assert_eq!(when(json!({ "emailDomain": { "allow": ["acme.example"] } }), &phone_event()), "skip email_domain");
    assert_eq!(when(json!({ "emailDomain": { "deny": ["acme.example"] } }), &phone_event()), "send");
}

#[test]
fn client_roles_and_groups() {
    for (condition, pointer, reason) in
        [("roles", "/payload/user/roles", "role"), ("groups", "/payload/user/groups", "group")]
    {
        holds(
            json!({ condition: ["editor", "reader"] }),
            reason,
            &[
                (&[(pointer, json!(["reader"]))], true),
                (&[(pointer, json!(["x", "editor"]))], true),
                (&[(pointer, json!(["read", "READER"]))], false),
                (&[(pointer, json!([]))], false),
                (&[(pointer, json!(null))], false),
                (&[(pointer, json!("reader"))], false),
            ],
        );
    }
    let client = "/context/client_id";
    holds(
        json!({ "clientId": ["back-office", "hr"] }),
        "client_id",
        &[
            (&[], true),
            (&[(client, json!("hr"))], true),
            (&[(client, json!("web"))], false),
            (&[(client, json!(null))], false),
        ],
    );
}

#[test]
fn attributes() {
    let custom = "/payload/user/custom_attributes";
    let standard = "/payload/user/standard_attributes";
    for (wanted, given, equal) in [
        (json!("Analytics"), json!("Analytics"), true),
        (json!("Analytics"), json!("analytics"), false),
        (json!("Analytics"), json!(["Analytics"]), false),
        (json!(7), json!(7), true),
        (json!(7), json!(8), false),
        (json!(7), json!("7"), false),
        (json!("7"), json!(7), false),
        (json!(-1.5), json!(-1.5), true),
        (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_993_i64), true),
        (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64), false),
        (json!(true), json!(true), true),
        (json!(true), json!(false), false),
        (json!(true), json!("true"), false),
        (json!(false), json!(null), false),
    ] {
        let nested = json!({ "address": { "country": given } });
        holds(
            json!({ "customAttributes": { "level": wanted } }),
            "attribute",
            &[(&[(custom, json!({ "level": given }))], equal), (&[(custom, json!(null))], false)],
        );
        holds(
            json!({ "standardAttributes": { "address.country": wanted } }),
            "attribute",
            &[(&[(standard, nested)], equal), (&[(standard, json!({ "address": null }))], false)],
        );
    }
    // All must be equal.
    holds(
        json!({ "standardAttributes": { "email_verified": false }, "customAttributes": { "team": "Analytics" } }),
        "attribute",
        &[
            (&[], true),
            (&[("/payload/user/standard_attributes/email_verified", json!(true))], false),
            (&[("/payload/user/custom_attributes/team", json!("Sales"))], false),
        ],
    );
}

#[test]
fn users_who_cannot_sign_in_are_left_out_unless_asked_for() {
    let anonymous = json!([identity("anonymous", json!({}))]);
    for (pointer, value, condition, reason) in [
        ("/payload/user/is_disabled", json!(true), "disabled", "user_disabled"),
        ("/payload/user/is_deactivated", json!(true), "deactivated", "user_deactivated"),
        ("/payload/user/is_anonymous", json!(true), "anonymous", "user_anonymous"),
        ("/payload/identities", anonymous, "anonymous", "user_anonymous"),
    ] {
        let changes: &[(&str, Value)] = &[(pointer, value)];
        holds(json!({}), reason, &[(&[], true), (changes, false)]);
        holds(json!({ condition: false }), reason, &[(&[], true), (changes, false)]);
        holds(json!({ condition: true }), reason, &[(&[], true), (changes, true)]);
    }
    // Nobody asks for these.
    let until = "/payload/user/account_valid_until";
    let all = json!({ "disabled": true, "deactivated": true, "anonymous": true });
    holds(all.clone(), "user_anonymized", &[(&[("/payload/user/is_anonymized", json!(true))], false)]);
    for (moment, valid) in [
        ("2026-09-01T08:29:59.999999999Z", false),
        ("2026-09-01T08:30:00Z", false), // the event's own moment
        ("2026-09-01T10:29:59+02:00", false),
        ("2026-09-01T08:30:01Z", true),
        ("2126-01-01T00:00:00Z", true),
        ("no date", true),
    ] {
        holds(all.clone(), "user_expired", &[(&[(until, json!(moment))], valid)]);
    }
}

/// Authgear calls an account disabled outside of the time for which it is valid.
#[test]
fn a_new_account_that_is_not_valid_yet_is_told_from_when_and_is_not_taken_for_disabled() {
    let disabled = ("/payload/user/is_disabled", json!(true));
    let from = |moment: &str| ("/payload/user/account_valid_from", json!(moment));
    let later = [disabled.clone(), from("2026-09-01T08:30:01Z")];
    holds(json!({}), "user_disabled", &[(&later, true), (&[disabled.clone(), from("2026-09-01T08:30:00Z")], false)]);
    assert!(text(&message(&decide(&with(event(), &later), &config()))["text"]).contains("2026-09-01 08:30 UTC"));
    let expired = [disabled.clone(), ("/payload/user/account_valid_until", json!("2026-09-01T08:30:00Z"))];
    holds(json!({}), "user_expired", &[(&[], true), (&expired, false)]);
    // Somebody who is there may have been disabled by an admin.
    let on = "user.profile.updated";
    let config = with(config(), &[("/rules", json!([{ "on": on }]))]);
    let event = with(with(event(), &later), &[("/type", json!(on))]);
    assert_eq!(outcome(&decide(&event, &config)), "skip user_disabled");
}

#[test]
fn a_flag_that_is_no_boolean_is_not_set() {
    for value in [json!("true"), json!(1), json!({}), json!(["x"])] {
        holds(json!({}), "", &[(&[("/payload/user/is_disabled", value.clone())], true)]);
    }
}

/// What is missing, null or of a type that no server sends is as if the server did not know it: the message goes out,
/// unless one of these is gone.
#[test]
fn any_member_may_be_missing_null_or_odd() {
    let decisive = |pointer: &str| match pointer {
        "/type" => "skip not_an_event",
        "/context" | "/context/triggered_by" => "skip triggered_by",
        "/payload" => "skip no_reachable_identity",
        _ => "send",
    };
    let odd = [json!(null), json!(7), json!([]), json!({}), json!([null, 7, "x", {}])];
    for pointer in pointers(&event()) {
        let expected = decisive(&pointer);
        let gone = without(event(), &pointer);
        assert_eq!(outcome(&decide_in_english(&gone, &config())), expected, "without {pointer}");
        for value in &odd {
            let event = with(event(), &[(&pointer, value.clone())]);
            assert_eq!(outcome(&decide_in_english(&event, &config())), expected, "{value} at {pointer}");
        }
    }
}

/// Without the identities, the attribute still reaches the user; without both, nothing does.
#[test]
fn two_missing_members_leave_nobody() {
    let nobody = event_of(json!(null), json!(null));
    assert_eq!(outcome(&decide(&nobody, &config())), "skip no_reachable_identity");
}

#[test]
fn what_is_no_event_is_a_skip() {
    for event in [json!(null), json!([]), json!("user.created"), json!(7), json!({}), json!({ "type": "" })] {
        assert_eq!(outcome(&decide(&event, &config())), "skip not_an_event", "{event}");
    }
}

#[test]
fn numbers_of_64_bits_and_nanoseconds_pass() {
    for seq in [json!(i64::MAX), json!(i64::MIN), json!(u64::MAX), json!(0), json!(1.5e300)] {
        assert_eq!(outcome(&decide(&with(event(), &[("/seq", seq)]), &config())), "send");
    }
    for timestamp in [json!(0), json!(-1), json!(i64::MAX), json!(i64::MIN), json!(u64::MAX), json!(1.5), json!("x")] {
        let event = without(with(event(), &[("/context/timestamp", timestamp)]), "/payload/user/account_valid_until");
        assert_eq!(outcome(&decide(&event, &config())), "send");
    }
    for moment in ["2126-12-01T09:00:00.123456789Z", "2126-12-01T09:00:00.1Z", "2126-12-01T09:00:00Z"] {
        let event = with(event(), &[("/payload/user/account_valid_from", json!(moment))]);
        assert!(text(&message(&decide(&event, &config()))["text"]).contains("2126-12-01 09:00 UTC+00:00"), "{moment}");
    }
}

#[test]
fn ten_thousand_identities_pass() {
    let mut identities: Vec<Value> = (0..10_000).map(|i| username(&format!("ada{i}"))).collect();
    identities.push(email("last@acme.example"));
    let decision = decide_in_english(&event_of(json!(identities), json!({})), &config());
    assert_eq!(message(&decision)["to"], "last@acme.example");
}
