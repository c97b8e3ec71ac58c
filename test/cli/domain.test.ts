import assert from "node:assert/strict";
import { test } from "node:test";
import { claimDomain } from "../../src/cli/claimDomain.js";
import { telos } from "./telos.js";

test("a number that is no ROS domain is refused with what is wanted, as JSON where that is asked for", async () => {
  const { code, stdout } = await telos(["run", "--domain", "500", "--headless", "--json"]);
  assert.equal(code, 1);
  const { success, error } = JSON.parse(stdout.trim().split("\n").at(-1)!) as { success: boolean; error: string };
  assert.deepEqual(
    [success, error],
    [false, "ROS domain: got 500, want a whole number from 0 to 232 (--domain, or ROS_DOMAIN_ID)"],
  );
  for (const domain of ["233", "-1", "1.5", "", "x"])
    assert.throws(() => claimDomain(domain), /^Error: ROS domain: got .*, want a whole number/);
});
