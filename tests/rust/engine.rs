//! The template engine alone, as the specification wants it: double braces, HTML, and any name. The only place in these
//! tests that looks behind the JSON boundary.

use authgear_invite::arena::Arena;
use authgear_invite::json::Json;
use authgear_invite::template::{DOUBLE, Format, Template};

pub fn render(template: &str, data: &str) -> Result<String, String> {
    let arena = Arena::default();
    let data = Json::parse(data, &arena).ok_or("the data is no JSON")?;
    let template = Template { source: template, delimiters: DOUBLE, format: Format::Html, names: None };
    template.render(&data).map_err(|error| error.describe())
}
