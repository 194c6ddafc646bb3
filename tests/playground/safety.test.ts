/** What the page must never do: run what others wrote, ask the network, keep or hand on a secret. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { SAMPLES } from "../../ts/samples.ts";
import { startCapture } from "../servers/capture.ts";
import { ACME, KEY } from "./acme.ts";
import { FILE, noBrowser, Playground } from "./page.ts";

/** What asks `evil` for something in every way. */
const attack = (evil: string) => `<img src="${evil}/a.png" onerror="parent.wasRun=1"><script>parent.wasRun = 1</script>
  <link rel="stylesheet" href="${evil}/a.css"><iframe src="${evil}/"></iframe>
  <style>@import "${evil}/b.css"; body { background: url(${evil}/c.png) }</style>
  <form action="${evil}/"><button id="send">Send</button></form>
  <a id="away" href="${evil}/" target="_top">Away</a><a id="here" href="${evil}/">Here</a>
  <meta http-equiv="refresh" content="0; url=${evil}/">`;

const ATTACK = attack("https://evil.example");

describe("the playground", { skip: noBrowser }, () => {
  test("has a policy that allows its own script and nothing from the network", () => {
    const page = readFileSync(new URL(FILE), "utf8");
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    assert.match(
      policy ?? "",
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}=' 'self' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'$/,
    );
  });

  test("shows a hostile name as text, and runs nothing", async () => {
    const it = await Playground.open();
    await it.import(
      JSON.stringify({
        ...ACME,
        vars: { team: ATTACK },
        messages: { invite: { en: { text: "Hi {name}{team}\n\n{url}", subject: "{team}" } } },
      }),
    );
    await it.field("event").selectOption("hostile");
    for (const tab of ["Why", "Request", "Message"]) await it.tab(tab);
    await it.page.getByText("Placeholders").isVisible();
    const body = it.mail().locator("body");
    assert.match(`${await body.textContent()}`, /<script>parent\.wasRun = 1<\/script>/);
    assert.equal(await body.locator("script, img, iframe, form").count(), 0);
    assert.equal(await it.page.evaluate("window.wasRun"), undefined);
    await it.close();
  });

  test("lets HTML of the user's own neither run, nor load, nor lead away", async (t) => {
    const evil = await startCapture({ status: 200, body: "" });
    t.after(() => evil.close());
    const it = await Playground.open();
    const html = `<!doctype html><p>Hello</p>${attack(evil.origin)}`;
    await it.import(JSON.stringify({ ...ACME, messages: { invite: { en: { html } } } }));
    const here = it.page.url();
    const mail = it.mail();
    await mail.getByText("Hello").waitFor();
    for (const id of ["#away", "#here", "#send"])
      await mail
        .locator(id)
        .click({ force: true, noWaitAfter: true, timeout: 2000 })
        .catch(() => {});
    assert.equal(await it.page.evaluate("window.wasRun"), undefined);
    assert.equal(it.page.url(), here);
    await it.close({ errors: [/sandbox|Content Security Policy/] });
    assert.deepEqual(evil.requests, []);
  });

  test("keeps no secret in a link or in the browser, and nothing at all unasked", async () => {
    const it = await Playground.open({ http: true, permissions: ["clipboard-read", "clipboard-write"] });
    const other = { ...ACME.email[0], apiKey: undefined, apikey: KEY, endpoint: "https://eu.provider.example" };
    const deadLetter = { url: `https://hooks.example/${KEY}`, secret: KEY };
    await it.import(
      JSON.stringify({ ...ACME, email: [...ACME.email, other], deadLetter, webhook: { secrets: [KEY] } }),
    );
    const stored = () =>
      it.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie }));
    assert.equal(await stored(), '{"cookie":""}');
    await it.button("Copy link").click();
    await it.page.getByText("The link holds no keys.").waitFor();
    const link = await it.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(link, it.page.url());
    await it.page.getByRole("checkbox", { name: "Remember here" }).check();
    assert.match(await stored(), /accounts\.acme\.example/);
    assert.ok(!(await stored()).includes(KEY));

    const again = await Playground.open({ http: true, fragment: new URL(link).hash });
    assert.equal(await again.field("serviceName").inputValue(), "Acme");
    await again.page.getByText("It would give your keys to https://eu.provider.example").waitFor();
    await again.tab("JSON");
    await again.page.locator(".cm-editor").waitFor();
    const json = JSON.parse(await again.json());
    assert.ok(!JSON.stringify(json).includes(KEY));
    assert.deepEqual(json.email[0], { provider: "resend", from: "Acme <no-reply@acme.example>" });
    await again.close();

    await it.page.reload();
    await it.page.goto(it.page.url().replace(/#.*/, ""));
    assert.equal(await it.field("serviceName").inputValue(), "Acme");
    assert.equal(await it.field("email[0].apiKey").inputValue(), "");
    await it.page.getByRole("checkbox", { name: "Remember here" }).uncheck();
    assert.equal(await stored(), '{"cookie":""}');
    await it.close();
  });

  test("shows each provider's request without a secret", async () => {
    const from = "a@acme.example";
    const it = await Playground.open();
    const email = [
      ...ACME.email,
      { provider: "mailgun", apiKey: KEY, domain: "mail.acme.example", from },
      { provider: "mailjet", apiKey: KEY, secretKey: KEY, from },
      { provider: "postmark", serverToken: KEY, from },
      { provider: "ses", region: "eu-west-1", accessKeyId: "AKIA", secretAccessKey: KEY, sessionToken: KEY, from },
    ];
    const sms = [
      { provider: "vonage", apiKey: KEY, apiSecret: KEY, from: "Acme" },
      { provider: "twilio", accountSid: "AC1", authToken: KEY, from: "+15550100" },
    ];
    await it.import(JSON.stringify({ ...ACME, email, sms }));
    await it.tab("Request");
    for (const [event, masked] of [
      ["guide", 4],
      ["phone", 2],
    ] as const) {
      await it.field("event").selectOption(event);
      const requests = await it.page.locator(".request pre").allTextContents();
      assert.equal(requests.length, event === "guide" ? 5 : 2);
      assert.equal(
        requests.filter((it) => /\*\*\*(apiKey|secretKey|serverToken|apiSecret|authToken)\*\*\*/.test(it)).length,
        masked,
      );
      const page = await it.page.evaluate(() => document.body.textContent ?? "");
      for (const form of [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString("base64").slice(4, 20)])
        assert.ok(!page.includes(form), form);
    }
    await it.close();
  });

  test("takes any event that is pasted, sound or not", async () => {
    const it = await Playground.open();
    await it.import(JSON.stringify(ACME));
    await it.field("event").selectOption("own");
    await it.page.locator(".cm-editor").first().waitFor();
    const { payload, ...rest } = SAMPLES.guide;
    for (const [text, shown] of [
      [JSON.stringify(SAMPLES.disabled), /The user is disabled/],
      [JSON.stringify({ ...rest, payload: {} }), /neither an e-mail address nor a phone number/],
      ["{", /line 1, column 2: is no JSON/],
      ["[]", /no event type/],
      ["null", /no event type/],
      ['"\\ud800"', /no event type/],
      [JSON.stringify({ type: ATTACK }), /No rule is for this type/],
      [JSON.stringify({ ...rest, payload: { user: 7, identities: [[], null, 7] } }), /Nothing is sent/],
    ] as const) {
      await it.field("own-event").fill(text);
      await it.page.getByRole("region", { name: "Preview" }).getByText(shown).first().waitFor();
      if (text === "{") continue;
      await it.tab("Why");
      await it.tab("Message");
    }
    await it.close();
  });
});
