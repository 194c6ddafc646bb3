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
        let mut parser = Parser { text, at: 0, sound: true, arena, items: Vec::new(), members: Vec::new() };
        let value = parser.value(0);
        parser.space();
        (parser.sound && parser.at == text.len()).then_some(value)
    }

    /// The member `name`, or null.
    pub fn get(&self, name: &str) -> &'a Json<'a> {
        self.find(name).unwrap_or(&Json::Null)
    }

    /// The text of the member `name`; empty when it is none.
    pub fn text(&self, name: &str) -> &'a str {
        self.get(name).str()
    }

    /// The member `name`.
    pub fn find(&self, name: &str) -> Option<&'a Json<'a>> {
        for (key, value) in self.members().iter().rev() {
            if *key == name {
                return Some(value);
            }
        }
        None
    }

    /// The value below this one at a dotted path; a number is an index into an array. The empty path leads here.
    pub fn path<'s>(&'s self, path: &str) -> &'s Json<'a> {
        let mut value = self;
        let mut rest = path;
        while !rest.is_empty() {
            let step = head(rest);
            value = match value {
                Json::Array(items) => integer(step).and_then(|index| items.get(index as usize)).unwrap_or(&Json::Null),
                _ => value.get(step),
            };
            rest = after(rest, step.len() + 1);
        }
        value
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
        match self {
            Json::String(text) => text,
            _ => "",
        }
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

    /// The same; empty for everything else.
    pub fn shown(&self) -> &'a str {
        self.scalar().unwrap_or("")
    }

    /// Whether both are the same text, number or boolean.
    pub fn is(&self, other: &Json) -> bool {
        match (self, other) {
            (Json::String(own), Json::String(other)) | (Json::Number(own), Json::Number(other)) => own == other,
            (Json::Bool(own), Json::Bool(other)) => own == other,
            _ => false,
        }
    }

    /// Whether an array holds this string.
    pub fn lists(&self, text: &str) -> bool {
        self.items().iter().any(|item| matches!(item, Json::String(own) if *own == text))
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

/// The value of one to nineteen decimal digits: more than any 64-bit integer of Go's needs.
pub fn integer(digits: &str) -> Option<u64> {
    let mut value = 0_u64;
    for byte in digits.as_bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // Of more digits nothing comes, below.
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    matches!(digits.len(), 1..=19).then_some(value)
}

/// The first step of a dotted path.
pub fn head(path: &str) -> &str {
    slice(path, 0, find(path, ".", 0))
}

/// The text between two places, or as much of it as there is; nothing when a place splits a character.
#[cfg_attr(feature = "hook", inline(never))]
pub fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to.min(text.len())).unwrap_or("")
}

/// The byte at a place; zero beyond the end.
#[cfg_attr(feature = "hook", inline(never))]
pub fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// The text from a place on.
pub fn after(text: &str, at: usize) -> &str {
    slice(text, at, text.len())
}

/// The text without the ASCII white space around it.
pub fn trim(text: &str) -> &str {
    let (mut from, mut to) = (0, text.len());
    while byte(text, from).is_ascii_whitespace() {
        from += 1;
    }
    while byte(text, to.wrapping_sub(1)).is_ascii_whitespace() && from < to {
        to -= 1;
    }
    slice(text, from, to)
}

/// The first place of `needle` from `at` on, or the end.
pub fn find(text: &str, needle: &str, at: usize) -> usize {
    find_either(text, needle, needle, at)
}

/// The first place of one of two needles from `at` on, or the end.
pub fn find_either(text: &str, needle: &str, other: &str, mut at: usize) -> usize {
    let firsts = [byte(needle, 0), byte(other, 0)];
    loop {
        at = skip(text, at, |byte| byte != firsts[0] && byte != firsts[1]);
        if at >= text.len() || starts_at(text, needle, at) || starts_at(text, other, at) {
            return at.min(text.len());
        }
        at += 1;
    }
}

/// The first place from `at` on whose byte is not plain, or the end.
#[cfg_attr(not(feature = "hook"), inline(always))]
pub fn skip(text: &str, mut at: usize, plain: impl Fn(u8) -> bool) -> usize {
    // Sixteen bytes are one vector: where speed counts they are looked at together.
    #[cfg(not(feature = "hook"))]
    while let Some(chunk) = text.as_bytes().get(at..).and_then(<[u8]>::first_chunk::<16>) {
        if !chunk.iter().fold(true, |all, byte| all & plain(*byte)) {
            break;
        }
        at += chunk.len();
    }
    while at < text.len() && plain(byte(text, at)) {
        at += 1;
    }
    at
}

