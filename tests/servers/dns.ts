/** A DNS server on loopback that knows TXT and MX records, or says nothing. */
import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

const TYPES: { [type: number]: "MX" | "TXT" } = { 15: "MX", 16: "TXT" };
const NXDOMAIN = 3;

export type Records = { [name: string]: { TXT?: string[]; MX?: string[] } };

export type DnsServer = { address: string; asked: string[]; close: () => void };

/** `null`: it never answers. A name that it does not know does not exist. */
export async function startDns(records: Records | null): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (query, from) => {
    const { name, type, end } = question(query);
    asked.push(`${TYPES[type]} ${name}`);
    if (!records) return;
    const known = records[name.toLowerCase()];
    const answers = (known?.[TYPES[type] ?? "TXT"] ?? []).map((it) =>
      record(type, TYPES[type] === "MX" ? Buffer.concat([Buffer.from([0, 10]), encode(it)]) : pieces(it)),
    );
    const head = Buffer.from(query.subarray(0, 12));
    // An answer, recursion is there; one question, these answers, nothing more.
    head.writeUInt16BE(0x8180 | (known ? 0 : NXDOMAIN), 2);
    head.writeUInt16BE(answers.length, 6);
    head.fill(0, 8, 12);
    socket.send(Buffer.concat([head, query.subarray(12, end), ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(socket.address() as AddressInfo).port}`, asked, close: () => socket.close() };
}

function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("ascii", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A record for the name in the question: type, class IN, a minute to live. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** A text in pieces of at most 255 bytes. */
function pieces(text: string): Buffer {
  const parts = text.match(/.{1,255}/gs) ?? [""];
  return Buffer.concat(parts.map((it) => Buffer.from([it.length, ...Buffer.from(it)])));
}

const encode = (name: string) =>
  Buffer.concat([...name.split(".").map((it) => Buffer.from([it.length, ...Buffer.from(it)])), Buffer.from([0])]);
