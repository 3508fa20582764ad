/** Who a call comes from, as AWS names it. */
export type Principal = {
  /** ARN of the user or the role; for a session of a role the role's own. For a service its name (`athena.amazonaws.com`). */
  readonly arn: string;
  /** As GetCallerIdentity answers: `arn:aws:sts::<account>:assumed-role/<role>/<session>` for a role, else the ARN. */
  readonly sessionArn: string;
  /**
   * A service is a part of the lake itself, such as Trino: no policy holds it. Somebody federated holds the token of an
   * identity provider, whose ARN it has here, and no key.
   */
  readonly kind: 'root' | 'user' | 'role' | 'service' | 'federated';
};

export function userPrincipal(arn: string): Principal {
  return { arn, sessionArn: arn, kind: 'user' };
}

export function federatedPrincipal(providerArn: string): Principal {
  return { arn: providerArn, sessionArn: providerArn, kind: 'federated' };
}

export function servicePrincipal(name: string): Principal {
  return { arn: name, sessionArn: name, kind: 'service' };
}

/** A role's session. The session's ARN has the role's name without its path. */
export function rolePrincipal(roleArn: string, sessionName: string): Principal {
  const [, , , , account = '', resource = ''] = roleArn.split(':');
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  return {
    arn: roleArn,
    sessionArn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`,
    kind: 'role',
  };
}
