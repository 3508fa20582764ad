import { describe, expect, test } from 'vitest';
import { createBudgets } from '../../../src/local/gateway/budgets.ts';
import type { JsonObject } from '../../../src/local/gateway/protocol.ts';
import { USER } from './callers.ts';

const ACCOUNT = '123456789012';
const at = { AccountId: ACCOUNT, BudgetName: 'lake' };
const NOTIFICATION = { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 80 };
const TOPIC = { SubscriptionType: 'SNS', Address: 'arn:aws:sns:us-east-1:123456789012:alerts' };

async function budget() {
  const operations = createBudgets(ACCOUNT);
  const call = async (operation: string, input: JsonObject): Promise<JsonObject> => {
    const run = operations[operation];
    if (run === undefined) throw new Error(`${operation} is not modelled`);
    return await run(input, USER);
  };
  await call('CreateBudget', {
    AccountId: ACCOUNT,
    Budget: {
      BudgetName: 'lake',
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: '50', Unit: 'USD' },
    },
    ResourceTags: [{ Key: 'Project', Value: 'mydatahub' }],
  });
  return call;
}

describe('a budget', () => {
  test('is answered with what AWS fills in, and has spent nothing', async () => {
    const call = await budget();
    expect(await call('DescribeBudget', at)).toMatchObject({
      Budget: {
        BudgetLimit: { Amount: '50', Unit: 'USD' },
        CostTypes: { IncludeTax: true, UseBlended: false },
        TimePeriod: { End: 3_706_473_600 },
        CalculatedSpend: { ActualSpend: { Amount: '0.0', Unit: 'USD' } },
      },
    });
    expect(
      await call('ListTagsForResource', { ResourceARN: `arn:aws:budgets::${ACCOUNT}:budget/lake` }),
    ).toEqual({ ResourceTags: [{ Key: 'Project', Value: 'mydatahub' }] });
    await expect(
      call('CreateBudget', { AccountId: ACCOUNT, Budget: { BudgetName: 'lake' } }),
    ).rejects.toMatchObject({
      code: 'DuplicateRecordException',
    });
  });

  test('tells its notifications apart by type, comparison and threshold', async () => {
    const call = await budget();
    await call('CreateNotification', { ...at, Notification: NOTIFICATION, Subscribers: [TOPIC] });
    await expect(
      call('CreateNotification', { ...at, Notification: NOTIFICATION, Subscribers: [TOPIC] }),
    ).rejects.toMatchObject({ code: 'DuplicateRecordException' });
    expect(await call('DescribeNotificationsForBudget', at)).toEqual({
      Notifications: [{ ...NOTIFICATION, ThresholdType: 'PERCENTAGE', NotificationState: 'OK' }],
    });
    expect(await call('DescribeSubscribersForNotification', { ...at, Notification: NOTIFICATION })).toEqual({
      Subscribers: [TOPIC],
    });
    await call('DeleteNotification', { ...at, Notification: NOTIFICATION });
    await expect(
      call('DescribeSubscribersForNotification', { ...at, Notification: NOTIFICATION }),
    ).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('is unknown once it was deleted', async () => {
    const call = await budget();
    await call('DeleteBudget', at);
    await expect(call('DescribeBudget', at)).rejects.toMatchObject({ code: 'NotFoundException' });
  });
});
