//! The core's two functions as text in and out.

use crate::arena::Arena;
use crate::config::Config;
use crate::decide;
use crate::json::Json;
use crate::provider;

/// `{"event": …, "config": …, "builtin": …}` to the lines of a decision. Text that is no JSON, or nests too deep, is a Skip.
pub fn decide(input: &str) -> String {
    let arena = Arena::default();
    match Json::parse(input, &arena) {
        Some(input) => {
            let (json, built_in) = (input.get("config"), input.get("builtin"));
            decide::decide(input.get("event"), &Config { json, built_in, arena: &arena, checked: false })
        }
        None => decide::not_an_event(),
    }
}

/// `{"provider": …, "status": …, "errorType": …, "body": …}` to a verdict.
pub fn classify(input: &str) -> String {
    let arena = Arena::default();
    provider::classify(&Json::parse(input, &arena).unwrap_or(Json::Null), &arena)
}
