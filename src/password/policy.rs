//! Authgear's password policy: `authenticator.password.policy` of `authgear.yaml`, and what breaks it.

use crate::json::Json;

/// A policy. What is left out asks for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy<'p> {
    /// The least number of characters.
    pub min_length: usize,
    /// An ASCII upper-case letter is required.
    pub uppercase_required: bool,
    /// An ASCII lower-case letter is required.
    pub lowercase_required: bool,
    /// An ASCII letter is required.
    pub alphabet_required: bool,
    /// An ASCII digit is required.
    pub digit_required: bool,
    /// A character is required that is no ASCII letter or digit.
    pub symbol_required: bool,
    /// 0: any; N: zxcvbn's score must be N - 1 at the least.
    pub minimum_guessable_level: usize,
    /// Text that must not be in the password, in upper or lower case.
    pub excluded_keywords: Vec<&'p str>,
}

/// The length that Authgear asks for when its policy says nothing.
const DEFAULT_MIN_LENGTH: usize = 8;

impl<'p> Policy<'p> {
    /// Reads a policy in Authgear's own names.
    ///
    /// # Errors
    /// Everything that is wrong, each with its path.
    pub fn read(json: &Json<'p>) -> Result<Self, Vec<String>> {
        let mut problems = crate::problems::Problems::default();
        problems.check(json, &crate::schema::Shape::Record(crate::schema::POLICY));
        if !problems.list.is_empty() {
            return Err(problems.list);
        }
        let flag = |name| json.get(name).is_true();
        let min_length = json.get("min_length");
        Ok(Policy {
            min_length: if min_length.is_null() { DEFAULT_MIN_LENGTH } else { min_length.integer() as usize },
            uppercase_required: flag("uppercase_required"),
            lowercase_required: flag("lowercase_required"),
            alphabet_required: flag("alphabet_required"),
            digit_required: flag("digit_required"),
            symbol_required: flag("symbol_required"),
            minimum_guessable_level: json.get("minimum_guessable_level").integer() as usize,
            excluded_keywords: json.get("excluded_keywords").items().iter().map(Json::str).collect(),
        })
    }

    /// All that a password breaks, in Authgear's names and order. How guessable it is, nobody can tell here: that takes a
    /// dictionary.
    pub fn violations(&self, password: &str) -> Vec<&'static str> {
        let has = |class: fn(&char) -> bool| password.chars().any(|c| class(&c));
        let folded: String = fold(password);
        [
            ("PasswordTooShort", password.chars().count() < self.min_length),
            ("PasswordUppercaseRequired", self.uppercase_required && !has(char::is_ascii_uppercase)),
            ("PasswordLowercaseRequired", self.lowercase_required && !has(char::is_ascii_lowercase)),
            ("PasswordAlphabetRequired", self.alphabet_required && !has(char::is_ascii_alphabetic)),
            ("PasswordDigitRequired", self.digit_required && !has(char::is_ascii_digit)),
            ("PasswordSymbolRequired", self.symbol_required && !has(|c| !c.is_ascii_alphanumeric())),
            (
                "PasswordContainingExcludedKeywords",
                self.excluded_keywords.iter().any(|keyword| folded.contains(&fold(keyword))),
            ),
        ]
        .into_iter()
        .filter_map(|(name, broken)| broken.then_some(name))
        .collect()
    }
}

/// Text without the difference of upper and lower case. Upper case comes first: it folds the long s and the Kelvin sign
/// into ASCII, as Authgear's comparison does.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::json::parse_for_tests as parse;

    #[test]
    fn everything_wrong_is_told_at_once() {
        let policy = Policy::read(&parse(
            r#"{"min_length":0,"uppercase_required":"yes","minimum_guessable_level":6,"excluded_keywords":[""],"digits":true}"#,
        ));
        let problems = policy.unwrap_err();
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert!(problems.iter().any(|it| it.starts_with("digits: unknown key")), "{problems:?}");
        let level = Policy::read(&parse(r#"{"minimum_guessable_level":6}"#));
        assert_eq!(level.unwrap_err(), ["minimum_guessable_level: must be a whole number from 0 to 5, not 6"]);
        assert_eq!(Policy::read(&parse(r#"{"minimum_guessable_level":5}"#)).unwrap().minimum_guessable_level, 5);
        assert_eq!(Policy::read(&parse("{}")).unwrap(), Policy { min_length: 8, ..Policy::default() });
        let known = r#"{"min_length":10,"history_size":3,"history_days":90}"#;
        assert_eq!(Policy::read(&parse(known)).unwrap().min_length, 10);
    }

    #[test]
    fn every_violation_is_named_as_authgear_does() {
        let strict = Policy {
            min_length: 8,
            uppercase_required: true,
            lowercase_required: true,
            alphabet_required: true,
            digit_required: true,
            symbol_required: true,
            minimum_guessable_level: 0,
            excluded_keywords: vec!["acme", "KELVIN"],
        };
        for (password, violations) in [
            ("Abcdef1-", &[][..]),
            ("Abcde1-", &["PasswordTooShort"]),
            ("abcdef1-", &["PasswordUppercaseRequired"]),
            ("ABCDEF1-", &["PasswordLowercaseRequired"]),
            ("Abcdefg-", &["PasswordDigitRequired"]),
            ("Abcdefg1", &["PasswordSymbolRequired"]),
            ("Ábcdefg1", &["PasswordUppercaseRequired"]),
            ("xAcMe-12x", &["PasswordContainingExcludedKeywords"]),
            ("\u{212a}elvin-1Aa", &["PasswordContainingExcludedKeywords"]),
            ("1234567-", &["PasswordUppercaseRequired", "PasswordLowercaseRequired", "PasswordAlphabetRequired"]),
            (
                "",
                &[
                    "PasswordTooShort",
                    "PasswordUppercaseRequired",
                    "PasswordLowercaseRequired",
                    "PasswordAlphabetRequired",
                    "PasswordDigitRequired",
                    "PasswordSymbolRequired",
                ],
            ),
        ] {
            assert_eq!(strict.violations(password), violations, "{password}");
        }
        assert_eq!(Policy::default().violations(""), [""; 0]);
    }
}
