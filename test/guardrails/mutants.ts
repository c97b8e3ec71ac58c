import { handMutants } from "./mutants/hand.js";
import { filterMutants } from "./mutants/filter.js";
import { marginsMutants } from "./mutants/margins.js";
import { admissionMutants } from "./mutants/admission.js";
import { reflexMutants } from "./mutants/reflex.js";
import { kinematicsMutants } from "./mutants/kinematics.js";
import { inputsMutants } from "./mutants/inputs.js";
import type { Mutant } from "./mutants/Mutant.js";

/** Every predicate deleted, signs turned, terms dropped. */
export const mutants: readonly Mutant[] = [
  ...filterMutants,
  ...marginsMutants,
  ...handMutants,
  ...admissionMutants,
  ...reflexMutants,
  ...kinematicsMutants,
  ...inputsMutants,
];
