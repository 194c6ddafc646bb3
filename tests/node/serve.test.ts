/** `authgear-invite serve` and `outbox` as real processes: the way of an event, bad input, and the end. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { loadSqlite } from "../../ts/outbox/sqlite.ts";
import { startCapture } from "../servers/capture.ts";
import { CountingApi, type Dialect } from "../servers/counting.ts";
import { cli, configFor, deliver, KEY, newEvent, nodes, rows, SECRET, Served, writeConfig } from "./served.ts";
import { eventually, folder, sleep } from "./support.ts";

type Options = {
  dialect?: Dialect;
  more?: object;
  args?: string[];
  node?: string;
  under?: string[];
  takesMs?: () => number;
};

/** A server, its provider, and its files. */
async function serving({ dialect = "resend", more, args, node, under, takesMs }: Options = {}) {
  const dir = folder();
  const api = await new CountingApi(dialect, takesMs).start();
  after(() => api.stop());
  const config = writeConfig(join(dir, "invite.config.json"), configFor(dialect, api.origin, more));
  const options = { config, data: join(dir, "outbox.db"), args, node, under };
  return { api, dir, ...options, options, served: await Served.start(options) };
}

const drained = (served: Served) => eventually(async () => (await served.metric("queue_depth")) === 0, "empty queue");

for (const node of nodes) {
  describe(`the way of an event, in Node.js ${spawnSync(node, ["--version"]).stdout}`, () => {
    test("202 when it is kept, one message, 202 again for the same event; told in log, metrics and list", async () => {
      const { api, served, data } = await serving({ node });
      const { event, address } = newEvent();
      assert.deepEqual({ ...(await deliver(served.origin, event)), ms: 0 }, { status: 202, outcome: "queued", ms: 0 });
      const line = await served.said("sent");
      assert.equal(line.event, event.id);
      assert.deepEqual(
        { ...(await deliver(served.origin, event)), ms: 0 },
        { status: 202, outcome: "duplicate", ms: 0 },
      );
      assert.deepEqual([...api.messages], [[address, 1]]);
      const [row] = await rows(data);
      assert.deepEqual([row?.key, row?.state, row?.passes], [line.key, "sent", 1]);

      const { text } = await served.get("/metrics");
      for (const metric of [
        `accepted_total{result="queued"} 1`,
        `accepted_total{result="duplicate"} 1`,
        `messages_total{outcome="sent"} 1`,
        `attempts_total{provider="resend",result="sent"} 1`,
        `responses_total{status="202"} 2`,
        "queue_depth 0",
        "dead_letters 0",
        "delay_seconds_count 1",
        `send_seconds_bucket{le="+Inf"} 1`,
      ])
        assert.ok(text.includes(`\nauthgear_invite_${metric}\n`), metric);
      assert.match(text, /authgear_invite_commit_changes_sum [3-9]/);
      for (const line of text.trimEnd().split("\n"))
        assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [-+.e\d]+)$/);
      assert.deepEqual(await served.get("/healthz"), { status: 200, text: `{"status":"ok"}` });
      assert.equal(served.stderr, "");
    });
  });
}

