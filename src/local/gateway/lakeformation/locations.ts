import { AwsError, epochSeconds, type JsonObject } from '../protocol.ts';

/** A registered S3 location. `arn`: `arn:aws:s3:::bucket/prefix`, without a closing slash. */
export type Location = {
  readonly arn: string;
  readonly roleArn: string;
  readonly withFederation: boolean;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
};

/** The S3 locations whose data Lake Formation governs. */
export type Locations = {
  /** Throws AlreadyExistsException. */
  register(location: Location): void;
  /** Throws EntityNotFoundException. */
  update(location: Location): void;
  /** Throws EntityNotFoundException. */
  deregister(arn: string): void;
  /** Throws EntityNotFoundException. */
  get(arn: string): Location;
  /** By ARN. */
  all(): readonly Location[];
  /** The innermost registered location that holds an S3 URL or ARN; `undefined` when none does. */
  of(place: string): Location | undefined;
};

export function createLocations(): Locations {
  const locations = new Map<string, Location>();

  const get = (arn: string): Location => {
    const found = locations.get(arn);
    if (found === undefined) {
      throw new AwsError('EntityNotFoundException', `Entity not found: ${arn} is not registered.`);
    }
    return found;
  };

  return {
    register(location) {
      if (locations.has(location.arn)) {
        throw new AwsError('AlreadyExistsException', 'An AWS Lake Formation resource already exists.');
      }
      locations.set(location.arn, location);
    },
    update(location) {
      get(location.arn);
      locations.set(location.arn, location);
    },
    deregister(arn) {
      get(arn);
      locations.delete(arn);
    },
    get,
    all: () => [...locations.values()].sort((left, right) => (left.arn < right.arn ? -1 : 1)),
    of: (place) =>
      [...locations.values()]
        .filter((location) => isWithin(place, location.arn))
        .sort((left, right) => right.arn.length - left.arn.length)[0],
  };
}

/** Whether an S3 URL or ARN is a location, or lies within it. */
export function isWithin(place: string, locationArn: string): boolean {
  const path = s3Path(place);
  const outer = s3Path(locationArn);
  return path === outer || path.startsWith(`${outer}/`);
}

/** `bucket/prefix` without a closing slash, of `s3://bucket/prefix/` or `arn:aws:s3:::bucket/prefix`. */
function s3Path(place: string): string {
  return place.replace(/^(s3[an]?:\/\/|arn:aws[\w-]*:s3:::)/, '').replace(/\/+$/, '');
}

/** The `ResourceInfo` structure. */
export function locationStructure(location: Location): JsonObject {
  return {
    ResourceArn: location.arn,
    RoleArn: location.roleArn,
    LastModified: epochSeconds(location.lastModified),
    WithFederation: location.withFederation,
    HybridAccessEnabled: false,
    WithPrivilegedAccess: false,
  };
}
