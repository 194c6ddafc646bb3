//! Authgear's events, as much of them as an invitation needs. Everything but the type may be missing or null.

use crate::arena::Arena;
use crate::clean;
use crate::json::{Json, after, byte, integer, join, slice};

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
    pub identities: &'e [Identity<'e>],
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
#[derive(Clone, Copy)]
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
    pub fn read(json: &Json<'e>, arena: &'e Arena) -> Option<Self> {
        let (context, payload) = (json.get("context"), json.get("payload"));
        let kind = json.text("type");
        if kind.is_empty() {
            return None;
        }
        let mut identities = Vec::new();
        for identity in payload.get("identities").items() {
            identities.push(Identity::read(identity));
        }
        for name in &["identity", "new_identity"] {
            let identity = payload.get(name);
            if !identity.is_null() {
                identities.push(Identity::read(identity));
            }
        }
        Some(Event {
            id: json.text("id"),
            kind,
            timestamp: context.get("timestamp").integer() as i64,
            triggered_by: context.text("triggered_by"),
            context,
            user: payload.get("user"),
            identities: arena.list(identities),
        })
    }

    /// A standard attribute of the user.
    pub fn attribute(&self, name: &str) -> &'e str {
        self.user.get("standard_attributes").text(name)
    }

    /// The user's id.
    pub fn user_id(&self) -> &'e str {
        let id = self.user.text("id");
        if id.is_empty() { self.context.text("user_id") } else { id }
    }

    /// When the account begins to be valid, if that is after the event.
    pub fn starts(&self) -> Option<Moment<'e>> {
        let from = Moment::parse(self.user.text("account_valid_from"));
        (from.seconds > self.timestamp && self.timestamp > 0).then_some(from)
    }

    /// Whether the account came through the Portal, which goes through the Admin API too.
    pub fn is_from_portal(&self) -> bool {
        let usage = self.context.get("audit_context").text("usage");
        usage == "proxy" || self.triggered_by == "portal" || self.triggered_by == "site_admin"
    }

    /// What the user types to sign in, where it can be printed: the first login ID, e-mail before phone before username.
    pub fn login(&self) -> &'e str {
        for kind in &LOGIN_IDS {
            for identity in self.identities {
                if identity.kind == *kind
                    && let Some(login) = clean::login(identity.typed)
                {
                    return login;
                }
            }
        }
        ""
    }

    /// The first identity of a kind.
    pub fn first(&self, kind: Kind) -> Option<&'e Identity<'e>> {
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
        let mut kind = match json.text("type") {
            "oauth" => Kind::OAuth,
            "anonymous" => Kind::Anonymous,
            "login_id" => Kind::Username,
            _ => Kind::Other,
        };
        if kind == Kind::Username {
            let stated = claims.text(LOGIN_ID_TYPE);
            for &(candidate, name) in &[(Kind::Phone, "phone"), (Kind::Email, "email")] {
                if stated == name || stated.is_empty() && !claims.text(candidate.claim()).is_empty() {
                    kind = candidate;
                }
            }
        }
        let normalised = claims.text(kind.claim());
        let typed = claims.text(LOGIN_ID_ORIGINAL);
        Identity { kind, typed: if typed.is_empty() { normalised } else { typed }, normalised }
    }
}

/// The seconds of a day.
const DAY: i64 = 86400;

/// A moment in RFC 3339.
pub struct Moment<'m> {
    /// Unix seconds; the least there is when the text is no moment.
    pub seconds: i64,
    text: &'m str,
}

