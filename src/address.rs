//! E-mail addresses, domains and phone numbers, as senders take them.

use crate::arena::Arena;
use crate::clean::{is_ascii_but, is_one_of, is_word};
use crate::json::{after, byte, find, integer, join, slice, trim};

/// One e-mail address, its domain in lower-case ASCII (punycode for an internationalised one): a plain local part of
/// printable ASCII without quotes, commas, spaces or brackets, one `@`, and a domain with a dot. Anything else is
/// refused, so that no value can name a second recipient or add a header.
pub fn email<'a>(text: &str, arena: &'a Arena) -> Option<&'a str> {
    let mut address = String::new();
    let mut rest = text.chars();
    let mut before = '.';
    while before != '@' {
        let c = rest.next()?;
        let doubled = before == '.' && is_one_of(".@", c);
        if doubled || !is_ascii_but("\"(),:;<>[\\]", c) {
            return None;
        }
        address.push(c);
        before = c;
    }
    let fits = address.len() <= MAX_LOCAL + 1 && push_domain(&mut address, rest.as_str())? > 1;
    (fits && address.len() <= MAX_ADDRESS).then_some(arena.text(address))
}

/// The domain of an address.
pub fn domain(address: &str) -> &str {
    after(address, find(address, "@", 0) + 1)
}

/// The most characters of an address before its `@`.
const MAX_LOCAL: usize = 64;

/// The most characters of an address (RFC 5321's path without its brackets).
const MAX_ADDRESS: usize = 254;

/// `Name <address>` or a bare address.
#[derive(Debug, PartialEq)]
pub struct Mailbox<'a> {
    /// The display name; empty when there is none.
    pub name: &'a str,
    /// The address.
    pub address: &'a str,
}

impl<'a> Mailbox<'a> {
    /// Reads `Name <local@domain>`, `"Name" <local@domain>` (with `\"` and `\\` inside the quotes) or `local@domain`.
    pub fn parse(text: &str, arena: &'a Arena) -> Option<Self> {
        let open = find(text, "<", 0);
        let (mut name, mut address) = ("", trim(text));
        if open < text.len() {
            name = trim(slice(text, 0, open));
            address = after(text, open + 1);
            if byte(address, address.len().wrapping_sub(1)) != b'>' {
                return None;
            }
            address = slice(address, 0, address.len() - 1);
        }
        Some(Mailbox { address: email(address, arena)?, name: display_name(name, arena)? })
    }

    /// As a header would have it (RFC 5322): a name with special characters is quoted.
    pub fn header(&self) -> String {
        let mut name = String::new();
        let mut quote = "";
        for c in self.name.chars() {
            if is_one_of("()[]:;@\\,.\"", c) {
                quote = "\"";
            }
            if is_one_of("\"\\", c) {
                name.push('\\');
            }
            name.push(c);
        }
        self.with_address(quote, &name)
    }

    /// As [`Mailbox::header`], with a name beyond ASCII as encoded words (RFC 2047).
    pub fn header_ascii(&self) -> String {
        if self.name.as_bytes().iter().all(u8::is_ascii) {
            return self.header();
        }
        let mut words = String::new();
        let mut at = 0;
        while at < self.name.len() {
            let mut end = at + ENCODED_WORD;
            let mut word = "";
            // Nothing is what an end inside of a character gives.
            while word.is_empty() {
                word = slice(self.name, at, end);
                end -= 1;
            }
            words.push_str(if at == 0 { "=?UTF-8?B?" } else { " =?UTF-8?B?" });
            base64(&mut words, word.as_bytes());
            words.push_str("?=");
            at += word.len();
        }
        self.with_address("", &words)
    }

    fn with_address(&self, quote: &str, name: &str) -> String {
        let (open, close) = if name.is_empty() { ("", "") } else { (" <", ">") };
        join(&[quote, name, quote, open, self.address, close])
    }
}

/// The bytes of a name that fit into one encoded word of 75 characters.
const ENCODED_WORD: usize = 45;

