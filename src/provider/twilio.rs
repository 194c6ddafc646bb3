//! Twilio Messages: `POST /2010-04-01/Accounts/SID/Messages.json`. Facts from Twilio's OpenAPI file and documentation (2026).

use super::{Answer, BASIC, Provider, STATUS};
#[cfg(feature = "schema")]
use crate::schema::Shape::{Line, Token};
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const TWILIO: Provider = Provider {
    name: "twilio",
    #[cfg(feature = "schema")]
    options: &[
        must("accountSid", Token),
        must("authToken|apiKeySid", Token),
        must("authToken|apiKeySecret", Token),
        must("from|messagingServiceSid", Line),
    ],
    url: "https://api.twilio.com/2010-04-01/Accounts/{accountSid}/Messages.json",
    headers: BASIC,
    basic: "{^apiKeySid}{accountSid}:{authToken}{/apiKeySid}{#apiKeySid}{apiKeySid}:{apiKeySecret}{/apiKeySid}",
    format: Format::Form,
    body: "To={to}{#from}&From={from}{/from}{#messagingServiceSid}&MessagingServiceSid={messagingServiceSid}{/messagingServiceSid}&Body={text}",
    key_seconds: 0,
    answer: Answer { id: "sid", proof: STATUS, code: "code", special: &[] },
};
