//! Authgear's events, as much of them as an invitation needs. Everything but the type may be missing or null.

use crate::clean;
use crate::json::{Json, append, integer};

const LOGIN_ID_TYPE: &str = "https://authgear.com/claims/login_id/type";
const LOGIN_ID_ORIGINAL: &str = "https://authgear.com/claims/login_id/original_value";

/// One event.
pub struct Event<'e> {
    /// The event's own id; empty in a malformed event.
    pub id: &'e str,
    /// For example `user.created`.
    pub kind: &'e str,
    /// When it happened, in Unix seconds; 0 when unknown.
    pub timestamp: i64,
    /// `user`, `admin_api`, `system`, `portal`, `site_admin` …
    pub triggered_by: &'e str,
    /// The whole `context`.
    pub context: &'e Json<'e>,
    /// The user after the event.
    pub user: &'e Json<'e>,
    /// The identities that the event speaks of.
    pub identities: Vec<Identity<'e>>,
}

/// What kind of identity a user signs in with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A login ID that is an e-mail address.
    Email,
    /// A login ID that is a phone number.
    Phone,
    /// A login ID that is a username.
    Username,
    /// An account elsewhere (Google, Apple …).
    OAuth,
    /// A user who has not signed up.
    Anonymous,
    /// Biometric, passkey, and what may come.
    Other,
}

/// One identity.
pub struct Identity<'e> {
    /// Its kind.
    pub kind: Kind,
    /// What the user typed: `original_value`, else the claim.
    pub typed: &'e str,
    /// The claim as Authgear normalised it: good for comparing, possibly another mailbox.
    pub normalised: &'e str,
}

/// The kinds of login IDs, by what is shown first.
const LOGIN_IDS: [Kind; 3] = [Kind::Email, Kind::Phone, Kind::Username];

impl Kind {
    /// The claim of an identity, and the user's standard attribute, that holds it.
    pub fn claim(self) -> &'static str {
        match self {
            Kind::Email | Kind::OAuth => "email",
            Kind::Phone => "phone_number",
            _ => "preferred_username",
        }
    }
}

impl<'e> Event<'e> {
    /// Reads an event; `None` when it has no type.
    pub fn read(json: &Json<'e>) -> Option<Self> {
        let (context, payload) = (json.get("context"), json.get("payload"));
        let kind = json.get("type").str();
        if kind.is_empty() {
            return None;
        }
        let mut identities = Vec::new();
        for identity in payload.get("identities").items() {
            identities.push(Identity::read(identity));
        }
        for name in ["identity", "new_identity"] {
            let identity = payload.get(name);
            if !identity.is_null() {
                identities.push(Identity::read(identity));
            }
        }
        Some(Event {
            id: json.get("id").str(),
            kind,
            timestamp: context.get("timestamp").integer() as i64,
            triggered_by: context.get("triggered_by").str(),
            context,
            user: payload.get("user"),
            identities,
        })
    }

    /// A standard attribute of the user.
    pub fn attribute(&self, name: &str) -> &'e str {
        self.user.get("standard_attributes").get(name).str()
    }

    /// The user's id.
    pub fn user_id(&self) -> &'e str {
        let id = self.user.get("id").str();
        if id.is_empty() { self.context.get("user_id").str() } else { id }
    }

    /// Whether the account came through the Portal, which goes through the Admin API too.
    pub fn is_from_portal(&self) -> bool {
        let usage = self.context.get("audit_context").get("usage").str();
        usage == "proxy" || self.triggered_by == "portal" || self.triggered_by == "site_admin"
    }

    /// What the user types to sign in, where it can be printed: the first login ID, e-mail before phone before username.
    pub fn login(&self) -> &'e str {
        for kind in LOGIN_IDS {
            for identity in &self.identities {
                if identity.kind == kind
                    && let Some(login) = clean::login(identity.typed)
                {
                    return login;
                }
            }
        }
        ""
    }

    /// The first identity of a kind.
    pub fn first(&self, kind: Kind) -> Option<&Identity<'e>> {
        self.identities.iter().find(|identity| identity.kind == kind)
    }

    /// Whether the user has an identity of this kind.
    pub fn has(&self, kind: Kind) -> bool {
        self.first(kind).is_some()
    }
}

impl<'e> Identity<'e> {
    fn read(json: &Json<'e>) -> Self {
        let claims = json.get("claims");
        let mut kind = match json.get("type").str() {
            "oauth" => Kind::OAuth,
            "anonymous" => Kind::Anonymous,
            "login_id" => Kind::Username,
            _ => Kind::Other,
        };
        if kind == Kind::Username {
            let stated = claims.get(LOGIN_ID_TYPE).str();
            for (candidate, name) in [(Kind::Phone, "phone"), (Kind::Email, "email")] {
                if stated == name || stated.is_empty() && !claims.get(candidate.claim()).str().is_empty() {
                    kind = candidate;
                }
            }
        }
        let normalised = claims.get(kind.claim()).str();
        let typed = claims.get(LOGIN_ID_ORIGINAL).str();
        Identity { kind, typed: if typed.is_empty() { normalised } else { typed }, normalised }
    }
}

/// A moment in RFC 3339.
pub struct Moment<'m> {
    /// Unix seconds; the least there is when the text is no moment.
    pub seconds: i64,
    text: &'m str,
}

