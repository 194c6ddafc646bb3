//! Any template: what is checked prints, and no value gets out of its place.
#![no_main]

use arbitrary::Arbitrary;
use authgear_invite::arena::Arena;
use authgear_invite::template::{DOUBLE, Format, MAX_OUTPUT, Names, SINGLE, Template, VALUE_END, is_mark};
use authgear_invite_fuzz::{outline, read, stands_escaped};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    pieces: Vec<Piece<'a>>,
    format: u8,
    double: bool,
    strict: bool,
    value: &'a str,
}

#[derive(Arbitrary, Debug)]
enum Piece<'a> {
    Known(u8),
    Text(&'a str),
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{name}",
    "{{name}}",
    "{nmae}",
    "{#name}",
    "{/name}",
    "{^name}",
    "{#list}",
    "{.}",
    "{/list}",
    "{{#list}}",
    "{{.}}",
    "{{/list}}",
    "{&logo}",
    "{&name}",
    "{! !}",
    "{=<% %>=}",
    "<%name%>",
    "<%={ }=%>",
    "{=",
    "=}",
    "{custom.a}",
    "{url}",
    "{>x}",
    "\n",
    "\r\n",
    " ",
    "\t",
    "<",
    ">",
    "\"",
    "'",
    "/",
    "=",
    "<p ",
    "<a href=\"",
    "<title>",
    "</title>",
    "</title",
    "<style>",
    "</style>",
    "</style",
    "<script>",
    "</script>",
    "</script",
    "<!--",
    "-->",
    "<!",
    "<?",
    "</",
    "<textarea>",
    "</textarea>",
    "name",
    "a",
    "é",
    "漢",
    "\u{e000}",
    "\0",
];

const FORMATS: [Format; 5] = [Format::Text, Format::Marked, Format::Html, Format::Json, Format::Form];
const NAMES: &[&str] = &["name", "list", "list.*", "custom.*", "url", "logo"];

/// No template holds it.
const MARKER: &str = "zqzqzq";
const HOSTILE: &str = "x\"'><b c=d>--></title></style></script><!-- &amp; {name} {{name}} ";

fuzz_target!(|input: Input| {
    let source: String = input.pieces.iter().map(Piece::text).collect();
    let template = Template {
        source: &source,
        delimiters: if input.double { DOUBLE } else { SINGLE },
        format: FORMATS[usize::from(input.format) % FORMATS.len()],
        names: Some(Names { strict: input.strict, known: NAMES, trusted: &["logo"] }),
    };
    let arena = Arena::default();
    let print = |template: &Template, value: &str| {
        let custom = json!({ "a": value });
        let values =
            json!({ "name": value, "list": [value, value], "custom": custom, "url": "https://a.example", "logo": "" });
        template.render(&read(&values.to_string(), &arena).unwrap()).map_err(|error| error.describe())
    };
    let free = Template { names: None, ..template };
    let errors: Vec<String> = template.check().iter().map(|error| error.describe()).collect();
    let printed = print(&template, input.value);
    match (&printed, errors.first()) {
        (Err(error), None) => assert!(error.ends_with("prints more than 256 KiB"), "{error}"),
        (Ok(text), _) => assert!(text.len() <= MAX_OUTPUT + input.value.len() * 6 + source.len()),
        _ => {}
    }
    if template.format != Format::Html {
        // Without names only the structure can be wrong, and printing stumbles over the same.
        let first = free.check().first().map(|error| error.describe());
        assert_eq!(print(&free, input.value).err(), first);
    }
    if !errors.is_empty() {
        return;
    }
    match template.format {
        Format::Html if !source.contains(MARKER) && !is_odd(&source) => {
            let Ok(tame) = print(&template, MARKER) else { return };
            assert!(stands_escaped(&tame, MARKER), "{tame}");
            for hostile in [HOSTILE, input.value] {
                // Whether a text is empty decides on sections.
                if let (Ok(html), false) = (print(&template, hostile), hostile.is_empty()) {
                    assert_eq!(outline(&html), outline(&tame), "{html}\n{tame}");
                }
            }
        }
        Format::Marked => {
            // Marks come in pairs, whatever the template and the value say.
            let mut open = false;
            for mark in printed.unwrap_or_default().chars().filter(|c| is_mark(*c)) {
                assert_eq!(mark == VALUE_END, open);
                open = !open;
            }
            assert!(!open);
        }
        _ => {}
    }
});

/// What no mail program reads as HTML's tokenizer does, and the templates' check does not follow: elements of raw text that
/// have been obsolete for decades, comments that end in `--!>`, and comments inside of scripts.
fn is_odd(source: &str) -> bool {
    let source = source.to_ascii_lowercase();
    let raw = ["<xmp", "<iframe", "<noembed", "<noframes", "<noscript", "<plaintext", "--!>"];
    raw.iter().any(|odd| source.contains(odd)) || source.contains("<script") && source.contains("<!--")
}

impl<'a> Piece<'a> {
    fn text(&self) -> &'a str {
        match self {
            Piece::Known(at) => PIECES[usize::from(*at) % PIECES.len()],
            Piece::Text(text) => text,
        }
    }
}
