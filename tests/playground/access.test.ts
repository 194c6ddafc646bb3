/** The page by keyboard alone, as axe sees it, and without anything that jumps. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { ACME, KEY } from "./acme.ts";
import { noBrowser, Playground } from "./page.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Violation = { id: string; nodes: { html: string; failureSummary: string }[] };

async function violations(it: Playground): Promise<string[]> {
  const found = await it.page.evaluate<Violation[]>(
    `${AXE};axe.run({ resultTypes: ["violations"] }).then((it) => it.violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n${failureSummary}`),
  );
}

describe("the playground", { skip: noBrowser }, () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing, ${colorScheme}`, async () => {
      const it = await Playground.open({ colorScheme });
      const assertClean = async (where: string) => assert.deepEqual(await violations(it), [], where);
      await assertClean("empty");
      await it.button("Copy").click({ force: true });
      await assertClean("with what is missing");
      await it.import(
        JSON.stringify({
          ...ACME,
          sms: [{ provider: "twilio", accountSid: "A", authToken: KEY, from: "+15550100" }],
          rules: [{ on: "user.created", when: { roles: ["a"] } }, { on: "user.created" }],
          vars: { team: "A" },
          deadLetter: { url: "https://a.example", secret: KEY },
        }),
      );
      for (const section of ["Message", "Languages", "Who gets it", "More"]) await it.section(section);
      await it.page.locator(".cm-editor").first().waitFor();
      await it.page.locator("details").evaluateAll((all) => {
        for (const details of all) (details as HTMLDetailsElement).open = true;
      });
      await assertClean("all sections");
      for (const tab of ["Why", "Request", "Message"]) {
        await it.tab(tab);
        await assertClean(tab);
      }
      for (const event of ["phone", "username", "own"]) {
        await it.field("event").selectOption(event);
        await assertClean(event);
      }
      await it.field("event").selectOption("guide");
      await it.page.locator(".toggle").getByText("Dark").click();
      await it.page.locator(".toggle").getByText("Text").click();
      await assertClean("dark mail as text");
      await it.field("url").fill("no URL");
      await it.field("messages.invite.en.subject").fill("{nmae}");
      await it.field("url").focus();
      await assertClean("with errors");
      await it.tab("JSON");
      await it.page.locator(".cm-editor").first().waitFor();
      await assertClean("JSON");
      await it.button("Import").click();
      await assertClean("import");
      await it.close();
    });
  }

  for (const width of [320, 390])
    test(`nothing that can be chosen is cut off, ${width} pixels wide`, async () => {
      const it = await Playground.open({ viewport: { width, height: 844 } });
      const cut = () =>
        it.page.locator("select").evaluateAll((all) =>
          all.flatMap((select) => {
            const { id, clientWidth } = select as HTMLSelectElement;
            const wanted = select.cloneNode(true) as HTMLSelectElement;
            for (const option of [...wanted.options]) if (!option.selected) option.remove();
            wanted.style.cssText = "position: absolute; width: auto; flex: none";
            document.body.append(wanted);
            const { width } = wanted.getBoundingClientRect();
            wanted.remove();
            return clientWidth + 2 < width ? [`${id}: ${clientWidth} of ${width}`] : [];
          }),
        );
      assert.deepEqual(await cut(), []);
      await it.addSender("email", "resend");
      await it.field("add-email").selectOption("sparkpost");
      await it.field("event").selectOption("oauth");
      assert.deepEqual(await cut(), []);
      assert.equal(await it.page.evaluate("document.documentElement.scrollWidth"), width);
      await it.close();
    });

  test("a keyboard is enough", async () => {
    const it = await Playground.open({ permissions: ["clipboard-read", "clipboard-write"] });
    const { keyboard } = it.page;
    const focus = () => it.page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || "");
    /** Steps on until something has the focus. */
    const tabTo = async (wanted: string | RegExp) => {
      for (let steps = 0; steps < 80; steps++) {
        await keyboard.press("Tab");
        const here = await focus();
        if (typeof wanted === "string" ? here === wanted : wanted.test(here)) return;
      }
      assert.fail(`Tab never came to ${wanted}; it is at ${await focus()}`);
    };
    await tabTo("serviceName");
    await keyboard.type("Acme");
    await tabTo("url");
    await keyboard.type("https://accounts.acme.example");
    await tabTo("add-email");
    await keyboard.type("Resend");
    await tabTo(/^Add e-mail/);
    await keyboard.press("Enter");
    // The new field gets the focus as soon as it is there.
    await it.page.waitForFunction(() => document.activeElement?.id === "email[0].apiKey");
    await keyboard.type(KEY);
    await tabTo("email[0].from");
    await keyboard.type("a@acme.example");
    await tabTo(/^Message/);
    await keyboard.press("Enter");
    await it.page.locator(".cm-editor").first().waitFor();
    await tabTo("messages.invite.en.subject");
    await keyboard.press("Control+a");
    await keyboard.type("Hello {service_n");
    await it.page.locator(".cm-tooltip-autocomplete").waitFor();
    await it.page.waitForTimeout(150);
    await keyboard.press("Enter");
    await tabTo("messages.invite.en.text");
    await tabTo("tab-message");
    await keyboard.press("ArrowRight");
    assert.equal(await focus(), "tab-why");
    await it.page.getByText("A rule matched").waitFor();
    await keyboard.press("ArrowLeft");
    await tabTo("Copy");
    await keyboard.press("Enter");
    await it.page.getByText("Copied. Paste it into the Portal.").waitFor();
    const file = await it.page.evaluate(() => navigator.clipboard.readText());
    assert.match(file, /subject: "Hello \{service_name\}"/);
    await it.close();
  });

  test("what is wrong is said at its field, and the list leads there", async () => {
    const it = await Playground.open();
    assert.deepEqual(await it.problems("serviceName"), [], "what was not touched yet is no mistake");
    await it.button("Copy").click({ force: true });
    assert.deepEqual(await it.problems("serviceName"), ["is missing"]);
    await it.import(
      JSON.stringify({
        ...ACME,
        email: [{ provider: "resend", apiKey: "a b", from: "Acme" }],
        rules: [{ on: "user.pre_create", locale: "xx" }],
        deadLetter: { url: "http://a", secret: "s" },
        messages: { invite: { de: { text: "Hallo\n  {nmae}" } } },
      }),
    );
    assert.match(`${await it.problems("email[0].apiKey")}`, /plain ASCII without spaces/);
    assert.match(`${await it.problems("email[0].from")}`, /must be an e-mail address/);
    for (const [path, problem] of [
      ["rules[0].on", /is a blocking event/],
      ["rules[0].locale", /no text in it/],
      ["deadLetter.url", /must be a URL/],
      ["messages.invite.de.text", /^line 2, column 3: unknown placeholder \{nmae\}; did you mean \{name\}\?$/],
    ] as const) {
      await it.page.getByRole("button", { name: path }).click();
      await it.field(path).waitFor();
      assert.match(`${await it.problems(path)}`, problem);
      await it.page.waitForFunction((id) => document.activeElement?.id === id, path);
      assert.equal(await it.field(path).getAttribute("aria-invalid"), "true");
    }
    await it.page.locator(".cm-lintRange-error").filter({ hasText: "{nmae}" }).waitFor();
    await it.close();
  });

  test("form and JSON are in step", async () => {
    const it = await Playground.open();
    await it.field("serviceName").fill("Acme");
    await it.tab("JSON");
    const editor = it.page.locator(".cm-content");
    await editor.waitFor();
    assert.equal(await it.json(), '{\n  "serviceName": "Acme"\n}');
    await editor.fill('{ "serviceName": "Acme", "url": "https://a.example", "oauthEmail": true');
    await it.page.getByText("is no JSON from here on").first().waitFor();
    await it.tab("Form");
    await it.button("Mend it").click();
    await editor.waitFor();
    await editor.press("Control+End");
    await it.page.keyboard.type("}");
    await it.tab("Form");
    assert.equal(await it.field("url").inputValue(), "https://a.example");
    await it.section("More");
    assert.equal(await it.field("oauthEmail").isChecked(), true);
    await it.close();
  });

  test("JSON with a mistake is told everywhere, and is no file", async () => {
    const it = await Playground.open();
    await it.import(JSON.stringify(ACME));
    await it.page.getByText("Ready to paste").waitFor();
    await it.tab("JSON");
    const editor = it.page.locator("#json.cm-content");
    for (const broken of ['{ "serviceName": "Other", ', "[]"]) {
      await editor.fill(broken);
      await it.button("One thing to mend").waitFor();
      for (const name of ["Copy", "Download"])
        assert.equal(await it.button(name).getAttribute("aria-disabled"), "true", name);
      await it.page.getByText("This is of the configuration before it.").waitFor();
      assert.equal(await it.page.locator(".stale .mail").count(), 1);
      assert.deepEqual(await violations(it), []);
    }
    await it.tab("Form");
    await it.page.getByText("The JSON that you typed has a mistake.").waitFor();
    assert.deepEqual(await violations(it), []);
    await it.button("Copy").click({ force: true });
    await it.page.waitForFunction(() => document.activeElement?.id === "json");
    await it.tab("Form");
    await it.field("serviceName").fill("Form");
    await it.page.getByText("Ready to paste").waitFor();
    assert.equal(await it.page.getByText("has a mistake").count(), 0);
    await it.close();
  });

  test("no letter is lost, however fast it is typed", async () => {
    const it = await Playground.open();
    await it.section("Message");
    await it.page.locator(".cm-editor").first().waitFor();
    const typed = "The quick brown fox jumps over the lazy dog. ".repeat(4);
    for (const part of ["subject", "sms"]) {
      await it.field(`messages.invite.en.${part}`).focus();
      await it.page.keyboard.press("Control+a");
      await it.page.keyboard.type(typed);
    }
    await it.tab("JSON");
    await it.page.locator("#json").waitFor();
    assert.deepEqual(JSON.parse(await it.json()).messages.invite.en, { subject: typed, sms: typed });
    await it.close();
  });

  test("nothing jumps while it loads, and its first file is small", async () => {
    const it = await Playground.open({ http: true });
    const shift = await it.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 300);
        }),
    );
    assert.equal(shift, 0);
    assert.deepEqual(
      it.requests.filter((url) => url.startsWith("http")).map((url) => new URL(url).pathname),
      ["/"],
    );
    await it.close();
  });
});
