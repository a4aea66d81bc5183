// purpose: uses that stand of the values low..high-1; days since 1970
// params: low, high
// returns: value_n, holder_n, first_day, last_day, purpose_n
// packed: columns
// slices: value
MATCH (value:Value)
WHERE value.n >= $low AND value.n < $high
MATCH (value)<-[x:USES]-(holder:Holder)
WHERE x.valid_to IS NULL
// Days since 1970, by a division of positive numbers (since the year 1), which rounds down; -2147483648: unknown
RETURN collect(value.n) AS value_n, collect(holder.n) AS holder_n,
  collect(coalesce((x.first_seen_at + 62135596800000000) / 86400000000 - 719162, -2147483648)) AS first_day,
  collect(coalesce((x.last_seen_at + 62135596800000000) / 86400000000 - 719162, -2147483648)) AS last_day,
  collect(coalesce(x.purpose_n, 0)) AS purpose_n
