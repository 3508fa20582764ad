import { describe, expect, it } from 'vitest';
import { parseVersion, requireVersion } from '../../../src/terraform/version.ts';

describe('the installed Terraform', () => {
  it('is read from the answer of terraform version', () => {
    expect(parseVersion('{"terraform_version":"1.11.4","platform":"linux_amd64"}')).toBe('1.11.4');
  });

  it.each(['1.10.0', '1.11.4', '1.14.0-beta2'])('is accepted from 1.10 on: %s', (version) => {
    expect(() => requireVersion(version)).not.toThrow();
  });

  it.each(['0.15.5', '1.9.8', '2.0.0'])(
    'is refused with the cure when it cannot do S3 lock files: %s',
    (version) => {
      expect(() => requireVersion(version)).toThrow(
        new RegExp(`Terraform ${version} is installed.*\n.*why.*\n.*cure`),
      );
    },
  );
});
