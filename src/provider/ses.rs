//! Amazon SES v2: `POST /v2/email/outbound-emails`. Facts from AWS's API model and SDK (2026). The signature (SigV4, service
//! `ses`) is made by the shim.

use super::Meaning::Retry;
use super::{Answer, Provider, STATUS};
#[cfg(feature = "schema")]
use crate::schema::Shape::{Domain, Token};
#[cfg(feature = "schema")]
use crate::schema::{may, must};
use crate::template::Format;

pub(super) const SES: Provider = Provider {
    name: "ses",
    #[cfg(feature = "schema")]
    options: &[
        must("region", Domain),
        must("accessKeyId", Token),
        must("secretAccessKey", Token),
        may("sessionToken", Token),
        may("configurationSet", Token),
    ],
    url: "https://email.{region}.amazonaws.com/v2/email/outbound-emails",
    headers: "",
    basic: "",
    format: Format::Json,
    body: r#"{"FromEmailAddress":"{fromAscii}","Destination":{"ToAddresses":["{to}"]}{#replyTo},"ReplyToAddresses":["{replyToAscii}"]{/replyTo},"Content":{"Simple":{"Subject":{"Data":"{subject}","Charset":"UTF-8"},"Body":{"Text":{"Data":"{text}","Charset":"UTF-8"},"Html":{"Data":"{html}","Charset":"UTF-8"}},"Headers":[{"Name":"Auto-Submitted","Value":"auto-generated"}]}},"EmailTags":[{"Name":"kind","Value":"authgear-invite"}]{#configurationSet},"ConfigurationSetName":"{configurationSet}"{/configurationSet},"ConfigurationOverrides":{"Tracking":{"ClickTrackingEnabled":"DISABLED","OpenTrackingEnabled":"DISABLED"}}}"#,
    key_seconds: 0,
    // Some throttles come with 400.
    answer: Answer { id: "MessageId", proof: STATUS, code: "@type", special: &[(400, "ThrottlingException", Retry)] },
};
