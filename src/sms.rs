//! How many segments an SMS takes (3GPP TS 23.038).

/// The characters of the GSM 7-bit alphabet beyond ASCII.
const GSM: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉÄÖÑÜ§¿äöñüà¡¤";
/// The ASCII characters that are not in it.
const NOT_GSM: &str = "`\t";
/// Those that take two septets.
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
    let ucs2 = !text.chars().all(is_gsm);
    let (single, part, units) = if ucs2 {
        (70, 67, text.encode_utf16().count())
    } else {
        (160, 153, text.chars().map(|c| if EXTENDED.contains(c) { 2 } else { 1 }).sum())
    };
    Size { segments: if units <= single { 1 } else { units.div_ceil(part) }, ucs2 }
}

fn is_gsm(c: char) -> bool {
    let ascii = c == '\n' || c == '\r' || (' '..='~').contains(&c);
    (ascii && !NOT_GSM.contains(c)) || GSM.contains(c) || c == '€'
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
