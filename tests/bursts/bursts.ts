/**
 * `make bursts`: what a burst loses, by policy and by what the provider does; docs/bursts.md and docs/bursts.svg. The model
 * is held against real processes first, and the run fails where they differ by more than machines do.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { quantile, table } from "../bench/statistics.ts";
import { deno1 } from "../deno/contract.ts";
import { chart } from "./chart.ts";
import { type Burst, type Hook, naive, ours, type Policy, type Provider, simulate, type Toll } from "./model.ts";
import * as real from "./real.ts";

const SEED = 1;
const DOC = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const progress = (text: string) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);
const numbers = ({ sent, told, unseen }: Toll) => `${sent} / ${told} / ${unseen}`;
const KEYED = 86_400;

// --- Against real processes --------------------------------------------------------------------------------------------

/** Times are a fifth, and so are the events; what the shim fixes (back-off, last chance) stays, in the model too. */
const SMALL = { events: 40, places: 4, limit: 12 };
const SMALL_POLICY: Policy = { budgetSeconds: 10, attemptSeconds: 2 };
/** Of all events, how many may end otherwise in reality than in the model. */
const TOLERANCE = 0.15;

const smallProviders: { [what: string]: Provider } = {
  "answers after 1 s": { latency: 1, outage: 0, silent: false, keySeconds: KEYED },
  "answers after 3 s": { latency: 3, outage: 0, silent: false, keySeconds: KEYED },
  "says 503 for 3 s": { latency: 0.1, outage: 3, silent: false, keySeconds: KEYED },
  "says 503 all the time": { latency: 0.1, outage: 60, silent: false, keySeconds: KEYED },
  "is silent for 5 s": { latency: 0.1, outage: 5, silent: true, keySeconds: KEYED },
  "is silent all the time": { latency: 0.1, outage: 60, silent: true, keySeconds: KEYED },
};

async function compare(): Promise<string> {
  const rows = [["The provider …", "naive: model", "naive: processes", "ours: model", "ours: processes"]];
  const far: string[] = [];
  for (const [what, provider] of Object.entries(smallProviders)) {
    const row = [what];
    for (const [name, source, model] of [
      ["naive", real.naive, naive(SMALL_POLICY, KEYED)],
      ["ours", real.ours, ours(SMALL_POLICY, KEYED)],
    ] as [string, real.Source, Hook][]) {
      progress(`${what}: ${name}, real processes`);
      const { startMs, ...seen } = await real.reality({ ...SMALL, provider }, source, SMALL_POLICY, deno1);
      // A machine's processes are as slow as they are: the model is told.
      const foretold = await simulate({ ...SMALL, provider, start: quantile(startMs, 0.5) / 1000 }, model, SEED);
      row.push(numbers(foretold), numbers(seen));
      const moved =
        (["sent", "told", "unseen"] as const).reduce((sum, it) => sum + Math.abs(seen[it] - foretold[it]), 0) / 2;
      if (moved > TOLERANCE * SMALL.events) far.push(`${what}, ${name}: ${numbers(foretold)} and ${numbers(seen)}`);
    }
    rows.push(row);
  }
  if (far.length > 0) throw new Error(`model and processes differ:\n${far.join("\n")}`);
  return table(rows, true);
}

// --- The burst ---------------------------------------------------------------------------------------------------------

const RUNNER: Omit<Burst, "events" | "provider"> = { places: 10, limit: 60, start: 0.1 };
const latencies = [0.1, 1, 3, 10, 30];
const outages = [10, 20, 30, 45, 60, 120];
type Scene = Omit<Provider, "keySeconds"> & { what: string };
const scenes: Scene[] = [
  ...latencies.map((latency) => ({ what: `answers after ${latency} s`, latency, outage: 0, silent: false })),
  ...outages.map((outage) => ({ what: `says 503 for ${outage} s`, latency: 0.3, outage, silent: false })),
  ...outages.map((outage) => ({ what: `is silent for ${outage} s`, latency: 0.3, outage, silent: true })),
];

const burst = (scene: Scene, events: number, keySeconds: number, hook: Hook, seed = SEED) =>
  simulate({ ...RUNNER, events, provider: { ...scene, keySeconds } }, hook, seed);

