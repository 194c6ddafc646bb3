//! BCP 47 locales: RFC 4647 lookup and writing direction.

use crate::json::{after, byte, find, join, slice};

/// The languages and the scripts that are written from right to left.
const RIGHT_TO_LEFT: &str = "ar-he-iw-fa-ur-ps-sd-ug-yi-dv-ckb-syr-arc-nqo-arab-hebr-thaa-syrc-nkoo-adlm-rohg";
/// The regions that write Chinese in the traditional script.
const HANT: &[&str] = &["zh-TW", "zh-HK", "zh-MO"];

/// Whether this is shaped like a BCP 47 tag: subtags of one to eight letters and digits, the first of letters.
pub fn is_locale(tag: &str) -> bool {
    let (mut length, mut least) = (0, 2);
    for &b in tag.as_bytes() {
        if b == b'-' && length >= least {
            (length, least) = (0, 1);
        } else if length < 8 && (b.is_ascii_alphabetic() || b.is_ascii_digit() && least == 1) {
            length += 1;
        } else {
            return false;
        }
    }
    length >= least
}

/// RFC 4647 lookup: the range itself, then without its last subtag, and so on; a single-letter subtag goes with what
/// followed it. Case does not matter, and an underscore counts as a hyphen. A Chinese range that finds nothing and has
/// no script is looked up again with the one that its region writes, since neither `zh-HK` nor `zh` says it.
pub fn lookup<'l>(range: &str, available: &[&'l str]) -> Option<&'l str> {
    let mut tag = String::new();
    for c in range.chars() {
        tag.push(if c == '_' { '-' } else { c });
    }
    if !is_locale(&tag) {
        return None;
    }
    let mut found = longest_start(&tag, available);
    if found.is_none() && decisive(&tag).eq_ignore_ascii_case("zh") {
        let script = if longest_start(&tag, HANT).is_some() { "zh-Hant" } else { "zh-Hans" };
        found = longest_start(&join(&[script, after(&tag, 2)]), available);
    }
    found
}

/// The longest of the locales that the tag starts with.
fn longest_start<'l>(tag: &str, available: &[&'l str]) -> Option<&'l str> {
    let mut longest = "";
    for locale in available {
        if locale.len() > longest.len() && starts_with(tag, locale) {
            longest = locale;
        }
    }
    (!longest.is_empty()).then_some(longest)
}

/// Whether the tag is the locale, or starts with it and a subtag; one of a single letter belongs to what follows it.
fn starts_with(tag: &str, locale: &str) -> bool {
    let length = locale.len();
    let at_end_of_subtag = match byte(tag, length) {
        0 => true,
        b'-' => byte(tag, length.wrapping_sub(2)) != b'-',
        _ => false,
    };
    at_end_of_subtag && slice(tag, 0, length).eq_ignore_ascii_case(locale)
}

/// `rtl` for the scripts written from right to left, else `ltr`.
pub fn direction(locale: &str) -> &'static str {
    let decisive = decisive(locale);
    let mut at = 0;
    while at < RIGHT_TO_LEFT.len() {
        let end = find(RIGHT_TO_LEFT, "-", at);
        if slice(RIGHT_TO_LEFT, at, end).eq_ignore_ascii_case(decisive) {
            return "rtl";
        }
        at = end + 1;
    }
    "ltr"
}

/// The subtag that says how the language is written: the script, or the language when it has none.
fn decisive(tag: &str) -> &str {
    let mut at = find(tag, "-", 0);
    let language = slice(tag, 0, at);
    while at < tag.len() {
        let start = at + 1;
        at = find(tag, "-", start);
        if at - start == 4 {
            return slice(tag, start, at);
        }
    }
    language
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BUILT_IN: [&str; 10] = ["en", "zh-Hant", "zh-Hans", "ja", "ko", "es", "fr", "de", "pt", "ar"];

    #[test]
    fn looks_up_by_rfc_4647() {
        for (range, expected) in [
            ("en", Some("en")),
            ("en-GB", Some("en")),
            ("EN-gb", Some("en")),
            ("en_US", Some("en")),
            ("zh-Hant-HK", Some("zh-Hant")),
            ("zh-Hant-CN-x-private1-private2", Some("zh-Hant")),
            ("zh-HK", Some("zh-Hant")),
            ("zh_TW", Some("zh-Hant")),
            ("zh-CN", Some("zh-Hans")),
            ("zh", Some("zh-Hans")),
            ("zh-SG", Some("zh-Hans")),
            ("pt-BR", Some("pt")),
            ("de-x-informal", Some("de")),
            ("it", None),
            ("", None),
            ("-", None),
            ("x", None),
            ("*", None),
            ("e", None),
            ("english language", None),
        ] {
            assert_eq!(lookup(range, &BUILT_IN), expected, "{range:?}");
        }
        assert_eq!(lookup("zh-HK", &["zh-Hant", "zh-HK"]), Some("zh-HK"));
        assert_eq!(lookup("zh-Latn", &["zh-Hant", "zh-Hans"]), None);
        assert_eq!(lookup("fr-CA", &["fr", "fr-CA"]), Some("fr-CA"));
        assert_eq!(lookup("fr", &["FR", "fr"]), Some("FR"), "the first of those that are the same");
    }

    #[test]
    fn knows_the_shape_of_a_tag() {
        for tag in ["en", "abcdefgh", "en-a", "de-1996", "es-419", "zh-Hant-12345678", "en-x-1"] {
            assert!(is_locale(tag), "{tag:?}");
        }
        for tag in ["", "e", "-en", "en-", "en--x", "x-en", "e1", "1996", "abcdefghi", "en-123456789", "en_GB", "en-é"]
        {
            assert!(!is_locale(tag), "{tag:?}");
        }
    }

    #[test]
    fn knows_the_direction() {
        for rtl in ["ar", "ar-EG", "he", "fa-IR", "ur", "az-Arab", "pa-Arab-PK", "AR"] {
            assert_eq!(direction(rtl), "rtl", "{rtl}");
        }
        for ltr in ["en", "ja", "az", "ur-Latn", "zh-Hant", ""] {
            assert_eq!(direction(ltr), "ltr", "{ltr}");
        }
    }

    proptest! {
        #[test]
        fn finds_a_member_of_the_list_or_nothing(range in ".{0,40}") {
            if let Some(found) = lookup(&range, &BUILT_IN) {
                prop_assert!(BUILT_IN.contains(&found));
                prop_assert_eq!(
                    found.split('-').next().unwrap().to_ascii_lowercase(),
                    range.split(['-', '_']).next().unwrap().to_ascii_lowercase()
                );
            }
        }

        #[test]
        fn every_extension_of_a_locale_finds_it(i in 0..BUILT_IN.len(), tail in "(-[a-z0-9]{5,8}){0,4}") {
            let range = BUILT_IN[i].to_owned() + &tail;
            prop_assert_eq!(lookup(&range, &BUILT_IN), Some(BUILT_IN[i]));
        }
    }
}
