/** `make soak`: SOAK_EVENTS events (100,000), half of them through each door, and docs/soak.md with what was counted. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { table } from "../bench/statistics.ts";
import { type Door, soak, type Tally } from "./soak.ts";

const events = Number(process.env.SOAK_EVENTS ?? 100_000);
const progress = (text: string) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);
const doors: Door[] = ["serve", "createHook"];
const dialects = { resend: "honours keys", sendgrid: "no keys" } as const;

const rows: string[][] = [
  [
    "",
    "events",
    "requests",
    "failed on purpose",
    "messages",
    "sent",
    "unknown",
    "not sent",
    "repeated under a key",
    "s",
  ],
];
for (const door of doors)
  for (const [dialect, what] of Object.entries(dialects)) {
    const tally = await soak(door, dialect as keyof typeof dialects, Math.ceil(events / 4), progress);
    rows.push([`${door}, ${what}`, ...columns(tally)]);
  }
progress("");

function columns({ events, requests, faults, messages, repeated, outcomes, seconds }: Tally): string[] {
  const { sent = 0, unknown = 0, not_sent = 0 } = outcomes;
  const numbers = [events, requests, faults, messages, sent, unknown, not_sent, repeated, Math.round(seconds)];
  return numbers.map((it) => it.toLocaleString("en"));
}

const page = `# A soak

Written by \`make soak\` on ${new Date().toISOString().slice(0, 10)}: ${events.toLocaleString("en")} events, each for another user. One request in five fails: busy (503), an error (500) before or
after the message is taken, a connection that breaks before or after that. No event was lost, which means that each has a
receipt; no user got two messages, as the provider's server counts them; no *sent* was without a message, no *not sent* with one.
Under a provider that honours no key *unknown* is what a 500 or a broken connection leaves: a dead letter, and never a second try.

${table(rows, true)}
`;
writeFileSync(fileURLToPath(new URL("../../docs/soak.md", import.meta.url)), page);
console.log(page);
