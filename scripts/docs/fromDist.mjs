import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST } from "../setup/paths.mjs";

/** Imports a compiled module of src. */
export const fromDist = (path) => import(pathToFileURL(join(DIST, "src", path)).href);
