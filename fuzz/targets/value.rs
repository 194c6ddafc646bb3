//! Any text as a value that a user chose, a locale, a moment, an SMS.
#![no_main]

use authgear_invite::arena::Arena;
use authgear_invite::clean::{login, one_line, person_name, plain_value};
use authgear_invite::event::Moment;
use authgear_invite::locale::{direction, is_locale, lookup};
use authgear_invite::sms;
use libfuzzer_sys::fuzz_target;

const LOCALES: &[&str] = &["en", "zh-Hant", "zh-Hans", "zh-Hant-HK", "ja", "pt-BR", "pt", "ar", "de-x-informal"];

fuzz_target!(|text: &str| {
    let arena = &Arena::default();
    let plain = |value: &str| {
        !value.chars().any(|c| {
            c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{e000}'..='\u{f8ff}')
        })
    };
    let line = one_line(text, arena);
    assert!(plain(line) && line.trim() == line && !line.contains("  "), "{line:?}");
    assert_eq!(one_line(line, arena), line);
    if let Some(name) = person_name(text, arena) {
        assert!(
            plain(name) && name.chars().count() <= 64 && !name.contains(['<', '>', '@', '/', ':', '&', '"']),
            "{name:?}"
        );
        assert_eq!(person_name(name, arena), Some(name));
    }
    if let Some(value) = plain_value(text, arena) {
        assert!(plain(value) && value.chars().count() <= 200, "{value:?}");
        assert!(!value.to_ascii_lowercase().contains("://"), "{value:?}");
    }
    if let Some(login) = login(text) {
        assert!(plain(login) && !login.contains(['<', '>', '"', '\\', '/', ':', ';', ',', ' ']), "{login:?}");
        assert_eq!(login, text);
    }
    if let Some(found) = lookup(text, LOCALES) {
        assert!(LOCALES.contains(&found));
        let range = text.replace('_', "-");
        assert!(is_locale(&range));
        assert_eq!(
            range.split('-').next().map(str::to_ascii_lowercase),
            found.split('-').next().map(str::to_ascii_lowercase)
        );
    }
    assert!(["ltr", "rtl"].contains(&direction(text)));
    let moment = Moment::parse(text);
    if moment.seconds != i64::MIN {
        let shown = moment.shown();
        assert!(shown.len() == 26 && shown.is_ascii(), "{shown:?}");
    }
    let size = sms::size(text);
    let (alone, each) = if size.ucs2 { (70, 67) } else { (160, 153) };
    let units = if size.ucs2 { text.encode_utf16().count() } else { text.chars().count() };
    assert!(size.segments <= 1 || units * 2 > alone, "{} {units}", size.segments);
    assert!(size.segments * each >= units.min(each), "{} {units}", size.segments);
});
