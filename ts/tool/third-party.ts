/**
 * What pkg/ carries of others: crates that are compiled into its WebAssembly, packages of npm that are bundled into its
 * command. As a notice with their licences, and as an SBOM (CycloneDX). The same sources give the same bytes: no time, no
 * serial number.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One component of others. */
type Component = {
  type: "cargo" | "npm";
  name: string;
  version: string;
  licence: string;
  folder: string;
  authors: string[];
  hash: { alg: "SHA-256" | "SHA-512"; content: string };
  /** Its own needs, of those that are carried: their purls. */
  needs: string[];
};

const TARGET = "wasm32-unknown-unknown";
/** The builds of the crate that pkg/ carries. */
const FEATURES = ["npm", "hook", "inflate"];

/** `inputs`: the files that were bundled, as esbuild's metafile names them. */
export function thirdParty(inputs: string[], own: { name: string; version: string; license: string }) {
  const components = [...crates(), ...packages(inputs)].sort((a, b) => (purl(a) < purl(b) ? -1 : 1));
  return { notice: notice(components, own.name), sbom: `${JSON.stringify(sbom(components, own), null, 2)}\n` };
}

const purl = ({ type, name, version }: Pick<Component, "type" | "name" | "version">) =>
  `pkg:${type}/${name.replace("@", "%40")}@${version}`;

// --- Crates ------------------------------------------------------------------------------------------------------------

type Metadata = {
  packages: {
    id: string;
    name: string;
    version: string;
    license: string;
    authors: string[];
    manifest_path: string;
    targets: { kind: string[] }[];
  }[];
  resolve: { root: string; nodes: { id: string; deps: { pkg: string; dep_kinds: { kind: string | null }[] }[] }[] };
};

/** All that is linked; macros and build scripts run in the compiler and leave nothing of their own. */
function crates(): Component[] {
  const found = new Map<string, Component>();
  for (const feature of FEATURES) {
    const options = ["--locked", "--filter-platform", TARGET, "--no-default-features", "--features", feature];
    const text = execFileSync("cargo", ["metadata", "--format-version", "1", ...options], { maxBuffer: 2 ** 27 });
    const { packages, resolve }: Metadata = JSON.parse(text.toString());
    const byId = new Map(packages.map((it) => [it.id, it]));
    const runs = (id: string) => byId.get(id)?.targets.some(({ kind }) => kind.includes("proc-macro"));
    const needs = (id: string) =>
      (resolve.nodes.find((it) => it.id === id)?.deps ?? [])
        .filter(({ pkg, dep_kinds }) => dep_kinds.some(({ kind }) => kind === null) && !runs(pkg))
        .map(({ pkg }) => pkg);
    const visit = (id: string) => {
      const { name, version, license, authors, manifest_path } = byId.get(id) as Metadata["packages"][0];
      const key = `${name} ${version}`;
      const its = needs(id).map((it) =>
        purl({ type: "cargo", ...(byId.get(it) as { name: string; version: string }) }),
      );
      const before = found.get(key);
      if (before) before.needs = [...new Set([...before.needs, ...its])];
      else {
        const hash = { alg: "SHA-256" as const, content: checksum(name, version) };
        const folder = dirname(manifest_path);
        found.set(key, { type: "cargo", name, version, licence: license, authors, folder, hash, needs: its });
      }
      needs(id).forEach(visit);
    };
    needs(resolve.root).forEach(visit);
  }
  return [...found.values()];
}

function checksum(name: string, version: string): string {
  const entry = `name = "${name}"\nversion = "${version}"\n`;
  const [, after = ""] = readFileSync("Cargo.lock", "utf8").split(entry);
  return (
    /^(?:source = .*\n)?checksum = "(\w+)"/.exec(after)?.[1] ?? fail(`Cargo.lock: no checksum for ${name} ${version}`)
  );
}

// --- Packages of npm ---------------------------------------------------------------------------------------------------

