/** A block of a configuration in canonical form (`terraform fmt`): its arguments as HCL text, by name. */
type Block = { readonly name: string; readonly arguments: ReadonlyMap<string, string> };

/** A Markdown table of the variables of a configuration, in the order of its text, those without a default first. */
export function variablesTable(configuration: string): string {
  const variables = blocks(configuration, 'variable');
  const needed = variables.filter((variable) => !variable.arguments.has('default'));
  const others = variables.filter((variable) => variable.arguments.has('default'));
  const rows = [...needed, ...others].map((variable) => [
    code(variable.name),
    code(oneLine(argument(variable, 'type'))),
    variable.arguments.has('default') ? code(oneLine(argument(variable, 'default'))) : '**must be set**',
    description(variable),
  ]);
  return table(['variable', 'type', 'default', 'what it is'], rows);
}

/** A Markdown table of the outputs of a configuration. */
export function outputsTable(configuration: string): string {
  const rows = blocks(configuration, 'output').map((output) => [code(output.name), description(output)]);
  return table(['output', 'what it is'], rows);
}

/**
 * Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->` in a Markdown text. Throws when a pair of marks is
 * not there.
 */
export function withTables(markdown: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, content]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from < 0 || to < from)
      throw new Error(`the text has no ${start} … ${end}, between which the table goes`);
    return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
  }, markdown);
}

function blocks(configuration: string, kind: string): Block[] {
  const found = configuration.matchAll(new RegExp(`^${kind} "([a-z0-9_]+)" \\{\\n(.*?)^\\}`, 'gms'));
  return [...found].map(([, name = '', body = '']) => {
    // In canonical form an argument begins after two blanks; deeper lines and a closing bracket belong to the one before.
    const parts = body.matchAll(/^ {2}([a-z_]+) += (.*\n(?:(?: {3}.*| {2}[)\]}]+)\n)*)/gm);
    return { name, arguments: new Map([...parts].map(([, key = '', value = '']) => [key, value.trim()])) };
  });
}

function argument(block: Block, name: string): string {
  const value = block.arguments.get(name);
  if (value === undefined) throw new Error(`${block.name} has no ${name}`);
  return value;
}

function description(block: Block): string {
  const text: unknown = JSON.parse(argument(block, 'description'));
  return String(text).replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function oneLine(value: string): string {
  return value
    .replace(/\s*\n\s*/g, ', ')
    .replaceAll('({, ', '({ ')
    .replaceAll(', })', ' })')
    .replace(/ +/g, ' ');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
