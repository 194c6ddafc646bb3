/**
 * `make bench-growth`: how a decision's time grows with what it is given, in one warm process of Node: an event's
 * identities, the configuration's rules and locales, and the length of a template. What is decided is asserted, how long it
 * takes never.
 */
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import type { Config } from "../../ts/config.ts";
import { createSoundEngine, type Engine } from "../../ts/engine.ts";
import { BUILT_IN } from "../../ts/locales.ts";
import { created, loginId } from "../../ts/samples.ts";
import { logLog, type Series } from "./plot.ts";
import { progress, Report } from "./report.ts";
import { quantile, shuffled } from "./statistics.ts";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "15" }, write: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);
assert.ok(Number.isInteger(rounds) && rounds > 0, "--rounds takes a whole number from 1");
/** A sample takes at least so long. */
const SAMPLE_MS = 10;

const BASE: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "re_bench_key", from: "Acme <no-reply@acme.example>" }],
};
const GUIDE = created("event-bench");

type Trial = { config: Config; event: unknown };
type Kind = { name: string; sizes: number[]; trial: (size: number) => Trial };

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const KINDS: Kind[] = [
  {
    name: "identities",
    sizes: [1, 10, 100, 1_000, 10_000],
    trial(size) {
      const others = times(size - 1, (i) => loginId("username", `user${i}`));
      const identities = [...others, loginId("email", "newuser@newuser.example")];
      return { config: BASE, event: created("event-bench", { identities }) };
    },
  },
  {
    name: "rules",
    sizes: [1, 4, 16, 64],
    trial(size) {
      const others = times(size - 1, (i) => ({ on: "user.created", when: { roles: [`role${i}`] } }));
      return { config: { ...BASE, rules: [...others, { on: "user.created" }] }, event: GUIDE };
    },
  },
  {
    name: "locales",
    sizes: [1, 5, 25, 50],
    trial(size) {
      // Tags for private use: x-aa, x-ab …
      const tags = times(size - 1, (i) => `en-x-l${i}`);
      const texts = { subject: "Hello", text: "Hello {name}, visit {url}" };
      const invite = Object.fromEntries([...tags, "en"].map((tag) => [tag, texts]));
      return { config: { ...BASE, messages: { invite } }, event: GUIDE };
    },
  },
  {
    name: "bytes of a template",
    sizes: [1_000, 10_000, 100_000, 1_000_000],
    trial(size) {
      // It is read to its end, and prints a sixteenth: a message may have 256 KiB.
      const unit =
        "{^valid_from}word {/valid_from}{#valid_from}another word that is read and not printed here {/valid_from}";
      const text = `${unit.repeat(Math.ceil(size / unit.length))}{url}`;
      return { config: { ...BASE, messages: { invite: { en: { text } } } }, event: GUIDE };
    },
  },
];

const builtIn = { en: BUILT_IN.en };

/** Microseconds for one decision, by the median of the rounds. */
function measure(all: { engine: Engine; event: unknown; taken: number[] }[]): number[] {
  for (let round = -1; round <= rounds; round++) {
    progress(`round ${Math.max(round, 0)} of ${rounds}`);
    for (const it of shuffled(all)) {
      let calls = 0;
      const start = performance.now();
      for (; calls === 0 || performance.now() - start < SAMPLE_MS; calls++) it.engine.decide(it.event);
      if (round > 0) it.taken.push(((performance.now() - start) / calls) * 1000);
    }
  }
  progress("");
  return all.map(({ taken }) => quantile(taken, 0.5));
}

const report = new Report("growth", "How a decision grows", "make bench-growth");
report.say(
  "One decision in a warm process, the median in µs. A slope of 1 is growth in proportion: ten times as much takes ten " +
    "times as long. It is taken between the two largest sizes, where what is always there weighs least.",
);
const series: Series[] = [];
for (const { name, sizes, trial } of KINDS) {
  const all = sizes.map((size) => {
    const { config, event } = trial(size);
    const engine = createSoundEngine(config, builtIn);
    assert.equal(engine.decide(event).type, "send", `${size} ${name}`);
    return { engine, event, taken: [] };
  });
  const taken = measure(all);
  for (const { engine } of all) engine.free();
  const points = sizes.map((size, i): [number, number] => [size, taken[i] ?? 0]);
  const [[x1, y1] = [1, 1], [x2, y2] = [1, 1]] = points.slice(-2);
  const slope = Math.log(y2 / y1) / Math.log(x2 / x1);
  report.table(name, [
    ["", ...sizes.map((size) => size.toLocaleString("en")), "slope"],
    ["µs", ...taken.map((us) => us.toFixed(us < 100 ? 1 : 0)), slope.toFixed(2)],
  ]);
  series.push({ name, points });
}
const plain = (value: number) => value.toLocaleString("en");
report.figure(
  "growth",
  "One decision's time over the number of identities, rules and locales, and over the length of a template",
  logLog({ label: "how many", format: plain }, { label: "µs for one decision", format: plain }, series),
);
if (options.write) report.write();
