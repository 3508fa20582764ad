import { inputReader } from './input.ts';
import { AwsError, epochSeconds, type JsonObject, type Operations } from './protocol.ts';

const reader = inputReader('InvalidParameterException');

/** AWS's defaults (Budgets API reference, CostTypes). */
const COST_TYPES: JsonObject = {
  IncludeTax: true,
  IncludeSubscription: true,
  UseBlended: false,
  IncludeRefund: true,
  IncludeCredit: true,
  IncludeUpfront: true,
  IncludeRecurring: true,
  IncludeOtherSubscription: true,
  IncludeSupport: true,
  IncludeDiscount: true,
  UseAmortized: false,
};
/** 2087-06-15, which AWS takes when a budget names no end. */
const NO_END = 3_706_473_600;

type Notification = { readonly members: JsonObject; readonly subscribers: Map<string, JsonObject> };
type Budget = {
  members: JsonObject;
  readonly notifications: Map<string, Notification>;
  readonly tags: Map<string, string>;
};

/** AWS Budgets of a local lake, in memory: kept and answered, but nothing is ever spent here, so none of them warns. */
export function createBudgets(accountId: string): Operations {
  const budgets = new Map<string, Budget>();

  const find = (name: string): Budget => {
    const budget = budgets.get(name);
    if (budget === undefined) {
      throw new AwsError('NotFoundException', `Unable to get budget: ${name} - the budget doesn't exist.`);
    }
    return budget;
  };
  const named = (input: JsonObject): Budget => find(reader.string(input, 'BudgetName'));
  const tagged = (input: JsonObject): Budget => {
    const arn = reader.string(input, 'ResourceARN');
    return find(arn.slice(`arn:aws:budgets::${accountId}:budget/`.length));
  };
  const notified = (input: JsonObject): Notification => {
    const found = named(input).notifications.get(keyOf(reader.object(input, 'Notification')));
    if (found === undefined) throw new AwsError('NotFoundException', 'Unable to get the notification.');
    return found;
  };
  const notify = (budget: Budget, input: JsonObject): void => {
    const members = reader.object(input, 'Notification');
    const key = keyOf(members);
    if (budget.notifications.has(key)) {
      throw new AwsError('DuplicateRecordException', 'The budget has this notification already.');
    }
    const subscribers = reader.objectList(input, 'Subscribers');
    budget.notifications.set(key, {
      members: { ThresholdType: 'PERCENTAGE', NotificationState: 'OK', ...members },
      subscribers: new Map(subscribers.map((subscriber) => [addressOf(subscriber), subscriber])),
    });
  };
  const tag = (budget: Budget, input: JsonObject): void => {
    for (const entry of reader.objectList(input, 'ResourceTags')) {
      budget.tags.set(reader.string(entry, 'Key'), reader.string(entry, 'Value'));
    }
  };

  return {
    CreateBudget: (input) => {
      const name = reader.string(input, 'Budget.BudgetName');
      if (budgets.has(name)) {
        throw new AwsError('DuplicateRecordException', `Error creating budget: ${name} - it exists already.`);
      }
      const budget: Budget = {
        members: completed(reader.object(input, 'Budget')),
        notifications: new Map(),
        tags: new Map(),
      };
      for (const entry of reader.objectList(input, 'NotificationsWithSubscribers')) notify(budget, entry);
      tag(budget, input);
      budgets.set(name, budget);
      return {};
    },
    DescribeBudget: (input) => ({ Budget: named(input).members }),
    DescribeBudgets: () => ({ Budgets: [...budgets.values()].map(({ members }) => members) }),
    UpdateBudget: (input) => {
      const budget = find(reader.string(input, 'NewBudget.BudgetName'));
      budget.members = completed(reader.object(input, 'NewBudget'));
      return {};
    },
    DeleteBudget: (input) => {
      named(input);
      budgets.delete(reader.string(input, 'BudgetName'));
      return {};
    },
    CreateNotification: (input) => {
      notify(named(input), input);
      return {};
    },
    DescribeNotificationsForBudget: (input) => ({
      Notifications: [...named(input).notifications.values()].map(({ members }) => members),
    }),
    DeleteNotification: (input) => {
      notified(input);
      named(input).notifications.delete(keyOf(reader.object(input, 'Notification')));
      return {};
    },
    CreateSubscriber: (input) => {
      const subscriber = reader.object(input, 'Subscriber');
      notified(input).subscribers.set(addressOf(subscriber), subscriber);
      return {};
    },
    DescribeSubscribersForNotification: (input) => ({
      Subscribers: [...notified(input).subscribers.values()],
    }),
    DeleteSubscriber: (input) => {
      const { subscribers } = notified(input);
      if (!subscribers.delete(addressOf(reader.object(input, 'Subscriber')))) {
        throw new AwsError('NotFoundException', 'Unable to get the subscriber.');
      }
      return {};
    },
    ListTagsForResource: (input) => ({
      ResourceTags: [...tagged(input).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
    TagResource: (input) => {
      tag(tagged(input), input);
      return {};
    },
    UntagResource: (input) => {
      for (const key of reader.stringList(input, 'ResourceTagKeys')) tagged(input).tags.delete(key);
      return {};
    },
  };
}

function completed(budget: JsonObject): JsonObject {
  const now = new Date();
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const unit = reader.optionalString(budget, 'BudgetLimit.Unit') ?? 'USD';
  return {
    ...budget,
    CostTypes: { ...COST_TYPES, ...(reader.optionalObject(budget, 'CostTypes') ?? {}) },
    TimePeriod: {
      Start: epochSeconds(start),
      End: NO_END,
      ...(reader.optionalObject(budget, 'TimePeriod') ?? {}),
    },
    CalculatedSpend: { ActualSpend: { Amount: '0.0', Unit: unit } },
    LastUpdatedTime: epochSeconds(),
  };
}

/** Type, comparison and threshold together tell a notification from another. */
function keyOf(notification: JsonObject): string {
  return JSON.stringify([
    reader.string(notification, 'NotificationType'),
    reader.string(notification, 'ComparisonOperator'),
    reader.number(notification, 'Threshold'),
    reader.optionalString(notification, 'ThresholdType') ?? 'PERCENTAGE',
  ]);
}

function addressOf(subscriber: JsonObject): string {
  return `${reader.string(subscriber, 'SubscriptionType')} ${reader.string(subscriber, 'Address')}`;
}