async function scenesTable(): Promise<string> {
  const rows = [["The provider …", "naive", "ours", "naive, with a key", "ours, with a key"]];
  const bars: { what: string; naive: Toll; ours: Toll }[] = [];
  for (const scene of scenes) {
    progress(`300 events: ${scene.what}`);
    const tolls: Toll[] = [];
    for (const keySeconds of [0, KEYED])
      for (const policy of [naive, ours]) tolls.push(await burst(scene, 300, keySeconds, policy({}, keySeconds)));
    rows.push([scene.what, ...tolls.map(numbers)]);
    const [, , naively, byUs] = tolls as [Toll, Toll, Toll, Toll];
    bars.push({ what: scene.what, naive: naively, ours: byUs });
  }
  writeFileSync(DOC("bursts.svg"), chart("300 accounts at once, a provider that honours keys", bars));
  return table(rows, true);
}

const policies: { [name: string]: Policy | undefined } = {
  naive: undefined,
  "as it is": {},
  ...Object.fromEntries(
    [20, 30, 40, 50].flatMap((budgetSeconds) =>
      [5, 10, 15].flatMap((attemptSeconds) =>
        [4, 12].map((attempts) => [
          `${budgetSeconds} s, ${attemptSeconds} s, ${attempts}`,
          { budgetSeconds, attemptSeconds, attempts },
        ]),
      ),
    ),
  ),
};

async function policiesTable(): Promise<string> {
  const sizes = [1, 30, 300];
  const rows = [["Budget, attempt, attempts", ...sizes.flatMap((n) => [`${n}`, `${n}, with a key`])]];
  for (const [name, policy] of Object.entries(policies)) {
    progress(`policies: ${name}`);
    const row = [name];
    for (const events of sizes)
      for (const keySeconds of [0, KEYED]) {
        const sum = { sent: 0, told: 0, unseen: 0 };
        // One event alone hangs on chance.
        for (const scene of scenes)
          for (const seed of events === 1 ? [1, 2, 3, 4, 5, 6, 7, 8] : [SEED]) {
            const hook = policy ? ours(policy, keySeconds) : naive({}, keySeconds);
            const toll = await burst(scene, events, keySeconds, hook, seed);
            for (const key of ["sent", "told", "unseen"] as const) sum[key] += toll[key];
          }
        const all = sum.sent + sum.told + sum.unseen;
        row.push(`${Math.round((100 * sum.sent) / all)} / ${((100 * sum.unseen) / all).toFixed(1)}`);
      }
    rows.push(row);
  }
  return table(rows, true);
}

const [compared, byScene, byPolicy] = [await compare(), await scenesTable(), await policiesTable()];
progress("");

writeFileSync(
  DOC("bursts.md"),
  `# What a burst loses

Written by \`make bursts\` on ${new Date().toISOString().slice(0, 10)}.

Authgear runs ten hooks at once and waits 60 seconds for each event, the wait for one of the ten places included. Of 300
accounts that are made at once some hooks never start when those before them dawdle, and nobody hears of it. Cells count
the new users who got a message / for whom there is only a dead letter / of whom nobody hears.

*Naive* is a hook that tries four times, 10 s each, waits 1, 2 and 4 s in between, and then hands on, whatever the time is.
*Ours* is [ts/run.ts](../ts/run.ts) with its defaults: 50 s counted from the event's own time, 10 s for an attempt, 12 attempts.

![](bursts.svg)

${byScene}

## What follows

- What ten places can do in a minute is the limit for everybody: of a provider that takes 3 s for an answer they ask two
  thirds of 300. No policy of a hook changes that; a webhook with an outbox does, since it only has to say that it has the event.
- When a provider refuses, a hook that looks at the event's age leaves nobody unseen; the naive one keeps its place past the
  end. When a provider is silent each attempt costs its time-out, and every policy leaves many unseen; ours, whose late
  events get one short attempt, tells of more.
- The table below sums over all rows above, in per cent: got a message / of whom nobody hears. **Attempts** help most: a
  503 comes quickly, and 4 attempts are over after 4 s and bridge nothing. So the last sender has 12; those before it keep 4, since
  the next one may do better at once.
- **The budget** stays at 50 s: a smaller one leaves fewer unseen, but for each of them three others get no message.
- **An attempt** stays at 10 s. With 5 s fewer are unseen where no key is honoured, but what a provider takes 5 to 10 s for would be
  in doubt although it was sent.

${byPolicy}

## The model and real processes

The tables are a model's ([tests/bursts/model.ts](../tests/bursts/model.ts)): it runs the hook's own delivery in simulated time. Here it is
beside \`pkg/hook.ts\` in fresh Deno processes: ${SMALL.events} events, ${SMALL.places} places, ${SMALL.limit} s, a budget of ${SMALL_POLICY.budgetSeconds} s, attempts of ${SMALL_POLICY.attemptSeconds} s. The run fails when more than
${TOLERANCE * 100} % of the events end otherwise.

${compared}
`,
);
