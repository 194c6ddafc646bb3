//! A configuration that is read and checked once, for everybody who decides more than once.

use crate::arena::Arena;
use crate::config::Config;
use crate::decide;
use crate::envelope::Seals;
use crate::json::{Json, append, quote};
use crate::preview;
use crate::provider::member;
use crate::signature::{Key, read_hex};
use crate::trace;
use self_cell::self_cell;

/// The configuration and the built-in texts, borrowed from the arena that both live in.
struct Parts<'a> {
    config: Json<'a>,
    built_in: Json<'a>,
}

self_cell!(
    struct Loaded {
        owner: Arena,
        #[covariant]
        dependent: Parts,
    }
);

/// A configuration, its built-in texts, and its secrets: those of its webhook and those of its envelopes.
pub struct Engine {
    loaded: Loaded,
    problems: Vec<String>,
    webhook: Vec<Key>,
    envelope: Vec<Key>,
}

impl Engine {
    /// Reads a configuration and the built-in texts with the given function, and checks them.
    ///
    /// # Errors
    /// Those of the function.
    pub fn new<E>(read: impl for<'a> FnOnce(&'a Arena) -> Result<[Json<'a>; 2], E>) -> Result<Self, E> {
        let loaded = Loaded::try_new(Arena::default(), |arena| {
            read(arena).map(|[config, built_in]| Parts { config, built_in })
        })?;
        let arena = Arena::default();
        let parts = loaded.borrow_dependent();
        let (json, built_in) = (&parts.config, &parts.built_in);
        let config = Config { json, built_in, arena: &arena, checked: false, seals: Seals::Unknown };
        let problems = decide::problems(&config);
        let (webhook, envelope) = (keys(json.get("webhook")), keys(json.get("envelope")));
        Ok(Engine { loaded, problems, webhook, envelope })
    }

    /// All that is wrong in the configuration, each with its path and what would be right.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Decides on an event, read with the given function; `None` is a Skip, since it is no event. The answer is that of
    /// [`decide::decide`].
    pub fn decide(&self, read: impl for<'a> FnOnce(&'a Arena) -> Option<Json<'a>>) -> String {
        let arena = Arena::default();
        match read(&arena) {
            Some(event) => decide::decide(&event, &self.config(&arena)),
            None => decide::not_an_event(),
        }
    }

    /// Decides on the mail with a password for an account, see [`decide::decide_password`]. A password that a mail might change
    /// or hide is a problem.
    pub fn decide_password(&self, read: impl for<'a> FnOnce(&'a Arena) -> Option<Json<'a>>, password: &str) -> String {
        if password.is_empty() || !password.bytes().all(|byte| byte.is_ascii_graphic()) {
            return decide::invalid(&["password: must be visible ASCII characters, at least one".to_owned()]);
        }
        let arena = Arena::default();
        match read(&arena) {
            Some(event) => decide::decide_password(&event, password, &self.config(&arena)),
            None => decide::not_an_event(),
        }
    }

    /// Shows what an event leads to; a locale stands in for the user's own. The answer is JSON text, its shape `Preview` in
    /// `ts/core.ts`.
    pub fn preview(&self, read: impl for<'a> FnOnce(&'a Arena) -> Option<Json<'a>>, locale: Option<&str>) -> String {
        let arena = Arena::default();
        match read(&arena) {
            Some(event) => preview::preview(&event, &self.config(&arena), &self.problems, locale),
            None => decide::not_an_event(),
        }
    }

    /// Why an event leads to that. The answer is JSON text, its shape `Trace` in `ts/core.ts`.
    pub fn trace(&self, read: impl for<'a> FnOnce(&'a Arena) -> Option<Json<'a>>, locale: Option<&str>) -> String {
        let arena = Arena::default();
        let config = self.config(&arena);
        let json = &preview::with_senders(&config, &self.problems);
        trace::trace(&read(&arena).unwrap_or(Json::Null), &Config { json, ..config }, locale)
    }

    /// Whether a body carries the signature, in hexadecimal, of one of the webhook's secrets.
    fn verify(&self, body: &[u8], signature: &str) -> bool {
        read_hex(signature).is_some_and(|signature| self.webhook.iter().any(|key| key.verify(body, &signature)))
    }

    /// What a report needs to know of a webhook's event, and then the decision on it: a line of JSON, its shape `Received`
    /// in `ts/engine.ts`, and the lines of [`decide::decide`]. A body whose signature is wrong is not read.
    pub fn receive(&self, body: &[u8], signature: &str) -> String {
        if !self.verify(body, signature) {
            return "{\"refused\":\"signature\"}".to_owned();
        }
        self.read(body).unwrap_or_else(|| "{\"refused\":\"event\"}".to_owned())
    }

    fn read(&self, body: &[u8]) -> Option<String> {
        let arena = Arena::default();
        let event = Json::parse(str::from_utf8(body).ok()?, &arena)?;
        let kind = event.get("type").as_str().filter(|kind| !kind.is_empty())?;
        let mut out = String::from("{\"type\":");
        quote(&mut out, kind);
        let users = [event.path("context.user_id"), event.path("payload.user.id")].into_iter().find_map(id);
        for (name, value) in [("id", id(event.get("id"))), ("userId", users)] {
            if let Some(text) = value {
                member(&mut out, name, text);
            }
        }
        if let Json::Number(seconds) = event.path("context.timestamp") {
            // As it stands: where a machine word has 32 bits, it may not fit into one.
            append(&mut out, &[",\"timestamp\":", seconds]);
        }
        out.push_str("}\n");
        out.push_str(&decide::decide(&event, &self.config(&arena)));
        Some(out)
    }

    fn config<'a>(&'a self, arena: &'a Arena) -> Config<'a> {
        let parts = self.loaded.borrow_dependent();
        let (json, built_in, seals) = (&parts.config, &parts.built_in, Seals::Keys(&self.envelope));
        Config { json, built_in, arena, checked: self.problems.is_empty(), seals }
    }
}

