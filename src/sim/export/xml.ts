/** One XML element; numbers and lists of numbers are written in full precision, undefined attributes are omitted. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  children: readonly string[] = [],
): string {
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${escape(typeof value === "object" ? Array.from(value).join(" ") : String(value))}"`,
    )
    .join("");
  return children.length === 0 ? `<${name}${text}/>` : `<${name}${text}>\n${children.join("\n")}\n</${name}>`;
}

export type Attribute = string | number | boolean | ArrayLike<number> | undefined;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** One XML element with a value, as in SDF. */
export function leaf(
  name: string,
  value: Exclude<Attribute, undefined>,
  attributes: Readonly<Record<string, Attribute>> = {},
): string {
  return xml(name, attributes).replace(
    /\/>$/,
    `>${escape(typeof value === "object" ? Array.from(value).join(" ") : String(value))}</${name}>`,
  );
}
