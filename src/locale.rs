//! BCP 47 locales: RFC 4647 lookup and writing direction.

/// Whether this is shaped like a BCP 47 tag: subtags of one to eight letters and digits, the first of letters.
pub fn is_locale(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or("");
    (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && subtags.all(|subtag| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// RFC 4647 lookup: the range itself, then without its last subtag, and so on; a single-letter subtag goes with what
/// followed it. Case does not matter, and an underscore counts as a hyphen. A Chinese range that finds nothing and has
/// no script is looked up again with the one that its region writes, since neither `zh-HK` nor `zh` says it.
pub fn lookup<'l>(range: &str, available: &[&'l str]) -> Option<&'l str> {
    let range: String = range.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    if !is_locale(&range) {
        return None;
    }
    truncate_and_find(&range, available).or_else(|| truncate_and_find(&with_script(&range)?, available))
}

fn truncate_and_find<'l>(mut range: &str, available: &[&'l str]) -> Option<&'l str> {
    loop {
        if let Some(found) = available.iter().find(|locale| locale.eq_ignore_ascii_case(range)) {
            return Some(found);
        }
        range = range.rsplit_once('-')?.0;
        if let Some((shorter, subtag)) = range.rsplit_once('-')
            && subtag.len() == 1
        {
            range = shorter;
        }
    }
}

/// `rtl` for the scripts written from right to left, else `ltr`.
pub fn direction(locale: &str) -> &'static str {
    let mut subtags = locale.split('-');
    let language = subtags.next().unwrap_or("").to_ascii_lowercase();
    let script = subtags.find(|subtag| subtag.len() == 4).unwrap_or("").to_ascii_lowercase();
    let rtl_script = matches!(script.as_str(), "arab" | "hebr" | "thaa" | "syrc" | "nkoo" | "adlm" | "rohg");
    let rtl_language = matches!(
        language.as_str(),
        "ar" | "he" | "iw" | "fa" | "ur" | "ps" | "sd" | "ug" | "yi" | "dv" | "ckb" | "syr" | "arc" | "nqo"
    );
    if rtl_script || (rtl_language && script.is_empty()) { "rtl" } else { "ltr" }
}

fn with_script(range: &str) -> Option<String> {
    let rest = range.strip_prefix("zh")?;
    let region = rest.get(..3).unwrap_or("");
    if rest.split('-').any(|subtag| subtag.len() == 4) {
        return None;
    }
    let script = if matches!(region, "-tw" | "-hk" | "-mo") { "zh-hant" } else { "zh-hans" };
    (rest.is_empty() || rest.starts_with('-')).then(|| [script, rest].concat())
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
