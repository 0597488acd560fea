-- The files of an edition, with the digest of each.
--
-- Grain: file. The edition itself lies in editions/<quarter>/; this table says what belongs to it and what its bytes are.
SELECT
  file,
  media_type,
  size_bytes,
  sha256
FROM edition_files
