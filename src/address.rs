//! E-mail addresses, domains and phone numbers, as senders take them.

/// An e-mail address with a domain in ASCII.
#[derive(Clone, Debug, PartialEq)]
pub struct Email {
    /// `local@domain`, the domain in lower-case ASCII (punycode for an internationalised one).
    pub address: String,
}

impl Email {
    /// Reads one address: a plain local part of printable ASCII without quotes, commas, spaces or brackets, one `@`, and
    /// a domain with a dot. Anything else is refused, so that no value can name a second recipient or add a header.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
        let dotted = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        if local.is_empty() || local.len() > 64 || !dotted || !local.bytes().all(plain) {
            return None;
        }
        let domain = domain_to_ascii(domain)?;
        (domain.contains('.')).then(|| Email { address: [local, "@", &domain].concat() })
    }

    /// The domain.
    pub fn domain(&self) -> &str {
        self.address.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// `Name <address>` or a bare address.
#[derive(Debug, PartialEq)]
pub struct Mailbox {
    /// The display name; empty when there is none.
    pub name: String,
    /// The address.
    pub email: Email,
}

impl Mailbox {
    /// Reads `Name <local@domain>`, `"Name" <local@domain>` (with `\"` and `\\` inside the quotes) or `local@domain`.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((name, rest)) = text.rsplit_once('<') else {
            return Some(Mailbox { name: String::new(), email: Email::parse(text.trim())? });
        };
        let name = name.trim();
        let name = match name.strip_prefix('"') {
            Some(quoted) => unescape(quoted.strip_suffix('"')?)?,
            None => name.to_owned(),
        };
        if name.chars().any(|c| c.is_control() || matches!(c, '<' | '>')) {
            return None;
        }
        Some(Mailbox { name, email: Email::parse(rest.strip_suffix('>')?)? })
    }

    /// As a header would have it (RFC 5322): a name with special characters is quoted.
    pub fn header(&self) -> String {
        let mut out = String::new();
        let special = self.name.bytes().any(|b| b"()[]:;@\\,.\"".contains(&b));
        if special {
            out.push('"');
            for c in self.name.chars() {
                if c == '"' || c == '\\' {
                    out.push('\\');
                }
                out.push(c);
            }
            out.push('"');
        } else {
            out.push_str(&self.name);
        }
        self.with_address(out)
    }

    /// As [`Mailbox::header`], with a name beyond ASCII as encoded words (RFC 2047).
    pub fn header_ascii(&self) -> String {
        if self.name.is_ascii() {
            return self.header();
        }
        let mut out = String::new();
        let mut rest = self.name.as_str();
        while !rest.is_empty() {
            let (word, after) = rest.split_at(rest.floor_char_boundary(ENCODED_WORD));
            out.push_str(if out.is_empty() { "=?UTF-8?B?" } else { " =?UTF-8?B?" });
            base64(&mut out, word.as_bytes());
            out.push_str("?=");
            rest = after;
        }
        self.with_address(out)
    }

    fn with_address(&self, mut name: String) -> String {
        if name.is_empty() {
            return self.email.address.clone();
        }
        name.push_str(" <");
        name.push_str(&self.email.address);
        name.push('>');
        name
    }
}

/// The bytes of a name that fit into one encoded word of 75 characters.
const ENCODED_WORD: usize = 45;

/// Undoes the backslashes of a quoted string; `None` when a quote stands without one.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => out.push(chars.next()?),
            c => out.push(c),
        }
    }
    Some(out)
}

/// Appends base64 (RFC 4648, with padding).
pub fn base64(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            out.push(if i > chunk.len() { '=' } else { base64_digit(bits >> (18 - 6 * i) & 63) });
        }
    }
}

fn base64_digit(bits: u32) -> char {
    char::from(match bits as u8 {
        bits @ 0..26 => b'A' + bits,
        bits @ 26..52 => b'a' + (bits - 26),
        bits @ 52..62 => b'0' + (bits - 52),
        62 => b'+',
        _ => b'/',
    })
}

/// Whether this is a phone number in E.164: a plus sign and 7 to 15 digits, the first not a zero.
pub fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// A domain in lower-case ASCII: labels of letters, digits and hyphens, internationalised ones as punycode (RFC 3492).
/// Upper case is folded for ASCII, Latin-1, Greek and Cyrillic; Authgear's normalised claims are folded already.
pub fn domain_to_ascii(domain: &str) -> Option<String> {
    let mut out = String::new();
    for label in domain.split(['.', '\u{3002}']) {
        if !out.is_empty() {
            out.push('.');
        }
        let label: String = label.chars().map(lower).collect();
        let start = out.len();
        if label.is_ascii() {
            out.push_str(&label);
        } else {
            if label.chars().any(|c| !c.is_ascii() && !is_word(c)) {
                return None;
            }
            out.push_str("xn--");
            punycode(&mut out, &label)?;
        }
        let ascii = out.get(start..)?;
        let sound = ascii.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !sound || ascii.is_empty() || ascii.len() > 63 || ascii.starts_with('-') || ascii.ends_with('-') {
            return None;
        }
    }
    (out.len() <= 253).then_some(out)
}

