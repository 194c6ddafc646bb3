//! JSON text (RFC 8259): a lenient tree to read from and a writer of strings.
//!
//! Reading is total: a missing member, a null and a value of the wrong type all read as [`Json::Null`] or `None`, since
//! older servers leave members out.

use crate::arena::Arena;

/// How deep arrays and objects may nest; deeper text is refused.
pub const MAX_DEPTH: usize = 64;

/// A JSON value that borrows from its text, or from an arena where an escape forces a copy. Numbers keep their digits,
/// so a 64-bit integer loses nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`, and whatever is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The number's own text.
    Number(&'a str),
    /// A string without its escapes.
    String(&'a str),
    /// An array.
    Array(&'a [Json<'a>]),
    /// An object's members in their order; of equal names the last counts.
    Object(&'a [Member<'a>]),
}

/// A name and its value.
pub type Member<'a> = (&'a str, Json<'a>);

impl<'a> Json<'a> {
    /// Reads one JSON text; `None` when it is malformed, nests deeper than [`MAX_DEPTH`] or something follows it.
    pub fn parse(text: &'a str, arena: &'a Arena) -> Option<Self> {
        let mut parser = Parser { text, at: 0, arena };
        let value = parser.value(0)?;
        parser.space();
        (parser.at == text.len()).then_some(value)
    }

    /// The member `name`, or null.
    pub fn get(&self, name: &str) -> &'a Json<'a> {
        for (key, value) in self.members().iter().rev() {
            if *key == name {
                return value;
            }
        }
        &Json::Null
    }

    /// The value below this one at a dotted path; a number is an index into an array.
    pub fn path(&self, path: &str) -> &'a Json<'a> {
        let (step, rest) = path.split_once('.').unwrap_or((path, ""));
        let value = match self {
            Json::Array(items) => integer(step).and_then(|i| items.get(i as usize)).unwrap_or(&Json::Null),
            _ => self.get(step),
        };
        if rest.is_empty() { value } else { value.path(rest) }
    }

    /// The members of an object; empty for everything else.
    pub fn members(&self) -> &'a [Member<'a>] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; empty for everything else.
    pub fn items(&self) -> &'a [Json<'a>] {
        match self {
            Json::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string; empty for everything else.
    pub fn str(&self) -> &'a str {
        self.as_str().unwrap_or("")
    }

    /// The text of a string, a number or a boolean, as it is printed.
    pub fn scalar(&self) -> Option<&'a str> {
        match self {
            Json::String(text) | Json::Number(text) => Some(text),
            Json::Bool(true) => Some("true"),
            Json::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// Whether an array holds this string.
    pub fn lists(&self, text: &str) -> bool {
        self.items().iter().any(|item| item.as_str() == Some(text))
    }

    /// Whether this is `true`.
    pub fn is_true(&self) -> bool {
        matches!(self, Json::Bool(true))
    }

    /// Whether this is null or missing.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// The integer of a number without sign, fraction or exponent; zero for everything else.
    pub fn integer(&self) -> u64 {
        match self {
            Json::Number(digits) => integer(digits).unwrap_or(0),
            _ => 0,
        }
    }
}

/// The value of at most 19 decimal digits, which 64 bits hold.
pub fn integer(digits: &str) -> Option<u64> {
    let mut value: u64 = 0;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    (1..20).contains(&digits.len()).then_some(value)
}

/// Appends `text` as a JSON string with its quotes.
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// Appends `text` as it stands inside a JSON string.
pub fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                out.push_str("\\u00");
                out.push(hex(c as u32 >> 4));
                out.push(hex(c as u32));
            }
            c => out.push(c),
        }
    }
}

/// Appends texts.
pub fn append(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// Appends text with everything but unreserved characters (RFC 3986) percent-encoded.
pub fn percent(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(hex(u32::from(byte) >> 4).to_ascii_uppercase());
            out.push(hex(u32::from(byte)).to_ascii_uppercase());
        }
    }
}

/// The lower-case hexadecimal digit of the four low bits.
pub fn hex(bits: u32) -> char {
    char::from_digit(bits & 15, 16).unwrap_or('0')
}

