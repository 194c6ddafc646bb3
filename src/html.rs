//! HTML: escaping, and the layout that is made from a text.

use crate::locale::direction;
use crate::template::{LINK, VALUE, VALUE_END, is_mark};

/// Appends text with the five characters escaped that matter in HTML text and quoted attributes.
pub fn escape(out: &mut String, text: &str) {
    text.chars().for_each(|c| escape_char(out, c));
}

fn escape_char(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
}

// Tables and attributes are for Outlook, which has Word's renderer; `color-scheme` and the media query for dark mode.
const HEAD: [&str; 3] = [
    "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
     <meta name=\"supported-color-schemes\" content=\"light dark\"><title>",
    "</title><style>@media(prefers-color-scheme:dark){.o{background:#111!important}.i{background:#1d1d1f!important}\
     .i p{color:#eee!important}.i p a{color:#9cf!important}}</style><body class=\"o\" style=\"margin:0;background:#f3f4f6\">\
     <table role=\"presentation\" class=\"o\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" bgcolor=\"#f3f4f6\"><tr><td align=\"center\" style=\"padding:24px 12px\">\
     <table role=\"presentation\" class=\"i\" width=\"560\" cellpadding=\"0\" cellspacing=\"0\" bgcolor=\"#ffffff\" \
     style=\"width:100%;max-width:560px;background:#fff;border-radius:8px\"><tr><td style=\"padding:32px\">",
    "</td></tr></table></td></tr></table></body></html>",
];
const PARAGRAPH: &str = "<p style=\"margin:0 0 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif;color:#1f2328;overflow-wrap:anywhere\">";
const BUTTON: [&str; 3] = [
    "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:8px 0 16px\"><tr><td bgcolor=\"#0b57d0\" \
     style=\"border-radius:6px;padding:12px 24px\"><a href=\"",
    "\" style=\"font:bold 16px/1.2 -apple-system,'Segoe UI',Roboto,Arial,sans-serif;color:#ffffff;text-decoration:none\">",
    "</a></td></tr></table>",
];

/// The document for a marked text (see [`crate::template::Template::render_marked`]): a paragraph for each block, a
/// button for a block that is nothing but the link, every value isolated in its direction.
pub fn document(marked: &str, subject: &str, button: &str, locale: &str) -> String {
    let [after_dir, after_title, end] = HEAD;
    let mut out = ["<!doctype html><html lang=\"", locale, "\" dir=\"", direction(locale), after_dir].concat();
    escape(&mut out, subject);
    out.push_str(after_title);
    for block in marked.split("\n\n").filter(|block| !block.is_empty()) {
        let link = block.strip_prefix(LINK).and_then(|link| link.strip_suffix(VALUE_END));
        if let Some(link) = link.filter(|link| !link.contains(is_mark)) {
            let [open, label, close] = BUTTON;
            out.push_str(open);
            escape(&mut out, link);
            out.push_str(label);
            escape(&mut out, button);
            out.push_str(close);
        }
        out.push_str(PARAGRAPH);
        inline(&mut out, block);
        out.push_str("</p>");
    }
    out.push_str(end);
    out
}

/// A marked text without its marks.
pub fn unmark(marked: &str) -> String {
    marked.chars().filter(|c| !is_mark(*c)).collect()
}

fn inline(out: &mut String, block: &str) {
    let mut close = "";
    let mut rest = block.chars();
    while let Some(c) = rest.next() {
        match c {
            '\n' => out.push_str("<br>"),
            VALUE => {
                out.push_str("<bdi>");
                close = "</bdi>";
            }
            LINK => {
                let link = rest.as_str().split(VALUE_END).next().unwrap_or("");
                out.push_str("<a href=\"");
                escape(out, link);
                out.push_str("\" style=\"color:#0b57d0\">");
                close = "</a>";
            }
            VALUE_END => out.push_str(close),
            c => escape_char(out, c),
        }
    }
}
