-- Where the people of a category come from, and where those of a year ago are now.
--
-- Grain: flow x origin x destination, all of them in every quarter. Three flows. `arrivals`: people new to a category
-- (their first commit of a counted kind in it is in the quarter) by each category in which they were active in the four
-- quarters before; who has several pasts counts in each, and once in `any`; `none` are those without a past. `year`: the
-- home of the trailing four quarters against that of the four before. `quarter`: the same of one quarter against one. A home
-- is the category with most active weeks, ties by commits, latest week, order of the catalogue; it takes 2 weeks or 3
-- commits in it, otherwise the person is `passing`. `absent` has the people who were there on the other side alone: from
-- it they entered, to it they left. `all` is counted by itself, so that the contract can prove the balance.
WITH categories AS (
  SELECT DISTINCT category, category_order FROM tracked_repositories
),

-- A day of a person's latest active week, counted from the quarter's first: only its order matters
presences AS (
  SELECT
    quarter,
    category,
    contributor_id,
    commits,
    active_weeks AS weeks,
    date_diff('day', $quarter, quarter) + 7 * CAST(floor(log2(week_bits)) AS INTEGER) AS latest_day
  FROM category_presences
),

newcomers AS (
  SELECT p.category, p.contributor_id
  FROM presences AS p
  JOIN first_commits AS f ON f.category = p.category AND f.contributor_id = p.contributor_id
  WHERE p.quarter = $quarter
    AND f.first_owned_at >= $quarter_start AND f.first_owned_at < $quarter_end
),

pasts AS (
  SELECT DISTINCT category, contributor_id
  FROM presences
  WHERE quarter BETWEEN $quarter - INTERVAL 12 MONTH AND $quarter - INTERVAL 3 MONTH
),

origins AS (
  SELECT n.category, n.contributor_id, p.category AS origin
  FROM newcomers AS n
  LEFT JOIN pasts AS p ON p.contributor_id = n.contributor_id
),

arrivals AS (
  SELECT origin, category AS destination, count(*) AS people
  FROM origins
  WHERE origin IS NOT NULL
  GROUP BY origin, category
  UNION ALL
  SELECT CASE WHEN origin IS NULL THEN 'none' ELSE 'any' END, category, count(DISTINCT contributor_id)
  FROM origins
  GROUP BY origin IS NULL, category
  UNION ALL
  SELECT 'all', category, count(*)
  FROM newcomers
  GROUP BY category
),

spans AS (
  SELECT 'year' AS flow, quarter > $quarter - INTERVAL 12 MONTH AS is_now, *
  FROM presences
  UNION ALL
  SELECT 'quarter', quarter = $quarter, *
  FROM presences
  WHERE quarter >= $quarter - INTERVAL 3 MONTH
),

weights AS (
  SELECT
    s.flow,
    s.is_now,
    s.contributor_id,
    c.category,
    sum(s.weeks) AS weeks,
    sum(s.commits) AS commits,
    row_number() OVER (
      PARTITION BY s.flow, s.is_now, s.contributor_id
      ORDER BY sum(s.weeks) DESC, sum(s.commits) DESC, max(s.latest_day) DESC, c.category_order
    ) AS rank
  FROM spans AS s
  JOIN categories AS c ON c.category = s.category
  GROUP BY s.flow, s.is_now, s.contributor_id, c.category, c.category_order
),

homes AS (
  SELECT
    flow,
    is_now,
    contributor_id,
    CASE WHEN weeks >= 2 OR commits >= 3 THEN category ELSE 'passing' END AS home
  FROM weights
  WHERE rank = 1
),

moves AS (
  SELECT
    coalesce(b.flow, n.flow) AS flow,
    coalesce(b.home, 'absent') AS origin,
    coalesce(n.home, 'absent') AS destination,
    count(*) AS people
  FROM (SELECT * FROM homes WHERE NOT is_now) AS b
  FULL JOIN (SELECT * FROM homes WHERE is_now) AS n ON n.flow = b.flow AND n.contributor_id = b.contributor_id
  GROUP BY coalesce(b.flow, n.flow), coalesce(b.home, 'absent'), coalesce(n.home, 'absent')
),

-- Who is on one side alone, told without the join of the cells
one_sided AS (
  SELECT flow, contributor_id, bool_or(is_now) AS is_now
  FROM homes
  GROUP BY flow, contributor_id
  HAVING count(*) = 1
),

populations AS (
  SELECT
    flow,
    CASE WHEN is_now THEN 'all' ELSE home END AS origin,
    CASE WHEN is_now THEN home ELSE 'all' END AS destination,
    count(*) AS people
  FROM homes
  GROUP BY flow, is_now, home
  UNION ALL
  SELECT
    flow,
    CASE WHEN is_now THEN 'absent' ELSE 'all' END,
    CASE WHEN is_now THEN 'all' ELSE 'absent' END,
    count(*)
  FROM one_sided
  GROUP BY flow, is_now
  UNION ALL
  SELECT flow, 'all', 'all', count(DISTINCT contributor_id)
  FROM homes
  GROUP BY flow
),

counted AS (
  SELECT 'arrivals' AS flow, origin, destination, people FROM arrivals
  UNION ALL
  SELECT flow, origin, destination, people FROM moves
  UNION ALL
  SELECT flow, origin, destination, people FROM populations
),

states AS (
  SELECT category AS state, true AS is_category FROM categories
  UNION ALL
  SELECT unnest(['passing', 'absent', 'all', 'any', 'none']), false
),

flows AS (
  SELECT f.flow, o.state AS origin, d.state AS destination
  FROM (SELECT unnest(['arrivals', 'year', 'quarter']) AS flow) AS f
  CROSS JOIN states AS o
  CROSS JOIN states AS d
  WHERE CASE
    WHEN f.flow = 'arrivals' THEN d.is_category AND o.state NOT IN ('passing', 'absent') AND o.state <> d.state
    ELSE o.state NOT IN ('any', 'none') AND d.state NOT IN ('any', 'none') AND NOT (o.state = 'absent' AND d.state = 'absent')
  END
),

-- A window that begins before the catalogue knows too little of the past
known AS (
  SELECT
    f.*,
    CASE
      WHEN f.flow = 'arrivals' THEN f.origin = 'all' OR $quarter - INTERVAL 12 MONTH >= $first_quarter
      WHEN f.flow = 'year' THEN $quarter - INTERVAL 21 MONTH >= $first_quarter
      ELSE $has_previous
    END AS is_known
  FROM flows AS f
)

SELECT
  k.flow,
  k.origin,
  k.destination,
  CASE WHEN k.is_known THEN coalesce(c.people, 0) END AS people,
  CASE WHEN NOT k.is_known THEN 'window_before_catalogue' END AS null_reason
FROM known AS k
LEFT JOIN counted AS c ON c.flow = k.flow AND c.origin = k.origin AND c.destination = k.destination
