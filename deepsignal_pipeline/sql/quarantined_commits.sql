-- Commits that the source holds and no quarter can, so that no row is lost without a word.
--
-- Grain: repository x sha. A date that no calendar has, a row that cannot be read; commits with a possible date are in
-- raw_commits, whatever else stands against them.
SELECT
  repository,
  sha,
  reason,
  raw
FROM source_quarantine
