use super::*;
use crate::json::parse_for_tests as json;
use proptest::prelude::*;

const KNOWN: &[&str] = &["service_name", "url", "name", "email_address", "custom.*", "logo"];
const NAMES: Names = Names { strict: true, known: KNOWN, trusted: &["logo"] };
const FORMATS: [Format; 5] = [Format::Text, Format::Marked, Format::Html, Format::Json, Format::Form];

fn template(source: &str, format: Format) -> Template<'_> {
    Template { source, delimiters: SINGLE, format, names: None }
}

/// A template of the configuration: it knows its names.
fn own(source: &str, format: Format) -> Template<'_> {
    Template { names: Some(NAMES), ..template(source, format) }
}

fn print(source: &str, values: &str) -> String {
    template(source, Format::Text).render(&json(values)).unwrap()
}

fn print_double(source: &str, values: &str) -> String {
    Template { delimiters: DOUBLE, ..template(source, Format::Text) }.render(&json(values)).unwrap()
}

fn describe(errors: &[Error]) -> Vec<String> {
    errors.iter().map(Error::describe).collect()
}

/// What `check` finds; `render` must find the first of it when it is about the structure.
#[track_caller]
fn broken(source: &str, expected: &str) {
    assert_eq!(describe(&template(source, Format::Text).check()), [expected], "{source}");
    assert_eq!(template(source, Format::Text).render(&Json::Null).unwrap_err().describe(), expected, "{source}");
}

#[track_caller]
fn broken_double(source: &str, expected: &str) {
    let template = Template { delimiters: DOUBLE, ..template(source, Format::Text) };
    assert_eq!(describe(&template.check()), [expected], "{source}");
}

#[track_caller]
fn wrong(source: &str, format: Format, expected: &[&str]) {
    assert_eq!(describe(&own(source, format).check()), expected, "{source}");
}

#[track_caller]
fn fine(source: &str, format: Format) {
    wrong(source, format, &[]);
}

#[test]
fn prints_values() {
    let values = r#"{"a":"A","n":12.50,"t":true,"f":false,"z":null,"o":{"b":{"c":"C"}},"l":["x","y"]}"#;
    for (source, expected) in [
        ("", ""),
        ("text", "text"),
        ("{a}", "A"),
        ("{ a }|{\ta\n}", "A|A"),
        ("{!a}|{! a }|{!l}", "||"),
        ("{n} {t} {f}", "12.50 true false"),
        ("<{z}{missing}{o}{l}>", "<>"),
        ("{o.b.c}{o.b.c.d}{a.b}", "C"),
        ("{&a}", "A"),
        ("{a}{! a comment with { and\nlines }{a}", "AA"),
        ("é{a}é", "éAé"),
    ] {
        assert_eq!(print(source, values), expected, "{source}");
    }
}

#[test]
fn sections_show_what_is_there() {
    let values = r#"{"t":true,"f":false,"z":null,"e":"","s":"s","zero":0,"zeros":-0.0e9,"one":0.01,"none":[],"o":{}}"#;
    for (name, there) in [
        ("t", true),
        ("f", false),
        ("z", false),
        ("missing", false),
        ("e", false),
        ("s", true),
        ("zero", false),
        ("zeros", false),
        ("one", true),
        ("none", false),
        ("o", true),
    ] {
        let source = format!("{{#{name}}}yes{{/{name}}}{{^{name}}}no{{/{name}}}");
        assert_eq!(print(&source, values), if there { "yes" } else { "no" }, "{name}");
    }
}

