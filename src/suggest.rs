//! "Did you mean …?"

use crate::json::starts_at;

/// The candidate closest to `word`, when it is close enough to be what was meant, or begins with it.
pub fn suggest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let mut nearest = word.len() / 3 + 2;
    let mut meant = None;
    for &candidate in candidates {
        let mut distance = distance(word.as_bytes(), candidate.as_bytes());
        if starts_at(candidate, word, 0) {
            distance = distance.min(2);
        }
        if distance < nearest {
            nearest = distance;
            meant = Some(candidate);
        }
    }
    meant
}

/// The bytes of a word beyond which it is not worth comparing; every key is shorter.
const MAX_WORD: usize = 64;

/// Levenshtein's distance in bytes.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len() > MAX_WORD || b.len() > MAX_WORD {
        return usize::MAX;
    }
    // One row of the usual matrix, without its first column; `left` is the cell before the one at hand.
    let mut row: [usize; MAX_WORD] = std::array::from_fn(|j| j + 1);
    let mut left = b.len();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        left = i + 1;
        for (y, cell) in b.iter().zip(&mut row) {
            left = (diagonal + usize::from(x != y)).min(left.min(*cell) + 1);
            diagonal = *cell;
            *cell = left;
        }
    }
    left
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_the_misspelt_word() {
        let known = ["service_name", "url", "email_address"];
        let find = |word| suggest(word, &known);
        assert_eq!(find("servce_name"), Some("service_name"));
        assert_eq!(find("uri"), Some("url"));
        assert_eq!(find("emailAddress"), Some("email_address"));
        assert_eq!(find("colour"), None);
        assert_eq!(find("email"), Some("email_address"));
        // Two letters are no beginning.
        assert_eq!(find("em"), None);
    }

    #[test]
    fn compares_words_up_to_a_length() {
        let [longest, longer] = [MAX_WORD, MAX_WORD + 1].map(|length| format!("{length}{}", "a".repeat(length - 2)));
        let same = longest.get(1..).unwrap();
        assert_eq!(suggest(&longest, &[same]), Some(same));
        assert_eq!(suggest(same, &[&longest]), Some(&*longest));
        assert_eq!(suggest(&longer, &[&longest]), None);
        assert_eq!(suggest(&longest, &[&longer]), None);
    }

    proptest! {
        #[test]
        fn is_a_distance(a in "[abc]{0,8}", b in "[abc]{0,8}", c in "[abc]{0,8}") {
            let d = |x: &str, y: &str| distance(x.as_bytes(), y.as_bytes());
            prop_assert_eq!(d(&a, &b), d(&b, &a));
            prop_assert_eq!(d(&a, &b) == 0, a == b);
            prop_assert!(d(&a, &c) <= d(&a, &b) + d(&b, &c));
        }
    }
}
