export const LEARNED_AGENT = "learned"; // its top level plans for the policy `model`

/** The policy that acts in an episode. A folder holds episodes of one policy only. */
export type Policy =
  | { readonly name: "explore" } // `PushExplorer`
  // `ModelExplorer`, with the learned model in `folder`; its manifest's checksum, which seals those of its graphs
  | { readonly name: "model"; readonly folder: string; readonly sha256: string }
  | { readonly name: "ros" }; // tool poses of a real arm, through its agent (`collectRos`)

/** Its metadata in recordings, by key. */
export const policyMetadata = (policy: Policy): Readonly<Record<"policy" | "model", string>> => ({
  policy: policy.name,
  model: policy.name === "model" ? policy.sha256 : "",
});
