//! Authgear's events, as much of them as an invitation needs. Everything but the type may be missing or null.

use crate::clean;
use crate::json::Json;

const LOGIN_ID: &str = "https://authgear.com/claims/login_id/";

/// One event.
pub struct Event<'e> {
    /// The event's own id; empty in a malformed event.
    pub id: &'e str,
    /// For example `user.created`.
    pub kind: &'e str,
    /// When it happened, in Unix seconds.
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

impl Kind {
    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Username => "username",
            Kind::OAuth => "oauth",
            Kind::Anonymous => "anonymous",
            Kind::Other => "other",
        }
    }
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

impl<'e> Event<'e> {
    /// Reads an event; `None` when it has no type.
    pub fn read(json: &'e Json<'e>) -> Option<Self> {
        let (context, payload) = (json.get("context"), json.get("payload"));
        let kind = json.get("type").str();
        let listed = payload.get("identities").items().iter();
        let single =
            [payload.get("identity"), payload.get("new_identity")].into_iter().filter(|identity| !identity.is_null());
        (!kind.is_empty()).then(|| Event {
            id: json.get("id").str(),
            kind,
            timestamp: context.get("timestamp").as_i64().unwrap_or(0),
            triggered_by: context.get("triggered_by").str(),
            context,
            user: payload.get("user"),
            identities: listed.chain(single).map(Identity::read).collect(),
        })
    }

    /// A standard attribute of the user.
    pub fn attribute(&self, name: &str) -> &'e str {
        self.user.get("standard_attributes").get(name).str()
    }

    /// The user's id.
    pub fn user_id(&self) -> &'e str {
        match self.user.get("id").str() {
            "" => self.context.get("user_id").str(),
            id => id,
        }
    }

    /// Whether the account came through the Portal, which goes through the Admin API too.
    pub fn is_from_portal(&self) -> bool {
        let usage = self.context.get("audit_context").get("usage").str();
        usage == "proxy" || matches!(self.triggered_by, "portal" | "site_admin")
    }

    /// What the user types to sign in: the first login ID, e-mail before phone before username.
    pub fn login(&self) -> &'e str {
        [Kind::Email, Kind::Phone, Kind::Username]
            .into_iter()
            .find_map(|kind| self.typed(kind).find_map(clean::login))
            .unwrap_or("")
    }

    /// What was typed for the identities of one kind.
    pub fn typed(&self, kind: Kind) -> impl Iterator<Item = &'e str> {
        self.identities.iter().filter(move |identity| identity.kind == kind).map(|identity| identity.typed)
    }

    /// Whether the user has an identity of this kind.
    pub fn has(&self, kind: Kind) -> bool {
        self.identities.iter().any(|identity| identity.kind == kind)
    }
}

impl<'e> Identity<'e> {
    fn read(json: &'e Json<'e>) -> Self {
        let claims = json.get("claims");
        let login = |name: &str| claims.get(&[LOGIN_ID, name].concat()).str();
        let oauth = json.get("type").str() == "oauth";
        let kind = match (json.get("type").str(), login("type")) {
            ("oauth", _) => Kind::OAuth,
            ("anonymous", _) => Kind::Anonymous,
            ("login_id", "email") => Kind::Email,
            ("login_id", "phone") => Kind::Phone,
            ("login_id", "username") => Kind::Username,
            ("login_id", _) if claims.get("email").as_str().is_some() => Kind::Email,
            ("login_id", _) if claims.get("phone_number").as_str().is_some() => Kind::Phone,
            ("login_id", _) => Kind::Username,
            _ => Kind::Other,
        };
        let normalised = match kind {
            Kind::Email | Kind::OAuth => claims.get("email").str(),
            Kind::Phone => claims.get("phone_number").str(),
            Kind::Username => claims.get("preferred_username").str(),
            Kind::Anonymous | Kind::Other => "",
        };
        let typed = if oauth { "" } else { login("original_value") };
        Identity { kind, typed: if typed.is_empty() { normalised } else { typed }, normalised }
    }
}

/// A moment in RFC 3339.
pub struct Moment {
    /// Unix seconds.
    pub seconds: i64,
    /// For people of every language: `2026-12-01 09:00 UTC+00:00`.
    pub shown: String,
}

impl Moment {
    /// Reads `2026-12-01T09:00:00.123456789Z` or the same with an offset.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = (text.get(..10)?, text.get(11..16)?);
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok().map(i64::from);
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        let (sign, offset) = match zone.get(..1)? {
            "Z" | "z" if zone.len() == 1 => (0, "+00:00"),
            "+" if zone.len() == 6 => (1, zone),
            "-" if zone.len() == 6 => (-1, zone),
            _ => return None,
        };
        let part = |from: usize, to: usize| offset.get(from..to)?.parse::<u32>().ok().map(i64::from);
        let shift = sign * (part(1, 3)? * 3600 + part(4, 6)? * 60);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - shift;
        Some(Moment { seconds, shown: [date, " ", time, " UTC", offset].concat() })
    }
}

/// Days of the proleptic Gregorian calendar, counted in years that start in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_what_was_typed_before_what_was_normalised() {
        let json = Json::parse(
            r#"{"type":"user.created","payload":{"identities":[{"type":"login_id","claims":{
            "email":"adalovelace@acme.example","https://authgear.com/claims/login_id/type":"email",
            "https://authgear.com/claims/login_id/original_value":"Ada.Lovelace@acme.example"}}]}}"#,
        )
        .unwrap();
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
            let json = Json::parse(&text).unwrap();
            assert_eq!(Event::read(&json).unwrap().identities.len(), count, "{payload}");
        }
        for text in ["{}", "null", "[]", "\"x\"", "7", r#"{"type":7}"#, r#"{"type":null}"#] {
            let json = Json::parse(text).unwrap();
            assert!(Event::read(&json).is_none(), "{text}");
        }
    }

    #[test]
    fn reads_moments() {
        let seconds = |text| Moment::parse(text).map(|moment| moment.seconds);
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2000-02-29T23:59:59.999999999Z"), Some(951_868_799));
        assert_eq!(seconds("2026-12-01T09:00:00+08:00"), Some(1_796_086_800));
        assert_eq!(Moment::parse("2026-12-01T09:00:00.5+05:30").unwrap().shown, "2026-12-01 09:00 UTC+05:30");
        assert_eq!(Moment::parse("2026-12-01T09:00:00Z").unwrap().shown, "2026-12-01 09:00 UTC+00:00");
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
            prop_assert_eq!(Moment::parse(&text).unwrap().seconds, days * 86400 + i64::from(hour) * 3600);
        }

        #[test]
        fn moments_never_panic(text in any::<String>()) {
            let _ = Moment::parse(&text);
        }
    }
}