describe("what is not to be sent", () => {
  test("a request with a wrong signature is refused, and the log says so", async () => {
    const { served } = await serving();
    const headers = { "content-type": "application/json", "x-authgear-body-signature": "0".repeat(64) };
    const { status } = await fetch(served.origin, { method: "POST", headers, body: "{}" });
    const { level, reason } = await served.said("refused");
    assert.deepEqual([status, level, reason, served.stderr], [401, "warn", "signature", ""]);
  });

  test("is answered at once, and not kept", async () => {
    const { api, served, data } = await serving();
    const { event } = newEvent();
    assert.equal((await deliver(served.origin, { ...event, type: "user.deleted" })).status, 200);
    assert.equal(
      (await deliver(served.origin, { ...event, context: { ...event.context, triggered_by: "user" } })).status,
      200,
    );
    const forged = await fetch(served.origin, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    assert.equal(forged.status, 401);
    assert.equal((await fetch(served.origin)).status, 405);
    assert.deepEqual([api.total, await rows(data)], [0, []]);
  });
});

describe("the end", () => {
  test("SIGTERM: what is being sent is ended, nothing new is taken, exit code 0", async () => {
    const { api, served, data } = await serving({ takesMs: () => 700 });
    const { event } = newEvent();
    await deliver(served.origin, event);
    await eventually(() => api.total === 1, "request");
    served.kill("SIGTERM");
    await served.said("stopping");
    await assert.rejects(deliver(served.origin, newEvent().event));
    assert.deepEqual(await served.ended, { code: 0, signal: null });
    assert.deepEqual(
      (await rows(data)).map(({ state }) => state),
      ["sent"],
    );
    assert.equal(served.lines.at(-1)?.ended, true);
  });

  test("a request that is still out after the grace is in doubt, and said to be so", async () => {
    const { api, served, data, options } = await serving({ dialect: "sendgrid", args: ["--grace", "0"] });
    api.hangs = true;
    await deliver(served.origin, newEvent().event);
    await eventually(() => api.total === 1, "request");
    served.kill("SIGTERM");
    assert.deepEqual(await served.ended, { code: 0, signal: null });
    assert.deepEqual(
      (await rows(data)).map(({ state }) => state),
      ["sending"],
    );
    const again = await Served.start(options);
    assert.match(String((await again.said("unknown")).reason), /may have been sent, and no idempotency key allows/);
    assert.equal(api.total, 1);
  });
});

describe("a provider", () => {
  test("that hangs holds up nobody: events are taken, others are sent, and it is tried again under its key", async () => {
    const { api, served } = await serving({
      args: ["--concurrency", "4"],
      more: { delivery: { attemptSeconds: 1, attempts: 1 } },
    });
    api.hangs = true;
    const first = newEvent();
    await deliver(served.origin, first.event);
    await eventually(() => api.total === 1, "request");
    api.hangs = false;
    const second = newEvent();
    const { status, ms } = await deliver(served.origin, second.event);
    assert.equal(status, 202);
    assert.ok(ms < 900, `${ms} ms`);
    await served.said("sent", (line) => line.event === second.event.id);
    await served.said("waiting", (line) => line.event === first.event.id && line.in_doubt === true);
    await served.said("sent", (line) => line.event === first.event.id);
    assert.deepEqual([api.messages.get(first.address), api.messages.get(second.address)], [1, 1]);
    assert.ok(api.repeated > 0);
  });

  test("that is down: the message waits, also over a restart, and is sent when it is back", async () => {
    const { api, served, options } = await serving({ more: { delivery: { attempts: 1 } } });
    api.status = 503;
    await deliver(served.origin, newEvent().event);
    const { next, in_doubt } = await served.said("waiting");
    assert.equal(in_doubt, false);
    assert.ok(Date.parse(String(next)) > Date.now() - 20_000);
    served.kill("SIGTERM");
    await served.ended;
    api.status = undefined;
    const again = await Served.start(options);
    await again.said("sent");
    assert.equal(api.total, 1);
  });
});

test("what others wrote into the outbox is shown as text that no terminal obeys", async () => {
  const { api, served, data } = await serving();
  api.status = 503;
  const { event } = newEvent();
  event.id = `\u001b[2J\u202e${event.id}`;
  await deliver(served.origin, event);
  const { key } = await served.said("waiting");
  for (const args of [["list"], ["list", "--json"], ["show", `${key}`], ["show", `${key}`, "--json"]]) {
    const { code, stdout } = await cli(["outbox", ...args, "--data", data]);
    assert.deepEqual([code, stdout.includes("\u001b"), stdout.includes("\u202e")], [0, false, false]);
    if (args[0] === "show") assert.ok(stdout.includes("\\u001b[2J\\u202e"), stdout);
  }
});

describe("dead letters", () => {
  test("are handed on, listed, shown and retried while the server runs", async () => {
    const grave = await startCapture({ status: 200 });
    after(() => grave.close());
    const more = { deadLetter: { url: `${grave.origin}/`, secret: "grave-secret-1" } };
    const { api, served, data } = await serving({ dialect: "sendgrid", more });
    api.hangs = true;
    const { event, address } = newEvent();
    await deliver(served.origin, event);
    const { key } = await served.said("unknown");
    await eventually(() => grave.requests.length === 1, "dead letter");
    assert.equal(JSON.parse(String(grave.requests[0]?.body)).event_id, event.id);
    await eventually(async () => (await served.metric("dead_letters")) === 1, "metric");

    const list = await cli(["outbox", "list", "--data", data]);
    assert.match(list.stdout, new RegExp(`^\\S+ +dead \\(unknown\\) +${key} .*timeout`));
    const show = await cli(["outbox", "show", String(key), "--data", data]);
    for (const text of [
      `event: *${event.id}`,
      "state: *dead",
      `recipient: *${address[0]}\\*{3}@newuser.example`,
      "provider: *sendgrid",
    ])
      assert.match(show.stdout, new RegExp(`^${text}`, "m"));
    for (const text of [list.stdout, show.stdout, served.lines.map((it) => JSON.stringify(it)).join("")])
      for (const secret of [address, KEY, SECRET]) assert.ok(!text.includes(secret), secret);
    assert.equal(
      JSON.parse((await cli(["outbox", "show", String(key), "--data", data, "--json"])).stdout).event,
      event.id,
    );

    api.hangs = false;
    assert.deepEqual(await cli(["outbox", "retry", "--all-dead", "--not-sent", "--data", data]), {
      code: 0,
      stdout: "0 to be sent.\n",
      stderr: "",
    });
    assert.deepEqual(await cli(["outbox", "retry", "--all-dead", "--data", data]), {
      code: 0,
      stdout: "1 to be sent.\n",
      stderr: "",
    });
    await served.said("sent");
    assert.equal(api.messages.get(address), 2, "the person decided so");
    const sent = await cli(["outbox", "retry", String(key), "--data", data]);
    assert.deepEqual([sent.code, sent.stderr], [1, "It was sent already; there is nothing to retry.\n"]);
    assert.equal(grave.requests.length, 1);
  });
});

describe("the outbox", () => {
  test("has one server: a second one is refused, the first goes on", async () => {
    const { served, options } = await serving();
    const second = new Served(options);
    assert.deepEqual(await second.ended, { code: 1, signal: null });
    assert.match(
      second.stderr,
      /^authgear-invite: \S+: another server sends from this outbox; end it, or name another file\n$/,
    );
    assert.equal((await deliver(served.origin, newEvent().event)).status, 202);
    served.kill("SIGKILL");
    await served.ended;
    await Served.start(options);
  });

  test("that another process holds locked: 503 and failing health, then it goes on", { timeout: 60_000 }, async () => {
    const { api, served, data } = await serving();
    const other = (await loadSqlite())(data);
    other.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
    const answers = await Promise.all([
      deliver(served.origin, newEvent().event),
      served.get("/healthz"),
      served.get("/metrics"),
    ]);
    assert.deepEqual([answers[0].status, answers[0].outcome], [503, "not_queued"]);
    assert.equal(answers[1].status, 503);
    assert.match(answers[1].text, /^\{"status":"failing","outbox":"(busy|io)"\}$/);
    assert.equal(answers[2].status, 200);
    other.exec("ROLLBACK");
    other.close();
    assert.equal((await deliver(served.origin, newEvent().event)).status, 202);
    await served.said("sent");
    assert.equal(api.total, 1);
    assert.equal((await served.get("/healthz")).status, 200);
  });

  // A small file system, in a mount namespace of the server's own; the test reaches it by way of /proc.
  const mount = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=24m tmpfs "$0" && exec "$@"'];
  const skip = spawnSync("unshare", ["--mount", "true"]).status !== 0 && "this user may not mount a file system";

  test("on a full disk: 503, what was accepted is sent all the same, and it goes on when there is room", {
    skip,
  }, async () => {
    const disk = folder();
    const api = await new CountingApi("resend").start();
    after(() => api.stop());
    const config = writeConfig(
      join(folder(), "c.json"),
      configFor("resend", api.origin, { delivery: { attempts: 1 } }),
    );
    const served = await Served.start({ config, data: join(disk, "outbox.db"), under: [...mount, disk] });
    const acknowledged = new Set<string>();
    const post = async () => {
      const { event, address } = newEvent();
      const { status, outcome } = await deliver(served.origin, event);
      if (status === 202) acknowledged.add(address);
      else assert.deepEqual([status, outcome], [503, "not_queued"]);
      return status;
    };
    const sent = () => [...acknowledged].every((address) => api.messages.get(address) === 1);

    assert.equal(await post(), 202);
    await eventually(sent, "message");
    const filler = `/proc/${served.child.pid}/root${disk}/filler`;
    // The provider is down while the disk fills up, almost to its end.
    api.status = 503;
    for (let i = 0; i < 20; i++) assert.equal(await post(), 202);
    writeFileSync(filler, Buffer.alloc(16 * 1024 * 1024));
    await sleep(300);
    assert.equal(await post(), 503);
    api.status = undefined;
    await eventually(sent, "message for each", 60);

    // To its end: nothing can be written, so nothing leaves.
    assert.throws(() => writeFileSync(filler, Buffer.alloc(32 * 1024 * 1024)), /ENOSPC/);
    await sleep(300);
    for (let i = 0; i < 5; i++) assert.equal(await post(), 503);
    assert.deepEqual(await served.get("/healthz"), { status: 503, text: `{"status":"failing","outbox":"full"}` });
    assert.equal((await served.get("/metrics")).status, 200);
    unlinkSync(filler);
    await sleep(300);
    assert.equal(await post(), 202);
    await eventually(sent, "message", 60);
    assert.equal(api.total, acknowledged.size);
    assert.equal((await served.get("/healthz")).status, 200);
  });

  test("that is damaged is refused at the start, and left as it is", async () => {
    const dir = folder();
    const config = writeConfig(join(dir, "c.json"), configFor("resend", "http://127.0.0.1:9"));
    const data = join(dir, "outbox.db");
    writeFileSync(data, "not a database ".repeat(1000));
    const served = new Served({ config, data });
    assert.deepEqual(await served.ended, { code: 1, signal: null });
    assert.match(served.stderr, /outbox\.db: it is damaged, or no SQLite database; nothing was changed: move it away/);
    assert.equal(readFileSync(data, "utf8"), "not a database ".repeat(1000));
  });
});

describe("the configuration", () => {
  const check = async (config: object | string, env: NodeJS.ProcessEnv = {}) => {
    const dir = folder();
    const path = join(dir, "invite.config.json");
    writeFileSync(path, typeof config === "string" ? config : JSON.stringify(config), { mode: 0o600 });
    writeFileSync(join(dir, "webhook-secret"), `${SECRET}\n`);
    const served = new Served({ config: path, data: join(dir, "outbox.db"), env });
    after(() => served.kill("SIGKILL"));
    await Promise.race([served.ended, served.said("listening").catch(() => {})]);
    return { served, path, dir };
  };

  test("takes secrets from the environment and from files", async () => {
    const api = await new CountingApi("resend").start();
    after(() => api.stop());
    const config = configFor("resend", api.origin, { webhook: { secrets: [{ file: "webhook-secret" }] } });
    Object.assign(config.email[0] as object, { apiKey: { env: "RESEND_KEY" } });
    const { served } = await check(config, { RESEND_KEY: "re_from_env" });
    served.origin = String((await served.said("listening")).url);
    assert.equal((await deliver(served.origin, newEvent().event)).status, 202);
    await served.said("sent");
  });

  test("says all that is wrong at once, each with its path, and no secret", async () => {
    const config = configFor("resend", "http://127.0.0.1:9", {
      webhook: { secrets: [{ file: "no-such-file" }] },
      urll: "x",
    });
    Object.assign(config.email[0] as object, { apiKey: { env: "NOT_THERE" }, form: KEY });
    const { served, path } = await check(config);
    assert.deepEqual(await served.ended, { code: 2, signal: null });
    const [head, ...problems] = served.stderr.trimEnd().split("\n");
    assert.equal(head, "authgear-invite: the configuration is wrong:");
    assert.deepEqual(problems.map((it) => it.replace(`${path}: `, "")).sort(), [
      "email[0].apiKey: the environment variable NOT_THERE is not set",
      "email[0].form: unknown key; did you mean from?",
      "urll: unknown key; did you mean url?",
      "webhook.secrets[0]: the file no-such-file cannot be read (ENOENT)",
    ]);
    assert.ok(!served.stderr.includes(KEY));
    assert.ok(!existsSync(path.replace("invite.config.json", "outbox.db")), "nothing was made");
  });

  for (const [name, text, problem] of [
    [
      "no JSON",
      `{\n  "serviceName": "Acme",\n  "apiKey": "${KEY}" oops\n}`,
      /line 3, column \d+: is no JSON from here on\n$/,
    ],
    ["nothing", "", /line 1, column 1: is no JSON/],
    ["no object", `"${KEY}"`, /the configuration is wrong/],
    ["not UTF-8", Buffer.from([0x7b, 0xff]).toString("latin1"), /the configuration is wrong/],
  ] as const) {
    test(`that is ${name} is refused with its place`, async () => {
      const { served } = await check(text);
      assert.equal((await served.ended).code, 2);
      assert.match(served.stderr, problem);
      assert.ok(!served.stderr.includes(KEY));
    });
  }

  test("without a webhook's secret is refused", async () => {
    const { served } = await check({ ...configFor("resend", "http://127.0.0.1:9"), webhook: undefined });
    assert.equal((await served.ended).code, 2);
    assert.match(served.stderr, /webhook\.secrets: is missing/);
  });

  test("that others can read is warned of when secrets stand in it", async () => {
    const { served, path } = await check(configFor("resend", "http://127.0.0.1:9"));
    await served.said("listening");
    assert.equal(
      served.lines.find((it) => it.level === "warn"),
      undefined,
    );
    served.kill("SIGKILL");
    chmodSync(path, 0o644);
    assert.equal(statSync(path).mode & 0o777, 0o644);
    const again = new Served({ config: path, data: join(folder(), "outbox.db") });
    after(() => again.kill("SIGKILL"));
    const { warning } = await again.said("config");
    assert.match(
      String(warning),
      /others on this machine can read it, and it holds email\[0\]\.apiKey, webhook\.secrets\[0\]; chmod 600 it/,
    );
  });
});

describe("the command line", () => {
  const cases: [string[], number, RegExp][] = [
    [[], 2, /Usage: authgear-invite COMMAND/],
    [["--help"], 0, /serve .*\n.*outbox list/],
    [["serve", "--help"], 0, /Examples:\n/],
    [["outbox", "--help"], 0, /outbox COMMAND/],
    [["outbox", "retry", "-h"], 0, /--all-dead/],
    [["srve"], 2, /srve: no such command; did you mean serve\?\n$/],
    [["outbox", "lst"], 2, /outbox lst: no such command; did you mean list\?\n$/],
    [["frobnicate"], 2, /frobnicate: no such command; there are init, check/],
    [["--version"], 0, /^\d+\.\d+\.\d+\n$/],
    [["--help"], 0, /--version/],
    [["serve", "--prot", "1"], 2, /serve: Unknown option '--prot'; see: authgear-invite serve --help/],
    [["serve", "--port", "http"], 2, /--port: must be a whole number from 0 to 65535/],
    [["serve", "--keep-days", "3"], 2, /--keep-days: must be more than --max-days/],
    [["serve", "--log", "xml"], 2, /--log: must be json or pretty/],
    [["serve", "extra"], 2, /serve: Unexpected argument 'extra'/],
    [["serve", "--config", "/no/such/file"], 2, /\/no\/such\/file: there is no such file; name it with --config/],
    [["outbox", "list", "--data", "/no/such/file"], 1, /\/no\/such\/file: there is no such outbox/],
    [["outbox", "retry"], 2, /give a KEY, or --all-dead/],
  ];
  for (const [args, code, text] of cases) {
    test(`${["authgear-invite", ...args].join(" ")}: ${code}`, async () => {
      const result = await cli(args);
      assert.equal(result.code, code);
      assert.match(result.stdout + result.stderr, text);
      assert.equal(result.stdout === "", code !== 0 && args.length > 0, "help goes to stdout, errors to stderr");
    });
  }

  test("a port that is taken is said so", async () => {
    const { served, config } = await serving();
    const { code, stderr } = await cli([
      "serve",
      "--config",
      config,
      "--data",
      join(folder(), "o.db"),
      "--port",
      new URL(served.origin).port,
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /cannot listen on 127\.0\.0\.1, port \d+ \(EADDRINUSE\); give another --port or --host/);
  });
});

for (const second of ["SIGINT", "SIGTERM"] as const)
  test(`a second signal ends at once: SIGINT, ${second}`, async () => {
    const { api, served } = await serving();
    api.hangs = true;
    await deliver(served.origin, newEvent().event);
    await eventually(() => api.total === 1, "request");
    served.kill("SIGINT");
    await served.said("stopping");
    served.kill(second);
    assert.deepEqual(await served.ended, { code: 1, signal: null });
  });

test("an empty queue is seen in the metrics, and a burst is sent once each", async () => {
  const { api, served } = await serving();
  const events = Array.from({ length: 300 }, () => newEvent());
  const answers = await Promise.all(events.map(({ event }) => deliver(served.origin, event)));
  assert.ok(answers.every(({ status }) => status === 202));
  // The gauge is counted once a second, and may still show the time before the burst.
  await eventually(() => api.total >= events.length, "message for each event");
  await drained(served);
  assert.deepEqual(new Set(api.messages.values()), new Set([1]));
  assert.equal(api.total, 300);
  const { text } = await served.get("/metrics");
  const [sum, count] = ["sum", "count"].map((it) => Number(new RegExp(`commit_changes_${it} (\\d+)`).exec(text)?.[1]));
  assert.ok((sum ?? 0) / (count ?? 0) > 3, `${sum} changes in ${count} transactions`);
});
