//! HTML: escaping, and the layout that is made from a text.

use crate::json::{after, byte, find, join, skip, slice, starts_at};
use crate::locale::direction;
use crate::template::{LINK, VALUE, is_mark};

/// Appends text with the five characters escaped that matter in HTML text and quoted attributes.
pub fn escape(out: &mut String, text: &str) {
    let mut at = 0;
    loop {
        let from = at;
        at = skip(text, at, |byte| !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\''));
        out.push_str(slice(text, from, at));
        out.push_str(match byte(text, at) {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => return,
        });
        at += 1;
    }
}

// No colours but the button's: a client that is told of `color-scheme` has the right ones for light and for dark.
// Tables and their attributes are for Outlook, which has Word's renderer; the second `dir` is for Gmail, which drops the
// `html` element.
const LANG: &str = "<!doctype html><html lang=\"";
const DIR: &str = "\" dir=\"";
const TITLE: &str = "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
     <meta name=\"color-scheme\" content=\"light dark\"><title>";
const CARD: &str = "</title><table role=\"presentation\" align=\"center\" width=\"560\" cellpadding=\"28\" cellspacing=\"0\" \
     style=\"width:100%;max-width:560px;border:1px solid #999;border-radius:12px\" dir=\"";
const CELL: &str =
    "\"><tr><td style=\"font:16px/1.5 -apple-system,Segoe UI,Roboto,Arial,sans-serif;overflow-wrap:anywhere\">";
const BUTTON: &str = "<table role=\"presentation\" cellpadding=\"13\" cellspacing=\"0\"><tr><td bgcolor=\"#0b57d0\" style=\"border-radius:8px\">\
     <a style=\"font:bold 16px Arial,sans-serif;color:#fff;text-decoration:none\" href=\"";
const BUTTON_END: &str = "</a></td></tr></table>";
const END: &str = "</td></tr></table></html>";

/// [`LINK`] to search for.
const LINKS: &str = "\u{e001}";
/// [`VALUE_END`](crate::template::VALUE_END) to search for.
const VALUE_ENDS: &str = "\u{e002}";
/// The first byte of every mark.
const MARK_START: u8 = 0xee;

/// The document for a marked text (see [`crate::template::Format::Marked`]): a paragraph for each block, a button before
/// a block that is nothing but the link, every value isolated in its direction.
pub fn document(marked: &str, subject: &str, button: &str, locale: &str) -> String {
    let direction = direction(locale);
    let mut out = join(&[LANG, locale]);
    out.push_str(DIR);
    out.push_str(direction);
    out.push_str(TITLE);
    escape(&mut out, subject);
    out.push_str(CARD);
    out.push_str(direction);
    out.push_str(CELL);
    let mut at = 0;
    let mut in_value = false;
    while at < marked.len() {
        let end = find(marked, "\n\n", at);
        if end > at {
            paragraph(&mut out, slice(marked, at, end), button, &mut in_value);
        }
        at = end + 2;
    }
    out.push_str(END);
    out
}

/// `in_value` says whether a value of several paragraphs is open here.
fn paragraph(out: &mut String, block: &str, button: &str, in_value: &mut bool) {
    if starts_at(block, LINKS, 0) && find(block, VALUE_ENDS, 0) + VALUE_ENDS.len() == block.len() {
        out.push_str(BUTTON);
        escape(out, slice(block, LINKS.len(), block.len() - VALUE_ENDS.len()));
        out.push_str("\">");
        escape(out, button);
        out.push_str(BUTTON_END);
    }
    out.push_str("<p>");
    let mut close = "";
    if *in_value {
        out.push_str("<bdi>");
        close = "</bdi>";
    }
    let mut at = 0;
    loop {
        let from = at;
        at = next_mark(block, at, true);
        escape(out, slice(block, from, at));
        match after(block, at).chars().next() {
            Some('\n') => out.push_str("<br>"),
            Some(VALUE) => {
                out.push_str("<bdi>");
                close = "</bdi>";
            }
            Some(LINK) => {
                out.push_str("<a href=\"");
                let start = at + LINKS.len();
                escape(out, slice(block, start, find(block, VALUE_ENDS, start)));
                out.push_str("\">");
                close = "</a>";
            }
            #[cfg(feature = "npm")]
            Some(crate::template::CODE) => {
                out.push_str("<code dir=\"ltr\" style=\"font:20px monospace\">");
                close = "</code>";
            }
            Some(_) => {
                out.push_str(close);
                close = "";
            }
            None => break,
        }
        at += if byte(block, at) == b'\n' { 1 } else { LINKS.len() };
    }
    out.push_str(close);
    out.push_str("</p>");
    *in_value = !close.is_empty();
}

