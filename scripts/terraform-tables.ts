import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../src/local/toolchain.ts';
import { outputsTable, variablesTable, withTables } from '../src/terraform/tables.ts';

/**
 * Writes the tables of variables and outputs in terraform/README.md from the configuration. With `--check` it writes
 * nothing, and fails when they are not what the configuration says. Usage: terraform-tables.ts [--check]
 */
const folder = join(REPOSITORY, 'terraform');
const file = join(folder, 'README.md');
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.tf'))
  .sort()
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');
const before = readFileSync(file, 'utf8');
const after = withTables(before, {
  variables: variablesTable(sources),
  outputs: outputsTable(sources),
});

if (before === after) console.log('terraform/README.md: the tables say what the configuration says');
else if (process.argv.includes('--check')) {
  console.error(
    'terraform/README.md: the tables differ from the configuration\n  cure: node scripts/terraform-tables.ts',
  );
  process.exitCode = 1;
} else {
  writeFileSync(file, after);
  console.log('terraform/README.md: tables written');
}
