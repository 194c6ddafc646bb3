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

/// Counts the segments of a text.
pub fn size(text: &str) -> Size {
    let (mut septets, mut units, mut ucs2) = (0, 0, false);
    for c in text.chars() {
        units += c.len_utf16();
        septets += 1;
        if is_one_of(EXTENDED, c) {
            septets += 1;
        } else if !matches!(c, '\n' | '\r' | ' '..='_' | 'a'..='z') && !is_one_of(GSM, c) {
            ucs2 = true;
        }
    }
    let (length, single, part) = if ucs2 { (units, 70, 67) } else { (septets, 160, 153) };
    Size { segments: if length <= single { 1 } else { length.div_ceil(part) }, ucs2 }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

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
            ("ç", 1, true),
            ("Ç", 1, false),
            ("`", 1, true),
        ] {
            assert_eq!(size(text), Size { segments, ucs2 }, "{text}");
        }
    }
}
