/** The Admin API's client against a real GraphQL server: tokens, answers, faults, and what errors hold. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import {
  type AdminApiError,
  type AdminOptions,
  AdminOptionsError,
  createAdmin,
  isDuplicate,
  type NewUser,
} from "../../ts/admin.ts";
import { AdminApi, type Fault, IDS, newKey } from "../servers/admin-api.ts";
import { impatient } from "./world.ts";

const { privateKey, publicKey, pkcs8: PKCS8, pkcs1: PKCS1, verifier } = await newKey();
const PASSWORD = "Password-5521-never-told";
const EMAIL = "New.User+5521@user.example";

async function serving(...faults: Fault[]) {
  const api = await new AdminApi(verifier).start();
  after(() => api.stop());
  api.faults.push(...faults);
  const sleeps: number[] = [];
  const host = { ...impatient, sleep: async (ms: number) => void sleeps.push(ms) };
  const options: AdminOptions = { ...IDS, endpoint: api.origin, privateKey: PKCS8, host };
  return { api, sleeps, options, admin: createAdmin(options) };
}

const newUser: NewUser = { loginId: { email: EMAIL }, password: PASSWORD };

/** What a call throws, searched for all that it must not hold. */
async function failure(work: Promise<unknown>, api: AdminApi): Promise<AdminApiError> {
  const error = await work.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );
  assert.equal(error.name, "AdminApiError", `${error.stack}`);
  holdsNothing(error, api.bearers);
  return error;
}

function holdsNothing(error: Error, bearers: string[] = []) {
  const text = `${error.message}\n${JSON.stringify(error)}\n${JSON.stringify(error.cause)}\n${error.stack}`;
  const body = PKCS8.split("\n")[3] as string;
  for (const secret of [PASSWORD, EMAIL, "user.example", "BEGIN RSA", body, "Bearer", ...bearers])
    assert.ok(!text.includes(secret), `${text} holds ${secret}`);
}

const reset = (done?: boolean): Fault => ({ does: "reset", done });
const answer = (status: number, more: object = {}): Fault => ({ does: "answer", status, ...more });
const html = (status: number, done?: boolean) =>
  answer(status, { done, headers: { "content-type": "text/html" }, body: `<html>${EMAIL} ${PASSWORD}</html>` });

describe("the token", () => {
  for (const [kind, pem] of Object.entries({
    PKCS8,
    PKCS1,
    "one line, as in a variable": PKCS1.replaceAll("\n", "\\n"),
  }))
    test(`from ${kind}`, async () => {
      const { api, options } = await serving();
      await createAdmin({ ...options, privateKey: pem }).createUser(newUser);
      const [claims] = api.tokens;
      assert.deepEqual([claims?.aud, (claims?.exp ?? 0) - (claims?.iat ?? 0)], [["acme-5521"], 300]);
      assert.ok(Math.abs((claims?.iat ?? 0) - Date.now() / 1000) < 60);
    });

  test("from keys of other lengths", async () => {
    for (const modulusLength of [1024, 3072, 4096]) {
      const key = await newKey(modulusLength);
      const api = await new AdminApi(key.verifier).start();
      after(() => api.stop());
      const work = createAdmin({ ...IDS, endpoint: api.origin, privateKey: key.pkcs1 }).createUser(newUser);
      // jose takes no key of less than 2048 bits, and neither should anybody.
      if (modulusLength > 2000) await work;
      else assert.equal((await failure(work, api)).fault, "forbidden");
    }
  });

  test("is one for all calls until a minute before its end, also for calls at once", async () => {
    const { api, options } = await serving();
    let now = Date.now();
    const admin = createAdmin({ ...options, host: { ...impatient, now: () => now } });
    const read = () => admin.usersByAttribute("email", EMAIL);
    await Promise.all([read(), read(), read()]);
    now += 239_000;
    await read();
    assert.equal(new Set(api.bearers).size, 1);
    now += 1_000;
    await read();
    assert.equal(new Set(api.bearers).size, 2);
    // The clock was set back: a token from the future would hold too long.
    now -= 60_000;
    await read();
    assert.equal(new Set(api.bearers).size, 3);
  });

  test("that Authgear does not take is said to be so, once", async () => {
    const { api, sleeps, options } = await serving();
    const other = await newKey();
    for (const wrong of [
      { privateKey: other.pkcs8 },
      { projectId: "other" },
      { keyId: "other" },
      { host: { ...impatient, now: () => Date.now() - 3_600_000 } },
    ]) {
      const { fault, inDoubt, message } = await failure(createAdmin({ ...options, ...wrong }).createUser(newUser), api);
      assert.deepEqual([fault, inDoubt, sleeps], ["forbidden", false, []]);
      assert.match(
        message,
        /^createUser: Authgear does not take the token \(403\); compare endpoint, project ID, key ID/,
      );
    }
  });
});

