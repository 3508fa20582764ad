import { page } from '../catalog/page.ts';
import { AwsError, type JsonObject, type Operations } from '../protocol.ts';
import type { LakeFormationContext } from './lakeformation.ts';
import { type Location, locationStructure } from './locations.ts';
import { refused } from './refusals.ts';
import { input } from './resource.ts';

/** Register-, Update-, Deregister- and DescribeResource, ListResources. */
export function locationOperations(context: LakeFormationContext): Operations {
  const { locations } = context.permissions;
  const serviceLinked = `arn:aws:iam::${context.accountId}:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess`;

  const arnOf = (call: JsonObject): string => {
    const arn = input.string(call, 'ResourceArn');
    if (!/^arn:aws[\w-]*:s3:::[^/]+/.test(arn)) {
      throw new AwsError('InvalidInputException', `ResourceArn must be that of an S3 location, not ${arn}`);
    }
    return arn.replace(/\/+$/, '');
  };

  const read = async (call: JsonObject): Promise<Location> => {
    for (const member of ['HybridAccessEnabled', 'WithPrivilegedAccess']) {
      if (input.optionalBoolean(call, member) === true) {
        throw new AwsError(
          'UnknownOperationException',
          `The local lake does not model ${member} of a registered location.`,
        );
      }
    }
    const own = input.optionalString(call, 'RoleArn');
    const linked = input.optionalBoolean(call, 'UseServiceLinkedRole') === true;
    if ((own === undefined) === !linked || (own !== undefined && linked)) {
      throw new AwsError('InvalidInputException', 'Either RoleArn or UseServiceLinkedRole must be given');
    }
    if (own !== undefined && !(await context.principalExists(own)))
      throw refused('invalidPrincipal', { name: own });
    return {
      arn: arnOf(call),
      roleArn: own ?? serviceLinked,
      withFederation: input.optionalBoolean(call, 'WithFederation') ?? false,
      lastModified: context.now(),
    };
  };

  return {
    RegisterResource: async (call) => {
      locations.register(await read(call));
      return {};
    },
    UpdateResource: async (call) => {
      locations.update(await read(call));
      return {};
    },
    DeregisterResource: (call) => {
      locations.deregister(arnOf(call));
      return {};
    },
    DescribeResource: (call) => ({ ResourceInfo: locationStructure(locations.get(arnOf(call))) }),
    ListResources: (call) => {
      if (input.list(call, 'FilterConditionList').length > 0) {
        throw new AwsError(
          'UnknownOperationException',
          'The local lake does not model FilterConditionList of ListResources.',
        );
      }
      const { items, next } = page(locations.all(), call);
      return { ResourceInfoList: items.map(locationStructure), ...next };
    },
  };
}
