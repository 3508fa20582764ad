/** Who a call comes from, as AWS names it. */
export type Principal = {
  /** ARN of the user or the role; for a session of a role the role's own. For a service its name (`athena.amazonaws.com`). */
  readonly arn: string;
  /** As GetCallerIdentity answers: `arn:aws:sts::<account>:assumed-role/<role>/<session>` for a role, else the ARN. */
  readonly sessionArn: string;
  /** A service is a part of the lake itself, such as Trino: no policy holds it. */
  readonly kind: 'root' | 'user' | 'role' | 'service';
};

export function userPrincipal(arn: string): Principal {
  return { arn, sessionArn: arn, kind: 'user' };
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
