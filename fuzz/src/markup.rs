//! HTML as a browser's tokenizer reads it, for what a value must not change.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// The tags with the names of their attributes, comments and doctypes: everything but what a reader sees.
pub fn outline(html: &str) -> Vec<String> {
    tokens(html)
        .filter_map(|token| match token {
            Token::StartTag(tag) => {
                let names: Vec<_> = tag.attributes.keys().map(|name| text(name)).collect();
                Some(format!("<{} {}>", text(&tag.name), names.join(" ")))
            }
            Token::EndTag(tag) => Some(format!("</{}>", text(&tag.name))),
            Token::Comment(_) => Some("<!---->".to_owned()),
            Token::Doctype(_) => Some("<!>".to_owned()),
            _ => None,
        })
        .collect()
}

/// Whether a marker stands nowhere but in text and in attributes' values: not in a name, a comment, a script or a style.
pub fn stands_escaped(html: &str, marker: &str) -> bool {
    let mut raw = false;
    tokens(html).all(|token| match token {
        Token::StartTag(tag) => {
            let name = text(&tag.name);
            raw = matches!(name.as_str(), "script" | "style");
            !name.contains(marker) && !tag.attributes.keys().any(|name| text(name).contains(marker))
        }
        Token::EndTag(tag) => {
            raw = false;
            !text(&tag.name).contains(marker)
        }
        Token::String(string) => !(raw && text(&string).contains(marker)),
        Token::Comment(comment) => !text(&comment).contains(marker),
        Token::Doctype(doctype) => !text(&doctype.name).contains(marker),
        Token::Error(_) => true,
    })
}

fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::default();
    // A title, a script and what else is no markup inside.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).map(|Ok(token)| token)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