function packages(inputs: string[]): Component[] {
  const names = new Set(inputs.flatMap((it) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(it)?.[1] ?? []));
  const locked = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  return [...names].map((name) => {
    const folder = join("node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const [alg = "", base64 = ""] = String(locked[folder]?.integrity).split("-");
    if (alg !== "sha512" || locked[folder].version !== version) fail(`package-lock.json: ${name} is another one`);
    const content = Buffer.from(base64, "base64").toString("hex");
    return {
      type: "npm",
      name,
      version,
      licence: license,
      folder,
      authors: [],
      hash: { alg: "SHA-512", content },
      needs: [],
    };
  });
}

// --- What is written ---------------------------------------------------------------------------------------------------

function sbom(components: Component[], { name, version, license }: { name: string; version: string; license: string }) {
  const root = purl({ type: "npm", name, version });
  const needed = new Set(components.flatMap(({ needs }) => needs));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: { type: "library", "bom-ref": root, name, version, purl: root, licenses: [{ expression: license }] },
    },
    components: components.map((it) => ({
      type: "library",
      "bom-ref": purl(it),
      name: it.name,
      version: it.version,
      purl: purl(it),
      hashes: [it.hash],
      licenses: [{ expression: expression(it.licence) }],
    })),
    dependencies: [
      { ref: root, dependsOn: components.map(purl).filter((it) => !needed.has(it)) },
      ...components.map((it) => ({ ref: purl(it), dependsOn: it.needs.sort() })),
    ],
  };
}

/** Older crates write `MIT/Apache-2.0`. */
const expression = (licence: string) => licence.replaceAll("/", " OR ");

function notice(components: Component[], name: string): string {
  const [rust] = /(?<=RUST_RECORDED=)\S+/.exec(readFileSync("ts/tool/versions.sh", "utf8")) ?? [];
  const texts = new Map<string, string[]>();
  for (const it of components) {
    const text = licenceText(it);
    texts.set(text, [...(texts.get(text) ?? []), `${it.name} ${it.version}`]);
  }
  const list = components.map((it) => `- ${it.name} ${it.version} (${it.type}): ${expression(it.licence)}`);
  const sections = [...texts].map(([text, names]) => `## ${names.join(", ")}\n\n\`\`\`\n${text}\n\`\`\`\n`);
  return `# What ${name} carries of others

Compiled into its WebAssembly (cargo), or bundled into its command (npm); sbom.cdx.json is the same for machines.

- Rust's standard library ${rust}: MIT OR Apache-2.0, Copyright (c) The Rust Project Contributors
${list.join("\n")}

Where there is a choice of licences it is MIT, where that is one of them.

${sections.join("\n")}`;
}

/** The texts of the licence that was chosen; a crate that comes without gets the MIT licence with its authors' names. */
function licenceText({ name, licence, authors, folder }: Component): string {
  const files = readdirSync(folder)
    .filter((it) => /^(licen[cs]e|copying|unlicense)/i.test(it))
    .sort();
  const one = files
    .filter((it) => /mit/i.test(it))
    .concat(files)
    .slice(0, 1);
  const chosen = licence.includes(" AND ") ? files.filter((it) => !/apache/i.test(it)) : one;
  if (chosen.length === 0 && !licence.includes("MIT")) fail(`${name}: no licence file`);
  const copyright = `Copyright (c) ${authors.join(", ") || `the authors of ${name}`}`;
  const texts = chosen.map((it) => readFileSync(join(folder, it), "utf8"));
  if (texts.length === 0) texts.push(readFileSync("LICENSE-MIT", "utf8").replace(/^Copyright.*/m, copyright));
  return texts
    .map((it) =>
      it
        .replaceAll("\r", "")
        .replace(/[ \t]+$/gm, "")
        .trim(),
    )
    .join("\n\n");
}

function fail(what: string): never {
  throw new Error(what);
}
