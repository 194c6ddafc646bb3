//! How many segments an SMS takes (3GPP TS 23.038).

use crate::clean::is_one_of;

/// The characters of the GSM 7-bit alphabet beyond ASCII that take one septet.
const GSM: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉÄÖÑÜ§¿äöñüà¡¤";
/// The characters that take two septets.
const EXTENDED: &str = "^{}\\[~]|€";

/// The size of an SMS.
#[derive(Debug, PartialEq)]
pub struct Size {
    /// Messages that are sent, and paid for, as one text.
    pub segments: usize,
    /// Whether a character outside the GSM 7-bit alphabet makes it UCS-2, 70 characters for a segment instead of 160.
    pub ucs2: bool,
}

/// Counts the segments of a text. No character is split between two.
pub fn size(text: &str) -> Size {
    let is_extended = |c| is_one_of(EXTENDED, c);
    let is_gsm = |c| matches!(c, '\n' | '\r' | ' '..='_' | 'a'..='z') || is_extended(c) || is_one_of(GSM, c);
    let ucs2 = !text.chars().all(is_gsm);
    let (single, part) = if ucs2 { (70, 67) } else { (160, 153) };
    let (mut length, mut segments, mut left) = (0, 0, 0);
    for c in text.chars() {
        let size = if ucs2 { c.len_utf16() } else { 1 + usize::from(is_extended(c)) };
        length += size;
        if left < size {
            segments += 1;
            left = part;
        }
        left -= size;
    }
    Size { segments: if length <= single { 1 } else { segments }, ucs2 }
}

/// Whether an SMS may come from this: a phone number with or without `+`, a short code, or a name of at most 11 letters,
/// digits and spaces.
#[cfg(feature = "schema")]
pub fn is_sender(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = (1..=11).contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || is_one_of(" +-_&.", c));
    is_number || is_name
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[cfg(feature = "schema")]
    #[test]
    fn numbers_short_codes_and_names_send() {
        for good in ["+14155550100", "85251000001", "12345", "Acme", "A", "Acme & Co 2", "123-456 abc"] {
            assert!(is_sender(good), "{good}");
        }
        for bad in ["", "+", "12", "+1234567890123456", "1234567890 1", "not a number", "a@acme.ex", "Ácme", "a\n"] {
            assert!(!is_sender(bad), "{bad}");
        }
    }

    #[test]
    fn counts_segments() {
        for (text, segments, ucs2) in [
            ("", 1, false),
            (&*"a".repeat(160), 1, false),
            (&*"a".repeat(161), 2, false),
            (&*"a".repeat(306), 2, false),
            (&*"a".repeat(307), 3, false),
            (&*"€".repeat(80), 1, false),
            (&*"€".repeat(81), 2, false),
            (&*"漢".repeat(70), 1, true),
            (&*"漢".repeat(71), 2, true),
            (&*"😀".repeat(35), 1, true),
            (&*"😀".repeat(36), 2, true),
            (&*["a".repeat(152), "€".repeat(76)].concat(), 2, false),
            (&*["a".repeat(152), "€".to_owned(), "a".repeat(151)].concat(), 2, false),
            (&*["a".repeat(152), "€".to_owned(), "a".repeat(152)].concat(), 3, false),
            (&*["漢".repeat(66), "😀".to_owned(), "漢".repeat(65)].concat(), 2, true),
            (&*["漢".repeat(66), "😀".to_owned(), "漢".repeat(66)].concat(), 3, true),
            ("ç", 1, true),
            ("Ç", 1, false),
            ("`", 1, true),
        ] {
            assert_eq!(size(text), Size { segments, ucs2 }, "{text}");
        }
    }
}
