/** What the DNS says of the domain that mails are from. */
import { Resolver } from "node:dns/promises";
import type { Config } from "../../config.ts";
import { type Finding, PATIENCE_MS } from "./finding.ts";

/** For each server in turn. */
const TRY_MS = 2_000;
/** Codes of c-ares that mean: there is none. */
const NONE = new Set(["ENODATA", "ENOTFOUND"]);

/** The domains of the senders' addresses, in ASCII. */
export function domainsOf({ email = [] }: Config): string[] {
  const domains = email.flatMap(({ from }) => {
    const domain = (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).split("@").at(-1)?.trim() ?? "";
    return URL.canParse(`http://${domain}`) ? [new URL(`http://${domain}`).hostname] : [];
  });
  return [...new Set(domains)];
}

/** `server` is asked instead of the system's. A wrong DNS is nothing that this machine could not send for. */
export async function domain(name: string, server: string | undefined): Promise<Finding[]> {
  const check = `dns ${name}`;
  const resolver = new Resolver({ timeout: TRY_MS, tries: 2 });
  // Silent servers are asked one after another, longer each time, and keep the process alive until then.
  const timer = setTimeout(() => resolver.cancel(), PATIENCE_MS);
  if (server !== undefined) resolver.setServers([server]);
  try {
    const [spf, dmarc, mx] = await Promise.all([
      texts(resolver, name, /^v=spf1( |$)/i),
      // A domain has its organization's where it has none of its own.
      Promise.all(parents(name).map((it) => texts(resolver, `_dmarc.${it}`, /^v=DMARC1 *(;|$)/i))),
      some(resolver.resolveMx(name)),
    ]);
    const seen = [
      spf.length > 0 && "SPF",
      dmarc.some((it) => it.length > 0) && "DMARC",
      mx.length > 0 ? "MX" : "no MX: nobody can answer the mail",
    ];
    const findings: Finding[] = [{ check, level: "ok", seen: seen.filter(Boolean).join(", ") }];
    if (spf.length === 0)
      findings.push({
        check,
        level: "warning",
        seen: "no SPF record (TXT v=spf1)",
        todo: "see the provider's page on domains; some keep it on a subdomain",
      });
    if (spf.length > 1)
      findings.push({ check, level: "warning", seen: "several SPF records, so none counts", todo: "join them in one" });
    if (!dmarc.some((it) => it.length > 0))
      findings.push({
        check,
        level: "warning",
        seen: "no DMARC record (TXT at _dmarc)",
        todo: "add one, such as v=DMARC1; p=none: large mailboxes refuse or hide mail without it",
      });
    return findings;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return [
      { check, level: "warning", seen: `the DNS could not be asked (${code === "ECANCELLED" ? "ETIMEOUT" : code})` },
    ];
  } finally {
    clearTimeout(timer);
    resolver.cancel();
  }
}

/** The domain and those above it, down to two labels. */
function parents(name: string): string[] {
  const labels = name.split(".");
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, i) => labels.slice(i).join("."));
}

const texts = async (resolver: Resolver, name: string, wanted: RegExp) =>
  (await some(resolver.resolveTxt(name))).map((pieces) => pieces.join("")).filter((text) => wanted.test(text));

async function some<T>(records: Promise<T[]>): Promise<T[]> {
  return records.catch((error) => {
    if (NONE.has(error.code)) return [];
    throw error;
  });
}
