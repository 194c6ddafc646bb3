//! What users choose, and what no server sends, never changes the structure of a message and never breaks the core.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use support::*;

const CASES: u32 = 96;

/// Where a user, or whoever signs up in their name, can write.
const FIELDS: [&str; 21] = [
    "/payload/user/standard_attributes/name",
    "/payload/user/standard_attributes/given_name",
    "/payload/user/standard_attributes/family_name",
    "/payload/user/standard_attributes/nickname",
    "/payload/user/standard_attributes/locale",
    "/payload/user/standard_attributes/email",
    "/payload/user/standard_attributes/phone_number",
    "/payload/user/standard_attributes/preferred_username",
    "/payload/user/custom_attributes/team",
    "/payload/user/id",
    "/payload/user/account_valid_from",
    "/payload/identities/0/claims/https:~1~1authgear.com~1claims~1login_id~1original_value",
    "/payload/identities/0/claims/https:~1~1authgear.com~1claims~1login_id~1value",
    "/payload/identities/0/claims/email",
    "/payload/identities/1/claims/https:~1~1authgear.com~1claims~1login_id~1original_value",
    "/payload/identities/1/claims/phone_number",
    "/payload/identities/2/claims/preferred_username",
    "/context/app_id",
    "/context/language",
    "/context/client_id",
    "/id",
];

/// The same, deeper.
const NESTED: [&str; 2] = ["/payload/user/custom_attributes/list/1", "/payload/user/custom_attributes/deep/er"];

/// The fields that do not decide where the message goes.
fn fields_beside_the_address() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter().filter(|field| !field.contains("/identities/0/") && !field.ends_with("/email"))
}

fn full_event() -> Value {
    with(
        event(),
        &[
            ("/payload/identities", json!([email(EMAIL), phone(PHONE), username(USERNAME)])),
            ("/payload/user/standard_attributes/given_name", json!("Ada")),
            ("/payload/user/standard_attributes/family_name", json!("Lovelace")),
            ("/payload/user/standard_attributes/nickname", json!("Ada")),
            ("/payload/user/custom_attributes/list", json!(["a", "b"])),
            ("/payload/user/custom_attributes/deep", json!({ "er": "c" })),
        ],
    )
}

/// Templates that print everything, everywhere that a value may stand.
fn chatty_config(html: bool, channel: &str) -> Value {
    let all = "{name}|{given_name}|{family_name}|{nickname}|{locale}|{email_address}|{phone_number}|{username}|{login_id}|\
               {user_id}|{app_id}|{custom.team}|{custom.deep.er}|{#custom.list}{.}{/custom.list}|{valid_from}|{url}|{service_name}";
    let everywhere = ["<p title=\"", all, "\" class='", all, "'>", all, "</p><title>", all, "</title>"].concat();
    let mut texts = json!({ "subject": all, "text": format!("Hello {all}\n\n{all}"), "sms": all, "button": all });
    if html {
        texts["html"] = json!(everywhere);
    }
    with(full_config(), &[("/messages", json!({ "invite": { "en": texts } })), ("/channels", json!([channel]))])
}

const ATTACKS: [&str; 34] = [
    "<b>bold</b>",
    "</p></td><script>alert(1)</script>",
    "<!-- ",
    "\" onclick=\"alert(1)",
    "' onclick='alert(1)",
    "><img src=x>",
    "&lt;b&gt;",
    "&",
    "</title><b>",
    "{service_name}",
    "{{url}}{#name}",
    "{from}{/key}",
    "Ada\r\nBcc: x@evil.example",
    "Ada\nsecond line",
    "Ada\rsecond line",
    "Ada\u{2028}second line\u{85}third",
    "a@acme.example, x@evil.example",
    "Ada <x@evil.example>",
    "x@evil.example",
    "https://evil.example/login",
    "Your prize: http://evil.example",
    "www.evil.example",
    "\u{202e}elpmaxe.live",
    "\u{2066}Ada\u{2069}\u{200f}",
    "A\u{200b}d\u{200d}a\u{feff}\u{2060}\u{ad}",
    "\u{0}\u{1b}[31m\u{7f}\u{9f}",
    "\u{e000}Ada\u{e002}",
    "\u{e001}Ada",
    "\u{e0041}\u{e007f}",
    "&to=x@evil.example",
    "%0d%0aBcc:x@evil.example",
    "=?UTF-8?B?PGI+?=",
    "\\\"",
    "漢字 é 😀 אביגיל",
];

fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(
        ATTACKS
            .into_iter()
            .chain(["\"", "'", "<", ">", " ", ".", ",", "@", "Ada", "\n", "+85251234567"])
            .collect::<Vec<_>>(),
    );
    prop_oneof![
        any::<String>(),
        prop::collection::vec(pieces, 1..8).prop_map(|pieces| pieces.concat()),
        "[a-z]{0,3}[\u{0}-\u{20}\u{7f}-\u{a0}\u{200b}-\u{202f}\u{2060}-\u{206f}]{1,3}[a-z@.]{0,9}",
        "[A-Za-z0-9._@+-]{1,80}",
        Just("a".repeat(10_000)),
    ]
}

/// Elements with all their attributes; what isolates a value's direction does not count.
fn elements(html: &str) -> BTreeSet<String> {
    let tags = html.split('<').skip(1).map(|tag| tag.split_inclusive('>').next().unwrap());
    let mut elements = BTreeSet::new();
    for tag in tags.filter(|tag| !["bdi>", "/bdi>"].contains(tag)) {
        // In the chatty template the values stand in attributes: their delimiters count, not what they say.
        let mut quote = None;
        elements.insert(
            tag.chars()
                .filter(|c| match (quote, c) {
                    (None, '"' | '\'') => {
                        quote = Some(*c);
                        true
                    }
                    (Some(open), c) if *c == open => {
                        quote = None;
                        true
                    }
                    (open, _) => open.is_none(),
                })
                .collect(),
        );
    }
    elements
}

fn is_bare_ampersand(after: &str) -> bool {
    !["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|entity| after.starts_with(entity))
}

/// Direction, invisible and control characters other than the line breaks of a text.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{e000}'..='\u{e002}')
}

/// Compares a message with the one for the same event in which nobody is hostile.
fn check(event: &Value, config: &Value) -> Result<(), TestCaseError> {
    compare(event, config, &decide_in_english(&full_event(), config))
}

fn compare(event: &Value, config: &Value, tame: &Value) -> Result<(), TestCaseError> {
    let decision = decide_in_english(event, config);
    prop_assert_ne!(&decision["type"], "invalid", "{}", decision);
    if decision["type"] == "skip" {
        return Ok(());
    }
    let mail = decision["channel"] == "email";
    prop_assert_eq!(&decision["channel"], &tame["channel"]);
    prop_assert!(text(&decision["key"]).bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
    let attempts = decision["attempts"].as_array().unwrap();
    let first = sent(&attempts[0]);
    for (attempt, tame) in attempts.iter().zip(tame["attempts"].as_array().unwrap()) {
        prop_assert_eq!(shape(&body(attempt)), shape(&body(tame)), "{}", attempt);
        prop_assert_eq!(shape(&attempt["request"]["headers"]), shape(&tame["request"]["headers"]));
        prop_assert_eq!(&attempt["request"]["url"], &tame["request"]["url"]);
        let (now, then) = (sent(attempt), sent(tame));
        prop_assert_eq!(&now.from, &then.from);
        prop_assert_eq!(now.to.len(), 1);
        let to = &now.to[0];
        if mail {
            prop_assert_eq!(to.matches('@').count(), 1, "{}", to);
            prop_assert!(to.bytes().all(|b| b.is_ascii_graphic() && !b",;:<>()[]\"\\".contains(&b)), "{:?}", to);
            prop_assert!(!now.subject[0].contains(|c| is_forbidden(c) || c == '\n'), "{:?}", now.subject);
        } else {
            prop_assert!(to.bytes().all(|b| b == b'+' || b.is_ascii_digit()) && to.len() <= 16, "{:?}", to);
        }
        // Every provider carries the same words.
        prop_assert_eq!(
            (&now.subject, &now.text, &now.html),
            if mail { (&first.subject, &first.text, &first.html) } else { (&now.subject, &first.text, &now.html) }
        );
    }
    prop_assert!(!first.text[0].contains(is_forbidden), "{:?}", first.text);
    for html in &first.html {
        prop_assert!(!html.contains(is_forbidden), "{:?}", html);
        let known = elements(&sent(&tame["attempts"][0]).html[0]);
        let found = elements(html);
        prop_assert!(found.is_subset(&known), "{:?}", found.difference(&known));
        prop_assert!(!html.split('&').skip(1).any(is_bare_ampersand), "{}", html);
    }
    Ok(())
}

/// Every attack at every field.
fn attack(fields: &[&str]) {
    let mut failures = Vec::new();
    for (config, channel) in [(chatty_config(true, "email"), "mail"), (chatty_config(false, "sms"), "SMS")] {
        let tame = decide_in_english(&full_event(), &config);
        for field in fields {
            for attack in ATTACKS {
                if let Err(why) = compare(&with(full_event(), &[(field, json!(attack))]), &config, &tame) {
                    failures.push(format!("{channel}: {attack:?} at {field}: {why}"));
                }
            }
        }
    }
    let shown: Vec<String> = failures.iter().map(|failure| failure.chars().take(300).collect()).collect();
    assert!(failures.is_empty(), "{} succeed:\n{}", failures.len(), shown.join("\n"));
}

#[test]
fn no_known_attack_succeeds() {
    attack(&FIELDS);
}

#[test]
fn no_known_attack_succeeds_in_lists_and_objects() {
    attack(&NESTED);
}

/// Logins are printed as they are typed; names and attributes that carry a link are not printed at all.
fn prints_no_link<'f>(fields: impl IntoIterator<Item = &'f &'f str>) {
    for field in fields {
        for link in ["https://evil.example/login", "Your prize: HTTP://evil.example", "WWW.evil.example"] {
            let event = with(full_event(), &[(field, json!(link))]);
            let decision = decide_in_english(&event, &chatty_config(true, "email"));
            let message = message(&decision);
            assert!(!message.to_string().contains("evil.example"), "{link} at {field}: {}", message["text"]);
        }
    }
}

