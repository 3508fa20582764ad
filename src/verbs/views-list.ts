import type { Lake } from '../lake/lake.ts';
import { mostPercent, NEAR_LIMIT } from '../lake/view-size.ts';
import { currentSnapshot, type ViewStanding } from '../lake/view-standing.ts';
import { factsWithWarning, standingsOf } from './lake-facts.ts';
import { counted } from './progress.ts';
import type { Conversation } from './verb.ts';

export type ViewsListResult = {
  readonly database: string;
  /** The snapshot that the entity table is at. */
  readonly snapshot_id: string | null;
  readonly views: readonly ViewStanding[];
};

/** Every view: its dialects, whether it is what the table asks for now, and its size. Throws ExplainedError. */
export async function listViews(lake: Lake, conversation: Conversation): Promise<ViewsListResult> {
  const facts = await factsWithWarning(lake, conversation);
  const views = standingsOf(lake, facts);
  sayWhatIsWrong(views, conversation);
  return { database: lake.config.database, snapshot_id: currentSnapshot(facts), views };
}

function sayWhatIsWrong(views: readonly ViewStanding[], conversation: Conversation): void {
  const reasons = new Map<string, ViewStanding[]>();
  for (const each of views) {
    if (each.why !== null) reasons.set(each.why, [...(reasons.get(each.why) ?? []), each]);
  }
  for (const [why, some] of reasons) {
    const whose = some.length === 1 ? some[0]?.view : counted(some.length, 'view');
    conversation.say(`${some[0]?.freshness}: ${whose}: ${why}`);
  }
  for (const { view, size } of views) {
    if (size !== null && mostPercent(size) >= NEAR_LIMIT) {
      conversation.say(
        `WARNING ${view} is at ${mostPercent(size)} % of what AWS lets a view have; keys beyond that go into a further view`,
      );
    }
  }
}