describe("options", () => {
  const sound = { ...IDS, endpoint: "https://acme.authgear.example", privateKey: PKCS8 };
  const problems = (wrong: object) => {
    try {
      createAdmin({ ...sound, ...wrong } as AdminOptions);
      return [];
    } catch (error) {
      assert.ok(error instanceof AdminOptionsError, `${error}`);
      holdsNothing(error);
      return error.problems;
    }
  };

  test("an endpoint is https, or this machine", () => {
    for (const endpoint of [
      "https://acme.authgear.example",
      "https://acme.authgear.example/",
      "https://acme.authgear.example/_api/admin",
      "https://acme.authgear.example/_api/admin/graphql",
      "http://localhost:3000",
      "http://127.0.0.1:3000/_api/admin/graphql",
      "http://[::1]:3000",
    ])
      assert.deepEqual(problems({ endpoint }), [], endpoint);
    for (const endpoint of [
      "http://acme.authgear.example",
      "http://127.0.0.1.authgear.example",
      "http://localhost.authgear.example",
      "https://user:secret@acme.authgear.example",
      "https://acme.authgear.example/graphql",
      "https://acme.authgear.example/?a=b",
      "ftp://localhost",
      "acme.authgear.example",
      "",
      undefined,
    ])
      assert.match(`${problems({ endpoint })}`, /^endpoint: must be the project's https URL/, endpoint);
  });

  test("a key is an RSA private key without a passphrase", async () => {
    const encrypted = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
    const old = privateKey.export({ type: "pkcs1", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
    const spki = publicKey.export({ type: "spki", format: "pem" });
    for (const [pem, what] of [
      [encrypted, /^privateKey: is encrypted; must be without a passphrase$/],
      [old, /^privateKey: is encrypted/],
      [spki, /^privateKey: must be a PRIVATE KEY or an RSA PRIVATE KEY/],
      [PKCS8.replaceAll("\n", "").slice(0, 300), /^privateKey: must be a PEM/],
      [PKCS8.replace(/^.{9}/m, "-----BEGIN"), /^privateKey: must be a PEM/],
      [PKCS8.replace("\nM", "\nÄ"), /^privateKey: is damaged/],
      [undefined, /^privateKey: must be a PEM/],
    ] as const)
      assert.match(`${problems({ privateKey: pem })}`, what);

    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
    for (const pem of [`${ec}`, PKCS8.replace(/\n.{8}/, "\nMIIEvAAA"), PKCS1.replace(/\n.{64}\n/, "\n")])
      await assert.rejects(createAdmin({ ...sound, privateKey: pem }).createUser(newUser), {
        name: "AdminOptionsError",
        message: "privateKey: is no RSA private key",
      });
  });

  test("all that is wrong is told at once", () => {
    const wrong = {
      endpoint: "x",
      projectId: "",
      keyId: "a\nb",
      privateKey: PASSWORD,
      attempts: 0,
      attemptSeconds: -1,
    };
    const names = problems(wrong).map((it) => it.split(":")[0]);
    assert.deepEqual(names, ["endpoint", "projectId", "keyId", "attempts", "attemptSeconds", "privateKey"]);
  });

  test("any text in a PEM is an error, or a key that is none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom("", "RSA "), async (data, kind) => {
        const pem = `-----BEGIN ${kind}PRIVATE KEY-----\n${Buffer.from(data).toString("base64")}\n-----END ${kind}PRIVATE KEY-----`;
        await assert.rejects(createAdmin({ ...sound, privateKey: pem }).createUser(newUser), AdminOptionsError);
      }),
    );
  });
});

