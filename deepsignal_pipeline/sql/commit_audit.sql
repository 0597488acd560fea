-- What became of every commit that was read, by repository: counted, or left out and why.
--
-- Grain: repository x outcome x owner. Outcomes: counted (by a person), unresolved (counted; a placeholder such as root is
-- its author), the reasons of counted_commits, and bot, which the identities add. `duplicate_of` names the repository that
-- owns the duplicates. Outcomes of a repository add up to what was read of it; what no quarter can hold is in
-- quarantined_commits.
SELECT
  c.repository,
  c.category,
  CASE
    WHEN NOT c.is_counted THEN c.not_counted_reason
    WHEN i.kind IN ('bot', 'agent') THEN 'bot'
    WHEN i.contributor_id IS NULL THEN 'unresolved'
    ELSE 'counted'
  END AS outcome,
  c.duplicate_of,
  count(*) AS commits,
  count(*) FILTER (WHERE i.kind IN ('human', 'placeholder')) AS people_commits,
  count(DISTINCT c.alias_id) AS aliases,
  -- Differs if a commit came or went: sixty bits of every id, so that the order does not matter
  bit_xor(CAST(concat('0x', right(c.sha, 15)) AS BIGINT)) AS commits_digest,
  min(c.committed_at) AS first_committed_at,
  max(c.committed_at) AS last_committed_at
FROM counted_commits AS c
LEFT JOIN contributor_identities AS i ON i.alias_id = c.alias_id
GROUP BY c.repository, c.category, outcome, c.duplicate_of
