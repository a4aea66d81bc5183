-- purpose: how many stores of a plan there are of each action and progress
-- params: plan_id
-- returns: action, progress, n
SELECT action, progress, count(*) AS n
FROM plan_store
WHERE plan_id = :plan_id
GROUP BY action, progress
ORDER BY action, progress
