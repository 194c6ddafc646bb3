/**
 * Templates against mustache.js, JSON against V8.
 *
 * Left out is where mustache.js parts from Mustache's specification or we part from it, and nothing else:
 * - it takes a line of nothing but several tags for standalone; the specification asks for one tag;
 * - it looks a dotted name up further outside where its first step leads nowhere; the specification stops there;
 * - `.` in a section of `true` is what surrounds it; here it is `true`;
 * - it prints lists and objects as JavaScript has them as text; here they print nothing;
 * - partials and functions; a lone carriage return, and white space beyond ASCII's, around a standalone tag.
 *
 * HTML's escaping is given to it: of its own eight characters we escape five, and put `<bdi>` around values.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import Mustache from "mustache";
import type { Config } from "../../ts/config.ts";
import { createEngine } from "../../ts/engine.ts";
import { renderTemplate } from "../../ts/index.ts";
import { builtIn } from "./core.ts";

type Tags = [open: string, close: string];

const text = fc.string({ unit: "grapheme", maxLength: 12 });
/** Text of a template: nothing that could open or close a tag. */
const literal = text.map((it) => it.replace(/[{}<>%\s]/gu, "x"));

const SCALARS = ["name", "zero", "yes", "no", "nothing", "o.deep", "o.nowhere", "unknown"];
const SECTIONS = [...SCALARS, "list", "people", "empty", "o"];

const values = fc.record({
  name: text,
  zero: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  yes: fc.constant(true),
  no: fc.constant(false),
  nothing: fc.constant(null),
  o: fc.record({ deep: fc.oneof(text, fc.integer()) }),
  list: fc.array(fc.oneof(text, fc.integer()), { maxLength: 3 }),
  people: fc.array(fc.record({ name: text }), { maxLength: 3 }),
  empty: fc.constant([]),
});

/** A part of a template, given the delimiters. */
type Part = (tags: Tags) => string;
const join = (parts: Part[]) => (tags: Tags) => parts.map((part) => part(tags)).join("");
const tag =
  (content: string): Part =>
  ([open, close]: Tags) =>
    open + content + close;
const space = fc.constantFrom("", " ", "\t", "  ");
const lineEnd = fc.constantFrom("\n", "\r\n");

const { inline, lines } = fc.letrec<{ inline: Part; lines: Part }>((tie) => ({
  /** Within a line, on which something else stands. */
  inline: fc.oneof(
    { maxDepth: 4, depthIdentifier: "nesting" },
    literal.map(
      (it): Part =>
        () =>
          it,
    ),
    fc
      .tuple(space, fc.constantFrom("", "&"), fc.constantFrom(...SCALARS))
      .map(([s, raw, name]) => tag(raw + s + name + s)),
    literal.map((it) => tag(`! ${it}`)),
    fc
      .tuple(fc.constantFrom("#", "^"), fc.constantFrom(...SECTIONS), fc.array(tie("inline"), { maxLength: 3 }))
      .map(([sigil, name, inner]) => join([tag(sigil + name), ...inner, () => "x", tag(`/${name}`)])),
    fc
      .tuple(fc.constantFrom("list", "name"), literal)
      .map(([name, it]) => join([tag(`#${name}`), () => it, tag("."), () => "x", tag(`/${name}`)])),
  ),
  /** Whole lines. */
  lines: fc.oneof(
    { maxDepth: 4, depthIdentifier: "nesting" },
    fc
      .tuple(space, fc.array(tie("inline"), { maxLength: 4 }), lineEnd)
      .map(([indent, parts, end]) => join([() => `${indent}x`, ...parts, () => `x${end}`])),
    fc
      .tuple(
        space,
        space,
        lineEnd,
        fc.constantFrom("#", "^"),
        fc.constantFrom(...SECTIONS),
        fc.array(tie("lines"), { maxLength: 3 }),
      )
      .map(([before, behind, end, sigil, name, inner]) => {
        const alone = (content: string) => join([() => before, tag(content), () => behind + end]);
        return join([alone(sigil + name), ...inner, alone(`/${name}`)]);
      }),
    fc.tuple(space, literal, lineEnd).map(([indent, it, end]) => join([() => indent, tag(`!${it}`), () => end])),
  ),
}));

const template = fc
  .array(
    fc.oneof(
      lines,
      lines,
      inline.map((it) => join([it, () => "x\n"])),
    ),
    { maxLength: 5 },
  )
  .map(join);

