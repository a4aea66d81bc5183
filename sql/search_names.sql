-- purpose: sellers by words of their name or of the name of one of their stores, after a number
-- params: words, low, high, after, n
-- returns: id, label, holder_n, is_new
-- is_new is 0 where the seller was found before: by an id, or by the name of a holder of a smaller number.
WITH hit AS MATERIALIZED (
  SELECT rowid AS n
  FROM name_words
  WHERE name_words MATCH :words AND rowid > :after
  ORDER BY rowid
  LIMIT :n
),
named AS MATERIALIZED (
  SELECT hit.n, coalesce(seller.n, store.seller_n) AS seller_n, coalesce(seller.name, store.name) AS label
  FROM hit
  LEFT JOIN seller ON seller.n = hit.n
  LEFT JOIN store ON store.n = hit.n
),
fellow AS MATERIALIZED (
  SELECT seller_n AS n, seller_n FROM named
  UNION
  SELECT store.n, store.seller_n FROM store WHERE store.seller_n IN (SELECT seller_n FROM named)
),
-- The words are looked up once for all fellows: once for each would merge all words that begin so each time.
first AS MATERIALIZED (
  SELECT fellow.seller_n, min(fellow.n) AS n
  FROM name_words
  CROSS JOIN fellow ON fellow.n = name_words.rowid
  WHERE name_words MATCH :words AND name_words.rowid <= (SELECT max(n) FROM hit)
  GROUP BY fellow.seller_n
)
SELECT
  owner.id,
  named.label,
  named.n AS holder_n,
  named.n = first.n AND NOT (owner.id >= :low AND owner.id < :high) AND NOT EXISTS (
    SELECT 1
    FROM store
    JOIN holder ON holder.n = store.n
    WHERE store.seller_n = owner.n AND holder.id >= :low AND holder.id < :high
  ) AS is_new
FROM named
JOIN first ON first.seller_n = named.seller_n
JOIN holder AS owner ON owner.n = named.seller_n
ORDER BY named.n