/// A name without its quotes and their backslashes; `None` when a quote stands without one, or when the name could be
/// taken for more than a name.
fn display_name<'a>(mut text: &str, arena: &'a Arena) -> Option<&'a str> {
    let quoted = byte(text, 0) == b'"';
    if quoted {
        text = after(text, 1);
        if byte(text, text.len().wrapping_sub(1)) != b'"' {
            return None;
        }
        text = slice(text, 0, text.len() - 1);
    }
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(mut c) = chars.next() {
        if quoted && c == '\\' {
            c = chars.next()?;
        } else if quoted && c == '"' {
            return None;
        }
        if c.is_control() || is_one_of("<>", c) {
            return None;
        }
        out.push(c);
    }
    Some(arena.text(out))
}

/// The digits of base64. Those of punycode are the same from `a` to `9`.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PUNYCODE: u32 = 26;

fn push_digit(out: &mut String, value: u32) {
    if let Some(digit) = DIGITS.get(value as usize) {
        out.push(char::from(*digit));
    }
}

/// Appends base64 (RFC 4648, with padding).
pub fn base64(out: &mut String, bytes: &[u8]) {
    let (mut bits, mut held) = (0, 0);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 6 {
            held -= 6;
            push_digit(out, bits >> held & 63);
        }
    }
    if held > 0 {
        push_digit(out, bits << (6 - held) & 63);
        out.push_str(if held == 2 { "==" } else { "=" });
    }
}

/// Whether this is a phone number in E.164: a plus sign and 7 to 15 digits, the first not a zero.
pub fn is_phone(text: &str) -> bool {
    byte(text, 0) == b'+' && byte(text, 1) != b'0' && matches!(text.len(), 8..=16) && integer(after(text, 1)).is_some()
}

/// A domain in lower-case ASCII: labels of letters, digits and hyphens, internationalised ones as punycode (RFC 3492).
/// Upper case is folded for ASCII, Latin-1, Greek and Cyrillic; Authgear's normalised claims are folded already.
pub fn domain_to_ascii<'a>(domain: &str, arena: &'a Arena) -> Option<&'a str> {
    let mut out = String::new();
    push_domain(&mut out, domain)?;
    Some(arena.text(out))
}

/// The most characters of a domain.
const MAX_DOMAIN: usize = 253;
/// The most characters of a label.
const MAX_LABEL: usize = 63;

/// Appends a domain in ASCII and counts its labels.
fn push_domain(out: &mut String, domain: &str) -> Option<usize> {
    let start = out.len();
    let mut labels = 1;
    let mut label = [0; MAX_LABEL];
    let mut length = 0;
    for c in domain.chars() {
        if c == '.' || c == '\u{3002}' {
            push_label(out, label.get(..length)?)?;
            out.push('.');
            labels += 1;
            length = 0;
        } else if c.is_ascii_alphanumeric() || c == '-' || is_word(c) {
            *label.get_mut(length)? = lower(c);
            length += 1;
        } else {
            return None;
        }
    }
    push_label(out, label.get(..length)?)?;
    (out.len() - start <= MAX_DOMAIN).then_some(labels)
}

/// Whether `domain` is `parent` or below it; both in ASCII.
pub fn is_within(domain: &str, parent: &str) -> bool {
    let start = domain.len().wrapping_sub(parent.len());
    after(domain, start) == parent && matches!(byte(domain, start.wrapping_sub(1)), 0 | b'.')
}

fn lower(c: char) -> u32 {
    // The ranges hold marks as well, but those are in no label.
    let shift = match c {
        'A'..='Z' | '\u{c0}'..='\u{de}' | '\u{391}'..='\u{3a9}' | '\u{410}'..='\u{42f}' => 32,
        '\u{400}'..='\u{40f}' => 80,
        _ => 0,
    };
    u32::from(c) + shift
}

/// The first code point that is not ASCII.
const NOT_ASCII: u32 = 128;

fn push_label(out: &mut String, label: &[u32]) -> Option<()> {
    let start = out.len();
    let mut basic = 0;
    for c in label {
        basic += usize::from(*c < NOT_ASCII);
    }
    if basic < label.len() {
        out.push_str("xn--");
    }
    for c in label {
        if *c < NOT_ASCII {
            out.push(char::from(*c as u8));
        }
    }
    push_punycode(out, label, basic);
    let ascii = out.as_bytes().get(start..)?;
    (ascii.len() <= MAX_LABEL && *ascii.first()? != b'-' && *ascii.last()? != b'-').then_some(())
}

