import type { JsonObject } from '../protocol.ts';
import { AwsError } from '../protocol.ts';

/** What an identity provider says of the holder of its token. */
export type WebIdentity = {
  /** The issuer without its scheme, as condition keys and the provider's ARN have it. */
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
};

/**
 * Reads a token (JWT). Its signature is not verified: nothing on this machine may ask the issuer for its keys. Issuer,
 * audience and time are. Throws InvalidIdentityToken, ExpiredTokenException.
 *
 * @param now milliseconds since 1970
 */
export function webIdentity(token: string, now: number): WebIdentity {
  const claims = claimsOf(token);
  const { iss, sub, aud, azp, exp } = claims;
  const audience = typeof azp === 'string' ? azp : Array.isArray(aud) ? aud[0] : aud;
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof audience !== 'string') {
    throw invalid('the token has no iss, sub and aud');
  }
  if (typeof exp !== 'number') throw invalid('Missing a required claim: exp');
  if (exp * 1000 <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now / 1000)} must be before the expiration date/time ${exp}`,
      {
        status: 400,
      },
    );
  }
  return { issuer: iss.replace(/^https:\/\//, ''), subject: sub, audience };
}

function claimsOf(token: string): JsonObject {
  const payload = token.split('.')[1];
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims as JsonObject;
  } catch {
    // Falls through to the refusal.
  }
  throw invalid(
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
  );
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message, { status: 400 });
}