/// Whether `domain` is `parent` or below it; both in ASCII.
pub fn is_within(domain: &str, parent: &str) -> bool {
    domain.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether a non-ASCII character can be part of a word: not a control, space, punctuation, symbol, format or
/// private-use character. The blocks are Unicode's; a table of categories would weigh more than the whole core.
pub fn is_word(c: char) -> bool {
    !matches!(c,
        '\u{0}'..='\u{b6}' | '\u{b8}'..='\u{bf}' | '\u{d7}' | '\u{f7}'   // Latin-1 symbols
        | '\u{61c}' | '\u{180e}' | '\u{2000}'..='\u{2bff}'               // punctuation, bidi, symbols, arrows
        | '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe6f}' | '\u{feff}' // private use, variation, small forms
        | '\u{ff00}'..='\u{ff65}' | '\u{ffe0}'..='\u{ffff}'              // full-width ASCII and specials
        | '\u{1d400}'..='\u{1d7ff}' | '\u{1f000}'..='\u{1faff}' | '\u{e0000}'..)
}

fn lower(c: char) -> char {
    let shift = match c {
        'A'..='Z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{de}' | '\u{391}'..='\u{3a9}' | '\u{410}'..='\u{42f}' => 32,
        '\u{400}'..='\u{40f}' => 80,
        _ => 0,
    };
    char::from_u32(c as u32 + shift).unwrap_or(c)
}

/// Punycode's encoder (RFC 3492, section 6.3).
fn punycode(out: &mut String, label: &str) -> Option<()> {
    const BASE: u32 = 36;
    out.extend(label.chars().filter(char::is_ascii));
    let basic = label.chars().filter(char::is_ascii).count() as u32;
    if basic > 0 {
        out.push('-');
    }
    let total = label.chars().count() as u32;
    if total > 63 {
        return None;
    }
    let (mut code, mut delta, mut bias, mut done) = (128, 0, 72, basic);
    while done < total {
        let next = label.chars().map(u32::from).filter(|c| *c >= code).min()?;
        delta += (next - code) * (done + 1);
        code = next;
        for c in label.chars().map(u32::from) {
            if c < code {
                delta += 1;
            }
            if c == code {
                let (mut q, mut k) = (delta, BASE);
                loop {
                    let threshold = k.saturating_sub(bias).clamp(1, 26);
                    if q < threshold {
                        break;
                    }
                    out.push(digit(threshold + (q - threshold) % (BASE - threshold)));
                    q = (q - threshold) / (BASE - threshold);
                    k += BASE;
                }
                out.push(digit(q));
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        code += 1;
    }
    Some(())
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

fn digit(value: u32) -> char {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, 36).unwrap_or('0')
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn email(text: &str) -> Option<String> {
        Email::parse(text).map(|email| email.address)
    }

    #[test]
    fn takes_one_plain_address() {
        assert_eq!(email("Ada.Lovelace+x@Mail.Example").as_deref(), Some("Ada.Lovelace+x@mail.example"));
        assert_eq!(email("o'hara@bücher.example").as_deref(), Some("o'hara@xn--bcher-kva.example"));
        assert_eq!(email("a@点看.example").as_deref(), Some("a@xn--3pxu8k.example"));
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
        let header = |text| Mailbox::parse(text).map(|mailbox| mailbox.header());
        assert_eq!(header("a@b.example").as_deref(), Some("a@b.example"));
        assert_eq!(header("Acme <a@b.example>").as_deref(), Some("Acme <a@b.example>"));
        assert_eq!(header("Acme, Inc. <a@b.example>").as_deref(), Some("\"Acme, Inc.\" <a@b.example>"));
        assert_eq!(header("\"Acme, Inc.\" <a@b.example>").as_deref(), Some("\"Acme, Inc.\" <a@b.example>"));
        assert_eq!(header("Ärzte <a@b.example>").as_deref(), Some("Ärzte <a@b.example>"));
        assert_eq!(header("\"Zoë \\\"X\\\"\" <a@b.example>").as_deref(), Some("\"Zoë \\\"X\\\"\" <a@b.example>"));
        assert_eq!(Mailbox::parse("\"Zoë \\\"X\\\"\" <a@b.example>").unwrap().name, "Zoë \"X\"");
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
        let ascii = |text| Mailbox::parse(text).unwrap().header_ascii();
        assert_eq!(ascii("Acme <a@b.example>"), "Acme <a@b.example>");
        assert_eq!(ascii("Ärzte <a@b.example>"), "=?UTF-8?B?w4RyenRl?= <a@b.example>");
        let long = ascii(&("漢".repeat(40) + " <a@b.example>"));
        assert!(long.is_ascii() && long.split(' ').all(|word| word.len() <= 75), "{long}");
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
                prop_assert_eq!(domain_to_ascii(&domain), Some(expected));
            }
        }

        #[test]
        fn never_panics_and_never_passes_a_second_recipient(text in any::<String>()) {
            if let Some(email) = Email::parse(&text) {
                prop_assert!(email.address.is_ascii());
                prop_assert_eq!(email.address.matches('@').count(), 1);
                prop_assert!(!email.address.contains([',', ';', ' ', '<', '>', '"', '\r', '\n', '\t', ':', '(', ')']));
            }
            let _ = Mailbox::parse(&text);
            let _ = domain_to_ascii(&text);
        }

        #[test]
        fn whatever_follows_an_address_refuses_it(extra in "[,; <>\"\r\n\t\u{0}:()]{1,3}.{0,8}") {
            prop_assert_eq!(email(&("ada@acme.example".to_owned() + &extra)), None);
        }
    }
}
