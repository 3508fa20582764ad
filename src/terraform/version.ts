import { z } from 'zod';

const VERSION = z.object({ terraform_version: z.string() });
const OLDEST = { major: 1, minor: 10 };

/** The version in the answer of `terraform version -json`. */
export function parseVersion(json: string): string {
  try {
    return VERSION.parse(JSON.parse(json)).terraform_version;
  } catch {
    throw new Error(
      'the program terraform on the PATH adds words of its own to what it answers\n' +
        '  why:  it is the wrapper of hashicorp/setup-terraform, or another script\n' +
        '  cure: give hashicorp/setup-terraform the input terraform_wrapper: false',
    );
  }
}

/** Throws unless this version can do what the lake's configuration asks: S3 lock files, since 1.10, and no 2.x. */
export function requireVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major === OLDEST.major && minor >= OLDEST.minor) return;
  throw new Error(
    `Terraform ${version} is installed; the lake needs 1.10 or newer, below 2.0\n` +
      '  why:  its state is locked by a file in S3, which older versions cannot do\n' +
      '  cure: install another version (https://developer.hashicorp.com/terraform/install)',
  );
}
