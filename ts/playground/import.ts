/** Reads a configuration back: out of a pasted file, whose object literal is parsed and never run, or out of JSON. */
import { type Expression, type PrivateIdentifier, parseExpressionAt } from "acorn";
import { leaveOut, mapValues, readReference } from "../config-json.ts";
import { parseJson, placeOf } from "../json-text.ts";
import { UNUSED } from "../paste-in.ts";
import { isObject, type JsonObject } from "./path.ts";

export type Imported = {
  config: JsonObject;
  /** The built-in texts that the file carries. */
  locales: string[];
  /** What did not come along. */
  notes: string[];
};

export function readConfiguration(text: string): Imported | { wrong: string } {
  const json = parseJson(text);
  if ("json" in json) return imported(json.json, []);
  const start = /(?<![^\n])const config(?:: Config)? = /.exec(text);
  if (!start && !text.trimStart().startsWith("{"))
    return { wrong: "there is neither a pasted file with its “const config”, nor JSON" };
  try {
    const at = start ? start.index + start[0].length : text.search(/\S/);
    return imported(literalAt(text, at), start ? carriedLocales(text) : []);
  } catch (error) {
    const { pos = 0, message } = error as Error & { pos?: number };
    const { line, column } = placeOf(text, pos);
    return { wrong: `line ${line}, column ${column}: ${message.replace(/ \(\d+:\d+\)$/, "")}` };
  }
}

function imported(value: unknown, locales: string[]): Imported | { wrong: string } {
  if (!isObject(value)) return { wrong: "the configuration must be an object, like { }" };
  const notes: string[] = [];
  const [own, leftOut] = leaveOut(value, UNUSED);
  notes.push(...leftOut.map((key) => `${key} was left out; the pasted file has no use for it`));
  const config = mapValues(own, (it, path) => {
    if (!readReference(it, path)) return it;
    notes.push(`${path} is kept elsewhere; fill it in`);
    return undefined;
  });
  return { config: config as JsonObject, locales, notes };
}

function carriedLocales(text: string): string[] {
  const line = /(?<![^\n])const texts = /.exec(text);
  const texts = line ? literalAt(text, line.index + line[0].length) : "{}";
  return Object.keys(JSON.parse(`${texts}`));
}

function literalAt(text: string, at: number): unknown {
  return read(parseExpressionAt(text, at, { ecmaVersion: 2022 }));
}

/** The value of a literal; nothing in it is looked up or called. */
function read(node: Expression | PrivateIdentifier): unknown {
  switch (node.type) {
    case "Literal":
      if (node.regex || node.bigint) break;
      return node.value;
    case "TemplateLiteral":
      if (node.expressions.length > 0) break;
      return node.quasis[0]?.value.cooked ?? "";
    case "UnaryExpression": {
      const value = read(node.argument);
      if (node.operator !== "-" || typeof value !== "number") break;
      return -value;
    }
    case "BinaryExpression": {
      const [left, right] = [read(node.left), read(node.right)];
      if (node.operator !== "+" || typeof left !== "string" || typeof right !== "string") break;
      return left + right;
    }
    case "Identifier":
      if (node.name !== "undefined") break;
      return undefined;
    case "ArrayExpression":
      return node.elements.map((it) => (it && it.type !== "SpreadElement" ? read(it) : refuse(it ?? node)));
    case "ObjectExpression":
      return Object.fromEntries(
        node.properties.map((it) => {
          if (it.type !== "Property" || it.kind !== "init" || it.method || it.shorthand) return refuse(it);
          const key = !it.computed && it.key.type === "Identifier" ? it.key.name : read(it.key);
          return [`${key}`, read(it.value)];
        }),
      );
  }
  return refuse(node);
}

function refuse({ start }: { start: number }): never {
  throw Object.assign(new Error("only plain values can be read here: texts, numbers, lists, objects"), { pos: start });
}
