import { describe, expect, it } from 'vitest';
import { commitBase } from '../../../src/verbs/base-folders.ts';
import { checkout, committed } from './push-support.ts';

describe('the folder at a commit', () => {
  it('says that the folder is in no git repository, and what else it can be compared with', async () => {
    const { folder } = checkout();
    await expect(commitBase(folder, 'main')).rejects.toMatchObject({
      message: expect.stringContaining('not in a git repository'),
      cure: expect.stringContaining('--lake'),
    });
  });

  it('hands on what git asks for when it refuses for another reason', async () => {
    const here = committed({ 'a.csv': 'o,x,y,1,k,v\n' });
    here.git('config', 'core.repositoryformatversion', '99');
    await expect(commitBase(here.folder, 'HEAD')).rejects.toMatchObject({
      why: expect.stringContaining('99'),
      cure: expect.not.stringContaining('fetch'),
    });
  });

  it('says what to fetch when the commit is not there', async () => {
    const here = committed({ 'a.csv': 'o,x,y,1,k,v\n' });
    const missing = commitBase(here.folder, 'f'.repeat(40));
    await expect(missing).rejects.toMatchObject({ cure: expect.stringContaining('fetch-depth: 2') });
  });
});
