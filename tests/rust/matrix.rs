//! Truthful text: every built-in locale, channel, way in, start of validity, with a name and without, has a text, and
//! none that advises the impossible.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use std::sync::OnceLock;
use support::*;

/// The way in is a section of the texts of the same name.
const WAYS: [&str; 5] = ["set_password", "reset_password", "sign_in_code", "sign_in_external", "ask_password"];
const VALID_FROM: [(Option<&str>, Option<&str>); 5] = [
    (None, None),
    (Some("2020-01-01T00:00:00Z"), None),
    (Some("2026-09-01T08:30:00Z"), None), // the moment of the event itself
    (Some("2126-12-01T09:00:00.123456789+05:30"), Some("2126-12-01 09:00 UTC+05:30")),
    (Some("2126-12-01T09:00:00Z"), Some("2126-12-01 09:00 UTC+00:00")),
];
const RIGHT_TO_LEFT: [&str; 4] = ["ar", "fa", "he", "ur"];

// Every value needs escaping in HTML.
const SERVICE: &str = "Söhne & Co";
const URL: &str = "https://accounts.acme.example/start?team=r&d=1";
const NAME: &str = "Ada O'Neill";
const TYPED: &str = "R&D.Ada@acme.example";

struct Cell {
    locale: &'static str,
    /// `email`, `sms`, or `admin`: the mail about a user whom nothing reaches.
    channel: &'static str,
    way: &'static str,
    /// What the user will type.
    login: Option<&'static str>,
    /// The date that must be told.
    starts: Option<&'static str>,
    name: Option<&'static str>,
    decision: Value,
}

impl Cell {
    fn label(&self) -> String {
        format!("{} {} {} {:?} {:?}: {}", self.locale, self.channel, self.way, self.starts, self.name, self.decision)
    }

    fn message(&self) -> &Value {
        message(&self.decision)
    }
}

fn cells() -> &'static [Cell] {
    static CELLS: OnceLock<Vec<Cell>> = OnceLock::new();
    CELLS.get_or_init(all_cells)
}

fn all_cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for locale in built_in().as_object().unwrap().keys() {
        for way in WAYS {
            for channel in ["email", "sms", "admin"] {
                if channel == "admin" && way != "ask_password" {
                    continue;
                }
                for (valid_from, starts) in VALID_FROM {
                    for name in [None, Some(NAME)] {
                        cells.push(cell(locale, way, channel, (valid_from, starts), name));
                    }
                }
            }
        }
    }
    cells
}

fn cell(
    locale: &'static str,
    way: &'static str,
    channel: &'static str,
    (valid_from, starts): (Option<&'static str>, Option<&'static str>),
    name: Option<&'static str>,
) -> Cell {
    let (identity, login) = match (way, channel) {
        ("sign_in_external", _) => (oauth("ada@social.example"), None),
        ("ask_password", _) => (username(USERNAME), Some(USERNAME)),
        (_, "email") => (email(TYPED), Some(TYPED)),
        _ => (phone(PHONE), Some(PHONE)),
    };
    let mut attributes = json!({ "locale": locale, "name": name });
    match (way, channel) {
        ("ask_password", "email") => attributes["email"] = json!("ada@elsewhere.example"),
        ("ask_password" | "sign_in_external", "sms") => attributes["phone_number"] = json!("+85290000000"),
        _ => {}
    }
    let event = with(
        event_of(json!([identity]), attributes),
        &[
            ("/payload/user/account_valid_from", json!(valid_from)),
            ("/payload/user/can_reauthenticate", json!(way != "set_password")),
        ],
    );
    let config = with(
        config(),
        &[
            ("/serviceName", json!(SERVICE)),
            ("/url", json!(URL)),
            ("/signIn", json!(if way == "sign_in_code" { "code" } else { "password" })),
            ("/oauthEmail", json!(true)),
            ("/channels", json!([if channel == "sms" { "sms" } else { "email" }])),
            ("/unreachable", json!({ "email": "it@acme.example" })),
        ],
    );
    Cell { locale, channel, way, login, starts, name, decision: decide(&event, &config) }
}

/// What a locale's template says in a section.
fn section<'t>(template: &'t str, name: &str) -> &'t str {
    let (open, close) = (format!("{{#{name}}}"), format!("{{/{name}}}"));
    let parts: Vec<&str> = template.split(&open).collect();
    assert_eq!(parts.len(), 2, "{open} once in {template}");
    parts[1].split_once(&close).unwrap().0
}

fn template(locale: &str, part: &str) -> &'static str {
    text(&built_in()[locale]["invite"][part])
}

/// What two phrases share: for the two ways with Forgot Password, its words.
fn longest_common<'t>(a: &'t str, b: &str) -> &'t str {
    let starts: Vec<usize> = a.char_indices().map(|(i, _)| i).chain([a.len()]).collect();
    let mut longest = "";
    for (i, &from) in starts.iter().enumerate() {
        for &to in &starts[i..] {
            if to - from > longest.len() && b.contains(&a[from..to]) {
                longest = &a[from..to];
            }
        }
    }
    longest
}

