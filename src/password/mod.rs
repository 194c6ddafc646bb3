//! Passwords that satisfy Authgear's policy by the way they are made: all passwords that do are counted, a number below
//! that count is drawn, and its password is returned. No draw is better than another, and none is tried again because a
//! policy does not like it.

mod natural;
mod policy;
mod space;
mod words;

pub use policy::Policy;

use crate::json::Json;
use crate::problems::Problems;
use crate::schema::{OPTIONS, Shape};
use natural::Natural;
use space::Space;
use words::Passphrases;
use zeroize::Zeroizing;

/// 24 characters of 64 are 144 bits.
const DEFAULT_LENGTH: usize = 24;

/// What is longer is refused: nobody can use it, and counting takes its time.
const MAX_LENGTH: usize = 128;

/// With a guessable level no password is shorter: below, an even draw may be one that zxcvbn takes for guessable.
const GUESSABLE_LENGTH: usize = 20;

/// So many characters of keywords can be kept out.
const MAX_KEYWORDS: usize = 1000;

const LETTERS_AND_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Characters that are taken for one another.
const LOOK_ALIKES: &str = "0Oo1Il|2Zz5Ss8B";

/// Symbols that a shell, a URL, a mail program and Markdown leave alone, and that a double click selects with the rest.
const SAFE_SYMBOLS: &str = "-_";

/// The symbols that Authgear itself takes.
const ALL_SYMBOLS: &str = "-~!@#$%^&*_+=`|(){}[:;\"'<>,.?]";

/// How a password is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options<'o> {
    /// How many characters. Default 24, or what the policy asks for.
    pub length: Option<usize>,
    /// How many words, in place of characters.
    pub words: Option<usize>,
    /// `safe`, which is the default, `all`, or the symbols themselves.
    pub symbols: &'o str,
    /// Leaves out characters that are taken for one another.
    pub no_look_alikes: bool,
}

impl<'o> Options<'o> {
    /// Reads options.
    ///
    /// # Errors
    /// Everything that is wrong, each with its path.
    pub fn read(json: &Json<'o>) -> Result<Self, Vec<String>> {
        let mut problems = Problems::default();
        problems.check(json, &Shape::Record(OPTIONS));
        let count = |name| Some(json.get(name).integer() as usize).filter(|count| *count > 0);
        let options = Options {
            length: count("length"),
            words: count("words"),
            symbols: json.text("symbols"),
            no_look_alikes: json.get("noLookAlikes").is_true(),
        };
        if !options.symbols().bytes().all(|it| it.is_ascii_graphic() && !it.is_ascii_alphanumeric()) {
            problems.note(&["symbols"], "must be safe, all, or ASCII symbols");
        }
        if options.length.is_some() && options.words.is_some() {
            problems.note(&["words"], "goes without length");
        }
        if problems.list.is_empty() { Ok(options) } else { Err(problems.list) }
    }

    fn symbols(&self) -> &'o str {
        match self.symbols {
            "" | "safe" => SAFE_SYMBOLS,
            "all" => ALL_SYMBOLS,
            own => own,
        }
    }

    /// The characters to draw from, each once.
    fn alphabet(&self) -> Vec<u8> {
        let own = |byte: &u8| LETTERS_AND_DIGITS.bytes().chain(self.symbols().bytes()).any(|it| it == *byte);
        let clear = |byte: &u8| !self.no_look_alikes || !LOOK_ALIKES.bytes().any(|it| it == *byte);
        (b'!'..=b'~').filter(own).filter(clear).collect()
    }
}

/// Makes passwords for one policy.
pub struct Generator {
    source: Source,
    /// The binary logarithm of the number of passwords that each is drawn from.
    pub entropy_bits: f64,
}

enum Source {
    Characters(Space, Natural),
    Words(Passphrases),
}

impl Generator {
    /// Counts the passwords that satisfy policy and options.
    ///
    /// # Errors
    /// There is none, or what was asked for is out of bounds; what to change.
    pub fn new(policy: &Policy, options: &Options) -> Result<Self, String> {
        if policy.excluded_keywords.iter().map(|keyword| keyword.chars().count()).sum::<usize>() > MAX_KEYWORDS {
            return Err(format!("excluded_keywords: must be at most {MAX_KEYWORDS} characters together"));
        }
        let (source, entropy_bits) = match options.words {
            Some(words) => {
                let passphrases = Passphrases::new(policy, words)?;
                let bits = passphrases.entropy_bits();
                (Source::Words(passphrases), bits)
            }
            None => {
                let space = Space::new(&options.alphabet(), length(policy, options)?, policy);
                let size = space.size();
                if size.is_zero() {
                    return Err("the policy excludes every password of this length and these symbols".to_owned());
                }
                let bits = size.log2();
                (Source::Characters(space, size), bits)
            }
        };
        Ok(Generator { source, entropy_bits })
    }

    /// Makes a password with the system's generator; it is wiped when it is dropped.
    ///
    /// # Errors
    /// The system's generator failed. There is no weaker source to fall back on.
    pub fn generate(&self) -> Result<Zeroizing<String>, getrandom::Error> {
        self.generate_with(&mut getrandom::fill)
    }

    /// The same with random bytes from elsewhere.
    ///
    /// # Errors
    /// Those of the source.
    pub fn generate_with<E>(&self, fill: &mut dyn FnMut(&mut [u8]) -> Result<(), E>) -> Result<Zeroizing<String>, E> {
        match &self.source {
            Source::Characters(space, size) => Ok(space.password(size.draw_below(fill)?)),
            Source::Words(passphrases) => passphrases.draw(fill),
        }
    }
}

fn length(policy: &Policy, options: &Options) -> Result<usize, String> {
    let least = match policy.minimum_guessable_level {
        0 => policy.min_length.max(1),
        _ => policy.min_length.max(GUESSABLE_LENGTH),
    };
    match options.length.unwrap_or(least.max(DEFAULT_LENGTH)) {
        length if length < least => Err(format!("length: must be at least {least}, as the policy asks")),
        length if length > MAX_LENGTH => Err(format!("length: must be at most {MAX_LENGTH}")),
        length => Ok(length),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::json::parse_for_tests as parse;

    #[test]
    fn options_are_read_or_told() {
        let read = |text| Options::read(&parse(text));
        assert_eq!(read("{}").unwrap(), Options::default());
        assert_eq!(
            read(r#"{"length":30,"symbols":"!#","noLookAlikes":true}"#).unwrap(),
            Options { length: Some(30), words: None, symbols: "!#", no_look_alikes: true }
        );
        assert_eq!(read(r#"{"words":6,"symbols":"all"}"#).unwrap().words, Some(6));
        for (text, told) in [
            (r#"{"symbols":"!a"}"#, "symbols: must be safe, all, or ASCII symbols"),
            (r#"{"symbols":"! "}"#, "symbols: must be safe, all, or ASCII symbols"),
            (r#"{"symbols":"é"}"#, "symbols: must be safe, all, or ASCII symbols"),
            (r#"{"length":30,"words":6}"#, "words: goes without length"),
        ] {
            assert_eq!(read(text).unwrap_err(), [told], "{text}");
        }
    }
}
