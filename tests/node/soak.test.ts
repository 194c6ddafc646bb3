/** The soak in small; `make soak` is the large one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { soak } from "../soak/soak.ts";

for (const door of ["serve", "createHook"] as const) {
  for (const dialect of ["resend", "sendgrid"] as const) {
    test(`500 events through ${door}, ${dialect}, one request in five failing: none lost, none doubled`, async (t) => {
      const tally = await soak(door, dialect, 500);
      t.diagnostic(JSON.stringify(tally));
      assert.ok(tally.faults > 50, "faults came");
      assert.equal(tally.repeated > 0, dialect === "resend");
      assert.equal((tally.outcomes.unknown ?? 0) > 0, dialect === "sendgrid");
    });
  }
}