#[test]
fn no_link_of_theirs_is_printed() {
    prints_no_link(FIELDS.iter().filter(|field| field.ends_with("name") || field.contains("custom")));
}

#[test]
fn no_link_of_theirs_is_printed_from_lists_and_objects() {
    prints_no_link(&NESTED);
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn no_value_changes_a_mail(at in 0..FIELDS.len(), value in hostile_text(), html in any::<bool>()) {
        check(&with(full_event(), &[(FIELDS[at], json!(value))]), &chatty_config(html, "email"))?;
    }

    #[test]
    fn no_value_changes_an_sms(at in 0..FIELDS.len(), value in hostile_text()) {
        check(&with(full_event(), &[(FIELDS[at], json!(value))]), &chatty_config(false, "sms"))?;
    }

    #[test]
    fn no_value_changes_the_built_in_mail(at in 0..FIELDS.len(), value in hostile_text()) {
        let change = [(FIELDS[at], json!(value)), ("/payload/user/can_reauthenticate", json!(false))];
        check(&with(full_event(), &change), &full_config())?;
    }

    #[test]
    fn all_values_together_change_nothing(values in prop::collection::vec(hostile_text(), 30)) {
        let changes: Vec<(&str, Value)> = fields_beside_the_address().zip(values.into_iter().map(Value::from)).collect();
        check(&with(full_event(), &changes), &chatty_config(true, "email"))?;
    }
}

/// Inside the core private-use characters mark values and links; from outside they mean nothing.
#[test]
fn marks_from_outside_mean_nothing() {
    for text in ["\u{e001}javascript:alert(1)\u{e002}", "{team}"] {
        let config = with(
            config(),
            &[
                ("/vars", json!({ "team": "\u{e001}javascript:alert(1)\u{e002}" })),
                ("/messages", json!({ "invite": { "en": { "text": text } } })),
            ],
        );
        let decision = decide_in_english(&event(), &config);
        assert!(!support::text(&message(&decision)["html"]).contains("href"), "{decision}");
        assert_eq!(message(&decision)["text"], "javascript:alert(1)");
    }
}

