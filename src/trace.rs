//! Why an event leads to what it leads to, for those who write a configuration: every rule, locale and address that was
//! looked at. Asks the decision's own parts one by one, so that nothing is told that they would not do.

use crate::config::{Channel, Config, message_of, type_of};
use crate::decide::wishes;
use crate::envelope::open;
use crate::event::{Event, Identity, Kind};
use crate::filter::{Reason, fails};
use crate::json::{Json, Member, append, quote};
use crate::locale::lookup;
use crate::provider::member;
use crate::recipient::search;
use crate::values::{PLACEHOLDERS, values};

const OTHER_TYPE: Reason = &("event_type", "the rule is for another type of event");

/// The answer is JSON text; its shape is `Trace` in `ts/core.ts`. A locale stands in for the user's own.
pub fn trace(event: &Json, config: &Config, locale: Option<&str>) -> String {
    let Some(event) = &Event::read(event, config.arena) else {
        return "{\"rules\":[],\"locales\":[],\"channels\":[],\"values\":{}}".to_owned();
    };
    let mut out = String::from("{\"rules\":[");
    let rule = rules(&mut out, event, config);
    // The secrets are at hand where this is asked.
    let (envelope, ignored) = open(event, config).unwrap_or((Json::Null, ""));
    let (mut chosen, mut channels) = ("", [].as_slice());
    out.push_str("],\"locales\":[");
    if let Some(rule) = rule {
        let message = envelope.get("message").as_str().unwrap_or(message_of(rule));
        chosen = locales(&mut out, event, config, (rule, message), locale);
        channels = config.channels();
    }
    out.push_str("],\"channels\":[");
    list(&mut out, channels, |out, channel| addresses(out, event, config, *channel));
    out.push_str("],\"values\":{");
    placeholders(&mut out, values(config, event, &envelope, chosen));
    out.push('}');
    if !envelope.is_null() || !ignored.is_empty() {
        member(&mut out, "envelope", if ignored.is_empty() { "opened" } else { ignored });
    }
    out.push('}');
    out
}

/// Writes what became of each rule, and returns the one that matched.
fn rules<'c>(out: &mut String, event: &Event, config: &Config<'c>) -> Option<&'c Json<'c>> {
    let mut matched = None;
    list(out, config.rules(), |out, rule| {
        let reason =
            if type_of(rule) == event.kind { fails(event, config, rule.get("when")) } else { Some(OTHER_TYPE) };
        append(
            out,
            &[
                "{\"result\":\"",
                if matched.is_some() {
                    "unread"
                } else if reason.is_some() {
                    "failed"
                } else {
                    "matched"
                },
                "\"",
            ],
        );
        member(out, "on", type_of(rule));
        member(out, "message", message_of(rule));
        if let (None, Some((reason, detail))) = (matched, reason) {
            member(out, "reason", reason);
            member(out, "detail", detail);
        }
        out.push('}');
        if reason.is_none() && matched.is_none() {
            matched = Some(rule);
        }
    });
    matched
}

/// Writes whose wish each locale is and what was found for it, and returns the first that was.
fn locales<'c>(
    out: &mut String,
    event: &Event,
    config: &Config<'c>,
    (rule, message): (&Json, &str),
    own: Option<&str>,
) -> &'c str {
    let available = config.locales(message);
    let own = own.unwrap_or(event.attribute("locale"));
    let mut chosen = "";
    let mut all = Vec::new();
    wishes(own, event, config, rule.text("locale"), &mut |from, asked| all.push((from, asked)));
    list(out, &all, |out, (from, asked)| {
        append(out, &["{\"from\":\"", from, "\""]);
        member(out, "asked", asked);
        if let Some(found) = lookup(asked, available) {
            member(out, "found", found);
            chosen = if chosen.is_empty() { found } else { chosen };
        }
        out.push('}');
    });
    chosen
}

