//! What a provider's answer means.

use super::{Answer, Auth, Body, EMAIL, Proof, Provider, SMS};
use crate::json::{Arena, Json, decimal};

/// What became of a request that was answered.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    /// What to do now.
    pub meaning: Meaning,
    /// The provider's id of a message that was sent; else status and code. Safe to log.
    pub detail: String,
}

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

/// Reads the answer of a provider: the status, the header `x-amzn-errortype`, and the body, `None` when it could not be
/// read whole.
pub fn classify(name: &str, status: u16, error_type: &str, body: Option<&str>) -> Verdict {
    let mut detail = String::new();
    let provider = EMAIL.iter().chain(SMS).find(|known| known.name == name).copied().unwrap_or(&CUSTOM);
    let arena = Arena::new();
    let json = Json::parse(body.unwrap_or(""), &arena).unwrap_or(Json::Null);
    let code = match provider.answer.code {
        "@type" => error_type.split(':').next().unwrap_or(""),
        path => plain(json.path(path), "._-"),
    };
    let mut meaning = by_status(provider, status, body.is_some(), json);
    for &(for_status, for_code, special) in provider.answer.special {
        if (for_status == 0 || for_status == status) && (for_code.is_empty() || for_code == code) {
            meaning = special;
        }
    }
    if meaning == Meaning::Sent {
        detail.push_str(plain(json.path(provider.answer.id), "._-@<>"));
    } else {
        decimal(&mut detail, usize::from(status));
        if !code.is_empty() {
            detail.push(' ');
            detail.push_str(code);
        }
    }
    Verdict { meaning, detail }
}

/// The user's own function names no proof: any 2xx means sent.
const CUSTOM: Provider = Provider {
    name: "custom",
    options: &[],
    origin: "",
    path: "",
    auth: Auth::Aws,
    body: Body::Form(&[]),
    key_seconds: 0,
    answer: Answer { id: "", proof: Proof::Status, code: "", special: &[] },
};

fn by_status(provider: &Provider, status: u16, complete: bool, json: Json) -> Meaning {
    match status {
        200..300 => {
            let proven = match provider.answer.proof {
                Proof::Status => true,
                _ if !complete => return Meaning::Unknown,
                Proof::Id => json.path(provider.answer.id).scalar().is_some(),
                Proof::Value(path, value) => json.path(path).scalar() == Some(value),
            };
            if proven { Meaning::Sent } else { Meaning::Refused }
        }
        408 | 425 | 429 | 503 => Meaning::Retry,
        // It may have failed behind the sending.
        500.. => Meaning::Unknown,
        _ => Meaning::Refused,
    }
}

/// A code or an id; prose, which might repeat an address, is dropped.
fn plain<'j>(value: Json<'j>, marks: &str) -> &'j str {
    let text = value.scalar().unwrap_or("");
    let sound = text.len() <= 128 && text.bytes().all(|b| b.is_ascii_alphanumeric() || marks.as_bytes().contains(&b));
    if sound { text } else { "" }
}
