/** Rows out of CSV (RFC 4180) or JSON Lines, one after another. */
import { pipeline, type Readable } from "node:stream";
import { parse } from "csv-parse";
import { UsageError } from "../command.ts";
import { visibleLine } from "../terminal.ts";
import { clean, FIELDS, type Field, type Fields, fieldOf, problemsOf, type Row } from "./fields.ts";
import type { Source } from "./source.ts";

export type Format = {
  format: "csv" | "jsonl";
  delimiter: string;
  /** Fields by header, where the header is not the field's name. */
  map: Map<string, Field>;
};

/** What the columns are. */
export type Columns = { known: Set<Field>; unknown: Set<string> };

/** No row is longer, so that a quote that is never closed takes no memory. */
const ROW_BYTES = 1024 * 1024;
/** As many unknown columns are told. */
const MOST_UNKNOWN = 20;

export const newColumns = (): Columns => ({ known: new Set(), unknown: new Set() });

/**
 * The rows; `columns` gets to know what there is.
 *
 * @throws {UsageError} What comes next cannot be read.
 */
export function readRows(source: Source, format: Format, columns: Columns): AsyncGenerator<Row, void, undefined> {
  return format.format === "csv" ? readCsv(source, format, columns) : readJsonLines(source, format, columns);
}

// --- CSV -----------------------------------------------------------------------------------------------------------------

const BROKEN: { [code: string]: string } = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and never closed",
  CSV_INVALID_CLOSING_QUOTE: 'behind a closing quote there is more; a quote within quotes is ""',
  INVALID_OPENING_QUOTE: 'there is a quote in the midst of a value; it must be quoted as a whole, and this quote be ""',
  CSV_MAX_RECORD_SIZE: "a row is longer than 1 MiB; a quote may be opened and never closed",
};

type Parsed = { record: string[]; info: { empty_lines: number } };

async function* readCsv(source: Source, { delimiter, map }: Format, columns: Columns) {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_BYTES,
  });
  let fields: (Field | undefined)[] | undefined;
  let line = 1;
  let [number, emptyLines] = [0, 0];
  try {
    for await (const { record, info } of pipeline(source.read(), parser, () => {}) as AsyncIterable<Parsed>) {
      line += info.empty_lines - emptyLines;
      emptyLines = info.empty_lines;
      if (fields) yield toRow(++number, line, record, fields);
      else fields = readHeader(record, delimiter, map, columns, source.name);
      // The parser counts both halves of a CRLF in a value.
      line += 1 + record.reduce((sum, value) => sum + (value.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    }
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${source.name}: line ${line}: ${BROKEN[code] ?? `cannot be read (${code})`}`);
  }
  if (!fields) throw new UsageError(`${source.name}: is empty; its first line must name the columns`);
}

function readHeader(record: string[], delimiter: string, map: Map<string, Field>, columns: Columns, name: string) {
  const fields = record.map((header) => map.get(header.trim()) ?? fieldOf(header));
  for (const header of map.keys())
    if (!record.some((it) => it.trim() === header))
      throw new UsageError(`--map: ${name} has no column ${visibleLine(JSON.stringify(header))}`);
  for (const field of FIELDS)
    if (fields.filter((it) => it === field).length > 1)
      throw new UsageError(`${name}: line 1: more than one column is the ${field}; rename one, or see --map`);
  if (!fields.some((it) => it === "email" || it === "phone" || it === "username")) {
    const other = [";", "\t", ","].find((it) => it !== delimiter && record.some((text) => text.includes(it)));
    const hint = other ? `try --delimiter ${other === "\t" ? "tab" : `"${other}"`}` : "or say which it is by --map";
    throw new UsageError(`${name}: line 1: must name a column email, phone or username; ${hint}`);
  }
  for (const [i, field] of fields.entries()) {
    if (field) columns.known.add(field);
    // Where a header is lacking after all, this would be somebody's address.
    else columns.unknown.add(/@|\d{5}/.test(record[i] ?? "") ? `column ${i + 1}` : (record[i] ?? ""));
  }
  return fields;
}

function toRow(number: number, line: number, record: string[], columns: (Field | undefined)[]): Row {
  const fields: Fields = {};
  for (const [i, field] of columns.entries()) if (field) fields[field] = clean(field, record[i] ?? "");
  const width =
    record.length === columns.length ? [] : [`has ${record.length} values, and the header ${columns.length}`];
  return { number, line, fields, problems: [...width, ...problemsOf(fields)] };
}

// --- JSON Lines ------------------------------------------------------------------------------------------------------------

async function* readJsonLines(source: Source, { map }: Format, columns: Columns) {
  let number = 0;
  for await (const [line, text] of linesOf(source.read(), source.name)) {
    if (text.trim() === "") continue;
    number += 1;
    yield { number, line, ...readObject(text, map, columns) };
  }
  if (number === 0) throw new UsageError(`${source.name}: is empty`);
}

async function* linesOf(input: Readable, name: string): AsyncGenerator<[line: number, text: string], void, undefined> {
  const decoder = new TextDecoder();
  let [line, rest] = [0, ""];
  for await (const chunk of input) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield [++line, text];
    if (rest.length > ROW_BYTES) throw new UsageError(`${name}: line ${line + 1}: is longer than 1 MiB`);
  }
  rest += decoder.decode();
  if (rest) yield [line + 1, rest];
}

function readObject(text: string, map: Map<string, Field>, columns: Columns): Pick<Row, "fields" | "problems"> {
  const fields: Fields = {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { fields, problems: ["is no JSON"] };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { fields, problems: ['must be an object, as {"email": "new@user.example"}'] };
  const problems: string[] = [];
  for (const [key, value] of Object.entries(json)) {
    const field = map.get(key) ?? fieldOf(key);
    if (!field) {
      if (columns.unknown.size < MOST_UNKNOWN) columns.unknown.add(key);
    } else if (fields[field] !== undefined) problems.push(`${field}: stands there twice`);
    else if (typeof value === "string") fields[field] = clean(field, value);
    else if (value !== null) problems.push(`${field}: must be text, in quotes`);
    if (field) columns.known.add(field);
  }
  return { fields, problems: [...problems, ...problemsOf(fields)] };
}
