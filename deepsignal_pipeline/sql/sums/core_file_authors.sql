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
  SELECT repository, sha, unnest(changes) AS change
  FROM raw_commits
  WHERE array_length(changes) BETWEEN 1 AND 50
)

SELECT c.category, c.repository, t.change.path AS path, c.contributor_id, count(*) AS commits
FROM touched AS t
JOIN commits AS c ON c.repository = t.repository AND c.sha = t.sha
JOIN changed_paths AS p ON p.repository = t.repository AND p.path = t.change.path
WHERE p.work_type = 'core'
GROUP BY c.category, c.repository, t.change.path, c.contributor_id
