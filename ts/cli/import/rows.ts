/** Rows out of CSV (RFC 4180) or JSON Lines, one after another. */
import { pipeline, type Readable } from "node:stream";
import { parse } from "csv-parse";
import { UsageError } from "../command.ts";
import { visibleLine } from "../terminal.ts";
import { type Column, clean, type Fields, fieldOf, ofPlaceholder, problemsOf, type Row } from "./fields.ts";
import type { Source } from "./source.ts";

export type Format = {
  format: "csv" | "jsonl";
  delimiter: string;
  /** Columns by header, where the header is not the field's name. */
  map: Map<string, Column>;
  /** What else may be a column. */
  placeholders: string[];
  /** What is wrong with the name of a message. */
  messageProblem: (name: string) => string | undefined;
};

/** What the columns are. */
export type Columns = { known: Set<Column>; unknown: Set<string> };

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

async function* readCsv(source: Source, format: Format, columns: Columns) {
  const { delimiter } = format;
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_BYTES,
  });
  let header: (Column | undefined)[] | undefined;
  let line = 1;
  let [number, emptyLines] = [0, 0];
  try {
    for await (const { record, info } of pipeline(source.read(), parser, () => {}) as AsyncIterable<Parsed>) {
      line += info.empty_lines - emptyLines;
      emptyLines = info.empty_lines;
      if (header) yield toRow(++number, line, record, header, format);
      else header = readHeader(record, format, columns, source.name);
      // The parser counts both halves of a CRLF in a value.
      line += 1 + record.reduce((sum, value) => sum + (value.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    }
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${source.name}: line ${line}: ${BROKEN[code] ?? `cannot be read (${code})`}`);
  }
  if (!header) throw new UsageError(`${source.name}: is empty; its first line must name the columns`);
}

function columnOf(header: string, { map, placeholders }: Format): Column | undefined {
  const name = header.trim();
  return map.get(name) ?? fieldOf(name) ?? (placeholders.includes(name) ? ofPlaceholder(name) : undefined);
}

function readHeader(record: string[], format: Format, columns: Columns, name: string) {
  const { delimiter, map } = format;
  const header = record.map((it) => columnOf(it, format));
  for (const header of map.keys())
    if (!record.some((it) => it.trim() === header))
      throw new UsageError(`--map: ${name} has no column ${visibleLine(JSON.stringify(header))}`);
  const twice = header.find((it, i) => it && header.indexOf(it) < i);
  if (twice) throw new UsageError(`${name}: line 1: more than one column is the ${twice}; rename one, or see --map`);
  if (!header.some((it) => it === "email" || it === "phone" || it === "username")) {
    const other = [";", "\t", ","].find((it) => it !== delimiter && record.some((text) => text.includes(it)));
    const hint = other ? `try --delimiter ${other === "\t" ? "tab" : `"${other}"`}` : "or say which it is by --map";
    throw new UsageError(`${name}: line 1: must name a column email, phone or username; ${hint}`);
  }
  for (const [i, column] of header.entries()) {
    if (column) columns.known.add(column);
    // Where a header is lacking after all, this would be somebody's address.
    else columns.unknown.add(/@|\d{5}/.test(record[i] ?? "") ? `column ${i + 1}` : (record[i] ?? ""));
  }
  return header;
}

function toRow(number: number, line: number, record: string[], header: (Column | undefined)[], format: Format): Row {
  const fields: Fields = {};
  for (const [i, column] of header.entries()) if (column) fields[column] = clean(column, record[i] ?? "");
  const width = record.length === header.length ? [] : [`has ${record.length} values, and the header ${header.length}`];
  return { number, line, fields, problems: [...width, ...problemsOf(fields, format.messageProblem)] };
}

// --- JSON Lines ------------------------------------------------------------------------------------------------------------

async function* readJsonLines(source: Source, format: Format, columns: Columns) {
  let number = 0;
  for await (const [line, text] of linesOf(source.read(), source.name)) {
    if (text.trim() === "") continue;
    number += 1;
    yield { number, line, ...readObject(text, format, columns) };
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

function readObject(text: string, format: Format, columns: Columns): Pick<Row, "fields" | "problems"> {
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
    const column = columnOf(key, format);
    if (!column) {
      if (columns.unknown.size < MOST_UNKNOWN) columns.unknown.add(key);
      continue;
    }
    columns.known.add(column);
    if (fields[column] !== undefined) problems.push(`${column}: stands there twice`);
    else if (typeof value === "string") fields[column] = clean(column, value);
    else if (value !== null) problems.push(`${column}: must be text, in quotes`);
  }
  return { fields, problems: [...problems, ...problemsOf(fields, format.messageProblem)] };
}