/// Writes the addresses of a channel in the order in which they are tried, each with what it comes to.
fn addresses<'e>(out: &mut String, event: &Event<'e>, config: &Config<'e>, channel: Channel) {
    append(out, &["{\"channel\":\"", channel.name(), "\",\"sender\":"]);
    out.push_str(if config.senders(channel).is_empty() { "false" } else { "true" });
    out.push_str(",\"addresses\":[");
    let attribute = event.attribute(if channel == Channel::Email { "email" } else { "phone_number" });
    let (accounts, others): (Vec<Identity>, Vec<Identity>) =
        event.identities.iter().partition(|identity| identity.kind == Kind::OAuth);
    let kind = if channel == Channel::Email { Kind::Email } else { Kind::Phone };
    let logins = others.iter().filter(|identity| identity.kind == kind);
    let mut candidates: Vec<_> = logins
        .map(|identity| ("login_id", identity.typed, alone(event, &Json::Null, vec![*identity], config)))
        .collect();
    if !attribute.is_empty() {
        // It may be the copy of an account's claim, which counts where accounts are not asked for.
        let beside = if config.get("oauthEmail").is_true() { Vec::new() } else { accounts.clone() };
        candidates.push(("attribute", attribute, alone(event, event.user, beside, config)));
    }
    if channel == Channel::Email {
        let accounts = accounts.iter().filter(|account| !account.normalised.is_empty());
        candidates.extend(
            accounts.map(|account| ("oauth", account.normalised, alone(event, &Json::Null, vec![*account], config))),
        );
    }
    list(out, &candidates, |out, (from, value, event)| {
        let search = search(event, config, channel);
        append(out, &["{\"from\":\"", from, "\""]);
        member(out, "value", value);
        out.push_str(if search.any { ",\"tried\":true" } else { ",\"tried\":false" });
        if let Some(address) = search.address {
            member(out, "address", address);
        }
        out.push('}');
    });
    out.push_str("]}");
}

/// The same event, but its user has nothing else.
fn alone<'e>(event: &Event<'e>, user: &'e Json<'e>, identities: Vec<Identity<'e>>, config: &Config<'e>) -> Event<'e> {
    Event { user, identities: config.arena.list(identities), ..*event }
}

/// Writes what each placeholder stands for; `null` where that is nothing.
fn placeholders(out: &mut String, values: Vec<Member>) {
    let mut all: Vec<_> =
        PLACEHOLDERS.iter().filter(|name| **name != "custom.*").map(|name| ("", *name, None)).collect();
    for (name, value) in values {
        match value {
            Json::Object(members) => {
                all.extend(members.iter().map(|(key, value)| ("custom.", *key, value.scalar())));
            }
            _ if name.is_empty() => {}
            value => {
                all.retain(|(start, known, _)| !start.is_empty() || *known != name);
                all.push(("", name, value.scalar()));
            }
        }
    }
    list(out, &all, |out, (start, name, value)| {
        quote(out, &[*start, *name].concat());
        out.push(':');
        match value {
            Some(text) => quote(out, text),
            None => out.push_str("null"),
        }
    });
}

