//! Values that users choose are hostile until they are plain: no text of an attacker's may speak in an invitation.

use crate::arena::Arena;

/// The most characters of a person's name.
const MAX_NAME: usize = 64;
/// The most words of a person's name.
const MAX_WORDS: usize = 6;
/// The most digits of a person's name.
const MAX_DIGITS: usize = 4;
/// The most characters of any other value.
const MAX_VALUE: usize = 200;

/// Ranges of characters, each with its first and its last one.
type Ranges = [(char, char)];

/// White space.
const SPACES: &Ranges = &[
    ('\t', '\r'),
    (' ', ' '),
    ('\u{85}', '\u{85}'),
    ('\u{a0}', '\u{a0}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
];

/// Control, direction and zero-width characters, tags, and private use.
const INVISIBLE: &Ranges = &[
    ('\0', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{e000}', '\u{f8ff}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{e0000}', char::MAX),
];

// Letters of these look alike.
const LATIN: &Ranges = &[('A', 'Z'), ('a', 'z'), ('\u{c0}', '\u{24f}')];
const GREEK: &Ranges = &[('\u{370}', '\u{3ff}')];
const CYRILLIC: &Ranges = &[('\u{400}', '\u{52f}')];

/// ASCII, punctuation and symbols. The blocks are Unicode's; a table of categories would weigh more than the whole core.
const MARKS: &Ranges = &[
    ('\0', '\u{b6}'),
    ('\u{b8}', '\u{bf}'),
    ('\u{d7}', '\u{d7}'),
    ('\u{f7}', '\u{f7}'),
    ('\u{2000}', '\u{2bff}'), // punctuation, symbols, arrows
    ('\u{2e00}', '\u{2e7f}'),
    ('\u{3000}', '\u{3004}'),
    ('\u{3008}', '\u{3020}'),
    ('\u{fe00}', '\u{fe6f}'), // variation, small forms
    ('\u{ff00}', '\u{ff65}'), // full-width ASCII
    ('\u{ffe0}', '\u{ffff}'),
    ('\u{1d400}', '\u{1d7ff}'),
    ('\u{1f000}', '\u{1faff}'),
];

/// A person's name, or `None` when it is none: too long, with a URL or an address in it, with characters that only
/// look like letters, or with letters of scripts that are mixed to imitate.
pub fn person_name<'a>(text: &str, arena: &'a Arena) -> Option<&'a str> {
    let name = one_line(text, arena);
    let (mut length, mut words, mut digits) = (0, 1, 0);
    let (mut latin, mut greek, mut cyrillic) = (0, 0, 0);
    let mut after_dot = false;
    for c in name.chars() {
        let plain = c.is_ascii_alphanumeric() || is_one_of(" '-.,\u{2019}", c) || is_word(c);
        // A dot between letters makes a link of "evil.example" in most mail clients.
        let linking = after_dot && !is_one_of(" ,.", c);
        if !plain || linking {
            return None;
        }
        after_dot = c == '.';
        length += 1;
        words += usize::from(c == ' ');
        digits += usize::from(c.is_ascii_digit());
        latin |= u8::from(is_in(LATIN, c));
        greek |= u8::from(is_in(GREEK, c));
        cyrillic |= u8::from(is_in(CYRILLIC, c));
    }
    let fits = length > 0 && length <= MAX_NAME && words <= MAX_WORDS && digits <= MAX_DIGITS;
    (fits && latin + greek + cyrillic < 2).then_some(name)
}

/// Any other value: one line without control or direction characters, cut to 200 characters; `None` when it carries a
/// link.
pub fn plain_value<'a>(text: &str, arena: &'a Arena) -> Option<&'a str> {
    let value = line(text, MAX_VALUE, arena);
    (!holds(value, "//") && !holds(value, "www.")).then_some(value)
}

/// Whether `part` is in the text, in whatever case of its ASCII letters.
pub fn holds(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// What a user types to sign in, when it can be printed as it is.
pub fn login(text: &str) -> Option<&str> {
    let mut length = 0;
    for c in text.chars() {
        length += 1;
        if !is_ascii_but("<>\"\\/:;,", c) && !is_word(c) {
            return None;
        }
    }
    (length > 0 && length <= MAX_NAME * 2 && !holds(text, "www.")).then_some(text)
}

/// Joins the lines, collapses white space and drops control, format, direction and private-use characters.
pub fn one_line<'a>(text: &str, arena: &'a Arena) -> &'a str {
    line(text, usize::MAX, arena)
}

/// The first characters of [`one_line`].
fn line<'a>(text: &str, most: usize, arena: &'a Arena) -> &'a str {
    let mut out = String::new();
    let (mut length, mut gap) = (0, false);
    for c in text.chars() {
        if is_space(c) {
            gap = length > 0;
        } else if !is_invisible(c) {
            if gap && length < most {
                out.push(' ');
                length += 1;
            }
            gap = false;
            if length < most {
                out.push(c);
                length += 1;
            }
        }
    }
    arena.text(out)
}

/// Whether a non-ASCII character can be part of a word: not a control, space, punctuation, symbol, format or
/// private-use character.
pub fn is_word(c: char) -> bool {
    !is_in(MARKS, c) && !is_invisible(c)
}

/// Whether this is white space.
pub fn is_space(c: char) -> bool {
    is_in(SPACES, c)
}

fn is_invisible(c: char) -> bool {
    is_in(INVISIBLE, c)
}

fn is_in(ranges: &Ranges, c: char) -> bool {
    ranges.iter().any(|&(first, last)| first <= c && c <= last)
}

/// Whether this is printable ASCII, and neither a space nor one of these characters.
pub fn is_ascii_but(text: &str, c: char) -> bool {
    c.is_ascii_graphic() && !is_one_of(text, c)
}

/// Whether the text has only ASCII letters, digits and these marks.
pub fn is_token(text: &str, marks: &str) -> bool {
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() && !is_one_of(marks, c) {
            return false;
        }
    }
    true
}

/// Whether the text has this character.
pub fn is_one_of(text: &str, c: char) -> bool {
    text.chars().any(|each| each == c)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one_line(text: &str) -> String {
        super::one_line(text, &Arena::default()).to_owned()
    }

    fn person_name(text: &str) -> Option<String> {
        super::person_name(text, &Arena::default()).map(str::to_owned)
    }

    fn plain_value(text: &str) -> Option<String> {
        super::plain_value(text, &Arena::default()).map(str::to_owned)
    }

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
        assert_eq!(plain_value(&"é".repeat(500)).unwrap().chars().count(), MAX_VALUE);
        assert_eq!(plain_value(&"é ".repeat(500)).unwrap().chars().count(), MAX_VALUE);
        let longest = "a".repeat(MAX_VALUE);
        assert_eq!(plain_value(&(longest.clone() + " b")), Some(longest));
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
        let longest = "a".repeat(MAX_NAME * 2);
        assert_eq!(login(&longest), Some(&*longest));
        assert_eq!(login(&(longest + "a")), None);
    }

    #[test]
    fn a_token_has_letters_digits_and_the_marks() {
        assert!(is_token("aZ09", "") && is_token("a-b_c", "_-") && is_token("", ""));
        assert!(!is_token("a-b", "_") && !is_token("é", "") && !is_token("a b", "-"));
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
