-- The same basket: repositories that were there before the quarter before began and are complete through this one.
--
-- Grain: repository.
SELECT t.repository
FROM tracked_repositories AS t
JOIN repository_snapshots AS s ON s.repository = t.repository
WHERE s.complete_until >= $quarter_end
  -- By a commit of its own: a fork has the history of its upstream
  AND t.repository IN (SELECT repository FROM first_repository_commits WHERE first_owned_at < $previous_start)
  AND (t.tracked_from IS NULL OR CAST(t.tracked_from AS TIMESTAMPTZ) < $previous_start)
  AND (t.tracked_to IS NULL OR CAST(t.tracked_to AS TIMESTAMPTZ) >= $quarter_end)