/// Whether `needle` stands at a place.
pub fn starts_at(text: &str, needle: &str, at: usize) -> bool {
    text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(needle.as_bytes()))
}

/// Appends `text` as a JSON string with its quotes.
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// Appends `text` as it stands inside a JSON string.
pub fn escape(out: &mut String, text: &str) {
    let mut at = 0;
    loop {
        let from = at;
        at = skip(text, at, is_literal);
        out.push_str(slice(text, from, at));
        let byte = match byte(text, at) {
            _ if at >= text.len() => return,
            b'\n' => b'n',
            quoted @ (b'"' | b'\\') => quoted,
            control => {
                out.push_str("\\u00");
                push_hex(out, u32::from(control));
                at += 1;
                continue;
            }
        };
        out.push('\\');
        out.push(char::from(byte));
        at += 1;
    }
}

/// Whether a byte stands for itself in a JSON string.
fn is_literal(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

/// Texts as one.
pub fn join(parts: &[&str]) -> String {
    let mut out = String::new();
    append(&mut out, parts);
    out
}

/// Appends texts.
pub fn append(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// Appends text with everything but unreserved characters (RFC 3986) percent-encoded.
pub fn percent(out: &mut String, text: &str) {
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            push_hex(out, u32::from(byte));
        }
    }
}

/// The lower-case hexadecimal digit of the four low bits.
#[inline(never)]
pub fn hex(bits: u32) -> char {
    char::from(byte("0123456789abcdef", (bits & 15) as usize))
}

fn push_hex(out: &mut String, byte: u32) {
    out.push(hex(byte >> 4).to_ascii_uppercase());
    out.push(hex(byte).to_ascii_uppercase());
}

/// Appends a non-negative number in decimal; `core::fmt` would cost more than the rest of this file.
pub fn decimal(out: &mut String, number: usize) {
    if number >= 10 {
        decimal(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Reads on after a fault as if the text ended there: one flag instead of a result from every function.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    sound: bool,
    arena: &'a Arena,
    /// Items and members of arrays and objects that are still open.
    items: Vec<Json<'a>>,
    members: Vec<Member<'a>>,
}

impl<'a> Parser<'a> {
    /// The byte here; zero at the end, which no JSON text holds.
    #[cfg_attr(feature = "hook", inline(never))]
    fn peek(&self) -> u8 {
        byte(self.text, self.at)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let hit = self.peek() == byte;
        self.at += usize::from(hit);
        hit
    }

    fn expect(&mut self, byte: u8) {
        if !self.eat(byte) {
            self.fail();
        }
    }

    fn fail(&mut self) {
        self.sound = false;
        self.at = self.text.len();
    }

    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Json<'a> {
        self.space();
        match self.peek() {
            b'"' => Json::String(self.string()),
            b'[' if depth < MAX_DEPTH => self.array(depth + 1),
            b'{' if depth < MAX_DEPTH => self.object(depth + 1),
            b't' => {
                self.word("true");
                Json::Bool(true)
            }
            b'f' => {
                self.word("false");
                Json::Bool(false)
            }
            b'n' => {
                self.word("null");
                Json::Null
            }
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str) {
        for &byte in word.as_bytes() {
            self.expect(byte);
        }
    }

    fn array(&mut self, depth: usize) -> Json<'a> {
        let first = self.items.len();
        self.at += 1;
        while self.another(self.items.len() > first, b']') {
            let item = self.value(depth);
            self.items.push(item);
        }
        Json::Array(self.arena.tail(&mut self.items, first))
    }

    fn object(&mut self, depth: usize) -> Json<'a> {
        let first = self.members.len();
        self.at += 1;
        while self.another(self.members.len() > first, b'}') {
            self.space();
            let name = self.string();
            self.space();
            self.expect(b':');
            let value = self.value(depth);
            self.members.push((name, value));
        }
        Json::Object(self.arena.tail(&mut self.members, first))
    }

    /// Whether another item follows, rather than the closing bracket.
    fn another(&mut self, behind_one: bool, close: u8) -> bool {
        self.space();
        if self.eat(close) {
            return false;
        }
        if behind_one {
            self.expect(b',');
        }
        self.sound
    }

    fn digits(&mut self) {
        if !self.peek().is_ascii_digit() {
            self.fail();
        }
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Json<'a> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits();
        }
        if self.eat(b'.') {
            self.digits();
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'-') {
                self.eat(b'+');
            }
            self.digits();
        }
        Json::Number(slice(self.text, start, self.at))
    }

    fn string(&mut self) -> &'a str {
        self.expect(b'"');
        let mut run = self.run();
        if self.eat(b'"') {
            return run;
        }
        let mut text = String::new();
        loop {
            text.push_str(run);
            if !self.eat(b'\\') {
                break;
            }
            text.push(self.escape());
            run = self.run();
        }
        self.expect(b'"');
        self.arena.text(text)
    }

    /// What follows in a string, up to its end or an escape.
    fn run(&mut self) -> &'a str {
        let start = self.at;
        self.at = skip(self.text, start, is_literal);
        slice(self.text, start, self.at)
    }

    fn escape(&mut self) -> char {
        let code = self.peek();
        self.at += 1;
        if code == b'u' {
            return self.unicode();
        }
        for &[known, meant] in [*b"\"\"", *b"\\\\", *b"//", *b"b\x08", *b"f\x0c", *b"n\n", *b"r\r", *b"t\t"].iter() {
            if known == code {
                return char::from(meant);
            }
        }
        self.fail();
        ' '
    }

    /// The character of one or two UTF-16 code units; half a pair is replaced.
    fn unicode(&mut self) -> char {
        let mut code = self.unit();
        if code >> 10 == 0xd800 >> 10 && starts_at(self.text, "\\u", self.at) {
            let after = self.at;
            self.at += 2;
            let low = self.unit();
            if low >> 10 == 0xdc00 >> 10 {
                code = 0x10000 + ((code & 0x3ff) << 10 | low & 0x3ff);
            } else if self.sound {
                self.at = after;
            }
        }
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> u32 {
        let mut code = 0;
        for _ in 0..4 {
            match char::from(self.peek()).to_digit(16) {
                Some(digit) => code = code << 4 | digit,
                None => self.fail(),
            }
            self.at += 1;
        }
        code
    }
}