#[test]
fn sections_repeat_for_lists_and_nest() {
    let values =
        r#"{"sep":"-","rows":[{"n":1,"cells":["a","b"]},{"n":2,"cells":[]},{"n":3,"cells":["c"],"sep":null}]}"#;
    assert_eq!(
        print("{#rows}{n}{sep}{#cells}({.}{sep}){/cells}{^cells}none{/cells};{/rows}", values),
        "1-(a-)(b-);2-none;3(c);"
    );
    assert_eq!(print("{#l}{#.}{.}{/.};{/l}", r#"{"l":[[1,2],[3],[]]}"#), "12;3;;");
    assert_eq!(print("{#l}{^.}{.}|{/.}{/l}", r#"{"l":[false,0,"x"]}"#), "false|0|");
}

#[test]
fn dotted_names_stay_where_their_first_step_is_found() {
    let values = r#"{"a":{"b":"outer"},"s":{"a":{}},"l":[{"a":null}]}"#;
    assert_eq!(print("{a.b}{#s}[{a.b}]{/s}{#l}[{a.b}]{/l}", values), "outer[][]");
    assert_eq!(print("{#a.b}{.}{/a.b}{^s.a.x}none{/s.a.x}", values), "outernone");
}

#[test]
fn the_outer_values_stand_behind() {
    let (outer, values) = (json(r#"{"a":"outer","b":"outer"}"#), json(r#"{"a":"inner"}"#));
    let template = template("{a} {b} {c}", Format::Text);
    assert_eq!(template.render_over(&outer, &values).unwrap(), "inner outer ");
}

#[test]
fn a_tag_alone_on_its_line_takes_the_line_along() {
    for (source, expected) in [
        ("a\n{#t}\nb\n{/t}\nc", "a\nb\nc"),
        ("a\r\n  {#t}\t\r\nb\r\n{/t}\r\nc", "a\r\nb\r\nc"),
        ("{#t}\nb\n{/t}", "b\n"),
        ("  {#t}  \nb\n  {/t}  ", "b\n"),
        ("a\n{! comment }\nb", "a\nb"),
        ("a\n  {=<% %>=}\n<%t%>", "a\ntrue"),
        ("a\n{t}\nb", "a\ntrue\nb"),
        ("a {#t}\nb\n{/t} c", "a \nb\n c"),
        ("{#t}{/t}\nb", "\nb"),
        ("{^t}\nno\n{/t}\nb", "b"),
        ("x\n\n{#t}\n\ny\n\n{/t}\n\nz", "x\n\n\ny\n\n\nz"),
    ] {
        assert_eq!(print(source, r#"{"t":true}"#), expected, "{source:?}");
    }
}

#[test]
fn a_brace_that_opens_no_tag_is_text() {
    for text in [
        "p { color: red }",
        "@media(x){p{color:#fff}.a{margin:0 -1px}}",
        "a{b:c}{}{ }{.a}{a.}{a..b}{1}{-a}{a b}{a-b!}",
        r#"{"to":["x"],"n":{"m":1}}"#,
        "if (a) { return {b:1}; } else { f({}) }",
        "{> partial}",
        "} { a",
        "{a",
        "{#a",
        "{!a",
        "{=a",
        "{é}",
        "{{{",
        "{a{",
        "{\u{a0}a}",
        "{l.1}",
    ] {
        assert_eq!(print(text, r#"{"a":"A","b":"B"}"#), text);
    }
    assert_eq!(print("p{{a}:{b}}", r#"{"a":"color","b":"red"}"#), "p{color:red}");
}

#[test]
fn delimiters_switch_both_ways() {
    let values = r#"{"a":"A","l":[1,2]}"#;
    assert_eq!(print("{a}{={{ }}=}{{a}}{a}{{={ }=}}{a}", values), "AA{a}A");
    assert_eq!(print("{=<% %>=}<%a%>{a}<%={{ }}=%>{{a}}{{= { } =}}{a}", values), "A{a}AA");
    assert_eq!(print("{=| |=}|a|{a}", values), "A{a}");
    assert_eq!(print("{=<- ->=}<-a->", values), "A");
    assert_eq!(print("{#l}{.}{=<% %>=}<%.%>;<%/l%>", values), "11;22;");
    assert_eq!(print("{=<%   %>=}<%a%>", values), "A");
    assert_eq!(print_double("{a}{{a}}{{{a}}}{{&a}}{{={ }=}}{a}{{", values), "{a}AAAA{{");
    assert_eq!(print_double("{{! {x} }}{{#l}}{{.}}{{/l}}", values), "12");
}

#[test]
fn three_braces_print_raw() {
    let template = Template { delimiters: DOUBLE, ..template("{{a}} {{{a}}} {{&a}}", Format::Html) };
    assert_eq!(template.render(&json(r#"{"a":"<b>"}"#)).unwrap(), "&lt;b&gt; <b> <b>");
}

#[test]
fn a_broken_structure_is_told_with_its_place() {
    broken("é{#a}\n", "line 1, column 2: section a is never closed");
    broken("{#a}{#b}", "line 1, column 5: section b is never closed");
    broken("x\n y {/a}", "line 2, column 4: {/a} closes no section");
    broken("{#a}\n😀{/b}", "line 2, column 2: {/b} does not close the section that is open: a");
    broken("a\r\nb{{name}}", "line 2, column 2: these templates have single braces: write {name}, or set delimiters");
    broken("{{{a}}}", "line 1, column 2: these templates have single braces: write {name}, or set delimiters");
    for tag in ["{=a=}", "{==}", "{= a =}", "{=a b c=}"] {
        broken(tag, "line 1, column 1: new delimiters are two words between equals signs, like =<% %>=");
    }
    broken_double("a\n{{b", "line 2, column 1: a tag opens here and is never closed");
    broken_double("{{!b", "line 1, column 1: a tag opens here and is never closed");
    broken_double("{{{b}}", "line 1, column 1: a tag opens here and is never closed");
    broken_double("{{>b}}", "line 1, column 1: partials ({{> …}}) are not supported");
    broken_double("{{=<% %>}}", "line 1, column 1: new delimiters are two words between equals signs, like =<% %>=");
    for tag in ["{{}}", "{{a b}}", "{{#}}", "{{1}}", "{{a..b}}", "{{a.}}", "{{é}}", "{{ä{b}}"] {
        broken_double(tag, "line 1, column 1: a tag needs a name of letters, digits, _ and -, joined by dots");
    }
}

#[test]
fn unknown_names_are_told_all_at_once() {
    wrong(
        "{servce_name}\n  {colour}{#nmae}{/nmae}",
        Format::Text,
        &[
            "line 1, column 1: unknown placeholder {servce_name}; did you mean {service_name}?",
            "line 2, column 3: unknown placeholder {colour}",
            "line 2, column 11: unknown placeholder {nmae}; did you mean {name}?",
        ],
    );
    fine(
        "{service_name}{custom.any.thing}{#custom}{whatever}{#deeper}{x}{/deeper}{/custom}{#name}{.}{/name}",
        Format::Text,
    );
    wrong("{^custom.a}{whatever}{/custom.a}", Format::Text, &["line 1, column 12: unknown placeholder {whatever}"]);
    wrong("{custom_}", Format::Text, &["line 1, column 1: unknown placeholder {custom_}; did you mean {custom.*}?"]);
    assert_eq!(own(&"{colour}".repeat(100), Format::Text).check().len(), 20);
}

#[test]
fn names_that_need_not_be_known_print_nothing() {
    let template = Template { names: Some(Names { strict: false, ..NAMES }), ..own("<{colour}>", Format::Text) };
    assert_eq!(template.check(), []);
    assert_eq!(template.render(&json("{}")).unwrap(), "<>");
}

#[test]
fn a_section_that_prints_nothing_is_checked_too() {
    wrong(
        "{^name}{colour}{/name}{#name}{colour}{/name}",
        Format::Text,
        &["line 1, column 8: unknown placeholder {colour}", "line 1, column 30: unknown placeholder {colour}"],
    );
}

const UNSAFE: &str = "{name} stands where escaping does not protect; HTML text and quoted attributes are safe";

#[test]
fn values_stand_in_html_only_where_escaping_protects() {
    for source in [
        "{name}",
        "<p>{name}</p>",
        "<a href=\"{url}\" title='x {name}'>{name}</a>",
        "<A HREF=\"{url}\">",
        "<title>{name}</title>{name}",
        "<TITLE lang=\"a>b\">{name}</TITLE>{name}",
        "<style>p{color:red}</style>{name}",
        "<script>if (a < b) { f('</b>') }</script>{name}",
        "<!-- comment with <p> -->{name}",
        "<!--->{name}<!---->{name}<!-- -- --->{name}",
        "<!doctype html>{name}",
        "1 < 2, a <3 {name} < {name} <= {name} <> {name}",
        "<br/>{name}<x-style>{name}</x-style><titles>{name}",
        "<p title=\"<script>\">{name}",
        "<<b>{name}",
        "<td width=100 nowrap title = \"{name}\">{name}",
        "<!doctype html public \"a'b\">{name}<?xml a='?>{name}</>{name}</ a='>{name}",
        "<title></title >{name}<style></style\t>{name}<script></scripts></script/>{name}",
        "<textarea><p title=\"</textarea>{name}",
    ] {
        fine(source, Format::Html);
    }
    for source in [
        "<a href={name}>",
        "<a href= {name}>",
        "<{name}>",
        "<a{name}>",
        "<a {name}>",
        "</{name}>",
        "<!-- {name} -->",
        "<!-- a>b {name} -->",
        "<!-- -- >{name}",
        "<!--/>{name}",
        "<script></scripts>{name}",
        "<!{name}>",
        "<script>{name}</script>",
        "<SCRIPT src='x'>{name}</SCRIPT>",
        "<script/>{name}</script>",
        "<style>p{color:{name}}</style>",
        "<style\n>{name}",
        "<script></style>{name}",
        "<script><!-- </scrip{name}",
        "<<script>{name}",
        "<p title=\"x\"{name}>",
        "<p title=\"'\"{name}>",
        // A quote opens a value behind an equals sign alone: what stands here is a script to a browser.
        "<!don't><script>{name}</script>",
        "<?'><script>{name}</script>",
        "</'><script>{name}</script>",
        "<p'><script>{name}</script>",
        "<p a'><script>{name}</script>",
        "<p ='><script>{name}</script>",
        "<p a/='><script>{name}</script>",
        "<p a=b'><script>{name}</script>",
        "<p a=b='><script>{name}</script>",
        "<p a=bc=\"{name}\">",
        "<p a=b/='><script>{name}</script>",
        "<p a=\u{b}'><script>{name}</script>",
        "<p a=''='><script>{name}</script>",
        "<p a= ><script>{name}</script>",
        "<title></title ><script>{name}</script>",
        "<style></style ><script></style>{name}</script>",
        "<textarea><p title='</textarea><script>{name}'",
    ] {
        let column = source.find("{name}").unwrap() + 1;
        let line = source.get(..column).unwrap().matches('\n').count();
        let column = if line > 0 { column - source.find('\n').unwrap() - 1 } else { column };
        wrong(source, Format::Html, &[&format!("line {}, column {column}: {UNSAFE}", line + 1)]);
        assert!(own(source, Format::Html).render(&Json::Null).is_err(), "{source}");
        fine(source, Format::Text);
    }
}

#[test]
fn only_the_configurations_own_html_is_unescaped() {
    fine("<div>{&logo}</div>", Format::Html);
    fine("{&name}", Format::Text);
    wrong("<p>{&name}", Format::Html, &["line 1, column 4: {&name} would insert a user's value as HTML; write {name}"]);
    let printed = own("{&logo}{logo}", Format::Html).render(&json(r#"{"logo":"<img>"}"#));
    assert_eq!(printed.unwrap(), "<img><bdi>&lt;img&gt;</bdi>");
}

#[test]
fn within_a_section_a_users_value_may_have_the_name_of_one_of_ours() {
    let values = r#"{"logo":"<img>","url":"https://a.example","l":[{"logo":"<b>","url":"javascript:1"},{"x":1}]}"#;
    let print = |source, format| own(source, format).render(&json(values)).unwrap();
    assert_eq!(
        print("{#l}{&logo}{logo} {url};{/l}", Format::Html),
        "<bdi>&lt;b&gt;</bdi><bdi>&lt;b&gt;</bdi> <bdi>javascript:1</bdi>;<img><bdi>&lt;img&gt;</bdi> https://a.example;"
    );
    assert_eq!(
        print("{#l}{&logo}{url}{/l}", Format::Marked),
        "\u{e000}<b>\u{e002}\u{e000}javascript:1\u{e002}<img>\u{e001}https://a.example\u{e002}"
    );
    assert_eq!(template("{#l}{&logo}{/l}", Format::Html).render(&json(values)).unwrap(), "<b><img>");
}

#[test]
fn a_value_that_is_not_there_leaves_no_trace() {
    for format in FORMATS {
        assert_eq!(
            own("-{name}{url}{&logo}{name.x}-", format).render(&json(r#"{"name":"","url":null}"#)).unwrap(),
            "--"
        );
    }
}

#[test]
fn values_in_html_are_isolated_where_an_element_may_stand() {
    let values = json(r#"{"name":"<A> & \"B\"","url":"https://a.example/?b&c"}"#);
    let source = "<title>{name}</title><a href='{url}' title=\"{name}\">{url}</a> {name}";
    assert_eq!(
        own(source, Format::Html).render(&values).unwrap(),
        "<title>&lt;A&gt; &amp; &quot;B&quot;</title>\
         <a href='https://a.example/?b&amp;c' title=\"&lt;A&gt; &amp; &quot;B&quot;\">https://a.example/?b&amp;c</a> \
         <bdi>&lt;A&gt; &amp; &quot;B&quot;</bdi>"
    );
}

#[test]
fn marks_cannot_be_forged() {
    let values = json("{\"name\":\"a\u{e001}evil\u{e002}\",\"url\":\"u\u{e000}\",\"logo\":\"\u{e001}\"}");
    assert_eq!(
        own("\u{e001}x\u{e002} {name} {url}{&logo}", Format::Marked).render(&values).unwrap(),
        "x \u{e000}aevil\u{e002} \u{e001}u\u{e002}"
    );
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| "{#name}".repeat(depth) + &"{/name}".repeat(depth);
    fine(&nested(MAX_NESTING), Format::Text);
    wrong(
        &nested(MAX_NESTING + 1),
        Format::Text,
        &["line 1, column 225: sections nest too deep; 32 levels are allowed"],
    );
}

#[test]
fn work_is_bounded() {
    let lists = |depth: usize| "{#l}".repeat(depth) + &"{/l}".repeat(depth);
    let list = json(r#"{"l":[1,2,3,4,5,6,7,8,9,0]}"#);
    assert_eq!(template(&lists(4), Format::Text).render(&list).unwrap(), "");
    let told = "section l is run too often; 100,000 times are allowed";
    assert_eq!(template(&lists(12), Format::Text).render(&list).unwrap_err().what, told);
    let long = |items: usize| json(&format!(r#"{{"l":[{}0]}}"#, "0,".repeat(items - 1)));
    assert_eq!(template(&lists(1), Format::Text).render(&long(100_000)).unwrap(), "");
    assert_eq!(template(&lists(1), Format::Text).render(&long(100_001)).unwrap_err().what, told);
}

#[test]
fn output_is_bounded() {
    let list = json(&format!(r#"{{"l":[{}0],"big":"{}"}}"#, "1,".repeat(999), "x".repeat(1000)));
    let bomb = "{#l}{#l}{#l}{#l}{big}{/l}{/l}{/l}{/l}";
    let long = "x".repeat(MAX_OUTPUT + 1);
    for source in ["{#l}{big}{/l}", bomb, &long] {
        for format in FORMATS {
            assert_eq!(own(source, format).render(&list).unwrap_err().what, "prints more than 256 KiB");
        }
    }
    assert_eq!(own(long.get(1..).unwrap(), Format::Text).render(&list).unwrap().len(), 256 << 10);
    assert_eq!(template(&long, Format::Text).render(&list).unwrap().len(), long.len());
}

/// What takes the square of a quarter of a million bytes' time would not end here.
#[test]
fn time_grows_with_the_text_alone() {
    for piece in [
        "{",
        "}",
        "{{",
        "{!",
        "{=",
        "{#",
        "{a",
        "{ ",
        "{a.",
        "{a}",
        "{{a",
        "{!}",
        "{#a}{/a}",
        "{=| |=}|={ }=|",
        "<",
        "<a \"",
        "<!--",
        "<title>",
        "\n",
        " {!}",
        "{&a}{",
        "aé",
    ] {
        let source = piece.repeat(250_000 / piece.len());
        for format in FORMATS {
            let _ = template(&source, format).check();
        }
        let _ = own(&source, Format::Html).check();
        let _ = template(&source, Format::Text).render(&Json::Null);
        let _ = Template { delimiters: DOUBLE, ..template(&source, Format::Text) }.check();
    }
}

/// Reads `application/x-www-form-urlencoded` back.
fn decode(form: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = form.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            assert!(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), "{form}");
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn unescape(html: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    named.iter().fold(html.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

/// Pieces that make tags, sections, faults and HTML likely.
fn any_source() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "{{",
            "}}",
            "{{{",
            "}}}",
            "#",
            "^",
            "/",
            "&",
            "!",
            "=",
            ">",
            "a",
            "b.c",
            ".",
            " ",
            "\n",
            "\r\n",
            "{a}",
            "{#a}",
            "{/a}",
            "{^a}",
            "{#l}",
            "{.}",
            "{/l}",
            "{=<% %>=}",
            "<%a%>",
            "<%={ }=%>",
            "{={{ }}=}",
            "<",
            "\"",
            "'",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<title>",
            "\u{e000}",
            "\u{e001}",
            "\u{e002}",
            "é",
            "😀",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn never_panics(source in any_source(), value in ".*", double in any::<bool>()) {
        let text = serde_json::Value::from(value).to_string();
        let values = json(&format!(r#"{{"a":{text},"b":{{"c":{text}}},"l":[1,{text},{{"a":null}}]}}"#));
        for format in FORMATS {
            for names in [None, Some(NAMES), Some(Names { strict: false, ..NAMES })] {
                let delimiters = if double { DOUBLE } else { SINGLE };
                let template = Template { source: &source, delimiters, format, names };
                let errors = template.check();
                let printed = template.render(&values);
                // Whatever is wrong is found before anything is printed.
                if errors.is_empty() {
                    prop_assert!(printed.is_ok(), "{:?}", printed);
                }
                for error in errors {
                    let line = source.split('\n').nth(error.line - 1).unwrap();
                    prop_assert!(error.column <= line.chars().count() + 1);
                }
            }
        }
    }

    #[test]
    fn text_without_tags_is_printed_as_it_is(text in "[^{]*|([^{}]|\\{ ?[^{}a-zA-Z_.#^/&!= \t\r\n\x0c][^{}]*\\})*") {
        for format in FORMATS {
            if format != Format::Marked {
                prop_assert_eq!(template(&text, format).render(&Json::Null).unwrap(), text.clone());
            }
        }
    }

    #[test]
    fn escaped_values_read_back(value in any::<String>()) {
        let values = [("a", Json::String(&value))];
        let print = |source, format| template(source, format).render(&Json::Object(&values)).unwrap();
        prop_assert_eq!(print("{a}", Format::Text), value.clone());
        let read: String = serde_json::from_str(&print("\"{a}\"", Format::Json)).unwrap();
        prop_assert_eq!(read, value.clone());
        prop_assert_eq!(decode(&print("{a}", Format::Form)), value.clone());
        let html = print("{a}", Format::Html);
        prop_assert!(!html.contains(['<', '>', '"', '\'']));
        prop_assert_eq!(unescape(&html), value.clone());
        let marked = print("{a}", Format::Marked);
        let value = value.replace(is_mark, "");
        let expected = if value.is_empty() { value } else { format!("{VALUE}{value}{VALUE_END}") };
        prop_assert_eq!(marked, expected);
    }

    #[test]
    fn values_are_never_read_as_templates(value in any_source()) {
        let values = [("a", Json::String(&value))];
        prop_assert_eq!(template("{a}", Format::Text).render(&Json::Object(&values)).unwrap(), value);
    }
}

#[test]
fn a_section_leaves_the_place_in_html_as_it_finds_it() {
    let errors = |source| {
        let template = Template {
            source,
            delimiters: SINGLE,
            format: Format::Html,
            names: Some(Names { strict: false, ..NAMES }),
        };
        template.check().iter().map(Error::describe).collect::<Vec<_>>()
    };
    for sound in [
        "{#l}<b title='x'>{.}</b>{/l}",
        "<p {#a}title=\"{a}\"{/a}>",
        "{#l}<!-- x -->{/l}",
        "<i a='{#l}{.}{/l}'>",
        "<style>p{#a}.b <i < {/a}c{}</style>",
        "<title>{#a}b < c{/a}</title>",
        "<!-- {#a} b{/a}----{#a}-{/a}-->{a}",
        "<!doctype{#a} html{/a}>",
        "<!ab{#a}c{/a}>",
    ] {
        assert_eq!(errors(sound), [""; 0], "{sound}");
    }
    for broken in [
        "{#l}{.}<!--{/l}",
        "{#a}<b {/a}>",
        "{#a}<i title=\"{/a}{a}",
        "<i a='{#l}'{/l}>",
        "{^a}<style>{/a}",
        "<i a='{#l}' b=\"{/l}\">",
        "<style>{#l}</style><script>{/l}",
        "<title>{#l}</title><textarea>{/l}",
        "<{#a}x-{/a}script>",
        "<sc{#a}x><di{/a}ript>",
        "<title a=\"{#a}\"></title><style a=\"{/a}\">",
        "<script a=\"{#a}\"></script><b a=\"{/a}\">",
        "<script>{#a}</scr{/a}ipt>",
        "<style>a</{#a}x{/a}style>",
        "<!-- a-{#a}b{/a}-> c",
        "<!{#a}--{/a}",
    ] {
        let told = errors(broken);
        assert!(
            told.iter().any(|it| it.ends_with("must end in the same part of the HTML as it starts")),
            "{broken} {told:?}"
        );
    }
}
