//! One template on its own, for those who write one.

use crate::arena::Arena;
use crate::json::{Json, decimal, join, quote};
use crate::problems::Problems;
use crate::provider::member;
use crate::schema::{Field, Shape, may};
use crate::template::{DOUBLE, Error, Format, Names, SINGLE, Template};

const OPTIONS: &[Field] =
    &[may("delimiters", Shape::Choice(&["{ }", "{{ }}"])), may("html", Shape::Flag), may("strict", Shape::Flag)];

/// Prints the `template` of an input with its `values`, by its `options`. The answer is JSON text; its shape is `Rendered`
/// in `ts/core.ts`.
pub fn render(input: &Json, arena: &Arena) -> String {
    let problems = check(input);
    if !problems.is_empty() {
        return list("problems", &problems, |out, problem| quote(out, problem));
    }
    let values = input.get("values");
    let mut known = Vec::new();
    for (name, value) in values.members() {
        known.push(*name);
        if matches!(value, Json::Array(_) | Json::Object(_)) {
            known.push(arena.text(join(&[name, ".*"])));
        }
    }
    let options = input.get("options");
    let template = Template {
        source: input.text("template"),
        delimiters: if options.text("delimiters") == "{{ }}" { DOUBLE } else { SINGLE },
        format: if options.get("html").is_true() { Format::Html } else { Format::Text },
        names: Some(Names { strict: !matches!(options.get("strict"), Json::Bool(false)), known: &known, trusted: &[] }),
    };
    let mut errors = template.check();
    if errors.is_empty() {
        match template.render(values) {
            Ok(text) => {
                let mut out = String::from("{\"text\":");
                quote(&mut out, &text);
                out.push('}');
                return out;
            }
            Err(error) => errors.push(error),
        }
    }
    list("errors", &errors, write_error)
}

/// What is wrong with the input itself.
fn check(input: &Json) -> Vec<String> {
    let mut problems = Problems::default();
    let template = input.get("template");
    if template.as_str() != Some("") {
        problems.at("template", |problems| problems.check(template, &Shape::Text));
    }
    problems.at("values", |problems| problems.check(input.get("values"), &Shape::Map(&Shape::Anything)));
    let options = input.get("options");
    if !options.is_null() {
        problems.at("options", |problems| problems.check(options, &Shape::Record(OPTIONS)));
    }
    problems.list
}

fn write_error(out: &mut String, error: &Error) {
    out.push_str("{\"line\":");
    decimal(out, error.line);
    out.push_str(",\"column\":");
    decimal(out, error.column);
    member(out, "message", &error.what);
    out.push('}');
}

/// `{"name":[…]}`
fn list<T>(name: &str, items: &[T], write: impl Fn(&mut String, &T)) -> String {
    let mut out = join(&["{\"", name, "\":["]);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write(&mut out, item);
    }
    out.push_str("]}");
    out
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn render(input: &Value) -> Value {
        let arena = Arena::default();
        let text = input.to_string();
        serde_json::from_str(&super::render(&Json::parse(&text, &arena).unwrap(), &arena)).unwrap()
    }

    fn with(template: &str, values: Value, options: Value) -> Value {
        render(&json!({ "template": template, "values": values, "options": options }))
    }

    #[test]
    fn prints_values() {
        for (template, values, options, text) in [
            ("Hi {name}! {a:b}", json!({ "name": "<Ada>" }), json!(null), "Hi <Ada>! {a:b}"),
            ("<p>{name}", json!({ "name": "<Ada>" }), json!({ "html": true }), "<p><bdi>&lt;Ada&gt;</bdi>"),
            ("{{#all}}{{.}},{{x}}{{/all}}", json!({ "all": [1, 2] }), json!({ "delimiters": "{{ }}" }), "1,2,"),
            ("{user.name}{user.nothing}", json!({ "user": { "name": "Ada" } }), json!({}), "Ada"),
            ("{nmae}", json!({ "name": "Ada" }), json!({ "strict": false }), ""),
            ("", json!({}), json!({}), ""),
        ] {
            assert_eq!(with(template, values, options), json!({ "text": text }), "{template}");
        }
    }

    #[test]
    fn tells_every_error_and_its_place() {
        assert_eq!(
            with("Hi {nmae},\n{/x}", json!({ "name": "Ada" }), json!({})),
            json!({ "errors": [
                { "line": 1, "column": 4, "message": "unknown placeholder {nmae}; did you mean {name}?" },
                { "line": 2, "column": 1, "message": "{/x} closes no section" },
            ] })
        );
        let unsafe_html = with("{&name}<a href={name}>", json!({ "name": "" }), json!({ "html": true }));
        assert_eq!(unsafe_html["errors"].as_array().unwrap().len(), 2, "{unsafe_html}");
        let long = with("{#all}{x}{/all}", json!({ "all": [0, 0, 0], "x": "x".repeat(200_000) }), json!({}));
        assert_eq!(long["errors"][0]["message"], "prints more than 256 KiB");
    }

    #[test]
    fn tells_what_is_wrong_with_the_input() {
        assert_eq!(
            render(&json!({ "template": 7, "options": { "htlm": true, "strict": "no", "delimiters": "<% %>" } })),
            json!({ "problems": [
                "template: must be a string, not a number",
                "values: must be an object, not nothing",
                "options.delimiters: must be one of { }, {{ }}",
                "options.htlm: unknown key; did you mean html?",
                "options.strict: must be true or false, not a string",
            ] })
        );
        assert!(render(&json!(null))["problems"].is_array());
    }

    proptest! {
        #[test]
        fn any_template_prints_or_tells(template in r#"([{}#^/&!= .ab<>"']|\PC){0,40}"#, html: bool, double: bool) {
            let options = json!({ "html": html, "delimiters": if double { "{{ }}" } else { "{ }" } });
            let answer = with(&template, json!({ "a": "x", "b": ["y"] }), options);
            let printed = answer["text"].is_string();
            prop_assert!(printed != answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{}", answer);
        }
    }
}
