export const LEARNED_AGENT = "learned"; // whose top level plans where a model acts

/** Who acts in an episode; a folder holds episodes of one policy alone. */
export type Policy =
  | { readonly name: "explore" } // `PushExplorer`
  // `ModelExplorer`, with the learned model in `folder`; its manifest's checksum, which seals those of its graphs
  | { readonly name: "model"; readonly folder: string; readonly sha256: string }
  | { readonly name: "ros" }; // a true arm's tool poses, by its agent (`collectRos`)

/** What recordings say of it, by key. */
export const policyMetadata = (policy: Policy): Readonly<Record<"policy" | "model", string>> => ({
  policy: policy.name,
  model: policy.name === "model" ? policy.sha256 : "",
});