/// Of the `secrets` of a part of the configuration.
fn keys(part: &Json) -> Vec<Key> {
    let secrets = part.get("secrets").items().iter().filter(|secret| !secret.str().is_empty());
    secrets.map(|secret| Key::new(secret.str())).collect()
}

/// The longest id that is remembered and reported: far longer than Authgear's.
const MAX_ID: usize = 256;

/// An id, unless it is of a strange shape.
fn id<'e>(value: &Json<'e>) -> Option<&'e str> {
    value.as_str().filter(|text| (1..=MAX_ID).contains(&text.len()))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use std::convert::Infallible;

    const CONFIG: &str = r#"{"serviceName":"Acme","url":"https://acme.example",
        "email":[{"provider":"resend","apiKey":"k","from":"a@acme.example"}],"webhook":{"secrets":["old","new"]}}"#;
    const BUILT_IN: &str = r#"{"en":{"invite":{"subject":"S","text":"T {name}"}}}"#;
    const EVENT: &str = r#"{"id":"e1","type":"user.created","context":{"timestamp":1788251400,"user_id":"u1",
        "triggered_by":"admin_api"},"payload":{"user":{"standard_attributes":{"email":"b@acme.example"}}}}"#;

    fn engine(config: &str) -> Engine {
        Engine::new(|arena| {
            let parse = |text: &str| Json::parse(arena.text(text.to_owned()), arena).unwrap_or(Json::Null);
            Ok::<_, Infallible>([parse(config), parse(BUILT_IN)])
        })
        .unwrap()
    }

    fn decide(engine: &Engine, event: &str) -> String {
        engine.decide(|arena| Json::parse(arena.text(event.to_owned()), arena))
    }

    #[test]
    fn decides_as_the_text_boundary_does() {
        for config in [CONFIG, "{}", "null", r#"{"serviceName":"Acme"}"#, &CONFIG.replace("resend", "resent")] {
            let engine = engine(config);
            for event in [EVENT, "{}", &EVENT.replace("admin_api", "user")] {
                let input = format!(r#"{{"event":{event},"config":{config},"builtin":{BUILT_IN}}}"#);
                assert_eq!(decide(&engine, event), crate::text::decide(&input));
            }
        }
    }

    #[test]
    fn tells_what_is_wrong_at_once() {
        assert_eq!(engine(CONFIG).problems(), [""; 0]);
        assert_eq!(
            engine("{}").problems(),
            ["serviceName: is missing", "url: is missing", "config: has no sender; give one in email or in sms"]
        );
        let template = CONFIG.replace(r#""webhook""#, r#""messages":{"invite":{"en":{"subject":"{nmae}"}}},"webhook""#);
        assert_eq!(
            engine(&template).problems(),
            ["messages.invite.en.subject: line 1, column 1: unknown placeholder {nmae}; did you mean {name}?"]
        );
    }

    fn sign(secret: &str, body: &[u8]) -> String {
        Key::new(secret).sign(body).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_body_is_received_with_what_reports_need() {
        let engine = engine(CONFIG);
        let receive = |body: &[u8]| engine.receive(body, &sign("new", body));
        let head = r#"{"type":"user.created","id":"e1","userId":"u1","timestamp":1788251400}"#;
        assert_eq!(receive(EVENT.as_bytes()), format!("{head}\n{}", decide(&engine, EVENT)));
        let no_event = r#"{"refused":"event"}"#;
        for body in ["", "{}", "[]", "no JSON", r#"{"type":7}"#, r#"{"type":""}"#, "{\"type\":\"a\"} x"] {
            assert_eq!(receive(body.as_bytes()), no_event, "{body}");
        }
        assert_eq!(receive(b"{\"type\":\"\xff\"}"), no_event);
    }

    #[test]
    fn either_secret_will_do_and_nothing_else() {
        let engine = engine(CONFIG);
        let body = EVENT.as_bytes();
        for (secret, good) in [("old", true), ("new", true), ("", false), ("older", false)] {
            assert_eq!(engine.verify(body, &sign(secret, body)), good, "{secret}");
            assert_eq!(engine.receive(body, &sign(secret, body)) != r#"{"refused":"signature"}"#, good, "{secret}");
        }
        assert!(!engine.verify(body, ""));
        assert!(!engine.verify(b"x", &sign("new", body)));
        assert!(!self::engine("{}").verify(body, &sign("", body)), "without a secret nothing is signed");
    }
}
