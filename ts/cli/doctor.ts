/** `authgear-invite doctor`: what to run when nothing arrives. */
import { AdminApiError } from "../admin.ts";
import type { Config } from "../config.ts";
import { ConfigError } from "../engine.ts";
import { chooseLocales } from "../locales.ts";
import { loadSqlite } from "../outbox/sqlite.ts";
import { AUTHGEAR_LIMIT, pasteIn, spokenLocales, UNUSED } from "../paste-in.ts";
import { type LoadedAdmin, loadAdmin } from "./admin-config.ts";
import { findings as checkConfig } from "./check.ts";
import { CONFIG, type Command, EXIT, type Exit, print, UsageError, type Values } from "./command.ts";
import { inspectConfig } from "./config-file.ts";
import { domain, domainsOf } from "./doctor/domain.ts";
import { type Finding, type Level, limited, PATIENCE_MS } from "./doctor/finding.ts";
import { ask, clock, hostsOf, reach } from "./doctor/hosts.ts";
import { prettyLog } from "./log.ts";
import { readPart } from "./parts.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

export const doctor: Command = {
  summary: "Look for what keeps messages from arriving",
  options: {
    config: CONFIG,
    server: { value: "URL", help: "also ask this authgear-invite serve, as http://127.0.0.1:8080" },
    dns: { value: "ADDRESS", help: "ask this DNS server instead of the system's, as 9.9.9.9" },
    json: { help: "one JSON object: problems, warnings, findings" },
  },
  examples: [
    ["doctor", "Look at the configuration, the Admin API, the providers' hosts, the clock and the DNS"],
    ["doctor --server http://127.0.0.1:8080 --json", "The server too; for a program"],
  ],
  notes: `All is looked at at the same time, and it ends within 15 seconds also when nothing answers. No message is sent, and no key
leaves but for the Admin API's own token. What it cannot see: whether the hook is registered (Portal > Advanced > Hooks), and
whether a provider knows your domain and key (send --to yourself@… tells). Who was never told: reconcile.
Problems exit with 1, warnings do not.`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const { config: file = "", server, dns } = values;
  if (server !== undefined && !/^https?:\/\//.test(server)) throw new UsageError("--server: must be a URL");
  if (dns !== undefined && !/^[\da-fA-F.:[\]]+$/.test(dns))
    throw new UsageError("--dns: must be the address of a server");
  const { status } = prettyLog(process.stderr);
  status("looking …");
  const findings = await examine(file, server, dns);
  status("");
  const count = (level: Level) => findings.filter((it) => it.level === level).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  if (values.json) print(jsonLine({ problems, warnings, findings }));
  else {
    for (const finding of findings) print(line(finding));
    print(
      `${problems} ${problems === 1 ? "problem" : "problems"}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
    );
  }
  return problems > 0 ? EXIT.failed : EXIT.done;
}

const COLORS: { [level in Level]: number } = { ok: 32, warning: 33, problem: 31 };

function line({ check, level, seen, todo }: Finding): string {
  const color = process.stdout.isTTY && !process.env.NO_COLOR;
  const word = level.padEnd(7);
  const text = visibleLine(`${check}: ${seen}${todo ? `; ${todo}` : ""}`);
  return `${color ? `\x1b[${COLORS[level]}m${word}\x1b[0m` : word}  ${text}`;
}

async function examine(file: string, server: string | undefined, dns: string | undefined): Promise<Finding[]> {
  const { problems, warnings } = checkConfig(file);
  const config = soundConfig(file);
  const admin = blockOf(file);
  const hosts = [...(admin ? [{ whose: "admin API", origin: admin.origin }] : []), ...(config ? hostsOf(config) : [])];
  const reached = hosts.map(reach);
  const checks: Promise<Finding[]>[] = [
    limited("configuration", () => [
      ...problems.map((seen): Finding => ({ check: "configuration", level: "problem", seen })),
      ...warnings.map((seen): Finding => ({ check: "configuration", level: "warning", seen })),
      ...(problems.length === 0 ? [{ check: "configuration", level: "ok" as const, seen: `${file} can work` }] : []),
    ]),
    limited("node", async () => [await node()]),
    ...(config ? [limited("hook", () => [hookSize(config)])] : []),
    ...(admin ? [limited("admin API", async () => [await takesKey(admin)])] : []),
    ...reached.map((it, i) =>
      limited(`reach ${hosts[i]?.whose}`, async () => {
        const { aheadMs: _, ...finding } = await it;
        return [finding];
      }),
    ),
    ...(reached.length > 0
      ? [
          limited("clock", async () => [
            clock((await Promise.all(reached)).find((it) => it.aheadMs !== undefined)?.aheadMs),
          ]),
        ]
      : []),
    ...(config ? domainsOf(config).map((name) => limited(`dns ${name}`, () => domain(name, dns))) : []),
    ...(server ? [limited("server", () => serverHealth(server))] : []),
  ];
  return (await Promise.all(checks)).flat();
}

/** The configuration, where it can work. */
function soundConfig(file: string): Config | undefined {
  try {
    const { config, problems } = inspectConfig(file, { without: UNUSED });
    return problems.length === 0 ? config : undefined;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** The Admin API, where its block is there and right; check tells of one that is not. */
function blockOf(file: string): LoadedAdmin | undefined {
  try {
    return loadAdmin(file, { attempts: 1, attemptSeconds: PATIENCE_MS / 1000 });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

async function node(): Promise<Finding> {
  const { node: version } = process.versions;
  const check = "node";
  if (Number(version.split(".")[0]) < 20)
    return { check, level: "problem", seen: `Node.js ${version}`, todo: "use 20 or later" };
  const sqlite = await loadSqlite().then(
    () => "with SQLite for serve",
    () => "without SQLite, which only serve needs (22.13 or later, or npm install libsql)",
  );
  return { check, level: "ok", seen: `Node.js ${version}, ${sqlite}` };
}

function hookSize(config: Config): Finding {
  const bytes = Buffer.byteLength(pasteIn(config, chooseLocales(spokenLocales(config)), readPart));
  const seen = `the paste-in file has ${bytes} bytes of ${AUTHGEAR_LIMIT}`;
  return bytes > AUTHGEAR_LIMIT
    ? { check: "hook", level: "problem", seen, todo: "use fewer locales, or shorter texts" }
    : { check: "hook", level: "ok", seen };
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

async function takesKey({ admin }: LoadedAdmin): Promise<Finding> {
  try {
    await admin.node(NOBODY);
    return { check: "admin API", level: "ok", seen: "answers, and takes the key" };
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw error;
    return { check: "admin API", level: "problem", seen: error.message.replace(/^node: /, "") };
  }
}

/** The server's health, and whether any event has come: the only sign of a registration that can be seen. */
async function serverHealth(url: string): Promise<Finding[]> {
  const check = "server";
  const [health, metrics] = await Promise.all([
    ask(new URL("/healthz", url).href, "GET"),
    ask(new URL("/metrics", url).href, "GET"),
  ]);
  if (typeof health === "string")
    return [{ check, level: "problem", seen: health, todo: "start authgear-invite serve, or give its own address" }];
  if (health.status === 503)
    return [{ check, level: "problem", seen: "its outbox cannot be written", todo: "look at its log and its disk" }];
  if (!health.ok)
    return [
      {
        check,
        level: "problem",
        seen: `HTTP ${health.status}: is no authgear-invite serve`,
        todo: "give its own address",
      },
    ];
  const text = typeof metrics === "string" ? "" : await metrics.text();
  const came = /^authgear_invite_responses_total\{status="20\d"\} [1-9]/m.test(text);
  const registered: Finding = came
    ? { check, level: "ok", seen: "events have come since it was started" }
    : {
        check,
        level: "warning",
        seen: "no event has come since it was started",
        todo: "create an account, and look at Portal > Advanced > Hooks: URL, user.created, secret",
      };
  return [{ check, level: "ok", seen: "is healthy" }, registered];
}
