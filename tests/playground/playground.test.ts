/** The way of a person through the page, from the empty form to a file that sends what was shown. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Config } from "../../ts/config.ts";
import { preview } from "../../ts/index.ts";
import { BUILT_IN } from "../../ts/locales.ts";
import { SAMPLES } from "../../ts/samples.ts";
import { deno1, denoCheck, host, runHook } from "../deno/contract.ts";
import { cli, writeConfig } from "../node/served.ts";
import { folder } from "../node/support.ts";
import { startCapture } from "../servers/capture.ts";
import { ACME, KEY } from "./acme.ts";
import { noBrowser, Playground } from "./page.ts";

const home = folder();

/** What the page puts before a mail in its frame. */
const framed = (html: string) => `<base target="_blank"><meta name="color-scheme" content="light">${html}`;

/** What `authgear-invite build` writes. */
async function built(config: object, locales?: string): Promise<string> {
  const out = join(home, "invite.hook.ts");
  const args = ["build", "--config", writeConfig(join(home, "config.json"), config), "--out", out];
  const { code, stderr } = await cli(locales ? [...args, "--locales", locales] : args);
  assert.equal(code, 0, stderr);
  return readFileSync(out, "utf8");
}

describe("the playground", { skip: noBrowser }, () => {
  for (const http of [false, true]) {
    const from = http ? "http" : "a file";
    test(`from ${from}: an empty form becomes a copied file that sends what was shown`, async (t) => {
      const server = await startCapture({ status: 200, body: '{"id":"m1"}' });
      t.after(() => server.close());
      const it = await Playground.open({ http, permissions: ["clipboard-read", "clipboard-write"] });
      await it.field("serviceName").fill("Acme & Söhne");
      await it.field("url").fill("https://accounts.acme.example");
      await it.addSender("email", "resend");
      await it.field("email[0].apiKey").fill(KEY);
      await it.field("email[0].from").fill("Acme <no-reply@acme.example>");
      await it.page.locator("summary", { hasText: "Endpoint" }).click();
      await it.field("email[0].endpoint").fill(server.origin);
      await it.section("Message");
      const subject = it.field("messages.invite.en.subject");
      await it.page.locator(".cm-editor").first().waitFor();
      await subject.fill("Welcome to {service_name}");
      const shown = await it.page.locator(".mail h3").textContent();
      assert.equal(shown, "Welcome to Acme & Söhne");
      const html = await it.page.locator("iframe").getAttribute("srcdoc");

      await it.button("Copy").click();
      await it.page.getByText("Copied. Paste it into the Portal.").waitFor();
      const file = await it.page.evaluate(() => navigator.clipboard.readText());
      await it.close();

      const checked = await denoCheck(deno1, { "hook.ts": file });
      assert.equal(checked.code, 0, checked.stderr);
      const ran = await runHook(deno1, file, SAMPLES.guide, { net: [host(server.origin)] });
      assert.equal(ran.code, 0, ran.stderr);
      const sent = JSON.parse(`${server.requests[0]?.body}`);
      assert.equal(sent.subject, shown);
      assert.equal(framed(sent.html), html);
    });
  }

  test("its file is, byte for byte, the one that the command builds", async () => {
    const it = await Playground.open();
    const ses = {
      provider: "ses",
      region: "eu-west-1",
      accessKeyId: "AKIA",
      secretAccessKey: KEY,
      from: "a@acme.example",
    };
    const cases: [object, extra: string[], locales?: string][] = [
      [ACME, []],
      [{ ...ACME, rules: [{ on: "user.created", locale: "ja" }], webhook: { secrets: [KEY] } }, []],
      [{ ...ACME, email: [ses], defaultLocale: "ar", vars: { team: "\"'`${1}*/ </script>\n\u2028 é" } }, []],
      [ACME, ["Deutsch", "العربية"], "en,de,ar"],
    ];
    for (const [config, extra, locales] of cases) {
      await it.tab("JSON");
      await it.page.locator("#json.cm-content").fill(JSON.stringify(config));
      await it.tab("Form");
      if (extra.length > 0) await it.section("Languages");
      for (const name of extra) await it.page.getByRole("checkbox", { name }).check();
      assert.equal(await it.file(), await built(config, locales));
    }
    await it.close();
  });

  test("a file that was pasted before is imported, and comes out as it was", async () => {
    const config = { ...ACME, vars: { team: "Support" }, messages: { invite: { ja: { subject: "{team}" } } } };
    const pasted = await built(config, "en,ja,ko");
    const it = await Playground.open();
    await it.button("Import").click();
    const buffer = Buffer.from(pasted);
    await it.field("import-file").setInputFiles({ name: "invite.hook.ts", mimeType: "text/plain", buffer });
    await it.page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>("#import-text")?.value !== "");
    await it.page.getByRole("dialog").getByRole("button", { name: "Import" }).click();
    assert.equal(await it.field("email[0].apiKey").inputValue(), KEY);
    assert.equal(await it.file(), pasted);
    await it.button("Import").click();
    await it.field("import-text").fill("{ serviceName: f() }");
    await it.page.getByRole("dialog").getByRole("button", { name: "Import" }).click();
    await it.page.getByText("Line 1, column 16: only plain values can be read here").waitFor();
    await it.close();
  });

  test("the senders of a channel are tried in turn, and none of the other channel", async () => {
    const it = await Playground.open();
    const note = it.page.locator("summary", { hasText: "Sender" }).locator(".note");
    assert.equal(await note.textContent(), "none yet");
    for (const [channel, provider, told] of [
      ["sms", "vonage", "SMS: Vonage"],
      ["email", "resend", "E-mail: Resend · SMS: Vonage"],
      ["email", "postmark", "E-mail: Resend, then Postmark · SMS: Vonage"],
    ] as const) {
      await it.addSender(channel, provider);
      assert.equal(await note.textContent(), told);
    }
    await it.close();
  });

  test("the message in each built-in language is the one that the core writes", async () => {
    const it = await Playground.open();
    const config: Config = ACME;
    await it.import(JSON.stringify(config));
    for (const tag of Object.keys(BUILT_IN)) {
      await it.field("locale").selectOption(tag);
      if (tag !== "en") await it.button("Add it").click();
      const expected = preview(config, SAMPLES.guide, tag);
      assert.ok(expected.type === "message" && expected.channel === "email");
      assert.equal(await it.page.locator(".mail h3").textContent(), expected.subject);
      assert.equal(await it.page.locator("iframe").getAttribute("srcdoc"), framed(expected.html));
      assert.equal(await it.page.locator(".mail h3").getAttribute("dir"), tag === "ar" ? "rtl" : "ltr");
    }
    await it.close();
  });
});
