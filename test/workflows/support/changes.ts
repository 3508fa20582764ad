export const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
export const RULES_FILE = 'config/views.yml';
/** One more column of a view. */
export const RULES = `views:
  - entity1: otters
    extra_columns:
      loud:
        expression: upper(fur)
`;

/** What GitHub tells of a pull request into main, opened from the repository `from`. */
export function pullRequestEvent(number: number, sha: string, from: string) {
  const pull_request = {
    number,
    merge_commit_sha: sha,
    head: { ref: 'change', sha, repo: { full_name: from } },
    base: { ref: 'main', repo: { full_name: 'acme/lake' } },
  };
  return { number, pull_request };
}
