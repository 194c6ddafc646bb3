//! What is wrong in a configuration.

use crate::clean::is_one_of;
use crate::json::{after, append, byte, starts_at};
#[cfg(feature = "schema")]
use crate::json::{decimal, join};

/// Problems, each with its path, what is wrong, and what would be right. No value is repeated, since it may be a secret.
#[derive(Default)]
pub struct Problems {
    #[cfg(feature = "schema")]
    path: String,
    /// `path: what; remedy`
    pub list: Vec<String>,
}

impl Problems {
    /// Notes a problem at a path below the current one.
    pub fn note(&mut self, steps: &[&str], what: &str) {
        let mut problem = String::new();
        #[cfg(feature = "schema")]
        problem.push_str(&self.path);
        for name in steps {
            step(&mut problem, name);
        }
        if problem.is_empty() {
            problem.push_str("config");
        }
        append(&mut problem, &[": ", what]);
        self.list.push(problem);
    }

    /// Notes a problem at the current path.
    #[cfg(feature = "schema")]
    pub fn tell(&mut self, parts: &[&str]) {
        self.note(&[], &join(parts));
    }

    /// Does something one step deeper in the path.
    #[cfg(feature = "schema")]
    pub fn at(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        step(&mut self.path, name);
        check(self);
        self.path.truncate(length);
    }

    /// Does something for one item of a list.
    #[cfg(feature = "schema")]
    pub fn at_index(&mut self, index: usize, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('[');
        decimal(&mut self.path, index);
        self.path.push(']');
        check(self);
        self.path.truncate(length);
    }
}

fn step(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// What [`is_origin`] asks for.
pub const ORIGIN: &str =
    "must be https:// and a host (http:// only to this machine), with a port or not, without a path";

/// Whether this is a URL without path, query, fragment and user.
pub fn is_origin(text: &str) -> bool {
    // Two before the host, and perhaps one behind it.
    let mut slashes = 2 + usize::from(byte(text, text.len().wrapping_sub(1)) == b'/');
    for byte in text.as_bytes() {
        match byte {
            b'/' if slashes > 0 => slashes -= 1,
            b'/' | b'?' | b'#' | b'@' => return false,
            _ => {}
        }
    }
    slashes == 0 && is_url(text)
}

/// What [`is_secret`] asks for.
pub const SECRET: &str = "must have at least 32 characters; take random ones";

/// Whether this is long enough to be no word that somebody could guess.
pub fn is_secret(text: &str) -> bool {
    text.chars().count() >= 32
}

/// What [`is_url`] asks for.
pub const URL: &str = "must be a URL that starts with https:// (http:// only to this machine)";

/// Whether this is an `https` URL, or an `http` one to the machine itself.
pub fn is_url(text: &str) -> bool {
    for c in text.chars() {
        if c.is_control() || is_one_of(" \"<>\\`{}", c) {
            return false;
        }
    }
    // Behind a name and a password any host may stand.
    for byte in after(text, "https://".len()).bytes() {
        match byte {
            b'/' | b'?' | b'#' => break,
            b'@' => return false,
            _ => {}
        }
    }
    if starts_at(text, "https://", 0) {
        return !host_ends(text, "https://".len());
    }
    ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .iter()
        .any(|local| starts_at(text, local, 0) && host_ends(text, local.len()))
}

fn host_ends(url: &str, at: usize) -> bool {
    matches!(byte(url, at), 0 | b'/' | b'?' | b'#' | b':')
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for good in [
            "https://acme.example",
            "https://acme.example:8443/a?b#c",
            "http://localhost:1",
            "http://127.0.0.1:8025/",
            "http://[::1]:80/x",
            "https://acme.example/@ada?to=a@b.example#@",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "",
            "acme.example",
            "http://acme.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "https://",
            "https:///x",
            "ftp://acme.example",
            "javascript:alert(1)",
            "https://a b.example",
            "https://a.example/\"onclick",
            "http://localhost@evil.example",
            "http://localhost:80@evil.example/",
            "http://[::1]:1@evil.example",
            "https://user:password@acme.example",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_ends_with_its_host() {
        for good in
            ["https://acme.example", "https://acme.example/", "https://acme.example:8443", "http://localhost:1/"]
        {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "/",
            "https:/",
            "acme.example",
            "https:acme.example",
            "https:/acme.example/",
            "https://acme.example//",
            "https://acme.example/x",
            "https://acme.example?x",
            "https://acme.example#x",
            "https://ada@acme.example",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_counted_in_characters() {
        assert!(is_secret(&"é".repeat(32)));
        assert!(!is_secret(&"é".repeat(31)));
    }
}
