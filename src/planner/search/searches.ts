import { Kinds } from "../../core/Kinds.js";
import { cem } from "./Cem.js";
import { mppi } from "./Mppi.js";
import type { SearchKind } from "./Search.js";

/** Searches by their name in `method` of a level's `search`. */
export const searches = new Kinds<SearchKind>("search", { cem, mppi });
