//! The core's two functions as JSON text in and out. Text that is no JSON counts as null.

use crate::arena::Arena;
use crate::decide;
use crate::json::Json;
use crate::provider;

/// `{"event": …, "config": …, "builtin": …}` to a decision.
pub fn decide(input: &str) -> String {
    let arena = Arena::default();
    let input = Json::parse(input, &arena).unwrap_or(Json::Null);
    decide::decide(input.get("event"), input.get("config"), input.get("builtin"), &arena)
}

/// `{"provider": …, "status": …, "errorType": …, "body": …}` to a verdict.
pub fn classify(input: &str) -> String {
    let arena = Arena::default();
    provider::classify(&Json::parse(input, &arena).unwrap_or(Json::Null), &arena)
}
