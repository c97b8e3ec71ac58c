/** Regions of the human body, as ISO/TS 15066 (Annex A) groups them. */
export const bodyRegions = [
  "hand",
  "forearm",
  "upper_arm",
  "chest",
  "abdomen",
  "pelvis",
  "back",
  "skull",
  "face",
] as const;
export type BodyRegion = (typeof bodyRegions)[number];