impl<'m> Moment<'m> {
    /// Reads `2026-12-01T09:00:00.123456789Z` or the same with an offset.
    pub fn parse(text: &'m str) -> Self {
        let (year, month, day) = (number(text, 0, 4, 9999), number(text, 5, 7, 12), number(text, 8, 10, 31));
        let (hour, minute, second) = (number(text, 11, 13, 23), number(text, 14, 16, 59), number(text, 17, 19, 60));
        let zone = zone(text);
        let ahead = number(zone, 1, 3, 99) * 3600 + number(zone, 4, 6, 99) * 60;
        let shift = match zone.as_bytes() {
            [b'Z' | b'z'] => 0,
            [b'+', _, _, b':', _, _] => ahead,
            [b'-', _, _, b':', _, _] => -ahead,
            _ => DAY,
        };
        // One negative number makes the whole negative.
        let sound = year | (month - 1) | (day - 1) | hour | minute | second >= 0 && shift.abs() < DAY;
        let seconds = days_since_1970(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
        Moment { seconds: if sound { seconds - shift } else { i64::MIN }, text }
    }

    /// For people of every language: `2026-12-01 09:00 UTC+00:00`.
    pub fn shown(&self) -> String {
        let zone = zone(self.text);
        let zone = if zone.len() == 1 { "+00:00" } else { zone };
        join(&[slice(self.text, 0, 10), " ", slice(self.text, 11, 16), " UTC", zone])
    }
}

/// What follows the seconds and their fraction.
fn zone(text: &str) -> &str {
    let mut at = 19;
    while matches!(byte(text, at), b'.' | b'0'..=b'9') {
        at += 1;
    }
    after(text, at)
}

/// The number in a part of a text; a large negative one when there is none, or a larger one than `most`.
fn number(text: &str, from: usize, to: usize, most: u64) -> i64 {
    match integer(slice(text, from, to)) {
        Some(number) if number <= most => number as i64,
        _ => -1_000_000,
    }
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
        let arena = Arena::default();
        let event = Event::read(&json, &arena).unwrap();
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
            assert_eq!(Event::read(&json, &Arena::default()).unwrap().identities.len(), count, "{payload}");
        }
        for text in ["{}", "null", "[]", "\"x\"", "7", r#"{"type":7}"#, r#"{"type":null}"#] {
            let json = parse(text);
            assert!(Event::read(&json, &Arena::default()).is_none(), "{text}");
        }
    }

    /// What `read` says of an event with this user and context.
    fn of<T: Default>(user: &str, context: &str, read: impl Fn(&Event) -> T) -> T {
        let text = [r#"{"type":"user.created","payload":{"user":"#, user, r#"},"context":"#, context, "}"].concat();
        Event::read(&parse(&text), &Arena::default()).map(|event| read(&event)).unwrap_or_default()
    }

    #[test]
    fn the_user_has_an_id_here_or_there() {
        let id = |user, context| of(user, context, |event| event.user_id().to_owned());
        assert_eq!(id(r#"{"id":"a"}"#, r#"{"user_id":"b"}"#), "a");
        assert_eq!(id("{}", r#"{"user_id":"b"}"#), "b");
        assert_eq!(id("null", "null"), "");
    }

    #[test]
    fn the_portal_names_itself_in_three_ways() {
        let portal = |context| of("{}", context, |event| event.is_from_portal());
        assert!(portal(r#"{"triggered_by":"admin_api","audit_context":{"usage":"proxy"}}"#));
        assert!(portal(r#"{"triggered_by":"portal"}"#));
        assert!(portal(r#"{"triggered_by":"site_admin"}"#));
        assert!(!portal(r#"{"triggered_by":"admin_api"}"#));
        assert!(!portal(r#"{"triggered_by":"admin_api","audit_context":{"usage":"other"}}"#));
    }

    #[test]
    fn an_account_starts_after_its_event_or_has_started() {
        let starts = |context| {
            let user = r#"{"account_valid_from":"2026-12-01T09:00:00Z"}"#;
            of(user, context, |event| event.starts().map(|moment| moment.seconds))
        };
        assert_eq!(starts(r#"{"timestamp":1796115599}"#), Some(1_796_115_600));
        assert_eq!(starts(r#"{"timestamp":1796115600}"#), None);
        assert_eq!(starts("{}"), None, "no one knows what is before what");
        assert!(of("{}", r#"{"timestamp":1}"#, |event| event.starts().is_none()));
    }

    #[test]
    fn tells_the_kinds_of_identities() {
        let kind = |json| Identity::read(&parse(json)).kind;
        assert_eq!(kind(r#"{"type":"oauth","claims":{"email":"a@b.example"}}"#), Kind::OAuth);
        assert_eq!(kind(r#"{"type":"anonymous"}"#), Kind::Anonymous);
        assert_eq!(kind(r#"{"type":"biometric"}"#), Kind::Other);
        assert_eq!(kind(r#"{"type":"login_id","claims":{"email":"a@b.example"}}"#), Kind::Email);
        assert_eq!(kind(r#"{"type":"login_id","claims":{"phone_number":"+15550100"}}"#), Kind::Phone);
        assert_eq!(kind(r#"{"type":"login_id"}"#), Kind::Username);
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
            "2026-12-01T09:00:00*08:00",
            "2026-12-01T09:00:00+08.00",
            "2026-12-01T09:00:00+08:00Z",
            "2026-12-01T09:00:00:00:00Z",
            "2026-12-01T09:00:00+00:00+08:00",
            "2026-12-01T09:00:00+24:00",
            "2026-12-01T09:00:00-24:00",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("2026-12-31T23:59:60Z"), Some(1_798_761_600), "a leap second");
    }

    /// However many parts are wrong, and whether they are too small, too large or no numbers.
    #[test]
    fn a_moment_with_a_wrong_part_is_none() {
        let right = ["2026", "12", "01", "09", "30", "59"];
        for wrong in [["abcd", "00", "00", "24", "60", "61"], ["-026", "13", "32", "-1", "x1", "  "]] {
            for pattern in 1_usize..64 {
                let part = |i: usize| if pattern >> i & 1 == 1 { wrong[i] } else { right[i] };
                let text = format!("{}-{}-{}T{}:{}:{}Z", part(0), part(1), part(2), part(3), part(4), part(5));
                assert_eq!(Moment::parse(&text).seconds, i64::MIN, "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn moments_follow_the_calendar(days in 0_i64..40_000, second in 0_i64..86400, fraction in "(\\.[0-9]{1,9})?", zone in -1439_i64..1440) {
            let (mut year, mut rest) = (1970, days);
            let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
            while rest >= 365 + i64::from(leap(year)) { rest -= 365 + i64::from(leap(year)); year += 1; }
            let mut month = 1;
            for length in [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
                if rest < length { break; }
                rest -= length;
                month += 1;
            }
            let date = format!("{year:04}-{month:02}-{:02}", rest + 1);
            let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            let sign = if zone < 0 { '-' } else { '+' };
            let offset = format!("{sign}{:02}:{:02}", zone.abs() / 60, zone.abs() % 60);
            let seconds = |zone: &str| Moment::parse(&format!("{date}T{time}{fraction}{zone}")).seconds;
            prop_assert_eq!(seconds("Z"), days * 86400 + second);
            prop_assert_eq!(seconds(&offset), days * 86400 + second - zone * 60);
        }

        #[test]
        fn moments_never_panic(text in any::<String>()) {
            let _ = Moment::parse(&text);
        }
    }
}
