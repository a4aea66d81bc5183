"""Plans on pages: what closing a ring would do, before anybody proposes it; and plans, read and decided on."""

from typing import Any
from urllib.parse import quote

from ringwatch.api.acting import acting, check_size
from ringwatch.enforcement.plans import (
    Draft,
    PlanInput,
    approve_plan,
    draft_plan,
    draft_undo,
    find_plan,
    keep_plan,
    reject_plan,
)
from ringwatch.model.enforcement import Plan, PlanState, StoreAction
from ringwatch.model.errors import ConfigError
from ringwatch.model.visibility import Act
from ringwatch.web.pages import Call, NotFoundError, Pages, SeeOther

PAGE = 100
ACTIONS = (StoreAction.CLOSE, StoreAction.SUSPEND, StoreAction.WATCH)


def list_plans(pages: Pages, call: Call) -> str:
    """Return the list of plans, and those that wait for an approver first where nothing else is asked."""
    asked = call.param("state")
    state = PlanState(asked) if asked in set(PlanState) else None
    with call.view.record(call.visit.who) as record:
        page = record.plan_page(state, PAGE, call.param("after") or None)
    return pages.render(
        "plans.html",
        call,
        plans=page.rows,
        states=list(PlanState),
        state=state,
        following=page.cursors[-1] if page.has_next else "",
    )


def draft(pages: Pages, call: Call) -> str:
    """Return what closing the stores of rings would do: nothing is written."""
    call.check(Act.PLAN)
    wanted = _wanted(call.params.get("ring", []), call.param("action"))
    with acting(call.asking(), Act.PLAN) as (bench, hand):
        made = _sized(draft_plan(bench.view, bench.docket, wanted, hand))
    shown = {"rings": wanted.ring_ids, "action": wanted.action, "actions": ACTIONS}
    return pages.render("plan_draft.html", call, **shown, **_told(made))


def propose(_: Pages, call: Call) -> str:
    """Keep a plan over what stands now as proposed, and lead to it: whoever approves it reads it there."""
    call.check(Act.PLAN)
    wanted = _wanted(call.form.get("ring", "").split(), call.form.get("action", ""), call.form.get("immediate", ""))
    with acting(call.asking(), Act.PLAN) as (bench, hand):
        made = _sized(draft_plan(bench.view, bench.docket, wanted, hand))
        if not made.acts:
            raise ConfigError("plan: it spares every store, so there is nothing to propose; nothing was done")
        kept = keep_plan(bench.docket, made, hand)
    raise SeeOther(f"/plans/{kept.plan_id}")


def _wanted(ring_ids: list[str], action: str, immediate: str = "") -> PlanInput:
    if not ring_ids:
        raise ConfigError("plan: expected a ring to plan for; open a ring and propose closing its stores")
    chosen = StoreAction(action) if action in set(ACTIONS) else StoreAction.CLOSE
    return PlanInput(tuple(ring_ids), chosen, immediate=immediate.strip())


def _sized(made: Draft) -> Draft:
    check_size(len(made.stores), "stores")
    return made


def _told(made: Draft) -> dict[str, Any]:
    acting_first = sorted(made.stores, key=lambda store: store.action is StoreAction.SPARE)
    n_acting = sum(store.action is not StoreAction.SPARE for store in made.stores)
    return {"plan": made.plan, "stores": acting_first, "n_acting": n_acting}


def show_plan(pages: Pages, call: Call, plan_id: str) -> str:
    """Return a plan as it was proposed, what became of it, and what the visitor may decide about it."""
    with call.view.record(call.visit.who) as record:
        plan = record.plan(plan_id)
        if plan is None:
            raise NotFoundError
        page = record.plan_store_page(plan_id, PAGE, call.param("after") or None)
    return pages.render(
        "plan.html",
        call,
        plan=plan,
        stores=page.rows,
        following=page.cursors[-1] if page.has_next else "",
        may_approve=call.visit.may(Act.APPROVE) and _is_open(plan) and plan.proposed_by != call.visit.name,
        may_undo=call.visit.may(Act.PLAN) and plan.state in {PlanState.DONE, PlanState.APPROVED} and not plan.undoes,
    )


def _is_open(plan: Plan) -> bool:
    return plan.state is PlanState.PROPOSED or (plan.state is PlanState.APPROVED and plan.begun_at is None)


def approve(_: Pages, call: Call, plan_id: str) -> str:
    """Approve the plan that was read, by its digest."""
    call.check(Act.APPROVE)
    with acting(call.asking(), Act.APPROVE) as (bench, hand):
        with bench.docket.reading() as record:
            check_size(find_plan(record, plan_id).header["n_stores"], "stores")
        approve_plan(bench.view, bench.docket, plan_id, call.form.get("digest", ""), hand)
    raise SeeOther(f"/plans/{quote(plan_id, safe='')}")


def reject(_: Pages, call: Call, plan_id: str) -> str:
    """Reject a plan."""
    call.check(Act.APPROVE)
    with acting(call.asking(), Act.APPROVE) as (bench, hand):
        reject_plan(bench.docket, plan_id, _reason(call), hand)
    raise SeeOther(f"/plans/{quote(plan_id, safe='')}")


def undo(_: Pages, call: Call, plan_id: str) -> str:
    """Propose to put back what a plan did, and lead to that plan."""
    call.check(Act.PLAN)
    with acting(call.asking(), Act.PLAN) as (bench, hand):
        made = _sized(draft_undo(bench.docket, plan_id, _reason(call), hand))
        if not made.acts:
            raise ConfigError(f"plan {plan_id}: there is nothing to put back; nothing was done")
        kept = keep_plan(bench.docket, made, hand)
    raise SeeOther(f"/plans/{kept.plan_id}")


def _reason(call: Call) -> str:
    reason = call.form.get("reason", "").strip()
    if not reason:
        raise ConfigError("reason: is empty, expected why; nothing was done")
    return reason
