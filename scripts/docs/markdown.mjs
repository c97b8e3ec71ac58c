const WIDTH = 120; // columns

export const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");

/** A table; cells are text, escaped by the caller where they are not Markdown. */
export const table = (head, rows) =>
  [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...rows.map((row) => `| ${row.join(" | ")} |`)].join(
    "\n",
  );

/** Breaks each paragraph at 120 columns. */
export const wrap = (text) =>
  text
    .split("\n\n")
    .map((paragraph) => {
      const lines = [""];
      for (const word of paragraph.split(/\s+/)) {
        const last = lines.length - 1;
        if (lines[last] !== "" && [...lines[last]].length + 1 + [...word].length > WIDTH) lines.push(word);
        else lines[last] += (lines[last] && " ") + word;
      }
      return lines.join("\n");
    })
    .join("\n\n");
