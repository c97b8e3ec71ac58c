import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

/**
 * The file of a mesh that a URDF names, undefined if there is none. It is looked for beside the URDF, in the share
 * folders of ROS packages (AMENT_PREFIX_PATH), by its absolute path; and before all of them in `folder`, where
 * package://NAME/a/b.stl may be NAME/a/b.stl or a/b.stl.
 */
export function meshFinder(urdf: string | undefined, folder?: string): (uri: string) => string | undefined {
  return (uri) => {
    const path = uri.replace(/^(package|file|model):\/\//, ""),
      ofPackage = uri.startsWith("package://");
    const places = [
      ...(folder === undefined ? [] : [join(folder, path), join(folder, path.split("/").slice(1).join("/"))]),
      ...(urdf === undefined ? [] : [resolve(dirname(urdf), path)]),
      ...(ofPackage
        ? (process.env.AMENT_PREFIX_PATH ?? "")
            .split(":")
            .filter(Boolean)
            .map((prefix) => join(prefix, "share", path))
        : []),
      ...(isAbsolute(path) ? [path] : []),
    ];
    return places.find((place) => existsSync(place));
  };
}

/** Its bytes. */
export function meshReader(urdf: string | undefined, folder?: string): (uri: string) => Uint8Array | undefined {
  const find = meshFinder(urdf, folder);
  return (uri) => {
    const file = find(uri);
    return file === undefined ? undefined : readFileSync(file);
  };
}
