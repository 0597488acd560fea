-- Commits as the source gave them.
--
-- Grain: repository x sha. A commit belongs to the quarter of its committer date in UTC, half open: from the quarter's
-- first instant to just before the next one's. The same commit of two repositories is two rows.
SELECT
  repository,
  sha,
  parents,
  author_name,
  author_email,
  author_login,
  authored_at,
  author_tz,
  committer_name,
  committer_email,
  committed_at,
  committer_tz,
  subject,
  coauthors,
  changes
FROM source_commits
WHERE committed_at >= $quarter_start AND committed_at < $quarter_end