/// The words of a way in, in both parts of a locale.
fn words(locale: &str, way: &str) -> [&'static str; 2] {
    ["text", "sms"].map(|part| section(template(locale, part), way))
}

fn forgot_password(locale: &str) -> [&'static str; 2] {
    ["text", "sms"].map(|part| {
        let [set, reset] = ["set_password", "reset_password"].map(|way| section(template(locale, part), way));
        longest_common(set, reset)
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('\'', "&#39;")
}

#[test]
fn the_locales_are_those_that_are_promised() {
    let locales: Vec<&String> = built_in().as_object().unwrap().keys().collect();
    assert_eq!(locales, ["ar", "de", "en", "es", "fr", "ja", "ko", "pt", "zh-Hans", "zh-Hant"]);
}

#[test]
fn every_locale_has_words_of_its_own_for_each_way_in() {
    for locale in built_in().as_object().unwrap().keys() {
        for part in ["text", "sms"] {
            let template = template(locale, part);
            let all = WAYS.map(|way| section(template, way));
            for (i, words) in all.iter().enumerate() {
                assert!(words.len() > 8 && !words.contains(['{', '}']), "{locale} {part}: {words}");
                assert!(!all[..i].contains(words), "{locale} {part}: {words} stands for two ways");
            }
        }
        assert!(forgot_password(locale).iter().all(|words| words.chars().count() > 5), "{locale}");
    }
}

#[test]
fn every_cell_has_a_text_that_is_whole() {
    for cell in cells() {
        let label = cell.label();
        let message = cell.message();
        let body = text(&message["text"]);
        assert_eq!(cell.decision["to"], if cell.channel == "admin" { "admin" } else { "user" }, "{label}");
        assert_eq!(cell.decision["channel"], if cell.channel == "sms" { "sms" } else { "email" }, "{label}");
        assert!(body.contains(SERVICE) && body.contains(URL), "{label}");
        assert!(!body.contains(['{', '}']) && !body.contains("\n\n\n"), "{label}");
        assert!(!body.starts_with(char::is_whitespace) && !body.ends_with(char::is_whitespace), "{label}");
        if cell.channel != "admin" {
            assert_eq!(cell.decision["locale"], cell.locale, "{label}");
            assert_eq!(cell.decision["localeFrom"], "user", "{label}");
        }
    }
}

#[test]
fn every_cell_says_what_the_user_will_type_and_never_an_id() {
    for cell in cells() {
        let (label, message) = (cell.label(), cell.message());
        for part in ["subject", "text", "html"] {
            let shown = text(&message[part]);
            assert!(!shown.contains(USER_ID) && !shown.contains("0d9f2f60"), "{label}");
        }
        match cell.login {
            Some(login) => assert!(text(&message["text"]).contains(login), "{label}"),
            None => assert!(!text(&message["text"]).contains('@'), "{label}"),
        }
        let greets = cell.name.is_some() && (cell.channel != "sms" || template(cell.locale, "sms").contains("{name}"));
        assert_eq!(text(&message["text"]).contains(NAME), greets, "{label}");
    }
}

#[test]
fn every_cell_tells_the_start_exactly_when_it_is_in_the_future() {
    for cell in cells() {
        let body = text(&cell.message()["text"]);
        assert_eq!(body.matches("UTC").count(), usize::from(cell.starts.is_some()), "{}", cell.label());
        assert!(cell.starts.is_none_or(|starts| body.contains(starts)), "{}", cell.label());
    }
}

#[test]
fn no_cell_advises_the_impossible() {
    for cell in cells() {
        let body = text(&cell.message()["text"]);
        let own = section(template(cell.locale, if cell.channel == "sms" { "sms" } else { "text" }), cell.way);
        assert!(body.contains(own), "{}", cell.label());
        for other in WAYS.into_iter().filter(|way| *way != cell.way) {
            for words in words(cell.locale, other).into_iter().filter(|words| !own.contains(words)) {
                assert!(!body.contains(words), "{words:?} in {}", cell.label());
            }
        }
        if !cell.way.ends_with("set_password") {
            for words in forgot_password(cell.locale) {
                assert!(!body.contains(words), "{words:?} in {}", cell.label());
            }
        }
    }
}

#[test]
fn every_subject_is_one_line_without_the_user() {
    for cell in cells().iter().filter(|cell| cell.channel != "sms") {
        let subject = text(&cell.message()["subject"]);
        assert!(subject.contains(SERVICE) && !subject.contains(['\n', '\r', '{', '}']), "{}", cell.label());
        for of_user in [NAME, "Ada", TYPED, "ada@", PHONE, USERNAME] {
            assert!(!subject.contains(of_user), "{}", cell.label());
        }
    }
}

#[test]
fn every_html_has_its_language_its_direction_and_the_link_twice() {
    for cell in cells().iter().filter(|cell| cell.channel != "sms") {
        let (label, html) = (cell.label(), text(&cell.message()["html"]));
        let locale = if cell.channel == "admin" { "en" } else { cell.locale };
        let direction = if RIGHT_TO_LEFT.contains(&locale) { "rtl" } else { "ltr" };
        assert!(html.starts_with(&format!("<!doctype html><html lang=\"{locale}\" dir=\"{direction}\">")), "{label}");
        let url = escaped(URL);
        if cell.channel == "admin" {
            assert!(html.contains(&url), "{label}");
        } else {
            assert_eq!(html.matches(&format!("href=\"{url}\"")).count(), 2, "{label}");
            assert_eq!(html.matches(&format!(">{url}</a>")).count(), 1, "{label}");
        }
        assert!(!html.contains(['{', '}']), "{label}");
    }
}

#[test]
fn every_html_escapes_its_values() {
    for cell in cells().iter().filter(|cell| cell.channel != "sms") {
        let (label, html) = (cell.label(), text(&cell.message()["html"]));
        let values = [Some(SERVICE), Some(URL), cell.login, cell.name];
        for value in values.into_iter().flatten() {
            assert!(html.contains(&escaped(value)), "{value} {label}");
            assert!(escaped(value) == value || !html.contains(value), "{value} {label}");
        }
    }
}

#[test]
fn every_element_that_opens_is_closed() {
    const VOID: [&str; 3] = ["br", "meta", "!doctype"];
    for cell in cells().iter().filter(|cell| cell.channel != "sms") {
        let mut open = Vec::new();
        for tag in text(&cell.message()["html"]).split('<').skip(1) {
            let name = tag.split([' ', '>']).next().unwrap();
            match name.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{}", cell.label()),
                None if VOID.contains(&name) => {}
                None => open.push(name),
            }
        }
        assert!(open.is_empty(), "{open:?} {}", cell.label());
    }
}

#[test]
fn who_cannot_sign_in_is_not_told_to() {
    for locale in built_in().as_object().unwrap().keys() {
        for event in [event(), phone_event(), username_event()] {
            let disabled = [
                ("/payload/user/is_disabled", json!(true)),
                ("/payload/user/standard_attributes/locale", json!(locale)),
            ];
            let config = with(config(), &[("/unreachable", json!({ "email": "it@acme.example" }))]);
            assert_eq!(outcome(&decide(&with(event, &disabled), &config)), "skip user_disabled", "{locale}");
        }
    }
}

/// A project without passwords, a user with nothing but a username: no code can be sent, and no password exists.
#[test]
fn no_sentence_ends_where_the_way_in_should_stand() {
    let config = with(config(), &[("/signIn", json!("code")), ("/unreachable", json!({ "email": "it@acme.example" }))]);
    for locale in built_in().as_object().unwrap().keys() {
        let event = with(username_event(), &[("/payload/user/standard_attributes/locale", json!(locale))]);
        let decision = decide(&event, &config);
        if decision["type"] == "send" {
            let body = text(&message(&decision)["text"]);
            // What stands right before the five sections must not run into what stands right behind them.
            let template = template(locale, "text");
            let (before, _) = template.split_once("{#set_password}").unwrap();
            let (_, after) = template.split_once("{/ask_password}").unwrap();
            let before = before.rsplit(['}', ' ']).find(|word| !word.is_empty()).unwrap();
            let after = after.split('\n').next().unwrap();
            for gap in ["", " "] {
                let stump = [before, gap, after, "\n"].concat();
                assert!(!body.contains(&stump), "{locale}: {stump:?} in {body}");
            }
        }
    }
}

#[test]
fn an_sms_of_more_than_one_segment_is_warned_about() {
    for (sms, warning) in [
        ("a".repeat(160), None),
        ("a".repeat(161), Some("the SMS takes 2 segments of 153 characters")),
        ("€".repeat(80), None),
        ("€".repeat(81), Some("the SMS takes 2 segments of 153 characters")),
        ("漢".repeat(70), None),
        ("漢".repeat(71), Some("the SMS takes 2 segments of 67 characters")),
        ("😀".repeat(36), Some("the SMS takes 2 segments of 67 characters")),
    ] {
        let texts = json!({ "subject": "s", "text": "t", "sms": sms });
        let config = with(config(), &[("/messages", json!({ "invite": { "en": texts } }))]);
        let warnings: Vec<&str> = warning.into_iter().collect();
        assert_eq!(decide(&phone_event(), &config)["warnings"], json!(warnings), "{sms}");
        assert_eq!(decide(&event(), &config)["warnings"], json!([]), "a mail has no segments");
    }
}
