/** `authgear-invite doctor` as a real process: everything in order, everything broken, nothing that answers. */
import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { domain } from "../../ts/cli/doctor/domain.ts";
import { limited } from "../../ts/cli/doctor/finding.ts";
import { AdminApi, IDS, newKey } from "../servers/admin-api.ts";
import { startCapture } from "../servers/capture.ts";
import { type Records, startDns } from "../servers/dns.ts";
import { cli, configFor, deliver, KEY, newEvent, nodes, SECRET, Served, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const { pkcs8, verifier } = await newKey();
/** Nobody listens there. */
const CLOSED = await new Promise<string>((resolve) => {
  const server = createTcp().listen(0, "127.0.0.1", () => {
    const closed = origin(server);
    server.close(() => resolve(closed));
  });
});
const SOUND: Records = {
  "acme.example": {
    TXT: ["google-site-verification=x", "v=spf1 include:_spf.acme.example ~all"],
    MX: ["mx.acme.example"],
  },
  "_dmarc.acme.example": { TXT: [`v=DMARC1; p=none; rua=mailto:${"x".repeat(300)}@acme.example`] },
};

type Finding = { check: string; level: string; seen: string; todo?: string };

async function world({ records = SOUND as Records | null, provider = "", admin: adminChange = {}, more = {} } = {}) {
  const api = await new AdminApi(verifier).start();
  const mail = await startCapture({ status: 404 });
  const dns = await startDns(records);
  after(() => Promise.all([api.stop(), mail.close(), dns.close()]));
  const dir = folder();
  writeFileSync(join(dir, "key.pem"), pkcs8, { mode: 0o600 });
  const config = configFor("resend", provider || mail.origin, more);
  const admin = { ...IDS, endpoint: api.origin, privateKey: { file: "key.pem" }, ...adminChange };
  const file = writeConfig(join(dir, "invite.config.json"), { ...config, admin });
  return {
    api,
    mail,
    dns,
    file,
    dir,
    doctor: async (...rest: string[]) => {
      const result = await cli(["doctor", "--config", file, "--dns", dns.address, ...rest]);
      for (const secret of [KEY, SECRET, "PRIVATE KEY", ...api.bearers])
        assert.ok(!(result.stdout + result.stderr).includes(secret), result.stdout);
      return result;
    },
    json: async (...rest: string[]) => {
      const args = ["doctor", "--config", file, "--dns", dns.address, "--json", ...rest];
      const { code, stdout } = await cli(args);
      const { findings, ...counts } = JSON.parse(stdout) as { findings: Finding[]; problems: number; warnings: number };
      return { code, ...counts, findings, of: (check: string) => findings.filter((it) => it.check === check) };
    },
  };
}

async function listening<S extends Server>(server: S): Promise<S> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  return server;
}

