import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, readActionFile, readme, VERBS } from '../../../scripts/action-readmes.ts';
import { readInputs } from '../../../src/actions/inputs.ts';
import { ACTIONS } from '../../../src/actions/main.ts';

it('every folder of actions/ is an action that the bundle knows', () => {
  expect(readdirSync(join(import.meta.dirname, '../../../actions')).sort()).toEqual([...VERBS].sort());
});

const evaluated = (given: string | undefined) => given?.startsWith('${{') === true;

describe.each(VERBS)('actions/%s', (verb) => {
  it('describes exactly the inputs and outputs that the code has', async () => {
    const file = readActionFile(verb);
    const action = await ACTIONS[verb]();
    expect(action.verb).toBe(verb);
    expect(Object.keys(file.inputs).sort()).toEqual(Object.keys(action.inputs).sort());
    expect(Object.keys(file.outputs).sort()).toEqual([...action.outputNames].sort());
    // A default that the runner evaluates gives what would else be required.
    for (const [name, input] of Object.entries(action.inputs))
      expect(file.inputs[name]?.required || evaluated(file.inputs[name]?.default), name).toBe(input.required);
  });

  it('has defaults that mean the same as leaving the input out', async () => {
    const { inputs } = readActionFile(verb);
    const optional = Object.entries((await ACTIONS[verb]()).inputs).filter(([, input]) => !input.required);
    const given = Object.fromEntries(
      optional.map(([name]) => [`INPUT_${name.toUpperCase()}`, inputs[name]?.default ?? '']),
    );
    const read = Object.fromEntries(optional);
    expect(readInputs(verb, read, given)).toEqual(readInputs(verb, read, {}));
  });

  it('runs its own verb, and no other', () => {
    const { runs } = readActionFile(verb);
    const main = readFileSync(join(folderOf(verb), 'main.js'), 'utf8');
    expect(main).toBe(
      `import('../../dist/index.js').then(({ run }) => run('${verb}', import.meta.dirname));\n`,
    );
    expect(existsSync(join(folderOf(verb), 'post.js'))).toBe(runs.post !== undefined);
    expect(runs['post-if']).toBe(runs.post === undefined ? undefined : 'cancelled()');
    if (runs.post === undefined) return;
    const post = readFileSync(join(folderOf(verb), runs.post), 'utf8');
    expect(post).toBe(`import('../../dist/index.js').then(({ post }) => post('${verb}'));\n`);
  });

  it('has the README that action.yml makes (else: make action-readmes)', async () => {
    expect(readFileSync(join(folderOf(verb), 'README.md'), 'utf8')).toBe(await readme(verb));
  });
});
