-- Who committed to which core file, and how often: what coordination is measured on.
--
-- Grain: core file x author. Counted commits of people with known paths, 50 at most.
WITH commits AS (
  SELECT c.category, c.repository, c.sha, i.contributor_id
  FROM counted_commits AS c
  JOIN contributor_identities AS i ON i.alias_id = c.alias_id
  WHERE c.core_weight > 0 AND i.kind = 'human'
),

touched AS (
  SELECT c.category, c.repository, c.contributor_id, unnest(r.changes) AS change
  FROM raw_commits AS r
  JOIN commits AS c ON c.repository = r.repository AND c.sha = r.sha
)

SELECT t.category, t.repository, t.change.path AS path, t.contributor_id, count(*) AS commits
FROM touched AS t
JOIN changed_paths AS p ON p.repository = t.repository AND p.path = t.change.path
WHERE p.work_type = 'core'
GROUP BY t.category, t.repository, t.change.path, t.contributor_id
