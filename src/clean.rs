//! Values that users choose are hostile until they are plain: no text of an attacker's may speak in an invitation.

use crate::address::is_word;

/// The most characters of a person's name.
const MAX_NAME: usize = 64;
/// The most words of a person's name.
const MAX_WORDS: usize = 6;
/// The most characters of any other value.
const MAX_VALUE: usize = 200;

/// A person's name, or `None` when it is none: too long, with a URL or an address in it, with characters that only
/// look like letters, or with letters of scripts that are mixed to imitate.
pub fn person_name(text: &str) -> Option<String> {
    let name = one_line(text);
    let words = name.split(' ').count();
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '\'' | '-' | '.' | ',' | '\u{2019}') || is_word(c));
    // A dot between letters makes a link of "evil.example" in most mail clients.
    let dotted = name.split('.').skip(1).any(|after| !after.is_empty() && !after.starts_with([' ', ',']));
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let fits = !name.is_empty() && name.chars().count() <= MAX_NAME && words <= MAX_WORDS && digits <= 4;
    (fits && plain && !dotted && !mixes_scripts(&name)).then_some(name)
}

/// Any other value: one line without control or direction characters, cut to 200 characters; `None` when it carries a
/// link.
pub fn plain_value(text: &str) -> Option<String> {
    let value: String = one_line(text).chars().take(MAX_VALUE).collect();
    (!value.contains("://") && !value.to_ascii_lowercase().contains("www.")).then_some(value)
}

/// What a user types to sign in, when it can be printed as it is.
pub fn login(text: &str) -> Option<&str> {
    let plain = |c: char| c.is_ascii_graphic() && !b"<>\"\\/:;,".contains(&(c as u8)) || is_word(c);
    (!text.is_empty() && text.chars().count() <= MAX_NAME * 2 && text.chars().all(plain)).then_some(text)
}

/// Joins the lines, collapses white space and drops control, format, direction and private-use characters.
pub fn one_line(text: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in text.chars() {
        match c {
            ' '
            | '\t'
            | '\n'
            | '\r'
            | '\u{b}'
            | '\u{c}'
            | '\u{85}'
            | '\u{a0}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => gap = true,
            c if is_invisible(c) => {}
            c => {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.push(c);
            }
        }
    }
    out
}

/// Control, direction and zero-width characters, tags, and private use.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..)
}

/// Latin letters next to Greek or Cyrillic ones, which look alike.
fn mixes_scripts(name: &str) -> bool {
    let latin = name.chars().any(|c| c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c));
    let greek = name.chars().any(|c| ('\u{370}'..='\u{3ff}').contains(&c));
    let cyrillic = name.chars().any(|c| ('\u{400}'..='\u{52f}').contains(&c));
    u8::from(latin) + u8::from(greek) + u8::from(cyrillic) > 1
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_the_names_of_people() {
        for name in [
            "Ada",
            "Ada Lovelace",
            "J. R. R. Tolkien",
            "Martin Luther King, Jr.",
            "O'Neill",
            "O’Neill",
            "Jean-Luc",
            "Zoë",
            "山田太郎",
            "김철수",
            "محمد علي",
            "Олександр",
            "Ελένη",
            "Nguyễn Văn A",
            "İpek",
            "אביגיל",
            "สมชาย",
            "अनिल",
            "Elizabeth 2",
        ] {
            assert_eq!(person_name(name).as_deref(), Some(name));
        }
        assert_eq!(person_name("  Ada\n\tLovelace ").as_deref(), Some("Ada Lovelace"));
        assert_eq!(person_name("Ada\u{202e}Lovelace\u{200b}").as_deref(), Some("AdaLovelace"));
    }

    #[test]
    fn drops_what_only_poses_as_a_name() {
        for name in [
            "",
            " ",
            "\u{202e}",
            "https://evil.example",
            "evil.example",
            "Ada evil.example now",
            "www.evil.example",
            "ada@evil.example",
            "evil。example",
            "evil．example",
            "evil․example",
            "<b>Ada</b>",
            "Ada\\",
            "Ada/Bob",
            "call 5550100123",
            "Win a prize now at our site today",
            "Аda",
            "Αda",
            "ℍello",
            "𝐀da",
            "Ａda",
            "Ada 🎁",
            "a:b",
            "#1",
            "Ada|Bob",
            "[x](y)",
            "{name}",
            "Ada=",
            "!!!",
        ] {
            assert_eq!(person_name(name), None, "{name:?}");
        }
        assert_eq!(person_name(&"a".repeat(65)), None);
    }

    #[test]
    fn cuts_other_values_and_drops_links() {
        assert_eq!(plain_value("R&D,\nBerlin <3").as_deref(), Some("R&D, Berlin <3"));
        assert_eq!(plain_value(&"é".repeat(500)).unwrap().chars().count(), 200);
        assert_eq!(plain_value("see http://evil.example"), None);
        assert_eq!(plain_value("WWW.evil.example"), None);
    }

    #[test]
    fn prints_a_login_as_typed_or_not_at_all() {
        for good in ["ada@acme.example", "+15550100123", "john.smith", "ada_1", "山田"] {
            assert_eq!(login(good), Some(good));
        }
        for bad in ["", "a b", "http://x", "<a>", "a\u{202e}b", "a\nb"] {
            assert_eq!(login(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_invisible_survives(text in any::<String>()) {
            for out in [Some(one_line(&text)), person_name(&text), plain_value(&text)].into_iter().flatten() {
                prop_assert!(!out.chars().any(|c| c.is_control() || is_invisible(c)), "{:?}", out);
                prop_assert!(out.chars().count() <= text.chars().count());
            }
        }

        #[test]
        fn a_name_never_holds_what_makes_a_link(text in "[a-z.:/@ \u{3002}\u{ff0e}\u{2024}w-]{0,30}") {
            if let Some(name) = person_name(&text) {
                let linking = ['/', ':', '@', '\u{3002}', '\u{ff0e}', '\u{2024}'];
                prop_assert!(!name.contains(linking));
                prop_assert!(!name.split(' ').any(|word| word.trim_end_matches(['.', ',']).contains('.')), "{:?}", name);
            }
        }
    }
}
