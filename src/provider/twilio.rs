//! Twilio Messages: `POST /2010-04-01/Accounts/SID/Messages.json`. Facts from Twilio's OpenAPI file and documentation (2026).

use super::answer::Special::Unknown;
use super::{Answer, Auth, Body, Provider};
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
    origin: |_| "https://api.twilio.com".to_owned(),
    path: "/2010-04-01/Accounts/$accountSid/Messages.json",
    auth: Auth::Basic("apiKeySid|accountSid", "apiKeySecret|authToken"),
    headers: &[],
    body: Body::Form(&[
        ("To", "$to"),
        ("From", "$from"),
        ("MessagingServiceSid", "$messagingServiceSid"),
        ("Body", "$text"),
    ]),
    key_seconds: 0,
    // Twilio itself warns that a 500 may have sent.
    answer: Answer { id: "sid", proof: None, code: "code", special: &[(500, "", Unknown)] },
};
