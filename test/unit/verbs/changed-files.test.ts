import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedFiles } from '../../../src/verbs/changed-files.ts';
import { type Checkout, checkout } from './push-support.ts';

/** A work tree of two commits, of which the second one changes `files`. */
function changing(...files: string[]): Checkout {
  const here = checkout();
  here.git('init', '--quiet');
  here.write('terraform/main.tf', '');
  here.commit(1_700_000_000);
  for (const file of files) here.write(file, 'changed\n');
  here.commit(1_700_000_060);
  return here;
}

describe('changed files', () => {
  it('are told as the folder sees them, also those beside it', async () => {
    const { folder } = changing('terraform/env/dev ä.tfvars', 'jars/pom.xml', 'README.md');
    const found = await changedFiles(join(folder, 'terraform'), 'HEAD^');
    expect(found.sort()).toEqual(['../README.md', '../jars/pom.xml', 'env/dev ä.tfvars']);
  });

  it('are told of a folder that is the whole repository', async () => {
    const { folder } = changing('env/dev.tfvars');
    expect(await changedFiles(folder, 'HEAD^')).toEqual(['env/dev.tfvars']);
  });

  it('say what to fetch when the commit is not there', async () => {
    const { folder } = changing();
    await expect(changedFiles(folder, 'f'.repeat(40))).rejects.toMatchObject({
      message: `the commit ${'f'.repeat(40)} cannot be compared with`,
      cure: expect.stringContaining('fetch-depth: 2'),
    });
  });
});