#[cfg(feature = "npm")]
pub use serde_bridge::Tree;

#[cfg(feature = "npm")]
mod serde_bridge {
    //! The same tree out of any serde format, for the npm boundary.

    use super::{Arena, Json, MAX_DEPTH};
    use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
    use std::fmt;

    /// Reads a value into an arena, as deep as JSON text may nest.
    #[derive(Clone, Copy)]
    pub struct Tree<'a> {
        arena: &'a Arena,
        depth: usize,
    }

    impl<'a> Tree<'a> {
        /// Reads one value.
        ///
        /// # Errors
        /// Those of the format, and a value that nests deeper than [`MAX_DEPTH`].
        pub fn read<'de, D: Deserializer<'de>>(from: D, arena: &'a Arena) -> Result<Json<'a>, D::Error> {
            Tree { arena, depth: 0 }.deserialize(from)
        }

        fn deeper<E: Error>(self) -> Result<Self, E> {
            if self.depth == MAX_DEPTH {
                return Err(E::custom("nests too deep"));
            }
            Ok(Tree { depth: self.depth + 1, ..self })
        }
    }

    impl<'de, 'a> DeserializeSeed<'de> for Tree<'a> {
        type Value = Json<'a>;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'a>, D::Error> {
            deserializer.deserialize_any(self)
        }
    }

    impl<'a> Tree<'a> {
        fn number<E>(self, digits: impl ToString) -> Result<Json<'a>, E> {
            Ok(Json::Number(self.arena.text(digits.to_string())))
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
            // As JavaScript writes it, and so as JSON text has it: very large and very small numbers with an exponent.
            match value.abs() {
                _ if !value.is_finite() => Ok(Json::Null),
                size if size >= 1e21 => self.number(format!("{value:e}").replace('e', "e+")),
                size if size < 1e-6 && size > 0.0 => self.number(format!("{value:e}")),
                _ => self.number(value),
            }
        }

        fn visit_str<E>(self, value: &str) -> Result<Json<'a>, E> {
            Ok(Json::String(self.arena.text(value.to_owned())))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json<'a>, A::Error> {
            let mut items = Vec::new();
            let inner = self.deeper()?;
            while let Some(item) = seq.next_element_seed(inner)? {
                items.push(item);
            }
            Ok(Json::Array(self.arena.list(items)))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'a>, A::Error> {
            let mut members = Vec::new();
            let inner = self.deeper()?;
            while let Some(name) = map.next_key::<String>()? {
                members.push((self.arena.text(name), map.next_value_seed(inner)?));
            }
            Ok(Json::Object(self.arena.list(members)))
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
        assert_eq!(parse(&"1".repeat(25)).unwrap().integer(), 0, "longer than any integer of Authgear's");
        assert_eq!(parse("-0.50e+7").unwrap().scalar(), Some("-0.50e+7"));
    }

    #[cfg(feature = "npm")]
    #[test]
    fn a_javascript_number_has_the_digits_that_its_json_text_has() {
        let arena = Arena::default();
        for (number, digits) in [
            (0.1, "0.1"),
            (-12.5, "-12.5"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.5e300, "-1.5e+300"),
            (1e-6, "0.000001"),
            (-9.5e-7, "-9.5e-7"),
            (5e-324, "5e-324"),
            (0.0, "0"),
        ] {
            assert_eq!(Tree::read(serde_json::json!(number), &arena).unwrap(), Json::Number(digits));
        }
    }

    #[cfg(feature = "npm")]
    #[test]
    fn serde_values_that_json_lacks_are_null_or_refused() {
        use serde::de::value::{BytesDeserializer, F64Deserializer};
        let arena = Arena::default();
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let read = Tree::read(F64Deserializer::<serde_json::Error>::new(number), &arena);
            assert_eq!(read.unwrap(), Json::Null);
        }
        let read = Tree::read(BytesDeserializer::<serde_json::Error>::new(b"x"), &arena);
        assert_eq!(read.unwrap_err().to_string(), "invalid type: byte array, expected a JSON value");
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
    fn values_are_the_same_in_type_and_text() {
        let values = ["null", "true", "false", "1", "1.0", "\"1\"", "\"true\"", "[1]", "{\"a\":1}"]
            .map(|text| parse(text).unwrap());
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(a.is(b), i == j && a.scalar().is_some(), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn an_array_lists_its_strings() {
        let value = parse(r#"["a",1,["b"]]"#).unwrap();
        assert!(value.lists("a"));
        assert!(!value.lists("1") && !value.lists("b") && !value.lists(""));
        assert!(!parse("\"a\"").unwrap().lists("a"));
    }

    #[test]
    fn finds_the_first_of_two() {
        assert_eq!(find_either("a}b{", "{", "}", 0), 1);
        assert_eq!(find_either("a}b{", "{", "}", 2), 3);
        assert_eq!(find_either("a}b{", "{{", "}}", 0), 4);
        assert_eq!(skip("ab", 0, |_| true), 2);
    }

    #[test]
    fn writes_the_shortest_escapes() {
        let mut out = String::new();
        quote(&mut out, "\"\\\n\r\u{1f}é/");
        assert_eq!(out, r#""\"\\\n\u000D\u001Fé/""#);
        out.clear();
        percent(&mut out, "aZ9-._~ é/");
        assert_eq!(out, "aZ9-._~%20%C3%A9%2F");
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
        for [open, inner, close] in [["[", "", "]"], ["{\"a\":", "0", "}"]] {
            let level = |n: usize| open.repeat(n) + inner + &close.repeat(n);
            assert!(parse(&level(MAX_DEPTH)).is_some());
            assert!(parse(&level(MAX_DEPTH + 1)).is_none());
        }
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
    #[test]
    fn serde_reads_as_deep_as_text() {
        let nested = |depth| (0..depth).fold(serde_json::Value::Null, |inner, _| serde_json::json!([inner]));
        let arena = Arena::default();
        for depth in [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1] {
            let text = nested(depth).to_string();
            let sound = Tree::read(nested(depth), &arena).is_ok();
            assert_eq!(sound, Json::parse(&text, &arena).is_some(), "{depth}");
            assert_eq!(sound, depth <= MAX_DEPTH);
        }
    }

    #[cfg(feature = "npm")]
    proptest! {
        #[test]
        fn serde_builds_the_same_tree(value in any_json()) {
            let arena = Arena::default();
            let bridged = Tree::read(value.clone(), &arena).unwrap();
            prop_assert!(same(&bridged, &value));
        }
    }
}