/// Where the numbers of `2026-12-01T09:00:00` stand, and how large they may be.
const FIELDS: [(usize, usize, i64); 6] =
    [(0, 4, 9999), (5, 7, 12), (8, 10, 31), (11, 13, 23), (14, 16, 59), (17, 19, 60)];

impl<'m> Moment<'m> {
    /// Reads `2026-12-01T09:00:00.123456789Z` or the same with an offset.
    pub fn parse(text: &'m str) -> Self {
        let mut fields = [0; FIELDS.len()];
        let mut sound = true;
        for (field, (from, to, most)) in fields.iter_mut().zip(FIELDS) {
            *field = number(text, from, to);
            sound &= (0..=most).contains(field);
        }
        let [year, month, day, hour, minute, second] = fields;
        let zone = zone(text);
        let ahead = number(zone, 1, 3) * 3600 + number(zone, 4, 6) * 60;
        let shift = match zone.as_bytes() {
            [b'Z' | b'z'] => 0,
            [b'+', ..] => ahead,
            _ => -ahead,
        };
        sound &= month > 0 && day > 0 && shift.abs() < 86400 && (zone.len() == 6 || shift == 0);
        let seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
        Moment { seconds: if sound { seconds - shift } else { i64::MIN }, text }
    }

    /// For people of every language: `2026-12-01 09:00 UTC+00:00`.
    pub fn shown(&self) -> String {
        let zone = zone(self.text);
        let mut out = String::new();
        append(&mut out, &[part(self.text, 0, 10), " ", part(self.text, 11, 16), " UTC"]);
        out.push_str(if zone.len() == 1 { "+00:00" } else { zone });
        out
    }
}

/// What follows the seconds and their fraction.
fn zone(text: &str) -> &str {
    let mut at = 19;
    while text.as_bytes().get(at).is_some_and(|b| *b == b'.' || b.is_ascii_digit()) {
        at += 1;
    }
    part(text, at, text.len())
}

fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or("")
}

/// The number in a part of a text; a large negative one when there is none.
fn number(text: &str, from: usize, to: usize) -> i64 {
    integer(part(text, from, to)).map_or(-1_000_000, |number| number as i64)
}

/// Days of the proleptic Gregorian calendar, counted in years that start in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day - 1 - 719_468
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::json::parse_for_tests as parse;
    use proptest::prelude::*;

    #[test]
    fn takes_what_was_typed_before_what_was_normalised() {
        let json = parse(
            r#"{"type":"user.created","payload":{"identities":[{"type":"login_id","claims":{
            "email":"adalovelace@acme.example","https://authgear.com/claims/login_id/type":"email",
            "https://authgear.com/claims/login_id/original_value":"Ada.Lovelace@acme.example"}}]}}"#,
        );
        let event = Event::read(&json).unwrap();
        assert_eq!(event.login(), "Ada.Lovelace@acme.example");
        assert_eq!(event.identities[0].normalised, "adalovelace@acme.example");
    }

    #[test]
    fn reads_every_shape_of_payload() {
        for (payload, count) in [
            (r#"{"identities":[{"type":"oauth"},{"type":"anonymous"}]}"#, 2),
            (r#"{"identity":{"type":"login_id"}}"#, 1),
            (r#"{"old_identity":{"type":"login_id"},"new_identity":{"type":"login_id"}}"#, 1),
            (r#"{"identities":null}"#, 0),
            ("null", 0),
            ("[]", 0),
        ] {
            let text = [r#"{"type":"x","payload":"#, payload, "}"].concat();
            let json = parse(&text);
            assert_eq!(Event::read(&json).unwrap().identities.len(), count, "{payload}");
        }
        for text in ["{}", "null", "[]", "\"x\"", "7", r#"{"type":7}"#, r#"{"type":null}"#] {
            let json = parse(text);
            assert!(Event::read(&json).is_none(), "{text}");
        }
    }

    #[test]
    fn reads_moments() {
        let seconds = |text| Some(Moment::parse(text).seconds).filter(|seconds| *seconds > i64::MIN);
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2000-02-29T23:59:59.999999999Z"), Some(951_868_799));
        assert_eq!(seconds("2026-12-01T09:00:00+08:00"), Some(1_796_086_800));
        assert_eq!(Moment::parse("2026-12-01T09:00:00.5+05:30").shown(), "2026-12-01 09:00 UTC+05:30");
        assert_eq!(Moment::parse("2026-12-01T09:00:00Z").shown(), "2026-12-01 09:00 UTC+00:00");
        for text in [
            "",
            "2026",
            "2026-12-01",
            "2026-13-01T00:00:00Z",
            "2026-12-01T24:00:00Z",
            "2026-12-01T09:00:00",
            "2026-12-01T09:00:00+8",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn moments_follow_the_calendar(days in 0_i64..40_000, hour in 0_u32..24) {
            let (mut year, mut rest) = (1970, days);
            let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
            while rest >= 365 + i64::from(leap(year)) { rest -= 365 + i64::from(leap(year)); year += 1; }
            let mut month = 1;
            for length in [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
                if rest < length { break; }
                rest -= length;
                month += 1;
            }
            let text = format!("{year:04}-{month:02}-{:02}T{hour:02}:00:00Z", rest + 1);
            prop_assert_eq!(Moment::parse(&text).seconds, days * 86400 + i64::from(hour) * 3600);
        }

        #[test]
        fn moments_never_panic(text in any::<String>()) {
            let _ = Moment::parse(&text);
        }
    }
}
