-- Every commit with its contributor, for people: counted or not, with the last reason, bot, that identities add.
SELECT
  c.quarter,
  c.repository,
  c.sha,
  c.category,
  c.committed_at,
  c.alias_id,
  i.contributor_id,
  i.kind,
  c.is_counted AND coalesce(i.kind NOT IN ('bot', 'agent'), true) AS is_counted,
  CASE
    WHEN c.is_counted AND i.kind IN ('bot', 'agent') THEN 'bot'
    ELSE c.not_counted_reason
  END AS not_counted_reason
FROM counted_commits AS c
-- A commit read after the identities were made has none yet; it stays, without a contributor
LEFT JOIN contributor_identities AS i ON i.alias_id = c.alias_id
