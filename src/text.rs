//! The core's two functions as text in and out.

use crate::arena::Arena;
use crate::config::Config;
use crate::decide;
use crate::envelope::Seals;
use crate::json::Json;
use crate::provider;

/// `{"event": …, "config": …, "builtin": …}` to the lines of a decision. Text that is no JSON, or nests too deep, is a Skip.
///
/// An event with an envelope may be answered by `{"type": "seal", "text": …}`: the same input is then to come again with
/// `"seals": […]`, the HMAC-SHA256 of that text in hexadecimal under each of the configuration's envelope secrets.
pub fn decide(input: &str) -> String {
    let arena = Arena::default();
    match Json::parse(input, &arena) {
        Some(input) => {
            let (json, built_in) = (input.get("config"), input.get("builtin"));
            let seals = match input.get("seals") {
                Json::Array(macs) => Seals::Known(macs),
                _ => Seals::Unknown,
            };
            decide::decide(input.get("event"), &Config { json, built_in, arena: &arena, checked: false, seals })
        }
        None => decide::not_an_event(),
    }
}

/// `{"provider": …, "status": …, "errorType": …, "body": …}` to a verdict.
pub fn classify(input: &str) -> String {
    let arena = Arena::default();
    provider::classify(&Json::parse(input, &arena).unwrap_or(Json::Null), &arena)
}
