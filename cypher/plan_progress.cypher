// purpose: how many stores of a plan there are of each action and progress
// params: plan_id
// returns: action, progress, n
MATCH (x:PlanStore)
WHERE x.plan_id = $plan_id AND x.position > -1
RETURN x.action AS action, x.progress AS progress, count(*) AS n
ORDER BY action, progress
