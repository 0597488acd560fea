-- The commits of the embedded sample with committed_at in [window_start, window_end), decoded.
--
-- `sample_rows` is commits.parquet as it is. It holds a commit once, even when forks repeat it, and hardly
-- any value that follows from another one:
--   id              place of the row: 0, 1, 2 ...
--   repositories    all repositories that hold the commit; here it becomes one row for each
--   sha             the 20 bytes of the commit id
--   parents         distance to the row of each parent, in order: its id is id minus the distance
--   committed_at    seconds since 1970; lag is how many seconds earlier it was authored (negative: later)
--   committer_name, committer_email, committer_tz    null where they equal the author's
--   author_*, subject, coauthors, changes            as they are; changes is null where none were recorded
-- A row group covers whole quarters, so comparing the stored seconds with constants skips all the others. A
-- second lies in the window exactly when it lies between the bounds rounded up. A parent may lie outside the
-- window, therefore its id is looked up in all of `sample_rows`; sorting the few parents of a commit after
-- that is quicker than an ordered aggregate. Who does not read parents or changes does not pay for them.
WITH in_window AS NOT MATERIALIZED (
    SELECT * FROM sample_rows
    WHERE committed_at >= ceil(epoch($window_start::TIMESTAMPTZ))::BIGINT
      AND committed_at < ceil(epoch($window_end::TIMESTAMPTZ))::BIGINT
), links AS (
    SELECT id, unnest(parents) AS distance, generate_subscripts(parents, 1) AS place FROM in_window
), parent_lists AS (
    SELECT links.id, list({'place': place, 'sha': parent.sha}) AS found
    FROM links JOIN sample_rows AS parent ON parent.id = links.id - distance
    GROUP BY links.id
)
SELECT unnest(repositories) AS repository, lower(hex(sha)) AS sha,
       coalesce(list_transform(list_sort(found), lambda parent: lower(hex(parent.sha))), []) AS parents,
       author_name, author_email, to_timestamp(committed_at - lag) AS authored_at, author_tz,
       coalesce(committer_name, author_name) AS committer_name,
       coalesce(committer_email, author_email) AS committer_email,
       to_timestamp(committed_at) AS committed_at, coalesce(committer_tz, author_tz) AS committer_tz, subject,
       coauthors, changes
FROM in_window LEFT JOIN parent_lists USING (id)