/// The names that the core looks for, so that random trees get past the first look.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "id",
            "type",
            "payload",
            "user",
            "identities",
            "identity",
            "claims",
            "context",
            "timestamp",
            "standard_attributes",
            "custom_attributes",
            "email",
            "roles",
            "triggered_by",
            "serviceName",
            "url",
            "provider",
            "from",
            "rules",
            "on",
            "when",
            "messages",
            "invite",
            "en",
            "text",
            "html",
            "vars",
            "allow",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        hostile_text().prop_map(Value::from),
        prop::sample::select(vec![
            "user.created",
            "admin_api",
            "login_id",
            "email",
            "resend",
            "https://a.example",
            "en"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((any_name(), inner), 0..5).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// A configuration with every key.
fn every_key() -> Value {
    with(
        chatty_config(true, "email"),
        &[
            (
                "/rules",
                json!([{ "on": "user.created", "locale": "en", "message": "invite", "when": {
                    "triggeredBy": ["admin_api"], "origin": ["admin_api_direct"], "identity": ["email"],
                    "emailDomain": { "allow": ["acme.example"], "deny": ["evil.example"] }, "clientId": ["back-office"],
                    "roles": ["reader"], "groups": ["london"], "customAttributes": { "team": "Analytics" }
                } }]),
            ),
            ("/vars", json!({ "team": "Support" })),
            ("/defaultLocale", json!("en")),
            ("/unreachable", json!({ "email": "it@acme.example" })),
            ("/deadLetter", json!({ "url": "https://dead.acme.example", "secret": "s" })),
            ("/delivery", json!({ "attempts": 3 })),
        ],
    )
}

/// What is sent is sound whatever led to it.
fn sound(decision: &Value) -> Result<(), TestCaseError> {
    for attempt in decision["attempts"].as_array().into_iter().flatten() {
        prop_assert_eq!(sent(attempt).to.len(), 1);
    }
    for problem in decision["problems"].as_array().into_iter().flatten() {
        prop_assert!(text(problem).contains(": "), "{}", problem);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn any_event_is_decided_on(event in any_json()) {
        sound(&decide_in_english(&event, &config()))?;
    }

    #[test]
    fn any_change_to_an_event_is_decided_on(at in any::<prop::sample::Index>(), value in any_json()) {
        let all = pointers(&full_event());
        let decision = decide_in_english(&with(full_event(), &[(at.get(&all).as_str(), value)]), &full_config());
        prop_assert_ne!(&decision["type"], "invalid", "{}", decision);
        sound(&decision)?;
    }

    #[test]
    fn any_configuration_is_decided_on(config in any_json()) {
        sound(&decide_in_english(&event(), &config))?;
    }

    #[test]
    fn any_change_to_a_configuration_is_decided_on(at in any::<prop::sample::Index>(), value in any_json()) {
        let all = pointers(&every_key());
        sound(&decide_in_english(&full_event(), &with(every_key(), &[(at.get(&all).as_str(), value)])))?;
    }

    #[test]
    fn any_built_in_texts_are_decided_on(built_in in any_json()) {
        sound(&decide_with(&event(), &config(), &built_in))?;
    }

    #[test]
    fn any_text_is_decided_on(input in ".*") {
        decide_text(&input);
        read_json(&authgear_invite::text::classify(&input));
    }

    #[test]
    fn a_cut_input_is_decided_on(cut in any::<prop::sample::Index>()) {
        let input = json!({ "event": full_event(), "config": config() }).to_string();
        let starts: Vec<usize> = input.char_indices().map(|(i, _)| i).collect();
        decide_text(input.get(..*cut.get(&starts)).unwrap());
    }
}

/// An event that cannot be read is no fault of the configuration: nothing is sent, and nobody is told to mend it.
#[test]
fn bottomless_nesting_is_a_skip() {
    for depth in [10, 60, 70, 100, 1_000, 300_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = [&open.repeat(depth), "1", &close.repeat(depth)].concat();
            let event = event().to_string().replace("\"Analytics\"", &deep);
            let input = format!(r#"{{"event":{event},"config":{},"builtin":{}}}"#, config(), built_in());
            let decision = decide_text(&input);
            assert_ne!(decision["type"], "invalid", "{depth}: {decision}");
        }
    }
}

/// `src/text.rs` says so.
#[test]
fn text_that_is_no_json_is_a_skip() {
    for input in ["", "{", "no JSON", "{\"event\":{}", "\u{0}"] {
        assert_eq!(decide_text(input)["type"], "skip", "{input:?}");
    }
}

fn any_template() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "{{",
        "}}",
        "{{{",
        "}}}",
        "{name}",
        "{nmae}",
        "{#name}",
        "{/name}",
        "{^url}",
        "{/url}",
        "{&name}",
        "{!",
        "!}",
        "{=",
        "=}",
        "{=<% %>=}",
        "<%name%>",
        "<%={ }=%>",
        "{=| |=}",
        "|",
        "{.}",
        "{custom.a}",
        "{#custom}",
        "{/custom}",
        "{>x}",
        "\n",
        "\r\n",
        " ",
        "\t",
        "<p ",
        ">",
        "\"",
        "'",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<",
        "é",
        "漢字",
        "😀",
        "a",
        ".",
        "#",
        "/",
        "\u{e000}",
        "\u{0}",
        "name",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat()),
        "[{}#^/&!=.<>\"' \n\ra-c]{0,60}",
    ]
}