/// Appends a non-negative number in decimal; `core::fmt` would cost more than the rest of this file.
pub fn decimal(out: &mut String, number: usize) {
    if number >= 10 {
        decimal(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    arena: &'a Arena,
}

impl<'a> Parser<'a> {
    /// The byte here; zero at the end, which no JSON text holds outside of its escapes.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let hit = self.peek() == byte;
        self.at += usize::from(hit);
        hit
    }

    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    fn value(&mut self, depth: usize) -> Option<Json<'a>> {
        self.space();
        match self.peek() {
            b'"' => self.string().map(Json::String),
            b'[' | b'{' => self.container(depth),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Option<Json<'a>> {
        let start = self.at;
        self.at += word.len();
        (self.since(start)? == word).then_some(value)
    }

    fn container(&mut self, depth: usize) -> Option<Json<'a>> {
        if depth == MAX_DEPTH {
            return None;
        }
        let is_object = self.eat(b'{');
        let close = if is_object { b'}' } else { b']' };
        self.at += usize::from(!is_object);
        // An item of an array is a member without a name.
        let mut members: Vec<Member> = Vec::new();
        self.space();
        if !self.eat(close) {
            loop {
                let name = if is_object { self.name()? } else { "" };
                members.push((name, self.value(depth + 1)?));
                self.space();
                if self.eat(close) {
                    break;
                }
                if !self.eat(b',') {
                    return None;
                }
            }
        }
        Some(if is_object {
            Json::Object(self.arena.list(members))
        } else {
            Json::Array(self.arena.list(members.into_iter().map(|(_, item)| item).collect()))
        })
    }

    fn name(&mut self) -> Option<&'a str> {
        self.space();
        let name = self.string()?;
        self.space();
        self.eat(b':').then_some(name)
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self) -> Option<Json<'a>> {
        let start = self.at;
        self.eat(b'-');
        let mut sound = self.eat(b'0') || self.digits();
        if self.eat(b'.') {
            sound &= self.digits();
        }
        if self.peek() | 32 == b'e' {
            self.at += 1;
            if !self.eat(b'-') {
                self.eat(b'+');
            }
            sound &= self.digits();
        }
        if sound { self.since(start).map(Json::Number) } else { None }
    }

    fn string(&mut self) -> Option<&'a str> {
        if !self.eat(b'"') {
            return None;
        }
        let mut start = self.at;
        let mut copy = String::new();
        loop {
            match self.peek() {
                b'"' => {
                    let rest = self.since(start)?;
                    self.at += 1;
                    if copy.is_empty() {
                        return Some(rest);
                    }
                    copy.push_str(rest);
                    return Some(self.arena.text(copy));
                }
                b'\\' => {
                    copy.push_str(self.since(start)?);
                    self.at += 1;
                    copy.push(self.escape()?);
                    start = self.at;
                }
                0..b' ' => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek();
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.unit()?;
                let after_high = self.at;
                let mut code = high;
                if (0xd800..0xdc00).contains(&high) && self.eat(b'\\') && self.eat(b'u') {
                    let low = self.unit()?;
                    if (0xdc00..0xe000).contains(&low) {
                        code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    }
                }
                if code == high {
                    self.at = after_high;
                }
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code << 4 | char::from(self.peek()).to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }
}

#[cfg(feature = "npm")]
pub use serde_bridge::Tree;

#[cfg(feature = "npm")]
mod serde_bridge {
    //! The same tree out of any serde format, for the npm boundary.

    use super::{Arena, Json};
    use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
    use std::fmt;

    /// Reads a value into an arena.
    #[derive(Clone, Copy)]
    pub struct Tree<'a>(pub &'a Arena);

    impl<'de, 'a> DeserializeSeed<'de> for Tree<'a> {
        type Value = Json<'a>;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'a>, D::Error> {
            deserializer.deserialize_any(self)
        }
    }

    impl<'a> Tree<'a> {
        fn number<E>(self, digits: impl ToString) -> Result<Json<'a>, E> {
            Ok(Json::Number(self.0.text(digits.to_string())))
        }
    }

    impl<'de, 'a> Visitor<'de> for Tree<'a> {
        type Value = Json<'a>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a JSON value")
        }

        fn visit_unit<E>(self) -> Result<Json<'a>, E> {
            Ok(Json::Null)
        }

        fn visit_none<E>(self) -> Result<Json<'a>, E> {
            Ok(Json::Null)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'a>, D::Error> {
            self.deserialize(deserializer)
        }

        fn visit_bool<E>(self, value: bool) -> Result<Json<'a>, E> {
            Ok(Json::Bool(value))
        }

        fn visit_i64<E>(self, value: i64) -> Result<Json<'a>, E> {
            self.number(value)
        }

        fn visit_u64<E>(self, value: u64) -> Result<Json<'a>, E> {
            self.number(value)
        }

        fn visit_f64<E>(self, value: f64) -> Result<Json<'a>, E> {
            if value.is_finite() { self.number(value) } else { Ok(Json::Null) }
        }

        fn visit_str<E>(self, value: &str) -> Result<Json<'a>, E> {
            Ok(Json::String(self.0.text(value.to_owned())))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json<'a>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = seq.next_element_seed(self)? {
                items.push(item);
            }
            Ok(Json::Array(self.0.list(items)))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'a>, A::Error> {
            let mut members = Vec::new();
            while let Some(name) = map.next_key::<String>()? {
                members.push((self.0.text(name), map.next_value_seed(self)?));
            }
            Ok(Json::Object(self.0.list(members)))
        }
    }
}