/// Writes items with commas between them.
fn list<'t, T>(out: &mut String, items: &'t [T], mut write: impl FnMut(&mut String, &'t T)) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write(out, item);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::engine::Engine;
    use crate::json::Json;
    use crate::values::PLACEHOLDERS;
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use std::convert::Infallible;

    fn engine(change: &Value) -> Engine {
        let mut config = json!({ "serviceName": "Acme", "url": "https://acme.example",
            "email": [{ "provider": "resend", "apiKey": "k", "from": "a@acme.example" }],
            "sms": [{ "provider": "bird", "apiKey": "k", "from": "Acme" }] });
        config.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let texts = json!({ "invite": { "subject": "S", "text": "T", "sms": "T" } });
        let [config, built_in] = [config, json!({ "en": texts, "de": texts })].map(|value| value.to_string());
        Engine::new(|arena| {
            let parse = |text: &str| Json::parse(arena.text(text.to_owned()), arena).unwrap();
            Ok::<_, Infallible>([parse(&config), parse(&built_in)])
        })
        .unwrap()
    }

    fn ask(engine: &Engine, event: &Value) -> [Value; 2] {
        let text = event.to_string();
        let trace = engine.trace(|arena| Json::parse(arena.text(text.clone()), arena), None);
        let shown = engine.preview(|arena| Json::parse(arena.text(text.clone()), arena), None);
        [trace, shown].map(|text| serde_json::from_str(&text).unwrap())
    }

    fn event(attributes: Value, identities: Value) -> Value {
        json!({ "id": "e1", "type": "user.created",
            "context": { "triggered_by": "admin_api", "preferred_languages": ["pt-BR"], "language": "fr" },
            "payload": { "user": { "standard_attributes": attributes, "custom_attributes": { "team": "A" } },
                "identities": identities } })
    }

    fn oauth(address: &str) -> Value {
        json!({ "type": "oauth", "claims": { "email": address } })
    }

    fn login(claim: &str, value: &str) -> Value {
        json!({ "type": "login_id", "claims": { claim: value } })
    }

    #[test]
    fn tells_what_became_of_each_rule() {
        let rules = json!({ "rules": [
            { "on": "user.authenticated" },
            { "on": "user.created", "when": { "roles": ["staff"] } },
            { "on": "user.created", "when": {} },
            { "on": "user.created" },
        ] });
        let [trace, _] = ask(&engine(&rules), &event(json!({ "email": "b@acme.example" }), json!([])));
        let results: Vec<_> = trace["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| (rule["result"].clone(), rule["reason"].clone()))
            .collect();
        assert_eq!(
            results,
            [
                (json!("failed"), json!("event_type")),
                (json!("failed"), json!("role")),
                (json!("matched"), Value::Null),
                (json!("unread"), Value::Null)
            ]
        );
        let [none, _] = ask(&engine(&json!({ "rules": [] })), &event(json!({}), json!([])));
        assert_eq!([&none["rules"], &none["locales"], &none["channels"]], [&json!([]), &json!([]), &json!([])]);
    }

    #[test]
    fn tells_whose_wish_each_locale_is() {
        let rules = json!({ "rules": [{ "on": "user.created", "locale": "de-AT" }] });
        let [trace, shown] = ask(&engine(&rules), &event(json!({ "email": "b@acme.example" }), json!([])));
        assert_eq!(
            trace["locales"],
            json!([
                { "from": "user", "asked": "" },
                { "from": "rule", "asked": "de-AT", "found": "de" },
                { "from": "event", "asked": "pt-BR" },
                { "from": "project", "asked": "fr" },
                { "from": "default", "asked": "en", "found": "en" },
            ])
        );
        assert_eq!([&shown["locale"], &shown["localeFrom"]], ["de", "rule"]);
        assert_eq!([&trace["values"]["locale"], &trace["values"]["custom.team"]], ["de", "A"]);
        assert_eq!(trace["values"]["name"], "");
        assert_eq!(trace["values"]["valid_from"], Value::Null);
    }

    #[test]
    fn tells_which_addresses_count() {
        let user = json!({ "email": "b@social.example" });
        let both = event(user, json!([oauth("b@social.example"), login("phone_number", "+85251234567")]));
        let account = |tried: bool| {
            let mut account = json!({ "from": "oauth", "value": "b@social.example", "tried": tried });
            if tried {
                account["address"] = json!("b@social.example");
            }
            account
        };
        let attribute = |tried: bool| {
            let mut attribute = account(tried);
            attribute["from"] = json!("attribute");
            attribute
        };
        let [without, _] = ask(&engine(&json!({})), &both);
        assert_eq!(
            without["channels"],
            json!([
                { "channel": "email", "sender": true, "addresses": [attribute(false), account(false)] },
                { "channel": "sms", "sender": true,
                    "addresses": [{ "from": "login_id", "value": "+85251234567", "tried": true, "address": "+85251234567" }] },
            ])
        );
        let [with, _] = ask(&engine(&json!({ "oauthEmail": true, "sms": [] })), &both);
        assert_eq!(
            with["channels"],
            json!([
                { "channel": "email", "sender": true, "addresses": [attribute(true), account(true)] },
                { "channel": "sms", "sender": false,
                    "addresses": [{ "from": "login_id", "value": "+85251234567", "tried": true, "address": "+85251234567" }] },
            ])
        );
        // Where there is no sender yet, both channels have one, as in a preview.
        let [none, _] = ask(&engine(&json!({ "email": [], "sms": [] })), &both);
        assert_eq!([&none["channels"][0]["sender"], &none["channels"][1]["sender"]], [true, true]);
    }

    #[test]
    fn an_address_is_told_where_it_comes_from() {
        let rich = event(
            json!({ "email": "a@acme.example", "phone_number": "+85251234567" }),
            json!([login("email", "b@acme.example"), login("phone_number", "+85257654321"), oauth("c@social.example")]),
        );
        let [trace, _] = ask(&engine(&json!({ "oauthEmail": true })), &rich);
        for channel in trace["channels"].as_array().unwrap() {
            for address in channel["addresses"].as_array().unwrap() {
                assert!(address["tried"] == false || address["address"] == address["value"], "{address}");
            }
        }
        let from = |channel: usize| {
            let addresses = trace["channels"][channel]["addresses"].as_array().unwrap().iter();
            addresses.map(|it| [&it["from"], &it["value"]].map(|it| it.as_str().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(
            from(0),
            [["login_id", "b@acme.example"], ["attribute", "a@acme.example"], ["oauth", "c@social.example"]]
        );
        assert_eq!(from(1), [["login_id", "+85257654321"], ["attribute", "+85251234567"]]);
    }

    #[test]
    fn each_placeholder_is_told_once() {
        // Without a way in: a code has nowhere to go.
        let engine = engine(&json!({ "vars": { "city": "Hong Kong" }, "signIn": "code" }));
        let event = event(json!({ "name": "Ada" }), json!([login("preferred_username", "ada")])).to_string();
        let told = engine.trace(|arena| Json::parse(arena.text(event.clone()), arena), None);
        let (_, values) = told.split_once("\"values\":").unwrap();
        for name in PLACEHOLDERS.iter().chain(&["city", "custom.team"]) {
            let times = usize::from(*name != "custom.*");
            assert_eq!(values.matches(&format!("\"{name}\":")).count(), times, "{name} in {values}");
        }
        assert!(!values.contains("\"\":"), "{values}");
    }

    #[test]
    fn a_given_name_is_a_name_and_no_other() {
        let [trace, _] = ask(&engine(&json!({})), &event(json!({ "given_name": "Ada" }), json!([])));
        let values = &trace["values"];
        let names = ["name", "given_name", "family_name", "nickname"].map(|name| values[name].as_str().unwrap());
        assert_eq!(names, ["Ada", "Ada", "", ""]);
    }

    #[test]
    fn the_way_in_follows_from_the_identities() {
        let [mail, username, google] =
            [login("email", "a@b.example"), login("preferred_username", "ada"), oauth("a@b.example")];
        for (identities, by_password, by_code) in [
            (json!([mail]), "reset_password", "sign_in_code"),
            (json!([username, mail]), "reset_password", "sign_in_code"),
            (json!([username]), "ask_password", ""),
            (json!([username, google]), "ask_password", ""),
            (json!([google]), "sign_in_external", "sign_in_external"),
            (json!([]), "reset_password", "sign_in_code"),
        ] {
            for (sign_in, expected) in [("password", by_password), ("code", by_code)] {
                let [trace, _] = ask(&engine(&json!({ "signIn": sign_in })), &event(json!({}), identities.clone()));
                let ways = trace["values"].as_object().unwrap().iter().filter(|(_, value)| *value == "true");
                let ways: Vec<_> = ways.map(|(name, _)| name.as_str()).collect();
                assert_eq!(ways.join(" "), expected, "{identities} by {sign_in}");
            }
        }
    }

    #[test]
    fn what_is_no_event_has_no_story() {
        let empty = json!({ "rules": [], "locales": [], "channels": [], "values": {} });
        for event in [json!(null), json!([]), json!({}), json!({ "type": 7 })] {
            assert_eq!(ask(&engine(&json!({})), &event)[0], empty);
        }
    }

    prop_compose! {
        fn address()(text in prop_oneof![
            Just("b@acme.example".to_owned()), Just("c@social.example".to_owned()), Just("not one".to_owned()),
            Just("+85251234567".to_owned()), Just(String::new()), any::<String>(),
        ]) -> String {
            text
        }
    }

    proptest! {
        /// The story's first address is the decision's, and its first locale too.
        #[test]
        fn the_story_is_what_happens(
            addresses in prop::collection::vec((0..4_usize, address()), 0..4),
            email in address(), phone in address(), locale in "(de|en|fr|de-AT)?", by_oauth: bool, sms_first: bool,
        ) {
            let identities: Vec<_> = addresses
                .iter()
                .map(|(kind, text)| match kind {
                    0 => oauth(text),
                    1 => login("email", text),
                    2 => login("phone_number", text),
                    _ => login("preferred_username", text),
                })
                .collect();
            let channels = if sms_first { json!(["sms", "email"]) } else { json!(["email", "sms"]) };
            let engine = engine(&json!({ "oauthEmail": by_oauth, "channels": channels }));
            let attributes = json!({ "email": email, "phone_number": phone, "locale": locale });
            let [trace, shown] = ask(&engine, &event(attributes, json!(identities)));
            let found = trace["channels"].as_array().unwrap().iter().find_map(|channel| {
                let addresses = channel["addresses"].as_array().unwrap();
                let first = addresses.iter().find(|it| it["tried"] == true && it.get("address").is_some())?;
                Some((channel["channel"].clone(), first["address"].clone()))
            });
            if shown["type"] == "message" {
                prop_assert_eq!(found, Some((shown["channel"].clone(), shown["address"].clone())));
                let chosen = trace["locales"].as_array().unwrap().iter().find_map(|it| it.get("found")).cloned();
                prop_assert_eq!(chosen, Some(shown["locale"].clone()));
            } else if shown["reason"] != "no_way_in" {
                prop_assert_eq!(found, None, "{}", shown);
            }
        }
    }
}
