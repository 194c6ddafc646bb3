//! What a provider's answer means.

use super::{Answer, STATUS, find, member};
use crate::arena::Arena;
use crate::clean::is_token;
use crate::json::{Json, decimal, escape, find as find_text, join, slice};

/// What an answer means for the message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// The provider took it, now or before under the same key.
    Sent,
    /// The provider did not take it, and may later.
    Retry,
    /// The provider does not take it.
    Refused,
    /// The provider may have taken it.
    Unknown,
}

impl Meaning {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Meaning::Sent => "sent",
            Meaning::Retry => "retry",
            Meaning::Refused => "refused",
            Meaning::Unknown => "unknown",
        }
    }
}

/// Reads the answer of a provider: its name, the status, the header `x-amzn-errortype`, and the body, null when it could
/// not be read whole. The verdict is JSON text, its shape `Verdict` in `ts/core.ts`: what to do now, and the provider's id
/// of a message that was sent, else status and code. Safe to log.
pub fn classify(reply: &Json, arena: &Arena) -> String {
    let answer = find(reply.text("provider")).map_or(&CUSTOM, |provider| &provider.answer);
    let (status, body) = (reply.get("status").integer() as u16, reply.get("body"));
    let parsed = Json::parse(body.str(), arena);
    // What begins as JSON and does not end as such was cut off; other text comes from somebody else than the API.
    let complete = parsed.is_some() || !(body.str().is_empty() || body.str().starts_with('{'));
    let json = parsed.unwrap_or(Json::Null);
    let code = match answer.code {
        "@type" => {
            let kind = reply.text("errorType");
            plain(slice(kind, 0, find_text(kind, ":", 0)), ".")
        }
        path => plain(json.path(path).shown(), "._-"),
    };
    let id = json.path(answer.id);
    // A whole body without the id that this provider always gives is somebody else's.
    let foreign = complete && !answer.id.is_empty() && id.scalar().is_none();
    let mut meaning = by_status(answer, status, foreign, &json);
    for (for_status, for_code, special) in answer.special {
        if (*for_status == 0 || *for_status == status) && (for_code.is_empty() || *for_code == code) {
            meaning = *special;
        }
    }
    let mut out = join(&["{\"verdict\":\"", meaning.name(), "\""]);
    if meaning == Meaning::Sent {
        member(&mut out, "id", plain(id.shown(), "._-@<>"));
    } else {
        out.push_str(",\"detail\":\"");
        decimal(&mut out, usize::from(status));
        if !code.is_empty() {
            out.push(' ');
            escape(&mut out, code);
        }
        out.push('"');
    }
    out.push('}');
    out
}

/// The user's own function names no proof: any 2xx means sent.
const CUSTOM: Answer = Answer { id: "", proof: STATUS, code: "", special: &[] };

fn by_status(answer: &Answer, status: u16, foreign: bool, json: &Json) -> Meaning {
    match status {
        200..300 => {
            let (path, value) = answer.proof;
            match json.path(path).scalar() {
                _ if path.is_empty() => {
                    if foreign {
                        Meaning::Unknown
                    } else {
                        Meaning::Sent
                    }
                }
                None => Meaning::Unknown,
                Some(given) if value.is_empty() || given == value => Meaning::Sent,
                _ => Meaning::Refused,
            }
        }
        408 | 425 | 429 | 503 => Meaning::Retry,
        // It may have failed behind the sending.
        500.. => Meaning::Unknown,
        _ => Meaning::Refused,
    }
}

/// A code or an id; prose, which might repeat an address, is dropped.
fn plain<'j>(text: &'j str, marks: &str) -> &'j str {
    if text.len() <= 128 && is_token(text, marks) { text } else { "" }
}