/// A value that lives as long as the test.
#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(clippy::unwrap_used, reason = "only tests call it")]
pub fn parse_for_tests(text: &str) -> Json<'static> {
    let arena: &'static Arena = Box::leak(Box::default());
    Json::parse(arena.text(text.to_owned()), arena).unwrap()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    #[cfg(feature = "npm")]
    use serde::de::DeserializeSeed;

    fn parse(text: &str) -> Option<Json<'static>> {
        let arena: &'static Arena = Box::leak(Box::default());
        Json::parse(arena.text(text.to_owned()), arena)
    }

    fn same(ours: &Json, theirs: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (ours, theirs) {
            (Json::Null, Value::Null) => true,
            (Json::Bool(a), Value::Bool(b)) => a == b,
            (Json::Number(a), Value::Number(b)) => a.parse::<f64>().ok() == b.as_f64(),
            (Json::String(a), Value::String(b)) => a == b,
            (Json::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            (Json::Object(_), Value::Object(b)) => b.iter().all(|(name, b)| same(ours.get(name), b)),
            _ => false,
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::hash_map(".*", inner, 0..6)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn keeps_every_digit_of_a_number() {
        let value = parse("9223372036854775807").unwrap();
        assert_eq!(value.scalar(), Some("9223372036854775807"));
        assert_eq!(value.integer(), i64::MAX as u64);
        assert_eq!(parse("-0.50e+7").unwrap().scalar(), Some("-0.50e+7"));
    }

    #[test]
    fn reads_missing_null_and_wrong_types_leniently() {
        let value = parse(r#"{"a":null,"b":[1,{"c":"d"}],"b2":7}"#).unwrap();
        assert!(value.get("nothing").get("below").is_null());
        assert_eq!(value.path("b.1.c").str(), "d");
        assert_eq!(value.path("b.9.c").as_str(), None);
        assert_eq!(value.get("b2").as_str(), None);
        assert_eq!(value.get("b2").items().len(), 0);
    }

    #[test]
    fn of_equal_names_the_last_counts() {
        assert_eq!(parse(r#"{"a":1,"a":2}"#).unwrap().get("a").integer(), 2);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in [
            "",
            " ",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            "-",
            "1e",
            "nul",
            "truex",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\n\"",
            "1 2",
            "{a:1}",
            "'a'",
            "[1 2]",
            "+1",
            ".5",
            "\u{feff}1",
        ] {
            assert!(parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn refuses_bottomless_nesting_without_a_crash() {
        let deep = "[".repeat(1_000_000);
        assert!(parse(&deep).is_none());
        let level = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(parse(&level(MAX_DEPTH)).is_some());
        assert!(parse(&level(MAX_DEPTH + 1)).is_none());
    }

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        assert_eq!(parse(r#""\ud83d\ude00""#).unwrap().str(), "😀");
        assert_eq!(parse(r#""\ud83d!""#).unwrap().str(), "\u{fffd}!");
        assert_eq!(parse(r#""\ud83d\u0041""#).unwrap().str(), "\u{fffd}A");
        assert_eq!(parse(r#""\ude00""#).unwrap().str(), "\u{fffd}");
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_writes(value in any_json()) {
            let text = value.to_string();
            prop_assert!(same(&parse(&text).unwrap(), &value));
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert!(same(&parse(&pretty).unwrap(), &value));
        }

        #[test]
        fn accepts_exactly_what_serde_json_accepts(text in r#"[\[\]{}:,"\\u0-9a-f .eE+truefalsn-]{0,24}"#) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            // serde_json refuses lone surrogates and numbers beyond f64, which JSON itself allows.
            if let Ok(theirs) = theirs {
                prop_assert!(same(&parse(&text).unwrap(), &theirs));
            } else if !text.contains("\\u") && !text.contains(['e', 'E']) {
                prop_assert!(parse(&text).is_none(), "{}", text);
            }
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = parse(&text);
        }

        #[test]
        fn quoted_strings_read_back(text in any::<String>()) {
            let mut out = String::new();
            quote(&mut out, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text.clone());
            let read = parse(&out).unwrap();
            prop_assert_eq!(read.str(), text);
        }

        #[test]
        fn writes_decimals(number in any::<u32>()) {
            let mut out = String::new();
            decimal(&mut out, number as usize);
            prop_assert_eq!(out, number.to_string());
        }
    }

    #[cfg(feature = "npm")]
    proptest! {
        #[test]
        fn serde_builds_the_same_tree(value in any_json()) {
            let arena = Arena::default();
            let bridged = Tree(&arena).deserialize(value.clone()).unwrap();
            prop_assert!(same(&bridged, &value));
        }
    }
}