/// Punycode's encoder (RFC 3492, section 6.3), after the ASCII characters of the label.
fn push_punycode(out: &mut String, label: &[u32], basic: usize) {
    const BASE: u32 = 36;
    let (total, basic) = (label.len() as u32, basic as u32);
    if basic > 0 && basic < total {
        out.push('-');
    }
    let (mut code, mut delta, mut bias, mut done) = (NOT_ASCII, 0, 72, basic);
    while done < total {
        let mut next = u32::from(char::MAX);
        for &c in label {
            if c < code {
                delta += 1;
            } else if c > code {
                next = next.min(c);
            } else {
                let (mut q, mut k) = (delta, BASE);
                loop {
                    let threshold = k.saturating_sub(bias).clamp(1, 26);
                    if q < threshold {
                        break;
                    }
                    let span = BASE - threshold;
                    push_digit(out, PUNYCODE + threshold + (q - threshold) % span);
                    q = (q - threshold) / span;
                    k += BASE;
                }
                push_digit(out, PUNYCODE + q);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta += 1 + (next - code - 1) * (done + 1);
        code = next;
    }
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = delta / if first { 700 } else { 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn arena() -> &'static Arena {
        Box::leak(Box::default())
    }

    fn email(text: &str) -> Option<&'static str> {
        super::email(text, arena())
    }

    fn mailbox(text: &str) -> Option<Mailbox<'static>> {
        Mailbox::parse(text, arena())
    }

    #[test]
    fn takes_one_plain_address() {
        assert_eq!(email("Ada.Lovelace+x@Mail.Example"), Some("Ada.Lovelace+x@mail.example"));
        assert_eq!(email("o'hara@bücher.example"), Some("o'hara@xn--bcher-kva.example"));
        assert_eq!(email("a@点看.example"), Some("a@xn--3pxu8k.example"));
        assert_eq!(domain("a@点看.example"), "点看.example");
    }

    #[test]
    fn takes_addresses_as_long_as_they_may_be() {
        let local = "a".repeat(MAX_LOCAL) + "@";
        let whole = |rest: usize| local.clone() + &"b.".repeat(rest / 2) + &"c".repeat(rest % 2 + 2);
        let longest = whole(MAX_ADDRESS - local.len() - 2);
        assert_eq!(longest.len(), MAX_ADDRESS);
        assert_eq!(email(&longest), Some(&*longest));
        assert_eq!(email(&whole(MAX_ADDRESS - local.len() - 1)), None);
    }

    #[test]
    fn refuses_what_is_not_one_plain_address() {
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@b.example",
            "a@b",
            "a@b.",
            "a@.b.example",
            "a@@b.example",
            "a@b@c.example",
            "a b@c.example",
            "a,b@c.example",
            "a@c.example,d@e.example",
            "a@c.example, d@e.example",
            "a@c.example\r\nBcc: d@e.example",
            "a\n@c.example",
            "<a@c.example>",
            "Ada <a@c.example>",
            "a@c.example;",
            "\"a b\"@c.example",
            ".a@c.example",
            "a.@c.example",
            "a..b@c.example",
            "a@-c.example",
            "a@c-.example",
            "a@c_d.example",
            "a@[127.0.0.1]",
            "a@c.example ",
            "ä@c.example",
            "a@\u{202e}c.example",
            "a@c\u{200b}d.example",
            "a@c。。example",
            "a(x)@c.example",
            "a@c.example/",
        ] {
            assert_eq!(email(text), None, "{text:?}");
        }
        assert_eq!(email(&("a".repeat(65) + "@b.example")), None);
        assert_eq!(email(&("a@".to_owned() + &"b.".repeat(200) + "example")), None);
        assert_eq!(email(&("a@".to_owned() + &"b".repeat(64) + ".example")), None);
    }

    #[test]
    fn reads_mailboxes() {
        let header = |text| mailbox(text).map(|mailbox| mailbox.header());
        assert_eq!(header("a@b.example").as_deref(), Some("a@b.example"));
        assert_eq!(header("Acme <a@b.example>").as_deref(), Some("Acme <a@b.example>"));
        assert_eq!(header("Acme, Inc. <a@b.example>").as_deref(), Some("\"Acme, Inc.\" <a@b.example>"));
        assert_eq!(header("\"Acme, Inc.\" <a@b.example>").as_deref(), Some("\"Acme, Inc.\" <a@b.example>"));
        assert_eq!(header("Ärzte <a@b.example>").as_deref(), Some("Ärzte <a@b.example>"));
        assert_eq!(header("\"Zoë \\\"X\\\"\" <a@b.example>").as_deref(), Some("\"Zoë \\\"X\\\"\" <a@b.example>"));
        assert_eq!(mailbox("\"Zoë \\\"X\\\"\" <a@b.example>").unwrap().name, "Zoë \"X\"");
        for text in [
            "Acme",
            "Acme <>",
            "Acme <a@b.example",
            "A\r\nB <a@b.example>",
            "\"A\"B\" <a@b.example>",
            "A <a@b.example> x",
        ] {
            assert_eq!(header(text), None, "{text:?}");
        }
    }

    #[test]
    fn encodes_names_for_headers() {
        let ascii = |text: &str| mailbox(text).unwrap().header_ascii();
        assert_eq!(ascii("Acme <a@b.example>"), "Acme <a@b.example>");
        assert_eq!(ascii("Ärzte <a@b.example>"), "=?UTF-8?B?w4RyenRl?= <a@b.example>");
        let long = ascii(&("漢".repeat(40) + " <a@b.example>"));
        assert!(long.is_ascii() && long.split(' ').all(|word| word.len() <= 75), "{long}");
        let whole = ["é".repeat(22), "é".repeat(8)].map(|part| {
            let mut word = String::new();
            base64(&mut word, part.as_bytes());
            word
        });
        let split = ascii(&("é".repeat(30) + " <a@b.example>"));
        assert_eq!(split, format!("=?UTF-8?B?{}?= =?UTF-8?B?{}?= <a@b.example>", whole[0], whole[1]));
    }

    #[test]
    fn writes_base64() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{fff}\u{fbf}~", "4L+/4L6/fg=="),
        ] {
            let mut out = String::new();
            base64(&mut out, text.as_bytes());
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn knows_e164() {
        for good in ["+15550100123", "+85290000000", "+4915112345678"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in
            ["", "+", "15550100123", "+0555010012", "+123456", "+1234567890123456", "+1555 010012", "+1555010012a"]
        {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn folds_the_upper_case_of_four_alphabets() {
        let ascii = |domain| domain_to_ascii(domain, arena());
        for (upper, lower) in [("AZ", "az"), ("ÀÞ", "àþ"), ("ΑΩ", "αω"), ("АЯ", "ая"), ("ЀЏ", "ѐџ")] {
            assert_eq!(ascii(upper), ascii(lower), "{upper}");
        }
    }

    #[test]
    fn the_bias_is_halved_beyond_the_bound_alone() {
        assert_eq!(adapt(2 * 455, 1000, false), 36 * 455 / (455 + 38));
        assert_eq!(adapt(2 * 456, 1000, false), 36 + 36 * (456 / 35) / (456 / 35 + 38));
    }

    #[test]
    fn a_domain_includes_its_subdomains_only() {
        assert!(is_within("acme.example", "acme.example"));
        assert!(is_within("eu.acme.example", "acme.example"));
        assert!(!is_within("badacme.example", "acme.example"));
        assert!(!is_within("acme.example.evil.example", "acme.example"));
    }

    proptest! {
        #[test]
        fn domains_match_the_idna_crate(labels in prop::collection::vec("[a-zäöüßéàñçøα-ωа-яぁ-ん漢字例え한글]{1,8}", 2..4)) {
            let domain = labels.join(".");
            // Final sigma and joiners have rules of their own; the idna crate says which names are valid at all.
            if let Ok(expected) = idna::domain_to_ascii_strict(&domain) {
                prop_assert_eq!(domain_to_ascii(&domain, arena()), Some(&*expected));
            }
        }

        #[test]
        fn never_panics_and_never_passes_a_second_recipient(text in any::<String>()) {
            if let Some(address) = email(&text) {
                prop_assert!(address.is_ascii());
                prop_assert_eq!(address.matches('@').count(), 1);
                prop_assert!(!address.contains([',', ';', ' ', '<', '>', '"', '\r', '\n', '\t', ':', '(', ')']));
            }
            let _ = mailbox(&text);
            let _ = domain_to_ascii(&text, arena());
        }

        #[test]
        fn whatever_follows_an_address_refuses_it(extra in "[,; <>\"\r\n\t\u{0}:()]{1,3}.{0,8}") {
            prop_assert_eq!(email(&("ada@acme.example".to_owned() + &extra)), None);
        }
    }
}
