/** What unpacks the core in the paste-in file, against zlib. */
import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { constants, deflateRawSync, inflateRawSync, type ZlibOptions } from "node:zlib";
import { unpack } from "../../ts/load.ts";
import { toBase85 } from "../../ts/tool/base85.ts";
import { CORE, INFLATE } from "./core.ts";

const inflate = INFLATE.toString("base64");
const unpacked = (packed: Buffer) => Buffer.from(unpack({ inflate, core: toBase85(packed) }));

const zeros = Buffer.alloc(80_000);
const noise = randomBytes(60_000);
const mixed = Buffer.concat([CORE.subarray(0, 9_000), noise.subarray(0, 9_000), zeros.subarray(0, 9_000), CORE]);
const contents = { nothing: Buffer.alloc(0), "one byte": Buffer.from("a"), core: CORE, zeros, noise, mixed };

const options: { [name: string]: ZlibOptions } = {
  "as the build packs": { level: 9, memLevel: 6 },
  "long blocks": { level: 9, memLevel: 9 },
  "short blocks": { level: 9, memLevel: 1 },
  fast: { level: 1 },
  stored: { level: 0 },
  "fixed codes": { strategy: constants.Z_FIXED },
  "codes alone": { strategy: constants.Z_HUFFMAN_ONLY },
  "runs alone": { strategy: constants.Z_RLE },
  "small window": { windowBits: 9 },
};

for (const [how, option] of Object.entries(options)) {
  test(`unpacks what zlib packs: ${how}`, () => {
    for (const [what, bytes] of Object.entries(contents)) {
      assert.ok(unpacked(deflateRawSync(bytes, option)).equals(bytes), what);
    }
  });
}

test("a text that was cut off unpacks to nothing", () => {
  const packed = deflateRawSync(CORE.subarray(0, 3_000), { level: 9 });
  for (let length = 0; length < packed.length; length += 1 + (length >> 4)) {
    assert.equal(unpacked(packed.subarray(0, length)).length, 0, `${length} of ${packed.length}`);
  }
});

test("more than there is room for unpacks to nothing", () => {
  assert.equal(unpacked(deflateRawSync(Buffer.alloc(128 * 1024 + 1))).length, 0);
  assert.equal(unpacked(deflateRawSync(Buffer.alloc(128 * 1024))).length, 128 * 1024);
});

test("a damaged text ends, and what zlib still takes comes out as zlib has it", () => {
  const packed = deflateRawSync(CORE.subarray(0, 2_000), { level: 9 });
  for (let n = 0; n < 2_000; n++) {
    const damaged = Buffer.from(packed);
    for (let more = n % 3; more >= 0; more--) damaged[randomInt(packed.length)] = randomInt(256);
    const own = unpacked(damaged);
    let expected: Buffer;
    try {
      expected = inflateRawSync(damaged);
    } catch {
      continue;
    }
    assert.ok(own.equals(expected), damaged.toString("base64"));
  }
});

test("what is no base 85 unpacks to nothing", () => {
  for (const core of ["=", "!!!!", "\u{1f600}\u{1f600}", "A".repeat(1_000)]) {
    assert.equal(unpack({ inflate, core }).length, 0, core);
  }
});

test("the paste-in files carry what their sources build", () => {
  for (const name of ["hook", "hook-ses"]) {
    const text = readFileSync(new URL(`../../pkg/${name}.ts`, import.meta.url), "utf8");
    const carried = /^const wasm = \{\n {2}inflate: "(.+)",\n {2}core: "(.+)",\n\};$/m.exec(text);
    assert.ok(Buffer.from(unpack({ inflate: carried?.[1] ?? "", core: carried?.[2] ?? "" })).equals(CORE), name);
  }
});
