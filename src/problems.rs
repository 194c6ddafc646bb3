//! What is wrong in a configuration.

use crate::json::{append, decimal};

/// Problems, each with its path, what is wrong, and what would be right. No value is repeated, since it may be a secret.
#[derive(Default)]
pub struct Problems {
    path: String,
    /// `path: what; remedy`
    pub list: Vec<String>,
}

impl Problems {
    /// Notes a problem at a path below the current one.
    pub fn note(&mut self, steps: &[&str], parts: &[&str]) {
        let length = self.path.len();
        for step in steps {
            self.step(step);
        }
        let mut problem = String::new();
        append(&mut problem, &[if self.path.is_empty() { "config" } else { &self.path }, ": "]);
        append(&mut problem, parts);
        self.list.push(problem);
        self.path.truncate(length);
    }

    fn step(&mut self, step: &str) {
        if !self.path.is_empty() && !step.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(step);
    }

    /// Does something one step deeper in the path.
    pub fn at(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.step(step);
        check(self);
        self.path.truncate(length);
    }

    /// Does something for one item of a list.
    pub fn at_index(&mut self, list: &str, index: usize, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.step(list);
        self.path.push('[');
        decimal(&mut self.path, index);
        self.path.push(']');
        check(self);
        self.path.truncate(length);
    }
}

/// Whether this is an `https` URL, or an `http` one to the machine itself.
pub fn is_url(text: &str) -> bool {
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return false,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = if authority.starts_with('[') {
        authority.split_inclusive(']').next().unwrap_or("")
    } else {
        authority.split(':').next().unwrap_or("")
    };
    let graphic =
        text.chars().all(|c| c > ' ' && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\' | '`' | '{' | '}'));
    graphic && !host.is_empty() && (secure || matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
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
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }
}
