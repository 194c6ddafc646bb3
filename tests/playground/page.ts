/** The playground in a real browser, watched: nothing may leave it, and nothing may go wrong in it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { servePlayground } from "../../ts/tool/serve-playground.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CHROMIUM_ARGS: string[] = JSON.parse(readFileSync(join(ROOT, "ts/tool/webdriver.json"), "utf8"))[
  "goog:chromeOptions"
].args;
const executablePath = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));
export const noBrowser = !executablePath && process.env.CI !== "true" && "no Chromium on PATH";

export const FILE = new URL("../../pkg/playground/index.html", import.meta.url).href;

let browser: Promise<Browser> | undefined;
let server: ReturnType<typeof servePlayground> | undefined;
after(async () => {
  await (await browser)?.close();
  (await server)?.server.close();
});

/** The page, opened from its file or, by `http`, from this machine. */
export class Playground {
  /** All that the browser was asked to load, but for what the page's policy stopped. */
  readonly requests: string[] = [];
  readonly errors: string[] = [];

  private constructor(readonly page: Page) {
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("requestfailed", (request) => {
      if (request.failure()?.errorText === "csp") this.requests.splice(this.requests.indexOf(request.url()), 1);
    });
    page.on("pageerror", (error) => this.errors.push(`${error}`));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
  }

  static async open(options: BrowserContextOptions & { http?: boolean; fragment?: string } = {}): Promise<Playground> {
    const { http = false, fragment = "", ...context } = options;
    browser ??= chromium.launch({ ...(executablePath && { executablePath }), args: CHROMIUM_ARGS });
    const playground = new Playground(await (await browser).newPage(context));
    if (http) server ??= servePlayground();
    await playground.page.goto((http ? (await server)?.url : FILE) + fragment);
    await playground.button("Copy", "Take the file").waitFor();
    return playground;
  }

  /** Ends it; nothing may have been asked of anybody, and nothing gone wrong. */
  async close({ errors = [] as RegExp[] } = {}): Promise<void> {
    const own = /^(data:|blob:|about:srcdoc|file:\/\/\/.*\/pkg\/playground\/|http:\/\/127\.0\.0\.1:\d+\/)/;
    assert.deepEqual(
      this.requests.filter((it) => !own.test(it)),
      [],
    );
    assert.deepEqual(
      this.errors.filter((it) => !errors.some((known) => known.test(it))),
      [],
    );
    await this.page.context().close();
  }

  field(path: string) {
    return this.page.locator(`[id="${path}"]`);
  }

  button(name: string, region?: string) {
    const within = region ? this.page.getByRole("region", { name: region }) : this.page;
    return within.getByRole("button", { name, exact: true });
  }

  async addSender(channel: "email" | "sms", provider: string): Promise<void> {
    await this.field(`add-${channel}`).selectOption(provider);
    await this.button(`Add ${channel === "email" ? "e-mail" : "SMS"}`).click();
  }

  async section(title: string): Promise<void> {
    await this.page.locator("summary", { hasText: title }).first().click();
  }

  async tab(name: string): Promise<void> {
    await this.page.getByRole("tab", { name }).click();
  }

  async import(text: string): Promise<void> {
    await this.button("Import").click();
    await this.field("import-text").fill(text);
    await this.page.getByRole("dialog").getByRole("button", { name: "Import" }).click();
  }

  /** What Download saves. */
  async file(): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent("download"), this.button("Download").click()]);
    return readFileSync(await download.path(), "utf8");
  }

  /** The errors under a field. */
  async problems(path: string): Promise<string[]> {
    return this.page.locator(`[id="${path}-error"] li`).allTextContents();
  }

  /** What stands in the JSON editor. */
  async json(): Promise<string> {
    return (await this.page.locator("#json .cm-line").allTextContents()).join("\n");
  }

  mail() {
    return this.page.frameLocator("iframe");
  }
}