function origin(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("authgear-invite doctor", { concurrency: 2 }, () => {
  test("finds nothing where all is in order, and sends no message and no key", async () => {
    const { api, mail, dns, doctor } = await world({
      more: { rules: [{ on: "user.created", when: { origin: ["admin_api_direct"] } }] },
    });
    const { code, stdout, stderr } = await doctor();
    assert.deepEqual([code, stderr], [0, ""], stdout);
    const lines = stdout.split("\n");
    assert.ok(
      lines.slice(0, -2).every((it) => it.startsWith("ok       ")),
      stdout,
    );
    for (const expected of [
      /^ok {7}configuration: \S+invite\.config\.json can work$/m,
      /^ok {7}node: Node\.js 2\d\.\S+, with/m,
      /^ok {7}hook: the paste-in file has \d+ bytes of 102400$/m,
      /^ok {7}admin API: answers, and takes the key$/m,
      /^ok {7}reach admin API: http:\/\/127\.0\.0\.1:\d+ answers \(HTTP \d+\); no key was sent$/m,
      /^ok {7}reach resend: /m,
      /^ok {7}clock: agrees with the servers'$/m,
      /^ok {7}dns acme\.example: SPF, DMARC, MX$/m,
      /^0 problems, 0 warnings$/m,
    ])
      assert.match(stdout, expected);
    assert.deepEqual(
      mail.requests.map(({ method, path, headers }) => [
        method,
        path,
        headers.authorization,
        headers["idempotency-key"],
      ]),
      [["HEAD", "/", undefined, undefined]],
    );
    assert.equal(api.requests.filter(({ method }) => method === "POST").length, 1);
    assert.deepEqual([...dns.asked].sort(), ["MX acme.example", "TXT _dmarc.acme.example", "TXT acme.example"]);
  });

  test("a wrong key, a clock that is off, a host that refuses, a domain without records", async () => {
    const late = await listening(
      createServer((_, response) =>
        response.writeHead(200, { date: new Date(Date.now() + 600_000).toUTCString() }).end(),
      ),
    );
    const { json } = await world({
      records: { "sub.acme.example": {} },
      provider: CLOSED,
      admin: { endpoint: origin(late), keyId: "other" },
      more: {
        email: [{ provider: "resend", apiKey: KEY, from: "Acme <a@sub.acme.example>", endpoint: CLOSED }],
        deadLetter: { url: `${origin(late)}/dead?token=5521`, secret: "s" },
      },
    });
    const { code, problems, of, findings } = await json();
    assert.equal(code, 1);
    assert.equal(problems, 3, JSON.stringify(findings));
    assert.match(of("reach resend")[0]?.seen ?? "", /^http:\/\/127\.0\.0\.1:\d+: no connection \(ECONNREFUSED\)$/);
    assert.match(of("clock")[0]?.seen ?? "", /^this machine is (59\d|60\d) s behind$/);
    assert.equal(of("admin API")[0]?.level, "problem");
    assert.deepEqual([of("reach deadLetter")[0]?.level, JSON.stringify(findings).includes("5521")], ["ok", false]);
    assert.deepEqual(
      of("dns sub.acme.example").map(({ level, seen }) => [level, seen]),
      [
        ["ok", "no MX: nobody can answer the mail"],
        ["warning", "no SPF record (TXT v=spf1)"],
        ["warning", "no DMARC record (TXT at _dmarc)"],
      ],
    );
  });

  test("what the Admin API says of the key is passed on", async () => {
    const { json } = await world({ admin: { keyId: "other" } });
    const { code, of } = await json();
    assert.equal(code, 1);
    assert.match(of("admin API")[0]?.seen ?? "", /^Authgear does not take the token \(403\); compare endpoint/);
  });

  test("a domain has its organization's DMARC, and one SPF record counts", async () => {
    const records: Records = { ...SOUND, "mail.acme.example": { TXT: ["v=spf1 -all", "v=spf1 ~all"] } };
    const email = [{ provider: "resend", apiKey: KEY, from: "a@mail.acme.example", endpoint: CLOSED }];
    const { json } = await world({ records, more: { email } });
    assert.deepEqual(
      (await json()).of("dns mail.acme.example").map(({ seen }) => seen),
      ["SPF, DMARC, no MX: nobody can answer the mail", "several SPF records, so none counts"],
    );
  });

  test("ends when nothing answers, and blames no one for the DNS", async () => {
    const sockets: Socket[] = [];
    const silent = await listening(createTcp((socket) => void sockets.push(socket)));
    after(() => sockets.forEach((it) => void it.destroy()));
    const { json } = await world({ records: null, provider: origin(silent), admin: { endpoint: origin(silent) } });
    const { code, findings, of } = await json("--server", origin(silent));
    assert.equal(code, 1);
    for (const check of ["reach resend", "reach admin API", "server"])
      assert.match(of(check)[0]?.seen ?? "", /no answer in 5 s$/, check);
    assert.deepEqual(
      findings
        .filter(({ level }) => level === "warning" || level === "problem")
        .map(({ check, level }) => [check, level]),
      [
        ["configuration", "warning"],
        ["admin API", "problem"],
        ["reach admin API", "problem"],
        ["reach resend", "problem"],
        ["clock", "warning"],
        ["dns acme.example", "warning"],
        ["server", "problem"],
      ],
    );
    assert.match(of("dns acme.example")[0]?.seen ?? "", /^the DNS could not be asked \(E\w+\)$/);
  });

  test("a configuration that cannot work is told as check tells it, and the rest is looked at", async () => {
    const { file, api, json } = await world();
    const admin = { ...IDS, endpoint: api.origin, privateKey: { file: "key.pem" } };
    writeConfig(file, { ...configFor("resend", "x", { url: { env: "NOT_SET_5521" } }), admin });
    const { code, of } = await json();
    assert.equal(code, 1);
    const checked = JSON.parse((await cli(["check", "--config", file, "--json"])).stdout);
    assert.ok(checked.problems.length >= 2);
    assert.deepEqual(
      of("configuration").map(({ seen }) => seen),
      [...checked.problems, ...checked.warnings],
    );
    assert.deepEqual([of("admin API")[0]?.level, of("hook").length, of("reach resend").length], ["ok", 0, 0]);
  });

  test("a server: healthy, without an event, with one, and none", async () => {
    const { file, dir, json, mail } = await world();
    const served = await Served.start({ config: file, data: join(dir, "o.db"), node: nodes.at(-1) });
    const seen = async (url: string) =>
      (await json("--server", url)).of("server").map(({ level, seen }) => `${level}: ${seen}`);
    const quiet = "warning: no event has come since it was started";
    assert.deepEqual(await seen(served.origin), ["ok: is healthy", quiet]);
    // One with a wrong signature is none.
    await fetch(served.origin, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    assert.deepEqual(await seen(served.origin), ["ok: is healthy", quiet]);
    await deliver(served.origin, newEvent().event);
    assert.deepEqual(await seen(served.origin), ["ok: is healthy", "ok: events have come since it was started"]);
    assert.deepEqual(await seen(mail.origin), ["problem: HTTP 404: is no authgear-invite serve"]);
    assert.deepEqual(await seen(CLOSED), ["problem: no connection (ECONNREFUSED)"]);
    assert.ok(existsSync(file));
  });

  const wrong: [string, string[], RegExp][] = [
    ["no URL", ["--server", "localhost"], /--server: must be a URL/],
    ["no address", ["--dns", "dns.example"], /--dns: must be the address/],
  ];
  for (const [what, args, expected] of wrong)
    test(`wrong on the command line: ${what}`, async () => {
      const { file } = await world();
      const { code, stderr } = await cli(["doctor", "--config", file, ...args]);
      assert.deepEqual([code, expected.test(stderr)], [2, true], stderr);
    });
});

test("silent name servers, however many, are given up after 5 seconds", async (t) => {
  const addresses = await Promise.all(
    [1, 2, 3].map(async () => {
      const { address, close } = await startDns(null);
      after(close);
      return address;
    }),
  );
  const { setServers } = Resolver.prototype;
  t.mock.method(Resolver.prototype, "setServers", function (this: Resolver) {
    setServers.call(this, addresses);
  });
  const start = performance.now();
  assert.deepEqual(await domain("mail.acme.example", "127.0.0.1"), [
    { check: "dns mail.acme.example", level: "warning", seen: "the DNS could not be asked (ETIMEOUT)" },
  ]);
  const took = performance.now() - start;
  assert.ok(took < 7_000, `${took}`);
});

test("a check that fails or lasts keeps no other one from being told", async () => {
  const failing = () => {
    throw new TypeError("new.user@user.example");
  };
  assert.deepEqual(await limited("x", failing), [
    { check: "x", level: "warning", seen: "could not be checked (TypeError)" },
  ]);
  const [late] = await limited("x", () => new Promise(() => {}), 1);
  assert.equal(late?.seen, "was given up; nothing answered in time");
});
