/** `make screenshots`: pictures of the playground, into build/screenshots. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";

const OUT = "build/screenshots";
const PAGE = new URL("../../pkg/playground/index.html", import.meta.url).href;

const FILLED = JSON.stringify({
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "re_123456789", from: "Acme <no-reply@acme.example>" }],
  sms: [{ provider: "twilio", accountSid: "AC123", authToken: "0123456789", from: "+15550100" }],
});

const choose = (id: string, value: string) => (page: Page) => page.locator(`[id="${id}"]`).selectOption(value);
const tab = (name: string) => (page: Page) => page.getByRole("tab", { name }).click();
const open = (title: string) => (page: Page) => page.getByRole("heading", { name: title }).click();
const toggle = (name: string) => (page: Page) => page.locator(".toggle").getByText(name, { exact: true }).click();

async function fill(page: Page) {
  await page.getByRole("button", { name: "Import" }).click();
  await page.locator("#import-text").fill(FILLED);
  await page.locator("dialog").getByRole("button", { name: "Import" }).click();
  await page.locator(".status").evaluate((it) => it.remove());
}

async function texts(page: Page) {
  await page.getByRole("heading", { name: "Message" }).click();
  await page.locator(".cm-editor").first().waitFor();
}

async function spoil(page: Page) {
  await fill(page);
  await texts(page);
  await page.locator("#url").fill("accounts.acme.example");
  await page.locator('[id="messages.invite.en.subject"]').fill("Welcome to {servce_name}");
  await page.locator('[id="email[0].from"]').fill("Acme");
  await page.locator("#serviceName").focus();
}

const WIDE = { viewport: { width: 1440, height: 1000 } };
const NARROW = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const DARK = { colorScheme: "dark" } as const;

const PICTURES: { [name: string]: [BrowserContextOptions, ...((page: Page) => Promise<unknown>)[]] } = {
  "wide-empty": [WIDE],
  "wide-light": [WIDE, fill],
  "wide-dark": [{ ...WIDE, ...DARK }, fill, toggle("Dark")],
  "wide-error": [WIDE, spoil],
  "wide-arabic": [
    WIDE,
    fill,
    choose("locale", "ar"),
    (page) => page.getByRole("button", { name: "Add it" }).click(),
    texts,
    choose("message-locale", "ar"),
  ],
  "wide-why": [WIDE, fill, choose("event", "oauth"), tab("Why")],
  "wide-request": [{ ...WIDE, ...DARK }, fill, tab("Request")],
  "wide-sms": [WIDE, fill, choose("event", "phone")],
  "wide-json": [WIDE, fill, tab("JSON")],
  "wide-messages": [{ ...WIDE, ...DARK }, fill, texts],
  "wide-rules": [WIDE, fill, open("Who gets it"), (page) => page.getByRole("button", { name: "Add a rule" }).click()],
  "wide-more": [{ ...WIDE, ...DARK }, fill, open("Languages"), open("More")],
  "phone-light": [NARROW, fill],
  "phone-dark": [{ ...NARROW, ...DARK }, fill, toggle("Dark")],
};

const executablePath = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));
const { args } = JSON.parse(readFileSync("ts/tool/webdriver.json", "utf8"))["goog:chromeOptions"];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args });
const wanted = process.argv.slice(2);
for (const [name, [options, ...steps]] of Object.entries(PICTURES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const page = await browser.newPage(options);
  page.on("pageerror", (error) => console.error(name, error));
  page.on("console", (message) => message.type() === "error" && console.error(name, message.text()));
  await page.goto(PAGE);
  await page.locator(".bar").waitFor();
  for (const step of steps) await step(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${OUT}/${name}.png` });
  await page.close();
  console.log(`${OUT}/${name}.png`);
}
await browser.close();