proptest! {
    #![proptest_config(cases(4 * CASES))]

    #[test]
    fn any_template_prints_or_says_where_it_is_wrong(
        source in any_template(),
        part in prop::sample::select(vec!["subject", "text", "html", "sms", "button"]),
        double in any::<bool>(),
        strict in any::<bool>(),
    ) {
        let config = with(config(), &[
            ("/messages", json!({ "invite": { "en": { part: source } } })),
            ("/delimiters", json!(if double { "{{ }}" } else { "{ }" })),
            ("/strictNames", json!(strict)),
        ]);
        let decision = decide_in_english(&event(), &config);
        sound(&decision)?;
        let prefix = format!("messages.invite.en.{part}: line ");
        let lines: Vec<&str> = source.split('\n').collect();
        for problem in decision["problems"].as_array().into_iter().flatten().map(text) {
            let Some(place) = problem.strip_prefix(&prefix) else {
                // An empty or broken line is told by the shape.
                prop_assert!(source.is_empty() || matches!(part, "subject" | "button"), "{}", problem);
                continue;
            };
            let (line, rest) = place.split_once(", column ").unwrap();
            let column: usize = rest.split_once(": ").unwrap().0.parse().unwrap();
            let line: usize = line.parse().unwrap();
            prop_assert!((1..=lines.len()).contains(&line), "{}", problem);
            prop_assert!((1..=lines[line - 1].chars().count()).contains(&column), "{} in {:?}", problem, source);
        }
    }
}

/// So long that work which grows with the square of the length would not end: half a second becomes days.
const LONG: usize = 1 << 19;

fn long_template(part: &str, delimiters: &str, unit: &str, end: &str) {
    let source = [&unit.repeat(LONG / unit.len()), end].concat();
    let texts = json!({ "invite": { "en": { part: source } } });
    let config =
        with(config(), &[("/messages", texts), ("/delimiters", json!(delimiters)), ("/strictNames", json!(false))]);
    decide_in_english(&event(), &config);
}

#[test]
fn long_templates_end() {
    for (unit, end) in [
        ("a", ""),
        ("{", ""),
        ("{", "}"),
        ("}", ""),
        ("{!", "}"),
        ("{=", "=}"),
        ("{#a}", ""),
        ("{#a}{/a}", ""),
        ("{^a}{/a}", ""),
        ("{name}", ""),
        ("{a.b.c.d}", ""),
        ("{a ", "}"),
        ("\n {!x} \n", ""),
        (" ", "{!x}"),
        ("\n", "{x}"),
    ] {
        long_template("text", "{ }", unit, end);
    }
    for unit in ["{{", "{{!", "{{a", "{{#a}}{{/a}}", "{{{a}}}", "{{=", "{ {"] {
        for end in ["", "}}"] {
            long_template("text", "{{ }}", unit, end);
        }
    }
    for unit in ["<", "<p title=\"", "<!--", "<script>", "<a b='{name}'>", "{&name}"] {
        long_template("html", "{ }", unit, "");
    }
}

/// What stands behind the last tag is not read again for each tag before it.
#[test]
fn a_long_end_ends() {
    for (unit, delimiters) in [("{!x}", "{ }"), ("{name}", "{ }"), ("{{name}}", "{{ }}")] {
        long_template("text", delimiters, unit, &"a".repeat(LONG));
    }
}

/// A set-delimiter tag is searched for in the bytes right behind its brace, also where those cut a character in two.
#[test]
fn delimiter_tags_are_searched_for_nearby_only() {
    let unit = ["{=a", &"é".repeat(16)].concat();
    long_template("text", "{ }", &unit, "}");
}

#[test]
fn long_values_end() {
    let name = "/payload/user/standard_attributes/name";
    for unit in ["a", "a ", ".", "\u{202e}", "<", "@", "é"] {
        for field in [name, "/payload/user/custom_attributes/team", FIELDS[12], "/id", "/context/language"] {
            let value = json!(unit.repeat(LONG / 4 / unit.len()));
            decide_in_english(&with(full_event(), &[(field, value)]), &config());
        }
    }
}
