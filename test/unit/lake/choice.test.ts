import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectionOf } from '../../../src/lake/choice.ts';

const checkout = mkdtempSync(join(tmpdir(), 'mydatahub-choice-'));
afterAll(() => rmSync(checkout, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(join(checkout, path, '..'), { recursive: true });
  writeFileSync(join(checkout, path), content);
}

const LOCAL = {
  name: 'local',
  endpoint: 'http://127.0.0.1:5000',
  region: 'us-east-1',
  account_id: '123456789012',
  access_key_id: 'local',
  secret_access_key: 'secret',
  bucket: 'local-lake',
};
write('.mydatahub/lakes/local/lake.json', JSON.stringify(LOCAL));
write('.mydatahub/lakes/second/lake.json', JSON.stringify({ ...LOCAL, bucket: 'second-lake' }));
write(
  'terraform/env/dev.tfvars',
  '# dev\ns3_bucket_name = "my-lake-dev"\naws_region     = "eu-central-1" # Frankfurt\ntags = {\n  team = "data"\n}\n',
);
write('terraform/env/local.tfvars', 'aws_region = "us-east-1"\n');
write('terraform/env/broken.tfvars', 'aws_region = "us-east-1"\n');

describe('the choice of a lake', () => {
  it('is refused without a name, with the running lakes and the environments listed', async () => {
    await expect(connectionOf(undefined, checkout)).rejects.toMatchObject({
      message: 'no lake is chosen',
      cure: expect.stringMatching(/local, local:second.*environments: broken, dev$/),
      exitStatus: 2,
    });
  });

  it('finds a local lake with its endpoint and its own credentials', async () => {
    expect(await connectionOf('local', checkout)).toEqual({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:5000',
      credentials: { accessKeyId: 'local', secretAccessKey: 'secret' },
      bucket: 'local-lake',
    });
    expect(await connectionOf('local:second', checkout)).toMatchObject({ bucket: 'second-lake' });
  });

  it('finds an environment by its tfvars and leaves credentials to the default chain', async () => {
    expect(await connectionOf('dev', checkout)).toEqual({ region: 'eu-central-1', bucket: 'my-lake-dev' });
  });

  it('says how to start a local lake that is not running', async () => {
    await expect(connectionOf('local:third', checkout)).rejects.toMatchObject({
      cure: expect.stringContaining('mydatahub local up --lake local:third'),
    });
  });

  it.each(['prod', '../env/dev', 'local:', 'LOCAL'])('refuses a name that is no lake: %s', async (name) => {
    await expect(connectionOf(name, checkout)).rejects.toMatchObject({ exitStatus: 2 });
  });

  it('says which assignment an environment lacks', async () => {
    await expect(connectionOf('broken', checkout)).rejects.toThrow('does not say its s3_bucket_name');
  });
});
