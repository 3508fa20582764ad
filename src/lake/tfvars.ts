/** Assignments of quoted texts in a .tfvars file: `name = "text"` on one line. All else in the file is left aside. */
export function tfvarsTexts(content: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const line of content.split('\n')) {
    const match = /^\s*([A-Za-z_][\w-]*)\s*=\s*("(?:[^"\\]|\\.)*")\s*(?:#.*|\/\/.*)?$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    texts.set(match[1], JSON.parse(match[2]) as string);
  }
  return texts;
}
