//! What a message would be, for those who write a configuration and look at it: no provider is needed.

use crate::config::{Channel, Config, LACKS_SENDERS};
use crate::decide::{Plan, answer, invalid, plan};
use crate::json::{Json, decimal};
use crate::provider::member;
use crate::sms;

/// Shows what an event leads to; a locale stands in for the user's own. `problems` are those of the configuration. The
/// answer is JSON text; its shape is `Preview` in `ts/core.ts`.
pub fn preview(event: &Json, config: &Config, problems: &[String], locale: Option<&str>) -> String {
    let others: Vec<String> = problems.iter().filter(|problem| !problem.ends_with(LACKS_SENDERS)).cloned().collect();
    if !others.is_empty() {
        return invalid(&others);
    }
    let json = &with_senders(config, problems);
    let config = &Config { json, checked: true, ..*config };
    answer(config, |composer| plan(event, config, locale, composer), write)
}

/// Where there is no sender yet both channels get one, so that the user's own address decides.
pub(crate) fn with_senders<'c>(config: &Config<'c>, problems: &[String]) -> Json<'c> {
    const SENDERS: Json = Json::Array(&[Json::Null]);
    if !problems.iter().any(|problem| problem.ends_with(LACKS_SENDERS)) {
        return *config.json;
    }
    let mut members = config.json.members().to_vec();
    members.extend([Channel::Email, Channel::Sms].map(|channel| (channel.name(), SENDERS)));
    Json::Object(config.arena.list(members))
}

fn write(out: &mut String, plan: &Plan, config: &Config) -> String {
    out.push_str("message\"");
    plan.write(out);
    let sender = config.senders(plan.channel).first().unwrap_or(&Json::Null);
    for key in ["provider", "from", "replyTo"] {
        if let Some(text) = sender.get(key).as_str() {
            member(out, key, text);
        }
    }
    let content = &plan.content;
    member(out, "text", content.text);
    match plan.channel {
        Channel::Email => {
            member(out, "subject", content.subject);
            member(out, "html", content.html);
        }
        Channel::Sms => {
            let size = sms::size(content.text);
            out.push_str(",\"segments\":");
            decimal(out, size.segments);
            member(out, "encoding", if size.ucs2 { "UCS-2" } else { "GSM-7" });
        }
    }
    String::new()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::engine::Engine;
    use crate::json::Json;
    use serde_json::{Value, json};
    use std::convert::Infallible;

    fn preview(change: Value, attributes: &Value, locale: Option<&str>) -> Value {
        let mut config = json!({ "serviceName": "Acme", "url": "https://acme.example" });
        config.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let texts = |greeting: &str| json!({ "invite": { "subject": "S", "text": greeting, "sms": greeting } });
        let built_in = json!({ "en": texts("Hello"), "de": texts("Hallo, Gruß „{locale}“") });
        let event = json!({
            "id": "e1", "type": "user.created", "context": { "triggered_by": "admin_api" },
            "payload": { "user": { "standard_attributes": attributes } },
        });
        let [config, built_in, event] = [config, built_in, event].map(|value| value.to_string());
        let engine = Engine::new(|arena| {
            let parse = |text: &str| Json::parse(arena.text(text.to_owned()), arena).unwrap();
            Ok::<_, Infallible>([parse(&config), parse(&built_in)])
        })
        .unwrap();
        let read = engine.preview(|arena| Json::parse(arena.text(event.clone()), arena), locale);
        serde_json::from_str(&read).unwrap()
    }

    #[test]
    fn without_a_sender_each_channel_has_one() {
        let mail = preview(json!({}), &json!({ "email": "b@acme.example" }), None);
        assert_eq!(
            [&mail["type"], &mail["channel"], &mail["text"], &mail["subject"]],
            ["message", "email", "Hello", "S"]
        );
        assert!(mail["html"].as_str().unwrap().contains("<p>Hello</p>"), "{mail}");
        assert_eq!(mail.get("from"), None);
        let sms =
            preview(json!({ "email": [], "sms": null }), &json!({ "phone_number": "+85251234567" }), Some("de-AT"));
        assert_eq!(
            sms,
            json!({ "type": "message", "rule": 0, "message": "invite", "channel": "sms", "to": "user",
                "address": "+85251234567", "locale": "de", "localeFrom": "user", "warnings": [],
                "text": "Hallo, Gruß „de“", "segments": 1, "encoding": "UCS-2" })
        );
    }

    #[test]
    fn the_locale_is_taken_for_the_users_own() {
        let user = json!({ "email": "b@acme.example", "locale": "de" });
        for (asked, locale, from) in [
            (None, "de", "user"),
            (Some("en-GB"), "en", "user"),
            (Some("it"), "en", "default"),
            (Some(""), "en", "default"),
        ] {
            let shown = preview(json!({}), &user, asked);
            assert_eq!([&shown["locale"], &shown["localeFrom"]], [locale, from], "{asked:?}");
        }
        // A condition on the user's own locale is not touched.
        let rules =
            json!({ "rules": [{ "on": "user.created", "when": { "standardAttributes": { "locale": "de" } } }] });
        assert_eq!(preview(rules, &user, Some("en"))["text"], "Hello");
    }

    #[test]
    fn says_who_sends() {
        let sender = |provider: &str, from: &str| json!({ "provider": provider, "apiKey": "secret", "from": from });
        let email = json!([sender("resend", "Acme <a@acme.example>"), sender("sendgrid", "b@acme.example")]);
        let shown = preview(json!({ "email": email }), &json!({ "email": "b@acme.example" }), None);
        assert_eq!([&shown["provider"], &shown["from"]], ["resend", "Acme <a@acme.example>"]);
        assert!(!shown.to_string().contains("secret"));
        // With senders the preview is what happens, also when that is nothing.
        let skipped = preview(json!({ "email": email }), &json!({ "phone_number": "+85251234567" }), None);
        assert_eq!([&skipped["type"], &skipped["reason"]], ["skip", "no_sender"]);
    }

    #[test]
    fn what_is_wrong_is_told_but_for_the_missing_sender() {
        let user = json!({ "email": "b@acme.example" });
        let shown = preview(json!({ "url": "acme", "unreachable": { "email": "it@acme.example" } }), &user, None);
        assert_eq!(
            shown,
            json!({ "type": "invalid",
                "problems": ["url: must be a URL that starts with https:// (http:// only to this machine)"] })
        );
        let rules = json!([{ "on": "user.created", "message": "hi" }]);
        let own = json!({ "rules": rules, "messages": { "hi": { "en": { "sms": "Hi" } } } });
        assert_eq!(preview(own, &user, None)["warnings"], json!(["the text is empty"]));
    }
}