describe("createUser", () => {
  test("makes an account, and tells its events what it is told", async () => {
    const { api, admin } = await serving();
    const user = await admin.createUser(newUser, { ui_locales: "zh-Hant ja", x_state: "a&b=c" });
    const [made] = api.accounts;
    assert.deepEqual([made?.key, made?.value, made?.password], ["email", EMAIL, PASSWORD]);
    assert.deepEqual(user, {
      id: made?.id,
      nodeId: Buffer.from(`User:${made?.id}`).toString("base64url"),
      createdAt: made?.createdAt,
      isAnonymous: false,
      isDisabled: false,
      isDeactivated: false,
      isAnonymized: false,
      standardAttributes: { email: EMAIL.toLowerCase() },
      customAttributes: {},
    });
    const { url } = api.requests[0] ?? {};
    assert.equal(url?.pathname, "/_api/admin/graphql");
    assert.deepEqual(
      [...(url?.searchParams ?? [])],
      [
        ["ui_locales", "zh-Hant ja"],
        ["x_state", "a&b=c"],
      ],
    );
  });

  test("by each login ID, with each option", async () => {
    const { api, admin } = await serving();
    await admin.createUser({ loginId: { phone: "+85251000001" } });
    await admin.createUser({ loginId: { username: "new" }, password: null, accountValidFrom: new Date(0) });
    await admin.createUser({ loginId: { email: EMAIL }, password: "", sendPassword: true, setPasswordExpired: true });
    assert.deepEqual(
      api.accounts.map(({ key, value, password, expired }) => [key, value, password, expired]),
      [
        ["phone", "+85251000001", undefined, undefined],
        ["username", "new", null, undefined],
        ["email", EMAIL, "", true],
      ],
    );
    assert.equal(api.requests[1]?.variables?.input?.accountValidFrom, "1970-01-01T00:00:00.000Z");
  });

  test("refusals have Authgear's reasons", async () => {
    const { api, admin, sleeps } = await serving();
    api.add("email", EMAIL);
    const duplicate = await failure(admin.createUser(newUser), api);
    assert.ok(isDuplicate(duplicate));
    assert.equal(duplicate.message, "createUser: InvariantViolated: DuplicatedIdentity");
    api.accounts.length = 0;
    api.minLength = 100;
    const weak = await failure(admin.createUser(newUser), api);
    assert.deepEqual([weak.reason, weak.causes], ["PasswordPolicyViolated", ["PasswordTooShort"]]);
    assert.ok(!isDuplicate(weak));
    const unknown = await failure(admin.createUser({ loginId: { fax: EMAIL } as never }), api);
    assert.deepEqual(unknown.causes, ["InvalidLoginIDKey"]);
    // A GraphQL server repeats wrong values in its message.
    const schema = await failure(
      admin.createUser({ ...newUser, password: [PASSWORD] as never, x: PASSWORD } as never),
      api,
    );
    assert.deepEqual([schema.fault, schema.reason], ["refused", undefined]);
    assert.deepEqual([api.requests.length, sleeps], [4, []]);
  });

  test("what certainly was not done is done again: 429 after its Retry-After, and Authgear's own limit", async () => {
    const limited: Fault = { does: "error", errorName: "TooManyRequest", reason: "RateLimited" };
    for (const sendPassword of [false, true]) {
      const { api, admin, sleeps } = await serving(
        answer(429, { headers: { "retry-after": "7" }, body: "slow down" }),
        limited,
      );
      await admin.createUser({ ...newUser, sendPassword });
      assert.equal(api.accounts.length, 1);
      assert.equal(sleeps[0], 7000);
      assert.equal(sleeps.length, 2);
    }
    const { api, admin, sleeps } = await serving(...Array(4).fill(limited));
    assert.deepEqual(await failure(admin.createUser(newUser), api).then((it) => [it.fault, it.reason, it.inDoubt]), [
      "rate_limited",
      "RateLimited",
      false,
    ]);
    assert.deepEqual([api.requests.length, sleeps.length], [4, 3]);
    const long = await serving(answer(429, { headers: { "retry-after": "3600" } }));
    const error = await failure(long.admin.createUser(newUser), long.api);
    assert.deepEqual([error.fault, error.status, error.retryAfterMs], ["rate_limited", 429, 3_600_000]);
    assert.deepEqual(long.sleeps, []);
  });

  test("no connection: nothing was done", async () => {
    const { api, admin, sleeps } = await serving();
    await api.stop();
    const { fault, inDoubt } = await failure(admin.createUser(newUser), api);
    assert.deepEqual([fault, inDoubt, sleeps.length], ["unreachable", false, 3]);
  });

  const lostAnswers: { [name: string]: (done: boolean) => Fault } = {
    "a connection that is reset": reset,
    "a 500": (done) => answer(500, { done }),
    "a 502 in HTML": (done) => html(502, done),
    "a 200 in HTML": (done) => html(200, done),
    "an answer that breaks off": (done) => ({ does: "truncate", done }),
  };
  for (const [name, fault] of Object.entries(lostAnswers)) {
    test(`${name}: one account, and the call says so, done or not`, async () => {
      for (const faults of [[fault(true)], [fault(false)], [fault(false), fault(true)], [fault(true), fault(true)]]) {
        const { api, admin } = await serving(...faults);
        const user = await admin.createUser(newUser);
        assert.deepEqual([user.id, api.accounts.length], [api.accounts[0]?.id, 1]);
      }
    });

    test(`${name}: an account that was there is told from one that was made`, async () => {
      const { api, admin } = await serving(fault(true));
      api.add("email", EMAIL, new Date(Date.now() - 10_000));
      const error = await failure(admin.createUser(newUser), api);
      assert.ok(isDuplicate(error));
      assert.equal(error.inDoubt, false);
      assert.equal(api.accounts.length, 1);
    });

    test(`${name}: with a mailed password it is not tried again, only looked for`, async () => {
      const done = await serving(fault(true));
      assert.equal((await done.admin.createUser({ ...newUser, sendPassword: true })).id, done.api.accounts[0]?.id);
      assert.equal(done.api.mails.length, 1);
      const not = await serving(fault(false));
      const error = await failure(not.admin.createUser({ ...newUser, sendPassword: true }), not.api);
      assert.deepEqual([error.fault, error.inDoubt], ["no_answer", true]);
      assert.match(error.message, /; it may have been done nonetheless$/);
      assert.deepEqual(
        not.api.requests.map((it) => it.query?.slice(0, 5)),
        ["mutat", "query"],
      );
    });
  }

  test("the time is the server's, whatever this machine's clock says", async () => {
    for (const off of [-240_000, 240_000]) {
      const { api, options } = await serving(reset(true), reset(true));
      const admin = createAdmin({ ...options, host: { ...impatient, now: () => Date.now() + off } });
      assert.equal((await admin.createUser(newUser)).id, api.accounts[0]?.id);
      api.faults.push(reset(false));
      api.accounts.length = 0;
      api.add("email", EMAIL, new Date(Date.now() - 10_000));
      assert.ok(isDuplicate(await failure(admin.createUser(newUser), api)));
    }
  });

  test("when it cannot be looked for either, it is in doubt", async () => {
    const { api, admin } = await serving(reset(true), answer(503), ...Array(20).fill(answer(503)));
    const { fault, inDoubt } = await failure(admin.createUser(newUser), api);
    assert.deepEqual([fault, inDoubt], ["no_answer", true]);
    // Of an account that is there, too: nobody can say who made it.
    const other = await serving(reset(true));
    other.api.faults.push(
      {
        does: "error",
        errorName: "Invalid",
        reason: "InvariantViolated",
        info: { cause: { kind: "DuplicatedIdentity" } },
      },
      ...Array(4).fill(answer(503)),
    );
    const error = await failure(other.admin.createUser(newUser), other.api);
    assert.deepEqual([error.inDoubt, isDuplicate(error)], [true, false]);
  });

  test("an answer that never comes is given up", async () => {
    const { api, options } = await serving({ does: "hang", done: true });
    const user = await createAdmin({ ...options, attemptSeconds: 0.3 }).createUser(newUser);
    assert.deepEqual([user.id, api.accounts.length], [api.accounts[0]?.id, 1]);
  });

  test("a call that repeats another one's knows the account which that one made, and no older one", async () => {
    const { api, admin } = await serving();
    const before = Date.now();
    const made = await admin.createUser(newUser);
    assert.deepEqual(await admin.createUser(newUser, {}, before), made);
    assert.ok(isDuplicate(await failure(admin.createUser(newUser), api)));
    assert.ok(isDuplicate(await failure(admin.createUser(newUser, {}, before + 60_000), api)));
    for (const whose of [newUser.loginId, { id: made.id }]) {
      assert.deepEqual(await admin.madeSince(before, whose), made);
      assert.equal(await admin.madeSince(before + 60_000, whose), undefined);
    }
    assert.equal(await admin.madeSince(0, { id: "11111111-0000-4000-8000-000000000000" }), undefined);
    assert.equal(api.accounts.length, 1);
  });

  test("whether it was that one is not guessed when nobody can tell", async () => {
    const { api, admin } = await serving();
    const before = Date.now();
    await admin.createUser(newUser);
    api.faults.push(undefined, ...Array(4).fill(answer(503)));
    const error = await failure(admin.createUser(newUser, {}, before), api);
    assert.deepEqual([isDuplicate(error), error.inDoubt, error.fault], [false, true, "no_answer"]);
  });

  test("however answers are lost there is one account, and never a wrong word about it", async () => {
    const fault = fc.constantFrom<Fault | undefined>(
      reset(true),
      reset(false),
      html(500, true),
      html(200, false),
      answer(429),
      { does: "error", errorName: "InternalError", reason: "UnexpectedError" },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 8 }), fc.boolean(), fc.boolean(), async (faults, there, mailed) => {
        const { api, admin } = await serving(...faults.filter((it) => it !== undefined));
        if (there) api.add("email", EMAIL);
        const before = api.accounts.length;
        try {
          const user = await admin.createUser({ ...newUser, sendPassword: mailed });
          assert.equal(user.id, api.accounts[before]?.id);
        } catch (error) {
          const { inDoubt } = error as AdminApiError;
          if (!inDoubt) assert.equal(api.accounts.length, before);
          if (isDuplicate(error)) assert.ok(there);
        } finally {
          assert.ok(api.accounts.length <= 1);
          assert.ok(api.mails.length <= (mailed ? 1 : 0));
          await api.stop();
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("reads", () => {
  test("are repeated whatever happens, and end", async () => {
    const faults = [reset(), html(502), answer(429, { headers: { "retry-after": "20" } })];
    const { api, admin, sleeps } = await serving(...faults);
    const { id } = api.add("email", EMAIL);
    assert.deepEqual(
      (await admin.usersByAttribute("email", EMAIL)).map((it) => it.id),
      [id],
    );
    assert.equal(sleeps[2], 20_000);
    api.faults.push(...Array(9).fill(html(200)));
    const error = await failure(admin.node(id), api);
    assert.deepEqual([error.fault, error.inDoubt, error.message], ["no_answer", false, "node: the answer is no JSON"]);
    assert.equal(api.requests.length, 8);
  });

  test("node: by either ID, or nothing", async () => {
    const { api, admin } = await serving();
    const { id } = api.add("phone", "+85251000001");
    const user = await admin.node(id);
    assert.deepEqual([user?.id, user?.standardAttributes], [id, { phone_number: "+85251000001" }]);
    assert.deepEqual(await admin.node(user?.nodeId ?? ""), user);
    assert.equal(await admin.node("00000000-0000-0000-0000-000000000000"), undefined);
  });

  test("usersByAttribute: none, or all", async () => {
    const { api, admin } = await serving();
    api.add("username", "new");
    assert.deepEqual(await admin.usersByAttribute("email", EMAIL), []);
    assert.equal((await admin.usersByAttribute("preferred_username", "new")).length, 1);
  });

  test("details: what was typed, and all else that an event tells", async () => {
    const { api, admin } = await serving();
    const account = api.add("email", EMAIL);
    Object.assign(account, { password: PASSWORD, roles: ["staff"], lastLoginAt: "2026-11-24T00:00:00Z" });
    const user = await admin.details(account.id);
    const [identity] = user?.identities ?? [];
    assert.deepEqual(
      [identity?.type, identity?.claims["https://authgear.com/claims/login_id/original_value"], identity?.claims.email],
      ["login_id", EMAIL, EMAIL.toLowerCase()],
    );
    assert.deepEqual(
      [user?.canReauthenticate, user?.roles, user?.groups, user?.lastLoginAt, user?.standardAttributes.email],
      [true, ["staff"], [], "2026-11-24T00:00:00Z", EMAIL.toLowerCase()],
    );
    assert.equal((await admin.details(api.add("username", "ada").id))?.canReauthenticate, false);
    assert.equal(await admin.details("00000000-0000-0000-0000-000000000000"), undefined);
  });

  test("auditLogs: page by page, as far as they are wanted, each entry once", async () => {
    const { api, admin } = await serving();
    const second = (n: number) => new Date(1_790_000_000_000 + n * 1000);
    // Pages end amid seconds, and one second is longer than a page.
    for (let i = 0; i < 450; i++) api.add("email", `user${i}@user.example`, second(i < 200 ? i / 7 : i < 330 ? 30 : i));
    const ids: (string | undefined)[] = [];
    const filter = { activityTypes: ["USER_CREATED"], rangeFrom: new Date(0), rangeTo: second(440) };
    for await (const { userId, user, activityType, data } of admin.auditLogs(filter)) {
      assert.equal(activityType, "USER_CREATED");
      assert.equal((data as { payload: { user: { id: string } } }).payload.user.id, userId);
      assert.equal(user?.id, userId);
      ids.push(userId);
    }
    assert.deepEqual(
      ids,
      api.accounts.slice(0, 440).map((it) => it.id),
    );
    assert.equal(api.requests[0]?.variables?.rangeFrom, "1970-01-01T00:00:00.000Z");
    const offsets = api.requests.map(({ variables }) => variables?.after !== undefined);
    assert.equal(offsets.filter(Boolean).length, 1, "one page of a second that is longer than a page");
    const count = api.requests.length;
    for await (const _ of admin.auditLogs()) break;
    assert.equal(api.requests.length, count + 1);
    const [chosen] = api.accounts;
    const few = [];
    for await (const { userId } of admin.auditLogs({ userIds: [chosen?.id ?? ""] })) few.push(userId);
    assert.deepEqual(few, [chosen?.id]);
    api.accounts.shift();
    for await (const { user } of admin.auditLogs({ rangeTo: second(0.5) })) few.push(user);
    assert.equal(few.length, 8);
    assert.equal(few[1], undefined, "a user who is gone");
  });

  test("setCustomAttribute: the others stay", async () => {
    const { api, admin } = await serving();
    const account = api.add("email", EMAIL);
    api.attributes = ["invited", "team"];
    account.customAttributes = { team: "blue" };
    assert.deepEqual((await admin.setCustomAttribute(account.id, "invited", "sent"))?.customAttributes, {
      team: "blue",
      invited: "sent",
    });
    api.faults.push(undefined, reset(true));
    await admin.setCustomAttribute(account.id, "invited", null);
    assert.deepEqual(account.customAttributes, { team: "blue" });
    const error = await failure(admin.setCustomAttribute(account.id, "unheard_of", "x"), api);
    assert.deepEqual([error.fault, error.inDoubt], ["refused", false]);
    assert.match(error.message, /has no custom attribute unheard_of; add it in its Portal/);
    assert.deepEqual(account.customAttributes, { team: "blue" });
    assert.equal(await admin.setCustomAttribute("00000000-0000-0000-0000-000000000000", "invited", "sent"), undefined);
  });

  test("another server's answer is none", async () => {
    const { api, options } = await serving(answer(404), answer(301, { headers: { location: "http://127.0.0.1/" } }));
    const admin = createAdmin({ ...options, attempts: 1 });
    for (const status of [404, 301]) {
      const { fault, message } = await failure(admin.node("x"), api);
      assert.deepEqual(
        [fault, message],
        ["refused", `node: the answer is none of the Admin API's (${status}); compare the endpoint with the Portal`],
      );
    }
    for (const body of [
      "{}",
      "[]",
      "null",
      "1",
      '{"data":null}',
      '{"data":{"node":1,"x":2}}',
      '{"errors":[]}',
      '{"errors":[null]}',
      '{"error":{}}',
    ]) {
      api.faults.push(answer(200, { body }));
      await admin.usersByAttribute("email", EMAIL).then(
        () => assert.fail(body),
        (error) => assert.equal(error.name, "AdminApiError", `${body}: ${error.stack}`),
      );
    }
  });
});

describe("messages, passwords and imports", () => {
  test("what goes out once is not asked for twice", async () => {
    for (const fault of [reset, (done: boolean) => html(502, done)])
      for (const done of [true, false]) {
        const { api, admin } = await serving(fault(done));
        const { id } = api.add("email", EMAIL);
        const error = await failure(admin.sendResetPasswordMessage(EMAIL), api);
        assert.deepEqual([error.fault, error.inDoubt, api.mails.length], ["no_answer", true, done ? 1 : 0]);
        api.faults.push(fault(done));
        assert.equal((await failure(admin.resetPassword(id, PASSWORD), api)).inDoubt, true);
        api.faults.push(fault(done));
        const batch = { identifier: "email", records: [{ email: EMAIL }] } as const;
        assert.equal((await failure(admin.importUsers({ ...batch, records: [...batch.records] }), api)).inDoubt, true);
        assert.deepEqual([api.requests.length, api.imports.size], [3, done ? 1 : 0]);
      }
  });

  test("a limit is waited for", async () => {
    const { api, admin, sleeps } = await serving(answer(429, { headers: { "retry-after": "1" } }));
    api.add("email", EMAIL);
    await admin.sendResetPasswordMessage(EMAIL);
    assert.deepEqual([api.mails, sleeps], [[`reset: ${EMAIL}`], [1000]]);
    const error = await failure(admin.sendResetPasswordMessage("nobody@user.example"), api);
    assert.equal(error.reason, "UserNotFound");
  });

  test("resetPassword", async () => {
    const { api, admin } = await serving();
    const { id } = api.add("email", EMAIL);
    const user = await admin.resetPassword(id, PASSWORD, { sendPassword: true });
    assert.deepEqual([user.id, api.accounts[0]?.password, api.mails.length], [id, PASSWORD, 1]);
    assert.equal((await failure(admin.resetPassword(id, "short"), api)).reason, "PasswordPolicyViolated");
  });

  test("an import and its status", async () => {
    const { api, admin } = await serving();
    const records = [{ email: EMAIL }, { email: "b@user.example" }];
    const { id, status } = await admin.importUsers({ identifier: "email", records });
    assert.equal(status, "pending");
    assert.equal((await admin.importTask(id)).status, "pending");
    const task = await admin.importTask(id);
    assert.deepEqual([task.status, task.summary?.inserted], ["completed", 2]);
    assert.deepEqual(
      task.details?.map((it) => [it.index, it.outcome]),
      [
        [0, "inserted"],
        [1, "inserted"],
      ],
    );
    assert.equal((await failure(admin.importTask("none/../x"), api)).reason, "TaskNotFound");
    assert.equal(
      (await failure(admin.importUsers({ identifier: "email", records: [] }), api)).reason,
      "ValidationFailed",
    );
    const before = api.requests.length;
    const large = { identifier: "email" as const, records: [{ email: EMAIL, name: "ä".repeat(250_000) }] };
    assert.match((await failure(admin.importUsers(large), api)).message, /larger than 500 KB/);
    assert.equal(api.requests.length, before);
  });
});