const FIVE: { [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeFive = (value: unknown) => String(value).replace(/[&<>"']/g, (c) => FIVE[c] ?? "");

/** What both print, in both of our delimiters and in some of the template's own. */
function compare(parts: Part, view: object) {
  const own: Tags = ["<%", "%>"];
  const switched = `x\n{{=<% %>=}}\n${parts(own)}x<%={{ }}=%>x`;
  for (const [source, delimiters, tags] of [
    [parts(["{{", "}}"]), "{{ }}", ["{{", "}}"]],
    [parts(["{", "}"]), "{ }", ["{", "}"]],
    [switched, "{{ }}", ["{{", "}}"]],
  ] as const) {
    const expected = Mustache.render(source, view, {}, { tags: [...tags], escape: String });
    assert.equal(renderTemplate(source, { ...view }, { delimiters, strict: false }), expected, source);
  }
  // Unescaped values are the configuration's alone in HTML.
  const source = parts(["{{", "}}"]).replaceAll("{{&", "{{");
  const html = renderTemplate(source, { ...view }, { delimiters: "{{ }}", html: true, strict: false });
  const expected = Mustache.render(source, view, {}, { escape: escapeFive });
  assert.equal(html.replace(/<\/?bdi>/g, ""), expected, source);
}

test("templates print what mustache.js prints", () => {
  fc.assert(fc.property(template, values, compare), { numRuns: 2_000, includeErrorInReport: true });
});

test("the differences are those that are told, and still there", () => {
  const differ = (source: string, view: { [name: string]: unknown }, theirs: string, ours: string) => {
    assert.equal(Mustache.render(source, view, {}, { escape: String }), theirs, source);
    assert.equal(renderTemplate(source, view, { delimiters: "{{ }}", strict: false }), ours, source);
  };
  differ("{{#a}} {{/a}}\nx", { a: true }, "x", " \nx");
  differ("{{#a}}{{b.c}}{{/a}}", { a: { b: {} }, b: { c: "outer" } }, "outer", "");
  differ("{{#a}}{{.}}{{/a}}", { a: true }, "[object Object]", "true");
  differ("{{a}} {{b}}", { a: [1, 2], b: {} }, "1,2 [object Object]", " ");
});

const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "key-5521", from: "no-reply@acme.example" }],
  webhook: { secrets: ["s"] },
};
const engine = createEngine(config, builtIn("en") as Parameters<typeof createEngine>[1]);
const encoder = new TextEncoder();

/** Reads JSON text as the body of a webhook and returns the id that the core wrote of it. */
function idOf(json: string): unknown {
  const body = encoder.encode(json);
  const received = engine.receive(body, createHmac("sha256", "s").update(body).digest("hex"));
  assert.ok(!("refused" in received), json);
  return received.id;
}

/** Every code point but lone surrogates, many of them such as JSON escapes; as long as an id may be. */
const anyText = fc
  .array(
    fc.oneof(fc.string({ unit: "binary", maxLength: 4 }), fc.constantFrom(...'\0\b\t\n\f\r\u001f\u007f"\\/\u2028💌')),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(""))
  .filter((it) => it !== "" && encoder.encode(it).length <= 256);

test("JSON.stringify's text is read as the value, and JSON.parse reads what the core writes of it", () => {
  const escapeAll = (it: string) =>
    `"${it.replace(/[\s\S]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
  fc.assert(
    fc.property(anyText, (it) => {
      for (const json of [JSON.stringify(it), escapeAll(it), escapeAll(it).toUpperCase().replaceAll("\\U", "\\u")]) {
        assert.equal(idOf(`{"type":"a","id":${json}}`), it, json);
      }
      assert.equal(renderTemplate("{&it}", { it }, {}), it);
    }),
    { numRuns: 2_000 },
  );
});

test("what JSON.parse refuses is no event", () => {
  const event = '{"type":"user.created","id":"e1","n":[-1.5e+3,true,null,"\\u00e9"]}';
  fc.assert(
    fc.property(
      fc.nat(event.length),
      fc.nat(6),
      fc.constantFrom("", "0", ".", "e", "-", '"', "\\", ",", "]", "}", "\0", "\u00a0", " "),
      (at, taken, put) => {
        const json = event.slice(0, at) + put + event.slice(at + taken);
        const body = encoder.encode(json);
        const received = engine.receive(body, createHmac("sha256", "s").update(body).digest("hex"));
        let parsed: { type?: unknown } | undefined;
        try {
          parsed = JSON.parse(json);
        } catch {}
        assert.equal(!("refused" in received), typeof parsed?.type === "string" && parsed.type !== "", json);
      },
    ),
    { numRuns: 4_000 },
  );
});
