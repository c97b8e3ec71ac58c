import { createRequire } from "node:module";
import type { YamlDocument } from "../../config/index.js";

const require = createRequire(import.meta.url);

/**
 * Loads the modules that an agent file names under `plugins`, once each: what they add (`levelKinds.add`, `costs.add`
 * …) can then be named in that file and in tasks. Every thread loads them itself.
 * @throws ConfigError if a module cannot be loaded
 */
export function loadPlugins(document: YamlDocument, resolve: (path: string) => string): void {
  const { plugins } = (document.value ?? {}) as { readonly plugins?: unknown };
  if (!Array.isArray(plugins)) return;
  plugins.forEach((path: unknown, i) => {
    if (typeof path !== "string") return; // the schema reports it
    try {
      loadPlugin(resolve(path));
    } catch (error) {
      throw document.error(
        ["plugins", i],
        `got '${path}', want a module that can be loaded: ${(error as Error).message}`,
      );
    }
  });
}

/** Loads one, by its path. */
export function loadPlugin(path: string): void {
  require(path);
}
