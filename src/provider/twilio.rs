//! Twilio Messages: `POST /2010-04-01/Accounts/SID/Messages.json`. Facts from Twilio's OpenAPI file and documentation (2026).

use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::{Line, Token};
use crate::schema::{may, must};

pub(super) const TWILIO: Provider = Provider {
    name: "twilio",
    options: &[
        must("accountSid", Token),
        must("authToken|apiKeySid", Token),
        may("apiKeySecret", Token),
        must("from|messagingServiceSid", Line),
    ],
    origin: "https://api.twilio.com",
    path: "/2010-04-01/Accounts/$accountSid/Messages.json",
    auth: Auth::Basic("<apiKeySid$apiKeySid:$apiKeySecret><authToken$accountSid:$authToken>"),
    body: Body::Form(&[
        ("To", "$to"),
        ("From", "$from"),
        ("MessagingServiceSid", "$messagingServiceSid"),
        ("Body", "$text"),
    ]),
    key_seconds: 0,
    answer: Answer { id: "sid", proof: Proof::Status, code: "code", special: &[] },
};