/// Appends a marked text without its marks.
pub fn unmark(out: &mut String, marked: &str) {
    let mut at = 0;
    while at < marked.len() {
        let end = next_mark(marked, at, false);
        out.push_str(slice(marked, at, end));
        at = end + LINKS.len();
    }
}

/// The place of the next mark, or line break where those count, or the end.
fn next_mark(text: &str, mut at: usize, lines: bool) -> usize {
    loop {
        at = skip(text, at, |byte| byte != MARK_START && !(lines && byte == b'\n'));
        let here = after(text, at).chars().next();
        if !here.is_some_and(|c| c != '\n' && !is_mark(c)) {
            return at;
        }
        at += 1;
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    const TEXT: &str = "Hello \u{e000}<Ada>\u{e002},\n\nan account & more.\nSee below.\n\n\u{e001}https://a.example/?a&b\u{e002}\n\nor \u{e001}https://a.example/\u{e002} here";

    #[test]
    fn makes_paragraphs_and_a_button() {
        let html = document(TEXT, "A & B", "Open <it>", "en");
        assert!(html.starts_with("<!doctype html><html lang=\"en\" dir=\"ltr\"><meta"), "{html}");
        assert!(html.contains("<title>A &amp; B</title>"), "{html}");
        let (_, body) = html.split_once("<p>").unwrap();
        let (before, button) = body.split_once("<table").unwrap();
        let (button, after) = button.split_once("</table>").unwrap();
        assert_eq!(before, "Hello <bdi>&lt;Ada&gt;</bdi>,</p><p>an account &amp; more.<br>See below.</p>");
        assert!(button.contains("href=\"https://a.example/?a&amp;b\">Open &lt;it&gt;</a>"), "{button}");
        assert_eq!(
            after,
            "<p><a href=\"https://a.example/?a&amp;b\">https://a.example/?a&amp;b</a></p>\
             <p>or <a href=\"https://a.example/\">https://a.example/</a> here</p></td></tr></table></html>"
        );
    }

    #[test]
    fn a_value_of_several_paragraphs_is_isolated_in_each() {
        let html = document("a \u{e000}b\n\nc\n\nd\u{e002} e\n\nf", "", "", "en");
        assert!(html.contains("<p>a <bdi>b</bdi></p><p><bdi>c</bdi></p><p><bdi>d</bdi> e</p><p>f</p>"), "{html}");
    }

    #[test]
    fn nothing_makes_an_empty_paragraph() {
        let html = document("\n\na\n\n\n\nb\n\n", "", "", "en");
        assert!(html.ends_with("<p>a</p><p>b</p></td></tr></table></html>"), "{html}");
    }

    #[cfg(feature = "npm")]
    #[test]
    fn a_password_can_be_told_from_the_text_around_it() {
        let html = document("a\n\n\u{e003}0<O>\u{e002}", "", "", "ar");
        let code = "<p><code dir=\"ltr\" style=\"font:20px monospace\">0&lt;O&gt;</code></p>";
        assert!(html.contains(code), "{html}");
    }

    #[test]
    fn a_link_among_others_is_no_button() {
        for text in [
            "\u{e001}u\u{e002}.",
            "\u{e001}u\u{e002}\u{e001}v\u{e002}",
            "\u{e000}u\u{e002}",
            " \u{e001}u\u{e002}",
            "\u{e001}u",
            "",
        ] {
            assert!(!document(text, "", "button", "en").contains("button"), "{text}");
        }
    }

    #[test]
    fn says_its_direction_where_each_client_looks() {
        assert_eq!(document("", "", "", "ar").matches("dir=\"rtl\"").count(), 2);
    }

    #[test]
    fn marks_can_be_taken_off() {
        let mut text = String::new();
        unmark(&mut text, TEXT.get(..28).unwrap());
        assert_eq!(text, "Hello <Ada>,\n\nan accou");
        text.clear();
        unmark(&mut text, "\u{e010}a\u{e000}b\u{e002}\u{e0ff}");
        assert_eq!(text, "\u{e010}ab\u{e0ff}", "a private-use character that is no mark");
    }
}
