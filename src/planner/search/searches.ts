import { Kinds } from "../../core/Kinds.js";
import { cem } from "./Cem.js";
import { mppi } from "./Mppi.js";
import type { SearchKind } from "./Search.js";

/** Searches by the name that `method` of a level's `search` calls them. */
export const searches = new Kinds<SearchKind>("search", { cem, mppi });
